//! What is read of offences.

use crate::{
	convert::{account, address, uint},
	costs::{self, MAX_PAGE},
	Config, IStaking,
};
use alloc::vec::Vec;
use cybermiles_primitives::api::{OffenceKind, SlashInfo, SlashState};
use frame_support::traits::Time;
use pallet_revive::precompiles::{
	alloy::{primitives::Address, sol_types::SolCall},
	Error, Ext,
};
use pallet_slashing::{Absentees, JailTerm, Jails, Pallet as Slashing, SlashCount, MAX_VALIDATORS};

/// See the interface, as for all that answer a call.
pub(crate) fn conduct<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::conductCall,
) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 3)?;
	costs::charge_entries(env, MAX_VALIDATORS.into(), 0)?;
	let candidate = account(env, &call.candidate);
	let absence = Absentees::<T>::get().get(&candidate).copied();
	let now = <T as pallet_slashing::Config>::Time::now();
	let jail = Jails::<T>::get(&candidate).filter(|jail| jail.holds_at(now));
	let answer = IStaking::Conduct {
		absent: absence.is_some(),
		missedTurns: absence.map_or(0, |absence| absence.missed),
		jailedUntil: match jail.map(|jail| jail.term) {
			Some(JailTerm::Until(end)) => end,
			_ => 0,
		},
		tombstoned: jail.is_some_and(|jail| matches!(jail.term, JailTerm::Tombstoned { .. })),
	};
	Ok(IStaking::conductCall::abi_encode_returns(&answer))
}

pub(crate) fn slash_count<T: Config>(env: &mut impl Ext<T = T>) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 1)?;
	Ok(IStaking::slashCountCall::abi_encode_returns(&SlashCount::<T>::get()))
}

pub(crate) fn slashes<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::slashesCall,
) -> Result<Vec<u8>, Error> {
	costs::charge_reads(env, 2)?;
	let left = SlashCount::<T>::get().saturating_sub(call.start);
	let count = call.count.min(MAX_PAGE).min(left);
	costs::charge_entries(env, count.into(), 1)?;
	let slashes = Slashing::<T>::slashes(call.start, count);
	let answer: Vec<_> = slashes.into_iter().map(describe::<T>).collect();
	Ok(IStaking::slashesCall::abi_encode_returns(&answer))
}

fn describe<T: Config>(slash: SlashInfo<T::AccountId>) -> IStaking::Slash {
	let reporter = slash.reporter.map_or(Address::ZERO, |who| address::<T>(&who));
	let (state, due) = match slash.state {
		SlashState::Held { due } => (IStaking::SlashState::Held, due),
		SlashState::Cancelled => (IStaking::SlashState::Cancelled, 0),
		SlashState::Applied => (IStaking::SlashState::Applied, 0),
	};
	IStaking::Slash {
		index: slash.index,
		candidate: address::<T>(&slash.candidate),
		kind: match slash.kind {
			OffenceKind::Downtime => IStaking::Offence::Downtime,
			OffenceKind::DoubleAuthoring => IStaking::Offence::DoubleAuthoring,
			OffenceKind::GrandpaEquivocation => IStaking::Offence::GrandpaEquivocation,
		},
		era: slash.era,
		session: slash.session,
		fraction: slash.fraction.deconstruct(),
		amount: uint(slash.amount),
		reporter,
		state,
		due,
	}
}
