//! The state of a running network: fetched from a node, kept in a file, read from it.

use crate::{
	chain::{Block, Chain},
	refusal::{Refusal, Result},
};
use frame_remote_externalities::{
	Builder, Mode, OfflineConfig, OnlineConfig, RemoteExternalities, SnapshotConfig,
};
use std::path::PathBuf;

/// Where the state comes from.
pub(crate) enum Source {
	/// A node, and the file to which its finalised state is written.
	Node { uri: String, file: PathBuf },
	/// Such a file.
	File(PathBuf),
}

impl Source {
	fn name(&self) -> String {
		match self {
			Self::Node { uri, .. } => uri.clone(),
			Self::File(file) => file.display().to_string(),
		}
	}

	fn mode(&self) -> Mode<sp_core::H256> {
		match self {
			Self::Node { uri, file } => Mode::Online(OnlineConfig {
				transport_uris: vec![uri.clone()],
				state_snapshot: Some(SnapshotConfig::new(file)),
				..Default::default()
			}),
			Self::File(file) => {
				Mode::Offline(OfflineConfig { state_snapshot: SnapshotConfig::new(file) })
			},
		}
	}

	/// All of the state: its root is checked against the header of its block.
	pub(crate) fn load(&self) -> Result<Chain> {
		let no_state = |reason: String| Refusal::NoState { source_name: self.name(), reason };
		let runtime =
			tokio::runtime::Runtime::new().map_err(|error| no_state(error.to_string()))?;
		let built: std::result::Result<RemoteExternalities<Block>, _> =
			runtime.block_on(Builder::<Block>::new().mode(self.mode()).build());
		let RemoteExternalities { inner_ext, header } =
			built.map_err(|reason| no_state(reason.to_owned()))?;
		Ok(Chain::new(inner_ext.backend, inner_ext.state_version, header))
	}
}
