//! Compensation that leaves escrow.

use crate::{mock::*, AccountBooks, CompensationAccounts, Error, Event, PayoutsPaused};
use cybermiles_primitives::CMT;
use frame_support::{assert_noop, assert_ok};

/// Candidate 1, whose compensation goes to account 60.
fn liquid(test: impl FnOnce()) {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		assert_ok!(Compensation::set_compensation_account(signed(1), Some(60)));
		test()
	});
}

#[test]
fn account_should_be_set_when_the_owner_chooses() {
	ExtBuilder::default().build_and_execute(|| {
		let set = |account| Compensation::set_compensation_account(signed(1), account);
		assert_ok!(set(Some(60)));
		assert_eq!(CompensationAccounts::<Test>::get(1), Some(60));
		assert_noop!(set(Some(60)), Error::<Test>::AccountUnchanged);
		assert_ok!(set(None));
		assert_noop!(set(None), Error::<Test>::AccountUnchanged);
		let event = |account| Event::CompensationAccountSet { candidate: 1, account };
		assert_eq!(events(), [event(Some(60)), event(None)]);
	});
}

#[test]
fn account_should_be_refused_when_the_caller_owns_no_open_candidate() {
	ExtBuilder::default().build_and_execute(|| {
		let set = |who| Compensation::set_compensation_account(signed(who), Some(60));
		assert_noop!(set(50), DposError::NotOwner);
		assert_ok!(Dpos::retire(signed(1)));
		assert_noop!(set(1), DposError::CandidateRetired);
	});
}

#[test]
fn account_should_get_what_is_earned_from_then_on_when_it_changes() {
	liquid(|| {
		next_block();
		assert_ok!(Compensation::set_compensation_account(signed(1), Some(61)));
		let first = due(60);
		assert!(first > 0);
		next_block();
		fold(1);
		assert_eq!(due(60), first);
		assert!(due(61) > 0);
	});
}

#[test]
fn compensation_should_be_paid_when_a_session_ends() {
	liquid(|| {
		run_sessions(1);
		let amount = free(60) - ENDOWMENT;
		let seat = Compensation::session_awards(0).into_iter().find(|seat| seat.candidate == 1);
		assert_eq!(amount, seat.expect("sat").compensation);
		assert!(amount > 0);
		assert!(events().contains(&Event::CompensationPaid { account: 60, amount }));
		assert_eq!((due(60), AccountBooks::<Test>::get().compensation), (0, 0));
	});
}

#[test]
fn compensation_should_stay_due_when_the_account_cannot_take_it() {
	liquid(|| {
		ExistentialDeposit::set(100 * CMT);
		assert_ok!(Compensation::set_compensation_account(signed(1), Some(1_000)));
		run_sessions(1);
		let waiting = due(1_000);
		assert!(waiting > 0 && free(1_000) == 0);
		let told = |event: &Event<Test>| {
			matches!(event, Event::CompensationNotPaid { account: 1_000, .. })
		};
		assert!(events().iter().any(told));
		assert!(Compensation::pay_compensation(signed(50), 1_000).is_err());
		assert_eq!(due(1_000), waiting);
		ExistentialDeposit::set(1);
		run_sessions(1);
		assert!(free(1_000) > waiting);
	});
}

#[test]
fn pay_compensation_should_pay_when_anybody_calls() {
	liquid(|| {
		next_block();
		fold(1);
		let amount = due(60);
		events();
		assert_ok!(Compensation::pay_compensation(signed(50), 60));
		assert_eq!(free(60), ENDOWMENT + amount);
		assert_eq!(events(), [Event::CompensationPaid { account: 60, amount }]);
		assert_noop!(Compensation::pay_compensation(signed(50), 60), Error::<Test>::NoCompensation);
	});
}

#[test]
fn pay_compensation_should_be_refused_when_payouts_are_paused() {
	liquid(|| {
		next_block();
		fold(1);
		PayoutsPaused::<Test>::put(true);
		assert_noop!(Compensation::pay_compensation(signed(50), 60), Error::<Test>::PayoutsPaused);
		run_sessions(1);
		assert!(due(60) > 0);
		PayoutsPaused::<Test>::put(false);
		assert_ok!(Compensation::pay_compensation(signed(50), 60));
	});
}

/// What an owner earned before it handed over is its own, and nothing after.
#[test]
fn former_owner_should_keep_what_was_due_when_it_hands_over() {
	liquid(|| {
		next_block();
		hand_over(1, 1, 70);
		let waiting = due(60);
		assert!(waiting > 0);
		let own = Dpos::candidate(1).expect("is there").self_stake;
		run_sessions(1);
		// The heir chose nothing: its compensation is in its self-stake.
		assert_eq!((due(60), due(70)), (waiting, 0));
		assert!(Dpos::candidate(1).expect("is there").self_stake > own);
		assert_ok!(Compensation::pay_compensation(signed(50), 60));
		assert_eq!(free(60), ENDOWMENT + waiting);
	});
}

#[test]
fn compensation_should_be_paid_once_when_two_candidates_share_an_account() {
	let builder = ExtBuilder::default().delegation(11, 1, 10_000).delegation(12, 2, 10_000);
	builder.build_and_execute(|| {
		for owner in [1, 2] {
			assert_ok!(Compensation::set_compensation_account(signed(owner), Some(60)));
		}
		run_sessions(1);
		let of = |candidate| {
			move |seat: &cybermiles_primitives::api::SeatAward<_>| seat.candidate == candidate
		};
		let awards = Compensation::session_awards(0);
		let (one, two) =
			(awards.iter().find(|seat| of(1)(seat)), awards.iter().find(|seat| of(2)(seat)));
		let both = one.expect("sat").compensation + two.expect("sat").compensation;
		assert_eq!((free(60), due(60)), (ENDOWMENT + both, 0));
	});
}

/// Money sent to where it lies is a gift to all.
#[test]
fn compensation_should_join_the_awards_when_its_account_is_escrow() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		let escrow = Dpos::escrow();
		assert_ok!(Compensation::set_compensation_account(signed(1), Some(escrow)));
		run_sessions(3);
		assert_eq!(due(escrow), 0);
		let found = |event: Event<Test>| match event {
			Event::GiftFound { amount } => Some(amount),
			_ => None,
		};
		assert!(events().into_iter().find_map(found).expect("a gift") > 0);
		assert!(!PayoutsPaused::<Test>::get());
	});
}

/// A candidate that closed and was paid out leaves nothing due behind.
#[test]
fn compensation_should_be_paid_when_the_candidate_closes() {
	liquid(|| {
		next_block();
		assert_ok!(Dpos::retire(signed(1)));
		let waiting = due(60);
		assert!(waiting > 0);
		run_sessions(1);
		assert_eq!((free(60), due(60)), (ENDOWMENT + waiting, 0));
		run_eras(3);
		assert!(Dpos::candidate(1).is_none());
	});
}
