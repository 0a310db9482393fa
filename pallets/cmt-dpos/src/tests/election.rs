//! Who is elected.

use crate::{mock::*, Event, Reason, Seat, Status};
use cybermiles_primitives::{
	traits::{Seats, StakePools},
	CMT,
};
use frame_support::assert_ok;
use pallet_session::{historical, SessionManager};
use sp_runtime::Perbill;

/// Elects for the session after next, as at the end of a session.
fn elect() -> Option<Vec<AccountId>> {
	<Dpos as SessionManager<AccountId>>::new_session(2)
}

fn standbys_of(session: u32) -> Vec<AccountId> {
	seats_of(session).standbys.into_iter().map(|seat| seat.candidate).collect()
}

#[test]
fn election_should_seat_the_strongest_when_all_are_fit() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!((validators(), standbys()), (vec![1, 2, 3], vec![4, 5]));
	});
}

#[test]
fn election_should_take_effect_in_the_session_after_next_when_stake_moves() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 6, 50_000);
		run_to_block(9);
		assert_eq!(validators(), [1, 2, 3]);
		run_to_block(10);
		assert_eq!((validators(), standbys()), (vec![6, 1, 2], vec![3, 4]));
	});
}

#[test]
fn election_should_report_who_comes_and_goes_when_seats_change() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 6, 50_000);
		events();
		assert_eq!(elect(), Some(vec![6, 1, 2]));
		let elected = Event::SeatsElected { session: 2, joined: vec![6], left: vec![3] };
		assert_eq!(events(), [elected]);
	});
}

#[test]
fn election_should_announce_nothing_when_the_validators_are_the_same() {
	ExtBuilder::default().build_and_execute(|| {
		// Another order, and other standbys.
		delegate(11, 3, 50_000);
		delegate(11, 6, 1_500);
		events();
		assert_eq!(elect(), None);
		assert_eq!((elected(2), standbys_of(2)), (vec![3, 1, 2], vec![4, 6]));
		let same = Event::SeatsElected { session: 2, joined: vec![], left: vec![] };
		assert_eq!(events(), [same]);
	});
}

#[test]
fn election_should_prefer_the_earlier_declared_when_stakes_are_equal() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 4, 1_000);
		elect();
		assert_eq!((elected(2), standbys_of(2)), (vec![1, 2, 3], vec![4, 5]));
		assert_ok!(Dpos::delegate(signed(11), 4, 1));
		elect();
		assert_eq!((elected(2), standbys_of(2)), (vec![1, 2, 4], vec![3, 5]));
	});
}

#[test]
fn election_should_note_stake_and_counted_stake_when_it_seats() {
	ExtBuilder::default().delegation(11, 1, 100_000).build_and_execute(|| {
		elect();
		let seat =
			|candidate, stake: u128, counted: u128| Seat { candidate, stake: stake * CMT, counted };
		// 40 % of the counted total: 0.4 * (28,000 + 27,000) / 0.6.
		let capped = 110_000 * CMT / 3;
		let expected = [
			seat(1, 129_000, capped),
			seat(2, 28_000, 28_000 * CMT),
			seat(3, 27_000, 27_000 * CMT),
		];
		assert_eq!(seats_of(2).validators.to_vec(), expected);
	});
}

#[test]
fn election_should_cap_validators_and_standbys_apart_when_it_seats() {
	ExtBuilder::default().build_and_execute(|| {
		elect();
		// Two standbys are too few for a cap of 40 %: each counts for half.
		let counted: Vec<_> = seats_of(2).standbys.iter().map(|seat| seat.counted).collect();
		assert_eq!(counted, [25_000 * CMT, 25_000 * CMT]);
	});
}

#[test]
fn seats_should_be_offered_to_other_pallets_when_a_session_runs() {
	ExtBuilder::default().build_and_execute(|| {
		let counted: Vec<_> = <Dpos as Seats<AccountId>>::validators();
		assert_eq!(counted, [(1, 29_000 * CMT), (2, 28_000 * CMT), (3, 27_000 * CMT)]);
		let standbys: Vec<_> = <Dpos as Seats<AccountId>>::standbys();
		assert_eq!(standbys, [(4, 25_000 * CMT), (5, 25_000 * CMT)]);
	});
}

#[test]
fn election_should_pass_over_who_stands_aside_or_retired_when_it_seats() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(1);
		retire(2);
		assert_eq!(elect(), Some(vec![3, 4, 5]));
		assert_eq!(standbys_of(2), [6]);
	});
}

