//! What is read of positions and candidates.

use crate::{
	convert::{account, address, bytes, uint},
	costs::{self, MAX_PAGE},
	refusal, Config, IStaking,
};
use alloc::vec::Vec;
use cybermiles_primitives::{
	api::PositionInfo,
	traits::{Candidacies, RateClasses, StakePools},
	Rate,
};
use pallet_cmt_dpos::{
	Candidate, CandidateOf, Candidates, CurrentSession, Error as DposError, Pallet as Dpos,
	PoolsOf, Positions, PositionsOf, Ranking, SeatsOf, SessionSeats, Status,
};
use pallet_revive::precompiles::{
	alloy::{primitives::Address, sol_types::SolCall},
	Error, Ext,
};
use pallet_validator_compensation::Pallet as Compensation;

/// See the interface, as for all that answer a call.
pub(crate) fn position<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::positionCall,
) -> Result<Vec<u8>, Error> {
	let (who, candidate) = (account(env, &call.delegator), account(env, &call.candidate));
	charge_positions(env, &who)?;
	let all = folded_positions(env, who, core::slice::from_ref(&candidate))?;
	let found = all.into_iter().find(|position| position.candidate == candidate);
	let answer = found.map_or_else(|| no_position::<T>(candidate), describe_position::<T>);
	Ok(IStaking::positionCall::abi_encode_returns(&answer))
}

pub(crate) fn positions<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::positionsCall,
) -> Result<Vec<u8>, Error> {
	let who = account(env, &call.delegator);
	let candidates = charge_positions(env, &who)?;
	let all = folded_positions(env, who, &candidates)?;
	let answer: Vec<_> = all.into_iter().map(describe_position::<T>).collect();
	Ok(IStaking::positionsCall::abi_encode_returns(&answer))
}

/// Charges reading all positions of `who`; returns the candidates.
fn charge_positions<T: Config>(
	env: &mut impl Ext<T = T>,
	who: &T::AccountId,
) -> Result<Vec<T::AccountId>, Error> {
	costs::charge_reads(env, 1)?;
	let candidates = PositionsOf::<T>::get(who).into_inner();
	for candidate in &candidates {
		costs::charge_entries(env, 1, 6)?;
		let waiting = Positions::<T>::get(candidate, who).map_or(0, |found| found.chunks.len());
		costs::charge_entries(env, waiting as u64, 1)?;
	}
	Ok(candidates)
}

/// All positions of `who`, charged before, with the awards of `candidates` in them.
fn folded_positions<T: Config>(
	env: &mut impl Ext<T = T>,
	who: T::AccountId,
	candidates: &[T::AccountId],
) -> Result<Vec<PositionInfo<T::AccountId>>, Error> {
	costs::charge_folds(env, candidates.len() as u64)?;
	let read = || Dpos::<T>::positions(who);
	Ok(Compensation::<T>::with_folded(candidates, read).unwrap_or_default())
}

fn describe_position<T: Config>(position: PositionInfo<T::AccountId>) -> IStaking::Position {
	let waits = position.unbonding.into_iter();
	IStaking::Position {
		candidate: address::<T>(&position.candidate),
		account: bytes::<T>(position.candidate),
		value: uint(position.value),
		principal: uint(position.principal),
		earned: uint(position.earned),
		rate: position.rate.0,
		unbonding: waits
			.map(|chunk| IStaking::Unbonding {
				since: chunk.since,
				due: chunk.due,
				amount: uint(chunk.amount),
			})
			.collect(),
	}
}

fn no_position<T: Config>(candidate: T::AccountId) -> IStaking::Position {
	let (rate, unbonding) = (Rate(0), Vec::new());
	describe_position::<T>(PositionInfo {
		candidate,
		value: 0,
		principal: 0,
		earned: 0,
		rate,
		unbonding,
	})
}

/// The rate that `who` pays; none where it has nothing bonded.
pub(crate) fn rate_paid<T: Config>(candidate: &T::AccountId, who: &T::AccountId) -> Option<Rate> {
	let class = Dpos::<T>::class_of(candidate, who)?;
	Some(<T as pallet_cmt_dpos::Config>::Rates::rate_of(candidate, class))
}

