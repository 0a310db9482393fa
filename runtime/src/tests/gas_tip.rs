//! What Ethereum transactions pay above the price of gas, and what they get for it.

use super::{
	ethereum::{bytecode, fresh, in_block, key, Wish, TOKEN},
	*,
};
use crate::{
	constants::currency::{GAS, GAS_PRICE_STEP},
	ethereum::{block, extrinsic},
	Balance, Revive, TransactionPayment,
};
use cybermiles_primitives::{ethereum::EthereumTransaction, CMT};
use frame_support::dispatch::GetDispatchInfo;
use pallet_revive::evm::{Account, Transaction1559Unsigned, TransactionUnsigned};
use pallet_transaction_payment::ChargeTransactionPayment;
use sp_core::U256;
use sp_runtime::transaction_validity::{
	InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityError,
};

/// `transaction` as `who` sends it.
fn sent(who: &Account, transaction: impl Into<TransactionUnsigned>) -> UncheckedExtrinsic {
	extrinsic(who.sign_transaction(transaction.into()).signed_payload())
}

/// A transfer that offers `tip` for each unit of gas, and to pay at most `cap` for it.
fn capped(cap: Balance, tip: Balance) -> Transaction1559Unsigned {
	Transaction1559Unsigned {
		max_fee_per_gas: cap.into(),
		..Wish::transfer(0, fresh()).eip1559(tip.into())
	}
}

/// The place that a transaction gets in the pool.
fn priority(
	extrinsic: UncheckedExtrinsic,
) -> Result<TransactionPriority, TransactionValidityError> {
	let source = TransactionSource::External;
	let valid = Executive::validate_transaction(source, extrinsic, System::parent_hash())?;
	Ok(valid.priority)
}

/// What this block tells of `transactions`, before which the time was set.
fn told(transactions: &[UncheckedExtrinsic]) -> Vec<EthereumTransaction> {
	let time = pallet_timestamp::Call::set { now: 0 }.into();
	let time = generic::UncheckedExtrinsic::new_bare(time).into();
	block(&[&[time], transactions].concat()).unwrap().transactions
}

/// Runs `transactions` in a block; what is told of them, and what their sender paid for gas.
fn run(
	transactions: impl FnOnce() -> Vec<Transaction1559Unsigned>,
) -> (Vec<EthereumTransaction>, Balance) {
	let mut found = None;
	in_block(|| {
		let transactions = transactions();
		let before = free(&key().substrate_account());
		let value: Balance = transactions.iter().map(|one| one.value.as_u128()).sum();
		let all: Vec<_> = transactions.into_iter().map(|one| sent(&key(), one)).collect();
		for one in &all {
			Executive::apply_extrinsic(one.clone()).unwrap().unwrap();
		}
		let paid = before - free(&key().substrate_account());
		Executive::finalize_block();
		found = Some((told(&all), paid - value));
	});
	found.unwrap()
}

fn total(transactions: &[EthereumTransaction]) -> Balance {
	transactions.iter().map(|one| Balance::from(one.gas_used) * one.gas_price).sum()
}

#[test]
fn tip_should_be_paid_for_the_gas_that_is_used() {
	let tip = U256::from(GAS / 2);
	let deploy = Wish { input: bytecode(TOKEN), gas: 15_000_000, ..Default::default() };
	let transfer = Wish { gas: 1_000_000, ..Wish::transfer(1, fresh()) };
	let (told, paid) = run(|| vec![deploy.eip1559(tip), transfer.eip1559(tip)]);
	assert!(told.iter().all(|one| one.succeeded && one.gas_price == GAS + GAS / 2));
	assert!(told[0].gas_used > 300_000 && told[1].gas_used < 21_000, "{told:?}");
	assert_eq!(total(&told), paid);
}

