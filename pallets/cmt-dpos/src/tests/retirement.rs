//! retire, and what becomes of a closed candidate.

use crate::{mock::*, DuePayment, DuePayments, Error, Event, OwnershipOffers, StakeTotals, Status};
use crate::{CandidateOf, Candidates, Totals};
use cybermiles_primitives::{traits::StakePools, CMT};
use frame_support::{assert_noop, assert_ok};

/// Candidate 6 with delegators 11 and 12, closed in era 0.
fn retired() -> ExtBuilder {
	ExtBuilder::default().delegation(11, 6, 5_000).delegation(12, 6, 7_000)
}

#[test]
fn retire_should_close_the_candidate_when_open() {
	retired().build_and_execute(|| {
		retire(6);
		assert_eq!(candidate(6).status, Status::Retired { since: 0, due: 2 });
		assert_eq!(ranking(), [1, 2, 3, 4, 5]);
		let stake = 36_000 * CMT;
		assert_eq!(events(), [Event::CandidateRetired { candidate: 6, stake, due: 2 }]);
	});
}

#[test]
fn retire_should_close_the_candidate_when_inactive() {
	retired().build_and_execute(|| {
		deactivate(6);
		retire(6);
		assert_eq!(candidate(6).status, Status::Retired { since: 0, due: 2 });
	});
}

#[test]
fn retire_should_make_all_stake_unbonding_when_others_delegate() {
	retired().build_and_execute(|| {
		let Totals { bonded, unbonding } = StakeTotals::<Test>::get();
		retire(6);
		let moved = 36_000 * CMT;
		let expected = Totals { bonded: bonded - moved, unbonding: unbonding + moved };
		assert_eq!(StakeTotals::<Test>::get(), expected);
		for (who, amount) in [(6, 24_000 * CMT), (11, 5_000 * CMT), (12, 7_000 * CMT)] {
			assert_eq!((value(who, 6), waiting(who, 6)), (0, amount));
		}
	});
}

#[test]
fn retire_should_note_one_payment_when_many_delegate() {
	retired().build_and_execute(|| {
		retire(6);
		let noted: Vec<_> = DuePayments::<Test>::iter().collect();
		assert_eq!(noted, [(2, DuePayment::Retired { candidate: 6 }, None)]);
	});
}

#[test]
fn retire_should_withdraw_the_offer_of_ownership_when_there_is_one() {
	retired().build_and_execute(|| {
		assert_ok!(Dpos::offer_ownership(signed(6), Some(50)));
		retire(6);
		assert_eq!(OwnershipOffers::<Test>::get(6), None);
	});
}

#[test]
fn retire_should_announce_the_change_when_called() {
	retired().build_and_execute(|| {
		retire(6);
		assert_eq!(Announced::get(), [6]);
	});
}

#[test]
fn retired_candidate_should_serve_its_sessions_and_none_after_when_it_sits() {
	ExtBuilder::default().build_and_execute(|| {
		retire(1);
		run_sessions(1);
		assert_eq!(validators(), [1, 2, 3]);
		run_sessions(1);
		assert_eq!(validators(), [2, 3, 4]);
	});
}

#[test]
fn retired_candidate_should_take_and_give_nothing_when_called() {
	retired().build_and_execute(|| {
		undelegate(11, 6, 1_000);
		retire(6);
		let closed = Error::<Test>::CandidateRetired;
		assert_noop!(Dpos::delegate(signed(13), 6, 1_000 * CMT), closed);
		assert_noop!(Dpos::delegate(signed(6), 6, 1), Error::<Test>::CandidateRetired);
		assert_noop!(Dpos::undelegate(signed(11), 6, None), Error::<Test>::CandidateRetired);
		assert_noop!(Dpos::undelegate(signed(6), 6, None), Error::<Test>::CandidateRetired);
		assert_noop!(Dpos::rebond(signed(11), 6, None), Error::<Test>::CandidateRetired);
		assert_noop!(Dpos::accept_ownership(signed(50), 6), Error::<Test>::CandidateRetired);
		assert_noop!(
			Dpos::add_to_classes(&6, &[(DELEGATORS, CMT)]),
			Error::<Test>::CandidateRetired
		);
		assert_noop!(Dpos::stand_aside(&6), Error::<Test>::CandidateRetired);
	});
}

#[test]
fn retired_candidate_should_pay_everybody_by_itself_when_due() {
	retired().build_and_execute(|| {
		retire(6);
		run_eras(1);
		assert_eq!((waiting(6, 6), waiting(11, 6)), (24_000 * CMT, 5_000 * CMT));
		events();
		run_eras(1);
		assert_eq!([6, 11, 12].map(free), [ENDOWMENT; 3]);
		let events = events();
		for (who, amount) in [(6, 24_000 * CMT), (11, 5_000 * CMT), (12, 7_000 * CMT)] {
			assert!(events.contains(&Event::Withdrawn { candidate: 6, who, amount }));
		}
		assert_eq!(events.last(), Some(&Event::CandidateRemoved { candidate: 6 }));
	});
}

