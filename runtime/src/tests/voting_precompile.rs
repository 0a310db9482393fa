//! Votes as contracts and Ethereum wallets cast them.

use super::{
	ethereum::{account_of, address_of, cost, deploy, key, sol_u256, Wish},
	*,
};
use crate::{
	constants::currency::{GAS, LIST_PRICE},
	governance::{queries, tracks},
	Balance, CmtDpos, OriginCaller, Preimage, Referenda, Revive, RuntimeEvent, RuntimeOrigin,
	StakeVoting,
};
use cybermiles_primitives::{governance::ProposalState, CMT};
use frame_support::{
	assert_ok,
	dispatch::GetDispatchInfo,
	traits::{schedule::DispatchTime, StorePreimage},
};
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor};
use pallet_revive::{
	evm::decode_revert_reason,
	precompiles::alloy::{
		primitives::Address,
		sol_types::{SolCall, SolEvent},
	},
	ExecConfig, ExecReturnValue, TransactionLimits, Weight,
};
use pallet_stake_voting::{Event, Vote as NativeVote};
use pallet_staking_precompile::{
	IVoting::{self, Vote},
	VOTING_ADDRESS,
};
use sp_core::{H160, H256};

/// What the delegators of the tests have behind Alice, who has 1,950,000 CMT herself.
const STAKE: Balance = 5_000 * CMT;
/// The poll of the tests.
const POLL: u32 = 0;

fn alice() -> AccountId {
	account(Sr25519Keyring::Alice)
}

/// The account of the Ethereum key.
fn holder() -> AccountId {
	key().substrate_account()
}

fn sol_address(who: &AccountId) -> Address {
	Address::from(address_of(who).0)
}

fn submit() {
	let call = frame_system::Call::remark { remark: vec![] }.into();
	let proposal = <Preimage as StorePreimage>::bound::<RuntimeCall>(call).unwrap();
	let root = OriginCaller::system(frame_system::RawOrigin::Root);
	let from = RuntimeOrigin::signed(account(Sr25519Keyring::One));
	assert_ok!(Referenda::submit(from, Box::new(root), proposal, DispatchTime::After(0)));
}

/// Delegations of `who` behind Alice, a poll, and a block in which that is open and no award has
/// changed what stake counts for.
fn in_open_poll_with(who: &[AccountId], test: impl FnOnce()) {
	let mut patch = preset("local");
	merge(&mut patch, serde_json::json!({ "protocolGenesis": { "inflation": 0 } }));
	try_genesis(patch).unwrap().execute_with(|| {
		run_blocks(0, 3);
		begin_block(4);
		for who in who {
			let from = RuntimeOrigin::signed(alice());
			let dest = MultiAddress::Id(who.clone());
			assert_ok!(crate::Balances::transfer_keep_alive(from, dest, 2 * STAKE));
			assert_ok!(CmtDpos::delegate(RuntimeOrigin::signed(who.clone()), alice(), STAKE));
		}
		submit();
		Executive::finalize_block();
		run_blocks(4, 20);
		begin_block(21);
		test();
	});
}

fn in_open_poll(test: impl FnOnce()) {
	in_open_poll_with(&[holder()], test);
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
	let answer = call(who, VOTING_ADDRESS, 0, input.abi_encode());
	assert!(!answer.did_revert(), "{:?}", decode_revert_reason(&answer.data));
	C::abi_decode_returns(&answer.data).unwrap()
}

/// Why `answer` is a refusal.
fn reason(answer: ExecReturnValue) -> String {
	assert!(answer.did_revert());
	decode_revert_reason(&answer.data)
		.unwrap()
		.strip_prefix("revert: ")
		.unwrap()
		.into()
}

/// Why the precompile refuses `who`.
fn refusal(who: &AccountId, input: impl SolCall) -> String {
	reason(call(who, VOTING_ADDRESS, 0, input.abi_encode()))
}

