//! Weights of the calls and of what happens by itself, from their benchmarks.

use frame_support::weights::Weight;

/// What each step costs at most.
#[allow(missing_docs)]
pub trait WeightInfo {
	fn change_parameter() -> Weight;
	fn pause_call() -> Weight;
	fn resume_call() -> Weight;
	fn end_pauses(n: u32) -> Weight;
}
