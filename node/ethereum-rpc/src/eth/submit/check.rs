//! What is wrong with a transaction, in geth's words, before the pool is asked.

use crate::{
	eth::execute::request::{check_fees, underpriced},
	Error,
};
use alloy_consensus::{Transaction as _, TxEnvelope};
use alloy_eips::eip2718::Decodable2718;
use alloy_primitives::{Address, U256};
use cybermiles_runtime::Nonce;

/// Bytes that may be sent to a contract, as in geth; pallet-revive takes no more.
const MAX_INPUT: usize = 128 * 1024;
/// Bytes of code that may run to create a contract (EIP-3860).
const MAX_INITCODE_SIZE: usize = 49_152;
/// Codes that begin so are for PolkaVM, which has limits of its own.
const POLKAVM: &[u8] = b"PVM\0";
/// From this first byte on, a transaction is a list, of before there were types.
const LEGACY_FROM: u8 = 0x80;
/// The types that this chain takes: with an access list, and with a cap of fees.
const TYPES: [u8; 2] = [1, 2];

/// What the chain demands of the next transactions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
	/// Price of gas, in planck (wei).
	pub(super) base_fee: U256,
	/// Gas of a block.
	pub(super) block_gas: u64,
}

/// The sender as the best block has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
	pub(super) address: Address,
	/// Nonce of its next transaction.
	pub(super) nonce: u64,
	/// What it can spend, in planck (wei).
	pub(super) balance: U256,
}

fn rejected<T>(words: impl Into<String>) -> Result<T, Error> {
	Err(Error::Rejected(words.into()))
}

/// The transaction that the bytes are.
pub(super) fn decode(bytes: &[u8]) -> Result<TxEnvelope, Error> {
	match bytes {
		[] | [0..LEGACY_FROM] => return rejected("typed transaction too short"),
		[kind @ 0..LEGACY_FROM, ..] if !TYPES.contains(kind) => {
			return rejected("transaction type not supported")
		},
		_ => {},
	}
	let wrong = |error| Error::Rejected(format!("rlp: {error}"));
	TxEnvelope::decode_2718_exact(bytes).map_err(wrong)
}

/// Refuses what is larger than any block takes.
pub(super) fn size(transaction: &TxEnvelope) -> Result<(), Error> {
	let input = transaction.input();
	if transaction.is_create() && input.starts_with(POLKAVM) {
		return Ok(());
	}
	if transaction.is_create() && input.len() > MAX_INITCODE_SIZE {
		return rejected(format!(
			"max initcode size exceeded: code size {}, limit {MAX_INITCODE_SIZE}",
			input.len()
		));
	}
	match input.len() > MAX_INPUT {
		true => {
			rejected(format!("oversized data: transaction size {}, limit {MAX_INPUT}", input.len()))
		},
		false => Ok(()),
	}
}

/// Refuses what is not signed for this network.
pub(super) fn chain(transaction: &TxEnvelope, chain_id: u64) -> Result<(), Error> {
	match transaction.chain_id() {
		Some(id) if id == chain_id => Ok(()),
		Some(id) => rejected(format!("invalid chain id for signer: have {id} want {chain_id}")),
		None => rejected("only replay-protected (EIP-155) transactions allowed over RPC"),
	}
}

/// Refuses what the chain does not take from this sender.
pub(super) fn terms(
	transaction: &TxEnvelope,
	terms: &Terms,
	sender: &Account,
) -> Result<(), Error> {
	if transaction.gas_limit() > terms.block_gas {
		return rejected("exceeds block gas limit");
	}
	let cap = transaction.max_fee_per_gas();
	let tip = transaction.max_priority_fee_per_gas().unwrap_or(0);
	check_fees(sender.address, cap, tip, terms.base_fee)?;
	if U256::from(cap) < terms.base_fee {
		return Err(underpriced(sender.address, cap, terms.base_fee));
	}
	nonce(transaction.nonce(), sender.nonce)?;
	funds(transaction, terms, sender)
}

fn nonce(nonce: u64, next: u64) -> Result<(), Error> {
	if nonce >= Nonce::MAX.into() {
		return rejected("nonce has max value");
	}
	match nonce < next {
		true => rejected(format!("nonce too low: next nonce {next}, tx nonce {nonce}")),
		false => Ok(()),
	}
}

/// Demands what the transaction takes at most at the present price, tip included. What the sender is
/// ready to pay beyond that it need not have.
fn funds(transaction: &TxEnvelope, terms: &Terms, sender: &Account) -> Result<(), Error> {
	let price = transaction.effective_gas_price(Some(terms.base_fee.saturating_to()));
	let fee = U256::from(transaction.gas_limit()).saturating_mul(U256::from(price));
	let cost = fee.saturating_add(transaction.value());
	match cost.checked_sub(sender.balance).filter(|missing| !missing.is_zero()) {
		Some(missing) => rejected(format!(
			"insufficient funds for gas * price + value: balance {}, tx cost {cost}, \
			overshot {missing}",
			sender.balance
		)),
		None => Ok(()),
	}
}

#[cfg(test)]
mod tests {
	use super::{
		super::testing::{self, Form},
		*,
	};
	use alloy_eips::eip2718::Encodable2718;

	const GWEI: u128 = 1_000_000_000;

	fn words<T>(result: Result<T, Error>) -> String {
		result.err().map(|error| error.to_string()).unwrap_or_default()
	}