pub(crate) fn rate<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::rateCall,
) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 3)?;
	let (candidate, who) = (account(env, &call.candidate), account(env, &call.delegator));
	let rate = rate_paid::<T>(&candidate, &who)
		.ok_or_else(|| refusal::of::<T>(DposError::<T>::NotDelegator.into()))?;
	Ok(IStaking::rateCall::abi_encode_returns(&rate.0))
}

pub(crate) fn maximum_rate<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::maximumRateCall,
) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 1)?;
	let rate = Dpos::<T>::max_rate(&account(env, &call.candidate)).ok_or_else(unknown::<T>)?;
	Ok(IStaking::maximumRateCall::abi_encode_returns(&rate.0))
}

fn unknown<T: Config>() -> Error {
	refusal::of::<T>(DposError::<T>::UnknownCandidate.into())
}

pub(crate) fn candidate_of<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::candidateOfCall,
) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 1)?;
	let candidate = CandidateOf::<T>::get(account(env, &call.owner));
	let answer = candidate.map_or(Address::ZERO, |candidate| address::<T>(&candidate));
	Ok(IStaking::candidateOfCall::abi_encode_returns(&answer))
}

pub(crate) fn candidate_info<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::candidateInfoCall,
) -> Result<Vec<u8>, Error> {
	let candidate = account(env, &call.candidate);
	let answer = describe_all(env, &[candidate])?.pop().ok_or_else(unknown::<T>)?;
	Ok(IStaking::candidateInfoCall::abi_encode_returns(&answer))
}

/// Walks along the ranking, and charges each step.
pub(crate) fn candidates<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::candidatesCall,
) -> Result<Vec<u8>, Error> {
	let mut ranking = Ranking::<T>::iter_values();
	let mut page = Vec::new();
	for place in 0..call.start.saturating_add(call.count.min(MAX_PAGE)) {
		costs::charge_reads(env, 2)?;
		let Some(candidate) = ranking.next() else { break };
		if place >= call.start {
			page.push(candidate);
		}
	}
	let answer = describe_all(env, &page)?;
	Ok(IStaking::candidatesCall::abi_encode_returns(&answer))
}

/// Those of `candidates` that there are, with their awards in their stake.
fn describe_all<T: Config>(
	env: &mut impl Ext<T = T>,
	candidates: &[T::AccountId],
) -> Result<Vec<IStaking::Candidate>, Error> {
	let count = candidates.len() as u64;
	costs::charge_reads(env, 2)?;
	costs::charge_entries(env, count, 2)?;
	costs::charge_folds(env, count)?;
	let seats = SeatsOf::<T>::get(CurrentSession::<T>::get());
	let read = || {
		let infos = candidates.iter().filter_map(|candidate| {
			let info = Candidates::<T>::get(candidate)?;
			Some(describe_candidate::<T>(&seats, candidate.clone(), info))
		});
		infos.collect()
	};
	Ok(Compensation::<T>::with_folded(candidates, read).unwrap_or_default())
}

fn describe_candidate<T: Config>(
	seats: &SessionSeats<T::AccountId>,
	candidate: T::AccountId,
	info: Candidate<T::AccountId>,
) -> IStaking::Candidate {
	IStaking::Candidate {
		candidate: address::<T>(&candidate),
		owner: address::<T>(&info.owner),
		state: match info.status {
			Status::Active => IStaking::State::Active,
			Status::Inactive => IStaking::State::Inactive,
			Status::Retired { .. } => IStaking::State::Retired,
		},
		role: match () {
			() if seats.seats_validator(&candidate) => IStaking::Role::Validator,
			() if seats.seats_standby(&candidate) => IStaking::Role::Standby,
			() => IStaking::Role::Candidate,
		},
		due: info.retired().map_or(0, |(_, due)| due),
		stake: uint(info.stake),
		selfStake: uint(PoolsOf::<T>::get(&candidate).self_stake()),
		maxStake: uint(info.terms.max_stake),
		maxRate: info.terms.max_rate.0,
		defaultRate: info.terms.default_rate.0,
		positions: info.positions,
		account: bytes::<T>(candidate),
	}
}
