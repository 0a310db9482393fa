//! Votes of delegators, each with its own stake.

use crate::{mock::*, CandidateVotes, DelegatorVotes, Error, Event, Vote, Vote::*};
use frame_support::{assert_noop, assert_ok};

const SAYS: [Vote; 3] = [Aye, Nay, Abstain];

/// What is counted where the candidate's side has 200 and the delegator's 200.
fn split(candidate: Option<Vote>, delegator: Vote) -> (u128, u128, u128) {
	let count = |side: Vote| {
		200 * u128::from(candidate == Some(side)) + 200 * u128::from(delegator == side)
	};
	(count(Aye), count(Nay), count(Abstain))
}

#[test]
fn delegator_should_take_its_stake_out_of_the_vote_before_it() {
	ExtBuilder::default().build_and_execute(|| {
		for candidates in SAYS {
			for delegators in SAYS {
				let poll = open();
				assert_ok!(vote(1, poll, candidates));
				assert_ok!(vote_stake(11, poll, 1, delegators));
				assert_eq!(counts(poll), split(Some(candidates), delegators));
			}
		}
	});
}

#[test]
fn delegator_should_take_its_stake_out_of_the_vote_after_it() {
	ExtBuilder::default().build_and_execute(|| {
		for candidates in SAYS {
			for delegators in SAYS {
				let poll = open();
				assert_ok!(vote_stake(11, poll, 1, delegators));
				assert_eq!(counts(poll), split(None, delegators));
				assert_ok!(vote(1, poll, candidates));
				assert_eq!(counts(poll), split(Some(candidates), delegators));
			}
		}
	});
}

#[test]
fn order_of_votes_should_not_matter() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (submit(), open());
		assert_ok!(vote(1, first, Aye));
		assert_ok!(vote_stake(11, first, 1, Nay));
		assert_ok!(vote_stake(12, first, 1, Abstain));
		assert_ok!(vote_stake(12, second, 1, Abstain));
		assert_ok!(vote_stake(11, second, 1, Nay));
		assert_ok!(vote(1, second, Aye));
		assert_eq!(counts(first), (100, 200, 100));
		assert_eq!(counts(second), counts(first));
	});
}

#[test]
fn delegator_should_change_its_vote() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		events();
		for say in [Nay, Abstain, Aye, Nay] {
			assert_ok!(vote_stake(11, poll, 1, say));
			assert_eq!(counts(poll), split(Some(Aye), say));
			assert_noop!(vote_stake(11, poll, 1, say), Error::<Test>::SameVote);
			let event =
				Event::StakeVoted { poll, candidate: 1, who: 11, vote: Some(say), power: 200 };
			assert_eq!(events(), vec![event]);
		}
		let record = CandidateVotes::<Test>::get(poll, 1).expect("a vote");
		assert_eq!(record.taken_out, 200);
	});
}

#[test]
fn stake_should_follow_the_candidate_when_its_vote_is_withdrawn() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote_stake(11, poll, 1, Nay));
		assert_ok!(vote(1, poll, Aye));
		events();
		assert_ok!(withdraw_stake(11, poll, 1));
		assert_eq!(counts(poll), (400, 0, 0));
		let event = Event::StakeVoted { poll, candidate: 1, who: 11, vote: None, power: 200 };
		assert_eq!(events(), vec![event]);
		assert!(!DelegatorVotes::<Test>::contains_key(poll, (1, 11)));
		assert_noop!(withdraw_stake(11, poll, 1), Error::<Test>::NotVoted);
		assert_ok!(vote_stake(11, poll, 1, Abstain));
		assert_eq!(counts(poll), (200, 0, 200));
	});
}

