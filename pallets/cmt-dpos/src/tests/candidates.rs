//! declare, update, activate, deactivate.

use crate::{mock::*, Candidate, CandidateOf, Candidates, Error, Event, Reason, Status, Terms};
use cybermiles_primitives::{ClassId, Rate, CMT};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Perbill};

/// An account with keys and CMT, and without a candidate.
const NEWCOMER: AccountId = 21;

fn declare(max_cmt: u128, self_cmt: u128) {
	assert_ok!(Dpos::declare(signed(NEWCOMER), max_cmt * CMT, MAX_RATE, self_cmt * CMT));
}

#[test]
fn declare_should_enter_the_candidate_when_all_is_in_order() {
	ExtBuilder::default().build_and_execute(|| {
		let (max_stake, max_rate) = (100_000 * CMT, Rate(155));
		assert_ok!(Dpos::declare(signed(NEWCOMER), max_stake, max_rate, 10_000 * CMT));
		let expected = Candidate {
			owner: NEWCOMER,
			order: 6,
			stake: 10_000 * CMT,
			status: Status::Active,
			terms: Terms { max_stake, max_rate, default_rate: max_rate },
			positions: 1,
		};
		assert_eq!(candidate(NEWCOMER), expected);
		assert_eq!(CandidateOf::<Test>::get(NEWCOMER), Some(NEWCOMER));
		assert_eq!(ranking(), [1, 2, 3, 4, 5, 6, NEWCOMER]);
	});
}

#[test]
fn declare_should_lock_the_self_stake_when_accepted() {
	ExtBuilder::default().build_and_execute(|| {
		let escrow = free(Dpos::escrow());
		declare(100_000, 12_345);
		assert_eq!(free(NEWCOMER), ENDOWMENT - 12_345 * CMT);
		assert_eq!(free(Dpos::escrow()), escrow + 12_345 * CMT);
		assert_eq!(value(NEWCOMER, NEWCOMER), 12_345 * CMT);
	});
}

#[test]
fn declare_should_report_the_candidate_and_its_stake_when_accepted() {
	ExtBuilder::default().build_and_execute(|| {
		declare(100_000, 12_345);
		let self_stake = 12_345 * CMT;
		let declared = Event::CandidateDeclared {
			candidate: NEWCOMER,
			max_stake: 100_000 * CMT,
			max_rate: MAX_RATE,
			self_stake,
		};
		let delegated = Event::Delegated { candidate: NEWCOMER, who: NEWCOMER, amount: self_stake };
		assert_eq!(events(), [declared, delegated]);
	});
}

#[test]
fn declare_should_be_accepted_when_each_value_is_at_its_limit() {
	ExtBuilder::default().build_and_execute(|| {
		let floor = MinMaxStake::get();
		assert_ok!(Dpos::declare(signed(21), floor, Rate(0), floor / 10));
		assert_ok!(Dpos::declare(signed(22), floor, Rate(1_000), floor));
		let most = ENDOWMENT - 1;
		assert_ok!(Dpos::declare(signed(23), most * 10, Rate(1), most));
	});
}

#[test]
fn declare_should_be_refused_when_the_account_owns_a_candidate() {
	ExtBuilder::default().build_and_execute(|| {
		let again = |who| Dpos::declare(signed(who), 100_000 * CMT, MAX_RATE, 10_000 * CMT);
		assert_noop!(again(1), Error::<Test>::AlreadyCandidate);
		hand_over(1, 1, NEWCOMER);
		assert_noop!(again(NEWCOMER), Error::<Test>::AlreadyCandidate);
		retire(2);
		assert_noop!(again(2), Error::<Test>::AlreadyCandidate);
	});
}

#[test]
fn declare_should_be_refused_when_the_address_names_a_candidate_that_was_handed_over() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, NEWCOMER);
		assert_noop!(
			Dpos::declare(signed(1), 100_000 * CMT, MAX_RATE, 10_000 * CMT),
			Error::<Test>::AddressNamesCandidate
		);
	});
}

#[test]
fn declare_should_be_refused_when_the_rate_is_above_all() {
	ExtBuilder::default().build_and_execute(|| {
		for rate in [1_001, u16::MAX] {
			assert_noop!(
				Dpos::declare(signed(NEWCOMER), 100_000 * CMT, Rate(rate), 10_000 * CMT),
				Error::<Test>::RateOutOfRange
			);
		}
	});
}

