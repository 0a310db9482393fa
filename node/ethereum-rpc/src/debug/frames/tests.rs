use super::*;
use crate::eth::submit::testing;
use pallet_revive::pallet_revive_types::{
	common::Bytes as Data,
	runtime_api::{
		CallLogV2, CallTracerConfigV1, ExecutionTracerConfigV1, PrestateTraceInfoV1,
		PrestateTracerConfigV1,
	},
};
use serde_json::{json, Value};
use sp_core::{H160, H256, U256};

fn transaction(succeeded: bool) -> EthereumTransaction {
	let waiting = testing::waiting(5);
	EthereumTransaction {
		payload: waiting.payload,
		from: waiting.from,
		created: None,
		extrinsic: 1,
		succeeded,
		gas_used: 21_000,
		gas_price: 5,
		logs: vec![],
	}
}

fn calls() -> TracerTypeV1 {
	let config = CallTracerConfigV1 { with_logs: true, only_top_call: false };
	TracerTypeV1::CallTracer(Some(config))
}

fn opcodes(config: ExecutionTracerConfigV1) -> TracerTypeV1 {
	TracerTypeV1::ExecutionTracer(Some(config))
}

/// `Error("no")`, as Solidity's `require(false, "no")` reverts.
fn revert_data() -> Vec<u8> {
	let mut data = vec![0x08, 0xc3, 0x79, 0xa0];
	for word in [32, 2] {
		data.extend(U256::from(word).to_big_endian());
	}
	data.extend(b"no");
	data.resize(100, 0);
	data
}

/// A call that ran out of gas and logged, with one in it that reverted.
fn nested_calls() -> CallTraceV2 {
	let address = H160::repeat_byte;
	let inner = CallTraceV2 {
		from: address(2),
		to: address(3),
		output: revert_data().into(),
		error: Some("execution reverted".into()),
		revert_reason: Some("revert: no".into()),
		call_type: CallTypeV1::StaticCall,
		..Default::default()
	};
	CallTraceV2 {
		from: address(1),
		to: address(2),
		gas: 100,
		gas_used: 50,
		input: vec![1].into(),
		value: Some(7.into()),
		error: Some("OutOfGas".into()),
		logs: vec![CallLogV2 {
			address: address(2),
			topics: vec![H256::zero()],
			data: vec![5].into(),
			position: 1,
			index: 4,
		}],
		calls: vec![inner],
		..Default::default()
	}
}

#[test]
fn calls_are_told_as_geth_tells_them() -> Result<(), Error> {
	let address = H160::repeat_byte;
	let told = trace(TraceV2::Call(nested_calls()), &calls(), None)?;
	let expected = json!({
		"type": "CALL",
		"from": address(1),
		"to": address(2),
		"gas": "0x64",
		"gasUsed": "0x32",
		"input": "0x01",
		"value": "0x7",
		"error": "out of gas",
		"logs": [{
			"address": address(2),
			"topics": [H256::zero()],
			"data": "0x05",
			"position": "0x1",
			"index": "0x4",
		}],
		"calls": [{
			"type": "STATICCALL",
			"from": address(2),
			"to": address(3),
			"gas": "0x0",
			"gasUsed": "0x0",
			"input": "0x",
			"output": hex::encode_prefixed(revert_data()),
			"error": "execution reverted",
			"revertReason": "no",
		}],
	});
	assert_eq!(convert::json(&told)?, expected);
	Ok(())
}

#[test]
fn the_gas_of_a_transaction_is_that_of_its_receipt() -> Result<(), Error> {
	let told = trace(TraceV2::Call(CallTraceV2::default()), &calls(), None)?;
	let told = convert::json(&of_transaction(told, &transaction(true))?)?;
	assert_eq!((&told["gas"], &told["gasUsed"]), (&json!("0xc350"), &json!("0x5208")));
	let kind = opcodes(ExecutionTracerConfigV1::default());
	let told = trace(TraceV2::Execution(ExecutionTraceV1::default()), &kind, None)?;
	let told = convert::json(&of_transaction(told, &transaction(true))?)?;
	assert_eq!(told["gas"], json!(21_000));
	Ok(())
}

