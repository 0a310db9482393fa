//! Staking as contracts and Ethereum wallets call it.

use super::{
	ethereum::{
		account_of, address_of, apply, bytecode, cost, deploy, key, reverted, sol_u256, Wish,
	},
	*,
};
use crate::{
	constants::currency::GAS, Balance, CmtDpos, Revive, RuntimeEvent, RuntimeOrigin, Slashing,
	ValidatorCompensation,
};
use cybermiles_primitives::{
	api::{OffenceKind, PositionInfo},
	Rate, CMT,
};
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use pallet_cmt_dpos::Event as DposEvent;
use pallet_revive::{
	evm::decode_revert_reason,
	precompiles::alloy::{
		primitives::{Address, Bytes, FixedBytes},
		sol,
		sol_types::{SolCall, SolEvent},
	},
	ExecConfig, ExecReturnValue, TransactionLimits, Weight,
};
use pallet_staking_precompile::{IStaking, ADDRESS};
use sp_core::{H160, H256, U256};
use sp_runtime::Perbill;

sol! {
	interface IProbe {
		function received() external view returns (uint256);
		function delegate(address candidate, uint256 amount) external payable;
		function forward(bytes calldata data) external returns (bytes memory answer);
		function forwardValue(bytes calldata data) external payable returns (bool, bytes memory);
		function statically(bytes calldata data) external view returns (bool, bytes memory);
		function delegately(bytes calldata data) external returns (bool, bytes memory);
		function delegateAndRevert(address candidate, uint256 amount) external;
		function delegateTwiceAndLoseOne(address candidate, uint256 amount) external;
		function delegateAgain(address candidate, uint256 amount, uint256 depth) external;
		function tryDelegate(address candidate, uint256 amount) external returns (string memory);
	}
}

const PROBE: &str = include_str!("../../fixtures/contracts/StakingProbe.hex");

/// What most tests delegate.
const STAKE: Balance = 5_000 * CMT;

fn alice() -> AccountId {
	account(Sr25519Keyring::Alice)
}

fn sol_address(who: &AccountId) -> Address {
	Address::from(address_of(who).0)
}

/// A block of `local`, in which Alice is a candidate among 26.
fn in_block(test: impl FnOnce()) {
	genesis("local").execute_with(|| {
		run_blocks(0, 3);
		begin_block(4);
		test();
	});
}

/// `who` calls `to` with `value`, outside of a transaction.
fn call(who: &AccountId, to: H160, value: Balance, data: Vec<u8>) -> ExecReturnValue {
	let limits = TransactionLimits::WeightAndDeposit {
		weight_limit: Weight::from_parts(1_500_000_000_000, u64::MAX),
		deposit_limit: CMT,
	};
	let origin = RuntimeOrigin::signed(who.clone());
	let config = ExecConfig::new_substrate_tx();
	Revive::bare_call(origin, to, value.into(), limits, data, &config)
		.result
		.unwrap()
}

/// What the precompile answers to `who`.
fn ask<C: SolCall>(who: &AccountId, input: C) -> C::Return {
	let answer = call(who, ADDRESS, 0, input.abi_encode());
	assert!(!answer.did_revert(), "{:?}", decode_revert_reason(&answer.data));
	C::abi_decode_returns(&answer.data).unwrap()
}

/// Why the precompile refuses `who`.
fn refusal<C: SolCall>(who: &AccountId, input: C) -> String {
	let answer = call(who, ADDRESS, 0, input.abi_encode());
	assert!(answer.did_revert());
	reason(&answer.data)
}

/// The string of `Error(string)`.
fn reason(data: &[u8]) -> String {
	decode_revert_reason(data).unwrap().strip_prefix("revert: ").unwrap().into()
}

/// What a probe answers to `who`, with how it called and what it got.
fn probe<C: SolCall>(who: &AccountId, probe: H160, input: C) -> C::Return {
	let answer = call(who, probe, 0, input.abi_encode());
	assert!(!answer.did_revert(), "{:?}", decode_revert_reason(&answer.data));
	C::abi_decode_returns(&answer.data).unwrap()
}

/// Deploys a probe that has 100,000 CMT; returns its address, its account and the key's account.
fn with_probe(test: impl FnOnce(H160, AccountId, AccountId)) {
	in_block(|| {
		let (address, _) = deploy(&key(), 0, bytecode(PROBE));
		let probe = account_of(&address);
		let dest = MultiAddress::Id(probe.clone());
		let from = RuntimeOrigin::signed(alice());
		assert_ok!(crate::Balances::transfer_keep_alive(from, dest, 100_000 * CMT));
		test(address, probe, key().substrate_account());
	});
}

