//! What changes stake. Each function dispatches a native call and tells it as an Ethereum log.

use crate::{convert, costs, refusal, stake, CallOf, Config, IStaking};
use alloc::vec::Vec;
use cybermiles_primitives::{traits::PoolObserver, Balance, EraIndex, Rate};
use frame_support::{
	dispatch::{extract_actual_weight, GetDispatchInfo},
	traits::{fungible::Inspect, Get},
};
use frame_system::RawOrigin;
use pallet_cmt_dpos::{
	Call as DposCall, CurrentEra, PoolsOf, Positions, UnbondingPools, MAX_CHUNKS,
	MAX_UNBONDING_ERAS,
};
use pallet_revive::precompiles::{
	alloy::{
		primitives::Address,
		sol_types::{SolCall, SolEvent},
	},
	Error, Ext, RuntimeCosts, H256,
};
use pallet_validator_compensation::Call as CompensationCall;
use sp_runtime::traits::Dispatchable;

/// Whose stake changes, behind whom.
struct Parties<T: Config> {
	delegator: T::AccountId,
	candidate: T::AccountId,
}

impl<T: Config> Parties<T> {
	fn new(env: &impl Ext<T = T>, candidate: &Address) -> Result<Self, Error> {
		let delegator = refusal::ensure_may_change(env)?;
		Ok(Self { delegator, candidate: convert::account(env, candidate) })
	}

	/// The addresses under which a log tells of them.
	fn addresses(&self) -> (Address, Address) {
		(convert::address::<T>(&self.delegator), convert::address::<T>(&self.candidate))
	}

	/// What is bonded, in planck, as the native call is about to find it.
	fn bonded(&self) -> Balance {
		<T as pallet_cmt_dpos::Config>::PoolObserver::before_change(&self.candidate);
		let position = Positions::<T>::get(&self.candidate, &self.delegator);
		let pools = PoolsOf::<T>::get(&self.candidate);
		position.map_or(0, |position| pools.get(position.class).value_of(position.shares))
	}

	/// What waits, in planck.
	fn waiting(&self) -> Balance {
		let position = Positions::<T>::get(&self.candidate, &self.delegator);
		let chunks = position.map(|position| position.chunks).unwrap_or_default();
		chunks.iter().fold(0, |sum: Balance, chunk| {
			let pool = UnbondingPools::<T>::get(&self.candidate, chunk.since);
			sum.saturating_add(pool.value_of(chunk.shares))
		})
	}

	fn balance(&self) -> Balance {
		<T as pallet_cmt_dpos::Config>::Currency::balance(&self.delegator)
	}
}

/// Dispatches `call` as a transaction of `who` would be, once it is charged. `before` is read right
/// before that.
pub(crate) fn run<T: Config, R>(
	env: &mut impl Ext<T = T>,
	who: &T::AccountId,
	call: impl Into<CallOf<T>>,
	before: impl FnOnce() -> R,
) -> Result<R, Error> {
	let call = call.into();
	let info = call.get_dispatch_info();
	let charged = env.charge(info.call_weight)?;
	let read = before();
	let result = call.dispatch(RawOrigin::Signed(who.clone()).into());
	env.adjust_gas(charged, extract_actual_weight(&result, &info));
	match result {
		Ok(_) => Ok(read),
		Err(refused) => Err(refusal::of::<T>(refused.error)),
	}
}

/// Leaves a log, as a contract's `emit` does and at the same price.
pub(crate) fn emit<T: Config>(
	env: &mut impl Ext<T = T>,
	event: impl SolEvent,
) -> Result<(), Error> {
	let topics: Vec<_> = event.encode_topics().into_iter().map(|topic| H256(topic.0 .0)).collect();
	let data = event.encode_data();
	let (num_topic, len) = (topics.len() as u32, data.len() as u32);
	env.frame_meter_mut()
		.charge_weight_token(RuntimeCosts::DepositEvent { num_topic, len })?;
	env.deposit_event(topics, data);
	Ok(())
}

/// The first era in which what is taken out now is paid.
fn due<T: Config>() -> EraIndex {
	let eras = <T as pallet_cmt_dpos::Config>::UnbondingEras::get();
	CurrentEra::<T>::get().index.saturating_add(eras.clamp(1, MAX_UNBONDING_ERAS))
}

/// See the interface, as for all that follow.
pub(crate) fn delegate<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IStaking::delegateCall,
) -> Result<Vec<u8>, Error> {
	let parties = Parties::new(env, &input.candidate)?;
	let amount = convert::amount(input.amount)?;
	let call = DposCall::<T>::delegate { candidate: parties.candidate.clone(), amount };
	run(env, &parties.delegator, call, || ())?;
	let (delegator, candidate) = parties.addresses();
	emit(env, IStaking::Delegated { delegator, candidate, amount: input.amount })?;
	Ok(Vec::new())
}

