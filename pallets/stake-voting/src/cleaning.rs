//! Removal of what ended polls leave behind, in idle block space.
//!
//! Snapshots go in the order in which they were taken, and each when all its polls have ended.

use crate::{
	CandidateVotes, Config, DelegatorVotes, Kept, KeptSnapshots, Pallet, PollIndex, SeatsThen,
	Snapshot, Snapshots, WeightInfo,
};
use cybermiles_primitives::{traits::PollObserver, SessionIndex};
use frame_support::{traits::Polling, weights::WeightMeter};

/// Entries that one step removes of each kind.
pub(crate) const BATCH: u32 = 32;

impl<T: Config> Pallet<T> {
	/// One step where the meter allows it. No second one in the same block: it would meet again what
	/// the first one removed.
	pub(crate) fn clean(meter: &mut WeightMeter) {
		if meter.try_consume(T::WeightInfo::clean()).is_ok() {
			Self::clean_step();
		}
	}

	/// One step at the oldest snapshot; false where nothing can go.
	pub(crate) fn clean_step() -> bool {
		let Some(kept) = KeptSnapshots::<T>::get() else { return false };
		let session = kept.oldest;
		let Some(snapshot) = Snapshots::<T>::get(session) else { return false };
		match snapshot.first < snapshot.end {
			true => Self::clean_poll(session, snapshot),
			false => Self::drop_snapshot(kept, snapshot),
		}
	}

	/// Removes votes of the first poll of a snapshot, where it has ended.
	fn clean_poll(session: SessionIndex, mut snapshot: Snapshot) -> bool {
		let poll = snapshot.first;
		if T::Polls::as_ongoing(poll).is_some() {
			// All later polls wait for this one.
			T::PollObserver::on_awaited(poll);
			return false;
		}
		if Self::remove_votes(poll) {
			snapshot.first = poll.saturating_add(1);
			Snapshots::<T>::insert(session, snapshot);
			T::PollObserver::on_removed(poll);
		}
		true
	}

	/// Removes a batch of votes; true where none is left.
	fn remove_votes(poll: PollIndex) -> bool {
		let delegators = DelegatorVotes::<T>::clear_prefix(poll, BATCH, None);
		let candidates = CandidateVotes::<T>::clear_prefix(poll, BATCH, None);
		delegators.maybe_cursor.is_none() && candidates.maybe_cursor.is_none()
	}

	/// Removes a batch of the seats of the oldest snapshot, and the snapshot with the last of them.
	fn drop_snapshot(kept: Kept, snapshot: Snapshot) -> bool {
		let session = kept.oldest;
		if SeatsThen::<T>::clear_prefix(session, BATCH, None).maybe_cursor.is_some() {
			return true;
		}
		Snapshots::<T>::remove(session);
		KeptSnapshots::<T>::set(snapshot.next.map(|oldest| Kept { oldest, ..kept }));
		true
	}
}
