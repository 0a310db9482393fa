//! What waits in the pool, as Ethereum's tools list it.

use crate::{
	convert,
	pending::{self, Waiting},
	Chain, Error,
};
use alloy_consensus::Transaction as _;
use alloy_primitives::Address;
use alloy_rpc_types_eth::Transaction;
use alloy_rpc_types_txpool::{
	TxpoolContent, TxpoolContentFrom, TxpoolInspect, TxpoolInspectSummary, TxpoolStatus,
};
use codec::Encode;
use cybermiles_runtime::{AccountId, Nonce};
use jsonrpsee::proc_macros::rpc;
use pallet_revive::ReviveApi;
use sc_transaction_pool_api::{InPoolTransaction, TransactionPool};
use sp_api::ProvideRuntimeApi;
use std::{
	collections::{BTreeMap, HashSet},
	sync::Arc,
};

/// The transactions of a sender, or what is told of them, by their nonces.
type ByNonce<T> = BTreeMap<String, T>;

/// What waits in the pool: `pending` can be in the next block, `queued` waits for another nonce.
///
/// Only transactions that were signed by Ethereum keys are told of. Each method fails if the runtime
/// of the best block does not answer.
#[rpc(server, namespace = "txpool")]
pub trait TxpoolApi {
	/// How many wait.
	#[method(name = "status", blocking)]
	fn status(&self) -> Result<TxpoolStatus, Error>;

	/// All that wait, by sender and nonce.
	#[method(name = "content", blocking)]
	fn content(&self) -> Result<TxpoolContent, Error>;

	/// Those of one sender, by nonce.
	#[method(name = "contentFrom", blocking)]
	fn content_from(&self, sender: Address) -> Result<TxpoolContentFrom, Error>;

	/// A line for each that waits, by sender and nonce.
	#[method(name = "inspect", blocking)]
	fn inspect(&self) -> Result<TxpoolInspect, Error>;
}

/// The pool, as `eth_` tells of it.
#[rpc(server, namespace = "eth")]
pub trait PendingTransactionsApi {
	/// The transactions that can be in the next block.
	#[method(name = "pendingTransactions", blocking)]
	fn pending_transactions(&self) -> Result<Vec<Transaction>, Error>;
}

/// Answers from the pool.
pub struct Txpool(pub Arc<Chain>);

/// The nonce of the next transaction of `address`: what waits in the pool without a gap is counted.
///
/// # Errors
///
/// If the runtime of the best block does not answer.
#[allow(deprecated)] // The plain forms of pallet-revive's API serve runtimes of every version.
pub fn pending_nonce(chain: &Chain, address: Address) -> Result<u64, Error> {
	let (api, best) = (chain.client.runtime_api(), chain.best_hash());
	let address = convert::account(address);
	let account = api.account_id(best, address)?;
	let nonce = api.nonce(best, address)?;
	let ready = chain.pool.ready();
	let tags = ready.flat_map(|found| found.provides().to_vec());
	let own = account.encode();
	let provided = tags.filter(|tag| tag.starts_with(&own)).collect();
	Ok(next_nonce(&account, nonce, &provided).into())
}

/// The first nonce from `nonce` on that no transaction provides. The tags are those of
/// `frame_system::CheckNonce`, so that transactions of every kind count.
fn next_nonce(account: &AccountId, nonce: Nonce, provided: &HashSet<Vec<u8>>) -> Nonce {
	let mut next = nonce;
	while provided.contains(&(account, next).encode()) {
		next = next.saturating_add(1);
	}
	next
}

fn full(waiting: &Waiting) -> Result<Transaction, Error> {
	convert::waiting(&waiting.payload, waiting.from)
}

fn summary(waiting: &Waiting) -> Result<TxpoolInspectSummary, Error> {
	Ok(TxpoolInspectSummary::from_tx(convert::envelope(&waiting.payload)?))
}

/// What `tell` says of each of `all`, by sender and nonce.
fn grouped<T>(
	all: &[Waiting],
	tell: impl Fn(&Waiting) -> Result<T, Error>,
) -> Result<BTreeMap<Address, ByNonce<T>>, Error> {
	let mut grouped = BTreeMap::<_, ByNonce<T>>::new();
	for waiting in all {
		let nonce = convert::envelope(&waiting.payload)?.nonce().to_string();
		let sender = grouped.entry(convert::address(waiting.from)).or_default();
		sender.insert(nonce, tell(waiting)?);
	}
	Ok(grouped)
}

impl TxpoolApiServer for Txpool {
	fn status(&self) -> Result<TxpoolStatus, Error> {
		let pool = pending::pool(&self.0)?;
		let (pending, queued) = (pool.ready.len() as u64, pool.future.len() as u64);
		Ok(TxpoolStatus { pending, queued })
	}

	fn content(&self) -> Result<TxpoolContent, Error> {
		let pool = pending::pool(&self.0)?;
		let (pending, queued) = (grouped(&pool.ready, full)?, grouped(&pool.future, full)?);
		Ok(TxpoolContent { pending, queued })
	}

	fn content_from(&self, sender: Address) -> Result<TxpoolContentFrom, Error> {
		let TxpoolContent { mut pending, mut queued } = self.content()?;
		Ok(TxpoolContentFrom {
			pending: pending.remove(&sender).unwrap_or_default(),
			queued: queued.remove(&sender).unwrap_or_default(),
		})
	}

	fn inspect(&self) -> Result<TxpoolInspect, Error> {
		let pool = pending::pool(&self.0)?;
		let (pending, queued) = (grouped(&pool.ready, summary)?, grouped(&pool.future, summary)?);
		Ok(TxpoolInspect { pending, queued })
	}
}

impl PendingTransactionsApiServer for Txpool {
	fn pending_transactions(&self) -> Result<Vec<Transaction>, Error> {
		pending::transactions(&self.0)?.iter().map(full).collect()
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::eth::submit::testing;

	const ANN: AccountId = AccountId::new([1; 32]);
	const BOB: AccountId = AccountId::new([2; 32]);

	fn provided(tags: &[(AccountId, Nonce)]) -> HashSet<Vec<u8>> {
		tags.iter().map(Encode::encode).collect()
	}

	#[test]
	fn the_pending_nonce_follows_what_waits_without_a_gap() {
		for (tags, nonce, next) in [
			(vec![], 3, 3),
			(vec![(ANN, 3), (ANN, 4)], 3, 5),
			(vec![(ANN, 4)], 3, 3),
			(vec![(ANN, 3), (ANN, 5)], 3, 4),
			(vec![(BOB, 3)], 3, 3),
			// The pool still lists what the best block took.
			(vec![(ANN, 2), (ANN, 3)], 3, 4),
		] {
			assert_eq!(next_nonce(&ANN, nonce, &provided(&tags)), next, "{tags:?}");
		}
	}

	#[test]
	fn transactions_are_listed_by_sender_and_nonce() -> Result<(), Error> {
		let all: Vec<_> = [5, 6].map(testing::waiting).to_vec();
		let sender = convert::address(all[0].from);
		let content = grouped(&all, full)?;
		assert_eq!(content.keys().collect::<Vec<_>>(), [&sender]);
		assert_eq!(content[&sender].keys().collect::<Vec<_>>(), ["5", "6"]);
		assert_eq!(*content[&sender]["5"].inner.tx_hash(), all[0].hash);
		let lines = convert::json(&grouped(&all, summary)?)?;
		let line = "0x0000000000000000000000000000000000000007: 1 wei + 50000 gas × 2000000000 wei";
		assert_eq!(lines[sender.to_string().to_lowercase()]["6"], line);
		Ok(())
	}
}
