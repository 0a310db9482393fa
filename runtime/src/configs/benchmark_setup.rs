//! What the benchmarks of awards and slashing need of the other pallets.

use crate::{
	AccountId, Balances, CmtDpos, Header, Runtime, RuntimeOrigin, SessionKeys, Slashing, System,
	ValidatorCompensation,
};
use alloc::{vec, vec::Vec};
use codec::{Decode, Encode};
use cybermiles_primitives::{
	traits::{CandidateKeys, OnSession, PoolObserver},
	Rate, CMT,
};
use frame_benchmarking::account;
use frame_support::traits::fungible::Mutate;
use pallet_cmt_dpos::{
	CurrentEra, CurrentSession, Era, Seat, SeatsOf, SessionSeats, MAX_CLASSES, MAX_UNBONDING_ERAS,
};
use pallet_session::{NextKeys, QueuedKeys, Validators};
use pallet_slashing::{DoubleAuthoringProof, KeyProof};
use sp_consensus_aura::{
	digests::CompatibleDigestItem,
	sr25519::{AuthorityId as AuraId, AuthoritySignature},
};
use sp_consensus_slots::EquivocationProof;
use sp_runtime::{
	app_crypto::key_types::AURA,
	traits::{BlakeTwo256, Hash, Header as _},
	RuntimeAppPublic,
};

/// Sets up candidates, keys and blocks.
pub struct Setup;

/// The least rate of the delegators of [`candidate`].
const FIRST_RATE: u16 = Rate::MAX.0 - MAX_CLASSES as u16 + 1;

fn funded(name: &'static str, index: u32) -> AccountId {
	let who: AccountId = account(name, index, 0);
	Balances::set_balance(&who, 1_000_000_000 * CMT);
	who
}

/// An open candidate with a delegator in each class that there can be.
fn candidate() -> AccountId {
	let who = funded("candidate", 0);
	super::dpos::SessionKeyRegister::set_for_benchmark(&who);
	let declared = CmtDpos::declare(
		RuntimeOrigin::signed(who.clone()),
		1_000_000_000 * CMT,
		Rate::MAX,
		100_000_000 * CMT,
	);
	declared.expect("the account has keys and enough CMT; qed");
	for index in 0..MAX_CLASSES as u16 {
		delegate(&who, funded("delegator", index.into()), Rate(FIRST_RATE + index));
	}
	who
}

/// `delegator` delegates at `rate`, at which the candidate takes it.
fn delegate(candidate: &AccountId, delegator: AccountId, rate: Rate) {
	let owner = RuntimeOrigin::signed(candidate.clone());
	CmtDpos::update(owner, None, Some(rate), None).expect("the rate is below the maximum; qed");
	let delegated =
		CmtDpos::delegate(RuntimeOrigin::signed(delegator), candidate.clone(), 100_000 * CMT);
	delegated.expect("the candidate has room; qed");
}

/// Keys that nobody holds.
fn made_up_keys(candidate: &AccountId) -> SessionKeys {
	let seeds = [3u8, 4, 5].map(|number| BlakeTwo256::hash_of(&(number, candidate)));
	SessionKeys::decode(&mut &seeds.encode()[..]).expect("any 96 bytes are three public keys; qed")
}

/// Makes these the validators of the running session.
fn seat(validators: Vec<(AccountId, SessionKeys)>) {
	let names: Vec<_> = validators.iter().map(|(candidate, _)| candidate.clone()).collect();
	Validators::<Runtime>::put(names);
	QueuedKeys::<Runtime>::put(validators);
}

/// A header after block `parent`, sealed by `key` for `slot`.
fn sealed(parent: u32, slot: u64, key: &AuraId, variant: u8) -> Header {
	let parent_hash = System::block_hash(parent);
	let state = BlakeTwo256::hash_of(&variant);
	let mut header =
		Header::new(parent + 1, Default::default(), state, parent_hash, Default::default());
	let slot = slot.into();
	let digest = CompatibleDigestItem::<AuthoritySignature>::aura_pre_digest(slot);
	header.digest_mut().push(digest);
	let signature: AuthoritySignature =
		key.sign(&header.hash().as_ref()).expect("the key is in the keystore; qed");
	header.digest_mut().push(CompatibleDigestItem::aura_seal(signature));
	header
}