#[test]
fn election_should_set_a_candidate_aside_when_it_has_no_keys() {
	ExtBuilder::default().build_and_execute(|| {
		Keyless::mutate(|keyless| keyless.insert(2));
		assert_eq!(elect(), Some(vec![1, 3, 4]));
		assert_eq!(candidate(2).status, Status::Inactive);
		let reason = Reason::NoSessionKeys;
		assert_eq!(events()[0], Event::CandidateDeactivated { candidate: 2, reason });
	});
}

#[test]
fn election_should_set_a_candidate_aside_when_its_self_stake_fell() {
	ExtBuilder::default().build_and_execute(|| {
		slash(1, Perbill::from_percent(50), 0);
		delegate(11, 1, 50_000);
		events();
		assert_eq!(elect(), Some(vec![2, 3, 4]));
		assert_eq!(candidate(1).status, Status::Inactive);
		let reason = Reason::SelfStakeTooLow;
		assert_eq!(events()[0], Event::CandidateDeactivated { candidate: 1, reason });
	});
}

#[test]
fn election_should_leave_an_unfit_candidate_alone_when_it_is_out_of_reach() {
	ExtBuilder::default().build_and_execute(|| {
		Keyless::mutate(|keyless| keyless.insert(6));
		elect();
		assert_eq!(candidate(6).status, Status::Active);
	});
}

#[test]
fn election_should_seat_an_offender_no_more_when_told_so() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Dpos::stand_aside(&1));
		let reason = Reason::Offence;
		assert_eq!(events(), [Event::CandidateDeactivated { candidate: 1, reason }]);
		assert_eq!(elect(), Some(vec![2, 3, 4]));
	});
}

#[test]
fn stand_aside_should_be_refused_when_there_is_nobody_to_set_aside() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Dpos::stand_aside(&1));
		let error = |result: sp_runtime::DispatchResult| result.expect_err("refused");
		assert_eq!(error(Dpos::stand_aside(&1)), crate::Error::<Test>::AlreadyInactive.into());
		assert_eq!(error(Dpos::stand_aside(&50)), crate::Error::<Test>::UnknownCandidate.into());
	});
}

#[test]
fn election_should_keep_the_seats_when_too_few_qualify() {
	ExtBuilder::default().build_and_execute(|| {
		(2..=6).for_each(deactivate);
		events();
		assert_eq!(elect(), None);
		assert_eq!(seats_of(2), seats_of(1));
		assert_eq!(events(), [Event::SeatsKept { session: 2, qualified: 1 }]);
	});
}

/// Flaw found in review: who purged its keys kept a seat, and was paid for turns that it never had.
#[test]
fn election_should_keep_no_seat_of_who_has_no_keys_when_too_few_qualify() {
	ExtBuilder::default().build_and_execute(|| {
		(2..=6).for_each(deactivate);
		Keyless::mutate(|keyless| keyless.extend([2, 5]));
		events();
		assert_eq!(elect(), Some(vec![1, 3]));
		assert_eq!(standbys_of(2), [4]);
		assert_eq!(events(), [Event::SeatsKept { session: 2, qualified: 1 }]);
		run_sessions(3);
		assert_eq!((validators(), standbys()), (vec![1, 3], vec![4]));
		// They come back by an election only.
		Keyless::take();
		run_sessions(2);
		assert_eq!(validators(), [1, 3]);
	});
}

/// The cap holds among those who are left, as it was when they were elected.
#[test]
fn election_should_count_stake_anew_when_kept_seats_become_fewer() {
	ExtBuilder::default().delegation(11, 1, 100_000).build_and_execute(|| {
		let counted = |session| {
			seats_of(session).validators.iter().map(|seat| seat.counted).collect::<Vec<_>>()
		};
		elect();
		assert_eq!(counted(2)[0], 110_000 * CMT / 3);
		(2..=6).for_each(deactivate);
		Keyless::mutate(|keyless| keyless.insert(2));
		StakeCap::set(Perbill::one());
		<Dpos as SessionManager<AccountId>>::new_session(3);
		assert_eq!(elected(3), [1, 3]);
		assert_eq!(counted(3), [27_000 * CMT, 27_000 * CMT]);
		assert_eq!(seats_of(3).cap, Perbill::from_percent(40));
	});
}

#[test]
fn election_should_keep_all_seats_when_nobody_has_keys() {
	ExtBuilder::default().build_and_execute(|| {
		Keyless::mutate(|keyless| keyless.extend(1..=6));
		assert_eq!(elect(), None);
		assert_eq!(seats_of(2), seats_of(1));
		assert_eq!(elected(2), [1, 2, 3]);
	});
}

