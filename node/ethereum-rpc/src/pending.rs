//! The block that would come next, and what waits for it.

use crate::{
	chain::{At, Block, Chain, Client, Hash},
	convert::transaction_hash,
	gate::Gate,
	params::BlockParam,
	Error,
};
use alloy_primitives::B256;
use cybermiles_primitives::ethereum::{EthereumApi, PooledTransaction};
use futures::executor::block_on;
use sc_transaction_pool_api::{InPoolTransaction, TransactionPool};
use sp_api::{ApiExt, ApiRef, Core, ProvideRuntimeApi, TransactionOutcome};
use sp_block_builder::BlockBuilder;
use sp_consensus_aura::{
	digests::CompatibleDigestItem,
	sr25519::{AuthorityId, AuthoritySignature},
	AuraApi, Slot, SlotDuration,
};
use sp_core::H160;
use sp_inherents::InherentData;
use sp_runtime::{
	traits::{Block as BlockT, Header as HeaderT},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	Digest, DigestItem, ExtrinsicInclusionMode,
};
use sp_timestamp::Timestamp;
use std::{
	collections::BTreeMap,
	sync::{Mutex, PoisonError},
	time::{Duration, Instant},
};

/// The runtime upon a state, with all that was done to it since.
pub type Api<'a> = ApiRef<'a, <Client as ProvideRuntimeApi<Block>>::Api>;

type Header = <Block as BlockT>::Header;
type Extrinsic = <Block as BlockT>::Extrinsic;

/// Time in which a pending block is filled; an author has more.
const BUILD_TIME: Duration = Duration::from_millis(200);
/// Time in which the pool may catch up with the best block.
const POOL_TIME: Duration = Duration::from_millis(50);
/// Transactions that may not fit before the block counts as full.
const MAX_SKIPPED: u32 = 8;

/// Each pending block costs up to [`BUILD_TIME`] of a core, so that few are built at once.
static BUILDERS: Gate = Gate::new(2, Duration::from_secs(10));

/// What the transactions of the pool hold, by their hash there: each is recovered only once.
static KNOWN: Mutex<BTreeMap<Hash, Option<Waiting>>> = Mutex::new(BTreeMap::new());

/// An Ethereum transaction that waits for a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
	/// The signed transaction as it was sent (EIP-2718).
	pub payload: Vec<u8>,
	/// Who signed it.
	pub from: H160,
	/// The transaction's hash, by which tools know it.
	pub hash: B256,
}

impl From<PooledTransaction> for Waiting {
	fn from(PooledTransaction { payload, from }: PooledTransaction) -> Self {
		Self { hash: transaction_hash(&payload), payload, from }
	}
}

/// The Ethereum transactions of the pool, each group in the pool's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waitings {
	/// Those that the next block can take.
	pub ready: Vec<Waiting>,
	/// Those that wait for another transaction of their sender.
	pub future: Vec<Waiting>,
}

/// What `read` finds at `at`: it gets the runtime, and the hash to ask it with.
///
/// What `read` changes is seen by its later calls and then forgotten. At [`At::Pending`] the runtime
/// is in the middle of the next block, with what waits in the pool applied.
///
/// # Errors
///
/// Those of `read`; at [`At::Pending`] also if too many build such a block at once, or if it fails.
pub fn with_state<R>(
	chain: &Chain,
	at: At,
	read: impl FnOnce(&Api<'_>, Hash) -> Result<R, Error>,
) -> Result<R, Error> {
	match at {
		At::Block(hash) => read(&chain.client.runtime_api(), hash),
		At::Pending => {
			let _pass = BUILDERS.enter()?;
			let best = chain.best_hash();
			read(&build(chain, best)?, best)
		},
	}
}

/// What `read` finds at the block that is meant by `block`, as [`with_state`] tells.
///
/// # Errors
///
/// Also if the block or its state is not there.
pub fn read_at<R>(
	chain: &Chain,
	block: Option<BlockParam>,
	read: impl FnOnce(&Api<'_>, Hash) -> Result<R, Error>,
) -> Result<R, Error> {
	with_state(chain, chain.at(block.map(|block| block.0))?, read)
}

/// What `call` answers, none of its changes kept.
pub(crate) fn rolled_back<R>(
	api: &Api<'_>,
	call: impl FnOnce(&<Client as ProvideRuntimeApi<Block>>::Api) -> R,
) -> R {
	api.execute_in_transaction(|api| TransactionOutcome::Rollback(call(api)))
}

/// The runtime in the middle of the block after `best`.
fn build(chain: &Chain, best: Hash) -> Result<Api<'_>, Error> {
	let parent = chain.client.header(best)?;
	let parent = parent.ok_or_else(|| Error::UnknownBlock(format!("{best:?}")))?;
	let api = chain.client.runtime_api();
	let duration = AuraApi::<Block, AuthorityId>::slot_duration(&*api, best)?;
	let slot = next_slot(slot_of(&parent), Timestamp::current(), duration);
	let parent_time = chain.index.block(best)?.map_or(0, |block| block.timestamp);
	let time = time_in(slot, duration, Timestamp::current(), parent_time);
	let mode = api.initialize_block(best, &header_upon(&parent, best, slot))?;
	let mut data = InherentData::new();
	data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &time)
		.map_err(|error| Error::Internal(format!("the time of a block: {error}")))?;
	for inherent in api.inherent_extrinsics(best, data)? {
		let applied = apply(&api, best, inherent)?;
		applied.map_err(|error| Error::Internal(format!("an empty block: {error:?}")))?;
	}
	if mode == ExtrinsicInclusionMode::AllExtrinsics {
		fill(chain, &api, best)?;
	}
	Ok(api)
}

