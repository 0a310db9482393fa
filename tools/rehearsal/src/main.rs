//! Rehearses a runtime upgrade on the state of a running network, off chain.
//!
//! It fetches the finalised state from a node into a file, or reads such a file, puts a new runtime
//! in, and runs what an upgrade runs: the migrations of its block with their checks before and after,
//! blocks until those over several blocks are done, and `try_state` of all pallets. Then it does so
//! once more, which must change nothing. The new runtime is built with the feature `try-runtime`:
//!
//! ```text
//! cybermiles-rehearsal --runtime new.wasm --uri ws://127.0.0.1:9944 --save state.snapshot
//! cybermiles-rehearsal --runtime new.wasm --snapshot state.snapshot
//! ```

mod chain;
mod refusal;
mod report;
mod state;
mod trial;
mod versions;
mod weigh;

use clap::Parser;
use refusal::{Refusal, Result};
use sc_tracing::logging::LoggerBuilder;
use state::Source;
use std::{path::PathBuf, process::ExitCode};

/// Most that a runtime may unpack to.
const MOST_BYTES: usize = sp_maybe_compressed_blob::CODE_BLOB_BOMB_LIMIT;

/// Rehearse a runtime upgrade on the state of a running network, off chain.
#[derive(Parser)]
#[command(version)]
struct Arguments {
	/// The new runtime: WASM, built with the feature `try-runtime`.
	#[arg(long, value_name = "FILE")]
	runtime: PathBuf,

	/// Take the finalised state of this node.
	#[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
	uri: String,

	/// Where that state is written.
	#[arg(long, value_name = "FILE", default_value = "state.snapshot")]
	save: PathBuf,

	/// Take the state from this file, which an earlier rehearsal wrote.
	#[arg(long, value_name = "FILE", conflicts_with_all = ["uri", "save"])]
	snapshot: Option<PathBuf>,

	/// What is logged, as for the node.
	#[arg(long, value_name = "FILTER", default_value = "error")]
	log: String,
}

impl Arguments {
	fn source(&self) -> Source {
		match &self.snapshot {
			Some(file) => Source::File(file.clone()),
			None => Source::Node { uri: self.uri.clone(), file: self.save.clone() },
		}
	}
}

/// The new runtime as it is on chain, and unpacked.
fn read_runtime(path: &PathBuf) -> Result<(Vec<u8>, Vec<u8>)> {
	let shown = path.display().to_string();
	let code = std::fs::read(path).map_err(|_| Refusal::NoFile(shown.clone()))?;
	let plain = sp_maybe_compressed_blob::decompress(&code, MOST_BYTES)
		.map_err(|error| Refusal::NoRuntime { path: shown, reason: error.to_string() })?
		.into_owned();
	Ok((code, plain))
}

fn rehearse(arguments: &Arguments) -> Result<()> {
	let executor = chain::executor();
	let (code, plain) = read_runtime(&arguments.runtime)?;
	let new = versions::read_version(&executor, &code).map_err(|reason| Refusal::NoRuntime {
		path: arguments.runtime.display().to_string(),
		reason,
	})?;
	report::runtime(&code, &plain, &new);

	let before = arguments.source().load()?;
	let old = versions::read_version(&executor, &before.code())
		.map_err(|reason| Refusal::Failed { stage: "reading the chain's runtime", reason })?;
	report::chain(&before, &old);
	versions::check(&new, &old)?;

	let mut upgraded = before.clone();
	upgraded.set_code(&code);
	report::trial(&trial::upgrade(&mut upgraded, &executor)?);
	let pallets = versions::pallets(&upgraded, &executor)?;
	report::storage_versions(&before, &upgraded, &pallets);
	report::after(&upgraded);
	report::repeated(trial::repeat(&upgraded, &executor, &pallets)?);
	Ok(())
}

/// A runtime that is refused is a sentence on standard error and exit code 1.
fn main() -> ExitCode {
	let arguments = Arguments::parse();
	if let Err(error) = LoggerBuilder::new(&arguments.log).init() {
		eprintln!("Error: {error}");
		return ExitCode::FAILURE;
	}
	match rehearse(&arguments) {
		Ok(()) => println!("The upgrade can go to the vote."),
		Err(refusal) => {
			eprintln!("Error: {refusal}");
			return ExitCode::FAILURE;
		},
	}
	ExitCode::SUCCESS
}
