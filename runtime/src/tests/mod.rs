//! Tests of the runtime as a whole; the pallets have their own.

mod alarms;
mod blocks;
mod ethereum;
mod fees;
mod gas_tip;
mod governance;
mod governance_queries;
mod keys;
mod limits;
mod parameters;
mod presets;
mod proxies;
mod staking_precompile;
mod voting_precompile;

use crate::{
	configs::{gas_tip::ChargeFee, transactions::extension},
	constants::time::SLOT_DURATION,
	genesis_config_presets::get_preset,
	AccountId, Executive, Header, Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig, SignedPayload,
	System, UncheckedExtrinsic,
};
use codec::Encode;
use pallet_revive::evm::tx_extension::SetOrigin;
use serde_json::Value;
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{generic, traits::Header as _, Digest, DigestItem, MultiAddress};

/// The slot of the first block after genesis.
const FIRST_SLOT: u64 = 1_000;

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

/// Builds the state that `patch` describes, or says why it cannot.
fn try_genesis(patch: Value) -> Result<TestExternalities, String> {
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
	merge(&mut genesis, patch);
	let mut ext = TestExternalities::default();
	ext.execute_with(|| crate::genesis_check::build(genesis.to_string().into_bytes()))?;
	Ok(ext)
}

/// `patch` with what every network must name.
fn with_network(mut patch: Value) -> Value {
	let multiplier = "1000000000000000000000";
	merge(
		&mut patch,
		serde_json::json!({
			"protocolGenesis": { "ethereumChainId": 1234 },
			"transactionPayment": { "multiplier": multiplier },
		}),
	);
	patch
}

/// The JSON of the preset `name`.
fn preset(name: &str) -> Value {
	serde_json::from_slice(&get_preset(&name.into()).unwrap()).unwrap()
}

/// The genesis state of the preset `name`.
fn genesis(name: &str) -> TestExternalities {
	try_genesis(preset(name)).unwrap()
}

/// Begins block `number` in the slot that follows the parent's.
fn begin_block(number: u32) {
	begin_block_in(number, FIRST_SLOT + u64::from(number));
}

/// Begins block `number` in `slot`.
fn begin_block_in(number: u32, slot: u64) {
	let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
	let parent = System::parent_hash();
	Executive::initialize_block(&Header::new(
		number,
		Default::default(),
		Default::default(),
		parent,
		digest,
	));
	let now = slot * SLOT_DURATION;
	let time =
		generic::UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into()).into();
	Executive::apply_extrinsic(time).unwrap().unwrap();
}

/// Runs empty blocks after `from` up to `to`.
fn run_blocks(from: u32, to: u32) {
	for number in from + 1..=to {
		begin_block(number);
		Executive::finalize_block();
	}
}

/// `call` as a transaction of `who`, its `nonce`th.
fn signed(who: Sr25519Keyring, nonce: Nonce, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
	let call = call.into();
	let extension = extension(nonce, ChargeFee::native(0), SetOrigin::default());
	let payload = SignedPayload::new(call.clone(), extension.clone()).unwrap();
	let signature = payload.using_encoded(|bytes| who.sign(bytes));
	let address = MultiAddress::Id(who.to_account_id());
	generic::UncheckedExtrinsic::new_signed(call, address, signature.into(), extension).into()
}

/// The account of a well-known name.
fn account(who: Sr25519Keyring) -> AccountId {
	who.to_account_id()
}

/// The free balance of `who`, in planck.
fn free(who: &AccountId) -> crate::Balance {
	pallet_balances::Pallet::<Runtime>::free_balance(who)
}
