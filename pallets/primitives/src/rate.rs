//! Compensation rates and the classes of delegations that share one.

use crate::RATE_UNIT;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::Permill;

/// A compensation rate in tenths of a per cent: 0 is nothing, 1000 is 100 %.
///
/// Whole and tenth per cents are all that the protocol knows (section 4), so that the number of
/// classes stays small and a rate is exact.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	Decode,
	DecodeWithMemTracking,
	Deserialize,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	Serialize,
	TypeInfo,
)]
#[serde(transparent)]
pub struct Rate(pub u16);

impl Rate {
	/// The whole award: 100 %.
	pub const MAX: Self = Self(RATE_UNIT);

	/// A rate of whole per cents, at most 100 %.
	pub const fn from_percent(percent: u16) -> Self {
		Self(if percent > 100 { RATE_UNIT } else { percent * 10 })
	}

	/// Whether the rate lies in 0..=100 %.
	pub const fn in_range(self) -> bool {
		self.0 <= RATE_UNIT
	}

	/// What is left of one after the rate, as a fixed-point part of one.
	pub fn rest(self) -> Permill {
		Self(RATE_UNIT.saturating_sub(self.0)).as_permill()
	}

	/// The rate as a fixed-point part of one.
	pub fn as_permill(self) -> Permill {
		Permill::from_parts(u32::from(self.0) * 1_000)
	}
}

/// A class: the delegations of one candidate that pay the same compensation rate.
///
/// The number only names the class. It bears the rate that its members agreed to, and a generation:
/// where a class was lowered, newcomers who agree to its old rate join one of a later generation.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub struct ClassId(u16);

impl ClassId {
	/// The class of the candidate's owner, which pays no compensation.
	pub const OWNER: Self = Self(u16::MAX);

	/// How many generations of classes there can be: more than a candidate has classes.
	pub const GENERATIONS: u16 = 32;

	/// How many rates there are.
	const RATES: u16 = RATE_UNIT + 1;

	/// The first class of delegators who agreed to `rate`.
	pub const fn agreed_at(rate: Rate) -> Self {
		Self::generation(rate, 0)
	}

	/// The class number `generation` of delegators who agreed to `rate`. A rate out of range counts
	/// as 100 %, a generation out of range as the last.
	pub const fn generation(rate: Rate, generation: u16) -> Self {
		let rate = if rate.in_range() { rate.0 } else { RATE_UNIT };
		let last = Self::GENERATIONS - 1;
		let generation = if generation > last { last } else { generation };
		Self(generation * Self::RATES + rate)
	}

	/// The rate agreed on by the members of this class; `Rate(0)` for the owner.
	pub const fn agreed_rate(self) -> Rate {
		if self.0 == Self::OWNER.0 {
			Rate(0)
		} else {
			Rate(self.0 % Self::RATES)
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn rate_should_be_exact_in_fixed_point_when_a_tenth_per_cent() {
		assert_eq!(Rate(1).as_permill(), Permill::from_parts(1_000));
		assert_eq!(Rate::from_percent(20).as_permill(), Permill::from_percent(20));
		assert_eq!(Rate::MAX.as_permill(), Permill::one());
	}

	#[test]
	fn rate_should_be_out_of_range_when_above_one_hundred_per_cent() {
		assert!(Rate::MAX.in_range());
		assert!(!Rate(1_001).in_range());
		assert_eq!(Rate::from_percent(101), Rate::MAX);
	}

	#[test]
	fn class_should_keep_its_agreed_rate_and_set_the_owner_apart() {
		assert_eq!(ClassId::agreed_at(Rate(155)).agreed_rate(), Rate(155));
		assert_eq!(ClassId::OWNER.agreed_rate(), Rate(0));
		assert_ne!(ClassId::OWNER, ClassId::agreed_at(Rate(0)));
	}

	#[test]
	fn class_should_differ_by_generation_and_keep_its_rate() {
		let all = (0..ClassId::GENERATIONS).flat_map(|generation| {
			(0..=RATE_UNIT).map(move |rate| (ClassId::generation(Rate(rate), generation), rate))
		});
		let mut seen = alloc::collections::BTreeSet::new();
		for (class, rate) in all {
			assert_eq!(class.agreed_rate(), Rate(rate));
			assert!(class != ClassId::OWNER && seen.insert(class));
		}
		assert_eq!(ClassId::agreed_at(Rate(7)), ClassId::generation(Rate(7), 0));
	}
}