#[test]
fn declare_should_be_refused_when_the_maximum_is_below_the_floor() {
	ExtBuilder::default().build_and_execute(|| {
		for max in [0, 1, MinMaxStake::get() - 1] {
			assert_noop!(
				Dpos::declare(signed(NEWCOMER), max, MAX_RATE, max),
				Error::<Test>::MaximumTooLow
			);
		}
	});
}

#[test]
fn declare_should_be_refused_when_there_are_no_session_keys() {
	ExtBuilder::default().build_and_execute(|| {
		Keyless::mutate(|keyless| keyless.insert(NEWCOMER));
		assert_noop!(
			Dpos::declare(signed(NEWCOMER), 100_000 * CMT, MAX_RATE, 10_000 * CMT),
			Error::<Test>::NoSessionKeys
		);
	});
}

#[test]
fn declare_should_be_refused_when_the_self_stake_is_too_low() {
	ExtBuilder::default().build_and_execute(|| {
		for own in [0, 1, 10_000 * CMT - 1] {
			assert_noop!(
				Dpos::declare(signed(NEWCOMER), 100_000 * CMT, MAX_RATE, own),
				Error::<Test>::SelfStakeTooLow
			);
		}
	});
}

#[test]
fn declare_should_be_refused_when_the_self_stake_is_no_position() {
	ExtBuilder::default().build_and_execute(|| {
		MinDelegation::set(10_000 * CMT + 1);
		assert_noop!(
			Dpos::declare(signed(NEWCOMER), 100_000 * CMT, MAX_RATE, 10_000 * CMT),
			Error::<Test>::BelowMinimum
		);
	});
}

#[test]
fn declare_should_be_refused_when_the_self_stake_exceeds_the_maximum() {
	ExtBuilder::default().build_and_execute(|| {
		for own in [100_000 * CMT + 1, u128::MAX] {
			assert_noop!(
				Dpos::declare(signed(NEWCOMER), 100_000 * CMT, MAX_RATE, own),
				Error::<Test>::ExceedsMaximum
			);
		}
	});
}

#[test]
fn declare_should_be_refused_when_the_balance_is_too_small() {
	ExtBuilder::default().build_and_execute(|| {
		for own in [ENDOWMENT, ENDOWMENT + 1, u128::MAX] {
			assert_noop!(
				Dpos::declare(signed(NEWCOMER), own, MAX_RATE, own),
				Error::<Test>::InsufficientBalance
			);
		}
	});
}

#[test]
fn declare_should_be_refused_when_the_account_has_too_many_positions() {
	ExtBuilder::default().build_and_execute(|| {
		(1..=4).for_each(|candidate| delegate(NEWCOMER, candidate, 1_000));
		assert_noop!(
			Dpos::declare(signed(NEWCOMER), 100_000 * CMT, MAX_RATE, 10_000 * CMT),
			Error::<Test>::TooManyPositions
		);
	});
}

#[test]
fn every_call_should_be_refused_when_it_is_not_signed() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			let o = || origin.clone();
			let bad = DispatchError::BadOrigin;
			assert_noop!(Dpos::declare(o(), 100_000 * CMT, MAX_RATE, 10_000 * CMT), bad);
			assert_noop!(Dpos::update(o(), None, Some(Rate(1)), None), bad);
			assert_noop!(Dpos::activate(o()), bad);
			assert_noop!(Dpos::deactivate(o()), bad);
			assert_noop!(Dpos::retire(o()), bad);
			assert_noop!(Dpos::offer_ownership(o(), None), bad);
			assert_noop!(Dpos::accept_ownership(o(), 1), bad);
			assert_noop!(Dpos::delegate(o(), 1, 1_000 * CMT), bad);
			assert_noop!(Dpos::undelegate(o(), 1, None), bad);
			assert_noop!(Dpos::rebond(o(), 1, None), bad);
			assert_noop!(Dpos::withdraw_unbonded(o(), 1), bad);
		}
	});
}