fn events() -> impl Iterator<Item = RuntimeEvent> {
	System::events().into_iter().rev().map(|record| record.event)
}

fn last_event() -> Event<Runtime> {
	let find = |event| match event {
		RuntimeEvent::StakeVoting(event) => Some(event),
		_ => None,
	};
	events().find_map(find).unwrap()
}

/// The last Ethereum log, which must be the precompile's, with this many topics.
fn last_log<E: SolEvent>(count: usize) -> E {
	let find = |event| match event {
		RuntimeEvent::Revive(pallet_revive::Event::ContractEmitted { contract, data, topics }) => {
			Some((contract, data, topics))
		},
		_ => None,
	};
	let (contract, data, topics) = events().find_map(find).unwrap();
	assert_eq!((contract, topics.len()), (VOTING_ADDRESS, count));
	E::decode_raw_log(topics.into_iter().map(|topic: H256| topic.0), &data).unwrap()
}

/// A vote as the number that Solidity gives it.
const NONE: u8 = Vote::None as u8;
const AYE: u8 = Vote::Aye as u8;
const NAY: u8 = Vote::Nay as u8;

fn candidate_vote(candidate: &AccountId) -> IVoting::candidateVoteReturn {
	let candidate = sol_address(candidate);
	ask(&holder(), IVoting::candidateVoteCall { poll: POLL, candidate })
}

/// What `who` voted with its stake behind Alice, and what that counts for.
fn stake_vote(who: &AccountId) -> (u8, Balance) {
	let (candidate, delegator) = (sol_address(&alice()), sol_address(who));
	let told = ask(who, IVoting::stakeVoteCall { poll: POLL, candidate, delegator });
	let native = StakeVoting::stake_vote(POLL, &alice(), who);
	let power = native.map_or(0, |native| native.power);
	assert_eq!(told.power, sol_u256(power));
	assert_eq!(told.cast as u8 == NONE, native.is_none());
	(told.cast as u8, power)
}

fn power(who: &AccountId) -> Balance {
	let (candidate, delegator) = (sol_address(&alice()), sol_address(who));
	let told = ask(who, IVoting::votingPowerCall { poll: POLL, candidate, delegator });
	told.try_into().unwrap()
}

fn vote_stake(vote: Vote) -> IVoting::voteStakeCall {
	IVoting::voteStakeCall { poll: POLL, candidate: sol_address(&alice()), newVote: vote }
}

fn withdraw_stake() -> IVoting::withdrawStakeVoteCall {
	IVoting::withdrawStakeVoteCall { poll: POLL, candidate: sol_address(&alice()) }
}

/// Every function that changes something.
fn changes() -> [Vec<u8>; 4] {
	[
		IVoting::voteCall { poll: POLL, newVote: Vote::Aye }.abi_encode(),
		IVoting::withdrawVoteCall { poll: POLL }.abi_encode(),
		vote_stake(Vote::Aye).abi_encode(),
		withdraw_stake().abi_encode(),
	]
}

#[test]
fn address_should_be_that_of_the_interface() {
	assert_eq!(format!("{VOTING_ADDRESS:?}"), "0x000000000000000000000000000000000a010000");
	let interface = include_str!("../../../contracts/interfaces/IVoting.sol");
	let constant = format!("address constant VOTING_ADDRESS = {VOTING_ADDRESS:?};");
	assert!(interface.contains(&constant));
}

