//! What may be typed after `cybermiles`.

use sc_cli::{CliConfiguration, DatabaseParams, PruningParams, SharedParams};
use sc_storage_monitor::StorageMonitorParams;
use std::{fmt, num::NonZeroU64, path::PathBuf, str::FromStr, time::Duration};

/// The command line of the node.
#[derive(Debug, clap::Parser)]
pub(crate) struct Cli {
	/// What to do instead of running a node.
	#[command(subcommand)]
	pub(crate) subcommand: Option<Subcommand>,

	/// How to run a node.
	#[command(flatten)]
	pub(crate) run: RunArgs,
}

/// Everything that can be asked besides running a node.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant)]
pub(crate) enum Subcommand {
	/// Make, show and store keys of accounts, sessions and the network.
	#[command(subcommand)]
	Key(sc_cli::KeySubcommand),

	/// Print a chain specification as JSON; `export-chain-spec` is the newer way.
	BuildSpec(sc_cli::BuildSpecCmd),

	/// Write a chain specification as JSON, in plain or in raw form.
	ExportChainSpec(sc_cli::ExportChainSpecCmd),

	/// Verify a block that the database holds.
	CheckBlock(sc_cli::CheckBlockCmd),

	/// Write blocks to a file.
	ExportBlocks(sc_cli::ExportBlocksCmd),

	/// Read, verify and import blocks from a file.
	ImportBlocks(sc_cli::ImportBlocksCmd),

	/// Write the state at a block as a raw chain specification.
	ExportState(sc_cli::ExportStateCmd),

	/// Remove the database of a chain; keys stay.
	PurgeChain(sc_cli::PurgeChainCmd),

	/// Take back blocks that are not final yet.
	Revert(sc_cli::RevertCmd),

	/// Index again the Ethereum blocks of all blocks whose state is still there.
	///
	/// What the index holds of other blocks stays. The node must not run meanwhile.
	RebuildEthereumIndex(RebuildEthereumIndexCmd),

	/// Compile a runtime for nodes that run with `--compiled-runtimes`, before it is enacted.
	CompileRuntime(CompileRuntimeCmd),

	/// Print the best, the final and the genesis block of the database as JSON.
	ChainInfo(sc_cli::ChainInfoCmd),
}

/// What is compiled, and for whom.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct CompileRuntimeCmd {
	/// The runtime: WASM, as it will be on chain.
	#[arg(value_name = "FILE")]
	pub(crate) runtime: PathBuf,

	/// The folder that nodes are given.
	#[arg(long, value_name = "FOLDER")]
	pub(crate) compiled_runtimes: PathBuf,
}

/// Which database's index is made anew.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RebuildEthereumIndexCmd {
	/// The chain and its folder.
	#[command(flatten)]
	shared: SharedParams,

	/// As the node runs with.
	#[command(flatten)]
	pruning: PruningParams,

	/// The database.
	#[command(flatten)]
	database: DatabaseParams,
}

impl CliConfiguration for RebuildEthereumIndexCmd {
	fn shared_params(&self) -> &SharedParams {
		&self.shared
	}

	fn pruning_params(&self) -> Option<&PruningParams> {
		Some(&self.pruning)
	}

	fn database_params(&self) -> Option<&DatabaseParams> {
		Some(&self.database)
	}
}

/// How to run a node.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RunArgs {
	/// What every node of this family understands.
	#[command(flatten)]
	pub(crate) base: sc_cli::RunCmd,

	/// Make and finalise blocks without consensus; only for a development chain.
	///
	/// `instant` makes a block as soon as there is a transaction, `manual` only when
	/// `engine_createBlock` is called, a number makes one every so many milliseconds. The time in
	/// the blocks moves by one slot per block. With `--dev`, `instant` is the default.
	#[arg(long, value_name = "instant|manual|MILLISECONDS")]
	pub(crate) sealing: Option<Sealing>,

	/// Do not measure the hardware at the start.
	#[arg(long)]
	pub(crate) no_hardware_benchmarks: bool,

	/// When to stop because the disk is full.
	#[command(flatten)]
	pub(crate) storage_monitor: StorageMonitorParams,

	/// What one request of an Ethereum tool may ask for.
	#[command(flatten)]
	pub(crate) ethereum: EthereumArgs,

	/// Keep compiled runtimes in this folder, which only this user may write to.
	///
	/// Without it a runtime is compiled at every start, and when an upgrade is enacted.
	#[arg(long, value_name = "FOLDER")]
	pub(crate) compiled_runtimes: Option<PathBuf>,
}

