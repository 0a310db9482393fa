//! rebond.

use crate::{mock::*, DuePayments, Error, Event, Positions, UnbondingPools};
use cybermiles_primitives::{Rate, CMT};
use frame_support::{assert_noop, assert_ok, dispatch::PostDispatchInfo};
use sp_runtime::{DispatchError, Perbill};

/// 11 has 8,000 CMT behind candidate 1.
fn bonded() -> ExtBuilder {
	ExtBuilder::default().delegation(11, 1, 8_000)
}

/// Of 11, 1,000 CMT wait since era 0 and 2,000 CMT since era 1, in which we are.
fn let_two_amounts_wait() {
	undelegate(11, 1, 1_000);
	run_eras(1);
	undelegate(11, 1, 2_000);
	events();
}

fn waits() -> Vec<(u32, u128)> {
	Dpos::positions(11)[0]
		.unbonding
		.iter()
		.map(|u| (u.since, u.amount / CMT))
		.collect()
}

#[test]
fn rebond_should_take_everything_back_when_no_amount_is_named() {
	bonded().build_and_execute(|| {
		let_two_amounts_wait();
		rebond_all(11, 1);
		assert_eq!((value(11, 1), waiting(11, 1)), (8_000 * CMT, 0));
		assert_eq!(free(11), ENDOWMENT - 8_000 * CMT);
		let amount = 3_000 * CMT;
		assert_eq!(events(), [Event::Rebonded { candidate: 1, who: 11, amount }]);
	});
}

#[test]
fn rebond_should_be_refused_when_the_candidate_is_tombstoned() {
	bonded().build_and_execute(|| {
		let_two_amounts_wait();
		Tombstoned::mutate(|tombstoned| tombstoned.insert(1));
		for amount in [None, Some(1_000 * CMT)] {
			let late = Dpos::rebond(signed(11), 1, amount);
			assert_noop!(late, DispatchError::Other("tombstoned"));
		}
		Tombstoned::take();
		rebond_all(11, 1);
	});
}

#[test]
fn rebond_should_take_the_youngest_first_when_an_amount_is_named() {
	bonded().build_and_execute(|| {
		let_two_amounts_wait();
		assert_ok!(Dpos::rebond(signed(11), 1, Some(500 * CMT)));
		assert_eq!(waits(), [(0, 1_000), (1, 1_500)]);
		assert_ok!(Dpos::rebond(signed(11), 1, Some(2_000 * CMT)));
		assert_eq!(waits(), [(0, 500)]);
		assert_eq!(value(11, 1), 7_500 * CMT);
	});
}

#[test]
fn rebond_should_forget_the_payment_when_nothing_of_the_era_waits() {
	bonded().build_and_execute(|| {
		let_two_amounts_wait();
		assert_ok!(Dpos::rebond(signed(11), 1, Some(2_000 * CMT)));
		let eras: Vec<_> = DuePayments::<Test>::iter().map(|(era, ..)| era).collect();
		assert_eq!(eras, [2]);
		rebond_all(11, 1);
		assert_eq!(DuePayments::<Test>::iter().count(), 0);
		assert_eq!(UnbondingPools::<Test>::iter().count(), 0);
	});
}

#[test]
fn rebond_should_keep_the_payment_when_another_amount_is_due_in_the_era() {
	bonded().build_and_execute(|| {
		UnbondingEras::set(3);
		undelegate(11, 1, 1_000);
		run_eras(1);
		UnbondingEras::set(2);
		undelegate(11, 1, 2_000);
		assert_ok!(Dpos::rebond(signed(11), 1, Some(2_000 * CMT)));
		let eras: Vec<_> = DuePayments::<Test>::iter().map(|(era, ..)| era).collect();
		assert_eq!(eras, [3]);
		run_eras(2);
		assert_eq!(free(11), ENDOWMENT - 7_000 * CMT);
	});
}

#[test]
fn rebond_should_stop_the_payment_when_all_was_taken_back() {
	bonded().build_and_execute(|| {
		undelegate_all(11, 1);
		rebond_all(11, 1);
		run_eras(3);
		assert_eq!((free(11), value(11, 1)), (ENDOWMENT - 8_000 * CMT, 8_000 * CMT));
	});
}

#[test]
fn rebond_should_be_accepted_when_due_and_not_yet_paid() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		run_full_eras(3);
		rebond_all(11, 1);
		assert_eq!(value(11, 1), 8_000 * CMT);
	});
}

#[test]
fn rebond_should_keep_the_agreed_rate_when_the_default_rose_since() {
	bonded().build_and_execute(|| {
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(100)), None));
		delegate(12, 1, 5_000);
		undelegate_all(12, 1);
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(400)), None));
		rebond_all(12, 1);
		assert_eq!(Dpos::positions(12)[0].rate, Rate(100));
	});
}

#[test]
fn rebond_should_count_as_principal_when_taken_back() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 3_000);
		assert_ok!(Dpos::rebond(signed(11), 1, Some(1_000 * CMT)));
		assert_eq!(Positions::<Test>::get(1, 11).expect("position").principal, 6_000 * CMT);
	});
}

