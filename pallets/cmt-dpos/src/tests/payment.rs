//! Payment after the wait: by itself, and by withdraw_unbonded.

use crate::{mock::*, DuePayments, Error, Event, PayingEra, WeightInfo};
use cybermiles_primitives::CMT;
use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};
use sp_runtime::{Perbill, TokenError};

fn step() -> Weight {
	<() as WeightInfo>::pay_one()
}

/// 11 and 12 have 5,000 CMT behind candidates 1 and 2 each.
fn bonded() -> ExtBuilder {
	[(11, 1), (11, 2), (12, 1), (12, 2)]
		.into_iter()
		.fold(ExtBuilder::default(), |builder, (who, candidate)| {
			builder.delegation(who, candidate, 5_000)
		})
}

#[test]
fn payment_should_arrive_by_itself_when_the_wait_is_over() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 2_000);
		run_to_block(29);
		assert_eq!((Dpos::era(), free(11)), (1, ENDOWMENT - 10_000 * CMT));
		events();
		run_to_block(30);
		assert_eq!((Dpos::era(), free(11)), (2, ENDOWMENT - 8_000 * CMT));
		let amount = 2_000 * CMT;
		assert!(events().contains(&Event::Withdrawn { candidate: 1, who: 11, amount }));
		assert_eq!(waiting(11, 1), 0);
	});
}

#[test]
fn payment_should_close_the_position_when_nothing_is_left() {
	bonded().build_and_execute(|| {
		undelegate_all(11, 1);
		run_eras(2);
		assert_eq!(listed(11), [2]);
		assert_eq!(candidate(1).positions, 2);
	});
}

#[test]
fn payment_should_go_on_where_it_stopped_when_blocks_have_little_room() {
	bonded().build_and_execute(|| {
		for (who, candidate) in [(11, 1), (11, 2), (12, 1), (12, 2)] {
			undelegate_all(who, candidate);
		}
		run_full_eras(2);
		let paid = || [11, 12].map(|who| free(who) / CMT - 990_000).iter().sum::<u128>();
		assert_eq!(paid(), 0);
		// Two empty eras are passed over first.
		Dpos::on_idle(31, step() * 3);
		assert_eq!((paid(), PayingEra::<Test>::get()), (5_000, 2));
		Dpos::on_idle(32, step() * 2);
		assert_eq!(paid(), 15_000);
		Dpos::on_idle(33, step() * 9);
		assert_eq!((paid(), PayingEra::<Test>::get()), (20_000, 3));
	});
}

#[test]
fn payment_should_go_on_within_a_retired_candidate_when_blocks_have_little_room() {
	bonded().build_and_execute(|| {
		retire(1);
		run_full_eras(2);
		PayingEra::<Test>::put(2);
		for paid in 1..=3 {
			Dpos::on_idle(30, step());
			let left = crate::Candidates::<Test>::get(1).map_or(0, |info| info.positions);
			assert_eq!(left, 3 - paid);
		}
		assert_eq!(DuePayments::<Test>::iter().count(), 1);
		Dpos::on_idle(30, step());
		assert_eq!(DuePayments::<Test>::iter().count(), 0);
	});
}

#[test]
fn idle_work_should_stay_within_its_weight_when_there_is_much_to_do() {
	bonded().build_and_execute(|| {
		undelegate_all(11, 1);
		undelegate_all(12, 1);
		run_full_eras(2);
		for room in [Weight::zero(), step() / 2, step(), step() * 3 + step() / 2] {
			let used = Dpos::on_idle(30, room);
			assert!(used.all_lte(room));
		}
	});
}

#[test]
fn idle_work_should_be_one_step_when_nothing_is_due() {
	bonded().build_and_execute(|| {
		run_eras(1);
		assert_eq!(Dpos::on_idle(16, Weight::MAX), step());
	});
}

#[test]
fn withdraw_should_pay_everything_due_when_anybody_calls() {
	bonded().build_and_execute(|| {
		undelegate_all(11, 1);
		undelegate(11, 2, 1_000);
		run_full_eras(2);
		events();
		withdraw(11);
		assert_eq!(free(11), ENDOWMENT - 4_000 * CMT);
		let paid = |candidate, cmt| Event::Withdrawn { candidate, who: 11, amount: cmt * CMT };
		assert_eq!(events(), [paid(1, 5_000), paid(2, 1_000)]);
		assert_eq!(free(50), ENDOWMENT);
	});
}

#[test]
fn withdraw_should_leave_what_is_not_due_when_called() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		run_full_eras(1);
		undelegate(11, 1, 2_000);
		run_full_eras(1);
		assert_ok!(Dpos::withdraw_unbonded(signed(11), 11));
		assert_eq!(waiting(11, 1), 2_000 * CMT);
		assert_noop!(Dpos::withdraw_unbonded(signed(11), 11), Error::<Test>::NothingDue);
	});
}

#[test]
fn withdraw_should_leave_nothing_for_idle_work_when_called() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		run_full_eras(2);
		assert_ok!(Dpos::withdraw_unbonded(signed(11), 11));
		assert_eq!(DuePayments::<Test>::iter().count(), 0);
		let before = free(11);
		run_eras(1);
		assert_eq!(free(11), before);
	});
}

#[test]
fn withdraw_should_pay_when_the_candidate_retired_and_was_due() {
	bonded().build_and_execute(|| {
		retire(1);
		run_full_eras(1);
		assert_noop!(Dpos::withdraw_unbonded(signed(11), 11), Error::<Test>::NothingDue);
		run_full_eras(1);
		assert_ok!(Dpos::withdraw_unbonded(signed(11), 11));
		assert_eq!(free(11), ENDOWMENT - 5_000 * CMT);
		assert_eq!(listed(11), [2]);
	});
}