fn delegate_to_alice(amount: Balance) -> IStaking::delegateCall {
	IStaking::delegateCall { candidate: sol_address(&alice()), amount: sol_u256(amount) }
}

/// The position of `who` behind Alice, as the native API tells it.
fn native_position(who: &AccountId) -> Option<PositionInfo<AccountId>> {
	let read = || CmtDpos::positions(who.clone());
	let all = ValidatorCompensation::with_folded(&ValidatorCompensation::seated(), read).unwrap();
	all.into_iter().find(|position| position.candidate == alice())
}

/// What `who` put in behind Alice and did not take out. Shares are rounded, this is not.
fn principal(who: &AccountId) -> Balance {
	native_position(who).map_or(0, |position| position.principal)
}

fn assert_same(position: &IStaking::Position, native: &PositionInfo<AccountId>) {
	assert_eq!(position.candidate, sol_address(&native.candidate));
	assert_eq!(position.account, FixedBytes::from(<[u8; 32]>::from(native.candidate.clone())));
	assert_eq!(position.value, sol_u256(native.value));
	assert_eq!(position.principal, sol_u256(native.principal));
	assert_eq!(position.earned, sol_u256(native.earned));
	assert_eq!(position.rate, native.rate.0);
	assert_eq!(position.unbonding.len(), native.unbonding.len());
	for (waits, native) in position.unbonding.iter().zip(&native.unbonding) {
		assert_eq!((waits.since, waits.due), (native.since, native.due));
		assert_eq!(waits.amount, sol_u256(native.amount));
	}
}

/// The pallet events of this block, the latest last.
fn events() -> Vec<RuntimeEvent> {
	System::events().into_iter().map(|record| record.event).collect()
}

fn last_dpos_event() -> DposEvent<Runtime> {
	let find = |event| match event {
		RuntimeEvent::CmtDpos(event) => Some(event),
		_ => None,
	};
	events().into_iter().rev().find_map(find).unwrap()
}

/// The last Ethereum log, which must be the precompile's.
fn last_log<E: SolEvent>() -> E {
	let find = |event| match event {
		RuntimeEvent::Revive(pallet_revive::Event::ContractEmitted { contract, data, topics }) => {
			Some((contract, data, topics))
		},
		_ => None,
	};
	let (contract, data, topics) = events().into_iter().rev().find_map(find).unwrap();
	assert_eq!(contract, ADDRESS);
	assert_eq!(topics.len(), 3);
	E::decode_raw_log(topics.into_iter().map(|topic: H256| topic.0), &data).unwrap()
}

/// The transaction by which `key` calls the precompile.
fn transaction<C: SolCall>(nonce: u64, gas: u64, input: C) -> Wish {
	let input = input.abi_encode();
	Wish { nonce, to: Some(ADDRESS), input, gas, ..Default::default() }
}

#[test]
fn address_should_be_that_of_the_interface() {
	assert_eq!(format!("{ADDRESS:?}"), "0x000000000000000000000000000000000a000000");
	let interface = include_str!("../../../contracts/interfaces/IStaking.sol");
	let constant = format!("address constant STAKING_ADDRESS = {ADDRESS:?};");
	assert!(interface.contains(&constant));
}

#[test]
fn delegation_by_an_ethereum_key_should_be_one_with_the_native_stake() {
	in_block(|| {
		let (key, who) = (key(), key().substrate_account());
		let gas = cost(&key, STAKE, transaction(0, 100_000, delegate_to_alice(STAKE)).legacy());
		assert!((28_000 * GAS..32_000 * GAS).contains(&gas), "{gas}");
		let candidate = alice();
		let event = DposEvent::Delegated { candidate, who: who.clone(), amount: STAKE };
		assert_eq!(last_dpos_event(), event);
		let log: IStaking::Delegated = last_log();
		assert_eq!((log.delegator, log.candidate), (sol_address(&who), sol_address(&alice())));
		assert_eq!(log.amount, sol_u256(STAKE));

		// The same account adds by the native call, and reads one position by either way.
		let origin = RuntimeOrigin::signed(who.clone());
		assert_ok!(CmtDpos::delegate(origin, alice(), STAKE));
		let native = native_position(&who).unwrap();
		assert_eq!(native.principal, 2 * STAKE);
		let (delegator, candidate) = (sol_address(&who), sol_address(&alice()));
		assert_same(&ask(&who, IStaking::positionCall { delegator, candidate }), &native);
	});
}

