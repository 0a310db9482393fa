//! Compensation rates: who may change them, and from when on they hold.

use super::{assert_near, at, part};
use crate::{mock::*, Error, Event, RatesLowered, MAX_CLASSES};
use cybermiles_primitives::{
	traits::{RateClasses, StakePools},
	Balance, ClassId, Rate, CMT,
};
use frame_support::{assert_noop, assert_ok};

const TEN: Rate = Rate::from_percent(10);
const TWENTY: Rate = Rate::from_percent(20);

fn rate(who: AccountId) -> Rate {
	position(who, 1).rate
}

/// Delegators 11 and 12 of candidate 1 pay 50 %.
fn delegators() -> ExtBuilder {
	ExtBuilder::default().delegation(11, 1, 10_000).delegation(12, 1, 7_000)
}

#[test]
fn lower_rate_should_change_one_delegators_rate_when_the_owner_calls() {
	delegators().build_and_execute(|| {
		assert_ok!(Compensation::lower_rate(signed(1), 11, TEN));
		assert_eq!((rate(11), rate(12)), (TEN, MAX_RATE));
		assert_eq!(
			events(),
			[Event::RateChanged { candidate: 1, who: 11, from: MAX_RATE, to: TEN }]
		);
		assert_near(value(11, 1), 10_000 * CMT);
	});
}

#[test]
fn lower_rate_should_be_refused_when_it_would_not_lower() {
	delegators().build_and_execute(|| {
		let lower = |who, rate| Compensation::lower_rate(signed(1), who, rate);
		assert_noop!(lower(11, Rate(501)), Error::<Test>::RateRaised);
		assert_noop!(lower(11, MAX_RATE), Error::<Test>::RateUnchanged);
		assert_noop!(lower(50, TEN), Error::<Test>::NotDelegator);
		assert_noop!(lower(1, Rate(0)), Error::<Test>::OwnerPaysNothing);
		assert_noop!(Compensation::lower_rate(signed(2), 11, TEN), Error::<Test>::NotDelegator);
		assert_noop!(Compensation::lower_rate(signed(11), 11, TEN), DposError::NotOwner);
		undelegate_all(12, 1);
		assert_noop!(lower(12, TEN), Error::<Test>::NotDelegator);
		assert_ok!(Dpos::retire(signed(1)));
		assert_noop!(lower(11, TEN), DposError::CandidateRetired);
	});
}

/// What was earned until then pays the old rate, and the next award the new one: to the planck.
#[test]
fn rate_should_hold_from_the_next_award_on_when_lowered() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		let share = |amount: Balance, tenths: Balance| {
			let pools = pools(1);
			let total: Balance = pools.iter().map(|(_, stake)| stake).sum();
			let own = pools.iter().find(|(class, _)| *class != ClassId::OWNER).expect("a class").1;
			at(part(amount, own, total), 1_000 - tenths)
		};
		next_block();
		let first = share(owed(1), 500);
		assert_ok!(Compensation::lower_rate(signed(1), 11, TEN));
		assert_eq!(value(11, 1), 10_000 * CMT + first);
		next_block();
		let second = share(owed(1), 100);
		assert_eq!(value(11, 1), 10_000 * CMT + first + second);
		assert!(second > first * 17 / 10);
	});
}

#[test]
fn lower_all_rates_should_lower_who_pays_more_when_the_owner_calls() {
	delegators().build_and_execute(|| {
		assert_ok!(Compensation::lower_rate(signed(1), 12, Rate(50)));
		events();
		assert_ok!(Compensation::lower_all_rates(signed(1), TEN));
		assert_eq!((rate(11), rate(12)), (TEN, Rate(50)));
		assert_eq!(events(), [Event::RatesLowered { candidate: 1, rate: TEN, classes: 1 }]);
		assert_ok!(Compensation::lower_all_rates(signed(1), Rate(0)));
		assert_eq!((rate(11), rate(12)), (Rate(0), Rate(0)));
	});
}

