//! Who missed its turns, read off the slots that no block used.

use crate::{
	types::{at_least_one, exceeds, turns_between},
	Absence, Absentees, AbsenteesOf, Config, CurrentSession, Event, JailTerm, LastSlot, MassAbsent,
	Pallet, Punishment, WeightInfo,
};
use alloc::vec::Vec;
use cybermiles_primitives::{
	api::OffenceKind,
	traits::{AuthorityKeys, Eras, PresenceObserver},
	EraIndex,
};
use frame_support::{
	traits::{Get, Time},
	weights::Weight,
};

impl<T: Config> Pallet<T> {
	/// Notes which turns passed unused before this block, and that its author is there.
	pub(crate) fn attend() -> Weight {
		let (slot, last) = (T::CurrentSlot::get(), LastSlot::<T>::get());
		if last.is_some_and(|last| slot <= last) {
			return T::WeightInfo::attend(0);
		}
		LastSlot::<T>::put(slot);
		let last = last.unwrap_or(slot);
		let absentees = Absentees::<T>::get();
		let gap = slot.saturating_sub(last) > 1;
		if !gap && !Self::author_returns(&absentees) {
			return T::WeightInfo::attend(0);
		}
		Self::call_the_roll(absentees, last, slot)
	}

	/// Whether this block's author was absent, and its block makes it present again. Who is in
	/// jail stays absent even where it could not be kept from authoring.
	fn author_returns(absentees: &AbsenteesOf<T::AccountId>) -> bool {
		!absentees.is_empty()
			&& T::Author::get()
				.is_some_and(|author| absentees.contains_key(&author) && !Self::in_jail(&author))
	}

	/// First all newly absent, then whether these are too many for a fault of their own, then the
	/// runs, then the author, and punishment at the end.
	fn call_the_roll(mut absentees: AbsenteesOf<T::AccountId>, last: u64, slot: u64) -> Weight {
		let validators = T::Keys::validators();
		let seats = validators.len() as u32;
		let missed = Self::missed_turns(validators, last, slot);
		let gone = Self::mark_absent(&mut absentees, &missed);
		Self::judge_mass_absence(&mut absentees, seats);
		let culprits = Self::count_turns(&mut absentees, &missed);
		let back = T::Author::get().filter(|_| Self::author_returns(&absentees));
		if let Some(author) = &back {
			absentees.remove(author);
			Self::judge_mass_absence(&mut absentees, seats);
		}
		Absentees::<T>::put(absentees);
		gone.iter().for_each(T::PresenceObserver::on_absent);
		back.iter().for_each(T::PresenceObserver::on_present);
		let punished = culprits.len() as u64;
		for (candidate, since) in culprits {
			Self::punish_downtime(candidate, since);
		}
		T::WeightInfo::attend(missed.len() as u32)
			.saturating_add(T::WeightInfo::punish_downtime().saturating_mul(punished))
	}

	/// Who missed how many turns between two slots: one step for each validator, however long the
	/// gap.
	fn missed_turns(
		validators: Vec<T::AccountId>,
		last: u64,
		slot: u64,
	) -> Vec<(T::AccountId, u32)> {
		let seats = validators.len() as u64;
		validators
			.into_iter()
			.zip(0u64..)
			.map(|(candidate, seat)| (candidate, turns_between(last, slot, seat, seats)))
			.filter(|(_, turns)| *turns > 0)
			.collect()
	}

	/// Returns those that were not absent before.
	fn mark_absent(
		absentees: &mut AbsenteesOf<T::AccountId>,
		missed: &[(T::AccountId, u32)],
	) -> Vec<T::AccountId> {
		let mut gone = Vec::new();
		for (candidate, _) in missed {
			let was_there = !absentees.contains_key(candidate);
			if was_there && absentees.try_insert(candidate.clone(), Absence::default()).is_ok() {
				gone.push(candidate.clone());
			}
		}
		gone
	}

	/// Where more than a part of the validators are absent, the fault is the network's: all runs
	/// start anew.
	pub(crate) fn judge_mass_absence(absentees: &mut AbsenteesOf<T::AccountId>, validators: u32) {
		let absent = absentees.len() as u32;
		match (exceeds(absent, validators, T::MassAbsence::get()), MassAbsent::<T>::get()) {
			(true, false) => {
				MassAbsent::<T>::put(true);
				absentees.iter_mut().for_each(|(_, absence)| absence.missed = 0);
				Self::deposit_event(Event::MassAbsenceBegan { absent, validators });
			},
			(false, true) => {
				MassAbsent::<T>::kill();
				Self::deposit_event(Event::MassAbsenceEnded { absent, validators });
			},
			_ => {},
		}
	}

	/// Lengthens the runs, unless too many are absent. Returns whose run is long enough for jail,
	/// with the era in which it began.
	fn count_turns(
		absentees: &mut AbsenteesOf<T::AccountId>,
		missed: &[(T::AccountId, u32)],
	) -> Vec<(T::AccountId, EraIndex)> {
		let mut culprits = Vec::new();
		if MassAbsent::<T>::get() {
			return culprits;
		}
		let (limit, era) = (at_least_one::<T::DowntimeTurns>(), T::Eras::current_era());
		for (candidate, turns) in missed {
			let Some(absence) = absentees.get_mut(candidate) else { continue };
			if absence.kept_out {
				continue;
			}
			if absence.missed == 0 {
				absence.since = era;
			}
			absence.missed = absence.missed.saturating_add(*turns);
			// Not only where the count is just reached: a lowered limit holds for runs under way.
			if absence.missed >= limit {
				absence.missed = 0;
				culprits.push((candidate.clone(), absence.since));
			}
		}
		culprits
	}

	/// Slashes and jails who missed too many turns in a row, the first of them in era `since`.
	pub(crate) fn punish_downtime(candidate: T::AccountId, since: EraIndex) {
		let fraction = T::DowntimeSlash::get();
		let cause = Self::punish(Punishment {
			candidate: candidate.clone(),
			kind: OffenceKind::Downtime,
			era: since,
			since,
			session: CurrentSession::<T>::get(),
			fraction,
			reporter: None,
		});
		let end = T::Time::now().saturating_add(T::JailTime::get());
		Self::jail(&candidate, JailTerm::Until(end), fraction, cause);
	}
}