#[test]
fn owner_calls_should_be_refused_when_the_caller_owns_no_candidate() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		hand_over(2, 2, NEWCOMER);
		// A stranger, a delegator, and a former owner.
		for who in [50, 11, 2] {
			let not_owner = Error::<Test>::NotOwner;
			assert_noop!(Dpos::update(signed(who), Some(300_000 * CMT), None, None), not_owner);
			let not_owner = Error::<Test>::NotOwner;
			assert_noop!(Dpos::activate(signed(who)), not_owner);
			assert_noop!(Dpos::deactivate(signed(who)), Error::<Test>::NotOwner);
			assert_noop!(Dpos::retire(signed(who)), Error::<Test>::NotOwner);
			assert_noop!(Dpos::offer_ownership(signed(who), Some(51)), Error::<Test>::NotOwner);
		}
	});
}

#[test]
fn owner_calls_should_be_refused_when_the_candidate_retired() {
	ExtBuilder::default().build_and_execute(|| {
		retire(6);
		let update = Dpos::update(signed(6), Some(300_000 * CMT), None, None);
		assert_noop!(update, Error::<Test>::CandidateRetired);
		assert_noop!(Dpos::activate(signed(6)), Error::<Test>::CandidateRetired);
		assert_noop!(Dpos::deactivate(signed(6)), Error::<Test>::CandidateRetired);
		assert_noop!(Dpos::retire(signed(6)), Error::<Test>::CandidateRetired);
		assert_noop!(Dpos::offer_ownership(signed(6), Some(51)), Error::<Test>::CandidateRetired);
		assert_noop!(Dpos::offer_ownership(signed(6), None), Error::<Test>::CandidateRetired);
	});
}

#[test]
fn update_should_change_all_terms_when_all_are_named() {
	ExtBuilder::default().build_and_execute(|| {
		let terms =
			Terms { max_stake: 150_000 * CMT, max_rate: Rate(400), default_rate: Rate(123) };
		assert_ok!(Dpos::update(
			signed(1),
			Some(terms.max_stake),
			Some(terms.default_rate),
			Some(terms.max_rate)
		));
		assert_eq!(candidate(1).terms, terms);
		let Terms { max_stake, max_rate, default_rate } = terms;
		let updated = Event::CandidateUpdated { candidate: 1, max_stake, max_rate, default_rate };
		assert_eq!(events(), [updated]);
	});
}

#[test]
fn update_should_leave_the_other_terms_when_one_is_named() {
	ExtBuilder::default().build_and_execute(|| {
		let before = candidate(1).terms;
		assert_ok!(Dpos::update(signed(1), Some(150_000 * CMT), None, None));
		assert_eq!(candidate(1).terms, Terms { max_stake: 150_000 * CMT, ..before });
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(7)), None));
		let expected =
			Terms { max_stake: 150_000 * CMT, default_rate: Rate(7), max_rate: MAX_RATE };
		assert_eq!(candidate(1).terms, expected);
	});
}

#[test]
fn update_should_take_the_default_rate_along_when_the_maximum_rate_falls_below_it() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Dpos::update(signed(1), None, None, Some(Rate(300))));
		let terms = candidate(1).terms;
		assert_eq!((terms.max_rate, terms.default_rate), (Rate(300), Rate(300)));
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(100)), None));
		assert_ok!(Dpos::update(signed(1), None, None, Some(Rate(200))));
		let terms = candidate(1).terms;
		assert_eq!((terms.max_rate, terms.default_rate), (Rate(200), Rate(100)));
	});
}

#[test]
fn update_should_take_the_missing_self_stake_when_it_raises_the_maximum() {
	ExtBuilder::default().build_and_execute(|| {
		let before = free(6);
		assert_ok!(Dpos::update(signed(6), Some(300_000 * CMT), None, None));
		assert_eq!(free(6), before - 6_000 * CMT);
		assert_eq!(value(6, 6), 30_000 * CMT);
		let added = Event::Delegated { candidate: 6, who: 6, amount: 6_000 * CMT };
		let updated = Event::CandidateUpdated {
			candidate: 6,
			max_stake: 300_000 * CMT,
			max_rate: MAX_RATE,
			default_rate: MAX_RATE,
		};
		assert_eq!(events(), [added, updated]);
	});
}

