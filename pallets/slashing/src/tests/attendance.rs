//! Missed turns.

use crate::{mock::*, types::turns_between, Absentees, Event, LastSlot, WeightInfo};
use cybermiles_primitives::api::OffenceKind;
use sp_runtime::Perbill;

/// Own turns that `who` missed in a row.
fn missed(who: AccountId) -> Option<u32> {
	Absentees::<Test>::get().get(&who).map(|absence| absence.missed)
}

#[test]
fn validator_should_be_absent_when_its_turn_passed_unused() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(1, &[4]);
		assert_eq!(missed(4), Some(1));
		assert!(!earns(4) && earns(3) && earns(5));
		// It was told once the state said so.
		assert_eq!(Told::get(), vec![(4, false, false)]);
	});
}

#[test]
fn validator_should_be_present_when_it_authors_again() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(2, &[4]);
		run_rounds(1, &[]);
		assert_eq!(missed(4), None);
		assert!(earns(4));
		assert_eq!(Told::get(), vec![(4, false, false), (4, true, true)]);
	});
}

#[test]
fn run_should_start_anew_when_a_turn_was_used() {
	ExtBuilder::default().build_and_execute(|| {
		for _ in 0..4 {
			run_rounds(2, &[4]);
			run_rounds(1, &[]);
		}
		assert!(Asked::get().is_empty());
	});
}

#[test]
fn validator_should_be_slashed_and_jailed_when_its_run_is_long_enough() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(2, &[4]);
		assert!(events().is_empty());
		run_rounds(1, &[4]);
		run_slots(1, &[4]);
		let until = JailTime::get() + Now::get();
		assert!(Now::get() > 0 && until > JailTime::get());
		let (index, record) = last_slash();
		assert_eq!((record.candidate, record.kind), (4, OffenceKind::Downtime));
		assert_eq!(record.fraction, Perbill::from_percent(1));
		assert_eq!(record.amount, STAKE / 100);
		assert_eq!(stake_of(4), STAKE - STAKE / 100);
		assert!(matches!(
			events()[..],
			[
				Event::Slashed { index: 0, candidate: 4, due: Some(2), .. },
				Event::Jailed { candidate: 4, .. }
			]
		));
		assert_eq!(index, 0);
		assert!(Aside::get().contains(&4) && Disabled::get().contains_key(&4));
		assert_eq!(missed(4), Some(0));
	});
}

#[test]
fn slash_should_reach_back_to_the_era_of_the_first_missed_turn_when_a_run_spans_eras() {
	// Bug class "Slash too much / too little" (wrong reference era); flaw "unbonding stake escaped
	// slashes": who left after the first missed turn pays, who left before does not.
	let builder = ExtBuilder::default().unbonding(4, 0, 500).unbonding(4, 1, 700);
	builder.build_and_execute(|| {
		next_era();
		// Slots 3 and 9 are its turns, then slot 15.
		run_slots(10, &[4]);
		next_era();
		run_slots(3, &[4]);
		assert_eq!(Asked::get(), vec![(4, Perbill::from_percent(1), 1)]);
		let (_, record) = last_slash();
		assert_eq!((record.era, record.session), (1, 2));
		assert_eq!(record.parts.len(), 3);
	});
}

#[test]
fn run_should_punish_at_the_next_missed_turn_when_the_limit_was_lowered_below_it() {
	// Flaw "a lowered threshold gave immunity to running counters": it was compared with `==`.
	ExtBuilder::default().build_and_execute(|| {
		DowntimeTurns::set(10);
		run_rounds(6, &[4]);
		assert!(missed(4) >= Some(5) && Asked::get().is_empty());
		DowntimeTurns::set(2);
		run_rounds(1, &[4]);
		assert_eq!(Asked::get().len(), 1);
	});
}

#[test]
fn run_should_need_more_turns_when_the_limit_was_raised() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(2, &[4]);
		DowntimeTurns::set(6);
		run_rounds(3, &[4]);
		assert!(Asked::get().is_empty());
		run_rounds(2, &[4]);
		assert_eq!(Asked::get().len(), 1);
	});
}

#[test]
fn limit_of_zero_should_count_as_one() {
	ExtBuilder::default().build_and_execute(|| {
		DowntimeTurns::set(0);
		run_rounds(1, &[]);
		assert!(Asked::get().is_empty());
		run_rounds(2, &[4]);
		assert_eq!(Asked::get().len(), 1);
	});
}

