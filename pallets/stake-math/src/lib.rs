//! # Stake arithmetic
//!
//! What the staking pallets calculate, as plain functions without storage or FRAME:
//!
//! - [`Pool`]: stake that many delegators hold in shares. Awards, slashes, entries and exits each
//!   cost the same however many delegators there are.
//! - [`Accumulator`]: awards shared among many by weight, at the cost of one number.
//! - [`cap`]: how much of each candidate's stake counts, so that none counts for more than a given
//!   part of its group.
//!
//! Every rounding goes against whoever receives, and stays in the pool. The README has the
//! formulas and the proofs.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod accumulator;
pub mod cap;
mod pool;

pub use accumulator::Accumulator;
pub use pool::{Pool, PoolError};
