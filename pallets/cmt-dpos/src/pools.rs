//! Class pools and unbonding pools: the only places that change them, and with them the stake of
//! their candidate, its rank and the totals.

use crate::{
	Candidate, Candidates, ClassPools, Config, CurrentEra, Error, Event, Pallet, PoolsOf,
	Positions, Ranking, Reason, StakeTotals, Status, TooManyClasses, UnbondingPools,
	MAX_UNBONDING_ERAS,
};
use alloc::vec::Vec;
use cybermiles_primitives::{
	traits::{BondedStake, InEscrow, PoolObserver, PositionObserver, StakePools},
	Balance, ClassId, EraIndex, PoolCut, PoolRef,
};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{fungible::Mutate, tokens::Preservation, Get},
};
use sp_runtime::{traits::AccountIdConversion, DispatchError, DispatchResult, Perbill};
use stake_math::{Pool, PoolError};

impl<T> From<PoolError> for Error<T> {
	fn from(error: PoolError) -> Self {
		match error {
			PoolError::Worthless => Error::PoolWorthless,
			_ => Error::Arithmetic,
		}
	}
}

impl<T> From<TooManyClasses> for Error<T> {
	fn from(_: TooManyClasses) -> Self {
		Error::TooManyClasses
	}
}

impl<T: Config> Pallet<T> {
	/// The account that holds all delegated and unbonding CMT.
	pub fn escrow() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// Moves `amount` from `who` into escrow. The account stays alive, so that its nonce does.
	pub(crate) fn lock(who: &T::AccountId, amount: Balance) -> DispatchResult {
		use frame_support::traits::{fungible::Inspect, tokens::Fortitude};
		let free = T::Currency::reducible_balance(who, Preservation::Preserve, Fortitude::Polite);
		ensure!(free >= amount, Error::<T>::InsufficientBalance);
		T::Currency::transfer(who, &Self::escrow(), amount, Preservation::Preserve)?;
		Ok(())
	}

	/// An open candidate.
	pub(crate) fn open_candidate(
		candidate: &T::AccountId,
	) -> Result<Candidate<T::AccountId>, Error<T>> {
		let info = Candidates::<T>::get(candidate).ok_or(Error::<T>::UnknownCandidate)?;
		ensure!(info.retired().is_none(), Error::<T>::CandidateRetired);
		Ok(info)
	}

	/// Changes the class pools of a candidate once all awards that waited are in them.
	pub(crate) fn change_pools<R>(
		candidate: &T::AccountId,
		change: impl FnOnce(&mut ClassPools) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		T::PoolObserver::before_change(candidate);
		Self::replace_pools(candidate, change)
	}

	/// Changes the class pools of a candidate, and its stake, rank and the totals with them.
	fn replace_pools<R>(
		candidate: &T::AccountId,
		change: impl FnOnce(&mut ClassPools) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let mut info = Candidates::<T>::get(candidate).ok_or(Error::<T>::UnknownCandidate)?;
		let mut pools = PoolsOf::<T>::get(candidate);
		let result = change(&mut pools)?;
		let (before, after) = (info.stake, pools.total());
		PoolsOf::<T>::insert(candidate, pools);
		Self::leave_ranking(&info);
		info.stake = after;
		Self::join_ranking(candidate, &info);
		let retired = info.retired().is_some();
		Candidates::<T>::insert(candidate, info);
		StakeTotals::<T>::mutate(|totals| {
			let sum = if retired { &mut totals.unbonding } else { &mut totals.bonded };
			*sum = sum.saturating_sub(before).saturating_add(after);
		});
		Ok(result)
	}

	/// Puts `amount`, already in escrow, into a class pool; returns the shares it buys.
	pub(crate) fn join_class(
		candidate: &T::AccountId,
		class: ClassId,
		amount: Balance,
	) -> Result<Balance, DispatchError> {
		Self::change_pools(candidate, |pools| {
			let mut pool = pools.get(class);
			let shares = pool.join(amount).map_err(Error::<T>::from)?;
			pools.set(class, pool).map_err(Error::<T>::from)?;
			Ok(shares)
		})
	}

	/// Takes something out of a class pool.
	pub(crate) fn leave_class<R>(
		candidate: &T::AccountId,
		class: ClassId,
		leave: impl FnOnce(&mut Pool) -> Result<R, PoolError>,
	) -> Result<R, DispatchError> {
		Self::change_pools(candidate, |pools| {
			let mut pool = pools.get(class);
			let result = leave(&mut pool).map_err(Error::<T>::from)?;
			pools.set(class, pool).map_err(Error::<T>::from)?;
			Ok(result)
		})
	}

	/// Changes the unbonding pool of an era, and the total with it.
	pub(crate) fn change_unbonding<R>(
		candidate: &T::AccountId,
		era: EraIndex,
		change: impl FnOnce(&mut Pool) -> Result<R, PoolError>,
	) -> Result<R, DispatchError> {
		let mut pool = UnbondingPools::<T>::get(candidate, era);
		let before = pool.stake();
		let result = change(&mut pool).map_err(Error::<T>::from)?;
		let after = pool.stake();
		if pool.is_empty() {
			UnbondingPools::<T>::remove(candidate, era);
		} else {
			UnbondingPools::<T>::insert(candidate, era, pool);
		}
		StakeTotals::<T>::mutate(|totals| {
			totals.unbonding = totals.unbonding.saturating_sub(before).saturating_add(after);
		});
		Ok(result)
	}

	/// Enters an active candidate into the ranking.
	pub(crate) fn join_ranking(candidate: &T::AccountId, info: &Candidate<T::AccountId>) {
		if info.status == Status::Active {
			Ranking::<T>::insert(info.rank_key(), candidate);
		}
	}

