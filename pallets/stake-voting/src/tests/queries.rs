//! What nodes and wallets read.

use crate::{mock::*, CandidateVote, DelegatorVote, Vote::*};
use frame_support::assert_ok;

#[test]
fn seats_should_be_listed_with_their_votes() {
	ExtBuilder::default().cap(40).build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		assert_ok!(vote_stake(12, poll, 2, Nay));
		let mut seats = Voting::seats_in(poll);
		seats.sort_unstable_by_key(|(who, ..)| *who);
		let none = CandidateVote::default();
		let voted = CandidateVote { vote: Some(Aye), taken_out: 0 };
		let taken = CandidateVote { vote: None, taken_out: 50 };
		let expected =
			vec![(1, 200, voted), (2, 150, taken), (3, 150, none), (4, 50, none), (5, 50, none)];
		assert_eq!(seats, expected);
	});
}

#[test]
fn seats_should_be_none_when_the_poll_takes_no_votes() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		let unopened = submit();
		assert!(Voting::seats_in(unopened).is_empty());
		assert!(Voting::seats_in(99).is_empty());
		end(poll);
		assert!(Voting::seats_in(poll).is_empty());
		assert_eq!(Voting::tally(poll), None);
	});
}

#[test]
fn power_should_be_what_a_vote_would_count_for() {
	ExtBuilder::default().cap(40).build_and_execute(|| {
		let poll = open();
		assert_eq!(Voting::power_in(poll, &1, &11), Some(100));
		assert_eq!(Voting::power_in(poll, &2, &12), Some(50));
		join(1, 11, TEN, 100);
		assert_eq!(Voting::power_in(poll, &1, &11), Some(100));
		for (candidate, who) in [(1, 13), (1, 99), (6, 16), (99, 11)] {
			assert_eq!(Voting::power_in(poll, &candidate, &who), None);
		}
		let unopened = submit();
		assert_eq!(Voting::power_in(unopened, &1, &11), None);
		end(poll);
		assert_eq!(Voting::power_in(poll, &1, &11), None);
	});
}

#[test]
fn vote_of_a_delegator_should_be_told() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_eq!(Voting::stake_vote(poll, &1, &11), None);
		assert_ok!(vote_stake(11, poll, 1, Nay));
		let record = DelegatorVote { vote: Nay, power: 200 };
		assert_eq!(Voting::stake_vote(poll, &1, &11), Some(record));
		assert_eq!(Voting::stake_vote(poll, &2, &11), None);
	});
}
