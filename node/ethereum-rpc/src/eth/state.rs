//! What accounts and contracts hold.

use crate::{
	convert::{account, number},
	params::BlockParam,
	pending::read_at,
	txpool, Chain, Error,
};
use alloy_eips::BlockId;
use alloy_primitives::{Address, Bytes, B256, U256};
use alloy_serde::JsonStorageKey;
use jsonrpsee::proc_macros::rpc;
use pallet_revive::ReviveApi;
use serde_json::Value;
use std::sync::Arc;

/// What accounts and contracts hold at a block, the latest by default.
///
/// Each method fails if the block or its state is not there.
#[rpc(server, namespace = "eth")]
pub trait StateApi {
	/// What an account can spend, in planck (wei).
	#[method(name = "getBalance", blocking)]
	fn balance(&self, address: Address, block: Option<BlockParam>) -> Result<U256, Error>;

	/// Code of a contract; empty for an account without.
	#[method(name = "getCode", blocking)]
	fn code(&self, address: Address, block: Option<BlockParam>) -> Result<Bytes, Error>;

	/// A word of a contract's storage; zero where nothing is.
	#[method(name = "getStorageAt", blocking)]
	fn storage_at(
		&self,
		address: Address,
		slot: JsonStorageKey,
		block: Option<BlockParam>,
	) -> Result<B256, Error>;

	/// How many transactions an account made; `pending` counts those that wait in the pool.
	#[method(name = "getTransactionCount", blocking)]
	fn transaction_count(&self, address: Address, block: Option<BlockParam>)
		-> Result<U256, Error>;

	/// Not offered: the state is no Merkle Patricia trie of Ethereum's form.
	#[method(name = "getProof")]
	fn proof(
		&self,
		address: Address,
		slots: Value,
		block: Option<BlockParam>,
	) -> Result<Value, Error>;
}

/// Answers from the state of the chain.
pub struct State(pub Arc<Chain>);

#[allow(deprecated)] // The plain forms of pallet-revive's API serve runtimes of every version.
impl StateApiServer for State {
	fn balance(&self, address: Address, block: Option<BlockParam>) -> Result<U256, Error> {
		let found = read_at(&self.0, block, |api, at| Ok(api.balance(at, account(address))?))?;
		Ok(number(found))
	}

	fn code(&self, address: Address, block: Option<BlockParam>) -> Result<Bytes, Error> {
		let code = read_at(&self.0, block, |api, at| Ok(api.code(at, account(address))?))?;
		Ok(code.into())
	}

	fn storage_at(
		&self,
		address: Address,
		slot: JsonStorageKey,
		block: Option<BlockParam>,
	) -> Result<B256, Error> {
		let key = slot.as_b256().0;
		let found =
			read_at(&self.0, block, |api, at| Ok(api.get_storage(at, account(address), key)?))?;
		// An account without code has no storage, which is no error to Ethereum's tools.
		let value = found.ok().flatten().unwrap_or_default();
		Ok(B256::left_padding_from(&value[..value.len().min(32)]))
	}

	fn transaction_count(
		&self,
		address: Address,
		block: Option<BlockParam>,
	) -> Result<U256, Error> {
		if block == Some(BlockParam(BlockId::pending())) {
			return Ok(U256::from(txpool::pending_nonce(&self.0, address)?));
		}
		let found = read_at(&self.0, block, |api, at| Ok(api.nonce(at, account(address))?))?;
		Ok(U256::from(found))
	}

	fn proof(&self, _: Address, _: Value, _: Option<BlockParam>) -> Result<Value, Error> {
		Err(Error::Unsupported(
			"eth_getProof is not offered: this chain's state is not a Merkle Patricia trie of \
			Ethereum's form; prove storage by state_getReadProof of the Substrate methods",
		))
	}
}