#[test]
fn retired_candidate_should_be_forgotten_when_all_were_paid() {
	retired().build_and_execute(|| {
		retire(6);
		run_eras(2);
		assert!(!Candidates::<Test>::contains_key(6));
		assert!(!CandidateOf::<Test>::contains_key(6));
		assert!(Dpos::class_stakes(&6).is_empty());
		run_to_block(System::block_number() + 1);
		assert_eq!(DuePayments::<Test>::iter().count(), 0);
	});
}

#[test]
fn retired_candidate_should_stay_when_somebody_waits_longer() {
	retired().build_and_execute(|| {
		UnbondingEras::set(4);
		undelegate(11, 6, 1_000);
		UnbondingEras::set(2);
		retire(6);
		run_eras(2);
		assert_eq!((free(12), waiting(12, 6)), (ENDOWMENT, 0));
		assert_eq!((free(11), waiting(11, 6)), (ENDOWMENT - 1_000 * CMT, 1_000 * CMT));
		assert!(Candidates::<Test>::contains_key(6));
		run_eras(2);
		assert_eq!(free(11), ENDOWMENT);
		assert!(!Candidates::<Test>::contains_key(6));
	});
}

#[test]
fn retired_candidate_should_give_its_address_back_when_forgotten() {
	retired().build_and_execute(|| {
		retire(6);
		run_eras(2);
		assert_ok!(Dpos::declare(signed(6), 100_000 * CMT, MAX_RATE, 10_000 * CMT));
		assert_eq!(candidate(6).order, 6);
	});
}

#[test]
fn retired_candidate_should_pay_on_call_when_blocks_are_full() {
	retired().build_and_execute(|| {
		retire(6);
		run_full_eras(2);
		withdraw(11);
		assert_eq!(free(11), ENDOWMENT);
		withdraw(6);
		assert!(Candidates::<Test>::contains_key(6));
		withdraw(12);
		assert!(!Candidates::<Test>::contains_key(6));
	});
}

/// The note of the payment outlives the candidate by one step of idle work. It must not touch a
/// candidate that takes the address in between.
#[test]
fn declare_should_be_safe_when_the_old_payment_of_the_address_is_still_noted() {
	retired().build_and_execute(|| {
		retire(6);
		run_full_eras(2);
		[6, 11, 12].into_iter().for_each(withdraw);
		assert_eq!(DuePayments::<Test>::iter().count(), 1);
		assert_ok!(Dpos::declare(signed(6), 100_000 * CMT, MAX_RATE, 10_000 * CMT));
		delegate(11, 6, 5_000);
		events();
		run_to_block(System::block_number() + 1);
		assert!(events().is_empty());
		assert_eq!((value(6, 6), value(11, 6)), (10_000 * CMT, 5_000 * CMT));
		assert_eq!(DuePayments::<Test>::iter().count(), 0);
	});
}

#[test]
fn retired_candidate_should_lose_its_own_keys_when_forgotten() {
	retired().build_and_execute(|| {
		retire(6);
		run_eras(2);
		assert_eq!(Purged::get(), [(6, Some(6))]);
	});
}

/// The keys belong to the candidate, and not to the address of whoever owns it at the end.
#[test]
fn retired_candidate_should_lose_its_own_keys_when_it_was_handed_over() {
	retired().build_and_execute(|| {
		hand_over(6, 6, 50);
		retire(50);
		run_eras(2);
		assert_eq!(Purged::get(), [(50, Some(6))]);
		assert!(!CandidateOf::<Test>::contains_key(50));
	});
}

#[test]
fn retired_candidate_should_pay_the_wait_that_held_when_the_parameter_changes() {
	retired().build_and_execute(|| {
		retire(6);
		UnbondingEras::set(5);
		run_eras(2);
		assert_eq!(free(11), ENDOWMENT);
	});
}

#[test]
fn wait_should_be_an_era_at_least_when_the_parameter_is_zero() {
	retired().build_and_execute(|| {
		UnbondingEras::set(0);
		undelegate(11, 6, 1_000);
		retire(6);
		assert_eq!(candidate(6).status, Status::Retired { since: 0, due: 1 });
		run_eras(1);
		assert_eq!([6, 11, 12].map(free), [ENDOWMENT; 3]);
	});
}

#[test]
fn wait_should_be_no_longer_than_a_slash_reaches_when_the_parameter_is_huge() {
	retired().build_and_execute(|| {
		UnbondingEras::set(u32::MAX);
		undelegate(11, 6, 1_000);
		let due = Dpos::positions(11)[0].unbonding[0].due;
		assert_eq!(due, crate::MAX_UNBONDING_ERAS);
	});
}