#[test]
fn election_should_go_on_when_everybody_is_gone() {
	ExtBuilder::default().build_and_execute(|| {
		(1..=6).for_each(retire);
		run_sessions(12);
		assert_eq!(validators(), [1, 2, 3]);
		assert_eq!(crate::Candidates::<Test>::iter().count(), 0);
		assert_ok!(Dpos::declare(signed(21), 100_000 * CMT, MAX_RATE, 10_000 * CMT));
		assert_ok!(Dpos::declare(signed(22), 100_000 * CMT, MAX_RATE, 20_000 * CMT));
		run_sessions(2);
		assert_eq!(validators(), [22, 21]);
	});
}

#[test]
fn election_should_seat_fewer_when_at_least_the_floor_qualifies() {
	ExtBuilder::default().build_and_execute(|| {
		(3..=6).for_each(deactivate);
		assert_eq!(elect(), Some(vec![1, 2]));
		assert!(standbys_of(2).is_empty());
	});
}

#[test]
fn election_should_follow_the_numbers_of_seats_when_they_change() {
	ExtBuilder::default().build_and_execute(|| {
		Validators::set(4);
		Standbys::set(1);
		assert_eq!(elect(), Some(vec![1, 2, 3, 4]));
		assert_eq!(standbys_of(2), [5]);
		Validators::set(2);
		Standbys::set(0);
		assert_eq!(elect(), Some(vec![1, 2]));
		assert!(standbys_of(2).is_empty());
	});
}

#[test]
fn election_should_seat_one_at_least_when_the_number_of_seats_is_zero() {
	ExtBuilder::default().build_and_execute(|| {
		Validators::set(0);
		MinValidators::set(0);
		assert_eq!(elect(), Some(vec![1]));
	});
}

/// A floor above the number of seats would otherwise end all elections.
#[test]
fn election_should_be_held_when_the_floor_is_above_the_number_of_seats() {
	ExtBuilder::default().build_and_execute(|| {
		MinValidators::set(64);
		delegate(11, 6, 50_000);
		assert_eq!(elect(), Some(vec![6, 1, 2]));
	});
}

#[test]
fn election_should_work_at_the_bounds_when_parameters_exceed_them() {
	ExtBuilder::default().build_and_execute(|| {
		Validators::set(u32::MAX);
		Standbys::set(u32::MAX);
		assert_eq!(elect(), Some(vec![1, 2, 3, 4, 5, 6]));
	});
}

#[test]
fn election_should_set_aside_a_bounded_number_when_most_are_unfit() {
	let crowd = 101..=140;
	ExtBuilder::default().build_and_execute(|| {
		MaxPositions::set(64);
		for who in crowd.clone() {
			assert_ok!(Balances::transfer_allow_death(signed(51), who, 11_000 * CMT));
			assert_ok!(Dpos::declare(signed(who), 100_000 * CMT, MAX_RATE, 10_000 * CMT));
			delegate(52, who, 22_000);
		}
		Keyless::set(crowd.clone().collect());
		let inactive =
			|| crowd.clone().filter(|who| candidate(*who).status == Status::Inactive).count();
		// All 40 are stronger than the six genesis candidates.
		assert_eq!((elect(), inactive()), (None, 32));
		assert_eq!(elected(2), [1, 2, 3]);
		assert_eq!((elect(), inactive()), (None, 40));
		assert_eq!(elected(2), [1, 2, 3]);
	});
}

#[test]
fn election_should_give_the_same_to_the_historical_sessions_when_asked() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 6, 50_000);
		let full = <Dpos as historical::SessionManager<AccountId, ()>>::new_session(2);
		assert_eq!(full, Some(vec![(6, ()), (1, ()), (2, ())]));
	});
}

#[test]
fn retired_validator_should_sit_on_when_the_seats_are_kept() {
	ExtBuilder::default().candidates(2).build_and_execute(|| {
		retire(1);
		run_sessions(4);
		assert_eq!(validators(), [1, 2]);
	});
}

#[test]
fn first_election_should_announce_its_validators_when_the_chain_begins() {
	ExtBuilder::default().build().execute_with(|| {
		assert_eq!(<Dpos as SessionManager<AccountId>>::new_session(0), Some(vec![1, 2, 3]));
		assert_eq!(<Dpos as SessionManager<AccountId>>::new_session(1), Some(vec![1, 2, 3]));
	});
}
