//! # Stake voting
//!
//! Votes weighted by stake, for the referenda of pallet-referenda: validators and standbys vote with
//! all that stands behind them, and a delegator who votes takes its own stake out of that.
//!
//! ## Pallet API
//!
//! See the [`pallet`] module for calls, events, errors and storage, and
//! [`cybermiles_primitives::api::DposApi`] for what nodes and wallets read.
//!
//! ## Overview
//!
//! A poll opens for votes when the session after its submission begins. The stake of that moment is
//! what counts in it, to its end: the *power* of a seat is its stake, held down by the cap on counted
//! stake; the power of a delegator is its part of that. The owner of a candidate votes with the whole
//! power of its seat, less what its delegators voted with themselves. Votes can be changed and
//! withdrawn until the poll ends. Whoever abstains takes its power out without adding it to a side.
//!
//! ## Implementation details
//!
//! Nothing is counted twice because all power is of one moment, at which each planck is in one pool
//! and each share in one position. Pools of seats are copied once for all polls that open together
//! ([`SeatsThen`]); a position is copied when it first changes after that ([`History`]). A vote reads
//! one seat and one position, and nothing is iterated when a poll ends.
//!
//! The README has the rules, the roundings, and why no stake counts twice.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod cleaning;
#[cfg(test)]
mod mock;
mod queries;
mod snapshots;
mod tally;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
mod votes;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use tally::{Bar, Bars, Tally};
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
	use super::{types::*, Bars, Tally, WeightInfo};
	use cybermiles_primitives::{
		traits::{BondedStake, Candidacies, Eras, PollObserver, Seats, Standing},
		Balance, SessionIndex,
	};
	use frame_support::{pallet_prelude::*, traits::Polling, weights::WeightMeter};
	use frame_system::pallet_prelude::*;
	use sp_runtime::Perbill;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The polls.
		type Polls: Polling<Tally<Self>, Index = PollIndex, Votes = Balance, Class = TrackId>;

		/// How many polls were ever submitted: the number of the next.
		type PollCount: Get<PollIndex>;

		/// Is told when the votes of an ended poll are removed, and which poll keeps others waiting.
		type PollObserver: PollObserver;

		/// What a poll needs to pass.
		type Bars: Bars;

		/// Who controls candidates.
		type Candidacies: Candidacies<Self::AccountId>;

		/// Says whose candidate may not vote because of an offence.
		type Standing: Standing<Self::AccountId>;

		/// Who sits.
		type Seats: Seats<Self::AccountId>;

		/// The books of bonded stake.
		type Stake: BondedStake<Self::AccountId>;

		/// Part of its group's counted stake that one candidate can count for.
		type StakeCap: Get<Perbill>;

		/// The course of sessions.
		type Eras: Eras;

		/// Weights of the calls, from their benchmarks.
		type WeightInfo: WeightInfo;

		/// Sets up polls and stake for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::BenchmarkHelper<Self::AccountId>;
	}

	/// How many polls have been opened: the number of the first that has not.
	#[pallet::storage]
	pub type Counted<T: Config> = StorageValue<_, PollIndex, ValueQuery>;

	/// The oldest and the latest snapshot that are kept.
	#[pallet::storage]
	pub type KeptSnapshots<T: Config> = StorageValue<_, Kept>;

	/// The snapshots, by the session with which they were taken.
	#[pallet::storage]
	pub type Snapshots<T: Config> = StorageMap<_, Twox64Concat, SessionIndex, Snapshot>;

	/// The seats of each snapshot, with their power.
	#[pallet::storage]
	pub type SeatsThen<T: Config> =
		StorageDoubleMap<_, Twox64Concat, SessionIndex, Blake2_128Concat, T::AccountId, SeatThen>;

	/// What an account (second key) had behind a candidate (first key), where that changed since a
	/// snapshot that is kept.
	#[pallet::storage]
	pub type Histories<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Blake2_128Concat,
		T::AccountId,
		History,
		ValueQuery,
	>;

	/// What candidates voted, and what was taken out of their votes.
	#[pallet::storage]
	pub type CandidateVotes<T: Config> =
		StorageDoubleMap<_, Twox64Concat, PollIndex, Blake2_128Concat, T::AccountId, CandidateVote>;

	/// What delegators voted: candidate and delegator are the second key.
	#[pallet::storage]
	pub type DelegatorVotes<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		PollIndex,
		Blake2_128Concat,
		(T::AccountId, T::AccountId),
		DelegatorVote,
	>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Polls take votes from now on, by the stake of this moment.
		PollsOpened {
			/// The session that begins.
			session: SessionIndex,
			/// The first of these polls.
			first: PollIndex,
			/// How many they are.
			count: u32,
			/// Voting power of all seats, in planck.
			total: Balance,
		},
		/// A candidate voted, changed its vote or withdrew it.
		Voted {
			/// The poll.
			poll: PollIndex,
			/// The candidate.
			candidate: T::AccountId,
			/// Its vote from now on; none when withdrawn.
			vote: Option<Vote>,
			/// What it counts for at present, in planck: less with each delegator that votes itself.
			power: Balance,
		},
		/// A delegator voted with its own stake, changed its vote or withdrew it.
		StakeVoted {
			/// The poll.
			poll: PollIndex,
			/// The candidate behind which the stake is.
			candidate: T::AccountId,
			/// The delegator.
			who: T::AccountId,
			/// Its vote from now on; none when the stake follows the candidate's vote again.
			vote: Option<Vote>,
			/// What it counts for, in planck.
			power: Balance,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// There is no poll of this number.
		UnknownPoll,
		/// The poll takes no votes yet. It opens when the next session begins.
		PollNotOpen,
		/// The poll has ended. Its result stands.
		PollEnded,
		/// The candidate had no seat, as validator or standby, when the poll opened. Only the stake
		/// behind seats votes.
		NoSeat,
		/// The account had no stake behind this candidate when the poll opened, or has been paid all of
		/// it since.
		NotDelegator,
		/// The position changed in too many sessions since the poll opened, so that its stake of then
		/// is not known any more. It counts with the candidate's vote.
		StakeForgotten,
		/// The delegator's position changed in so many sessions with polls that nobody else may change it
		/// now. Lower its rate when some of these polls have ended.
		ChangedTooOften,
		/// The vote is the same already.
		SameVote,
		/// There is no vote to withdraw.
		NotVoted,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::clean(&mut meter);
			meter.consumed()
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Vote with the stake behind your candidate, or change that vote.
		///
		/// ## Dispatch Origin
		/// Signed, by the owner of a candidate that had a seat when the poll opened. It must not be in
		/// jail, tombstoned or retired; a vote cast before that stands.
		///
		/// ## Details
		/// The vote counts for the stake behind the candidate when the poll opened (planck, held down
		/// by the cap on counted stake), less that of delegators who vote themselves. `poll` is the
		/// number of the referendum.
		///
		/// ## Errors
		/// `UnknownPoll`, `PollNotOpen`, `PollEnded`, `NoSeat`, `SameVote`; that of the staking pallet
		/// where the account owns no open candidate; that of the slashing pallet where it is in jail.
		///
		/// ## Events
		/// `Voted`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::vote())]
		pub fn vote(
			origin: OriginFor<T>,
			#[pallet::compact] poll: PollIndex,
			vote: Vote,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_vote(&who, poll, Some(vote))
		}

		/// Withdraw the vote of your candidate.
		///
		/// ## Dispatch Origin
		/// Signed, as for `vote`.
		///
		/// ## Errors
		/// `NotVoted`, and those of `vote`.
		///
		/// ## Events
		/// `Voted` without a vote.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::withdraw_vote())]
		pub fn withdraw_vote(
			origin: OriginFor<T>,
			#[pallet::compact] poll: PollIndex,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_vote(&who, poll, None)
		}

		/// Vote with your own stake behind a candidate, whatever the candidate votes, or change that
		/// vote.
		///
		/// ## Dispatch Origin
		/// Signed, by an account with bonded stake behind `candidate` when the poll opened. It does not
		/// matter where that stake is now, as long as it was not all paid out, nor how the candidate
		/// stands.
		///
		/// ## Details
		/// The stake leaves the candidate's vote, which may be cast before or after. Stake behind
		/// several candidates votes by a call for each.
		///
		/// ## Errors
		/// `UnknownPoll`, `PollNotOpen`, `PollEnded`, `NoSeat`, `NotDelegator`, `StakeForgotten`,
		/// `SameVote`.
		///
		/// ## Events
		/// `StakeVoted`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::vote_stake())]
		pub fn vote_stake(
			origin: OriginFor<T>,
			#[pallet::compact] poll: PollIndex,
			candidate: T::AccountId,
			vote: Vote,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_vote_stake(who, poll, candidate, Some(vote))
		}

		/// Withdraw the vote of your own stake: it follows the vote of the candidate again.
		///
		/// ## Dispatch Origin
		/// Signed, by an account that voted with `vote_stake`.
		///
		/// ## Errors
		/// `UnknownPoll`, `PollNotOpen`, `PollEnded`, `NotVoted`.
		///
		/// ## Events
		/// `StakeVoted` without a vote.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::withdraw_stake_vote())]
		pub fn withdraw_stake_vote(
			origin: OriginFor<T>,
			#[pallet::compact] poll: PollIndex,
			candidate: T::AccountId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_vote_stake(who, poll, candidate, None)
		}
	}
}
