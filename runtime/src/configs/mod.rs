//! How each pallet is set up, by concern.

#[cfg(feature = "runtime-benchmarks")]
mod benchmark_setup;
pub mod consensus;
pub mod dpos;
pub mod economics;
pub mod ethereum;
pub mod fees;
pub mod gas_tip;
pub mod governance;
pub mod system;
pub mod transactions;
pub mod utility;
