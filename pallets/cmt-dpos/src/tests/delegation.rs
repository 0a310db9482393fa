//! delegate.

use crate::{mock::*, Error, Event, Position, Positions, StakeTotals};
use cybermiles_primitives::{traits::StakePools, ClassId, Rate, CMT};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::{DispatchError, Perbill};

#[test]
fn delegate_should_lock_the_amount_when_accepted() {
	ExtBuilder::default().build_and_execute(|| {
		let escrow = free(Dpos::escrow());
		delegate(11, 1, 5_000);
		assert_eq!(free(11), ENDOWMENT - 5_000 * CMT);
		assert_eq!(free(Dpos::escrow()), escrow + 5_000 * CMT);
		let amount = 5_000 * CMT;
		assert_eq!(events(), [Event::Delegated { candidate: 1, who: 11, amount }]);
	});
}

#[test]
fn delegate_should_open_a_position_when_there_is_none() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 1, 5_000);
		let expected =
			Position { shares: 5_000 * CMT, principal: 5_000 * CMT, ..Position::new(DELEGATORS) };
		assert_eq!(Positions::<Test>::get(1, 11), Some(expected));
		assert_eq!(listed(11), [1]);
		assert_eq!(candidate(1).positions, 2);
	});
}

#[test]
fn delegate_should_add_to_the_position_when_there_is_one() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 1, 5_000);
		assert_ok!(Dpos::delegate(signed(11), 1, 1));
		assert_eq!(value(11, 1), 5_000 * CMT + 1);
		assert_eq!(candidate(1).positions, 2);
		assert_eq!(listed(11), [1]);
	});
}

#[test]
fn delegate_should_raise_stake_rank_and_total_when_accepted() {
	ExtBuilder::default().build_and_execute(|| {
		let bonded = StakeTotals::<Test>::get().bonded;
		delegate(11, 6, 100_000);
		assert_eq!(candidate(6).stake, 124_000 * CMT);
		assert_eq!(ranking(), [6, 1, 2, 3, 4, 5]);
		assert_eq!(StakeTotals::<Test>::get().bonded, bonded + 100_000 * CMT);
	});
}

#[test]
fn delegate_should_announce_the_change_when_accepted() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 1, 5_000);
		assert_eq!(Announced::get(), [1, 1]);
	});
}

#[test]
fn delegate_should_agree_to_the_default_rate_of_now_when_it_opens_a_position() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(100)), None));
		delegate(11, 1, 5_000);
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(400)), None));
		delegate(12, 1, 5_000);
		assert_eq!(Dpos::positions(11)[0].rate, Rate(100));
		assert_eq!(Dpos::positions(12)[0].rate, Rate(400));
	});
}

/// A position's rate never rises without the delegator's consent (protocol section 4).
#[test]
fn delegate_should_keep_the_agreed_rate_when_the_default_rose_since() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(100)), None));
		delegate(11, 1, 5_000);
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(400)), None));
		delegate(11, 1, 5_000);
		assert_eq!(Dpos::positions(11)[0].rate, Rate(100));
		// Even where everything was taken out in between and still waits.
		undelegate_all(11, 1);
		delegate(11, 1, 5_000);
		assert_eq!(Dpos::positions(11)[0].rate, Rate(100));
	});
}

#[test]
fn delegate_should_be_accepted_when_exactly_at_the_limits() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 1, 1_000);
		delegate(12, 1, 170_000);
		assert_eq!(candidate(1).stake, MAX_STAKE);
	});
}

#[test]
fn delegate_should_leave_one_planck_when_everything_is_asked() {
	ExtBuilder::default().candidate(7, 2_000_000, 200_000).build_and_execute(|| {
		assert_ok!(Dpos::delegate(signed(11), 7, ENDOWMENT - 1));
		assert_eq!(free(11), 1);
	});
}

/// Who came once a cancel of the slash is certain would share in what goes back to the pools.
#[test]
fn delegate_should_be_refused_when_the_candidate_is_tombstoned() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		Tombstoned::mutate(|tombstoned| tombstoned.insert(1));
		for who in [1, 11, 12] {
			let late = Dpos::delegate(signed(who), 1, 1_000 * CMT);
			assert_noop!(late, DispatchError::Other("tombstoned"));
		}
		// What is there can leave.
		undelegate(11, 1, 1_000);
		undelegate_all(11, 1);
		Tombstoned::take();
		delegate(12, 1, 1_000);
	});
}

#[test]
fn delegate_should_be_accepted_when_the_candidate_is_jailed_for_a_while() {
	ExtBuilder::default().build_and_execute(|| {
		Jailed::mutate(|jailed| jailed.insert(1));
		delegate(11, 1, 1_000);
	});
}

