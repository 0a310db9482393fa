//! # What staking costs
//!
//! Counts what the staking of CyberMiles touches of the state, beside Substrate's pallet-staking and
//! beside a loop over delegators such as the first CyberMiles chain ran. The bench `economics`
//! prints the table; `make bench SUITE=economics` shows it.
//!
//! - [`work`]: how work is counted, and what is not counted.
//! - [`chain`]: the CyberMiles runtime with any number of delegators.
//! - [`session`]: the CyberMiles runtime right before a session change.
//! - [`nominations`]: a chain with pallet-staking.
//! - [`looped`]: the loop over delegators.
//!
//! A crate of its own, because pallet-staking and what comes with it take long to compile and
//! nothing else needs them.

// What cannot be set up cannot be measured.
#![allow(clippy::unwrap_used)]

pub mod chain;
pub mod looped;
pub mod nominations;
pub mod session;
pub mod work;

use sp_core::crypto::AccountId32;

/// The account number `index` of those of a `kind`.
pub fn numbered(kind: u8, index: u32) -> AccountId32 {
	let mut raw = [kind; 32];
	raw[..4].copy_from_slice(&index.to_le_bytes());
	AccountId32::new(raw)
}
