//! Folding: what a seat earned reaches the pools of its candidate.

use super::{at, part, without_inflation};
use crate::{mock::*, AccountBooks};
use cybermiles_primitives::{traits::PoolObserver, Balance, ClassId, Rate, CMT};
use frame_support::assert_ok;
use sp_runtime::Perbill;

fn undistributed() -> Balance {
	AccountBooks::<Test>::get().undistributed
}

/// Candidate 1 with delegators 11 at 50 %, 12 at 20 % and 13 at nothing.
fn classes(test: impl FnOnce()) {
	ExtBuilder::default().delegation(11, 1, 10_001).build_and_execute(|| {
		set_default_rate(1, Rate(200));
		delegate(12, 1, 7_003);
		set_default_rate(1, Rate(0));
		delegate(13, 1, 3_007);
		test()
	});
}

const fn class(tenths: u16) -> ClassId {
	ClassId::agreed_at(Rate(tenths))
}

/// What each class gets of `amount` before compensation, and what compensation is.
fn split(amount: Balance) -> (Vec<(ClassId, Balance, Balance)>, Balance) {
	let pools = pools(1);
	let total = pools.iter().map(|(_, stake)| stake).sum();
	let parts = pools.iter().map(|(class, stake)| {
		let (part, rate) = (part(amount, *stake, total), u128::from(class.agreed_rate().0));
		(*class, at(part, 1_000 - rate), at(part, rate))
	});
	let parts: Vec<_> = parts.collect();
	let compensation = parts.iter().map(|(_, _, compensation)| compensation).sum();
	(parts, compensation)
}

#[test]
fn fold_should_give_each_class_its_part_less_its_rate_when_rates_differ() {
	classes(|| {
		next_block();
		let (amount, before) = (owed(1), pools(1));
		let (parts, compensation) = split(amount);
		fold(1);
		let mut given = 0;
		for ((class, stake), (_, part, _)) in before.into_iter().zip(parts) {
			let to_owner = if class == ClassId::OWNER { compensation } else { 0 };
			assert!(pools(1).contains(&(class, stake + part + to_owner)));
			given += part;
		}
		assert!(compensation > 0);
		assert_eq!(undistributed(), amount - given - compensation);
		assert_eq!(seat_award(1).compensation, compensation);
	});
}

#[test]
fn owners_class_should_pay_nothing_when_it_is_alone() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		let amount = owed(1);
		fold(1);
		assert_eq!(pools(1), [(ClassId::OWNER, 29_000 * CMT + amount)]);
		assert_eq!((seat_award(1).award, seat_award(1).compensation), (amount, 0));
	});
}

#[test]
fn compensation_should_be_due_to_an_account_when_the_owner_chose_one() {
	classes(|| {
		assert_ok!(Compensation::set_compensation_account(signed(1), Some(60)));
		next_block();
		let (parts, compensation) = split(owed(1));
		let own = pools(1).into_iter().find(|(class, _)| *class == ClassId::OWNER);
		fold(1);
		let owners_part = parts.iter().find(|(class, ..)| *class == ClassId::OWNER);
		let owners = own.expect("a class").1 + owners_part.expect("a part").1;
		assert!(pools(1).contains(&(ClassId::OWNER, owners)));
		assert_eq!(
			(due(60), AccountBooks::<Test>::get().compensation),
			(compensation, compensation)
		);
	});
}

#[test]
fn compensation_should_be_due_to_the_owner_when_its_self_stake_is_worthless() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		slash(1, Perbill::one());
		set_default_rate(1, Rate(100));
		delegate(12, 1, 5_000);
		next_block();
		let amount = owed(1);
		fold(1);
		assert_eq!(due(1), at(amount, 100));
		assert!(pools(1).contains(&(class(100), 5_000 * CMT + at(amount, 900))));
		assert!(pools(1).contains(&(ClassId::OWNER, 0)));
	});
}

