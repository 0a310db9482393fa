//! What contracts logged.

use super::criteria::Criteria;
use crate::{
	gate::Gate,
	index::{check_rows, matching, BestChain},
	Chain, Error, Hash,
};
use alloy_eips::{BlockId, BlockNumHash, BlockNumberOrTag};
use alloy_rpc_types_eth::{Filter, FilterBlockOption, Log};
use cybermiles_primitives::ethereum::EthereumBlock;
use jsonrpsee::proc_macros::rpc;
use std::{ops::RangeInclusive, sync::Arc, time::Duration};

/// Searches read many blocks, so that few run at once.
static SEARCHES: Gate = Gate::new(4, Duration::from_secs(10));

/// What contracts logged.
#[rpc(server, namespace = "eth")]
pub trait LogsApi {
	/// The logs that match, in their order: of the best chain from `fromBlock` to `toBlock`, each the
	/// latest block by default, or of the block `blockHash` on whichever fork.
	///
	/// # Errors
	///
	/// If the filter spans more blocks, or more logs match, than the node allows: nothing is left
	/// out silently. Also if it ends before it begins, if it names a hash that the node does not
	/// know, or if the node never executed one of the blocks.
	#[method(name = "getLogs", blocking)]
	fn logs(&self, filter: Criteria) -> Result<Vec<Log>, Error>;
}

/// Answers from the index.
pub struct Logs(pub Arc<Chain>);

impl LogsApiServer for Logs {
	fn logs(&self, Criteria(filter): Criteria) -> Result<Vec<Log>, Error> {
		search(&self.0, &filter)
	}
}

impl BestChain for Chain {
	fn hash_of(&self, number: u64) -> Result<Option<Hash>, Error> {
		self.canonical(number)
	}

	fn await_index(&self, number: u64) -> Result<bool, Error> {
		match self.canonical(number)? {
			Some(hash) => self.await_block(hash, number),
			None => Ok(false),
		}
	}
}

/// The logs that match in a block that joined the best chain, in their order; those of one that left
/// it (`removed`) are taken back from the last to the first.
pub(crate) fn block_logs(block: &EthereumBlock, filter: &Filter, removed: bool) -> Vec<Log> {
	let name = BlockNumHash { number: block.number, hash: block.hash.0.into() };
	if !filter.matches_block(&name) {
		return Vec::new();
	}
	let mut logs = matching(block, filter);
	if removed {
		logs.iter_mut().for_each(|log| log.removed = true);
		logs.reverse();
	}
	logs
}

/// All logs that match, within the limits of the node.
///
/// # Errors
///
/// Those of [`LogsApiServer::logs`].
pub(crate) fn search(chain: &Chain, filter: &Filter) -> Result<Vec<Log>, Error> {
	let _pass = SEARCHES.enter()?;
	let limit = chain.settings.max_past_logs;
	let (from, to) = match filter.block_option {
		FilterBlockOption::AtBlockHash(hash) => {
			let found = chain.block(BlockId::hash(hash))?;
			let (_, block) = found.ok_or_else(|| Error::UnknownBlock(hash.to_string()))?;
			let logs = matching(&block, filter);
			return check_rows(logs.len(), limit).map(|()| logs);
		},
		FilterBlockOption::Range { from_block, to_block } => (from_block, to_block),
	};
	let best = chain.best_number();
	let from = match from.unwrap_or_default() {
		BlockNumberOrTag::Number(number) => number,
		// There are no logs of a block that does not exist yet.
		BlockNumberOrTag::Pending => best.saturating_add(1),
		tag => chain.number_of(tag)?,
	};
	let to = match to.unwrap_or_default() {
		BlockNumberOrTag::Number(number) => number,
		BlockNumberOrTag::Latest | BlockNumberOrTag::Pending => u64::MAX,
		tag => chain.number_of(tag)?,
	};
	match heights(from, to, best, chain.settings.max_block_range)? {
		Some(heights) => chain.index.logs(chain, heights, filter, limit),
		None => Ok(Vec::new()),
	}
}

/// The heights from `from` to `to` at which there are blocks, if there are any.
///
/// # Errors
///
/// If the range ends before it begins, or has more heights than `limit`.
fn heights(
	from: u64,
	to: u64,
	best: u64,
	limit: u64,
) -> Result<Option<RangeInclusive<u64>>, Error> {
	if from > to {
		return Err(Error::InvalidParams("invalid block range params".into()));
	}
	let to = to.min(best);
	match to.checked_sub(from) {
		None => Ok(None),
		Some(more) if more < limit => Ok(Some(from..=to)),
		Some(more) => Err(Error::Limit(format!(
			"the range of {} blocks is over the limit of {limit} (--eth-max-block-range); ask for \
			smaller ranges",
			more.saturating_add(1)
		))),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn heights_are_those_of_blocks() -> Result<(), Error> {
		for (from, to, expected) in [
			(0, 9, Some(0..=9)),
			(3, 3, Some(3..=3)),
			(5, 99, Some(5..=20)),
			(20, u64::MAX, Some(20..=20)),
			(21, 21, None),
			(21, u64::MAX, None),
		] {
			assert_eq!(heights(from, to, 20, 16)?, expected, "{from} to {to}");
		}
		Ok(())
	}

	#[test]
	fn ranges_that_end_before_they_begin_are_refused() {
		for (from, to) in [(2, 1), (22, 21), (u64::MAX, 0)] {
			let error = heights(from, to, 20, 99).map_err(|error| error.to_string());
			assert_eq!(error, Err("invalid block range params".into()));
		}
	}

	#[test]
	fn ranges_over_the_limit_are_refused() -> Result<(), Error> {
		assert_eq!(heights(1, 10, 20, 10)?, Some(1..=10));
		let error = heights(1, 11, 20, 10).map_err(|error| error.to_string());
		let words = "the range of 11 blocks is over the limit of 10 (--eth-max-block-range)";
		assert!(error.is_err_and(|error| error.starts_with(words)));
		// Blocks that do not exist do not count.
		assert_eq!(heights(11, u64::MAX, 20, 10)?, Some(11..=20));
		assert!(heights(0, u64::MAX, u64::MAX, u64::MAX).is_err());
		Ok(())
	}
}
