//! States and blocks that a call pretends.

use crate::{
	convert::{account, word},
	Error,
};
use alloy_primitives::{
	map::{AddressHashMap, B256HashMap},
	B256,
};
use alloy_rpc_types_eth::{
	state::{AccountOverride, StateOverride},
	BlockOverrides,
};
use pallet_revive::pallet_revive_types::runtime_api::{
	StateOverrideSetV1, StateOverrideV1, StorageOverrideV1,
};
use sp_core::H256;
use std::collections::BTreeMap;

/// The state that a call pretends, in the runtime's type.
///
/// # Errors
///
/// If an account's storage is replaced and changed at once, or a precompile is moved.
pub(crate) fn state(overrides: Option<StateOverride>) -> Result<Option<StateOverrideSetV1>, Error> {
	let Some(overrides) = overrides else { return Ok(None) };
	let all: AddressHashMap<AccountOverride> = overrides;
	let all = all.into_iter().map(|(address, one)| Ok((account(address), of_account(one)?)));
	Ok(Some(StateOverrideSetV1(all.collect::<Result<_, Error>>()?)))
}

fn of_account(one: AccountOverride) -> Result<StateOverrideV1, Error> {
	if one.move_precompile_to.is_some() {
		return Err(Error::Unsupported("precompiles cannot be moved"));
	}
	let storage = match (one.state, one.state_diff) {
		(Some(_), Some(_)) => {
			let message = "an account has both 'state' and 'stateDiff'";
			return Err(Error::InvalidParams(message.into()));
		},
		(Some(all), None) => Some(StorageOverrideV1::State(slots(all))),
		(None, Some(some)) => Some(StorageOverrideV1::StateDiff(slots(some))),
		(None, None) => None,
	};
	Ok(StateOverrideV1 {
		balance: one.balance.map(word),
		nonce: one.nonce.map(Into::into),
		code: one.code.map(|code| code.to_vec().into()),
		storage,
		move_precompile_to_address: None,
	})
}

fn slots(slots: B256HashMap<B256>) -> BTreeMap<H256, H256> {
	slots.into_iter().map(|(key, value)| (H256(key.0), H256(value.0))).collect()
}

/// The time that a call pretends, in milliseconds since 1970; the runtime can pretend no more.
///
/// # Errors
///
/// If anything else of the block is to be pretended.
pub(crate) fn time(overrides: Option<BlockOverrides>) -> Result<Option<u64>, Error> {
	let Some(mut overrides) = overrides else { return Ok(None) };
	let time = overrides.time.take();
	match overrides.is_empty() {
		true => Ok(time.map(|time| time.saturating_mul(1_000))),
		false => Err(Error::Unsupported("of the block, only its time can be overridden")),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::{json, Value};
	use sp_core::H160;

	fn pretended(overrides: Value) -> Result<Option<StateOverrideSetV1>, String> {
		let overrides = serde_json::from_value(overrides).map_err(|error| error.to_string())?;
		state(overrides).map_err(|error| error.to_string())
	}

	#[test]
	fn states_are_pretended() -> Result<(), String> {
		assert_eq!(pretended(Value::Null)?, None);
		let (key, value) = (H256::repeat_byte(1), H256::repeat_byte(2));
		let slots = BTreeMap::from([(key, value)]);
		let slot = BTreeMap::from([(format!("{key:?}"), format!("{value:?}"))]);
		let base = StateOverrideV1::default();
		for (account, expected) in [
			(json!({}), base.clone()),
			(
				json!({"balance": "0x5"}),
				StateOverrideV1 { balance: Some(5.into()), ..base.clone() },
			),
			(json!({"nonce": "0x7"}), StateOverrideV1 { nonce: Some(7.into()), ..base.clone() }),
			(
				json!({"code": "0x60"}),
				StateOverrideV1 { code: Some(vec![0x60].into()), ..base.clone() },
			),
			(
				json!({"state": slot}),
				StateOverrideV1 {
					storage: Some(StorageOverrideV1::State(slots.clone())),
					..base.clone()
				},
			),
			(
				json!({"stateDiff": slot}),
				StateOverrideV1 { storage: Some(StorageOverrideV1::StateDiff(slots)), ..base },
			),
		] {
			let address = H160::repeat_byte(3);
			let found = pretended(json!({format!("{address:?}"): account}))?;
			let expected = StateOverrideSetV1(BTreeMap::from([(address, expected)]));
			assert_eq!(found, Some(expected), "{account}");
		}
		Ok(())
	}

	#[test]
	fn states_that_cannot_be_pretended_are_refused() {
		let address = format!("{:?}", H160::repeat_byte(3));
		for (account, words) in [
			(json!({"state": {}, "stateDiff": {}}), "both 'state' and 'stateDiff'"),
			(json!({"movePrecompileToAddress": address}), "precompiles cannot be moved"),
			(json!({"colour": "red"}), "unknown field"),
		] {
			let error = pretended(json!({&address: account})).err();
			assert!(error.as_ref().is_some_and(|error| error.contains(words)), "{error:?}");
		}
	}

	#[test]
	fn of_the_block_only_the_time_is_pretended() {
		let time = |overrides: Value| {
			let overrides = serde_json::from_value(overrides).map_err(|error| error.to_string())?;
			time(overrides).map_err(|error| error.to_string())
		};
		assert_eq!(time(Value::Null), Ok(None));
		assert_eq!(time(json!({})), Ok(None));
		assert_eq!(time(json!({"time": "0x5"})), Ok(Some(5_000)));
		for field in ["number", "gasLimit", "feeRecipient", "prevRandao", "baseFeePerGas"] {
			let value = match field {
				"feeRecipient" => json!(H160::zero()),
				"prevRandao" => json!(H256::zero()),
				_ => json!("0x1"),
			};
			assert!(time(json!({field: value})).is_err(), "{field}");
		}
	}
}
