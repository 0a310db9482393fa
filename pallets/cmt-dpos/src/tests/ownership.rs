//! offer_ownership, accept_ownership, and whose session keys an account manages.

use crate::{mock::*, CandidateIdOf, CandidateOf, Error, Event, OwnershipOffers, Positions};
use cybermiles_primitives::{traits::StakePools, ClassId, CMT};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{traits::Convert, DispatchError, Perbill};

/// An account that owns nothing.
const HEIR: AccountId = 50;

fn offer() {
	assert_ok!(Dpos::offer_ownership(signed(1), Some(HEIR)));
}

#[test]
fn offer_should_be_noted_and_reported_when_made() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		assert_eq!(OwnershipOffers::<Test>::get(1), Some(HEIR));
		assert_eq!(events(), [Event::OwnershipOffered { candidate: 1, to: Some(HEIR) }]);
		assert_eq!(candidate(1).owner, 1);
	});
}

#[test]
fn offer_should_replace_the_one_before_when_made_again() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		assert_ok!(Dpos::offer_ownership(signed(1), Some(51)));
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), Error::<Test>::NotOffered);
		assert_ok!(Dpos::accept_ownership(signed(51), 1));
	});
}

#[test]
fn offer_should_be_withdrawn_when_nobody_is_named() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		events();
		assert_ok!(Dpos::offer_ownership(signed(1), None));
		assert_eq!(OwnershipOffers::<Test>::get(1), None);
		assert_eq!(events(), [Event::OwnershipOffered { candidate: 1, to: None }]);
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), Error::<Test>::NotOffered);
	});
}

#[test]
fn offer_should_be_refused_when_there_is_none_to_withdraw() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(Dpos::offer_ownership(signed(1), None), Error::<Test>::NoOffer);
	});
}

#[test]
fn offer_should_be_refused_when_made_to_the_owner() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(Dpos::offer_ownership(signed(1), Some(1)), Error::<Test>::AlreadyOwner);
	});
}

#[test]
fn offer_should_be_refused_when_made_to_the_owner_of_another_candidate() {
	ExtBuilder::default().build_and_execute(|| {
		let to_two = Dpos::offer_ownership(signed(1), Some(2));
		assert_noop!(to_two, Error::<Test>::AlreadyCandidate);
		hand_over(2, 2, HEIR);
		let to_heir = Dpos::offer_ownership(signed(1), Some(HEIR));
		assert_noop!(to_heir, Error::<Test>::AlreadyCandidate);
	});
}

#[test]
fn accept_should_change_the_owner_when_offered() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		assert_ok!(Dpos::accept_ownership(signed(HEIR), 1));
		assert_eq!(candidate(1).owner, HEIR);
		assert_eq!(CandidateOf::<Test>::get(HEIR), Some(1));
		assert_eq!(CandidateOf::<Test>::get(1), None);
		assert_eq!(OwnershipOffers::<Test>::get(1), None);
	});
}

#[test]
fn accept_should_report_every_move_of_stake_when_accepted() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		events();
		assert_ok!(Dpos::accept_ownership(signed(HEIR), 1));
		let left = Event::Undelegated { candidate: 1, who: 1, amount: 29_000 * CMT, due: 2 };
		let came = Event::Delegated { candidate: 1, who: HEIR, amount: 20_000 * CMT };
		let transferred = Event::OwnershipTransferred { candidate: 1, from: 1, to: HEIR };
		assert_eq!(events(), [left, came, transferred]);
	});
}

/// A maximum lowered before a hand-over does not let the stake of others stand on nothing.
#[test]
fn accept_should_take_the_heirs_part_of_all_stake_when_that_is_above_the_maximum() {
	let builder = ExtBuilder::default().delegation(11, 1, 161_000).delegation(50, 1, 10_000);
	builder.build_and_execute(|| {
		assert_ok!(Dpos::update(signed(1), Some(20_000 * CMT), None, None));
		let before = free(51);
		hand_over(1, 1, 51);
		// 19,000 beside the 171,000 of the others.
		assert_eq!((free(51), value(51, 1)), (before - 19_000 * CMT, 19_000 * CMT));
		let before = free(50);
		hand_over(1, 51, 50);
		// What the heir has already is not the others': 161,000 make it 17,889.
		let required = (161_000 * CMT).div_ceil(9);
		assert_eq!((free(50), value(50, 1)), (before - (required - 10_000 * CMT), required));
	});
}

