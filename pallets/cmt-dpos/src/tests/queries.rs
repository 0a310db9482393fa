//! What nodes and wallets read.

use crate::mock::*;
use cybermiles_primitives::{
	api::{CandidateInfo, CandidateState, PositionInfo, Role, SeatInfo, UnbondingInfo},
	Rate, CMT,
};
use frame_support::assert_ok;
use sp_runtime::Perbill;

fn names(start: u32, count: u32) -> Vec<AccountId> {
	Dpos::candidates(start, count).into_iter().map(|info| info.candidate).collect()
}

#[test]
fn candidate_should_be_described_in_full_when_asked() {
	ExtBuilder::default().delegation(11, 2, 5_000).build_and_execute(|| {
		assert_ok!(Dpos::update(signed(2), None, Some(Rate(70)), Some(Rate(300))));
		let expected = CandidateInfo {
			candidate: 2,
			owner: 2,
			state: CandidateState::Active,
			role: Role::Validator,
			rank: Some(1),
			stake: 33_000 * CMT,
			self_stake: 28_000 * CMT,
			max_stake: MAX_STAKE,
			max_rate: Rate(300),
			default_rate: Rate(70),
			positions: 2,
		};
		assert_eq!(Dpos::candidate(2), Some(expected.clone()));
		assert_eq!(Dpos::get_candidate(2), Some(expected.clone()));
		assert_eq!(Dpos::candidates(0, 1), [expected]);
	});
}

#[test]
fn candidate_should_be_none_when_unknown() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Dpos::candidate(50), None);
	});
}

#[test]
fn candidate_should_tell_owner_and_address_apart_when_handed_over() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, 50);
		assert_eq!(Dpos::candidate(1).map(|info| info.owner), Some(50));
		assert_eq!(Dpos::candidate_of(50), Some(1));
		assert_eq!(Dpos::candidate_of(1), None);
	});
}

#[test]
fn role_should_follow_the_present_session_when_asked() {
	ExtBuilder::default().build_and_execute(|| {
		let role = |who| Dpos::candidate(who).map(|info| info.role);
		assert_eq!(role(3), Some(Role::Validator));
		assert_eq!(role(4), Some(Role::Standby));
		assert_eq!(role(6), Some(Role::Candidate));
		delegate(11, 6, 50_000);
		assert_eq!(role(6), Some(Role::Candidate));
		run_sessions(2);
		assert_eq!(role(6), Some(Role::Validator));
		assert_eq!(role(3), Some(Role::Standby));
	});
}

#[test]
fn candidates_should_be_paged_by_rank_when_asked() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(1);
		assert_eq!(names(0, 3), [2, 3, 4]);
		assert_eq!(names(3, 3), [5, 6, 1]);
		assert_eq!(names(5, 10), [1]);
		assert!(names(6, 10).is_empty());
		assert!(names(0, 0).is_empty());
		assert_eq!(names(0, u32::MAX).len(), 6);
		assert!(names(u32::MAX, u32::MAX).is_empty());
	});
}

#[test]
fn rank_should_be_none_when_not_active() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(1);
		retire(2);
		let state = |who| Dpos::candidate(who).map(|info| (info.state, info.rank));
		assert_eq!(state(1), Some((CandidateState::Inactive, None)));
		assert_eq!(state(2), Some((CandidateState::Retired { due: 2 }, None)));
		assert_eq!(state(3), Some((CandidateState::Active, Some(1))));
	});
}

#[test]
fn seats_should_be_those_of_each_session_when_asked() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 6, 50_000);
		let first = |seats: cybermiles_primitives::api::SessionSeats<AccountId>| {
			(seats.session, seats.validators[0].candidate)
		};
		assert_eq!(first(Dpos::seats()), (0, 1));
		assert_eq!(first(Dpos::next_seats()), (1, 1));
		assert_eq!(first(Dpos::expected_seats()), (2, 6));
		run_sessions(1);
		assert_eq!(first(Dpos::seats()), (1, 1));
		assert_eq!(first(Dpos::next_seats()), (2, 6));
		assert_eq!(Dpos::get_seats(), Dpos::seats());
	});
}

