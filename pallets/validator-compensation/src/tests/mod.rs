//! What the pallet does, one behaviour a test, by topic.
//!
//! Each test runs through [`crate::mock::ExtBuilder::build_and_execute`], which checks all
//! invariants of this pallet and of stake, and that no money came or went but by issuance, except
//! those that break them on purpose.

mod award;
mod example;
mod fold;
mod harvest;
mod heartbeat;
mod history;
mod offchain;
mod payout;
mod presence;
mod property;
mod queries;
mod rates;
mod scale;
mod sessions;
mod solvency;
mod try_state;

use crate::mock::*;
use cybermiles_primitives::Balance;
use sp_core::U256;
use sp_runtime::Perbill;

/// `amount * stake / total`, rounded down.
fn part(amount: Balance, stake: Balance, total: Balance) -> Balance {
	(U256::from(amount) * U256::from(stake) / U256::from(total)).as_u128()
}

/// `amount` at a rate of `tenths` of a per cent, rounded down.
fn at(amount: Balance, tenths: Balance) -> Balance {
	part(amount, tenths, 1_000)
}

/// An index keeps less than a planck of what falls to a seat.
#[track_caller]
fn assert_near(left: Balance, right: Balance) {
	assert!(left.abs_diff(right) <= 1, "{left} is not {right}");
}

/// No new CMT: all that is awarded are fees.
fn without_inflation() {
	Inflation::set(Perbill::zero());
}
