//! The parts of the node that the methods read, and the blocks that callers name.

use crate::{
	convert,
	index::{BlockFees, Index},
	Error,
};
use alloy_eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::{B256, U256};
use cybermiles_primitives::ethereum::EthereumBlock;
use cybermiles_runtime::{apis::RuntimeApi, BlockNumber};
use pallet_revive::ReviveApi;
use sc_client_api::Backend as _;
use sc_network_sync::SyncingService;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_runtime::traits::Block as BlockT;
use std::{sync::Arc, time::Duration};

/// A block of the chain, its extrinsics as bytes.
pub type Block = cybermiles_runtime::opaque::Block;
/// Hash of a block's own header; Ethereum's tools know the block by another one.
pub type Hash = <Block as BlockT>::Hash;
/// Functions of the host that the runtime may call.
pub type HostFunctions = sp_io::SubstrateHostFunctions;
/// What runs the runtime.
pub type Executor = sc_executor::WasmExecutor<HostFunctions>;
/// The chain as the rest of the node sees it.
pub type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// The database.
pub type Backend = sc_service::TFullBackend<Block>;
/// Transactions that wait for a block.
pub type Pool = sc_transaction_pool::TransactionPoolHandle<Block, Client>;

/// The latest blocks, which may still be on their way into the index.
const FRESH: u64 = 8;
/// How long such a block may take.
const INDEX_TIME: Duration = Duration::from_secs(1);

/// Limits that the operator sets.
#[derive(Clone, Debug)]
pub struct Settings {
	/// Logs that one answer may hold (`--eth-max-past-logs`).
	pub max_past_logs: usize,
	/// Blocks that one search for logs may span (`--eth-max-block-range`).
	pub max_block_range: u64,
	/// Filters that may be installed at once (`--eth-max-filters`).
	pub max_filters: usize,
	/// Whether the node authors blocks when its turn comes.
	pub is_authority: bool,
	/// Version of the node.
	pub version: String,
	/// Blocks that one `eth_feeHistory` may span (`--eth-max-fee-history`).
	pub max_fee_history: u64,
}

/// The parts of the node that the methods read.
pub struct Chain {
	/// The chain.
	pub client: Arc<Client>,
	/// The database under it.
	pub backend: Arc<Backend>,
	/// Waiting transactions.
	pub pool: Arc<Pool>,
	/// Ethereum's blocks.
	pub index: Arc<Index>,
	/// How far the node is behind its peers.
	pub sync: Arc<SyncingService<Block>>,
	/// Limits.
	pub settings: Settings,
}

/// The block whose state a method reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
	/// A block that is there, by its own hash.
	Block(Hash),
	/// The block that would come next: the best one and, upon it, what waits in the pool.
	Pending,
}

impl Chain {
	/// Own hash of the best block.
	pub fn best_hash(&self) -> Hash {
		self.client.info().best_hash
	}

	/// Number of the best block.
	pub fn best_number(&self) -> u64 {
		self.client.info().best_number.into()
	}

	/// Number of the block that is meant by `tag`; `pending` is the best.
	pub fn number_of(&self, tag: BlockNumberOrTag) -> Result<u64, Error> {
		let info = self.client.info();
		let number = match tag {
			BlockNumberOrTag::Latest | BlockNumberOrTag::Pending => info.best_number,
			BlockNumberOrTag::Safe | BlockNumberOrTag::Finalized => info.finalized_number,
			BlockNumberOrTag::Earliest => 0,
			BlockNumberOrTag::Number(number) if number > info.best_number.into() => {
				return Err(Error::UnknownBlock(number.to_string()))
			},
			BlockNumberOrTag::Number(number) => return Ok(number),
		};
		Ok(number.into())
	}

	/// Hash of the block of the best chain with this number, if there is one.
	pub fn canonical(&self, number: u64) -> Result<Option<Hash>, Error> {
		canonical(&self.client, number)
	}

	/// The block whose state is meant by `id`, the latest by default; its state is there.
	pub fn at(&self, id: Option<BlockId>) -> Result<At, Error> {
		let id = id.unwrap_or_default();
		if id == BlockId::Number(BlockNumberOrTag::Pending) {
			return Ok(At::Pending);
		}
		let hash = self.resolve(id)?.ok_or_else(|| Error::UnknownBlock(name(id)))?;
		let number = self.client.number(hash)?.ok_or_else(|| Error::UnknownBlock(name(id)))?;
		match self.backend.have_state_at(hash, number) {
			true => Ok(At::Block(hash)),
			false => Err(Error::Pruned(hash)),
		}
	}

