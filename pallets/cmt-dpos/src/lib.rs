//! # CyberMiles DPoS
//!
//! Candidates, the stake that delegators lock behind them, and the election of those who produce
//! and finalise blocks.
//!
//! ## Pallet API
//!
//! See the [`pallet`] module for calls, events, errors and storage, and
//! [`cybermiles_primitives::api::DposApi`] for what nodes and wallets read.
//!
//! ## Overview
//!
//! Anybody who has session keys and enough CMT can *declare* itself a candidate. Anybody can
//! *delegate* CMT to a candidate. At the end of each session the active candidates with the most
//! stake are elected validators, and the next ones standbys. Who takes stake out waits some eras
//! for the payment; until then the stake can still be punished for what happened before.
//!
//! ## Implementation details
//!
//! Nothing here visits delegators one by one. A position is *shares* in the pool of its (candidate,
//! class); awards and slashes change the pool. Stake taken out moves to an unbonding pool, one for
//! each candidate and era. A candidate that retires keeps its class pools: they count as unbonding
//! from then on, however many delegators there are. Payments are made in idle block space.
//!
//! The ranking is a storage map that the state trie keeps sorted by stake and age: its first entries
//! are the strongest candidates, exactly and without a scan.
//!
//! All delegated CMT lies in one escrow account. The README has the rules and the invariants.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod candidates;
mod delegation;
mod earnings;
mod election;
mod genesis;
#[cfg(test)]
mod mock;
mod ownership;
mod payment;
mod pools;
mod queries;
mod sessions;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use ownership::CandidateIdOf;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

/// Target of this pallet's log lines.
const LOG_TARGET: &str = "runtime::cmt-dpos";

#[frame_support::pallet]
pub mod pallet {
	use super::{types::*, WeightInfo};
	use alloc::vec::Vec;
	use cybermiles_primitives::{
		api,
		traits::{
			CandidateKeys, OnEra, OnSession, Payouts, PoolObserver, PositionObserver, RateClasses,
			Standing,
		},
		Balance, EraIndex, Rate, SessionIndex,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::fungible::{Inspect, Mutate},
		weights::WeightMeter,
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::Perbill;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// CMT.
		type Currency: Inspect<Self::AccountId, Balance = Balance> + Mutate<Self::AccountId>;

		/// Names the escrow account.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// The session keys of candidates.
		type Keys: CandidateKeys<Self::AccountId>;

		/// Says who may not stand, and behind whom no stake may join, because of an offence.
		type Standing: Standing<Self::AccountId>;

		/// Is told before the pools of a candidate change.
		type PoolObserver: PoolObserver<Self::AccountId>;

		/// Is told before the bonded part of a position changes.
		type PositionObserver: PositionObserver<Self::AccountId>;

		/// Is told when an era begins.
		type OnEra: OnEra;

		/// Is told when sessions end and begin.
		type OnSession: OnSession;

		/// Knows what classes pay, and which one a newcomer joins.
		type Rates: RateClasses<Self::AccountId>;

		/// Says whether escrow pays out.
		type Payouts: Payouts;

		/// Length of a session in blocks. A change takes effect with the next session.
		type SessionLength: Get<BlockNumberFor<Self>>;

		/// Sessions in an era.
		type SessionsPerEra: Get<u32>;

		/// Eras that stake taken out waits for its payment; at most [`MAX_UNBONDING_ERAS`].
		type UnbondingEras: Get<u32>;

		/// Validators to elect; at most [`MAX_VALIDATORS`].
		type Validators: Get<u32>;

		/// Standbys to elect; at most [`MAX_STANDBYS`].
		type Standbys: Get<u32>;

		/// Where fewer candidates qualify, the present validators go on.
		type MinValidators: Get<u32>;

		/// Part of its group's counted stake that one candidate can count for.
		type StakeCap: Get<Perbill>;

		/// Least stake of a position, in planck.
		type MinDelegation: Get<Balance>;

		/// Least maximum stake that a candidate can declare, in planck.
		type MinMaxStake: Get<Balance>;

		/// Part of its declared maximum that a candidate's owner must stake.
		type SelfStakeRatio: Get<Perbill>;

		/// Positions that an account can hold; at most [`MAX_POSITIONS`].
		type MaxPositions: Get<u32>;

		/// Weights of the calls, from their benchmarks.
		type WeightInfo: WeightInfo;
	}

