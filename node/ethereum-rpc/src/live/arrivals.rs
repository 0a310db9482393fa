//! Ethereum transactions that come into the pool.

use super::{fan::Fan, Live};
use crate::{pending::Waiting, Block, Chain, Error, Hash};
use alloy_primitives::B256;
use cybermiles_primitives::ethereum::EthereumApi;
use futures::{channel::mpsc::Receiver, Stream, StreamExt};
use sc_client_api::BlockBackend;
use sc_transaction_pool_api::{InPoolTransaction, TransactionPool};
use sp_api::ProvideRuntimeApi;
use sp_runtime::traits::Block as BlockT;
use std::{
	collections::{BTreeMap, VecDeque},
	sync::{Arc, Mutex, MutexGuard, PoisonError},
	time::Instant,
};

/// Transactions by which a listener may lag.
const LAG: usize = 8_192;
/// Transactions that are kept for filters.
const KEPT: usize = 16_384;
/// Transactions that are looked at together.
const BURST: usize = 256;

type Extrinsic = <Block as BlockT>::Extrinsic;

/// The hashes of the latest transactions, each with a number that follows that of the one before.
#[derive(Default)]
struct Recent {
	hashes: VecDeque<B256>,
	/// Number of the next one.
	next: u64,
}

impl Recent {
	fn push(&mut self, hash: B256) {
		if self.hashes.len() == KEPT {
			self.hashes.pop_front();
		}
		self.hashes.push_back(hash);
		self.next += 1;
	}

	/// Those from `number` on that are kept.
	fn since(&self, number: u64) -> Vec<B256> {
		let new = usize::try_from(self.next.saturating_sub(number)).unwrap_or(usize::MAX);
		self.hashes
			.iter()
			.skip(self.hashes.len().saturating_sub(new))
			.copied()
			.collect()
	}
}

/// Ethereum transactions that come into the pool.
pub(crate) struct Arrivals {
	recent: Mutex<Recent>,
	waiting: Fan<Arc<Waiting>>,
	/// Until when filters want to know.
	wanted: Mutex<Option<Instant>>,
}

