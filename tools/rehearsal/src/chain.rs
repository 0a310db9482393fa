//! A chain off chain: the state after a block, and blocks that follow it without transactions.

use crate::{
	refusal::{reason_of, Refusal, Result},
	weigh::BlockWeight,
};
use codec::{Decode, Encode};
use sc_executor::{HeapAllocStrategy, WasmExecutor};
use sp_core::{
	storage::{well_known_keys, StateVersion},
	traits::CallContext,
	H256,
};
use sp_crypto_hashing::twox_128;
use sp_inherents::InherentData;
use sp_runtime::{generic, traits::BlakeTwo256, Digest, DigestItem, OpaqueExtrinsic, Weight};
use sp_state_machine::{
	backend::{BackendRuntimeCode, TryPendingCode},
	Backend, InMemoryBackend, OverlayedChanges, StateMachine,
};
use std::collections::BTreeMap;

/// A header of this chain.
pub(crate) type Header = generic::Header<u32, BlakeTwo256>;
/// A block of this chain, its transactions as bytes.
pub(crate) type Block = generic::Block<Header, OpaqueExtrinsic>;
/// Runs the runtime as a node does.
pub(crate) type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;

const AURA: sp_runtime::ConsensusEngineId = *b"aura";

/// An executor without a limit of memory: checks read more than blocks do.
pub(crate) fn executor() -> Executor {
	let heap = HeapAllocStrategy::Dynamic { maximum_pages: None };
	WasmExecutor::builder()
		.with_onchain_heap_alloc_strategy(heap)
		.with_offchain_heap_alloc_strategy(heap)
		.build()
}

/// The key of a storage value.
pub(crate) fn value_key(pallet: &str, item: &str) -> Vec<u8> {
	[twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat()
}

/// The state after a block. A copy goes its own way.
#[derive(Clone)]
pub(crate) struct Chain {
	backend: InMemoryBackend<BlakeTwo256>,
	state_version: StateVersion,
	pub(crate) header: Header,
}

impl Chain {
	pub(crate) fn new(
		backend: InMemoryBackend<BlakeTwo256>,
		state_version: StateVersion,
		header: Header,
	) -> Self {
		Self { backend, state_version, header }
	}

	/// A value in the state.
	pub(crate) fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
		// Memory does not fail to be read.
		self.backend.storage(key).ok().flatten()
	}

	/// The runtime in the state.
	pub(crate) fn code(&self) -> Vec<u8> {
		self.get(well_known_keys::CODE).unwrap_or_default()
	}

	pub(crate) fn set_code(&mut self, code: &[u8]) {
		let entry = (well_known_keys::CODE.to_vec(), Some(code.to_vec()));
		self.backend.insert(vec![(None, vec![entry])], self.state_version);
	}

	/// Every entry, those of contracts left out: what they hold shows in the roots that are here.
	pub(crate) fn entries(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
		let pairs = self.backend.pairs(Default::default());
		pairs.into_iter().flatten().filter_map(|pair| pair.ok()).collect()
	}

	/// Calls the runtime and keeps what it changed; what it answers, decoded.
	pub(crate) fn call<T: Decode>(
		&mut self,
		executor: &Executor,
		stage: &'static str,
		method: &str,
		arguments: &[u8],
	) -> Result<T> {
		let answer = self
			.execute(executor, method, arguments)
			.map_err(|reason| Refusal::Failed { stage, reason: reason_of(&reason) })?;
		T::decode(&mut answer.as_slice())
			.map_err(|error| Refusal::Failed { stage, reason: format!("{method}: {error}") })
	}

	fn execute(
		&mut self,
		executor: &Executor,
		method: &str,
		arguments: &[u8],
	) -> std::result::Result<Vec<u8>, String> {
		let mut overlay = OverlayedChanges::<BlakeTwo256>::default();
		let code = BackendRuntimeCode::new(&self.backend, TryPendingCode::No);
		let answer = StateMachine::new(
			&self.backend,
			&mut overlay,
			executor,
			method,
			arguments,
			&mut Default::default(),
			&code.runtime_code().map_err(str::to_owned)?,
			CallContext::Offchain,
		)
		.execute()
		.map_err(|error| error.to_string())?;
		let changes = overlay
			.drain_storage_changes(&self.backend, self.state_version)
			.map_err(|error| error.to_string())?;
		self.backend
			.apply_transaction(changes.transaction_storage_root, changes.transaction);
		Ok(answer)
	}

	/// Makes a block with the time in it and nothing else, in the slot after the last.
	pub(crate) fn next_block(&mut self, executor: &Executor) -> Result<Block> {
		const STAGE: &str = "a block of the new runtime";
		let slot = self.slot()? + 1;
		let opened = self.open(slot);
		let _: u8 = self.call(executor, STAGE, "Core_initialize_block", &opened.encode())?;
		let inherents = self.inherents(executor, slot)?;
		let transactions: Vec<OpaqueExtrinsic> =
			self.call(executor, STAGE, "BlockBuilder_inherent_extrinsics", &inherents.encode())?;
		for transaction in &transactions {
			self.apply(executor, transaction)?;
		}
		self.header = self.call(executor, STAGE, "BlockBuilder_finalize_block", &[])?;
		Ok(Block { header: self.header.clone(), extrinsics: transactions })
	}

	fn apply(&mut self, executor: &Executor, transaction: &OpaqueExtrinsic) -> Result<()> {
		const STAGE: &str = "a block of the new runtime";
		const DONE: [u8; 2] = [0, 0];
		let answer: [u8; 2] =
			self.call(executor, STAGE, "BlockBuilder_apply_extrinsic", &transaction.encode())?;
		let reason = || format!("the time was not accepted: {answer:?}");
		(answer == DONE)
			.then_some(())
			.ok_or_else(|| Refusal::Failed { stage: STAGE, reason: reason() })
	}

	/// The header with which a block begins.
	fn open(&self, slot: u64) -> Header {
		Header {
			parent_hash: self.header.hash(),
			number: self.header.number + 1,
			state_root: H256::zero(),
			extrinsics_root: H256::zero(),
			digest: Digest { logs: vec![DigestItem::PreRuntime(AURA, slot.encode())] },
		}
	}

	/// The slot of the last block.
	fn slot(&self) -> Result<u64> {
		let of_aura = |item: &DigestItem| match item {
			DigestItem::PreRuntime(AURA, slot) => u64::decode(&mut slot.as_slice()).ok(),
			_ => None,
		};
		let reason = || "block 0 has no slot: wait for another one".to_owned();
		let slot = self.header.digest.logs.iter().find_map(of_aura);
		slot.ok_or_else(|| Refusal::Failed { stage: "reading the header", reason: reason() })
	}

	fn inherents(&mut self, executor: &Executor, slot: u64) -> Result<InherentData> {
		const STAGE: &str = "a block of the new runtime";
		let duration: u64 = self.clone().call(executor, STAGE, "AuraApi_slot_duration", &[])?;
		let mut data = InherentData::new();
		let put = data
			.put_data(*b"timstap0", &(slot * duration))
			.and_then(|()| data.put_data(*b"auraslot", &slot));
		put.map_err(|error| Refusal::Failed { stage: STAGE, reason: error.to_string() })?;
		Ok(data)
	}

	/// What the last block weighs.
	pub(crate) fn block_weight(&self) -> Weight {
		let weight = self.get(&value_key("System", "BlockWeight"));
		let decoded = weight.and_then(|bytes| BlockWeight::decode(&mut bytes.as_slice()).ok());
		decoded.unwrap_or_default().total()
	}
}
