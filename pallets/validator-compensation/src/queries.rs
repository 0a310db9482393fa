//! What nodes and wallets read. See [`cybermiles_primitives::api::DposApi`].

use crate::{Config, History, LastAward, Pallet, Seat, SeatsOf};
use alloc::vec::Vec;
use cybermiles_primitives::{
	api::{BlockAward, ClassInfo, SeatAward},
	traits::{Eras, PoolObserver, StakePools},
	Balance, ClassId, Rate, SessionIndex, YEAR_MILLIS,
};
use frame_support::{
	storage::{with_transaction, TransactionOutcome},
	traits::Get,
};
use sp_arithmetic::helpers_128bit::multiply_by_rational_with_rounding;
use sp_runtime::{DispatchError, Rounding};

/// What a yearly yield is counted in.
const MILLION: u128 = 1_000_000;

impl<T: Config> Pallet<T> {
	/// Runs `read` as if all that `candidates` earned so far were folded into their pools, and
	/// forgets that it was: what is read is exactly what would be paid.
	pub fn with_folded<R>(candidates: &[T::AccountId], read: impl FnOnce() -> R) -> Option<R> {
		let run = || {
			candidates.iter().for_each(Self::before_change);
			TransactionOutcome::Rollback(Ok::<R, DispatchError>(read()))
		};
		with_transaction(run).ok()
	}

	/// The candidates that have a seat, and so may have earned.
	pub fn seated() -> Vec<T::AccountId> {
		SeatsOf::<T>::iter_keys().collect()
	}

	/// The award of this block.
	pub fn block_award() -> BlockAward {
		LastAward::<T>::get()
	}

	/// The classes behind a candidate.
	pub fn classes(candidate: T::AccountId) -> Vec<ClassInfo> {
		let read = || {
			let stakes = T::Stake::class_stakes(&candidate);
			let rate_of = Self::rates(&candidate);
			let class = |(class, stake): (ClassId, Balance)| ClassInfo {
				owners: class == ClassId::OWNER,
				agreed: class.agreed_rate(),
				rate: rate_of(class),
				stake,
			};
			stakes.into_iter().map(class).collect()
		};
		Self::with_folded(core::slice::from_ref(&candidate), read).unwrap_or_default()
	}

	/// What each seat earned in `session`.
	pub fn session_awards(session: SessionIndex) -> Vec<SeatAward<T::AccountId>> {
		if session != T::Eras::current_session() {
			return History::<T>::get(session).seats.into_iter().map(|(seat, _)| seat).collect();
		}
		let candidates: Vec<_> = SeatsOf::<T>::iter_keys().collect();
		let award = |(candidate, seat): (T::AccountId, Seat)| {
			let Seat { validator, award, compensation, .. } = seat;
			SeatAward { candidate, validator, award, compensation }
		};
		let read = || SeatsOf::<T>::iter().map(award).collect();
		Self::with_folded(&candidates, read).unwrap_or_default()
	}

	/// Millionths a year that who pays `rate` earns behind `candidate`, if all goes on as in the last
	/// whole session; 0 where the candidate did not sit in it.
	///
	/// `award / stake * (1 - rate) * blocks of a year / blocks of the session`, each step rounded down.
	pub fn yearly_yield(candidate: &T::AccountId, rate: Rate) -> u64 {
		let last = T::Eras::current_session().saturating_sub(1);
		let record = History::<T>::get(last);
		let seat = record.seats.iter().find(|(seat, _)| seat.candidate == *candidate);
		let Some((seat, stake)) = seat.filter(|(_, stake)| *stake > 0) else { return 0 };
		let kept = rate.rest().mul_floor(seat.award);
		let blocks_of_year = u128::from(YEAR_MILLIS / T::SlotDuration::get().max(1));
		let blocks = u128::from(record.blocks.max(1));
		let scale = |a, b, c| multiply_by_rational_with_rounding(a, b, c, Rounding::Down);
		scale(kept, MILLION, *stake)
			.and_then(|part| scale(part, blocks_of_year, blocks))
			.and_then(|yearly| yearly.try_into().ok())
			.unwrap_or(u64::MAX)
	}
}
