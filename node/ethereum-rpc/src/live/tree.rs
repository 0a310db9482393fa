//! The way from one best block to another.

use crate::{Chain, Error, Hash};
use cybermiles_primitives::ethereum::EthereumBlock;
use sp_blockchain::HeaderBackend;

/// Blocks by which the best one may move to be told one by one: half a day of them. A node that
/// catches up moves further, and each header on the way is read.
const FAR: u64 = 16_384;

/// A block that left the best chain or joined it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
	/// The block's own hash.
	pub(crate) block: Hash,
	/// Whether it left.
	pub(crate) removed: bool,
	/// The best block once this step is taken.
	pub(crate) then: Hash,
}

/// The steps of a change of the best block: blocks leave from the last to the first (`retracted`),
/// down to `common`, upon which others join in their order (`enacted`).
pub(crate) fn steps(retracted: &[Hash], common: Hash, enacted: &[Hash]) -> Vec<Step> {
	let below = retracted.iter().skip(1).chain([&common]);
	let leaving = retracted.iter().zip(below);
	let leaving = leaving.map(|(block, then)| Step { block: *block, removed: true, then: *then });
	let joining = enacted.iter().map(|hash| Step { block: *hash, removed: false, then: *hash });
	leaving.chain(joining).collect()
}

/// The blocks, on all forks.
pub(crate) trait Tree {
	/// The best block, if it is in the index.
	fn best(&self) -> Result<Option<Hash>, Error>;

	/// The steps from one best block to another.
	///
	/// # Errors
	///
	/// If one of them is not known, or they are too far apart.
	fn route(&self, from: Hash, to: Hash) -> Result<Vec<Step>, Error>;

	/// What was in a block; nothing if it is not in the index.
	fn block(&self, hash: Hash) -> Result<Option<EthereumBlock>, Error>;
}

impl Tree for Chain {
	fn best(&self) -> Result<Option<Hash>, Error> {
		let best = self.best_hash();
		Ok(self.index.contains(best)?.then_some(best))
	}

	fn route(&self, from: Hash, to: Hash) -> Result<Vec<Step>, Error> {
		check_distance(number_of(self, from)?, number_of(self, to)?)?;
		let route = sp_blockchain::tree_route(&*self.client, from, to)?;
		let hashes = |part: &[sp_blockchain::HashAndNumber<crate::Block>]| {
			part.iter().map(|block| block.hash).collect::<Vec<_>>()
		};
		let (retracted, enacted) = (hashes(route.retracted()), hashes(route.enacted()));
		Ok(steps(&retracted, route.common_block().hash, &enacted))
	}

	fn block(&self, hash: Hash) -> Result<Option<EthereumBlock>, Error> {
		self.index.block(hash)
	}
}

fn number_of(chain: &Chain, hash: Hash) -> Result<u64, Error> {
	let number = chain.client.number(hash)?;
	number.map(u64::from).ok_or_else(|| Error::UnknownBlock(format!("{hash:?}")))
}

fn check_distance(from: u64, to: u64) -> Result<(), Error> {
	match from.abs_diff(to) <= FAR {
		true => Ok(()),
		false => Err(Error::Limit(format!(
			"the best block moved by more than {FAR} blocks, which are not told one by one; \
			eth_getLogs has their logs"
		))),
	}
}

#[cfg(test)]
pub(crate) mod testing {
	use super::*;
	use crate::testing;
	use cybermiles_primitives::ethereum::{EthereumLog, EthereumTransaction};
	use sp_core::{H160, H256};
	use std::collections::BTreeMap;

	/// A tree in memory, whose blocks each log their own byte as their address.
	#[derive(Default)]
	pub(crate) struct Fake {
		/// The best block.
		pub(crate) best: Option<Hash>,
		parents: BTreeMap<Hash, Hash>,
		blocks: BTreeMap<Hash, EthereumBlock>,
	}

	/// The own hash of the block with this byte.
	pub(crate) fn own(byte: u8) -> Hash {
		H256([byte; 32])
	}

	/// Its hash for Ethereum's tools.
	pub(crate) fn known_as(byte: u8) -> H256 {
		H256([!byte; 32])
	}

