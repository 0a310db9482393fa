//! Jail: who may not stand for election, author or earn because of an offence.

use crate::{
	Absence, Absentees, Config, CurrentSession, Error, Event, Jail, JailTerm, Jails, Pallet,
	Pardons,
};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use cybermiles_primitives::{
	traits::{AuthorityKeys, Presence, PresenceObserver, StakePools, Standing},
	SessionIndex,
};
use frame_support::{
	ensure,
	traits::{Get, Time},
};
use sp_runtime::{DispatchResult, Perbill};

impl<T: Config> Pallet<T> {
	/// The jail in which `candidate` is now.
	pub(crate) fn jail_of(candidate: &T::AccountId) -> Option<Jail> {
		Jails::<T>::get(candidate).filter(|jail| jail.holds_at(T::Time::now()))
	}

	/// Whether `candidate` is in jail now.
	pub(crate) fn in_jail(candidate: &T::AccountId) -> bool {
		Self::jail_of(candidate).is_some()
	}

	/// Jails `candidate` because of slash number `cause`: it stands aside from the next elections,
	/// and does not author for the rest of the session.
	pub(crate) fn jail(candidate: &T::AccountId, term: JailTerm, severity: Perbill, cause: u32) {
		// Nothing is lost where it fails: who stands aside already, or has closed, stands nowhere.
		if let Err(error) = T::Stake::stand_aside(candidate) {
			log::debug!(target: crate::LOG_TARGET, "{candidate:?} stands nowhere: {error:?}");
		}
		Jails::<T>::insert(candidate, Jail { term, cause });
		Self::keep_out(candidate, severity);
		let candidate = candidate.clone();
		Self::deposit_event(match term {
			JailTerm::Until(until) => Event::Jailed { candidate, until },
			JailTerm::Tombstoned { fraction, .. } => Event::Tombstoned { candidate, fraction },
		});
	}

	/// Keeps `candidate` from authoring, and counts it as absent until it authors again.
	fn keep_out(candidate: &T::AccountId, severity: Perbill) {
		let absence = Absence { kept_out: true, ..Default::default() };
		let mut was_there = true;
		if T::Keys::validators().contains(candidate) {
			T::Keys::disable(candidate, severity);
			was_there = Absentees::<T>::mutate(|absentees| {
				matches!(absentees.try_insert(candidate.clone(), absence), Ok(None))
			});
		}
		if was_there {
			T::PresenceObserver::on_absent(candidate);
		}
	}

	/// Takes over the absent into a new session: who does not sit in it is forgotten, and who was
	/// elected before it came into jail is kept from authoring.
	pub(crate) fn seat(validators: &[T::AccountId]) {
		T::Keys::enable_all();
		let mut absentees = Absentees::<T>::get();
		let seats: BTreeSet<_> = validators.iter().collect();
		absentees.retain(|candidate, _| seats.contains(candidate));
		let mut gone = Vec::new();
		for candidate in validators {
			let jail = Self::jail_of_new_seat(candidate);
			match (absentees.get_mut(candidate), jail.is_some()) {
				(Some(absence), kept_out) => absence.kept_out = kept_out,
				(None, true) => {
					let absence = Absence { kept_out: true, ..Default::default() };
					if absentees.try_insert(candidate.clone(), absence).is_ok() {
						gone.push(candidate);
					}
				},
				(None, false) => {},
			}
			if let Some(jail) = jail {
				T::Keys::disable(candidate, Self::severity(&jail));
			}
		}
		Self::judge_mass_absence(&mut absentees, validators.len() as u32);
		Absentees::<T>::put(absentees);
		gone.into_iter().for_each(T::PresenceObserver::on_absent);
	}

	/// The jail of who has a seat in a new session. One that is over is forgotten.
	fn jail_of_new_seat(candidate: &T::AccountId) -> Option<Jail> {
		let jail = Self::jail_of(candidate);
		if jail.is_none() {
			Jails::<T>::remove(candidate);
		}
		jail
	}

	fn severity(jail: &Jail) -> Perbill {
		match jail.term {
			JailTerm::Until(_) => T::DowntimeSlash::get(),
			JailTerm::Tombstoned { fraction, .. } => fraction,
		}
	}

	fn is_for_good(jail: &Jail) -> bool {
		matches!(jail.term, JailTerm::Tombstoned { .. })
	}

	/// Ends the jail of `candidate`, whatever it is for.
	pub(crate) fn do_pardon(candidate: T::AccountId) -> DispatchResult {
		let jail = Self::jail_of(&candidate).ok_or(Error::<T>::NotJailed)?;
		Self::release(candidate, &jail, CurrentSession::<T>::get());
		Ok(())
	}

	/// Ends the jail that slash number `cause` brought, if it has not ended or been replaced.
	pub(crate) fn release_from(candidate: T::AccountId, cause: u32, session: SessionIndex) {
		match Jails::<T>::get(&candidate) {
			Some(jail) if jail.cause == cause => Self::release(candidate, &jail, session),
			_ => {},
		}
	}

	/// Ends `jail`. Where it was for good, offences up to `session` are not punished any more: late
	/// reports of them would bring it back. Missed turns are never reported, so that the end of a
	/// jail for those pardons nothing else.
	fn release(candidate: T::AccountId, jail: &Jail, session: SessionIndex) {
		Jails::<T>::remove(&candidate);
		let for_good = Self::is_for_good(jail);
		if for_good {
			let until = Pardons::<T>::get(&candidate).map_or(session, |until| until.max(session));
			Pardons::<T>::insert(&candidate, until);
		}
		let offences_until = for_good.then_some(session);
		Self::deposit_event(Event::Pardoned { candidate, offences_until });
	}
}

impl<T: Config> Standing<T::AccountId> for Pallet<T> {
	fn ensure_may_stand(candidate: &T::AccountId) -> DispatchResult {
		let Some(jail) = Self::jail_of(candidate) else { return Ok(()) };
		ensure!(!Self::is_for_good(&jail), Error::<T>::Tombstoned);
		Err(Error::<T>::Jailed.into())
	}

	fn ensure_may_take_stake(candidate: &T::AccountId) -> DispatchResult {
		let tombstoned = Self::jail_of(candidate).is_some_and(|jail| Self::is_for_good(&jail));
		ensure!(!tombstoned, Error::<T>::Tombstoned);
		Ok(())
	}
}

impl<T: Config> Presence<T::AccountId> for Pallet<T> {
	fn earns(candidate: &T::AccountId) -> bool {
		!Absentees::<T>::get().contains_key(candidate) && !Self::in_jail(candidate)
	}
}
