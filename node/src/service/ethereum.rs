//! What Ethereum's tools are answered from.

use super::{network::Network, Client, Shared};
use crate::cli::EthereumArgs;
use cybermiles_ethereum_rpc::{
	index::{self, Metrics, Scope, Tally},
	Chain, Filters, Index, Live, Settings,
};
use sc_service::{Configuration, Error, TaskManager};
use sp_blockchain::HeaderBackend;
use std::{path::Path, sync::Arc};

/// Folder of the index, in that of the database: what removes the one removes the other.
const FOLDER: &str = "ethereum";

/// Opens the index of Ethereum's blocks in the folder of the database of `config`, or makes it.
pub(super) fn open_index(config: &Configuration, client: &Client) -> Result<Arc<Index>, Error> {
	let folder = config
		.database
		.path()
		.map_or_else(|| config.base_path.config_dir(config.chain_spec.id()), Path::to_path_buf);
	let genesis = client.info().genesis_hash;
	let index = Index::open(&folder.join(FOLDER), genesis)
		.map_err(|error| Error::Application(Box::new(error)))?;
	let metrics = config.prometheus_registry().map(Metrics::register).transpose();
	let metrics = metrics.map_err(|error| Error::Application(Box::new(error)))?;
	Ok(Arc::new(index.with_metrics(metrics)))
}

/// Has the index take up the blocks of `scope`. This must be done before a block is imported: what
/// is missing in the middle is never looked for.
pub(crate) fn catch_up(shared: &Shared, scope: Scope) -> Result<Tally, Error> {
	index::catch_up(&shared.client, &shared.backend, &shared.index, scope)
		.map_err(|error| Error::Application(Box::new(error)))
}

/// What answers Ethereum's tools.
pub(crate) struct Ethereum {
	/// The parts of the node that methods read.
	pub(crate) chain: Arc<Chain>,
	/// What happens, for subscriptions.
	pub(crate) live: Arc<Live>,
	/// What happened since a tool asked last.
	pub(crate) filters: Filters,
}

impl Ethereum {
	/// Follows the chain and the pool from now on.
	pub(super) fn start(chain: Arc<Chain>, tasks: &TaskManager) -> Self {
		let live = Live::start(&chain, &tasks.spawn_handle());
		let filters = Filters::new(chain.clone(), live.clone());
		Self { chain, live, filters }
	}
}

/// The parts of the node that answer Ethereum's tools.
pub(super) fn chain(
	config: &Configuration,
	shared: &Shared,
	network: &Network,
	limits: &EthereumArgs,
) -> Arc<Chain> {
	Arc::new(Chain {
		client: shared.client.clone(),
		backend: shared.backend.clone(),
		pool: shared.pool.clone(),
		index: shared.index.clone(),
		sync: network.sync.clone(),
		settings: Settings {
			max_past_logs: limits.eth_max_past_logs as usize,
			max_block_range: limits.eth_max_block_range.into(),
			max_filters: limits.eth_max_filters as usize,
			max_fee_history: limits.eth_max_fee_history.into(),
			is_authority: config.role.is_authority(),
			version: config.impl_version.clone(),
		},
	})
}
