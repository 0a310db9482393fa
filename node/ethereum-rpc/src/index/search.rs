//! Finds logs without reading every block.

use super::{
	section::{sections, Section},
	Index,
};
use crate::{convert, Error, Hash};
use alloy_primitives::Bloom;
use alloy_rpc_types_eth::{Filter, Log};
use cybermiles_primitives::ethereum::EthereumBlock;
use std::ops::RangeInclusive;

/// What a search must know of the chain.
pub trait BestChain {
	/// The own hash of the block of the best chain with this number.
	fn hash_of(&self, number: u64) -> Result<Option<Hash>, Error>;

	/// Waits for a block of the best chain that is not yet in the index, and tells whether it came.
	fn await_index(&self, number: u64) -> Result<bool, Error>;
}

/// The logs of a block that match in address and topics, in their order.
pub fn matching(block: &EthereumBlock, filter: &Filter) -> Vec<Log> {
	if !may_match(filter, block.bloom.into()) {
		return Vec::new();
	}
	let mut logs = convert::logs(block);
	logs.retain(|log| filter.matches(&log.inner));
	logs
}

/// Whether a block with this bloom may have logs that match.
fn may_match(filter: &Filter, bloom: Bloom) -> bool {
	// Each log sets bits, those of its address at least.
	!bloom.is_zero() && filter.matches_bloom(bloom)
}

impl Index {
	/// The logs that match in address and topics in blocks of these heights of the best chain, in
	/// their order.
	///
	/// # Errors
	///
	/// If there are more than `limit`, or a block is not in the index.
	pub fn logs(
		&self,
		chain: &impl BestChain,
		heights: RangeInclusive<u64>,
		filter: &Filter,
		limit: usize,
	) -> Result<Vec<Log>, Error> {
		let mut logs = Vec::new();
		for heights in sections(heights) {
			let section = self.whole_section(chain, &heights)?;
			let heights = match may_match(filter, section.bloom()) {
				true => heights,
				false => continue,
			};
			for number in heights {
				if let Some(block) = self.candidate(chain, number, filter)? {
					logs.extend(matching(&block, filter));
					check_rows(logs.len(), limit)?;
				}
			}
		}
		Ok(logs)
	}

	/// The section of these heights, once it has a block of each.
	fn whole_section(
		&self,
		chain: &impl BestChain,
		heights: &RangeInclusive<u64>,
	) -> Result<Section, Error> {
		loop {
			let section = self.section(*heights.start())?;
			match section.first_missing(heights.clone()) {
				None => return Ok(section),
				Some(number) if chain.await_index(number)? => {},
				Some(number) => return Err(Error::NotExecuted(number)),
			}
		}
	}

	/// The block of the best chain at a height, if it may have logs that match.
	fn candidate(
		&self,
		chain: &impl BestChain,
		number: u64,
		filter: &Filter,
	) -> Result<Option<EthereumBlock>, Error> {
		let sketches = self.height(number)?;
		if !sketches.iter().any(|(_, bloom)| may_match(filter, *bloom)) {
			return Ok(None);
		}
		let Some(hash) = chain.hash_of(number)? else { return Ok(None) };
		match sketches.iter().find(|(known, _)| *known == hash) {
			Some((_, bloom)) if !may_match(filter, *bloom) => Ok(None),
			Some(_) => self.block(hash),
			None if chain.await_index(number)? => self.block(hash),
			None => Err(Error::NotExecuted(number)),
		}
	}
}

/// Refuses more than `limit` logs.
pub(crate) fn check_rows(rows: usize, limit: usize) -> Result<(), Error> {
	match rows <= limit {
		true => Ok(()),
		false => Err(Error::Limit(format!(
			"query returned more than {limit} results (--eth-max-past-logs); ask for a smaller range \
			of blocks or for fewer addresses and topics"
		))),
	}
}

#[cfg(test)]
mod tests;
