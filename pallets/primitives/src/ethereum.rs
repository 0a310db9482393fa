//! Blocks as Ethereum's tools see them, and the runtime API by which a node gets them.
//!
//! What tools ask for by hash (blocks, transactions, receipts, logs) is in no state that can be
//! asked for later: a node takes an [`EthereumBlock`] out of every block it imports and keeps it.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use sp_core::{H160, H256};

/// Length of a bloom filter over logs, in bytes.
pub const BLOOM_BYTES: usize = 256;

/// A block with its Ethereum transactions and all that they did.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct EthereumBlock {
	/// Number of the block; the same as in its own header.
	pub number: u64,
	/// By which Ethereum's tools name the block; not the hash of its own header.
	pub hash: H256,
	/// The same of its parent.
	pub parent_hash: H256,
	/// Address of the author.
	pub author: H160,
	/// Seconds since 1970.
	pub timestamp: u64,
	/// Price of gas, in planck (wei).
	pub base_fee: u64,
	/// Gas that ordinary transactions may use in a block.
	pub gas_limit: u64,
	/// Gas that the Ethereum transactions used.
	pub gas_used: u64,
	/// Root of the state as the Ethereum header tells it.
	pub state_root: H256,
	/// Root of the Ethereum transactions.
	pub transactions_root: H256,
	/// Root of their receipts.
	pub receipts_root: H256,
	/// Filter over the logs of all transactions.
	pub bloom: [u8; BLOOM_BYTES],
	/// What stands where others have the randomness of a block; a constant here.
	pub mix_hash: H256,
	/// Free bytes of the header.
	pub extra_data: Vec<u8>,
	/// The Ethereum transactions in their order.
	pub transactions: Vec<EthereumTransaction>,
}

/// A transaction that was signed by an Ethereum key, and its receipt.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct EthereumTransaction {
	/// The signed transaction as it was sent (EIP-2718); its Keccak-256 is its hash.
	pub payload: Vec<u8>,
	/// Who signed it.
	pub from: H160,
	/// The contract it was to create, where it had no receiver.
	pub created: Option<H160>,
	/// Place of the extrinsic that holds it in the block.
	pub extrinsic: u32,
	/// Whether it did what it was sent for; if not, only the fee was taken.
	pub succeeded: bool,
	/// Gas that it used alone.
	pub gas_used: u64,
	/// What a unit of it cost, in planck (wei).
	pub gas_price: u128,
	/// What its contracts logged, in order.
	pub logs: Vec<EthereumLog>,
}

/// What a contract logged.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct EthereumLog {
	/// The contract.
	pub address: H160,
	/// At most four words to find it by.
	pub topics: Vec<H256>,
	/// The rest.
	pub data: Vec<u8>,
}

/// A signed Ethereum transaction as the runtime understands it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PooledTransaction {
	/// The signed transaction as it was sent (EIP-2718).
	pub payload: Vec<u8>,
	/// Who signed it.
	pub from: H160,
}

sp_api::decl_runtime_apis! {
	/// What a node that serves Ethereum's tools needs besides pallet-revive's API.
	pub trait EthereumApi {
		/// This block; none where its `extrinsics` are not those of this block.
		fn ethereum_block(extrinsics: Vec<Block::Extrinsic>) -> Option<EthereumBlock>;

		/// For each extrinsic the Ethereum transaction that it holds, if it does.
		fn ethereum_transactions(
			extrinsics: Vec<Block::Extrinsic>,
		) -> Vec<Option<PooledTransaction>>;

		/// The extrinsic that holds a signed Ethereum transaction.
		fn ethereum_extrinsic(payload: Vec<u8>) -> Block::Extrinsic;

		/// Gas that ordinary transactions may use in a block.
		fn block_gas_limit() -> u64;

		/// Gas that a single transaction may use at most.
		fn transaction_gas_limit() -> u64;

		/// The number by which transactions name this network (EIP-155).
		fn chain_id() -> u64;
	}
}
