//! Votes of candidates.

use crate::{mock::*, CandidateVote, CandidateVotes, Error, Event, Vote::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn validator_should_vote_with_all_stake_behind_it() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		events();
		assert_ok!(vote(1, poll, Aye));
		assert_eq!(counts(poll), (400, 0, 0));
		assert_eq!(Voting::tally(poll).expect("goes on").total, TOTAL);
		let event = Event::Voted { poll, candidate: 1, vote: Some(Aye), power: 400 };
		assert_eq!(events(), vec![event]);
	});
}

#[test]
fn standby_should_vote_as_a_validator_does() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(4, poll, Nay));
		assert_ok!(vote(5, poll, Abstain));
		assert_eq!(counts(poll), (0, 100, 50));
	});
}

#[test]
fn power_should_be_held_down_by_the_cap_in_each_group() {
	ExtBuilder::default().cap(40).build_and_execute(|| {
		let poll = open();
		for candidate in [1, 2] {
			assert_ok!(vote(candidate, poll, Aye));
		}
		assert_eq!(counts(poll), (200 + 150, 0, 0));
		for candidate in [4, 5] {
			assert_ok!(vote(candidate, poll, Nay));
		}
		assert_eq!(counts(poll), (350, 50 + 50, 0));
		assert_eq!(Voting::tally(poll).expect("goes on").total, 500 + 100);
	});
}

#[test]
fn vote_should_change_until_the_end() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		for (say, expected) in
			[(Aye, (400, 0, 0)), (Nay, (0, 400, 0)), (Abstain, (0, 0, 400)), (Aye, (400, 0, 0))]
		{
			assert_ok!(vote(1, poll, say));
			assert_eq!(counts(poll), expected);
		}
		end(poll);
		assert_noop!(vote(1, poll, Nay), Error::<Test>::PollEnded);
	});
}

#[test]
fn withdrawn_vote_should_leave_no_trace() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		events();
		assert_ok!(withdraw(1, poll));
		assert_eq!(counts(poll), (0, 0, 0));
		assert!(!CandidateVotes::<Test>::contains_key(poll, 1));
		let event = Event::Voted { poll, candidate: 1, vote: None, power: 400 };
		assert_eq!(events(), vec![event]);
		assert_ok!(vote(1, poll, Nay));
		assert_eq!(counts(poll), (0, 400, 0));
	});
}

#[test]
fn vote_should_fail_when_it_is_the_same() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		for say in [Aye, Nay, Abstain] {
			assert_ok!(vote(1, poll, say));
			assert_noop!(vote(1, poll, say), Error::<Test>::SameVote);
		}
	});
}

#[test]
fn withdrawal_should_fail_when_nothing_was_voted() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_noop!(withdraw(1, poll), Error::<Test>::NotVoted);
		assert_ok!(vote(1, poll, Aye));
		assert_ok!(withdraw(1, poll));
		assert_noop!(withdraw(1, poll), Error::<Test>::NotVoted);
		// What a delegator took out is no vote of the candidate's.
		assert_ok!(vote_stake(11, poll, 1, Aye));
		assert_noop!(withdraw(1, poll), Error::<Test>::NotVoted);
	});
}

#[test]
fn vote_should_fail_when_there_is_no_such_poll() {
	ExtBuilder::default().build_and_execute(|| {
		let unknown = open() + 1;
		assert_noop!(vote(1, unknown, Aye), Error::<Test>::UnknownPoll);
		assert_noop!(withdraw(1, unknown), Error::<Test>::UnknownPoll);
		assert_noop!(vote_stake(11, unknown, 1, Aye), Error::<Test>::UnknownPoll);
		assert_noop!(withdraw_stake(11, unknown, 1), Error::<Test>::UnknownPoll);
	});
}

#[test]
fn vote_should_fail_when_the_poll_is_not_open_yet() {
	ExtBuilder::default().build_and_execute(|| {
		open();
		let poll = submit();
		assert_noop!(vote(1, poll, Aye), Error::<Test>::PollNotOpen);
		assert_noop!(withdraw(1, poll), Error::<Test>::PollNotOpen);
		assert_noop!(vote_stake(11, poll, 1, Aye), Error::<Test>::PollNotOpen);
		assert_noop!(withdraw_stake(11, poll, 1), Error::<Test>::PollNotOpen);
		next_session();
		assert_ok!(vote(1, poll, Aye));
	});
}