	/// Takes a candidate out of the ranking.
	pub(crate) fn leave_ranking(info: &Candidate<T::AccountId>) {
		Ranking::<T>::remove(info.rank_key());
	}

	/// Takes an active candidate out of the next elections.
	pub(crate) fn set_inactive(
		candidate: &T::AccountId,
		mut info: Candidate<T::AccountId>,
		reason: Reason,
	) {
		Self::leave_ranking(&info);
		info.status = Status::Inactive;
		Candidates::<T>::insert(candidate, info);
		Self::deposit_event(Event::CandidateDeactivated { candidate: candidate.clone(), reason });
	}

	/// Slashes the unbonding pools of eras `since` and later.
	fn slash_unbonding(
		candidate: &T::AccountId,
		fraction: Perbill,
		since: EraIndex,
	) -> Vec<PoolCut> {
		let now = CurrentEra::<T>::get().index;
		(since.max(now.saturating_sub(MAX_UNBONDING_ERAS))..=now)
			.filter(|era| UnbondingPools::<T>::contains_key(candidate, era))
			.filter_map(|era| {
				let taken = Self::change_unbonding(candidate, era, |pool| Ok(pool.slash(fraction)));
				Some(PoolCut { pool: PoolRef::Unbonding(era), amount: taken.ok()? })
			})
			.collect()
	}

	/// Slashes the class pools. Those of a closed candidate too, whenever it closed: no election finds
	/// it any more, so the seat in which it offended is one for which their stake was counted.
	fn slash_classes(candidate: &T::AccountId, fraction: Perbill) -> Vec<PoolCut> {
		Self::change_pools(candidate, |pools| {
			let mut cuts = Vec::new();
			pools.for_each_mut(|class, pool| {
				cuts.push(PoolCut { pool: PoolRef::Class(class), amount: pool.slash(fraction) })
			});
			Ok(cuts)
		})
		.unwrap_or_default()
	}

	/// Adds `amount` to the stake of all members of one class pool.
	fn award(pools: &mut ClassPools, class: ClassId, amount: Balance) -> DispatchResult {
		let mut pool = pools.get(class);
		pool.award(amount).map_err(Error::<T>::from)?;
		pools.set(class, pool).map_err(Error::<T>::from)?;
		Ok(())
	}
}

impl<T: Config> BondedStake<T::AccountId> for Pallet<T> {
	fn pools(candidate: &T::AccountId) -> Vec<(ClassId, Balance, Balance)> {
		let pools = PoolsOf::<T>::get(candidate);
		pools.iter().map(|(class, pool)| (class, pool.stake(), pool.shares())).collect()
	}

	fn shares(candidate: &T::AccountId, who: &T::AccountId) -> Option<(ClassId, Balance)> {
		let position = Positions::<T>::get(candidate, who)?;
		Some((position.class, position.shares))
	}
}

impl<T: Config> StakePools<T::AccountId> for Pallet<T> {
	fn escrow_account() -> T::AccountId {
		Self::escrow()
	}

	fn class_stakes(candidate: &T::AccountId) -> Vec<(ClassId, Balance)> {
		PoolsOf::<T>::get(candidate)
			.iter()
			.map(|(class, pool)| (class, pool.stake()))
			.collect()
	}

	fn class_of(candidate: &T::AccountId, who: &T::AccountId) -> Option<ClassId> {
		let position = Positions::<T>::get(candidate, who)?;
		(position.shares > 0).then_some(position.class)
	}

	fn add_to_classes(candidate: &T::AccountId, awards: &[(ClassId, Balance)]) -> DispatchResult {
		Self::open_candidate(candidate)?;
		Self::replace_pools(candidate, |pools| {
			awards
				.iter()
				.try_for_each(|(class, amount)| Self::award(pools, *class, *amount))
		})
	}

	fn ensure_may_be_moved(candidate: &T::AccountId, who: &T::AccountId) -> DispatchResult {
		T::PositionObserver::ensure_may_be_moved(candidate, who)
	}

	fn move_to_class(
		candidate: &T::AccountId,
		who: &T::AccountId,
		class: ClassId,
	) -> DispatchResult {
		with_storage_layer(|| Self::change_class(candidate, who, class))
	}

	fn pay_earned(candidate: &T::AccountId, who: &T::AccountId) -> Result<Balance, DispatchError> {
		with_storage_layer(|| Self::do_pay_earned(candidate, who))
	}

	fn slash(candidate: &T::AccountId, fraction: Perbill, since: EraIndex) -> Vec<PoolCut> {
		let mut cuts = Self::slash_classes(candidate, fraction);
		cuts.extend(Self::slash_unbonding(candidate, fraction, since));
		cuts
	}

	fn restore(candidate: &T::AccountId, cut: &PoolCut) -> DispatchResult {
		match cut.pool {
			PoolRef::Class(class) => {
				Self::change_pools(candidate, |pools| Self::award(pools, class, cut.amount))
			},
			PoolRef::Unbonding(era) => {
				Self::change_unbonding(candidate, era, |pool| pool.award(cut.amount))
			},
		}
	}

	fn stand_aside(candidate: &T::AccountId) -> DispatchResult {
		let info = Self::open_candidate(candidate)?;
		ensure!(info.status == Status::Active, Error::<T>::AlreadyInactive);
		Self::set_inactive(candidate, info, Reason::Offence);
		Ok(())
	}
}

impl<T: Config> InEscrow for Pallet<T> {
	fn in_escrow() -> Balance {
		let totals = StakeTotals::<T>::get();
		totals.bonded.saturating_add(totals.unbonding)
	}
}
