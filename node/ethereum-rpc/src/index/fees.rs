//! What gas cost in a block.

use codec::{Decode, Encode};
use cybermiles_primitives::ethereum::{EthereumBlock, EthereumTransaction};

/// What gas cost in a block, and how much of it was used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct BlockFees {
	/// Price of gas, in planck (wei).
	pub base_fee: u64,
	gas_used: u64,
	gas_limit: u64,
	/// For each transaction what it paid above the price, and the gas for which it did; the lowest
	/// first.
	tips: Vec<(u128, u64)>,
}

impl From<&EthereumBlock> for BlockFees {
	fn from(block: &EthereumBlock) -> Self {
		let tip = |transaction: &EthereumTransaction| {
			(transaction.gas_price.saturating_sub(block.base_fee.into()), transaction.gas_used)
		};
		let mut tips: Vec<_> = block.transactions.iter().map(tip).collect();
		tips.sort_unstable();
		let (base_fee, gas_used, gas_limit) = (block.base_fee, block.gas_used, block.gas_limit);
		Self { base_fee, gas_used, gas_limit, tips }
	}
}

impl BlockFees {
	/// How full the block was, from 0 to 1.
	pub fn fullness(&self) -> f64 {
		match self.gas_limit {
			0 => 0.0,
			limit => (self.gas_used as f64 / limit as f64).min(1.0),
		}
	}

	/// For each of `percentiles`, which rise, the tip that this part of the gas did not pay more than,
	/// as geth counts it.
	pub fn tips(&self, percentiles: &[f64]) -> Vec<u128> {
		let mut tips = self.tips.iter();
		let (mut tip, mut gas) = tips.next().copied().unwrap_or_default();
		let at = |percentile: &f64| {
			let wanted = (self.gas_used as f64 * percentile / 100.0) as u64;
			while gas < wanted {
				let Some((next, more)) = tips.next() else { break };
				(tip, gas) = (*next, gas.saturating_add(*more));
			}
			tip
		};
		percentiles.iter().map(at).collect()
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::testing;

	fn fees(gas_used: u64, tips: &[(u128, u64)]) -> BlockFees {
		BlockFees { base_fee: 10, gas_used, gas_limit: 100, tips: tips.to_vec() }
	}

	#[test]
	fn tips_are_what_was_paid_above_the_price() {
		let paid = |gas_price, gas_used| EthereumTransaction {
			gas_price,
			gas_used,
			..testing::transaction(Vec::new())
		};
		let transactions = vec![paid(15, 3), paid(10, 2), paid(12, 1)];
		let block = EthereumBlock { base_fee: 10, transactions, ..testing::block(1) };
		assert_eq!(BlockFees::from(&block).tips, [(0, 2), (2, 1), (5, 3)]);
	}

	#[test]
	fn tips_are_counted_by_the_gas_that_paid_them() {
		let block = fees(40, &[(0, 10), (2, 20), (9, 10)]);
		let tips = block.tips(&[0.0, 25.0, 25.1, 26.0, 28.0, 75.0, 78.0, 100.0]);
		assert_eq!(tips, [0, 0, 0, 0, 2, 2, 9, 9]);
		assert_eq!(fees(0, &[]).tips(&[0.0, 100.0]), [0, 0]);
		assert_eq!(fees(40, &[(7, 40)]).tips(&[0.0, 50.0, 100.0]), [7, 7, 7]);
	}

	#[test]
	fn fullness_is_a_part_of_one() {
		assert_eq!(fees(40, &[]).fullness(), 0.4);
		assert_eq!(fees(140, &[]).fullness(), 1.0);
		assert_eq!(BlockFees::default().fullness(), 0.0);
	}
}
