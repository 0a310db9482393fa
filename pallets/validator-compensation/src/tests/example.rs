//! The example of the README, number by number.

use super::without_inflation;
use crate::{mock::*, AccountBooks};
use cybermiles_primitives::{api::BlockAward, Rate, CMT};
use frame_support::assert_ok;

const ALICE: AccountId = 11;
const BOB: AccountId = 12;

#[test]
fn readme_example_should_hold_when_run() {
	ExtBuilder::default().build_and_execute(|| {
		without_inflation();
		[2, 3].into_iter().for_each(go_absent);
		set_default_rate(1, Rate::from_percent(20));
		delegate(ALICE, 1, 20_000);
		set_default_rate(1, Rate::from_percent(50));
		delegate(BOB, 1, 9_000);
		beat(4);
		pay_fees(50, 64_444_444_444_444_444_444);
		next_block();
		let award = award();
		let fees = 64_444_444_444_444_444_444;
		let (to_validators, to_standbys) = (58_000_000_000_000_000_000, 6_444_444_444_444_444_444);
		assert_eq!(award, BlockAward { fees, to_validators, to_standbys, ..Default::default() });
		// The index keeps a fraction of a planck of 58 CMT.
		assert_eq!(owed(1), 58 * CMT - 1);
		assert_ok!(Compensation::set_compensation_account(signed(1), Some(60)));
		assert_eq!(value(ALICE, 1), 20_015_999_999_999_999_999_999);
		assert_eq!(value(BOB, 1), 9_004_499_999_999_999_999_999);
		assert_eq!(value(1, 1), 29_037_499_999_999_999_999_997);
		let books = AccountBooks::<Test>::get();
		assert_eq!((books.undistributed, books.fees), (4, 0));
	});
}
