//! harvest: what was earned leaves at once, and nothing more.

use super::assert_near;
use crate::{mock::*, Error, Event, PayoutsPaused};
use cybermiles_primitives::{Rate, CMT};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::Perbill;

fn delegators() -> ExtBuilder {
	ExtBuilder::default().delegation(11, 1, 10_000).delegation(12, 1, 7_000)
}

#[test]
fn harvest_should_pay_what_could_be_read_when_awards_wait() {
	delegators().build_and_execute(|| {
		run_sessions(1);
		run_blocks(2);
		let (before, earned) = (free(11), position(11, 1).earned);
		events();
		assert!(earned > 0 && owed(1) > 0);
		assert_ok!(Compensation::harvest(signed(11), 1));
		assert_eq!(free(11), before + earned);
		assert_eq!(events(), [Event::Harvested { candidate: 1, who: 11, amount: earned }]);
	});
}

#[test]
fn harvest_should_leave_the_principal_bonded_when_paid() {
	delegators().build_and_execute(|| {
		run_blocks(3);
		let other = value(12, 1);
		assert_ok!(Compensation::harvest(signed(11), 1));
		let left = position(11, 1);
		assert_eq!((left.principal, left.earned), (10_000 * CMT, 0));
		assert_near(left.value, 10_000 * CMT);
		assert_near(value(12, 1), other);
		assert!(value(12, 1) >= other);
	});
}

#[test]
fn harvest_should_be_refused_when_nothing_was_earned() {
	delegators().build_and_execute(|| {
		assert_noop!(Compensation::harvest(signed(11), 1), DposError::NothingEarned);
		run_blocks(1);
		assert_ok!(Compensation::harvest(signed(11), 1));
		assert_noop!(Compensation::harvest(signed(11), 1), DposError::NothingEarned);
	});
}

#[test]
fn harvest_should_be_refused_when_there_is_no_such_position_or_candidate() {
	delegators().build_and_execute(|| {
		assert_noop!(Compensation::harvest(signed(50), 1), DposError::NotDelegator);
		assert_noop!(Compensation::harvest(signed(11), 77), DposError::UnknownCandidate);
		undelegate_all(11, 1);
		assert_noop!(Compensation::harvest(signed(11), 1), DposError::NotDelegator);
		assert_ok!(Dpos::retire(signed(1)));
		assert_noop!(Compensation::harvest(signed(12), 1), DposError::CandidateRetired);
	});
}

#[test]
fn harvest_should_pay_the_owner_when_its_self_stake_is_enough() {
	delegators().build_and_execute(|| {
		run_blocks(2);
		let (before, earned) = (free(1), position(1, 1).earned);
		assert_ok!(Compensation::harvest(signed(1), 1));
		assert_eq!(free(1), before + earned);
		assert!(earned > 0);
		// Own awards and half of the others', which is its compensation.
		assert!(earned > position(11, 1).earned * 2);
	});
}

#[test]
fn harvest_should_leave_the_owner_its_principal_when_a_slash_took_some() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		slash(1, Perbill::from_percent(2));
		next_block();
		assert_noop!(Compensation::harvest(signed(1), 1), DposError::NothingEarned);
		run_sessions(60);
		let own = position(1, 1);
		assert_eq!(own.earned, own.value - 29_000 * CMT);
		assert_ok!(Compensation::harvest(signed(1), 1));
		assert_near(position(1, 1).value, 29_000 * CMT);
	});
}

/// What the self-stake must be counts where it is more than the principal.
#[test]
fn harvest_should_leave_the_owner_the_required_self_stake_when_it_put_in_less() {
	ExtBuilder::default().build_and_execute(|| {
		run_sessions(20);
		let own = position(1, 1);
		let demanded = own.principal + own.earned / 2;
		assert_ok!(Dpos::update(signed(1), Some(demanded * 10), None, None));
		assert_eq!(position(1, 1).earned, own.value - demanded);
		assert_ok!(Compensation::harvest(signed(1), 1));
		assert!(position(1, 1).value >= demanded);
	});
}

#[test]
fn harvest_should_pay_nothing_when_a_slash_took_more_than_was_earned() {
	delegators().build_and_execute(|| {
		run_blocks(3);
		slash(1, Perbill::from_rational(3u32, 1_000));
		assert_noop!(Compensation::harvest(signed(11), 1), DposError::NothingEarned);
		run_sessions(60);
		assert!(position(11, 1).value > 10_000 * CMT);
		let earned = position(11, 1).earned;
		assert_eq!(earned, position(11, 1).value - 10_000 * CMT);
		assert_ok!(Compensation::harvest(signed(11), 1));
	});
}

#[test]
fn harvest_should_be_refused_when_payouts_are_paused() {
	delegators().build_and_execute(|| {
		run_blocks(2);
		PayoutsPaused::<Test>::put(true);
		assert_noop!(Compensation::harvest(signed(11), 1), Error::<Test>::PayoutsPaused);
		PayoutsPaused::<Test>::put(false);
		assert_ok!(Compensation::harvest(signed(11), 1));
	});
}

/// Leaves a position of earned awards alone, with its principal out.
fn live_on_awards(who: AccountId, candidate: AccountId) {
	MinDelegation::set(1);
	run_sessions(2);
	let principal = position(who, candidate).principal;
	assert_ok!(Dpos::undelegate(signed(who), candidate, Some(principal)));
	assert_eq!(position(who, candidate).principal, 0);
}

#[test]
fn harvest_should_empty_the_position_when_all_of_it_was_earned() {
	delegators().build_and_execute(|| {
		live_on_awards(11, 1);
		let (before, value) = (free(11), value(11, 1));
		assert_ok!(Compensation::harvest(signed(11), 1));
		assert_eq!(free(11), before + value);
		assert_eq!(position(11, 1).value, 0);
	});
}

/// A class whose members all harvested everything is forgotten with its lowered rate. Who comes back
/// pays the lowered rate all the same.
#[test]
fn harvest_should_keep_the_lowered_rate_when_all_was_earned_and_it_comes_back() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		live_on_awards(11, 1);
		assert_ok!(Compensation::lower_all_rates(signed(1), Rate(100)));
		assert_ok!(Compensation::harvest(signed(11), 1));
		assert_eq!(position(11, 1).rate, Rate(100));
		assert_ok!(Dpos::rebond(signed(11), 1, None));
		assert_eq!(position(11, 1).rate, Rate(100));
	});
}

/// Bug class "order-dependent money": whoever harvests first, everybody gets the same, short of the
/// planck that rounding leaves to those who stay.
#[test]
fn harvest_should_pay_the_same_when_made_in_any_order() {
	let orders =
		[[11, 12, 13], [11, 13, 12], [12, 11, 13], [12, 13, 11], [13, 11, 12], [13, 12, 11]];
	let gains = orders.map(|order| {
		let mut gains = Vec::new();
		delegators().delegation(13, 1, 3_333).build_and_execute(|| {
			run_sessions(2);
			run_blocks(2);
			for who in order {
				let before = free(who);
				assert_ok!(Compensation::harvest(signed(who), 1));
				gains.push((who, free(who) - before));
			}
		});
		gains.sort_unstable();
		gains
	});
	for other in &gains {
		for ((_, one), (_, another)) in gains[0].iter().zip(other) {
			assert!(one.abs_diff(*another) <= 2, "{gains:?}");
		}
	}
}