fn header_upon(parent: &Header, hash: Hash, slot: Slot) -> Header {
	let slot = <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(slot);
	Header::new(
		parent.number().saturating_add(1),
		Default::default(),
		Default::default(),
		hash,
		Digest { logs: vec![slot] },
	)
}

/// The slot that `header` was made in; the first block has none.
fn slot_of(header: &Header) -> Option<Slot> {
	let slot = CompatibleDigestItem::<AuthoritySignature>::as_aura_pre_digest;
	header.digest().logs.iter().find_map(slot)
}

/// The present slot, or the one after that of the parent where this is later: a development chain
/// runs ahead of the clock.
fn next_slot(parent: Option<Slot>, now: Timestamp, duration: SlotDuration) -> Slot {
	let present = Slot::from_timestamp(now, duration);
	parent.map_or(present, |parent| present.max(parent + 1))
}

/// A time within `slot` that the runtime takes upon a block of `parent` seconds: at least half a
/// slot later than that, and not earlier than `now` where the slot is the present one.
fn time_in(slot: Slot, duration: SlotDuration, now: Timestamp, parent: u64) -> Timestamp {
	let length = duration.as_millis();
	let start = u64::from(slot).saturating_mul(length);
	let end = start.saturating_add(length.saturating_sub(1));
	let after_parent = parent.saturating_add(1).saturating_mul(1_000).saturating_add(length / 2);
	Timestamp::new(now.as_millis().max(after_parent).clamp(start, end))
}

/// Applies `extrinsic`; one that cannot be applied changes nothing.
fn apply(
	api: &Api<'_>,
	best: Hash,
	extrinsic: Extrinsic,
) -> Result<Result<(), TransactionValidityError>, Error> {
	api.execute_in_transaction(|api| match api.apply_extrinsic(best, extrinsic) {
		Ok(Ok(_)) => TransactionOutcome::Commit(Ok(Ok(()))),
		Ok(Err(error)) => TransactionOutcome::Rollback(Ok(Err(error))),
		Err(error) => TransactionOutcome::Rollback(Err(error.into())),
	})
}

/// Applies what waits in the pool, as an author would.
fn fill(chain: &Chain, api: &Api<'_>, best: Hash) -> Result<(), Error> {
	let deadline = Instant::now() + BUILD_TIME;
	let mut ready = block_on(chain.pool.ready_at_with_timeout(best, POOL_TIME));
	let mut skipped = 0;
	while let Some(next) = ready.next() {
		if Instant::now() >= deadline || skipped > MAX_SKIPPED {
			break;
		}
		let Err(error) = apply(api, best, Extrinsic::clone(next.data()))? else { continue };
		// The pool may still list what the best block took: what depends on it is good.
		if error != InvalidTransaction::Stale.into() {
			ready.report_invalid(&next);
		}
		skipped += u32::from(error.exhausted_resources());
	}
	Ok(())
}

/// The Ethereum transactions of the pool.
///
/// # Errors
///
/// If the runtime of the best block does not answer.
pub fn pool(chain: &Chain) -> Result<Waitings, Error> {
	let ready: Vec<_> = chain.pool.ready().map(|found| (*found.hash(), found)).collect();
	let future = chain.pool.futures();
	let all = ready.iter().map(|(hash, found)| (*hash, found.data()));
	let all = all.chain(future.iter().map(|found| (*found.hash(), found.data())));
	let all: Vec<_> = all.map(|(hash, data)| (hash, Extrinsic::clone(data))).collect();
	let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
	recognise(&mut known, &all, |unknown| {
		let api = chain.client.runtime_api();
		Ok(api.ethereum_transactions(chain.best_hash(), unknown)?)
	})?;
	let found = |(hash, _): &(Hash, Extrinsic)| known.get(hash).cloned().flatten();
	let (ready, future) = all.split_at(ready.len());
	Ok(Waitings {
		ready: ready.iter().filter_map(found).collect(),
		future: future.iter().filter_map(found).collect(),
	})
}

