//! From a call as tools write it to one that the runtime takes.

use crate::{
	convert::{account, word},
	Error,
};
use alloy_primitives::{Address, U256};
use alloy_rpc_types_eth::TransactionRequest;
use pallet_revive::pallet_revive_types::runtime_api::{
	AccessListEntryV1, AccessListV1, GenericTransactionV1,
};
use sp_core::H256;

/// How much the price of gas may still rise for a gas estimate to hold: the price's own length is
/// paid for. It is the same factor by which pallet-revive lets the other fields grow.
const PRICE_ROOM: u64 = 256;

/// What the chain demands of calls at a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
	/// Price of gas, in planck (wei).
	pub(crate) base_fee: U256,
	/// Gas of a block.
	pub(crate) block_gas: u64,
	/// Gas that a transaction may use.
	pub(crate) transaction_gas: u64,
	/// The number of this network.
	pub(crate) chain_id: u64,
}

/// A call that the runtime can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
	/// The call itself, without a price and without a limit of gas.
	pub(crate) transaction: GenericTransactionV1,
	/// Gas that it may use, if that was said; where gas has a price, the most that a transaction may.
	pub(crate) gas: Option<u64>,
	/// What its sender pays for a unit of gas, tip included; none where it needs no money for gas.
	pub(crate) price: Option<U256>,
	/// The sender.
	pub(crate) from: Address,
	/// What it sends along, in planck (wei).
	pub(crate) value: U256,
}

impl Call {
	/// The call with this limit of gas.
	pub(crate) fn with_gas(&self, gas: Option<u64>) -> GenericTransactionV1 {
		GenericTransactionV1 { gas: gas.map(Into::into), ..self.transaction.clone() }
	}
}

/// The call that `request` asks for.
///
/// # Errors
///
/// If it contradicts itself or the `terms`, or asks for what this chain does not have.
pub(crate) fn prepare(request: TransactionRequest, terms: &Terms) -> Result<Call, Error> {
	check_kind(&request)?;
	check_chain(request.chain_id, terms)?;
	let from = request.from.unwrap_or_default();
	let cap = cap(&request, from, terms.base_fee)?;
	let tip = U256::from(request.max_priority_fee_per_gas.unwrap_or(0));
	let tip = if request.gas_price.is_some() { U256::MAX } else { tip };
	let price = cap.map(|cap| cap.min(terms.base_fee.saturating_add(tip)));
	let value = request.value.unwrap_or_default();
	let room = terms.base_fee.saturating_mul(U256::from(PRICE_ROOM));
	let transaction = GenericTransactionV1 {
		from: Some(account(from)),
		to: request.to.and_then(|to| to.into_to()).map(account),
		value: Some(word(value)),
		max_fee_per_gas: Some(word(cap.unwrap_or(room))),
		access_list: access_list(&request),
		input: input(&request)?.into(),
		..Default::default()
	};
	let gas = request.gas.or(price.map(|_| terms.transaction_gas));
	let gas = gas.map(|gas| gas.min(terms.block_gas));
	Ok(Call { transaction, gas, price, from, value })
}

/// What is sent to the contract: `input`, or `data` as it is called too.
fn input(request: &TransactionRequest) -> Result<Vec<u8>, Error> {
	let (input, data) = (&request.input.input, &request.input.data);
	if input.is_some() && data.is_some() && input != data {
		let message = "both \"data\" and \"input\" are set and not equal. Please use \"input\" to \
			pass transaction call data";
		return Err(Error::Rejected(message.into()));
	}
	Ok(input.as_ref().or(data.as_ref()).map(|bytes| bytes.to_vec()).unwrap_or_default())
}

fn access_list(request: &TransactionRequest) -> Option<AccessListV1> {
	let list = request.access_list.as_ref()?;
	let entries = list.iter().map(|item| AccessListEntryV1 {
		address: account(item.address),
		storage_keys: item.storage_keys.iter().map(|key| H256(key.0)).collect(),
	});
	Some(entries.collect())
}

