//! Traces in geth's form.

use crate::{convert, eth::execute::failure, Error};
use alloy_consensus::Transaction as _;
use alloy_primitives::{hex, Bytes};
use cybermiles_primitives::ethereum::EthereumTransaction;
use pallet_revive::pallet_revive_types::runtime_api::{
	CallTraceV2, CallTypeV1, EvmOpcodeV1, ExecutionStepKindV1, ExecutionStepV1, ExecutionTraceV1,
	PolkavmSyscallV1, PrestateTraceV1, TraceV2, TracerTypeV1,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// A trace in geth's form.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Trace {
	/// Of `callTracer`.
	Call(Box<CallTraceV2>),
	/// Of `prestateTracer`.
	Prestate(PrestateTraceV1),
	/// Of opcodes.
	Steps(Steps),
}

/// The opcodes that ran.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Steps {
	gas: u64,
	failed: bool,
	return_value: Bytes,
	struct_logs: Vec<Step>,
}

/// The machine before an opcode.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Step {
	pc: u32,
	op: Op,
	gas: u64,
	gas_cost: u64,
	depth: u16,
	#[serde(skip_serializing_if = "Option::is_none")]
	error: Option<String>,
	#[serde(skip_serializing_if = "Option::is_none")]
	stack: Option<Vec<String>>,
	#[serde(skip_serializing_if = "nothing")]
	return_data: Bytes,
	#[serde(skip_serializing_if = "Option::is_none")]
	memory: Option<Vec<String>>,
	#[serde(skip_serializing_if = "Option::is_none")]
	storage: Option<BTreeMap<String, String>>,
}

/// What ran: an opcode of the EVM, or a call of a PolkaVM contract to its host.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Op {
	Evm(EvmOpcodeV1),
	Polkavm(PolkavmSyscallV1),
}

/// Whether there are no bytes.
fn nothing(bytes: &Bytes) -> bool {
	bytes.0.is_empty()
}

/// What a trace shows of the stack and the memory.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
	stack: bool,
	memory: bool,
}

/// What `found` is in geth's form. `room` is the number of steps after which it is incomplete.
///
/// # Errors
///
/// If it is incomplete though all steps were asked for.
pub(super) fn trace(
	found: TraceV2,
	kind: &TracerTypeV1,
	room: Option<u64>,
) -> Result<Trace, Error> {
	Ok(match found {
		TraceV2::Call(mut call) => {
			in_words(&mut call);
			Trace::Call(Box::new(call))
		},
		TraceV2::Prestate(prestate) => Trace::Prestate(prestate),
		TraceV2::Execution(execution) => {
			check_complete(&execution, room)?;
			Trace::Steps(steps(execution, shown(kind)))
		},
	})
}

/// Of a traced transaction, the gas is that of its receipt, and its limit that of its sender.
///
/// # Errors
///
/// If the transaction cannot be read.
pub(super) fn of_transaction(
	mut trace: Trace,
	transaction: &EthereumTransaction,
) -> Result<Trace, Error> {
	match &mut trace {
		Trace::Call(call) => {
			call.gas = convert::envelope(&transaction.payload)?.gas_limit();
			call.gas_used = transaction.gas_used;
		},
		Trace::Steps(steps) => steps.gas = transaction.gas_used,
		Trace::Prestate(_) => {},
	}
	Ok(trace)
}

/// The trace of a transaction of which the runtime tells none: no contract had to do with it.
///
/// # Errors
///
/// If the transaction cannot be read.
pub(super) fn idle(kind: &TracerTypeV1, transaction: &EthereumTransaction) -> Result<Trace, Error> {
	let failed = !transaction.succeeded;
	Ok(match kind {
		TracerTypeV1::ExecutionTracer(_) => Trace::Steps(Steps { failed, ..Default::default() }),
		TracerTypeV1::PrestateTracer(config) => {
			Trace::Prestate(match config.as_ref().is_some_and(|config| config.diff_mode) {
				true => PrestateTraceV1::DiffMode { pre: BTreeMap::new(), post: BTreeMap::new() },
				false => PrestateTraceV1::Prestate(BTreeMap::new()),
			})
		},
		TracerTypeV1::CallTracer(_) => Trace::Call(Box::new(idle_call(transaction)?)),
	})
}

fn idle_call(transaction: &EthereumTransaction) -> Result<CallTraceV2, Error> {
	let envelope = convert::envelope(&transaction.payload)?;
	let to = envelope.to().map(convert::account).or(transaction.created);
	Ok(CallTraceV2 {
		from: transaction.from,
		to: to.unwrap_or_default(),
		input: envelope.input().to_vec().into(),
		value: Some(convert::word(envelope.value())),
		error: (!transaction.succeeded).then(|| "execution reverted".to_string()),
		call_type: if envelope.is_create() { CallTypeV1::Create } else { CallTypeV1::Call },
		..Default::default()
	})
}

/// Puts errors in geth's words, here and in all that was called from here.
fn in_words(call: &mut CallTraceV2) {
	call.revert_reason = None;
	if let Some(error) = &mut call.error {
		*error = failure::of_frame(error);
		call.revert_reason = crate::error::revert_reason(&call.output.0);
	}
	call.calls.iter_mut().for_each(in_words);
}

fn check_complete(execution: &ExecutionTraceV1, room: Option<u64>) -> Result<(), Error> {
	match room {
		Some(room) if execution.struct_logs.len() as u64 >= room => Err(Error::Limit(format!(
			"the trace has more than {room} steps: give a limit, or name callTracer"
		))),
		_ => Ok(()),
	}
}

fn shown(kind: &TracerTypeV1) -> Shown {
	match kind {
		TracerTypeV1::ExecutionTracer(Some(config)) => {
			Shown { stack: !config.disable_stack, memory: config.enable_memory }
		},
		_ => Shown::default(),
	}
}

fn steps(execution: ExecutionTraceV1, shown: Shown) -> Steps {
	Steps {
		gas: execution.gas,
		failed: execution.failed,
		return_value: execution.return_value.0.into(),
		struct_logs: execution.struct_logs.into_iter().map(|one| step(one, shown)).collect(),
	}
}

fn step(found: ExecutionStepV1, shown: Shown) -> Step {
	let ExecutionStepV1 { gas, gas_cost, depth, return_data, error, kind, .. } = found;
	let (pc, op, stack, memory, storage) = match kind {
		ExecutionStepKindV1::EVMOpcode { pc, op, stack, memory, storage } => {
			let stack = stack.iter().map(|word| word.to_short_hex()).collect();
			let memory = memory.iter().map(|word| word.to_hex_no_prefix()).collect();
			let hex = |(key, value): (_, _)| (word_hex(&key), word_hex(&value));
			let storage = storage.map(|slots| slots.into_iter().map(hex).collect());
			(pc, Op::Evm(op), stack, memory, storage)
		},
		ExecutionStepKindV1::PVMSyscall { op, .. } => (0, Op::Polkavm(op), vec![], vec![], None),
	};
	Step {
		pc,
		op,
		gas,
		gas_cost,
		depth,
		error: error.map(|error| failure::of_frame(&error)),
		stack: shown.stack.then_some(stack),
		return_data: return_data.0.into(),
		memory: shown.memory.then_some(memory),
		storage,
	}
}

fn word_hex(bytes: &pallet_revive::pallet_revive_types::common::Bytes) -> String {
	hex::encode(&bytes.0)
}

#[cfg(test)]
mod tests;
