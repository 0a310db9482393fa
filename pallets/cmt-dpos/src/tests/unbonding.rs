//! undelegate.

use crate::{mock::*, Chunk, DuePayment, DuePayments, Error, Event, Positions};
use crate::{StakeTotals, UnbondingPools, MAX_CHUNKS};
use cybermiles_primitives::{traits::StakePools, CMT};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::Perbill;

/// 11 has 5,000 CMT behind candidate 1.
fn bonded() -> ExtBuilder {
	ExtBuilder::default().delegation(11, 1, 5_000)
}

#[test]
fn undelegate_should_move_the_amount_into_waiting_when_accepted() {
	bonded().build_and_execute(|| {
		let totals = StakeTotals::<Test>::get();
		undelegate(11, 1, 2_000);
		assert_eq!((value(11, 1), waiting(11, 1)), (3_000 * CMT, 2_000 * CMT));
		assert_eq!(free(11), ENDOWMENT - 5_000 * CMT);
		assert_eq!(candidate(1).stake, 32_000 * CMT);
		let now = StakeTotals::<Test>::get();
		assert_eq!(now.bonded, totals.bonded - 2_000 * CMT);
		assert_eq!(now.unbonding, totals.unbonding + 2_000 * CMT);
	});
}

#[test]
fn undelegate_should_report_amount_and_era_when_accepted() {
	bonded().build_and_execute(|| {
		run_eras(1);
		events();
		undelegate(11, 1, 2_000);
		let amount = 2_000 * CMT;
		assert_eq!(events(), [Event::Undelegated { candidate: 1, who: 11, amount, due: 3 }]);
	});
}

#[test]
fn undelegate_should_enter_the_unbonding_pool_of_the_era_when_accepted() {
	bonded().build_and_execute(|| {
		run_eras(1);
		undelegate(11, 1, 2_000);
		let chunk = Chunk { since: 1, due: 3, shares: 2_000 * CMT };
		assert_eq!(Positions::<Test>::get(1, 11).expect("position").chunks.to_vec(), [chunk]);
		assert_eq!(UnbondingPools::<Test>::get(1, 1).stake(), 2_000 * CMT);
		let payment = DuePayment::Unbonded { candidate: 1, who: 11 };
		assert!(DuePayments::<Test>::contains_key(3, payment));
	});
}

#[test]
fn undelegate_should_take_everything_when_no_amount_is_named() {
	bonded().build_and_execute(|| {
		assert_ok!(award(1, DELEGATORS, 77));
		undelegate_all(11, 1);
		assert_eq!((value(11, 1), waiting(11, 1)), (0, 5_000 * CMT + 77));
		assert_eq!(listed(11), [1]);
		assert_eq!(candidate(1).stake, 29_000 * CMT);
	});
}

#[test]
fn undelegate_should_take_everything_when_the_whole_value_is_named() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 5_000);
		assert_eq!((value(11, 1), waiting(11, 1)), (0, 5_000 * CMT));
	});
}

#[test]
fn undelegate_should_merge_amounts_when_in_the_same_era() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		undelegate(11, 1, 2_000);
		let position = Positions::<Test>::get(1, 11).expect("position");
		assert_eq!(position.chunks.to_vec(), [Chunk { since: 0, due: 2, shares: 3_000 * CMT }]);
	});
}

#[test]
fn undelegate_should_keep_amounts_apart_when_in_different_eras() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		run_eras(1);
		undelegate(11, 1, 2_000);
		let waits: Vec<_> = Dpos::positions(11)[0]
			.unbonding
			.iter()
			.map(|u| (u.since, u.due, u.amount))
			.collect();
		assert_eq!(waits, [(0, 2, 1_000 * CMT), (1, 3, 2_000 * CMT)]);
	});
}

/// The principal leaves first, so that what was earned can be told from it.
#[test]
fn undelegate_should_take_the_principal_first_when_awards_came() {
	bonded().build_and_execute(|| {
		assert_ok!(award(1, DELEGATORS, 5_000 * CMT));
		undelegate(11, 1, 2_000);
		let position = &Dpos::positions(11)[0];
		assert_eq!((position.principal, position.value), (3_000 * CMT, 8_000 * CMT));
		undelegate(11, 1, 6_000);
		let position = &Dpos::positions(11)[0];
		assert_eq!((position.principal, position.value), (0, 2_000 * CMT));
	});
}

#[test]
fn undelegate_should_earn_nothing_more_when_waiting() {
	bonded().delegation(12, 1, 5_000).build_and_execute(|| {
		undelegate(11, 1, 2_500);
		assert_ok!(award(1, DELEGATORS, 300 * CMT));
		assert_eq!((value(11, 1), waiting(11, 1)), (2_600 * CMT, 2_500 * CMT));
		assert_eq!(value(12, 1), 5_200 * CMT);
	});
}

