//! Stake in, stake out, and back in again.

use crate::{
	Candidate, Candidates, Config, CurrentEra, DuePayment, DuePayments, Error, Event, Pallet,
	PoolsOf, Position, Positions, PositionsOf, MAX_POSITIONS, MAX_UNBONDING_ERAS,
};
use cybermiles_primitives::{
	traits::{PoolObserver, PositionObserver, Standing},
	Balance, EraIndex,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_delegate(
		who: T::AccountId,
		candidate: T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		// Awards that still wait are folded in first, so that what is read here is the whole.
		T::PoolObserver::before_change(&candidate);
		let info = Self::open_candidate(&candidate)?;
		T::Standing::ensure_may_take_stake(&candidate)?;
		Self::ensure_room(&info, amount)?;
		Self::add_stake(&who, &candidate, amount)
	}

	/// Whether the candidate's declared maximum leaves room for `amount`.
	fn ensure_room(info: &Candidate<T::AccountId>, amount: Balance) -> Result<(), Error<T>> {
		let stake = info.stake.checked_add(amount).ok_or(Error::<T>::ExceedsMaximum)?;
		ensure!(stake <= info.terms.max_stake, Error::<T>::ExceedsMaximum);
		Ok(())
	}

	/// Moves `amount` of free CMT into a position. Does not ask for the declared maximum, which an
	/// owner's required self-stake may exceed.
	pub(crate) fn add_stake(
		who: &T::AccountId,
		candidate: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		Self::lock(who, amount)?;
		Self::bond(who, candidate, amount)?;
		Self::deposit_event(Event::Delegated {
			candidate: candidate.clone(),
			who: who.clone(),
			amount,
		});
		Ok(())
	}

	/// Puts `amount`, already in escrow, into the position of `who`.
	pub(crate) fn bond(
		who: &T::AccountId,
		candidate: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		let info = Self::open_candidate(candidate)?;
		let mut position = match Positions::<T>::get(candidate, who) {
			Some(position) => position,
			None => Self::open_position(who, candidate, &info)?,
		};
		Self::observe(who, candidate, &position);
		if position.shares == 0 {
			position.class = Self::class_to_rejoin(who, candidate, &info, &position);
		}
		// Asked before the pool rounds, so that exactly the minimum is always enough.
		let value = Self::bonded_value(candidate, &position).saturating_add(amount);
		ensure!(value >= T::MinDelegation::get(), Error::<T>::BelowMinimum);
		let shares = Self::join_class(candidate, position.class, amount)?;
		position.shares = position.shares.checked_add(shares).ok_or(Error::<T>::Arithmetic)?;
		position.principal = position.principal.saturating_add(amount);
		Positions::<T>::insert(candidate, who, position);
		Ok(())
	}

	/// Lists a new position.
	fn open_position(
		who: &T::AccountId,
		candidate: &T::AccountId,
		info: &Candidate<T::AccountId>,
	) -> Result<Position, DispatchError> {
		PositionsOf::<T>::try_mutate(who, |list| {
			let limit = T::MaxPositions::get().min(MAX_POSITIONS) as usize;
			ensure!(list.len() < limit, Error::<T>::TooManyPositions);
			list.try_push(candidate.clone()).map_err(|_| Error::<T>::TooManyPositions)
		})?;
		Candidates::<T>::mutate_extant(candidate, |info| {
			info.positions = info.positions.saturating_add(1)
		});
		Ok(Self::new_position(who, candidate, info))
	}

	/// What the bonded part of a position is worth, in planck.
	pub(crate) fn bonded_value(candidate: &T::AccountId, position: &Position) -> Balance {
		PoolsOf::<T>::get(candidate).get(position.class).value_of(position.shares)
	}

	pub(crate) fn do_undelegate(
		who: T::AccountId,
		candidate: T::AccountId,
		amount: Option<Balance>,
	) -> DispatchResult {
		ensure!(amount != Some(0), Error::<T>::ZeroAmount);
		T::PoolObserver::before_change(&candidate);
		let info = Self::open_candidate(&candidate)?;
		let position = Positions::<T>::get(&candidate, &who)
			.filter(|position| position.shares > 0)
			.ok_or(Error::<T>::NotDelegator)?;
		let value = Self::bonded_value(&candidate, &position);
		let amount = amount.unwrap_or(value);
		ensure!(amount <= value, Error::<T>::MoreThanBonded);
		if who == info.owner {
			let kept = value.saturating_sub(amount);
			let required = Self::self_stake_to_keep(&info, value);
			ensure!(amount < value && kept >= required, Error::<T>::SelfStakeTooLow);
		}
		if amount == value {
			return Self::unbond_all(&who, &candidate, position);
		}
		let left = value.saturating_sub(amount);
		ensure!(left >= T::MinDelegation::get(), Error::<T>::RemainderTooSmall);
		Self::unbond_part(&who, &candidate, position, amount)
	}

	/// Moves the whole bonded part of a position into unbonding.
	pub(crate) fn unbond_all(
		who: &T::AccountId,
		candidate: &T::AccountId,
		mut position: Position,
	) -> DispatchResult {
		Self::observe(who, candidate, &position);
		let class_left = Self::class_when_left(candidate, position.class);
		let shares = core::mem::take(&mut position.shares);
		let amount = Self::leave_class(candidate, position.class, |pool| pool.leave(shares))?;
		position.class = class_left;
		position.principal = 0;
		Self::wait(who, candidate, position, amount)
	}

	/// Moves `amount` of a position into unbonding. The principal leaves first, so that what was
	/// earned stays earned.
	fn unbond_part(
		who: &T::AccountId,
		candidate: &T::AccountId,
		mut position: Position,
		amount: Balance,
	) -> DispatchResult {
		Self::observe(who, candidate, &position);
		let cost = Self::leave_class(candidate, position.class, |pool| pool.take(amount))?;
		position.shares = position.shares.checked_sub(cost).ok_or(Error::<T>::Arithmetic)?;
		position.principal = position.principal.saturating_sub(amount);
		Self::wait(who, candidate, position, amount)
	}

	/// The era in which stake leaves now, and the first in which it is paid. That is never the same
	/// one, whose payments may have been made, nor later than a slash can reach back.
	pub(crate) fn unbonding_eras() -> (EraIndex, EraIndex) {
		let since = CurrentEra::<T>::get().index;
		(since, since.saturating_add(T::UnbondingEras::get().clamp(1, MAX_UNBONDING_ERAS)))
	}

	/// Enters `amount`, taken from a class pool, into this era's unbonding pool.
	fn wait(
		who: &T::AccountId,
		candidate: &T::AccountId,
		mut position: Position,
		amount: Balance,
	) -> DispatchResult {
		let (since, due) = Self::unbonding_eras();
		if amount > 0 {
			let shares = Self::change_unbonding(candidate, since, |pool| pool.join(amount))?;
			position.add_chunk(since, due, shares).map_err(|_| Error::<T>::TooManyChunks)?;
			Self::expect_payment(who, candidate, due);
		}
		Self::put_position(who, candidate, position);
		Self::deposit_event(Event::Undelegated {
			candidate: candidate.clone(),
			who: who.clone(),
			amount,
			due,
		});
		Ok(())
	}

	/// Notes that something of `who` falls due in `era`.
	fn expect_payment(who: &T::AccountId, candidate: &T::AccountId, era: EraIndex) {
		let payment = Self::unbonded_payment(who, candidate);
		DuePayments::<T>::insert(era, payment, None::<T::AccountId>);
	}

	/// Names the payment of what `who` took out behind `candidate`.
	pub(crate) fn unbonded_payment(
		who: &T::AccountId,
		candidate: &T::AccountId,
	) -> DuePayment<T::AccountId> {
		DuePayment::Unbonded { candidate: candidate.clone(), who: who.clone() }
	}

	/// Tells of a position whose bonded part is about to change.
	pub(crate) fn observe(who: &T::AccountId, candidate: &T::AccountId, position: &Position) {
		T::PositionObserver::before_change(candidate, who, position.class, position.shares);
	}

	/// Stores a position; forgets it when nothing is left in it.
	pub(crate) fn put_position(who: &T::AccountId, candidate: &T::AccountId, position: Position) {
		if !position.is_empty() {
			Positions::<T>::insert(candidate, who, position);
			return;
		}
		Positions::<T>::remove(candidate, who);
		T::PositionObserver::on_removed(candidate, who);
		PositionsOf::<T>::mutate_exists(who, |list| {
			let left = list.take().map(|mut list| {
				list.retain(|other| other != candidate);
				list
			});
			*list = left.filter(|list| !list.is_empty());
		});
		Candidates::<T>::mutate_extant(candidate, |info| {
			info.positions = info.positions.saturating_sub(1)
		});
	}

	/// Takes waiting stake back; returns how many chunks were looked at.
	pub(crate) fn do_rebond(
		who: T::AccountId,
		candidate: T::AccountId,
		amount: Option<Balance>,
	) -> Result<u32, DispatchError> {
		ensure!(amount != Some(0), Error::<T>::ZeroAmount);
		T::PoolObserver::before_change(&candidate);
		let info = Self::open_candidate(&candidate)?;
		T::Standing::ensure_may_take_stake(&candidate)?;
		let mut position = Positions::<T>::get(&candidate, &who)
			.filter(|position| !position.chunks.is_empty())
			.ok_or(Error::<T>::NothingUnbonding)?;
		let looked_at = position.chunks.len() as u32;
		let waiting = Self::waiting_value(&candidate, &position);
		let amount = amount.unwrap_or(waiting);
		ensure!(amount <= waiting, Error::<T>::MoreThanUnbonding);
		Self::ensure_room(&info, amount)?;
		Self::take_from_chunks(&who, &candidate, &mut position, amount)?;
		Positions::<T>::insert(&candidate, &who, position);
		Self::bond(&who, &candidate, amount)?;
		Self::deposit_event(Event::Rebonded { candidate, who, amount });
		Ok(looked_at)
	}

	/// What waits in a position, in planck.
	fn waiting_value(candidate: &T::AccountId, position: &Position) -> Balance {
		position
			.chunks
			.iter()
			.fold(0, |sum: Balance, chunk| sum.saturating_add(Self::chunk_value(candidate, chunk)))
	}

	/// Takes `amount` out of the youngest chunks.
	fn take_from_chunks(
		who: &T::AccountId,
		candidate: &T::AccountId,
		position: &mut Position,
		amount: Balance,
	) -> DispatchResult {
		let mut missing = amount;
		while missing > 0 {
			let mut chunk = position.chunks.pop().ok_or(Error::<T>::MoreThanUnbonding)?;
			let value = Self::chunk_value(candidate, &chunk);
			if value > missing {
				let cost =
					Self::change_unbonding(candidate, chunk.since, |pool| pool.take(missing))?;
				chunk.shares = chunk.shares.checked_sub(cost).ok_or(Error::<T>::Arithmetic)?;
				position.chunks.try_push(chunk).map_err(|_| Error::<T>::TooManyChunks)?;
				return Ok(());
			}
			Self::change_unbonding(candidate, chunk.since, |pool| pool.leave(chunk.shares))?;
			missing = missing.saturating_sub(value);
			Self::forget_payment(who, candidate, position, chunk.due);
		}
		Ok(())
	}

	/// Forgets that something falls due in `era`, unless another chunk does.
	pub(crate) fn forget_payment(
		who: &T::AccountId,
		candidate: &T::AccountId,
		position: &Position,
		era: EraIndex,
	) {
		if !position.has_chunk_due_in(era) {
			DuePayments::<T>::remove(era, Self::unbonded_payment(who, candidate));
		}
	}
}
