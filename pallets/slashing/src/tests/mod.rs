//! What the pallet does, one behaviour a test, by topic.
//!
//! Each test runs through [`crate::mock::ExtBuilder::build_and_execute`], which checks all
//! invariants and the conservation of money afterwards, except those that break them on purpose.

mod attendance;
mod cancelling;
mod equivocation;
mod jail;
mod keys;
mod mass_absence;
mod property;
mod queries;
mod reports;
mod settlement;
mod slashes;
mod try_state;
mod unsigned_reports;
