//! What ended polls leave behind goes in idle block space.

use crate::{
	cleaning::BATCH, mock::*, CandidateVote, CandidateVotes, DelegatorVote, DelegatorVotes,
	Histories, Kept, KeptSnapshots, PollIndex, SeatsThen, Snapshots, Vote::*, WeightInfo,
};
use frame_support::{assert_ok, weights::Weight};
use sp_io::TestExternalities;

/// Entries of each kind: snapshots, seats, votes of candidates, votes of delegators.
fn kept() -> [usize; 4] {
	[
		Snapshots::<Test>::iter().count(),
		SeatsThen::<Test>::iter().count(),
		CandidateVotes::<Test>::iter().count(),
		DelegatorVotes::<Test>::iter().count(),
	]
}

fn step() -> Weight {
	idle(Weight::MAX)
}

#[test]
fn storage_should_be_empty_step_by_step_when_all_polls_ended() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (submit(), open());
		for poll in [first, second] {
			assert_ok!(vote(1, poll, Aye));
			assert_ok!(vote_stake(11, poll, 1, Nay));
		}
		let third = open();
		assert_ok!(vote(2, third, Nay));
		[first, second, third].into_iter().for_each(end);
		assert_eq!(kept(), [2, 10, 3, 2]);
		// Each poll, then the snapshot, and so on.
		for left in [[2, 10, 2, 1], [2, 10, 1, 0], [1, 5, 1, 0], [1, 5, 0, 0], [0, 0, 0, 0]] {
			assert_eq!(step(), <() as WeightInfo>::clean());
			assert_eq!(kept(), left);
			assert_ok!(Voting::do_try_state());
		}
		assert!(KeptSnapshots::<Test>::get().is_none());
		assert_eq!(Removed::get(), vec![first, second, third]);
		assert!(!Voting::clean_step());
	});
}

#[test]
fn step_should_do_nothing_when_the_oldest_poll_goes_on() {
	ExtBuilder::default().build_and_execute(|| {
		let (oldest, later) = (open(), open());
		assert_ok!(vote(1, later, Aye));
		end(later);
		assert!(!Voting::clean_step());
		assert_eq!(kept(), [2, 10, 1, 0]);
		assert_eq!(Awaited::get(), vec![oldest], "it is told which poll all wait for");
		end(oldest);
		while Voting::clean_step() {}
		assert_eq!(kept(), [0; 4]);
		assert_eq!(Awaited::get(), vec![oldest]);
	});
}

#[test]
fn votes_of_polls_that_go_on_should_stay() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (submit(), open());
		for poll in [first, second] {
			assert_ok!(vote(1, poll, Aye));
		}
		kill(first);
		while Voting::clean_step() {}
		assert_eq!(kept(), [1, 5, 1, 0]);
		assert_ok!(vote_stake(11, second, 1, Nay));
		assert_eq!(counts(second), (200, 200, 0));
	});
}

#[test]
fn step_should_do_nothing_when_the_block_has_no_room() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		assert_ok!(vote(1, poll, Aye));
		end(poll);
		assert_eq!(idle(Weight::zero()), Weight::zero());
		let almost = <() as WeightInfo>::clean() - Weight::from_parts(1, 0);
		assert_eq!(idle(almost), Weight::zero());
		assert_eq!(kept(), [1, 5, 1, 0]);
		assert_eq!(idle(<() as WeightInfo>::clean()), <() as WeightInfo>::clean());
		assert_eq!(kept(), [1, 5, 0, 0]);
	});
}

#[test]
fn step_should_take_one_when_the_block_has_room_for_many() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (submit(), open());
		for poll in [first, second] {
			assert_ok!(vote(1, poll, Aye));
			end(poll);
		}
		step();
		assert_eq!(kept(), [1, 5, 1, 0]);
	});
}

