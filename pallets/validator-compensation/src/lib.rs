//! # Validator compensation
//!
//! Block awards, what delegators get of them, and what their validators get as compensation.
//!
//! ## Pallet API
//!
//! See the [`pallet`] module for calls, events, errors and storage, and
//! [`cybermiles_primitives::api::DposApi`] for what nodes and wallets read.
//!
//! ## Overview
//!
//! Every block creates an *award*: new CMT, and the fees of the block. Validators that do their work
//! and standbys that prove themselves alive share it by counted stake. What falls to a candidate
//! falls to those who back it, less the *compensation* at the rate that each agreed to. A rate can
//! never rise without the delegator's own consent. Awards compound by themselves; what was earned can
//! also be *harvested*, at once and without unbonding.
//!
//! ## Implementation details
//!
//! A block advances two numbers, whatever the number of candidates and delegators: a running index
//! for the validators and one for the standbys ([`stake_math::Accumulator`]). What a seat earned by
//! its index is *folded* into the class pools of its candidate at the end of the session and before
//! any change of these pools. All money lies in the escrow account of the staking pallet; the books
//! of all pallets are compared with its balance at the start of each era.
//!
//! The README has the rules, the roundings and an example.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod award;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod fold;
mod heartbeat;
#[cfg(test)]
mod mock;
mod payout;
mod queries;
mod rates;
mod seats;
mod solvency;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use heartbeat::{KeyOf, SignatureOf};
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

/// Target of this pallet's log lines.
const LOG_TARGET: &str = "runtime::validator-compensation";

