//! Makes up for blocks that were imported but are not in the index.

use super::{import::read_block, Index};
use crate::{chain, Backend, Client, Error, Hash};
use cybermiles_primitives::ethereum::EthereumBlock;
use cybermiles_runtime::BlockNumber;
use sc_client_api::Backend as _;
use sp_blockchain::{Backend as _, HeaderBackend};
use sp_runtime::traits::Header as _;
use std::time::{Duration, Instant};

/// How often progress is told.
const PROGRESS: Duration = Duration::from_secs(5);
/// Failures that are told one by one.
const TOLD: u64 = 5;

/// Which blocks are indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
	/// Those after the last that is in the index: a crash loses the end only, never the middle.
	Missing,
	/// All, also those that are in the index.
	All,
}

/// How many blocks were looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
	/// They were indexed.
	pub indexed: u64,
	/// Their extrinsics are not stored.
	pub without_body: u64,
	/// Their runtime did not tell what was in them.
	pub failed: u64,
}

/// The blocks of the node, on all forks.
trait Source {
	/// Number of the best block.
	fn best(&self) -> u64;

	/// Hash of the block of the best chain with this number.
	fn canonical(&self, number: u64) -> Result<Option<Hash>, Error>;

	/// The last blocks of all forks.
	fn leaves(&self) -> Result<Vec<Hash>, Error>;

	/// Number and parent of a block.
	fn place(&self, hash: Hash) -> Result<Option<(u64, Hash)>, Error>;

	/// Whether a block's state is there.
	fn has_state(&self, hash: Hash, number: u64) -> bool;

	/// What was in a block; nothing if its extrinsics are not stored.
	fn block(&self, hash: Hash) -> Result<Option<EthereumBlock>, Error>;
}

/// A node's own blocks.
struct Node<'a> {
	client: &'a Client,
	backend: &'a Backend,
}

impl Source for Node<'_> {
	fn best(&self) -> u64 {
		self.client.info().best_number.into()
	}

	fn canonical(&self, number: u64) -> Result<Option<Hash>, Error> {
		chain::canonical(self.client, number)
	}

	fn leaves(&self) -> Result<Vec<Hash>, Error> {
		Ok(self.backend.blockchain().leaves()?)
	}

	fn place(&self, hash: Hash) -> Result<Option<(u64, Hash)>, Error> {
		let header = self.client.header(hash)?;
		Ok(header.map(|header| ((*header.number()).into(), *header.parent_hash())))
	}

	fn has_state(&self, hash: Hash, number: u64) -> bool {
		BlockNumber::try_from(number).is_ok_and(|number| self.backend.have_state_at(hash, number))
	}

	fn block(&self, hash: Hash) -> Result<Option<EthereumBlock>, Error> {
		read_block(self.client, hash)
	}
}

/// Indexes the blocks of `scope` whose state is still there, on all forks, and counts them.
///
/// Blocks whose state was pruned stay as they are in the index. No other block may be imported
/// meanwhile: if this is broken off, the next one goes on from there.
///
/// # Errors
///
/// If the chain cannot be read, or the index not be read or written. A block whose runtime does not
/// tell what was in it is only counted.
pub fn catch_up(
	client: &Client,
	backend: &Backend,
	index: &Index,
	scope: Scope,
) -> Result<Tally, Error> {
	CatchUp { source: &Node { client, backend }, index, scope, tally: Tally::default() }.run()
}

/// The work, and how much of it is done.
struct CatchUp<'a, S> {
	source: &'a S,
	index: &'a Index,
	scope: Scope,
	tally: Tally,
}

impl<S: Source> CatchUp<'_, S> {
	fn run(mut self) -> Result<Tally, Error> {
		let best = self.source.best();
		let first = self.first(best)?;
		let mut told = Instant::now();
		for number in first..=best {
			let Some(hash) = self.source.canonical(number)? else { continue };
			self.take(hash)?;
			if told.elapsed() >= PROGRESS {
				log::info!("Index of Ethereum blocks: at block {number} of {first} to {best}");
				told = Instant::now();
			}
		}
		for leaf in self.source.leaves()? {
			self.take_fork(leaf)?;
		}
		self.report(first);
		Ok(self.tally)
	}

	/// Whether a block is to be indexed. Where a state is gone, those before it are, too.
	fn is_wanted(&self, hash: Hash, number: u64) -> Result<bool, Error> {
		let known = self.scope == Scope::Missing && self.index.contains(hash)?;
		Ok(!known && self.source.has_state(hash, number))
	}

	/// The first block of the best chain from which on all are to be indexed.
	fn first(&self, best: u64) -> Result<u64, Error> {
		for number in (0..=best).rev() {
			let hash = self.source.canonical(number)?;
			if !hash.map_or(Ok(false), |hash| self.is_wanted(hash, number))? {
				return Ok(number + 1);
			}
		}
		Ok(0)
	}

	/// Indexes the blocks of a fork, up to the best chain.
	fn take_fork(&mut self, leaf: Hash) -> Result<(), Error> {
		let (mut fork, mut next) = (Vec::new(), leaf);
		while let Some((number, parent)) = self.source.place(next)? {
			let canonical = self.source.canonical(number)? == Some(next);
			if canonical || !self.is_wanted(next, number)? {
				break;
			}
			fork.push(next);
			next = parent;
		}
		fork.into_iter().rev().try_for_each(|hash| self.take(hash))
	}

	fn take(&mut self, hash: Hash) -> Result<(), Error> {
		match self.source.block(hash) {
			Ok(Some(block)) => {
				self.index.insert(hash, &block)?;
				self.tally.indexed += 1;
			},
			Ok(None) => self.tally.without_body += 1,
			Err(error) => {
				if self.tally.failed < TOLD {
					log::warn!("Block {hash:?} is not in the index of Ethereum blocks: {error}");
				}
				self.tally.failed += 1;
			},
		}
		Ok(())
	}

	fn report(&self, first: u64) {
		let Tally { indexed, without_body, failed } = self.tally;
		// The last block is always lost where the node was killed.
		if indexed > 1 || without_body + failed > 0 {
			log::info!(
				"Index of Ethereum blocks: {indexed} blocks taken up from number {first} on; {failed} \
				failed, {without_body} are not stored"
			);
		}
	}
}

#[cfg(test)]
mod tests;
