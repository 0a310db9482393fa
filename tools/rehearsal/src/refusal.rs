//! Why a runtime must not be put to the vote.

use crate::weigh::milliseconds;
use sp_runtime::Weight;

/// What is wrong with a runtime, or with the rehearsal itself, in one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
	#[error("there is no runtime '{0}'")]
	NoFile(String),
	#[error("'{path}' is no runtime: {reason}")]
	NoRuntime { path: String, reason: String },
	#[error("the state cannot be had from '{source_name}': {reason}")]
	NoState { source_name: String, reason: String },
	#[error("the new runtime is one of '{new}', and the chain is '{chain}'")]
	OtherChain { new: String, chain: String },
	#[error(
		"the new runtime has version {new}, and the chain's has version {chain}: raise spec_version"
	)]
	NotNewer { new: u32, chain: u32 },
	#[error("the new runtime cannot be tried: build it with the feature 'try-runtime'")]
	NotTryRuntime,
	#[error(
		"the migrations of the upgrade's block take {} ms, and a block has {} ms: \
		make them migrations over several blocks",
		milliseconds(*.used), milliseconds(*.room)
	)]
	TooHeavy { used: Weight, room: Weight },
	#[error(
		"block {block} of the migrations takes {} ms, and a block has {} ms: make its steps smaller",
		milliseconds(*.used), milliseconds(*.room)
	)]
	StepTooHeavy { block: u32, used: Weight, room: Weight },
	#[error("the migrations have not ended after {0} blocks")]
	NeverEnds(u32),
	#[error("{stage} failed: {reason}")]
	Failed { stage: &'static str, reason: String },
	#[error("a second run changed {count} entries, the first of them of {pallet}")]
	NotIdempotent { count: usize, pallet: String },
}

/// A fallible step of a rehearsal.
pub(crate) type Result<T> = std::result::Result<T, Refusal>;

/// What the runtime said before it stopped, without where in its source and in which functions.
pub(crate) fn reason_of(error: &str) -> String {
	let first = error.lines().find(|line| line.contains("panicked")).unwrap_or(error);
	first.trim().trim_start_matches("Runtime panicked: ").to_owned()
}
