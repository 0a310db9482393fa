//! The award of a block: what it is, and who shares it.

use super::{assert_near, part, without_inflation};
use crate::{mock::*, AccountBooks};
use cybermiles_primitives::{
	api::BlockAward,
	traits::{AwardPot, Seats},
	Balance, CMT,
};
use sp_runtime::Perbill;

/// floor(0.08 * 10^27 * 3,000 / 31,536,000,000) planck.
const ISSUED: Balance = 7_610_350_076_103_500_761;

#[test]
fn issuance_should_be_the_years_part_of_a_slot_when_inflation_is_eight_per_cent() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Compensation::issuance_per_block(), ISSUED);
		assert_eq!(ISSUED, 80_000_000 * CMT * 3_000 / 31_536_000_000);
		next_block();
		assert_eq!(award().issued, ISSUED);
	});
}

#[test]
fn issuance_should_follow_inflation_and_slot_when_they_change() {
	ExtBuilder::default().build_and_execute(|| {
		Inflation::set(Perbill::from_percent(20));
		assert_eq!(Compensation::issuance_per_block(), 19_025_875_190_258_751_902);
		SlotDuration::set(6_000);
		assert_eq!(Compensation::issuance_per_block(), 38_051_750_380_517_503_805);
		SlotDuration::set(0);
		assert_eq!(Compensation::issuance_per_block(), 0);
		SlotDuration::set(u64::MAX);
		Inflation::set(Perbill::one());
		next_block();
		assert_eq!(award().issued, part(1_000_000_000 * CMT, u64::MAX.into(), 31_536_000_000));
	});
}

/// 20 % in one step would be 20.8 % of what was there before: the base is fixed.
#[test]
fn issuance_should_not_compound_when_the_supply_grows() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		run_eras(2);
		assert_eq!(award().issued, ISSUED);
	});
}

#[test]
fn award_should_be_fees_alone_when_inflation_is_zero() {
	ExtBuilder::default().build_and_execute(|| {
		without_inflation();
		pay_fees(50, 3 * CMT);
		next_block();
		let expected =
			BlockAward { fees: 3 * CMT, to_validators: 3 * CMT, ..BlockAward::default() };
		assert_eq!(award(), expected);
		next_block();
		assert_eq!(award(), BlockAward::default());
		assert_eq!(AccountBooks::<Test>::get().issued, 0);
	});
}

#[test]
fn award_should_join_issuance_and_all_fees_of_the_block_when_there_are_some() {
	ExtBuilder::default().build_and_execute(|| {
		pay_fees(50, 3 * CMT);
		pay_fees(51, 1);
		assert_eq!(AccountBooks::<Test>::get().fees, 3 * CMT + 1);
		next_block();
		let fees = 3 * CMT + 1;
		let to_validators = ISSUED + fees;
		let expected = BlockAward { issued: ISSUED, fees, to_validators, ..Default::default() };
		assert_eq!(award(), expected);
		next_block();
		assert_eq!(award().fees, 0);
	});
}

#[test]
fn supply_should_grow_by_what_was_issued_when_blocks_pass() {
	ExtBuilder::default().build_and_execute(|| {
		let before = Balances::total_issuance();
		let mut issued = 0;
		for _ in 0..40 {
			let supply = Balances::total_issuance();
			pay_fees(50, 7);
			end_block(frame_support::weights::Weight::MAX);
			assert_eq!(Balances::total_issuance() - supply, award().issued);
			issued += award().issued;
		}
		assert_eq!(issued, 40 * ISSUED);
		assert_eq!(AccountBooks::<Test>::get().issued, issued);
		assert_eq!(Balances::total_issuance(), before + issued);
	});
}

#[test]
fn award_should_be_shared_by_stake_when_validators_are_present() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		for (candidate, stake) in [(1, 29), (2, 28), (3, 27)] {
			assert_near(owed(candidate), part(ISSUED, stake, 84));
		}
		assert_eq!((owed(4), owed(5)), (0, 0));
	});
}

#[test]
fn award_should_go_to_validators_alone_when_no_standby_is_alive() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		assert_eq!((award().to_validators, award().to_standbys), (ISSUED, 0));
	});
}