/// Refuses what this chain has no transactions for.
fn check_kind(request: &TransactionRequest) -> Result<(), Error> {
	let blobs = request.sidecar.is_some()
		|| request.max_fee_per_blob_gas.is_some()
		|| request.blob_versioned_hashes.as_ref().is_some_and(|hashes| !hashes.is_empty());
	if blobs {
		return Err(Error::Unsupported("blob transactions (EIP-4844) are not supported"));
	}
	match request.authorization_list.as_ref().is_some_and(|list| !list.is_empty()) {
		true => Err(Error::Unsupported("set code transactions (EIP-7702) are not supported")),
		false => Ok(()),
	}
}

fn check_chain(asked: Option<u64>, terms: &Terms) -> Result<(), Error> {
	match asked {
		Some(id) if id != terms.chain_id => Err(Error::Rejected(format!(
			"chainId does not match node's (have={id}, want={})",
			terms.chain_id
		))),
		_ => Ok(()),
	}
}

/// What the sender is ready to pay for gas; none where the call is to run without paying.
fn cap(request: &TransactionRequest, from: Address, base: U256) -> Result<Option<U256>, Error> {
	let (cap, tip) = (request.max_fee_per_gas, request.max_priority_fee_per_gas);
	if request.gas_price.is_some() && (cap.is_some() || tip.is_some()) {
		let message = "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified";
		return Err(Error::Rejected(message.into()));
	}
	let Some(cap) = request.gas_price.or(cap) else { return Ok(None) };
	check_fees(from, cap, tip.unwrap_or(0), base)?;
	Ok(Some(U256::from(cap)).filter(|cap| !cap.is_zero()))
}

/// Refuses a tip above the cap, and a cap below the price of gas; a cap of zero asks for no price.
pub(crate) fn check_fees(from: Address, cap: u128, tip: u128, base: U256) -> Result<(), Error> {
	if tip > cap {
		return Err(Error::Rejected(format!(
			"max priority fee per gas higher than max fee per gas: address {from}, \
			maxPriorityFeePerGas: {tip}, maxFeePerGas: {cap}"
		)));
	}
	match cap != 0 && U256::from(cap) < base {
		true => Err(underpriced(from, cap, base)),
		false => Ok(()),
	}
}