#[frame_support::pallet]
pub mod pallet {
	use super::{types, types::*, SignatureOf, WeightInfo};
	use cybermiles_primitives::{
		api::BlockAward,
		traits::{Candidacies, CandidateKey, Eras, InEscrow, Presence, Seats, StakePools},
		Balance, Rate, SessionIndex,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::fungible::{Balanced, Inspect, Mutate},
	};
	use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};
	use sp_runtime::{Perbill, RuntimeAppPublic};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		CreateAuthorizedTransaction<Call<Self>>
		+ frame_system::Config<RuntimeEvent: From<Event<Self>>>
	{
		/// CMT.
		type Currency: Inspect<Self::AccountId, Balance = Balance>
			+ Mutate<Self::AccountId>
			+ Balanced<Self::AccountId>;

		/// The pools into which awards are folded, and their escrow account.
		type Stake: StakePools<Self::AccountId>;

		/// Who controls candidates, and the most that each may ask.
		type Candidacies: Candidacies<Self::AccountId>;

		/// Who sits, and with what counted stake.
		type Seats: Seats<Self::AccountId>;

		/// The present session.
		type Eras: Eras;

		/// Who does its work.
		type Presence: Presence<Self::AccountId>;

		/// The books of stake in escrow.
		type StakeBooks: InEscrow;

		/// The books of held slashes in escrow.
		type SlashBooks: InEscrow;

		/// The key with which a standby proves itself alive.
		type AuthorityId: Parameter + RuntimeAppPublic<Signature: Parameter + Send + Sync>;

		/// Whose key that is.
		type AuthorityKey: CandidateKey<Self::AccountId, Self::AuthorityId>;

		/// Resumes payouts.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// New CMT a year, as a part of 1,000,000,000 CMT.
		type Inflation: Get<Perbill>;

		/// The part of an award that falls to the standbys.
		type StandbyShare: Get<Perbill>;

		/// Milliseconds of a slot, over which issuance is spread.
		#[pallet::constant]
		type SlotDuration: Get<u64>;

		/// Weights of the calls, from their benchmarks.
		type WeightInfo: WeightInfo;

		/// Prepares what benchmarks need.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::BenchmarkHelper<Self::AccountId, Self::AuthorityId>;
	}

	/// The money of this pallet in escrow, and all that it issued.
	#[pallet::storage]
	pub type AccountBooks<T: Config> = StorageValue<_, Books, ValueQuery>;

	/// The running indices of this session.
	#[pallet::storage]
	pub type RunningGroups<T: Config> = StorageValue<_, Groups, ValueQuery>;

	/// The seats of this session.
	#[pallet::storage]
	pub type SeatsOf<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, types::Seat>;

	/// The award of the last block.
	#[pallet::storage]
	pub type LastAward<T: Config> = StorageValue<_, BlockAward, ValueQuery>;

	/// The first block of the present session that makes an award.
	#[pallet::storage]
	pub type SessionStart<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

	/// What each seat earned, for the last sessions.
	#[pallet::storage]
	pub type History<T: Config> =
		StorageMap<_, Twox64Concat, SessionIndex, SessionRecord<T::AccountId>, ValueQuery>;

	/// The classes of a candidate that pay less than their members agreed to.
	#[pallet::storage]
	pub type RatesLowered<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, LoweredRates, ValueQuery>;

	/// Where an owner's compensation goes; to its self-stake where nothing is set.
	#[pallet::storage]
	pub type CompensationAccounts<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, T::AccountId>;

	/// Compensation that is not paid yet, by the account that gets it, in planck.
	#[pallet::storage]
	pub type CompensationDue<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, Balance, ValueQuery>;

	/// Whether escrow pays nothing, because it once held less than the books say.
	#[pallet::storage]
	pub type PayoutsPaused<T: Config> = StorageValue<_, bool, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// What all seats earned in a session is in the pools of their candidates.
		SessionAwarded {
			/// The session.
			session: SessionIndex,
			/// All awards, in planck.
			award: Balance,
			/// The part of them that is compensation, in planck.
			compensation: Balance,
		},
		/// A delegator took out what its position had earned.
		Harvested {
			/// The candidate.
			candidate: T::AccountId,
			/// The delegator.
			who: T::AccountId,
			/// Amount paid, in planck.
			amount: Balance,
		},
		/// A delegator pays another rate from the next award on.
		RateChanged {
			/// The candidate.
			candidate: T::AccountId,
			/// The delegator.
			who: T::AccountId,
			/// Rate until now, in tenths of a per cent.
			from: Rate,
			/// Rate from now on, in tenths of a per cent.
			to: Rate,
		},
		/// No delegator of a candidate pays more than this from the next award on.
		RatesLowered {
			/// The candidate.
			candidate: T::AccountId,
			/// The rate, in tenths of a per cent.
			rate: Rate,
			/// How many classes paid more.
			classes: u32,
		},
		/// An owner chose where its compensation goes.
		CompensationAccountSet {
			/// Its candidate.
			candidate: T::AccountId,
			/// The account that gets it; none for the owner's self-stake.
			account: Option<T::AccountId>,
		},
		/// Compensation was paid.
		CompensationPaid {
			/// Who got it.
			account: T::AccountId,
			/// Amount paid, in planck.
			amount: Balance,
		},
		/// Compensation could not be paid by itself. It stays due; `pay_compensation` pays it.
		CompensationNotPaid {
			/// Who was to get it.
			account: T::AccountId,
			/// Why.
			error: DispatchError,
		},
		/// A standby proved itself alive, and earns for the rest of the session.
		StandbyAlive {
			/// The standby.
			candidate: T::AccountId,
			/// The session.
			session: SessionIndex,
		},
		/// Escrow holds less than the books say. Nothing is paid out of it until governance resumes.
		PayoutsPaused {
			/// What escrow holds, in planck.
			escrow: Balance,
			/// What the books say, in planck.
			booked: Balance,
		},
		/// Governance resumed payouts.
		PayoutsResumed,
		/// Escrow held more than the books say. The gift joins the next award.
		GiftFound {
			/// The amount, in planck.
			amount: Balance,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The account has no stake behind this candidate.
		NotDelegator,
		/// The account is the candidate's owner, who pays no compensation.
		OwnerPaysNothing,
		/// The rate is above what the delegator pays now. Only the delegator itself can agree to
		/// that, by `accept_rate`.
		RateRaised,
		/// The rate is below what the delegator pays now. Only the candidate's owner can lower it, by
		/// `lower_rate`.
		RateLowered,
		/// The delegator pays this rate already.
		RateUnchanged,
		/// The rate is above the maximum that the candidate declared.
		RateAboveMaximum,
		/// No delegator pays more than this rate.
		NothingToLower,
		/// The candidate has as many lowered classes as it can have.
		TooManyClasses,
		/// Compensation goes to this account already.
		AccountUnchanged,
		/// No compensation waits for this account.
		NoCompensation,
		/// Escrow once held less than the books say, so it pays nothing until governance resumes.
		/// Nothing is lost; try again later.
		PayoutsPaused,
		/// Payouts are not paused.
		PayoutsNotPaused,
		/// The heartbeat is for another session.
		WrongSession,
		/// The candidate is no standby of this session.
		NotStandby,
		/// The standby proved itself alive in this session already.
		AlreadyAlive,
		/// The standby is in jail and earns nothing.
		StandbyJailed,
		/// The standby has no session keys.
		NoAuthorityKey,
		/// The signature is not by the standby's key, or for another chain.
		BadHeartbeatSignature,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Reserves what `on_finalize` needs.
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			T::WeightInfo::award_block()
		}

		fn on_finalize(_: BlockNumberFor<T>) {
			Self::award_block();
		}

		fn offchain_worker(now: BlockNumberFor<T>) {
			Self::send_heartbeats(now);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Pay the caller at once what its stake behind a candidate has earned.
		///
		/// ## Dispatch Origin
		/// Signed by the delegator.
		///
		/// ## Details
		/// Earned is what the position is worth above what was put in and not taken out. The rest
		/// stays bonded. Without this call awards compound. An owner keeps the self-stake that it
		/// could not take out.
		///
		/// ## Errors
		/// `PayoutsPaused`; from the staking pallet `UnknownCandidate`, `CandidateRetired`,
		/// `NotDelegator`, `NothingEarned`.
		///
		/// ## Events
		/// `Harvested`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::harvest())]
		pub fn harvest(origin: OriginFor<T>, candidate: T::AccountId) -> DispatchResult {
			Self::do_harvest(ensure_signed(origin)?, candidate)
		}

		/// Lower the compensation rate of one delegator.
		///
		/// ## Dispatch Origin
		/// Signed by the candidate's owner.
		///
		/// ## Details
		/// `rate` is in tenths of a per cent and holds from the next award on.
		///
		/// ## Errors
		/// `NotDelegator`, `OwnerPaysNothing`, `RateRaised`, `RateUnchanged`; from the staking pallet
		/// `NotOwner`, `CandidateRetired`, `TooManyClasses`, `PoolWorthless`, `Arithmetic`.
		///
		/// ## Events
		/// `RateChanged`.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::lower_rate())]
		pub fn lower_rate(origin: OriginFor<T>, who: T::AccountId, rate: Rate) -> DispatchResult {
			Self::do_lower_rate(ensure_signed(origin)?, who, rate)
		}

		/// Lower the compensation rate of every delegator that pays more.
		///
		/// ## Dispatch Origin
		/// Signed by the candidate's owner.
		///
		/// ## Details
		/// `rate` is in tenths of a per cent and holds from the next award on. What newcomers agree
		/// to stays as it is: see `update` of the staking pallet.
		///
		/// ## Errors
		/// `NothingToLower`; from the staking pallet `NotOwner`, `CandidateRetired`.
		///
		/// ## Events
		/// `RatesLowered`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::lower_all_rates())]
		pub fn lower_all_rates(origin: OriginFor<T>, rate: Rate) -> DispatchResult {
			Self::do_lower_all_rates(ensure_signed(origin)?, rate)
		}

		/// Agree to a higher compensation rate.
		///
		/// ## Dispatch Origin
		/// Signed by the delegator: nobody else can raise its rate.
		///
		/// ## Details
		/// `rate` is in tenths of a per cent and holds from the next award on.
		///
		/// ## Errors
		/// `NotDelegator`, `OwnerPaysNothing`, `RateAboveMaximum`, `RateLowered`, `RateUnchanged`; from
		/// the staking pallet `CandidateRetired`, `TooManyClasses`, `PoolWorthless`, `Arithmetic`.
		///
		/// ## Events
		/// `RateChanged`.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::accept_rate())]
		pub fn accept_rate(
			origin: OriginFor<T>,
			candidate: T::AccountId,
			rate: Rate,
		) -> DispatchResult {
			Self::do_accept_rate(ensure_signed(origin)?, candidate, rate)
		}

		/// Choose where the compensation of the caller's candidate goes.
		///
		/// ## Dispatch Origin
		/// Signed by the candidate's owner.
		///
		/// ## Details
		/// An account gets it paid at the end of each session. None adds it to the owner's self-stake,
		/// which is so until something else is chosen.
		///
		/// ## Errors
		/// `AccountUnchanged`; from the staking pallet `NotOwner`, `CandidateRetired`.
		///
		/// ## Events
		/// `CompensationAccountSet`.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::set_compensation_account())]
		pub fn set_compensation_account(
			origin: OriginFor<T>,
			account: Option<T::AccountId>,
		) -> DispatchResult {
			Self::do_set_compensation_account(ensure_signed(origin)?, account)
		}

		/// Pay an account the compensation that waits for it.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody for anybody.
		///
		/// ## Details
		/// Compensation is paid by itself at the end of each session; this call does not wait for it.
		///
		/// ## Errors
		/// `PayoutsPaused`, `NoCompensation`; the balances pallet's own where the account cannot take
		/// it.
		///
		/// ## Events
		/// `CompensationPaid`.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::pay_compensation())]
		pub fn pay_compensation(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_pay_compensation(account)
		}

		/// Prove that a standby is alive.
		///
		/// ## Dispatch Origin
		/// Authorised: `signature` is by the standby's Aura key. Its node sends it once a session.
		///
		/// ## Details
		/// The standby shares the awards from that of this block on until the session ends.
		///
		/// ## Errors
		/// `WrongSession`, `NotStandby`, `AlreadyAlive`, `StandbyJailed`, `NoAuthorityKey`,
		/// `BadHeartbeatSignature`. One with an error enters no block.
		///
		/// ## Events
		/// `StandbyAlive`.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::heartbeat())]
		#[pallet::authorize(Pallet::<T>::authorize_heartbeat)]
		#[pallet::weight_of_authorize(T::WeightInfo::authorize_heartbeat())]
		pub fn heartbeat(
			origin: OriginFor<T>,
			beat: Heartbeat<T::AccountId>,
			signature: SignatureOf<T>,
		) -> DispatchResult {
			ensure_authorized(origin)?;
			// Without a right signature there is no authorised origin.
			let _ = signature;
			Self::start_earning(&beat.candidate, false);
			let Heartbeat { session, candidate } = beat;
			Self::deposit_event(Event::StandbyAlive { candidate, session });
			Ok(())
		}

		/// Resume payouts after a mismatch of escrow and books.
		///
		/// ## Dispatch Origin
		/// `AdminOrigin`.
		///
		/// ## Details
		/// Where the mismatch is still there, payouts pause again with the next era.
		///
		/// ## Errors
		/// `PayoutsNotPaused`.
		///
		/// ## Events
		/// `PayoutsResumed`.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::resume_payouts())]
		pub fn resume_payouts(origin: OriginFor<T>) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_resume_payouts()
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The award of the last block, in planck.
		pub fn get_block_award() -> BlockAward {
			Self::block_award()
		}

		/// The books of escrow, in planck.
		pub fn get_solvency() -> cybermiles_primitives::api::SolvencyInfo {
			Self::solvency()
		}
	}
}
