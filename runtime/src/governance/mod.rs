//! How stake governs the chain (protocol section 8).
//!
//! Referenda, preimages, scheduling, the treasury and pausing are pallets of the SDK; the votes are
//! counted by pallet-stake-voting, and what only a referendum does stands in pallet-governance. Here
//! they are tied together:
//!
//! - [`origins`]: in whose name a referendum of each track acts.
//! - [`tracks`]: what each track needs, and how long it takes.
//! - [`alarms`]: how referenda wake up however many there are.
//! - [`deposits`]: what pallet-referenda would keep for ever.
//! - [`queries`]: proposals and votes as nodes, wallets and contracts read them.
//! - [`dry_run`]: what a call would do if a referendum enacted it now.

pub mod alarms;
pub mod deposits;
pub mod dry_run;
mod names;
pub mod origins;
pub mod queries;
pub mod tracks;
