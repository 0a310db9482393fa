//! `PositionObserver` hears of each change of what is bonded before it is made, and of nothing else.
//! The mock checks that what it is told still stands in the books then.

use crate::{mock::*, Positions};
use cybermiles_primitives::{traits::StakePools, Balance, ClassId, Rate, CMT};
use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};
use sp_runtime::Perbill;
use std::collections::BTreeMap;

/// Class and shares of each position, by candidate and account.
type Books = BTreeMap<(AccountId, AccountId), (ClassId, Balance)>;

fn books() -> Books {
	let positions = Positions::<Test>::iter();
	positions
		.map(|(candidate, who, position)| ((candidate, who), (position.class, position.shares)))
		.collect()
}

/// Runs `change` and expects that exactly those whose bonded part changed were told, each with what
/// it was. Returns who that is.
fn changed_by(change: impl FnOnce()) -> Vec<(AccountId, AccountId)> {
	let before = books();
	PositionsTold::take();
	change();
	let after = books();
	let shares = |books: &Books, key| books.get(&key).map_or(0, |(_, shares)| *shares);
	let mut told: Books = BTreeMap::new();
	for (candidate, who, class, shares) in PositionsTold::get() {
		// Of several changes in one call the first one says what it was before.
		told.entry((candidate, who)).or_insert((class, shares));
	}
	for (key, (class, held)) in &told {
		assert_eq!(shares(&before, *key), *held, "{key:?}");
		assert!(*held == 0 || before[key] == (*class, *held), "{key:?}");
	}
	let keys = before.keys().chain(after.keys()).copied();
	let silent = keys.filter(|key| !told.contains_key(key));
	for key in silent {
		assert_eq!(shares(&before, key), shares(&after, key), "{key:?} changed without a word");
	}
	told.into_keys().collect()
}

/// Candidate 1 with delegators 11 and 12; 11 has taken a part out, 13 everything.
fn staked(test: impl FnOnce()) {
	let builder = ExtBuilder::default().delegation(11, 1, 10_000).delegation(12, 1, 5_000);
	builder.delegation(13, 1, 4_000).build_and_execute(|| {
		undelegate(11, 1, 2_000);
		undelegate_all(13, 1);
		test()
	});
}

type Change = (&'static str, fn(), &'static [(AccountId, AccountId)]);

const CHANGES: [Change; 14] = [
	("declare", declare, &[(20, 20)]),
	("delegate", || delegate(14, 1, 1_000), &[(1, 14)]),
	("delegate more", || delegate(11, 1, 1), &[(1, 11)]),
	("delegate after all was taken out", || delegate(13, 1, 1_000), &[(1, 13)]),
	("undelegate a part", || undelegate(12, 1, 1), &[(1, 12)]),
	("undelegate all", || undelegate_all(12, 1), &[(1, 12)]),
	("rebond", || rebond_all(11, 1), &[(1, 11)]),
	("rebond after all was taken out", || rebond_all(13, 1), &[(1, 13)]),
	("update that needs more of the owner", raise_maximum, &[(1, 1)]),
	("hand over to a stranger", || hand_over(1, 1, 30), &[(1, 1), (1, 30)]),
	("hand over to a delegator", || hand_over(1, 1, 11), &[(1, 1), (1, 11)]),
	("another class", change_class, &[(1, 11)]),
	("pay what was earned", pay_earned, &[(1, 12)]),
	("pay after the candidate closed", pay_closed, &[(1, 1), (1, 12)]),
];

fn declare() {
	assert_ok!(Dpos::declare(signed(20), MAX_STAKE, MAX_RATE, MAX_STAKE / 10));
}

fn raise_maximum() {
	assert_ok!(Dpos::update(signed(1), Some(400_000 * CMT), None, None));
}

fn change_class() {
	assert_ok!(Dpos::move_to_class(&1, &11, ClassId::agreed_at(Rate(7))));
}

fn pay_earned() {
	assert_ok!(award(1, DELEGATORS, 150 * CMT));
	assert_ok!(Dpos::pay_earned(&1, &12));
}

fn pay_closed() {
	retire(1);
	run_full_eras(2);
	withdraw(12);
	withdraw(1);
}

#[test]
fn observer_should_be_told_of_each_call_that_changes_what_is_bonded() {
	for (name, change, expected) in CHANGES {
		println!("{name}");
		staked(|| assert_eq!(changed_by(change), expected, "{name}"));
	}
}

#[test]
fn observer_should_be_told_of_payments_in_idle_time() {
	staked(|| {
		retire(1);
		run_full_eras(2);
		let changed = changed_by(|| {
			Dpos::on_idle(System::block_number(), Weight::MAX);
		});
		assert_eq!(changed, [(1, 1), (1, 11), (1, 12)]);
	});
}

#[test]
fn observer_should_be_told_nothing_when_shares_stay() {
	staked(|| {
		let changed = changed_by(|| {
			assert_ok!(award(1, DELEGATORS, 150 * CMT));
			slash(1, Perbill::from_percent(7), 0);
			deactivate(1);
			assert_ok!(Dpos::activate(signed(1)));
			assert_ok!(Dpos::update(signed(1), None, Some(Rate(3)), Some(Rate(5))));
			assert_ok!(Dpos::offer_ownership(signed(1), Some(30)));
			assert_ok!(Dpos::move_to_class(&1, &11, Dpos::class_of(&1, &11).expect("bonded")));
			run_eras(1);
			retire(1);
		});
		assert_eq!(changed, []);
	});
}

#[test]
fn observer_should_be_told_when_a_position_is_gone() {
	staked(|| {
		PositionsGone::take();
		run_full_eras(2);
		// 11 is paid a part and keeps the rest; 13 is paid all.
		withdraw(11);
		assert_eq!(PositionsGone::get(), []);
		withdraw(13);
		assert_eq!(PositionsGone::get(), [(1, 13)]);
		assert!(!Positions::<Test>::contains_key(1, 13));
	});
}

#[test]
fn observer_should_be_told_of_all_that_go_with_a_candidate() {
	staked(|| {
		PositionsGone::take();
		retire(1);
		run_eras(2);
		let mut gone = PositionsGone::get();
		gone.sort_unstable();
		assert_eq!(gone, [(1, 1), (1, 11), (1, 12), (1, 13)]);
	});
}

#[test]
fn observer_should_see_a_position_that_begins_with_nothing() {
	staked(|| {
		PositionsTold::take();
		delegate(14, 1, 1_000);
		assert_eq!(PositionsTold::get(), [(1, 14, DELEGATORS, 0)]);
		assert_noop!(Dpos::delegate(signed(15), 1, CMT), crate::Error::<Test>::BelowMinimum);
	});
}