/// Makes `known` hold exactly what `all` hold, asking only for those that it does not have.
fn recognise(
	known: &mut BTreeMap<Hash, Option<Waiting>>,
	all: &[(Hash, Extrinsic)],
	ask: impl FnOnce(Vec<Extrinsic>) -> Result<Vec<Option<PooledTransaction>>, Error>,
) -> Result<(), Error> {
	let unknown = all.iter().filter(|(hash, _)| !known.contains_key(hash));
	let (hashes, unknown): (Vec<_>, Vec<_>) = unknown.cloned().unzip();
	if !unknown.is_empty() {
		let found = ask(unknown)?.into_iter().map(|found| found.map(Waiting::from));
		known.extend(hashes.into_iter().zip(found));
	}
	let present: std::collections::BTreeSet<_> = all.iter().map(|(hash, _)| *hash).collect();
	known.retain(|hash, _| present.contains(hash));
	Ok(())
}

/// The Ethereum transactions that the next block can take, in the pool's order.
///
/// # Errors
///
/// If the runtime of the best block does not answer.
pub fn transactions(chain: &Chain) -> Result<Vec<Waiting>, Error> {
	Ok(pool(chain)?.ready)
}

/// The waiting transaction with this hash.
///
/// # Errors
///
/// If the runtime of the best block does not answer.
pub fn find(chain: &Chain, hash: B256) -> Result<Option<Waiting>, Error> {
	let Waitings { ready, future } = pool(chain)?;
	Ok(ready.into_iter().chain(future).find(|found| found.hash == hash))
}

#[cfg(test)]
mod tests {
	use super::*;

	const SLOT: SlotDuration = SlotDuration::from_millis(3_000);

	fn extrinsic(byte: u8) -> (Hash, Extrinsic) {
		let bytes = codec::Encode::encode(&vec![byte]);
		let extrinsic = codec::Decode::decode(&mut &bytes[..]);
		(Hash::repeat_byte(byte), extrinsic.unwrap_or_else(|error| panic!("{error}")))
	}

	fn pooled(byte: u8) -> PooledTransaction {
		PooledTransaction { payload: vec![byte], from: H160::repeat_byte(byte) }
	}

	#[test]
	fn the_next_slot_is_the_present_one_or_follows_the_parent() {
		for (parent, now, next) in [
			(None, 9_000, 3),
			(Some(2), 9_000, 3),
			(Some(3), 9_000, 4),
			(Some(7), 9_000, 8),
			(Some(1), 11_999, 3),
		] {
			let next_slot = next_slot(parent.map(Slot::from), Timestamp::new(now), SLOT);
			assert_eq!(next_slot, Slot::from(next), "upon {parent:?} at {now}");
		}
	}

	#[test]
	fn the_time_of_the_next_block_lies_in_its_slot_and_past_its_parent() {
		for (slot, now, parent, time) in [
			(3, 9_500, 6, 9_500),
			(4, 9_500, 9, 12_000),
			(3, 20_000, 6, 11_999),
			// A parent made late in its slot.
			(3, 9_000, 8, 10_500),
			(3, 9_500, 0, 9_500),
		] {
			let found = time_in(Slot::from(slot), SLOT, Timestamp::new(now), parent);
			assert_eq!(found, Timestamp::new(time), "slot {slot} at {now} after {parent}");
		}
	}

	#[test]
	fn a_slot_is_found_in_a_header() {
		let parent = Header::new(
			1,
			Default::default(),
			Default::default(),
			Default::default(),
			Default::default(),
		);
		assert_eq!(slot_of(&parent), None);
		let header = header_upon(&parent, Hash::repeat_byte(1), Slot::from(5));
		assert_eq!(slot_of(&header), Some(Slot::from(5)));
		assert_eq!((*header.number(), *header.parent_hash()), (2, Hash::repeat_byte(1)));
	}

	#[test]
	fn only_new_transactions_are_asked_for_and_gone_ones_forgotten() -> Result<(), Error> {
		let mut known = BTreeMap::new();
		let first = [extrinsic(1), extrinsic(2)];
		recognise(&mut known, &first, |asked| {
			assert_eq!(asked.len(), 2);
			Ok(vec![Some(pooled(1)), None])
		})?;
		assert_eq!(known.get(&first[0].0), Some(&Some(pooled(1).into())));
		assert_eq!(known.get(&first[1].0), Some(&None));
		let second = [extrinsic(2), extrinsic(3)];
		recognise(&mut known, &second, |asked| {
			assert_eq!(asked, [extrinsic(3).1]);
			Ok(vec![Some(pooled(3))])
		})?;
		let present: Vec<_> = second.iter().map(|(hash, _)| *hash).collect();
		assert_eq!(known.keys().copied().collect::<Vec<_>>(), present);
		recognise(&mut known, &second, |_| Err(Error::Internal("nothing is new".into())))
	}
}
