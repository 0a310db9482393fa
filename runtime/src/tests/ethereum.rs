//! Ethereum transactions, gas and contracts on this chain.

use super::*;
use crate::{
	constants::currency::{GAS, GAS_PRICE_STEP, LIST_PRICE},
	genesis_config_presets::CREATE2_DEPLOYER,
	Authorship, Balance, Revive, RuntimeEvent, RuntimeOrigin, ValidatorCompensation,
};
use codec::Decode;
use cybermiles_primitives::CMT;
use hex_literal::hex;
use pallet_revive::{
	create1, create2,
	evm::{
		Account, Transaction1559Unsigned, Transaction2930Unsigned, TransactionLegacyUnsigned,
		TransactionUnsigned,
	},
	precompiles::alloy::{sol, sol_types::SolCall},
	AccountInfo, AddressMapper, ExecConfig, TransactionLimits, Weight,
};
use pallet_transaction_payment::{Multiplier, NextFeeMultiplier};
use serde_json::json;
use sp_core::{H160, U256};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	ApplyExtrinsicResult,
};

/// What a contract is when Solidity's compiler gives it out.
pub(super) fn bytecode(hex: &str) -> Vec<u8> {
	sp_core::bytes::from_hex(&format!("0x{}", hex.trim())).unwrap()
}

sol! {
	interface IToken {
		function transfer(address to, uint256 value) external returns (bool);
		function balanceOf(address who) external view returns (uint256);
		function coinbase() external view returns (address);
	}
}

pub(super) const TOKEN: &str = include_str!("../../fixtures/contracts/Token.hex");
/// The chain id of `development`.
const CHAIN: u64 = 1234;

