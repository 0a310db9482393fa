//! Escrow against the books.

use crate::{mock::*, AccountBooks, Error, Event, PayoutsPaused};
use cybermiles_primitives::{traits::Payouts, CMT};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{traits::BadOrigin, Perbill};

/// An era begins while escrow lacks a planck. Ends with the planck back, or no check would hold.
fn robbed(test: impl FnOnce()) {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		assert_ok!(Compensation::set_compensation_account(signed(1), Some(60)));
		assert_ok!(Dpos::undelegate(signed(11), 1, Some(2_000 * CMT)));
		rob(1);
		run_eras(1);
		assert!(PayoutsPaused::<Test>::get());
		test();
		bring_back(1);
	});
}

#[test]
fn payouts_should_pause_when_an_era_begins_and_escrow_lacks_a_planck() {
	ExtBuilder::default().build_and_execute(|| {
		rob(1);
		run_sessions(2);
		assert_ok!(Compensation::ensure_open());
		events();
		run_sessions(1);
		let paused = |event: &Event<Test>| match event {
			Event::PayoutsPaused { escrow, booked } => escrow + 1 == *booked,
			_ => false,
		};
		assert_eq!(events().iter().filter(|event| paused(event)).count(), 1);
		assert_eq!(Compensation::ensure_open(), Err(Error::<Test>::PayoutsPaused.into()));
		bring_back(1);
	});
}

#[test]
fn nothing_should_be_paid_when_payouts_are_paused() {
	robbed(|| {
		let (eleven, sixty) = (free(11), free(60));
		let paused = Error::<Test>::PayoutsPaused;
		assert_noop!(Compensation::harvest(signed(11), 1), paused);
		run_eras(3);
		assert_noop!(Dpos::withdraw_unbonded(signed(11), 11), Error::<Test>::PayoutsPaused);
		assert_noop!(Compensation::pay_compensation(signed(50), 60), Error::<Test>::PayoutsPaused);
		assert!(due(60) > 0);
		assert_eq!((free(11), free(60)), (eleven, sixty));
	});
}

/// The chain goes on: awards, stake in and stake out.
#[test]
fn everything_else_should_go_on_when_payouts_are_paused() {
	robbed(|| {
		delegate(12, 1, 5_000);
		undelegate_all(12, 1);
		assert_ok!(Dpos::rebond(signed(12), 1, None));
		let worth = value(12, 1);
		run_sessions(1);
		assert!(value(12, 1) > worth && award().issued > 0);
	});
}

#[test]
fn payouts_should_resume_when_governance_says_so() {
	robbed(|| {
		assert_noop!(Compensation::resume_payouts(signed(1)), BadOrigin);
		bring_back(1);
		run_eras(2);
		events();
		assert_ok!(Compensation::resume_payouts(RuntimeOrigin::root()));
		assert_eq!(events(), [Event::PayoutsResumed]);
		let resume = Compensation::resume_payouts(RuntimeOrigin::root());
		assert_noop!(resume, Error::<Test>::PayoutsNotPaused);
		assert_ok!(Compensation::harvest(signed(11), 1));
		let before = free(11);
		next_block();
		assert_eq!(free(11), before + 2_000 * CMT);
		run_sessions(1);
		assert_eq!(due(60), 0);
		assert!(free(60) > ENDOWMENT);
		rob(1);
	});
}

#[test]
fn payouts_should_pause_again_when_the_mismatch_is_still_there() {
	robbed(|| {
		assert_ok!(Compensation::resume_payouts(RuntimeOrigin::root()));
		run_sessions(1);
		assert!(!PayoutsPaused::<Test>::get());
		run_eras(1);
		assert!(PayoutsPaused::<Test>::get());
	});
}

/// Or anybody could stop all payouts for a planck.
#[test]
fn gift_should_join_the_next_award_and_pause_nothing_when_an_era_begins() {
	ExtBuilder::default().build_and_execute(|| {
		run_sessions(2);
		let dust = AccountBooks::<Test>::get().undistributed;
		assert_ok!(Balances::transfer_allow_death(signed(50), Dpos::escrow(), 1));
		events();
		run_eras(1);
		assert!(events().contains(&Event::GiftFound { amount: 1 }));
		assert!(!PayoutsPaused::<Test>::get());
		assert!(dust < 10);
		let carried = AccountBooks::<Test>::get().undistributed;
		assert!(carried >= 1);
		next_block();
		assert_eq!(award().carried, carried);
	});
}

#[test]
fn gift_should_make_up_for_a_loss_when_it_is_as_much() {
	ExtBuilder::default().build_and_execute(|| {
		rob(5);
		assert_ok!(Balances::transfer_allow_death(signed(50), Dpos::escrow(), 7));
		run_eras(1);
		assert!(!PayoutsPaused::<Test>::get());
		assert!(events().contains(&Event::GiftFound { amount: 2 }));
	});
}

#[test]
fn held_slashes_should_count_as_booked_when_an_era_begins() {
	ExtBuilder::default().build_and_execute(|| {
		let taken = slash(1, Perbill::from_percent(5));
		assert_eq!(Compensation::solvency().slashes, taken);
		run_eras(1);
		assert!(!PayoutsPaused::<Test>::get());
		let gift = |event: &Event<Test>| matches!(event, Event::GiftFound { .. });
		assert!(!events().iter().any(gift));
	});
}

#[test]
fn solvency_should_tell_every_entry_when_asked() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		assert_ok!(Compensation::set_compensation_account(signed(1), Some(60)));
		next_block();
		fold(1);
		pay_fees(50, 7);
		let books = AccountBooks::<Test>::get();
		let info = Compensation::solvency();
		assert_eq!((info.pending, info.compensation), (books.pending, due(60)));
		assert_eq!(info.undistributed, books.undistributed + 7);
		let sum = info.stake + info.pending + info.compensation + info.slashes + info.undistributed;
		assert_eq!((info.escrow, info.paused), (sum, false));
	});
}
