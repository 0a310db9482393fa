//! Jail.

use crate::{mock::*, Absentees, Error, Event, Jails, Pardons};
use cybermiles_primitives::traits::Standing;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Perbill};

fn may_stand(who: AccountId) -> Result<(), DispatchError> {
	<Slashing as Standing<AccountId>>::ensure_may_stand(&who)
}

#[test]
fn jailed_candidate_should_not_stand_when_its_term_is_not_over() {
	// Flaw "instant reactivation after a slash".
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(may_stand(4));
		jail_for_downtime(4);
		assert!(Aside::get().contains(&4));
		assert_eq!(may_stand(4), Err(Error::<Test>::Jailed.into()));
		let end = Slashing::conduct(4).jailed_until.expect("in jail");
		Now::set(end - 1);
		assert_eq!(may_stand(4), Err(Error::<Test>::Jailed.into()));
		Now::set(end);
		assert_ok!(may_stand(4));
	});
}

#[test]
fn tombstoned_candidate_should_never_stand_when_not_pardoned() {
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		Now::set(u64::MAX);
		assert_eq!(may_stand(4), Err(Error::<Test>::Tombstoned.into()));
		assert!(!earns(4));
	});
}

#[test]
fn tombstoned_candidate_should_take_no_stake_until_it_is_pardoned() {
	ExtBuilder::default().build_and_execute(|| {
		let may_take_stake = <Slashing as Standing<AccountId>>::ensure_may_take_stake;
		assert_ok!(may_take_stake(&4));
		jail_for_downtime(4);
		assert_ok!(may_take_stake(&4));
		report_now(4);
		assert_eq!(may_take_stake(&4), Err(Error::<Test>::Tombstoned.into()));
		assert_ok!(Slashing::pardon(RuntimeOrigin::root(), 4));
		assert_ok!(may_take_stake(&4));
	});
}

#[test]
fn jail_should_go_on_when_the_candidate_stands_aside_already() {
	ExtBuilder::default().build_and_execute(|| {
		Aside::mutate(|aside| aside.insert(4));
		jail_for_downtime(4);
		assert!(Slashing::in_jail(&4));
	});
}

#[test]
fn jailed_validator_should_be_disabled_again_when_it_was_elected_before_its_fault() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		next_session();
		assert_eq!(Disabled::get().get(&4), Some(&Perbill::from_percent(1)));
		report_later(5);
		next_session();
		assert_eq!(Disabled::get().get(&5), Some(&Perbill::from_percent(25)));
	});
}

#[test]
fn jailed_candidate_should_be_absent_when_it_gets_a_seat() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		begin_session_of(&[1, 2, 3, 5, 6, 7]);
		assert!(!Absentees::<Test>::get().contains_key(&4));
		assert!(!earns(4));
		Told::take();
		begin_session_of(&[1, 2, 3, 4, 5, 6]);
		assert!(Absentees::<Test>::get().contains_key(&4));
		assert_eq!(Told::get(), vec![(4, false, false)]);
	});
}

#[test]
fn term_should_be_forgotten_when_it_is_over_and_the_candidate_sits_again() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		run_rounds(50, &[]);
		assert!(Jails::<Test>::contains_key(4));
		next_session();
		assert!(!Jails::<Test>::contains_key(4));
		run_rounds(1, &[]);
		assert!(earns(4));
	});
}

#[test]
fn jailed_validator_should_stay_absent_when_it_could_not_be_kept_from_authoring() {
	ExtBuilder::default().build_and_execute(|| {
		MaxDisabled::set(0);
		jail_for_downtime(4);
		run_rounds(2, &[]);
		assert!(!earns(4));
		assert!(Absentees::<Test>::get().contains_key(&4));
		run_rounds(50, &[]);
		assert!(earns(4));
	});
}

#[test]
fn jail_should_be_told_once_when_the_validator_was_absent_before() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		assert_eq!(Told::get(), vec![(4, false, false)]);
		report_now(5);
		assert_eq!(Told::get().last(), Some(&(5, false, false)));
	});
}

