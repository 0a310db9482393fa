//! What a position earned and how it is paid, and the class in which it earns.

use crate::{mock::*, Error, PoolsOf, Position, Positions, MAX_CLASSES};
use cybermiles_primitives::{traits::StakePools, ClassId, Rate, CMT};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Perbill};

const TENTH: ClassId = ClassId::agreed_at(Rate(1));

/// 11 has 10,000 CMT behind candidate 1, 12 has 5,000, and their class was awarded 1,500.
fn awarded(test: impl FnOnce()) {
	let builder = ExtBuilder::default().delegation(11, 1, 10_000).delegation(12, 1, 5_000);
	builder.build_and_execute(|| {
		assert_ok!(award(1, DELEGATORS, 1_500 * CMT));
		test()
	});
}

fn class_of(who: AccountId) -> Option<ClassId> {
	Dpos::class_of(&1, &who)
}

fn stored(who: AccountId) -> Position {
	Positions::<Test>::get(1, who).expect("a position")
}

#[test]
fn pay_earned_should_pay_what_is_above_the_principal_when_asked() {
	awarded(|| {
		let before = free(11);
		Announced::take();
		assert_eq!(Dpos::pay_earned(&1, &11), Ok(1_000 * CMT));
		assert_eq!(free(11), before + 1_000 * CMT);
		let position = stored(11);
		assert_eq!(position.principal, 10_000 * CMT);
		assert!(10_000 * CMT - value(11, 1) <= 1 && position.chunks.is_empty());
		assert_eq!(value(12, 1), 5_500 * CMT);
		assert_eq!(Announced::get()[0], 1);
	});
}

#[test]
fn pay_earned_should_be_refused_when_there_is_nothing_to_pay() {
	awarded(|| {
		assert_ok!(Dpos::pay_earned(&1, &11));
		assert_noop!(Dpos::pay_earned(&1, &11), Error::<Test>::NothingEarned);
		assert_noop!(Dpos::pay_earned(&1, &50), Error::<Test>::NotDelegator);
		assert_noop!(Dpos::pay_earned(&77, &11), Error::<Test>::UnknownCandidate);
		undelegate_all(12, 1);
		assert_noop!(Dpos::pay_earned(&1, &12), Error::<Test>::NotDelegator);
		retire(1);
		assert_noop!(Dpos::pay_earned(&1, &11), Error::<Test>::CandidateRetired);
	});
}

#[test]
fn pay_earned_should_be_refused_when_payouts_are_paused() {
	awarded(|| {
		PayoutsPaused::set(true);
		assert_noop!(Dpos::pay_earned(&1, &11), DispatchError::Other("paused"));
	});
}

#[test]
fn pay_earned_should_leave_what_the_terms_demand_when_the_owner_is_paid() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(award(1, ClassId::OWNER, 1_000 * CMT));
		// 29,500 CMT are demanded of the 30,000.
		assert_ok!(Dpos::update(signed(1), Some(295_000 * CMT), None, None));
		assert_eq!(Dpos::positions(1)[0].earned, 500 * CMT);
		assert_eq!(Dpos::pay_earned(&1, &1), Ok(500 * CMT));
		assert!(PoolsOf::<Test>::get(1).self_stake() >= 29_500 * CMT);
	});
}

/// Where awards lifted the candidate above its maximum, its owner's part of that stays too.
#[test]
fn pay_earned_should_leave_the_owners_part_of_all_stake_when_that_is_above_the_maximum() {
	ExtBuilder::default().delegation(11, 1, 171_000).build_and_execute(|| {
		assert_ok!(award(1, ClassId::OWNER, 1_000 * CMT));
		assert_ok!(award(1, DELEGATORS, 94_500 * CMT));
		// 29,500 CMT are a tenth of them and of the 265,500 of the others.
		assert_eq!(Dpos::positions(1)[0].earned, 500 * CMT);
		assert_eq!(Dpos::pay_earned(&1, &1), Ok(500 * CMT));
		assert_eq!(PoolsOf::<Test>::get(1).self_stake(), 29_500 * CMT);
		assert_noop!(Dpos::pay_earned(&1, &1), Error::<Test>::NothingEarned);
	});
}

/// Takes out of the position of 11 its principal, so that all that is left was earned.
fn take_principal_out() {
	MinDelegation::set(1);
	undelegate(11, 1, 10_000);
	assert_eq!(stored(11).principal, 0);
}

#[test]
fn pay_earned_should_take_all_shares_when_all_was_earned() {
	awarded(|| {
		take_principal_out();
		let worth = value(11, 1);
		assert!(1_000 * CMT - worth <= 1);
		assert_eq!(Dpos::pay_earned(&1, &11), Ok(worth));
		let position = stored(11);
		assert_eq!((position.shares, position.chunks.len()), (0, 1));
		assert_noop!(Dpos::pay_earned(&1, &11), Error::<Test>::NotDelegator);
		run_eras(2);
		assert!(listed(11).is_empty());
	});
}

/// The class may be forgotten with its lowered rate as soon as it is empty.
#[test]
fn pay_earned_should_note_the_lowered_rate_when_all_was_earned() {
	awarded(|| {
		take_principal_out();
		LoweredRate::set(100);
		assert_ok!(Dpos::pay_earned(&1, &11));
		LoweredRate::set(1_000);
		assert_eq!(stored(11).class, ClassId::agreed_at(Rate(100)));
		rebond_all(11, 1);
		assert_eq!(Dpos::positions(11)[0].rate, Rate(100));
	});
}

