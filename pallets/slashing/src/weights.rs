//! Weights of the calls and of what happens by itself, from their benchmarks.

use frame_support::weights::Weight;

/// What each step costs at most.
#[allow(missing_docs)]
pub trait WeightInfo {
	fn attend(n: u32) -> Weight;
	fn punish_downtime() -> Weight;
	fn punish_equivocation() -> Weight;
	fn session_start(n: u32) -> Weight;
	fn settle() -> Weight;
	fn settle_slash() -> Weight;
	fn confirm_slash() -> Weight;
	fn cancel_slash() -> Weight;
	fn pardon() -> Weight;
	fn report_double_authoring() -> Weight;
}

/// For tests only.
impl WeightInfo for () {
	fn attend(n: u32) -> Weight {
		Weight::from_parts(1_000_000, 0).saturating_mul(u64::from(n) + 1)
	}
	fn punish_downtime() -> Weight {
		Weight::from_parts(100_000_000, 0)
	}
	fn punish_equivocation() -> Weight {
		Weight::from_parts(100_000_000, 0)
	}
	fn session_start(_: u32) -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn settle() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn settle_slash() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn confirm_slash() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn cancel_slash() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn pardon() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn report_double_authoring() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
}
