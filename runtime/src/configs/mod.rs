//! How each pallet is set up, by concern.

pub mod consensus;
pub mod dpos;
pub mod fees;
pub mod system;
pub mod utility;
