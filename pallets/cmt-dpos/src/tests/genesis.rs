//! The first state.

use crate::{mock::*, StakeTotals, Totals};
use cybermiles_primitives::CMT;

#[test]
fn genesis_should_hold_its_candidates_and_delegations_when_built() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		assert_eq!(ranking(), [1, 2, 3, 4, 5, 6]);
		assert_eq!(candidate(3).order, 2);
		assert_eq!((free(1), free(11)), (ENDOWMENT - 29_000 * CMT, ENDOWMENT - 5_000 * CMT));
		let bonded = (29_000 + 28_000 + 27_000 + 26_000 + 25_000 + 24_000 + 5_000) * CMT;
		assert_eq!(StakeTotals::<Test>::get(), Totals { bonded, unbonding: 0 });
		assert_eq!(free(Dpos::escrow()), bonded);
	});
}

#[test]
fn genesis_should_decide_the_first_two_sessions_when_built() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!((elected(0), elected(1)), (vec![1, 2, 3], vec![1, 2, 3]));
		assert_eq!(Dpos::era(), 0);
	});
}

#[test]
fn genesis_should_be_empty_when_nothing_is_configured() {
	ExtBuilder::default().candidates(0).build_and_execute(|| {
		assert!(validators().is_empty());
		run_sessions(4);
		assert!(validators().is_empty());
	});
}

#[test]
#[should_panic(expected = "genesis candidate 1: Module")]
fn genesis_should_name_the_candidate_when_one_breaks_the_rules() {
	ExtBuilder::default().max_stake(1, 1).build();
}

#[test]
#[should_panic(expected = "AlreadyCandidate")]
fn genesis_should_be_refused_when_a_candidate_is_named_twice() {
	ExtBuilder::default().candidate(1, 100_000, 10_000).build();
}

#[test]
#[should_panic(expected = "InsufficientBalance")]
fn genesis_should_be_refused_when_a_candidate_cannot_pay() {
	ExtBuilder::default().candidate(1_000, 100_000, 10_000).build();
}

#[test]
#[should_panic(expected = "genesis delegation of 11 to 77: Module")]
fn genesis_should_name_the_delegation_when_its_candidate_is_unknown() {
	ExtBuilder::default().delegation(11, 77, 5_000).build();
}

#[test]
#[should_panic(expected = "ExceedsMaximum")]
fn genesis_should_be_refused_when_a_delegation_exceeds_the_maximum() {
	ExtBuilder::default().delegation(11, 1, 500_000).build();
}
