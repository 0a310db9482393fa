//! Votes on referenda: the interface that `contracts/interfaces/IVoting.sol` describes.

mod reads;
mod writes;

use crate::{costs, refusal, Config};
use alloc::vec::Vec;
use core::{marker::PhantomData, num::NonZero};
use cybermiles_primitives::governance::Proposals;
use pallet_revive::precompiles::{AddressMatcher, Error, Ext, Precompile, H160};

/// What `contracts/interfaces/IVoting.sol` says, in Rust.
#[allow(missing_docs)]
mod interface {
	pallet_revive::precompiles::alloy::sol!("../../contracts/interfaces/IVoting.sol");
}

pub use interface::IVoting;

/// The two bytes of the address that name this precompile.
const MATCHER: AddressMatcher = AddressMatcher::Fixed(match NonZero::new(0x0A01) {
	Some(number) => number,
	None => panic!("the number is not zero"),
});

/// Where the chain answers: `0x000000000000000000000000000000000a010000`.
pub const VOTING_ADDRESS: H160 = H160(MATCHER.base_address());

/// The precompile, for `pallet_revive::Config::Precompiles`. It reads proposals from `P`.
pub struct Voting<T, P>(PhantomData<(T, P)>);

impl<T: Config, P: Proposals<T::AccountId>> Precompile for Voting<T, P> {
	type T = T;
	type Interface = IVoting::IVotingCalls;
	const MATCHER: AddressMatcher = MATCHER;
	const HAS_CONTRACT_INFO: bool = false;

	fn call(
		_: &[u8; 20],
		input: &Self::Interface,
		env: &mut impl Ext<T = T>,
	) -> Result<Vec<u8>, Error> {
		use IVoting::IVotingCalls as Calls;

		costs::charge_base(env)?;
		refusal::ensure_plain_call(env)?;
		match input {
			Calls::vote(call) => writes::vote(env, call),
			Calls::withdrawVote(call) => writes::withdraw_vote(env, call),
			Calls::voteStake(call) => writes::vote_stake(env, call),
			Calls::withdrawStakeVote(call) => writes::withdraw_stake_vote(env, call),
			Calls::proposalCount(_) => reads::proposal_count::<T, P>(env),
			Calls::proposal(call) => reads::proposal::<T, P>(env, call),
			Calls::candidateVote(call) => reads::candidate_vote(env, call),
			Calls::stakeVote(call) => reads::stake_vote(env, call),
			Calls::votingPower(call) => reads::voting_power(env, call),
			Calls::tracks(_) => reads::tracks::<T, P>(env),
		}
	}
}
