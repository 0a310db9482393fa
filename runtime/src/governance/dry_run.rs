//! What a call would do if a referendum enacted it now.

use super::{names, tracks::origin_of};
use crate::{
	configs::utility::MaxScheduledWeight, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeLimit};
use cybermiles_primitives::governance::{DryRun, TrackId, Undecodable};
use frame_support::{
	dispatch::{extract_actual_weight, GetDispatchInfo},
	storage::{with_transaction, TransactionOutcome},
	traits::Get,
	weights::Weight,
	MAX_EXTRINSIC_DEPTH,
};
use pallet_preimage::MAX_SIZE;
use pallet_scheduler::WeightInfo;
use sp_runtime::{traits::Dispatchable, DispatchError};

/// Runs the call `bytes` as a referendum of `track` would, and takes back what it did.
pub fn dry_run(track: TrackId, bytes: &[u8]) -> DryRun {
	try_run(track, bytes).unwrap_or_else(|refused| refused)
}

fn try_run(track: TrackId, bytes: &[u8]) -> Result<DryRun, DryRun> {
	let origin = origin_of(track).ok_or(DryRun::UnknownTrack)?;
	let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
	if length > MAX_SIZE {
		return Err(DryRun::TooLong { length, limit: MAX_SIZE });
	}
	let call = decode(bytes).map_err(DryRun::Undecodable)?;
	let (weight, limit) = (call.get_dispatch_info().call_weight, most(length));
	if !limit.all_gte(weight) {
		let (weight, limit) = (weight.ref_time(), limit.ref_time());
		return Err(DryRun::TooHeavy { weight, limit });
	}
	Ok(enacted(origin.into(), call))
}

fn decode(bytes: &[u8]) -> Result<RuntimeCall, Undecodable> {
	let mut rest = bytes;
	let decoded = RuntimeCall::decode_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut rest);
	let call = decoded.map_err(|_| why_no_call(bytes))?;
	match rest.len() {
		0 => Ok(call),
		left => Err(Undecodable::BytesLeft { count: left as u32 }),
	}
}

fn why_no_call(bytes: &[u8]) -> Undecodable {
	let Ok((pallet, call)) = <(u8, u8)>::decode(&mut &bytes[..]) else {
		return Undecodable::TooShort;
	};
	let Some(name) = names::pallet(pallet) else {
		return Undecodable::UnknownPallet { pallet };
	};
	match names::call(pallet, call) {
		Some((pallet, call)) => Undecodable::WrongArguments { pallet, call },
		None => Undecodable::UnknownCall { pallet: name, call },
	}
}

/// What the scheduler can give to a call of `length` bytes, in a block of which it has its full part.
fn most(length: u32) -> Weight {
	type Weights = <Runtime as pallet_scheduler::Config>::WeightInfo;
	let agenda = <Runtime as pallet_scheduler::Config>::MaxScheduledPerBlock::get();
	// An enactment has a name and, where it is long, a preimage.
	let task = Weights::service_task_fetched(length).max(Weights::service_task_named());
	let around = [
		Weights::service_agendas_base(),
		Weights::service_agenda_base(agenda),
		task,
		Weights::execute_dispatch_unsigned(),
	];
	around
		.into_iter()
		.fold(MaxScheduledWeight::get(), |left, part| left.saturating_sub(part))
}

/// Dispatches `call` as the scheduler does, and takes back what it did.
fn enacted(origin: RuntimeOrigin, call: RuntimeCall) -> DryRun {
	let run = || {
		let info = call.get_dispatch_info();
		let before = System::event_count() as usize;
		let result = call.dispatch(origin);
		let weight = extract_actual_weight(&result, &info).ref_time();
		let outcome = match result {
			Ok(_) => succeeded(weight, before),
			Err(failed) if failed.error == DispatchError::BadOrigin => DryRun::WrongOrigin,
			Err(failed) => DryRun::Fails(names::failure(failed.error)),
		};
		TransactionOutcome::Rollback(Ok::<_, DispatchError>(outcome))
	};
	with_transaction(run).unwrap_or_else(|error| DryRun::Fails(names::failure(error)))
}

/// A call that succeeded can have dispatched others that did not, which only their events tell.
fn succeeded(weight: u64, events_before: usize) -> DryRun {
	let events: Vec<_> = System::read_events_no_consensus().skip(events_before).collect();
	match events.into_iter().find_map(|record| inner_failure(record.event)) {
		Some(error) => DryRun::SucceedsInPart { weight, failure: names::failure(error) },
		None => DryRun::Succeeds { weight },
	}
}

fn inner_failure(event: RuntimeEvent) -> Option<DispatchError> {
	match event {
		RuntimeEvent::Utility(
			pallet_utility::Event::BatchInterrupted { error, .. }
			| pallet_utility::Event::ItemFailed { error }
			| pallet_utility::Event::DispatchedAs { result: Err(error) },
		) => Some(error),
		_ => None,
	}
}