	/// All candidates, by the address that names them for life: the account that declared them.
	#[pallet::storage]
	pub type Candidates<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, Candidate<T::AccountId>>;

	/// How many candidates were ever declared.
	#[pallet::storage]
	pub type CandidatesDeclared<T: Config> = StorageValue<_, u64, ValueQuery>;

	/// The candidate that an account owns.
	#[pallet::storage]
	pub type CandidateOf<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, T::AccountId>;

	/// To whom the ownership of a candidate is offered.
	#[pallet::storage]
	pub type OwnershipOffers<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, T::AccountId>;

	/// The active candidates, strongest first.
	///
	/// The key is not hashed, because its order in the trie is the ranking. Whoever would unbalance
	/// the trie by chosen stakes gains at most 48 levels, and pays for each with locked CMT.
	#[pallet::storage]
	pub type Ranking<T: Config> = StorageMap<_, Identity, RankKey, T::AccountId>;

	/// The class pools of each candidate.
	#[pallet::storage]
	pub type PoolsOf<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, ClassPools, ValueQuery>;

	/// Stake that left a candidate in an era and waits for its payment.
	#[pallet::storage]
	pub type UnbondingPools<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		EraIndex,
		stake_math::Pool,
		ValueQuery,
	>;

	/// What an account (second key) has behind a candidate (first key).
	#[pallet::storage]
	pub type Positions<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Blake2_128Concat,
		T::AccountId,
		Position,
	>;

	/// The candidates behind which an account has a position.
	#[pallet::storage]
	pub type PositionsOf<T: Config> = StorageMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		BoundedVec<T::AccountId, ConstU32<MAX_POSITIONS>>,
		ValueQuery,
	>;

	/// Payments by the era in which they fall due.
	///
	/// The value is the delegator that was paid last, for a closed candidate that is being paid.
	#[pallet::storage]
	pub type DuePayments<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		EraIndex,
		Blake2_128Concat,
		DuePayment<T::AccountId>,
		Option<T::AccountId>,
	>;

	/// The earliest era whose payments may not all have been made.
	#[pallet::storage]
	pub type PayingEra<T: Config> = StorageValue<_, EraIndex, ValueQuery>;

	/// Sums over all candidates.
	#[pallet::storage]
	pub type StakeTotals<T: Config> = StorageValue<_, Totals, ValueQuery>;

	/// The present era.
	#[pallet::storage]
	pub type CurrentEra<T: Config> = StorageValue<_, Era, ValueQuery>;

	/// The session with which an era began, for as long as stake can wait.
	#[pallet::storage]
	pub type EraStart<T: Config> = StorageMap<_, Twox64Concat, EraIndex, SessionIndex>;

	/// When the present session began and how long it lasts.
	#[pallet::storage]
	pub type Clock<T: Config> = StorageValue<_, SessionClock<BlockNumberFor<T>>, ValueQuery>;

	/// The seats of the session before, of the present and of the next one.
	#[pallet::storage]
	pub type SeatsOf<T: Config> =
		StorageMap<_, Twox64Concat, SessionIndex, SessionSeats<T::AccountId>, ValueQuery>;

