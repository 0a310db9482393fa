//! Signed transactions on their way into the pool.

mod check;
mod replace;
#[cfg(test)]
pub(crate) mod testing;

use crate::{chain::next_price, convert, Block, Chain, Error, Hash};
use alloy_consensus::{Transaction as _, TxEnvelope};
use alloy_primitives::{Bytes, B256};
use check::{Account, Terms};
use cybermiles_primitives::ethereum::EthereumApi;
use futures::executor::block_on;
use jsonrpsee::proc_macros::rpc;
use pallet_revive::ReviveApi;
use sc_transaction_pool_api::{
	error::{Error as PoolError, IntoPoolError},
	TransactionPool, TransactionSource,
};
use serde_json::Value;
use sp_api::ProvideRuntimeApi;
use sp_core::H160;
use sp_runtime::{
	traits::Block as BlockT,
	transaction_validity::{InvalidTransaction, UnknownTransaction},
};
use std::sync::Arc;

type Extrinsic = <Block as BlockT>::Extrinsic;

/// Why nothing is signed here.
const NO_KEYS: &str = "the node holds no keys; sign in the wallet and use eth_sendRawTransaction";

/// Signed transactions on their way into the pool.
#[rpc(server, namespace = "eth")]
pub trait SubmitApi {
	/// Puts a signed transaction (EIP-2718) into the pool and tells its hash. One whose nonce is
	/// ahead waits there for those before it. One whose nonce another one has there replaces it, if
	/// it offers a tenth more.
	///
	/// Fails in geth's words if the transaction is no valid one, is in the pool already, or cannot
	/// be paid for.
	#[method(name = "sendRawTransaction", blocking)]
	fn send_raw_transaction(&self, transaction: Bytes) -> Result<B256, Error>;

	/// Not offered: the node holds no keys.
	#[method(name = "sendTransaction")]
	fn send_transaction(&self, transaction: Option<Value>) -> Result<B256, Error>;

	/// Not offered: the node holds no keys.
	#[method(name = "signTransaction")]
	fn sign_transaction(&self, transaction: Option<Value>) -> Result<Bytes, Error>;

	/// Not offered: the node holds no keys.
	#[method(name = "sign")]
	fn sign(&self, address: Option<Value>, message: Option<Value>) -> Result<Bytes, Error>;
}

/// Puts transactions into the pool.
pub struct Submit(pub Arc<Chain>);

impl Submit {
	/// The extrinsic for `payload`, which the chain can take upon `best`.
	fn admit(&self, best: Hash, payload: &Bytes, found: &TxEnvelope) -> Result<Extrinsic, Error> {
		let api = self.0.client.runtime_api();
		check::chain(found, api.chain_id(best)?)?;
		let extrinsic = api.ethereum_extrinsic(best, payload.to_vec())?;
		if self.waits(&extrinsic) {
			return Err(already_known());
		}
		let recovered = api.ethereum_transactions(best, vec![extrinsic.clone()])?;
		let recovered = recovered.into_iter().flatten().next();
		let from = recovered.ok_or_else(|| Error::Rejected("invalid sender".into()))?.from;
		let terms = self.terms(best)?;
		check::terms(found, &terms, &self.account(best, from)?)?;
		replace::check(&self.0, best, from, found, terms.base_fee)?;
		Ok(extrinsic)
	}

	fn waits(&self, extrinsic: &Extrinsic) -> bool {
		let pool = &self.0.pool;
		pool.ready_transaction(&pool.hash_of(extrinsic)).is_some()
	}

	fn terms(&self, best: Hash) -> Result<Terms, Error> {
		let api = self.0.client.runtime_api();
		let base_fee = next_price(&api, best)?;
		let block_gas = EthereumApi::<Block>::block_gas_limit(&*api, best)?;
		Ok(Terms { base_fee, block_gas })
	}

	#[allow(deprecated)] // The plain forms serve runtimes of every version.
	fn account(&self, best: Hash, address: H160) -> Result<Account, Error> {
		let api = self.0.client.runtime_api();
		Ok(Account {
			address: convert::address(address),
			nonce: api.nonce(best, address)?.into(),
			balance: convert::number(api.balance(best, address)?),
		})
	}
}

