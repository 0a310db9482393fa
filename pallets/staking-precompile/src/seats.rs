//! What is read of seats, awards, time and parameters.

use crate::{
	convert::{account, address, uint},
	costs, Config, IStaking,
};
use alloc::vec::Vec;
use frame_support::traits::Get;
use pallet_cmt_dpos::{Clock, CurrentSession, Pallet as Dpos};
use pallet_revive::precompiles::{alloy::sol_types::SolCall, Error, Ext};
use pallet_validator_compensation::{History, Pallet as Compensation, SeatsOf, MAX_SEATS};
use sp_runtime::SaturatedConversion;

/// See the interface, as for all that follow.
pub(crate) fn seats<T: Config>(env: &mut impl Ext<T = T>) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 2)?;
	costs::charge_entries(env, MAX_SEATS.into(), 0)?;
	let seats = Dpos::<T>::seats();
	let group = |group: Vec<cybermiles_primitives::api::SeatInfo<T::AccountId>>| {
		let seats = group.into_iter().map(|seat| IStaking::Seat {
			candidate: address::<T>(&seat.candidate),
			stake: uint(seat.stake),
			counted: uint(seat.counted),
		});
		seats.collect()
	};
	let answer = IStaking::seatsReturn {
		index: seats.session,
		validators: group(seats.validators),
		standbys: group(seats.standbys),
	};
	Ok(IStaking::seatsCall::abi_encode_returns(&answer))
}

pub(crate) fn block_award<T: Config>(env: &mut impl Ext<T = T>) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 1)?;
	let award = Compensation::<T>::block_award();
	let answer = IStaking::BlockAward {
		issued: uint(award.issued),
		fees: uint(award.fees),
		carried: uint(award.carried),
		toValidators: uint(award.to_validators),
		toStandbys: uint(award.to_standbys),
	};
	Ok(IStaking::blockAwardCall::abi_encode_returns(&answer))
}

pub(crate) fn session_award<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::sessionAwardCall,
) -> Result<Vec<u8>, Error> {
	let candidate = account(env, &call.candidate);
	costs::charge_reads(env, 2)?;
	let found = if call.index == CurrentSession::<T>::get() {
		present_award(env, &candidate)?
	} else {
		past_award(env, call.index, &candidate)?
	};
	let answer = found.unwrap_or(IStaking::SessionAward {
		seated: false,
		validator: false,
		award: uint(0),
		compensation: uint(0),
	});
	Ok(IStaking::sessionAwardCall::abi_encode_returns(&answer))
}

fn present_award<T: Config>(
	env: &mut impl Ext<T = T>,
	candidate: &T::AccountId,
) -> Result<Option<IStaking::SessionAward>, Error> {
	costs::charge_folds(env, 1)?;
	let read = || SeatsOf::<T>::get(candidate);
	let seat = Compensation::<T>::with_folded(core::slice::from_ref(candidate), read).flatten();
	Ok(seat.map(|seat| IStaking::SessionAward {
		seated: true,
		validator: seat.validator,
		award: uint(seat.award),
		compensation: uint(seat.compensation),
	}))
}

fn past_award<T: Config>(
	env: &mut impl Ext<T = T>,
	session: u32,
	candidate: &T::AccountId,
) -> Result<Option<IStaking::SessionAward>, Error> {
	costs::charge_entries(env, MAX_SEATS.into(), 0)?;
	let seats = History::<T>::get(session).seats.into_iter().map(|(seat, _)| seat);
	let seat = { seats }.find(|seat| seat.candidate == *candidate);
	Ok(seat.map(|seat| IStaking::SessionAward {
		seated: true,
		validator: seat.validator,
		award: uint(seat.award),
		compensation: uint(seat.compensation),
	}))
}

pub(crate) fn era<T: Config>(env: &mut impl Ext<T = T>) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 1)?;
	Ok(IStaking::eraCall::abi_encode_returns(&Dpos::<T>::era()))
}

pub(crate) fn session<T: Config>(env: &mut impl Ext<T = T>) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 1)?;
	Ok(IStaking::sessionCall::abi_encode_returns(&CurrentSession::<T>::get()))
}

pub(crate) fn parameters<T: Config>(env: &mut impl Ext<T = T>) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 5)?;
	let answer = IStaking::Parameters {
		minDelegation: uint(<T as pallet_cmt_dpos::Config>::MinDelegation::get()),
		unbondingEras: <T as pallet_cmt_dpos::Config>::UnbondingEras::get(),
		maxPositions: <T as pallet_cmt_dpos::Config>::MaxPositions::get(),
		sessionsPerEra: <T as pallet_cmt_dpos::Config>::SessionsPerEra::get(),
		sessionLength: Clock::<T>::get().length.saturated_into(),
	};
	Ok(IStaking::parametersCall::abi_encode_returns(&answer))
}
