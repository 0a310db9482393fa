//! Who does not do its work earns nothing.

use super::{assert_near, part};
use crate::{mock::*, RunningGroups};
use cybermiles_primitives::{traits::PresenceObserver, CMT};

#[test]
fn absent_should_leave_its_part_to_the_others_when_it_missed_its_turn() {
	ExtBuilder::default().build_and_execute(|| {
		go_absent(1);
		next_block();
		let all = award().to_validators;
		assert_eq!((all, owed(1)), (award().issued, 0));
		assert_near(owed(2), part(all, 28, 55));
		assert_near(owed(3), part(all, 27, 55));
	});
}

#[test]
fn absent_should_keep_what_it_earned_when_it_stops() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		let earned = owed(1);
		go_absent(1);
		run_blocks(2);
		assert_eq!(owed(1), earned);
		run_sessions(1);
		assert_eq!(Dpos::candidate(1).expect("is there").stake, 29_000 * CMT + earned);
	});
}

#[test]
fn absent_should_earn_again_when_it_authors_again() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		let earned = owed(1);
		go_absent(1);
		next_block();
		come_back(1);
		next_block();
		assert_near(owed(1), earned + part(award().to_validators, 29, 84));
	});
}

/// A fold while it is absent takes what it earned before, once.
#[test]
fn absent_should_be_folded_once_when_its_pools_change() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		let earned = owed(1);
		go_absent(1);
		delegate(11, 1, 5_000);
		assert_eq!((owed(1), seat_award(1).award), (0, earned));
		next_block();
		come_back(1);
		assert_eq!(owed(1), 0);
		next_block();
		assert_near(owed(1), part(award().to_validators, 29, 84));
	});
}

#[test]
fn absence_should_change_nothing_when_told_twice() {
	ExtBuilder::default().build_and_execute(|| {
		go_absent(1);
		let groups = RunningGroups::<Test>::get();
		go_absent(1);
		assert_eq!(RunningGroups::<Test>::get(), groups);
		come_back(1);
		let groups = RunningGroups::<Test>::get();
		come_back(1);
		assert_eq!(RunningGroups::<Test>::get(), groups);
	});
}

#[test]
fn absence_should_change_nothing_when_it_is_of_no_seat() {
	ExtBuilder::default().build_and_execute(|| {
		let groups = RunningGroups::<Test>::get();
		for nobody in [6, 77] {
			Compensation::on_absent(&nobody);
			Compensation::on_present(&nobody);
		}
		assert_eq!(RunningGroups::<Test>::get(), groups);
	});
}

#[test]
fn standby_should_not_earn_when_only_its_presence_is_told() {
	ExtBuilder::default().build_and_execute(|| {
		Compensation::on_present(&4);
		next_block();
		assert_eq!((award().to_standbys, owed(4)), (0, 0));
	});
}

#[test]
fn standby_should_earn_no_more_when_it_is_jailed() {
	ExtBuilder::default().build_and_execute(|| {
		beat(4);
		next_block();
		let earned = owed(4);
		go_absent(4);
		next_block();
		assert_eq!((award().to_standbys, owed(4)), (0, earned));
	});
}

#[test]
fn absent_should_not_earn_when_a_session_begins() {
	ExtBuilder::default().build_and_execute(|| {
		go_absent(2);
		run_sessions(1);
		next_block();
		assert_eq!(owed(2), 0);
		come_back(2);
		next_block();
		assert!(owed(2) > 0);
	});
}
