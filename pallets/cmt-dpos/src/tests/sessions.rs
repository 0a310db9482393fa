//! Sessions and eras: when they begin and end.

use crate::{mock::*, Clock, CurrentEra, CurrentSession, Era, EraStart, Event, SeatsOf};
use crate::{SessionClock, MAX_UNBONDING_ERAS};
use cybermiles_primitives::traits::Eras;
use frame_support::traits::EstimateNextSessionRotation;
use pallet_session::{historical, SessionManager, ShouldEndSession};
use sp_runtime::Permill;

#[test]
fn session_should_end_when_its_length_has_passed() {
	ExtBuilder::default().build_and_execute(|| {
		let ends: Vec<_> = (1..=5).map(Dpos::should_end_session).collect();
		assert_eq!(ends, [false, false, false, false, true]);
		run_to_block(5);
		assert_eq!(CurrentSession::<Test>::get(), 1);
		assert!(!Dpos::should_end_session(9) && Dpos::should_end_session(10));
	});
}

/// Flaw of the first chain: parameters that change in the middle.
#[test]
fn session_should_keep_its_length_when_the_parameter_changes() {
	ExtBuilder::default().build_and_execute(|| {
		run_to_block(6);
		SessionLength::set(100);
		assert!(!Dpos::should_end_session(9) && Dpos::should_end_session(10));
		SessionLength::set(1);
		assert!(!Dpos::should_end_session(7));
		SessionLength::set(7);
		run_to_block(10);
		assert_eq!(Clock::<Test>::get(), SessionClock { start: 10, length: 7 });
		run_to_block(16);
		assert_eq!(CurrentSession::<Test>::get(), 2);
		run_to_block(17);
		assert_eq!(CurrentSession::<Test>::get(), 3);
	});
}

#[test]
fn session_should_last_a_block_at_least_when_the_parameter_is_zero() {
	ExtBuilder::default().build_and_execute(|| {
		SessionLength::set(0);
		run_to_block(8);
		assert_eq!(CurrentSession::<Test>::get(), 4);
		let next = Dpos::estimate_next_session_rotation(8).0;
		assert_eq!(next, Some(9));
	});
}

#[test]
fn session_should_end_late_when_a_block_was_missed() {
	ExtBuilder::default().build_and_execute(|| {
		assert!(Dpos::should_end_session(1_000));
	});
}

#[test]
fn era_should_begin_when_its_sessions_have_passed() {
	ExtBuilder::default().build_and_execute(|| {
		run_to_block(14);
		assert_eq!(CurrentEra::<Test>::get(), Era { index: 0, start: 0 });
		events();
		run_to_block(15);
		assert_eq!(CurrentEra::<Test>::get(), Era { index: 1, start: 3 });
		assert!(events().contains(&Event::EraStarted { era: 1, session: 3 }));
		run_to_block(30);
		assert_eq!(CurrentEra::<Test>::get(), Era { index: 2, start: 6 });
	});
}

#[test]
fn era_should_end_with_the_next_session_when_the_parameter_fell_below_its_age() {
	ExtBuilder::default().build_and_execute(|| {
		run_sessions(2);
		SessionsPerEra::set(1);
		assert_eq!(Dpos::era(), 0);
		run_sessions(1);
		assert_eq!(CurrentEra::<Test>::get(), Era { index: 1, start: 3 });
		SessionsPerEra::set(0);
		run_sessions(2);
		assert_eq!(Dpos::era(), 3);
	});
}

#[test]
fn era_should_tell_the_oldest_punishable_session_when_it_begins() {
	ExtBuilder::default().build_and_execute(|| {
		run_eras(MAX_UNBONDING_ERAS + 2);
		let begun = ErasBegun::get();
		assert_eq!(begun[..3], [(1, 3, 0), (2, 6, 0), (3, 9, 0)]);
		assert_eq!(begun[28..], [(29, 87, 3), (30, 90, 6)]);
	});
}

#[test]
fn era_starts_should_be_kept_as_long_as_stake_can_wait_when_eras_pass() {
	ExtBuilder::default().build_and_execute(|| {
		SessionLength::set(1);
		SessionsPerEra::set(1);
		run_eras(60);
		let kept: Vec<_> = EraStart::<Test>::iter_keys().collect();
		assert_eq!(kept.len() as u32, MAX_UNBONDING_ERAS + 1);
		assert_eq!(kept.iter().min(), Some(&(60 - MAX_UNBONDING_ERAS)));
	});
}

/// When a session ends its seats still hold, and when one begins its own do.
#[test]
fn others_should_be_told_when_sessions_end_and_begin() {
	ExtBuilder::default().build_and_execute(|| {
		Validators::set(4);
		run_sessions(2);
		assert_eq!(SessionsTold::get(), [(true, 0, 3), (false, 1, 3), (true, 1, 3), (false, 2, 4)]);
	});
}

#[test]
fn era_of_a_session_should_be_known_when_it_can_still_matter() {
	ExtBuilder::default().build_and_execute(|| {
		run_eras(2);
		let eras: Vec<_> = (0..=7).map(Dpos::era_of).collect();
		assert_eq!(eras[..6], [0, 0, 0, 1, 1, 1].map(Some));
		// The present era, and what is to come.
		assert_eq!(eras[6..], [Some(2), Some(2)]);
		assert_eq!((Dpos::current_era(), Dpos::current_session()), (2, 6));
	});
}

#[test]
fn era_of_a_session_should_be_none_when_it_is_too_long_ago() {
	ExtBuilder::default().build_and_execute(|| {
		SessionLength::set(1);
		run_eras(MAX_UNBONDING_ERAS + 2);
		assert_eq!(Dpos::era_of(5), None);
		assert_eq!(Dpos::era_of(6), Some(2));
	});
}

#[test]
fn seats_should_be_forgotten_when_their_session_is_long_over() {
	ExtBuilder::default().build_and_execute(|| {
		run_sessions(10);
		let mut kept: Vec<_> = SeatsOf::<Test>::iter_keys().collect();
		kept.sort_unstable();
		assert_eq!(kept, [9, 10, 11]);
	});
}

#[test]
fn estimates_should_follow_the_clock_when_asked() {
	ExtBuilder::default().build_and_execute(|| {
		run_to_block(6);
		assert_eq!(Dpos::average_session_length(), 5);
		let progress = |now| Dpos::estimate_current_session_progress(now).0;
		assert_eq!(progress(5), Some(Permill::zero()));
		assert_eq!(progress(7), Some(Permill::from_percent(40)));
		assert_eq!(progress(999), Some(Permill::one()));
		assert_eq!(Dpos::estimate_next_session_rotation(6).0, Some(10));
	});
}

#[test]
fn historical_manager_should_do_the_same_when_sessions_pass() {
	type Manager = Dpos;
	ExtBuilder::default().build_and_execute(|| {
		System::set_block_number(5);
		<Manager as historical::SessionManager<AccountId, ()>>::end_session(0);
		<Manager as historical::SessionManager<AccountId, ()>>::start_session(1);
		assert_eq!(CurrentSession::<Test>::get(), 1);
		assert_eq!(Clock::<Test>::get(), SessionClock { start: 5, length: 5 });
		<Manager as SessionManager<AccountId>>::new_session(2);
		System::set_block_number(10);
		<Manager as historical::SessionManager<AccountId, ()>>::end_session(1);
		assert!(!SeatsOf::<Test>::contains_key(0));
	});
}