#[test]
fn gas_should_cover_the_weight_of_the_native_call() {
	in_block(|| {
		let paid = cost(&key(), STAKE, transaction(0, 100_000, delegate_to_alice(STAKE)).legacy());
		let call: pallet_cmt_dpos::Call<Runtime> =
			pallet_cmt_dpos::Call::delegate { candidate: alice(), amount: STAKE };
		let weight = call.get_dispatch_info().call_weight;
		let (list, one) = (crate::TransactionPayment::weight_to_fee(weight), 14_000 * GAS);
		assert!(paid > list * 1_000 + one, "{paid} {list}");
		// What it takes is what a wallet has to offer: less than the weight is refused whole.
		let too_little =
			transaction(1, (list * 1_000 / GAS) as u64 + 14_000, delegate_to_alice(STAKE));
		assert_ok!(apply(&key(), too_little.legacy()).unwrap());
		assert!(reverted());
		assert_eq!(principal(&key().substrate_account()), STAKE);
	});
}

#[test]
fn each_change_should_do_and_tell_what_the_native_call_does() {
	genesis("local").execute_with(|| {
		run_blocks(0, 3);
		begin_block(4);
		let (who, candidate) = (key().substrate_account(), sol_address(&alice()));
		ask(&who, delegate_to_alice(3 * STAKE));

		let due = ask(&who, IStaking::undelegateCall { candidate, amount: sol_u256(STAKE) });
		let native = native_position(&who).unwrap();
		assert_eq!(native.unbonding[0].due, due);
		let log: IStaking::Undelegated = last_log();
		assert_eq!((log.amount, log.due), (sol_u256(STAKE), due));
		assert!(matches!(last_dpos_event(),
			DposEvent::Undelegated { amount: STAKE, due: same, .. } if same == due));

		ask(&who, IStaking::rebondCall { candidate, amount: sol_u256(STAKE / 2) });
		let log: IStaking::Rebonded = last_log();
		assert_eq!(log.amount, sol_u256(STAKE / 2));
		let amount = ask(&who, IStaking::rebondAllCall { candidate });
		assert_eq!(amount, sol_u256(STAKE / 2));
		assert!(
			matches!(last_dpos_event(), DposEvent::Rebonded { amount, .. } if amount == STAKE / 2)
		);
		assert_eq!(principal(&who), 3 * STAKE);
		Executive::finalize_block();

		// All that a session awarded is in what is taken out, to the planck.
		run_blocks(4, 24);
		begin_block(25);
		let worth = native_position(&who).unwrap().value;
		assert!(worth > 3 * STAKE);
		let all = ask(&who, IStaking::undelegateAllCall { candidate });
		assert_eq!((all.amount, all.due), (sol_u256(worth), CmtDpos::era() + 2));
		let log: IStaking::Undelegated = last_log();
		assert_eq!((log.amount, log.due), (all.amount, all.due));
		assert!(matches!(last_dpos_event(),
			DposEvent::Undelegated { amount, due, .. } if (amount, due) == (worth, all.due)));
	});
}

#[test]
fn harvest_should_pay_what_the_position_earned() {
	genesis("local").execute_with(|| {
		run_blocks(0, 3);
		begin_block(4);
		let (who, candidate) = (key().substrate_account(), sol_address(&alice()));
		ask(&who, delegate_to_alice(STAKE));
		let refused = refusal(&who, IStaking::harvestCall { candidate });
		assert!(refused.starts_with("NothingEarned: The position is worth no more"), "{refused}");
		Executive::finalize_block();
		run_blocks(4, 9);
		begin_block(10);
		let (earned, before) = (native_position(&who).unwrap().earned, free(&who));
		assert!(earned > 0);
		assert_eq!(ask(&who, IStaking::harvestCall { candidate }), sol_u256(earned));
		assert_eq!(free(&who), before + earned);
		let log: IStaking::Harvested = last_log();
		assert_eq!(log.amount, sol_u256(earned));
	});
}

