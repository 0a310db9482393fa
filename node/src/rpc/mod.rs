//! The RPC methods of a node beyond the standard ones.
//!
//! The service itself brings `system_`, `chain_`, `state_`, `author_`, `offchain_` and the second
//! generation: `chainHead_v1_`, `chainSpec_v1_`, `transaction_v1_`, and `archive_v1_` on archives.

mod cmt;

use crate::service::{Backend, Ethereum, GrandpaLink, Hash, Shared};
use cmt::{Cmt, CmtApiServer};
use cybermiles_runtime::{opaque::Block, AccountId, BlockNumber, Nonce};
use futures::channel::mpsc;
use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_consensus_manual_seal::{
	rpc::{ManualSeal, ManualSealApiServer},
	EngineCommand,
};
use sc_rpc::SubscriptionTaskExecutor;
use std::sync::Arc;
use substrate_frame_rpc_system::{System, SystemApiServer};

/// Requests for blocks to a development chain.
pub(crate) type SealingRequests = mpsc::Sender<EngineCommand<Hash>>;

/// What the methods work on.
pub(crate) struct Deps {
	shared: Shared,
	voter_state: SharedVoterState,
	authorities: SharedAuthoritySet<Hash, BlockNumber>,
	justifications: GrandpaJustificationStream<Block>,
	proofs: Arc<FinalityProofProvider<Backend, Block>>,
	ethereum: Ethereum,
	sealing: Option<SealingRequests>,
}

impl Deps {
	/// Takes a share of each part; `sealing` is there on development chains only.
	pub(crate) fn new(
		shared: &Shared,
		link: &GrandpaLink,
		voter_state: SharedVoterState,
		ethereum: Ethereum,
		sealing: Option<SealingRequests>,
	) -> Self {
		let authorities = link.shared_authority_set().clone();
		Self {
			shared: shared.clone(),
			voter_state,
			proofs: FinalityProofProvider::new_for_service(
				shared.backend.clone(),
				Some(authorities.clone()),
			),
			authorities,
			justifications: link.justification_stream(),
			ethereum,
			sealing,
		}
	}
}

/// Puts the methods together.
pub(crate) fn create(
	deps: &Deps,
	executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>> {
	let Shared { client, backend, pool, .. } = &deps.shared;
	let mut module = RpcModule::new(());
	let system = System::<_, _, Block>::new(client.clone(), pool.clone());
	module.merge(SystemApiServer::<Hash, AccountId, Nonce>::into_rpc(system))?;
	let payment = TransactionPayment::<_, Block>::new(client.clone());
	module.merge(TransactionPaymentApiServer::<Hash, _>::into_rpc(payment))?;
	let Ethereum { chain, live, filters } = &deps.ethereum;
	module.merge(cybermiles_ethereum_rpc::module(chain)?)?;
	module.merge(cybermiles_ethereum_rpc::events_module(chain, live, filters)?)?;
	module.merge(Cmt::new(client.clone(), backend.clone()).into_rpc())?;
	let grandpa = Grandpa::new(
		executor,
		deps.authorities.clone(),
		deps.voter_state.clone(),
		deps.justifications.clone(),
		deps.proofs.clone(),
	);
	module.merge(grandpa.into_rpc())?;
	if let Some(requests) = deps.sealing.clone() {
		module.merge(ManualSeal::new(requests).into_rpc())?;
	}
	Ok(module)
}
