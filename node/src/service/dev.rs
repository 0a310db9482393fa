//! Blocks without consensus, for development chains only.
//!
//! The node makes and finalises blocks by itself, at once, on request or at an interval. Each
//! block takes the slot after its parent's, whatever the clock says, so that several blocks a second
//! still have one slot each and the runtime sees no missed slot, on no fork.

use super::{Backend, Client, Hash, Pool, Shared};
use crate::cli::Sealing;
use cybermiles_ethereum_rpc::IndexedImport;
use cybermiles_runtime::opaque::Block;
use futures::{
	channel::mpsc::Receiver,
	stream::{self, BoxStream},
	Stream, StreamExt,
};
use futures_timer::Delay;
use sc_basic_authorship::ProposerFactory;
use sc_client_api::Backend as _;
use sc_consensus::{BlockImportParams, ForkChoiceStrategy, Verifier};
use sc_consensus_manual_seal::{
	consensus::aura::AuraConsensusDataProvider, run_manual_seal, EngineCommand, ManualSealParams,
};
use sc_service::{ChainSpec, ChainType, Error, TaskManager};
use sc_transaction_pool_api::{ImportNotificationStream, TransactionPool};
use sp_blockchain::{Backend as _, HeaderBackend};
use sp_consensus_aura::{
	digests::CompatibleDigestItem,
	sr25519::{AuthorityId as AuraId, AuthoritySignature},
	SlotDuration,
};
use sp_runtime::{traits::Header as _, DigestItem};
use sp_timestamp::{InherentDataProvider as TimeProvider, Timestamp};
use std::{
	sync::Arc,
	time::{Duration, Instant},
};

/// Requests for blocks that may wait.
pub(super) const REQUESTS: usize = 1024;
/// Transactions that arrive together and go into one block.
const BURST: usize = 4096;
/// Empty blocks that waiting transactions may cause before new ones arrive.
const EMPTY_BLOCKS: u32 = 8;
/// How long the pool may take to look at a new block.
const POOL_PATIENCE: Duration = Duration::from_secs(1);
/// How long to wait before listening to the pool anew, where it gave up telling.
const PAUSE: Duration = Duration::from_millis(100);

/// A wish for sealing that cannot be fulfilled.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
	"--sealing makes blocks without consensus and works on development chains only, which \
	'{chain}' is not"
)]
pub(crate) struct NotForDevelopment {
	/// Name of the chain.
	chain: String,
}

/// When to seal: as `asked` on a development chain, where `--dev` alone means at once.
pub(crate) fn sealing(
	asked: Option<Sealing>,
	dev: bool,
	chain: &dyn ChainSpec,
) -> Result<Option<Sealing>, NotForDevelopment> {
	let development = chain.chain_type() == ChainType::Development;
	match asked {
		Some(_) if !development => Err(NotForDevelopment { chain: chain.name().into() }),
		None if dev && development => Ok(Some(Sealing::Instant)),
		asked => Ok(asked),
	}
}

/// Starts sealing in `mode`; `requests` come from `engine_createBlock` and work in every mode.
pub(super) fn start(
	mode: Sealing,
	requests: Receiver<EngineCommand<Hash>>,
	shared: Shared,
	tasks: &TaskManager,
) -> Result<(), Error> {
	log::info!("Sealing: {mode}, without consensus");
	let Shared { client, backend, pool, index, select_chain, .. } = shared;
	let slot_duration = sc_consensus_aura::slot_duration::<AuraId, _, _>(&*client)?;
	let sealing = run_manual_seal(ManualSealParams {
		// Past GRANDPA's import: nobody votes here, and it would wait for a vote at each change
		// of authorities.
		block_import: IndexedImport::new(client.clone(), client.clone(), index),
		env: ProposerFactory::new(tasks.spawn_handle(), client.clone(), pool.clone(), None, None),
		commands_stream: stream::select(requests, triggers(mode, &client, &pool)),
		consensus_data_provider: Some(Box::new(AuraConsensusDataProvider::new_with_slot_duration(
			slot_duration,
		))),
		create_inherent_data_providers: move |parent, ()| {
			let time = time_upon(&backend, parent, slot_duration);
			async move { Ok(TimeProvider::new(time?)) }
		},
		client,
		pool,
		select_chain,
	});
	tasks
		.spawn_essential_handle()
		.spawn_blocking("sealing", Some("block-authoring"), sealing);
	Ok(())
}

