//! The `eth_` methods, by what they serve.

pub mod blocks;
pub mod client;
pub mod criteria;
pub mod execute;
pub mod fees;
pub mod filters;
pub mod logs;
mod pending_block;
pub mod state;
pub mod submit;
pub mod transactions;
