//! How work is counted.
//!
//! The work of an operation is what it touches of the state: the distinct keys that it reads from
//! the database and the distinct keys that it writes. Each counts with the time that the chain
//! itself charges for it, [`ParityDbWeight`]: 8 us for a read, 50 us for a write. The count is the
//! same in every run and on every machine.
//!
//! As in FRAME's benchmarks, keys that each block touches anyway are not counted (the block's
//! number, its events, the total issuance and the like), and neither is a read of what the operation
//! wrote before.
//!
//! The charge of a key does not depend on how many keys there are, although the trie gets deeper by
//! a level for each sixteenfold. So the trie's nodes that an operation visits, for its reads and for
//! the new root, are counted too, and the time is taken. They are reported beside the work.

use frame_support::{
	storage::{transactional::TRANSACTION_LEVEL_KEY, with_transaction_unchecked},
	weights::{constants::ParityDbWeight, Weight},
};
use sp_core::{
	storage::{well_known_keys::EXTRINSIC_INDEX, StateVersion, TrackedStorageKey},
	Blake2Hasher,
};
use sp_io::TestExternalities;
use sp_runtime::TransactionOutcome;
use sp_trie::recorder::Recorder;
use std::{
	collections::BTreeSet,
	iter::Sum,
	ops::{Add, Mul},
	time::{Duration, Instant},
};

/// How often an operation is timed.
const ROUNDS: usize = 101;

/// What an operation touches of the state.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Work {
	/// Distinct keys read from the database.
	pub reads: u64,
	/// Distinct keys written.
	pub writes: u64,
	/// Distinct nodes of the trie visited for all reads and for the new root.
	pub nodes: u64,
	/// Size of these nodes, in bytes.
	pub bytes: u64,
}

impl Work {
	/// Keys read and keys written.
	pub fn keys(&self) -> u64 {
		self.reads + self.writes
	}

	/// What the chain charges for it.
	pub fn weight(&self) -> Weight {
		ParityDbWeight::get().reads_writes(self.reads, self.writes)
	}

	/// What the chain charges for it, in microseconds.
	pub fn micros(&self) -> f64 {
		self.weight().ref_time() as f64 / 1e6
	}
}

impl Add for Work {
	type Output = Self;

	fn add(self, other: Self) -> Self {
		Self {
			reads: self.reads + other.reads,
			writes: self.writes + other.writes,
			nodes: self.nodes + other.nodes,
			bytes: self.bytes + other.bytes,
		}
	}
}

impl Mul<u64> for Work {
	type Output = Self;

	fn mul(self, times: u64) -> Self {
		Self {
			reads: self.reads * times,
			writes: self.writes * times,
			nodes: self.nodes * times,
			bytes: self.bytes * times,
		}
	}
}

impl Sum for Work {
	fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
		all.fold(Self::default(), Add::add)
	}
}

/// A state in a database of its own, to which every measurement returns.
pub struct State {
	ext: TestExternalities,
	/// The keys that do not count.
	ignored: BTreeSet<Vec<u8>>,
}

impl State {
	/// `ext`, of a runtime in which `per_block` are the keys that each block touches anyway.
	pub fn new(mut ext: TestExternalities, per_block: Vec<TrackedStorageKey>) -> Self {
		ext.commit_all().unwrap();
		let mut ignored: BTreeSet<_> = per_block.into_iter().map(|key| key.key).collect();
		ignored.insert(TRANSACTION_LEVEL_KEY.to_vec());
		ignored.insert(EXTRINSIC_INDEX.to_vec());
		Self { ext, ignored }
	}

	/// Changes the state for all measurements that follow.
	pub fn set_up<R>(&mut self, change: impl FnOnce() -> R) -> R {
		let result = self.ext.execute_with(change);
		self.ext.commit_all().unwrap();
		result
	}

	/// Writes encoded entries.
	pub fn insert(&mut self, entries: Vec<(Vec<u8>, Vec<u8>)>) {
		self.ext.batch_insert(entries);
	}

	/// What `operation` touches.
	pub fn work(&mut self, operation: impl FnOnce()) -> Work {
		let recorder = Recorder::<Blake2Hasher>::default();
		self.ext.execute_with_recorder(recorder.clone(), operation);
		let keys = recorder.recorded_keys();
		let read: BTreeSet<_> = keys.values().flat_map(|trie| trie.keys()).collect();
		let reads = read.into_iter().filter(|key| !self.ignored.contains(&key[..])).count();
		let changes = self.ext.overlayed_changes().changes();
		let writes = changes.filter(|(key, _)| !self.ignored.contains(*key)).count();
		self.ext.execute_with_recorder(recorder.clone(), || {
			sp_io::storage::root(StateVersion::V1);
		});
		self.ext.reset_overlay();
		let proof = recorder.drain_storage_proof();
		Work {
			reads: reads as u64,
			writes: writes as u64,
			nodes: proof.iter_nodes().count() as u64,
			bytes: proof.iter_nodes().map(|node| node.len() as u64).sum(),
		}
	}

	/// The median time of `operation`, without the new root.
	pub fn time(&mut self, operation: impl Fn()) -> Duration {
		let mut times: Vec<_> = (0..ROUNDS).map(|_| self.time_once(&operation)).collect();
		times.sort_unstable();
		times[ROUNDS / 2]
	}

	fn time_once(&mut self, operation: impl Fn()) -> Duration {
		let time = self.ext.execute_with(|| {
			with_transaction_unchecked(|| {
				let start = Instant::now();
				operation();
				TransactionOutcome::Rollback(start.elapsed())
			})
		});
		self.ext.reset_overlay();
		time
	}
}
