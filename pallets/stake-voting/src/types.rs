//! What the pallet stores.

use codec::{Decode, Encode, MaxEncodedLen};
pub use cybermiles_primitives::governance::{ProposalIndex as PollIndex, TrackId, Vote};
use cybermiles_primitives::{Balance, ClassId, SessionIndex};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

/// Most class pools of one candidate: 16, and its owner's.
pub const MAX_POOLS: u32 = 17;
/// Most former states that are kept of one position.
pub const MAX_FORMER: u32 = 16;

/// The stake that counts in all polls that opened with one session.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Snapshot {
	/// Voting power of all seats, in planck.
	pub total: Balance,
	/// The first of these polls whose votes are still kept.
	pub first: PollIndex,
	/// The first poll after them.
	pub end: PollIndex,
	/// The session of the next snapshot.
	pub next: Option<SessionIndex>,
}

/// The sessions of the oldest and of the latest snapshot that are kept.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Kept {
	/// The oldest.
	pub oldest: SessionIndex,
	/// The latest.
	pub latest: SessionIndex,
}

/// A class pool as it was when a session began.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct PoolThen {
	/// The class.
	pub class: ClassId,
	/// Its stake, in planck.
	pub stake: Balance,
	/// All shares of it.
	pub shares: Balance,
}

/// A seat as it was when a session began.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct SeatThen {
	/// What it counts for, in planck: its stake, where the cap does not hold it down.
	pub power: Balance,
	/// All its stake, in planck.
	pub stake: Balance,
	/// Its class pools.
	pub pools: BoundedVec<PoolThen, ConstU32<MAX_POOLS>>,
}

impl SeatThen {
	/// What `shares` of `class` count for, in planck.
	///
	/// Rounded down twice, against the delegator: the sum over all delegators never exceeds the
	/// power of the seat.
	pub fn power_of(&self, class: ClassId, shares: Balance) -> Balance {
		let Some(pool) = self.pools.iter().find(|pool| pool.class == class) else { return 0 };
		let value = part(pool.stake, shares.min(pool.shares), pool.shares);
		part(self.power, value, self.stake)
	}
}

/// `whole * share / shares`, rounded down; nothing where there are no shares.
fn part(whole: Balance, share: Balance, shares: Balance) -> Balance {
	multiply_by_rational_with_rounding(whole, share, shares, Rounding::Down).unwrap_or_default()
}

/// What a candidate voted in a poll, and what of its power votes for itself.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct CandidateVote {
	/// Its vote; none as long as it has not voted.
	pub vote: Option<Vote>,
	/// Power that its delegators took out of its vote by voting themselves, in planck.
	pub taken_out: Balance,
}

/// What a delegator voted in a poll with its stake behind one candidate.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct DelegatorVote {
	/// Its vote.
	pub vote: Vote,
	/// What it counts for, in planck.
	pub power: Balance,
}

/// What a position held until it changed.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Former {
	/// The session of the latest snapshot that saw it so.
	pub until: SessionIndex,
	/// The class of its shares.
	pub class: ClassId,
	/// Its shares.
	pub shares: Balance,
}

/// What a position held at the snapshots since which it changed, oldest first.
#[derive(Clone, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct History {
	/// Former states, oldest first.
	pub former: BoundedVec<Former, ConstU32<MAX_FORMER>>,
	/// What it held at this snapshot and before is not known any more.
	pub forgotten: Option<SessionIndex>,
}

/// The position changed too often since: what it held then is not known any more.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Forgotten;

impl History {
	/// Notes that the position is about to hold something else than `shares` of `class`.
	///
	/// Only the first change after a snapshot counts. What no snapshot in `kept` asks for is dropped;
	/// where there is no room, the oldest state is forgotten, never changed.
	pub fn note(&mut self, kept: Kept, class: ClassId, shares: Balance) {
		if self.former.last().is_some_and(|former| former.until >= kept.latest) {
			return;
		}
		self.former.retain(|former| former.until >= kept.oldest);
		if self.former.is_full() {
			self.forgotten = Some(self.former.remove(0).until);
		}
		let former = Former { until: kept.latest, class, shares };
		// There is room: a full list has just lost its first.
		let _ = self.former.try_push(former);
	}

