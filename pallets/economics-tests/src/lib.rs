//! # Proof of the economics
//!
//! The pallets of stake, awards, slashes and votes together, as the runtime ties them to each other, under
//! any sequence of calls, blocks, offences and changed parameters: after each step all books are
//! compared with those of a naive model (protocol section 10.7), and all invariants are checked.
//!
//! - [`runtime`]: the chain, and [`polls`] for its votes.
//! - [`model`]: the naive model, and by how much it lets the chain be off.
//! - [`driver`]: makes sequences out of bytes and runs them on both.
//!
//! `cargo test -p economics-tests` runs some sequences of a fixed seed. `ECONOMICS_CASES`,
//! `ECONOMICS_STEPS` and `ECONOMICS_SEED` ask for others; `cargo bench -p economics-tests` runs ten
//! thousand of 200 steps. What was found once is kept as bytes in `regressions/`.

pub mod driver;
pub mod model;
pub mod polls;
pub mod runtime;