#[test]
fn rate_should_only_rise_by_consent() {
	in_block(|| {
		let (who, candidate) = (key().substrate_account(), sol_address(&alice()));
		let delegator = sol_address(&who);
		let rate = IStaking::rateCall { candidate, delegator };
		assert!(refusal(&who, rate.clone()).starts_with("NotDelegator: "));
		ask(&who, delegate_to_alice(STAKE));
		assert_eq!(ask(&who, rate.clone()), 200);
		assert_eq!(ask(&who, IStaking::maximumRateCall { candidate }), 200);

		let owner = RuntimeOrigin::signed(alice());
		assert_ok!(ValidatorCompensation::lower_rate(owner, who.clone(), Rate(50)));
		assert_eq!(ask(&who, rate.clone()), 50);
		ask(&who, IStaking::acceptRateCall { candidate, newRate: 120 });
		assert_eq!(ask(&who, rate), 120);
		let log: IStaking::RateAccepted = last_log();
		assert_eq!((log.from, log.to), (50, 120));
		for (rate, name) in
			[(100, "RateLowered: "), (120, "RateUnchanged: "), (201, "RateAboveMaximum: ")]
		{
			let refused = refusal(&who, IStaking::acceptRateCall { candidate, newRate: rate });
			assert!(refused.starts_with(name), "{refused}");
		}
	});
}

#[test]
fn refusal_should_name_the_error_and_the_remedy_and_change_nothing() {
	in_block(|| {
		let (who, candidate) = (key().substrate_account(), sol_address(&alice()));
		let nobody = Address::repeat_byte(7);
		let amount = sol_u256(STAKE);
		let refusals = [
			(refusal(&who, delegate_to_alice(0)), "ZeroAmount: An amount of zero"),
			(refusal(&who, delegate_to_alice(CMT)), "BelowMinimum: The position would hold"),
			(refusal(&who, delegate_to_alice(4_000_000 * CMT)), "ExceedsMaximum: The candidate's"),
			(
				refusal(&who, IStaking::delegateCall { candidate: nobody, amount }),
				"UnknownCandidate: ",
			),
			(refusal(&who, IStaking::undelegateCall { candidate, amount }), "NotDelegator: "),
			(refusal(&who, IStaking::undelegateAllCall { candidate }), "NotDelegator: "),
			(refusal(&who, IStaking::rebondAllCall { candidate }), "NothingUnbonding: "),
			(
				refusal(&who, IStaking::candidateInfoCall { candidate: nobody }),
				"UnknownCandidate: ",
			),
			(refusal(&who, IStaking::maximumRateCall { candidate: nobody }), "UnknownCandidate: "),
		];
		for (refused, name) in refusals {
			assert!(refused.starts_with(name) && refused.ends_with('.'), "{name}: {refused}");
		}
		let poor = account_of(&H160::repeat_byte(0x99));
		let _ = crate::Balances::transfer_keep_alive(
			RuntimeOrigin::signed(alice()),
			MultiAddress::Id(poor.clone()),
			CMT,
		);
		let refused = refusal(&poor, delegate_to_alice(STAKE));
		assert_eq!(refused, "InsufficientBalance: The account has less free CMT than this takes.");
		assert_eq!((native_position(&who), native_position(&poor)), (None, None));
	});
}

#[test]
fn stake_should_be_refused_when_the_candidate_is_tombstoned() {
	in_block(|| {
		let (who, candidate) = (key().substrate_account(), sol_address(&alice()));
		ask(&who, delegate_to_alice(2 * STAKE));
		ask(&who, IStaking::undelegateCall { candidate, amount: sol_u256(STAKE) });
		let term = pallet_slashing::JailTerm::Tombstoned {
			fraction: Perbill::from_percent(5),
			session: 0,
		};
		let jail = pallet_slashing::Jail { term, cause: 0 };
		pallet_slashing::Jails::<Runtime>::insert(alice(), jail);
		for refused in [
			refusal(&who, delegate_to_alice(STAKE)),
			refusal(&who, IStaking::rebondCall { candidate, amount: sol_u256(STAKE) }),
			refusal(&who, IStaking::rebondAllCall { candidate }),
		] {
			assert!(
				refused.starts_with("Tombstoned: The candidate is in jail for good"),
				"{refused}"
			);
		}
		ask(&who, IStaking::undelegateAllCall { candidate });
	});
}

#[test]
fn every_refusal_should_fit_the_interface() {
	// A name that the interface lists must be one of the pallets'.
	use scale_info::{TypeDef, TypeInfo};
	let names = |info: scale_info::Type| match info.type_def {
		TypeDef::Variant(errors) => errors.variants.into_iter().map(|v| v.name).collect(),
		_ => Vec::new(),
	};
	let mut known = names(pallet_cmt_dpos::Error::<Runtime>::type_info());
	known.extend(names(pallet_validator_compensation::Error::<Runtime>::type_info()));
	known.extend(names(pallet_slashing::Error::<Runtime>::type_info()));
	let interface = include_str!("../../../contracts/interfaces/IStaking.sol");
	let mut listed = 0;
	for part in interface.split("/// At `").skip(1) {
		let list = part.split("@param").next().unwrap();
		for name in list.split('`').skip(2).step_by(2) {
			assert!(known.contains(&name), "{name}");
			listed += 1;
		}
	}
	assert!(listed > 30, "{listed}");
}

