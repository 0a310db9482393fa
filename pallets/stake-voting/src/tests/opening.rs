//! When polls open, and by what stake.

use crate::{
	mock::*, Counted, Error, Event, Histories, Kept, KeptSnapshots, SeatsThen, Snapshot, Snapshots,
	Vote::*,
};
use cybermiles_primitives::{traits::OnSession, ClassId};
use frame_support::{assert_noop, assert_ok, traits::VoteTally};

#[test]
fn session_should_keep_nothing_when_no_poll_was_submitted() {
	ExtBuilder::default().build_and_execute(|| {
		events();
		next_session();
		assert_eq!(Snapshots::<Test>::iter().count(), 0);
		assert_eq!(SeatsThen::<Test>::iter().count(), 0);
		assert!(KeptSnapshots::<Test>::get().is_none() && events().is_empty());
		join(1, 11, TEN, 10);
		assert_eq!(Histories::<Test>::iter().count(), 0);
	});
}

#[test]
fn polls_should_open_together_with_the_next_session() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (submit(), submit());
		assert_eq!(Voting::tally(first).expect("goes on").opens, 2);
		assert_noop!(vote(1, first, Aye), Error::<Test>::PollNotOpen);
		events();
		assert_eq!(next_session(), 2);
		let event = Event::PollsOpened { session: 2, first, count: 2, total: TOTAL };
		assert_eq!(events(), vec![event]);
		assert_eq!(Counted::<Test>::get(), 2);
		let snapshot = Snapshot { total: TOTAL, first, end: 2, next: None };
		assert_eq!(Snapshots::<Test>::get(2), Some(snapshot));
		assert_ok!(vote(1, first, Aye));
		assert_ok!(vote(1, second, Nay));
		assert_eq!((counts(first), counts(second)), ((400, 0, 0), (0, 400, 0)));
	});
}

#[test]
fn session_should_end_without_effect() {
	ExtBuilder::default().build_and_execute(|| {
		submit();
		Voting::on_session_end(1);
		assert_eq!(Counted::<Test>::get(), 0);
	});
}

#[test]
fn snapshot_should_have_each_seat_and_no_other() {
	ExtBuilder::default().cap(40).build_and_execute(|| {
		open();
		let mut seats: Vec<_> = SeatsThen::<Test>::iter()
			.map(|(session, who, seat)| (session, who, seat.power, seat.stake))
			.collect();
		seats.sort_unstable();
		let expected = [(1, 200, 400), (2, 150, 150), (3, 150, 150), (4, 50, 100), (5, 50, 50)];
		assert_eq!(seats, expected.map(|(who, power, stake)| (2, who, power, stake)));
		let pools: Vec<_> = seat(1).pools.iter().map(|p| (p.class, p.stake, p.shares)).collect();
		assert_eq!(pools.len(), 2);
		assert!(pools.contains(&(ClassId::OWNER, 100, 100)) && pools.contains(&(TEN, 300, 300)));
	});
}

#[test]
fn snapshots_should_form_a_chain_over_the_sessions_that_opened_polls() {
	ExtBuilder::default().build_and_execute(|| {
		open();
		next_session();
		open();
		next_session();
		submit();
		open();
		assert_eq!(KeptSnapshots::<Test>::get(), Some(Kept { oldest: 2, latest: 6 }));
		let link = |session| {
			let snapshot = Snapshots::<Test>::get(session).expect("kept");
			(snapshot.first, snapshot.end, snapshot.next)
		};
		assert_eq!(link(2), (0, 1, Some(4)));
		assert_eq!(link(4), (1, 2, Some(6)));
		assert_eq!(link(6), (2, 4, None));
	});
}

#[test]
fn poll_should_open_when_all_before_it_ended_before_they_opened() {
	ExtBuilder::default().build_and_execute(|| {
		let killed = submit();
		kill(killed);
		let poll = open();
		assert_ok!(vote(2, poll, Aye));
		assert_eq!(Snapshots::<Test>::get(2).expect("kept").first, killed);
	});
}

#[test]
fn total_should_hold_from_the_first_vote_on() {
	ExtBuilder::default().build_and_execute(|| {
		let poll = open();
		let total = || Voting::tally(poll).expect("goes on").total;
		assert_eq!(total(), 0);
		assert_ok!(vote(5, poll, Aye));
		assert_eq!(total(), TOTAL);
		assert_ok!(withdraw(5, poll));
		assert_eq!(total(), TOTAL);
	});
}

#[test]
fn stake_of_the_opening_should_count_whatever_happens_to_seats() {
	ExtBuilder::default().build_and_execute(|| {
		let before = open();
		Validators::set(vec![6]);
		Standbys::set(vec![1]);
		change_pools(1, -50);
		change_pools(2, 100);
		let after = open();
		for poll in [before, after] {
			assert_ok!(vote(1, poll, Aye));
		}
		assert_ok!(vote(2, before, Nay));
		assert_ok!(vote(6, after, Nay));
		assert_eq!((counts(before), counts(after)), ((400, 150, 0), (200, 100, 0)));
		let totals = [before, after].map(|poll| Voting::tally(poll).expect("goes on").total);
		assert_eq!(totals, [TOTAL, 300]);
	});
}

#[test]
fn cap_should_be_that_of_the_opening() {
	ExtBuilder::default().cap(40).build_and_execute(|| {
		let poll = open();
		StakeCap::set(sp_runtime::Perbill::one());
		assert_ok!(vote(1, poll, Aye));
		assert_ok!(vote_stake(11, poll, 1, Nay));
		assert_eq!(counts(poll), (100, 100, 0));
	});
}

#[test]
fn new_tally_should_be_empty_and_wait_for_the_next_session() {
	ExtBuilder::default().build_and_execute(|| {
		Session::set(41);
		let tally = crate::Tally::<Test>::new(ROOT_TRACK);
		assert_eq!((tally.opens, tally.total, tally.cast()), (42, 0, 0));
	});
}
