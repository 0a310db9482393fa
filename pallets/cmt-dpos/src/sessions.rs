//! Sessions and eras: when they end, and who sits in them.

use crate::{
	Clock, Config, CurrentEra, CurrentSession, Era, EraStart, Event, Pallet, SeatsOf, SessionClock,
	MAX_UNBONDING_ERAS,
};
use alloc::vec::Vec;
use cybermiles_primitives::{
	traits::{Eras, OnEra, OnSession, Seats},
	Balance, EraIndex, SessionIndex,
};
use frame_support::{
	traits::{EstimateNextSessionRotation, Get},
	weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_session::{historical, SessionManager, ShouldEndSession};
use sp_runtime::{
	traits::{One, Saturating, UniqueSaturatedInto, Zero},
	Permill,
};

impl<T: Config> Pallet<T> {
	fn session_length() -> BlockNumberFor<T> {
		Clock::<T>::get().length.max(One::one())
	}

	/// Starts the clock of a session. Its length is fixed here, so that a changed parameter never
	/// bends a running session.
	fn start_clock() {
		let start = frame_system::Pallet::<T>::block_number();
		Clock::<T>::put(SessionClock { start, length: T::SessionLength::get() });
	}

	/// Begins an era where the present one is over.
	fn advance_era(session: SessionIndex) {
		let era = CurrentEra::<T>::get();
		if session.saturating_sub(era.start) < T::SessionsPerEra::get().max(1) {
			return;
		}
		let index = era.index.saturating_add(1);
		CurrentEra::<T>::put(Era { index, start: session });
		EraStart::<T>::insert(index, session);
		EraStart::<T>::remove(index.wrapping_sub(MAX_UNBONDING_ERAS).wrapping_sub(1));
		// As long as any stake can wait, also where the wait was shortened since.
		let oldest = index.saturating_sub(MAX_UNBONDING_ERAS);
		let oldest_session = EraStart::<T>::get(oldest).unwrap_or_default();
		T::OnEra::on_era_start(index, session, oldest_session);
		Self::deposit_event(Event::EraStarted { era: index, session });
	}
}

impl<T: Config> SessionManager<T::AccountId> for Pallet<T> {
	/// Nothing where the validators stay the same.
	fn new_session(session: SessionIndex) -> Option<Vec<T::AccountId>> {
		let (validators, changed) = Self::hold_election(session);
		(changed || session <= 1).then_some(validators)
	}

	fn start_session(session: SessionIndex) {
		CurrentSession::<T>::put(session);
		Self::start_clock();
		if session == 0 {
			EraStart::<T>::insert(0, 0);
		} else {
			Self::advance_era(session);
		}
		T::OnSession::on_session_start(session);
	}

	fn end_session(session: SessionIndex) {
		T::OnSession::on_session_end(session);
		SeatsOf::<T>::remove(session.wrapping_sub(1));
	}
}

impl<T: Config> historical::SessionManager<T::AccountId, ()> for Pallet<T> {
	/// Always the validators: they may have new keys, which the session's history must know.
	fn new_session(session: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
		let (validators, _) = Self::hold_election(session);
		Some(validators.into_iter().map(|who| (who, ())).collect())
	}

	fn start_session(session: SessionIndex) {
		<Self as SessionManager<T::AccountId>>::start_session(session)
	}

	fn end_session(session: SessionIndex) {
		<Self as SessionManager<T::AccountId>>::end_session(session)
	}
}

impl<T: Config> ShouldEndSession<BlockNumberFor<T>> for Pallet<T> {
	fn should_end_session(now: BlockNumberFor<T>) -> bool {
		now.saturating_sub(Clock::<T>::get().start) >= Self::session_length()
	}
}

impl<T: Config> EstimateNextSessionRotation<BlockNumberFor<T>> for Pallet<T> {
	fn average_session_length() -> BlockNumberFor<T> {
		T::SessionLength::get()
	}

	fn estimate_current_session_progress(now: BlockNumberFor<T>) -> (Option<Permill>, Weight) {
		let passed = now.saturating_sub(Clock::<T>::get().start);
		let passed: u64 = passed.unique_saturated_into();
		let length: u64 = Self::session_length().unique_saturated_into();
		(Some(Permill::from_rational(passed, length)), T::DbWeight::get().reads(1))
	}

	fn estimate_next_session_rotation(_: BlockNumberFor<T>) -> (Option<BlockNumberFor<T>>, Weight) {
		let clock = Clock::<T>::get();
		let length = Self::session_length();
		let next = (!length.is_zero()).then(|| clock.start.saturating_add(length));
		(next, T::DbWeight::get().reads(1))
	}
}

impl<T: Config> Eras for Pallet<T> {
	fn current_era() -> EraIndex {
		CurrentEra::<T>::get().index
	}

	fn current_session() -> SessionIndex {
		CurrentSession::<T>::get()
	}

	fn era_of(session: SessionIndex) -> Option<EraIndex> {
		let now = CurrentEra::<T>::get().index;
		let oldest = now.saturating_sub(MAX_UNBONDING_ERAS);
		(oldest..=now)
			.rev()
			.find(|era| EraStart::<T>::get(era).is_some_and(|start| start <= session))
	}
}

impl<T: Config> Seats<T::AccountId> for Pallet<T> {
	fn validators() -> Vec<(T::AccountId, Balance)> {
		let seats = SeatsOf::<T>::get(CurrentSession::<T>::get());
		seats
			.validators
			.into_iter()
			.map(|seat| (seat.candidate, seat.counted))
			.collect()
	}

	fn standbys() -> Vec<(T::AccountId, Balance)> {
		let seats = SeatsOf::<T>::get(CurrentSession::<T>::get());
		seats.standbys.into_iter().map(|seat| (seat.candidate, seat.counted)).collect()
	}
}
