//! What is known of many heights at once.

use alloy_primitives::Bloom;
use codec::{Decode, Encode};
use cybermiles_primitives::ethereum::BLOOM_BYTES;
use std::ops::RangeInclusive;

/// Heights of a section.
pub const SECTION: u64 = 256;

/// What is known of the blocks of a section, of all forks.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Section {
	/// The union of their blooms.
	bloom: [u8; BLOOM_BYTES],
	/// A bit for each height of which there is a block.
	present: [u8; SECTION as usize / 8],
}

impl Default for Section {
	fn default() -> Self {
		Self { bloom: [0; BLOOM_BYTES], present: [0; SECTION as usize / 8] }
	}
}

impl Section {
	/// Adds a block.
	pub(super) fn add(&mut self, number: u64, bloom: [u8; BLOOM_BYTES]) {
		let (byte, bit) = place(number);
		self.present[byte] |= bit;
		self.bloom = (Bloom::from(self.bloom) | Bloom::from(bloom)).0 .0;
	}

	/// The union of the blooms of its blocks.
	pub fn bloom(&self) -> Bloom {
		self.bloom.into()
	}

	/// The first of these `heights`, which are of this section, of which there is no block.
	pub fn first_missing(&self, mut heights: RangeInclusive<u64>) -> Option<u64> {
		heights.find(|number| {
			let (byte, bit) = place(*number);
			self.present[byte] & bit == 0
		})
	}
}

/// The byte and the bit of a height.
fn place(number: u64) -> (usize, u8) {
	let offset = number % SECTION;
	((offset / 8) as usize, 1 << (offset % 8))
}

/// `range` cut at the borders of sections.
pub(super) fn sections(range: RangeInclusive<u64>) -> impl Iterator<Item = RangeInclusive<u64>> {
	let (from, to) = range.into_inner();
	(from / SECTION..=to / SECTION).map(move |section| {
		let first = section.saturating_mul(SECTION);
		from.max(first)..=to.min(first.saturating_add(SECTION - 1))
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	fn cut(from: u64, to: u64) -> Vec<(u64, u64)> {
		sections(from..=to).map(RangeInclusive::into_inner).collect()
	}

	#[test]
	fn ranges_are_cut_at_the_borders_of_sections() {
		assert_eq!(cut(0, 0), [(0, 0)]);
		assert_eq!(cut(3, 255), [(3, 255)]);
		assert_eq!(cut(255, 256), [(255, 255), (256, 256)]);
		assert_eq!(cut(10, 600), [(10, 255), (256, 511), (512, 600)]);
		assert_eq!(cut(u64::MAX, u64::MAX), [(u64::MAX, u64::MAX)]);
	}

	#[test]
	fn cut_ranges_leave_nothing_out() {
		for (from, to) in [(0, 1_000), (1, 255), (256, 256), (77, 7_777)] {
			let heights: Vec<u64> = sections(from..=to).flatten().collect();
			assert_eq!(heights, (from..=to).collect::<Vec<_>>());
		}
	}

	#[test]
	fn missing_heights_are_found() {
		let mut section = Section::default();
		assert_eq!(section.first_missing(512..=767), Some(512));
		for number in (512..768).filter(|number| ![520, 767].contains(number)) {
			section.add(number, [0; BLOOM_BYTES]);
		}
		assert_eq!(section.first_missing(512..=767), Some(520));
		assert_eq!(section.first_missing(521..=767), Some(767));
		assert_eq!(section.first_missing(521..=766), None);
	}

	#[test]
	fn blooms_are_united() {
		let mut section = Section::default();
		section.add(1, [1; BLOOM_BYTES]);
		section.add(2, [6; BLOOM_BYTES]);
		section.add(3, [0; BLOOM_BYTES]);
		assert_eq!(section.bloom(), Bloom::from([7; BLOOM_BYTES]));
	}
}
