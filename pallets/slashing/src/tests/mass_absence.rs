//! When the fault is the network's.

use crate::{mock::*, types::exceeds, Absentees, Event, MassAbsent};
use sp_runtime::Perbill;

/// Whether no run has begun.
fn all_runs_are_new() -> bool {
	Absentees::<Test>::get().values().all(|absence| absence.missed == 0)
}

#[test]
fn nobody_should_be_punished_when_more_than_a_third_is_absent() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(20, &[1, 3, 5]);
		assert!(MassAbsent::<Test>::get());
		assert!(Asked::get().is_empty());
		assert!(!earns(1) && !earns(3) && !earns(5));
		assert_eq!(events(), vec![Event::MassAbsenceBegan { absent: 3, validators: 6 }]);
	});
}

#[test]
fn validators_should_be_punished_when_exactly_a_third_is_absent() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(5, &[1, 3]);
		assert!(!MassAbsent::<Test>::get());
		assert_eq!(Asked::get().len(), 2);
	});
}

#[test]
fn runs_should_start_anew_when_too_many_become_absent() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(2, &[1]);
		assert!(!all_runs_are_new());
		run_rounds(1, &[1, 3, 5]);
		assert!(MassAbsent::<Test>::get() && all_runs_are_new());
	});
}

#[test]
fn runs_should_be_counted_from_nothing_when_mass_absence_is_over() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(10, &[1, 3, 5]);
		events();
		run_rounds(2, &[1]);
		assert_eq!(events(), vec![Event::MassAbsenceEnded { absent: 2, validators: 6 }]);
		assert!(Asked::get().is_empty());
		run_rounds(2, &[1]);
		assert_eq!(Asked::get().len(), 1);
	});
}

#[test]
fn nobody_should_be_punished_when_the_chain_stood_still() {
	// Bug class "Liveness tied to off-chain workers": a halt of the chain is nobody's offence.
	ExtBuilder::default().build_and_execute(|| {
		let after = SlotNow::get() + 6 * 1_000;
		block_at(after);
		run_rounds(2, &[]);
		assert!(Asked::get().is_empty());
		assert!(!MassAbsent::<Test>::get());
		assert!(Absentees::<Test>::get().is_empty());
		assert!(matches!(
			events()[..],
			[
				Event::MassAbsenceBegan { absent: 6, validators: 6 },
				Event::MassAbsenceEnded { absent: 2, validators: 6 }
			]
		));
	});
}

#[test]
fn mass_absence_should_end_when_the_absent_lose_their_seats() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(2, &[1, 3, 5]);
		begin_session_of(&[2, 4, 6, 7, 8, 9]);
		assert!(!MassAbsent::<Test>::get());
	});
}

#[test]
fn mass_absence_should_begin_when_there_are_fewer_validators() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(2, &[1, 3]);
		run_slots(1, &[1, 3]);
		Seats::set(vec![1, 3, 5]);
		begin_session();
		assert!(MassAbsent::<Test>::get() && all_runs_are_new());
	});
}

#[test]
fn part_should_exceed_only_when_it_is_strictly_more() {
	let half = Perbill::from_percent(50);
	assert!(!exceeds(3, 6, half));
	assert!(exceeds(4, 6, half));
	// A third is kept as a little less than a third.
	assert!(!exceeds(2, 6, Perbill::from_parts(333_333_333)));
	assert!(exceeds(2, 6, Perbill::from_parts(333_333_332)));
	assert!(exceeds(7, 19, Perbill::from_parts(333_333_333)));
	assert!(!exceeds(6, 19, Perbill::from_parts(333_333_333)));
	assert!(exceeds(1, 6, Perbill::zero()));
	assert!(!exceeds(0, 0, Perbill::zero()));
	assert!(!exceeds(u32::MAX, u32::MAX, Perbill::one()));
}
