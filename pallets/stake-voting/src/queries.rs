//! What nodes and wallets read.

use crate::{
	CandidateVote, CandidateVotes, Config, DelegatorVote, DelegatorVotes, Pallet, PollIndex,
	SeatsThen, Tally, Vote,
};
use alloc::vec::Vec;
use cybermiles_primitives::Balance;
use frame_support::traits::Polling;

impl<T: Config> Pallet<T> {
	/// The seats that vote in a poll that goes on: each with its power, in planck, and its vote.
	pub fn seats_in(poll: PollIndex) -> Vec<(T::AccountId, Balance, CandidateVote)> {
		let Some(tally) = Self::tally(poll) else { return Vec::new() };
		SeatsThen::<T>::iter_prefix(tally.opens)
			.map(|(candidate, seat)| {
				let vote = CandidateVotes::<T>::get(poll, &candidate).unwrap_or_default();
				(candidate, seat.power, vote)
			})
			.collect()
	}

	/// The tally of a poll that goes on.
	pub fn tally(poll: PollIndex) -> Option<Tally<T>> {
		T::Polls::as_ongoing(poll).map(|(tally, _)| tally)
	}

	/// What the stake of `who` behind `candidate` counts for in a poll that goes on and is open, in
	/// planck.
	pub fn power_in(
		poll: PollIndex,
		candidate: &T::AccountId,
		who: &T::AccountId,
	) -> Option<Balance> {
		let tally = Self::tally(poll)?;
		Self::power_then(tally.opens, candidate, who).ok()
	}

	/// What `who` voted with its stake behind `candidate` in a poll that goes on. Votes in one that
	/// has ended are removed at some time, and so are told no more.
	pub fn stake_vote(
		poll: PollIndex,
		candidate: &T::AccountId,
		who: &T::AccountId,
	) -> Option<DelegatorVote> {
		Self::tally(poll)?;
		DelegatorVotes::<T>::get(poll, (candidate, who))
	}

	/// What the stake of `who` behind `candidate` counts for in a poll that goes on, in planck, and
	/// its own vote. What was voted counts as it did then; nothing counts before the poll is open.
	pub fn voting_power(
		poll: PollIndex,
		candidate: &T::AccountId,
		who: &T::AccountId,
	) -> (Balance, Option<Vote>) {
		match Self::stake_vote(poll, candidate, who) {
			Some(cast) => (cast.power, Some(cast.vote)),
			None => (Self::power_in(poll, candidate, who).unwrap_or_default(), None),
		}
	}
}