#[test]
fn expected_seats_should_be_what_the_election_decides_when_asked() {
	ExtBuilder::default().build_and_execute(|| {
		delegate(11, 6, 150_000);
		Keyless::mutate(|keyless| keyless.insert(2));
		let expected = Dpos::expected_seats();
		assert_eq!(
			crate::Candidates::<Test>::get(2).map(|c| c.status),
			Some(crate::Status::Active)
		);
		run_sessions(1);
		assert_eq!(Dpos::next_seats(), expected);
	});
}

#[test]
fn expected_seats_should_be_the_kept_ones_when_too_few_qualify() {
	ExtBuilder::default().build_and_execute(|| {
		(2..=6).for_each(deactivate);
		let expected = Dpos::expected_seats();
		run_sessions(1);
		assert_eq!(Dpos::next_seats(), expected);
		assert_eq!(expected.validators.len(), 3);
		Keyless::mutate(|keyless| keyless.insert(3));
		let expected = Dpos::expected_seats();
		run_sessions(1);
		assert_eq!(Dpos::next_seats(), expected);
		assert_eq!(expected.validators.len(), 2);
	});
}

#[test]
fn seats_should_tell_stake_and_counted_stake_when_asked() {
	ExtBuilder::default().build_and_execute(|| {
		let seat = SeatInfo { candidate: 4, stake: 26_000 * CMT, counted: 25_000 * CMT };
		assert_eq!(Dpos::seats().standbys[0], seat);
	});
}

#[test]
fn positions_should_be_described_in_full_when_asked() {
	ExtBuilder::default()
		.delegation(11, 1, 5_000)
		.delegation(11, 2, 3_000)
		.build_and_execute(|| {
			undelegate(11, 1, 1_000);
			run_eras(1);
			undelegate(11, 1, 500);
			assert_ok!(award(1, DELEGATORS, 35 * CMT));
			let wait =
				|since, cmt: u128| UnbondingInfo { since, due: since + 2, amount: cmt * CMT };
			let one = PositionInfo {
				candidate: 1,
				value: 3_535 * CMT,
				principal: 3_500 * CMT,
				earned: 35 * CMT,
				rate: MAX_RATE,
				unbonding: vec![wait(0, 1_000), wait(1, 500)],
			};
			let two = PositionInfo {
				candidate: 2,
				value: 3_000 * CMT,
				principal: 3_000 * CMT,
				earned: 0,
				rate: MAX_RATE,
				unbonding: vec![],
			};
			assert_eq!(Dpos::positions(11), [one.clone(), two.clone()]);
			assert_eq!(Dpos::get_positions(11), [one, two]);
			assert!(Dpos::positions(50).is_empty());
		});
}

#[test]
fn position_should_show_the_lower_rate_when_the_maximum_fell_below_the_agreed_one() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		assert_ok!(Dpos::update(signed(1), None, None, Some(Rate(120))));
		assert_eq!(Dpos::positions(11)[0].rate, Rate(120));
		assert_eq!(Dpos::positions(1)[0].rate, Rate(0));
	});
}

#[test]
fn position_should_wait_as_a_whole_when_its_candidate_retired() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		undelegate(11, 1, 1_000);
		run_eras(1);
		retire(1);
		let waits: Vec<_> = Dpos::positions(11)[0]
			.unbonding
			.iter()
			.map(|u| (u.since, u.due, u.amount))
			.collect();
		assert_eq!(waits, [(0, 2, 1_000 * CMT), (1, 3, 4_000 * CMT)]);
		assert_eq!(value(11, 1), 0);
	});
}

#[test]
fn position_should_show_what_a_slash_left_when_slashed() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		undelegate(11, 1, 1_000);
		slash(1, Perbill::from_percent(50), 0);
		let position = &Dpos::positions(11)[0];
		assert_eq!((position.value, position.principal), (2_000 * CMT, 4_000 * CMT));
		assert_eq!(position.unbonding[0].amount, 500 * CMT);
	});
}
