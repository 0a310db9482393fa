//! Stake that moves while polls run: what counts is what it was when the poll opened.

use crate::{mock::*, Error, Histories, PollIndex, Vote::*, MAX_FORMER};
use cybermiles_primitives::traits::PositionObserver;
use frame_support::{assert_noop, assert_ok, traits::VoteTally, weights::Weight};
use sp_runtime::Perbill;

/// What 11, with 200 behind candidate 1 when the poll opened, and candidate 1 still vote with.
fn assert_counts_as_then(poll: PollIndex) {
	assert_ok!(vote(1, poll, Aye));
	assert_eq!(counts(poll), (400, 0, 0));
	assert_ok!(vote_stake(11, poll, 1, Nay));
	assert_eq!(counts(poll), (200, 200, 0));
	assert_ok!(vote_stake(12, poll, 1, Abstain));
	assert_eq!(counts(poll), (100, 200, 100));
}

/// Everything that can happen to the stake of 11 without its position being removed.
const CHANGES: [(&str, fn()); 9] = [
	("nothing", || ()),
	("more", || join(1, 11, TEN, 500)),
	("less", || {
		leave(1, 11, 150);
	}),
	("nothing left", || {
		leave_all(1, 11);
	}),
	("another class", || move_to(1, 11, FIVE)),
	("left and back in another class", || {
		leave_all(1, 11);
		join(1, 11, FIVE, 70);
	}),
	("slashed", || change_pools(1, -30)),
	("awarded", || change_pools(1, 30)),
	("all at once", || {
		change_pools(1, 10);
		move_to(1, 11, FIVE);
		leave(1, 11, 10);
		hand_over(1, 11);
		change_pools(1, -90);
		join(1, 12, TEN, 1_000);
	}),
];

#[test]
fn stake_should_count_as_it_was_when_it_changed_since() {
	for (name, change) in CHANGES {
		println!("{name}");
		ExtBuilder::default().build_and_execute(|| {
			let poll = open();
			change();
			// Whoever owns it now, 1 votes for candidate 1.
			Owners::take();
			assert_counts_as_then(poll);
		});
	}
}

#[test]
fn stake_should_count_as_it_was_when_it_changed_in_each_session_since() {
	for (name, change) in CHANGES {
		println!("{name}");
		ExtBuilder::default().build_and_execute(|| {
			let poll = open();
			let later = open();
			change();
			let last = open();
			leave_all(1, 12);
			if shares_of(1, 11) > 0 {
				leave_all(1, 11);
			}
			Owners::take();
			for poll in [poll, later] {
				assert_counts_as_then(poll);
			}
			assert_ok!(vote(1, last, Aye));
			assert!(counts(last).0 <= Voting::tally(last).expect("goes on").total);
		});
	}
}

#[test]
fn vote_should_stand_when_the_stake_changes_after_it() {
	for (name, change) in CHANGES {
		println!("{name}");
		ExtBuilder::default().build_and_execute(|| {
			let poll = open();
			assert_counts_as_then(poll);
			change();
			assert_eq!(counts(poll), (100, 200, 100));
			assert_ok!(vote_stake(11, poll, 1, Aye));
			assert_eq!(counts(poll), (300, 0, 100));
			assert_ok!(withdraw_stake(11, poll, 1));
			assert_eq!(counts(poll), (300, 0, 100));
		});
	}
}

#[test]
fn stake_should_not_count_when_it_came_after_the_opening() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		join(1, 31, TEN, 1_000);
		assert_noop!(vote_stake(31, poll, 1, Aye), Error::<Test>::NotDelegator);
		assert_ok!(vote(1, poll, Aye));
		assert_eq!(counts(poll), (400, 0, 0));
		let next = open();
		assert_ok!(vote_stake(31, next, 1, Aye));
		assert_eq!(counts(next), (1_000, 0, 0));
	});
}

#[test]
fn stake_should_count_once_when_it_moves_to_another_candidate() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote_stake(11, poll, 1, Aye));
		let amount = leave_all(1, 11);
		join(2, 11, TEN, amount);
		assert_noop!(vote_stake(11, poll, 2, Aye), Error::<Test>::NotDelegator);
		for candidate in [1, 2, 3, 4, 5] {
			assert_ok!(vote(candidate, poll, Nay));
		}
		assert_eq!(counts(poll), (200, TOTAL - 200, 0));
		let next = open();
		assert_noop!(vote_stake(11, next, 1, Aye), Error::<Test>::NotDelegator);
		assert_ok!(vote_stake(11, next, 2, Aye));
		assert_eq!(counts(next), (200, 0, 0));
	});
}

