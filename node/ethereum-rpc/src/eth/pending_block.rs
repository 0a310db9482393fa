//! The block that would come next.

use crate::{chain::next_price, convert, pending, Chain, Error, Hash};
use alloy_rpc_types_eth::{Block, BlockTransactions};
use cybermiles_primitives::ethereum::{EthereumApi, EthereumBlock};
use serde_json::{Map, Value};
use sp_api::ProvideRuntimeApi;

/// Seconds of a slot, by which the next block's time is told.
const SLOT_SECONDS: u64 = cybermiles_runtime::constants::time::SLOT_DURATION / 1_000;

/// Fields that no block has before it is made.
const UNKNOWN: [&str; 4] = ["hash", "nonce", "logsBloom", "miner"];

/// The pending block as JSON: what waits in the pool upon the best block.
pub(super) fn block(chain: &Chain, full: bool) -> Result<Value, Error> {
	let best = chain.best_hash();
	let parent = chain.index.block(best)?;
	let parent = parent.ok_or_else(|| Error::NotExecuted(chain.best_number()))?;
	let header = convert::header(&next(chain, best, &parent)?);
	let waiting = pending::transactions(chain)?;
	let transactions = match full {
		true => {
			let whole = waiting.iter().map(|found| convert::waiting(&found.payload, found.from));
			BlockTransactions::Full(whole.collect::<Result<_, _>>()?)
		},
		false => BlockTransactions::Hashes(waiting.iter().map(|found| found.hash).collect()),
	};
	let block = Block { header, uncles: vec![], transactions, withdrawals: None };
	Ok(without_unknown(convert::json(&block)?))
}

/// An empty block upon `parent`.
fn next(chain: &Chain, best: Hash, parent: &EthereumBlock) -> Result<EthereumBlock, Error> {
	let api = chain.client.runtime_api();
	Ok(EthereumBlock {
		number: parent.number.saturating_add(1),
		parent_hash: parent.hash,
		timestamp: parent.timestamp.saturating_add(SLOT_SECONDS),
		base_fee: next_price(&api, best)?.saturating_to(),
		gas_limit: api.block_gas_limit(best)?,
		gas_used: 0,
		bloom: [0; cybermiles_primitives::ethereum::BLOOM_BYTES],
		transactions: vec![],
		..parent.clone()
	})
}

/// `null` for what is not known before the block is made.
fn without_unknown(block: Value) -> Value {
	let Value::Object(mut fields) = block else { return block };
	let unknown: Map<_, _> = UNKNOWN.iter().map(|name| (name.to_string(), Value::Null)).collect();
	fields.extend(unknown);
	Value::Object(fields)
}
