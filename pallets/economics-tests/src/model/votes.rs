//! Votes: for each poll one number for each candidate and delegator, read when the poll opens, and
//! loops over all of them.
//!
//! What a position is worth at that moment is read from the chain, as wallets read it: that it is
//! right to the rounding is compared elsewhere, and votes have to be right to the planck.

use super::{election::water_fill, must, Elected, Model, Verdict};
use crate::runtime::{AccountId, Dpos, PollsNow, StakeCap, Test, ACCOUNTS};
use cybermiles_primitives::{traits::StakePools, Balance, SessionIndex};
use pallet_cmt_dpos::Positions;
use pallet_stake_voting::{PollIndex, Vote, MAX_FORMER};
use std::collections::{BTreeMap, BTreeSet};

/// Candidate and delegator.
type Key = (AccountId, AccountId);

/// A poll, and what counts in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Poll {
	/// The session with which it opens.
	opens: SessionIndex,
	open: bool,
	ended: bool,
	/// Whether any vote was ever taken.
	met: bool,
	/// What each seat counts for.
	seats: BTreeMap<AccountId, Balance>,
	/// What each position counts for.
	powers: BTreeMap<Key, Balance>,
	/// Positions that were removed since.
	removed: BTreeSet<Key>,
	/// What candidates voted.
	votes: BTreeMap<AccountId, Vote>,
	/// What delegators voted.
	own: BTreeMap<Key, Vote>,
}

impl Poll {
	/// What votes for `candidate`, where it votes: all that does not vote for itself.
	fn left_to(&self, candidate: AccountId) -> Balance {
		let own = self.own.keys().filter(|(of, _)| *of == candidate);
		let taken: Balance = own.map(|key| self.powers[key]).sum();
		self.seats[&candidate].checked_sub(taken).expect("no planck counts twice")
	}

	/// What is voted with on one side.
	fn side(&self, side: Vote) -> Balance {
		let candidates = self.votes.iter().filter(|(_, vote)| **vote == side);
		let own = self.own.iter().filter(|(_, vote)| **vote == side);
		candidates.map(|(candidate, _)| self.left_to(*candidate)).sum::<Balance>()
			+ own.map(|(key, _)| self.powers[key]).sum::<Balance>()
	}

	fn total(&self) -> Balance {
		self.seats.values().sum()
	}
}

impl Model {
	/// Somebody submitted a poll.
	pub fn submit(&mut self) {
		self.polls.push(Poll { opens: self.session + 1, ..Poll::default() });
	}

	/// A poll ended, where it went on.
	pub fn end(&mut self, index: PollIndex) {
		if let Some(poll) = self.polls.get_mut(index as usize) {
			poll.ended = true;
		}
	}

	/// The polls submitted in the session before open, with the stake of this moment.
	pub(super) fn open_polls(&mut self, elected: &Elected) {
		let session = self.session;
		let opening = |poll: &Poll| poll.opens == session && !poll.open;
		if !self.polls.iter().any(opening) {
			return;
		}
		let (seats, powers) = power_now(elected);
		for poll in self.polls.iter_mut().filter(|poll| opening(poll)) {
			(poll.open, poll.seats, poll.powers) = (true, seats.clone(), powers.clone());
		}
	}

	/// The poll, where it takes votes.
	fn open_poll(&self, index: PollIndex) -> Result<&Poll, super::Refusal> {
		let poll = self.polls.get(index as usize).ok_or("UnknownPoll")?;
		must(!poll.ended, "PollEnded")?;
		must(poll.open, "PollNotOpen")?;
		Ok(poll)
	}

	pub(super) fn vote(
		&mut self,
		who: AccountId,
		index: PollIndex,
		vote: Option<Vote>,
		now: u64,
	) -> Verdict {
		let (candidate, _) = self.owned(who)?;
		self.ensure_may_stand(candidate, now)?;
		let poll = self.open_poll(index)?;
		must(poll.seats.contains_key(&candidate), "NoSeat")?;
		ensure_changes(poll.votes.get(&candidate), vote)?;
		let poll = &mut self.polls[index as usize];
		poll.met = true;
		set(&mut poll.votes, candidate, vote);
		Ok(())
	}

