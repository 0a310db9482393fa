//! Aura makes the blocks, GRANDPA finalises them, authority discovery lets the validators meet.

use super::{network::Network, partial::JUSTIFICATION_PERIOD, Client, Grandpa, Shared};
use cybermiles_runtime::opaque::Block;
use futures::StreamExt;
use sc_authority_discovery::{Role as DiscoveryRole, WorkerConfig};
use sc_basic_authorship::ProposerFactory;
use sc_consensus_aura::{SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
	GrandpaParams, SharedVoterState, ThreeQuartersOfTheUnfinalizedChain, VotingRule,
	VotingRulesBuilder,
};
use sc_network::{Event, Multiaddr, NetworkEventStream};
use sc_service::{Configuration, Error, Role, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_aura::{
	inherents::InherentDataProvider as SlotProvider,
	sr25519::{AuthorityId as AuraId, AuthorityPair as AuraPair},
	SlotDuration,
};
use sp_inherents::CreateInherentDataProviders;
use sp_timestamp::InherentDataProvider as TimeProvider;
use std::{path::PathBuf, sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// How long a vote is expected to take through the network.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);
/// Part of a slot in which the block is filled; the rest is for sending and checking it.
const PROPOSAL_PORTION: f32 = 2.0 / 3.0;

/// What consensus takes from the configuration.
pub(super) struct Settings {
	role: Role,
	name: String,
	force_authoring: bool,
	vote: bool,
	prometheus: Option<Registry>,
	public_addresses: Vec<Multiaddr>,
	publish_local_addresses: bool,
	network_folder: Option<PathBuf>,
}

/// What consensus works with.
pub(super) struct Parts {
	/// Client, pool and keys.
	pub(super) shared: Shared,
	/// Import that joins the voter.
	pub(super) grandpa: Grandpa,
	/// Messages.
	pub(super) network: Network,
	/// Reports.
	pub(super) telemetry: Option<TelemetryHandle>,
	/// The vote as RPC sees it.
	pub(super) voter_state: SharedVoterState,
}

impl Settings {
	/// Copies what is needed, because the configuration goes to other tasks.
	pub(super) fn new(config: &Configuration) -> Self {
		Self {
			role: config.role,
			name: config.network.node_name.clone(),
			force_authoring: config.force_authoring,
			vote: !config.disable_grandpa,
			prometheus: config.prometheus_registry().cloned(),
			public_addresses: config.network.public_addresses.clone(),
			publish_local_addresses: config.network.allow_non_globals_in_dht,
			network_folder: config.network.net_config_path.clone(),
		}
	}
}

/// Starts what the role of the node asks for.
///
/// Authoring and voting are essential tasks: the node stops if one of them ends.
pub(super) fn start(
	settings: Settings,
	parts: Parts,
	tasks: &mut TaskManager,
) -> Result<(), Error> {
	if settings.role.is_authority() {
		start_authoring(&settings, &parts, tasks)?;
		start_discovery(&settings, &parts, tasks);
	}
	if settings.vote {
		start_voting(settings, parts, tasks)?;
	} else {
		// The network takes the end of a protocol for the end of the node, and would meet nobody.
		tasks.keep_alive(parts.network.votes);
	}
	Ok(())
}

/// The present slot and time, for a block on top of a given parent.
pub(super) fn slot_and_time(
	client: Arc<Client>,
) -> impl CreateInherentDataProviders<Block, (), InherentDataProviders = (SlotProvider, TimeProvider)>
       + 'static {
	move |parent, ()| {
		let client = client.clone();
		async move {
			let slot =
				sc_consensus_aura::standalone::slot_duration_at::<AuraId, _, _>(&*client, parent)?;
			Ok(present(slot))
		}
	}
}

/// The present slot, and the time it was taken from.
pub(super) fn present(slot: SlotDuration) -> (SlotProvider, TimeProvider) {
	let time = TimeProvider::from_system_time();
	(SlotProvider::from_timestamp_and_slot_duration(*time, slot), time)
}

/// Makes a block whenever it is the turn of one of our keys.
fn start_authoring(settings: &Settings, parts: &Parts, tasks: &TaskManager) -> Result<(), Error> {
	let Shared { client, pool, keystore, select_chain, .. } = parts.shared.clone();
	let proposer_factory = ProposerFactory::new(
		tasks.spawn_handle(),
		client.clone(),
		pool,
		settings.prometheus.as_ref(),
		parts.telemetry.clone(),
	);
	let slot_duration = sc_consensus_aura::slot_duration::<AuraId, _, _>(&*client)?;
	let aura =
		sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(StartAuraParams {
			slot_duration,
			create_inherent_data_providers: slot_and_time(client.clone()),
			client,
			select_chain,
			block_import: parts.grandpa.import.clone(),
			proposer_factory,
			force_authoring: settings.force_authoring,
			// Blocks go on where finality waits: the chain must carry the votes and transactions
			// that bring it back.
			backoff_authoring_blocks: None::<()>,
			keystore,
			sync_oracle: parts.network.sync.clone(),
			justification_sync_link: parts.network.sync.clone(),
			block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
			max_block_proposal_slot_portion: None,
			telemetry: parts.telemetry.clone(),
			compatibility_mode: Default::default(),
		})?;
	tasks
		.spawn_essential_handle()
		.spawn_blocking("aura", Some("block-authoring"), aura);
	Ok(())
}

/// Publishes our addresses for the other validators and looks for theirs.
fn start_discovery(settings: &Settings, parts: &Parts, tasks: &TaskManager) {
	let service = &parts.network.service;
	let events = service.event_stream("authority-discovery").filter_map(|event| async move {
		match event {
			Event::Dht(event) => Some(event),
			_ => None,
		}
	});
	let (worker, _service) = sc_authority_discovery::new_worker_and_service_with_config(
		WorkerConfig {
			publish_non_global_ips: settings.publish_local_addresses,
			public_addresses: settings.public_addresses.clone(),
			persisted_cache_directory: settings.network_folder.clone(),
			..Default::default()
		},
		parts.shared.client.clone(),
		Arc::new(service.clone()),
		Box::pin(events),
		DiscoveryRole::PublishAndDiscover(parts.shared.keystore.clone()),
		settings.prometheus.clone(),
		tasks.spawn_handle(),
	);
	tasks
		.spawn_handle()
		.spawn("authority-discovery", Some("networking"), worker.run());
}

/// Follows the finality votes, and takes part where this node is a validator.
fn start_voting(settings: Settings, parts: Parts, tasks: &TaskManager) -> Result<(), Error> {
	let Parts { shared, grandpa, network, telemetry, voter_state } = parts;
	let config = sc_consensus_grandpa::Config {
		gossip_duration: GOSSIP_DURATION,
		justification_generation_period: JUSTIFICATION_PERIOD,
		name: Some(settings.name),
		observer_enabled: false,
		keystore: settings.role.is_authority().then(|| shared.keystore.clone()),
		local_role: settings.role,
		telemetry: telemetry.clone(),
		protocol_name: network.votes.name,
	};
	let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
		config,
		link: grandpa.link,
		network: network.service,
		sync: network.sync,
		notification_service: network.votes.messages,
		voting_rule: voting_rule(),
		prometheus_registry: settings.prometheus,
		shared_voter_state: voter_state,
		telemetry,
		offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(shared.pool),
	})?;
	tasks.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
	Ok(())
}

/// Which block an honest voter votes for: the best one, as long as finality keeps up.
///
/// Keeping a distance to the best block, as is usual, spares rounds in which voters stand on different
/// forks. Here a slot has one author and lasts 3 seconds, so forks are rare, and where there is one
/// GRANDPA finalises what both have in common. The distance would cost each block 3 seconds.
fn voting_rule() -> impl VotingRule<Block, Client> + Clone {
	VotingRulesBuilder::new().add(ThreeQuartersOfTheUnfinalizedChain).build()
}
