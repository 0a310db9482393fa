//! Signed transactions for tests.

use crate::pending::Waiting;
use alloy_consensus::{SignableTransaction, TxEip1559, TxEip2930, TxEnvelope, TxLegacy};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, Signature, TxKind, U256};
use cybermiles_primitives::ethereum::PooledTransaction;
use sp_core::H160;

/// The forms of transactions.
pub(crate) enum Form {
	/// Of before there were types, for a network or for every one.
	Legacy(Option<u64>),
	/// EIP-2930.
	AccessList,
	/// EIP-1559.
	Capped,
}

const GAS: u64 = 50_000;
const PRICE: u128 = 2_000_000_000;

/// Nobody's, which is enough where no signature is checked.
fn sign<T: SignableTransaction<Signature>>(transaction: T) -> alloy_consensus::Signed<T> {
	transaction.into_signed(Signature::new(U256::from(1), U256::from(2), false))
}

fn capped(nonce: u64) -> TxEip1559 {
	TxEip1559 {
		chain_id: 18,
		nonce,
		gas_limit: GAS,
		max_fee_per_gas: PRICE,
		max_priority_fee_per_gas: 0,
		to: TxKind::Call(Address::left_padding_from(&[7])),
		value: U256::from(1),
		..Default::default()
	}
}

/// A transaction with this nonce.
pub(crate) fn signed(nonce: u64) -> TxEnvelope {
	sign(capped(nonce)).into()
}

/// A transaction that offers these prices, in planck (wei).
pub(crate) fn priced(cap: u128, tip: u128) -> TxEnvelope {
	let priced = TxEip1559 { max_fee_per_gas: cap, max_priority_fee_per_gas: tip, ..capped(0) };
	sign(priced).into()
}

/// A transaction that calls with `input`, or creates a contract from it.
pub(crate) fn with_input(create: bool, input: Vec<u8>) -> TxEnvelope {
	let plain = capped(0);
	let to = if create { TxKind::Create } else { plain.to };
	sign(TxEip1559 { to, input: input.into(), ..plain }).into()
}

/// A transaction of this form.
pub(crate) fn of_form(form: Form, nonce: u64) -> TxEnvelope {
	let TxEip1559 { to, value, .. } = capped(nonce);
	let (gas_limit, gas_price) = (GAS, PRICE);
	match form {
		Form::Legacy(chain_id) => {
			let input = Default::default();
			sign(TxLegacy { chain_id, nonce, gas_price, gas_limit, to, value, input }).into()
		},
		Form::AccessList => {
			let rest = TxEip2930::default();
			sign(TxEip2930 { chain_id: 18, nonce, gas_price, gas_limit, to, value, ..rest }).into()
		},
		Form::Capped => signed(nonce),
	}
}

/// A transaction with this nonce, in the pool.
pub(crate) fn waiting(nonce: u64) -> Waiting {
	let payload = signed(nonce).encoded_2718();
	PooledTransaction { payload, from: H160::repeat_byte(9) }.into()
}
