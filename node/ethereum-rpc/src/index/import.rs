//! Takes Ethereum's blocks out of each block that is imported.

use super::Index;
use crate::{Block, Client, Error, Hash};
use cybermiles_primitives::ethereum::{EthereumApi, EthereumBlock};
use sc_client_api::BlockBackend;
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_consensus::BlockStatus;
use sp_runtime::traits::{Block as _, Header as _};
use std::{sync::Arc, time::Instant};

/// Import of blocks that indexes each of them as soon as it is executed.
#[derive(Clone)]
pub struct IndexedImport<Inner> {
	inner: Inner,
	client: Arc<Client>,
	index: Arc<Index>,
}

impl<Inner> IndexedImport<Inner> {
	/// Indexes what goes into `inner`.
	pub fn new(inner: Inner, client: Arc<Client>, index: Arc<Index>) -> Self {
		Self { inner, client, index }
	}

	/// Whether the block was executed, or came with its state.
	fn has_state(&self, hash: Hash) -> bool {
		matches!(self.client.block_status(hash), Ok(BlockStatus::InChainWithState))
	}

	/// Indexes the block `hash`. A failure is told, but does not keep the block out of the chain.
	fn index(&self, number: u64, hash: Hash) {
		let start = Instant::now();
		let result = read_block(&self.client, hash).and_then(|block| match block {
			Some(block) => self.index.insert(hash, &block),
			None => Ok(()),
		});
		if let Err(error) = &result {
			log::error!("Block {hash:?} is not in the index of Ethereum blocks: {error}");
		}
		let Some(metrics) = self.index.metrics() else { return };
		match result {
			Ok(()) => {
				let best: u64 = self.client.info().best_number.into();
				metrics.last.set(number);
				metrics.lag.set(best.saturating_sub(number));
				metrics.seconds.observe(start.elapsed().as_secs_f64());
			},
			Err(_) => metrics.failures.inc(),
		}
	}
}

/// What was in the block `hash`, out of its state; nothing if its extrinsics are not stored.
pub(super) fn read_block(client: &Client, hash: Hash) -> Result<Option<EthereumBlock>, Error> {
	let Some(signed) = client.block(hash)? else { return Ok(None) };
	let extrinsics = signed.block.deconstruct().1;
	let block = client.runtime_api().ethereum_block(hash, extrinsics)?;
	block.map(Some).ok_or_else(|| {
		Error::Internal(format!("the receipts of block {hash:?} do not fit its transactions"))
	})
}

#[async_trait::async_trait]
impl<Inner> BlockImport<Block> for IndexedImport<Inner>
where
	Inner: BlockImport<Block> + Send + Sync,
{
	type Error = Inner::Error;

	async fn check_block(
		&self,
		block: BlockCheckParams<Block>,
	) -> Result<ImportResult, Self::Error> {
		self.inner.check_block(block).await
	}

	async fn import_block(
		&self,
		block: BlockImportParams<Block>,
	) -> Result<ImportResult, Self::Error> {
		let skipped = block.state_action.skip_execution_checks();
		let header = block.post_header();
		let (number, hash) = ((*header.number()).into(), header.hash());
		let result = self.inner.import_block(block).await?;
		if !skipped && matches!(result, ImportResult::Imported(_)) && self.has_state(hash) {
			self.index(number, hash);
		}
		Ok(result)
	}
}
