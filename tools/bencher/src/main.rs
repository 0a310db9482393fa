//! Runs the benchmarks of a runtime and writes the weights they give.
//!
//! A tool of its own, because the library behind it brings some 120 crates that the node does not
//! need. It works on a runtime built with the feature `runtime-benchmarks`:
//!
//! ```text
//! cybermiles-bencher --runtime cybermiles_runtime.compact.compressed.wasm \
//!     --genesis-builder runtime --pallet pallet_cmt_dpos --extrinsic '*' --output weights.rs
//! ```

use clap::Parser;
use frame_benchmarking_cli::PalletCmd;
use sc_cli::LoggerBuilder;
use sp_runtime::traits::BlakeTwo256;
use std::process::ExitCode;

/// What is logged unless `--log` says otherwise.
const LOG_FILTER: &str = "info";

/// Runs the benchmarks that the command line names.
fn run() -> sc_cli::Result<()> {
	let command = PalletCmd::parse();
	let filter = command.shared_params.log_filters().join(",");
	LoggerBuilder::new(if filter.is_empty() { LOG_FILTER.to_owned() } else { filter }).init()?;
	if let Some(path) = command.runtime.as_ref().filter(|path| !path.is_file()) {
		return Err(format!("there is no runtime '{}'", path.display()).into());
	}
	command.run_with_spec::<BlakeTwo256, ()>(None)
}

/// A failure is a sentence on standard error and exit code 1.
fn main() -> ExitCode {
	let Err(error) = run() else { return ExitCode::SUCCESS };
	let sentence = match error {
		sc_cli::Error::Input(sentence) => sentence,
		other => other.to_string(),
	};
	eprintln!("Error: {sentence}");
	ExitCode::FAILURE
}
