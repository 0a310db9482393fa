//! The runtime with features that must not end up in a normal build, as WASM alone.
//!
//! `scripts/runtime-wasm.sh` calls it. The node's runtime is not touched: this one is built in a
//! folder of its own, by the same builder, and the native runtime is not compiled again.

#![cfg_attr(target_family = "wasm", no_std)]

#[cfg(target_family = "wasm")]
pub use cybermiles_runtime::*;