	pub(super) fn vote_stake(
		&mut self,
		who: AccountId,
		index: PollIndex,
		candidate: AccountId,
		vote: Option<Vote>,
	) -> Verdict {
		let key = (candidate, who);
		let poll = self.open_poll(index)?;
		ensure_changes(poll.own.get(&key), vote)?;
		if !poll.own.contains_key(&key) {
			must(poll.seats.contains_key(&candidate), "NoSeat")?;
			let (power, removed) = (poll.powers.get(&key), poll.removed.contains(&key));
			let has_power = !removed && power.is_some_and(|power| *power > 0);
			let opens = poll.opens;
			self.ensure_remembered(opens)?;
			must(has_power, "NotDelegator")?;
		}
		let poll = &mut self.polls[index as usize];
		poll.met = true;
		set(&mut poll.own, key, vote);
		Ok(())
	}

	/// The chain may forget what a position was before this many openings, and must not before.
	fn ensure_remembered(&mut self, opens: SessionIndex) -> Verdict {
		let since = self.polls.iter().filter(|poll| poll.open && poll.opens >= opens);
		let openings: BTreeSet<SessionIndex> = since.map(|poll| poll.opens).collect();
		let may_forget = openings.len() as u32 > MAX_FORMER;
		self.close |= may_forget;
		must(!may_forget || self.heard.taken, "StakeForgotten")
	}

	/// The chain's tallies are the model's, to the planck.
	pub(super) fn assert_votes(&mut self) {
		let chain = PollsNow::get();
		assert_eq!(chain.len(), self.polls.len(), "polls");
		for (index, poll) in chain {
			let mine = &mut self.polls[index as usize];
			let gone = mine.powers.keys().filter(|key| !self.positions.contains_key(key));
			mine.removed.extend(gone);
			assert_eq!(poll.is_none(), mine.ended, "whether poll {index} ended");
			let Some(tally) = poll else { continue };
			assert_eq!(tally.opens, mine.opens, "opening of poll {index}");
			let found = (tally.ayes, tally.nays, tally.abstentions);
			let [ayes, nays, abstentions] =
				[Vote::Aye, Vote::Nay, Vote::Abstain].map(|side| mine.side(side));
			assert_eq!(found, (ayes, nays, abstentions), "tally of poll {index}");
			let total = if mine.met { mine.total() } else { 0 };
			assert_eq!(tally.total, total, "total of poll {index}");
			assert!(ayes + nays + abstentions <= total, "more is cast than there is");
		}
	}
}

fn ensure_changes(before: Option<&Vote>, after: Option<Vote>) -> Verdict {
	must(before.is_some() || after.is_some(), "NotVoted")?;
	must(before.copied() != after, "SameVote")
}

fn set<K: Ord>(votes: &mut BTreeMap<K, Vote>, key: K, vote: Option<Vote>) {
	match vote {
		Some(vote) => votes.insert(key, vote),
		None => votes.remove(&key),
	};
}

/// What each seat and each position behind it counts for at this moment.
fn power_now(elected: &Elected) -> (BTreeMap<AccountId, Balance>, BTreeMap<Key, Balance>) {
	let (mut seats, mut powers) = (BTreeMap::new(), BTreeMap::new());
	for group in [&elected.validators, &elected.standbys] {
		let stake = |who: AccountId| {
			let classes = Dpos::class_stakes(&who).into_iter();
			classes.map(|(_, stake)| stake).sum::<Balance>()
		};
		let stakes: Vec<Balance> = group.iter().map(|(who, _)| stake(*who)).collect();
		let counted = water_fill(&stakes, StakeCap::get());
		for (((candidate, _), stake), power) in group.iter().zip(stakes).zip(counted) {
			seats.insert(*candidate, power);
			for who in ACCOUNTS {
				let value = bonded_now(*candidate, who);
				powers.insert((*candidate, who), super::scale(power, value, stake));
			}
		}
	}
	powers.retain(|_, power| *power > 0);
	(seats, powers)
}

/// What `who` has bonded behind `candidate`, as wallets read it.
fn bonded_now(candidate: AccountId, who: AccountId) -> Balance {
	let positions = Dpos::positions(who).into_iter();
	let Some(info) = positions.into_iter().find(|info| info.candidate == candidate) else {
		return 0;
	};
	// Behind a closed candidate, what was bonded waits; it stands last.
	let chunks = Positions::<Test>::get(candidate, who).map_or(0, |position| position.chunks.len());
	match info.unbonding.get(chunks) {
		Some(bonded) => bonded.amount,
		None => info.value,
	}
}