#[test]
fn nothing_should_be_left_when_all_votes_are_withdrawn() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote_stake(11, poll, 1, Nay));
		assert_ok!(vote(1, poll, Aye));
		assert_ok!(withdraw(1, poll));
		assert_eq!(counts(poll), (0, 200, 0));
		assert_ok!(withdraw_stake(11, poll, 1));
		assert_eq!(counts(poll), (0, 0, 0));
		assert_eq!(CandidateVotes::<Test>::iter().count(), 0);
		assert_eq!(DelegatorVotes::<Test>::iter().count(), 0);
	});
}

#[test]
fn withdrawal_should_fail_when_the_delegator_did_not_vote() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		assert_noop!(withdraw_stake(11, poll, 1), Error::<Test>::NotVoted);
		assert_noop!(withdraw_stake(99, poll, 1), Error::<Test>::NotVoted);
		assert_noop!(withdraw_stake(11, poll, 99), Error::<Test>::NotVoted);
	});
}

#[test]
fn delegator_of_several_candidates_should_vote_with_each_part() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote_stake(12, poll, 1, Aye));
		assert_eq!(counts(poll), (100, 0, 0));
		assert_ok!(vote_stake(12, poll, 2, Nay));
		assert_eq!(counts(poll), (100, 50, 0));
		assert_ok!(withdraw_stake(12, poll, 1));
		assert_eq!(counts(poll), (0, 50, 0));
	});
}

#[test]
fn delegator_should_vote_when_its_candidate_may_not() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		Jailed::mutate(|jailed| jailed.insert(1, "Tombstoned"));
		Retired::mutate(|retired| retired.insert(2));
		assert_ok!(vote_stake(11, poll, 1, Aye));
		assert_ok!(vote_stake(12, poll, 2, Nay));
		assert_eq!(counts(poll), (200, 50, 0));
		assert_ok!(withdraw_stake(11, poll, 1));
	});
}

#[test]
fn vote_should_fail_when_the_candidate_had_no_seat() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_noop!(vote_stake(16, poll, 6, Aye), Error::<Test>::NoSeat);
		assert_noop!(vote_stake(16, poll, 99, Aye), Error::<Test>::NoSeat);
	});
}

#[test]
fn vote_should_fail_when_the_account_had_no_stake() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		// Nothing at all, and something behind another candidate only.
		assert_noop!(vote_stake(99, poll, 1, Aye), Error::<Test>::NotDelegator);
		assert_noop!(vote_stake(13, poll, 1, Aye), Error::<Test>::NotDelegator);
	});
}

#[test]
fn delegator_should_be_held_down_as_its_candidate_is() {
	ExtBuilder::default().cap(40).build_and_execute(|| {
		let poll = open();
		// Half of what is behind candidate 1 counts.
		assert_ok!(vote_stake(11, poll, 1, Nay));
		assert_eq!(counts(poll), (0, 100, 0));
		assert_ok!(vote(1, poll, Aye));
		assert_eq!(counts(poll), (100, 100, 0));
		// All of candidate 2.
		assert_ok!(vote_stake(12, poll, 2, Nay));
		assert_eq!(counts(poll), (100, 150, 0));
	});
}

#[test]
fn owner_should_vote_with_its_own_stake_apart_from_its_candidate() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		assert_ok!(vote_stake(1, poll, 1, Nay));
		assert_eq!(counts(poll), (300, 100, 0));
	});
}

#[test]
fn rounding_should_go_against_the_delegator() {
	ExtBuilder::default().build_and_execute(|| {
		// Three planck for seven shares, of which 11 holds two and 12 five.
		for who in [11, 12] {
			leave_all(1, who);
		}
		join(1, 11, TEN, 2);
		join(1, 12, TEN, 5);
		PoolsNow::mutate(|pools| pools.get_mut(&(1, TEN)).expect("a pool").0 = 3);
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		assert_eq!(counts(poll), (103, 0, 0));
		assert_noop!(vote_stake(11, poll, 1, Nay), Error::<Test>::NotDelegator);
		assert_ok!(vote_stake(12, poll, 1, Nay));
		assert_eq!(counts(poll), (101, 2, 0));
	});
}
