//! How a held slash is paid out.

use crate::{mock::*, Error, Event, HeldSlashes, HeldTotal, SettlingEra, WeightInfo};
use cybermiles_primitives::{api::SlashState, CMT};
use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};
use sp_runtime::{DispatchError, Perbill};

const SLASH: u128 = STAKE / 4;

fn idle(steps: u64) {
	let weight = <() as WeightInfo>::settle().saturating_mul(steps);
	let used = Slashing::on_idle(System::block_number(), weight);
	assert!(used.all_lte(weight));
}

fn is_applied(index: u32) -> bool {
	Slashing::slash_info(index).expect("a slash").state == SlashState::Applied
}

#[test]
fn slash_should_pay_the_reporter_and_the_treasury_when_it_is_due() {
	// Flaw "slashed coins stuck for ever".
	ExtBuilder::default().build_and_execute(|| {
		let (reporter, treasury) = (free(REPORTER), free(TREASURY));
		report_now(4);
		run_eras(1);
		assert!(!is_applied(0));
		events();
		run_eras(1);
		assert!(is_applied(0));
		assert_eq!(free(REPORTER) - reporter, SLASH / 10);
		assert_eq!(free(TREASURY) - treasury, SLASH / 10 * 9);
		assert_eq!(HeldTotal::<Test>::get(), 0);
		let (to_reporter, to_treasury) = (SLASH / 10, SLASH / 10 * 9);
		let applied = Event::SlashApplied { index: 0, to_reporter, to_treasury, to_pot: 0 };
		assert_eq!(events(), vec![applied]);
		assert!(last_slash().1.parts.is_empty());
	});
}

#[test]
fn slash_should_go_to_the_treasury_alone_when_nobody_reported_it() {
	ExtBuilder::default().build_and_execute(|| {
		let treasury = free(TREASURY);
		jail_for_downtime(4);
		run_eras(2);
		assert_eq!(free(TREASURY) - treasury, STAKE / 100);
	});
}

#[test]
fn reward_should_round_against_the_reporter() {
	ExtBuilder::default().build_and_execute(|| {
		ReporterShare::set(Perbill::from_rational(1u32, 3u32));
		let reporter = free(REPORTER);
		report_now(4);
		run_eras(2);
		assert_eq!(free(REPORTER) - reporter, ReporterShare::get().mul_floor(SLASH));
	});
}

#[test]
fn reward_should_go_to_the_treasury_when_the_reporter_cannot_take_it() {
	// Bug class "Corrupted records": nothing is lost where somebody cannot be paid.
	ExtBuilder::default().build_and_execute(|| {
		let (proof, key_proof) = report_of(4, SlotNow::get());
		let reported = Slashing::report_double_authoring(signed(50), Box::new(proof), key_proof);
		assert_ok!(reported);
		ExistentialDeposit::set(1_000 * CMT);
		let treasury = free(TREASURY);
		run_eras(2);
		assert_eq!(free(50), 0);
		assert_eq!(free(TREASURY) - treasury, SLASH);
	});
}

#[test]
fn slash_should_join_the_next_award_when_the_treasury_cannot_take_it() {
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		TreasuryAccount::set(601);
		ExistentialDeposit::set(5_000 * CMT);
		run_eras(2);
		assert!(is_applied(0));
		assert_eq!(PotTotal::get(), SLASH / 10 * 9);
	});
}

#[test]
fn settling_should_stop_when_escrow_does_not_pay() {
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		Closed::set(true);
		run_eras(3);
		assert!(!is_applied(0));
		let paused = DispatchError::Other("paused");
		assert_noop!(Slashing::settle_slash(signed(9), 0), paused);
		assert_noop!(Slashing::confirm_slash(RuntimeOrigin::root(), 0), paused);
		Closed::set(false);
		idle(10);
		assert!(is_applied(0));
	});
}

#[test]
fn settling_should_go_no_further_when_the_block_is_full() {
	// Bug class "Spam": each step is paid for by the meter.
	ExtBuilder::default().build_and_execute(|| {
		for who in [4, 5, 6] {
			report_later(who);
		}
		run_full_eras(2);
		idle(0);
		idle(1);
		assert_eq!(SettlingEra::<Test>::get(), 0);
		idle(4);
		assert_eq!(HeldSlashes::<Test>::iter().count(), 2);
		idle(2);
		assert_eq!(HeldSlashes::<Test>::iter().count(), 1);
		idle(20);
		assert_eq!(HeldSlashes::<Test>::iter().count(), 0);
		assert_eq!(SettlingEra::<Test>::get(), 3);
	});
}

#[test]
fn settling_should_catch_up_when_eras_passed_without_room() {
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		run_full_eras(20);
		for _ in 0..20 {
			idle(3);
		}
		assert!(is_applied(0));
		assert_eq!(SettlingEra::<Test>::get(), 21);
		report_later(5);
		run_eras(2);
		assert!(is_applied(1));
	});
}

#[test]
fn anybody_should_settle_when_a_slash_is_due() {
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		assert_noop!(Slashing::settle_slash(signed(9), 0), Error::<Test>::NotDue);
		next_era();
		assert_noop!(Slashing::settle_slash(signed(9), 0), Error::<Test>::NotDue);
		next_era();
		assert_ok!(Slashing::settle_slash(signed(9), 0));
		assert!(is_applied(0));
		assert_noop!(Slashing::settle_slash(signed(9), 0), Error::<Test>::NotHeld);
		assert_noop!(Slashing::settle_slash(signed(9), 1), Error::<Test>::UnknownSlash);
		let none = RuntimeOrigin::none();
		assert_noop!(Slashing::settle_slash(none, 0), DispatchError::BadOrigin);
	});
}

#[test]
fn admin_should_confirm_when_a_slash_is_held() {
	ExtBuilder::default().build_and_execute(|| {
		let root = RuntimeOrigin::root;
		assert_noop!(Slashing::confirm_slash(root(), 0), Error::<Test>::UnknownSlash);
		report_now(4);
		assert_noop!(Slashing::confirm_slash(signed(9), 0), DispatchError::BadOrigin);
		assert_ok!(Slashing::confirm_slash(root(), 0));
		assert!(is_applied(0));
		assert_noop!(Slashing::confirm_slash(root(), 0), Error::<Test>::NotHeld);
		run_eras(3);
	});
}

#[test]
fn order_of_settling_should_not_matter() {
	// Bug class "Order-dependent money".
	let paid = |order: [u32; 3]| {
		let mut balances = (0, 0);
		ExtBuilder::default().build_and_execute(|| {
			MassAbsence::set(Perbill::from_percent(60));
			report_now(4);
			report_later(5);
			jail_for_downtime(6);
			next_era();
			next_era();
			for index in order {
				assert_ok!(Slashing::settle_slash(signed(9), index));
			}
			balances = (free(REPORTER), free(TREASURY));
		});
		balances
	};
	assert_eq!(paid([0, 1, 2]), paid([2, 1, 0]));
	assert_eq!(paid([0, 1, 2]), paid([1, 2, 0]));
}

#[test]
fn idle_weight_should_be_none_when_nothing_fits() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Slashing::on_idle(1, Weight::zero()), Weight::zero());
	});
}
