//! What a slash took, pool by pool, and how it is given back.

use crate::{mock::*, Error, StakeTotals, UnbondingPools};
use cybermiles_primitives::{traits::StakePools, Balance, ClassId, PoolCut, PoolRef, CMT};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::Perbill;

fn ten() -> Perbill {
	Perbill::from_percent(10)
}

/// 11 and 12 have 10,000 and 5,000 CMT behind candidate 1; 12 takes 2,000 out in the first era and
/// 1,000 in the second.
fn bonded(test: impl FnOnce()) {
	let builder = ExtBuilder::default().delegation(11, 1, 10_000).delegation(12, 1, 5_000);
	builder.build_and_execute(|| {
		undelegate(12, 1, 2_000);
		run_eras(1);
		undelegate(12, 1, 1_000);
		test()
	});
}

/// Slashes and leaves the money in escrow.
fn cuts() -> Vec<PoolCut> {
	Dpos::slash(&1, ten(), 0)
}

fn restore(cuts: &[PoolCut]) {
	for cut in cuts {
		assert_ok!(Dpos::restore(&1, cut));
	}
}

#[test]
fn slash_should_tell_each_pool_when_it_takes_from_several() {
	bonded(|| {
		let before = StakeTotals::<Test>::get();
		let cuts = cuts();
		let cut = |pool, cmt: Balance| PoolCut { pool, amount: cmt * CMT };
		let expected = [
			cut(PoolRef::Class(DELEGATORS), 1_200),
			cut(PoolRef::Class(ClassId::OWNER), 2_900),
			cut(PoolRef::Unbonding(0), 200),
			cut(PoolRef::Unbonding(1), 100),
		];
		assert_eq!(cuts, expected);
		let (after, sum) = (StakeTotals::<Test>::get(), 4_400 * CMT);
		assert_eq!(before.bonded + before.unbonding, after.bonded + after.unbonding + sum);
		restore(&cuts);
	});
}

#[test]
fn restore_should_give_everybody_back_what_was_taken_when_nobody_moved() {
	bonded(|| {
		let worth = || [1, 11, 12].map(|who| (value(who, 1), waiting(who, 1)));
		let (before, totals) = (worth(), StakeTotals::<Test>::get());
		let cuts = cuts();
		assert_ne!(worth(), before);
		Announced::take();
		restore(&cuts);
		assert_eq!((worth(), StakeTotals::<Test>::get()), (before, totals));
		assert_eq!(Announced::get(), [1, 1]);
	});
}

#[test]
fn restore_should_raise_the_rank_when_class_pools_get_it_back() {
	ExtBuilder::default().build_and_execute(|| {
		let cuts = cuts();
		assert_eq!(ranking()[0], 2);
		restore(&cuts);
		assert_eq!(ranking()[0], 1);
	});
}

/// Who is there when it comes back gets it: who left after the slash does not.
#[test]
fn restore_should_give_to_those_who_stayed_when_others_left() {
	bonded(|| {
		let cuts = cuts();
		undelegate_all(12, 1);
		let left = waiting(12, 1);
		assert_ok!(Dpos::restore(&1, &cuts[0]));
		assert_eq!(waiting(12, 1), left);
		assert_eq!(value(11, 1), 10_200 * CMT);
		restore(&cuts[1..]);
	});
}

#[test]
fn restore_should_be_refused_when_the_pool_has_no_member_any_more() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		undelegate(11, 1, 2_000);
		let cuts = cuts();
		undelegate_all(11, 1);
		assert_noop!(Dpos::restore(&1, &cuts[0]), Error::<Test>::PoolWorthless);
		run_eras(2);
		assert_noop!(Dpos::restore(&1, &cuts[2]), Error::<Test>::PoolWorthless);
		assert!(!UnbondingPools::<Test>::contains_key(1, 0));
		assert_ok!(Dpos::restore(&1, &cuts[1]));
		let kept = cuts[0].amount + cuts[2].amount;
		assert_ok!(Balances::transfer_allow_death(signed(Dpos::escrow()), TREASURY, kept));
	});
}

#[test]
fn restore_should_be_refused_when_the_candidate_is_unknown() {
	ExtBuilder::default().build_and_execute(|| {
		let cut = PoolCut { pool: PoolRef::Class(ClassId::OWNER), amount: CMT };
		assert_noop!(Dpos::restore(&77, &cut), Error::<Test>::UnknownCandidate);
	});
}

#[test]
fn restore_should_revive_a_pool_when_a_slash_took_everything() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		let cuts = Dpos::slash(&1, Perbill::one(), 0);
		assert_eq!(value(11, 1), 0);
		restore(&cuts);
		assert_eq!(value(11, 1), 10_000 * CMT);
	});
}

/// A closed candidate's pools wait, and take back what was theirs.
#[test]
fn restore_should_give_back_when_the_candidate_closed_since() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		let cuts = cuts();
		retire(1);
		restore(&cuts);
		let before = free(11);
		run_eras(2);
		assert_eq!(free(11), before + 10_000 * CMT);
	});
}