#[test]
fn vote_should_fail_when_the_poll_has_ended() {
	ExtBuilder::default().build_and_execute(|| {
		for over in [end, kill] {
			let poll = open();
			assert_ok!(vote(1, poll, Aye));
			assert_ok!(vote_stake(11, poll, 1, Aye));
			over(poll);
			assert_noop!(vote(1, poll, Nay), Error::<Test>::PollEnded);
			assert_noop!(withdraw(1, poll), Error::<Test>::PollEnded);
			assert_noop!(vote_stake(11, poll, 1, Nay), Error::<Test>::PollEnded);
			assert_noop!(withdraw_stake(11, poll, 1), Error::<Test>::PollEnded);
		}
		// Also one that never opened.
		let poll = submit();
		kill(poll);
		assert_noop!(vote(1, poll, Nay), Error::<Test>::PollEnded);
	});
}

#[test]
fn vote_should_fail_when_the_account_owns_no_candidate() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_noop!(vote(11, poll, Aye), DispatchError::Other("NotOwner"));
		assert_noop!(withdraw(11, poll), DispatchError::Other("NotOwner"));
	});
}

#[test]
fn vote_should_fail_when_the_candidate_had_no_seat() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_noop!(vote(6, poll, Aye), Error::<Test>::NoSeat);
		assert_noop!(withdraw(6, poll), Error::<Test>::NoSeat);
		// A seat that it gets later does not count in this poll, but in the next.
		Standbys::set(vec![4, 6]);
		let next = open();
		assert_noop!(vote(6, poll, Aye), Error::<Test>::NoSeat);
		assert_ok!(vote(6, next, Aye));
		assert_noop!(vote(5, next, Aye), Error::<Test>::NoSeat);
		// A seat that is lost since still votes.
		assert_ok!(vote(5, poll, Aye));
		assert_eq!((counts(poll), counts(next)), ((50, 0, 0), (100, 0, 0)));
	});
}

#[test]
fn vote_should_fail_when_the_candidate_is_jailed_or_closed() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		for reason in ["Jailed", "Tombstoned"] {
			Jailed::mutate(|jailed| jailed.insert(1, reason));
			assert_noop!(vote(1, poll, Aye), DispatchError::Other(reason));
			assert_noop!(withdraw(1, poll), DispatchError::Other(reason));
		}
		Retired::mutate(|retired| retired.insert(2));
		assert_noop!(vote(2, poll, Aye), DispatchError::Other("CandidateRetired"));
		assert_noop!(withdraw(2, poll), DispatchError::Other("CandidateRetired"));
	});
}

#[test]
fn vote_should_stand_when_the_candidate_is_jailed_later() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		Jailed::mutate(|jailed| jailed.insert(1, "Jailed"));
		assert_eq!(counts(poll), (400, 0, 0));
		// Not even its own owner can take it back now, but its delegators can.
		assert_noop!(withdraw(1, poll), DispatchError::Other("Jailed"));
		assert_ok!(vote_stake(11, poll, 1, Nay));
		assert_eq!(counts(poll), (200, 200, 0));
		Jailed::take();
		assert_ok!(vote(1, poll, Nay));
		assert_eq!(counts(poll), (0, 400, 0));
	});
}

#[test]
fn vote_should_belong_to_the_candidate_when_it_is_handed_over() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		hand_over(1, 21);
		assert_noop!(vote(1, poll, Nay), DispatchError::Other("NotOwner"));
		assert_noop!(vote(21, poll, Aye), Error::<Test>::SameVote);
		assert_ok!(vote(21, poll, Nay));
		assert_eq!(counts(poll), (0, 400, 0));
	});
}

#[test]
fn candidate_should_vote_with_nothing_when_a_slash_took_all_before() {
	ExtBuilder::default().build_and_execute(|| {
		change_pools(1, -100);
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		assert_eq!(counts(poll), (0, 0, 0));
		let record = CandidateVotes::<Test>::get(poll, 1).expect("a vote");
		assert_eq!(record, CandidateVote { vote: Some(Aye), taken_out: 0 });
		assert_eq!(Voting::tally(poll).expect("goes on").total, TOTAL - 400);
		assert_noop!(vote_stake(11, poll, 1, Nay), Error::<Test>::NotDelegator);
	});
}

#[test]
fn calls_should_fail_when_nobody_signs() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let bad = DispatchError::BadOrigin;
			assert_noop!(Voting::vote(origin.clone(), poll, Aye), bad);
			assert_noop!(Voting::withdraw_vote(origin.clone(), poll), bad);
			assert_noop!(Voting::vote_stake(origin.clone(), poll, 1, Aye), bad);
			assert_noop!(Voting::withdraw_stake_vote(origin, poll, 1), bad);
		}
	});
}