#[test]
fn amount_that_does_not_fit_should_be_refused() {
	in_block(|| {
		let (who, candidate) = (key().substrate_account(), sol_address(&alice()));
		let amount = sol_u256(Balance::MAX) + sol_u256(1);
		for refused in [
			refusal(&who, IStaking::delegateCall { candidate, amount }),
			refusal(&who, IStaking::undelegateCall { candidate, amount }),
			refusal(&who, IStaking::rebondCall { candidate, amount }),
		] {
			assert_eq!(refused, "AmountTooLarge: an amount is at most 2^128 - 1 planck.");
		}
		let amount = sol_u256(Balance::MAX);
		let refused = refusal(&who, IStaking::delegateCall { candidate, amount });
		assert!(refused.starts_with("ExceedsMaximum: "), "{refused}");
	});
}

#[test]
fn value_sent_along_should_be_refused_and_stay() {
	with_probe(|address, probe_account, who| {
		let (before, staked) = (free(&who), delegate_to_alice(STAKE).abi_encode());
		let answer = call(&who, ADDRESS, CMT, staked.clone());
		assert!(answer.did_revert());
		assert!(reason(&answer.data).starts_with("ValueAttached: "));
		assert_eq!(free(&who), before);

		let input = IProbe::forwardValueCall { data: staked.into() };
		let answer = call(&who, address, CMT, input.abi_encode());
		let returned = IProbe::forwardValueCall::abi_decode_returns(&answer.data).unwrap();
		assert!(!returned._0);
		assert!(reason(&returned._1).starts_with("ValueAttached: "));
		assert_eq!(free(&account_of(&ADDRESS)), 0);
		assert_eq!(principal(&probe_account), 0);
	});
}

#[test]
fn static_call_should_read_but_not_write() {
	with_probe(|address, _, who| {
		let writes: [Vec<u8>; 7] = {
			let (candidate, amount) = (sol_address(&alice()), sol_u256(STAKE));
			[
				delegate_to_alice(STAKE).abi_encode(),
				IStaking::undelegateCall { candidate, amount }.abi_encode(),
				IStaking::undelegateAllCall { candidate }.abi_encode(),
				IStaking::rebondCall { candidate, amount }.abi_encode(),
				IStaking::rebondAllCall { candidate }.abi_encode(),
				IStaking::harvestCall { candidate }.abi_encode(),
				IStaking::acceptRateCall { candidate, newRate: 200 }.abi_encode(),
			]
		};
		for data in writes {
			let returned = probe(&who, address, IProbe::staticallyCall { data: data.into() });
			assert!(!returned._0);
			assert_eq!(
				reason(&returned._1),
				"ReadOnly: a static call changes nothing; use a plain call."
			);
		}
		let data: Bytes = IStaking::eraCall {}.abi_encode().into();
		let returned = probe(&who, address, IProbe::staticallyCall { data });
		assert!(returned._0);
		assert_eq!(IStaking::eraCall::abi_decode_returns(&returned._1).unwrap(), CmtDpos::era());
	});
}

#[test]
fn delegate_call_should_be_refused() {
	with_probe(|address, probe_account, who| {
		for data in [delegate_to_alice(STAKE).abi_encode(), IStaking::eraCall {}.abi_encode()] {
			let returned = probe(&who, address, IProbe::delegatelyCall { data: data.into() });
			assert!(!returned._0);
			assert!(reason(&returned._1).starts_with("DelegateCall: "));
		}
		assert_eq!((principal(&probe_account), principal(&who)), (0, 0));
	});
}

#[test]
fn contract_should_stake_for_itself() {
	with_probe(|address, probe_account, who| {
		let candidate = sol_address(&alice());
		let amount = sol_u256(STAKE);
		probe(&who, address, IProbe::delegateCall { candidate, amount });
		assert_eq!((principal(&probe_account), principal(&who)), (STAKE, 0));
		let log: IStaking::Delegated = last_log();
		assert_eq!(log.delegator, Address::from(address.0));

		let worth = native_position(&probe_account).unwrap().value;
		let data = IStaking::undelegateAllCall { candidate }.abi_encode().into();
		let answer = probe(&who, address, IProbe::forwardCall { data });
		let all = IStaking::undelegateAllCall::abi_decode_returns(&answer).unwrap();
		assert_eq!(all.amount, sol_u256(worth));
	});
}