#[test]
fn accept_should_take_the_required_self_stake_when_the_heir_has_none() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, HEIR);
		assert_eq!(free(HEIR), ENDOWMENT - 20_000 * CMT);
		assert_eq!(Dpos::class_stakes(&1), [(ClassId::OWNER, 20_000 * CMT)]);
		assert_eq!(Positions::<Test>::get(1, HEIR).expect("stakes").principal, 20_000 * CMT);
	});
}

#[test]
fn accept_should_take_only_what_is_missing_when_the_heir_delegates_already() {
	ExtBuilder::default().delegation(HEIR, 1, 15_000).build_and_execute(|| {
		hand_over(1, 1, HEIR);
		assert_eq!(free(HEIR), ENDOWMENT - 20_000 * CMT);
		assert_eq!(Dpos::class_stakes(&1), [(ClassId::OWNER, 20_000 * CMT)]);
	});
}

#[test]
fn accept_should_bring_all_its_stake_when_the_heir_delegates_more_than_required() {
	ExtBuilder::default().delegation(HEIR, 1, 35_000).build_and_execute(|| {
		hand_over(1, 1, HEIR);
		assert_eq!(free(HEIR), ENDOWMENT - 35_000 * CMT);
		assert_eq!(Dpos::class_stakes(&1), [(ClassId::OWNER, 35_000 * CMT)]);
	});
}

#[test]
fn accept_should_leave_what_waits_when_the_heir_is_leaving() {
	ExtBuilder::default().delegation(HEIR, 1, 15_000).build_and_execute(|| {
		undelegate_all(HEIR, 1);
		hand_over(1, 1, HEIR);
		assert_eq!((value(HEIR, 1), waiting(HEIR, 1)), (20_000 * CMT, 15_000 * CMT));
		run_eras(2);
		assert_eq!(free(HEIR), ENDOWMENT - 20_000 * CMT);
	});
}

#[test]
fn accept_should_let_the_heir_pass_the_maximum_when_the_candidate_is_full() {
	ExtBuilder::default().delegation(11, 1, 171_000).build_and_execute(|| {
		assert_ok!(award(1, DELEGATORS, 54_000 * CMT));
		hand_over(1, 1, HEIR);
		assert_eq!((value(HEIR, 1), candidate(1).stake), (25_000 * CMT, 250_000 * CMT));
	});
}

#[test]
fn accept_should_keep_address_rank_and_delegators_when_accepted() {
	ExtBuilder::default().delegation(11, 1, 50_000).build_and_execute(|| {
		let order = candidate(1).order;
		hand_over(1, 1, HEIR);
		assert_eq!((candidate(1).order, candidate(1).stake), (order, 70_000 * CMT));
		assert_eq!(value(11, 1), 50_000 * CMT);
		assert_eq!(ranking()[0], 1);
		run_sessions(3);
		assert_eq!(validators()[0], 1);
	});
}

#[test]
fn accept_should_work_when_the_candidate_stands_aside() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(1);
		hand_over(1, 1, HEIR);
		assert_noop!(Dpos::activate(signed(1)), Error::<Test>::NotOwner);
		assert_ok!(Dpos::activate(signed(HEIR)));
	});
}

#[test]
fn former_owner_should_be_paid_through_unbonding_only_when_handed_over() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, HEIR);
		assert_eq!((free(1), waiting(1, 1)), (ENDOWMENT - 29_000 * CMT, 29_000 * CMT));
		run_eras(2);
		assert_eq!(free(1), ENDOWMENT);
		assert_eq!(Positions::<Test>::get(1, 1), None);
	});
}

#[test]
fn former_owner_should_be_a_delegator_when_it_delegates() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, HEIR);
		delegate(1, 1, 1_000);
		assert_eq!(Positions::<Test>::get(1, 1).expect("stakes").class, DELEGATORS);
		undelegate_all(1, 1);
	});
}

#[test]
fn former_owner_should_become_owner_again_when_handed_back() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, HEIR);
		hand_over(1, HEIR, 1);
		assert_eq!(candidate(1).owner, 1);
		assert_eq!((value(1, 1), waiting(1, 1)), (20_000 * CMT, 29_000 * CMT));
		assert_eq!(Dpos::class_stakes(&1), [(ClassId::OWNER, 20_000 * CMT)]);
	});
}

