//! Filters: what is new since a caller last asked.

mod changes;
mod pool;

use super::{criteria::Criteria, logs::search};
use crate::{live::Live, params::IndexParam, Chain, Error, Hash};
use alloy_primitives::{B256, U64};
use alloy_rpc_types_eth::{Filter, Log};
use changes::Limits;
use jsonrpsee::proc_macros::rpc;
use pool::{Pool, LIFETIME};
use serde::Serialize;
use std::{
	sync::{Arc, Mutex, MutexGuard, PoisonError},
	time::Instant,
};

/// What is new since a caller last asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Changes {
	/// Logs; those of blocks that left the best chain are marked as removed.
	Logs(Vec<Log>),
	/// Hashes of blocks or of transactions.
	Hashes(Vec<B256>),
}

/// Filters: what is new since a caller last asked.
///
/// Each gives a number and goes when nobody asked it for 5 minutes. Installing one fails if there are
/// too many. Methods that take a number fail if there is no such filter, or no longer.
#[rpc(server, namespace = "eth")]
pub trait FiltersApi {
	/// Installs a filter over logs of blocks that join or leave the best chain.
	#[method(name = "newFilter")]
	fn new_filter(&self, filter: Criteria) -> Result<U64, Error>;

	/// Installs a filter over blocks that join the best chain.
	#[method(name = "newBlockFilter")]
	fn new_block_filter(&self) -> Result<U64, Error>;

	/// Installs a filter over transactions that come into the pool.
	#[method(name = "newPendingTransactionFilter")]
	fn new_pending_transaction_filter(&self) -> Result<U64, Error>;

	/// What is new since the last time. What would be too much for one answer comes the next time; of
	/// waiting transactions the latest 16384 are kept.
	///
	/// # Errors
	///
	/// If the chain or the index cannot be read.
	#[method(name = "getFilterChanges", blocking)]
	fn filter_changes(&self, number: IndexParam) -> Result<Changes, Error>;

	/// All logs that match a filter over logs, as `eth_getLogs` would give them.
	///
	/// # Errors
	///
	/// Those of `eth_getLogs`, and if the filter is none over logs.
	#[method(name = "getFilterLogs", blocking)]
	fn filter_logs(&self, number: IndexParam) -> Result<Vec<Log>, Error>;

	/// Removes a filter; `false` if it was not there.
	#[method(name = "uninstallFilter")]
	fn uninstall_filter(&self, number: IndexParam) -> Result<bool, Error>;
}

/// What a filter watches, and how far it told of it.
enum Watch {
	Logs { filter: Arc<Filter>, head: Hash },
	Blocks { head: Hash },
	Transactions { next: u64 },
}

/// Answers from the index and from what comes into the pool.
#[derive(Clone)]
pub struct Filters {
	chain: Arc<Chain>,
	live: Arc<Live>,
	pool: Arc<Mutex<Pool<Watch>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Filters {
	/// No filters yet; clones share those that come.
	pub fn new(chain: Arc<Chain>, live: Arc<Live>) -> Self {
		let pool = Arc::new(Mutex::new(Pool::new(chain.settings.max_filters)));
		Self { chain, live, pool }
	}

	fn install(&self, watch: Watch) -> Result<U64, Error> {
		lock(&self.pool).add(watch, Instant::now()).map(U64::from)
	}

	fn find(&self, IndexParam(number): IndexParam) -> Result<Arc<Mutex<Watch>>, Error> {
		lock(&self.pool).find(number, Instant::now())
	}

	fn changes(&self, watch: &mut Watch) -> Result<Changes, Error> {
		let (chain, to) = (&*self.chain, self.live.head());
		let blocks = usize::try_from(chain.settings.max_block_range).unwrap_or(usize::MAX);
		let limits = Limits { rows: chain.settings.max_past_logs, blocks };
		Ok(match watch {
			Watch::Logs { filter, head } => {
				Changes::Logs(changes::logs(chain, filter, head, to, limits)?)
			},
			Watch::Blocks { head } => Changes::Hashes(changes::hashes(chain, head, to, limits)?),
			Watch::Transactions { next } => {
				self.live.arrivals.want(Instant::now() + LIFETIME);
				let (hashes, number) = self.live.arrivals.since(*next);
				*next = number;
				Changes::Hashes(hashes)
			},
		})
	}
}

impl FiltersApiServer for Filters {
	fn new_filter(&self, Criteria(filter): Criteria) -> Result<U64, Error> {
		self.install(Watch::Logs { filter: Arc::new(filter), head: self.live.head() })
	}

	fn new_block_filter(&self) -> Result<U64, Error> {
		self.install(Watch::Blocks { head: self.live.head() })
	}

	fn new_pending_transaction_filter(&self) -> Result<U64, Error> {
		let (_, next) = self.live.arrivals.since(u64::MAX);
		let number = self.install(Watch::Transactions { next })?;
		self.live.arrivals.want(Instant::now() + LIFETIME);
		Ok(number)
	}

	fn filter_changes(&self, number: IndexParam) -> Result<Changes, Error> {
		let watch = self.find(number)?;
		let mut watch = lock(&watch);
		self.changes(&mut watch)
	}

	fn filter_logs(&self, number: IndexParam) -> Result<Vec<Log>, Error> {
		let filter = match &*lock(&*self.find(number)?) {
			Watch::Logs { filter, .. } => filter.clone(),
			_ => return Err(Error::InvalidParams(format!("filter {} is not over logs", number.0))),
		};
		search(&self.chain, &filter)
	}

	fn uninstall_filter(&self, IndexParam(number): IndexParam) -> Result<bool, Error> {
		Ok(lock(&self.pool).remove(number, Instant::now()))
	}
}