#[test]
fn payment_to_a_contract_should_not_run_its_code() {
	with_probe(|address, probe_account, who| {
		let candidate = sol_address(&alice());
		let amount = sol_u256(STAKE);
		probe(&who, address, IProbe::delegateCall { candidate, amount });
		Executive::finalize_block();
		run_blocks(4, 9);
		begin_block(10);
		let before = free(&probe_account);
		let data = IStaking::harvestCall { candidate }.abi_encode().into();
		let answer = probe(&who, address, IProbe::forwardCall { data });
		let paid = IStaking::harvestCall::abi_decode_returns(&answer).unwrap();
		assert_eq!(sol_u256(free(&probe_account) - before), paid);
		assert!(paid > sol_u256(0));
		assert_eq!(probe(&who, address, IProbe::receivedCall {}), sol_u256(0));
	});
}

#[test]
fn reverted_frame_should_leave_nothing() {
	with_probe(|address, probe_account, who| {
		let (candidate, amount) = (sol_address(&alice()), sol_u256(STAKE));
		let before = (free(&probe_account), sp_io::storage::root(Default::default()));
		let events = System::event_count();
		let input = IProbe::delegateAndRevertCall { candidate, amount };
		let answer = call(&who, address, 0, input.abi_encode());
		assert_eq!(reason(&answer.data), "the outer frame");
		assert_eq!((principal(&probe_account), System::event_count()), (0, events));
		assert_eq!((free(&probe_account), sp_io::storage::root(Default::default())), before);

		probe(&who, address, IProbe::delegateTwiceAndLoseOneCall { candidate, amount });
		assert_eq!(principal(&probe_account), STAKE);
	});
}

#[test]
fn contract_should_catch_a_refusal_and_go_on() {
	with_probe(|address, probe_account, who| {
		let candidate = sol_address(&alice());
		let call = |amount| IProbe::tryDelegateCall { candidate, amount: sol_u256(amount) };
		let caught = probe(&who, address, call(1));
		assert!(caught.starts_with("BelowMinimum: "), "{caught}");
		let caught = probe(&who, address, call(200_000 * CMT));
		assert!(caught.starts_with("InsufficientBalance: "), "{caught}");
		assert_eq!(probe(&who, address, call(STAKE)), "done");
		assert_eq!(principal(&probe_account), STAKE);
	});
}

#[test]
fn contract_should_stake_while_it_is_entered_again() {
	with_probe(|address, probe_account, who| {
		let (candidate, amount) = (sol_address(&alice()), sol_u256(STAKE));
		let depth = sol_u256(3);
		probe(&who, address, IProbe::delegateAgainCall { candidate, amount, depth });
		assert_eq!(principal(&probe_account), 8 * STAKE);
		assert_eq!(free(&probe_account), 60_000 * CMT + 1);
	});
}

#[test]
fn native_account_should_be_named_by_its_image() {
	in_block(|| {
		let who = key().substrate_account();
		let bytes = FixedBytes::from(<[u8; 32]>::from(alice()));
		let image = sol_address(&alice());
		assert_eq!(ask(&who, IStaking::addressOfCall { account: bytes }), image);
		assert_eq!(ask(&who, IStaking::accountOfCall { who: image }), bytes);
		assert_eq!(ask(&who, IStaking::candidateOfCall { owner: image }), image);
		let owner = sol_address(&who);
		assert_eq!(ask(&who, IStaking::candidateOfCall { owner }), Address::ZERO);
		// A native account that calls contracts stakes the same way.
		ask(&account(Sr25519Keyring::Charlie), delegate_to_alice(STAKE));
		assert_eq!(principal(&account(Sr25519Keyring::Charlie)), STAKE);
	});
}

