//! Pauses of single calls that end by themselves.

use crate::{Config, Error, Event, Pallet, Pauses};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	ensure,
	traits::{Contains, Get, TransactionPause, TransactionPauseError},
	CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound,
};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_tx_pause::{Pallet as TxPause, RuntimeCallNameOf};
use scale_info::TypeInfo;
use sp_runtime::{traits::Saturating, DispatchResult};

/// A paused call.
#[derive(
	CloneNoBound,
	DebugNoBound,
	Decode,
	DecodeWithMemTracking,
	Encode,
	EqNoBound,
	MaxEncodedLen,
	PartialEqNoBound,
	TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct Pause<T: Config> {
	/// Its pallet and its name.
	pub call: RuntimeCallNameOf<T>,
	/// The block in which the pause ends.
	pub until: BlockNumberFor<T>,
}

impl<T: Config> From<TransactionPauseError> for Error<T> {
	fn from(error: TransactionPauseError) -> Self {
		match error {
			TransactionPauseError::AlreadyPaused => Error::AlreadyPaused,
			TransactionPauseError::AlreadyUnpaused => Error::NotPaused,
			TransactionPauseError::NotFound => Error::UnknownCall,
			_ => Error::Unpausable,
		}
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_pause(call: RuntimeCallNameOf<T>) -> DispatchResult {
		ensure!(T::KnownCalls::contains(&call), Error::<T>::UnknownCall);
		let now = frame_system::Pallet::<T>::block_number();
		let until = now.saturating_add(T::PauseLength::get());
		<TxPause<T> as TransactionPause>::pause(call.clone()).map_err(Error::<T>::from)?;
		Pauses::<T>::try_append(Pause { call: call.clone(), until })
			.map_err(|()| Error::<T>::TooManyPauses)?;
		let (pallet, call) = (call.0.into_inner(), call.1.into_inner());
		Self::deposit_event(Event::CallPaused { pallet, call, until });
		Ok(())
	}

	pub(crate) fn do_resume(call: &RuntimeCallNameOf<T>) -> DispatchResult {
		let mut pauses = Pauses::<T>::get();
		let place = pauses.iter().position(|pause| pause.call == *call);
		pauses.remove(place.ok_or(Error::<T>::NotPaused)?);
		Pauses::<T>::put(pauses);
		Self::let_run(call.clone());
		Ok(())
	}

	/// Ends the pauses that last until block `now`; returns how many these were.
	pub(crate) fn end_pauses(now: BlockNumberFor<T>) -> u32 {
		let mut pauses = Pauses::<T>::get();
		let ended: Vec<_> = pauses.iter().filter(|pause| pause.until <= now).cloned().collect();
		if ended.is_empty() {
			return 0;
		}
		pauses.retain(|pause| pause.until > now);
		Pauses::<T>::put(pauses);
		let count = ended.len() as u32;
		ended.into_iter().for_each(|pause| Self::let_run(pause.call));
		count
	}

	fn let_run(call: RuntimeCallNameOf<T>) {
		// Only this pallet pauses and resumes, so that what it lists is paused.
		let resumed = <TxPause<T> as TransactionPause>::unpause(call.clone());
		debug_assert!(resumed.is_ok());
		let (pallet, call) = (call.0.into_inner(), call.1.into_inner());
		Self::deposit_event(Event::CallResumed { pallet, call });
	}

	/// What is paused is listed with its end, once.
	#[cfg(any(feature = "std", feature = "try-runtime"))]
	pub(crate) fn check_pauses() -> Result<(), sp_runtime::TryRuntimeError> {
		let pauses = Pauses::<T>::get();
		let paused = pallet_tx_pause::PausedCalls::<T>::iter_keys().count();
		ensure!(paused == pauses.len(), "a pause without an end, or an end without a pause");
		let all = pauses.iter().all(|pause| TxPause::<T>::is_paused(&pause.call));
		ensure!(all, "a call that is listed as paused runs");
		Ok(())
	}
}
