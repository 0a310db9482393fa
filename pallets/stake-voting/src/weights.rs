//! Weights of the calls and of what happens by itself, from their benchmarks.

use frame_support::weights::Weight;

/// What each step costs at most.
#[allow(missing_docs)]
pub trait WeightInfo {
	fn vote() -> Weight;
	fn withdraw_vote() -> Weight;
	fn vote_stake() -> Weight;
	fn withdraw_stake_vote() -> Weight;
	fn clean() -> Weight;
}

/// For tests only.
impl WeightInfo for () {
	fn vote() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn withdraw_vote() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn vote_stake() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn withdraw_stake_vote() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn clean() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
}