#[test]
fn candidates_should_be_told_by_rank_as_the_native_api_tells_them() {
	in_block(|| {
		let who = key().substrate_account();
		let read = || CmtDpos::candidates(0, 100);
		let seated = ValidatorCompensation::seated();
		let native = ValidatorCompensation::with_folded(&seated, read).unwrap();
		let page = |start, count| ask(&who, IStaking::candidatesCall { start, count });
		let all = page(0, u32::MAX);
		assert_eq!((all.len(), native.len()), (26, 26));
		for (answer, native) in all.iter().zip(&native) {
			assert_eq!(answer.candidate, sol_address(&native.candidate));
			assert_eq!(answer.owner, sol_address(&native.owner));
			let stakes = (answer.stake, answer.selfStake, answer.maxStake);
			let expected = (native.stake, native.self_stake, native.max_stake);
			assert_eq!(stakes, (sol_u256(expected.0), sol_u256(expected.1), sol_u256(expected.2)));
			assert_eq!((answer.maxRate, answer.defaultRate), (200, 200));
			assert_eq!(answer.positions, native.positions);
			assert_eq!(answer.role as u8, 2 - native.role as u8);
			let candidate = answer.candidate;
			let one = ask(&who, IStaking::candidateInfoCall { candidate });
			assert_eq!((one.stake, one.account), (answer.stake, answer.account));
		}
		assert_eq!(page(24, 10).len(), 2);
		assert_eq!(page(26, 10).len() + page(u32::MAX, 10).len() + page(0, 0).len(), 0);
	});
}

#[test]
fn seats_and_awards_should_be_those_of_the_chain() {
	genesis("local").execute_with(|| {
		run_blocks(0, 24);
		begin_block(25);
		let (who, candidate) = (key().substrate_account(), sol_address(&alice()));
		let seats = ask(&who, IStaking::seatsCall {});
		let native = CmtDpos::seats();
		assert_eq!((seats.index, seats.validators.len(), seats.standbys.len()), (1, 19, 5));
		assert_eq!(seats.validators[0].candidate, sol_address(&native.validators[0].candidate));
		assert_eq!(seats.standbys[4].counted, sol_u256(native.standbys[4].counted));

		let award = ask(&who, IStaking::blockAwardCall {});
		assert_eq!(award.issued, sol_u256(ValidatorCompensation::block_award().issued));
		assert!(award.toValidators > sol_u256(0));
		for index in [0, 1] {
			let award = ask(&who, IStaking::sessionAwardCall { index, candidate });
			let native = ValidatorCompensation::session_awards(index)
				.into_iter()
				.find(|seat| seat.candidate == alice())
				.unwrap();
			assert!(award.seated && award.validator && native.award > 0);
			assert_eq!(award.award, sol_u256(native.award));
			assert_eq!(award.compensation, sol_u256(native.compensation));
		}
		for index in [2, u32::MAX] {
			assert!(!ask(&who, IStaking::sessionAwardCall { index, candidate }).seated);
		}
	});
}

#[test]
fn parameters_should_be_those_that_hold() {
	in_block(|| {
		let who = key().substrate_account();
		let told = ask(&who, IStaking::parametersCall {});
		assert_eq!(told.minDelegation, sol_u256(1_000 * CMT));
		assert_eq!((told.unbondingEras, told.maxPositions), (2, 32));
		assert_eq!((told.sessionsPerEra, told.sessionLength), (3, 20));
		assert_eq!(ask(&who, IStaking::eraCall {}), CmtDpos::era());
		assert_eq!(ask(&who, IStaking::sessionCall {}), 0);
	});
}

#[test]
fn offence_should_be_told() {
	in_block(|| {
		let (who, candidate) = (key().substrate_account(), sol_address(&alice()));
		let conduct = ask(&who, IStaking::conductCall { candidate });
		assert!(!conduct.absent && !conduct.tombstoned);
		assert_eq!((conduct.missedTurns, conduct.jailedUntil), (0, 0));
		assert_eq!(ask(&who, IStaking::slashCountCall {}), 0);

		let record = pallet_slashing::SlashRecord {
			candidate: alice(),
			kind: OffenceKind::DoubleAuthoring,
			era: 1,
			session: 4,
			fraction: Perbill::from_percent(5),
			amount: CMT,
			reporter: None,
			state: cybermiles_primitives::api::SlashState::Held { due: 9 },
			parts: Default::default(),
		};
		pallet_slashing::Slashes::<Runtime>::insert(0, record);
		pallet_slashing::SlashCount::<Runtime>::put(1);
		let term = pallet_slashing::JailTerm::Until(u64::MAX);
		let jail = pallet_slashing::Jail { term, cause: 0 };
		pallet_slashing::Jails::<Runtime>::insert(alice(), jail);
		assert_eq!(ask(&who, IStaking::conductCall { candidate }).jailedUntil, u64::MAX);
		assert_eq!(Slashing::conduct(alice()).jailed_until, Some(u64::MAX));
		let slashes = ask(&who, IStaking::slashesCall { start: 0, count: u32::MAX });
		let slash = &slashes[0];
		assert_eq!((slash.candidate, slash.amount), (candidate, sol_u256(CMT)));
		assert_eq!((slash.kind as u8, slash.state as u8), (1, 0));
		assert_eq!((slash.fraction, slash.due), (50_000_000, 9));
		assert_eq!(ask(&who, IStaking::slashesCall { start: 1, count: 5 }).len(), 0);
	});
}