pub(crate) fn undelegate<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IStaking::undelegateCall,
) -> Result<Vec<u8>, Error> {
	let parties = Parties::new(env, &input.candidate)?;
	let amount = convert::amount(input.amount)?;
	let (_, due) = take_out(env, &parties, Some(amount))?;
	Ok(IStaking::undelegateCall::abi_encode_returns(&due))
}

pub(crate) fn undelegate_all<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IStaking::undelegateAllCall,
) -> Result<Vec<u8>, Error> {
	let parties = Parties::new(env, &input.candidate)?;
	let (amount, due) = take_out(env, &parties, None)?;
	let answer = IStaking::undelegateAllReturn { amount: convert::uint(amount), due };
	Ok(IStaking::undelegateAllCall::abi_encode_returns(&answer))
}

/// Takes out `amount`, or all; returns what that was, and when it is paid.
fn take_out<T: Config>(
	env: &mut impl Ext<T = T>,
	parties: &Parties<T>,
	amount: Option<Balance>,
) -> Result<(Balance, EraIndex), Error> {
	// The fold is that of the call, which then finds nothing left to fold.
	costs::charge_reads(env, if amount.is_some() { 2 } else { 6 })?;
	let call = DposCall::<T>::undelegate { candidate: parties.candidate.clone(), amount };
	let bonded = || amount.unwrap_or_else(|| parties.bonded());
	let taken = run(env, &parties.delegator, call, bonded)?;
	let due = due::<T>();
	let (delegator, candidate) = parties.addresses();
	emit(env, IStaking::Undelegated { delegator, candidate, amount: convert::uint(taken), due })?;
	Ok((taken, due))
}

pub(crate) fn rebond<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IStaking::rebondCall,
) -> Result<Vec<u8>, Error> {
	let parties = Parties::new(env, &input.candidate)?;
	let amount = convert::amount(input.amount)?;
	take_back(env, &parties, Some(amount))?;
	Ok(Vec::new())
}

pub(crate) fn rebond_all<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IStaking::rebondAllCall,
) -> Result<Vec<u8>, Error> {
	let parties = Parties::new(env, &input.candidate)?;
	let amount = take_back(env, &parties, None)?;
	Ok(IStaking::rebondAllCall::abi_encode_returns(&convert::uint(amount)))
}

/// Takes `amount` back, or all that waits; returns what that was.
fn take_back<T: Config>(
	env: &mut impl Ext<T = T>,
	parties: &Parties<T>,
	amount: Option<Balance>,
) -> Result<Balance, Error> {
	costs::charge_reads(env, if amount.is_some() { 0 } else { 1 + u64::from(MAX_CHUNKS) })?;
	let call = DposCall::<T>::rebond { candidate: parties.candidate.clone(), amount };
	let waiting = || amount.unwrap_or_else(|| parties.waiting());
	let taken = run(env, &parties.delegator, call, waiting)?;
	let (delegator, candidate) = parties.addresses();
	emit(env, IStaking::Rebonded { delegator, candidate, amount: convert::uint(taken) })?;
	Ok(taken)
}

pub(crate) fn harvest<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IStaking::harvestCall,
) -> Result<Vec<u8>, Error> {
	let parties = Parties::new(env, &input.candidate)?;
	costs::charge_reads(env, 2)?;
	let call = CompensationCall::<T>::harvest { candidate: parties.candidate.clone() };
	let before = run(env, &parties.delegator, call, || parties.balance())?;
	let amount = convert::uint(parties.balance().saturating_sub(before));
	let (delegator, candidate) = parties.addresses();
	emit(env, IStaking::Harvested { delegator, candidate, amount })?;
	Ok(IStaking::harvestCall::abi_encode_returns(&amount))
}

pub(crate) fn accept_rate<T: Config>(
	env: &mut impl Ext<T = T>,
	input: &IStaking::acceptRateCall,
) -> Result<Vec<u8>, Error> {
	let parties = Parties::new(env, &input.candidate)?;
	costs::charge_reads(env, 3)?;
	let (to, candidate) = (input.newRate, parties.candidate.clone());
	let call = CompensationCall::<T>::accept_rate { candidate, rate: Rate(to) };
	let before = run(env, &parties.delegator, call, || {
		stake::rate_paid::<T>(&parties.candidate, &parties.delegator)
	})?;
	let from = before.map_or(0, |rate| rate.0);
	let (delegator, candidate) = parties.addresses();
	emit(env, IStaking::RateAccepted { delegator, candidate, from, to })?;
	Ok(Vec::new())
}
