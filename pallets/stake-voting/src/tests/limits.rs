//! Numbers that no chain should meet, and some that it may.

use crate::{mock::*, Error, PollIndex, Vote::*, MAX_POOLS};
use cybermiles_primitives::{Balance, ClassId, Rate, SessionIndex};
use frame_support::{assert_noop, assert_ok};

const HUGE: Balance = Balance::MAX;

fn set_pool(candidate: AccountId, class: ClassId, stake: Balance, shares: Balance) {
	PoolsNow::mutate(|pools| pools.insert((candidate, class), (stake, shares)));
}

/// Votes with everything there is, back and forth.
fn vote_all_ways(poll: PollIndex) {
	for say in [Aye, Nay, Abstain] {
		for (candidate, who) in [(1, 11), (1, 12), (1, 1), (2, 12), (3, 13), (4, 14)] {
			assert_ok!(vote_stake(who, poll, candidate, say));
		}
		for candidate in 1..=5 {
			assert_ok!(vote(candidate, poll, say));
		}
	}
	let tally = Voting::tally(poll).expect("goes on");
	assert!(tally.cast() <= tally.total);
}

#[test]
fn votes_should_not_overflow_when_one_seat_has_the_largest_stake() {
	ExtBuilder::default().build_and_execute(|| {
		set_pool(1, ClassId::OWNER, 1, 100);
		set_pool(1, TEN, HUGE - TOTAL, HUGE);
		PositionsNow::mutate(|all| {
			all.insert((1, 11), (TEN, HUGE - 100));
			all.insert((1, 1), (ClassId::OWNER, 100));
			all.insert((1, 12), (TEN, 100));
		});
		let poll = open();
		assert_ok!(vote_stake(11, poll, 1, Nay));
		assert_ok!(vote(1, poll, Aye));
		let tally = Voting::tally(poll).expect("goes on");
		assert_eq!(tally.total, HUGE - TOTAL + 1 + 450);
		assert_eq!(tally.cast(), HUGE - TOTAL + 1);
	});
}

#[test]
fn votes_should_saturate_when_stakes_are_beyond_all_numbers() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		for candidate in 1..=5 {
			set_pool(candidate, ClassId::OWNER, HUGE, HUGE);
			set_pool(candidate, TEN, HUGE, HUGE);
		}
		PositionsNow::mutate(|all| {
			for (class, shares) in all.values_mut() {
				(*class, *shares) = (TEN, HUGE);
			}
		});
		let poll = open();
		assert_eq!(seat(1).stake, HUGE);
		// Books in which more is owned than there is: nothing stops, and nothing exceeds the largest
		// number.
		vote_all_ways(poll);
	});
}

#[test]
fn votes_should_not_overflow_when_the_cap_is_the_smallest() {
	ExtBuilder::default().build_and_execute(|| {
		StakeCap::set(sp_runtime::Perbill::from_parts(1));
		let poll = open();
		// All count for as much as the smallest of their group.
		assert_eq!(seat(1).power, 150);
		vote_all_ways(poll);
	});
}

#[test]
fn opening_should_not_fail_when_nobody_sits_or_has_stake() {
	ExtBuilder::default().build_and_execute(|| {
		Validators::take();
		Standbys::take();
		let poll = open();
		assert_noop!(vote(1, poll, Aye), Error::<Test>::NoSeat);
		Validators::set(vec![1, 77]);
		change_pools(1, -100);
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		assert_eq!(Voting::tally(poll).expect("goes on").total, 0);
		assert_noop!(vote_stake(11, poll, 77, Aye), Error::<Test>::NotDelegator);
	});
}

#[test]
fn position_should_never_count_for_more_than_its_pool() {
	ExtBuilder::default().build_and_execute(|| {
		PositionsNow::mutate(|all| all.insert((1, 11), (TEN, HUGE)));
		let poll = open();
		assert_eq!(Voting::power_in(poll, &1, &11), Some(300));
	});
}

#[test]
fn seat_should_keep_as_many_pools_as_a_candidate_can_have() {
	ExtBuilder::default().build_and_execute(|| {
		let delegators = MAX_POOLS as u16 - 1;
		for rate in 0..delegators {
			join(5, 500 + AccountId::from(rate), ClassId::agreed_at(Rate(rate)), 10);
		}
		let poll = open();
		assert_eq!(seat(5).pools.len() as u32, MAX_POOLS);
		for rate in 0..delegators {
			assert_ok!(vote_stake(500 + AccountId::from(rate), poll, 5, Aye));
		}
		assert_ok!(vote(5, poll, Nay));
		assert_eq!(counts(poll), (160, 50, 0));
	});
}

#[test]
fn opening_should_not_overflow_in_the_last_session() {
	ExtBuilder::default().build_and_execute(|| {
		Session::set(SessionIndex::MAX - 1);
		let poll = open();
		join(1, 11, TEN, 1);
		assert_ok!(vote(1, poll, Aye));
		assert_ok!(vote_stake(11, poll, 1, Nay));
		assert_eq!(counts(poll), (200, 200, 0));
	});
}

#[test]
fn vote_should_fail_when_the_number_of_the_poll_is_the_largest() {
	ExtBuilder::default().build_and_execute(|| {
		open();
		assert_noop!(vote(1, PollIndex::MAX, Aye), Error::<Test>::UnknownPoll);
		assert_noop!(vote_stake(11, PollIndex::MAX, 1, Aye), Error::<Test>::UnknownPoll);
	});
}
