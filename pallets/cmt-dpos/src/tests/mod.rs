//! What the pallet does, one behaviour a test, by topic.
//!
//! Each test runs through [`crate::mock::ExtBuilder::build_and_execute`], which checks all
//! invariants and the conservation of money afterwards, except those that break them on purpose.

mod candidates;
mod delegation;
mod earnings;
mod election;
mod genesis;
mod history;
mod model;
mod observer;
mod ownership;
mod payment;
mod property;
mod queries;
mod rebonding;
mod restoring;
mod retirement;
mod scale;
mod sessions;
mod slashed_pools;
mod try_state;
mod unbonding;