#[test]
fn lower_all_rates_should_be_refused_when_nobody_pays_more() {
	delegators().build_and_execute(|| {
		let lower_all = |who, rate| Compensation::lower_all_rates(signed(who), rate);
		assert_noop!(lower_all(1, MAX_RATE), Error::<Test>::NothingToLower);
		assert_noop!(lower_all(1, Rate(u16::MAX)), Error::<Test>::NothingToLower);
		assert_noop!(lower_all(2, TEN), Error::<Test>::NothingToLower);
		assert_noop!(lower_all(11, TEN), DposError::NotOwner);
		assert_ok!(lower_all(1, TEN));
		assert_noop!(lower_all(1, TEN), Error::<Test>::NothingToLower);
		assert_noop!(lower_all(1, TWENTY), Error::<Test>::NothingToLower);
		assert_ok!(Dpos::retire(signed(1)));
		assert_noop!(lower_all(1, Rate(1)), DposError::CandidateRetired);
	});
}

#[test]
fn lower_all_rates_should_not_reach_back_when_awards_wait() {
	delegators().build_and_execute(|| {
		next_block();
		let worth = value(11, 1);
		assert_ok!(Compensation::lower_all_rates(signed(1), TEN));
		assert_eq!(value(11, 1), worth);
	});
}

#[test]
fn newcomer_should_pay_what_it_agrees_to_when_others_were_lowered() {
	delegators().build_and_execute(|| {
		assert_ok!(Compensation::lower_all_rates(signed(1), TEN));
		delegate(13, 1, 10_000);
		assert_eq!((rate(11), rate(13)), (TEN, MAX_RATE));
		assert_eq!(Dpos::class_of(&1, &13), Some(ClassId::generation(MAX_RATE, 1)));
		let before = (value(11, 1), value(13, 1));
		next_block();
		let (lowered, newcomer) = (value(11, 1) - before.0, value(13, 1) - before.1);
		assert!((lowered * 5).abs_diff(newcomer * 9) <= 20, "{lowered} {newcomer}");
		// The newcomer's class can be lowered too, and then there is a third.
		assert_ok!(Compensation::lower_all_rates(signed(1), Rate(50)));
		delegate(14, 1, 10_000);
		assert_eq!((rate(11), rate(13), rate(14)), (Rate(50), Rate(50), MAX_RATE));
		assert_eq!(Compensation::class_for(&1, MAX_RATE), ClassId::generation(MAX_RATE, 2));
	});
}

#[test]
fn lowered_rate_should_be_forgotten_when_its_class_empties() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		assert_ok!(Compensation::lower_all_rates(signed(1), TEN));
		undelegate_all(11, 1);
		delegate(12, 1, 5_000);
		assert!(!RatesLowered::<Test>::contains_key(1));
		assert_eq!(Dpos::class_of(&1, &12), Some(DELEGATORS));
		assert_eq!((rate(11), rate(12)), (TEN, MAX_RATE));
	});
}

#[test]
fn accept_rate_should_raise_the_rate_when_the_delegator_wishes() {
	delegators().build_and_execute(|| {
		assert_ok!(Compensation::lower_all_rates(signed(1), TEN));
		events();
		assert_ok!(Compensation::accept_rate(signed(11), 1, TWENTY));
		assert_eq!((rate(11), rate(12)), (TWENTY, TEN));
		let expected = Event::RateChanged { candidate: 1, who: 11, from: TEN, to: TWENTY };
		assert_eq!(events(), [expected]);
		// Its old class pays less than what it is called after.
		assert_ok!(Compensation::accept_rate(signed(11), 1, MAX_RATE));
		assert_eq!((rate(11), rate(12)), (MAX_RATE, TEN));
	});
}

#[test]
fn accept_rate_should_be_refused_when_the_rate_is_not_for_it() {
	delegators().build_and_execute(|| {
		let accept = |who, candidate, rate| Compensation::accept_rate(signed(who), candidate, rate);
		assert_noop!(accept(11, 1, Rate(501)), Error::<Test>::RateAboveMaximum);
		assert_noop!(accept(11, 1, Rate(499)), Error::<Test>::RateLowered);
		assert_noop!(accept(11, 1, MAX_RATE), Error::<Test>::RateUnchanged);
		assert_noop!(accept(50, 1, MAX_RATE), Error::<Test>::NotDelegator);
		assert_noop!(accept(11, 77, MAX_RATE), Error::<Test>::NotDelegator);
		assert_noop!(accept(1, 1, MAX_RATE), Error::<Test>::OwnerPaysNothing);
		assert_ok!(Compensation::lower_rate(signed(1), 11, TEN));
		assert_ok!(Dpos::retire(signed(1)));
		assert_noop!(accept(11, 1, TWENTY), DposError::CandidateRetired);
	});
}

