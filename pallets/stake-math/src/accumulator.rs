//! A running index: awards for many, at the cost of one number.

use codec::{Decode, Encode, MaxEncodedLen};
use cybermiles_primitives::Balance;
use scale_info::TypeInfo;
use sp_core::U256;

/// Fraction bits of the index.
const FRACTION_BITS: u32 = 128;

/// Shares awards among members by weight, without a loop over them.
///
/// The index is what a weight of one would have earned so far, in planck times 2^128. A member notes
/// the index when it joins; what it earned is its weight times the growth since. The README has the
/// proof that nothing overflows and that members never get more than was put in.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Accumulator {
	/// Planck times 2^128 that each unit of weight has earned.
	index: U256,
	/// Weight of all members that earn now.
	weight: Balance,
}

impl Accumulator {
	/// The index as it stands.
	pub const fn index(&self) -> U256 {
		self.index
	}

	/// Weight of all members that earn now.
	pub const fn weight(&self) -> Balance {
		self.weight
	}

	/// A member of `weight` earns from now on. Returns whether there was room for its weight.
	#[must_use]
	pub fn join(&mut self, weight: Balance) -> bool {
		let sum = self.weight.checked_add(weight);
		self.weight = sum.unwrap_or(self.weight);
		sum.is_some()
	}

	/// A member of `weight` earns no more.
	pub fn leave(&mut self, weight: Balance) {
		self.weight = self.weight.saturating_sub(weight);
	}

	/// Shares `amount` among the members. Returns whether there was anybody to share it among.
	#[must_use]
	pub fn award(&mut self, amount: Balance) -> bool {
		if self.weight == 0 {
			return false;
		}
		let growth = (U256::from(amount) << FRACTION_BITS) / U256::from(self.weight);
		self.index = self.index.saturating_add(growth);
		true
	}

	/// What a member of `weight` earned since the index was `since`, in planck, rounded down.
	pub fn earned(&self, weight: Balance, since: U256) -> Balance {
		let growth = self.index.saturating_sub(since);
		let earned = growth.saturating_mul(U256::from(weight)) >> FRACTION_BITS;
		earned.try_into().unwrap_or(Balance::MAX)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const SUPPLY: Balance = 1_000_000_000 * cybermiles_primitives::CMT;

	#[test]
	fn award_should_be_shared_by_weight() {
		let mut all = Accumulator::default();
		assert!(all.join(1) && all.join(3));
		assert!(all.award(400));
		assert_eq!((all.earned(1, U256::zero()), all.earned(3, U256::zero())), (100, 300));
	}

	#[test]
	fn award_should_be_refused_when_nobody_earns() {
		let mut all = Accumulator::default();
		assert!(!all.award(400));
		assert!(all.join(5));
		all.leave(5);
		assert!(!all.award(400));
		assert_eq!(all.index(), U256::zero());
	}

	#[test]
	fn newcomer_should_not_share_what_was_earned_before() {
		let mut all = Accumulator::default();
		assert!(all.join(1) && all.award(7));
		let since = all.index();
		assert!(all.join(1) && all.award(10));
		assert_eq!((all.earned(1, U256::zero()), all.earned(1, since)), (12, 5));
	}

	/// Bug class "overflow halts the chain": one unit of weight gets the largest amount there is,
	/// and the largest weight the smallest.
	#[test]
	fn accumulator_should_not_panic_at_the_ends_of_the_range() {
		let mut all = Accumulator::default();
		assert!(all.join(1) && all.award(Balance::MAX));
		assert_eq!(all.earned(1, U256::zero()), Balance::MAX);
		assert!(!all.join(Balance::MAX));
		assert!(all.award(Balance::MAX));
		assert_eq!(all.earned(Balance::MAX, U256::zero()), Balance::MAX);
		all.leave(Balance::MAX);
		assert_eq!(all.weight(), 0);
	}

	#[derive(Clone, Debug)]
	enum Op {
		Toggle(usize),
		Award(Balance),
	}

	fn ops() -> impl Strategy<Value = Vec<Op>> {
		let amount = prop_oneof![0..10u128, 0..SUPPLY];
		let op = prop_oneof![(0..6usize).prop_map(Op::Toggle), amount.prop_map(Op::Award)];
		prop::collection::vec(op, 1..100)
	}

	proptest! {
		/// Members get all that was shared, short of less than two planck for each time one settled,
		/// and never more.
		#[test]
		fn members_should_get_what_was_shared_and_no_more(
			weights in prop::array::uniform6(1..SUPPLY), ops in ops(),
		) {
			let (mut all, mut since) = (Accumulator::default(), [None; 6]);
			let (mut shared, mut got, mut settled) = (0u128, 0u128, 0u128);
			for op in ops {
				match op {
					Op::Award(amount) => shared += if all.award(amount) { amount } else { 0 },
					Op::Toggle(who) => match since[who].take() {
						Some(index) => {
							got += all.earned(weights[who], index);
							settled += 1;
							all.leave(weights[who]);
						},
						None => {
							prop_assert!(all.join(weights[who]));
							since[who] = Some(all.index());
						},
					},
				}
			}
			for (weight, index) in weights.iter().zip(since) {
				got += index.map_or(0, |index| all.earned(*weight, index));
				settled += 1;
			}
			prop_assert!(got <= shared);
			prop_assert!(shared - got <= 2 * settled + 100);
		}
	}
}