#[test]
fn owner_should_vote_change_and_withdraw_as_by_the_native_call() {
	in_open_poll(|| {
		let (seat, candidate) = (candidate_vote(&alice()), sol_address(&alice()));
		let whole: Balance = seat.power.try_into().unwrap();
		assert_eq!(seat.cast as u8, NONE);
		let votes = [
			(Vote::Aye, NativeVote::Aye),
			(Vote::Nay, NativeVote::Nay),
			(Vote::Abstain, NativeVote::Abstain),
		];
		for (vote, native) in votes {
			ask(&alice(), IVoting::voteCall { poll: POLL, newVote: vote });
			let told =
				Event::Voted { poll: POLL, candidate: alice(), vote: Some(native), power: whole };
			assert_eq!(last_event(), told);
			let log: IVoting::Voted = last_log(3);
			assert_eq!((log.poll, log.candidate, log.vote as u8), (POLL, candidate, vote as u8));
			assert_eq!(log.power, sol_u256(whole));
			assert_eq!(candidate_vote(&alice()).cast as u8, vote as u8);
		}
		let tally = StakeVoting::tally(POLL).unwrap();
		assert_eq!((tally.ayes, tally.nays, tally.abstentions), (0, 0, whole));

		ask(&alice(), IVoting::withdrawVoteCall { poll: POLL });
		let log: IVoting::Voted = last_log(3);
		assert_eq!((log.vote as u8, log.power), (NONE, sol_u256(whole)));
		assert_eq!(StakeVoting::tally(POLL).unwrap().cast(), 0);
	});
}

#[test]
fn delegator_with_an_ethereum_key_should_vote_with_its_own_stake() {
	in_open_poll(|| {
		ask(&alice(), IVoting::voteCall { poll: POLL, newVote: Vote::Aye });
		assert_eq!((stake_vote(&holder()), power(&holder())), ((NONE, 0), STAKE));

		let input = vote_stake(Vote::Nay).abi_encode();
		let to = Some(VOTING_ADDRESS);
		let wish = Wish { to, input, gas: 100_000, ..Default::default() };
		cost(&key(), 0, wish.legacy());
		let (candidate, who, vote) = (alice(), holder(), Some(NativeVote::Nay));
		let told = Event::StakeVoted { poll: POLL, candidate, who, vote, power: STAKE };
		assert_eq!(last_event(), told);
		let log: IVoting::StakeVoted = last_log(4);
		assert_eq!((log.poll, log.vote as u8, log.power), (POLL, NAY, sol_u256(STAKE)));
		assert_eq!(log.candidate, sol_address(&alice()));
		assert_eq!(log.who, sol_address(&holder()));
		assert_eq!((stake_vote(&holder()), power(&holder())), ((NAY, STAKE), STAKE));
		let seat = candidate_vote(&alice());
		assert_eq!((seat.cast as u8, seat.takenOut), (AYE, sol_u256(STAKE)));
		let tally = StakeVoting::tally(POLL).unwrap();
		let left = seat.power - sol_u256(STAKE);
		assert_eq!((sol_u256(tally.ayes), tally.nays), (left, STAKE));

		// The owner's vote counts for what is left to it.
		ask(&alice(), IVoting::voteCall { poll: POLL, newVote: Vote::Abstain });
		assert_eq!(last_log::<IVoting::Voted>(3).power, left);

		ask(&holder(), withdraw_stake());
		let log: IVoting::StakeVoted = last_log(4);
		assert_eq!((log.vote as u8, log.power), (NONE, sol_u256(STAKE)));
		assert_eq!(stake_vote(&holder()), (NONE, 0));
		assert_eq!(sol_u256(StakeVoting::tally(POLL).unwrap().abstentions), seat.power);
	});
}

