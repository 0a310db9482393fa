//! What a node and the commands on its database have in common.

use super::{
	consensus::slot_and_time, dev::DevelopmentVerifier, double_authoring::WatchedImport, ethereum,
	executor, next_runtime, pool, Backend, BlockImport, Client, Executor, Grandpa,
	GrandpaBlockImport, Shared,
};
use cybermiles_ethereum_rpc::IndexedImport;
use cybermiles_runtime::{apis::RuntimeApi, opaque::Block};
use sc_consensus::{BasicQueue, DefaultImportQueue};
use sc_consensus_aura::{BuildVerifierParams, CheckForEquivocation};
use sc_consensus_grandpa::GrandpaPruningFilter;
use sc_service::{
	BuildGenesisBlock, ChainType, Configuration, Error, GenesisBlockBuilder, KeystoreContainer,
	TaskManager,
};
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker};
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::sr25519::AuthorityPair as AuraPair;
use sp_runtime::traits::Block as _;
use std::{path::Path, sync::Arc};

/// At most so many blocks pass without a stored proof of finality.
///
/// A proof is also stored at every change of authorities, which warp sync needs.
pub(super) const JUSTIFICATION_PERIOD: u32 = 512;
/// Telemetry messages that may wait.
const TELEMETRY_BUFFER: usize = 16;

/// A node without network, RPC and authoring.
pub(crate) struct Partial {
	/// Client, database, pool and keys.
	pub(crate) shared: Shared,
	/// Runs the tasks and ends them.
	pub(crate) task_manager: TaskManager,
	/// Verifies and imports blocks from outside.
	pub(crate) import_queue: DefaultImportQueue<Block>,
	/// Finality.
	pub(crate) grandpa: Grandpa,
	/// Reports to a telemetry server, where one is set.
	pub(crate) telemetry: Option<Telemetry>,
}

/// Who made the blocks that will be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockSource {
	/// Validators: every block must be signed by the author of its slot.
	Consensus,
	/// Perhaps a development chain, whose blocks carry no signature.
	Development,
}

impl BlockSource {
	/// The source for commands on a database: only development chains hold unsigned blocks.
	pub(crate) fn of_chain(config: &Configuration) -> Self {
		match config.chain_spec.chain_type() {
			ChainType::Development => Self::Development,
			_ => Self::Consensus,
		}
	}
}

/// A database that holds another chain than the one asked for.
#[derive(Debug, thiserror::Error)]
#[error(
	"the database in '{path}' belongs to another chain: its genesis is {found:?}, that of '{chain}' \
	is {wanted:?}; use another --base-path, or remove it with purge-chain"
)]
struct ForeignDatabase {
	/// Folder of the database.
	path: String,
	/// Name of the chain that was asked for.
	chain: String,
	/// Genesis in the database.
	found: super::Hash,
	/// Genesis that was asked for.
	wanted: super::Hash,
}

/// The ways into the chain for blocks, each around the one before.
struct Imports {
	/// Finality.
	grandpa: GrandpaBlockImport,
	/// The index of Ethereum's blocks.
	indexed: BlockImport,
	/// The watch over authors that make two blocks for one slot.
	watched: WatchedImport,
}

/// The first parts of a node.
type Foundation = (Arc<Client>, Arc<Backend>, KeystoreContainer, TaskManager);

/// Opens the database of `config`, or makes it, and puts client, pool and import on top. The index
/// of Ethereum's blocks is as it was left: it has to catch up before anything is imported.
pub(crate) fn open(
	config: &Configuration,
	blocks: BlockSource,
	compiled_runtimes: Option<&Path>,
) -> Result<Partial, Error> {
	let telemetry = telemetry(config)?;
	let handle = telemetry.as_ref().map(|(_, telemetry)| telemetry.handle());
	let (client, backend, keystore, task_manager) =
		foundation(config, handle.clone(), compiled_runtimes)?;
	let telemetry = telemetry.map(|(worker, telemetry)| {
		task_manager.spawn_handle().spawn("telemetry", None, worker.run());
		telemetry
	});

	let select_chain = sc_consensus::LongestChain::new(backend.clone());
	let pool = Arc::new(pool::build(config, &client, &task_manager));
	let (import, link) = sc_consensus_grandpa::block_import(
		client.clone(),
		JUSTIFICATION_PERIOD,
		&client,
		select_chain.clone(),
		handle.clone(),
	)?;
	let index = ethereum::open_index(config, &client)?;
	let indexed = IndexedImport::new(import.clone(), client.clone(), index.clone());
	let watched = WatchedImport::new(indexed.clone(), &client, &pool);
	let imports = Imports { grandpa: import, indexed, watched: watched.clone() };
	let import_queue = import_queue(config, blocks, &client, imports, handle, &task_manager);
	let keystore = keystore.keystore();
	let shared = Shared { client, backend, pool, index, keystore, select_chain };
	let grandpa = Grandpa { import: watched, link };
	Ok(Partial { shared, task_manager, import_queue, grandpa, telemetry })
}

