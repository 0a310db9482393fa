//! The node itself, and what belongs to mining.

use crate::{convert, Chain, Error};
use alloy_primitives::{Address, B256, U256, U64};
use alloy_rpc_types_eth::{SyncInfo, SyncStatus};
use cybermiles_primitives::ethereum::EthereumApi;
use jsonrpsee::proc_macros::rpc;
use serde_json::Value;
use sp_api::ProvideRuntimeApi;
use std::sync::Arc;

/// Version of Ethereum's wire protocol that is told; the node itself speaks another one.
const PROTOCOL: u64 = 65;

/// The node itself, and what belongs to mining, which this chain does not know.
#[rpc(server, namespace = "eth")]
pub trait ClientApi {
	/// The number by which transactions name this network (EIP-155).
	#[method(name = "chainId", blocking)]
	fn chain_id(&self) -> Result<U64, Error>;

	/// How far the node is behind; `false` when it is not.
	#[method(name = "syncing")]
	async fn syncing(&self) -> Result<SyncStatus, Error>;

	/// None: the node holds no keys.
	#[method(name = "accounts")]
	fn accounts(&self) -> Result<Vec<Address>, Error>;

	/// Address of the author of the best block.
	#[method(name = "coinbase", blocking)]
	fn coinbase(&self) -> Result<Address, Error>;

	/// A number that old tools ask for.
	#[method(name = "protocolVersion")]
	fn protocol_version(&self) -> Result<U64, Error>;

	/// Whether this node authors blocks when its turn comes.
	#[method(name = "mining")]
	fn mining(&self) -> Result<bool, Error>;

	/// Zero: nobody mines.
	#[method(name = "hashrate")]
	fn hashrate(&self) -> Result<U256, Error>;

	/// Not offered: nobody mines.
	#[method(name = "getWork")]
	fn work(&self) -> Result<Value, Error>;

	/// `false`: nobody mines.
	#[method(name = "submitWork")]
	fn submit_work(&self, nonce: Value, hash: Value, digest: Value) -> Result<bool, Error>;

	/// `false`: nobody mines.
	#[method(name = "submitHashrate")]
	fn submit_hashrate(&self, rate: Value, id: B256) -> Result<bool, Error>;
}

/// Answers from the node.
pub struct ClientInfo(pub Arc<Chain>);

/// Where the node is on its way to the head that its peers tell of; `None` when it is there.
pub(crate) async fn sync_info(chain: &Chain) -> Result<Option<SyncInfo>, Error> {
	let status = chain.sync.status().await;
	let status = status.map_err(|_| Error::Internal("the sync of the node has stopped".into()))?;
	if !status.state.is_major_syncing() {
		return Ok(None);
	}
	let highest = status.best_seen_block.map_or(0, u64::from).max(chain.best_number());
	Ok(Some(SyncInfo {
		starting_block: U256::ZERO,
		current_block: U256::from(chain.best_number()),
		highest_block: U256::from(highest),
		warp_chunks_amount: None,
		warp_chunks_processed: None,
		stages: None,
	}))
}

#[jsonrpsee::core::async_trait]
impl ClientApiServer for ClientInfo {
	fn chain_id(&self) -> Result<U64, Error> {
		let chain = &self.0;
		Ok(U64::from(chain.client.runtime_api().chain_id(chain.best_hash())?))
	}

	async fn syncing(&self) -> Result<SyncStatus, Error> {
		let info = sync_info(&self.0).await?;
		Ok(info.map_or(SyncStatus::None, |info| SyncStatus::Info(Box::new(info))))
	}

	fn accounts(&self) -> Result<Vec<Address>, Error> {
		Ok(vec![])
	}

	fn coinbase(&self) -> Result<Address, Error> {
		let block = self.0.index.block(self.0.best_hash())?;
		let block = block.ok_or_else(|| Error::NotExecuted(self.0.best_number()))?;
		Ok(convert::address(block.author))
	}

	fn protocol_version(&self) -> Result<U64, Error> {
		Ok(U64::from(PROTOCOL))
	}

	fn mining(&self) -> Result<bool, Error> {
		Ok(self.0.settings.is_authority)
	}

	fn hashrate(&self) -> Result<U256, Error> {
		Ok(U256::ZERO)
	}

	fn work(&self) -> Result<Value, Error> {
		Err(Error::Unsupported("there is no work to get: blocks are authored in turns, not mined"))
	}

	fn submit_work(&self, _: Value, _: Value, _: Value) -> Result<bool, Error> {
		Ok(false)
	}

	fn submit_hashrate(&self, _: Value, _: B256) -> Result<bool, Error> {
		Ok(false)
	}
}