#[test]
fn refusal_should_name_the_native_error_and_change_nothing() {
	in_open_poll(|| {
		ask(&holder(), vote_stake(Vote::Aye));
		submit();
		let candidate = sol_address(&alice());
		let stranger = sol_address(&holder());
		let on = |poll| IVoting::voteStakeCall { poll, candidate, newVote: Vote::Aye };
		let behind =
			|candidate| IVoting::voteStakeCall { poll: POLL, candidate, newVote: Vote::Aye };
		let of = |vote| IVoting::voteCall { poll: POLL, newVote: vote };
		let before = StakeVoting::tally(POLL);
		let refusals = [
			(refusal(&holder(), on(2)), "UnknownPoll: There is no poll"),
			(refusal(&holder(), on(1)), "PollNotOpen: The poll takes no votes yet"),
			(refusal(&holder(), vote_stake(Vote::Aye)), "SameVote: "),
			(refusal(&holder(), behind(stranger)), "NoSeat: "),
			(refusal(&account(Sr25519Keyring::Two), on(POLL)), "NotDelegator: "),
			(refusal(&holder(), of(Vote::Aye)), "NotOwner: "),
			(refusal(&alice(), IVoting::withdrawVoteCall { poll: POLL }), "NotVoted: "),
			(refusal(&alice(), withdraw_stake()), "NotVoted: "),
			(refusal(&alice(), of(Vote::None)), "NoVote: say Aye, Nay or Abstain"),
			(refusal(&holder(), vote_stake(Vote::None)), "NoVote: "),
			(refusal(&holder(), IVoting::proposalCall { poll: 2 }), "UnknownPoll: "),
		];
		for (refused, name) in refusals {
			assert!(refused.starts_with(name) && refused.ends_with('.'), "{name}: {refused}");
		}
		assert_eq!(StakeVoting::tally(POLL), before);

		let jail =
			pallet_slashing::Jail { term: pallet_slashing::JailTerm::Until(u64::MAX), cause: 0 };
		pallet_slashing::Jails::<Runtime>::insert(alice(), jail);
		let refused = refusal(&alice(), of(Vote::Aye));
		assert!(refused.starts_with("Jailed: ") && refused.ends_with('.'), "{refused}");

		ReferendumInfoFor::<Runtime>::insert(POLL, ReferendumInfo::Approved(21, None, None));
		assert!(refusal(&holder(), on(POLL)).starts_with("PollEnded: "));
		assert_eq!((candidate_vote(&alice()).power, power(&holder())), (sol_u256(0), 0));
		let delegator = sol_address(&holder());
		let told = ask(&holder(), IVoting::stakeVoteCall { poll: POLL, candidate, delegator });
		assert_eq!((told.cast as u8, told.power), (NONE, sol_u256(0)));
	});
}

#[test]
fn every_refusal_should_fit_the_interface() {
	use scale_info::{TypeDef, TypeInfo};
	let names = |info: scale_info::Type| match info.type_def {
		TypeDef::Variant(errors) => errors.variants.into_iter().map(|v| v.name).collect(),
		_ => Vec::new(),
	};
	let mut known = names(pallet_stake_voting::Error::<Runtime>::type_info());
	known.extend(names(pallet_cmt_dpos::Error::<Runtime>::type_info()));
	known.extend(names(pallet_slashing::Error::<Runtime>::type_info()));
	let interface = include_str!("../../../contracts/interfaces/IVoting.sol");
	let mut listed = 0;
	for part in interface.split("/// At `").skip(1) {
		let list = part.split("@param").next().unwrap();
		for name in list.split('`').skip(2).step_by(2) {
			assert!(known.contains(&name), "{name}");
			listed += 1;
		}
	}
	assert_eq!(listed, 29);
}

/// A contract that hands what it is called with on to the precompile by the opcode `how`, and what
/// that answers back. With the value that it got where the opcode takes one.
fn forwarder(how: u8, nonce: u64) -> H160 {
	const CALL: u8 = 0xf1;
	// calldatacopy(0, 0, calldatasize()); the four arguments from the back
	let mut code = vec![0x36, 0x5f, 0x5f, 0x37, 0x5f, 0x5f, 0x36, 0x5f];
	if how == CALL {
		code.push(0x34); // callvalue
	}
	code.push(0x73); // push20
	code.extend(VOTING_ADDRESS.0);
	code.extend([0x5a, how, 0x3d, 0x5f, 0x5f, 0x3e]); // gas, call, returndatacopy
	let end = code.len() as u8 + 6;
	// jumpi(end, success); revert(0, returndatasize()); end: return(0, returndatasize())
	code.extend([0x60, end, 0x57, 0x3d, 0x5f, 0xfd, 0x5b, 0x3d, 0x5f, 0xf3]);
	// codecopy(0, 9, length); return(0, length)
	let length = code.len() as u8;
	let mut creation = vec![0x60, length, 0x80, 0x60, 9, 0x5f, 0x39, 0x5f, 0xf3];
	creation.extend(code);
	deploy(&key(), nonce, creation).0
}

