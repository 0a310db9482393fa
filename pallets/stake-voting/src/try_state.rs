//! The invariants of the pallet.
//!
//! 1. The tally of a poll is the sum of its votes: power left to candidates, and power of
//!    delegators.
//! 2. What was taken out of a candidate's vote is the power of its delegators that vote, and no more
//!    than the power of its seat. With 1: no power counts twice.
//! 3. The total of a snapshot is the power of its seats; no poll counts more than that.
//! 4. Snapshots form one chain, oldest first, over consecutive polls, up to those opened.
//! 5. A history is in order, and of a position that exists.

use crate::{
	CandidateVotes, Config, Counted, DelegatorVotes, Histories, KeptSnapshots, Pallet, PollIndex,
	SeatsThen, Snapshot, Snapshots, Tally,
};
use alloc::{collections::btree_map::BTreeMap, vec::Vec};
use cybermiles_primitives::{
	traits::{BondedStake, Eras},
	Balance, SessionIndex,
};
use frame_support::{ensure, traits::Polling};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks all invariants.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let chain = Self::try_chain()?;
		for (session, snapshot) in &chain {
			Self::try_snapshot(*session, snapshot)?;
		}
		let seats = SeatsThen::<T>::iter_keys().map(|(session, _)| session);
		let known = |session: &SessionIndex| chain.iter().any(|(other, _)| other == session);
		ensure!(seats.into_iter().all(|session| known(&session)), "seats without a snapshot");
		Self::try_histories()
	}

	/// Invariant 4; returns the snapshots in order.
	fn try_chain() -> Result<Vec<(SessionIndex, Snapshot)>, TryRuntimeError> {
		let mut chain = Vec::new();
		let kept = KeptSnapshots::<T>::get();
		let mut next = kept.map(|kept| kept.oldest);
		while let Some(session) = next {
			let snapshot = Snapshots::<T>::get(session).ok_or("a link of the chain is missing")?;
			let before: Option<&(SessionIndex, Snapshot)> = chain.last();
			let follows = before
				.is_none_or(|(earlier, before)| *earlier < session && before.end <= snapshot.first);
			ensure!(follows && snapshot.first <= snapshot.end, "snapshots are not in order");
			next = snapshot.next;
			chain.push((session, snapshot));
		}
		ensure!(Snapshots::<T>::iter().count() == chain.len(), "a snapshot is not in the chain");
		ensure!(kept.map(|kept| kept.latest) == chain.last().map(|(last, _)| *last), "the latest");
		let opened = chain.last().is_none_or(|(_, last)| last.end == Counted::<T>::get());
		ensure!(opened, "the latest snapshot does not open the last polls");
		Ok(chain)
	}

	/// Invariant 3, and those of the polls of one snapshot.
	fn try_snapshot(session: SessionIndex, snapshot: &Snapshot) -> Result<(), TryRuntimeError> {
		// Seats go last: a snapshot that is being dropped may have lost some.
		if snapshot.first == snapshot.end {
			return Ok(());
		}
		let total: Balance = SeatsThen::<T>::iter_prefix_values(session).map(|s| s.power).sum();
		ensure!(total == snapshot.total, "the total is not the power of all seats");
		for poll in snapshot.first..snapshot.end {
			if let Some((tally, _)) = T::Polls::as_ongoing(poll) {
				ensure!(tally.opens == session, "a poll of another session");
				Self::try_poll(poll, &tally, total)?;
			}
		}
		Ok(())
	}

	/// Invariants 1, 2 and 3 of one poll.
	fn try_poll(poll: PollIndex, tally: &Tally<T>, total: Balance) -> Result<(), TryRuntimeError> {
		let mut counted = Tally::<T>::opening_with(tally.opens);
		let mut taken_out = BTreeMap::<T::AccountId, Balance>::new();
		for ((candidate, _), record) in DelegatorVotes::<T>::iter_prefix(poll) {
			counted.shift(None, Some(record.vote), record.power);
			*taken_out.entry(candidate).or_default() += record.power;
		}
		for (candidate, record) in CandidateVotes::<T>::iter_prefix(poll) {
			let seat = SeatsThen::<T>::get(tally.opens, &candidate).ok_or("a vote without seat")?;
			let taken = taken_out.remove(&candidate).unwrap_or_default();
			ensure!(record.taken_out == taken, "taken out is not what delegators vote with");
			let left = seat.power.checked_sub(taken).ok_or("more taken out than there is")?;
			counted.shift(None, record.vote, left);
		}
		ensure!(taken_out.is_empty(), "a delegator's stake was not taken out");
		counted.total = tally.total;
		ensure!(counted == *tally, "the tally is not the sum of its votes");
		ensure!(tally.cast() <= total, "more is cast than there is");
		let voted = CandidateVotes::<T>::iter_prefix(poll).next().is_some();
		ensure!(tally.total == total || (tally.total == 0 && !voted), "the total of the tally");
		Ok(())
	}

	/// Invariant 5.
	fn try_histories() -> Result<(), TryRuntimeError> {
		for (candidate, who, history) in Histories::<T>::iter() {
			let sessions: Vec<_> = history.former.iter().map(|former| former.until).collect();
			let sorted = sessions.windows(2).all(|pair| pair[0] < pair[1]);
			let past = sessions.last().is_none_or(|last| *last <= T::Eras::current_session());
			ensure!(sorted && past, "a history is not in order");
			ensure!(T::Stake::shares(&candidate, &who).is_some(), "a history without position");
		}
		Ok(())
	}
}
