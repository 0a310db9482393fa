//! How governance takes a slash back.

use crate::{mock::*, Error, Event, HeldTotal, Jails, Pardons};
use cybermiles_primitives::{api::SlashState, traits::Standing, ClassId, PoolRef, CMT};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn cancel(index: u32) {
	assert_ok!(Slashing::cancel_slash(RuntimeOrigin::root(), index));
}

#[test]
fn cancelled_slash_should_go_back_to_every_pool_it_came_from() {
	ExtBuilder::default().unbonding(4, 0, 333).build_and_execute(|| {
		let before = Pools::get();
		report_now(4);
		assert_ne!(Pools::get(), before);
		events();
		cancel(0);
		assert_eq!(Pools::get(), before);
		assert_eq!(HeldTotal::<Test>::get(), 0);
		let (_, record) = last_slash();
		assert_eq!(record.state, SlashState::Cancelled);
		assert!(record.parts.is_empty());
		let returned = (STAKE + 333 * CMT) / 4;
		assert_eq!(
			events(),
			vec![
				Event::SlashCancelled { index: 0, returned, to_pot: 0 },
				Event::Pardoned { candidate: 4, offences_until: Some(0) },
			]
		);
		run_eras(3);
		assert_eq!(Pools::get(), before);
	});
}

#[test]
fn cancelled_slash_should_join_the_next_award_when_a_pool_has_no_members() {
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		Memberless::set(vec![(4, PoolRef::Class(ClassId::OWNER))]);
		cancel(0);
		assert_eq!(PotTotal::get(), STAKE / 40);
		assert_eq!(pool_of(4, PoolRef::Class(DELEGATORS)), STAKE / 10 * 9);
	});
}

#[test]
fn cancelling_should_work_when_escrow_does_not_pay_or_the_slash_is_due() {
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		Closed::set(true);
		run_eras(3);
		cancel(0);
		assert_eq!(stake_of(4), STAKE);
	});
}

#[test]
fn cancelling_should_end_the_jail_that_came_with_the_slash() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		cancel(0);
		assert_ok!(<Slashing as Standing<AccountId>>::ensure_may_stand(&4));
		// No immunity from anything else comes with it.
		assert!(!Pardons::<Test>::contains_key(4));
		report_now(5);
		cancel(1);
		assert_ok!(<Slashing as Standing<AccountId>>::ensure_may_stand(&5));
		assert_eq!(Pardons::<Test>::get(5), Some(0));
	});
}

#[test]
fn same_offence_should_not_be_punished_again_when_its_slash_was_cancelled() {
	// Bug class "Slash too much / too little": one more offender at the same slot brings all of
	// them before the handler again.
	ExtBuilder::default().build_and_execute(|| {
		let slot = SlotNow::get();
		let (first, second) = (report_of(4, slot), report_of(5, slot));
		let report = |(proof, key_proof)| {
			Slashing::report_double_authoring(signed(REPORTER), Box::new(proof), key_proof)
		};
		assert_ok!(report(first));
		cancel(0);
		assert_ok!(report(second));
		assert_eq!((stake_of(4), stake_of(5)), (STAKE, 0));
		assert!(!Jails::<Test>::contains_key(4));
	});
}

#[test]
fn jail_should_go_on_when_a_later_slash_brought_it() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		report_now(4);
		cancel(0);
		assert!(Slashing::in_jail(&4));
		cancel(1);
		assert!(!Slashing::in_jail(&4));
		assert_eq!(stake_of(4), STAKE);
	});
}

#[test]
fn pardon_should_not_shrink_when_an_older_slash_is_cancelled() {
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		next_session();
		assert_ok!(Slashing::pardon(RuntimeOrigin::root(), 4));
		assert_eq!(Pardons::<Test>::get(4), Some(1));
		cancel(0);
		assert_eq!(Pardons::<Test>::get(4), Some(1));
	});
}

#[test]
fn cancelling_should_fail_when_nothing_is_held() {
	ExtBuilder::default().build_and_execute(|| {
		let root = RuntimeOrigin::root;
		assert_noop!(Slashing::cancel_slash(root(), 0), Error::<Test>::UnknownSlash);
		report_now(4);
		assert_noop!(Slashing::cancel_slash(signed(4), 0), DispatchError::BadOrigin);
		cancel(0);
		assert_noop!(Slashing::cancel_slash(root(), 0), Error::<Test>::NotHeld);
		report_now(5);
		run_eras(2);
		assert_noop!(Slashing::cancel_slash(root(), 1), Error::<Test>::NotHeld);
	});
}