#[test]
fn static_call_should_read_but_not_change() {
	in_open_poll(|| {
		let contract = forwarder(0xfa, 0);
		for data in changes() {
			let refused = reason(call(&holder(), contract, 0, data));
			assert_eq!(refused, "ReadOnly: a static call changes nothing; use a plain call.");
		}
		let answer = call(&holder(), contract, 0, IVoting::proposalCountCall {}.abi_encode());
		assert_eq!(IVoting::proposalCountCall::abi_decode_returns(&answer.data), Ok(1));
	});
}

#[test]
fn delegate_call_and_value_should_be_refused() {
	in_open_poll(|| {
		let [by_delegate_call, by_call] = [(0xf4, 0), (0xf1, 1)].map(|(how, n)| forwarder(how, n));
		let read = IVoting::proposalCountCall {}.abi_encode();
		for data in changes().into_iter().chain([read]) {
			let refused = reason(call(&holder(), by_delegate_call, 0, data.clone()));
			assert!(refused.starts_with("DelegateCall: "), "{refused}");
			let before = free(&holder());
			for to in [by_call, VOTING_ADDRESS] {
				let refused = reason(call(&holder(), to, CMT, data.clone()));
				assert!(refused.starts_with("ValueAttached: "), "{refused}");
			}
			assert_eq!(free(&holder()), before);
		}
		assert_eq!(StakeVoting::tally(POLL).unwrap().cast(), 0);
	});
}

#[test]
fn contract_should_vote_with_its_own_stake() {
	// The first contract of the key, which does not exist when it gets its stake.
	let address = pallet_revive::create1(&key().address(), 0);
	let mut account = [0xee; 32];
	account[..20].copy_from_slice(&address.0);
	in_open_poll_with(&[account.into()], || {
		let contract = forwarder(0xf1, 0);
		assert_eq!(contract, address);
		let answer = call(&holder(), contract, 0, vote_stake(Vote::Nay).abi_encode());
		assert!(!answer.did_revert(), "{:?}", decode_revert_reason(&answer.data));
		assert_eq!(stake_vote(&account_of(&contract)), (NAY, STAKE));
		assert_eq!(stake_vote(&holder()), (NONE, 0));
		assert_eq!(last_log::<IVoting::StakeVoted>(4).who, Address::from(contract.0));
	});
}

#[test]
fn proposal_should_be_told_as_the_native_api_tells_it() {
	in_open_poll(|| {
		ask(&alice(), IVoting::voteCall { poll: POLL, newVote: Vote::Nay });
		assert_eq!(ask(&holder(), IVoting::proposalCountCall {}), 1);
		let native = queries::proposal(POLL).unwrap();
		let told = ask(&holder(), IVoting::proposalCall { poll: POLL });
		assert_eq!(native.state, ProposalState::AwaitingDeposit);
		assert_eq!(told.info.state as u8, IVoting::State::AwaitingDeposit as u8);
		assert_eq!((told.info.track, told.info.forgotten), (tracks::ROOT, false));
		assert_eq!(Some(told.info.submitted), native.blocks.submitted);
		assert_eq!(Some(told.info.timesOut), native.blocks.times_out);
		assert_eq!(Some(told.info.decisionStarts), native.blocks.decision_starts);
		assert_eq!((told.info.decisionEnds, told.info.ended), (0, 0));
		let tally = native.tally.unwrap();
		assert_eq!((told.votes.opens, told.votes.open), (1, true));
		assert_eq!(told.votes.total, sol_u256(tally.total.unwrap()));
		assert_eq!(told.votes.nays, sol_u256(tally.nays));
		assert_eq!((told.votes.ayes, told.votes.abstentions), (sol_u256(0), sol_u256(0)));
		assert_eq!(told.votes.needed, sol_u256(tally.needed.unwrap()));

		ReferendumInfoFor::<Runtime>::insert(POLL, ReferendumInfo::Killed(20));
		let told = ask(&holder(), IVoting::proposalCall { poll: POLL });
		assert_eq!((told.info.state as u8, told.info.ended), (IVoting::State::Killed as u8, 20));
		assert!(told.info.forgotten && !told.votes.open);
	});
}