#[test]
fn update_should_take_nothing_when_the_self_stake_suffices() {
	ExtBuilder::default().build_and_execute(|| {
		let before = free(6);
		assert_ok!(Dpos::update(signed(6), Some(240_000 * CMT), None, None));
		assert_eq!(free(6), before);
	});
}

/// The self-stake that new terms demand counts even where others have filled the candidate.
#[test]
fn update_should_let_the_top_up_pass_the_maximum_when_others_have_filled_it() {
	ExtBuilder::default().delegation(11, 6, 176_000).build_and_execute(|| {
		assert_ok!(award(6, DELEGATORS, 100_000 * CMT));
		assert_ok!(Dpos::update(signed(6), Some(250_000 * CMT), None, None));
		assert_eq!(candidate(6).stake, 301_000 * CMT);
		assert_eq!(value(6, 6), 25_000 * CMT);
	});
}

#[test]
fn update_should_only_stop_new_delegations_when_it_lowers_the_maximum_below_the_stake() {
	ExtBuilder::default().delegation(11, 1, 100_000).build_and_execute(|| {
		assert_ok!(Dpos::update(signed(1), Some(50_000 * CMT), None, None));
		assert_eq!(candidate(1).stake, 129_000 * CMT);
		assert_eq!(ranking()[0], 1);
		assert_noop!(Dpos::delegate(signed(12), 1, 1_000 * CMT), Error::<Test>::ExceedsMaximum);
		assert_ok!(Dpos::undelegate(signed(11), 1, None));
		assert_ok!(Dpos::delegate(signed(12), 1, 1_000 * CMT));
	});
}

#[test]
fn update_should_free_self_stake_when_it_lowers_the_maximum_and_others_have_no_more_than_that() {
	ExtBuilder::default().delegation(11, 1, 171_000).build_and_execute(|| {
		let owner_leaves = || Dpos::undelegate(signed(1), 1, Some(10_000 * CMT));
		assert_noop!(owner_leaves(), Error::<Test>::SelfStakeTooLow);
		assert_ok!(Dpos::update(signed(1), Some(190_000 * CMT), None, None));
		assert_ok!(owner_leaves());
	});
}

#[test]
fn update_should_work_when_the_candidate_stands_aside() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(1);
		assert_ok!(Dpos::update(signed(1), Some(300_000 * CMT), None, None));
		assert_eq!(candidate(1).status, Status::Inactive);
		assert!(!ranking().contains(&1));
	});
}

#[test]
fn update_should_be_refused_when_it_names_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		let nothing = Dpos::update(signed(1), None, None, None);
		assert_noop!(nothing, Error::<Test>::NothingToUpdate);
	});
}

#[test]
fn update_should_be_refused_when_the_maximum_is_below_the_floor() {
	ExtBuilder::default().build_and_execute(|| {
		for max in [0, 1, MinMaxStake::get() - 1] {
			assert_noop!(
				Dpos::update(signed(1), Some(max), None, None),
				Error::<Test>::MaximumTooLow
			);
		}
	});
}

#[test]
fn update_should_be_refused_when_a_rate_is_above_all() {
	ExtBuilder::default().build_and_execute(|| {
		for rate in [Rate(1_001), Rate(u16::MAX)] {
			let default = Dpos::update(signed(1), None, Some(rate), None);
			assert_noop!(default, Error::<Test>::RateOutOfRange);
			let max = Dpos::update(signed(1), None, None, Some(rate));
			assert_noop!(max, Error::<Test>::RateOutOfRange);
		}
	});
}

#[test]
fn update_should_be_refused_when_the_default_rate_is_above_the_maximum() {
	ExtBuilder::default().build_and_execute(|| {
		let above = Dpos::update(signed(1), None, Some(Rate(501)), None);
		assert_noop!(above, Error::<Test>::RateAboveMaximum);
		let above_new = Dpos::update(signed(1), None, Some(Rate(401)), Some(Rate(400)));
		assert_noop!(above_new, Error::<Test>::RateAboveMaximum);
	});
}

#[test]
fn update_should_be_refused_when_the_top_up_is_more_than_the_owner_has() {
	ExtBuilder::default().build_and_execute(|| {
		for max in [10 * ENDOWMENT, u128::MAX] {
			assert_noop!(
				Dpos::update(signed(1), Some(max), None, None),
				Error::<Test>::InsufficientBalance
			);
		}
	});
}

