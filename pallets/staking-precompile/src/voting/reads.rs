//! What is read of proposals and votes.

use super::IVoting;
use crate::{
	convert::{account, uint},
	costs, refusal, Config,
};
use alloc::{string::String, vec::Vec};
use cybermiles_primitives::{
	governance::{BarInfo, ProposalBlocks, ProposalState, Proposals, TallyInfo, TrackInfo},
	Balance,
};
use pallet_revive::precompiles::{alloy::sol_types::SolCall, Error, Ext};
use pallet_stake_voting::{
	CandidateVote, CandidateVotes, Error as VotingError, Pallet as StakeVoting, PollIndex,
	SeatsThen, Vote,
};

/// Entries of storage that [`seat`] reads.
pub(super) const SEAT_READS: u64 = 3;
/// Entries of storage that reading a proposal takes at most, as [`Proposals::proposal`] promises.
const PROPOSAL_READS: u64 = 12;
/// Tracks there are at most.
const MAX_TRACKS: u64 = 16;

/// What the whole seat of `candidate` counts for in a poll that goes on, in planck, and its vote.
pub(super) fn seat<T: Config>(
	poll: PollIndex,
	candidate: &T::AccountId,
) -> (Balance, CandidateVote) {
	let tally = StakeVoting::<T>::tally(poll);
	let seat = tally.and_then(|tally| SeatsThen::<T>::get(tally.opens, candidate));
	match seat {
		Some(seat) => {
			let record = CandidateVotes::<T>::get(poll, candidate).unwrap_or_default();
			(seat.power, record)
		},
		None => (0, CandidateVote::default()),
	}
}

fn told(vote: Option<Vote>) -> IVoting::Vote {
	match vote {
		None => IVoting::Vote::None,
		Some(Vote::Aye) => IVoting::Vote::Aye,
		Some(Vote::Nay) => IVoting::Vote::Nay,
		Some(Vote::Abstain) => IVoting::Vote::Abstain,
	}
}

/// See the interface, as for all that follow.
pub(super) fn proposal_count<T: Config, P: Proposals<T::AccountId>>(
	env: &mut impl Ext<T = T>,
) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 1)?;
	Ok(IVoting::proposalCountCall::abi_encode_returns(&P::count()))
}

pub(super) fn proposal<T: Config, P: Proposals<T::AccountId>>(
	env: &mut impl Ext<T = T>,
	call: &IVoting::proposalCall,
) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, PROPOSAL_READS)?;
	costs::charge_entries(env, P::max_scheduled().into(), 0)?;
	let unknown = || refusal::of::<T>(VotingError::<T>::UnknownPoll.into());
	let info = P::proposal(call.poll).ok_or_else(unknown)?;
	let answer = IVoting::proposalReturn {
		info: describe(info.state, info.track, info.blocks),
		votes: info.tally.map_or_else(no_tally, describe_tally),
	};
	Ok(IVoting::proposalCall::abi_encode_returns(&answer))
}

fn describe(state: ProposalState, track: Option<u16>, blocks: ProposalBlocks) -> IVoting::Proposal {
	IVoting::Proposal {
		state: describe_state(state),
		track: track.unwrap_or_default(),
		forgotten: track.is_none(),
		submitted: blocks.submitted.unwrap_or_default(),
		timesOut: blocks.times_out.unwrap_or_default(),
		decisionStarts: blocks.decision_starts.unwrap_or_default(),
		decisionEnds: blocks.decision_ends.unwrap_or_default(),
		confirmationEnds: blocks.confirmation_ends.unwrap_or_default(),
		ended: blocks.ended.unwrap_or_default(),
		enactment: blocks.enactment.unwrap_or_default(),
	}
}

fn describe_state(state: ProposalState) -> IVoting::State {
	match state {
		ProposalState::Preparing => IVoting::State::Preparing,
		ProposalState::AwaitingDeposit => IVoting::State::AwaitingDeposit,
		ProposalState::Queued => IVoting::State::Queued,
		ProposalState::Deciding => IVoting::State::Deciding,
		ProposalState::Confirming => IVoting::State::Confirming,
		ProposalState::Approved => IVoting::State::Approved,
		ProposalState::Rejected => IVoting::State::Rejected,
		ProposalState::Cancelled => IVoting::State::Cancelled,
		ProposalState::TimedOut => IVoting::State::TimedOut,
		ProposalState::Killed => IVoting::State::Killed,
	}
}

fn describe_tally(tally: TallyInfo) -> IVoting::Tally {
	IVoting::Tally {
		opens: tally.opens,
		open: tally.total.is_some(),
		total: uint(tally.total.unwrap_or_default()),
		ayes: uint(tally.ayes),
		nays: uint(tally.nays),
		abstentions: uint(tally.abstentions),
		needed: uint(tally.needed.unwrap_or_default()),
	}
}

fn no_tally() -> IVoting::Tally {
	let (total, needed) = (None, None);
	describe_tally(TallyInfo { opens: 0, total, ayes: 0, nays: 0, abstentions: 0, needed })
}

pub(super) fn candidate_vote<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IVoting::candidateVoteCall,
) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, SEAT_READS)?;
	let (power, record) = seat::<T>(call.poll, &account(env, &call.candidate));
	let answer = IVoting::candidateVoteReturn {
		cast: told(record.vote),
		power: uint(power),
		takenOut: uint(record.taken_out),
	};
	Ok(IVoting::candidateVoteCall::abi_encode_returns(&answer))
}

pub(super) fn stake_vote<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IVoting::stakeVoteCall,
) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 2)?;
	let (candidate, who) = (account(env, &call.candidate), account(env, &call.delegator));
	let cast = StakeVoting::<T>::stake_vote(call.poll, &candidate, &who);
	let answer = IVoting::stakeVoteReturn {
		cast: told(cast.map(|cast| cast.vote)),
		power: uint(cast.map_or(0, |cast| cast.power)),
	};
	Ok(IVoting::stakeVoteCall::abi_encode_returns(&answer))
}

pub(super) fn voting_power<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IVoting::votingPowerCall,
) -> Result<Vec<u8>, Error> {
	// The tally twice, the vote, the seat, the history, the position and its pools.
	costs::charge_reads(env, 7)?;
	let (candidate, who) = (account(env, &call.candidate), account(env, &call.delegator));
	let (power, _) = StakeVoting::<T>::voting_power(call.poll, &candidate, &who);
	Ok(IVoting::votingPowerCall::abi_encode_returns(&uint(power)))
}

pub(super) fn tracks<T: Config, P: Proposals<T::AccountId>>(
	env: &mut impl Ext<T = T>,
) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 2)?;
	costs::charge_entries(env, MAX_TRACKS, 0)?;
	let answer: Vec<_> = P::tracks().into_iter().map(describe_track).collect();
	Ok(IVoting::tracksCall::abi_encode_returns(&answer))
}

fn describe_track(track: TrackInfo) -> IVoting::Track {
	let bar =
		|bar: BarInfo| IVoting::Bar { numerator: bar.numerator, denominator: bar.denominator };
	IVoting::Track {
		id: track.id,
		name: String::from_utf8_lossy(&track.name).into_owned(),
		maxDeciding: track.max_deciding,
		submissionDeposit: uint(track.submission_deposit),
		decisionDeposit: uint(track.decision_deposit),
		preparePeriod: track.prepare_period,
		decisionPeriod: track.decision_period,
		confirmPeriod: track.confirm_period,
		minEnactmentPeriod: track.min_enactment_period,
		support: bar(track.support),
		approval: bar(track.approval),
	}
}
