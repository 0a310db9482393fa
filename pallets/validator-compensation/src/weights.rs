//! Weights of the calls and hooks, from their benchmarks.

use frame_support::weights::Weight;

/// What each call, and each thing done without a call, costs at most.
#[allow(missing_docs)]
pub trait WeightInfo {
	fn award_block() -> Weight;
	fn harvest() -> Weight;
	fn lower_rate() -> Weight;
	fn lower_all_rates() -> Weight;
	fn accept_rate() -> Weight;
	fn set_compensation_account() -> Weight;
	fn pay_compensation() -> Weight;
	fn heartbeat() -> Weight;
	fn authorize_heartbeat() -> Weight;
	fn resume_payouts() -> Weight;
}

/// For tests only.
impl WeightInfo for () {
	fn award_block() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn harvest() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn lower_rate() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn lower_all_rates() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn accept_rate() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn set_compensation_account() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn pay_compensation() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn heartbeat() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn authorize_heartbeat() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
	fn resume_payouts() -> Weight {
		Weight::from_parts(1_000_000, 0)
	}
}