/// Connects to the telemetry servers of `config`, if there are any.
fn telemetry(config: &Configuration) -> Result<Option<(TelemetryWorker, Telemetry)>, Error> {
	let endpoints = config.telemetry_endpoints.clone().filter(|list| !list.is_empty());
	let Some(endpoints) = endpoints else { return Ok(None) };
	let worker = TelemetryWorker::new(TELEMETRY_BUFFER)?;
	let telemetry = worker.handle().new_telemetry(endpoints);
	Ok(Some((worker, telemetry)))
}

/// Opens database, client and keystore.
fn foundation(
	config: &Configuration,
	telemetry: Option<TelemetryHandle>,
	compiled_runtimes: Option<&Path>,
) -> Result<Foundation, Error> {
	let executor = executor::executor(&config.executor, compiled_runtimes)?;
	let (client, backend, keystore, task_manager) =
		sc_service::new_full_parts::<Block, RuntimeApi, _>(
			config,
			telemetry,
			executor.clone(),
			vec![Arc::new(GrandpaPruningFilter)],
		)?;
	check_genesis(config, &client, &backend, executor.clone())?;
	let client = Arc::new(client);
	next_runtime::spawn(compiled_runtimes, executor, &client, &task_manager);
	Ok((client, backend, keystore, task_manager))
}

/// Refuses a database that was begun with another genesis.
///
/// The client does not look at the specification any more once it has a genesis block.
fn check_genesis(
	config: &Configuration,
	client: &Client,
	backend: &Arc<Backend>,
	executor: Executor,
) -> Result<(), Error> {
	let spec = &config.chain_spec;
	let builder =
		GenesisBlockBuilder::new(spec.as_storage_builder(), false, backend.clone(), executor)?;
	let (block, _unused): (Block, _) = builder.build_genesis_block()?;
	let (found, wanted) = (client.info().genesis_hash, block.header().hash());
	if found == wanted {
		return Ok(());
	}
	let path = config
		.database
		.path()
		.map(|path| path.display().to_string())
		.unwrap_or_default();
	let error = ForeignDatabase { path, chain: spec.name().into(), found, wanted };
	Err(Error::Application(Box::new(error)))
}

/// The queue through which blocks from outside come in.
///
/// Authors of two blocks for one slot are reported where blocks have authors. Upstream's own check
/// is off: it only logs, and it keeps headers without the seal that a report must show.
fn import_queue(
	config: &Configuration,
	blocks: BlockSource,
	client: &Arc<Client>,
	imports: Imports,
	telemetry: Option<TelemetryHandle>,
	tasks: &TaskManager,
) -> DefaultImportQueue<Block> {
	let aura = sc_consensus_aura::build_verifier::<AuraPair, _, _, _>(BuildVerifierParams {
		client: client.clone(),
		create_inherent_data_providers: slot_and_time(client.clone()),
		check_for_equivocation: CheckForEquivocation::No,
		telemetry,
		compatibility_mode: Default::default(),
	});
	let Imports { grandpa, indexed, watched } = imports;
	let justifications = Some(Box::new(grandpa) as _);
	let (spawner, registry) = (tasks.spawn_essential_handle(), config.prometheus_registry());
	match blocks {
		BlockSource::Consensus => {
			BasicQueue::new(aura, Box::new(watched), justifications, &spawner, registry)
		},
		BlockSource::Development => {
			let verifier = DevelopmentVerifier(aura);
			BasicQueue::new(verifier, Box::new(indexed), justifications, &spawner, registry)
		},
	}
}
