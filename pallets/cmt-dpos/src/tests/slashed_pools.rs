//! What a slash takes, and from whom.

use crate::{mock::*, StakeTotals, UnbondingPools};
use cybermiles_primitives::{traits::StakePools, ClassId, CMT};
use frame_support::assert_ok;
use sp_runtime::Perbill;

/// 11 has 10,000 CMT behind candidate 1, 12 has 5,000.
fn bonded() -> ExtBuilder {
	ExtBuilder::default().delegation(11, 1, 10_000).delegation(12, 1, 5_000)
}

fn ten() -> Perbill {
	Perbill::from_percent(10)
}

#[test]
fn slash_should_take_the_fraction_of_everybody_when_bonded() {
	bonded().build_and_execute(|| {
		assert_eq!(slash(1, ten(), 0), 4_400 * CMT);
		assert_eq!([1, 11, 12].map(|who| value(who, 1) / CMT), [26_100, 9_000, 4_500]);
		assert_eq!(candidate(1).stake, 39_600 * CMT);
	});
}

#[test]
fn slash_should_leave_the_money_in_escrow_when_taken() {
	bonded().build_and_execute(|| {
		let (escrow, totals) = (free(Dpos::escrow()), StakeTotals::<Test>::get());
		let taken = Dpos::slash(&1, ten(), 0).iter().map(|cut| cut.amount).sum();
		assert_eq!(free(Dpos::escrow()), escrow);
		assert_eq!(StakeTotals::<Test>::get().bonded, totals.bonded - taken);
		Dpos::do_try_state().expect("escrow may hold more");
		assert_ok!(Balances::transfer_allow_death(signed(Dpos::escrow()), TREASURY, taken));
	});
}

#[test]
fn slash_should_lower_the_rank_when_taken() {
	ExtBuilder::default().build_and_execute(|| {
		slash(1, ten(), 0);
		assert_eq!(ranking(), [2, 3, 1, 4, 5, 6]);
	});
}

#[test]
fn slash_should_not_rank_a_candidate_when_it_stands_aside() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(1);
		slash(1, ten(), 0);
		assert_eq!(ranking(), [2, 3, 4, 5, 6]);
	});
}

#[test]
fn slash_should_spare_other_candidates_when_taken() {
	bonded().delegation(11, 2, 3_000).build_and_execute(|| {
		slash(1, ten(), 0);
		assert_eq!(value(11, 2), 3_000 * CMT);
		assert_eq!(candidate(2).stake, 31_000 * CMT);
	});
}

#[test]
fn slash_should_reach_what_left_since_the_offence_when_unbonding() {
	bonded().build_and_execute(|| {
		run_eras(1);
		undelegate(11, 1, 4_000);
		assert_eq!(slash(1, ten(), 1), 4_400 * CMT);
		assert_eq!((value(11, 1), waiting(11, 1)), (5_400 * CMT, 3_600 * CMT));
	});
}

#[test]
fn slash_should_spare_what_left_before_the_offence_when_unbonding() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 4_000);
		run_eras(1);
		assert_eq!(slash(1, ten(), 1), 4_000 * CMT);
		assert_eq!((value(11, 1), waiting(11, 1)), (5_400 * CMT, 4_000 * CMT));
	});
}

#[test]
fn slash_should_reach_what_is_due_but_not_paid_when_blocks_are_full() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 4_000);
		run_full_eras(3);
		slash(1, ten(), 0);
		assert_ok!(Dpos::withdraw_unbonded(signed(11), 11));
		assert_eq!(free(11), ENDOWMENT - 6_400 * CMT);
	});
}

#[test]
fn slash_should_reach_everybody_when_the_candidate_retired_after_the_offence() {
	bonded().build_and_execute(|| {
		retire(1);
		run_eras(1);
		let unbonding = StakeTotals::<Test>::get().unbonding;
		assert_eq!(slash(1, ten(), 0), 4_400 * CMT);
		assert_eq!(StakeTotals::<Test>::get().unbonding, unbonding - 4_400 * CMT);
		run_eras(1);
		let lost = [1, 11, 12].map(|who| (ENDOWMENT - free(who)) / CMT);
		assert_eq!(lost, [2_900, 1_000, 500]);
	});
}

