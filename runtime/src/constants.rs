//! Numbers that are fixed for every CyberMiles network.
//!
//! What governance may change is not here but in [`crate::parameters`].

pub use cybermiles_primitives::CMT;

/// Time, in milliseconds and in blocks.
pub mod time {
	use crate::BlockNumber;

	/// Length of an Aura slot, and so the time between two blocks, in milliseconds.
	///
	/// Fixed for ever: slot numbers are counted with it from the epoch on.
	pub const SLOT_DURATION: u64 = 3_000;

	/// Blocks in a minute.
	pub const MINUTES: BlockNumber = (60_000 / SLOT_DURATION) as BlockNumber;
	/// Blocks in an hour.
	pub const HOURS: BlockNumber = MINUTES * 60;
	/// Blocks in a day.
	pub const DAYS: BlockNumber = HOURS * 24;
}

/// Money, in planck (10^-18 CMT).
pub mod currency {
	use crate::Balance;
	use cybermiles_primitives::CMT;

	/// All CMT that exist in the genesis block of a network: 1,000,000,000.
	pub const GENESIS_SUPPLY: Balance = 1_000_000_000 * CMT;

	/// What an account must hold to exist.
	///
	/// One planck: an account on whose behalf a contract or a delegation pays out is never refused.
	pub const EXISTENTIAL_DEPOSIT: Balance = 1;

	/// A thousandth of the list price of a picosecond of weight.
	///
	/// The multiplier of fees never falls below [`LIST_PRICE`], so a picosecond costs 16,000 planck
	/// or more, and all that a block may take of transactions 0.024 CMT.
	pub const FEE_PER_REF_TIME: Balance = 16;

	/// The multiplier of fees in a calm network.
	///
	/// The price of gas moves in steps of [`GAS_PRICE_STEP`]: with a thousand of them at list price,
	/// a step is a thousandth of the price.
	pub const LIST_PRICE: u32 = 1_000;

	/// The multiplier of fees at most: a gas price of 1,000,000 Gwei, which fits 64 bits of wei.
	pub const HIGHEST_PRICE: u32 = 1_000_000_000;

	/// The price of gas in wei (planck) for each whole part of the multiplier: 1 Gwei at list price.
	pub const GAS_PRICE_STEP: u32 = 1_000_000;

	/// Gas at list price, in planck.
	pub const GAS: Balance = LIST_PRICE as Balance * GAS_PRICE_STEP as Balance;

	/// Fee per byte of a transaction: 16 gas, as a byte of call data costs on Ethereum.
	pub const FEE_PER_BYTE: Balance = 16 * GAS;

	/// Deposit for a byte that a contract stores, given back when it is freed: 150 gas. With the 30 % that
	/// pallet-revive adds for whoever holds a code, a byte of code costs 195, as on Ethereum 200.
	pub const CONTRACT_BYTE_DEPOSIT: Balance = 150 * GAS;

	/// Deposit for each entry that a contract takes in the chain's own state.
	pub const CONTRACT_ITEM_DEPOSIT: Balance = 10_000 * GAS;

	/// Deposit for each slot that a contract fills: with its 64 bytes about Ethereum's 20,000 gas.
	pub const CONTRACT_SLOT_DEPOSIT: Balance = 10_200 * GAS;

	/// What a candidate leaves as deposit for its session keys.
	///
	/// Without one, storage could be filled with keys for nothing.
	pub const KEY_DEPOSIT: Balance = 10 * CMT;

	/// What whoever submits a referendum leaves as deposit.
	pub const SUBMISSION_DEPOSIT: Balance = 100 * CMT;

	/// Deposit for `items` storage entries with `bytes` bytes in all.
	pub const fn deposit(items: u32, bytes: u32) -> Balance {
		items as Balance * (CMT / 10) + bytes as Balance * (CMT / 1_000)
	}
}

/// What a block may hold.
pub mod block {
	use frame_support::weights::{constants::WEIGHT_REF_TIME_PER_SECOND, Weight};
	use sp_runtime::Perbill;

	/// Time that a block may take to execute: 2 of the 3 seconds of a slot.
	///
	/// The size of storage proofs is not limited: there is no relay chain to send them to.
	pub const MAX_WEIGHT: Weight = Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, u64::MAX);

	/// Length of a block, in bytes.
	pub const MAX_LENGTH: u32 = 5 * 1024 * 1024;

	/// The part of a block that ordinary transactions may fill; the rest is for operational ones.
	pub const NORMAL_RATIO: Perbill = Perbill::from_percent(75);
}

/// Upper bounds on stored sets.
///
/// They follow from the widest range of the parameters in [`crate::parameters`] and may grow, but
/// never shrink: what is stored must stay decodable.
pub mod bounds {
	use crate::parameters::ranged::{U32From1To1440, U32From1To28, U32From1To64};

	/// Most authorities that a session can have.
	pub const MAX_AUTHORITIES: u32 = U32From1To64::MAX;

	/// Most sessions for which an offence can still be proven: the longest unbonding time.
	pub const MAX_PROVABLE_SESSIONS: u64 = U32From1To28::MAX as u64 * U32From1To1440::MAX as u64;
}