#[test]
fn rebond_should_take_back_what_a_slash_left_when_slashed() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 4_000);
		slash(1, Perbill::from_percent(25), 0);
		assert_noop!(
			Dpos::rebond(signed(11), 1, Some(3_000 * CMT + 1)),
			Error::<Test>::MoreThanUnbonding
		);
		rebond_all(11, 1);
		assert_eq!(value(11, 1), 6_000 * CMT);
	});
}

#[test]
fn rebond_should_pay_for_the_amounts_looked_at_when_few_wait() {
	bonded().build_and_execute(|| {
		let_two_amounts_wait();
		let post: PostDispatchInfo = Dpos::rebond(signed(11), 1, None).expect("rebonds");
		assert_eq!(post.actual_weight, Some(<() as crate::WeightInfo>::rebond(2)));
	});
}

#[test]
fn rebond_should_be_refused_when_the_amount_is_zero() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		assert_noop!(Dpos::rebond(signed(11), 1, Some(0)), Error::<Test>::ZeroAmount);
	});
}

#[test]
fn rebond_should_be_refused_when_the_candidate_is_unknown() {
	bonded().build_and_execute(|| {
		for amount in [None, Some(1), Some(u128::MAX)] {
			assert_noop!(Dpos::rebond(signed(11), 50, amount), Error::<Test>::UnknownCandidate);
		}
	});
}

#[test]
fn rebond_should_be_refused_when_the_candidate_retired() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		retire(1);
		assert_noop!(Dpos::rebond(signed(11), 1, None), Error::<Test>::CandidateRetired);
	});
}

#[test]
fn rebond_should_be_refused_when_nothing_waits() {
	bonded().build_and_execute(|| {
		for amount in [None, Some(1), Some(u128::MAX)] {
			// A delegator, the owner, a stranger, and a delegator of another.
			for (who, candidate) in [(11, 1), (1, 1), (50, 1), (11, 2)] {
				assert_noop!(
					Dpos::rebond(signed(who), candidate, amount),
					Error::<Test>::NothingUnbonding
				);
			}
		}
	});
}

#[test]
fn rebond_should_be_refused_when_more_than_waits() {
	bonded().build_and_execute(|| {
		let_two_amounts_wait();
		for amount in [3_000 * CMT + 1, u128::MAX] {
			assert_noop!(
				Dpos::rebond(signed(11), 1, Some(amount)),
				Error::<Test>::MoreThanUnbonding
			);
		}
	});
}

#[test]
fn rebond_should_be_refused_when_others_took_the_room() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 4_000);
		delegate(12, 1, 166_000);
		let room = MAX_STAKE - candidate(1).stake;
		for amount in [None, Some(room + 1)] {
			assert_noop!(Dpos::rebond(signed(11), 1, amount), Error::<Test>::ExceedsMaximum);
		}
		assert_ok!(Dpos::rebond(signed(11), 1, Some(room)));
	});
}

#[test]
fn rebond_should_be_refused_when_the_position_stays_below_the_minimum() {
	bonded().build_and_execute(|| {
		undelegate_all(11, 1);
		for amount in [1, 1_000 * CMT - 1] {
			assert_noop!(Dpos::rebond(signed(11), 1, Some(amount)), Error::<Test>::BelowMinimum);
		}
		assert_ok!(Dpos::rebond(signed(11), 1, Some(1_000 * CMT)));
	});
}

#[test]
fn rebond_should_be_refused_when_others_took_the_last_class() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 1, 1_000);
		undelegate_all(11, 1);
		for rate in 0..16u16 {
			assert_ok!(Dpos::update(signed(1), None, Some(Rate(rate)), None));
			delegate(30 + AccountId::from(rate), 1, 1_000);
		}
		assert_noop!(Dpos::rebond(signed(11), 1, None), Error::<Test>::TooManyClasses);
	});
}

#[test]
fn rebond_should_be_refused_when_the_class_pool_is_worthless() {
	bonded().delegation(12, 1, 5_000).build_and_execute(|| {
		undelegate_all(11, 1);
		run_eras(1);
		// Takes all that is bonded, and nothing that left before.
		slash(1, Perbill::one(), 1);
		assert_noop!(Dpos::rebond(signed(11), 1, None), Error::<Test>::PoolWorthless);
		run_eras(1);
		assert_eq!(free(11), ENDOWMENT);
	});
}

#[test]
fn former_owner_should_come_back_as_delegator_when_it_rebonds() {
	bonded().build_and_execute(|| {
		hand_over(1, 1, 50);
		assert_eq!(waiting(1, 1), 29_000 * CMT);
		rebond_all(1, 1);
		assert_eq!(Positions::<Test>::get(1, 1).expect("position").class, DELEGATORS);
		assert_eq!(Dpos::candidate(1).expect("candidate").self_stake, 20_000 * CMT);
	});
}
