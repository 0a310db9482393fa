//! The `debug_` methods: what transactions did step by step, and the chain's data as it is hashed.

pub mod raw;
pub mod trace;

mod frames;
mod options;
