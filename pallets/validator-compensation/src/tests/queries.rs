//! What nodes and wallets read.

use super::part;
use crate::{mock::*, History};
use cybermiles_primitives::{api::ClassInfo, Rate, CMT, YEAR_MILLIS};
use frame_support::assert_ok;

fn root() -> Vec<u8> {
	sp_io::storage::root(sp_runtime::StateVersion::V1)
}

#[test]
fn queries_should_leave_the_state_as_it_is_when_awards_wait() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		beat(4);
		run_blocks(2);
		let before = root();
		value(11, 1);
		Compensation::classes(1);
		Compensation::session_awards(session());
		Compensation::yearly_yield(&1, Rate(0));
		Compensation::solvency();
		assert_eq!(root(), before);
	});
}

#[test]
fn value_should_be_what_a_fold_gives_when_awards_wait() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		run_blocks(2);
		let (read, classes) = (position(11, 1), Compensation::classes(1));
		fold(1);
		assert_eq!(Dpos::positions(11)[0], read);
		let stakes: Vec<_> = classes.iter().map(|class| class.stake).collect();
		assert_eq!(pools(1).iter().map(|(_, stake)| *stake).collect::<Vec<_>>(), stakes);
	});
}

#[test]
fn classes_should_be_described_in_full_when_asked() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		assert_ok!(Compensation::lower_all_rates(signed(1), Rate(10)));
		let class = |owners, agreed, rate, stake| ClassInfo { owners, agreed, rate, stake };
		let expected = [
			class(false, MAX_RATE, Rate(10), 10_000 * CMT),
			class(true, Rate(0), Rate(0), 29_000 * CMT),
		];
		assert_eq!(Compensation::classes(1), expected);
		assert_eq!(Compensation::classes(77), []);
	});
}

#[test]
fn session_awards_should_be_read_when_the_session_runs_and_when_it_is_over() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		run_blocks(2);
		let running = seat_award(1);
		assert!(running.award > 0 && running.compensation > 0);
		fold(1);
		assert_eq!(seat_award(1), running);
		run_sessions(1);
		let over = Compensation::session_awards(0);
		assert_eq!(over.len(), 5);
		assert_eq!(Compensation::session_awards(9), []);
		let over = over.into_iter().find(|seat| seat.candidate == 1).expect("sat");
		assert!(over.award > running.award);
	});
}

/// What falls to a closed candidate joins the next award, so it does not earn it.
#[test]
fn session_awards_should_leave_out_what_a_closed_candidate_cannot_have() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		assert_ok!(Dpos::retire(signed(1)));
		let earned = seat_award(1).award;
		next_block();
		assert_eq!(seat_award(1).award, earned);
	});
}

#[test]
fn yield_should_be_what_was_earned_in_a_year_when_all_goes_on() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		assert_eq!(Compensation::yearly_yield(&1, Rate(0)), 0);
		run_sessions(2);
		let record = History::<Test>::get(1);
		let (seat, stake) = record.seats.iter().find(|(seat, _)| seat.candidate == 1).expect("sat");
		let blocks = u128::from(YEAR_MILLIS) / 3_000;
		let expected = part(part(seat.award, 1_000_000, *stake), blocks, 5);
		assert_eq!(u128::from(Compensation::yearly_yield(&1, Rate(0))), expected);
		let half = u128::from(Compensation::yearly_yield(&1, MAX_RATE));
		// A millionth of one session is so many of a year.
		assert!(half <= expected && expected / 2 - half <= blocks / 5);
		assert_eq!(Compensation::yearly_yield(&1, Rate::MAX), 0);
		assert_eq!(Compensation::yearly_yield(&4, Rate(0)), 0);
		assert_eq!(Compensation::yearly_yield(&6, Rate(0)), 0);
	});
}

#[test]
fn views_should_answer_like_the_api_when_asked() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		assert_eq!(Compensation::get_block_award(), award());
		assert_eq!(Compensation::get_solvency(), Compensation::solvency());
	});
}
