//! From what the index keeps to what tools read.

use crate::Error;
use alloy_consensus::{
	constants::EMPTY_OMMER_ROOT_HASH, transaction::Recovered, BlockBody, Eip658Value, Receipt,
	ReceiptEnvelope, ReceiptWithBloom, Transaction as _, TxEnvelope, Typed2718 as _,
};
use alloy_eips::{eip2718::Decodable2718, eip4895::Withdrawals};
use alloy_primitives::{Address, Bloom, Log as PrimitiveLog, LogData, B256, U256};
use alloy_rlp::Encodable as _;
use alloy_rpc_types_eth::{Block, BlockTransactions, Header, Log, Transaction, TransactionReceipt};
use cybermiles_primitives::ethereum::{EthereumBlock, EthereumLog, EthereumTransaction};
use sp_core::{H160, H256};
use sp_io::hashing::keccak_256;

/// An address in alloy's type.
pub fn address(address: H160) -> Address {
	address.0.into()
}

/// A hash in alloy's type.
pub fn hash(hash: H256) -> B256 {
	hash.0.into()
}

/// An address in the runtime's type.
pub fn account(address: Address) -> H160 {
	H160(address.0 .0)
}

/// A number in alloy's type.
pub fn number(number: sp_core::U256) -> U256 {
	U256::from_limbs(number.0)
}

/// A number in the runtime's type.
pub fn word(number: U256) -> sp_core::U256 {
	sp_core::U256(number.into_limbs())
}

/// Hash of a signed transaction.
pub fn transaction_hash(payload: &[u8]) -> B256 {
	keccak_256(payload).into()
}

/// A signed transaction as it was sent.
///
/// # Errors
///
/// If the bytes are none; the chain takes no such transaction.
pub fn envelope(payload: &[u8]) -> Result<TxEnvelope, Error> {
	TxEnvelope::decode_2718(&mut &payload[..])
		.map_err(|error| Error::Internal(format!("a transaction of the chain is not one: {error}")))
}

/// The header as tools read it.
///
/// Its hash is the one that the chain keeps. It is made with other numbers in three places, where
/// theirs would make tools stumble: the gas limit, which the chain's own header does not tell, and
/// the roots of uncles and withdrawals, which never are any.
pub fn header(block: &EthereumBlock) -> Header {
	Header {
		hash: hash(block.hash),
		inner: consensus_header(block),
		total_difficulty: Some(U256::ZERO),
		size: None,
	}
}

fn consensus_header(block: &EthereumBlock) -> alloy_consensus::Header {
	alloy_consensus::Header {
		parent_hash: hash(block.parent_hash),
		ommers_hash: EMPTY_OMMER_ROOT_HASH,
		beneficiary: address(block.author),
		state_root: hash(block.state_root),
		transactions_root: hash(block.transactions_root),
		receipts_root: hash(block.receipts_root),
		logs_bloom: Bloom::from(block.bloom),
		number: block.number,
		gas_limit: block.gas_limit,
		gas_used: block.gas_used,
		timestamp: block.timestamp,
		extra_data: block.extra_data.clone().into(),
		mix_hash: hash(block.mix_hash),
		base_fee_per_gas: Some(block.base_fee),
		..Default::default()
	}
}

/// Length of the block in RLP, in bytes.
fn size(block: &EthereumBlock, transactions: Vec<TxEnvelope>) -> U256 {
	let body = BlockBody { transactions, ommers: vec![], withdrawals: None };
	let block = alloy_consensus::Block { header: consensus_header(block), body };
	U256::from(block.length())
}

/// The block with its transactions, whole (`full`) or by their hashes.
pub fn block(block: &EthereumBlock, full: bool) -> Result<Block, Error> {
	let all = (0..block.transactions.len())
		.map(|index| transaction(block, index))
		.collect::<Result<Vec<_>, _>>()?;
	let envelopes = all.iter().map(|transaction| transaction.inner.inner().clone());
	let header = Header { size: Some(size(block, envelopes.collect())), ..header(block) };
	let transactions = match full {
		true => BlockTransactions::Full(all),
		false => {
			let hash = |transaction: &Transaction| *transaction.inner.tx_hash();
			BlockTransactions::Hashes(all.iter().map(hash).collect())
		},
	};
	Ok(Block { header, uncles: vec![], transactions, withdrawals: None::<Withdrawals> })
}

