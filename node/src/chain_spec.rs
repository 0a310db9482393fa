//! The chains the node knows by name, and those it reads from a file.

mod file;
mod strict_json;

use cybermiles_runtime::{genesis_config_presets::get_preset, RuntimeGenesisConfig, WASM_BINARY};
use sc_chain_spec::json_merge;
use sc_service::{ChainType, GenericChainSpec, Properties};
use serde_json::Value;
use sp_core::storage::{well_known_keys::CODE, Storage};
use sp_runtime::BuildStorage;
use std::path::Path;

/// What a node must know of a chain before its first block.
pub(crate) type ChainSpec = GenericChainSpec;

/// Symbol of the token.
const TOKEN_SYMBOL: &str = "CMT";
/// Decimal places of the token.
const TOKEN_DECIMALS: u32 = 18;
/// Prefix of addresses.
pub(crate) const SS58_FORMAT: u16 = 42;

/// Why there is no chain specification to work with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
	/// The build left the runtime out.
	#[error(
		"this binary was built without a runtime (SKIP_WASM_BUILD), so it has no built-in chains"
	)]
	NoRuntimeBuilt,
	/// Neither a built-in name nor a file.
	#[error("there is no chain '{0}': it is neither dev, local or staging, nor a file")]
	Unknown(String),
	/// The file cannot be read.
	#[error("chain spec '{path}' cannot be read: {reason}")]
	Unreadable {
		/// Where it was looked for.
		path: String,
		/// What the system said.
		reason: std::io::Error,
	},
	/// The file ends in the middle.
	#[error("chain spec '{path}' is cut short: its JSON ends too early, at line {line}")]
	Cut {
		/// Which file.
		path: String,
		/// Where it ends, from 1.
		line: usize,
	},
	/// The file is not the JSON of a chain specification.
	#[error("chain spec '{path}' is not valid: {reason}")]
	Invalid {
		/// Which file.
		path: String,
		/// What is wrong with it.
		reason: String,
	},
	/// The file is for a chain with another runtime.
	#[error("chain spec '{path}' is for another chain: its runtime is '{found}', not '{wanted}'")]
	Foreign {
		/// Which file.
		path: String,
		/// Name of the runtime inside.
		found: String,
		/// Name of ours.
		wanted: String,
	},
	/// The runtime cannot make a genesis of what the specification says.
	#[error("the genesis of chain '{chain}' is refused by its runtime: {reason}")]
	Refused {
		/// Identifier of the chain.
		chain: String,
		/// What the runtime said.
		reason: String,
	},
}

/// A chain that is built in.
struct BuiltIn {
	/// What follows `--chain`.
	id: &'static str,
	/// Name that people read.
	name: &'static str,
	/// Identifier of the specification, which names its folder on disk.
	spec_id: &'static str,
	/// What the chain is for.
	chain_type: ChainType,
	/// Genesis preset of the runtime.
	preset: &'static str,
}

/// All built-in chains.
const BUILT_IN: [BuiltIn; 3] = [
	BuiltIn {
		id: "dev",
		name: "CyberMiles Development",
		spec_id: "cybermiles_dev",
		chain_type: ChainType::Development,
		preset: "development",
	},
	BuiltIn {
		id: "local",
		name: "CyberMiles Local",
		spec_id: "cybermiles_local",
		chain_type: ChainType::Local,
		preset: "local",
	},
	BuiltIn {
		id: "staging",
		name: "CyberMiles Staging",
		spec_id: "cybermiles_staging",
		chain_type: ChainType::Live,
		preset: "staging",
	},
];

/// The chain called `id`: `dev`, `local` (also when empty), `staging`, or the path of a file.
pub(crate) fn load(id: &str) -> Result<ChainSpec, Error> {
	match built_in(id) {
		Some(chain) => chain.spec(WASM_BINARY.ok_or(Error::NoRuntimeBuilt)?),
		None if looks_like_name(id) => Err(Error::Unknown(id.into())),
		None => file::load(Path::new(id)),
	}
}

fn built_in(id: &str) -> Option<&'static BuiltIn> {
	let id = if id.is_empty() { "local" } else { id };
	BUILT_IN.iter().find(|chain| chain.id == id)
}

/// Whether `id` can only be a wrongly typed name, because there is no such file.
fn looks_like_name(id: &str) -> bool {
	!id.contains(['/', '.']) && !Path::new(id).exists()
}

/// Makes the genesis of `spec`, which [`load`] gave for `id`; what goes wrong is the content's fault,
/// not the node's.
///
/// The runtime reports a bad genesis by panicking, so this is called before the logger runs.
pub(crate) fn genesis(id: &str, spec: &dyn sc_service::ChainSpec) -> Result<Storage, Error> {
	let made = match (built_in(id), WASM_BINARY) {
		(Some(chain), Some(wasm)) => chain.genesis(wasm),
		_ => spec.as_storage_builder().build_storage(),
	};
	made.map_err(|reason| Error::Refused { chain: spec.id().into(), reason: plain_reason(&reason) })
}