	/// How many former states a snapshot in `kept` may still ask for.
	pub fn wanted(&self, kept: Kept) -> usize {
		self.former.iter().filter(|former| former.until >= kept.oldest).count()
	}

	/// The state at the snapshot of `session`; none where the position did not change since.
	pub fn at(&self, session: SessionIndex) -> Result<Option<Former>, Forgotten> {
		if self.forgotten.is_some_and(|last| session <= last) {
			return Err(Forgotten);
		}
		Ok(self.former.iter().find(|former| former.until >= session).copied())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const CLASS: ClassId = ClassId::OWNER;

	fn kept(oldest: SessionIndex, latest: SessionIndex) -> Kept {
		Kept { oldest, latest }
	}

	fn shares_at(history: &History, session: SessionIndex) -> Result<Option<Balance>, Forgotten> {
		history.at(session).map(|former| former.map(|former| former.shares))
	}

	#[test]
	fn history_should_know_what_each_snapshot_saw() {
		let mut history = History::default();
		history.note(kept(3, 3), CLASS, 10);
		// A second change after the same snapshot is none of its business.
		history.note(kept(3, 3), CLASS, 99);
		history.note(kept(3, 8), CLASS, 20);
		assert_eq!(shares_at(&history, 3), Ok(Some(10)));
		assert_eq!(shares_at(&history, 4), Ok(Some(20)));
		assert_eq!(shares_at(&history, 8), Ok(Some(20)));
		assert_eq!(shares_at(&history, 9), Ok(None));
	}

	#[test]
	fn history_should_drop_what_nobody_asks_for() {
		let mut history = History::default();
		history.note(kept(3, 3), CLASS, 10);
		history.note(kept(4, 5), CLASS, 20);
		assert_eq!(history.former.len(), 1);
		assert_eq!(shares_at(&history, 5), Ok(Some(20)));
	}

	#[test]
	fn history_should_forget_rather_than_be_wrong_when_it_is_full() {
		let mut history = History::default();
		for session in 1..=MAX_FORMER + 1 {
			history.note(kept(1, session), CLASS, session.into());
		}
		assert_eq!(shares_at(&history, 1), Err(Forgotten));
		assert_eq!(shares_at(&history, 2), Ok(Some(2)));
		assert_eq!(shares_at(&history, MAX_FORMER + 1), Ok(Some(u128::from(MAX_FORMER) + 1)));
	}

	fn seat(power: Balance, pools: &[(Balance, Balance)]) -> SeatThen {
		let pools = pools.iter().zip(0u16..).map(|((stake, shares), rate)| PoolThen {
			class: ClassId::agreed_at(cybermiles_primitives::Rate(rate)),
			stake: *stake,
			shares: *shares,
		});
		let pools: BoundedVec<_, _> = BoundedVec::truncate_from(pools.collect());
		let stake = pools.iter().map(|pool: &PoolThen| pool.stake).sum();
		SeatThen { power, stake, pools }
	}

	#[test]
	fn power_should_be_the_value_where_the_cap_does_not_hold_it_down() {
		let seat = seat(110, &[(100, 50), (10, 10)]);
		let class = seat.pools[0].class;
		assert_eq!(seat.power_of(class, 5), 10);
		assert_eq!(seat.power_of(class, 50), 100);
		assert_eq!(seat.power_of(ClassId::OWNER, 5), 0);
	}

	#[test]
	fn power_should_be_scaled_down_by_the_cap() {
		let seat = seat(55, &[(100, 50), (10, 10)]);
		let [first, second] = [seat.pools[0].class, seat.pools[1].class];
		assert_eq!(seat.power_of(first, 50), 50);
		assert_eq!(seat.power_of(second, 1), 0);
		assert_eq!(seat.power_of(second, 10), 5);
	}

	#[test]
	fn power_should_be_nothing_when_a_slash_took_all() {
		let seat = seat(0, &[(0, 50)]);
		assert_eq!(seat.power_of(seat.pools[0].class, 50), 0);
	}

	#[test]
	fn power_should_survive_the_largest_numbers() {
		let seat = seat(Balance::MAX, &[(Balance::MAX, Balance::MAX)]);
		assert_eq!(seat.power_of(seat.pools[0].class, Balance::MAX), Balance::MAX);
	}
}
