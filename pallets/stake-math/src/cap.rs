//! The cap on voting power (protocol section 5).

use alloc::vec::Vec;
use cybermiles_primitives::Balance;
use sp_arithmetic::{helpers_128bit::multiply_by_rational_with_rounding, Perbill, Rounding};

/// How much of each of `stakes` counts, in the order given, when none may count for more than
/// `cap` of the counted total.
///
/// This is water-filling to the fixed point: the `k` largest count for one level `L`, all others
/// in full, with `L = cap * (k * L + rest)`, hence `L = cap * rest / (1 - k * cap)`, rounded down.
/// Where the group is too small for the cap, the cap is `1 / n`: all count for as much as the
/// smallest.
pub fn counted_stakes(stakes: &[Balance], cap: Perbill) -> Vec<Balance> {
	let level = level(stakes, u128::from(cap.deconstruct()));
	stakes.iter().map(|stake| (*stake).min(level)).collect()
}

/// The most that one stake may count for, where `cap` is in parts of a thousand million.
fn level(stakes: &[Balance], cap: u128) -> Balance {
	const ONE: u128 = 1_000_000_000;
	let mut sorted = stakes.to_vec();
	sorted.sort_unstable_by(|a, b| b.cmp(a));
	if cap * sorted.len() as u128 <= ONE {
		return sorted.last().copied().unwrap_or_default();
	}
	let mut rest = sorted.iter().fold(0u128, |sum, stake| sum.saturating_add(*stake));
	let mut uncapped_part = ONE;
	for stake in sorted {
		// `uncapped_part` is 1 - k * cap. It cannot reach zero here: as soon as it is no larger
		// than `cap`, the level is no smaller than `rest`, and so than the stake looked at.
		let level =
			multiply_by_rational_with_rounding(cap, rest, uncapped_part.max(1), Rounding::Down)
				.unwrap_or(Balance::MAX);
		if stake <= level {
			return level;
		}
		rest = rest.saturating_sub(stake);
		uncapped_part = uncapped_part.saturating_sub(cap);
	}
	Balance::MAX
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const SUPPLY: Balance = 1_000_000_000 * cybermiles_primitives::CMT;
	const TWELVE: Perbill = Perbill::from_percent(12);

	#[test]
	fn counted_should_be_the_stake_when_nobody_reaches_the_cap() {
		let stakes = [100; 19];
		assert_eq!(counted_stakes(&stakes, TWELVE), stakes);
	}

	#[test]
	fn counted_should_reach_the_fixed_point_when_one_is_far_ahead() {
		// One pass would grant 12 % of 1,900, which is 228; of what then counts that is 20 %.
		let stakes = [&[1_000][..], &[50; 18]].concat();
		let counted = counted_stakes(&stakes, TWELVE);
		assert_eq!(counted[0], 122); // 0.12 * 900 / 0.88
		assert_eq!(counted[1..], stakes[1..]);
	}

	#[test]
	fn counted_should_be_all_equal_when_the_group_is_too_small_for_the_cap() {
		assert_eq!(counted_stakes(&[9, 5, 7], TWELVE), [5, 5, 5]);
		assert_eq!(counted_stakes(&[9], TWELVE), [9]);
		assert_eq!(counted_stakes(&[], TWELVE), Vec::<Balance>::new());
	}

	#[test]
	fn counted_should_be_the_stake_when_the_cap_is_everything() {
		assert_eq!(counted_stakes(&[9, 1], Perbill::one()), [9, 1]);
	}

	#[test]
	fn counted_should_survive_the_largest_numbers() {
		let counted = counted_stakes(&[Balance::MAX; 64], Perbill::from_percent(50));
		assert_eq!(counted.len(), 64);
		assert_eq!(counted_stakes(&[0; 64], TWELVE), [0; 64]);
	}

	proptest! {
		/// Invariant 5: no counted stake exceeds the cap, and the level cannot be raised.
		#[test]
		fn counted_should_never_exceed_the_cap_and_waste_nothing(
			stakes in prop::collection::vec(1..SUPPLY / 64, 1..64), parts in 1..=1_000_000_000u32,
		) {
			let n = stakes.len() as u128;
			let cap = u128::from(parts);
			let counted = counted_stakes(&stakes, Perbill::from_parts(parts));
			let total: Balance = counted.iter().sum();
			let highest = counted.iter().max().copied().unwrap_or_default();
			if cap * n <= 1_000_000_000 {
				prop_assert!(counted.iter().all(|c| *c == *stakes.iter().min().unwrap()));
				return Ok(());
			}
			prop_assert!(highest * 1_000_000_000 <= cap * total);
			let capped = counted.iter().zip(&stakes).filter(|(c, s)| c < s).count() as u128;
			prop_assert!(counted.iter().zip(&stakes).all(|(c, s)| c == s || *c == highest));
			if capped > 0 {
				let (higher, total) = (highest + 1, total + capped);
				prop_assert!(higher * 1_000_000_000 > cap * total);
			}
		}

		#[test]
		fn counted_should_not_depend_on_the_order(
			mut stakes in prop::collection::vec(1..SUPPLY / 64, 1..64), parts in 1..=1_000_000_000u32,
		) {
			let cap = Perbill::from_parts(parts);
			let mut counted = counted_stakes(&stakes, cap);
			counted.reverse();
			stakes.reverse();
			prop_assert_eq!(counted_stakes(&stakes, cap), counted);
		}
	}
}
