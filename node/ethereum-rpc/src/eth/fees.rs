//! What gas costs and did cost.

use crate::{
	chain::next_price,
	index::BlockFees,
	params::{IndexParam, NumberParam},
	Chain, Error, Hash,
};
use alloy_primitives::U256;
use alloy_rpc_types_eth::FeeHistory;
use jsonrpsee::proc_macros::rpc;
use sp_api::ProvideRuntimeApi;
use std::sync::Arc;

/// What gas costs and did cost, in planck (wei).
///
/// Blocks are seldom full: no tip is proposed.
#[rpc(server, namespace = "eth")]
pub trait FeesApi {
	/// Price of gas in the next block.
	#[method(name = "gasPrice", blocking)]
	fn gas_price(&self) -> Result<U256, Error>;

	/// Zero: no tip is needed for a place in a block that is not full.
	#[method(name = "maxPriorityFeePerGas")]
	fn max_priority_fee(&self) -> Result<U256, Error>;

	/// Prices, fullness and tips of the `count` blocks up to `newest`, oldest first.
	#[method(name = "feeHistory", blocking)]
	fn fee_history(
		&self,
		count: IndexParam,
		newest: NumberParam,
		percentiles: Option<Vec<f64>>,
	) -> Result<FeeHistory, Error>;
}

/// Answers from the state and the index.
pub struct Fees(pub Arc<Chain>);

impl Fees {
	/// Price of gas in a block upon `parent`.
	fn next_price(&self, parent: Hash) -> Result<u128, Error> {
		Ok(next_price(&self.0.client.runtime_api(), parent)?.saturating_to())
	}

	/// Price of gas after the block `newest`: that of its child, or of the one that would come next.
	fn price_after(&self, newest: u64, own: Hash) -> Result<u128, Error> {
		if let Some(child) = self.0.canonical(newest.saturating_add(1))? {
			if let Some(child) = self.0.index.fees(child)? {
				return Ok(child.base_fee.into());
			}
		}
		self.next_price(own)
	}

	/// The blocks of the best chain from `oldest` to `newest`.
	fn blocks(&self, oldest: u64, newest: u64) -> Result<Vec<(Hash, BlockFees)>, Error> {
		let block = |number: u64| {
			self.0
				.fees(number.into())?
				.ok_or_else(|| Error::UnknownBlock(number.to_string()))
		};
		(oldest..=newest).map(block).collect()
	}
}

/// Percentiles of tips that one request may ask for, of each block; as many as geth allows.
const MAX_PERCENTILES: usize = 100;

/// Demands percentiles that rise from 0 to 100, and no more than an answer may hold.
fn check_percentiles(percentiles: &[f64]) -> Result<(), Error> {
	if percentiles.len() > MAX_PERCENTILES {
		return Err(Error::InvalidParams(format!(
			"invalid reward percentile: {} of them, {MAX_PERCENTILES} at most",
			percentiles.len(),
		)));
	}
	let within = percentiles.iter().all(|percentile| (0.0..=100.0).contains(percentile));
	match within && percentiles.is_sorted() {
		true => Ok(()),
		false => Err(Error::InvalidParams(
			"invalid reward percentile: percentiles must rise, from 0 to 100".into(),
		)),
	}
}

impl FeesApiServer for Fees {
	fn gas_price(&self) -> Result<U256, Error> {
		Ok(U256::from(self.next_price(self.0.best_hash())?))
	}

	fn max_priority_fee(&self) -> Result<U256, Error> {
		Ok(U256::ZERO)
	}

	fn fee_history(
		&self,
		count: IndexParam,
		newest: NumberParam,
		percentiles: Option<Vec<f64>>,
	) -> Result<FeeHistory, Error> {
		check_percentiles(percentiles.as_deref().unwrap_or_default())?;
		let count = count.0.min(self.0.settings.max_fee_history);
		let newest = self.0.number_of(newest.0)?;
		if count == 0 {
			return Ok(FeeHistory::default());
		}
		let oldest = newest.saturating_sub(count - 1);
		let blocks = self.blocks(oldest, newest)?;
		let mut prices: Vec<u128> = blocks.iter().map(|(_, block)| block.base_fee.into()).collect();
		if let Some((own, _)) = blocks.last() {
			prices.push(self.price_after(newest, *own)?);
		}
		let tips = |percentiles: Vec<f64>| {
			blocks.iter().map(|(_, block)| block.tips(&percentiles)).collect()
		};
		Ok(FeeHistory {
			base_fee_per_gas: prices,
			gas_used_ratio: blocks.iter().map(|(_, block)| block.fullness()).collect(),
			oldest_block: oldest,
			reward: percentiles.map(tips),
			..Default::default()
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn percentiles_should_be_refused_when_they_are_many_or_fall_or_leave_the_range() {
		assert!(check_percentiles(&[0.0; MAX_PERCENTILES]).is_ok());
		assert!(check_percentiles(&[0.0, 50.0, 100.0]).is_ok());
		for (percentiles, reason) in [
			(&[0.0; MAX_PERCENTILES + 1][..], "101 of them, 100 at most"),
			(&[50.0, 25.0], "must rise"),
			(&[-1.0], "from 0 to 100"),
			(&[100.5], "from 0 to 100"),
			(&[f64::NAN], "from 0 to 100"),
		] {
			let error = check_percentiles(percentiles).unwrap_err().to_string();
			assert!(error.contains(reason), "{error}");
		}
	}
}