fn already_known() -> Error {
	Error::Rejected("already known".into())
}

fn underpriced() -> Error {
	Error::Rejected("replacement transaction underpriced".into())
}

/// Why the pool did not take `transaction`, in the words of wallets.
fn refused(error: impl IntoPoolError, transaction: &TxEnvelope) -> Error {
	let error = match error.into_pool_error() {
		Ok(error) => error,
		Err(error) => return Error::Internal(format!("the pool fails: {error}")),
	};
	let words = match error {
		PoolError::AlreadyImported(_) => return already_known(),
		PoolError::InvalidTransaction(reason) => return invalid(reason, transaction),
		PoolError::UnknownTransaction(UnknownTransaction::CannotLookup) => "invalid sender",
		PoolError::TooLowPriority { .. } => return underpriced(),
		PoolError::ImmediatelyDropped => "txpool is full",
		PoolError::TemporarilyBanned => {
			"the transaction was refused before; change it, or send it again in half an hour"
		},
		other => return Error::Rejected(format!("the pool refuses the transaction: {other}")),
	};
	Error::Rejected(words.into())
}

/// Why the chain cannot take `transaction`. What it costs was checked before, so that a payment
/// that does not do means too little gas.
fn invalid(reason: InvalidTransaction, transaction: &TxEnvelope) -> Error {
	let gas = transaction.gas_limit();
	Error::Rejected(match reason {
		InvalidTransaction::Payment => format!("intrinsic gas too low: gas {gas}"),
		InvalidTransaction::Stale => "nonce too low".into(),
		InvalidTransaction::Future => "nonce too high".into(),
		InvalidTransaction::BadProof | InvalidTransaction::BadSigner => "invalid sender".into(),
		InvalidTransaction::ExhaustsResources => "exceeds block gas limit".into(),
		other => format!("invalid transaction: {}", <&'static str>::from(other)),
	})
}

impl SubmitApiServer for Submit {
	fn send_raw_transaction(&self, transaction: Bytes) -> Result<B256, Error> {
		let found = check::decode(&transaction)?;
		check::size(&found)?;
		let best = self.0.best_hash();
		let extrinsic = self.admit(best, &transaction, &found)?;
		let submitted = self.0.pool.submit_one(best, TransactionSource::External, extrinsic);
		block_on(submitted).map_err(|error| refused(error, &found))?;
		Ok(*found.tx_hash())
	}

	fn send_transaction(&self, _: Option<Value>) -> Result<B256, Error> {
		Err(Error::Unsupported(NO_KEYS))
	}

	fn sign_transaction(&self, _: Option<Value>) -> Result<Bytes, Error> {
		Err(Error::Unsupported(NO_KEYS))
	}

	fn sign(&self, _: Option<Value>, _: Option<Value>) -> Result<Bytes, Error> {
		Err(Error::Unsupported(NO_KEYS))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_pool_refuses_in_the_words_of_wallets() {
		let transaction = testing::signed(5);
		for (error, words) in [
			(PoolError::AlreadyImported(Box::new(())), "already known"),
			(PoolError::TooLowPriority { old: 1, new: 1 }, "replacement transaction underpriced"),
			(PoolError::ImmediatelyDropped, "txpool is full"),
			(PoolError::InvalidTransaction(InvalidTransaction::Stale), "nonce too low"),
			(
				PoolError::InvalidTransaction(InvalidTransaction::Payment),
				"intrinsic gas too low: gas 50000",
			),
			(PoolError::InvalidTransaction(InvalidTransaction::BadProof), "invalid sender"),
			(
				PoolError::InvalidTransaction(InvalidTransaction::ExhaustsResources),
				"exceeds block gas limit",
			),
		] {
			assert_eq!(refused(error, &transaction).to_string(), words);
		}
		let other = PoolError::InvalidTransaction(InvalidTransaction::Call);
		assert!(refused(other, &transaction).to_string().starts_with("invalid transaction: "));
		let other = refused(PoolError::NoTagsProvided, &transaction);
		assert!(other.to_string().starts_with("the pool refuses the transaction: "));
	}
}