/// What one request of an Ethereum tool may ask for.
///
/// The size of an answer and the rate of requests are bounded for all methods, by
/// `--rpc-max-response-size` and `--rpc-rate-limit`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct EthereumArgs {
	/// Logs in one answer of `eth_getLogs` and its like; more are refused, not left out.
	#[arg(long, value_name = "COUNT", default_value_t = 10_000)]
	pub(crate) eth_max_past_logs: u32,

	/// Blocks that one search for logs may span.
	#[arg(long, value_name = "BLOCKS", default_value_t = 10_000)]
	pub(crate) eth_max_block_range: u32,

	/// Filters (`eth_newFilter` and its like) that may be installed at once.
	#[arg(long, value_name = "COUNT", default_value_t = 500)]
	pub(crate) eth_max_filters: u32,

	/// Blocks that one `eth_feeHistory` may span; for more, this many are told.
	#[arg(long, value_name = "BLOCKS", default_value_t = 1_024)]
	pub(crate) eth_max_fee_history: u32,
}

/// When a development chain makes a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sealing {
	/// As soon as the pool holds a transaction that can be included.
	Instant,
	/// On the call of `engine_createBlock` only.
	Manual,
	/// At a fixed interval, also without transactions.
	Interval(Duration),
}

/// Why a sealing mode was not understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected instant, manual or a number of milliseconds above 0")]
pub(crate) struct UnknownSealing;

impl FromStr for Sealing {
	type Err = UnknownSealing;

	fn from_str(mode: &str) -> Result<Self, UnknownSealing> {
		match mode {
			"instant" => Ok(Self::Instant),
			"manual" => Ok(Self::Manual),
			other => other
				.parse::<NonZeroU64>()
				.map(|millis| Self::Interval(Duration::from_millis(millis.get())))
				.map_err(|_| UnknownSealing),
		}
	}
}

impl fmt::Display for Sealing {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Instant => f.write_str("instant"),
			Self::Manual => f.write_str("manual"),
			Self::Interval(time) => write!(f, "every {} ms", time.as_millis()),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::{CommandFactory, Parser};

	fn parse(line: &str) -> Result<Cli, clap::Error> {
		Cli::try_parse_from(line.split_whitespace())
	}

	#[test]
	fn command_line_is_consistent() {
		Cli::command().debug_assert();
	}

	#[test]
	fn sealing_modes_are_understood() {
		assert_eq!("instant".parse(), Ok(Sealing::Instant));
		assert_eq!("manual".parse(), Ok(Sealing::Manual));
		assert_eq!("250".parse(), Ok(Sealing::Interval(Duration::from_millis(250))));
	}

	#[test]
	fn wrong_sealing_modes_are_refused() {
		for mode in ["", "0", "-1", "1.5", "Instant", "never", "99999999999999999999"] {
			assert_eq!(mode.parse::<Sealing>(), Err(UnknownSealing), "{mode}");
		}
	}

	#[test]
	fn run_is_the_default() {
		let cli = parse("cybermiles --dev --sealing 500 --no-hardware-benchmarks").unwrap();
		assert!(cli.subcommand.is_none());
		assert!(cli.run.base.shared_params.dev);
		assert!(cli.run.no_hardware_benchmarks);
		assert_eq!(cli.run.sealing, Some(Sealing::Interval(Duration::from_millis(500))));
		assert_eq!(cli.run.storage_monitor.threshold, 1024);
	}

	#[test]
	fn every_subcommand_is_known() {
		for line in [
			"key generate",
			"key generate-node-key",
			"key inspect //Alice",
			"build-spec --chain dev",
			"export-chain-spec --chain local --raw",
			"check-block 1",
			"export-blocks",
			"import-blocks blocks.bin --binary",
			"export-state 0",
			"purge-chain -y",
			"revert 3",
			"rebuild-ethereum-index --chain dev",
			"compile-runtime new.wasm --compiled-runtimes compiled",
			"chain-info",
		] {
			let cli = parse(&format!("cybermiles {line}")).unwrap();
			assert!(cli.subcommand.is_some(), "{line}");
		}
	}

	#[test]
	fn nonsense_is_refused() {
		for line in ["bogus", "--sealing", "--sealing soon", "--no-such-flag"] {
			assert!(parse(&format!("cybermiles {line}")).is_err(), "{line}");
		}
	}
}