#[test]
fn positions_should_tell_waiting_and_closed_stake_too() {
	in_block(|| {
		let who = key().substrate_account();
		let origin = || RuntimeOrigin::signed(who.clone());
		let bob = account(Sr25519Keyring::Bob);
		assert_ok!(CmtDpos::delegate(origin(), alice(), 3 * STAKE));
		assert_ok!(CmtDpos::undelegate(origin(), alice(), Some(STAKE)));
		assert_ok!(CmtDpos::delegate(origin(), bob.clone(), STAKE));
		assert_ok!(CmtDpos::retire(RuntimeOrigin::signed(bob.clone())));
		let delegator = sol_address(&who);
		let told = ask(&who, IStaking::positionsCall { delegator });
		let native = CmtDpos::positions(who.clone());
		assert_eq!((told.len(), native.len()), (2, 2));
		told.iter().zip(&native).for_each(|(told, native)| assert_same(told, native));
		assert_eq!(told[1].value, sol_u256(0));
		let info = ask(&who, IStaking::candidateInfoCall { candidate: sol_address(&bob) });
		assert_eq!((info.state as u8, info.due), (2, 2));
		// Its own stake, of which an owner cannot harvest what its terms demand.
		let owner = sol_address(&alice());
		let own = ask(&who, IStaking::positionCall { delegator: owner, candidate: owner });
		assert_same(&own, &native_position(&alice()).unwrap());
		let nothing = ask(&who, IStaking::positionCall { delegator, candidate: delegator });
		assert_eq!((nothing.value, nothing.unbonding.len()), (sol_u256(0), 0));
	});
}

#[test]
fn call_outside_of_the_interface_should_panic_as_solidity_does() {
	in_block(|| {
		let who = key().substrate_account();
		let overlong = {
			// An address with a bit above its 160.
			let mut data = IStaking::candidateOfCall { owner: Address::ZERO }.abi_encode();
			data[4] = 1;
			data
		};
		for data in [vec![], vec![1, 2, 3, 4], overlong] {
			let answer = call(&who, ADDRESS, 0, data);
			assert!(answer.did_revert());
			assert_eq!(answer.data[..4], [0x4e, 0x48, 0x7b, 0x71]);
			assert_eq!(U256::from_big_endian(&answer.data[4..]), 0x41.into());
		}
	});
}

#[test]
fn gas_should_be_what_the_readme_says() {
	in_block(|| {
		let (key, candidate) = (key(), sol_address(&alice()));
		let delegator = sol_address(&key.substrate_account());
		let amount = sol_u256(CMT);
		ask(&key.substrate_account(), delegate_to_alice(STAKE));
		let page = |count| IStaking::candidatesCall { start: 0, count }.abi_encode();
		// Thousands of gas, all that the transaction costs besides included.
		let figures = [
			(32, delegate_to_alice(CMT).abi_encode()),
			(31, IStaking::undelegateCall { candidate, amount }.abi_encode()),
			(33, IStaking::rebondAllCall { candidate }.abi_encode()),
			(15, IStaking::eraCall {}.abi_encode()),
			(31, IStaking::positionCall { delegator, candidate }.abi_encode()),
			(88, page(5)),
			(388, page(100)),
			(21, IStaking::seatsCall {}.abi_encode()),
			(22, IStaking::conductCall { candidate }.abi_encode()),
		];
		let measured = (0..).zip(figures).map(|(nonce, (thousands, input))| {
			let (to, gas) = (Some(ADDRESS), 1_000_000);
			let wish = Wish { nonce, to, input, gas, ..Default::default() };
			let staked = if nonce == 0 { CMT } else { 0 };
			(thousands * 1_000, cost(&key, staked, wish.legacy()).div_ceil(GAS))
		});
		let measured: Vec<_> = measured.collect();
		let about = |(said, gas): &(Balance, Balance)| said.abs_diff(*gas) < 1_500;
		assert!(measured.iter().all(about), "said and measured: {measured:?}");
	});
}
