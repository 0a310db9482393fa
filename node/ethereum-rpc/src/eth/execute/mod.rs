//! Calls that are run upon a state and leave nothing behind.

mod access;
pub(crate) mod failure;
mod least;
#[cfg(test)]
mod native;
pub(crate) mod overrides;
pub(crate) mod request;

use crate::{
	chain::next_price,
	convert::{self, account},
	params::BlockParam,
	pending::{read_at, Api},
	Chain, Error, Hash,
};
use alloy_eips::eip2930::AccessListResult;
use alloy_primitives::{Bytes, U256};
use alloy_rpc_types_eth::{state::StateOverride, BlockOverrides, TransactionRequest};
use cybermiles_primitives::{ethereum::EthereumApi, Balance};
use jsonrpsee::proc_macros::rpc;
use pallet_revive::{
	pallet_revive_types::runtime_api::{
		EstimateGasInputPayloadV1, EstimateGasVersionedOutputPayload, EthTransactInfoV1,
		GenericTransactionV1, StateOverrideSetV1, TransactInputPayloadV1,
		TransactVersionedOutputPayload,
	},
	ReviveApi,
};
use request::{Call, Terms};
use std::sync::Arc;

/// Calls upon the state of a block, the latest by default, that leave nothing behind.
///
/// Without a price of gas (or with price 0), the caller needs no money for gas. The accounts may
/// pretend to have other balances, nonces, codes and storage, and the block another time. Each
/// method fails if the block or its state is not there, and in geth's words if the call does not
/// succeed; a revert has code 3 and its data.
#[rpc(server, namespace = "eth")]
pub trait ExecuteApi {
	/// What a call returns.
	#[method(name = "call", blocking)]
	fn call(
		&self,
		request: TransactionRequest,
		block: Option<BlockParam>,
		state: Option<StateOverride>,
		overrides: Option<BlockOverrides>,
	) -> Result<Bytes, Error>;

	/// Gas with which the transaction succeeds, at most 1.5 % more than it needs.
	#[method(name = "estimateGas", blocking)]
	fn estimate_gas(
		&self,
		request: TransactionRequest,
		block: Option<BlockParam>,
		state: Option<StateOverride>,
		overrides: Option<BlockOverrides>,
	) -> Result<U256, Error>;

	/// The accounts and storage that a call touches, and the gas that it needs. The list makes no
	/// call cheaper on this chain: warm and cold storage cost the same.
	#[method(name = "createAccessList", blocking)]
	fn create_access_list(
		&self,
		request: TransactionRequest,
		block: Option<BlockParam>,
		state: Option<StateOverride>,
	) -> Result<AccessListResult, Error>;
}

/// Runs calls on the chain's runtime.
pub struct Execute(pub Arc<Chain>);

/// What a call pretends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pretence {
	/// Milliseconds since 1970.
	time: Option<u64>,
	state: Option<StateOverrideSetV1>,
}

impl Pretence {
	/// What the caller wrote, if it can be pretended.
	fn new(state: Option<StateOverride>, block: Option<BlockOverrides>) -> Result<Self, Error> {
		Ok(Self { time: overrides::time(block)?, state: overrides::state(state)? })
	}

	/// What `call`'s sender has: as pretended, or as the state says.
	fn balance(&self, api: &Api<'_>, at: Hash, call: &Call) -> Result<U256, Error> {
		let state = self.state.as_ref().and_then(|state| state.0.get(&account(call.from)));
		let balance = match state.and_then(|account| account.balance) {
			Some(balance) => balance,
			#[allow(deprecated)] // The plain form serves runtimes of every version.
			None => api.balance(at, account(call.from))?,
		};
		Ok(convert::number(balance))
	}
}

/// What the chain demands of calls at a block.
pub(crate) fn terms(api: &Api<'_>, at: Hash) -> Result<Terms, Error> {
	Ok(Terms {
		base_fee: next_price(api, at)?,
		block_gas: EthereumApi::block_gas_limit(&**api, at)?,
		transaction_gas: api.transaction_gas_limit(at)?,
		chain_id: api.chain_id(at)?,
	})
}