fn execution() -> ExecutionTraceV1 {
	let first = ExecutionStepV1 {
		gas: 90,
		gas_cost: 3,
		depth: 1,
		kind: ExecutionStepKindV1::EVMOpcode {
			pc: 4,
			op: EvmOpcodeV1(0x54),
			stack: vec![Data(vec![0; 32]), Data([vec![0; 31], vec![5]].concat())],
			memory: vec![Data(vec![1; 32])],
			storage: Some(BTreeMap::from([(Data(vec![2; 32]), Data(vec![3; 32]))])),
		},
		..Default::default()
	};
	let second = ExecutionStepV1 {
		error: Some("StackUnderflow".into()),
		kind: ExecutionStepKindV1::PVMSyscall {
			op: PolkavmSyscallV1::Caller,
			args: vec![1],
			returned: None,
		},
		..Default::default()
	};
	ExecutionTraceV1 {
		gas: 10,
		failed: true,
		return_value: vec![9].into(),
		struct_logs: vec![first, second],
		..Default::default()
	}
}

#[test]
fn opcodes_are_told_as_geth_tells_them() -> Result<(), Error> {
	let kind = opcodes(ExecutionTracerConfigV1 { enable_memory: true, ..Default::default() });
	let told = trace(TraceV2::Execution(execution()), &kind, None)?;
	let expected = json!({
		"gas": 10,
		"failed": true,
		"returnValue": "0x09",
		"structLogs": [
			{
				"pc": 4,
				"op": "SLOAD",
				"gas": 90,
				"gasCost": 3,
				"depth": 1,
				"stack": ["0x0", "0x5"],
				"memory": ["01".repeat(32)],
				"storage": {"02".repeat(32): "03".repeat(32)},
			},
			{
				"pc": 0,
				"op": "caller",
				"gas": 0,
				"gasCost": 0,
				"depth": 0,
				"error": "stack underflow",
				"stack": [],
				"memory": [],
			},
		],
	});
	assert_eq!(convert::json(&told)?, expected);
	Ok(())
}

#[test]
fn what_is_not_asked_for_is_not_shown() -> Result<(), Error> {
	let kind = opcodes(ExecutionTracerConfigV1 { disable_stack: true, ..Default::default() });
	let told = convert::json(&trace(TraceV2::Execution(execution()), &kind, None)?)?;
	let step = &told["structLogs"][0];
	assert_eq!((step.get("stack"), step.get("memory")), (None, None));
	Ok(())
}

#[test]
fn a_trace_without_room_for_all_steps_is_refused() {
	let kind = opcodes(ExecutionTracerConfigV1::default());
	for (room, good) in [(None, true), (Some(3), true), (Some(2), false)] {
		let told = trace(TraceV2::Execution(execution()), &kind, room);
		assert_eq!(told.is_ok(), good, "{room:?}");
	}
}

#[test]
fn states_are_told_as_geth_tells_them() -> Result<(), Error> {
	let info = PrestateTraceInfoV1 {
		balance: Some(5.into()),
		nonce: Some(2),
		code: Some(vec![0x60].into()),
		storage: BTreeMap::from([
			(Data(vec![1; 32]), Some(Data(vec![2; 32]))),
			(Data(vec![3; 32]), None),
		]),
	};
	let address = H160::repeat_byte(1);
	let found = PrestateTraceV1::Prestate(BTreeMap::from([(address, info)]));
	let kind = TracerTypeV1::PrestateTracer(None);
	let told = convert::json(&trace(TraceV2::Prestate(found), &kind, None)?)?;
	let expected = json!({format!("{address:?}"): {
		"balance": "0x5",
		"nonce": 2,
		"code": "0x60",
		"storage": {hex::encode_prefixed([1; 32]): hex::encode_prefixed([2; 32])},
	}});
	assert_eq!(told, expected);
	Ok(())
}

#[test]
fn a_transaction_that_ran_no_contract_has_a_trace() -> Result<(), Error> {
	let diff = PrestateTracerConfigV1 { diff_mode: true, ..Default::default() };
	let steps = |failed| {
		json!({
			"gas": 0,
			"failed": failed,
			"returnValue": "0x",
			"structLogs": Value::Array(vec![]),
		})
	};
	for (kind, succeeded, expected) in [
		(TracerTypeV1::default(), true, steps(false)),
		(TracerTypeV1::default(), false, steps(true)),
		(TracerTypeV1::PrestateTracer(None), true, json!({})),
		(TracerTypeV1::PrestateTracer(Some(diff)), true, json!({"pre": {}, "post": {}})),
	] {
		assert_eq!(convert::json(&idle(&kind, &transaction(succeeded))?)?, expected);
	}
	let told = convert::json(&idle(&calls(), &transaction(false))?)?;
	assert_eq!(told["type"], "CALL");
	assert_eq!(told["from"], json!(H160::repeat_byte(9)));
	assert_eq!(told["to"], json!(H160::from_low_u64_be(7)));
	assert_eq!((&told["value"], &told["error"]), (&json!("0x1"), &json!("execution reverted")));
	Ok(())
}
