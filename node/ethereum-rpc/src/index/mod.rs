//! Ethereum's blocks, transactions, receipts and logs, which are in no state that can be asked for
//! later.
//!
//! Each block's contents are taken out of its state while it is imported ([`IndexedImport`]), so
//! that they outlive the state. What a crash lost is made up for at the next start ([`catch_up`]).
//! Blocks of all forks are kept; which of them is canonical is always asked of the chain itself.

mod bell;
mod catch_up;
mod fees;
mod import;
mod metrics;
mod search;
mod section;
mod store;

pub use catch_up::{catch_up, Scope, Tally};
pub use fees::BlockFees;
pub use import::IndexedImport;
pub use metrics::Metrics;
pub(crate) use search::check_rows;
pub use search::{matching, BestChain};
pub use section::{Section, SECTION};
pub use store::{Index, Place};