/// Runs a call once.
fn run(
	api: &Api<'_>,
	at: Hash,
	transaction: GenericTransactionV1,
	priced: bool,
	pretence: &Pretence,
) -> Result<EthTransactInfoV1<Balance>, Error> {
	let input = TransactInputPayloadV1 {
		tx: transaction,
		timestamp_override: pretence.time,
		perform_balance_checks: priced,
		state_overrides: pretence.state.clone(),
	};
	match api.eth_transact_versioned(at, input.into())? {
		Ok(TransactVersionedOutputPayload::V1(output)) => Ok(output.transact_info),
		Err(error) => Err(failure::error(error)),
	}
}

/// The gas that a call needs, whatever it costs.
fn search(api: &Api<'_>, at: Hash, call: &Call, pretence: &Pretence) -> Result<u64, Error> {
	let input = EstimateGasInputPayloadV1 {
		tx: call.with_gas(None),
		timestamp_override: pretence.time,
		state_overrides: pretence.state.clone(),
	};
	match api.eth_estimate_gas_versioned(at, input.into())? {
		Ok(EstimateGasVersionedOutputPayload::V1(output)) => {
			Ok(output.gas_estimate.try_into().unwrap_or(u64::MAX))
		},
		Err(error) => Err(failure::error(error)),
	}
}

/// The gas that a call can have: what was said, what a transaction may use, what can be paid.
fn allowance(call: &Call, terms: &Terms, balance: U256) -> Result<u64, Error> {
	let Some(rest) = balance.checked_sub(call.value) else {
		return Err(Error::Rejected("insufficient funds for transfer".into()));
	};
	// No gas at all means that no limit was meant, as in geth.
	let asked = call.gas.filter(|gas| *gas > 0).unwrap_or(u64::MAX);
	let limit = asked.min(terms.transaction_gas);
	match call.price {
		Some(price) => {
			let paid = rest.checked_div(price).unwrap_or(U256::MAX);
			Ok(limit.min(paid.saturating_to()))
		},
		None => Ok(limit),
	}
}

/// Refuses a call whose sender has not the money for its gas, if it is to have it.
fn check_funds(call: &Call, balance: U256) -> Result<(), Error> {
	let Some((price, gas)) = call.price.zip(call.gas) else { return Ok(()) };
	let cost = U256::from(gas).saturating_mul(price).saturating_add(call.value);
	match balance < cost {
		true => Err(Error::Rejected(format!(
			"{}: address {} have {balance} want {cost}",
			failure::FUNDS,
			call.from
		))),
		false => Ok(()),
	}
}

/// The gas with which `call` succeeds within what it can have.
fn estimate(
	api: &Api<'_>,
	at: Hash,
	call: &Call,
	terms: &Terms,
	pretence: &Pretence,
) -> Result<u64, Error> {
	let most = allowance(call, terms, pretence.balance(api, at, call)?)?;
	let needed = search(api, at, call, pretence).map_err(|error| with_limit(error, most))?;
	if needed <= most {
		let least = least::of_transaction(&call.transaction);
		return Ok(needed.max(least).min(most));
	}
	// The search stops close above what is needed: exactly the limit may do.
	match run(api, at, call.with_gas(Some(most)), false, pretence) {
		Ok(_) => Ok(most),
		Err(_) => Err(Error::Rejected(format!("{} ({most})", failure::TOO_MUCH))),
	}
}

/// Names the limit in the error of a call that no block has room for.
fn with_limit(error: Error, limit: u64) -> Error {
	match error {
		Error::Rejected(words) if words == failure::TOO_MUCH => {
			Error::Rejected(format!("{words} ({limit})"))
		},
		error => error,
	}
}

