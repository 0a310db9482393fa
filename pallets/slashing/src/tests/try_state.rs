//! Each invariant, broken on purpose.

use crate::{
	mock::*, Absence, Absentees, Closed, CurrentSession, HeldSlashes, HeldTotal, InForce, Jail,
	JailTerm, Jails, MassAbsent, OffenceCounts, Pardons, PrunedTo, Reporting, SessionKey,
	SessionNote, Sessions, SettlingEra, Since, SlashCount, SlashRecord, Slashes, SlashesOf, Tenure,
	Tenures,
};
use cybermiles_primitives::{
	api::{OffenceKind, SlashState},
	ClassId, PoolCut, PoolRef,
};
use frame_support::{assert_ok, traits::fungible::Mutate};
use sp_runtime::{app_crypto::key_types::GRANDPA, Perbill, TryRuntimeError};

/// Runs `corrupt` on a state with every kind of record, and expects exactly `message`.
///
/// Slash 0 is applied, 1 cancelled, 2 (downtime of 4) and 3 (of 5) held until era 4.
fn assert_broken(message: &'static str, corrupt: impl FnOnce()) {
	ExtBuilder::default().build().execute_with(|| {
		MassAbsence::set(Perbill::from_percent(60));
		rotate_keys(6, 66);
		report_now(1);
		assert_ok!(Slashing::confirm_slash(RuntimeOrigin::root(), 0));
		report_later(2);
		assert_ok!(Slashing::cancel_slash(RuntimeOrigin::root(), 1));
		run_eras(2);
		jail_for_downtime(4);
		run_rounds(1, &[3]);
		run_slots(1, &[3]);
		report_now(5);
		assert_ok!(Slashing::do_try_state());
		corrupt();
		assert_eq!(Slashing::do_try_state(), Err(TryRuntimeError::Other(message)));
	});
}

fn change_slash(index: u32, change: impl FnOnce(&mut SlashRecord<AccountId>)) {
	Slashes::<Test>::mutate(index, |record| change(record.as_mut().expect("a slash")));
}

fn change_jail(who: AccountId, change: impl FnOnce(&mut Jail)) {
	Jails::<Test>::mutate(who, |jail| change(jail.as_mut().expect("a jail")));
}

fn change_absence(who: AccountId, change: impl FnOnce(&mut Absence)) {
	Absentees::<Test>::mutate(|absentees| change(absentees.get_mut(&who).expect("absent")));
}

fn key(seed: u8) -> SessionKey {
	SessionKey::new(GRANDPA, &grandpa_key(seed)).expect("a key")
}

fn change_tenure(seed: u8, change: impl FnOnce(&mut Tenure<AccountId>)) {
	Tenures::<Test>::mutate(key(seed), Since::new(0), |tenure| {
		change(tenure.as_mut().expect("a tenure"))
	});
}

fn note(slot: u64) -> SessionNote {
	SessionNote { slot, validators: 6, same_keys: true }
}

#[test]
fn try_state_should_fail_when_a_slash_is_not_what_was_taken() {
	let message = "a slash is not what was taken";
	assert_broken(message, || change_slash(2, |record| record.amount += 1));
	assert_broken(message, || change_slash(2, |record| record.parts.truncate(1)));
}

#[test]
fn try_state_should_fail_when_nothing_is_held() {
	assert_broken("nothing is held", || {
		change_slash(2, |record| {
			record.amount = 0;
			record.parts = Default::default();
		});
	});
}

#[test]
fn try_state_should_fail_when_a_held_slash_is_not_listed() {
	assert_broken("a held slash is not listed", || HeldSlashes::<Test>::remove(4, 2));
}

#[test]
fn try_state_should_fail_when_a_held_slash_is_passed_over() {
	assert_broken("a held slash is passed over", || SettlingEra::<Test>::put(5));
}

#[test]
fn try_state_should_fail_when_a_settled_slash_lists_pools() {
	for index in [0, 1] {
		assert_broken("a settled slash lists pools", || {
			let cut = PoolCut { pool: PoolRef::Class(ClassId::OWNER), amount: 1 };
			change_slash(index, |record| assert!(record.parts.try_push(cut).is_ok()));
		});
	}
}

#[test]
fn try_state_should_fail_when_a_slash_is_listed_that_is_not_held() {
	let message = "a slash is listed that is not held";
	assert_broken(message, || HeldSlashes::<Test>::insert(4, 0, ()));
	assert_broken(message, || HeldSlashes::<Test>::insert(9, 2, ()));
	assert_broken(message, || HeldSlashes::<Test>::insert(4, 77, ()));
}

#[test]
fn try_state_should_fail_when_the_total_is_wrong() {
	assert_broken("the total is not the sum of what is held", || {
		HeldTotal::<Test>::mutate(|total| *total += 1);
	});
}

#[test]
fn try_state_should_fail_when_escrow_holds_too_little() {
	assert_broken("the escrow account holds too little", || {
		Balances::set_balance(&ESCROW, HeldTotal::<Test>::get() - 1);
	});
}

