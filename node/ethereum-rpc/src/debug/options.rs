//! Which trace is asked for.

use crate::Error;
use alloy_rpc_types_eth::{state::StateOverride, BlockOverrides};
use pallet_revive::pallet_revive_types::runtime_api::{
	CallTracerConfigV1, ExecutionTracerConfigV1, PrestateTracerConfigV1, TracerTypeV1,
};
use serde::{de::DeserializeOwned, Deserialize};
use serde_json::Value;

/// Bytes that the steps of a trace may take in the memory of the runtime, which has some 128 MiB.
const STEPS_MEMORY: u64 = 48 * 1024 * 1024;
/// Bytes of a step without the memory that it shows.
const STEP: u64 = 1024;
/// Words of memory that a step shows.
const MEMORY_WORDS: u32 = 128;
/// Bytes that a word takes in the runtime's memory.
const WORD: u64 = 64;

/// Which trace is asked for, as geth's clients write it. Fields that nobody knows are passed over.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TraceOptions {
	/// `callTracer` or `prestateTracer`; opcodes are traced without it.
	tracer: Option<String>,
	/// What the tracer is to do, by its own names.
	tracer_config: Option<Value>,
	enable_memory: bool,
	disable_stack: bool,
	disable_storage: bool,
	enable_return_data: bool,
	/// Steps to show at most; all of them where this is 0.
	limit: u64,
	/// The state that the traced call pretends.
	pub(super) state_overrides: Option<StateOverride>,
	/// The block that the traced call pretends; nothing of it can be, yet.
	block_overrides: Option<BlockOverrides>,
	/// After which transaction of the block to trace the call; it is always after the last one.
	tx_index: Option<Value>,
}

/// A trace that the runtime can make.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tracer {
	pub(super) kind: TracerTypeV1,
	/// Steps that the runtime has room for, where the caller asked for all.
	pub(super) room: Option<u64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct CallOptions {
	only_top_call: bool,
	#[serde(alias = "withLogs")]
	with_log: bool,
}

impl TraceOptions {
	/// The trace that the runtime is to make.
	///
	/// # Errors
	///
	/// If there is no such tracer here, or its configuration is not one.
	pub(super) fn tracer(&self) -> Result<Tracer, Error> {
		match self.tracer.as_deref() {
			None | Some("") => Ok(self.steps()),
			Some("callTracer") => {
				let CallOptions { only_top_call, with_log: with_logs } = self.config()?;
				let config = CallTracerConfigV1 { with_logs, only_top_call };
				Ok(Tracer { kind: TracerTypeV1::CallTracer(Some(config)), room: None })
			},
			Some("prestateTracer") => {
				let config = self.config::<PrestateTracerConfigV1>()?;
				Ok(Tracer { kind: TracerTypeV1::PrestateTracer(Some(config)), room: None })
			},
			Some(other) => Err(Error::InvalidParams(format!(
				"there is no tracer {other:?} here: name callTracer, prestateTracer, or none to \
				trace opcodes"
			))),
		}
	}

	fn config<T: DeserializeOwned + Default>(&self) -> Result<T, Error> {
		let Some(config) = self.tracer_config.clone().filter(|config| !config.is_null()) else {
			return Ok(T::default());
		};
		let wrong = |error| Error::InvalidParams(format!("tracerConfig: {error}"));
		serde_json::from_value(config).map_err(wrong)
	}

	/// A trace of opcodes, no longer than the runtime has memory for.
	fn steps(&self) -> Tracer {
		let words = if self.enable_memory { MEMORY_WORDS } else { 0 };
		let room = STEPS_MEMORY / STEP.saturating_add(u64::from(words).saturating_mul(WORD));
		let all = self.limit == 0 || self.limit > room;
		let config = ExecutionTracerConfigV1 {
			enable_memory: self.enable_memory,
			disable_stack: self.disable_stack,
			disable_storage: self.disable_storage,
			enable_return_data: self.enable_return_data,
			disable_syscall_details: true,
			limit: Some(if all { room } else { self.limit }),
			memory_word_limit: words,
		};
		let kind = TracerTypeV1::ExecutionTracer(Some(config));
		Tracer { kind, room: all.then_some(room) }
	}