impl ExecuteApiServer for Execute {
	fn call(
		&self,
		request: TransactionRequest,
		block: Option<BlockParam>,
		state: Option<StateOverride>,
		overrides: Option<BlockOverrides>,
	) -> Result<Bytes, Error> {
		let pretence = Pretence::new(state, overrides)?;
		read_at(&self.0, block, |api, at| {
			let call = request::prepare(request, &terms(api, at)?)?;
			if call.price.is_some() {
				check_funds(&call, pretence.balance(api, at, &call)?)?;
			}
			let done = run(api, at, call.with_gas(call.gas), call.price.is_some(), &pretence)?;
			Ok(done.data.into())
		})
	}

	fn estimate_gas(
		&self,
		request: TransactionRequest,
		block: Option<BlockParam>,
		state: Option<StateOverride>,
		overrides: Option<BlockOverrides>,
	) -> Result<U256, Error> {
		let pretence = Pretence::new(state, overrides)?;
		read_at(&self.0, block, |api, at| {
			let terms = terms(api, at)?;
			let call = request::prepare(request, &terms)?;
			Ok(U256::from(estimate(api, at, &call, &terms, &pretence)?))
		})
	}

	fn create_access_list(
		&self,
		request: TransactionRequest,
		block: Option<BlockParam>,
		state: Option<StateOverride>,
	) -> Result<AccessListResult, Error> {
		let pretence = Pretence::new(state, None)?;
		read_at(&self.0, block, |api, at| {
			let call = request::prepare(request, &terms(api, at)?)?;
			access::list(api, at, &call, &pretence)
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloy_primitives::Address;

	const TERMS: Terms = Terms {
		base_fee: U256::from_limbs([10, 0, 0, 0]),
		block_gas: 3_000,
		transaction_gas: 2_000,
		chain_id: 18,
	};

	#[test]
	fn gas_is_bounded_by_what_is_said_allowed_and_paid() {
		for (gas, price, value, balance, expected) in [
			(None, None, 0, 0, Some(2_000)),
			(Some(0), None, 0, 0, Some(2_000)),
			(Some(1_500), None, 0, 0, Some(1_500)),
			(Some(2_500), None, 0, 0, Some(2_000)),
			(None, Some(10), 0, 15_009, Some(1_500)),
			(None, Some(20), 0, 15_009, Some(750)),
			(None, Some(10), 5_000, 15_009, Some(1_000)),
			(Some(700), Some(10), 5_000, 15_009, Some(700)),
			(None, Some(10), 0, 0, Some(0)),
			(None, None, 1, 0, None),
		] {
			let price = price.map(U256::from::<u64>);
			let call = Call {
				transaction: Default::default(),
				gas,
				price,
				from: Address::ZERO,
				value: U256::from(value),
			};
			let found = allowance(&call, &TERMS, U256::from(balance)).ok();
			assert_eq!(found, expected, "{gas:?} at {price:?}, {value} of {balance}");
		}
	}

	#[test]
	fn gas_that_has_a_price_must_be_paid() {
		for (gas, price, balance, missing) in [
			(Some(100), Some(10), 1_005, false),
			(Some(100), Some(10), 1_004, true),
			(Some(100), None, 0, false),
			(None, None, 0, false),
		] {
			let call = Call {
				transaction: Default::default(),
				gas,
				price: price.map(U256::from::<u64>),
				from: Address::ZERO,
				value: U256::from(5),
			};
			let found =
				check_funds(&call, U256::from(balance)).err().map(|error| error.to_string());
			let words = format!(
				"insufficient funds for gas * price + value: address {} have {balance} want 1005",
				Address::ZERO
			);
			assert_eq!(found, missing.then_some(words), "{gas:?} at {price:?} of {balance}");
		}
	}

	#[test]
	fn a_limit_is_named_where_it_is_passed() {
		let error = with_limit(Error::Rejected(failure::TOO_MUCH.into()), 7);
		assert_eq!(error.to_string(), "gas required exceeds allowance (7)");
		let error = with_limit(Error::Rejected("out of gas".into()), 7);
		assert_eq!(error.to_string(), "out of gas");
	}
}
