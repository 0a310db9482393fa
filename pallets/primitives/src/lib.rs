//! # CyberMiles primitives
//!
//! The few types and traits through which the CyberMiles pallets meet. A pallet names only what
//! stands here; the runtime alone names concrete pallets.
//!
//! - [`Rate`], [`ClassId`]: what a delegator pays its validator, and the pool this puts it in.
//! - [`PoolCut`]: what a slash took from one pool.
//! - [`traits`]: the seams. What `cmt-dpos` asks of its surroundings, and what it offers to the
//!   pallets that pay awards, slash, and count votes.
//! - [`api`]: the runtime API that nodes and wallets read.
//! - [`governance`]: the same for proposals and votes.
//! - [`ethereum`]: the same for Ethereum's tools.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod api;
mod cut;
pub mod ethereum;
pub mod governance;
mod rate;
pub mod traits;

pub use cut::{PoolCut, PoolRef};
pub use rate::{ClassId, Rate};

/// An amount of CMT in planck, the smallest unit: 10^18 planck are 1 CMT.
pub type Balance = u128;

/// Index of an era, counted from 0 at genesis.
pub type EraIndex = sp_staking::EraIndex;

/// Index of a session, counted from 0 at genesis.
pub type SessionIndex = sp_staking::SessionIndex;

/// One CMT in planck.
pub const CMT: Balance = 1_000_000_000_000_000_000;

/// Milliseconds of a year of 365 days, over which issuance is spread.
pub const YEAR_MILLIS: u64 = 365 * 24 * 60 * 60 * 1_000;

/// What a declared rate and its classes are counted in: tenths of a per cent.
pub const RATE_UNIT: u16 = 1_000;