#[test]
fn former_owner_should_take_over_another_candidate_when_offered() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, HEIR);
		hand_over(2, 2, 1);
		assert_eq!(CandidateOf::<Test>::get(1), Some(2));
		assert_eq!(CandidateIdOf::<Test>::convert(1), Some(2));
	});
}

#[test]
fn accept_should_be_refused_when_the_candidate_is_unknown() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 51), Error::<Test>::UnknownCandidate);
	});
}

#[test]
fn accept_should_be_refused_when_not_offered() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), Error::<Test>::NotOffered);
		offer();
		assert_noop!(Dpos::accept_ownership(signed(51), 1), Error::<Test>::NotOffered);
		assert_noop!(Dpos::accept_ownership(signed(1), 1), Error::<Test>::NotOffered);
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 2), Error::<Test>::NotOffered);
	});
}

#[test]
fn accept_should_be_refused_when_accepted_before() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, HEIR);
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), Error::<Test>::NotOffered);
	});
}

#[test]
fn accept_should_be_refused_when_the_candidate_retired() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		retire(1);
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), Error::<Test>::CandidateRetired);
	});
}

#[test]
fn accept_should_be_refused_when_the_heir_declared_in_between() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		assert_ok!(Dpos::declare(signed(HEIR), 100_000 * CMT, MAX_RATE, 10_000 * CMT));
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), Error::<Test>::AlreadyCandidate);
	});
}

#[test]
fn accept_should_be_refused_when_the_balance_is_too_small() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		assert_ok!(Balances::transfer_allow_death(signed(HEIR), 51, ENDOWMENT - 20_000 * CMT));
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), Error::<Test>::InsufficientBalance);
	});
}

#[test]
fn accept_should_be_refused_when_the_heir_has_too_many_positions() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		(2..=5).for_each(|candidate| delegate(HEIR, candidate, 1_000));
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), Error::<Test>::TooManyPositions);
	});
}

#[test]
fn accept_should_be_refused_when_the_old_owner_has_too_many_amounts_waiting() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		assert_ok!(Dpos::update(signed(1), Some(20_000 * CMT), None, None));
		for chunk in 0..crate::MAX_CHUNKS {
			if chunk % 16 == 0 {
				run_full_eras(1);
			}
			UnbondingEras::set(10 + chunk % 16);
			assert_ok!(Dpos::undelegate(signed(1), 1, Some(CMT)));
		}
		UnbondingEras::set(3);
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), Error::<Test>::TooManyChunks);
	});
}

#[test]
fn accept_should_be_refused_when_the_deposit_for_keys_cannot_be_held() {
	ExtBuilder::default().delegation(HEIR, 1, 35_000).build_and_execute(|| {
		offer();
		CannotHoldKeys::mutate(|list| list.insert(HEIR));
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), DispatchError::Other("no deposit"));
	});
}

#[test]
fn accept_should_be_refused_when_the_self_stake_is_no_position() {
	ExtBuilder::default().build_and_execute(|| {
		offer();
		MinDelegation::set(20_000 * CMT + 1);
		assert_noop!(Dpos::accept_ownership(signed(HEIR), 1), Error::<Test>::BelowMinimum);
	});
}

#[test]
fn accept_should_free_the_candidate_when_a_slash_made_the_owners_stake_worthless() {
	ExtBuilder::default().build_and_execute(|| {
		slash(1, Perbill::one(), 0);
		hand_over(1, 1, HEIR);
		assert_eq!(candidate(1).stake, 20_000 * CMT);
		assert_eq!(Positions::<Test>::get(1, 1), None);
	});
}

#[test]
fn keys_should_be_those_of_the_candidate_when_an_owner_sets_them() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(CandidateIdOf::<Test>::convert(1), Some(1));
		hand_over(1, 1, HEIR);
		assert_eq!(CandidateIdOf::<Test>::convert(HEIR), Some(1));
	});
}

#[test]
fn keys_should_be_ones_own_when_an_account_owns_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(CandidateIdOf::<Test>::convert(HEIR), Some(HEIR));
	});
}

/// A former owner manages neither the candidate's keys nor those of any address that can be
/// elected, and never "none", for which the session pallet would fall back to its own address.
#[test]
fn keys_should_be_out_of_reach_when_a_former_owner_sets_or_purges_them() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, HEIR);
		let id = CandidateIdOf::<Test>::convert(1).expect("never none");
		assert_ne!(id, 1);
		assert!(!crate::Candidates::<Test>::contains_key(id));
	});
}
