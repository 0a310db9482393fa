use super::*;
use crate::live::testing::{block, known_as, own};
use alloy_primitives::B256;
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;

/// Blocks in memory, which are known by a byte.
#[derive(Default)]
struct Fake {
	/// The best chain.
	best: Vec<u8>,
	/// Number and parent of every block.
	places: BTreeMap<Hash, (u64, Hash)>,
	/// The last blocks of forks.
	leaves: Vec<u8>,
	/// Blocks without state.
	pruned: BTreeSet<Hash>,
	/// Blocks that their runtime does not tell of.
	dumb: BTreeSet<Hash>,
	/// Blocks whose extrinsics are not stored.
	hollow: BTreeSet<Hash>,
}

impl Source for Fake {
	fn best(&self) -> u64 {
		self.best.len() as u64 - 1
	}

	fn canonical(&self, number: u64) -> Result<Option<Hash>, Error> {
		Ok(self.best.get(number as usize).copied().map(own))
	}

	fn leaves(&self) -> Result<Vec<Hash>, Error> {
		Ok(self.leaves.iter().copied().map(own).collect())
	}

	fn place(&self, hash: Hash) -> Result<Option<(u64, Hash)>, Error> {
		Ok(self.places.get(&hash).copied())
	}

	fn has_state(&self, hash: Hash, number: u64) -> bool {
		assert_eq!(self.places[&hash].0, number);
		!self.pruned.contains(&hash)
	}

	fn block(&self, hash: Hash) -> Result<Option<EthereumBlock>, Error> {
		assert!(!self.pruned.contains(&hash), "there is no state");
		if self.dumb.contains(&hash) {
			return Err(Error::Internal("no such method".into()));
		}
		let (number, byte) = (self.places[&hash].0, hash.as_bytes()[0]);
		Ok((!self.hollow.contains(&hash)).then(|| block(number, byte, 1)))
	}
}

impl Fake {
	/// A best chain of 0 to 9, and upon 6 the fork of 20 and 21.
	fn new() -> Self {
		let mut fake = Self { best: (0..10).collect(), leaves: vec![9, 21], ..Self::default() };
		for number in 0..10u8 {
			let place = (number.into(), own(number.saturating_sub(1)));
			fake.places.insert(own(number), place);
		}
		fake.places.insert(own(20), (7, own(6)));
		fake.places.insert(own(21), (8, own(20)));
		fake
	}
}

fn set(bytes: &[u8]) -> BTreeSet<Hash> {
	bytes.iter().copied().map(own).collect()
}

struct Fixture {
	index: Index,
	_folder: TempDir,
}

impl Fixture {
	fn new() -> Self {
		let folder = TempDir::new().unwrap();
		let index = Index::open(&folder.path().join("ethereum"), own(0)).unwrap();
		Self { index, _folder: folder }
	}

	/// An index that has these blocks.
	fn with(bytes: impl IntoIterator<Item = u8>) -> Self {
		let (this, fake) = (Self::new(), Fake::new());
		for byte in bytes {
			let block = fake.block(own(byte)).unwrap().unwrap();
			this.index.insert(own(byte), &block).unwrap();
		}
		this
	}

	fn run(&self, source: &Fake, scope: Scope) -> Tally {
		CatchUp { source, index: &self.index, scope, tally: Tally::default() }
			.run()
			.unwrap()
	}

	fn known(&self) -> Vec<u8> {
		(0..30).filter(|byte| self.index.contains(own(*byte)).unwrap()).collect()
	}
}

fn indexed(indexed: u64) -> Tally {
	Tally { indexed, ..Tally::default() }
}

#[test]
fn an_empty_index_takes_up_all_forks_from_genesis_on() {
	let fixture = Fixture::new();
	assert_eq!(fixture.run(&Fake::new(), Scope::Missing), indexed(12));
	assert_eq!(fixture.known(), (0..10).chain([20, 21]).collect::<Vec<_>>());
	let hash = B256::from(known_as(20).0);
	assert_eq!(fixture.index.own_hashes(hash).unwrap(), [own(20)]);
}

#[test]
fn only_the_lost_end_is_taken_up() {
	for known in 1..10 {
		let fixture = Fixture::with((0..known).chain([20]));
		let missing = 10 - u64::from(known) + 1;
		assert_eq!(fixture.run(&Fake::new(), Scope::Missing), indexed(missing));
		assert_eq!(fixture.run(&Fake::new(), Scope::Missing), indexed(0));
	}
}

#[test]
fn what_was_broken_off_goes_on_from_there() {
	let fixture = Fixture::with(0..3);
	let mut fake = Fake::new();
	// As if it had been broken off after 3 and 4.
	fake.best.truncate(5);
	fake.leaves.clear();
	assert_eq!(fixture.run(&fake, Scope::Missing), indexed(2));
	assert_eq!(fixture.run(&Fake::new(), Scope::Missing), indexed(7));
}

#[test]
fn blocks_without_state_stay_as_they_are() {
	let fixture = Fixture::with([2]);
	let mut fake = Fake::new();
	fake.pruned = set(&[0, 1, 2, 3, 4, 20]);
	assert_eq!(fixture.run(&fake, Scope::Missing), indexed(6));
	assert_eq!(fixture.known(), [2, 5, 6, 7, 8, 9, 21]);
}

#[test]
fn a_rebuild_takes_up_all_whose_state_is_there() {
	let fixture = Fixture::with(0..10);
	let mut fake = Fake::new();
	fake.pruned = set(&[0, 1, 2, 3]);
	assert_eq!(fixture.run(&fake, Scope::All), indexed(8));
	assert_eq!(fixture.known(), (0..10).chain([20, 21]).collect::<Vec<_>>());
}

#[test]
fn what_cannot_be_read_is_counted_and_does_not_stop_the_rest() {
	let fixture = Fixture::new();
	let fake = Fake { dumb: set(&[3, 20]), hollow: set(&[5]), ..Fake::new() };
	let tally = fixture.run(&fake, Scope::Missing);
	assert_eq!(tally, Tally { indexed: 9, without_body: 1, failed: 2 });
	assert_eq!(fixture.known(), [0, 1, 2, 4, 6, 7, 8, 9, 21]);
}
