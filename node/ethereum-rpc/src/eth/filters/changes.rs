//! What a filter did not tell yet.

use crate::{
	convert,
	eth::logs::block_logs,
	live::{Step, Tree},
	Error, Hash,
};
use alloy_primitives::B256;
use alloy_rpc_types_eth::{Filter, Log};
use cybermiles_primitives::ethereum::EthereumBlock;

/// How much one answer may hold; the rest is told the next time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
	/// Logs or hashes. A single block is told whole, whatever it holds.
	pub(super) rows: usize,
	/// Blocks that are looked at.
	pub(super) blocks: usize,
}

/// The logs that match in blocks that left or joined the best chain on the way from `head`, which
/// moves on, to `to`.
pub(super) fn logs(
	tree: &impl Tree,
	filter: &Filter,
	head: &mut Hash,
	to: Hash,
	limits: Limits,
) -> Result<Vec<Log>, Error> {
	collect(tree, head, to, limits, |block, removed| block_logs(block, filter, removed))
}

/// The hashes of the blocks that joined the best chain on the way from `head`, which moves on, to
/// `to`.
pub(super) fn hashes(
	tree: &impl Tree,
	head: &mut Hash,
	to: Hash,
	limits: Limits,
) -> Result<Vec<B256>, Error> {
	collect(tree, head, to, limits, |block, removed| match removed {
		true => vec![],
		false => vec![convert::hash(block.hash)],
	})
}

fn collect<Row>(
	tree: &impl Tree,
	head: &mut Hash,
	to: Hash,
	limits: Limits,
	rows_of: impl Fn(&EthereumBlock, bool) -> Vec<Row>,
) -> Result<Vec<Row>, Error> {
	let steps = tree.route(*head, to).inspect_err(|_| *head = to)?;
	let mut rows = Vec::new();
	for Step { block, removed, then } in steps.into_iter().take(limits.blocks.max(1)) {
		// The index already complained about a block that it does not have.
		let found = tree.block(block)?;
		let new = found.map(|block| rows_of(&block, removed)).unwrap_or_default();
		if !rows.is_empty() && rows.len() + new.len() > limits.rows {
			break;
		}
		rows.extend(new);
		*head = then;
	}
	Ok(rows)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		index::matching,
		live::testing::{known_as, own, Fake},
	};
	use alloy_primitives::Address;

	const ALL: Limits = Limits { rows: 100, blocks: 100 };

	/// Upon 0 and 1 the fork of 2 and 3, and the better one of 4, 5, and 6.
	fn tree() -> Fake {
		let mut tree = Fake::default();
		for (parent, byte) in [(0, 1), (1, 2), (2, 3), (1, 4), (4, 5), (5, 6)] {
			tree.add(parent, byte);
		}
		tree
	}

	/// Who logged, and whether it was taken back.
	fn told(logs: Vec<Log>) -> Vec<(bool, u8)> {
		logs.iter().map(|log| (log.removed, log.address()[0])).collect()
	}

	fn hash(byte: u8) -> B256 {
		convert::hash(known_as(byte))
	}

	#[test]
	fn logs_of_blocks_that_left_come_first_and_are_removed() -> Result<(), Error> {
		let mut head = own(3);
		let logs = logs(&tree(), &Filter::default(), &mut head, own(6), ALL)?;
		let expected = [(true, 3), (true, 2), (false, 4), (false, 5), (false, 6)];
		assert_eq!((told(logs), head), (expected.to_vec(), own(6)));
		Ok(())
	}

	#[test]
	fn only_what_matches_is_told() -> Result<(), Error> {
		for (filter, expected) in [
			(Filter::new().address(Address::repeat_byte(5)), vec![(false, 5)]),
			(Filter::new().event_signature(B256::repeat_byte(2)), vec![(true, 2)]),
			// Blocks 2 and 4 have number 2; 5 has 3.
			(Filter::new().from_block(2).to_block(2), vec![(true, 2), (false, 4)]),
			(Filter::new().from_block(4), vec![(false, 6)]),
			(Filter::new().at_block_hash(hash(5)), vec![(false, 5)]),
			(Filter::new().address(Address::repeat_byte(99)), vec![]),
		] {
			let mut head = own(3);
			let logs = logs(&tree(), &filter, &mut head, own(6), ALL)?;
			assert_eq!((told(logs), head), (expected, own(6)), "{filter:?}");
		}
		Ok(())
	}

	#[test]
	fn hashes_are_those_of_the_blocks_that_joined() -> Result<(), Error> {
		let (tree, mut head) = (tree(), own(3));
		assert_eq!(hashes(&tree, &mut head, own(6), ALL)?, [4, 5, 6].map(hash));
		assert!(hashes(&tree, &mut head, own(6), ALL)?.is_empty());
		Ok(())
	}

	#[test]
	fn what_does_not_fit_is_told_the_next_time() -> Result<(), Error> {
		let (tree, any) = (tree(), Filter::default());
		let few = [Limits { rows: 2, blocks: 100 }, Limits { rows: 100, blocks: 2 }];
		for limits in few {
			let mut head = own(3);
			let mut next = || logs(&tree, &any, &mut head, own(6), limits).map(told);
			assert_eq!(next()?, [(true, 3), (true, 2)]);
			assert_eq!(next()?, [(false, 4), (false, 5)]);
			assert_eq!(next()?, [(false, 6)]);
			assert_eq!(next()?, []);
		}
		let mut head = own(1);
		let limits = Limits { rows: 0, blocks: 0 };
		assert_eq!(hashes(&tree, &mut head, own(6), limits)?, [hash(4)]);
		Ok(())
	}

	#[test]
	fn a_way_that_is_not_known_is_an_error_only_once() -> Result<(), Error> {
		let (tree, mut head) = (tree(), own(99));
		assert!(hashes(&tree, &mut head, own(6), ALL).is_err());
		assert!(hashes(&tree, &mut head, own(6), ALL)?.is_empty());
		Ok(())
	}

	#[test]
	fn a_block_that_is_not_in_the_index_is_left_out() -> Result<(), Error> {
		let (mut tree, mut head) = (tree(), own(1));
		tree.forget(4);
		assert_eq!(hashes(&tree, &mut head, own(6), ALL)?, [5, 6].map(hash));
		Ok(())
	}

	#[test]
	fn removed_logs_of_a_block_are_taken_back_from_the_last() {
		let block = crate::live::testing::block(3, 9, 3);
		let any = Filter::default();
		assert_eq!(matching(&block, &any).len(), 3);
		let places = |removed| {
			let logs = block_logs(&block, &any, removed);
			logs.iter().map(|log| log.log_index).collect::<Vec<_>>()
		};
		assert_eq!(places(false), [Some(0), Some(1), Some(2)]);
		assert_eq!(places(true), [Some(2), Some(1), Some(0)]);
	}
}
