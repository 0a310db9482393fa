//! The words of the real runtime, which its own versions may change.

use super::{failure, overrides, request};
use crate::{convert, Error};
use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Signature, TxKind};
use cybermiles_runtime::{
	genesis_config_presets::get_preset, Executive, Header, Revive, Runtime, RuntimeCall,
	RuntimeEvent, RuntimeGenesisConfig, System, UncheckedExtrinsic,
};
use pallet_revive::{
	evm::TransactionSigned,
	pallet_revive_types::runtime_api::{
		ExecutionTracerConfigV1, PrestateTraceV1, PrestateTracerConfigV1, TraceCallInputPayloadV2,
		TraceCallVersionedOutputPayload, TraceV2, TracerTypeV1,
	},
	runtime_decl_for_revive_api::ReviveApiV2,
};
use request::{prepare, Call, Terms};
use serde_json::{json, Value};
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature, Slot};
use sp_core::{ecdsa, Pair, H160};
use sp_io::TestExternalities;
use sp_runtime::{generic, traits::Header as _, BuildStorage, Digest, DigestItem};

/// Endless: `JUMPDEST PUSH1 0 JUMP`.
const LOOP: &str = "0x5b600056";

/// Merges `patch` into `base` as chain specs are (RFC 7386).
fn merge(base: &mut Value, patch: Value) {
	match (base, patch) {
		(Value::Object(base), Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(Value::Null), value);
			}
		},
		(base, patch) => *base = patch,
	}
}

fn development() -> TestExternalities {
	let patch = get_preset(&"development".into()).unwrap_or_else(|| panic!("no such preset"));
	let patch = serde_json::from_slice(&patch).unwrap_or_else(|error| panic!("{error}"));
	let mut genesis = json!(RuntimeGenesisConfig::default());
	merge(&mut genesis, patch);
	let genesis: RuntimeGenesisConfig =
		serde_json::from_value(genesis).unwrap_or_else(|error| panic!("{error}"));
	genesis.build_storage().unwrap_or_else(|error| panic!("{error}")).into()
}

fn call(request: Value) -> Result<Call, Error> {
	let request = serde_json::from_value(request).unwrap_or_else(|error| panic!("{error}"));
	let terms = Terms {
		base_fee: convert::number(Revive::evm_base_fee()),
		block_gas: u64::MAX,
		transaction_gas: u64::MAX,
		chain_id: cybermiles_runtime::configs::ethereum::ChainId::get(),
	};
	prepare(request, &terms)
}

/// What `eth_call` would answer.
fn answer(request: Value) -> Result<Vec<u8>, Error> {
	let call = call(request)?;
	let transaction = call.with_gas(call.gas).into();
	let done = Revive::dry_run_eth_transact(transaction, None, call.price.is_some(), None);
	done.map(|done| done.data).map_err(failure::error)
}

/// What `eth_estimateGas` would find.
fn estimate(request: Value) -> Result<u64, Error> {
	let found = Revive::eth_estimate_gas(call(request)?.with_gas(None).into(), None, None);
	found.map(|gas| gas.as_u64()).map_err(failure::error)
}

#[test]
fn failures_are_told_in_the_words_of_wallets() {
	let nobody = "0x0000000000000000000000000000000000001234";
	for (request, words) in [
		(json!({"to": nobody, "gas": "0x10"}), "intrinsic gas too low"),
		(json!({"data": "0xfe"}), "invalid opcode"),
		(json!({"data": "0x01"}), "stack underflow"),
		(json!({"data": "0x600456"}), "invalid jump destination"),
		(json!({"data": LOOP}), "out of gas"),
		(json!({"data": LOOP, "gas": "0x1e8480"}), "out of gas"),
		(json!({"data": "0x60006000fd"}), "execution reverted"),
		(
			json!({"to": nobody, "value": "0x1"}),
			"insufficient funds for gas * price + value: address 0x0000000000000000000000000000000000000000 have 0",
		),
		(
			json!({"to": nobody, "gas": "0x1e8480", "gasPrice": "0xde0b6b3a7640000"}),
			"insufficient funds for gas * price + value: address",
		),
	] {
		let error = development().execute_with(|| answer(request.clone()));
		let error = error.err().map(|error| error.to_string()).unwrap_or_default();
		assert!(error.starts_with(words), "{request}: {error:?}");
	}
}

#[test]
fn calls_without_a_price_need_no_money() {
	let nobody = "0x0000000000000000000000000000000000001234";
	for request in [
		json!({"to": nobody}),
		json!({"to": nobody, "gas": "0x1e8480"}),
		json!({"to": nobody, "gas": "0x1e8480", "gasPrice": "0x0"}),
		// Code that returns nothing.
		json!({"data": "0x00"}),
	] {
		let answer = development().execute_with(|| answer(request.clone()));
		assert!(answer.is_ok(), "{request}: {answer:?}");
	}
}

#[test]
fn transfers_and_creations_are_estimated() {
	let nobody = "0x0000000000000000000000000000000000001234";
	let (plain, create) = development().execute_with(|| {
		(estimate(json!({"to": nobody})), estimate(json!({"data": "0x60006000f3"})))
	});
	assert!(matches!(plain, Ok(gas) if gas > 0), "{plain:?}");
	assert!(matches!(create, Ok(gas) if gas > 0), "{create:?}");
	let endless = development().execute_with(|| estimate(json!({"data": LOOP})));
	assert!(matches!(endless, Err(Error::Rejected(_))), "{endless:?}");
}

/// `transaction` signed by a key that is always the same.
fn signed(transaction: TxEip1559) -> Vec<u8> {
	let key = ecdsa::Pair::from_seed(&[7; 32]);
	let signature = key.sign_prehashed(&transaction.signature_hash().0);
	let signature = Signature::from_raw_array(&signature.0);
	let signature = signature.unwrap_or_else(|error| panic!("{error}"));
	TxEnvelope::from(transaction.into_signed(signature)).encoded_2718()
}

