//! The `net_` methods.

use crate::{Chain, Error};
use alloy_primitives::U64;
use cybermiles_primitives::ethereum::EthereumApi;
use jsonrpsee::proc_macros::rpc;
use sp_api::ProvideRuntimeApi;
use std::sync::Arc;

/// The network.
#[rpc(server, namespace = "net")]
pub trait NetApi {
	/// The chain id in decimal digits.
	#[method(name = "version", blocking)]
	fn version(&self) -> Result<String, Error>;

	/// `true`: the node takes connections.
	#[method(name = "listening")]
	fn listening(&self) -> Result<bool, Error>;

	/// Nodes that this one is connected to.
	#[method(name = "peerCount")]
	fn peer_count(&self) -> Result<U64, Error>;
}

/// Answers from the network of the node.
pub struct Net(pub Arc<Chain>);

impl NetApiServer for Net {
	fn version(&self) -> Result<String, Error> {
		let chain = &self.0;
		Ok(chain.client.runtime_api().chain_id(chain.best_hash())?.to_string())
	}

	fn listening(&self) -> Result<bool, Error> {
		Ok(true)
	}

	fn peer_count(&self) -> Result<U64, Error> {
		Ok(U64::from(self.0.sync.num_connected_peers()))
	}
}
