//! The chain's data in the bytes that are hashed.

use crate::{convert, eth::transactions, params::BlockParam, pending, Chain, Error};
use alloy_consensus::{BlockBody, Header, TxEnvelope};
use alloy_eips::{eip2718::Encodable2718, eip4895::Withdrawals};
use alloy_primitives::{Bloom, Bytes, B256};
use alloy_rlp::Encodable;
use cybermiles_primitives::ethereum::EthereumBlock;
use jsonrpsee::proc_macros::rpc;
use serde_json::Value;
use std::sync::Arc;

/// The gas limit that pallet-revive hashes; what blocks really hold is less.
const HASHED_GAS_LIMIT: u64 = u64::MAX;

/// The chain's data in the bytes that are hashed. Each method fails if the block is not known.
#[rpc(server, namespace = "debug")]
pub trait RawApi {
	/// The header in RLP: its Keccak-256 is the hash of the block. Its gas limit and its roots of
	/// uncles and withdrawals are therefore not those that `eth_getBlockByHash` tells.
	#[method(name = "getRawHeader", blocking)]
	fn raw_header(&self, block: BlockParam) -> Result<Bytes, Error>;

	/// The block in RLP.
	#[method(name = "getRawBlock", blocking)]
	fn raw_block(&self, block: BlockParam) -> Result<Bytes, Error>;

	/// A transaction (EIP-2718), in a block or in the pool; no bytes if it is in neither.
	#[method(name = "getRawTransaction", blocking)]
	fn raw_transaction(&self, hash: B256) -> Result<Bytes, Error>;

	/// The receipts of a block (EIP-2718).
	#[method(name = "getRawReceipts", blocking)]
	fn raw_receipts(&self, block: BlockParam) -> Result<Vec<Bytes>, Error>;

	/// None: bad blocks are not kept.
	#[method(name = "getBadBlocks")]
	fn bad_blocks(&self) -> Result<Vec<Value>, Error>;
}

/// Answers from the index of Ethereum's blocks.
pub struct Raw(pub Arc<Chain>);

impl Raw {
	fn block(&self, block: BlockParam) -> Result<EthereumBlock, Error> {
		let found = self.0.block(block.0)?.map(|(_, block)| block);
		found.ok_or_else(|| Error::UnknownBlock(format!("{:?}", block.0)))
	}
}

/// The header whose hash is that of the block.
///
/// # Errors
///
/// If the chain hashed it in another way.
fn header(block: &EthereumBlock) -> Result<Header, Error> {
	let header = Header {
		parent_hash: convert::hash(block.parent_hash),
		ommers_hash: B256::ZERO,
		beneficiary: convert::address(block.author),
		state_root: convert::hash(block.state_root),
		transactions_root: convert::hash(block.transactions_root),
		receipts_root: convert::hash(block.receipts_root),
		logs_bloom: Bloom::from(block.bloom),
		number: block.number,
		gas_limit: HASHED_GAS_LIMIT,
		gas_used: block.gas_used,
		timestamp: block.timestamp,
		extra_data: block.extra_data.clone().into(),
		mix_hash: convert::hash(block.mix_hash),
		base_fee_per_gas: Some(block.base_fee),
		withdrawals_root: Some(B256::ZERO),
		blob_gas_used: Some(0),
		excess_blob_gas: Some(0),
		..Default::default()
	};
	match header.hash_slow() == convert::hash(block.hash) {
		true => Ok(header),
		false => Err(Error::Internal(format!("the header of block {} is not known", block.number))),
	}
}

fn rlp(value: &impl Encodable) -> Bytes {
	let mut bytes = Vec::with_capacity(value.length());
	value.encode(&mut bytes);
	bytes.into()
}

fn block(found: &EthereumBlock) -> Result<Bytes, Error> {
	let payloads = found.transactions.iter().map(|found| convert::envelope(&found.payload));
	let body: BlockBody<TxEnvelope> = BlockBody {
		transactions: payloads.collect::<Result<_, _>>()?,
		ommers: vec![],
		withdrawals: Some(Withdrawals::default()),
	};
	Ok(rlp(&alloy_consensus::Block { header: header(found)?, body }))
}