/// Exactly the minimum is enough, whatever awards and slashes made of the price of a share.
#[test]
fn delegate_should_be_accepted_at_the_minimum_when_a_share_costs_more_than_one_planck() {
	ExtBuilder::default().delegation(11, 1, 3_000).build_and_execute(|| {
		assert_ok!(award(1, DELEGATORS, 7 * CMT + 1));
		delegate(12, 1, 1_000);
		assert!(value(12, 1) >= 1_000 * CMT - 2);
	});
}

#[test]
fn delegate_should_be_refused_when_the_amount_is_zero() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		for who in [1, 11, 12] {
			assert_noop!(Dpos::delegate(signed(who), 1, 0), Error::<Test>::ZeroAmount);
		}
	});
}

#[test]
fn delegate_should_be_refused_when_the_candidate_is_unknown() {
	ExtBuilder::default().build_and_execute(|| {
		// No account at all, a stranger, and oneself.
		for candidate in [1_000, 50, 11] {
			assert_noop!(
				Dpos::delegate(signed(11), candidate, 1_000 * CMT),
				Error::<Test>::UnknownCandidate
			);
		}
	});
}

/// Who took a candidate over does not lend it its own address.
#[test]
fn delegate_should_be_refused_when_the_address_is_the_owner_and_not_the_candidate() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, 50);
		assert_noop!(Dpos::delegate(signed(11), 50, 1_000 * CMT), Error::<Test>::UnknownCandidate);
		delegate(11, 1, 1_000);
	});
}

#[test]
fn delegate_should_be_refused_when_the_candidate_retired() {
	ExtBuilder::default().build_and_execute(|| {
		retire(1);
		for who in [1, 11] {
			assert_noop!(
				Dpos::delegate(signed(who), 1, 1_000 * CMT),
				Error::<Test>::CandidateRetired
			);
		}
	});
}

#[test]
fn delegate_should_be_refused_when_it_exceeds_the_maximum() {
	ExtBuilder::default().build_and_execute(|| {
		let room = MAX_STAKE - 29_000 * CMT;
		for amount in [room + 1, u128::MAX - 1, u128::MAX] {
			for who in [1, 11] {
				assert_noop!(Dpos::delegate(signed(who), 1, amount), Error::<Test>::ExceedsMaximum);
			}
		}
	});
}

#[test]
fn delegate_should_be_refused_when_the_balance_is_too_small() {
	ExtBuilder::default().candidate(7, 9_000_000, 900_000).build_and_execute(|| {
		for amount in [ENDOWMENT, ENDOWMENT + 1] {
			assert_noop!(Dpos::delegate(signed(11), 7, amount), Error::<Test>::InsufficientBalance);
		}
		assert_noop!(
			Dpos::delegate(signed(1_000), 7, 1_000 * CMT),
			Error::<Test>::InsufficientBalance
		);
	});
}

#[test]
fn delegate_should_be_refused_when_the_position_is_below_the_minimum() {
	ExtBuilder::default().build_and_execute(|| {
		for amount in [1, 1_000 * CMT - 1] {
			assert_noop!(Dpos::delegate(signed(11), 1, amount), Error::<Test>::BelowMinimum);
		}
	});
}

#[test]
fn delegate_should_be_refused_when_it_does_not_lift_a_slashed_position_to_the_minimum() {
	ExtBuilder::default().delegation(11, 1, 1_000).build_and_execute(|| {
		slash(1, Perbill::from_percent(50), 0);
		let lift = |cmt| Dpos::delegate(signed(11), 1, cmt * CMT);
		assert_noop!(lift(499), Error::<Test>::BelowMinimum);
		assert_ok!(lift(500));
	});
}

#[test]
fn delegate_should_be_refused_when_the_account_has_too_many_positions() {
	ExtBuilder::default().build_and_execute(|| {
		(1..=4).for_each(|candidate| delegate(11, candidate, 1_000));
		assert_noop!(Dpos::delegate(signed(11), 5, 1_000 * CMT), Error::<Test>::TooManyPositions);
		delegate(11, 4, 1_000);
	});
}

/// A position that only waits counts, as it takes as much room.
#[test]
fn delegate_should_be_accepted_when_a_position_was_left_and_paid() {
	ExtBuilder::default().build_and_execute(|| {
		(1..=4).for_each(|candidate| delegate(11, candidate, 1_000));
		undelegate_all(11, 1);
		assert_noop!(Dpos::delegate(signed(11), 5, 1_000 * CMT), Error::<Test>::TooManyPositions);
		run_eras(2);
		delegate(11, 5, 1_000);
		assert_eq!(listed(11), [2, 3, 4, 5]);
	});
}

