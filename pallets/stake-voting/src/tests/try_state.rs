//! Each invariant, broken on purpose.
//!
//! One `ensure!` cannot be broken alone: that no more is cast than there is follows from the others.

use crate::{
	mock::*, CandidateVotes, Counted, DelegatorVotes, Former, Histories, Kept, KeptSnapshots,
	SeatsThen, Snapshot, Snapshots, Vote::*,
};
use frame_support::assert_ok;
use sp_runtime::TryRuntimeError;

/// Runs `corrupt` on a state with every kind of record, and expects exactly `message`.
///
/// Poll 0 ended with snapshot 2; polls 1 (snapshot 3) and 2 (snapshot 4) go on with votes of
/// candidates 1 and 2 and of 11; 3 is not open. 11 has a history.
fn assert_broken(message: &'static str, corrupt: impl FnOnce()) {
	ExtBuilder::default().cap(40).build().execute_with(|| {
		let polls = [open(), open(), open()];
		for poll in polls {
			assert_ok!(vote(1, poll, Aye));
			assert_ok!(vote(2, poll, Nay));
			assert_ok!(vote_stake(11, poll, 1, Abstain));
		}
		join(1, 11, TEN, 10);
		submit();
		end(polls[0]);
		assert_ok!(Voting::do_try_state());
		corrupt();
		assert_eq!(Voting::do_try_state(), Err(TryRuntimeError::Other(message)));
	});
}

fn change_snapshot(session: u32, change: impl FnOnce(&mut Snapshot)) {
	Snapshots::<Test>::mutate(session, |snapshot| change(snapshot.as_mut().expect("kept")));
}

fn change_histories(change: impl FnOnce(&mut Vec<Former>)) {
	Histories::<Test>::mutate(1, 11, |history| {
		let mut former = history.former.to_vec();
		change(&mut former);
		history.former = former.try_into().expect("few");
	});
}

#[test]
fn try_state_should_fail_when_seats_are_without_snapshot() {
	assert_broken("seats without a snapshot", || SeatsThen::<Test>::insert(9, 1, seat(1)));
}

#[test]
fn try_state_should_fail_when_the_chain_is_broken() {
	assert_broken("a link of the chain is missing", || Snapshots::<Test>::remove(3));
	assert_broken("a link of the chain is missing", || {
		KeptSnapshots::<Test>::put(Kept { oldest: 1, latest: 4 });
	});
	let message = "a snapshot is not in the chain";
	assert_broken(message, || KeptSnapshots::<Test>::put(Kept { oldest: 3, latest: 4 }));
	assert_broken(message, KeptSnapshots::<Test>::kill);
	assert_broken(message, || change_snapshot(3, |snapshot| snapshot.next = None));
}

#[test]
fn try_state_should_fail_when_snapshots_are_not_in_order() {
	let message = "snapshots are not in order";
	assert_broken(message, || change_snapshot(3, |snapshot| snapshot.next = Some(3)));
	assert_broken(message, || change_snapshot(3, |snapshot| snapshot.first = 0));
	assert_broken(message, || change_snapshot(2, |snapshot| snapshot.first = 2));
}

#[test]
fn try_state_should_fail_when_the_latest_snapshot_is_another() {
	assert_broken("the latest", || KeptSnapshots::<Test>::put(Kept { oldest: 2, latest: 3 }));
}

#[test]
fn try_state_should_fail_when_a_poll_was_passed_over() {
	let message = "the latest snapshot does not open the last polls";
	assert_broken(message, || Counted::<Test>::put(4));
	assert_broken(message, || change_snapshot(4, |snapshot| snapshot.end += 1));
}

#[test]
fn try_state_should_fail_when_the_total_is_wrong() {
	let message = "the total is not the power of all seats";
	assert_broken(message, || change_snapshot(3, |snapshot| snapshot.total += 1));
	assert_broken(message, || SeatsThen::<Test>::remove(3, 5));
	let message = "the total of the tally";
	assert_broken(message, || change_tally(1, |tally| tally.total += 1));
	assert_broken(message, || change_tally(1, |tally| tally.total = 0));
}

#[test]
fn try_state_should_fail_when_a_poll_counts_other_stake() {
	assert_broken("a poll of another session", || change_tally(1, |tally| tally.opens = 4));
}

#[test]
fn try_state_should_fail_when_somebody_without_seat_votes() {
	assert_broken("a vote without seat", || {
		let record = CandidateVotes::<Test>::take(1, 2).expect("a vote");
		CandidateVotes::<Test>::insert(1, 6, record);
	});
}

#[test]
fn try_state_should_fail_when_stake_counts_twice() {
	let message = "taken out is not what delegators vote with";
	assert_broken(message, || {
		CandidateVotes::<Test>::mutate(1, 1, |record| {
			record.as_mut().expect("a vote").taken_out = 0;
		});
	});
	assert_broken(message, || {
		let record = DelegatorVotes::<Test>::get(1, (1, 11)).expect("a vote");
		DelegatorVotes::<Test>::insert(1, (1, 12), record);
	});
	assert_broken(message, || DelegatorVotes::<Test>::remove(1, (1, 11)));
	assert_broken("a delegator's stake was not taken out", || {
		let record = DelegatorVotes::<Test>::get(1, (1, 11)).expect("a vote");
		DelegatorVotes::<Test>::insert(1, (3, 13), record);
	});
}

#[test]
fn try_state_should_fail_when_delegators_have_more_than_the_seat() {
	assert_broken("more taken out than there is", || {
		DelegatorVotes::<Test>::mutate(1, (1, 11), |record| {
			record.as_mut().expect("a vote").power = 201;
		});
		CandidateVotes::<Test>::mutate(1, 1, |record| {
			record.as_mut().expect("a vote").taken_out = 201;
		});
	});
}

#[test]
fn try_state_should_fail_when_the_tally_is_not_the_sum() {
	let message = "the tally is not the sum of its votes";
	assert_broken(message, || change_tally(1, |tally| tally.ayes += 1));
	assert_broken(message, || change_tally(1, |tally| tally.nays -= 1));
	assert_broken(message, || change_tally(2, |tally| tally.abstentions = 0));
	assert_broken(message, || {
		CandidateVotes::<Test>::mutate(1, 2, |record| {
			record.as_mut().expect("a vote").vote = Some(Aye);
		});
	});
	assert_broken(message, || {
		DelegatorVotes::<Test>::mutate(1, (1, 11), |record| {
			record.as_mut().expect("a vote").vote = Nay;
		});
	});
	assert_broken(message, || CandidateVotes::<Test>::remove(1, 2));
}

#[test]
fn try_state_should_fail_when_a_history_is_not_in_order() {
	let message = "a history is not in order";
	assert_broken(message, || change_histories(|former| former.push(former[0])));
	assert_broken(message, || change_histories(|former| former[0].until = 99));
}

#[test]
fn try_state_should_fail_when_a_history_has_no_position() {
	assert_broken("a history without position", || {
		let history = Histories::<Test>::take(1, 11);
		Histories::<Test>::insert(1, 99, history);
	});
}