impl Default for Arrivals {
	fn default() -> Self {
		Self { recent: Mutex::default(), waiting: Fan::new(LAG), wanted: Mutex::default() }
	}
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Arrivals {
	/// The transactions from now on.
	pub(crate) fn listen(&self) -> Receiver<Arc<Waiting>> {
		self.waiting.listen()
	}

	/// Has the hashes kept until then at least: nobody recovers signatures that nobody asked for.
	pub(crate) fn want(&self, until: Instant) {
		let mut wanted = lock(&self.wanted);
		*wanted = (*wanted).max(Some(until));
	}

	fn is_wanted(&self, now: Instant) -> bool {
		self.waiting.is_heard() || *lock(&self.wanted) > Some(now)
	}

	/// The hashes from this number on, and the number from which on to ask next time.
	pub(crate) fn since(&self, number: u64) -> (Vec<B256>, u64) {
		let recent = lock(&self.recent);
		(recent.since(number), recent.next)
	}

	fn tell(&self, waiting: Waiting) {
		lock(&self.recent).push(waiting.hash);
		let lagging = self.waiting.tell(&Arc::new(waiting));
		if lagging > 0 {
			log::warn!(
				"{lagging} subscriptions to waiting transactions end: their readers are too slow"
			);
		}
	}
}

/// Tells of every Ethereum transaction that comes into the pool.
///
/// The pool ends a stream that is not read in time, as in a burst: another one begins then.
pub(super) async fn follow(chain: Arc<Chain>, live: Arc<Live>) {
	loop {
		let arrivals = chain.pool.import_notification_stream();
		tell_all(&live.arrivals, arrivals, |hashes| recognise(&chain, hashes)).await;
		log::warn!("Subscriptions miss waiting transactions: more came than could be read in time");
	}
}

/// Tells of the Ethereum transactions among those of the pool with these hashes.
async fn tell_all(
	arrivals: &Arrivals,
	hashes: impl Stream<Item = Hash> + Unpin,
	recognise: impl Fn(&[Hash]) -> Result<Vec<Waiting>, Error>,
) {
	let mut hashes = hashes.ready_chunks(BURST);
	while let Some(hashes) = hashes.next().await {
		if !arrivals.is_wanted(Instant::now()) {
			continue;
		}
		match recognise(&hashes) {
			Ok(found) => found.into_iter().for_each(|waiting| arrivals.tell(waiting)),
			Err(error) => log::warn!("Subscriptions miss waiting transactions: {error}"),
		}
	}
}

/// The Ethereum transactions among those of the pool with these hashes.
fn recognise(chain: &Chain, hashes: &[Hash]) -> Result<Vec<Waiting>, Error> {
	let best = chain.best_hash();
	let mut body = None;
	let mut extrinsics = Vec::with_capacity(hashes.len());
	for hash in hashes {
		if let Some(found) = chain.pool.ready_transaction(hash) {
			extrinsics.push(Extrinsic::clone(found.data()));
			continue;
		}
		// A block took it already, which is usual where each transaction gets one at once.
		let body = match &mut body {
			Some(body) => body,
			none => none.insert(body_by_hash(chain, best)?),
		};
		extrinsics.extend(body.remove(hash));
	}
	let found = chain.client.runtime_api().ethereum_transactions(best, extrinsics)?;
	Ok(found.into_iter().flatten().map(Waiting::from).collect())
}

/// What a block holds, each hashed once only: a whole burst may be sought there.
fn body_by_hash(chain: &Chain, block: Hash) -> Result<BTreeMap<Hash, Extrinsic>, Error> {
	let body = chain.client.block_body(block)?.unwrap_or_default();
	Ok(body.into_iter().map(|found| (chain.pool.hash_of(&found), found)).collect())
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::eth::submit::testing;
	use futures::{executor::block_on, stream};
	use std::time::Duration;

	#[test]
	fn hashes_are_told_from_a_number_on() {
		let arrivals = Arrivals::default();
		assert_eq!(arrivals.since(0), (vec![], 0));
		let all: Vec<_> = (0..3).map(testing::waiting).collect();
		all.iter().cloned().for_each(|waiting| arrivals.tell(waiting));
		assert_eq!(arrivals.since(0), (all.iter().map(|waiting| waiting.hash).collect(), 3));
		assert_eq!(arrivals.since(2), (vec![all[2].hash], 3));
		assert_eq!(arrivals.since(3), (vec![], 3));
		assert_eq!(arrivals.since(99), (vec![], 3));
	}

	#[test]
	fn only_the_latest_are_kept() {
		let mut recent = Recent::default();
		for number in 0..KEPT as u64 + 5 {
			recent.push(B256::left_padding_from(&number.to_be_bytes()));
		}
		let kept = recent.since(0);
		assert_eq!(kept.len(), KEPT);
		assert_eq!(kept[0], B256::left_padding_from(&[5]));
		assert_eq!(recent.since(KEPT as u64 + 4).len(), 1);
	}

	#[test]
	fn they_are_recognised_only_while_somebody_wants_them() {
		let (arrivals, now) = (Arrivals::default(), Instant::now());
		assert!(!arrivals.is_wanted(now));
		arrivals.want(now + Duration::from_secs(2));
		arrivals.want(now + Duration::from_secs(1));
		assert!(arrivals.is_wanted(now + Duration::from_secs(1)));
		assert!(!arrivals.is_wanted(now + Duration::from_secs(2)));
		let listener = arrivals.listen();
		assert!(arrivals.is_wanted(now + Duration::from_secs(9)));
		arrivals.tell(testing::waiting(7));
		drop(arrivals);
		let heard = block_on(listener.collect::<Vec<_>>());
		assert_eq!(heard, [Arc::new(testing::waiting(7))]);
	}

	#[test]
	fn what_is_not_recognised_does_not_end_the_telling() {
		let arrivals = Arrivals::default();
		let listener = arrivals.listen();
		let hashes = (0..2 * BURST).map(|number| Hash::from_low_u64_be(number as u64));
		block_on(tell_all(&arrivals, stream::iter(hashes), |hashes| {
			assert!(hashes.len() <= BURST);
			match hashes.contains(&Hash::zero()) {
				true => Err(Error::Internal("unlucky".into())),
				false => Ok(vec![testing::waiting(7)]),
			}
		}));
		drop(arrivals);
		let heard = block_on(listener.collect::<Vec<_>>());
		assert_eq!(heard, [Arc::new(testing::waiting(7))]);
	}
}
