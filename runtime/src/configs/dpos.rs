//! Delegated stake: its parameters, and its ties to session keys and history.

use crate::{
	constants::currency::KEY_DEPOSIT,
	parameters::{
		dynamic_params::{election, staking, time},
		ranged::{U32From0To32, U32From1To28, U32From1To64},
		Plain,
	},
	weights, AccountId, Balances, Governance, Historical, Runtime, RuntimeOrigin, Session,
	Slashing, StakeVoting, System, ValidatorCompensation,
};
use cybermiles_primitives::{
	traits::{CandidateKeys, OnEra},
	EraIndex, SessionIndex,
};
use frame_support::{
	parameter_types,
	traits::{fungible::hold::Mutate, tokens::Precision},
	PalletId,
};
use pallet_cmt_dpos::CandidateIdOf;
use pallet_session::{ExternallySetKeys, HoldReason, NextKeys};
use sp_runtime::{traits::Convert, DispatchResult};

// No value of a parameter may exceed what the pallet can store.
const _: () = {
	assert!(U32From1To64::MAX <= pallet_cmt_dpos::MAX_VALIDATORS);
	assert!(U32From0To32::MAX <= pallet_cmt_dpos::MAX_STANDBYS);
	assert!(U32From1To64::MAX <= pallet_cmt_dpos::MAX_POSITIONS);
	assert!(U32From1To28::MAX <= pallet_cmt_dpos::MAX_UNBONDING_ERAS);
};

parameter_types! {
	/// Names the account that holds all delegated and unbonding CMT.
	pub const DposPalletId: PalletId = PalletId(*b"cmt/dpos");
}

/// The session keys of candidates as pallet-session keeps them.
pub struct SessionKeyRegister;

impl SessionKeyRegister {
	/// Whether `who` has keys: its own, or those of the candidate that it controls.
	fn pays_for_keys(who: &AccountId) -> bool {
		CandidateIdOf::<Runtime>::convert(who.clone())
			.is_some_and(NextKeys::<Runtime>::contains_key)
	}

	/// Frees what `owner` pays for keys: its deposit and the reference that keeps it alive.
	fn free(owner: &AccountId) {
		let reason = HoldReason::Keys.into();
		// Candidates of the genesis hold no deposit: what is not there is not missed.
		let _ = Balances::release_all(&reason, owner, Precision::BestEffort);
		if ExternallySetKeys::<Runtime>::take(owner).is_none() {
			System::dec_consumers(owner);
		}
	}
}

impl CandidateKeys<AccountId> for SessionKeyRegister {
	fn has_keys(candidate: &AccountId) -> bool {
		NextKeys::<Runtime>::contains_key(candidate)
	}

	/// To be called while `from` still controls the candidate.
	fn hand_over(from: &AccountId, to: &AccountId) -> DispatchResult {
		// Keys that `to` set for itself could not be reached any more.
		if Self::pays_for_keys(to) {
			Self::purge(to);
		}
		// A candidate without keys costs its owner nothing.
		if !Self::pays_for_keys(from) {
			return Ok(());
		}
		Balances::hold(&HoldReason::Keys.into(), to, KEY_DEPOSIT)?;
		System::inc_consumers(to)?;
		Self::free(from);
		Ok(())
	}

	/// To be called while `owner` still controls the candidate.
	fn purge(owner: &AccountId) {
		// The only error is that there are no keys.
		let _ = Session::purge_keys(RuntimeOrigin::signed(owner.clone()));
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_for_benchmark(candidate: &AccountId) {
		benchmark::set_keys(candidate);
	}
}

/// Session roots are kept as long as an offence can be punished.
pub struct PruneHistory;

impl OnEra for PruneHistory {
	fn on_era_start(_: EraIndex, _: SessionIndex, oldest_session: SessionIndex) {
		Historical::prune_up_to(oldest_session);
	}
}

impl pallet_cmt_dpos::Config for Runtime {
	type Currency = Balances;
	type Keys = SessionKeyRegister;
	type MaxPositions = Plain<staking::MaxPositions>;
	type MinDelegation = Plain<staking::MinDelegation>;
	type MinMaxStake = Plain<staking::MinMaxStake>;
	type MinValidators = Plain<election::MinValidators>;
	type OnEra = (PruneHistory, Slashing, ValidatorCompensation);
	// Parameters change once the awards of the session are shared out; stake is counted last.
	type OnSession = (Slashing, ValidatorCompensation, Governance, StakeVoting);
	type PalletId = DposPalletId;
	type Payouts = ValidatorCompensation;
	type PoolObserver = ValidatorCompensation;
	type PositionObserver = StakeVoting;
	type Rates = ValidatorCompensation;
	type SelfStakeRatio = Plain<staking::SelfStakeRatio>;
	type SessionLength = Plain<time::SessionLength>;
	type SessionsPerEra = Plain<time::SessionsPerEra>;
	type StakeCap = Plain<election::StakeCap>;
	type Standbys = Plain<election::Standbys>;
	type Standing = Slashing;
	type UnbondingEras = Plain<time::UnbondingEras>;
	type Validators = Plain<election::Validators>;
	type WeightInfo = weights::pallet_cmt_dpos::WeightInfo<Runtime>;
}

#[cfg(feature = "runtime-benchmarks")]
mod benchmark {
	use super::*;
	use crate::SessionKeys;
	use codec::{Decode, Encode};
	use pallet_session::KeyOwner;
	use sp_runtime::traits::{BlakeTwo256, Hash, OpaqueKeys};

	/// Sets keys as `set_keys` does, but without their owner's signature.
	pub(super) fn set_keys(candidate: &AccountId) {
		let seeds = [0u8, 1, 2].map(|number| BlakeTwo256::hash_of(&(number, candidate)));
		let keys = SessionKeys::decode(&mut &seeds.encode()[..])
			.expect("any 96 bytes are three public keys; qed");
		for id in SessionKeys::key_ids() {
			KeyOwner::<Runtime>::insert((*id, keys.get_raw(*id).to_vec()), candidate);
		}
		NextKeys::<Runtime>::insert(candidate, keys);
		Session::ensure_can_pay_key_deposit(candidate).expect("minting cannot overflow; qed");
		Balances::hold(&HoldReason::Keys.into(), candidate, KEY_DEPOSIT)
			.expect("the deposit was just minted; qed");
		System::inc_consumers(candidate).expect("the account was just endowed; qed");
	}
}
