//! Changes of the best block, told block by block.

use super::{fan::Fan, Tree};
use crate::{Error, Hash};
use cybermiles_primitives::ethereum::EthereumBlock;
use futures::channel::mpsc::Receiver;
use futures_timer::Delay;
use std::{
	sync::{Arc, Mutex, PoisonError},
	time::Duration,
};

/// Blocks by which a listener may lag.
const LAG: usize = 256;
/// Blocks told without a pause, in which listeners catch up.
const BURST: usize = 64;
/// Length of the pause.
const PAUSE: Duration = Duration::from_millis(20);

/// A block that left the best chain or joined it.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
	/// The block.
	pub(crate) block: Arc<EthereumBlock>,
	/// Whether it left.
	pub(crate) removed: bool,
}

/// The best block as it was told last, and those who are told.
pub(crate) struct Heads {
	head: Mutex<Hash>,
	turns: Fan<Turn>,
}

impl Heads {
	/// Begins at `head`, of which nobody is told.
	pub(crate) const fn new(head: Hash) -> Self {
		Self { head: Mutex::new(head), turns: Fan::new(LAG) }
	}

	/// The best block as it was told last.
	pub(crate) fn head(&self) -> Hash {
		*self.head.lock().unwrap_or_else(PoisonError::into_inner)
	}

	fn set_head(&self, head: Hash) {
		*self.head.lock().unwrap_or_else(PoisonError::into_inner) = head;
	}

	/// The blocks that leave and join from now on.
	pub(crate) fn listen(&self) -> Receiver<Turn> {
		self.turns.listen()
	}

	/// Goes on to the best block of `tree` once it is in the index, and tells of each step. If `quiet`
	/// nothing is told: a node that catches up would drown its listeners in old blocks.
	///
	/// # Errors
	///
	/// If the way there cannot be read; then it goes there untold.
	pub(crate) async fn advance(&self, tree: &impl Tree, quiet: bool) -> Result<(), Error> {
		let Some(best) = tree.best()?.filter(|best| *best != self.head()) else { return Ok(()) };
		let told = match quiet || !self.turns.is_heard() {
			true => Ok(()),
			false => self.tell_until(tree, best).await,
		};
		self.set_head(best);
		told
	}

	async fn tell_until(&self, tree: &impl Tree, best: Hash) -> Result<(), Error> {
		for (step, number) in tree.route(self.head(), best)?.into_iter().zip(1..) {
			// The index already complained about a block that it does not have.
			if let Some(block) = tree.block(step.block)? {
				self.tell(Turn { block: Arc::new(block), removed: step.removed });
			}
			self.set_head(step.then);
			if number % BURST == 0 {
				Delay::new(PAUSE).await;
			}
		}
		Ok(())
	}

	fn tell(&self, turn: Turn) {
		let lagging = self.turns.tell(&turn);
		if lagging > 0 {
			log::warn!(
				"{lagging} subscriptions to blocks end: their readers are {LAG} blocks late"
			);
		}
	}
}

#[cfg(test)]
mod tests {
	use super::{
		super::tree::testing::{known_as, own, Fake},
		*,
	};
	use futures::{executor::block_on, FutureExt, StreamExt};
	use sp_core::H256;

	fn tree(blocks: &[(u8, u8)]) -> Fake {
		let mut tree = Fake::default();
		blocks.iter().for_each(|(parent, byte)| tree.add(*parent, *byte));
		tree
	}

	fn advance(heads: &Heads, tree: &Fake, quiet: bool) -> Result<(), Error> {
		block_on(heads.advance(tree, quiet))
	}

	/// What `listener` heard so far.
	fn heard(listener: &mut Receiver<Turn>) -> Vec<(bool, H256)> {
		let next = || listener.next().now_or_never().flatten();
		std::iter::from_fn(next).map(|turn| (turn.removed, turn.block.hash)).collect()
	}

	#[test]
	fn each_block_of_a_change_is_told_in_order() -> Result<(), Error> {
		let mut tree = tree(&[(0, 1), (1, 2), (2, 3)]);
		let heads = Heads::new(own(1));
		let mut listener = heads.listen();
		advance(&heads, &tree, false)?;
		assert_eq!(heard(&mut listener), [(false, known_as(2)), (false, known_as(3))]);
		[(1, 4), (4, 5), (5, 6)]
			.into_iter()
			.for_each(|(parent, byte)| tree.add(parent, byte));
		advance(&heads, &tree, false)?;
		let turns = [(true, 3), (true, 2), (false, 4), (false, 5), (false, 6)];
		assert_eq!(heard(&mut listener), turns.map(|(removed, byte)| (removed, known_as(byte))));
		assert_eq!(heads.head(), own(6));
		advance(&heads, &tree, false)?;
		assert_eq!(heard(&mut listener), []);
		Ok(())
	}

	#[test]
	fn a_block_is_told_once_it_is_in_the_index() -> Result<(), Error> {
		let mut tree = tree(&[(0, 1), (1, 2)]);
		tree.forget(2);
		let heads = Heads::new(own(1));
		let mut listener = heads.listen();
		advance(&heads, &tree, false)?;
		assert_eq!((heads.head(), heard(&mut listener)), (own(1), vec![]));
		tree.add(1, 2);
		advance(&heads, &tree, false)?;
		assert_eq!(heard(&mut listener), [(false, known_as(2))]);
		Ok(())
	}

	#[test]
	fn a_node_that_catches_up_tells_nothing() -> Result<(), Error> {
		let tree = tree(&[(0, 1), (1, 2), (2, 3)]);
		let heads = Heads::new(own(1));
		let mut listener = heads.listen();
		advance(&heads, &tree, true)?;
		assert_eq!((heads.head(), heard(&mut listener)), (own(3), vec![]));
		Ok(())
	}

	#[test]
	fn a_way_that_is_not_known_is_gone_untold() {
		let tree = tree(&[(0, 1), (1, 2)]);
		let heads = Heads::new(own(99));
		let mut listener = heads.listen();
		assert!(advance(&heads, &tree, false).is_err());
		assert_eq!((heads.head(), heard(&mut listener)), (own(2), vec![]));
	}

	#[test]
	fn a_long_way_is_told_slowly_enough_to_be_heard() -> Result<(), Error> {
		let blocks: Vec<_> = (1..=200).map(|byte| (byte - 1, byte)).collect();
		let tree = tree(&blocks);
		let heads = Heads::new(own(1));
		let listener = heads.listen();
		advance(&heads, &tree, false)?;
		drop(heads);
		assert_eq!(block_on(listener.count()), 199);
		Ok(())
	}
}