	/// A block with this byte and `logs` logs.
	pub(crate) fn block(number: u64, byte: u8, logs: usize) -> EthereumBlock {
		let log = EthereumLog { address: H160([byte; 20]), topics: vec![own(byte)], data: vec![] };
		let mut bloom = alloy_primitives::Bloom::default();
		if logs > 0 {
			bloom.accrue_raw_log([byte; 20].into(), &[[byte; 32].into()]);
		}
		EthereumBlock {
			hash: known_as(byte),
			timestamp: 7,
			bloom: bloom.0 .0,
			transactions: vec![EthereumTransaction {
				logs: vec![log; logs],
				..testing::transaction(vec![byte; 40])
			}],
			..testing::block(number)
		}
	}

	impl Fake {
		/// Adds the block with this byte, with a log, upon another, and makes it the best.
		pub(crate) fn add(&mut self, parent: u8, byte: u8) {
			let number = self.line(own(parent)).len() as u64;
			self.parents.insert(own(byte), own(parent));
			self.blocks.insert(own(byte), block(number, byte, 1));
			self.best = Some(own(byte));
		}

		/// Has the index lose a block.
		pub(crate) fn forget(&mut self, byte: u8) {
			self.blocks.remove(&own(byte));
		}

		/// A block and its ancestors.
		fn line(&self, hash: Hash) -> Vec<Hash> {
			std::iter::successors(Some(hash), |hash| self.parents.get(hash).copied()).collect()
		}
	}

	impl Tree for Fake {
		fn best(&self) -> Result<Option<Hash>, Error> {
			Ok(self.best.filter(|best| self.blocks.contains_key(best)))
		}

		fn route(&self, from: Hash, to: Hash) -> Result<Vec<Step>, Error> {
			let (from, to) = (self.line(from), self.line(to));
			let common = from.iter().find(|hash| to.contains(hash)).copied();
			let common = common.ok_or_else(|| Error::UnknownBlock("of no tree".into()))?;
			let part = |line: &[Hash]| {
				line.iter().copied().take_while(|hash| *hash != common).collect::<Vec<_>>()
			};
			let mut enacted = part(&to);
			enacted.reverse();
			Ok(steps(&part(&from), common, &enacted))
		}

		fn block(&self, hash: Hash) -> Result<Option<EthereumBlock>, Error> {
			Ok(self.blocks.get(&hash).cloned())
		}
	}
}

#[cfg(test)]
mod tests {
	use super::{testing::own, *};

	fn taken(retracted: &[u8], enacted: &[u8]) -> Vec<(bool, Hash, Hash)> {
		let hashes = |bytes: &[u8]| bytes.iter().copied().map(own).collect::<Vec<_>>();
		let steps = steps(&hashes(retracted), own(0), &hashes(enacted));
		steps.into_iter().map(|step| (step.removed, step.block, step.then)).collect()
	}

	#[test]
	fn blocks_leave_from_the_last_and_join_from_the_first() {
		assert_eq!(taken(&[], &[]), []);
		assert_eq!(taken(&[], &[1, 2]), [(false, own(1), own(1)), (false, own(2), own(2))]);
		assert_eq!(
			taken(&[3, 2, 1], &[4, 5]),
			[
				(true, own(3), own(2)),
				(true, own(2), own(1)),
				(true, own(1), own(0)),
				(false, own(4), own(4)),
				(false, own(5), own(5)),
			]
		);
		assert_eq!(taken(&[1], &[]), [(true, own(1), own(0))]);
	}

	#[test]
	fn what_is_too_far_is_not_told() {
		for (from, to) in [(7, 7), (0, FAR), (FAR, 0), (u64::MAX - FAR, u64::MAX)] {
			assert!(check_distance(from, to).is_ok(), "{from} to {to}");
		}
		for (from, to) in [(0, FAR + 1), (FAR + 1, 0), (0, u64::MAX)] {
			assert!(matches!(check_distance(from, to), Err(Error::Limit(_))), "{from} to {to}");
		}
	}

	#[test]
	fn every_step_can_be_the_last_for_now() -> Result<(), Error> {
		let mut tree = testing::Fake::default();
		for (parent, byte) in [(0, 1), (1, 2), (2, 3), (1, 4), (4, 5), (5, 6)] {
			tree.add(parent, byte);
		}
		let whole = tree.route(own(3), own(6))?;
		for (taken, step) in whole.iter().enumerate() {
			assert_eq!(tree.route(step.then, own(6))?, whole[taken + 1..]);
		}
		Ok(())
	}
}