	/// Refuses what a traced call cannot pretend.
	pub(super) fn check_call(&self) -> Result<(), Error> {
		if self.block_overrides.as_ref().is_some_and(|block| !block.is_empty()) {
			return Err(Error::Unsupported("traced calls cannot override the block"));
		}
		match self.tx_index.as_ref().is_some_and(|index| !index.is_null()) {
			true => Err(Error::Unsupported("calls are traced after the last transaction only")),
			false => Ok(()),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	fn options(value: Value) -> TraceOptions {
		serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}"))
	}

	fn steps(options: ExecutionTracerConfigV1) -> TracerTypeV1 {
		let options = ExecutionTracerConfigV1 { disable_syscall_details: true, ..options };
		TracerTypeV1::ExecutionTracer(Some(options))
	}

	#[test]
	fn every_tracer_has_its_options() -> Result<(), Error> {
		let plain = ExecutionTracerConfigV1 {
			limit: Some(49_152),
			memory_word_limit: 0,
			..Default::default()
		};
		let call = |with_logs, only_top_call| {
			TracerTypeV1::CallTracer(Some(CallTracerConfigV1 { with_logs, only_top_call }))
		};
		for (value, kind) in [
			(json!({}), steps(plain.clone())),
			(json!({"tracer": "", "timeout": "10s"}), steps(plain.clone())),
			(
				json!({"disableStack": true, "limit": 5}),
				steps(ExecutionTracerConfigV1 {
					disable_stack: true,
					limit: Some(5),
					..plain.clone()
				}),
			),
			(
				json!({"enableMemory": true, "enableReturnData": true, "disableStorage": true}),
				steps(ExecutionTracerConfigV1 {
					enable_memory: true,
					enable_return_data: true,
					disable_storage: true,
					limit: Some(5_461),
					memory_word_limit: 128,
					..plain
				}),
			),
			(json!({"tracer": "callTracer"}), call(false, false)),
			(json!({"tracer": "callTracer", "tracerConfig": null}), call(false, false)),
			(json!({"tracer": "callTracer", "tracerConfig": {"withLog": true}}), call(true, false)),
			(
				json!({"tracer": "callTracer", "tracerConfig": {"onlyTopCall": true}}),
				call(false, true),
			),
			(
				json!({"tracer": "prestateTracer", "tracerConfig": {"diffMode": true}}),
				TracerTypeV1::PrestateTracer(Some(PrestateTracerConfigV1 {
					diff_mode: true,
					..Default::default()
				})),
			),
		] {
			assert_eq!(options(value.clone()).tracer()?.kind, kind, "{value}");
		}
		Ok(())
	}

	#[test]
	fn the_room_is_known_where_all_steps_are_wanted() -> Result<(), Error> {
		for (limit, room) in [(0, Some(49_152)), (5, None), (49_152, None), (60_000, Some(49_152))]
		{
			assert_eq!(options(json!({"limit": limit})).tracer()?.room, room, "{limit}");
		}
		Ok(())
	}

	#[test]
	fn what_cannot_be_traced_is_refused() {
		for (value, words) in [
			(json!({"tracer": "4byteTracer"}), "there is no tracer \"4byteTracer\""),
			(json!({"tracer": "{step: function() {}}"}), "there is no tracer"),
			(json!({"tracer": "callTracer", "tracerConfig": {"withLog": 5}}), "tracerConfig: "),
		] {
			let error = options(value).tracer().err().map(|error| error.to_string());
			assert!(error.as_ref().is_some_and(|error| error.contains(words)), "{error:?}");
		}
		for (value, good) in [
			(json!({}), true),
			(json!({"blockOverrides": {}, "txIndex": null}), true),
			(json!({"blockOverrides": {"number": "0x1"}}), false),
			(json!({"txIndex": "0x0"}), false),
		] {
			assert_eq!(options(value.clone()).check_call().is_ok(), good, "{value}");
		}
	}
}
