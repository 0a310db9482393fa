//! # Staking precompile
//!
//! Staking and voting of CyberMiles as contracts and Ethereum wallets call them: the interfaces that
//! `contracts/interfaces/IStaking.sol` and `IVoting.sol` describe, each at a fixed address.
//!
//! Nothing is decided here. What changes stake or votes is dispatched as the native call in the caller's
//! name, so that filters, checks and events are the same; what is read is what
//! [`DposApi`](cybermiles_primitives::api::DposApi) reads. The README has addresses, refusals and
//! costs.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod convert;
mod costs;
mod offences;
mod refusal;
mod seats;
mod stake;
mod voting;
mod writes;

use alloc::vec::Vec;
use core::{marker::PhantomData, num::NonZero};
use pallet_revive::precompiles::{AddressMatcher, Error, Ext, Precompile, H160};

/// What `contracts/interfaces/IStaking.sol` says, in Rust.
#[allow(missing_docs)]
mod interface {
	pallet_revive::precompiles::alloy::sol!("../../contracts/interfaces/IStaking.sol");
}

pub use interface::IStaking;
pub use voting::{IVoting, Voting, VOTING_ADDRESS};

/// The two bytes of the address that name this precompile.
const MATCHER: AddressMatcher = AddressMatcher::Fixed(match NonZero::new(0x0A00) {
	Some(number) => number,
	None => panic!("the number is not zero"),
});

/// Where the chain answers: `0x000000000000000000000000000000000a000000`.
pub const ADDRESS: H160 = H160(MATCHER.base_address());

/// The call type of a runtime.
pub(crate) type CallOf<T> = <T as pallet_revive::Config>::RuntimeCall;

/// What a runtime needs for it: stake, awards, offences and votes, contracts, and accounts of 32
/// bytes.
pub trait Config:
	frame_system::Config<AccountId: From<[u8; 32]> + Into<[u8; 32]>>
	+ pallet_cmt_dpos::Config
	+ pallet_revive::Config<
		RuntimeCall: From<pallet_cmt_dpos::Call<Self>>
		                 + From<pallet_stake_voting::Call<Self>>
		                 + From<pallet_validator_compensation::Call<Self>>,
	> + pallet_slashing::Config
	+ pallet_stake_voting::Config
	+ pallet_validator_compensation::Config
{
}

impl<T> Config for T where
	T: frame_system::Config<AccountId: From<[u8; 32]> + Into<[u8; 32]>>
		+ pallet_cmt_dpos::Config
		+ pallet_revive::Config<
			RuntimeCall: From<pallet_cmt_dpos::Call<T>>
			                 + From<pallet_stake_voting::Call<T>>
			                 + From<pallet_validator_compensation::Call<T>>,
		> + pallet_slashing::Config
		+ pallet_stake_voting::Config
		+ pallet_validator_compensation::Config
{
}

/// The precompile, for `pallet_revive::Config::Precompiles`.
pub struct Staking<T>(PhantomData<T>);

impl<T: Config> Precompile for Staking<T> {
	type T = T;
	type Interface = IStaking::IStakingCalls;
	const MATCHER: AddressMatcher = MATCHER;
	const HAS_CONTRACT_INFO: bool = false;

	fn call(
		_: &[u8; 20],
		input: &Self::Interface,
		env: &mut impl Ext<T = T>,
	) -> Result<Vec<u8>, Error> {
		use IStaking::IStakingCalls as Calls;

		costs::charge_base(env)?;
		refusal::ensure_plain_call(env)?;
		match input {
			Calls::delegate(call) => writes::delegate(env, call),
			Calls::undelegate(call) => writes::undelegate(env, call),
			Calls::undelegateAll(call) => writes::undelegate_all(env, call),
			Calls::rebond(call) => writes::rebond(env, call),
			Calls::rebondAll(call) => writes::rebond_all(env, call),
			Calls::harvest(call) => writes::harvest(env, call),
			Calls::acceptRate(call) => writes::accept_rate(env, call),
			Calls::position(call) => stake::position(env, call),
			Calls::positions(call) => stake::positions(env, call),
			Calls::rate(call) => stake::rate(env, call),
			Calls::maximumRate(call) => stake::maximum_rate(env, call),
			Calls::candidateInfo(call) => stake::candidate_info(env, call),
			Calls::candidateOf(call) => stake::candidate_of(env, call),
			Calls::candidates(call) => stake::candidates(env, call),
			Calls::seats(_) => seats::seats(env),
			Calls::blockAward(_) => seats::block_award(env),
			Calls::sessionAward(call) => seats::session_award(env, call),
			Calls::era(_) => seats::era(env),
			Calls::session(_) => seats::session(env),
			Calls::parameters(_) => seats::parameters(env),
			Calls::conduct(call) => offences::conduct(env, call),
			Calls::slashCount(_) => offences::slash_count(env),
			Calls::slashes(call) => offences::slashes(env, call),
			Calls::addressOf(call) => convert::address_of::<T>(call),
			Calls::accountOf(call) => convert::account_of(env, call),
		}
	}
}
