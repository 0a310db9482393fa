//! # Governance
//!
//! What only a referendum does, and no pallet of the SDK.
//!
//! ## Pallet API
//!
//! See the [`pallet`] module for calls, events, errors and storage.
//!
//! ## Overview
//!
//! - [`Origin`]: in whose name a referendum of each track acts. The runtime ties them to tracks.
//! - Parameters of pallet-parameters change when a session ends, never within one, and only to values
//!   that fit together ([`ParameterRules`]).
//! - A call that is paused in an emergency, by pallet-tx-pause, runs again by itself after a while.
//!
//! ## Implementation details
//!
//! Changes that wait are at most one for each parameter. Pauses are at most [`MAX_PAUSES`], in one
//! list that every block looks at.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod changes;
mod pauses;
pub mod weights;

pub use changes::{Misfit, ParameterRules};
pub use pallet::*;
pub use pauses::Pause;
pub use weights::WeightInfo;

/// A parameter with its new value.
pub type ParameterOf<T> = <T as pallet_parameters::Config>::RuntimeParameters;

#[frame_support::pallet]
pub mod pallet {
	use super::{ParameterOf, ParameterRules, Pause, WeightInfo};
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{dynamic_params::AggregatedKeyValue, Contains},
	};
	use frame_system::pallet_prelude::*;
	use pallet_tx_pause::RuntimeCallNameOf;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// Most calls that are paused at the same time.
	pub const MAX_PAUSES: u32 = 32;

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		frame_system::Config<RuntimeEvent: From<Event<Self>>, RuntimeOrigin: From<Origin>>
		+ pallet_parameters::Config<RuntimeParameters: MaxEncodedLen>
		+ pallet_tx_pause::Config
	{
		/// Who may change parameters.
		type ParameterOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// What parameters must be together, besides each in its own range.
		type ParameterRules: ParameterRules<ParameterOf<Self>>;

		/// Who may pause calls and let them run again.
		type EmergencyOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// How long a pause lasts, in blocks.
		type PauseLength: Get<BlockNumberFor<Self>>;

		/// Whether a pallet has a call of this name.
		type KnownCalls: Contains<RuntimeCallNameOf<Self>>;

		/// Weights of the calls, from their benchmarks.
		type WeightInfo: WeightInfo;
	}

	/// In whose name a referendum acts, besides the root of all.
	#[pallet::origin]
	#[derive(
		Clone,
		Copy,
		Debug,
		Decode,
		DecodeWithMemTracking,
		Encode,
		Eq,
		MaxEncodedLen,
		PartialEq,
		TypeInfo,
	)]
	pub enum Origin {
		/// Changes protocol parameters.
		Parameters,
		/// Spends up to 10,000 CMT of the treasury.
		SmallSpend,
		/// Spends up to 100,000 CMT of the treasury.
		MediumSpend,
		/// Spends up to 1,000,000 CMT of the treasury.
		BigSpend,
		/// Cancels and confirms slashes, and pardons.
		Slashes,
		/// Names registrars, and removes false identities.
		Identities,
		/// Pauses calls, and cancels referenda.
		Emergency,
		/// Makes the changes that waited for the end of a session. No referendum acts in its name.
		Boundary,
	}

	/// Parameters that change when the present session ends.
	#[pallet::storage]
	pub type Changes<T: Config> =
		StorageMap<_, Twox64Concat, <ParameterOf<T> as AggregatedKeyValue>::Key, ParameterOf<T>>;

	/// Paused calls, each with the block in which its pause ends.
	#[pallet::storage]
	pub type Pauses<T: Config> =
		StorageValue<_, BoundedVec<Pause<T>, ConstU32<MAX_PAUSES>>, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A parameter changes when the present session ends.
		ParameterWillChange {
			/// The parameter, with its new value; none stands for the default.
			parameter: ParameterOf<T>,
		},
		/// A call is paused.
		CallPaused {
			/// Its pallet, as in metadata.
			pallet: Vec<u8>,
			/// Its name, as in metadata.
			call: Vec<u8>,
			/// The block in which the pause ends by itself.
			until: BlockNumberFor<T>,
		},
		/// A call runs again.
		CallResumed {
			/// Its pallet, as in metadata.
			pallet: Vec<u8>,
			/// Its name, as in metadata.
			call: Vec<u8>,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// No pallet has a call of this name. Names are those of metadata, such as `CmtDpos` and
		/// `delegate`.
		UnknownCall,
		/// This call must always run: the chain or its governance depends on it.
		Unpausable,
		/// The call is paused already. Its pause ends by itself.
		AlreadyPaused,
		/// The call is not paused.
		NotPaused,
		/// As many calls are paused as can be. Let one run again first.
		TooManyPauses,
		/// With this length an era would last less than three minutes (60 blocks): slashes could be paid
		/// out, and root matters decided, before anybody sees them. Blocks of a session times sessions
		/// of an era count, with changes that wait for the end of this session. Choose a greater value,
		/// or raise the other length first; both can change in the same session.
		EraTooShort,
		/// With this length an era would last more than a week (201,600 blocks), and all stake that waits
		/// for its payment, and every referendum, with it. Blocks of a session times sessions of an era
		/// count, with changes that wait for the end of this session. Choose a lower value, or lower the
		/// other length first; both can change in the same session.
		EraTooLong,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(now: BlockNumberFor<T>) -> Weight {
			let ended = Self::end_pauses(now);
			<T as Config>::WeightInfo::end_pauses(ended)
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	impl<T: Config> Pallet<T> {
		/// Checks the invariants of this pallet.
		#[cfg(any(feature = "std", feature = "try-runtime"))]
		pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
			Self::check_parameters()?;
			Self::check_pauses()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Change a protocol parameter when the present session ends.
		///
		/// ## Dispatch Origin
		/// `Parameters`, or root.
		///
		/// ## Details
		/// A value out of its parameter's range cannot be written: the call does not decode. A second
		/// change of the same parameter in the same session replaces the first. No value sets it back
		/// to the default. Until the session ends nothing changes, so that no rule bends within it.
		/// Blocks of a session times sessions of an era must give an era of three minutes to a week.
		///
		/// ## Errors
		/// `EraTooShort`, `EraTooLong`.
		///
		/// ## Events
		/// `ParameterWillChange`, and pallet-parameters' `Updated` when it does.
		#[pallet::call_index(0)]
		#[pallet::weight(<T as Config>::WeightInfo::change_parameter())]
		pub fn change_parameter(origin: OriginFor<T>, parameter: ParameterOf<T>) -> DispatchResult {
			T::ParameterOrigin::ensure_origin(origin)?;
			Self::do_change_parameter(parameter)
		}

		/// Pause a call of a pallet, for everybody but governance itself, for one era.
		///
		/// ## Dispatch Origin
		/// `Emergency`, or root.
		///
		/// ## Details
		/// `pallet` and `call` are names as in metadata, such as `CmtDpos` and `delegate`. The pause
		/// ends by itself; a further referendum can pause the call again. Contracts that reach the call
		/// through a precompile meet the pause too. Voting, referenda, reports of offences and what a
		/// block needs cannot be paused.
		///
		/// ## Errors
		/// `UnknownCall`, `Unpausable`, `AlreadyPaused`, `TooManyPauses`.
		///
		/// ## Events
		/// `CallPaused`, and `CallResumed` at the end.
		#[pallet::call_index(1)]
		#[pallet::weight(<T as Config>::WeightInfo::pause_call())]
		pub fn pause_call(
			origin: OriginFor<T>,
			pallet: BoundedVec<u8, T::MaxNameLen>,
			call: BoundedVec<u8, T::MaxNameLen>,
		) -> DispatchResult {
			T::EmergencyOrigin::ensure_origin(origin)?;
			Self::do_pause((pallet, call))
		}

		/// Let a paused call run again before its pause ends.
		///
		/// ## Dispatch Origin
		/// `Emergency`, or root.
		///
		/// ## Errors
		/// `NotPaused`.
		///
		/// ## Events
		/// `CallResumed`.
		#[pallet::call_index(2)]
		#[pallet::weight(<T as Config>::WeightInfo::resume_call())]
		pub fn resume_call(
			origin: OriginFor<T>,
			pallet: BoundedVec<u8, T::MaxNameLen>,
			call: BoundedVec<u8, T::MaxNameLen>,
		) -> DispatchResult {
			T::EmergencyOrigin::ensure_origin(origin)?;
			Self::do_resume(&(pallet, call))
		}
	}
}