#[test]
fn vote_should_stand_when_the_position_is_removed() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		assert_ok!(vote_stake(11, poll, 1, Nay));
		leave_all(1, 11);
		remove_position(1, 11);
		assert!(!Histories::<Test>::contains_key(1, 11));
		assert_eq!(counts(poll), (200, 200, 0));
		assert_ok!(vote_stake(11, poll, 1, Abstain));
		assert_eq!(counts(poll), (200, 0, 200));
		// Once withdrawn, nothing says any more what it was.
		assert_ok!(withdraw_stake(11, poll, 1));
		assert_noop!(vote_stake(11, poll, 1, Nay), Error::<Test>::NotDelegator);
		assert_eq!(counts(poll), (400, 0, 0));
	});
}

#[test]
fn stake_should_follow_the_candidate_when_the_position_was_removed_before_it_voted() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		leave_all(1, 11);
		// As long as it waits to be paid it votes.
		assert_eq!(Voting::power_in(poll, &1, &11), Some(200));
		remove_position(1, 11);
		assert_noop!(vote_stake(11, poll, 1, Nay), Error::<Test>::NotDelegator);
		assert_ok!(vote(1, poll, Aye));
		assert_eq!(counts(poll), (400, 0, 0));
	});
}

#[test]
fn position_should_not_vote_when_it_was_removed_and_opened_again() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		leave_all(1, 11);
		remove_position(1, 11);
		join(1, 11, TEN, 5_000);
		assert_noop!(vote_stake(11, poll, 1, Nay), Error::<Test>::NotDelegator);
		let next = open();
		join(1, 11, TEN, 1);
		assert_noop!(vote_stake(11, poll, 1, Nay), Error::<Test>::NotDelegator);
		assert_ok!(vote_stake(11, next, 1, Nay));
		assert_eq!(counts(next), (0, 5_000, 0));
	});
}

#[test]
fn polls_of_one_opening_should_count_the_same_stake() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (submit(), open());
		assert_counts_as_then(first);
		join(1, 11, TEN, 999);
		leave(1, 12, 50);
		assert_counts_as_then(second);
	});
}

#[test]
fn polls_of_two_openings_should_count_each_its_own_stake() {
	ExtBuilder::default().build_and_execute(|| {
		let first = open();
		join(1, 11, TEN, 300);
		let second = open();
		leave_all(1, 11);
		next_session();
		join(1, 11, FIVE, 7);
		for (poll, own, all) in [(first, 200, 400), (second, 500, 700)] {
			assert_ok!(vote_stake(11, poll, 1, Nay));
			assert_ok!(vote(1, poll, Aye));
			assert_eq!(counts(poll), (all - own, own, 0));
		}
	});
}

#[test]
fn sessions_without_openings_should_cost_no_memory() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		for _ in 0..2 * MAX_FORMER {
			join(1, 11, TEN, 1);
			next_session();
		}
		assert_eq!(Histories::<Test>::get(1, 11).former.len(), 1);
		assert_ok!(vote_stake(11, poll, 1, Nay));
		assert_eq!(counts(poll), (0, 200, 0));
	});
}

#[test]
fn stake_should_be_forgotten_when_it_changed_after_too_many_openings() {
	ExtBuilder::default().build_and_execute(|| {
		let polls: Vec<_> = (0..=MAX_FORMER)
			.map(|_| {
				let poll = open();
				join(1, 11, TEN, 1);
				poll
			})
			.collect();
		let (oldest, second, latest) = (polls[0], polls[1], polls[MAX_FORMER as usize]);
		assert_noop!(vote_stake(11, oldest, 1, Nay), Error::<Test>::StakeForgotten);
		assert_eq!(Voting::power_in(oldest, &1, &11), None);
		// It goes with the candidate's vote, and with nobody else's.
		assert_ok!(vote(1, oldest, Aye));
		assert_eq!(counts(oldest), (400, 0, 0));
		assert_ok!(vote_stake(11, second, 1, Nay));
		assert_eq!(counts(second), (0, 201, 0));
		assert_ok!(vote_stake(11, latest, 1, Nay));
		assert_eq!(counts(latest), (0, 216, 0));
		// Others are not touched by that.
		assert_ok!(vote_stake(12, oldest, 1, Nay));
		assert_eq!(counts(oldest), (300, 100, 0));
	});
}

