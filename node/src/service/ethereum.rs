//! What Ethereum's tools are answered from.

use super::{network::Network, Backend, Client, Shared};
use crate::cli::EthereumArgs;
use cybermiles_ethereum_rpc::{
	index::{catch_up, Metrics, Scope},
	Chain, Filters, Index, Live, Settings,
};
use sc_service::{Configuration, Error, TaskManager};
use sp_blockchain::HeaderBackend;
use std::{path::Path, sync::Arc};

/// Folder of the index, in that of the database: what removes the one removes the other.
const FOLDER: &str = "ethereum";

/// Opens the index of Ethereum's blocks in the folder of the database of `config`, or makes it, and
/// has it take up what it does not have yet.
pub(super) fn open_index(
	config: &Configuration,
	client: &Client,
	backend: &Backend,
) -> Result<Arc<Index>, Error> {
	let application = |error| Error::Application(Box::new(error));
	let folder = config
		.database
		.path()
		.map_or_else(|| config.base_path.config_dir(config.chain_spec.id()), Path::to_path_buf);
	let genesis = client.info().genesis_hash;
	let index = Index::open(&folder.join(FOLDER), genesis).map_err(application)?;
	catch_up(client, backend, &index, Scope::Missing).map_err(application)?;
	Ok(Arc::new(index))
}

/// The metrics of the index, where metrics are wanted.
pub(super) fn index_metrics(config: &Configuration) -> Result<Option<Metrics>, Error> {
	let registered = config.prometheus_registry().map(Metrics::register).transpose();
	registered.map_err(|error| Error::Application(Box::new(error)))
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
