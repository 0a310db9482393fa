//! Blocks by number and hash.

use crate::{
	convert,
	params::{BlockParam, NumberParam},
	pending, Chain, Error,
};
use alloy_eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::{B256, U256, U64};
use alloy_rpc_types_eth::{Block, TransactionReceipt};
use jsonrpsee::proc_macros::rpc;
use serde_json::Value;
use std::sync::Arc;

/// Blocks by number and hash. What this node does not know is `null`.
#[rpc(server, namespace = "eth")]
pub trait BlocksApi {
	/// Number of the best block.
	#[method(name = "blockNumber")]
	fn block_number(&self) -> Result<U64, Error>;

	/// The block with this hash, its transactions whole or by their hashes.
	#[method(name = "getBlockByHash", blocking)]
	fn block_by_hash(&self, hash: B256, full: Option<bool>) -> Result<Option<Block>, Error>;

	/// The block with this number or tag; `pending` is the one that the pool would make.
	#[method(name = "getBlockByNumber", blocking)]
	fn block_by_number(&self, number: NumberParam, full: Option<bool>) -> Result<Value, Error>;

	/// The receipts of all transactions of a block.
	#[method(name = "getBlockReceipts", blocking)]
	fn block_receipts(&self, block: BlockParam) -> Result<Option<Vec<TransactionReceipt>>, Error>;

	/// How many transactions the block with this hash has.
	#[method(name = "getBlockTransactionCountByHash", blocking)]
	fn count_by_hash(&self, hash: B256) -> Result<Option<U256>, Error>;

	/// How many transactions the block with this number has.
	#[method(name = "getBlockTransactionCountByNumber", blocking)]
	fn count_by_number(&self, number: NumberParam) -> Result<Option<U256>, Error>;

	/// None: this chain has no uncles.
	#[method(name = "getUncleCountByBlockHash", blocking)]
	fn uncle_count_by_hash(&self, hash: B256) -> Result<Option<U256>, Error>;

	/// None: this chain has no uncles.
	#[method(name = "getUncleCountByBlockNumber", blocking)]
	fn uncle_count_by_number(&self, number: NumberParam) -> Result<Option<U256>, Error>;

	/// Nothing: this chain has no uncles.
	#[method(name = "getUncleByBlockHashAndIndex")]
	fn uncle_by_hash(&self, hash: B256, index: Value) -> Result<Option<Block>, Error>;

	/// Nothing: this chain has no uncles.
	#[method(name = "getUncleByBlockNumberAndIndex")]
	fn uncle_by_number(&self, number: NumberParam, index: Value) -> Result<Option<Block>, Error>;
}

/// Answers from the index.
pub struct Blocks(pub Arc<Chain>);

impl Blocks {
	/// How many transactions wait for the next block, or are in a present one.
	fn count(&self, id: BlockId) -> Result<Option<U256>, Error> {
		if id == BlockId::Number(BlockNumberOrTag::Pending) {
			return Ok(Some(U256::from(pending::transactions(&self.0)?.len())));
		}
		Ok(self.0.block(id)?.map(|(_, block)| U256::from(block.transactions.len())))
	}

	/// Zero, if the block is known.
	fn uncles(&self, id: BlockId) -> Result<Option<U256>, Error> {
		Ok(self.0.resolve(id)?.map(|_| U256::ZERO))
	}
}

impl BlocksApiServer for Blocks {
	fn block_number(&self) -> Result<U64, Error> {
		Ok(U64::from(self.0.best_number()))
	}

	fn block_by_hash(&self, hash: B256, full: Option<bool>) -> Result<Option<Block>, Error> {
		let found = self.0.block(hash.into())?;
		found
			.map(|(_, block)| convert::block(&block, full.unwrap_or(false)))
			.transpose()
	}

	fn block_by_number(&self, number: NumberParam, full: Option<bool>) -> Result<Value, Error> {
		let full = full.unwrap_or(false);
		if number.0 == BlockNumberOrTag::Pending {
			return super::pending_block::block(&self.0, full);
		}
		let found = self.0.block(number.0.into())?;
		let block = found.map(|(_, block)| convert::block(&block, full)).transpose()?;
		convert::json(&block)
	}

	fn block_receipts(&self, block: BlockParam) -> Result<Option<Vec<TransactionReceipt>>, Error> {
		let found = self.0.block(block.0)?;
		found.map(|(_, block)| convert::receipts(&block)).transpose()
	}

	fn count_by_hash(&self, hash: B256) -> Result<Option<U256>, Error> {
		self.count(hash.into())
	}

	fn count_by_number(&self, number: NumberParam) -> Result<Option<U256>, Error> {
		self.count(number.0.into())
	}

	fn uncle_count_by_hash(&self, hash: B256) -> Result<Option<U256>, Error> {
		self.uncles(hash.into())
	}

	fn uncle_count_by_number(&self, number: NumberParam) -> Result<Option<U256>, Error> {
		self.uncles(number.0.into())
	}

	fn uncle_by_hash(&self, _: B256, _: Value) -> Result<Option<Block>, Error> {
		Ok(None)
	}

	fn uncle_by_number(&self, _: NumberParam, _: Value) -> Result<Option<Block>, Error> {
		Ok(None)
	}
}