/// A validator that lowers the rate of a delegator in session after session, with a poll in each,
/// shall not take its vote away.
#[test]
fn others_should_not_make_the_stake_of_a_delegator_forgotten() {
	ExtBuilder::default().build_and_execute(|| {
		let may_be_moved = || <Voting as PositionObserver<AccountId>>::ensure_may_be_moved(&1, &11);
		assert_ok!(may_be_moved());
		let oldest = open();
		for _ in 0..MAX_FORMER / 2 {
			assert_ok!(may_be_moved());
			join(1, 11, TEN, 1);
			open();
		}
		assert_noop!(may_be_moved(), Error::<Test>::ChangedTooOften);
		// What is left is the delegator's own.
		for _ in 0..MAX_FORMER / 2 {
			join(1, 11, TEN, 1);
			open();
		}
		assert_ok!(vote_stake(11, oldest, 1, Nay));
		assert_eq!(counts(oldest), (0, 200, 0));
	});
}

#[test]
fn others_may_move_a_delegator_again_when_polls_have_ended() {
	ExtBuilder::default().build_and_execute(|| {
		let polls: Vec<_> = (0..MAX_FORMER / 2)
			.map(|_| {
				let poll = open();
				join(1, 11, TEN, 1);
				poll
			})
			.collect();
		let may_be_moved = || <Voting as PositionObserver<AccountId>>::ensure_may_be_moved(&1, &11);
		assert_noop!(may_be_moved(), Error::<Test>::ChangedTooOften);
		end(polls[0]);
		// The votes of the poll, then its snapshot.
		for _ in 0..2 {
			idle(Weight::MAX);
		}
		assert_ok!(may_be_moved());
	});
}

#[test]
fn vote_should_change_when_its_stake_is_forgotten_since() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote_stake(11, poll, 1, Nay));
		for _ in 0..=MAX_FORMER {
			join(1, 11, TEN, 1);
			open();
		}
		assert_ok!(vote_stake(11, poll, 1, Aye));
		assert_eq!(counts(poll), (200, 0, 0));
		assert_ok!(withdraw_stake(11, poll, 1));
		assert_noop!(vote_stake(11, poll, 1, Aye), Error::<Test>::StakeForgotten);
	});
}

#[test]
fn former_owner_should_vote_with_the_stake_it_had() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		hand_over(1, 11);
		assert_ok!(vote(11, poll, Aye));
		assert_eq!(counts(poll), (400, 0, 0));
		assert_ok!(vote_stake(1, poll, 1, Nay));
		// The heir was a delegator then.
		assert_ok!(vote_stake(11, poll, 1, Abstain));
		assert_eq!(counts(poll), (100, 100, 200));
	});
}

#[test]
fn readme_example_should_hold_when_run() {
	ExtBuilder::default().cap(40).build_and_execute(|| {
		let (alice, bob, poll) = (11, 12, open());
		assert_ok!(vote(1, poll, Aye));
		assert_eq!(counts(poll), (200, 0, 0));
		assert_ok!(vote_stake(alice, poll, 1, Nay));
		assert_eq!(counts(poll), (100, 100, 0));
		assert_ok!(vote_stake(bob, poll, 1, Abstain));
		assert_eq!(counts(poll), (50, 100, 50));
		let amount = leave_all(1, alice);
		join(2, alice, TEN, amount);
		assert_eq!(counts(poll), (50, 100, 50));
		assert_ok!(vote(2, poll, Aye));
		assert_eq!(counts(poll), (200, 100, 50));
		let tally = Voting::tally(poll).expect("goes on");
		assert_eq!(
			(tally.total, tally.support(SMALL_TRACK)),
			(600, Perbill::from_rational(1u32, 3))
		);
		assert_eq!(tally.approval(SMALL_TRACK), Perbill::from_rational(2u32, 3));
		assert_ok!(withdraw_stake(alice, poll, 1));
		assert_eq!(counts(poll), (300, 0, 50));
	});
}
