//! The `web3_` methods.

use crate::Error;
use alloy_primitives::{keccak256, Bytes, B256};
use jsonrpsee::proc_macros::rpc;

/// The client and its hash function.
#[rpc(server, namespace = "web3")]
pub trait Web3Api {
	/// Name and version of the node.
	#[method(name = "clientVersion")]
	fn client_version(&self) -> Result<String, Error>;

	/// Keccak-256 of `data`.
	#[method(name = "sha3")]
	fn sha3(&self, data: Bytes) -> Result<B256, Error>;
}

/// Answers by itself.
pub struct Web3 {
	/// Version of the node.
	pub version: String,
}

impl Web3ApiServer for Web3 {
	fn client_version(&self) -> Result<String, Error> {
		Ok(format!(
			"CyberMiles/v{}/{}-{}",
			self.version,
			std::env::consts::OS,
			std::env::consts::ARCH
		))
	}

	fn sha3(&self, data: Bytes) -> Result<B256, Error> {
		Ok(keccak256(data))
	}
}
