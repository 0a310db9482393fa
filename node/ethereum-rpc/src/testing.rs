//! Blocks and transactions of which a test says only what matters to it.

use cybermiles_primitives::ethereum::{EthereumBlock, EthereumTransaction, BLOOM_BYTES};
use sp_core::{H160, H256};

/// A block without transactions.
pub(crate) fn block(number: u64) -> EthereumBlock {
	EthereumBlock {
		number,
		hash: H256::zero(),
		parent_hash: H256::zero(),
		author: H160::zero(),
		timestamp: 0,
		base_fee: 1,
		gas_limit: 2,
		gas_used: 0,
		state_root: H256::zero(),
		transactions_root: H256::zero(),
		receipts_root: H256::zero(),
		bloom: [0; BLOOM_BYTES],
		mix_hash: H256::zero(),
		extra_data: vec![],
		transactions: vec![],
	}
}

/// A transaction that succeeded without a log.
pub(crate) fn transaction(payload: Vec<u8>) -> EthereumTransaction {
	EthereumTransaction {
		payload,
		from: H160::zero(),
		created: None,
		extrinsic: 1,
		succeeded: true,
		gas_used: 21_000,
		gas_price: 1,
		logs: vec![],
	}
}