#[test]
fn candidate_without_seat_should_be_jailed_when_it_offended_before() {
	// Bug class "Slash of the wrong state": offence of who has no seat any more.
	ExtBuilder::default().build_and_execute(|| {
		let (proof, key_proof) = report_of(4, SlotNow::get());
		begin_session_of(&[1, 2, 3, 5, 6, 7]);
		assert_ok!(Slashing::report_double_authoring(signed(REPORTER), Box::new(proof), key_proof));
		assert!(Slashing::in_jail(&4));
		assert!(!Disabled::get().contains_key(&4));
		assert!(!Absentees::<Test>::get().contains_key(&4));
		assert_eq!(Told::get(), vec![(4, false, false)]);
	});
}

#[test]
fn grave_offence_should_turn_a_term_into_a_tombstone() {
	// Bug class "Slash of the wrong state": offence of who is in jail.
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		report_now(4);
		assert_eq!(may_stand(4), Err(Error::<Test>::Tombstoned.into()));
		let taken = STAKE / 100;
		assert_eq!(stake_of(4), (STAKE - taken) / 4 * 3);
	});
}

#[test]
fn pardon_should_end_a_term() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		events();
		assert_ok!(Slashing::pardon(RuntimeOrigin::root(), 4));
		assert_ok!(may_stand(4));
		assert_eq!(events(), vec![Event::Pardoned { candidate: 4, offences_until: None }]);
		// Missed turns are not reported, so nothing else is forgiven with them.
		assert!(!Pardons::<Test>::contains_key(4));
		report_now(4);
		assert_eq!(may_stand(4), Err(Error::<Test>::Tombstoned.into()));
	});
}

#[test]
fn pardon_should_end_a_tombstone_and_spare_what_was_done_before() {
	ExtBuilder::default().build_and_execute(|| {
		let late = report_of(4, SlotNow::get());
		run_rounds(1, &[]);
		report_now(4);
		assert_ok!(Slashing::pardon(RuntimeOrigin::root(), 4));
		assert_ok!(may_stand(4));
		assert_eq!(Pardons::<Test>::get(4), Some(0));
		let stake = stake_of(4);
		let (proof, key_proof) = late;
		assert_ok!(Slashing::report_double_authoring(signed(REPORTER), Box::new(proof), key_proof));
		assert_eq!(stake_of(4), stake);
		assert_ok!(may_stand(4));
	});
}

#[test]
fn pardoned_candidate_should_be_punished_when_it_offends_again() {
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		assert_ok!(Slashing::pardon(RuntimeOrigin::root(), 4));
		next_session();
		run_slots(1, &[]);
		report_now(4);
		assert_eq!(may_stand(4), Err(Error::<Test>::Tombstoned.into()));
		assert_eq!(stake_of(4), STAKE / 4 * 3 / 4 * 3);
	});
}

#[test]
fn pardoned_validator_should_not_be_punished_when_it_still_may_not_author() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		assert_ok!(Slashing::pardon(RuntimeOrigin::root(), 4));
		run_rounds(10, &[]);
		assert_eq!(Asked::get().len(), 1);
	});
}

#[test]
fn pardon_should_fail_when_the_candidate_is_not_in_jail() {
	ExtBuilder::default().build_and_execute(|| {
		let root = RuntimeOrigin::root;
		assert_noop!(Slashing::pardon(root(), 4), Error::<Test>::NotJailed);
		jail_for_downtime(4);
		Now::set(u64::MAX);
		assert_noop!(Slashing::pardon(root(), 4), Error::<Test>::NotJailed);
	});
}

#[test]
fn pardon_should_fail_when_the_origin_is_not_the_admin() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		assert_noop!(Slashing::pardon(signed(4), 4), DispatchError::BadOrigin);
		assert_noop!(Slashing::pardon(RuntimeOrigin::none(), 4), DispatchError::BadOrigin);
	});
}

#[test]
fn jail_should_not_overflow_when_its_time_is_endless() {
	// Bug class "Overflow halts the chain".
	ExtBuilder::default().build_and_execute(|| {
		JailTime::set(u64::MAX);
		jail_for_downtime(4);
		assert_eq!(Slashing::conduct(4).jailed_until, Some(u64::MAX));
	});
}
