//! Weights as the runtime encodes them, in words of time.

use codec::{Decode, Encode};
use sp_runtime::Weight;

/// Weight of a block by class of its dispatches, as `System.BlockWeight` holds it.
#[derive(Clone, Copy, Debug, Decode, Default, Encode)]
pub(crate) struct BlockWeight {
	normal: Weight,
	operational: Weight,
	mandatory: Weight,
}

impl BlockWeight {
	pub(crate) fn total(&self) -> Weight {
		self.normal.saturating_add(self.operational).saturating_add(self.mandatory)
	}
}

/// The time that a weight stands for.
pub(crate) fn milliseconds(weight: Weight) -> String {
	format!("{:.1}", weight.ref_time() as f64 / 1e9)
}

/// The part of `room` that `used` takes.
pub(crate) fn percent(used: Weight, room: Weight) -> String {
	format!("{:.1} %", 100.0 * used.ref_time() as f64 / room.ref_time().max(1) as f64)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn times_are_told_in_milliseconds() {
		let room = Weight::from_parts(2_000_000_000_000, u64::MAX);
		let used = Weight::from_parts(150_000_000_000, 0);
		assert_eq!(milliseconds(used), "150.0");
		assert_eq!(percent(used, room), "7.5 %");
		assert_eq!(percent(used, Weight::zero()), "15000000000000.0 %");
	}

	#[test]
	fn a_block_weighs_what_its_classes_weigh() {
		let of = |time| Weight::from_parts(time, 1);
		let block = BlockWeight { normal: of(1), operational: of(20), mandatory: of(300) };
		assert_eq!(block.total(), Weight::from_parts(321, 3));
	}
}
