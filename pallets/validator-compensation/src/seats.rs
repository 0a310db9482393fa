//! Who earns in a session: seats come and go, and stop earning while they are absent.

use crate::{
	AccountBooks, Config, Event, Groups, History, Pallet, RunningGroups, Seat, SeatsOf,
	SessionRecord, SessionStart,
};
use cybermiles_primitives::{
	api::{SeatAward, SESSIONS_KEPT},
	traits::{OnSession, Presence, PresenceObserver, Seats, StakePools},
	Balance, SessionIndex,
};
use frame_support::BoundedVec;
use sp_runtime::traits::{One, Saturating, UniqueSaturatedInto};

impl<T: Config> Pallet<T> {
	/// Lets `candidate` earn from now on. Does nothing for who has no such seat or earns already.
	pub(crate) fn start_earning(candidate: &T::AccountId, validator: bool) {
		let Some(mut seat) = SeatsOf::<T>::get(candidate) else { return };
		if seat.validator != validator || seat.since.is_some() {
			return;
		}
		RunningGroups::<T>::mutate(|groups| {
			let group = groups.of_mut(validator);
			// Counted stakes are parts of the supply, whose sum fits.
			seat.since = group.join(seat.weight).then(|| group.index());
		});
		SeatsOf::<T>::insert(candidate, seat);
	}

	/// Lets `candidate` earn no more; what it earned stays its own.
	fn stop_earning(candidate: &T::AccountId) {
		let Some(mut seat) = SeatsOf::<T>::get(candidate) else { return };
		if seat.since.is_none() {
			return;
		}
		RunningGroups::<T>::mutate(|groups| {
			let group = groups.of_mut(seat.validator);
			seat.settled = seat.owed(group);
			seat.since = None;
			group.leave(seat.weight);
		});
		SeatsOf::<T>::insert(candidate, seat);
	}

	/// Enters one seat of the session that begins.
	fn seat((candidate, weight): (T::AccountId, Balance), validator: bool) {
		SeatsOf::<T>::insert(&candidate, Seat::new(validator, weight));
		if validator && T::Presence::earns(&candidate) {
			Self::start_earning(&candidate, true);
		}
	}

	/// Takes one seat of the session that ends out; returns its record, with its stake.
	fn unseat(candidate: T::AccountId) -> Option<(SeatAward<T::AccountId>, Balance)> {
		let stakes = T::Stake::class_stakes(&candidate);
		let stake = stakes.iter().fold(0, |sum: Balance, (_, stake)| sum.saturating_add(*stake));
		Self::fold(&candidate);
		let Seat { validator, award, compensation, .. } = SeatsOf::<T>::take(&candidate)?;
		Self::pay_compensation_of(&candidate);
		Some((SeatAward { candidate, validator, award, compensation }, stake))
	}

	/// Blocks since the session began.
	fn blocks_of_session() -> u32 {
		let now = frame_system::Pallet::<T>::block_number();
		now.saturating_sub(SessionStart::<T>::get()).unique_saturated_into()
	}
}

impl<T: Config> OnSession for Pallet<T> {
	/// Folds what all seats earned, so that the next election sees it.
	fn on_session_end(session: SessionIndex) {
		// The keys are collected first: the entries go while they are looked at. At most 96.
		let candidates: alloc::vec::Vec<_> = SeatsOf::<T>::iter_keys().collect();
		let seats = candidates.into_iter().filter_map(Self::unseat).collect();
		let record = SessionRecord {
			blocks: Self::blocks_of_session(),
			seats: BoundedVec::truncate_from(seats),
		};
		let sum = |part: fn(&SeatAward<T::AccountId>) -> Balance| {
			record
				.seats
				.iter()
				.fold(0, |sum: Balance, (seat, _)| sum.saturating_add(part(seat)))
		};
		let (award, compensation) = (sum(|seat| seat.award), sum(|seat| seat.compensation));
		History::<T>::insert(session, record);
		if let Some(old) = session.checked_sub(SESSIONS_KEPT) {
			History::<T>::remove(old);
		}
		Self::deposit_event(Event::SessionAwarded { session, award, compensation });
	}

	fn on_session_start(_: SessionIndex) {
		// What the roundings of the indices kept belongs to nobody.
		AccountBooks::<T>::mutate(|books| {
			let dust = core::mem::take(&mut books.pending);
			books.undistributed = books.undistributed.saturating_add(dust);
		});
		RunningGroups::<T>::put(Groups::default());
		// Genesis makes no award.
		SessionStart::<T>::put(frame_system::Pallet::<T>::block_number().max(One::one()));
		T::Seats::validators().into_iter().for_each(|seat| Self::seat(seat, true));
		T::Seats::standbys().into_iter().for_each(|seat| Self::seat(seat, false));
	}
}

impl<T: Config> PresenceObserver<T::AccountId> for Pallet<T> {
	fn on_absent(candidate: &T::AccountId) {
		Self::stop_earning(candidate);
	}

	fn on_present(candidate: &T::AccountId) {
		Self::start_earning(candidate, true);
	}
}
