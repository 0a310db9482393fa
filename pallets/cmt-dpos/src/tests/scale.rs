//! What must not grow with the number of delegators or candidates.

use crate::{mock::*, Candidate, Candidates, RankKey, Ranking};
use cybermiles_primitives::{Balance, CMT};
use frame_support::{assert_ok, storage::with_transaction, traits::fungible::Mutate};
use sp_io::TestExternalities;
use sp_runtime::{DispatchResult, TransactionOutcome};
use std::{
	cmp::Reverse,
	time::{Duration, Instant},
};

/// A candidate that takes any stake, and `delegators` behind it, in memory.
fn crowded(delegators: u64) -> TestExternalities {
	let mut ext = ExtBuilder::default().candidate(7, 9_000_000, 900_000).build();
	ext.execute_with(|| {
		assert_ok!(Balances::mint_into(&7, 100_000_000 * CMT));
		assert_ok!(Dpos::update(signed(7), Some(900_000_000 * CMT), None, None));
		for who in 1_000..1_000 + delegators {
			assert_ok!(Balances::mint_into(&who, 2_000 * CMT));
			delegate(who, 7, 1_000);
		}
		System::reset_events();
		// The mock copies this list whenever it adds to it.
		Announced::take();
	});
	ext
}

/// What closing a candidate with that many delegators costs.
struct Cost {
	/// Storage keys written.
	writes: usize,
	/// Trie nodes read.
	nodes: usize,
	time: Duration,
	/// Time of a call that has nothing to do with the delegators, on the same state.
	yardstick: Duration,
}

fn cost_of_retiring(delegators: u64) -> Cost {
	let mut ext = crowded(delegators);
	let (time, yardstick) = ext.execute_with(|| (time_of(|| retire(7)), time_of(|| deactivate(1))));
	ext.execute_with(|| Dpos::do_try_state().expect("invariants hold"));
	ext.commit_all().expect("writes");
	let nodes = ext.execute_and_prove(|| retire(7)).1.len();
	let writes = ext.overlayed_changes().changes().count();
	ext.execute_with(|| Dpos::do_try_state().expect("invariants hold"));
	Cost { writes, nodes, time, yardstick }
}

/// The best of many, so that a cold cache does not count. Every call is undone.
fn time_of(call: impl Fn()) -> Duration {
	let once = || {
		let start = Instant::now();
		let result = with_transaction(|| {
			call();
			TransactionOutcome::Rollback(DispatchResult::Ok(()))
		});
		result.expect("rolls back");
		start.elapsed()
	};
	(0..200).map(|_| once()).min().expect("some runs")
}

fn ratio(much: Duration, little: Duration) -> f64 {
	much.as_secs_f64() / little.as_secs_f64()
}

/// `CMT_DPOS_DELEGATORS` raises the number of delegators.
///
/// The maps in which the tests keep their state slow down as they grow, for every call alike: that
/// is what the yardstick tells.
#[test]
fn retire_should_cost_the_same_when_many_more_delegate() {
	let many = std::env::var("CMT_DPOS_DELEGATORS").map_or(2_000, |n| n.parse().expect("number"));
	let (few, lots) = (cost_of_retiring(10), cost_of_retiring(many));
	println!(
		"retire with 10 / {many} delegators: {} / {} keys written, {} / {} trie nodes read, \
		 {:?} / {:?}, ratio of times {:.2}; of deactivate {:.2}",
		few.writes,
		lots.writes,
		few.nodes,
		lots.nodes,
		few.time,
		lots.time,
		ratio(lots.time, few.time),
		ratio(lots.yardstick, few.yardstick),
	);
	assert_eq!(few.writes, lots.writes);
	// The same keys are read; their paths grow with the logarithm of the state.
	assert!(lots.nodes <= few.nodes * 3, "{} nodes read instead of {}", lots.nodes, few.nodes);
}

