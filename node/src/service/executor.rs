//! What executes the runtime, and the folder in which it keeps what it has compiled.
//!
//! The first call of a runtime compiles it, which keeps a core busy for some seconds: at every start,
//! and in the middle of an upgrade, when the next block is due. A node that is given a folder finds
//! there what it, or [`compile`], compiled before.

use super::{next_runtime, Executor};
use sc_executor::{HeapAllocStrategy, WasmExecutor, DEFAULT_HEAP_ALLOC_STRATEGY};
use sc_service::config::ExecutorConfiguration;
use sp_core::traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode};
use sp_io::{hashing::blake2_256, TestExternalities};
use std::{
	io,
	path::{self, Path},
};

/// As sc-service makes it, but with the folder.
pub(super) fn executor(
	config: &ExecutorConfiguration,
	compiled: Option<&Path>,
) -> io::Result<Executor> {
	let strategy = config
		.default_heap_pages
		.map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |p| HeapAllocStrategy::Static { extra_pages: p as _ });
	let mut builder = WasmExecutor::builder()
		.with_execution_method(config.wasm_method)
		.with_onchain_heap_alloc_strategy(strategy)
		.with_offchain_heap_alloc_strategy(strategy)
		.with_max_runtime_instances(config.max_runtime_instances)
		.with_runtime_cache_size(config.runtime_cache_size);
	if let Some(folder) = compiled {
		builder = builder.with_cache_path(path::absolute(folder)?);
	}
	Ok(builder.build())
}

/// Compiles a runtime into `folder`, for nodes that execute with the default settings. Those that
/// run load it from there: see [`next_runtime`](super::next_runtime).
pub(crate) fn compile(wasm: &[u8], folder: &Path) -> Result<(), String> {
	let executor = executor(&ExecutorConfiguration::default(), Some(folder))
		.map_err(|error| error.to_string())?;
	load(&executor, wasm)?;
	next_runtime::put(wasm, folder).map_err(|error| error.to_string())
}

/// Has `executor` keep a runtime in memory, compiled.
pub(super) fn load(executor: &Executor, wasm: &[u8]) -> Result<(), String> {
	let code = WrappedRuntimeCode(wasm.into());
	let hash = blake2_256(wasm).to_vec();
	let code = RuntimeCode { code_fetcher: &code, hash, heap_pages: None };
	let mut externalities = TestExternalities::default();
	let context = CallContext::Onchain { import: true };
	let (answer, _) = executor.call(&mut externalities.ext(), &code, "Core_version", &[], context);
	answer.map(|_| ()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::{fs, path::PathBuf};

	/// All files below `folder` that are large enough to be a runtime, but for the one to load.
	fn compiled(folder: &Path) -> Vec<PathBuf> {
		let (mut folders, mut found) = (vec![folder.to_path_buf()], vec![]);
		while let Some(folder) = folders.pop() {
			for entry in fs::read_dir(&folder).expect("it can be read").flatten() {
				match entry.metadata().expect("it is there") {
					_ if entry.path() == next_runtime::file(folder.as_path()) => {},
					of if of.is_dir() => folders.push(entry.path()),
					of if of.len() > 1_000_000 => found.push(entry.path()),
					_ => {},
				}
			}
		}
		found
	}

	#[test]
	fn a_runtime_is_compiled_into_the_folder_once() {
		let wasm = cybermiles_runtime::WASM_BINARY.expect("the build makes it");
		let folder = tempfile::tempdir().expect("a folder can be made");
		for _ in 0..2 {
			compile(wasm, folder.path()).expect("it is a runtime");
			assert_eq!(compiled(folder.path()).len(), 1);
			assert_eq!(fs::read(next_runtime::file(folder.path())).expect("it is there"), wasm);
		}
	}

	#[test]
	fn what_is_no_runtime_is_refused() {
		let folder = tempfile::tempdir().expect("a folder can be made");
		assert!(compile(b"no runtime", folder.path()).is_err());
	}
}