#[test]
fn try_state_should_fail_when_a_number_is_missing() {
	let message = "slashes are not numbered without gaps";
	assert_broken(message, || SlashCount::<Test>::put(9));
	assert_broken(message, || Slashes::<Test>::remove(0));
}

#[test]
fn try_state_should_fail_when_a_slash_is_not_listed_by_candidate() {
	assert_broken("a slash is not listed under its candidate", || {
		SlashesOf::<Test>::remove(4, 2);
	});
	assert_broken("a slash is listed under another candidate", || {
		SlashesOf::<Test>::insert(3, 2, ());
	});
}

#[test]
fn try_state_should_fail_when_offences_are_miscounted() {
	use OffenceKind::*;
	for kind in [Downtime, DoubleAuthoring, GrandpaEquivocation] {
		assert_broken("offences are miscounted", || {
			OffenceCounts::<Test>::mutate(kind, |count| *count += 1);
		});
	}
}

#[test]
fn try_state_should_fail_when_a_jail_has_no_cause() {
	assert_broken("a jail without its slash", || change_jail(4, |jail| jail.cause = 99));
	assert_broken("a jail for what somebody else did", || change_jail(4, |jail| jail.cause = 3));
	assert_broken("a jail for a slash that was cancelled", || {
		let jail = Jails::<Test>::get(5).expect("a jail");
		Jails::<Test>::insert(2, Jail { cause: 1, ..jail });
	});
}

#[test]
fn try_state_should_fail_when_a_jail_is_of_the_wrong_kind() {
	assert_broken("a short jail for a grave offence", || {
		change_jail(5, |jail| jail.term = JailTerm::Until(1));
	});
	let term = |session| JailTerm::Tombstoned { fraction: Perbill::one(), session };
	assert_broken("a tombstone for missed turns", || change_jail(4, |jail| jail.term = term(0)));
	assert_broken("a tombstone for what is still to come", || {
		change_jail(5, |jail| jail.term = term(99));
	});
}

#[test]
fn try_state_should_fail_when_the_future_is_pardoned() {
	assert_broken("a pardon of the future", || Pardons::<Test>::insert(2, 99));
}

#[test]
fn try_state_should_fail_when_an_absentee_has_no_seat() {
	assert_broken("an absentee has no seat", || {
		Absentees::<Test>::mutate(|list| {
			assert!(list.try_insert(9, Absence::default()).is_ok());
		});
	});
}

#[test]
fn try_state_should_fail_when_turns_count_that_should_not() {
	assert_broken("turns count although too many are absent", || {
		change_absence(3, |absence| absence.missed = 1);
		MassAbsent::<Test>::put(true);
	});
	assert_broken("turns count of who is kept out", || {
		change_absence(4, |absence| absence.missed = 1);
	});
}

#[test]
fn try_state_should_fail_when_a_jailed_validator_is_present() {
	assert_broken("a validator in jail is not absent", || {
		Absentees::<Test>::mutate(|absentees| assert!(absentees.remove(&5).is_some()));
	});
}

#[test]
fn try_state_should_fail_when_a_session_is_missing() {
	assert_broken("a session that matters is forgotten", || PrunedTo::<Test>::put(1));
	let message = "a session is not noted";
	assert_broken(message, || Sessions::<Test>::remove(1));
	assert_broken(message, || Sessions::<Test>::insert(9, note(9)));
	assert_broken("sessions are not in the order of slots", || {
		let session = CurrentSession::<Test>::get();
		Sessions::<Test>::insert(session, note(0));
	});
}

#[test]
fn try_state_should_fail_when_a_key_in_force_has_no_tenure() {
	assert_broken("a key in force has no tenure", || {
		Tenures::<Test>::remove(key(4), Since::new(0));
	});
	assert_broken("the tenure of a key in force has ended", || {
		change_tenure(4, |tenure| tenure.last = Some(1));
	});
	assert_broken("a key in force is somebody else's", || {
		change_tenure(4, |tenure| tenure.candidate = 3);
	});
}

#[test]
fn try_state_should_fail_when_a_tenure_is_wrong() {
	assert_broken("a tenure does not end", || change_tenure(6, |tenure| tenure.last = None));
	assert_broken("a tenure does not end", InForce::<Test>::kill);
	assert_broken("a tenure ends before it begins", || {
		Tenures::<Test>::insert(key(6), Since::new(1), Tenure { candidate: 6, last: Some(0) });
	});
	assert_broken("a tenure is never forgotten", || Closed::<Test>::remove(0));
	assert_broken("a key is two candidates' at once", || {
		Tenures::<Test>::insert(key(4), Since::new(1), Tenure { candidate: 3, last: Some(1) });
		Closed::<Test>::mutate(1, |closed| assert!(closed.try_push((key(4), 1)).is_ok()));
	});
}

#[test]
fn try_state_should_fail_when_a_report_is_under_way() {
	assert_broken("a report is under way", || Reporting::<Test>::put(OffenceKind::Downtime));
}

#[test]
fn try_state_should_fail_when_a_held_slash_is_marked_settled() {
	assert_broken("a slash is listed that is not held", || {
		change_slash(2, |record| {
			record.state = SlashState::Applied;
			record.parts = Default::default();
		});
	});
}