/// The first of Ethereum's well-known development accounts.
pub(super) fn key() -> Account {
	let secret = hex!("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
	Account::from_secret_key(secret)
}

/// An address that has nothing.
pub(super) fn fresh() -> H160 {
	H160::repeat_byte(0x77)
}

pub(super) fn address_of(who: &AccountId) -> H160 {
	<Runtime as pallet_revive::Config>::AddressMapper::to_address(who)
}

pub(super) fn account_of(who: &H160) -> AccountId {
	<Runtime as pallet_revive::Config>::AddressMapper::to_account_id(who)
}

/// What a transaction does, whatever its form.
#[derive(Clone, Default)]
pub(super) struct Wish {
	pub(super) nonce: u64,
	pub(super) to: Option<H160>,
	pub(super) value: Balance,
	pub(super) input: Vec<u8>,
	pub(super) gas: u64,
}

impl Wish {
	pub(super) fn transfer(nonce: u64, to: H160) -> Self {
		Self { nonce, to: Some(to), value: CMT, gas: 21_000, ..Default::default() }
	}

	pub(super) fn legacy(self) -> TransactionLegacyUnsigned {
		TransactionLegacyUnsigned {
			chain_id: Some(CHAIN.into()),
			gas: self.gas.into(),
			gas_price: Revive::evm_base_fee(),
			input: self.input.into(),
			nonce: self.nonce.into(),
			to: self.to,
			value: self.value.into(),
			..Default::default()
		}
	}

	fn eip2930(self) -> Transaction2930Unsigned {
		Transaction2930Unsigned {
			chain_id: CHAIN.into(),
			gas: self.gas.into(),
			gas_price: Revive::evm_base_fee(),
			input: self.input.into(),
			nonce: self.nonce.into(),
			to: self.to,
			value: self.value.into(),
			..Default::default()
		}
	}

	pub(super) fn eip1559(self, tip: U256) -> Transaction1559Unsigned {
		Transaction1559Unsigned {
			chain_id: CHAIN.into(),
			gas: self.gas.into(),
			gas_price: Revive::evm_base_fee() + tip,
			max_fee_per_gas: Revive::evm_base_fee() + tip,
			max_priority_fee_per_gas: tip,
			input: self.input.into(),
			nonce: self.nonce.into(),
			to: self.to,
			value: self.value.into(),
			..Default::default()
		}
	}
}

/// Applies a transaction that `key` signs.
pub(super) fn apply(
	key: &Account,
	transaction: impl Into<TransactionUnsigned>,
) -> ApplyExtrinsicResult {
	let payload = key.sign_transaction(transaction.into()).signed_payload();
	let call = pallet_revive::Call::eth_transact { payload };
	Executive::apply_extrinsic(generic::UncheckedExtrinsic::new_bare(call.into()).into())
}

/// Whether the contract of the last transaction reverted.
pub(super) fn reverted() -> bool {
	let is_revert = |event: &RuntimeEvent| {
		matches!(event, RuntimeEvent::Revive(pallet_revive::Event::EthExtrinsicRevert { .. }))
	};
	System::events().iter().any(|record| is_revert(&record.event))
}

/// Applies a transaction that must do what it wants; returns what it cost, in planck.
pub(super) fn cost(
	key: &Account,
	value: Balance,
	transaction: impl Into<TransactionUnsigned>,
) -> Balance {
	let before = free(&key.substrate_account());
	apply(key, transaction).unwrap().unwrap();
	assert!(!reverted());
	before - free(&key.substrate_account()) - value
}

/// Deploys a contract with the `nonce`th transaction of `key`; returns its address and the gas.
pub(super) fn deploy(key: &Account, nonce: u64, code: Vec<u8>) -> (H160, Balance) {
	let wish = Wish { nonce, input: code, gas: 15_000_000, ..Default::default() };
	let paid = cost(key, 0, wish.legacy());
	let address = create1(&key.address(), nonce);
	assert!(!Revive::code(&address).is_empty());
	(address, paid.div_ceil(GAS))
}

/// What a contract answers to `call` by `who`, outside of a transaction.
fn ask<C: SolCall>(who: &AccountId, to: H160, call: C) -> C::Return {
	let limits = TransactionLimits::WeightAndDeposit {
		weight_limit: Weight::from_parts(1_000_000_000_000, u64::MAX),
		deposit_limit: CMT,
	};
	let origin = RuntimeOrigin::signed(who.clone());
	let config = ExecConfig::new_substrate_tx();
	let result =
		Revive::bare_call(origin, to, U256::zero(), limits, call.abi_encode(), &config).result;
	C::abi_decode_returns(&result.unwrap().data).unwrap()
}

pub(super) fn in_block(test: impl FnOnce()) {
	genesis("development").execute_with(|| {
		run_blocks(0, 1);
		begin_block(2);
		test();
	});
}

#[test]
fn chain_ids_should_be_those_of_the_networks() {
	for (name, id) in [("development", 1234), ("local", 1234), ("staging", 20)] {
		genesis(name).execute_with(|| {
			assert_eq!(<Runtime as pallet_revive::Config>::ChainId::get(), id, "{name}");
		});
	}
}

#[test]
fn gas_should_cost_one_gwei_at_list_price() {
	in_block(|| assert_eq!(Revive::evm_base_fee(), 1_000_000_000.into()));
}

#[test]
fn price_of_gas_should_move_in_steps_of_a_thousandth() {
	in_block(|| {
		for (tenths, price) in [(10_000, 1_000), (10_009, 1_000), (10_010, 1_001), (20_000, 2_000)]
		{
			NextFeeMultiplier::<Runtime>::put(Multiplier::from_rational(tenths, 10));
			assert_eq!(Revive::evm_base_fee(), U256::from(price) * GAS_PRICE_STEP, "{tenths}");
		}
		assert_eq!(GAS_PRICE_STEP * LIST_PRICE, 1_000_000_000);
	});
}

#[test]
fn transfer_should_run_with_21_000_gas_in_each_form() {
	in_block(|| {
		let key = key();
		let bob = address_of(&account(Sr25519Keyring::Bob));
		let existing = Wish::transfer(0, bob);
		let before = free(&account(Sr25519Keyring::Bob));
		let costs = [
			cost(&key, CMT, existing.clone().legacy()),
			cost(&key, CMT, Wish { nonce: 1, ..existing.clone() }.eip2930()),
			cost(&key, CMT, Wish { nonce: 2, ..existing }.eip1559(U256::zero())),
			cost(&key, CMT, Wish::transfer(3, fresh()).legacy()),
		];
		assert_eq!(free(&account(Sr25519Keyring::Bob)), before + 3 * CMT);
		assert_eq!(Revive::evm_balance(&fresh()), CMT.into());
		assert!(costs.iter().all(|cost| *cost <= 21_000 * GAS), "{costs:?}");
		// Less than on Ethereum, and the bytes that a later form has more.
		let gas = costs.map(|cost| cost.div_ceil(GAS));
		assert!(gas.iter().all(|gas| (14_000..14_300).contains(gas)), "{gas:?}");
	});
}

#[test]
fn largest_transaction_should_take_what_the_largest_contracts_need() {
	in_block(|| {
		let most = Revive::evm_max_extrinsic_weight_in_gas();
		assert_eq!(most, 18_720_000.into());
		assert!(most >= 15_000_000.into());
	});
}

#[test]
fn token_should_deploy_and_transfer_within_common_limits() {
	in_block(|| {
		let key = key();
		let code = bytecode(TOKEN);
		assert!((1_000..1_300).contains(&code.len()));
		let (token, gas) = deploy(&key, 0, code);
		// Most of it is the deposit for the code, at 195 gas a byte.
		assert!((330_000..400_000).contains(&gas), "{gas}");

		let transfer = |nonce| {
			let input = IToken::transferCall { to: fresh().0.into(), value: sol_u256(7) };
			let wish = Wish {
				nonce,
				to: Some(token),
				input: input.abi_encode(),
				gas: 200_000,
				..Default::default()
			};
			cost(&key, 0, wish.legacy()).div_ceil(GAS)
		};
		let (first, second) = (transfer(1), transfer(2));
		// A new holder is a new slot, for which the deposit is as much as the rest.
		assert!((37_000..42_000).contains(&first), "{first}");
		assert!((18_000..21_000).contains(&second), "{second}");
		let balance = IToken::balanceOfCall { who: fresh().0.into() };
		assert_eq!(ask(&key.substrate_account(), token, balance), sol_u256(14));
	});
}

pub(super) fn sol_u256(amount: Balance) -> pallet_revive::precompiles::alloy::primitives::U256 {
	pallet_revive::precompiles::alloy::primitives::U256::from(amount)
}

#[test]
fn transaction_for_another_chain_should_be_refused() {
	let refused = Err(TransactionValidityError::Invalid(InvalidTransaction::Call));
	in_block(|| {
		let wish = Wish { gas: 30_000, ..Wish::transfer(0, fresh()) };
		for chain_id in [Some(1.into()), Some(U256::zero()), None] {
			let transaction = TransactionLegacyUnsigned { chain_id, ..wish.clone().legacy() };
			assert_eq!(apply(&key(), transaction), refused, "{chain_id:?}");
		}
		let other = Transaction2930Unsigned { chain_id: 1.into(), ..wish.clone().eip2930() };
		assert_eq!(apply(&key(), other), refused);
		let other =
			Transaction1559Unsigned { chain_id: 1.into(), ..wish.clone().eip1559(U256::zero()) };
		assert_eq!(apply(&key(), other), refused);
		assert_eq!(apply(&key(), wish.legacy()), Ok(Ok(())));
	});
}

#[test]
fn transaction_should_count_once_and_in_order() {
	in_block(|| {
		let wish = |nonce| Wish { gas: 30_000, ..Wish::transfer(nonce, fresh()) }.legacy();
		assert_eq!(apply(&key(), wish(1)), Err(InvalidTransaction::Future.into()));
		assert_eq!(apply(&key(), wish(0)), Ok(Ok(())));
		assert_eq!(apply(&key(), wish(0)), Err(InvalidTransaction::Stale.into()));
	});
}

/// 8 % of 1,000,000,000 CMT a year, 3 seconds of 365 days of it, rounded down.
const ISSUED: Balance = 80_000_000 * CMT * 3 / 31_536_000;

/// Runs transactions in a block at `price` (in tenths of the multiplier); all that they cost must
/// be in its award.
fn costs_should_join_the_award(price: u128, tip: U256) {
	genesis("development").execute_with(|| {
		run_blocks(0, 1);
		NextFeeMultiplier::<Runtime>::put(Multiplier::from_rational(price, 10));
		let supply = pallet_balances::TotalIssuance::<Runtime>::get();
		begin_block(2);
		let (key, deposits) = (key(), held());
		let before = free(&key.substrate_account());
		let (token, _) = deploy(&key, 0, bytecode(TOKEN));
		let input = IToken::transferCall { to: fresh().0.into(), value: sol_u256(7) }.abi_encode();
		let wish = Wish { nonce: 1, to: Some(token), input, gas: 234_567, ..Default::default() };
		apply(&key, wish.eip1559(tip)).unwrap().unwrap();
		apply(&key, Wish { gas: 54_321, ..Wish::transfer(2, fresh()) }.eip1559(tip))
			.unwrap()
			.unwrap();
		let spent = before - free(&key.substrate_account()) - CMT;
		// The planck that lets the fresh account exist came from the sender too; that of a contract
		// is minted by the pallet, counts as inactive, and is burnt with the contract.
		let fee = spent - (held() - deposits) - 1;
		assert_eq!(pallet_balances::TotalIssuance::<Runtime>::get(), supply + 1);
		Executive::finalize_block();

		let award = ValidatorCompensation::block_award();
		assert_eq!((award.fees, award.issued), (fee, ISSUED), "{price} {tip}");
		assert_eq!(pallet_balances::TotalIssuance::<Runtime>::get(), supply + 1 + ISSUED);
		assert_no_dust();
	});
}

/// All that is held as deposits for contracts, in planck.
fn held() -> Balance {
	let holds = pallet_balances::Holds::<Runtime>::iter().flat_map(|(_, holds)| holds);
	let of_contracts = holds.filter(|hold| matches!(hold.id, crate::RuntimeHoldReason::Revive(_)));
	of_contracts.map(|hold| hold.amount).sum()
}

/// A planck is a wei: nothing is smaller.
fn assert_no_dust() {
	let prefix = frame_support::storage::storage_prefix(b"Revive", b"AccountInfoOf");
	let mut key = prefix.to_vec();
	let mut found = 0;
	while let Some(next) = sp_io::storage::next_key(&key).filter(|key| key.starts_with(&prefix)) {
		let bytes = sp_io::storage::get(&next).unwrap();
		let info = AccountInfo::<Runtime>::decode(&mut &bytes[..]).unwrap();
		assert_eq!(info.dust, 0);
		found += 1;
		key = next;
	}
	assert!(found >= 2);
}

#[test]
fn what_transactions_cost_should_join_the_award_of_their_block() {
	costs_should_join_the_award(10_000, U256::zero());
}

#[test]
fn what_transactions_cost_should_join_the_award_at_a_price_between_two_steps() {
	costs_should_join_the_award(12_347, U256::zero());
}

#[test]
fn tip_should_join_the_award() {
	costs_should_join_the_award(10_000, 500_000_000.into());
}

#[test]
fn receipt_should_tell_exactly_what_was_paid() {
	genesis("development").execute_with(|| {
		run_blocks(0, 1);
		begin_block(2);
		let wish = Wish { gas: 54_321, ..Wish::transfer(0, fresh()) };
		let before = free(&key().substrate_account());
		apply(&key(), wish.legacy()).unwrap().unwrap();
		let paid = before - free(&key().substrate_account()) - CMT;
		Executive::finalize_block();
		let receipt = Revive::eth_receipt_data().pop().unwrap();
		assert_eq!(receipt.gas_used * receipt.effective_gas_price, paid.into());
	});
}

#[test]
fn coinbase_should_be_the_author() {
	genesis("local").execute_with(|| {
		run_blocks(0, 1);
		begin_block(2);
		let (token, _) = deploy(&key(), 0, bytecode(TOKEN));
		let author = Authorship::author().unwrap();
		assert_ne!(author, account(Sr25519Keyring::Alice));
		let coinbase = ask(&key().substrate_account(), token, IToken::coinbaseCall {});
		assert_eq!(H160(coinbase.0 .0), address_of(&author));
		assert_eq!(Revive::block_author(), address_of(&author));
	});
}

#[test]
fn deterministic_deployer_should_be_there_and_work() {
	for name in ["development", "local", "staging"] {
		genesis(name).execute_with(|| {
			assert_eq!(Revive::code(&CREATE2_DEPLOYER).len(), 69, "{name}");
			assert_eq!(Revive::evm_balance(&CREATE2_DEPLOYER), U256::zero(), "{name}");
		});
	}
	in_block(|| {
		let (salt, code) = ([5; 32], bytecode(TOKEN));
		let input = [&salt[..], &code[..]].concat();
		let to = Some(CREATE2_DEPLOYER);
		let wish = Wish { to, input, gas: 15_000_000, ..Default::default() };
		cost(&key(), 0, wish.legacy());
		let token = create2(&CREATE2_DEPLOYER, &code, &[], &salt);
		assert!(!Revive::code(&token).is_empty());
	});
}

#[test]
fn native_account_should_have_its_ethereum_address_without_registration() {
	in_block(|| {
		let alice = account(Sr25519Keyring::Alice);
		assert_eq!(account_of(&address_of(&alice)), alice);

		let new = AccountId::new([7; 32]);
		let image = address_of(&new);
		assert_ne!(account_of(&image), new);
		let dest = MultiAddress::Id(new.clone());
		let call = pallet_balances::Call::transfer_keep_alive { dest, value: CMT };
		Executive::apply_extrinsic(signed(Sr25519Keyring::Alice, 0, call))
			.unwrap()
			.unwrap();
		assert_eq!(account_of(&image), new);
		cost(&key(), CMT, Wish::transfer(0, image).legacy());
		assert_eq!(free(&new), 2 * CMT);
	});
}

/// Why the genesis of `development` is refused with `patch`.
fn refusal(patch: Value) -> String {
	let mut genesis = preset("development");
	merge(&mut genesis, patch);
	try_genesis(genesis).map(|_| ()).unwrap_err()
}

#[test]
fn genesis_should_be_refused_without_a_chain_id_of_its_own() {
	for (id, reason) in [
		(json!(null), "the genesis names no Ethereum chain id"),
		(json!(0), "the Ethereum chain id 0 is not between 1 and 4294967294"),
		(json!(4_294_967_295u64), "the Ethereum chain id 4294967295 is not between"),
	] {
		let error = refusal(json!({ "protocolGenesis": { "ethereumChainId": id } }));
		assert!(error.contains(reason), "{error}");
	}
}

#[test]
fn genesis_should_be_refused_when_gas_would_cost_too_little_or_too_much() {
	let reason = "transactionPayment.multiplier) is not between 1000.0 and 1000000000.0";
	for price in ["0", "999999999999999999999", "1000000000000000000000000001"] {
		let error = refusal(json!({ "transactionPayment": { "multiplier": price } }));
		assert!(error.contains(reason), "{error}");
	}
}

#[test]
fn genesis_should_be_refused_when_its_contracts_cannot_be_built() {
	let address = "0x1111111111111111111111111111111111111111";
	let word = format!("0x{}", "11".repeat(32));
	let zero = format!("0x{}", "00".repeat(32));
	let plain = json!({ "address": address });
	let contract = |code: &str, value: &str| json!({ "address": address, "code": code, "storage": { &word: value } });
	let too_long = format!("0x{}", "5b".repeat(24_577));
	for (accounts, reason) in [
		(json!([plain, plain]), "is an Ethereum account twice"),
		(json!([contract("0x", &word)]), "the code of the contract 0x1111"),
		(json!([contract(&too_long, &word)]), "the code of the contract 0x1111"),
		// It begins as code for another machine, and is none.
		(json!([contract("0x50564d00ff", &word)]), "the code of the contract 0x1111"),
	] {
		let error = refusal(json!({ "revive": { "accounts": accounts } }));
		assert!(error.contains(reason), "{accounts:.200}: {error}");
	}
	for value in [word.as_str(), &zero] {
		let mut genesis = preset("development");
		merge(&mut genesis, json!({ "revive": { "accounts": [contract("0x00", value)] } }));
		assert!(try_genesis(genesis).is_ok());
	}
}

#[test]
fn genesis_should_be_refused_with_debug_settings() {
	let settings = json!({
		"allow_unlimited_contract_size": true,
		"bypass_eip_3607": false,
		"pvm_logs": false,
		"disable_execution_tracing": false,
	});
	let error = refusal(json!({ "revive": { "debugSettings": settings } }));
	assert!(error.contains("contracts have no debug settings here"), "{error}");
}

#[test]
fn genesis_should_be_refused_when_it_names_two_balances_for_an_ethereum_account() {
	let rich = format!("{:?}", key().address());
	let alice = format!("{:?}", address_of(&account(Sr25519Keyring::Alice)));
	for address in [&rich, &alice] {
		let accounts = json!([{ "address": address, "balance": "0x1", "nonce": 0 }]);
		let error = refusal(json!({ "revive": { "accounts": accounts } }));
		let reason = format!("{address} has 1 planck as an Ethereum account of the genesis");
		assert!(error.starts_with(&reason), "{error}");
	}
	let left = format!("{:#x}", U256::from(10_000_000 * CMT - 1));
	let accounts = json!([{ "address": rich, "balance": left, "nonce": 3 }]);
	let mut genesis = preset("development");
	merge(&mut genesis, json!({ "revive": { "accounts": accounts } }));
	try_genesis(genesis).unwrap().execute_with(|| {
		let supply = crate::constants::currency::GENESIS_SUPPLY;
		assert_eq!(pallet_balances::TotalIssuance::<Runtime>::get(), supply);
		assert_eq!(System::account_nonce(key().substrate_account()), 3);
	});
}
