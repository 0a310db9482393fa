//! Values that know their range.
//!
//! A parameter of such a type cannot hold a value out of range, wherever the value comes from: a
//! call with one is refused when it is decoded, a genesis file when it is read, a default when it
//! is compiled. The name of the type tells the range, so that a wallet shows it.
//!
//! A range may grow in an upgrade but never shrink, or a stored value could no longer be read.

use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use cybermiles_primitives::{Balance, CMT};
use scale_info::TypeInfo;
use serde::{Deserialize, Deserializer, Serialize};
use sp_runtime::Perbill;

/// Defines a type `$name` that holds one `$inner` whose number lies in `$min..=$max` of `$unit`.
///
/// `$number` computes that number, as a `u128`, from the value named `$value`.
macro_rules! ranged {
	(
		$(#[$doc:meta])*
		$name:ident($value:ident: $inner:ty) => $number:expr,
		$min:literal..=$max:literal, $unit:literal * $factor:expr
	) => {
		$(#[$doc])*
		#[derive(
			Clone, Copy, Debug, Encode, Eq, MaxEncodedLen, PartialEq, Serialize, TypeInfo,
		)]
		#[serde(transparent)]
		pub struct $name($inner);

		impl $name {
			const OUT_OF_RANGE: &'static str =
				concat!("value out of range ", $min, "..=", $max, $unit);

			/// A value known when the runtime is compiled; out of range, it does not compile as a
			/// constant and panics elsewhere.
			pub const fn new(value: $inner) -> Self {
				assert!(Self::in_range(value), "value out of range");
				Self(value)
			}

			/// Whether `value` lies in the range.
			pub const fn in_range($value: $inner) -> bool {
				let number: u128 = $number;
				$min * $factor <= number && number <= $max * $factor
			}

			/// The plain value.
			pub const fn get(self) -> $inner {
				self.0
			}
		}

		impl TryFrom<$inner> for $name {
			type Error = &'static str;

			fn try_from(value: $inner) -> Result<Self, Self::Error> {
				Self::in_range(value).then_some(Self(value)).ok_or(Self::OUT_OF_RANGE)
			}
		}

		impl From<$name> for $inner {
			fn from(value: $name) -> Self {
				value.0
			}
		}

		impl Decode for $name {
			fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
				Self::try_from(<$inner>::decode(input)?).map_err(Error::from)
			}
		}

		impl DecodeWithMemTracking for $name {}

		impl<'de> Deserialize<'de> for $name {
			fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
				Self::try_from(<$inner>::deserialize(from)?).map_err(serde::de::Error::custom)
			}
		}
	};
}

/// Defines a range of whole numbers, with its ends as constants.
macro_rules! ranged_u32 {
	($(#[$doc:meta])* $name:ident, $min:literal..=$max:literal) => {
		ranged!($(#[$doc])* $name(value: u32) => value as u128, $min..=$max, "" * 1);

		impl $name {
			/// The least value.
			pub const MIN: u32 = $min;
			/// The greatest value.
			pub const MAX: u32 = $max;
		}
	};
}

ranged_u32!(
	/// 0 to 32.
	U32From0To32, 0..=32
);
ranged_u32!(
	/// 1 to 28.
	U32From1To28, 1..=28
);
ranged_u32!(
	/// 1 to 64.
	U32From1To64, 1..=64
);
ranged_u32!(
	/// 1 to 1,440.
	U32From1To1440, 1..=1440
);
ranged_u32!(
	/// 2 to 10,000.
	U32From2To10000, 2..=10000
);
ranged_u32!(
	/// 5 to 28,800.
	U32From5To28800, 5..=28800
);
ranged!(
	/// 1 to 1,000,000 CMT, in planck.
	CmtFrom1To1000000(planck: Balance) => planck, 1..=1000000, " CMT" * CMT
);
ranged!(
	/// 100 to 100,000,000 CMT, in planck.
	CmtFrom100To100000000(planck: Balance) => planck, 100..=100000000, " CMT" * CMT
);
ranged!(
	/// 1 to 525,600 minutes, in milliseconds.
	MinutesFrom1To525600(millis: u64) => millis as u128, 1..=525600, " min" * 60_000
);
ranged!(
	/// 0 to 10 %, in parts per billion.
	PercentFrom0To10(part: Perbill) => part.deconstruct() as u128,
	0..=10, " %" * 10_000_000
);
ranged!(
	/// 0 to 20 %, in parts per billion.
	PercentFrom0To20(part: Perbill) => part.deconstruct() as u128,
	0..=20, " %" * 10_000_000
);
ranged!(
	/// 0 to 50 %, in parts per billion.
	PercentFrom0To50(part: Perbill) => part.deconstruct() as u128,
	0..=50, " %" * 10_000_000
);
ranged!(
	/// 10 to 50 %, in parts per billion.
	PercentFrom10To50(part: Perbill) => part.deconstruct() as u128,
	10..=50, " %" * 10_000_000
);
ranged!(
	/// 1 to 100 %, in parts per billion.
	PercentFrom1To100(part: Perbill) => part.deconstruct() as u128,
	1..=100, " %" * 10_000_000
);