#[test]
fn award_should_all_be_compensation_when_the_rate_is_one_hundred_per_cent() {
	ExtBuilder::default().build_and_execute(|| {
		pallet_cmt_dpos::Candidates::<Test>::mutate_extant(1, |info| {
			info.terms.max_rate = Rate::MAX;
		});
		set_default_rate(1, Rate::MAX);
		delegate(11, 1, 29_000);
		next_block();
		let half = owed(1) / 2;
		fold(1);
		assert_eq!(value(11, 1), 29_000 * CMT);
		assert!(pools(1).contains(&(ClassId::OWNER, 29_000 * CMT + 2 * half)));
		assert_eq!(seat_award(1).compensation, half);
	});
}

#[test]
fn award_should_join_the_next_when_the_candidate_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		assert_ok!(Dpos::retire(signed(1)));
		// What it earned until then is its own.
		assert_eq!(owed(1), 0);
		let stake = pools(1);
		let earned = seat_award(1).award;
		next_block();
		let (amount, before) = (owed(1), undistributed());
		fold(1);
		assert_eq!((pools(1), undistributed()), (stake, before + amount));
		assert_eq!(seat_award(1).award, earned);
		next_block();
		assert_eq!(award().carried, before + amount);
	});
}

#[test]
fn award_should_join_the_next_when_all_pools_are_worthless() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		slash(1, Perbill::one());
		next_block();
		let (amount, before) = (owed(1), undistributed());
		fold(1);
		assert_eq!(undistributed(), before + amount);
		assert_eq!((due(1), seat_award(1).compensation), (0, 0));
	});
}

/// One planck has no half, whoever it would fall to.
#[test]
fn award_should_join_the_next_when_it_is_too_small_to_split() {
	ExtBuilder::default().delegation(11, 1, 29_000).build_and_execute(|| {
		without_inflation();
		[2, 3].into_iter().for_each(go_absent);
		pay_fees(50, 2);
		next_block();
		assert_eq!(owed(1), 1);
		let before = pools(1);
		fold(1);
		assert_eq!((pools(1), undistributed(), due(1)), (before, 1, 0));
	});
}

#[test]
fn fold_should_come_first_when_pools_are_about_to_change() {
	let changes: [(&str, fn()); 9] = [
		("delegate", || delegate(12, 1, 1_000)),
		("undelegate", || undelegate_all(11, 1)),
		("rebond", || assert!(Dpos::rebond(signed(13), 1, None).is_ok())),
		("slash", || assert!(slash(1, Perbill::from_percent(1)) > 0)),
		("update", || Dpos::update(signed(1), None, None, Some(Rate(100))).expect("accepted")),
		("hand over", || hand_over(1, 1, 60)),
		("harvest", || Compensation::harvest(signed(11), 1).expect("accepted")),
		("rate", || Compensation::lower_rate(signed(1), 11, Rate(1)).expect("accepted")),
		("account", || {
			Compensation::set_compensation_account(signed(1), Some(60)).expect("accepted")
		}),
	];
	for (name, change) in changes {
		let builder = ExtBuilder::default().delegation(11, 1, 10_000).delegation(13, 1, 5_000);
		builder.build_and_execute(|| {
			undelegate_all(13, 1);
			next_block();
			let amount = owed(1);
			assert!(amount > 0);
			change();
			assert_eq!((owed(1), seat_award(1).award), (0, amount), "{name}");
		});
	}
}

#[test]
fn newcomer_should_not_share_what_was_earned_before_when_it_joins() {
	classes(|| {
		run_blocks(3);
		let old = value(13, 1);
		delegate(14, 1, 3_007);
		assert_eq!(value(13, 1), old);
		assert!(3_007 * CMT - value(14, 1) <= 1);
	});
}

#[test]
fn leaver_should_take_what_was_earned_when_it_leaves() {
	classes(|| {
		run_blocks(3);
		let worth = value(13, 1);
		assert!(worth > 3_007 * CMT);
		undelegate_all(13, 1);
		assert_eq!(position(13, 1).unbonding[0].amount, worth);
	});
}

#[test]
fn fold_should_do_nothing_when_there_is_no_seat_or_nothing_earned() {
	ExtBuilder::default().build_and_execute(|| {
		let root = || sp_io::storage::root(sp_runtime::StateVersion::V1);
		let before = root();
		for candidate in [1, 4, 6, 77] {
			Compensation::before_change(&candidate);
		}
		assert_eq!(root(), before);
	});
}