/// The time of a block upon `parent`: a moment in the slot after the parent's, another one for each
/// of its children, as two blocks with the same contents and time were one. The first block begins
/// with the clock.
fn time_upon(
	backend: &Backend,
	parent: Hash,
	slot_duration: SlotDuration,
) -> Result<Timestamp, sp_blockchain::Error> {
	let blocks = backend.blockchain();
	let header = blocks.expect_header(parent)?;
	let slot = CompatibleDigestItem::<AuthoritySignature>::as_aura_pre_digest;
	let Some(slot) = header.digest().logs().iter().find_map(slot) else {
		return Ok(Timestamp::current());
	};
	let start = u64::from(slot).saturating_add(1).saturating_mul(slot_duration.as_millis());
	let siblings = blocks.children(parent)?.len() as u64;
	Ok(Timestamp::new(start.saturating_add(siblings)))
}

/// What asks for blocks besides the requests.
fn triggers(
	mode: Sealing,
	client: &Arc<Client>,
	pool: &Arc<Pool>,
) -> BoxStream<'static, EngineCommand<Hash>> {
	match mode {
		Sealing::Instant => InstantTrigger::new(client, pool).into_stream().boxed(),
		Sealing::Manual => stream::pending().boxed(),
		Sealing::Interval(time) => interval(time).boxed(),
	}
}

/// A command for a block that is final at once.
fn seal(create_empty: bool) -> EngineCommand<Hash> {
	EngineCommand::SealNewBlock { create_empty, finalize: true, parent_hash: None, sender: None }
}

/// A block every `time`.
fn interval(time: Duration) -> impl Stream<Item = EngineCommand<Hash>> {
	stream::unfold(Instant::now(), move |last| async move {
		let now = Instant::now();
		let next = beat_after(last, now, time);
		Delay::new(next.saturating_duration_since(now)).await;
		Some((seal(true), next))
	})
}

/// The first beat after `now` of those that come every `time` since the beat `last`. Beats that passed
/// while a block was made are left out.
fn beat_after(last: Instant, now: Instant, time: Duration) -> Instant {
	let passed = now.saturating_duration_since(last).as_nanos() / time.as_nanos().max(1);
	last + time.saturating_mul(u32::try_from(passed + 1).unwrap_or(u32::MAX))
}

/// Tells when transactions arrive in the pool.
struct Arrivals {
	listen: Box<dyn Fn() -> ImportNotificationStream<Hash> + Send + Sync>,
	news: stream::ReadyChunks<ImportNotificationStream<Hash>>,
}

impl Arrivals {
	fn new(listen: impl Fn() -> ImportNotificationStream<Hash> + Send + Sync + 'static) -> Self {
		let news = listen().ready_chunks(BURST);
		Self { listen: Box::new(listen), news }
	}

	/// Waits until there may be new transactions. The pool gives up telling whoever is too slow to
	/// hear of a burst; then this listens anew.
	async fn next(&mut self) {
		if self.news.next().await.is_none() {
			Delay::new(PAUSE).await;
			self.news = (self.listen)().ready_chunks(BURST);
		}
	}
}

/// Asks for a block while the pool holds transactions that the last one did not take.
struct InstantTrigger {
	client: Arc<Client>,
	pool: Arc<Pool>,
	arrivals: Arrivals,
	/// The head on which the last block was asked for.
	tried: Option<Hash>,
	/// Empty blocks asked for since the last arrival.
	empty: u32,
}

impl InstantTrigger {
	fn new(client: &Arc<Client>, pool: &Arc<Pool>) -> Self {
		let news = pool.clone();
		let arrivals = Arrivals::new(move || news.import_notification_stream());
		Self { client: client.clone(), pool: pool.clone(), arrivals, tried: None, empty: 0 }
	}

	/// The commands; the next one is sought only after the last one is done.
	fn into_stream(self) -> impl Stream<Item = EngineCommand<Hash>> {
		stream::unfold(self, |mut trigger| async move {
			let create_empty = trigger.next().await;
			Some((seal(create_empty), trigger))
		})
	}

