//! The network of the node and what runs on it besides consensus.

use super::{GrandpaLink, Hash, Shared};
use cybermiles_runtime::opaque::Block;
use futures::FutureExt;
use sc_client_api::Backend as _;
use sc_consensus::DefaultImportQueue;
use sc_consensus_grandpa::warp_proof::NetworkProvider as WarpProofs;
use sc_network::{
	config::{FullNetworkConfiguration, NotificationMetrics},
	service::traits::NetworkService,
	NetworkBackend, NotificationService, ProtocolName,
};
use sc_network_sync::SyncingService;
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_rpc::system::Request as SystemRequest;
use sc_service::{Configuration, Error, TaskManager, WarpSyncConfig};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sc_utils::mpsc::TracingUnboundedSender;
use sp_blockchain::HeaderBackend;
use std::{io, sync::Arc};

/// The running network.
pub(super) struct Network {
	/// Peers and messages.
	pub(super) service: Arc<dyn NetworkService>,
	/// Blocks from peers.
	pub(super) sync: Arc<SyncingService<Block>>,
	/// Finality votes.
	pub(super) votes: VoteProtocol,
}

/// The protocol by which finality votes travel.
pub(super) struct VoteProtocol {
	/// Its name, which carries the genesis.
	pub(super) name: ProtocolName,
	/// Its messages.
	pub(super) messages: Box<dyn NotificationService>,
}

/// The ends of the network that only RPC and the pool hold.
pub(super) struct RpcEnds {
	/// Questions of the `system_` calls.
	pub(super) system: TracingUnboundedSender<SystemRequest<Block>>,
	/// Switches the gossip of transactions on when the node is in sync.
	pub(super) transactions: sc_network_transactions::TransactionsHandlerController<Hash>,
}

/// Starts the network and the sync of blocks: full, fast or warp, as the configuration says.
pub(super) fn start<N: NetworkBackend<Block, Hash>>(
	config: &Configuration,
	shared: &Shared,
	tasks: &TaskManager,
	link: &GrandpaLink,
	import_queue: DefaultImportQueue<Block>,
) -> Result<(Network, RpcEnds), Error> {
	let registry = config.prometheus_registry();
	let mut net_config =
		FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, registry.cloned());
	let metrics = N::register_notification_metrics(registry);
	let votes = vote_protocol(config, shared, &mut net_config, metrics.clone());
	let authorities = link.shared_authority_set().clone();
	let proofs = WarpProofs::new(shared.backend.clone(), authorities, Vec::new());

	let (service, system, transactions, sync, _) =
		sc_service::build_network(sc_service::BuildNetworkParams {
			config,
			net_config,
			client: shared.client.clone(),
			transaction_pool: shared.pool.clone(),
			spawn_handle: tasks.spawn_handle(),
			spawn_essential_handle: tasks.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(WarpSyncConfig::WithProvider(Arc::new(proofs))),
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;
	Ok((Network { service, sync, votes }, RpcEnds { system, transactions }))
}

/// Adds the protocol of the finality votes.
fn vote_protocol<N: NetworkBackend<Block, Hash>>(
	config: &Configuration,
	shared: &Shared,
	net_config: &mut FullNetworkConfiguration<Block, Hash, N>,
	metrics: NotificationMetrics,
) -> VoteProtocol {
	let genesis = shared.client.info().genesis_hash;
	let name = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
	let (protocol, messages) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
		name.clone(),
		metrics,
		net_config.peer_store_handle(),
	);
	net_config.add_notification_protocol(protocol);
	VoteProtocol { name, messages }
}

/// Runs the runtime's offchain workers after each best block, unless they are switched off.
pub(super) fn spawn_offchain_workers(
	config: &Configuration,
	shared: &Shared,
	tasks: &TaskManager,
	network: &Network,
) -> Result<(), Error> {
	if !config.offchain_worker.enabled {
		return Ok(());
	}
	let pool = OffchainTransactionPoolFactory::new(shared.pool.clone());
	let workers = OffchainWorkers::new(OffchainWorkerOptions {
		runtime_api_provider: shared.client.clone(),
		is_validator: config.role.is_authority(),
		keystore: Some(shared.keystore.clone()),
		offchain_db: shared.backend.offchain_storage(),
		transaction_pool: Some(pool),
		network_provider: Arc::new(network.service.clone()),
		enable_http_requests: true,
		custom_extensions: |_| vec![],
	})
	.map_err(without_certificates)?;
	tasks.spawn_handle().spawn(
		"offchain-workers-runner",
		"offchain-worker",
		workers.run(shared.client.clone(), tasks.spawn_handle()).boxed(),
	);
	Ok(())
}

/// Upstream's workers load the root certificates of the system, whether they will need them or not.
fn without_certificates(error: io::Error) -> Error {
	let remedy = "install the package ca-certificates";
	Error::Other(format!("the system's root certificates cannot be loaded ({error}): {remedy}"))
}