#[test]
fn withdraw_should_be_refused_when_nothing_is_due() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		run_full_eras(1);
		// One that waits, one that is bonded, a stranger, an unknown account, the escrow itself.
		for who in [11, 12, 50, 1_000, Dpos::escrow()] {
			assert_noop!(Dpos::withdraw_unbonded(signed(11), who), Error::<Test>::NothingDue);
		}
	});
}

#[test]
fn withdraw_should_pay_for_the_positions_looked_at_when_few() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		run_full_eras(2);
		let post = Dpos::withdraw_unbonded(signed(50), 11).expect("pays");
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::withdraw_unbonded(2, 1)));
	});
}

#[test]
fn payment_should_pay_what_a_slash_left_when_slashed_while_waiting() {
	bonded().build_and_execute(|| {
		undelegate_all(11, 1);
		slash(1, Perbill::from_percent(10), 0);
		run_eras(2);
		assert_eq!(free(11), ENDOWMENT - 5_500 * CMT);
	});
}

#[test]
fn payment_should_close_the_position_when_a_slash_took_everything() {
	bonded().build_and_execute(|| {
		undelegate_all(11, 1);
		slash(1, Perbill::one(), 0);
		run_to_block(29);
		events();
		run_to_block(30);
		assert!(events().contains(&Event::Withdrawn { candidate: 1, who: 11, amount: 0 }));
		assert_eq!(listed(11), [2]);
	});
}

/// Leaves amounts of 11 waiting that slashes made worthless, and the account itself empty.
fn let_nothing_wait() {
	undelegate_all(11, 1);
	undelegate_all(11, 2);
	slash(1, Perbill::one(), 0);
	slash(2, Perbill::one(), 0);
	let all = free(11);
	assert_ok!(Balances::transfer_allow_death(signed(11), 50, all));
}

#[test]
fn payment_should_need_no_living_account_when_it_pays_nothing() {
	bonded().build_and_execute(|| {
		let_nothing_wait();
		run_eras(2);
		assert!(listed(11).is_empty());
		assert_eq!(free(11), 0);
	});
}

#[test]
fn payment_should_bring_a_reaped_account_back_when_it_pays() {
	bonded().build_and_execute(|| {
		undelegate_all(11, 1);
		let all = free(11);
		assert_ok!(Balances::transfer_allow_death(signed(11), 50, all));
		run_eras(2);
		assert_eq!(free(11), 5_000 * CMT);
	});
}

/// Sets the balance of `who` behind everybody's back.
fn set_free(who: AccountId, to: u128) {
	frame_system::Account::<Test>::mutate(who, |info| info.data.free = to);
}

/// Makes a payment to `who` impossible: any deposit overflows its balance.
fn fill(who: AccountId) {
	set_free(who, u128::MAX);
}

#[test]
fn payment_should_stay_due_when_it_cannot_be_made() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		undelegate(12, 1, 1_000);
		let before = free(11);
		run_to_block(29);
		fill(11);
		events();
		run_to_block(30);
		let error = sp_runtime::ArithmeticError::Overflow.into();
		let failed = Event::PaymentFailed { candidate: 1, who: 11, error };
		assert!(events().contains(&failed));
		assert_eq!(free(12), ENDOWMENT - 9_000 * CMT);
		assert_eq!(waiting(11, 1), 1_000 * CMT);
		set_free(11, before);
		Dpos::do_try_state().expect("invariants hold while a payment is stuck");
		withdraw(11);
		assert_eq!(free(11), before + 1_000 * CMT);
	});
}

#[test]
fn payment_should_not_hold_up_others_when_one_of_a_retired_candidate_fails() {
	bonded().build_and_execute(|| {
		retire(1);
		let before = free(11);
		run_to_block(29);
		fill(11);
		run_to_block(32);
		set_free(11, before);
		assert_eq!((free(1), free(12)), (ENDOWMENT, ENDOWMENT - 5_000 * CMT));
		assert_eq!(candidate(1).positions, 1);
		withdraw(11);
		assert!(!crate::Candidates::<Test>::contains_key(1));
	});
}

#[test]
fn withdraw_should_have_no_effect_when_the_payment_fails() {
	bonded().build_and_execute(|| {
		undelegate(11, 1, 1_000);
		run_full_eras(2);
		let before = free(11);
		fill(11);
		assert_noop!(
			Dpos::withdraw_unbonded(signed(50), 11),
			sp_runtime::ArithmeticError::Overflow
		);
		set_free(11, before);
	});
}

/// A payment is never lost to dust: an account that was reaped and whose payment is too small to
/// bring it back is paid as soon as it lives again.
#[test]
fn payment_should_wait_for_a_living_account_when_it_is_below_the_existential_deposit() {
	bonded().build_and_execute(|| {
		ExistentialDeposit::set(10);
		undelegate(11, 1, 1_000);
		slash(1, Perbill::from_percent(99), 0);
		// Down to a few planck, by slashes that round against the staker.
		while waiting(11, 1) >= 10 {
			slash(1, Perbill::from_percent(90), 0);
		}
		let all = free(11);
		assert_ok!(Balances::transfer_allow_death(signed(11), 50, all));
		run_to_block(29);
		events();
		run_to_block(30);
		let error = TokenError::BelowMinimum.into();
		assert!(events().contains(&Event::PaymentFailed { candidate: 1, who: 11, error }));
		assert_ok!(Balances::transfer_allow_death(signed(50), 11, 100));
		withdraw(11);
		assert!(free(11) > 100);
	});
}
