//! Escrow against the books: checked on the running chain at the start of each era.

use crate::{AccountBooks, Config, Error, Event, Pallet, PayoutsPaused, LOG_TARGET};
use cybermiles_primitives::{
	api::SolvencyInfo,
	traits::{AwardPot, InEscrow, OnEra, Payouts, StakePools},
	Balance, EraIndex, SessionIndex,
};
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	/// What the books of all pallets say is in escrow, in planck.
	fn booked() -> Balance {
		T::StakeBooks::in_escrow()
			.saturating_add(T::SlashBooks::in_escrow())
			.saturating_add(Self::in_escrow())
	}

	/// Compares escrow with the books, at constant cost.
	///
	/// Too little pauses all payouts. Too much is a gift, which anybody can send: it joins the next
	/// award, or everybody could pause the payouts.
	pub(crate) fn check_solvency() {
		let escrow = T::Currency::total_balance(&T::Stake::escrow_account());
		let booked = Self::booked();
		if escrow < booked {
			log::error!(target: LOG_TARGET, "escrow has {escrow} for {booked}: payouts pause");
			PayoutsPaused::<T>::put(true);
			Self::deposit_event(Event::PayoutsPaused { escrow, booked });
		} else if escrow > booked {
			let amount = escrow.saturating_sub(booked);
			Self::add(amount);
			Self::deposit_event(Event::GiftFound { amount });
		}
	}

	pub(crate) fn do_resume_payouts() -> DispatchResult {
		ensure!(PayoutsPaused::<T>::take(), Error::<T>::PayoutsNotPaused);
		Self::deposit_event(Event::PayoutsResumed);
		Ok(())
	}

	/// The books of escrow.
	pub fn solvency() -> SolvencyInfo {
		let books = AccountBooks::<T>::get();
		SolvencyInfo {
			escrow: T::Currency::total_balance(&T::Stake::escrow_account()),
			stake: T::StakeBooks::in_escrow(),
			pending: books.pending,
			compensation: books.compensation,
			slashes: T::SlashBooks::in_escrow(),
			undistributed: books.undistributed.saturating_add(books.fees),
			paused: PayoutsPaused::<T>::get(),
		}
	}
}

impl<T: Config> OnEra for Pallet<T> {
	fn on_era_start(_: EraIndex, _: SessionIndex, _: SessionIndex) {
		Self::check_solvency();
	}
}

impl<T: Config> Payouts for Pallet<T> {
	fn ensure_open() -> DispatchResult {
		ensure!(!PayoutsPaused::<T>::get(), Error::<T>::PayoutsPaused);
		Ok(())
	}
}