	/// The own hash of the block that is meant by `id`, if this node knows it. `pending` is the best.
	pub fn resolve(&self, id: BlockId) -> Result<Option<Hash>, Error> {
		let info = self.client.info();
		match id {
			BlockId::Hash(hash) => match self.own_hash(hash.block_hash)? {
				Some(own) if hash.require_canonical == Some(true) && !self.is_best(own)? => {
					Err(Error::NotCanonical(hash.block_hash.to_string()))
				},
				found => Ok(found),
			},
			BlockId::Number(tag) => match tag {
				BlockNumberOrTag::Latest | BlockNumberOrTag::Pending => Ok(Some(info.best_hash)),
				BlockNumberOrTag::Safe | BlockNumberOrTag::Finalized => {
					Ok(Some(info.finalized_hash))
				},
				BlockNumberOrTag::Earliest => Ok(Some(info.genesis_hash)),
				BlockNumberOrTag::Number(number) => self.canonical(number),
			},
		}
	}

	/// The own hash of the block that tools know by `hash`; of several that of the best chain.
	fn own_hash(&self, hash: B256) -> Result<Option<Hash>, Error> {
		let mut known = self.index.own_hashes(hash)?;
		let last = known.pop();
		for own in known {
			if self.is_best(own)? {
				return Ok(Some(own));
			}
		}
		Ok(last)
	}

	/// Whether a block of this number is in the index. For one that came just now this waits a
	/// moment: it is known to the chain a little earlier. Blocks the thread.
	pub fn await_block(&self, hash: Hash, number: u64) -> Result<bool, Error> {
		match number.saturating_add(FRESH) > self.best_number() {
			true => self.index.wait_for(hash, INDEX_TIME),
			false => self.index.contains(hash),
		}
	}

	/// Whether the chain knows a block and has it on its best branch.
	fn is_best(&self, own: Hash) -> Result<bool, Error> {
		match self.client.number(own)? {
			Some(number) => self.is_canonical(number.into(), own),
			None => Ok(false),
		}
	}

	/// Own hash of the block that is meant by `id`, if this node knows it; it is in the index.
	fn indexed(&self, id: BlockId) -> Result<Option<Hash>, Error> {
		let Some(hash) = self.resolve(id)? else { return Ok(None) };
		let Some(number) = self.client.number(hash)? else { return Ok(None) };
		match self.await_block(hash, number.into())? {
			true => Ok(Some(hash)),
			false => Err(Error::NotExecuted(number.into())),
		}
	}

	/// The Ethereum block that is meant by `id`, if this node knows it.
	///
	/// # Errors
	///
	/// If the node knows the block, but not what was in it.
	pub fn block(&self, id: BlockId) -> Result<Option<(Hash, EthereumBlock)>, Error> {
		let Some(hash) = self.indexed(id)? else { return Ok(None) };
		Ok(self.index.block(hash)?.map(|block| (hash, block)))
	}

	/// What gas cost in the block that is meant by `id`, and its own hash, if this node knows it.
	///
	/// # Errors
	///
	/// If the node knows the block, but not what was in it.
	pub fn fees(&self, id: BlockId) -> Result<Option<(Hash, BlockFees)>, Error> {
		let Some(hash) = self.indexed(id)? else { return Ok(None) };
		Ok(self.index.fees(hash)?.map(|fees| (hash, fees)))
	}

	/// Whether a block is on the best chain.
	pub fn is_canonical(&self, number: u64, hash: Hash) -> Result<bool, Error> {
		Ok(self.canonical(number)? == Some(hash))
	}
}

/// Price of gas in a block upon `parent`, in planck (wei).
pub(crate) fn next_price(
	api: &<Client as ProvideRuntimeApi<Block>>::Api,
	parent: Hash,
) -> Result<U256, Error> {
	#[allow(deprecated)] // The plain form serves runtimes of every version.
	let price = api.gas_price(parent)?;
	Ok(convert::number(price))
}

/// Hash of the block of the best chain with this number, if there is one.
pub(crate) fn canonical(client: &Client, number: u64) -> Result<Option<Hash>, Error> {
	let Ok(number) = BlockNumber::try_from(number) else { return Ok(None) };
	Ok(client.hash(number)?)
}

/// How a caller named a block.
fn name(id: BlockId) -> String {
	match id {
		BlockId::Hash(hash) => hash.block_hash.to_string(),
		BlockId::Number(tag) => tag.to_string(),
	}
}