/// Flaw "a rate 'maximum' the owner could raise": neither it, nor any rate by it.
#[test]
fn maximum_should_never_rise_when_the_owner_tries() {
	delegators().build_and_execute(|| {
		let update = |default, max| Dpos::update(signed(1), None, default, max);
		assert_noop!(update(None, Some(Rate(501))), DposError::MaximumRateRaised);
		assert_noop!(update(Some(Rate(501)), None), DposError::RateAboveMaximum);
		assert_ok!(update(None, Some(TWENTY)));
		assert_noop!(update(None, Some(MAX_RATE)), DposError::MaximumRateRaised);
		assert_eq!((rate(11), rate(12)), (TWENTY, TWENTY));
		let accept = Compensation::accept_rate(signed(11), 1, Rate(201));
		assert_eq!(accept, Err(Error::<Test>::RateAboveMaximum.into()));
	});
}

/// Lowering the maximum re-prices the classes above it, from the next award on.
#[test]
fn rates_should_fall_when_the_maximum_does() {
	delegators().build_and_execute(|| {
		next_block();
		let worth = value(11, 1);
		assert_ok!(Dpos::update(signed(1), None, None, Some(TEN)));
		assert_eq!((value(11, 1), rate(11)), (worth, TEN));
		let total: Balance = pools(1).iter().map(|(_, stake)| stake).sum();
		next_block();
		let whole = part(owed(1), worth, total);
		assert!(value(11, 1).abs_diff(worth + at(whole, 900)) <= 2);
		// The classes stay apart, and pay the same.
		delegate(13, 1, 1_000);
		assert_eq!(rate(13), TEN);
		assert_eq!(pools(1).len(), 3);
	});
}

/// A position's rate never rises without the delegator's consent (protocol section 4), whatever the
/// owner does.
#[test]
fn rate_should_not_rise_when_the_owner_does_all_it_can() {
	delegators().build_and_execute(|| {
		assert_ok!(Compensation::lower_rate(signed(1), 11, TEN));
		assert_ok!(Compensation::lower_all_rates(signed(1), TWENTY));
		let paid = || (rate(11), rate(12));
		assert_eq!(paid(), (TEN, TWENTY));
		assert!(Compensation::lower_rate(signed(1), 11, TWENTY).is_err());
		set_default_rate(1, MAX_RATE);
		assert_eq!(paid(), (TEN, TWENTY));
		assert_ok!(Dpos::update(signed(1), None, None, Some(Rate(400))));
		assert_eq!(paid(), (TEN, TWENTY));
		assert_ok!(Dpos::deactivate(signed(1)));
		assert_ok!(Dpos::activate(signed(1)));
		assert_eq!(paid(), (TEN, TWENTY));
		hand_over(1, 1, 60);
		assert_eq!(paid(), (TEN, TWENTY));
		assert!(Compensation::lower_rate(signed(1), 11, Rate(0)).is_err());
		assert!(Compensation::lower_rate(signed(60), 12, Rate(300)).is_err());
		assert_ok!(Dpos::retire(signed(60)));
		assert_eq!(paid(), (TEN, TWENTY));
	});
}

#[test]
fn rate_should_not_rise_when_the_delegator_adds_to_its_stake() {
	delegators().build_and_execute(|| {
		assert_ok!(Compensation::lower_all_rates(signed(1), TEN));
		delegate(11, 1, 5_000);
		assert_eq!(rate(11), TEN);
		assert_eq!(Dpos::class_of(&1, &11), Some(DELEGATORS));
	});
}

