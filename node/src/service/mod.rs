//! Puts the node together: database and client, network, RPC, then consensus or sealing.

mod consensus;
mod dev;
mod double_authoring;
mod ethereum;
mod executor;
mod hardware;
mod keys;
mod metrics;
mod network;
mod next_runtime;
mod partial;
mod pool;

pub(crate) use dev::sealing;
pub(crate) use ethereum::{catch_up, Ethereum};
pub(crate) use next_runtime::compile;
pub(crate) use partial::{open, BlockSource, Partial};

use crate::{
	cli::{EthereumArgs, Sealing},
	rpc,
};
use cybermiles_ethereum_rpc::{index::Scope, Index, IndexedImport};
use cybermiles_runtime::opaque::Block;
use double_authoring::WatchedImport;
use futures::channel::mpsc;
use network::{Network, RpcEnds};
use sc_consensus_grandpa::SharedVoterState;
use sc_network::{
	config::NetworkBackendType, Litep2pNetworkBackend, NetworkBackend, NetworkWorker,
};
use sc_service::{Configuration, Error, TaskManager};
use sc_storage_monitor::{StorageMonitorParams, StorageMonitorService};
use sc_telemetry::Telemetry;
use sp_keystore::KeystorePtr;
use sp_runtime::traits::Block as BlockT;
use std::{path::PathBuf, sync::Arc};

/// Hash of a block.
pub(crate) type Hash = <Block as BlockT>::Hash;
pub(crate) use cybermiles_ethereum_rpc::{chain::Executor, Backend, Client, Pool};
/// The rule that says which chain is the best.
pub(crate) type SelectChain = sc_consensus::LongestChain<Backend, Block>;
/// Import of blocks that watches for changes of the GRANDPA authorities.
pub(crate) type GrandpaBlockImport =
	sc_consensus_grandpa::GrandpaBlockImport<Backend, Block, Client, SelectChain>;
/// That import, with Ethereum's blocks taken out of each block on its way.
pub(crate) type BlockImport = IndexedImport<GrandpaBlockImport>;
/// What joins that import to the voter.
pub(crate) type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, Client, SelectChain>;

/// The parts that every other part may hold a share of.
#[derive(Clone)]
pub(crate) struct Shared {
	/// The chain.
	pub(crate) client: Arc<Client>,
	/// The database under it.
	pub(crate) backend: Arc<Backend>,
	/// Waiting transactions.
	pub(crate) pool: Arc<Pool>,
	/// Ethereum's blocks.
	pub(crate) index: Arc<Index>,
	/// Session keys.
	pub(crate) keystore: KeystorePtr,
	/// Which chain is the best.
	pub(crate) select_chain: SelectChain,
}

/// The two ends of GRANDPA's import of blocks.
pub(crate) struct Grandpa {
	/// Where blocks go in, watched for authors that make two for one slot.
	pub(crate) import: WatchedImport,
	/// Where the voter takes over.
	pub(crate) link: GrandpaLink,
}

/// What our own flags ask of a running node.
pub(crate) struct Options {
	/// Blocks without consensus, and when.
	pub(crate) sealing: Option<Sealing>,
	/// Measure the hardware at the start.
	pub(crate) hardware_benchmarks: bool,
	/// When to stop because the disk is full.
	pub(crate) storage_monitor: StorageMonitorParams,
	/// What one request of an Ethereum tool may ask for.
	pub(crate) ethereum: EthereumArgs,
	/// The folder of compiled runtimes.
	pub(crate) compiled_runtimes: Option<PathBuf>,
}

/// Starts a node with the network library that the configuration names.
///
/// The tasks of the node live as long as the result.
pub(crate) fn start(config: Configuration, options: Options) -> Result<TaskManager, Error> {
	match config.network.network_backend {
		NetworkBackendType::Libp2p => launch::<NetworkWorker<Block, Hash>>(config, options),
		NetworkBackendType::Litep2p => launch::<Litep2pNetworkBackend>(config, options),
	}
}

/// Starts every part in turn.
fn launch<N: NetworkBackend<Block, Hash>>(
	config: Configuration,
	options: Options,
) -> Result<TaskManager, Error> {
	let blocks = match options.sealing {
		Some(_) => BlockSource::Development,
		None => BlockSource::Consensus,
	};
	let Partial { shared, mut task_manager, import_queue, grandpa, mut telemetry } =
		partial::open(&config, blocks, options.compiled_runtimes.as_deref())?;
	catch_up(&shared, Scope::Missing)?;
	if config.role.is_authority() {
		keys::check_session_keys(&shared.keystore)?;
	}
	let measured = options.hardware_benchmarks.then(|| hardware::measure(&config)).flatten();
	monitor_storage(&config, options.storage_monitor, &task_manager)?;
	let (network, ends) =
		network::start::<N>(&config, &shared, &task_manager, &grandpa.link, import_queue)?;
	network::spawn_offchain_workers(&config, &shared, &task_manager, &network)?;
	metrics::spawn(config.prometheus_registry(), &shared, &task_manager)?;

	let voter_state = SharedVoterState::empty();
	let (commands, requests) = mpsc::channel(dev::REQUESTS);
	let ethereum = ethereum::chain(&config, &shared, &network, &options.ethereum);
	let ethereum = Ethereum::start(ethereum, &task_manager);
	let rpc = rpc::Deps::new(
		&shared,
		&grandpa.link,
		voter_state.clone(),
		ethereum,
		options.sealing.map(|_| commands),
	);
	let settings = consensus::Settings::new(&config);
	spawn_tasks(config, &shared, &mut task_manager, &network, ends, rpc, telemetry.as_mut())?;
	hardware::report(measured, telemetry.as_ref(), &task_manager);

	match options.sealing {
		Some(mode) => {
			dev::start(mode, requests, shared, &task_manager)?;
			task_manager.keep_alive(network.votes);
		},
		None => {
			let telemetry = telemetry.as_ref().map(Telemetry::handle);
			let parts = consensus::Parts { shared, grandpa, network, telemetry, voter_state };
			consensus::start(settings, parts, &mut task_manager)?
		},
	}
	Ok(task_manager)
}

/// Stops the node before its disk is full.
fn monitor_storage(
	config: &Configuration,
	params: StorageMonitorParams,
	task_manager: &TaskManager,
) -> Result<(), Error> {
	let Some(path) = config.database.path() else { return Ok(()) };
	StorageMonitorService::try_spawn(
		params,
		path.to_path_buf(),
		&task_manager.spawn_essential_handle(),
	)
	.map_err(|error| Error::Application(error.into()))
}

/// Starts RPC, metrics, telemetry and the upkeep of the pool.
fn spawn_tasks(
	config: Configuration,
	shared: &Shared,
	task_manager: &mut TaskManager,
	network: &Network,
	ends: RpcEnds,
	rpc: rpc::Deps,
	telemetry: Option<&mut Telemetry>,
) -> Result<(), Error> {
	sc_service::spawn_tasks(sc_service::SpawnTasksParams {
		config,
		client: shared.client.clone(),
		backend: shared.backend.clone(),
		task_manager,
		keystore: shared.keystore.clone(),
		transaction_pool: shared.pool.clone(),
		rpc_builder: Box::new(move |executor| rpc::create(&rpc, executor).map_err(Into::into)),
		network: network.service.clone(),
		system_rpc_tx: ends.system,
		tx_handler_controller: ends.transactions,
		sync_service: network.sync.clone(),
		telemetry,
		tracing_execute_block: None,
	})?;
	Ok(())
}
