//! The award of a block: new CMT and fees, shared by two running indices.

use crate::{AccountBooks, Config, Groups, LastAward, Pallet, RunningGroups, LOG_TARGET};
use cybermiles_primitives::{
	api::BlockAward,
	traits::{AwardPot, InEscrow, StakePools},
	Balance, CMT, YEAR_MILLIS,
};
use frame_support::traits::{
	fungible::{Balanced, Credit, Mutate},
	Get, Imbalance, OnUnbalanced,
};
use sp_arithmetic::helpers_128bit::multiply_by_rational_with_rounding;
use sp_runtime::Rounding;

/// What inflation is a part of, whatever the supply is: 1,000,000,000 CMT (protocol section 6).
const ISSUANCE_BASE: Balance = 1_000_000_000 * CMT;

impl<T: Config> Pallet<T> {
	/// New CMT of one block, in planck: the year's part of a slot, rounded down.
	pub fn issuance_per_block() -> Balance {
		let yearly = T::Inflation::get().mul_floor(ISSUANCE_BASE);
		let (slot, year) = (T::SlotDuration::get().into(), YEAR_MILLIS.into());
		multiply_by_rational_with_rounding(yearly, slot, year, Rounding::Down).unwrap_or_default()
	}

	/// Issues and shares the award of this block. Costs the same however many there are to share.
	pub(crate) fn award_block() {
		let issued = Self::issue();
		let mut books = AccountBooks::<T>::get();
		let award = BlockAward {
			issued,
			fees: core::mem::take(&mut books.fees),
			carried: core::mem::take(&mut books.undistributed),
			..Default::default()
		};
		let pot = issued.saturating_add(award.fees).saturating_add(award.carried);
		let (to_validators, to_standbys) =
			RunningGroups::<T>::mutate(|groups| share::<T>(groups, pot));
		let shared = to_validators.saturating_add(to_standbys);
		books.issued = books.issued.saturating_add(issued);
		books.pending = books.pending.saturating_add(shared);
		books.undistributed = pot.saturating_sub(shared);
		AccountBooks::<T>::put(books);
		LastAward::<T>::put(BlockAward { to_validators, to_standbys, ..award });
	}

	/// Mints this block's new CMT into escrow; returns how much.
	fn issue() -> Balance {
		let amount = Self::issuance_per_block();
		match T::Currency::mint_into(&T::Stake::escrow_account(), amount) {
			Ok(issued) => issued,
			Err(error) => {
				log::error!(target: LOG_TARGET, "cannot issue {amount}: {error:?}");
				0
			},
		}
	}
}

/// Advances both indices; returns what each group got. A part without receivers is not shared.
fn share<T: Config>(groups: &mut Groups, pot: Balance) -> (Balance, Balance) {
	let standbys = match groups.standbys.weight() {
		0 => 0,
		_ => T::StandbyShare::get().mul_floor(pot),
	};
	let validators = pot.saturating_sub(standbys);
	let given = |taken: bool, amount: Balance| if taken { amount } else { 0 };
	let to_validators = given(groups.validators.award(validators), validators);
	(to_validators, given(groups.standbys.award(standbys), standbys))
}

/// Fees, gas and tips of a block join its award. What escrow cannot take is burnt.
impl<T: Config> OnUnbalanced<Credit<T::AccountId, T::Currency>> for Pallet<T> {
	fn on_nonzero_unbalanced(fees: Credit<T::AccountId, T::Currency>) {
		let amount = fees.peek();
		match T::Currency::resolve(&T::Stake::escrow_account(), fees) {
			Ok(()) => AccountBooks::<T>::mutate(|books| {
				books.fees = books.fees.saturating_add(amount);
			}),
			Err(_) => log::error!(target: LOG_TARGET, "fees of {amount} were burnt"),
		}
	}
}

impl<T: Config> AwardPot for Pallet<T> {
	fn add(amount: Balance) {
		AccountBooks::<T>::mutate(|books| {
			books.undistributed = books.undistributed.saturating_add(amount);
		});
	}
}

impl<T: Config> InEscrow for Pallet<T> {
	fn in_escrow() -> Balance {
		AccountBooks::<T>::get().in_escrow()
	}
}
