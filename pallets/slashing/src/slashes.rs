//! Slashes: taken at once, held for some eras, then paid out or given back.

use crate::{
	types::at_least_one, Config, Error, Event, HeldSlashes, HeldTotal, OffenceCounts, Pallet,
	Punishment, SettlingEra, SlashCount, SlashRecord, Slashes, SlashesOf, WeightInfo,
};
use cybermiles_primitives::{
	api::SlashState,
	traits::{AwardPot, Candidacies, Eras, InEscrow, Payouts, StakePools},
	Balance, PoolCut,
};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{fungible::Mutate, tokens::Preservation, Get},
	weights::WeightMeter,
	BoundedVec,
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Takes what an offence costs out of the candidate's pools, and holds it. Returns the number
	/// of the slash. Where nothing was there to take, the slash is settled at once.
	pub(crate) fn punish(offence: Punishment<T::AccountId>) -> u32 {
		let Punishment { candidate, kind, era, since, session, fraction, reporter } = offence;
		let mut parts = T::Stake::slash(&candidate, fraction, since);
		// What lost nothing gets nothing back.
		parts.retain(|cut| cut.amount > 0);
		let amount = sum(&parts);
		let index = SlashCount::<T>::get();
		SlashCount::<T>::put(index.saturating_add(1));
		OffenceCounts::<T>::mutate(kind, |count| *count = count.saturating_add(1));
		SlashesOf::<T>::insert(&candidate, index, ());
		let due = (amount > 0).then(|| Self::hold(index, amount));
		let state = due.map_or(SlashState::Applied, |due| SlashState::Held { due });
		let reporter = reporter.filter(|reporter| !Self::controls(reporter, &candidate));
		let record = SlashRecord {
			candidate: candidate.clone(),
			kind,
			era,
			session,
			fraction,
			amount,
			reporter,
			state,
			parts: BoundedVec::truncate_from(parts),
		};
		Slashes::<T>::insert(index, record);
		Self::deposit_event(Event::Slashed { index, candidate, kind, fraction, amount, due });
		index
	}

	/// Nobody is rewarded for reporting itself.
	fn controls(who: &T::AccountId, candidate: &T::AccountId) -> bool {
		T::Candidacies::owner_of(candidate).as_ref() == Some(who)
	}

	/// Holds `amount`. Returns the first era in which it is paid out.
	fn hold(index: u32, amount: Balance) -> u32 {
		let wait = at_least_one::<T::HoldEras>();
		let due = T::Eras::current_era().saturating_add(wait);
		HeldSlashes::<T>::insert(due, index, ());
		HeldTotal::<T>::mutate(|total| *total = total.saturating_add(amount));
		due
	}

	/// The slash number `index` and its due era, if it is still held.
	fn held(index: u32) -> Result<(SlashRecord<T::AccountId>, u32), DispatchError> {
		let record = Slashes::<T>::get(index).ok_or(Error::<T>::UnknownSlash)?;
		let SlashState::Held { due } = record.state else { return Err(Error::<T>::NotHeld.into()) };
		Ok((record, due))
	}

	/// The money of a slash is not held any more.
	fn close(index: u32, due: u32, mut record: SlashRecord<T::AccountId>, state: SlashState) {
		HeldSlashes::<T>::remove(due, index);
		HeldTotal::<T>::mutate(|total| *total = total.saturating_sub(record.amount));
		record.state = state;
		record.parts = Default::default();
		Slashes::<T>::insert(index, record);
	}

	/// Pays out a slash that has been held long enough.
	pub(crate) fn do_settle(index: u32) -> DispatchResult {
		let (_, due) = Self::held(index)?;
		ensure!(due <= T::Eras::current_era(), Error::<T>::NotDue);
		Self::pay_out(index)
	}

	/// Pays out a held slash, whenever it is due.
	pub(crate) fn pay_out(index: u32) -> DispatchResult {
		let (record, due) = Self::held(index)?;
		T::Payouts::ensure_open()?;
		let share = T::ReporterShare::get().mul_floor(record.amount);
		let to_reporter = record.reporter.as_ref().map_or(0, |who| Self::pay(who, share));
		let rest = record.amount.saturating_sub(to_reporter);
		let to_treasury = Self::pay(&T::Treasury::get(), rest);
		let to_pot = rest.saturating_sub(to_treasury);
		Self::close(index, due, record, SlashState::Applied);
		Self::add_to_pot(to_pot);
		Self::deposit_event(Event::SlashApplied { index, to_reporter, to_treasury, to_pot });
		Ok(())
	}

	/// Pays `amount` out of escrow. Returns what arrived: all, or nothing where `who` cannot take it.
	fn pay(who: &T::AccountId, amount: Balance) -> Balance {
		if amount == 0 {
			return 0;
		}
		let escrow = T::Stake::escrow_account();
		with_storage_layer(|| T::Currency::transfer(&escrow, who, amount, Preservation::Expendable))
			.map_or(0, |_| amount)
	}

	fn add_to_pot(amount: Balance) {
		if amount > 0 {
			T::Pot::add(amount);
		}
	}

	/// Gives a held slash back to the pools it came from, and ends the jail that came with it.
	/// What came from a pool without members joins the next award.
	pub(crate) fn do_cancel(index: u32) -> DispatchResult {
		let (record, due) = Self::held(index)?;
		let (candidate, session) = (record.candidate.clone(), record.session);
		let returned = record
			.parts
			.iter()
			.filter(|cut| T::Stake::restore(&candidate, cut).is_ok())
			.fold(0, |sum: Balance, cut| sum.saturating_add(cut.amount));
		let to_pot = record.amount.saturating_sub(returned);
		Self::close(index, due, record, SlashState::Cancelled);
		Self::add_to_pot(to_pot);
		Self::deposit_event(Event::SlashCancelled { index, returned, to_pot });
		Self::release_from(candidate, index, session);
		Ok(())
	}

	/// Pays out what has been held long enough, as long as the meter allows.
	pub(crate) fn settle_what_is_due(meter: &mut WeightMeter) {
		let step = T::WeightInfo::settle();
		if meter.try_consume(step).is_err() || T::Payouts::ensure_open().is_err() {
			return;
		}
		let (mut era, now) = (SettlingEra::<T>::get(), T::Eras::current_era());
		// One iterator for all steps of an era: a new one would pass over all that is settled.
		let mut due = HeldSlashes::<T>::iter_key_prefix(era);
		while era <= now && meter.try_consume(step).is_ok() {
			match due.next() {
				Some(index) => Self::settle_or_report(index),
				None => {
					era = era.saturating_add(1);
					SettlingEra::<T>::put(era);
					due = HeldSlashes::<T>::iter_key_prefix(era);
				},
			}
		}
	}

	fn settle_or_report(index: u32) {
		if let Err(error) = with_storage_layer(|| Self::do_settle(index)) {
			log::warn!(target: crate::LOG_TARGET, "slash {index} cannot be settled: {error:?}");
		}
	}
}

/// What was taken in all.
pub(crate) fn sum(parts: &[PoolCut]) -> Balance {
	parts.iter().fold(0, |sum, cut| sum.saturating_add(cut.amount))
}

impl<T: Config> InEscrow for Pallet<T> {
	fn in_escrow() -> Balance {
		HeldTotal::<T>::get()
	}
}