/// Of a price that no block takes.
pub(crate) fn underpriced(from: Address, cap: u128, base: U256) -> Error {
	Error::Rejected(format!(
		"max fee per gas less than block base fee: address {from}, maxFeePerGas: {cap}, \
		baseFee: {base}"
	))
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::{json, Value};
	use sp_core::H160;

	const TERMS: Terms = Terms {
		base_fee: U256::from_limbs([1_000, 0, 0, 0]),
		block_gas: 30_000_000,
		transaction_gas: 20_000_000,
		chain_id: 18,
	};

	fn prepared(request: Value) -> Result<Call, String> {
		let request = serde_json::from_value(request).map_err(|error| error.to_string())?;
		prepare(request, &TERMS).map_err(|error| error.to_string())
	}

	fn good(request: Value) -> Call {
		prepared(request).unwrap_or_else(|error| panic!("{error}"))
	}

	#[test]
	fn every_form_of_a_call_is_understood() {
		let to = "0x0000000000000000000000000000000000000007";
		for (request, data, gas) in [
			(json!({"to": to}), vec![], None),
			(json!({"to": to, "data": "0x0102"}), vec![1, 2], None),
			(json!({"to": to, "input": "0x0102"}), vec![1, 2], None),
			(
				json!({"to": to, "input": "0x01", "data": "0x01", "gas": "0x5208"}),
				vec![1],
				Some(21_000),
			),
			(json!({"to": to, "type": "0x2", "chainId": "0x12", "nonce": "0x7"}), vec![], None),
			// Fields that nobody knows, and more gas than there is.
			(json!({"to": to, "colour": "red", "gas": "0xffffffff"}), vec![], Some(30_000_000)),
		] {
			let call = good(request.clone());
			assert_eq!(call.transaction.to, Some(H160::from_low_u64_be(7)), "{request}");
			assert_eq!(call.transaction.from, Some(H160::zero()), "{request}");
			assert_eq!(call.transaction.input.clone().to_vec(), data, "{request}");
			assert_eq!((call.gas, call.price), (gas, None), "{request}");
		}
	}

	#[test]
	fn a_contract_is_created_where_nobody_is_called() {
		for request in [json!({"data": "0x60"}), json!({"to": null, "data": "0x60"})] {
			assert_eq!(good(request).transaction.to, None);
		}
	}

	#[test]
	fn gas_is_paid_for_only_where_a_price_is_named() {
		for (request, price, cap, gas) in [
			(json!({}), None, 256_000, None),
			(json!({"gas": "0x5208"}), None, 256_000, Some(21_000)),
			(json!({"gasPrice": "0x0"}), None, 256_000, None),
			(json!({"maxFeePerGas": "0x0", "maxPriorityFeePerGas": "0x0"}), None, 256_000, None),
			(json!({"maxPriorityFeePerGas": "0x5"}), None, 256_000, None),
			(json!({"gasPrice": "0x3e8"}), Some(1_000), 1_000, Some(20_000_000)),
			(json!({"gasPrice": "0x7d0", "gas": "0x5208"}), Some(2_000), 2_000, Some(21_000)),
			(
				json!({"maxFeePerGas": "0x7d0", "maxPriorityFeePerGas": "0x1"}),
				Some(1_001),
				2_000,
				Some(20_000_000),
			),
			(json!({"maxFeePerGas": "0x7d0"}), Some(1_000), 2_000, Some(20_000_000)),
		] {
			let call = good(request.clone());
			assert_eq!(call.price, price.map(U256::from), "{request}");
			assert_eq!(call.gas, gas, "{request}");
			assert_eq!(call.transaction.max_fee_per_gas, Some(cap.into()), "{request}");
			assert_eq!(call.transaction.gas_price, None, "{request}");
			assert_eq!(call.transaction.gas, None, "{request}");
		}
	}

	#[test]
	fn contradictions_are_refused_in_the_words_of_wallets() {
		for (request, words) in [
			(json!({"gasPrice": "0x3e8", "maxFeePerGas": "0x3e8"}), "both gasPrice and"),
			(json!({"gasPrice": "0x3e8", "maxPriorityFeePerGas": "0x0"}), "both gasPrice and"),
			(json!({"gasPrice": "0x3e7"}), "max fee per gas less than block base fee: address"),
			(json!({"maxFeePerGas": "0x3e7"}), "maxFeePerGas: 999, baseFee: 1000"),
			(
				json!({"maxFeePerGas": "0x3e8", "maxPriorityFeePerGas": "0x3e9"}),
				"max priority fee per gas higher than max fee per gas",
			),
			(json!({"data": "0x01", "input": "0x02"}), "both \"data\" and \"input\" are set"),
			(json!({"chainId": "0x1"}), "chainId does not match node's (have=1, want=18)"),
			(json!({"maxFeePerBlobGas": "0x1"}), "blob transactions"),
		] {
			let error = prepared(request.clone()).err();
			assert!(
				error.as_ref().is_some_and(|error| error.contains(words)),
				"{request}: {error:?}"
			);
		}
	}

	#[test]
	fn access_lists_are_kept() {
		let key = H256::repeat_byte(1);
		let list = json!([{"address": Address::repeat_byte(2), "storageKeys": [key]}]);
		let entry = AccessListEntryV1 { address: H160::repeat_byte(2), storage_keys: vec![key] };
		let call = good(json!({"accessList": list}));
		assert_eq!(call.transaction.access_list, Some(vec![entry]));
	}
}