	#[test]
	fn what_is_no_transaction_is_refused() {
		let good = testing::signed(5).encoded_2718();
		for (bytes, expected) in [
			(vec![], "typed transaction too short"),
			(vec![2], "typed transaction too short"),
			(vec![3, 0xc0], "transaction type not supported"),
			(vec![4, 0xc0], "transaction type not supported"),
			(vec![0x7f, 0xc0], "transaction type not supported"),
			(vec![2, 0xc0], "rlp: "),
			(vec![0xc0], "rlp: "),
			(vec![0x80], "rlp: "),
			(good[..good.len() - 1].to_vec(), "rlp: "),
			([&good[..], &[0]].concat(), "rlp: "),
		] {
			let found = words(decode(&bytes));
			assert!(found.starts_with(expected), "{bytes:?}: {found:?}");
		}
	}

	#[test]
	fn every_form_that_the_chain_takes_is_decoded() -> Result<(), Error> {
		for form in [Form::Legacy(Some(18)), Form::Legacy(None), Form::AccessList, Form::Capped] {
			let transaction = testing::of_form(form, 5);
			assert_eq!(decode(&transaction.encoded_2718())?, transaction);
		}
		Ok(())
	}

	#[test]
	fn only_this_network_is_signed_for() {
		for (form, expected) in [
			(Form::Legacy(Some(18)), ""),
			(Form::Legacy(Some(1)), "invalid chain id for signer: have 1 want 18"),
			(Form::Legacy(None), "only replay-protected (EIP-155) transactions allowed over RPC"),
			(Form::AccessList, ""),
			(Form::Capped, ""),
		] {
			assert_eq!(words(chain(&testing::of_form(form, 5), 18)), expected);
		}
	}

	#[test]
	fn what_is_too_large_is_refused() {
		let (code, data) = (MAX_INITCODE_SIZE, MAX_INPUT);
		let polkavm = [POLKAVM, &vec![0; data]].concat();
		for (create, input, expected) in [
			(true, vec![0; code], String::new()),
			(
				true,
				vec![0; code + 1],
				"max initcode size exceeded: code size 49153, limit 49152".to_string(),
			),
			(true, polkavm.clone(), String::new()),
			(false, vec![0; data], String::new()),
			(
				false,
				vec![0; data + 1],
				"oversized data: transaction size 131073, limit 131072".to_string(),
			),
			(false, polkavm, "oversized data: transaction size 131076, limit 131072".to_string()),
		] {
			let length = input.len();
			let transaction = testing::with_input(create, input);
			assert_eq!(words(size(&transaction)), expected, "create: {create}, {length} bytes");
		}
	}

	#[test]
	fn a_transaction_must_fit_the_chain_and_its_sender() {
		let address = Address::repeat_byte(9);
		let good = Terms { base_fee: U256::from(GWEI), block_gas: 50_000 };
		let cost = U256::from(50_000 * GWEI + 1);
		let rich = Account { address, nonce: 5, balance: cost };
		let dear = Terms { base_fee: U256::from(2 * GWEI + 1), ..good };
		for (terms, sender, expected) in [
			(good, rich, ""),
			(good, Account { nonce: 0, ..rich }, ""),
			(Terms { block_gas: 49_999, ..good }, rich, "exceeds block gas limit"),
			(dear, rich, "max fee per gas less than block base fee: address"),
			(good, Account { nonce: 6, ..rich }, "nonce too low: next nonce 6, tx nonce 5"),
			(
				good,
				Account { balance: cost - U256::from(1), ..rich },
				"insufficient funds for gas * price + value: balance 50000000000000, \
				tx cost 50000000000001, overshot 1",
			),
		] {
			let found = words(super::terms(&testing::signed(5), &terms, &sender));
			assert!(found.starts_with(expected), "{found:?}");
			assert_eq!(found.is_empty(), expected.is_empty(), "{found:?}");
		}
	}

	#[test]
	fn a_sender_must_have_the_tip_but_not_the_cap() {
		let terms = Terms { base_fee: U256::from(GWEI), block_gas: 50_000 };
		for (cap, tip, price) in
			[(GWEI, 0, 1), (9 * GWEI, 0, 1), (9 * GWEI, GWEI, 2), (3 * GWEI, 3 * GWEI, 3)]
		{
			let cost = U256::from(50_000 * price * GWEI + 1);
			for (balance, expected) in [(cost, ""), (cost - U256::from(1), "insufficient funds")] {
				let sender = Account { address: Address::ZERO, nonce: 0, balance };
				let found = words(super::terms(&testing::priced(cap, tip), &terms, &sender));
				assert!(found.starts_with(expected), "{found:?}");
				assert_eq!(found.is_empty(), expected.is_empty(), "{cap} {tip}: {found:?}");
			}
		}
	}

	#[test]
	fn free_gas_and_great_tips_and_nonces_are_refused() {
		let sender = Account { address: Address::ZERO, nonce: 0, balance: U256::MAX };
		let good = Terms { base_fee: U256::from(GWEI), block_gas: 50_000 };
		for (transaction, expected) in [
			(testing::priced(0, 0), "max fee per gas less than block base fee"),
			(testing::priced(GWEI - 1, 0), "max fee per gas less than block base fee"),
			(
				testing::priced(GWEI, GWEI + 1),
				"max priority fee per gas higher than max fee per gas",
			),
			(testing::signed(Nonce::MAX.into()), "nonce has max value"),
			(testing::signed(u64::MAX), "nonce has max value"),
		] {
			let found = words(super::terms(&transaction, &good, &sender));
			assert!(found.starts_with(expected), "{found:?}");
		}
	}
}
