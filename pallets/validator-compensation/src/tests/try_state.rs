//! Each invariant, broken on purpose.

use crate::{
	mock::*, AccountBooks, CompensationDue, History, LoweredRates, RatesLowered, RunningGroups,
	Seat, SeatsOf,
};
use cybermiles_primitives::{api::SESSIONS_KEPT, ClassId, Rate};
use frame_support::assert_ok;
use sp_runtime::TryRuntimeError;

/// Runs `corrupt` on a state with every kind of record, and expects exactly `message`.
fn assert_broken(message: &'static str, corrupt: impl FnOnce()) {
	let builder = ExtBuilder::default().delegation(11, 1, 10_000).delegation(12, 2, 10_000);
	builder.build().execute_with(|| {
		assert_ok!(Compensation::set_compensation_account(signed(1), Some(60)));
		assert_ok!(Compensation::lower_all_rates(signed(1), Rate(10)));
		run_sessions(2);
		beat(4);
		go_absent(3);
		run_blocks(2);
		fold(1);
		assert_ok!(Compensation::do_try_state());
		corrupt();
		assert_eq!(Compensation::do_try_state(), Err(TryRuntimeError::Other(message)));
	});
}

#[test]
fn try_state_should_fail_when_escrow_holds_too_little() {
	assert_broken("escrow holds less than the books say", || rob(1));
}

#[test]
fn try_state_should_hold_when_escrow_was_given_a_gift() {
	ExtBuilder::default().build().execute_with(|| {
		assert_ok!(Balances::transfer_allow_death(signed(50), Dpos::escrow(), 1));
		assert_ok!(Compensation::do_try_state());
	});
}

#[test]
fn try_state_should_fail_when_seats_earned_more_than_is_pending() {
	let message = "seats earned more than is pending";
	assert_broken(message, || {
		SeatsOf::<Test>::mutate(1, |seat| {
			seat.as_mut().expect("a seat").settled = AccountBooks::<Test>::get().pending + 1;
		})
	});
	assert_broken(message, || AccountBooks::<Test>::mutate(|books| books.pending = 0));
}

#[test]
fn try_state_should_fail_when_compensation_is_not_its_sum() {
	let message = "compensation is not the sum over all accounts";
	assert_broken(message, || CompensationDue::<Test>::mutate(60, |due| *due += 1));
	assert_broken(message, || AccountBooks::<Test>::mutate(|books| books.compensation -= 1));
}

#[test]
fn try_state_should_fail_when_a_group_has_a_wrong_weight() {
	let message = "a group's weight is not its seats'";
	for validator in [true, false] {
		assert_broken(message, || {
			RunningGroups::<Test>::mutate(|groups| {
				assert!(groups.of_mut(validator).join(1));
			})
		});
	}
	assert_broken(message, || {
		SeatsOf::<Test>::mutate(2, |seat| {
			seat.as_mut().expect("a seat").since = None;
		})
	});
}

#[test]
fn try_state_should_fail_when_seats_are_not_the_sessions() {
	let message = "the seats that earn are not those of the session";
	assert_broken(message, || SeatsOf::<Test>::insert(77, Seat::new(true, 1)));
	assert_broken(message, || SeatsOf::<Test>::remove(5));
	// One that does not earn, so that the weight of its group is right.
	assert_broken(message, || {
		SeatsOf::<Test>::mutate(3, |seat| {
			seat.as_mut().expect("a seat").weight += 1;
		})
	});
	assert_broken(message, || {
		SeatsOf::<Test>::mutate(5, |seat| {
			seat.as_mut().expect("a seat").validator = true;
		})
	});
}

fn lower(class: ClassId, rate: Rate) {
	let mut lowered = LoweredRates::new();
	lowered.try_insert(class, rate).expect("room");
	RatesLowered::<Test>::insert(2, lowered);
}

#[test]
fn try_state_should_fail_when_lowered_rates_are_none() {
	assert_broken("an empty list of lowered rates is kept", || {
		RatesLowered::<Test>::insert(2, LoweredRates::new());
	});
	assert_broken("the owner's class has a lowered rate", || lower(ClassId::OWNER, Rate(0)));
	let message = "a lowered rate is not below the agreed one";
	assert_broken(message, || lower(DELEGATORS, MAX_RATE));
	assert_broken(message, || lower(ClassId::agreed_at(Rate(5)), Rate(6)));
}

#[test]
fn try_state_should_fail_when_a_session_is_remembered_for_too_long() {
	let message = "a session is remembered for too long";
	assert_broken(message, || {
		let record = History::<Test>::get(1);
		History::<Test>::insert(session(), record);
	});
	ExtBuilder::default().build().execute_with(|| {
		SessionLength::set(1);
		run_sessions(SESSIONS_KEPT + 3);
		assert_ok!(Compensation::do_try_state());
		History::<Test>::insert(2, History::<Test>::get(3));
		assert_eq!(Compensation::do_try_state(), Err(TryRuntimeError::Other(message)));
	});
}

#[test]
fn try_state_should_leave_the_state_as_it_is_when_it_holds() {
	ExtBuilder::default().build().execute_with(|| {
		run_blocks(7);
		let root = || sp_io::storage::root(sp_runtime::StateVersion::V1);
		let before = root();
		assert_ok!(Compensation::do_try_state());
		assert_eq!(root(), before);
	});
}
