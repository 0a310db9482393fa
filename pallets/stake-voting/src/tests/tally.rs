//! What pallet-referenda asks of a tally.

use crate::{mock::*, Bars, PollIndex, Tally, Vote::*};
use codec::{Decode, Encode};
use frame_support::{assert_ok, traits::VoteTally};
use sp_runtime::Perbill;

fn tally_of(poll: PollIndex) -> Tally<Test> {
	Voting::tally(poll).expect("goes on")
}

/// Whether a poll with these powers reaches the bars of `track`: support, approval.
fn reaches(track: u16, (ayes, nays, abstentions): (u128, u128, u128)) -> (bool, bool) {
	let mut tally = Tally::<Test>::opening_with(2);
	(tally.total, tally.ayes, tally.nays, tally.abstentions) = (TOTAL, ayes, nays, abstentions);
	let support = tally.support(track) >= Fake::support(track).perbill();
	(support, tally.approval(track) >= Fake::approval(track).perbill())
}

#[test]
fn support_should_be_of_all_power() {
	ExtBuilder::default().build_and_execute(|| {
		// Two thirds of 850 are 566.67.
		assert_eq!(reaches(ROOT_TRACK, (566, 0, 0)), (false, true));
		assert_eq!(reaches(ROOT_TRACK, (567, 0, 0)), (true, true));
		assert_eq!(reaches(ROOT_TRACK, (567, 283, 0)), (true, true));
		// A fifth is 170.
		assert_eq!(reaches(SMALL_TRACK, (169, 0, 681)), (false, true));
		assert_eq!(reaches(SMALL_TRACK, (170, 0, 680)), (true, true));
	});
}

#[test]
fn approval_should_be_of_those_who_take_a_side() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(reaches(SMALL_TRACK, (300, 300, 200)), (true, true));
		assert_eq!(reaches(SMALL_TRACK, (300, 301, 0)), (true, false));
		assert_eq!(reaches(SMALL_TRACK, (0, 0, 850)), (false, false));
	});
}

#[test]
fn tally_should_reach_nothing_before_it_opens() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = submit();
		assert_eq!(tally_of(poll).support(ROOT_TRACK), Perbill::zero());
		assert_eq!(tally_of(poll).approval(ROOT_TRACK), Perbill::zero());
		next_session();
		assert_eq!(tally_of(poll).support(SMALL_TRACK), Perbill::zero());
	});
}

#[test]
fn tally_should_pass_when_enough_stake_is_in_favour() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		let passes = || {
			let tally = tally_of(poll);
			tally.support(ROOT_TRACK) >= Fake::support(ROOT_TRACK).perbill()
		};
		assert!(!passes());
		assert_ok!(vote(2, poll, Aye));
		assert!(!passes());
		// 550 and 50 of 850.
		assert_ok!(vote(5, poll, Aye));
		assert!(passes());
		assert_eq!(tally_of(poll).ayes(ROOT_TRACK), 600);
		// A delegator with 100 decides.
		assert_ok!(vote_stake(12, poll, 1, Abstain));
		assert!(!passes());
		assert_ok!(withdraw_stake(12, poll, 1));
		assert!(passes());
	});
}

#[test]
fn cast_should_be_the_sum_of_all_sides() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		assert_ok!(vote(2, poll, Nay));
		assert_ok!(vote_stake(11, poll, 1, Abstain));
		assert_eq!(tally_of(poll).cast(), 550);
	});
}

#[test]
fn tally_should_survive_its_encoding() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		let tally = tally_of(poll);
		assert_eq!(Tally::<Test>::decode(&mut &tally.encode()[..]), Ok(tally));
	});
}