#[test]
fn tracks_should_be_told_as_the_native_api_tells_them() {
	in_open_poll(|| {
		let told = ask(&holder(), IVoting::tracksCall {});
		let native = queries::tracks();
		assert_eq!((told.len(), native.len()), (8, 8));
		for (told, native) in told.iter().zip(native) {
			assert_eq!((told.id, told.name.as_bytes()), (native.id, native.name.as_slice()));
			assert_eq!(told.decisionDeposit, sol_u256(native.decision_deposit));
			assert_eq!(told.submissionDeposit, sol_u256(native.submission_deposit));
			assert_eq!(told.decisionPeriod, native.decision_period);
			let (bar, exact) = (&told.support, native.support);
			assert_eq!((bar.numerator, bar.denominator), (exact.numerator, exact.denominator));
			let (bar, exact) = (&told.approval, native.approval);
			assert_eq!((bar.numerator, bar.denominator), (exact.numerator, exact.denominator));
		}
	});
}

/// The gas of a transaction of the key, its `nonce`th, that calls the precompile.
fn gas(nonce: u64, input: Vec<u8>) -> Balance {
	let wish =
		Wish { nonce, to: Some(VOTING_ADDRESS), input, gas: 1_000_000, ..Default::default() };
	cost(&key(), 0, wish.legacy()).div_ceil(GAS)
}

#[test]
fn gas_should_be_what_the_readme_says() {
	in_open_poll(|| {
		let (candidate, delegator) = (sol_address(&alice()), sol_address(&holder()));
		// Thousands of gas, all that the transaction costs besides included.
		let figures = [
			(34, IVoting::proposalCall { poll: POLL }.abi_encode()),
			(17, IVoting::candidateVoteCall { poll: POLL, candidate }.abi_encode()),
			(18, IVoting::votingPowerCall { poll: POLL, candidate, delegator }.abi_encode()),
			(17, IVoting::tracksCall {}.abi_encode()),
		];
		for (nonce, (thousands, input)) in (0..).zip(figures) {
			let (gas, about) = (gas(nonce, input), thousands * 1_000);
			assert!((about - 1_500..about + 1_500).contains(&gas), "{nonce}: {gas}");
		}
	});
}

#[test]
fn gas_of_a_vote_should_cover_the_weight_of_the_native_call() {
	in_open_poll(|| {
		let weight = |call: pallet_stake_voting::Call<Runtime>| {
			let weight = call.get_dispatch_info().call_weight;
			crate::TransactionPayment::weight_to_fee(weight) * Balance::from(LIST_PRICE) / GAS
		};
		let (poll, candidate) = (POLL, alice());
		let vote = weight(pallet_stake_voting::Call::vote_stake {
			poll,
			candidate: candidate.clone(),
			vote: NativeVote::Aye,
		});
		let withdrawal = weight(pallet_stake_voting::Call::withdraw_stake_vote { poll, candidate });
		let pairs = [
			(vote, vote_stake(Vote::Aye).abi_encode()),
			(withdrawal, withdraw_stake().abi_encode()),
		];
		for (nonce, (weight, input)) in (0..).zip(pairs) {
			let rest = gas(nonce, input) - weight;
			assert!((16_000..19_000).contains(&rest), "{nonce}: {rest} besides {weight}");
		}
	});
}