#[test]
fn delegate_should_be_refused_when_the_candidate_has_too_many_classes() {
	ExtBuilder::default().build_and_execute(|| {
		for rate in 0..16u16 {
			assert_ok!(Dpos::update(signed(1), None, Some(Rate(rate)), None));
			delegate(30 + AccountId::from(rate), 1, 1_000);
		}
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(16)), None));
		assert_noop!(Dpos::delegate(signed(11), 1, 1_000 * CMT), Error::<Test>::TooManyClasses);
		// Who is in a class already can add to it, and the owner always can.
		delegate(30, 1, 1_000);
		delegate(1, 1, 1_000);
		assert_eq!(Dpos::class_stakes(&1).len(), 17);
		// A class that empties makes room.
		undelegate_all(31, 1);
		delegate(11, 1, 1_000);
	});
}

#[test]
fn delegate_should_be_refused_when_the_pool_is_worthless() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		slash(1, Perbill::one(), 0);
		for who in [1, 11, 12] {
			assert_noop!(Dpos::delegate(signed(who), 1, 1_000 * CMT), Error::<Test>::PoolWorthless);
		}
	});
}

#[test]
fn delegate_should_be_refused_when_the_amount_buys_no_share() {
	ExtBuilder::default().delegation(11, 1, 1_000).build_and_execute(|| {
		assert_ok!(award(1, DELEGATORS, 2_000 * CMT));
		assert_noop!(Dpos::delegate(signed(11), 1, 1), Error::<Test>::Arithmetic);
	});
}

#[test]
fn owner_should_join_its_own_class_when_it_delegates_more() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(1, 1, 1_000);
		assert_eq!(Dpos::class_stakes(&1), [(ClassId::OWNER, 30_000 * CMT)]);
		assert_eq!(Dpos::candidate(1).map(|info| info.self_stake), Some(30_000 * CMT));
	});
}

#[test]
fn owner_should_be_a_delegator_like_others_when_behind_another_candidate() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(2, 1, 1_000);
		assert_eq!(Positions::<Test>::get(1, 2).map(|position| position.class), Some(DELEGATORS));
		undelegate_all(2, 1);
	});
}

/// Locked CMT is not free: it can be spent nowhere else, and not delegated twice.
#[test]
fn delegate_should_not_count_the_same_coin_twice_when_repeated() {
	ExtBuilder::default().candidate(7, 2_000_000, 200_000).build_and_execute(|| {
		delegate(11, 7, 600_000);
		assert_noop!(
			Dpos::delegate(signed(11), 7, 600_000 * CMT),
			Error::<Test>::InsufficientBalance
		);
		assert_eq!(Balances::total_balance(&11), 400_000 * CMT);
	});
}

#[test]
fn delegators_should_share_awards_by_stake_when_a_class_is_awarded() {
	ExtBuilder::default()
		.delegation(11, 1, 3_000)
		.delegation(12, 1, 1_000)
		.build_and_execute(|| {
			assert_ok!(award(1, DELEGATORS, 400 * CMT));
			assert_eq!((value(11, 1), value(12, 1)), (3_300 * CMT, 1_100 * CMT));
			assert_eq!(value(1, 1), 29_000 * CMT);
			assert_eq!(candidate(1).stake, 33_400 * CMT);
		});
}

#[test]
fn award_should_be_refused_when_the_class_has_no_member() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(Dpos::add_to_classes(&1, &[(DELEGATORS, CMT)]), Error::<Test>::PoolWorthless);
		assert_noop!(
			Dpos::add_to_classes(&50, &[(DELEGATORS, CMT)]),
			Error::<Test>::UnknownCandidate
		);
		assert_noop!(
			Dpos::add_to_classes(&1, &[(ClassId::OWNER, u128::MAX)]),
			Error::<Test>::Arithmetic
		);
	});
}

/// The worked example of the README.
#[test]
fn positions_should_be_worth_what_the_readme_says_when_its_example_is_played() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 1, 3_000);
		assert_ok!(award(1, DELEGATORS, 300 * CMT));
		delegate(12, 1, 1_100);
		assert_eq!((value(11, 1), value(12, 1)), (3_300 * CMT, 1_100 * CMT));
		slash(1, Perbill::from_percent(10), 0);
		assert_eq!((value(11, 1), value(12, 1)), (2_970 * CMT, 990 * CMT));
		undelegate(11, 1, 990);
		assert_eq!((value(11, 1), value(12, 1)), (1_980 * CMT, 990 * CMT));
		assert_eq!(Positions::<Test>::get(1, 11).expect("delegates").principal, 2_010 * CMT);
		slash(1, Perbill::from_percent(10), 0);
		assert_eq!(waiting(11, 1), 891 * CMT);
	});
}
