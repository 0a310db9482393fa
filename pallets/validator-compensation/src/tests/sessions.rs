//! Sessions: awards compound when one ends, and it can be read what each seat earned.

use crate::{mock::*, AccountBooks, Event, History, SeatsOf};
use cybermiles_primitives::{api::SESSIONS_KEPT, Balance, CMT};
use frame_support::assert_ok;

fn stake(candidate: AccountId) -> Balance {
	Dpos::candidate(candidate).expect("is there").stake
}

#[test]
fn awards_should_compound_when_a_session_ends_and_not_before() {
	ExtBuilder::default().build_and_execute(|| {
		let mut earned = 0;
		while session() == 0 {
			assert_eq!(stake(1), 29_000 * CMT);
			earned = owed(1);
			next_block();
		}
		// The last block's award came after it was read.
		assert!(stake(1) > 29_000 * CMT + earned);
		assert_eq!(owed(1), 0);
	});
}

/// The election at the end of a session sees what was earned in it.
#[test]
fn election_should_see_the_awards_when_it_is_held() {
	ExtBuilder::default().build_and_execute(|| {
		let stakes = |validators: Vec<_>| -> Vec<Balance> {
			validators
				.into_iter()
				.map(|seat: cybermiles_primitives::api::SeatInfo<_>| seat.stake)
				.collect()
		};
		run_sessions(1);
		assert_eq!(stakes(Dpos::seats().validators), [29_000 * CMT, 28_000 * CMT, 27_000 * CMT]);
		run_sessions(1);
		assert!(stakes(Dpos::seats().validators)[0] > 29_000 * CMT);
	});
}

#[test]
fn seats_should_be_those_of_the_session_when_it_begins() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 6, 100_000);
		run_sessions(2);
		let seated = |validator: bool| {
			let mut seats: Vec<_> = SeatsOf::<Test>::iter()
				.filter(|(_, seat)| seat.validator == validator)
				.map(|(candidate, _)| candidate)
				.collect();
			seats.sort_unstable();
			seats
		};
		assert_eq!((seated(true), seated(false)), (vec![1, 2, 6], vec![3, 4]));
	});
}

#[test]
fn session_should_be_remembered_when_it_is_over() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		run_sessions(1);
		events();
		let (mut shared, before) = (0, stake(1));
		while session() == 1 {
			next_block();
			shared += award().to_validators;
		}
		let record = History::<Test>::get(1);
		assert_eq!(record.blocks, 5);
		let (seat, stake_then) =
			record.seats.iter().find(|(seat, _)| seat.candidate == 1).expect("sat");
		assert!(seat.validator && seat.compensation > 0);
		assert_eq!(*stake_then, before);
		assert!(stake(1) >= before + seat.award - 4 && stake(1) <= before + seat.award);
		let award: Balance = record.seats.iter().map(|(seat, _)| seat.award).sum();
		let compensation = record.seats.iter().map(|(seat, _)| seat.compensation).sum();
		// Three seats, each with less than a planck of dust.
		assert!(award <= shared && shared - award <= 3);
		assert_eq!(events(), [Event::SessionAwarded { session: 1, award, compensation }]);
		assert_eq!(record.seats.len(), 5);
	});
}

#[test]
fn first_session_should_count_blocks_that_award_when_it_ends() {
	ExtBuilder::default().build_and_execute(|| {
		let mut awards = 0;
		while session() == 0 {
			next_block();
			awards += 1;
		}
		assert_eq!(History::<Test>::get(0).blocks, awards);
	});
}

#[test]
fn sessions_should_be_forgotten_when_they_are_long_over() {
	ExtBuilder::default().build_and_execute(|| {
		SessionLength::set(1);
		run_sessions(SESSIONS_KEPT + 6);
		let mut kept: Vec<_> = History::<Test>::iter_keys().collect();
		kept.sort_unstable();
		let expected: Vec<_> = (6..SESSIONS_KEPT + 6).collect();
		assert_eq!(kept, expected);
	});
}

#[test]
fn index_should_begin_anew_when_a_session_begins() {
	ExtBuilder::default().build_and_execute(|| {
		run_blocks(3);
		assert!(!crate::RunningGroups::<Test>::get().validators.index().is_zero());
		run_sessions(1);
		assert!(crate::RunningGroups::<Test>::get().validators.index().is_zero());
		assert_eq!(AccountBooks::<Test>::get().pending, 0);
	});
}

/// A candidate that closes in its session earns nothing more, and its record says so.
#[test]
fn record_should_have_what_was_received_when_a_candidate_closed() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		assert_ok!(Dpos::retire(signed(1)));
		let received = seat_award(1).award;
		run_sessions(1);
		let record = History::<Test>::get(0);
		let (seat, _) = record.seats.iter().find(|(seat, _)| seat.candidate == 1).expect("sat");
		assert_eq!(seat.award, received);
		assert!(AccountBooks::<Test>::get().undistributed > 0);
	});
}

/// The closed candidate may sit on after its last delegator was paid.
#[test]
fn lowered_rates_should_be_forgotten_when_a_candidate_is() {
	ExtBuilder::default().delegation(11, 6, 5_000).build_and_execute(|| {
		assert_ok!(Compensation::lower_all_rates(signed(6), cybermiles_primitives::Rate(10)));
		assert_ok!(Dpos::retire(signed(6)));
		run_eras(3);
		assert!(Dpos::candidate(6).is_none());
		assert_eq!(crate::RatesLowered::<Test>::iter().count(), 0);
	});
}
