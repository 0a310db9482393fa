//! Payment of what waited long enough: by itself in idle block space, or by anybody's call.

use crate::{
	Candidates, Chunk, Config, CurrentEra, DuePayment, DuePayments, Error, Event, Pallet,
	PayingEra, Positions, PositionsOf, UnbondingPools, WeightInfo, LOG_TARGET,
};
use cybermiles_primitives::{
	traits::{Payouts, PositionObserver},
	Balance, EraIndex,
};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{fungible::Mutate, tokens::Preservation},
	weights::WeightMeter,
};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// Pays all that is due to `who`; returns how many positions and chunks were looked at.
	pub(crate) fn do_withdraw_unbonded(who: T::AccountId) -> Result<(u32, u32), DispatchError> {
		T::Payouts::ensure_open()?;
		let candidates = PositionsOf::<T>::get(&who);
		let (mut settled, mut chunks) = (false, 0);
		for candidate in &candidates {
			let looked_at = Self::settle(candidate, &who)?;
			settled |= looked_at.is_some();
			chunks += looked_at.unwrap_or_default();
		}
		ensure!(settled, Error::<T>::NothingDue);
		Ok((candidates.len() as u32, chunks))
	}

	/// What a chunk is worth, in planck.
	pub(crate) fn chunk_value(candidate: &T::AccountId, chunk: &Chunk) -> Balance {
		UnbondingPools::<T>::get(candidate, chunk.since).value_of(chunk.shares)
	}

	/// Pays what is due of one position. Returns how many chunks that was; none where nothing was
	/// due.
	fn settle(candidate: &T::AccountId, who: &T::AccountId) -> Result<Option<u32>, DispatchError> {
		let now = CurrentEra::<T>::get().index;
		let Some(mut position) = Positions::<T>::get(candidate, who) else { return Ok(None) };
		let due = position.take_chunks_due_by(now);
		let closed = Candidates::<T>::get(candidate).is_some_and(|info| info.is_paid_out_in(now));
		let shares = if closed { core::mem::take(&mut position.shares) } else { 0 };
		if due.is_empty() && shares == 0 {
			return Ok(None);
		}
		let mut amount: Balance = 0;
		for chunk in &due {
			let paid =
				Self::change_unbonding(candidate, chunk.since, |pool| pool.leave(chunk.shares))?;
			amount = amount.saturating_add(paid);
			Self::forget_payment(who, candidate, &position, chunk.due);
		}
		if shares > 0 {
			T::PositionObserver::before_change(candidate, who, position.class, shares);
			let paid = Self::leave_class(candidate, position.class, |pool| pool.leave(shares))?;
			amount = amount.saturating_add(paid);
			position.principal = 0;
		}
		Self::put_position(who, candidate, position);
		Self::pay(candidate, who, amount)?;
		Self::remove_if_paid_out(candidate);
		Ok(Some(due.len() as u32))
	}

	/// Pays `amount` out of escrow.
	fn pay(
		candidate: &T::AccountId,
		who: &T::AccountId,
		amount: Balance,
	) -> Result<(), DispatchError> {
		if amount > 0 {
			T::Currency::transfer(&Self::escrow(), who, amount, Preservation::Expendable)?;
		}
		Self::deposit_event(Event::Withdrawn {
			candidate: candidate.clone(),
			who: who.clone(),
			amount,
		});
		Ok(())
	}

	/// Makes due payments as long as the meter allows.
	pub(crate) fn pay_what_is_due(meter: &mut WeightMeter) {
		let step = T::WeightInfo::pay_one();
		if !meter.can_consume(step) || T::Payouts::ensure_open().is_err() {
			return;
		}
		let (mut era, now) = (PayingEra::<T>::get(), CurrentEra::<T>::get().index);
		// One iterator for all steps: a new one would pass over all that this block has paid, and
		// the work would grow with the square of the payments.
		let mut payments = DuePayments::<T>::iter_prefix(era);
		let mut unfinished = None;
		while meter.try_consume(step).is_ok() && era <= now {
			match unfinished.take().or_else(|| payments.next()) {
				Some((payment, last)) => unfinished = Self::make_payment(era, payment, last),
				None => {
					era = era.saturating_add(1);
					PayingEra::<T>::put(era);
					payments = DuePayments::<T>::iter_prefix(era);
				},
			}
		}
	}

	/// Makes one payment of those due in `era`. Returns it with its progress where more of it is to
	/// come.
	pub(crate) fn make_payment(
		era: EraIndex,
		payment: DuePayment<T::AccountId>,
		last: Option<T::AccountId>,
	) -> Option<(DuePayment<T::AccountId>, Option<T::AccountId>)> {
		let candidate = match &payment {
			DuePayment::Unbonded { candidate, who } => {
				DuePayments::<T>::remove(era, &payment);
				Self::settle_or_report(candidate, who);
				return None;
			},
			DuePayment::Retired { candidate } => candidate,
		};
		let Some(who) = Self::delegator_after(candidate, last) else {
			DuePayments::<T>::remove(era, &payment);
			return None;
		};
		DuePayments::<T>::insert(era, &payment, Some(&who));
		Self::settle_or_report(candidate, &who);
		Some((payment, Some(who)))
	}

	/// The delegator of a candidate that follows `last` in storage.
	fn delegator_after(
		candidate: &T::AccountId,
		last: Option<T::AccountId>,
	) -> Option<T::AccountId> {
		match last {
			None => Positions::<T>::iter_key_prefix(candidate).next(),
			Some(last) => {
				let start = Positions::<T>::hashed_key_for(candidate, last);
				Positions::<T>::iter_key_prefix_from(candidate, start).next()
			},
		}
	}

	/// Pays one position, or leaves all as it was and says why it cannot be paid.
	fn settle_or_report(candidate: &T::AccountId, who: &T::AccountId) {
		if let Err(error) = with_storage_layer(|| Self::settle(candidate, who)) {
			log::warn!(target: LOG_TARGET, "due payment to {who:?} behind {candidate:?}: {error:?}");
			Self::deposit_event(Event::PaymentFailed {
				candidate: candidate.clone(),
				who: who.clone(),
				error,
			});
		}
	}
}