#[test]
fn chain_of_snapshots_should_go_on_when_the_oldest_goes() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (open(), open());
		end(first);
		while Voting::clean_step() {}
		assert_eq!(KeptSnapshots::<Test>::get(), Some(Kept { oldest: 3, latest: 3 }));
		let third = open();
		assert_eq!(KeptSnapshots::<Test>::get(), Some(Kept { oldest: 3, latest: 4 }));
		[second, third].into_iter().for_each(end);
		while Voting::clean_step() {}
		let last = open();
		assert_eq!(KeptSnapshots::<Test>::get(), Some(Kept { oldest: 5, latest: 5 }));
		assert_ok!(vote(1, last, Aye));
	});
}

#[test]
fn former_states_should_go_when_no_snapshot_asks_for_them() {
	ExtBuilder::default().build_and_execute(|| {
		let first = open();
		join(1, 11, TEN, 1);
		end(first);
		while Voting::clean_step() {}
		// No poll, no history: a change costs one read.
		join(1, 11, TEN, 1);
		join(1, 12, TEN, 1);
		assert_eq!(Histories::<Test>::get(1, 11).former[0].until, 2);
		assert!(!Histories::<Test>::contains_key(1, 12));
		open();
		join(1, 11, TEN, 1);
		let former = Histories::<Test>::get(1, 11).former;
		assert_eq!((former.len(), former[0].until), (1, 3));
		leave_all(1, 11);
		remove_position(1, 11);
		assert_eq!(Histories::<Test>::iter().count(), 0);
	});
}

/// Polls with more votes than one step removes.
fn many_votes(count: u64) -> (TestExternalities, PollIndex) {
	let mut ext = ExtBuilder::default().build();
	let poll = ext.execute_with(|| {
		let poll = open();
		for who in 0..count {
			let record = DelegatorVote { vote: Aye, power: 1 };
			DelegatorVotes::<Test>::insert(poll, (1, who), record);
			let record = CandidateVote { vote: Some(Aye), taken_out: 0 };
			CandidateVotes::<Test>::insert(poll, who, record);
		}
		end(poll);
		poll
	});
	// A step counts what was there before its block.
	ext.commit_all().expect("commits");
	(ext, poll)
}

fn in_a_block<R>(ext: &mut TestExternalities, work: impl FnOnce() -> R) -> R {
	let result = ext.execute_with(work);
	ext.commit_all().expect("commits");
	result
}

#[test]
fn many_votes_should_go_a_batch_a_step() {
	let batch = u64::from(BATCH);
	let (mut ext, poll) = many_votes(2 * batch + 1);
	for left in [batch as usize + 1, 1, 0] {
		assert_eq!(in_a_block(&mut ext, || (step(), kept())).1, [1, 5, left, left]);
		let first = ext.execute_with(|| Snapshots::<Test>::get(2).expect("kept").first);
		let removed = left == 0;
		assert_eq!(first, if removed { poll + 1 } else { poll });
		assert_eq!(Removed::get(), if removed { vec![poll] } else { vec![] });
		ext.execute_with(|| Voting::do_try_state().expect("invariants hold"));
	}
	assert_eq!(in_a_block(&mut ext, || (step(), kept())).1, [0; 4]);
}

#[test]
fn batch_should_be_all_when_there_are_no_more() {
	let (mut ext, poll) = many_votes(BATCH.into());
	in_a_block(&mut ext, step);
	ext.execute_with(|| {
		assert_eq!(kept(), [1, 5, 0, 0]);
		assert_eq!(Snapshots::<Test>::get(2).expect("kept").first, poll + 1);
	});
}

#[test]
fn many_seats_should_go_a_batch_a_step() {
	let mut ext = ExtBuilder::default().build();
	in_a_block(&mut ext, || {
		let many = 100..100 + u64::from(BATCH);
		Validators::mutate(|validators| validators.extend(many));
		let poll = open();
		end(poll);
	});
	let all = BATCH as usize + 5;
	assert_eq!(in_a_block(&mut ext, || (step(), kept())).1, [1, all, 0, 0]);
	assert_eq!(in_a_block(&mut ext, || (step(), kept())).1, [1, 5, 0, 0]);
	ext.execute_with(|| Voting::do_try_state().expect("invariants hold"));
	assert_eq!(in_a_block(&mut ext, || (step(), kept())).1, [0; 4]);
}