#[test]
fn undelegate_should_be_accepted_when_exactly_the_minimum_is_left() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 4_000);
		assert_eq!(value(11, 1), MinDelegation::get());
	});
}

/// What is left is compared before the pool rounds, so that a wallet's sum is right.
#[test]
fn undelegate_should_be_accepted_to_the_minimum_when_shares_have_an_odd_price() {
	bonded().delegation(12, 1, 3_000).build_and_execute(|| {
		assert_ok!(award(1, DELEGATORS, 7 * CMT + 1));
		let amount = value(11, 1) - MinDelegation::get();
		assert_ok!(Dpos::undelegate(signed(11), 1, Some(amount)));
		assert!(value(11, 1) >= MinDelegation::get() - 2);
	});
}

#[test]
fn undelegate_should_announce_the_change_when_accepted() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		assert_eq!(Announced::get(), [1, 1]);
	});
}

#[test]
fn undelegate_should_be_refused_when_the_amount_is_zero() {
	bonded().build_and_execute(|| {
		for who in [1, 11, 12] {
			assert_noop!(Dpos::undelegate(signed(who), 1, Some(0)), Error::<Test>::ZeroAmount);
		}
	});
}

#[test]
fn undelegate_should_be_refused_when_the_candidate_is_unknown() {
	bonded().build_and_execute(|| {
		for amount in [None, Some(1), Some(u128::MAX)] {
			assert_noop!(Dpos::undelegate(signed(11), 50, amount), Error::<Test>::UnknownCandidate);
		}
	});
}

#[test]
fn undelegate_should_be_refused_when_the_account_has_no_stake_there() {
	bonded().build_and_execute(|| {
		for amount in [None, Some(1), Some(u128::MAX)] {
			// A stranger, a delegator of another, the owner of another.
			for (who, candidate) in [(12, 1), (11, 2), (2, 1)] {
				assert_noop!(
					Dpos::undelegate(signed(who), candidate, amount),
					Error::<Test>::NotDelegator
				);
			}
		}
	});
}

#[test]
fn undelegate_should_be_refused_when_everything_waits_already() {
	bonded().build_and_execute(|| {
		undelegate_all(11, 1);
		assert_noop!(Dpos::undelegate(signed(11), 1, None), Error::<Test>::NotDelegator);
	});
}

#[test]
fn undelegate_should_be_refused_when_more_than_bonded() {
	bonded().build_and_execute(|| {
		for amount in [5_000 * CMT + 1, u128::MAX] {
			assert_noop!(
				Dpos::undelegate(signed(11), 1, Some(amount)),
				Error::<Test>::MoreThanBonded
			);
		}
		let all = Some(29_000 * CMT + 1);
		assert_noop!(Dpos::undelegate(signed(1), 1, all), Error::<Test>::MoreThanBonded);
	});
}

#[test]
fn undelegate_should_be_refused_when_less_than_the_minimum_would_be_left() {
	bonded().build_and_execute(|| {
		for amount in [5_000 * CMT - 1, 4_000 * CMT + 1] {
			assert_noop!(
				Dpos::undelegate(signed(11), 1, Some(amount)),
				Error::<Test>::RemainderTooSmall
			);
		}
	});
}

#[test]
fn undelegate_should_be_accepted_for_all_only_when_a_slash_left_less_than_the_minimum() {
	bonded().build_and_execute(|| {
		slash(1, Perbill::from_percent(90), 0);
		assert_noop!(Dpos::undelegate(signed(11), 1, Some(1)), Error::<Test>::RemainderTooSmall);
		undelegate_all(11, 1);
		assert_eq!(waiting(11, 1), 500 * CMT);
	});
}

#[test]
fn undelegate_should_be_refused_when_the_owner_would_fall_below_its_self_stake() {
	bonded().build_and_execute(|| {
		for amount in [9_000 * CMT + 1, 29_000 * CMT] {
			assert_noop!(
				Dpos::undelegate(signed(1), 1, Some(amount)),
				Error::<Test>::SelfStakeTooLow
			);
		}
		undelegate(1, 1, 9_000);
		assert_noop!(Dpos::undelegate(signed(1), 1, Some(1)), Error::<Test>::SelfStakeTooLow);
	});
}