	/// Waits until a block can be made, and tells whether it may be empty.
	///
	/// The same head twice means that the last attempt took nothing, as the first block of a
	/// session does not: an empty block goes past it. A transaction that no block takes gets few.
	async fn next(&mut self) -> bool {
		loop {
			let head = self.client.info().best_hash;
			let stuck = self.tried == Some(head);
			if (!stuck || self.empty < EMPTY_BLOCKS) && self.has_ready(head).await {
				self.tried = Some(head);
				self.empty += u32::from(stuck);
				return stuck;
			}
			self.arrivals.next().await;
			(self.tried, self.empty) = (None, 0);
		}
	}

	/// Whether a transaction could go into a block on `head`.
	async fn has_ready(&self, head: Hash) -> bool {
		self.pool.ready_at_with_timeout(head, POOL_PATIENCE).await.next().is_some()
	}
}

/// Verifies blocks of a development chain: sealed ones by Aura, the others not at all.
pub(super) struct DevelopmentVerifier<V>(pub(super) V);

#[async_trait::async_trait]
impl<V: Verifier<Block>> Verifier<Block> for DevelopmentVerifier<V> {
	async fn verify(
		&self,
		mut block: BlockImportParams<Block>,
	) -> Result<BlockImportParams<Block>, String> {
		if let Some(DigestItem::Seal(..)) = block.header.digest().logs().last() {
			return self.0.verify(block).await;
		}
		block.fork_choice = Some(ForkChoiceStrategy::LongestChain);
		Ok(block)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::chain_spec;
	use futures::{channel::mpsc, executor::block_on};

	fn chain(chain_type: ChainType) -> chain_spec::ChainSpec {
		chain_spec::ChainSpec::builder(b"", Default::default())
			.with_name("Test")
			.with_chain_type(chain_type)
			.build()
	}

	#[test]
	fn dev_seals_at_once_by_default() {
		let chain = chain(ChainType::Development);
		assert_eq!(sealing(None, true, &chain), Ok(Some(Sealing::Instant)));
		assert_eq!(sealing(Some(Sealing::Manual), true, &chain), Ok(Some(Sealing::Manual)));
		assert_eq!(sealing(None, false, &chain), Ok(None));
	}

	#[test]
	fn shared_chains_are_not_sealed() {
		for chain_type in [ChainType::Local, ChainType::Live] {
			let chain = chain(chain_type);
			assert_eq!(sealing(None, true, &chain), Ok(None));
			let error = sealing(Some(Sealing::Instant), true, &chain).unwrap_err();
			assert_eq!(
				error.to_string(),
				"--sealing makes blocks without consensus and works on development chains only, \
				which 'Test' is not"
			);
		}
	}

	#[test]
	fn beats_keep_their_distance_and_never_come_in_a_burst() {
		let (start, beat) = (Instant::now(), Duration::from_millis(100));
		for (now, next) in [(0, 100), (30, 100), (99, 100), (100, 200), (130, 200), (1_250, 1_300)]
		{
			let found = beat_after(start, start + Duration::from_millis(now), beat);
			assert_eq!(found.duration_since(start).as_millis(), next, "{now}");
		}
	}

	#[test]
	fn arrivals_are_heard_again_after_the_pool_gave_up_telling() {
		let (sender, receiver) = std::sync::mpsc::channel();
		let mut arrivals = Arrivals::new(move || {
			let (news, stream) = mpsc::channel(1);
			assert!(sender.send(news).is_ok());
			stream
		});
		let mut first = receiver.recv().unwrap();
		first.try_send(Hash::zero()).unwrap();
		block_on(arrivals.next());
		drop(first);
		block_on(arrivals.next());
		receiver.recv().unwrap().try_send(Hash::zero()).unwrap();
		block_on(arrivals.next());
	}

	#[test]
	fn intervals_ask_for_empty_and_final_blocks() {
		let commands = interval(Duration::from_millis(1)).take(2).collect::<Vec<_>>();
		for command in block_on(commands) {
			assert!(matches!(
				command,
				EngineCommand::SealNewBlock { create_empty: true, finalize: true, .. }
			));
		}
	}
}
