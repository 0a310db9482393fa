//! Folding: what a seat earned goes into the class pools of its candidate.

use crate::{
	AccountBooks, CompensationAccounts, CompensationDue, Config, Pallet, RunningGroups, SeatsOf,
};
use alloc::vec::Vec;
use cybermiles_primitives::{
	traits::{AwardPot, Candidacies, PoolObserver, StakePools},
	Balance, ClassId,
};
use sp_arithmetic::helpers_128bit::multiply_by_rational_with_rounding;
use sp_runtime::Rounding;

/// How an award falls to the classes of a candidate.
#[derive(Default)]
struct Split {
	/// What each class gets, in planck.
	classes: Vec<(ClassId, Balance)>,
	/// What the validator gets as compensation, in planck.
	compensation: Balance,
}

impl<T: Config> Pallet<T> {
	/// Folds what `candidate` earned so far. Costs what its classes cost, not its delegators.
	pub(crate) fn fold(candidate: &T::AccountId) {
		let Some(mut seat) = SeatsOf::<T>::get(candidate) else { return };
		let groups = RunningGroups::<T>::get();
		let group = groups.of(seat.validator);
		let amount = seat.owed(group);
		if amount == 0 {
			return;
		}
		seat.settled = 0;
		seat.since = seat.since.map(|_| group.index());
		AccountBooks::<T>::mutate(|books| books.pending = books.pending.saturating_sub(amount));
		if let Some(compensation) = Self::distribute(candidate, amount) {
			seat.award = seat.award.saturating_add(amount);
			seat.compensation = seat.compensation.saturating_add(compensation);
		}
		SeatsOf::<T>::insert(candidate, seat);
	}

	/// Gives `amount` to the pools of `candidate`. Returns the compensation in it; none where the
	/// candidate can take nothing, and all joins the next award.
	fn distribute(candidate: &T::AccountId, amount: Balance) -> Option<Balance> {
		let mut split = Self::split(candidate, amount);
		let compensation = split.compensation;
		let given = split
			.classes
			.iter()
			.fold(compensation, |sum, (_, part)| sum.saturating_add(*part));
		let due = Self::pay_into_self_stake(candidate, &mut split);
		if given == 0 || T::Stake::add_to_classes(candidate, &split.classes).is_err() {
			Self::add(amount);
			return None;
		}
		if let (Some(account), true) = (due, compensation > 0) {
			Self::note_compensation(account, compensation);
		}
		// Rounded down for each class, against the receivers.
		Self::add(amount.saturating_sub(given));
		Some(compensation)
	}

	/// Splits `amount` over the classes of `candidate` by stake, and each part by the rate that the
	/// class pays. Both parts are rounded down.
	fn split(candidate: &T::AccountId, amount: Balance) -> Split {
		let stakes = T::Stake::class_stakes(candidate);
		let total = stakes.iter().fold(0, |sum: Balance, (_, stake)| sum.saturating_add(*stake));
		let rate_of = Self::rates(candidate);
		let mut split = Split::default();
		for (class, stake) in stakes {
			let part = part_of(amount, stake, total);
			let rate = rate_of(class);
			let compensation = rate.as_permill().mul_floor(part);
			let kept = rate.rest().mul_floor(part);
			split.compensation = split.compensation.saturating_add(compensation);
			if kept > 0 {
				split.classes.push((class, kept));
			}
		}
		split
	}

	/// Adds the compensation to the owner's class where the owner wishes so and has stake that can
	/// take it. Returns the liquid account that gets it where not.
	fn pay_into_self_stake(candidate: &T::AccountId, split: &mut Split) -> Option<T::AccountId> {
		let owner = T::Candidacies::owner_of(candidate)?;
		if let Some(account) = CompensationAccounts::<T>::get(&owner) {
			return Some(account);
		}
		let compensation = split.compensation;
		match split.classes.iter_mut().find(|(class, _)| *class == ClassId::OWNER) {
			Some((_, part)) => *part = part.saturating_add(compensation),
			None => return Some(owner),
		}
		None
	}

	fn note_compensation(account: T::AccountId, amount: Balance) {
		CompensationDue::<T>::mutate(account, |due| *due = due.saturating_add(amount));
		AccountBooks::<T>::mutate(|books| {
			books.compensation = books.compensation.saturating_add(amount);
		});
	}
}

/// `amount * stake / total`, rounded down; nothing of nothing.
fn part_of(amount: Balance, stake: Balance, total: Balance) -> Balance {
	if total == 0 {
		return 0;
	}
	multiply_by_rational_with_rounding(amount, stake, total, Rounding::Down).unwrap_or_default()
}

impl<T: Config> PoolObserver<T::AccountId> for Pallet<T> {
	fn before_change(candidate: &T::AccountId) {
		Self::fold(candidate);
		Self::forget_empty_classes(candidate);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn let_award_wait(candidate: &T::AccountId) {
		let mut seat = crate::Seat::new(true, 1);
		seat.settled = cybermiles_primitives::CMT;
		SeatsOf::<T>::insert(candidate, seat);
		AccountBooks::<T>::mutate(|books| {
			books.pending = books.pending.saturating_add(seat.settled)
		});
		let escrow = T::Stake::escrow_account();
		let minted = <T::Currency as frame_support::traits::fungible::Mutate<_>>::mint_into(
			&escrow,
			seat.settled,
		);
		minted.expect("a benchmark may issue");
	}
}
