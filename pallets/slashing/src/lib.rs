//! # CyberMiles slashing
//!
//! Offences of validators and what they cost: missed turns, two blocks for one slot, two finality
//! votes in one round.
//!
//! ## Pallet API
//!
//! See the [`pallet`] module for calls, events, errors and storage, and
//! [`cybermiles_primitives::api::DposApi`] for what nodes and wallets read.
//!
//! ## Overview
//!
//! Who misses too many own turns in a row is slashed a little and *jailed* for a while. Who authors
//! or votes twice is slashed more and *tombstoned*: jailed for good. Where many validators are
//! absent at the same time, the fault is the network's, and nobody is punished.
//!
//! The money of a slash leaves the pools at once, and is *held* for some eras. Until then
//! governance can cancel the slash, which gives the money back and ends the jail. Otherwise it goes
//! to who reported the offence and to the treasury.
//!
//! ## Implementation details
//!
//! The pallet meets the others only through the traits of [`cybermiles_primitives::traits`]: it
//! asks for stake, seats and keys, and says who may stand, who earns, and what it has in escrow.
//!
//! A slash works on pools, never on delegators. Attendance is read off the slots between two
//! blocks, so that it costs nothing to report, and at most one step for each validator however long
//! the gap. Key ownership is proved by the chain's own records of which key was in force when,
//! without proofs in a trie.
//!
//! The README has the rules and the invariants.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod attendance;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod double_authoring;
mod jail;
mod keys;
#[cfg(test)]
mod mock;
mod offences;
mod queries;
mod slashes;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use double_authoring::{DoubleAuthoringOffence, DoubleAuthoringProof};
pub use offences::{OffenderOf, WithKind};
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

/// Target of this pallet's log lines.
const LOG_TARGET: &str = "runtime::slashing";

#[frame_support::pallet]
pub mod pallet {
	use super::{types::*, DoubleAuthoringOffence, DoubleAuthoringProof, OffenderOf, WeightInfo};
	use alloc::boxed::Box;
	use cybermiles_primitives::{
		api::{self, OffenceKind},
		traits::{
			AuthorityKeys, AwardPot, Candidacies, Eras, Payouts, PresenceObserver, StakePools,
		},
		Balance, EraIndex, SessionIndex,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{Inspect, Mutate},
			Time,
		},
		weights::WeightMeter,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::Perbill;
	use sp_staking::offence::ReportOffence;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// CMT.
		type Currency: Inspect<Self::AccountId, Balance = Balance> + Mutate<Self::AccountId>;

		/// The stake to slash.
		type Stake: StakePools<Self::AccountId>;

		/// Who controls candidates.
		type Candidacies: Candidacies<Self::AccountId>;

		/// The course of eras.
		type Eras: Eras;

		/// Who authors, with which keys.
		type Keys: AuthorityKeys<Self::AccountId>;

		/// Is told who stops and starts to earn, after this pallet has noted it.
		type PresenceObserver: PresenceObserver<Self::AccountId>;

		/// Says whether escrow pays out.
		type Payouts: Payouts;

		/// Takes what nobody can be paid or given back.
		type Pot: AwardPot;

		/// The time, in milliseconds since 1970. Before a block's inherents that of the block
		/// before.
		type Time: Time<Moment = u64>;

		/// The slot of this block.
		type CurrentSlot: Get<u64>;

		/// The candidate that authors this block.
		type Author: Get<Option<Self::AccountId>>;

		/// Takes reports of double authoring and hands the offenders to this pallet.
		type ReportOffence: ReportOffence<
			Self::AccountId,
			OffenderOf<Self>,
			DoubleAuthoringOffence<OffenderOf<Self>>,
		>;

		/// Who may confirm and cancel slashes and pardon.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The account that gets what slashes take.
		type Treasury: Get<Self::AccountId>;

		/// Own turns missed in a row that bring jail. Zero counts as one.
		type DowntimeTurns: Get<u32>;

		/// Part of the stake that missed turns cost.
		type DowntimeSlash: Get<Perbill>;

		/// How long missed turns are jailed, in milliseconds.
		type JailTime: Get<u64>;

		/// Where more than this part of the validators are absent, the fault is the network's.
		type MassAbsence: Get<Perbill>;