/// The sentence inside a report of the runtime, without the trace that follows it.
fn plain_reason(report: &str) -> String {
	// A panic is reported as "panicked at <place>:", the message, and a trace of calls.
	if let Some((_, panic)) = report.split_once("panicked at") {
		return panic.lines().nth(1).unwrap_or("it panics").trim().to_owned();
	}
	if report.contains("wasm trap") {
		return "it stops while making it; amounts that do not add up are one cause".into();
	}
	let first = report.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("unknown");
	first
		.trim_start_matches("wasm call error ")
		.trim_end_matches(" for blob:")
		.to_owned()
}

impl BuiltIn {
	/// What differs from the default genesis.
	fn patch(&self) -> Result<Value, String> {
		let patch = get_preset(&self.preset.into()).ok_or("the runtime has no such preset")?;
		serde_json::from_slice(&patch).map_err(|error| error.to_string())
	}

	/// The genesis, with the runtime in `wasm`. It is made by the same code outside of it: to compile
	/// that takes seconds.
	fn genesis(&self, wasm: &[u8]) -> Result<Storage, String> {
		let defaults = serde_json::to_value(RuntimeGenesisConfig::default());
		let mut genesis = defaults.map_err(|error| error.to_string())?;
		json_merge(&mut genesis, self.patch()?);
		let genesis = serde_json::from_value::<RuntimeGenesisConfig>(genesis);
		let mut storage = genesis.map_err(|error| error.to_string())?.build_storage()?;
		storage.top.insert(CODE.to_vec(), wasm.to_vec());
		Ok(storage)
	}

	/// The specification, with the runtime in `wasm`.
	fn spec(&self, wasm: &[u8]) -> Result<ChainSpec, Error> {
		let chain = || self.spec_id.into();
		let patch = self.patch().map_err(|reason| Error::Refused { chain: chain(), reason })?;
		Ok(ChainSpec::builder(wasm, Default::default())
			.with_name(self.name)
			.with_id(self.spec_id)
			.with_chain_type(self.chain_type.clone())
			.with_protocol_id("cmt")
			.with_genesis_config_patch(patch)
			.with_properties(properties())
			.build())
	}
}

/// What wallets show of the token and of addresses.
fn properties() -> Properties {
	let mut properties = Properties::new();
	properties.insert("tokenSymbol".into(), TOKEN_SYMBOL.into());
	properties.insert("tokenDecimals".into(), TOKEN_DECIMALS.into());
	properties.insert("ss58Format".into(), SS58_FORMAT.into());
	properties
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn wrong_names_are_explained() {
		let error = load("lcoal").err().unwrap().to_string();
		assert_eq!(
			error,
			"there is no chain 'lcoal': it is neither dev, local or staging, nor a file"
		);
	}

	#[test]
	fn missing_files_are_explained() {
		let error = load("./no/such/spec.json").err().unwrap().to_string();
		assert!(error.starts_with("chain spec './no/such/spec.json' cannot be read: No such file"));
	}

	#[test]
	fn built_in_chains_have_distinct_folders() {
		let mut ids = BUILT_IN.map(|chain| chain.spec_id).to_vec();
		ids.dedup();
		assert_eq!(ids.len(), BUILT_IN.len());
	}

	#[test]
	fn wallets_learn_the_token() {
		let properties = properties();
		assert_eq!(properties["tokenSymbol"], "CMT");
		assert_eq!(properties["tokenDecimals"], 18);
		assert_eq!(properties["ss58Format"], 42);
	}

	#[test]
	fn genesis_of_built_in_chains_is_what_the_runtime_makes_of_their_specifications() {
		let Some(wasm) = WASM_BINARY else { return };
		for chain in BUILT_IN {
			let spec = chain.spec(wasm).unwrap();
			let made = spec.build_storage().unwrap();
			let storage = genesis(chain.id, &spec).unwrap();
			assert!(storage.top.contains_key(CODE));
			// Compared so that a failure does not print all of it.
			assert!(storage.top == made.top, "{}", chain.id);
			assert!(storage.children_default == made.children_default, "{}", chain.id);
		}
	}

	#[test]
	fn reports_of_the_runtime_become_one_sentence() {
		for (report, reason) in [
			(
				"wasm call error Execution aborted due to panic: panicked at x.rs:1:2:\n\
				duplicate balances\nWASM backtrace:\n 0: x",
				"duplicate balances",
			),
			(
				"wasm call error Execution aborted due to trap: wasm trap: unreachable\nWASM",
				"it stops while making it; amounts that do not add up are one cause",
			),
			(
				"Invalid JSON blob: unknown field `x` at line 2 column 1 for blob:\n{}",
				"Invalid JSON blob: unknown field `x` at line 2 column 1",
			),
		] {
			assert_eq!(plain_reason(report), reason);
		}
	}
}