#[test]
fn jailed_validator_should_not_be_punished_for_turns_that_it_may_not_use() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		// Far beyond the end of its jail, in the same session, in which it cannot author.
		run_rounds(50, &[]);
		assert!(!Slashing::in_jail(&4) && !earns(4));
		assert_eq!(Asked::get().len(), 1);
	});
}

#[test]
fn validator_should_be_punished_again_when_it_misses_turns_after_its_jail() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		run_rounds(20, &[]);
		next_session();
		jail_for_downtime(4);
		assert_eq!(Asked::get().len(), 2);
		assert_eq!(stake_of(4), STAKE / 100 * 99 / 100 * 99);
	});
}

#[test]
fn run_should_go_on_when_a_session_ends() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(2, &[4]);
		let before = missed(4);
		Seats::set(Seats::get());
		begin_session();
		assert_eq!(missed(4), before);
	});
}

#[test]
fn absence_should_be_forgotten_when_the_validator_loses_its_seat() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(2, &[4]);
		begin_session_of(&[1, 2, 3, 5, 6, 7]);
		assert_eq!(missed(4), None);
		assert!(earns(4));
	});
}

#[test]
fn turns_should_belong_to_the_new_validators_when_a_session_has_begun() {
	ExtBuilder::default().build_and_execute(|| {
		begin_session_of(&[7, 8, 9]);
		let (from, mut slot) = (SlotNow::get(), SlotNow::get() + 2);
		while turn_of(slot - 1) != 8 {
			block_at(slot - 1);
			slot += 1;
		}
		block_at(slot);
		assert!(slot > from);
		assert_eq!(missed(8), Some(1));
		assert_eq!(Absentees::<Test>::get().len(), 1);
	});
}

#[test]
fn first_block_should_only_be_noted_when_no_slot_was_before() {
	ExtBuilder::default().build_and_execute(|| {
		LastSlot::<Test>::kill();
		block_at(1_000_000);
		assert_eq!(LastSlot::<Test>::get(), Some(1_000_000));
		assert!(Absentees::<Test>::get().is_empty());
	});
}

#[test]
fn slot_should_not_count_when_it_is_not_later_than_the_last() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(3, &[]);
		let last = LastSlot::<Test>::get();
		block_at(last.expect("a slot"));
		block_at(1);
		assert_eq!(LastSlot::<Test>::get(), last);
		assert!(Absentees::<Test>::get().is_empty());
	});
}

#[test]
fn gap_should_cost_one_step_a_validator_when_it_is_of_any_length() {
	// Bug class "Overflow halts the chain": the longest gap that there can be.
	ExtBuilder::default().build_and_execute(|| {
		MassAbsence::set(Perbill::one());
		DowntimeTurns::set(u32::MAX);
		let weight = block_at(u64::MAX);
		let expected = <() as WeightInfo>::attend(6)
			+ <() as WeightInfo>::punish_downtime().saturating_mul(Asked::get().len() as u64);
		assert_eq!(weight, expected);
		assert_eq!(LastSlot::<Test>::get(), Some(u64::MAX));
	});
}

#[test]
fn all_should_be_punished_once_when_a_gap_is_long_and_no_absence_is_the_networks() {
	ExtBuilder::default().build_and_execute(|| {
		MassAbsence::set(Perbill::one());
		block_at(1 + 6 * 100);
		assert_eq!(Asked::get().len(), 6);
	});
}

#[test]
fn block_should_weigh_least_when_no_turn_was_missed() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(block_at(2), <() as WeightInfo>::attend(0));
		assert_eq!(block_at(4), <() as WeightInfo>::attend(1));
	});
}

#[test]
fn block_should_do_nothing_when_there_are_no_validators() {
	ExtBuilder::default().build_and_execute(|| {
		Seats::set(Vec::new());
		AuthorNow::set(None);
		SlotNow::set(50);
		Slashing::attend();
		assert!(Absentees::<Test>::get().is_empty());
		Seats::set((1..=6).collect());
	});
}

#[test]
fn turns_should_be_those_of_the_slots_between() {
	for (last, slot) in [(0, 1), (5, 6), (5, 9), (7, 40), (3, 3)] {
		for seat in 0..6 {
			let naive = (last + 1..slot).filter(|slot| slot % 6 == seat).count() as u32;
			assert_eq!(turns_between(last, slot, seat, 6), naive, "{last} {slot} {seat}");
		}
	}
	assert_eq!(turns_between(0, u64::MAX, 0, 1), u32::MAX);
	assert_eq!(turns_between(0, 9, 0, 0), 0);
}
