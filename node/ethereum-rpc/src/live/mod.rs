//! What happens on the chain and in the pool, told to all who listen.
//!
//! Two tasks follow the chain and the pool for the whole node, however many listen, and read each
//! block once for all of them. A block is told only after it is in the index.

mod arrivals;
mod fan;
mod heads;
mod tree;

pub(crate) use arrivals::Arrivals;
pub(crate) use heads::{Heads, Turn};
pub(crate) use tree::{Step, Tree};

#[cfg(test)]
pub(crate) use tree::testing;

use crate::{Chain, Hash};
use futures::{stream, StreamExt};
use sc_client_api::BlockchainEvents;
use sc_service::SpawnTaskHandle;
use sp_consensus::SyncOracle;
use std::sync::Arc;

/// What happens on the chain and in the pool.
pub struct Live {
	pub(crate) heads: Heads,
	pub(crate) arrivals: Arrivals,
}

impl Live {
	/// Follows `chain` from its present best block on, with tasks that end with the node.
	pub fn start(chain: &Arc<Chain>, tasks: &SpawnTaskHandle) -> Arc<Self> {
		let live =
			Arc::new(Self { heads: Heads::new(chain.best_hash()), arrivals: Arrivals::default() });
		tasks.spawn_blocking(
			"ethereum-heads",
			Some("rpc"),
			follow_heads(chain.clone(), live.clone()),
		);
		let pool = arrivals::follow(chain.clone(), live.clone());
		tasks.spawn_blocking("ethereum-arrivals", Some("rpc"), pool);
		live
	}

	/// The last block that was told; what the index has of the best chain ends there.
	pub(crate) fn head(&self) -> Hash {
		self.heads.head()
	}
}

/// Tells of every change of the best block.
///
/// Finality may also change it, without a block that comes in.
async fn follow_heads(chain: Arc<Chain>, live: Arc<Live>) {
	let indexed = chain.index.arrivals();
	let finalized = chain.client.finality_notification_stream().map(drop);
	let mut causes = stream::select(indexed, finalized);
	while causes.next().await.is_some() {
		let quiet = chain.sync.is_major_syncing();
		if let Err(error) = live.heads.advance(&*chain, quiet).await {
			log::warn!("Subscriptions miss a change of the best block: {error}");
		}
	}
}
