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

	/// The rate as a fixed-point part of one.
	pub fn as_permill(self) -> Permill {
		Permill::from_parts(u32::from(self.0) * 1_000)
	}
}

/// A class: the delegations of one candidate that pay the same compensation rate.
///
/// The number only names the class. A class made for newcomers bears the rate that its first
/// delegator agreed to; what it pays later can only be less.
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

	/// The class of delegators who agreed to `rate`.
	pub const fn agreed_at(rate: Rate) -> Self {
		Self(rate.0)
	}

	/// The rate agreed on by the members of this class; `Rate(0)` for the owner.
	pub fn agreed_rate(self) -> Rate {
		if self == Self::OWNER {
			Rate(0)
		} else {
			Rate(self.0)
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
}
