//! Weights of the calls, from their benchmarks.

use frame_support::weights::Weight;

/// What each call, and one payment in idle time, costs at most.
#[allow(missing_docs)]
pub trait WeightInfo {
	fn declare() -> Weight;
	fn update() -> Weight;
	fn activate() -> Weight;
	fn deactivate() -> Weight;
	fn retire() -> Weight;
	fn offer_ownership() -> Weight;
	fn accept_ownership() -> Weight;
	fn delegate() -> Weight;
	fn undelegate() -> Weight;
	fn rebond(c: u32) -> Weight;
	fn withdraw_unbonded(p: u32, c: u32) -> Weight;
	fn pay_one() -> Weight;
}

/// For tests only.
impl WeightInfo for () {
	fn declare() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn update() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn activate() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn deactivate() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn retire() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn offer_ownership() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn accept_ownership() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn delegate() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn undelegate() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn rebond(_: u32) -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn withdraw_unbonded(_: u32, _: u32) -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn pay_one() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
}