/// A maximum lowered below the stake that others have frees no self-stake.
#[test]
fn undelegate_should_be_refused_to_the_owner_when_less_than_its_part_of_all_stake_would_stay() {
	ExtBuilder::default().delegation(11, 1, 171_000).build_and_execute(|| {
		assert_ok!(Dpos::update(signed(1), Some(20_000 * CMT), None, None));
		let leave = |amount| Dpos::undelegate(signed(1), 1, Some(amount));
		assert_noop!(leave(10_000 * CMT + 1), Error::<Test>::SelfStakeTooLow);
		// 19,000 of 190,000 stay.
		assert_ok!(leave(10_000 * CMT));
		assert_noop!(leave(1), Error::<Test>::SelfStakeTooLow);
		deactivate(1);
		assert_noop!(leave(1), Error::<Test>::SelfStakeTooLow);
		undelegate_all(11, 1);
		assert_ok!(leave(17_000 * CMT));
		assert_noop!(leave(1), Error::<Test>::SelfStakeTooLow);
	});
}

#[test]
fn undelegate_should_be_refused_to_the_owner_when_inactive_too() {
	bonded().build_and_execute(|| {
		deactivate(1);
		for amount in [None, Some(10_000 * CMT)] {
			assert_noop!(Dpos::undelegate(signed(1), 1, amount), Error::<Test>::SelfStakeTooLow);
		}
	});
}

#[test]
fn undelegate_should_be_refused_to_the_owner_when_nothing_is_required_and_all_would_leave() {
	bonded().build_and_execute(|| {
		SelfStakeRatio::set(Perbill::zero());
		assert_noop!(Dpos::undelegate(signed(1), 1, None), Error::<Test>::SelfStakeTooLow);
		undelegate(1, 1, 28_000);
	});
}

#[test]
fn undelegate_should_be_accepted_when_the_owner_leaves_another_candidate() {
	ExtBuilder::default().delegation(2, 1, 5_000).build_and_execute(|| {
		undelegate_all(2, 1);
		assert_eq!(waiting(2, 1), 5_000 * CMT);
	});
}

#[test]
fn undelegate_should_be_refused_when_the_unbonding_pool_of_the_era_is_worthless() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		UnbondingPools::<Test>::mutate(1, 0, |pool| {
			let taken = pool.slash(Perbill::one());
			StakeTotals::<Test>::mutate(|totals| totals.unbonding -= taken);
			Balances::transfer_allow_death(signed(Dpos::escrow()), TREASURY, taken).expect("held");
		});
		assert_noop!(Dpos::undelegate(signed(11), 1, Some(CMT)), Error::<Test>::PoolWorthless);
		run_eras(1);
		undelegate(11, 1, 1_000);
	});
}

#[test]
fn undelegate_should_be_accepted_when_a_slash_took_everything() {
	bonded().build_and_execute(|| {
		slash(1, Perbill::one(), 0);
		assert_noop!(Dpos::undelegate(signed(11), 1, Some(1)), Error::<Test>::MoreThanBonded);
		events();
		undelegate_all(11, 1);
		let nothing = Event::Undelegated { candidate: 1, who: 11, amount: 0, due: 2 };
		assert_eq!(events(), [nothing]);
		assert!(listed(11).is_empty());
		// With its last member gone, the class is as new.
		delegate(12, 1, 1_000);
	});
}

#[test]
fn undelegate_should_be_refused_when_too_many_amounts_wait() {
	ExtBuilder::default().delegation(11, 1, 100_000).build_and_execute(|| {
		// Several parameters in one era give several amounts in one era.
		for chunk in 0..MAX_CHUNKS {
			if chunk % 16 == 0 {
				run_full_eras(1);
			}
			UnbondingEras::set(10 + chunk % 16);
			undelegate(11, 1, 1_000);
		}
		UnbondingEras::set(3);
		assert_noop!(Dpos::undelegate(signed(11), 1, Some(CMT)), Error::<Test>::TooManyChunks);
		assert_noop!(Dpos::undelegate(signed(11), 1, None), Error::<Test>::TooManyChunks);
		UnbondingEras::set(10);
		undelegate(11, 1, 1_000);
	});
}

#[test]
fn undelegate_should_never_lack_room_when_the_wait_is_longest() {
	ExtBuilder::default().delegation(11, 1, 100_000).build_and_execute(|| {
		SessionLength::set(1);
		SessionsPerEra::set(1);
		UnbondingEras::set(28);
		run_sessions(1);
		for _ in 0..70 {
			undelegate(11, 1, 1_000);
			run_eras(1);
		}
		assert_eq!(waiting(11, 1), 28_000 * CMT - 1_000 * CMT);
	});
}

#[test]
fn class_stake_should_vanish_when_the_last_delegator_leaves() {
	bonded().build_and_execute(|| {
		undelegate_all(11, 1);
		assert_eq!(Dpos::class_stakes(&1).len(), 1);
	});
}
