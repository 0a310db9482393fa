//! What changes votes. Each function dispatches a native call and tells it as an Ethereum log.

use super::{reads, IVoting};
use crate::{
	convert::{account, address, uint},
	costs, refusal,
	writes::{emit, run},
	Config,
};
use alloc::vec::Vec;
use cybermiles_primitives::traits::Candidacies;
use pallet_revive::precompiles::{alloy::primitives::Address, Error, Ext};
use pallet_stake_voting::{Call, Pallet as StakeVoting, PollIndex, Vote};

/// A vote of the interface as the native calls take it.
fn native(vote: IVoting::Vote) -> Result<Vote, Error> {
	match vote {
		IVoting::Vote::Aye => Ok(Vote::Aye),
		IVoting::Vote::Nay => Ok(Vote::Nay),
		IVoting::Vote::Abstain => Ok(Vote::Abstain),
		_ => Err(refusal::no_vote()),
	}
}

/// See the interface, as for all that answer a call.
pub(super) fn vote<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IVoting::voteCall,
) -> Result<Vec<u8>, Error> {
	let vote = native(input.newVote)?;
	change_vote(env, Call::vote { poll: input.poll, vote }, input.poll, input.newVote)
}

pub(super) fn withdraw_vote<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IVoting::withdrawVoteCall,
) -> Result<Vec<u8>, Error> {
	let call = Call::withdraw_vote { poll: input.poll };
	change_vote(env, call, input.poll, IVoting::Vote::None)
}

/// Changes the vote of the caller's candidate by `call`.
fn change_vote<T: Config>(
	env: &mut impl Ext<T = T>,
	call: Call<T>,
	poll: PollIndex,
	vote: IVoting::Vote,
) -> Result<Vec<u8>, Error> {
	let who = refusal::ensure_may_change(env)?;
	// The candidate, and what is left to its vote afterwards.
	costs::charge_reads(env, 2 + reads::SEAT_READS)?;
	run(env, &who, call, || ())?;
	let candidate = <T as pallet_stake_voting::Config>::Candidacies::owned_by(&who)
		.map_err(refusal::of::<T>)?;
	let (power, record) = reads::seat::<T>(poll, &candidate);
	let power = uint(power.saturating_sub(record.taken_out));
	let candidate = address::<T>(&candidate);
	emit(env, IVoting::Voted { poll, candidate, vote, power })?;
	Ok(Vec::new())
}

pub(super) fn vote_stake<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IVoting::voteStakeCall,
) -> Result<Vec<u8>, Error> {
	let (poll, candidate) = (input.poll, account(env, &input.candidate));
	let call = Call::vote_stake { poll, candidate, vote: native(input.newVote)? };
	change_stake_vote(env, call, (poll, &input.candidate), input.newVote)
}

pub(super) fn withdraw_stake_vote<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IVoting::withdrawStakeVoteCall,
) -> Result<Vec<u8>, Error> {
	let (poll, candidate) = (input.poll, account(env, &input.candidate));
	let call = Call::withdraw_stake_vote { poll, candidate };
	change_stake_vote(env, call, (poll, &input.candidate), IVoting::Vote::None)
}

/// Changes the vote of the caller's own stake by `call`.
fn change_stake_vote<T: Config>(
	env: &mut impl Ext<T = T>,
	call: Call<T>,
	(poll, candidate): (PollIndex, &Address),
	vote: IVoting::Vote,
) -> Result<Vec<u8>, Error> {
	let who = refusal::ensure_may_change(env)?;
	let behind = account(env, candidate);
	costs::charge_reads(env, 2)?;
	let cast = || StakeVoting::<T>::stake_vote(poll, &behind, &who);
	let before = run(env, &who, call, cast)?;
	// The power of a vote never changes: that of before stands for one withdrawn.
	let power = uint(cast().or(before).map_or(0, |cast| cast.power));
	let event = IVoting::StakeVoted {
		poll,
		candidate: address::<T>(&behind),
		who: address::<T>(&who),
		vote,
		power,
	};
	emit(env, event)?;
	Ok(Vec::new())
}
