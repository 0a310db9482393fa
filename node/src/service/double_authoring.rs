//! Validators that author two blocks for one slot, found and reported.
//!
//! The watch stands before the import of blocks, not in their verifier: there both the blocks of
//! peers pass, whose seals the verifier has proven, and those that this node authored itself. So a
//! second process with the same keys is noticed by every node that sees both blocks. If this node
//! is one of the two processes and the other was faster, its own block stays here and is not sent.

use super::{consensus::present, Client, Pool};
use cybermiles_primitives::api::DoubleAuthoringApi;
use cybermiles_runtime::opaque::Block;
use sc_client_api::AuxStore;
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult};
use sc_consensus_aura::{
	find_pre_digest,
	standalone::{fetch_authorities, slot_author, slot_duration_at, PreDigestLookupError},
};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_api::{ApiExt, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_consensus::{BlockOrigin, Error as ConsensusError};
use sp_consensus_aura::{
	digests::CompatibleDigestItem,
	sr25519::{AuthorityId as AuraId, AuthorityPair as AuraPair, AuthoritySignature},
};
use sp_consensus_slots::{EquivocationProof, Slot};
use sp_runtime::traits::{Block as BlockT, Header as _};
use std::sync::{Arc, Mutex, PoisonError};

/// Header of a block.
type Header = <Block as BlockT>::Header;
/// Two headers of one author for one slot, each with the author's seal.
type Proof = EquivocationProof<Header, AuraId>;

/// Why a block could not be compared with others of its slot, or a double not be reported.
#[derive(Debug, thiserror::Error)]
enum Error {
	/// The header does not tell its slot.
	#[error("the block does not tell its slot: {0}")]
	Slot(#[from] PreDigestLookupError),
	/// The parent's state does not tell who may author.
	#[error("the authorities of the block are not known: {0}")]
	Authorities(#[from] ConsensusError),
	/// The headers seen before cannot be read or written.
	#[error("the headers of earlier blocks are not at hand: {0}")]
	Store(#[from] sp_blockchain::Error),
	/// The runtime cannot be asked to report.
	#[error("the runtime takes no report: {0}")]
	Runtime(#[from] sp_api::ApiError),
	/// This node's key already signed another block for the slot, elsewhere.
	#[error(
		"another process runs with the keys of this validator: it made {first:?} for slot {slot}, so \
		that the block made here is dropped; stop one of the two, or both are slashed"
	)]
	SecondOwn {
		/// The slot.
		slot: u64,
		/// The block of the other process.
		first: super::Hash,
	},
}

/// Import of blocks that reports the author of two blocks for one slot.
#[derive(Clone)]
pub(crate) struct WatchedImport {
	inner: super::BlockImport,
	watch: Arc<Watch>,
}

/// What the clones of the import share.
struct Watch {
	client: Arc<Client>,
	transactions: OffchainTransactionPoolFactory<Block>,
	/// Held while a header is compared and stored: our own block and that of a second process with
	/// our keys come at the same time, from two threads.
	turn: Mutex<()>,
}

impl WatchedImport {
	/// Watches what goes into `inner`; reports go through `pool`.
	pub(super) fn new(inner: super::BlockImport, client: &Arc<Client>, pool: &Arc<Pool>) -> Self {
		let transactions = OffchainTransactionPoolFactory::new(pool.clone());
		let watch = Watch { client: client.clone(), transactions, turn: Mutex::new(()) };
		Self { inner, watch: Arc::new(watch) }
	}
}

#[async_trait::async_trait]
impl BlockImport<Block> for WatchedImport {
	type Error = ConsensusError;

	async fn check_block(
		&self,
		block: BlockCheckParams<Block>,
	) -> Result<ImportResult, ConsensusError> {
		self.inner.check_block(block).await
	}

	async fn import_block(
		&self,
		block: BlockImportParams<Block>,
	) -> Result<ImportResult, ConsensusError> {
		// Before the import, which may refuse the block: its author signed it all the same.
		if is_proven(&block) {
			let header = block.post_header();
			match self.watch.find(&header) {
				Ok(None) => {},
				Ok(Some(proof)) if block.origin == BlockOrigin::Own => return Err(refusal(&proof)),
				Ok(Some(proof)) => self.watch.report(proof),
				Err(error) => {
					let hash = header.hash();
					log::warn!("Block {hash:?} is not checked for double authoring: {error}");
				},
			}
		}
		self.inner.import_block(block).await
	}
}

/// Whether the seal of `block` is known to be its author's.
///
/// The verifier checks no seal where it has no state to look up the authorities, and a file of
/// blocks is old and read without a network that a report could go to.
fn is_proven(block: &BlockImportParams<Block>) -> bool {
	let live = matches!(
		block.origin,
		BlockOrigin::Own
			| BlockOrigin::NetworkInitialSync
			| BlockOrigin::NetworkBroadcast
			| BlockOrigin::ConsensusBroadcast
	);
	let sealed = block.post_digests.last().is_some_and(|digest| {
		CompatibleDigestItem::<AuthoritySignature>::as_aura_seal(digest).is_some()
	});
	live && sealed && !block.with_state() && !block.state_action.skip_execution_checks()
}

/// Why a block of this node is not imported, and so not sent, after another one of its author.
fn refusal(proof: &Proof) -> ConsensusError {
	let (slot, first) = (*proof.slot, proof.first_header.hash());
	ConsensusError::Other(Box::new(Error::SecondOwn { slot, first }))
}

impl Watch {
	/// Stores the header of a block, and compares it with the one seen before for its slot.
	fn find(&self, header: &Header) -> Result<Option<Proof>, Error> {
		let parent = *header.parent_hash();
		let slot_duration = slot_duration_at::<AuraId, Block, _>(&*self.client, parent)?;
		let (now, _) = present(slot_duration);
		let authorities = fetch_authorities::<AuraId, Block, _>(&*self.client, parent)?;
		let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
		find_double(&*self.client, *now, header, &authorities)
	}

	/// Tells the operator, and the chain by a transaction without signature.
	fn report(&self, proof: Proof) {
		let Proof { slot, offender, first_header, second_header } = &proof;
		let (slot, offender) = (*slot, offender.clone());
		let (first, second) = (first_header.hash(), second_header.hash());
		log::warn!("Author {offender} made two blocks for slot {slot}: {first:?} and {second:?}");
		match self.submit(proof) {
			Ok(true) => log::info!("Double authoring by {offender} at slot {slot} is reported"),
			Ok(false) => log::info!(
				"Double authoring by {offender} at slot {slot} is not reported: it is known already, \
				or the author had no seat"
			),
			Err(error) => log::warn!("Double authoring at slot {slot} is not reported: {error}"),
		}
	}

	/// Whether the runtime put a report into the pool.
	fn submit(&self, proof: Proof) -> Result<bool, Error> {
		let best = self.client.info().best_hash;
		let mut api = self.client.runtime_api();
		api.register_extension(self.transactions.offchain_transaction_pool(best));
		Ok(api.submit_double_authoring_report(best, proof)?.is_some())
	}
}

/// Stores `header`, and gives the proof if `store` has another one of its author for its slot.
///
/// `header` bears its seal, `now` is the present slot, and `authorities` are those of its parent.
/// Of slots longer ago than [`sc_consensus_slots::MAX_SLOT_CAPACITY`] nothing is kept.
///
/// # Errors
///
/// If the header names no slot, or `store` fails.
fn find_double(
	store: &impl AuxStore,
	now: Slot,
	header: &Header,
	authorities: &[AuraId],
) -> Result<Option<Proof>, Error> {
	let Some((slot, author)) = turn(header, authorities)? else { return Ok(None) };
	Ok(sc_consensus_slots::check_equivocation(store, now, slot, header, author)?)
}

/// The slot of `header`, and whose turn it was; none without authorities.
fn turn<'a>(
	header: &Header,
	authorities: &'a [AuraId],
) -> Result<Option<(Slot, &'a AuraId)>, PreDigestLookupError> {
	let slot = find_pre_digest::<Block, AuthoritySignature>(header)?;
	Ok(slot_author::<AuraPair>(slot, authorities).map(|author| (slot, author)))
}

#[cfg(test)]
mod tests {
	use super::*;
	use sc_consensus::StateAction;
	use sp_core::{crypto::UncheckedFrom, sr25519};
	use sp_runtime::DigestItem;
	use std::collections::HashMap;

	/// Slot in which the tests take place.
	const SLOT: u64 = 1_000_004;

	/// An auxiliary store in memory.
	#[derive(Default)]
	struct Memory(Mutex<HashMap<Vec<u8>, Vec<u8>>>);

	impl AuxStore for Memory {
		fn insert_aux<
			'a,
			'b: 'a,
			'c: 'a,
			I: IntoIterator<Item = &'a (&'c [u8], &'c [u8])>,
			D: IntoIterator<Item = &'a &'b [u8]>,
		>(
			&self,
			insert: I,
			delete: D,
		) -> sp_blockchain::Result<()> {
			let mut map = self.0.lock().unwrap();
			map.extend(insert.into_iter().map(|(key, value)| (key.to_vec(), value.to_vec())));
			delete.into_iter().for_each(|key| drop(map.remove(*key)));
			Ok(())
		}

		fn get_aux(&self, key: &[u8]) -> sp_blockchain::Result<Option<Vec<u8>>> {
			Ok(self.0.lock().unwrap().get(key).cloned())
		}
	}

	fn authorities() -> Vec<AuraId> {
		(0..3).map(|n| sr25519::Public::unchecked_from([n; 32]).into()).collect()
	}

	fn signature(byte: u8) -> AuthoritySignature {
		sr25519::Signature::from_raw([byte; 64]).into()
	}

	/// A header for `slot`, one for each `variant`, with the seal last.
	fn sealed(slot: u64, variant: u8) -> Header {
		let mut header = Header::new(
			7,
			Default::default(),
			[variant; 32].into(),
			Default::default(),
			Default::default(),
		);
		let slot = Slot::from(slot);
		header
			.digest_mut()
			.push(CompatibleDigestItem::<AuthoritySignature>::aura_pre_digest(slot));
		header
			.digest_mut()
			.push(<DigestItem as CompatibleDigestItem<_>>::aura_seal(signature(variant)));
		header
	}

	fn find(store: &Memory, now: u64, header: &Header) -> Option<Proof> {
		find_double(store, now.into(), header, &authorities()).unwrap()
	}

	#[test]
	fn the_author_is_the_one_whose_turn_the_slot_is() {
		let authorities = authorities();
		let header = sealed(SLOT, 1);
		let expected = &authorities[(SLOT % 3) as usize];
		assert_eq!(turn(&header, &authorities).unwrap(), Some((SLOT.into(), expected)));
		assert_eq!(turn(&header, &[]).unwrap(), None);
	}

	#[test]
	fn a_header_without_slot_is_an_error() {
		let mut header = sealed(SLOT, 1);
		header.digest_mut().logs.clear();
		assert!(matches!(
			find_double(&Memory::default(), SLOT.into(), &header, &authorities()),
			Err(Error::Slot(_))
		));
	}

	#[test]
	fn two_blocks_for_one_slot_are_found_with_their_seals() {
		let store = Memory::default();
		let (first, second) = (sealed(SLOT, 1), sealed(SLOT, 2));
		assert!(find(&store, SLOT, &first).is_none());
		let proof = find(&store, SLOT, &second).unwrap();
		assert_eq!(proof.slot, Slot::from(SLOT));
		assert_eq!(proof.offender, authorities()[(SLOT % 3) as usize]);
		assert_eq!((&proof.first_header, &proof.second_header), (&first, &second));
		for header in [proof.first_header, proof.second_header] {
			let seal = header.digest().logs().last().unwrap();
			assert!(CompatibleDigestItem::<AuthoritySignature>::as_aura_seal(seal).is_some());
		}
	}

	#[test]
	fn a_second_process_is_named_when_an_own_block_is_dropped() {
		let store = Memory::default();
		let first = sealed(SLOT, 1);
		assert!(find(&store, SLOT, &first).is_none());
		let refusal = refusal(&find(&store, SLOT, &sealed(SLOT, 2)).unwrap()).to_string();
		assert!(refusal.contains("another process runs with the keys"), "{refusal}");
		assert!(refusal.contains(&format!("{:?} for slot {SLOT}", first.hash())), "{refusal}");
	}

	#[test]
	fn the_same_block_twice_is_no_double() {
		let store = Memory::default();
		for _ in 0..2 {
			assert!(find(&store, SLOT, &sealed(SLOT, 1)).is_none());
		}
	}

	#[test]
	fn blocks_for_two_slots_are_no_double() {
		let store = Memory::default();
		assert!(find(&store, SLOT, &sealed(SLOT, 1)).is_none());
		assert!(find(&store, SLOT + 3, &sealed(SLOT + 3, 2)).is_none());
	}

	#[test]
	fn old_blocks_are_not_compared() {
		let store = Memory::default();
		let now = SLOT + sc_consensus_slots::MAX_SLOT_CAPACITY + 1;
		assert!(find(&store, now, &sealed(SLOT, 1)).is_none());
		assert!(find(&store, now, &sealed(SLOT, 2)).is_none());
		assert!(store.0.lock().unwrap().is_empty());
	}

	/// A block as it comes to the import: the seal beside its header.
	fn incoming(origin: BlockOrigin) -> BlockImportParams<Block> {
		let mut header = sealed(SLOT, 1);
		let seal = header.digest_mut().pop().unwrap();
		let mut block = BlockImportParams::new(origin, header);
		block.post_digests.push(seal);
		block
	}

	#[test]
	fn a_block_is_compared_with_its_seal() {
		let block = incoming(BlockOrigin::NetworkBroadcast);
		assert!(is_proven(&block));
		assert_eq!(block.post_header(), sealed(SLOT, 1));
	}

	#[test]
	fn own_blocks_are_compared_too() {
		assert!(is_proven(&incoming(BlockOrigin::Own)));
	}

	#[test]
	fn blocks_whose_seal_nobody_checked_are_not_compared() {
		assert!(!is_proven(&incoming(BlockOrigin::File)));
		assert!(!is_proven(&incoming(BlockOrigin::WarpSync)));
		let mut unsealed = incoming(BlockOrigin::NetworkBroadcast);
		unsealed.post_digests.clear();
		assert!(!is_proven(&unsealed));
		let mut skipped = incoming(BlockOrigin::NetworkInitialSync);
		skipped.state_action = StateAction::Skip;
		assert!(!is_proven(&skipped));
	}
}
