//! Every way in which stake can move while a poll runs, one at a time, beside the naive model: all
//! tallies are compared and all invariants checked at each step.

use cybermiles_primitives::{Balance, Rate, CMT};
use economics_tests::{
	driver::{Driver, Op, Signer},
	runtime::{self, *},
};
use pallet_cmt_dpos::Call as Stake;
use pallet_stake_voting::{Call as Votes, CandidateVotes, DelegatorVotes, SeatsThen, Vote};
use pallet_validator_compensation::Call as Award;
use sp_runtime::Perbill;

/// The poll of these tests.
const POLL: u32 = 0;

/// Runs `test` on a new chain with an open poll, then checks everything once more.
fn open_poll(test: impl FnOnce(&mut Driver)) {
	new_chain().execute_with(|| {
		let mut driver = Driver::new();
		driver.submit();
		sessions(&mut driver, 1);
		test(&mut driver);
		driver.check();
	});
}

fn by(driver: &mut Driver, who: AccountId, call: impl Into<RuntimeCall>) {
	driver.call(Signer::Account(who), call.into()).expect("is taken");
}

/// Runs until `count` more sessions have begun.
fn sessions(driver: &mut Driver, count: u32) {
	let until = runtime::session() + count;
	while runtime::session() < until {
		driver.jump_to(SlotNow::get() + 1, true);
	}
}

fn undelegate(driver: &mut Driver, who: AccountId, cmt: Option<Balance>) {
	let amount = cmt.map(|cmt| cmt * CMT);
	by(driver, who, Stake::undelegate { candidate: 1, amount });
}

fn hand_over(driver: &mut Driver, to: AccountId) {
	by(driver, 1, Stake::offer_ownership { to: Some(to) });
	by(driver, to, Stake::accept_ownership { candidate: 1 });
}

type Route = (&'static str, fn(&mut Driver));

/// What can happen to the stake of 12 behind candidate 1, whose owner is 1, without its position
/// being removed.
const ROUTES: [Route; 13] = [
	("stay", |_| ()),
	("leave", |driver| undelegate(driver, 12, None)),
	("leave in part", |driver| undelegate(driver, 12, Some(3_000))),
	("add", |driver| by(driver, 12, Stake::delegate { candidate: 1, amount: 9_000 * CMT })),
	("leave and come back", |driver| {
		undelegate(driver, 12, None);
		by(driver, 12, Stake::rebond { candidate: 1, amount: None });
	}),
	("move to another candidate", |driver| {
		undelegate(driver, 12, None);
		by(driver, 12, Stake::delegate { candidate: 3, amount: 7_000 * CMT });
	}),
	("harvest", |driver| {
		sessions(driver, 2);
		by(driver, 12, Award::harvest { candidate: 1 });
	}),
	("pay another rate", |driver| {
		by(driver, 1, Award::lower_rate { who: 12, rate: Rate(7) });
		by(driver, 12, Award::accept_rate { candidate: 1, rate: Rate(9) });
	}),
	("hand over to a stranger", |driver| hand_over(driver, 20)),
	("hand over to the delegator", |driver| hand_over(driver, 12)),
	("retire", |driver| by(driver, 1, Stake::retire {})),
	("retire, and be paid all but what waits longer", |driver| {
		// What 12 takes out waits longer than the rest, which is due with the candidate.
		UnbondingEras::set(5);
		undelegate(driver, 12, Some(1_000));
		UnbondingEras::set(2);
		by(driver, 1, Stake::retire {});
		sessions(driver, 7);
	}),
	("slash", |driver| driver.commit(&[(1, None)], Perbill::from_percent(40), 0)),
];

/// What 12 counts for behind candidate 1 in the poll.
fn power() -> Option<Balance> {
	Voting::power_in(POLL, &1, &12)
}

/// All of candidates 1 and 2 vote, their owners and each delegator for itself, where they may.
fn all_vote(driver: &mut Driver, owners: Vote, delegators: Vote) {
	for who in [1, 2, 12, 20] {
		let _ = driver.call(Signer::Account(who), Votes::vote { poll: POLL, vote: owners }.into());
	}
	for (who, candidate) in [(1, 1), (11, 1), (12, 1), (20, 1), (12, 2), (12, 3)] {
		let call = Votes::vote_stake { poll: POLL, candidate, vote: delegators };
		let _ = driver.call(Signer::Account(who), call.into());
	}
}

fn cast() -> Balance {
	Voting::tally(POLL).expect("goes on").cast()
}

#[test]
fn stake_should_count_as_it_was_when_it_moves_before_the_vote() {
	for (name, route) in ROUTES {
		for later in [0, 2] {
			open_poll(|driver| {
				let then = power().expect("delegates");
				by(driver, 1, Votes::vote { poll: POLL, vote: Vote::Aye });
				let all = cast();
				route(driver);
				driver.submit();
				sessions(driver, later);
				assert_eq!(power(), Some(then), "{name}");
				let call = Votes::vote_stake { poll: POLL, candidate: 1, vote: Vote::Nay };
				by(driver, 12, call);
				let tally = Voting::tally(POLL).expect("goes on");
				assert_eq!((tally.ayes, tally.nays), (all - then, then), "{name}");
				all_vote(driver, Vote::Nay, Vote::Abstain);
			});
		}
	}
}

#[test]
fn stake_should_count_as_it_was_when_a_closed_candidate_paid_it() {
	new_chain().execute_with(|| {
		let mut driver = Driver::new();
		// A part waits since before the poll, and longer than the rest, so that the position stays.
		UnbondingEras::set(5);
		undelegate(&mut driver, 12, Some(1_000));
		UnbondingEras::set(2);
		driver.submit();
		sessions(&mut driver, 1);
		let then = power().expect("delegates");
		by(&mut driver, 1, Stake::retire {});
		sessions(&mut driver, 7);
		let left = pallet_cmt_dpos::Positions::<Test>::get(1, 12).expect("a part waits");
		assert_eq!((left.shares, power()), (0, Some(then)));
		by(&mut driver, 12, Votes::vote_stake { poll: POLL, candidate: 1, vote: Vote::Nay });
	});
}

#[test]
fn votes_should_stand_when_the_stake_moves_after_them() {
	for (name, route) in ROUTES {
		open_poll(|driver| {
			all_vote(driver, Vote::Aye, Vote::Nay);
			let before = Voting::tally(POLL).expect("goes on");
			route(driver);
			sessions(driver, 2);
			assert_eq!(Voting::tally(POLL), Some(before), "{name}");
			let all = cast();
			all_vote(driver, Vote::Nay, Vote::Abstain);
			assert!(cast() >= all, "{name}");
		});
	}
}

#[test]
fn nothing_should_be_left_when_all_polls_ended() {
	open_poll(|driver| {
		all_vote(driver, Vote::Aye, Vote::Nay);
		driver.submit();
		sessions(driver, 1);
		driver.end(0);
		driver.end(1);
		driver.step(&Op::Slots(20, 0, true));
		assert_eq!(CandidateVotes::<Test>::iter().count(), 0);
		assert_eq!(DelegatorVotes::<Test>::iter().count(), 0);
		assert_eq!(SeatsThen::<Test>::iter().count(), 0);
		assert!(pallet_stake_voting::KeptSnapshots::<Test>::get().is_none());
	});
}