	/// The present session.
	#[pallet::storage]
	pub type CurrentSession<T: Config> = StorageValue<_, SessionIndex, ValueQuery>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Candidates in the order of their declaration; session keys are the session pallet's.
		pub candidates: Vec<GenesisCandidate<T::AccountId>>,
		/// Delegations: delegator, candidate, amount in planck.
		pub delegations: Vec<(T::AccountId, T::AccountId, Balance)>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			Pallet::<T>::build_genesis(self);
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A candidate declared itself.
		CandidateDeclared {
			/// The address that names it from now on.
			candidate: T::AccountId,
			/// Declared maximum stake, in planck.
			max_stake: Balance,
			/// Declared maximum compensation rate, in tenths of a per cent.
			max_rate: Rate,
			/// The owner's own stake, in planck.
			self_stake: Balance,
		},
		/// A candidate changed its terms.
		CandidateUpdated {
			/// The candidate.
			candidate: T::AccountId,
			/// Maximum stake from now on, in planck.
			max_stake: Balance,
			/// Maximum compensation rate from now on, in tenths of a per cent.
			max_rate: Rate,
			/// Rate for newcomers from now on, in tenths of a per cent.
			default_rate: Rate,
		},
		/// A candidate stands for election again.
		CandidateActivated {
			/// The candidate.
			candidate: T::AccountId,
		},
		/// A candidate stands aside from the next election on.
		CandidateDeactivated {
			/// The candidate.
			candidate: T::AccountId,
			/// Why.
			reason: Reason,
		},
		/// A candidate closed; all its delegations unbond.
		CandidateRetired {
			/// The candidate.
			candidate: T::AccountId,
			/// Stake that unbonds, in planck.
			stake: Balance,
			/// First era in which it is paid.
			due: EraIndex,
		},
		/// All delegations of a closed candidate were paid; its address is free again.
		CandidateRemoved {
			/// The address that named it.
			candidate: T::AccountId,
		},
		/// The ownership of a candidate was offered, or an offer was withdrawn.
		OwnershipOffered {
			/// The candidate.
			candidate: T::AccountId,
			/// The account that may accept it; none when withdrawn.
			to: Option<T::AccountId>,
		},
		/// A candidate has a new owner.
		OwnershipTransferred {
			/// The candidate.
			candidate: T::AccountId,
			/// The old owner, whose stake unbonds.
			from: T::AccountId,
			/// The new owner.
			to: T::AccountId,
		},
		/// Stake was added to a position.
		Delegated {
			/// The candidate.
			candidate: T::AccountId,
			/// The delegator.
			who: T::AccountId,
			/// Amount added, in planck.
			amount: Balance,
		},
		/// Stake was taken out and waits for its payment.
		Undelegated {
			/// The candidate.
			candidate: T::AccountId,
			/// The delegator.
			who: T::AccountId,
			/// Amount taken out, in planck.
			amount: Balance,
			/// First era in which it is paid.
			due: EraIndex,
		},
		/// Waiting stake was taken back into its position.
		Rebonded {
			/// The candidate.
			candidate: T::AccountId,
			/// The delegator.
			who: T::AccountId,
			/// Amount taken back, in planck.
			amount: Balance,
		},
		/// Waiting stake was paid.
		Withdrawn {
			/// The candidate.
			candidate: T::AccountId,
			/// The delegator.
			who: T::AccountId,
			/// Amount paid, in planck.
			amount: Balance,
		},
		/// A due payment could not be made by itself. It stays due; `withdraw_unbonded` makes it.
		PaymentFailed {
			/// The candidate.
			candidate: T::AccountId,
			/// The delegator.
			who: T::AccountId,
			/// Why.
			error: DispatchError,
		},
		/// Seats were decided.
		SeatsElected {
			/// The session in which they sit.
			session: SessionIndex,
			/// Candidates that become validators and were none in the session before.
			joined: Vec<T::AccountId>,
			/// Validators of the session before that are none any more.
			left: Vec<T::AccountId>,
		},
		/// Too few candidates qualified, so the present seats stay, of those who have session keys.
		SeatsKept {
			/// The session in which they go on.
			session: SessionIndex,
			/// How many qualified.
			qualified: u32,
		},
		/// An era began.
		EraStarted {
			/// The era.
			era: EraIndex,
			/// Its first session.
			session: SessionIndex,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The account owns a candidate already. An account can own one.
		AlreadyCandidate,
		/// The account's address names a candidate that it handed over. Declare from another
		/// account, or wait until that candidate has retired and was paid out.
		AddressNamesCandidate,
		/// No candidate has this address.
		UnknownCandidate,
		/// The account owns no candidate.
		NotOwner,
		/// The candidate has closed. Its delegations unbond by themselves.
		CandidateRetired,
		/// The candidate stands for election already.
		AlreadyActive,
		/// The candidate stands aside already.
		AlreadyInactive,
		/// The candidate has no session keys. Set them with `session.setKeys` first, with the proof
		/// that the node gives (`author_rotateKeysWithOwner`).
		NoSessionKeys,
		/// The maximum stake is below the least that can be declared.
		MaximumTooLow,
		/// The rate is above 100 %. It counts tenths of a per cent: 0 to 1000.
		RateOutOfRange,
		/// The rate is above the maximum that the candidate declared.
		RateAboveMaximum,
		/// A declared maximum rate can only fall.
		MaximumRateRaised,
		/// The update names nothing to change.
		NothingToUpdate,
		/// The owner's stake would be below its part of the declared maximum, or of all stake that
		/// stays behind the candidate. Stake more, or take out less.
		SelfStakeTooLow,
		/// The candidate's stake would exceed its declared maximum.
		ExceedsMaximum,
		/// The account has less free CMT than this takes.
		InsufficientBalance,
		/// An amount of zero changes nothing.
		ZeroAmount,
		/// The position would hold less than the least stake of a position.
		BelowMinimum,
		/// What would be left is less than the least stake of a position. Take everything out.
		RemainderTooSmall,
		/// The account has no stake behind this candidate.
		NotDelegator,
		/// The amount is more than the position is worth.
		MoreThanBonded,
		/// The account has no stake waiting behind this candidate.
		NothingUnbonding,
		/// The amount is more than waits.
		MoreThanUnbonding,
		/// Nothing of this account is due for payment.
		NothingDue,
		/// The position is worth no more than what was put into it, or what it earned is needed as
		/// the owner's self-stake. Wait for awards.
		NothingEarned,
		/// The account has as many positions as it can have. Leave one first.
		TooManyPositions,
		/// Too many amounts of this position wait. Withdraw those that are due first.
		TooManyChunks,
		/// The candidate has as many classes of rates as it can have.
		TooManyClasses,
		/// Slashes made the shares of this pool worthless; it takes no new stake.
		PoolWorthless,
		/// The ownership of this candidate was not offered to the account.
		NotOffered,
		/// There is no offer to withdraw.
		NoOffer,
		/// The account owns this candidate already.
		AlreadyOwner,
		/// The amount is too large or too small for the arithmetic of pools.
		Arithmetic,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::pay_what_is_due(&mut meter);
			meter.consumed()
		}