#[test]
fn class_should_bear_the_lowered_rate_when_a_position_is_left() {
	awarded(|| {
		LoweredRate::set(100);
		undelegate_all(11, 1);
		LoweredRate::set(1_000);
		assert_eq!(stored(11).class, ClassId::agreed_at(Rate(100)));
		rebond_all(11, 1);
		assert_eq!(class_of(11), Some(ClassId::agreed_at(Rate(100))));
		delegate(12, 1, 1_000);
		assert_eq!(class_of(12), Some(DELEGATORS));
	});
}

#[test]
fn class_should_stay_when_a_position_is_left_in_part() {
	awarded(|| {
		LoweredRate::set(100);
		undelegate(11, 1, 2_000);
		LoweredRate::set(1_000);
		assert_eq!(class_of(11), Some(DELEGATORS));
	});
}

#[test]
fn class_should_be_none_when_nothing_is_bonded() {
	awarded(|| {
		assert_eq!((class_of(11), class_of(1)), (Some(DELEGATORS), Some(ClassId::OWNER)));
		undelegate_all(11, 1);
		assert_eq!((class_of(11), class_of(50)), (None, None));
	});
}

#[test]
fn move_to_class_should_take_all_stake_along_when_asked() {
	awarded(|| {
		let (stake, principal) = (candidate(1).stake, stored(11).principal);
		Announced::take();
		assert_ok!(Dpos::move_to_class(&1, &11, TENTH));
		assert_eq!((class_of(11), class_of(12)), (Some(TENTH), Some(DELEGATORS)));
		assert!(11_000 * CMT - value(11, 1) <= 1);
		assert_eq!((candidate(1).stake, stored(11).principal), (stake, principal));
		assert_eq!(Announced::get()[0], 1);
		// Nobody is left to share with.
		assert_ok!(Dpos::move_to_class(&1, &12, TENTH));
		assert_eq!(Dpos::class_stakes(&1).len(), 2);
		assert!(value(12, 1) + value(11, 1) + 2 >= 16_500 * CMT);
	});
}

#[test]
fn move_to_class_should_change_nothing_when_it_is_the_same_class() {
	awarded(|| {
		let position = stored(11);
		assert_ok!(Dpos::move_to_class(&1, &11, DELEGATORS));
		assert_eq!(stored(11), position);
	});
}

#[test]
fn move_to_class_should_be_refused_when_there_is_nothing_to_move() {
	awarded(|| {
		assert_noop!(Dpos::move_to_class(&1, &50, TENTH), Error::<Test>::NotDelegator);
		assert_noop!(Dpos::move_to_class(&77, &11, TENTH), Error::<Test>::UnknownCandidate);
		undelegate_all(12, 1);
		assert_noop!(Dpos::move_to_class(&1, &12, TENTH), Error::<Test>::NotDelegator);
		retire(1);
		assert_noop!(Dpos::move_to_class(&1, &11, TENTH), Error::<Test>::CandidateRetired);
	});
}

#[test]
fn move_to_class_should_be_refused_when_the_class_is_one_too_many() {
	ExtBuilder::default().build_and_execute(|| {
		for class in 0..MAX_CLASSES as u16 {
			assert_ok!(Dpos::update(signed(1), None, Some(Rate(class)), None));
			delegate(20 + AccountId::from(class), 1, 1_000);
		}
		delegate(35, 1, 1_000);
		delegate(50, 1, 1_000);
		assert_noop!(Dpos::move_to_class(&1, &50, DELEGATORS), Error::<Test>::TooManyClasses);
		// Who is alone in its class leaves its place free.
		assert_ok!(Dpos::move_to_class(&1, &20, DELEGATORS));
	});
}

#[test]
fn move_to_class_should_be_refused_when_the_class_is_worthless() {
	awarded(|| {
		assert_ok!(Dpos::move_to_class(&1, &12, TENTH));
		slash(1, Perbill::one(), 0);
		assert_ok!(Dpos::update(signed(1), None, Some(Rate(2)), None));
		delegate(13, 1, 1_000);
		assert_noop!(Dpos::move_to_class(&1, &13, TENTH), Error::<Test>::PoolWorthless);
	});
}

#[test]
fn add_to_classes_should_add_to_none_when_one_cannot_take_it() {
	awarded(|| {
		let awards = [(DELEGATORS, CMT), (TENTH, CMT)];
		assert_noop!(Dpos::add_to_classes(&1, &awards), Error::<Test>::PoolWorthless);
	});
}

#[test]
fn withdraw_should_be_refused_when_payouts_are_paused() {
	awarded(|| {
		undelegate_all(11, 1);
		run_full_eras(2);
		PayoutsPaused::set(true);
		let withdraw = Dpos::withdraw_unbonded(signed(50), 11);
		assert_noop!(withdraw, DispatchError::Other("paused"));
		PayoutsPaused::set(false);
		assert_ok!(Dpos::withdraw_unbonded(signed(50), 11));
	});
}

#[test]
fn payment_should_wait_when_payouts_are_paused() {
	awarded(|| {
		undelegate_all(11, 1);
		let before = free(11);
		PayoutsPaused::set(true);
		run_eras(3);
		assert_eq!(free(11), before);
		PayoutsPaused::set(false);
		run_to_block(System::block_number() + 1);
		assert_eq!(free(11), before + 11_000 * CMT);
	});
}

/// Others forget what they noted of a candidate when it has no pools any more.
#[test]
fn others_should_be_told_when_a_candidate_is_forgotten() {
	ExtBuilder::default().build_and_execute(|| {
		retire(6);
		Announced::take();
		run_eras(2);
		assert!(crate::Candidates::<Test>::get(6).is_none());
		assert_eq!(Announced::get().last(), Some(&6));
	});
}
