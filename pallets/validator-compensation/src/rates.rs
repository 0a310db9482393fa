//! Compensation rates: what classes pay, and how a rate changes.

use crate::{Config, Error, Event, LoweredRates, Pallet, RatesLowered};
use cybermiles_primitives::{
	traits::{Candidacies, PoolObserver, RateClasses, StakePools},
	ClassId, Rate,
};
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	/// Lowers the rate of one delegator of the candidate that `owner` controls.
	pub(crate) fn do_lower_rate(
		owner: T::AccountId,
		who: T::AccountId,
		rate: Rate,
	) -> DispatchResult {
		let candidate = T::Candidacies::owned_by(&owner)?;
		let present = Self::rate_paid_by(&candidate, &who)?;
		ensure!(rate <= present, Error::<T>::RateRaised);
		T::Stake::ensure_may_be_moved(&candidate, &who)?;
		Self::change_rate(candidate, who, present, rate)
	}

	/// Raises the rate of a delegator by its own wish.
	pub(crate) fn do_accept_rate(
		who: T::AccountId,
		candidate: T::AccountId,
		rate: Rate,
	) -> DispatchResult {
		let maximum = T::Candidacies::max_rate(&candidate).ok_or(Error::<T>::NotDelegator)?;
		let present = Self::rate_paid_by(&candidate, &who)?;
		ensure!(rate <= maximum, Error::<T>::RateAboveMaximum);
		ensure!(rate >= present, Error::<T>::RateLowered);
		Self::change_rate(candidate, who, present, rate)
	}

	/// The rate that `who` pays; an error where it pays none.
	fn rate_paid_by(candidate: &T::AccountId, who: &T::AccountId) -> Result<Rate, Error<T>> {
		let class = T::Stake::class_of(candidate, who).ok_or(Error::<T>::NotDelegator)?;
		ensure!(class != ClassId::OWNER, Error::<T>::OwnerPaysNothing);
		Ok(Self::rate_of(candidate, class))
	}

	fn change_rate(
		candidate: T::AccountId,
		who: T::AccountId,
		from: Rate,
		to: Rate,
	) -> DispatchResult {
		ensure!(to != from, Error::<T>::RateUnchanged);
		Self::before_change(&candidate);
		let class = Self::class_for(&candidate, to);
		T::Stake::move_to_class(&candidate, &who, class)?;
		Self::deposit_event(Event::RateChanged { candidate, who, from, to });
		Ok(())
	}

	/// Lowers the rate of every delegator that pays more, in constant time.
	pub(crate) fn do_lower_all_rates(owner: T::AccountId, rate: Rate) -> DispatchResult {
		let candidate = T::Candidacies::owned_by(&owner)?;
		// What was earned so far pays the old rates.
		Self::before_change(&candidate);
		let mut lowered = RatesLowered::<T>::get(&candidate);
		let (rate_of, mut classes) = (Self::rates(&candidate), 0);
		for (class, _) in T::Stake::class_stakes(&candidate) {
			if rate_of(class) > rate {
				lowered.try_insert(class, rate).map_err(|_| Error::<T>::TooManyClasses)?;
				classes += 1;
			}
		}
		ensure!(classes > 0, Error::<T>::NothingToLower);
		RatesLowered::<T>::insert(&candidate, lowered);
		Self::deposit_event(Event::RatesLowered { candidate, rate, classes });
		Ok(())
	}

	/// Forgets the lowered rates of classes that have no member any more.
	pub(crate) fn forget_empty_classes(candidate: &T::AccountId) {
		let mut lowered = RatesLowered::<T>::get(candidate);
		if lowered.is_empty() {
			return;
		}
		let before = lowered.len();
		let stakes = T::Stake::class_stakes(candidate);
		lowered.retain(|class, _| stakes.iter().any(|(other, _)| other == class));
		if lowered.is_empty() {
			RatesLowered::<T>::remove(candidate);
		} else if lowered.len() < before {
			RatesLowered::<T>::insert(candidate, lowered);
		}
	}
}

impl<T: Config> Pallet<T> {
	/// What the classes of a candidate pay: what it takes to know that is read once for all.
	pub(crate) fn rates(candidate: &T::AccountId) -> impl Fn(ClassId) -> Rate {
		let maximum = T::Candidacies::max_rate(candidate).unwrap_or(Rate::MAX);
		let lowered = RatesLowered::<T>::get(candidate);
		move |class| paid(class, &lowered, maximum)
	}
}

/// The rate of `class` where the candidate lowered those in `lowered` and may ask `maximum`.
fn paid(class: ClassId, lowered: &LoweredRates, maximum: Rate) -> Rate {
	let agreed = class.agreed_rate().min(maximum);
	lowered.get(&class).map_or(agreed, |rate| agreed.min(*rate))
}

impl<T: Config> RateClasses<T::AccountId> for Pallet<T> {
	/// The first class that pays all of `rate`: one that was lowered does not.
	fn class_for(candidate: &T::AccountId, rate: Rate) -> ClassId {
		let lowered = RatesLowered::<T>::get(candidate);
		(0..ClassId::GENERATIONS)
			.map(|generation| ClassId::generation(rate, generation))
			.find(|class| !lowered.contains_key(class))
			// More generations than lowered classes: there is always one.
			.unwrap_or(ClassId::agreed_at(rate))
	}

	fn rate_of(candidate: &T::AccountId, class: ClassId) -> Rate {
		Self::rates(candidate)(class)
	}
}