fn receipts(block: &EthereumBlock) -> Result<Vec<Bytes>, Error> {
	let receipts = convert::receipts(block)?.into_iter();
	Ok(receipts
		.map(|found| found.inner.map_logs(|log| log.inner).encoded_2718().into())
		.collect())
}

impl RawApiServer for Raw {
	fn raw_header(&self, block: BlockParam) -> Result<Bytes, Error> {
		Ok(rlp(&header(&self.block(block)?)?))
	}

	fn raw_block(&self, id: BlockParam) -> Result<Bytes, Error> {
		block(&self.block(id)?)
	}

	fn raw_transaction(&self, hash: B256) -> Result<Bytes, Error> {
		let mined = transactions::find(&self.0, hash)?;
		let mined = mined.and_then(|(_, block, index)| block.transactions.into_iter().nth(index));
		if let Some(found) = mined {
			return Ok(found.payload.into());
		}
		Ok(pending::find(&self.0, hash)?
			.map(|found| found.payload.into())
			.unwrap_or_default())
	}

	fn raw_receipts(&self, block: BlockParam) -> Result<Vec<Bytes>, Error> {
		receipts(&self.block(block)?)
	}

	fn bad_blocks(&self) -> Result<Vec<Value>, Error> {
		Ok(vec![])
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::eth::submit::testing;
	use alloy_rlp::Decodable;
	use cybermiles_primitives::ethereum::{EthereumLog, EthereumTransaction, BLOOM_BYTES};
	use pallet_revive::evm::Block as PalletBlock;
	use sp_core::{H160, H256};
	use sp_io::hashing::keccak_256;

	/// A block whose hash is made by the pallet itself.
	fn example() -> EthereumBlock {
		let pallet = PalletBlock {
			number: 7.into(),
			parent_hash: H256::repeat_byte(1),
			timestamp: 9.into(),
			miner: H160::repeat_byte(2),
			state_root: H256::repeat_byte(3),
			transactions_root: H256::repeat_byte(3),
			receipts_root: H256::repeat_byte(4),
			gas_limit: u64::MAX.into(),
			base_fee_per_gas: 5.into(),
			gas_used: 6.into(),
			mix_hash: H256::repeat_byte(5),
			..Default::default()
		};
		EthereumBlock {
			number: 7,
			hash: pallet.header_hash(),
			parent_hash: pallet.parent_hash,
			author: pallet.miner,
			timestamp: 9,
			base_fee: 5,
			gas_limit: 1_000,
			gas_used: 6,
			state_root: pallet.state_root,
			transactions_root: pallet.transactions_root,
			receipts_root: pallet.receipts_root,
			bloom: [0; BLOOM_BYTES],
			mix_hash: pallet.mix_hash,
			extra_data: vec![],
			transactions: vec![transaction()],
		}
	}

	fn transaction() -> EthereumTransaction {
		let waiting = testing::waiting(5);
		EthereumTransaction {
			payload: waiting.payload,
			from: waiting.from,
			created: None,
			extrinsic: 1,
			succeeded: true,
			gas_used: 6,
			gas_price: 5,
			logs: vec![EthereumLog {
				address: H160::repeat_byte(8),
				topics: vec![H256::repeat_byte(9)],
				data: vec![1],
			}],
		}
	}

	#[test]
	fn the_hash_of_the_header_is_that_of_the_block() -> Result<(), Error> {
		let block = example();
		assert_eq!(keccak_256(&rlp(&header(&block)?)), block.hash.0);
		let other = EthereumBlock { gas_used: 7, ..block };
		assert!(matches!(header(&other), Err(Error::Internal(_))));
		Ok(())
	}

	#[test]
	fn the_block_holds_its_header_and_transactions() -> Result<(), Error> {
		let bytes = block(&example())?;
		let decoded = alloy_consensus::Block::<TxEnvelope>::decode(&mut &bytes[..])
			.unwrap_or_else(|error| panic!("{error}"));
		assert_eq!(decoded.header.hash_slow(), convert::hash(example().hash));
		assert_eq!(decoded.body.transactions, [testing::signed(5)]);
		Ok(())
	}

	#[test]
	fn receipts_begin_with_the_type_of_their_transaction() -> Result<(), Error> {
		let receipts = receipts(&example())?;
		assert_eq!(receipts.len(), 1);
		assert_eq!(receipts[0][0], 2);
		Ok(())
	}
}
