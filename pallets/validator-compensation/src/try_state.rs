//! The invariants, stated and checked.

use crate::{
	AccountBooks, CompensationDue, Config, History, Pallet, RatesLowered, RunningGroups, SeatsOf,
};
use alloc::collections::btree_set::BTreeSet;
use cybermiles_primitives::{
	api::SESSIONS_KEPT,
	traits::{Eras, InEscrow, Seats, StakePools},
	Balance, ClassId,
};
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::TryRuntimeError;

type Checked = Result<(), TryRuntimeError>;

impl<T: Config> Pallet<T> {
	/// ## Invariants:
	///
	/// 1. The escrow account holds at least what the books of all pallets say (more where somebody
	///    sent it a gift since the era began).
	/// 2. What seats earned and did not fold is at most what is pending; compensation not paid is the
	///    sum over all accounts.
	/// 3. The weight of each group is the sum over its seats that earn.
	/// 4. The seats are those of the session, each with its counted stake.
	/// 5. A lowered rate is below what its class agreed to, and not the owner's class's.
	/// 6. No session is remembered for longer than promised.
	pub fn do_try_state() -> Checked {
		Self::try_state_escrow()?;
		Self::try_state_books()?;
		Self::try_state_groups()?;
		Self::try_state_seats()?;
		Self::try_state_rates()?;
		Self::try_state_history()
	}

	/// Invariant 1.
	fn try_state_escrow() -> Checked {
		let escrow = T::Currency::total_balance(&T::Stake::escrow_account());
		let booked = T::StakeBooks::in_escrow() + T::SlashBooks::in_escrow() + Self::in_escrow();
		ensure!(escrow >= booked, "escrow holds less than the books say");
		Ok(())
	}

	/// Invariant 2.
	fn try_state_books() -> Checked {
		let books = AccountBooks::<T>::get();
		let groups = RunningGroups::<T>::get();
		let owed = SeatsOf::<T>::iter_values().map(|seat| seat.owed(groups.of(seat.validator)));
		ensure!(owed.sum::<Balance>() <= books.pending, "seats earned more than is pending");
		let due: Balance = CompensationDue::<T>::iter_values().sum();
		ensure!(due == books.compensation, "compensation is not the sum over all accounts");
		Ok(())
	}

	/// Invariant 3.
	fn try_state_groups() -> Checked {
		let groups = RunningGroups::<T>::get();
		for validator in [true, false] {
			let weight: Balance = SeatsOf::<T>::iter_values()
				.filter(|seat| seat.validator == validator && seat.since.is_some())
				.map(|seat| seat.weight)
				.sum();
			ensure!(weight == groups.of(validator).weight(), "a group's weight is not its seats'");
		}
		Ok(())
	}

	/// Invariant 4.
	fn try_state_seats() -> Checked {
		let validators =
			T::Seats::validators().into_iter().map(|(who, weight)| (who, weight, true));
		let standbys = T::Seats::standbys().into_iter().map(|(who, weight)| (who, weight, false));
		let expected: BTreeSet<_> = validators.chain(standbys).collect();
		let seats: BTreeSet<_> = SeatsOf::<T>::iter()
			.map(|(who, seat)| (who, seat.weight, seat.validator))
			.collect();
		ensure!(seats == expected, "the seats that earn are not those of the session");
		Ok(())
	}

	/// Invariant 5.
	fn try_state_rates() -> Checked {
		for lowered in RatesLowered::<T>::iter_values() {
			ensure!(!lowered.is_empty(), "an empty list of lowered rates is kept");
			for (class, rate) in lowered {
				ensure!(class != ClassId::OWNER, "the owner's class has a lowered rate");
				ensure!(rate < class.agreed_rate(), "a lowered rate is not below the agreed one");
			}
		}
		Ok(())
	}

	/// Invariant 6.
	fn try_state_history() -> Checked {
		let present = T::Eras::current_session();
		let sound = |session: u32| session < present && session + SESSIONS_KEPT >= present;
		ensure!(History::<T>::iter_keys().all(sound), "a session is remembered for too long");
		Ok(())
	}
}