impl pallet_slashing::BenchmarkHelper<Runtime> for Setup {
	fn candidate() -> AccountId {
		let candidate = candidate();
		for index in 0..=MAX_UNBONDING_ERAS {
			CurrentEra::<Runtime>::put(Era { index, start: 0 });
			let delegator: AccountId = account("delegator", 0, 0);
			let origin = RuntimeOrigin::signed(delegator);
			CmtDpos::undelegate(origin, candidate.clone(), Some(CMT))
				.expect("the position keeps more than the minimum; qed");
		}
		ValidatorCompensation::let_award_wait(&candidate);
		candidate
	}

	fn seat(validators: Vec<AccountId>) {
		let with_keys = |candidate: AccountId| {
			let keys = made_up_keys(&candidate);
			(candidate, keys)
		};
		seat(validators.into_iter().map(with_keys).collect());
	}

	fn set_block(slot: u64, _: Option<AccountId>) {
		let slot = sp_consensus_slots::Slot::from(slot);
		pallet_aura::CurrentSlot::<Runtime>::put(slot);
		// The author is the validator whose turn that is.
		System::deposit_log(CompatibleDigestItem::<AuthoritySignature>::aura_pre_digest(slot));
	}

	fn double_authoring(candidate: &AccountId) -> (DoubleAuthoringProof<Runtime>, KeyProof) {
		let offender = AuraId::generate_pair(None);
		let keys = SessionKeys { aura: offender.clone(), ..made_up_keys(candidate) };
		seat(vec![(candidate.clone(), keys)]);
		pallet_aura::CurrentSlot::<Runtime>::put(sp_consensus_slots::Slot::from(10));
		Slashing::on_session_start(1);
		pallet_aura::CurrentSlot::<Runtime>::put(sp_consensus_slots::Slot::from(20));
		frame_system::BlockHash::<Runtime>::insert(7, BlakeTwo256::hash_of(&7u8));
		let headers = [1, 2].map(|variant| sealed(7, 11, &offender, variant));
		let [first_header, second_header] = headers;
		let key_proof = Slashing::prove_at(AURA, offender.as_ref(), 1)
			.expect("the key is in force in session 1; qed");
		(EquivocationProof { offender, slot: 11.into(), first_header, second_header }, key_proof)
	}
}

impl pallet_stake_voting::BenchmarkHelper<AccountId> for Setup {
	fn seated_candidate() -> AccountId {
		let candidate = candidate();
		let stake = CmtDpos::candidate(candidate.clone()).map_or(0, |info| info.stake);
		let seat = Seat { candidate: candidate.clone(), stake, counted: stake };
		let seats = SessionSeats {
			validators: vec![seat].try_into().expect("one fits; qed"),
			..Default::default()
		};
		SeatsOf::<Runtime>::insert(CurrentSession::<Runtime>::get(), seats);
		candidate
	}

	fn delegator_of(_: &AccountId) -> AccountId {
		account("delegator", MAX_CLASSES - 1, 0)
	}
}

impl pallet_validator_compensation::BenchmarkHelper<AccountId, AuraId> for Setup {
	fn candidate_with_full_classes() -> AccountId {
		candidate()
	}

	fn delegator_of(candidate: &AccountId) -> AccountId {
		let who = funded("member", 0);
		delegate(candidate, who.clone(), Rate(990));
		who
	}

	fn set_authority_key(candidate: &AccountId, key: AuraId) {
		let keys = SessionKeys { aura: key, ..made_up_keys(candidate) };
		NextKeys::<Runtime>::insert(candidate, keys);
	}
}