/// The transaction at place `index` of the block.
pub fn transaction(block: &EthereumBlock, index: usize) -> Result<Transaction, Error> {
	let found = transaction_at(block, index)?;
	Ok(Transaction {
		inner: Recovered::new_unchecked(envelope(&found.payload)?, address(found.from)),
		block_hash: Some(hash(block.hash)),
		block_number: Some(block.number),
		transaction_index: Some(index as u64),
		effective_gas_price: Some(found.gas_price),
	})
}

/// A transaction that waits for a block.
pub fn waiting(payload: &[u8], from: H160) -> Result<Transaction, Error> {
	let envelope = envelope(payload)?;
	Ok(Transaction {
		effective_gas_price: Some(envelope.gas_price().unwrap_or(envelope.max_fee_per_gas())),
		inner: Recovered::new_unchecked(envelope, address(from)),
		block_hash: None,
		block_number: None,
		transaction_index: None,
	})
}

fn transaction_at(block: &EthereumBlock, index: usize) -> Result<&EthereumTransaction, Error> {
	block.transactions.get(index).ok_or_else(|| {
		Error::Internal(format!("block {} has no Ethereum transaction {index}", block.number))
	})
}

/// A value as JSON.
pub fn json(value: &impl serde::Serialize) -> Result<serde_json::Value, Error> {
	serde_json::to_value(value).map_err(|error| Error::Internal(error.to_string()))
}

/// All logs of the block in order.
pub fn logs(block: &EthereumBlock) -> Vec<Log> {
	let mut logs = Vec::new();
	for (transaction, index) in block.transactions.iter().zip(0u64..) {
		let hash = transaction_hash(&transaction.payload);
		for entry in &transaction.logs {
			logs.push(log(block, hash, index, logs.len() as u64, entry));
		}
	}
	logs
}

fn log(block: &EthereumBlock, transaction: B256, place: u64, index: u64, log: &EthereumLog) -> Log {
	let topics = log.topics.iter().copied().map(hash).collect();
	Log {
		inner: PrimitiveLog {
			address: address(log.address),
			data: LogData::new_unchecked(topics, log.data.clone().into()),
		},
		block_hash: Some(hash(block.hash)),
		block_number: Some(block.number),
		block_timestamp: Some(block.timestamp),
		transaction_hash: Some(transaction),
		transaction_index: Some(place),
		log_index: Some(index),
		removed: false,
	}
}

/// The receipt of the transaction at place `index` of the block.
pub fn receipt(block: &EthereumBlock, index: usize) -> Result<TransactionReceipt, Error> {
	let found = transaction_at(block, index)?;
	let logs = logs(block)
		.into_iter()
		.filter(|log| log.transaction_index == Some(index as u64));
	receipt_with(block, index, found, logs.collect())
}

/// The receipts of all transactions of the block.
pub fn receipts(block: &EthereumBlock) -> Result<Vec<TransactionReceipt>, Error> {
	let mut logs = logs(block).into_iter().peekable();
	let mut receipts = Vec::with_capacity(block.transactions.len());
	for (found, index) in block.transactions.iter().zip(0u64..) {
		let own = std::iter::from_fn(|| logs.next_if(|log| log.transaction_index == Some(index)));
		receipts.push(receipt_with(block, index as usize, found, own.collect())?);
	}
	Ok(receipts)
}

fn receipt_with(
	block: &EthereumBlock,
	index: usize,
	found: &EthereumTransaction,
	logs: Vec<Log>,
) -> Result<TransactionReceipt, Error> {
	let envelope = envelope(&found.payload)?;
	let before = &block.transactions[..index];
	let used = before.iter().fold(0u64, |sum, other| sum.saturating_add(other.gas_used));
	let receipt = Receipt {
		status: Eip658Value::Eip658(found.succeeded),
		cumulative_gas_used: used.saturating_add(found.gas_used),
		logs,
	};
	let logs_bloom = receipt.logs.iter().map(|log| &log.inner).collect();
	let kind = envelope
		.ty()
		.try_into()
		.map_err(|_| Error::Internal("a transaction has an unknown type".into()))?;
	Ok(TransactionReceipt {
		inner: ReceiptEnvelope::from_typed(kind, ReceiptWithBloom { receipt, logs_bloom }),
		transaction_hash: *envelope.tx_hash(),
		transaction_index: Some(index as u64),
		block_hash: Some(hash(block.hash)),
		block_number: Some(block.number),
		gas_used: found.gas_used,
		effective_gas_price: found.gas_price,
		blob_gas_used: None,
		blob_gas_price: None,
		from: address(found.from),
		to: envelope.to(),
		contract_address: found.created.map(address),
	})
}

#[cfg(test)]
mod tests;
