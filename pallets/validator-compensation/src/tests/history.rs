//! The bugs that hit other staking systems, and the flaws of the first CyberMiles chain.

use super::without_inflation;
use crate::{mock::*, AccountBooks};
use cybermiles_primitives::{traits::AwardPot, Balance, ClassId, Rate, CMT};
use frame_support::{assert_ok, traits::fungible::Mutate};
use sp_runtime::Perbill;

/// Bug class "over-mint by a wrong denominator": whatever happens within a session, seats receive no
/// more than what was awarded, and what they do not receive is not lost.
#[test]
fn seats_should_receive_what_was_awarded_when_weights_and_stakes_change_in_between() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		let mut awarded = 0;
		let mut block = || {
			next_block();
			awarded += award().to_validators + award().to_standbys;
		};
		run_sessions(1);
		beat(4);
		block();
		go_absent(1);
		undelegate_all(11, 1);
		block();
		come_back(1);
		delegate(12, 2, 90_000);
		block();
		beat(5);
		slash(2, Perbill::from_percent(50));
		block();
		go_absent(4);
		block();
		assert_eq!(session(), 2);
		let received: Balance = Compensation::session_awards(1).iter().map(|seat| seat.award).sum();
		// Each seat that settles or folds leaves less than two planck, each fold one for each class.
		assert!(received <= awarded && awarded - received < 40, "{received} of {awarded}");
	});
}

/// Bug class "drifting totals": the books are recomputed from their leaves after each step.
#[test]
fn books_should_not_drift_when_everything_happens() {
	ExtBuilder::default()
		.delegation(11, 1, 10_000)
		.delegation(12, 4, 10_000)
		.build_and_execute(|| {
			assert_ok!(Compensation::set_compensation_account(signed(1), Some(60)));
			let steps: [fn(); 10] = [
				|| beat(5),
				|| pay_fees(50, 12_345),
				|| delegate(13, 1, 1_234),
				|| go_absent(2),
				|| Compensation::harvest(signed(11), 1).expect("accepted"),
				|| Compensation::lower_all_rates(signed(4), Rate(123)).expect("accepted"),
				|| undelegate_all(11, 1),
				|| assert!(slash(1, Perbill::from_parts(123_456_789)) > 0),
				|| come_back(2),
				release_slashes,
			];
			for step in steps {
				next_block();
				check();
				step();
				check();
			}
		});
}

/// Flaw "lost awards through three roundings": every planck that was ever awarded is in a pool, due,
/// pending or undistributed.
#[test]
fn awards_should_all_be_somewhere_when_hundreds_of_blocks_passed() {
	ExtBuilder::default()
		.delegation(11, 1, 10_001)
		.delegation(12, 2, 3_333)
		.build_and_execute(|| {
			let stake = |all: std::ops::RangeInclusive<AccountId>| -> Balance {
				all.map(|candidate| Dpos::candidate(candidate).expect("is there").stake).sum()
			};
			let before = stake(1..=6);
			assert_ok!(Compensation::set_compensation_account(signed(2), Some(60)));
			for block in 0..300u128 {
				pay_fees(50, block);
				next_block();
			}
			let books = AccountBooks::<Test>::get();
			let grown = stake(1..=6) - before + (free(60) - ENDOWMENT);
			let elsewhere = books.pending + books.undistributed + books.compensation;
			assert_eq!(grown + elsewhere, books.issued + 300 * 299 / 2);
			assert!(books.undistributed < 100, "{}", books.undistributed);
		});
}

/// Bug class "overflow halts the chain": the owner's and a delegator's single planck receive the whole
/// supply and what 10^8 blocks issue.
#[test]
fn awards_should_not_overflow_when_a_planck_receives_the_whole_supply() {
	ExtBuilder::default().build().execute_with(|| {
		MinDelegation::set(1);
		MinMaxStake::set(1);
		slash(1, Perbill::one());
		set_default_rate(1, Rate(300));
		assert_ok!(Dpos::delegate(signed(11), 1, 1));
		[2, 3].into_iter().for_each(go_absent);
		let giant = 1_000_000_000 * CMT + 100_000_000 * Compensation::issuance_per_block();
		assert_ok!(Balances::mint_into(&Dpos::escrow(), giant));
		Compensation::add(giant);
		run_sessions(1);
		assert!(value(11, 1) > giant / 10 * 7 - CMT);
		run_sessions(3);
		let stake = |class| pools(1).into_iter().find(|(other, _)| *other == class).expect("is").1;
		assert!(stake(ClassId::agreed_at(Rate(300))) > giant / 10 * 7);
		check();
		undelegate_all(11, 1);
		check();
		run_eras(2);
		next_block();
		assert!(free(11) > giant / 10 * 7);
		check();
	});
}

/// Bug class "rounding panics": amounts of a few planck through every path.
#[test]
fn awards_should_never_panic_when_they_are_a_few_planck() {
	ExtBuilder::default()
		.delegation(11, 1, 10_000)
		.delegation(12, 1, 3_001)
		.build_and_execute(|| {
			without_inflation();
			for fees in [1, 2, 3, 7, 84, 85, 1, 0, 1] {
				pay_fees(50, fees);
				next_block();
				fold(1);
				let _ = Compensation::harvest(signed(11), 1);
				check();
			}
			let books = AccountBooks::<Test>::get();
			assert_eq!(books.issued, 0);
		});
}

/// Bug class "parameter shrinks a bound": every parameter both ways, on a state with everything.
#[test]
fn state_should_stay_readable_when_every_parameter_changes_both_ways() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		beat(4);
		let runs: [fn(); 8] = [
			|| Validators::set(1),
			|| Standbys::set(0),
			|| Validators::set(6),
			|| Standbys::set(32),
			|| StandbyShare::set(Perbill::zero()),
			|| Inflation::set(Perbill::from_percent(20)),
			|| SessionLength::set(1),
			|| StakeCap::set(Perbill::from_percent(1)),
		];
		for change in runs {
			change();
			run_sessions(3);
			check();
			assert!(value(11, 1) >= 10_000 * CMT);
		}
	});
}

/// Flaw "failed operations leaving half their effects": what was folded on the way is undone too.
#[test]
fn refused_call_should_leave_awards_waiting_when_it_fails() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		next_block();
		let waiting = owed(1);
		assert!(Compensation::harvest(signed(50), 1).is_err());
		assert!(Compensation::lower_all_rates(signed(1), MAX_RATE).is_err());
		assert!(Dpos::delegate(signed(12), 1, 1).is_err());
		assert_eq!(owed(1), waiting);
	});
}

/// Flaw "unbonding stake escaped slashes yet kept earning": what waits earns nothing.
#[test]
fn waiting_stake_should_earn_nothing_when_awards_come() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		undelegate_all(11, 1);
		let waiting = position(11, 1).unbonding[0].amount;
		run_sessions(2);
		let position = position(11, 1);
		assert_eq!((position.unbonding[0].amount, position.value), (waiting, 0));
	});
}

/// Flaw "phantom stake after complete exits": who left has no part of later awards.
#[test]
fn leaver_should_have_no_part_of_later_awards_when_it_left() {
	ExtBuilder::default().delegation(11, 1, 29_000).build_and_execute(|| {
		undelegate_all(11, 1);
		let before = value(1, 1);
		next_block();
		assert_eq!(value(1, 1), before + owed(1));
	});
}