#[test]
fn award_should_be_split_nine_to_one_when_a_standby_is_alive() {
	ExtBuilder::default().build_and_execute(|| {
		beat(5);
		next_block();
		let standbys = ISSUED / 10;
		assert_eq!((award().to_validators, award().to_standbys), (ISSUED - standbys, standbys));
		assert_eq!(owed(4), 0);
		assert_near(owed(5), standbys);
	});
}

/// Both standbys count for the weaker one's 25,000 CMT: two cannot be capped at 40 %.
#[test]
fn award_should_be_shared_by_counted_stake_when_the_cap_holds() {
	ExtBuilder::default().delegation(11, 1, 100_000).build_and_execute(|| {
		beat(4);
		beat(5);
		next_block();
		assert_eq!(owed(4), owed(5));
		let validators = Dpos::validators();
		let total: Balance = validators.iter().map(|(_, counted)| counted).sum();
		assert!(validators[0].1 < 129_000 * CMT && validators[0].1 <= total * 2 / 5);
		for (candidate, counted) in validators {
			assert_near(owed(candidate), part(award().to_validators, counted, total));
		}
	});
}

#[test]
fn award_should_be_carried_over_when_nobody_is_present() {
	ExtBuilder::default().build_and_execute(|| {
		[1, 2, 3].into_iter().for_each(go_absent);
		next_block();
		assert_eq!(award(), BlockAward { issued: ISSUED, ..Default::default() });
		come_back(2);
		next_block();
		assert_eq!((award().carried, award().to_validators), (ISSUED, 2 * ISSUED));
		assert_near(owed(2), 2 * ISSUED);
	});
}

#[test]
fn award_should_carry_the_validators_part_when_only_standbys_are_there() {
	ExtBuilder::default().build_and_execute(|| {
		beat(4);
		[1, 2, 3].into_iter().for_each(go_absent);
		next_block();
		let standbys = ISSUED / 10;
		assert_eq!((award().to_validators, award().to_standbys), (0, standbys));
		assert_eq!(AccountBooks::<Test>::get().undistributed, ISSUED - standbys);
	});
}

#[test]
fn award_should_take_up_what_others_add_when_the_money_is_in_escrow() {
	ExtBuilder::default().build_and_execute(|| {
		let taken = slash(1, Perbill::from_percent(1));
		let before = AccountBooks::<Test>::get().undistributed;
		release_slashes();
		next_block();
		assert_eq!(award().carried, taken + before);
		Compensation::add(0);
		next_block();
		assert_eq!(award().carried, 0);
	});
}

/// Bug class "shares summing over 100 %": whatever the parameters, the parts are the whole.
#[test]
fn award_should_be_shared_without_rest_when_the_standby_share_is_anything() {
	ExtBuilder::default().build_and_execute(|| {
		beat(4);
		beat(5);
		for parts in [0, 1, 333_333_333, 500_000_000, 999_999_999, 1_000_000_000] {
			StandbyShare::set(Perbill::from_parts(parts));
			run_sessions(1);
			let (alive, before) = (session(), AccountBooks::<Test>::get().undistributed);
			beat(4);
			next_block();
			assert_eq!(alive, session());
			let BlockAward { issued, carried, to_validators, to_standbys, .. } = award();
			assert_eq!((issued, carried), (ISSUED, before));
			assert_eq!(to_validators + to_standbys, issued + carried);
			assert_eq!(to_standbys, part(issued + carried, u128::from(parts), 1_000_000_000));
		}
	});
}

/// What the indices keep by rounding is the next session's.
#[test]
fn award_should_carry_the_dust_of_the_indices_when_a_session_begins() {
	ExtBuilder::default().build_and_execute(|| {
		without_inflation();
		pay_fees(50, 1);
		next_block();
		// Nobody's part of one planck is a planck.
		assert_eq!((owed(1), owed(2), owed(3)), (0, 0, 0));
		assert_eq!(AccountBooks::<Test>::get().pending, 1);
		run_sessions(1);
		let books = AccountBooks::<Test>::get();
		assert_eq!((books.pending, books.undistributed), (0, 1));
		next_block();
		assert_eq!((award().carried, award().to_validators), (1, 1));
	});
}