#[test]
fn rate_should_not_rise_when_the_delegator_leaves_and_comes_back() {
	delegators().build_and_execute(|| {
		assert_ok!(Compensation::lower_all_rates(signed(1), TEN));
		undelegate_all(11, 1);
		assert_eq!(rate(11), TEN);
		assert_ok!(Dpos::rebond(signed(11), 1, None));
		assert_eq!(rate(11), TEN);
		undelegate_all(11, 1);
		undelegate_all(12, 1);
		// Now the lowered class is gone.
		next_block();
		delegate(13, 1, 1_000);
		assert_ok!(Dpos::rebond(signed(11), 1, None));
		delegate(12, 1, 1_000);
		assert_eq!((rate(11), rate(12), rate(13)), (TEN, TEN, MAX_RATE));
	});
}

/// Who was paid everything is a newcomer.
#[test]
fn rate_should_be_the_default_when_a_new_position_is_opened() {
	delegators().build_and_execute(|| {
		assert_ok!(Compensation::lower_all_rates(signed(1), TEN));
		undelegate_all(11, 1);
		run_eras(3);
		delegate(11, 1, 1_000);
		assert_eq!(rate(11), MAX_RATE);
	});
}

#[test]
fn heir_should_pay_nothing_when_it_was_a_delegator() {
	delegators().build_and_execute(|| {
		assert_ok!(Compensation::lower_all_rates(signed(1), TEN));
		hand_over(1, 1, 11);
		assert_eq!((rate(11), rate(12)), (Rate(0), TEN));
		assert_noop!(
			Compensation::accept_rate(signed(11), 1, TEN),
			Error::<Test>::OwnerPaysNothing
		);
		// The former owner comes back as a delegator like others.
		assert_ok!(Dpos::rebond(signed(1), 1, None));
		assert_eq!(rate(1), MAX_RATE);
	});
}

#[test]
fn class_should_be_refused_when_there_are_sixteen() {
	ExtBuilder::default().build_and_execute(|| {
		for class in 0..MAX_CLASSES as u16 {
			set_default_rate(1, Rate(100 + class));
			delegate(20 + AccountId::from(class), 1, 2_000);
		}
		delegate(50, 1, 2_000);
		let full = || DposError::TooManyClasses;
		assert_noop!(Compensation::lower_rate(signed(1), 50, Rate(1)), full());
		assert_noop!(Compensation::accept_rate(signed(50), 1, Rate(300)), full());
		// Lowering all needs no class.
		assert_ok!(Compensation::lower_all_rates(signed(1), Rate(50)));
		assert_eq!(RatesLowered::<Test>::get(1).len(), 16);
		set_default_rate(1, Rate(100));
		assert_noop!(Dpos::delegate(signed(51), 1, 2_000 * CMT), full());
		// An emptied class makes room.
		undelegate_all(20, 1);
		delegate(51, 1, 2_000);
		assert_eq!((rate(50), rate(51)), (Rate(50), Rate(100)));
		run_sessions(2);
	});
}

#[test]
fn rate_should_be_refused_when_its_class_is_worthless() {
	delegators().build_and_execute(|| {
		assert_ok!(Compensation::lower_rate(signed(1), 12, TEN));
		slash(1, sp_runtime::Perbill::one());
		set_default_rate(1, TWENTY);
		delegate(13, 1, 1_000);
		assert_noop!(Compensation::lower_rate(signed(1), 13, TEN), DposError::PoolWorthless);
		assert_ok!(Compensation::lower_rate(signed(1), 13, Rate(99)));
	});
}

/// Rates out of a hundred per cent cannot be asked for by any call.
///
/// Flaw "rates as unlimited fractions (theft, halt)".
#[test]
fn rate_should_be_refused_when_it_is_above_one_hundred_per_cent() {
	delegators().build_and_execute(|| {
		for rate in [Rate(1_001), Rate(u16::MAX)] {
			assert!(Compensation::lower_rate(signed(1), 11, rate).is_err());
			assert!(Compensation::accept_rate(signed(11), 1, rate).is_err());
			assert!(Compensation::lower_all_rates(signed(1), rate).is_err());
			assert!(Dpos::update(signed(1), None, Some(rate), None).is_err());
		}
		run_sessions(1);
		let award = Compensation::session_awards(0).into_iter().find(|seat| seat.candidate == 1);
		let award = award.expect("sat");
		assert!(award.compensation < award.award / 2);
	});
}
