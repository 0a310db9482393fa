//! What executes the runtime, and the folder in which it keeps what it has compiled.
//!
//! The first call of a runtime compiles it, which keeps a core busy for some seconds: at every start,
//! and in the middle of an upgrade, when the next block is due. A node that is given a folder finds
//! there what it, or [`next_runtime::compile`](super::next_runtime::compile), compiled before.

use super::Executor;
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