		fn integrity_test() {
			assert!(T::UnbondingEras::get() <= MAX_UNBONDING_ERAS, "unbonding waits too long");
			assert!(T::Validators::get() <= MAX_VALIDATORS, "too many validators");
			assert!(T::Standbys::get() <= MAX_STANDBYS, "too many standbys");
			assert!(T::MaxPositions::get() <= MAX_POSITIONS, "too many positions");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Become a candidate for a validator's seat.
		///
		/// ## Dispatch Origin
		/// Signed, by an account that has set its session keys and owns no candidate.
		///
		/// ## Details
		/// `max_stake` (planck) is the stake above which no delegation is taken. `max_rate` (tenths
		/// of a per cent) is the highest compensation that any delegator will ever pay; it can only
		/// fall. `self_stake` (planck) is locked as the owner's own delegation and must be at least
		/// the part of `max_stake` that the protocol demands. The account's address names the
		/// candidate for its whole life.
		///
		/// ## Errors
		/// `AlreadyCandidate`, `AddressNamesCandidate`, `RateOutOfRange`, `MaximumTooLow`,
		/// `NoSessionKeys`, `SelfStakeTooLow`, `BelowMinimum`, `ExceedsMaximum`,
		/// `InsufficientBalance`, `TooManyPositions`. Keys that another candidate uses are refused
		/// where they are set, by `session.setKeys`.
		///
		/// ## Events
		/// `CandidateDeclared`, `Delegated`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::declare())]
		pub fn declare(
			origin: OriginFor<T>,
			#[pallet::compact] max_stake: Balance,
			max_rate: Rate,
			#[pallet::compact] self_stake: Balance,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_declare(who, Terms { max_stake, max_rate, default_rate: max_rate }, self_stake)
		}

		/// Change what the candidate declared.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Details
		/// A higher `max_stake` (planck) takes the self-stake that it demands and that is missing
		/// from the owner's free CMT. A `max_stake` below the present stake only stops new
		/// delegations: the owner's part of that stake stays locked. `default_rate` is for newcomers.
		/// `max_rate` can only fall, and takes `default_rate` with it. What is none stays as it is.
		///
		/// ## Errors
		/// `NotOwner`, `CandidateRetired`, `NothingToUpdate`, `MaximumTooLow`, `RateOutOfRange`,
		/// `MaximumRateRaised`, `RateAboveMaximum`, `InsufficientBalance`; `PoolWorthless` where
		/// slashes took all self-stake, `BelowMinimum` where the position stays too small.
		///
		/// ## Events
		/// `CandidateUpdated`, and `Delegated` where self-stake was added.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::update())]
		pub fn update(
			origin: OriginFor<T>,
			max_stake: Option<Balance>,
			default_rate: Option<Rate>,
			max_rate: Option<Rate>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_update(who, max_stake, default_rate, max_rate)
		}

		/// Stand for election again.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Errors
		/// `NotOwner`, `CandidateRetired`, `AlreadyActive`, `NoSessionKeys`, `SelfStakeTooLow`, and
		/// the slashing pallet's own where the candidate is jailed or tombstoned.
		///
		/// ## Events
		/// `CandidateActivated`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::activate())]
		pub fn activate(origin: OriginFor<T>) -> DispatchResult {
			Self::do_activate(ensure_signed(origin)?)
		}

		/// Stand aside from the next election on. All stake stays where it is.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Errors
		/// `NotOwner`, `CandidateRetired`, `AlreadyInactive`.
		///
		/// ## Events
		/// `CandidateDeactivated`.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::deactivate())]
		pub fn deactivate(origin: OriginFor<T>) -> DispatchResult {
			Self::do_deactivate(ensure_signed(origin)?)
		}

		/// Close the candidate for ever. Every delegation behind it unbonds at once.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Details
		/// All are paid by themselves after the wait. The candidate serves the sessions for which it is
		/// elected already.
		///
		/// ## Errors
		/// `NotOwner`, `CandidateRetired`.
		///
		/// ## Events
		/// `CandidateRetired`; later `Withdrawn` for each delegation, and `CandidateRemoved`.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::retire())]
		pub fn retire(origin: OriginFor<T>) -> DispatchResult {
			Self::do_retire(ensure_signed(origin)?)
		}

		/// Offer the candidate to another account, or withdraw the offer.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Details
		/// A new offer replaces the old one. None withdraws it.
		///
		/// ## Errors
		/// `NotOwner`, `CandidateRetired`, `AlreadyOwner`, `AlreadyCandidate` where `to` owns a
		/// candidate, `NoOffer`.
		///
		/// ## Events
		/// `OwnershipOffered`.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::offer_ownership())]
		pub fn offer_ownership(origin: OriginFor<T>, to: Option<T::AccountId>) -> DispatchResult {
			Self::do_offer_ownership(ensure_signed(origin)?, to)
		}

		/// Take over a candidate that was offered to the caller.
		///
		/// ## Dispatch Origin
		/// Signed, by the account to which the candidate was offered.
		///
		/// ## Details
		/// The caller brings the self-stake that the terms and the stake of others demand: what it has
		/// bonded there, and the rest from its free CMT. The old owner's self-stake unbonds. What the
		/// candidate did before stays punishable.
		///
		/// ## Errors
		/// `UnknownCandidate`, `NotOffered`, `CandidateRetired`, `AlreadyCandidate`,
		/// `InsufficientBalance`, `TooManyPositions`; `TooManyChunks` and `PoolWorthless` where the
		/// old owner's stake cannot unbond now, `BelowMinimum` where the self-stake is no position;
		/// the balances pallet's own where the deposit for session keys cannot be held.
		///
		/// ## Events
		/// `OwnershipTransferred`, `Undelegated` for the old owner, `Delegated` for the new one.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::accept_ownership())]
		pub fn accept_ownership(origin: OriginFor<T>, candidate: T::AccountId) -> DispatchResult {
			Self::do_accept_ownership(ensure_signed(origin)?, candidate)
		}

		/// Lock CMT behind a candidate.
		///
		/// ## Dispatch Origin
		/// Signed.
		///
		/// ## Details
		/// A new position agrees to the candidate's default rate; a later addition keeps the rate
		/// that was agreed. `amount` is in planck.
		///
		/// ## Errors
		/// `ZeroAmount`, `UnknownCandidate`, `CandidateRetired`, `ExceedsMaximum`,
		/// `InsufficientBalance`, `BelowMinimum`, `TooManyPositions`, `TooManyClasses`,
		/// `PoolWorthless`, `Arithmetic` where the amount buys no share; `Slashing.Tombstoned`.
		///
		/// ## Events
		/// `Delegated`.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::delegate())]
		pub fn delegate(
			origin: OriginFor<T>,
			candidate: T::AccountId,
			#[pallet::compact] amount: Balance,
		) -> DispatchResult {
			Self::do_delegate(ensure_signed(origin)?, candidate, amount)
		}

		/// Take stake out. It earns nothing from now on and is paid after the wait.
		///
		/// ## Dispatch Origin
		/// Signed.
		///
		/// ## Details
		/// `amount` is in planck; none takes everything. While it waits, the stake can still be
		/// slashed for offences committed while it was bonded. A candidate's owner cannot go below
		/// the self-stake that its terms demand, nor below the same part of all stake that stays.
		///
		/// ## Errors
		/// `ZeroAmount`, `UnknownCandidate`, `CandidateRetired`, `NotDelegator`, `MoreThanBonded`,
		/// `RemainderTooSmall`, `SelfStakeTooLow`, `TooManyChunks`, `PoolWorthless`, `Arithmetic`
		/// where slashes made the shares of this era's unbonding pool all but worthless.
		///
		/// ## Events
		/// `Undelegated`.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::undelegate())]
		pub fn undelegate(
			origin: OriginFor<T>,
			candidate: T::AccountId,
			amount: Option<Balance>,
		) -> DispatchResult {
			Self::do_undelegate(ensure_signed(origin)?, candidate, amount)
		}

		/// Take waiting stake back into the position that it left.
		///
		/// ## Dispatch Origin
		/// Signed.
		///
		/// ## Details
		/// `amount` is in planck; none takes all that waits. The youngest amounts go back first.
		///
		/// ## Errors
		/// `ZeroAmount`, `UnknownCandidate`, `CandidateRetired`, `NothingUnbonding`,
		/// `MoreThanUnbonding`, `ExceedsMaximum`, `BelowMinimum`, `TooManyClasses`,
		/// `PoolWorthless`, `Arithmetic` where the amount buys no share; `Slashing.Tombstoned`.
		///
		/// ## Events
		/// `Rebonded`.
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::rebond(MAX_CHUNKS))]
		pub fn rebond(
			origin: OriginFor<T>,
			candidate: T::AccountId,
			amount: Option<Balance>,
		) -> DispatchResultWithPostInfo {
			let chunks = Self::do_rebond(ensure_signed(origin)?, candidate, amount)?;
			Ok(Some(T::WeightInfo::rebond(chunks)).into())
		}

		/// Pay an account all its unbonded CMT that is due.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody for anybody.
		///
		/// ## Details
		/// Due payments arrive by themselves when blocks have room; this call does not wait for it.
		///
		/// ## Errors
		/// `NothingDue`; the reason why escrow pays nothing, where payouts are paused.
		///
		/// ## Events
		/// `Withdrawn` for each position that was paid.
		#[pallet::call_index(10)]
		#[pallet::weight(
			T::WeightInfo::withdraw_unbonded(MAX_POSITIONS, MAX_POSITIONS * MAX_CHUNKS)
		)]
		pub fn withdraw_unbonded(
			origin: OriginFor<T>,
			who: T::AccountId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let (positions, chunks) = Self::do_withdraw_unbonded(who)?;
			Ok(Some(T::WeightInfo::withdraw_unbonded(positions, chunks)).into())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// One candidate, by the address that names it.
		pub fn get_candidate(candidate: T::AccountId) -> Option<api::CandidateInfo<T::AccountId>> {
			Self::candidate(candidate)
		}

		/// What an account has bonded and unbonding, candidate by candidate; amounts in planck.
		pub fn get_positions(who: T::AccountId) -> Vec<api::PositionInfo<T::AccountId>> {
			Self::positions(who)
		}

		/// The seats of the present session.
		pub fn get_seats() -> api::SessionSeats<T::AccountId> {
			Self::seats()
		}
	}
}
