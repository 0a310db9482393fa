//! Casting, changing and withdrawing votes: constant work for each.

use crate::{
	tally::left_to_candidate, CandidateVote, CandidateVotes, Config, DelegatorVote, DelegatorVotes,
	Error, Event, Histories, Pallet, PollIndex, SeatThen, SeatsThen, Snapshots, Tally, Vote,
};
use cybermiles_primitives::{
	traits::{BondedStake, Candidacies, Standing},
	Balance, ClassId, SessionIndex,
};
use frame_support::{
	ensure,
	traits::{Get, PollStatus, Polling},
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Sets the vote of the candidate that `who` controls; none withdraws it.
	pub(crate) fn do_vote(
		who: &T::AccountId,
		poll: PollIndex,
		vote: Option<Vote>,
	) -> DispatchResult {
		let candidate = T::Candidacies::owned_by(who)?;
		T::Standing::ensure_may_stand(&candidate)?;
		Self::in_open_poll(poll, |tally| {
			let seat = Self::seat_then(tally.opens, &candidate)?;
			let mut record = CandidateVotes::<T>::get(poll, &candidate).unwrap_or_default();
			Self::ensure_changes(record.vote, vote)?;
			let power = left_to_candidate(&seat, record.taken_out);
			tally.shift(record.vote, vote, power);
			record.vote = vote;
			Self::put_candidate_vote(poll, &candidate, record);
			Self::deposit_event(Event::Voted { poll, candidate, vote, power });
			Ok(())
		})
	}

	/// Sets the vote of the stake that `who` has behind `candidate`; none gives it back to the vote
	/// of the candidate.
	pub(crate) fn do_vote_stake(
		who: T::AccountId,
		poll: PollIndex,
		candidate: T::AccountId,
		vote: Option<Vote>,
	) -> DispatchResult {
		Self::in_open_poll(poll, |tally| {
			let key = (candidate.clone(), who.clone());
			let before = DelegatorVotes::<T>::get(poll, &key);
			Self::ensure_changes(before.map(|record| record.vote), vote)?;
			let power = match before {
				Some(record) => record.power,
				None => Self::power_then(tally.opens, &candidate, &who)?,
			};
			Self::shift_stake(tally, poll, &candidate, (before, vote), power);
			DelegatorVotes::<T>::set(poll, key, vote.map(|vote| DelegatorVote { vote, power }));
			Self::deposit_event(Event::StakeVoted { poll, candidate, who, vote, power });
			Ok(())
		})
	}

	/// Moves `power` between the candidate's side and the delegator's.
	fn shift_stake(
		tally: &mut Tally<T>,
		poll: PollIndex,
		candidate: &T::AccountId,
		(before, after): (Option<DelegatorVote>, Option<Vote>),
		power: Balance,
	) {
		let mut record = CandidateVotes::<T>::get(poll, candidate).unwrap_or_default();
		let from = before.map_or(record.vote, |before| Some(before.vote));
		let to = after.or(record.vote);
		tally.shift(from, to, power);
		if before.is_none() {
			record.taken_out = record.taken_out.saturating_add(power);
		}
		if after.is_none() {
			record.taken_out = record.taken_out.saturating_sub(power);
		}
		Self::put_candidate_vote(poll, candidate, record);
	}

	fn put_candidate_vote(poll: PollIndex, candidate: &T::AccountId, record: CandidateVote) {
		let kept = (record != CandidateVote::default()).then_some(record);
		CandidateVotes::<T>::set(poll, candidate, kept);
	}

	fn ensure_changes(before: Option<Vote>, after: Option<Vote>) -> Result<(), Error<T>> {
		ensure!(before.is_some() || after.is_some(), Error::<T>::NotVoted);
		ensure!(before != after, Error::<T>::SameVote);
		Ok(())
	}

	/// Works on the tally of a poll that takes votes.
	fn in_open_poll(
		poll: PollIndex,
		work: impl FnOnce(&mut Tally<T>) -> DispatchResult,
	) -> DispatchResult {
		T::Polls::try_access_poll(poll, |status| {
			let PollStatus::Ongoing(tally, _) = status else {
				return Err(Self::why_not_ongoing(poll).into());
			};
			ensure!(Self::is_open(poll), Error::<T>::PollNotOpen);
			let snapshot = Snapshots::<T>::get(tally.opens).ok_or(Error::<T>::PollNotOpen)?;
			tally.total = snapshot.total;
			work(tally)
		})
	}

	fn why_not_ongoing(poll: PollIndex) -> Error<T> {
		match poll < T::PollCount::get() {
			true => Error::PollEnded,
			false => Error::UnknownPoll,
		}
	}

	fn seat_then(session: SessionIndex, candidate: &T::AccountId) -> Result<SeatThen, Error<T>> {
		SeatsThen::<T>::get(session, candidate).ok_or(Error::<T>::NoSeat)
	}

	/// What the stake of `who` behind `candidate` counts for in polls that opened with `session`.
	pub(crate) fn power_then(
		session: SessionIndex,
		candidate: &T::AccountId,
		who: &T::AccountId,
	) -> Result<Balance, DispatchError> {
		let seat = Self::seat_then(session, candidate)?;
		let (class, shares) = Self::shares_then(session, candidate, who)?;
		let power = seat.power_of(class, shares);
		ensure!(power > 0, Error::<T>::NotDelegator);
		Ok(power)
	}

	/// The shares that `who` held behind `candidate` when `session` began.
	fn shares_then(
		session: SessionIndex,
		candidate: &T::AccountId,
		who: &T::AccountId,
	) -> Result<(ClassId, Balance), Error<T>> {
		let history = Histories::<T>::get(candidate, who);
		match history.at(session).map_err(|_| Error::<T>::StakeForgotten)? {
			Some(former) => Ok((former.class, former.shares)),
			None => T::Stake::shares(candidate, who).ok_or(Error::<T>::NotDelegator),
		}
	}
}
