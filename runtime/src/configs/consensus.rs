//! Who authors, who finalises, and how misbehaviour is reported.

use crate::{
	constants::{
		bounds::{MAX_AUTHORITIES, MAX_PROVABLE_SESSIONS},
		currency::KEY_DEPOSIT,
		time::SLOT_DURATION,
	},
	parameters::{dynamic_params::time, Plain},
	weights, AccountId, Balances, BlockNumber, CmtDpos, Offences, Runtime, RuntimeEvent, Session,
	SessionKeys, Slashing,
};
use alloc::vec::Vec;
use cybermiles_primitives::SessionIndex;
use frame_support::{
	traits::{ConstBool, ConstU128, ConstU32, ConstU64, Get},
	weights::Weight,
};
use pallet_session::{
	disabling::UpToLimitDisablingStrategy,
	historical::{IdentificationTuple, NoteHistoricalRoot},
	FindAccountFromAuthorIndex, SessionManager,
};
use pallet_slashing::{KeyProof, WeightInfo, WithKind};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::traits::{Convert, OpaqueKeys};

impl pallet_aura::Config for Runtime {
	type AllowMultipleBlocksPerSlot = ConstBool<false>;
	type AuthorityId = AuraId;
	type DisabledValidators = Session;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type SlotDuration = ConstU64<SLOT_DURATION>;
}

impl pallet_authorship::Config for Runtime {
	type EventHandler = ();
	type FindAuthor = FindAccountFromAuthorIndex<Runtime, crate::Aura>;
}

/// The elections of cmt-dpos, with a root in the history for every session.
///
/// An election that changes nothing is no news for finality: warp sync has to prove each change of
/// authorities. New keys of unchanged validators the session pallet notices by itself.
pub struct SessionsWithHistory;

impl SessionManager<AccountId> for SessionsWithHistory {
	fn new_session(index: SessionIndex) -> Option<Vec<AccountId>> {
		let next = NoteHistoricalRoot::<Runtime, CmtDpos>::new_session(index)?;
		let present = Session::validators();
		let same = next.len() == present.len() && next.iter().all(|who| present.contains(who));
		(!same).then_some(next)
	}

	fn new_session_genesis(index: SessionIndex) -> Option<Vec<AccountId>> {
		NoteHistoricalRoot::<Runtime, CmtDpos>::new_session_genesis(index)
	}

	fn start_session(index: SessionIndex) {
		NoteHistoricalRoot::<Runtime, CmtDpos>::start_session(index)
	}

	fn end_session(index: SessionIndex) {
		NoteHistoricalRoot::<Runtime, CmtDpos>::end_session(index)
	}
}

impl pallet_session::Config for Runtime {
	type Currency = Balances;
	type DisablingStrategy = UpToLimitDisablingStrategy;
	type KeyDeposit = ConstU128<KEY_DEPOSIT>;
	type Keys = SessionKeys;
	type NextSessionRotation = CmtDpos;
	type RuntimeEvent = RuntimeEvent;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type SessionManager = SessionsWithHistory;
	type ShouldEndSession = CmtDpos;
	type ValidatorId = AccountId;
	type ValidatorIdOf = pallet_cmt_dpos::CandidateIdOf<Runtime>;
	type WeightInfo = weights::pallet_session::WeightInfo<Runtime>;
}

/// An offender is identified by the name of its candidate alone: its stake is looked up when it
/// is punished.
pub struct NameOnly;

impl Convert<AccountId, Option<()>> for NameOnly {
	fn convert(_: AccountId) -> Option<()> {
		Some(())
	}
}

impl pallet_session::historical::Config for Runtime {
	type FullIdentification = ();
	type FullIdentificationOf = NameOnly;
	type RuntimeEvent = RuntimeEvent;
}

/// pallet-offences, told the kind of each offence that it passes on.
pub type ReportedOffences = WithKind<Runtime, Offences>;

impl pallet_offences::Config for Runtime {
	type IdentificationTuple = IdentificationTuple<Runtime>;
	type OnOffenceHandler = Slashing;
	type RuntimeEvent = RuntimeEvent;
}

/// For how many blocks an offence can be reported: as long as the stake behind it is held.
pub struct ReportLongevity;

impl Get<u64> for ReportLongevity {
	fn get() -> u64 {
		let eras: u32 = Plain::<time::UnbondingEras>::get();
		let sessions: u32 = Plain::<time::SessionsPerEra>::get();
		let blocks: BlockNumber = Plain::<time::SessionLength>::get();
		u64::from(eras).saturating_mul(sessions.into()).saturating_mul(blocks.into())
	}
}

impl pallet_grandpa::Config for Runtime {
	type EquivocationReportSystem =
		pallet_grandpa::EquivocationReportSystem<Self, ReportedOffences, Slashing, ReportLongevity>;
	// Not Historical's: it cannot prove a key that was changed since.
	type KeyOwnerProof = KeyProof;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type MaxNominators = ConstU32<0>;
	type MaxSetIdSessionEntries = ConstU64<MAX_PROVABLE_SESSIONS>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = GrandpaWeights;
}

/// The weights of GRANDPA's calls, with what a report leads to: each further offender of one round
/// makes all of them owe more.
pub struct GrandpaWeights;

impl pallet_grandpa::WeightInfo for GrandpaWeights {
	fn report_equivocation(validators: u32, nominators: u32) -> Weight {
		let punish = <Runtime as pallet_slashing::Config>::WeightInfo::punish_equivocation();
		<() as pallet_grandpa::WeightInfo>::report_equivocation(validators, nominators)
			.saturating_add(punish.saturating_mul(validators.into()))
	}

	fn note_stalled() -> Weight {
		<() as pallet_grandpa::WeightInfo>::note_stalled()
	}
}

impl pallet_authority_discovery::Config for Runtime {
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
}