#[test]
fn slash_should_reach_everybody_who_stayed_when_the_candidate_retired_in_an_earlier_era() {
	// Who is closed can only offend in a seat that it got before, where its stake was counted.
	bonded().build_and_execute(|| {
		undelegate(11, 1, 4_000);
		retire(1);
		run_eras(1);
		assert_eq!(slash(1, ten(), 1), 4_000 * CMT);
		assert_eq!(waiting(11, 1), 4_000 * CMT + 5_400 * CMT);
		run_eras(1);
		let lost = [1, 11, 12].map(|who| (ENDOWMENT - free(who)) / CMT);
		assert_eq!(lost, [2_900, 600, 500]);
	});
}

#[test]
fn slash_should_take_nothing_when_the_candidate_is_unknown_or_gone() {
	bonded().build_and_execute(|| {
		assert_eq!(Dpos::slash(&50, ten(), 0), []);
		retire(1);
		run_eras(2);
		assert_eq!(Dpos::slash(&1, ten(), 0), []);
	});
}

#[test]
fn slash_should_take_nothing_when_the_fraction_is_zero() {
	bonded().build_and_execute(|| {
		assert_eq!(slash(1, Perbill::zero(), 0), 0);
	});
}

#[test]
fn slash_should_take_all_and_no_more_when_repeated() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 4_000);
		assert_eq!(slash(1, Perbill::one(), 0), 44_000 * CMT);
		assert_eq!(slash(1, Perbill::one(), 0), 0);
		assert_eq!(candidate(1).stake, 0);
		assert_eq!(ranking().last(), Some(&1));
	});
}

#[test]
fn slash_should_round_against_the_stakers_when_it_does_not_divide() {
	bonded().build_and_execute(|| {
		// One planck of each class pool: that of the owner, and that of the delegators.
		assert_eq!(slash(1, Perbill::from_parts(1), 0), 44_000 * CMT / 1_000_000_000);
		assert_ok!(award(1, DELEGATORS, 1));
		let before = candidate(1).stake;
		let taken = slash(1, ten(), 0);
		assert!(taken >= before / 10 && taken <= before / 10 + 2);
	});
}

#[test]
fn slash_should_reach_as_far_back_as_stake_can_wait_when_the_offence_is_old() {
	bonded().build_and_execute(|| {
		SessionLength::set(1);
		SessionsPerEra::set(1);
		UnbondingEras::set(28);
		run_sessions(1);
		let since = Dpos::era();
		undelegate(11, 1, 4_000);
		run_full_eras(28);
		assert_eq!(slash(1, ten(), since), 4_400 * CMT);
		assert_eq!(UnbondingPools::<Test>::get(1, since).stake(), 3_600 * CMT);
	});
}

#[test]
fn slash_should_announce_the_change_when_taken() {
	bonded().build_and_execute(|| {
		slash(1, ten(), 0);
		assert_eq!(Announced::get(), [1]);
	});
}

#[test]
fn stake_that_joins_should_share_only_later_slashes_when_it_joins_after_one() {
	bonded().build_and_execute(|| {
		slash(1, ten(), 0);
		delegate(13, 1, 9_000);
		assert_eq!((value(11, 1), value(13, 1)), (9_000 * CMT, 9_000 * CMT));
		slash(1, ten(), 0);
		assert_eq!((value(11, 1), value(13, 1)), (8_100 * CMT, 8_100 * CMT));
	});
}

#[test]
fn stake_that_leaves_should_be_slashed_once_when_it_leaves_after_a_slash() {
	bonded().build_and_execute(|| {
		undelegate(12, 1, 1_000);
		slash(1, ten(), 0);
		undelegate_all(11, 1);
		assert_eq!((waiting(11, 1), waiting(12, 1)), (9_000 * CMT, 900 * CMT));
		run_eras(2);
		assert_eq!(free(11), ENDOWMENT - 1_000 * CMT);
	});
}

#[test]
fn award_should_revive_a_class_when_a_slash_took_everything() {
	bonded().build_and_execute(|| {
		slash(1, Perbill::one(), 0);
		assert_ok!(award(1, DELEGATORS, 300 * CMT));
		assert_eq!((value(11, 1), value(12, 1)), (200 * CMT, 100 * CMT));
	});
}

#[test]
fn class_stakes_should_list_every_class_when_asked() {
	bonded().build_and_execute(|| {
		let expected = [(DELEGATORS, 15_000 * CMT), (ClassId::OWNER, 29_000 * CMT)];
		assert_eq!(Dpos::class_stakes(&1), expected);
		assert!(Dpos::class_stakes(&50).is_empty());
		assert_eq!(<Dpos as StakePools<AccountId>>::escrow_account(), Dpos::escrow());
	});
}