#[test]
fn payments_should_all_be_made_in_one_block_when_there_is_room() {
	let mut ext = crowded(2_000);
	ext.commit_all().expect("writes");
	ext.execute_with(|| (1_000..3_000).for_each(|who| undelegate_all(who, 7)));
	ext.commit_all().expect("writes");
	ext.execute_with(|| {
		run_eras(2);
		assert!((1_000..3_000).all(|who| free(who) == 2_000 * CMT));
		assert_eq!(candidate(7).positions, 1);
		assert_ok!(Dpos::do_try_state());
	});
}

/// The work of a block that pays must be in proportion to what it pays: an iteration that begins
/// anew for each payment passes over all deleted ones again.
#[test]
fn payments_should_cost_in_proportion_when_a_block_makes_many() {
	let pay = |delegators: u64| {
		let mut ext = crowded(delegators);
		ext.execute_with(|| {
			(1_000..1_000 + delegators).for_each(|who| undelegate_all(who, 7));
			run_full_eras(2);
		});
		ext.commit_all().expect("writes");
		ext.execute_with(|| {
			let start = Instant::now();
			run_block(frame_support::weights::Weight::MAX);
			assert_eq!(candidate(7).positions, 1);
			start.elapsed()
		})
	};
	let best = |delegators| (0..2).map(|_| pay(delegators)).min().expect("two runs");
	let (few, many) = (best(500), best(4_000));
	let ratio = ratio(many, few);
	println!("paying 500 / 4000 delegators: {few:?} / {many:?}, ratio {ratio:.1}");
	assert!(ratio < 32.0, "8 times the payments took {ratio:.1} times as long");
}

/// A plain generator of pseudo-random numbers (SplitMix64).
struct Random(u64);

impl Random {
	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
		let mut z = self.0;
		z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
		z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
		z ^ (z >> 31)
	}

	/// A stake of which there will be ties, and that differs in every byte of its number.
	fn stake(&mut self) -> Balance {
		let bits = self.next() % 127;
		match self.next() % 3 {
			0 => Balance::from(self.next() % 8),
			1 => 1 << bits,
			_ => (Balance::from(self.next()) << 64 | Balance::from(self.next())) >> (bits % 127),
		}
	}
}

/// Moves candidate `who` to another stake, as every change of its pools does.
fn set_stake(who: AccountId, stake: Balance) {
	let info = Candidates::<Test>::get(who);
	let info = info.unwrap_or_else(|| Candidate { owner: who, order: who, ..candidate(1) });
	Dpos::leave_ranking(&info);
	let info = Candidate { stake, ..info };
	Dpos::join_ranking(&who, &info);
	Candidates::<Test>::insert(who, info);
}

fn assert_sorted(count: usize) {
	let ranked: Vec<_> = Ranking::<Test>::iter().collect();
	assert_eq!(ranked.len(), count);
	let mut expected: Vec<_> = Candidates::<Test>::iter()
		.map(|(who, info)| (Reverse(info.stake), info.order, who))
		.collect();
	expected.sort_unstable();
	for ((key, who), (Reverse(stake), order, expected)) in ranked.into_iter().zip(expected) {
		assert_eq!((key, who), (RankKey::new(stake, order), expected));
	}
}

#[test]
fn ranking_should_be_sorted_by_stake_and_age_when_read_from_memory_database_and_both() {
	let mut random = Random(19);
	let mut ext = ExtBuilder::default().build();
	let all = 1_000..1_500;
	ext.execute_with(|| {
		all.clone().for_each(|who| set_stake(who, random.stake()));
		assert_sorted(506);
	});
	ext.commit_all().expect("writes");
	ext.execute_with(|| assert_sorted(506));
	for _ in 0..5 {
		ext.execute_with(|| {
			for _ in 0..100 {
				set_stake(1_000 + random.next() % 500, random.stake());
			}
			assert_sorted(506);
		});
		ext.commit_all().expect("writes");
		ext.execute_with(|| assert_sorted(506));
	}
}