#[test]
fn tip_of_a_failed_transaction_should_be_paid_for_the_gas_that_is_used() {
	// PUSH1 0 PUSH1 0 REVERT.
	let input = vec![0x60, 0, 0x60, 0, 0xfd];
	let fails = Wish { input, gas: 1_000_000, ..Default::default() };
	let (told, paid) = run(|| vec![fails.eip1559((3 * GAS).into())]);
	assert_eq!((told[0].succeeded, told[0].gas_price), (false, 4 * GAS));
	// Of a failed transaction the gas is rounded up, but not paid up.
	let rounded = total(&told) - paid;
	assert!(rounded < GAS, "{rounded}");
}

#[test]
fn tip_should_be_what_the_cap_leaves_of_it() {
	for (cap, tip, price) in [
		(GAS, 0, GAS),
		(9 * GAS, 0, GAS),
		(9 * GAS, GAS, 2 * GAS),
		(2 * GAS, 2 * GAS, 2 * GAS),
		(3 * GAS, 9 * GAS, 3 * GAS),
	] {
		let (told, paid) = run(|| vec![capped(cap, tip)]);
		assert_eq!((told[0].gas_price, total(&told)), (price, paid), "{cap} {tip}");
	}
}

#[test]
fn older_forms_should_pay_all_of_their_price() {
	in_block(|| {
		let mut transfer = Wish::transfer(0, fresh()).legacy();
		transfer.gas_price = (3 * GAS).into();
		let sent = sent(&key(), transfer);
		let before = free(&key().substrate_account());
		Executive::apply_extrinsic(sent.clone()).unwrap().unwrap();
		let paid = before - free(&key().substrate_account()) - CMT;
		Executive::finalize_block();
		let told = told(&[sent]);
		assert_eq!((told[0].gas_price, total(&told)), (3 * GAS, paid));
	});
}

#[test]
fn sender_should_have_the_tip_of_all_gas() {
	let poor = Account::from_secret_key([5; 32]);
	for (missing, expected) in [(0, None), (1, Some(InvalidTransaction::Payment))] {
		in_block(|| {
			let wealth = 21_000 * 3 * GAS - missing;
			Revive::set_evm_balance(&poor.address(), wealth.into()).unwrap();
			let result = Executive::apply_extrinsic(sent(&poor, capped(3 * GAS, 2 * GAS)));
			assert_eq!(result.err(), expected.map(Into::into), "{missing}");
		});
	}
}

#[test]
fn place_in_the_pool_should_follow_the_tip_that_is_paid() {
	in_block(|| {
		let place = |transaction| priority(sent(&key(), transaction)).unwrap();
		let transfer = |cap, tip| place(capped(cap, tip));
		// A cap that is never reached buys nothing.
		assert_eq!(transfer(GAS, 0), transfer(1_000 * GAS, 0));
		assert_eq!(transfer(2 * GAS, 9 * GAS), transfer(2 * GAS, GAS));
		// Nor does size: one planck more for gas goes before, and nothing else.
		let large = Wish { input: vec![1; 10_000], gas: 15_000_000, ..Wish::transfer(0, fresh()) };
		let mut last = 0;
		for tip in [0, 1, 2, GAS, GAS + 1, 500 * GAS] {
			let found = transfer(GAS + tip, tip);
			assert_eq!(place(large.clone().eip1559(tip.into())), found, "{tip}");
			assert!(last < found, "{tip}: {last} < {found}");
			last = found;
		}
	});
}

#[test]
fn tips_of_both_kinds_should_compare_by_gas() {
	in_block(|| {
		let dest = MultiAddress::Id(account(Sr25519Keyring::Bob));
		let call: RuntimeCall =
			pallet_balances::Call::transfer_keep_alive { dest, value: 1 }.into();
		let weight = call.get_dispatch_info().total_weight();
		let gas = TransactionPayment::weight_to_fee(weight) / Balance::from(GAS_PRICE_STEP);
		let (info, none) = (call.get_dispatch_info(), 0);
		let native = |tip| ChargeTransactionPayment::<Runtime>::get_priority(&info, 100, tip, none);
		let (less, same, more) = (native(gas * GAS * 9 / 10), GAS, native(gas * GAS * 11 / 10));
		let place = priority(sent(&key(), capped(2 * GAS, same))).unwrap();
		assert!(less < place && place < more, "{less} < {place} < {more}");
	});
}
