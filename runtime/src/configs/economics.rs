//! Who earns and who pays: awards, compensation, slashing.

use crate::{
	constants::time::SLOT_DURATION,
	governance::origins::SlashOrigin,
	parameters::{
		dynamic_params::{awards, offences},
		Plain,
	},
	weights, AccountId, Authorship, Balances, CmtDpos, Offences, Runtime, Session, Slashing,
	Timestamp, ValidatorCompensation,
};
use alloc::vec::Vec;
use cybermiles_primitives::traits::{AuthorityKeys, CandidateKey};
use frame_support::{parameter_types, traits::ConstU64, PalletId};
use frame_system::EnsureRoot;
use pallet_session::{DisabledValidators, NextKeys, QueuedKeys};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::{
	traits::{AccountIdConversion, OpaqueKeys},
	KeyTypeId, Perbill,
};
use sp_staking::offence::OffenceSeverity;

parameter_types! {
	/// Names the account of the treasury.
	pub const TreasuryPalletId: PalletId = PalletId(*b"cmt/trsy");
	/// The account of the treasury.
	pub TreasuryAccount: AccountId = TreasuryPalletId::get().into_account_truncating();
	/// The slot of this block.
	pub CurrentSlot: u64 = *pallet_aura::CurrentSlot::<Runtime>::get();
	/// The candidate that authors this block.
	pub BlockAuthor: Option<AccountId> = Authorship::author();
}

/// The keys of validators and candidates as pallet-session keeps them.
pub struct AuthorityRegister;

impl AuthorityKeys<AccountId> for AuthorityRegister {
	/// When a session begins, what was queued for it is in force.
	fn in_force() -> Vec<(AccountId, Vec<(KeyTypeId, Vec<u8>)>)> {
		let raw = |keys: crate::SessionKeys| {
			let ids = crate::SessionKeys::key_ids().iter();
			ids.map(|id| (*id, keys.get_raw(*id).to_vec())).collect()
		};
		let queued = QueuedKeys::<Runtime>::get().into_iter();
		queued.map(|(candidate, keys)| (candidate, raw(keys))).collect()
	}

	fn validators() -> Vec<AccountId> {
		Session::validators()
	}

	/// pallet-session itself forgets who is disabled only where the validators change.
	fn enable_all() {
		DisabledValidators::<Runtime>::kill();
	}

	fn disable(candidate: &AccountId, severity: Perbill) {
		Session::report_offence(candidate.clone(), OffenceSeverity(severity));
	}
}

impl CandidateKey<AccountId, AuraId> for AuthorityRegister {
	fn key_of(candidate: &AccountId) -> Option<AuraId> {
		NextKeys::<Runtime>::get(candidate).map(|keys| keys.aura)
	}
}

impl pallet_validator_compensation::Config for Runtime {
	type AdminOrigin = EnsureRoot<AccountId>;
	type AuthorityId = AuraId;
	type AuthorityKey = AuthorityRegister;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = super::benchmark_setup::Setup;
	type Candidacies = CmtDpos;
	type Currency = Balances;
	type Eras = CmtDpos;
	type Inflation = Plain<awards::Inflation>;
	type Presence = Slashing;
	type Seats = CmtDpos;
	type SlashBooks = Slashing;
	type SlotDuration = ConstU64<SLOT_DURATION>;
	type Stake = CmtDpos;
	type StakeBooks = CmtDpos;
	type StandbyShare = Plain<awards::StandbyShare>;
	type WeightInfo = weights::pallet_validator_compensation::WeightInfo<Runtime>;
}

impl pallet_slashing::Config for Runtime {
	type AdminOrigin = SlashOrigin;
	type Author = BlockAuthor;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = super::benchmark_setup::Setup;
	type Candidacies = CmtDpos;
	type Currency = Balances;
	type CurrentSlot = CurrentSlot;
	type DowntimeSlash = Plain<offences::DowntimeSlash>;
	type DowntimeTurns = Plain<offences::DowntimeTurns>;
	type EquivocationSlash = Plain<offences::EquivocationSlash>;
	type Eras = CmtDpos;
	type HoldEras = Plain<offences::HoldEras>;
	type JailTime = Plain<offences::JailTime>;
	type Keys = AuthorityRegister;
	type MassAbsence = Plain<offences::MassAbsence>;
	type Payouts = ValidatorCompensation;
	type Pot = ValidatorCompensation;
	type PresenceObserver = ValidatorCompensation;
	type ReportOffence = Offences;
	type ReporterShare = Plain<offences::ReporterShare>;
	type Stake = CmtDpos;
	type Time = Timestamp;
	type Treasury = TreasuryAccount;
	type WeightInfo = weights::pallet_slashing::WeightInfo<Runtime>;
}