#[test]
fn update_should_be_refused_when_the_top_up_meets_a_worthless_pool() {
	ExtBuilder::default().build_and_execute(|| {
		slash(1, Perbill::one(), 0);
		assert_noop!(
			Dpos::update(signed(1), Some(300_000 * CMT), None, None),
			Error::<Test>::PoolWorthless
		);
	});
}

#[test]
fn update_should_announce_the_change_when_only_a_rate_changes() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(1)), None));
		assert_eq!(Announced::get(), [1]);
	});
}

#[test]
fn deactivate_should_stand_aside_with_all_stake_when_active() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		deactivate(1);
		assert_eq!(candidate(1).status, Status::Inactive);
		assert_eq!(candidate(1).stake, 34_000 * CMT);
		assert_eq!(ranking(), [2, 3, 4, 5, 6]);
		let reason = Reason::Wish;
		assert_eq!(events(), [Event::CandidateDeactivated { candidate: 1, reason }]);
	});
}

#[test]
fn deactivate_should_be_refused_when_inactive() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(1);
		assert_noop!(Dpos::deactivate(signed(1)), Error::<Test>::AlreadyInactive);
	});
}

#[test]
fn stake_should_come_and_go_when_the_candidate_stands_aside() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		deactivate(1);
		delegate(12, 1, 2_000);
		undelegate(11, 1, 1_000);
		rebond_all(11, 1);
		assert_eq!(candidate(1).stake, 36_000 * CMT);
		assert!(!ranking().contains(&1));
	});
}

#[test]
fn activate_should_stand_again_with_the_stake_of_now_when_inactive() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(6);
		delegate(11, 6, 50_000);
		events();
		assert_ok!(Dpos::activate(signed(6)));
		assert_eq!(candidate(6).status, Status::Active);
		assert_eq!(ranking(), [6, 1, 2, 3, 4, 5]);
		assert_eq!(events(), [Event::CandidateActivated { candidate: 6 }]);
	});
}

#[test]
fn activate_should_be_refused_when_active() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(Dpos::activate(signed(1)), Error::<Test>::AlreadyActive);
	});
}

#[test]
fn activate_should_be_refused_when_there_are_no_session_keys() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(1);
		Keyless::mutate(|keyless| keyless.insert(1));
		assert_noop!(Dpos::activate(signed(1)), Error::<Test>::NoSessionKeys);
	});
}

#[test]
fn activate_should_be_refused_when_the_self_stake_is_too_low() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(6);
		slash(6, Perbill::from_percent(20), 0);
		assert_noop!(Dpos::activate(signed(6)), Error::<Test>::SelfStakeTooLow);
		delegate(6, 6, 800);
		assert_ok!(Dpos::activate(signed(6)));
	});
}

/// Flaw of the first chain: a slashed validator could reactivate itself in the next block.
#[test]
fn activate_should_be_refused_with_the_reason_when_jailed() {
	ExtBuilder::default().build_and_execute(|| {
		deactivate(1);
		Jailed::mutate(|jailed| jailed.insert(1));
		assert_noop!(Dpos::activate(signed(1)), DispatchError::Other("jailed"));
		Jailed::take();
		assert_ok!(Dpos::activate(signed(1)));
	});
}

#[test]
fn candidates_should_rank_by_age_when_their_stakes_are_equal() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Dpos::declare(signed(22), 100_000 * CMT, MAX_RATE, 28_000 * CMT));
		assert_ok!(Dpos::declare(signed(21), 100_000 * CMT, MAX_RATE, 28_000 * CMT));
		assert_eq!(ranking(), [1, 2, 22, 21, 3, 4, 5, 6]);
		assert_eq!(Candidates::<Test>::iter().count(), 8);
	});
}

#[test]
fn owner_should_be_in_a_class_of_its_own_when_it_declares() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		use cybermiles_primitives::traits::StakePools;
		let expected = [(DELEGATORS, 5_000 * CMT), (ClassId::OWNER, 29_000 * CMT)];
		assert_eq!(Dpos::class_stakes(&1), expected);
	});
}
