//! Transactions and receipts.

use crate::{
	convert,
	params::{IndexParam, NumberParam},
	pending, Chain, Error, Hash,
};
use alloy_eips::BlockId;
use alloy_primitives::{Bytes, B256};
use alloy_rpc_types_eth::{Transaction, TransactionReceipt};
use cybermiles_primitives::ethereum::EthereumBlock;
use jsonrpsee::proc_macros::rpc;
use std::sync::Arc;

/// Transactions and receipts. What this node does not know is `null`.
#[rpc(server, namespace = "eth")]
pub trait TransactionsApi {
	/// The transaction with this hash, in a block of the best chain or waiting in the pool.
	#[method(name = "getTransactionByHash", blocking)]
	fn transaction_by_hash(&self, hash: B256) -> Result<Option<Transaction>, Error>;

	/// The transaction at this place of the block with this hash.
	#[method(name = "getTransactionByBlockHashAndIndex", blocking)]
	fn by_block_hash(&self, hash: B256, index: IndexParam) -> Result<Option<Transaction>, Error>;

	/// The transaction at this place of the block with this number.
	#[method(name = "getTransactionByBlockNumberAndIndex", blocking)]
	fn by_block_number(
		&self,
		number: NumberParam,
		index: IndexParam,
	) -> Result<Option<Transaction>, Error>;

	/// The receipt of the transaction with this hash, in a block of the best chain.
	#[method(name = "getTransactionReceipt", blocking)]
	fn transaction_receipt(&self, hash: B256) -> Result<Option<TransactionReceipt>, Error>;

	/// The transaction with this hash as it was signed and sent (EIP-2718).
	#[method(name = "getRawTransactionByHash", blocking)]
	fn raw_transaction(&self, hash: B256) -> Result<Option<Bytes>, Error>;
}

/// Answers from the index and the pool.
pub struct Transactions(pub Arc<Chain>);

impl Transactions {
	fn by_block(&self, id: BlockId, index: u64) -> Result<Option<Transaction>, Error> {
		let Some((_, block)) = self.0.block(id)? else { return Ok(None) };
		let index = usize::try_from(index).unwrap_or(usize::MAX);
		match index < block.transactions.len() {
			true => convert::transaction(&block, index).map(Some),
			false => Ok(None),
		}
	}
}

/// The block of the best chain that has this transaction, and its place there.
pub fn find(chain: &Chain, hash: B256) -> Result<Option<(Hash, EthereumBlock, usize)>, Error> {
	for place in chain.index.places(hash)? {
		let Some(block) = chain.index.block(place.block)? else { continue };
		if chain.is_canonical(block.number, place.block)? {
			return Ok(Some((place.block, block, place.index as usize)));
		}
	}
	Ok(None)
}

impl TransactionsApiServer for Transactions {
	fn transaction_by_hash(&self, hash: B256) -> Result<Option<Transaction>, Error> {
		if let Some((_, block, index)) = find(&self.0, hash)? {
			return convert::transaction(&block, index).map(Some);
		}
		let waiting = pending::find(&self.0, hash)?;
		waiting.map(|found| convert::waiting(&found.payload, found.from)).transpose()
	}

	fn by_block_hash(&self, hash: B256, index: IndexParam) -> Result<Option<Transaction>, Error> {
		self.by_block(hash.into(), index.0)
	}

	fn by_block_number(
		&self,
		number: NumberParam,
		index: IndexParam,
	) -> Result<Option<Transaction>, Error> {
		self.by_block(number.0.into(), index.0)
	}

	fn transaction_receipt(&self, hash: B256) -> Result<Option<TransactionReceipt>, Error> {
		let found = find(&self.0, hash)?;
		found.map(|(_, block, index)| convert::receipt(&block, index)).transpose()
	}

	fn raw_transaction(&self, hash: B256) -> Result<Option<Bytes>, Error> {
		if let Some((_, block, index)) = find(&self.0, hash)? {
			return Ok(block.transactions.get(index).map(|found| found.payload.clone().into()));
		}
		Ok(pending::find(&self.0, hash)?.map(|found| found.payload.into()))
	}
}