fn signer() -> H160 {
	let signed = TransactionSigned::decode(&signed(TxEip1559::default()));
	let signed = signed.unwrap_or_else(|error| panic!("{error:?}"));
	signed.recover_eth_address().unwrap_or_else(|error| panic!("{error:?}"))
}

fn begin_block() {
	System::set_block_number(1);
	let slot = <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(
		Slot::from(1_000),
	);
	let digest = Digest { logs: vec![slot] };
	let empty = Default::default;
	Executive::initialize_block(&Header::new(2, empty(), empty(), System::parent_hash(), digest));
}

/// Whether a transaction with exactly the gas that was estimated for `request` does it.
fn suffices(request: &Value) -> Result<bool, Error> {
	let from = signer();
	let mut request = request.clone();
	merge(&mut request, json!({"from": from}));
	let call = call(request.clone())?;
	let transaction = call.transaction.clone();
	let fee = u128::try_from(Revive::evm_base_fee()).unwrap_or(u128::MAX);
	let payload = signed(TxEip1559 {
		chain_id: cybermiles_runtime::configs::ethereum::ChainId::get(),
		nonce: 0,
		gas_limit: estimate(request.clone())?,
		max_fee_per_gas: fee * 2,
		max_priority_fee_per_gas: fee,
		to: transaction.to.map_or(TxKind::Create, |to| TxKind::Call(to.0.into())),
		value: call.value,
		input: transaction.input.to_vec().into(),
		..Default::default()
	});
	let call = RuntimeCall::Revive(pallet_revive::Call::eth_transact { payload });
	let extrinsic: UncheckedExtrinsic = generic::UncheckedExtrinsic::new_bare(call).into();
	let applied = Executive::apply_extrinsic(extrinsic);
	let reverted = System::events().into_iter().any(|record| {
		matches!(
			record.event,
			RuntimeEvent::Revive(pallet_revive::Event::EthExtrinsicRevert { .. })
		)
	});
	Ok(matches!(applied, Ok(Ok(()))) && !reverted)
}

#[test]
fn the_estimated_gas_suffices() {
	// Code that stores three words and leaves a contract of 1000 bytes.
	let contract = "0x600160005560026001556003600255 6103e8 6000 f3".replace(' ', "");
	for request in [
		json!({"to": "0x0000000000000000000000000000000000001234", "value": "0x1"}),
		json!({"to": "0x0000000000000000000000000000000000001234", "data": "0x01020304"}),
		json!({"to": signer(), "value": "0xde0b6b3a7640000"}),
		json!({"data": "0x60006000f3"}),
		json!({"data": contract}),
	] {
		let done = development().execute_with(|| {
			begin_block();
			let wealth = sp_core::U256::exp10(24);
			assert!(Revive::set_evm_balance(&signer(), wealth).is_ok());
			suffices(&request)
		});
		assert!(matches!(done, Ok(true)), "{request}: {done:?}");
	}
}

/// What the runtime traces of a call to a contract with `code`.
fn traced(code: &str, kind: TracerTypeV1) -> TraceV2 {
	let contract = "0x0000000000000000000000000000000000001234";
	let state = serde_json::from_value(json!({contract: {"code": code}}));
	let state = state.unwrap_or_else(|error| panic!("{error}"));
	let input = TraceCallInputPayloadV2 {
		tx: call(json!({"to": contract}))
			.unwrap_or_else(|error| panic!("{error}"))
			.with_gas(None),
		config: kind,
		state_overrides: overrides::state(state).unwrap_or_else(|error| panic!("{error}")),
	};
	match Runtime::trace_call_versioned(input.into()) {
		Ok(TraceCallVersionedOutputPayload::V2(output)) => output.trace,
		other => panic!("{other:?}"),
	}
}

/// Reads slot 0 and writes slot 1: `PUSH1 0 SLOAD PUSH1 1 SSTORE STOP`.
const TOUCHES: &str = "0x60005460015500";

#[test]
fn touched_storage_is_found() {
	let config = PrestateTracerConfigV1 { disable_code: true, ..Default::default() };
	let kind = TracerTypeV1::PrestateTracer(Some(config));
	let TraceV2::Prestate(PrestateTraceV1::Prestate(found)) =
		development().execute_with(|| traced(TOUCHES, kind))
	else {
		panic!("another trace")
	};
	let slots = found[&H160::from_low_u64_be(0x1234)].storage.keys();
	let slots: Vec<_> = slots.map(|slot| slot.0.last().copied()).collect();
	assert_eq!(slots, [Some(0), Some(1)]);
}

#[test]
fn opcodes_are_traced() {
	let kind = TracerTypeV1::ExecutionTracer(Some(ExecutionTracerConfigV1::default()));
	let TraceV2::Execution(found) = development().execute_with(|| traced(TOUCHES, kind)) else {
		panic!("another trace")
	};
	let names = json!(found.struct_logs);
	let names = names.as_array().into_iter().flatten().map(|step| step["op"].clone());
	let expected = ["PUSH1", "SLOAD", "PUSH1", "SSTORE", "STOP"];
	assert_eq!(names.collect::<Vec<_>>(), expected);
}

#[test]
fn calls_are_traced_even_to_accounts_without_code() {
	let kind = || TracerTypeV1::CallTracer(None);
	for code in ["0x", TOUCHES] {
		let found = development().execute_with(|| traced(code, kind()));
		let TraceV2::Call(found) = found else { panic!("another trace") };
		assert_eq!(found.to, H160::from_low_u64_be(0x1234));
		assert_eq!(found.error, None, "{code}");
	}
}
