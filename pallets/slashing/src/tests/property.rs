//! Attendance against a naive recount that goes through every slot.

use crate::{mock::*, Absentees, MassAbsent};
use proptest::prelude::*;
use sp_runtime::Perbill;
use std::collections::{BTreeMap, BTreeSet};

/// What can happen between two blocks.
#[derive(Clone, Debug)]
enum Step {
	/// The next block leaves so many slots unused.
	Block(u64),
	/// A session of so many validators begins.
	Session(u64),
	/// The limit of missed turns changes.
	Limit(u32),
	/// The limit of mass absence changes, to so many per cent.
	Mass(u32),
}

fn step() -> impl Strategy<Value = Step> {
	prop_oneof![
		20 => (0..3u64).prop_map(Step::Block),
		5 => (0..30u64).prop_map(Step::Block),
		1 => (1..9u64).prop_map(Step::Session),
		1 => (0..6u32).prop_map(Step::Limit),
		1 => (0..101u32).prop_map(Step::Mass),
	]
}

/// Counts with one number for each validator and a loop over each slot.
#[derive(Default)]
struct Naive {
	missed: BTreeMap<AccountId, u32>,
	kept_out: BTreeSet<AccountId>,
	jailed_until: BTreeMap<AccountId, u64>,
	mass: bool,
	punished: usize,
}

impl Naive {
	fn judge(&mut self) {
		let (absent, all) = (self.missed.len() as u64, Seats::get().len() as u64);
		let parts = u64::from(MassAbsence::get().deconstruct());
		let mass = absent > 0 && absent * 1_000_000_000 >= (parts + 1) * all;
		if mass && !self.mass {
			self.missed.values_mut().for_each(|count| *count = 0);
		}
		self.mass = mass;
	}

	fn is_jailed(&self, who: AccountId) -> bool {
		self.jailed_until.get(&who).is_some_and(|until| Now::get() < *until)
	}

	fn block(&mut self, last: u64, slot: u64) {
		let author = turn_of(slot);
		if slot == last + 1 && (self.is_jailed(author) || !self.missed.contains_key(&author)) {
			return;
		}
		for unused in last + 1..slot {
			self.missed.entry(turn_of(unused)).or_default();
		}
		self.judge();
		let mut culprits = BTreeSet::new();
		for unused in last + 1..slot {
			let who = turn_of(unused);
			if !self.mass && !self.kept_out.contains(&who) {
				*self.missed.get_mut(&who).expect("absent") += 1;
			}
		}
		for (who, count) in &mut self.missed {
			let missed_now = (last + 1..slot).any(|unused| turn_of(unused) == *who);
			if missed_now && *count > 0 && *count >= DowntimeTurns::get().max(1) {
				*count = 0;
				culprits.insert(*who);
			}
		}
		if !self.is_jailed(author) && self.missed.remove(&author).is_some() {
			self.kept_out.remove(&author);
			self.judge();
		}
		for who in culprits {
			self.punished += 1;
			self.missed.insert(who, 0);
			self.kept_out.insert(who);
			self.jailed_until.insert(who, Now::get() + JailTime::get());
		}
	}

	fn session(&mut self) {
		let seats = Seats::get();
		self.missed.retain(|who, _| seats.contains(who));
		self.kept_out = seats.iter().copied().filter(|who| self.is_jailed(*who)).collect();
		for who in &self.kept_out {
			self.missed.entry(*who).or_default();
		}
		self.judge();
	}

	fn assert_agrees(&self) {
		let counted: BTreeMap<_, _> =
			Absentees::<Test>::get().into_iter().map(|(who, a)| (who, a.missed)).collect();
		assert_eq!(counted, self.missed);
		assert_eq!(MassAbsent::<Test>::get(), self.mass);
		assert_eq!(Asked::get().len(), self.punished);
	}
}

fn run(steps: Vec<Step>) {
	ExtBuilder::default().build_and_execute(|| {
		let mut naive = Naive::default();
		JailTime::set(20 * SLOT_MILLIS);
		// Whoever is in jail authors all the same, which is the harder case.
		MaxDisabled::set(0);
		for step in steps {
			match step {
				Step::Block(gap) => {
					let last = SlotNow::get();
					block_at(last + 1 + gap);
					naive.block(last, last + 1 + gap);
				},
				Step::Session(count) => {
					block_at(SlotNow::get() + 1);
					naive.block(SlotNow::get() - 1, SlotNow::get());
					Seats::set((1..=count).collect());
					begin_session();
					naive.session();
				},
				Step::Limit(turns) => DowntimeTurns::set(turns),
				Step::Mass(percent) => MassAbsence::set(Perbill::from_percent(percent)),
			}
			naive.assert_agrees();
		}
	});
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

	#[test]
	fn attendance_should_match_a_naive_recount(steps in prop::collection::vec(step(), 1..200)) {
		run(steps);
	}
}
