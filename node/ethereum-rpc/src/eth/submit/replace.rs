//! Transactions that take the place of one that waits: a wallet's "speed up" and "cancel".

use crate::{convert, Chain, Error, Hash};
use alloy_consensus::{Transaction as _, TxEnvelope};
use alloy_primitives::U256;
use codec::Encode;
use cybermiles_primitives::ethereum::EthereumApi;
use cybermiles_runtime::Nonce;
use pallet_revive::ReviveApi;
use sc_transaction_pool_api::{InPoolTransaction, TransactionPool};
use sp_api::ProvideRuntimeApi;
use sp_core::H160;

/// Part of the old prices, in percent, that a transaction must offer to replace another one, as in
/// geth.
const WANTED: u128 = 110;

/// Refuses a transaction of `sender` that is in the pool, or whose nonce another one has there that
/// offers as much or hardly less. Gas costs `price`.
///
/// What pays no tip is left to the pool, which replaces nothing with it: to look for another one takes
/// as long as the pool is large.
pub(super) fn check(
	chain: &Chain,
	best: Hash,
	sender: H160,
	transaction: &TxEnvelope,
	price: U256,
) -> Result<(), Error> {
	if U256::from(transaction.effective_gas_price(Some(price.saturating_to()))) <= price {
		return Ok(());
	}
	for other in rivals(chain, best, sender, transaction.nonce())? {
		if other.tx_hash() == transaction.tx_hash() {
			return Err(super::already_known());
		}
		if !outbids(transaction, &other) {
			return Err(super::underpriced());
		}
	}
	Ok(())
}

/// The transactions of the pool with this sender and nonce.
fn rivals(chain: &Chain, best: Hash, sender: H160, nonce: u64) -> Result<Vec<TxEnvelope>, Error> {
	let api = chain.client.runtime_api();
	let Ok(nonce) = Nonce::try_from(nonce) else { return Ok(Vec::new()) };
	#[allow(deprecated)] // The plain form serves runtimes of every version.
	let tag = (api.account_id(best, sender)?, nonce).encode();
	let (ready, future) = (chain.pool.ready(), chain.pool.futures());
	let ready = ready.filter(|found| found.provides().contains(&tag));
	let future = future.iter().filter(|found| found.provides().contains(&tag));
	let mut found: Vec<_> = ready.map(|found| (**found.data()).clone()).collect();
	found.extend(future.map(|found| (**found.data()).clone()));
	if found.is_empty() {
		return Ok(Vec::new());
	}
	let found = api.ethereum_transactions(best, found)?.into_iter().flatten();
	found.map(|found| convert::envelope(&found.payload)).collect()
}

/// Whether `new` offers so much more than `old`, for gas and as a tip, that it may replace it.
fn outbids(new: &TxEnvelope, old: &TxEnvelope) -> bool {
	let prices = |transaction: &TxEnvelope| {
		let cap = transaction.max_fee_per_gas();
		[cap, transaction.max_priority_fee_per_gas().unwrap_or(cap)]
	};
	let mut both = prices(new).into_iter().zip(prices(old));
	both.all(|(new, old)| new > old && new >= old.saturating_mul(WANTED) / 100)
}

#[cfg(test)]
mod tests {
	use super::{
		super::testing::{of_form, priced, Form},
		*,
	};

	#[test]
	fn a_tenth_more_of_both_prices_replaces() {
		for ((cap, tip), expected) in [
			((2_000, 100), false),
			((2_200, 109), false),
			((2_199, 110), false),
			((2_200, 110), true),
			((9_000, 100), false),
			((2_000, 900), false),
		] {
			assert_eq!(outbids(&priced(cap, tip), &priced(2_000, 100)), expected, "{cap} {tip}");
		}
	}

	#[test]
	fn small_prices_must_rise_too() {
		assert!(!outbids(&priced(20, 0), &priced(10, 0)));
		assert!(!outbids(&priced(20, 1), &priced(10, 1)));
		assert!(outbids(&priced(20, 1), &priced(10, 0)));
	}

	#[test]
	fn older_forms_offer_all_of_their_price_as_a_tip() {
		// At 2 Gwei.
		let legacy = of_form(Form::Legacy(Some(18)), 0);
		assert!(!outbids(&legacy, &legacy));
		assert!(!outbids(&priced(3_000_000_000, 100), &legacy));
		assert!(outbids(&priced(2_200_000_000, 2_200_000_000), &legacy));
		assert!(!outbids(&legacy, &priced(2_000_000_000, 0)));
		assert!(outbids(&legacy, &priced(1_000_000_000, 1_000_000_000)));
	}
}
