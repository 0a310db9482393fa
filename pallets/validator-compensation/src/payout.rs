//! Money that leaves escrow at once: earned awards and liquid compensation.

use crate::{
	AccountBooks, CompensationAccounts, CompensationDue, Config, Error, Event, Pallet, LOG_TARGET,
};
use cybermiles_primitives::{
	traits::{Candidacies, Payouts, PoolObserver, StakePools},
	Balance,
};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{fungible::Mutate, tokens::Preservation},
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Pays what the position of `who` earned.
	pub(crate) fn do_harvest(who: T::AccountId, candidate: T::AccountId) -> DispatchResult {
		Self::before_change(&candidate);
		let amount = T::Stake::pay_earned(&candidate, &who)?;
		Self::deposit_event(Event::Harvested { candidate, who, amount });
		Ok(())
	}

	/// Where the compensation of the candidate that `owner` controls goes from the next fold on.
	pub(crate) fn do_set_compensation_account(
		owner: T::AccountId,
		account: Option<T::AccountId>,
	) -> DispatchResult {
		let candidate = T::Candidacies::owned_by(&owner)?;
		ensure!(CompensationAccounts::<T>::get(&owner) != account, Error::<T>::AccountUnchanged);
		// What was earned so far goes where it was to go.
		Self::before_change(&candidate);
		CompensationAccounts::<T>::set(&owner, account.clone());
		Self::deposit_event(Event::CompensationAccountSet { candidate, account });
		Ok(())
	}

	/// Pays the compensation that waits for `account`.
	pub(crate) fn do_pay_compensation(account: T::AccountId) -> DispatchResult {
		Self::ensure_open()?;
		let amount = CompensationDue::<T>::take(&account);
		ensure!(amount > 0, Error::<T>::NoCompensation);
		AccountBooks::<T>::mutate(|books| {
			books.compensation = books.compensation.saturating_sub(amount);
		});
		Self::pay(&account, amount)?;
		Self::deposit_event(Event::CompensationPaid { account, amount });
		Ok(())
	}

	fn pay(account: &T::AccountId, amount: Balance) -> Result<Balance, DispatchError> {
		let escrow = T::Stake::escrow_account();
		T::Currency::transfer(&escrow, account, amount, Preservation::Expendable)
	}

	/// Pays at the end of a session what the candidate's compensation account has due. What cannot
	/// be paid stays due.
	pub(crate) fn pay_compensation_of(candidate: &T::AccountId) {
		let Some(owner) = T::Candidacies::owner_of(candidate) else { return };
		let account = CompensationAccounts::<T>::get(&owner).unwrap_or(owner);
		if !CompensationDue::<T>::contains_key(&account) {
			return;
		}
		if let Err(error) = with_storage_layer(|| Self::do_pay_compensation(account.clone())) {
			log::warn!(target: LOG_TARGET, "compensation of {account:?} stays due: {error:?}");
			Self::deposit_event(Event::CompensationNotPaid { account, error });
		}
	}
}
