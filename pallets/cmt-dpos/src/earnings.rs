//! What a position earned, and the class in which it earns.

use crate::{Candidate, Config, Error, Pallet, Position, Positions};
use cybermiles_primitives::{
	traits::{Payouts, PoolObserver, RateClasses},
	Balance, ClassId,
};
use frame_support::{
	ensure,
	traits::{fungible::Mutate, tokens::Preservation},
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// What a position is worth above its principal, in planck. An owner cannot have what it must
	/// leave as self-stake; a closed candidate's delegators get all with their payment.
	pub(crate) fn earned(
		who: &T::AccountId,
		candidate: &T::AccountId,
		info: &Candidate<T::AccountId>,
		position: &Position,
	) -> Balance {
		if info.retired().is_some() {
			return 0;
		}
		let value = Self::bonded_value(candidate, position);
		let kept = if *who == info.owner { Self::self_stake_to_keep(info, value) } else { 0 };
		value.saturating_sub(position.principal.max(kept))
	}

	/// Pays `who` what its position earned; the shares that this costs are rounded up.
	pub(crate) fn do_pay_earned(
		candidate: &T::AccountId,
		who: &T::AccountId,
	) -> Result<Balance, DispatchError> {
		T::Payouts::ensure_open()?;
		T::PoolObserver::before_change(candidate);
		let info = Self::open_candidate(candidate)?;
		let mut position = Self::bonded_position(candidate, who)?;
		let amount = Self::earned(who, candidate, &info, &position);
		ensure!(amount > 0, Error::<T>::NothingEarned);
		Self::observe(who, candidate, &position);
		let shares = position.shares;
		let all = amount == Self::bonded_value(candidate, &position);
		let class_left = Self::class_when_left(candidate, position.class);
		let cost = Self::leave_class(candidate, position.class, |pool| match all {
			true => pool.leave(shares).map(|_| shares),
			false => pool.take(amount),
		})?;
		position.shares = position.shares.checked_sub(cost).ok_or(Error::<T>::Arithmetic)?;
		if position.shares == 0 {
			position.class = class_left;
		}
		Self::put_position(who, candidate, position);
		T::Currency::transfer(&Self::escrow(), who, amount, Preservation::Expendable)?;
		Ok(amount)
	}

	/// The position of a delegator that has something bonded.
	fn bonded_position(candidate: &T::AccountId, who: &T::AccountId) -> Result<Position, Error<T>> {
		Positions::<T>::get(candidate, who)
			.filter(|position| position.shares > 0)
			.ok_or(Error::<T>::NotDelegator)
	}

	/// The class of a position that bonds while nothing of it is bonded. Who left the owner's class,
	/// or the owner that comes from another, changes class here; anybody else keeps its rate.
	pub(crate) fn class_to_rejoin(
		who: &T::AccountId,
		candidate: &T::AccountId,
		info: &Candidate<T::AccountId>,
		position: &Position,
	) -> ClassId {
		if position.class == ClassId::OWNER || *who == info.owner {
			return Self::class_for(who, candidate, info);
		}
		T::Rates::class_for(candidate, position.class.agreed_rate())
	}

	/// The class to note for a position that leaves `class` as a whole. A class that empties is
	/// forgotten with the rate to which it was lowered, so the position agrees to that rate now.
	pub(crate) fn class_when_left(candidate: &T::AccountId, class: ClassId) -> ClassId {
		match class {
			ClassId::OWNER => class,
			_ => ClassId::agreed_at(T::Rates::rate_of(candidate, class)),
		}
	}

	/// Moves the stake of a position into another class: it leaves one pool, rounded down, and joins
	/// the other, rounded down.
	pub(crate) fn change_class(
		candidate: &T::AccountId,
		who: &T::AccountId,
		class: ClassId,
	) -> DispatchResult {
		T::PoolObserver::before_change(candidate);
		Self::open_candidate(candidate)?;
		let mut position = Self::bonded_position(candidate, who)?;
		if position.class == class {
			return Ok(());
		}
		Self::observe(who, candidate, &position);
		Self::change_pools(candidate, |pools| {
			let (mut old, mut new) = (pools.get(position.class), pools.get(class));
			let amount = old.leave(position.shares).map_err(Error::<T>::from)?;
			position.shares = new.join(amount).map_err(Error::<T>::from)?;
			pools.set(position.class, old).map_err(Error::<T>::from)?;
			pools.set(class, new).map_err(Error::<T>::from)?;
			position.class = class;
			Ok(())
		})?;
		Positions::<T>::insert(candidate, who, position);
		Ok(())
	}
}