		/// Least part of the stake that authoring or voting twice costs.
		type EquivocationSlash: Get<Perbill>;

		/// Eras that a slash is held. Zero counts as one.
		type HoldEras: Get<u32>;

		/// Part of a slash that goes to who reported the offence.
		type ReporterShare: Get<Perbill>;

		/// Weights, from the benchmarks.
		type WeightInfo: WeightInfo;

		/// Sets up what benchmarks need of other pallets.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::BenchmarkHelper<Self>;
	}

	/// The slot of the latest block; none before the first.
	#[pallet::storage]
	pub type LastSlot<T: Config> = StorageValue<_, u64>;

	/// The validators that missed their latest turn.
	#[pallet::storage]
	pub type Absentees<T: Config> = StorageValue<_, AbsenteesOf<T::AccountId>, ValueQuery>;

	/// Whether so many validators are absent that it is not their fault.
	#[pallet::storage]
	pub type MassAbsent<T: Config> = StorageValue<_, bool, ValueQuery>;

	/// Who is in jail. A term that is over may still stand here.
	#[pallet::storage]
	pub type Jails<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Jail>;

	/// The last session whose offences are not punished any more, of who was tombstoned and
	/// released.
	#[pallet::storage]
	pub type Pardons<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, SessionIndex>;

	/// All slashes, by number.
	#[pallet::storage]
	pub type Slashes<T: Config> = StorageMap<_, Twox64Concat, u32, SlashRecord<T::AccountId>>;

	/// How many slashes there were; the number of the next.
	#[pallet::storage]
	pub type SlashCount<T: Config> = StorageValue<_, u32, ValueQuery>;

	/// The slashes of a candidate, by number.
	#[pallet::storage]
	pub type SlashesOf<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, u32, ()>;

	/// The slashes held, by the first era in which they are paid out.
	#[pallet::storage]
	pub type HeldSlashes<T: Config> =
		StorageDoubleMap<_, Twox64Concat, EraIndex, Twox64Concat, u32, ()>;

	/// What is held in all, in planck.
	#[pallet::storage]
	pub type HeldTotal<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// The earliest era whose slashes may not all have been paid out.
	#[pallet::storage]
	pub type SettlingEra<T: Config> = StorageValue<_, EraIndex, ValueQuery>;

	/// How many offences of each kind were punished.
	#[pallet::storage]
	pub type OffenceCounts<T: Config> = StorageMap<_, Twox64Concat, OffenceKind, u32, ValueQuery>;

	/// The kind of the offence that is being reported; none between reports.
	#[pallet::storage]
	pub type Reporting<T: Config> = StorageValue<_, OffenceKind>;

	/// The present session.
	#[pallet::storage]
	pub type CurrentSession<T: Config> = StorageValue<_, SessionIndex, ValueQuery>;

	/// What evidence of a session's offences is judged by.
	#[pallet::storage]
	pub type Sessions<T: Config> = StorageMap<_, Twox64Concat, SessionIndex, SessionNote>;

	/// The keys of the present session's validators that author and finalise, each with its
	/// candidate and the first session of this tenure.
	#[pallet::storage]
	pub type InForce<T: Config> = StorageValue<
		_,
		BoundedVec<(SessionKey, T::AccountId, SessionIndex), ConstU32<MAX_KEYS>>,
		ValueQuery,
	>;

	/// Whose key was whose, from when to when. One key can have been several candidates', one after
	/// the other.
	///
	/// The second key is not hashed, because its order in the trie leads to the tenure of a session
	/// in one step, however many there are.
	#[pallet::storage]
	pub type Tenures<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, SessionKey, Identity, Since, Tenure<T::AccountId>>;

	/// The tenures that ended with a session: their keys, and their first sessions.
	#[pallet::storage]
	pub type Closed<T: Config> = StorageMap<
		_,
		Twox64Concat,
		SessionIndex,
		BoundedVec<(SessionKey, SessionIndex), ConstU32<MAX_KEYS>>,
		ValueQuery,
	>;

	/// The oldest session whose offences can still be punished.
	#[pallet::storage]
	pub type OldestProvable<T: Config> = StorageValue<_, SessionIndex, ValueQuery>;

	/// The first session that is not forgotten yet.
	#[pallet::storage]
	pub type PrunedTo<T: Config> = StorageValue<_, SessionIndex, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// More validators than a fault of their own explains are absent: until it is over, nobody
		/// is punished for missed turns, and all counts start anew.
		MassAbsenceBegan {
			/// How many are absent.
			absent: u32,
			/// Of how many.
			validators: u32,
		},
		/// Few enough validators are absent again.
		MassAbsenceEnded {
			/// How many are absent.
			absent: u32,
			/// Of how many.
			validators: u32,
		},
		/// A candidate was slashed.
		Slashed {
			/// The number of the slash.
			index: u32,
			/// The candidate.
			candidate: T::AccountId,
			/// For what.
			kind: OffenceKind,
			/// The part of each pool that was taken.
			fraction: Perbill,
			/// What was taken, in planck.
			amount: Balance,
			/// First era in which it is paid out; none where there was nothing to take.
			due: Option<EraIndex>,
		},
		/// A candidate is in jail for a while.
		Jailed {
			/// The candidate.
			candidate: T::AccountId,
			/// When it ends, in milliseconds since 1970.
			until: u64,
		},
		/// A candidate is in jail for good.
		Tombstoned {
			/// The candidate.
			candidate: T::AccountId,
			/// The part of its stake that it cost in all.
			fraction: Perbill,
		},
		/// A candidate's jail was ended before its time. It can activate itself again.
		Pardoned {
			/// The candidate.
			candidate: T::AccountId,
			/// Offences of sessions up to this one are not punished any more; none where the jail
			/// was for a while only.
			offences_until: Option<SessionIndex>,
		},
		/// A slash was paid out. All in planck.
		SlashApplied {
			/// The number of the slash.
			index: u32,
			/// What who reported it got.
			to_reporter: Balance,
			/// What the treasury got.
			to_treasury: Balance,
			/// What could not be paid, and joins the next award.
			to_pot: Balance,
		},
		/// A slash was given back. All in planck.
		SlashCancelled {
			/// The number of the slash.
			index: u32,
			/// What went back to the pools it came from.
			returned: Balance,
			/// What came from pools without members, and joins the next award.
			to_pot: Balance,
		},
		/// An offence was reported too late to be punished.
		OffenceTooOld {
			/// Who committed it.
			candidate: T::AccountId,
			/// In which session.
			session: SessionIndex,
		},
	}

	#[pallet::error]
	#[derive(PartialEq)]
	pub enum Error<T> {
		/// There is no slash of this number.
		UnknownSlash,
		/// The slash was paid out or cancelled already.
		NotHeld,
		/// The slash is still to be held. It can be settled from its due era on.
		NotDue,
		/// The candidate is not in jail.
		NotJailed,
		/// The candidate is in jail for missed turns. Activate it when the term is over.
		Jailed,
		/// The candidate is in jail for good, and takes no stake. Choose another one; only governance
		/// can pardon it.
		Tombstoned,
		/// The two headers are one and the same.
		HeadersEqual,
		/// A header is not of the slot that the proof names.
		WrongSlot,
		/// The slot is later than this block's.
		FutureSlot,
		/// A header is not sealed by the offender.
		BadSeal,
		/// A header does not follow a block of this chain, or one too long ago.
		ForeignHeader,
		/// The key was not in force in this session, or the session had another number of
		/// validators, or is too long ago.
		UnknownKey,
		/// The slot is not one of this session's, or the session is too long ago.
		WrongSession,
		/// The offence was reported before.
		KnownOffence,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			Self::attend()
		}

		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::settle_what_is_due(&mut meter);
			meter.consumed()
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Report two blocks authored for one slot.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Details
		/// `key_proof` says in which session the offender's key was in force. Where the report is
		/// right, the fee is given back, and the caller is rewarded once the slash is paid out.
		///
		/// ## Errors
		/// `FutureSlot`, `WrongSlot`, `ForeignHeader`, `BadSeal`, `HeadersEqual`, `WrongSession`,
		/// `UnknownKey`, `KnownOffence`.
		///
		/// ## Events
		/// `Slashed`, `Tombstoned`.
		#[pallet::call_index(0)]
		#[pallet::weight(Pallet::<T>::report_weight(key_proof.validator_count.min(MAX_VALIDATORS)))]
		pub fn report_double_authoring(
			origin: OriginFor<T>,
			proof: Box<DoubleAuthoringProof<T>>,
			key_proof: KeyProof,
		) -> DispatchResultWithPostInfo {
			let reporter = ensure_signed(origin)?;
			Self::do_report(Some(reporter), *proof, key_proof)
		}

		/// Report two blocks authored for one slot, as the author of this block.
		///
		/// ## Dispatch Origin
		/// None. Taken only from the node that authors the block.
		///
		/// ## Details
		/// As `report_double_authoring`, without fee. The reward goes to the owner of the candidate
		/// that authors the block.
		///
		/// ## Errors
		/// Those of `report_double_authoring`.
		///
		/// ## Events
		/// `Slashed`, `Tombstoned`.
		#[pallet::call_index(1)]
		#[pallet::weight(Pallet::<T>::report_weight(key_proof.validator_count.min(MAX_VALIDATORS)))]
		pub fn report_double_authoring_unsigned(
			origin: OriginFor<T>,
			proof: Box<DoubleAuthoringProof<T>>,
			key_proof: KeyProof,
		) -> DispatchResultWithPostInfo {
			ensure_none(origin)?;
			Self::do_report(T::Author::get(), *proof, key_proof)
		}

		/// Pay out a slash that has been held long enough.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Details
		/// Due slashes are paid out by themselves when blocks have room; this call does not wait
		/// for it.
		///
		/// ## Errors
		/// `UnknownSlash`, `NotHeld`, `NotDue`; another pallet's where escrow does not pay out.
		///
		/// ## Events
		/// `SlashApplied`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::settle_slash())]
		pub fn settle_slash(origin: OriginFor<T>, index: u32) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_settle(index)
		}

		/// Pay out a held slash now, without waiting for its era.
		///
		/// ## Dispatch Origin
		/// The admin origin.
		///
		/// ## Errors
		/// `UnknownSlash`, `NotHeld`; another pallet's where escrow does not pay out.
		///
		/// ## Events
		/// `SlashApplied`.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::confirm_slash())]
		pub fn confirm_slash(origin: OriginFor<T>, index: u32) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::pay_out(index)
		}

		/// Give a held slash back to the pools it came from.
		///
		/// ## Dispatch Origin
		/// The admin origin.
		///
		/// ## Details
		/// Works as long as the slash is held, even when it is due or escrow does not pay out: no
		/// money leaves escrow. Ends the candidate's jail where this slash brought it last; where
		/// that was for good, offences of the slash's session and before are not punished any more.
		/// What came from a pool that has no members by now joins the next award.
		///
		/// ## Errors
		/// `UnknownSlash`, `NotHeld`.
		///
		/// ## Events
		/// `SlashCancelled`, and `Pardoned` where a jail ended.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::cancel_slash())]
		pub fn cancel_slash(origin: OriginFor<T>, index: u32) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_cancel(index)
		}

		/// End the jail of a candidate, for a while or for good. Its slashes stay.
		///
		/// ## Dispatch Origin
		/// The admin origin.
		///
		/// ## Details
		/// The candidate can activate itself again. It does not author before the next session in
		/// which it sits. Where the jail was for good, offences of this session and before are not
		/// punished any more.
		///
		/// ## Errors
		/// `NotJailed`.
		///
		/// ## Events
		/// `Pardoned`.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::pardon())]
		pub fn pardon(origin: OriginFor<T>, candidate: T::AccountId) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_pardon(candidate)
		}
	}

	#[pallet::validate_unsigned]
	#[allow(deprecated)]
	impl<T: Config> ValidateUnsigned for Pallet<T> {
		type Call = Call<T>;

		fn validate_unsigned(source: TransactionSource, call: &Self::Call) -> TransactionValidity {
			Self::validate_report(source, call)
		}

		fn pre_dispatch(call: &Self::Call) -> Result<(), TransactionValidityError> {
			Self::pre_dispatch_report(call)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// How a candidate behaves.
		pub fn get_conduct(candidate: T::AccountId) -> api::ConductInfo {
			Self::conduct(candidate)
		}

		/// One slash, by number.
		pub fn get_slash(index: u32) -> Option<api::SlashInfo<T::AccountId>> {
			Self::slash_info(index)
		}
	}
}
