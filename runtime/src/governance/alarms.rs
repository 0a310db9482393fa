//! Alarms that no crowd can suppress.
//!
//! pallet-referenda goes on with a referendum when its alarm rings, and drops an alarm or an enactment
//! for which the scheduler has no room: the agenda of a block is bounded, and whoever fills one with
//! alarms of own referenda could stop those of others. Here an agenda that is full leads to a later
//! one ([`Alarms`]). Should all that are tried be full, or should the queue of a track drop a
//! referendum, the chain wakes it when it keeps others waiting ([`WakeForgotten`]).

use crate::{
	weights, BlockNumber, OriginCaller, Referenda, Runtime, RuntimeCall, RuntimeOrigin, Scheduler,
	System,
};
use cybermiles_primitives::{governance::TrackId, traits::PollObserver};
use frame_support::{
	traits::{
		schedule::{
			v3::{Anon, Named, TaskName},
			DispatchTime, Period, Priority,
		},
		Bounded, Get,
	},
	weights::Weight,
};
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor, TrackQueue};
use pallet_scheduler::{Agenda, TaskAddress};
use sp_runtime::DispatchError;

type Hashing = <Runtime as frame_system::Config>::Hashing;
type Call = Bounded<RuntimeCall, Hashing>;
type Address = TaskAddress<BlockNumber>;

/// Blocks in whose agendas room is looked for: the one that is asked for, and those 1, 4, 9 and so on
/// after it, the last 961 blocks (48 minutes) later.
///
/// Squares spread what one block brings over a few minutes, and reach agendas that the crowds of the
/// blocks before left alone. All alarms that the transactions of one block can set fill less than half
/// of the room.
pub const TRIES: u32 = 32;

/// Whether the agenda of `block` takes one more task. Reads no more of it than its length; a gap
/// within a full one counts as taken.
fn has_room(block: &BlockNumber) -> bool {
	let most: u32 = <Runtime as pallet_scheduler::Config>::MaxScheduledPerBlock::get();
	Agenda::<Runtime>::decode_len(block).unwrap_or_default() < most as usize
}

/// The first of the blocks to try that has room, or else `when` itself, which the scheduler refuses.
fn with_room(when: DispatchTime<BlockNumber>) -> DispatchTime<BlockNumber> {
	let block = match when {
		DispatchTime::At(block) => block,
		// So the scheduler counts: the next block is 0 blocks after this one.
		DispatchTime::After(blocks) => {
			System::block_number().saturating_add(blocks).saturating_add(1)
		},
	};
	let mut tried = (0..TRIES).map(|count| block.saturating_add(count.saturating_mul(count)));
	DispatchTime::At(tried.find(has_room).unwrap_or(block))
}

/// The scheduler for referenda: what finds its agenda full goes into a later one.
pub struct Alarms;

impl Anon<BlockNumber, RuntimeCall, OriginCaller> for Alarms {
	type Address = Address;
	type Hasher = Hashing;

	fn schedule(
		when: DispatchTime<BlockNumber>,
		period: Option<Period<BlockNumber>>,
		priority: Priority,
		origin: OriginCaller,
		call: Call,
	) -> Result<Address, DispatchError> {
		<Scheduler as Anon<_, _, _>>::schedule(with_room(when), period, priority, origin, call)
	}

	fn cancel(address: Address) -> Result<(), DispatchError> {
		<Scheduler as Anon<_, _, _>>::cancel(address)
	}

	fn reschedule(
		address: Address,
		when: DispatchTime<BlockNumber>,
	) -> Result<Address, DispatchError> {
		<Scheduler as Anon<_, _, _>>::reschedule(address, with_room(when))
	}

	fn next_dispatch_time(address: Address) -> Result<BlockNumber, DispatchError> {
		<Scheduler as Anon<_, _, _>>::next_dispatch_time(address)
	}
}

impl Named<BlockNumber, RuntimeCall, OriginCaller> for Alarms {
	type Address = Address;
	type Hasher = Hashing;

	fn schedule_named(
		id: TaskName,
		when: DispatchTime<BlockNumber>,
		period: Option<Period<BlockNumber>>,
		priority: Priority,
		origin: OriginCaller,
		call: Call,
	) -> Result<Address, DispatchError> {
		let when = with_room(when);
		<Scheduler as Named<_, _, _>>::schedule_named(id, when, period, priority, origin, call)
	}

	fn cancel_named(id: TaskName) -> Result<(), DispatchError> {
		<Scheduler as Named<_, _, _>>::cancel_named(id)
	}

	fn reschedule_named(
		id: TaskName,
		when: DispatchTime<BlockNumber>,
	) -> Result<Address, DispatchError> {
		<Scheduler as Named<_, _, _>>::reschedule_named(id, with_room(when))
	}

	fn next_dispatch_time(id: TaskName) -> Result<BlockNumber, DispatchError> {
		<Scheduler as Named<_, _, _>>::next_dispatch_time(id)
	}
}

/// Wakes a referendum that others wait for and that nothing else would wake.
///
/// It has no alarm though it is in no queue, or believes to be in a queue that dropped it for want of
/// room. Nobody would ever end it, and no votes of later referenda could be removed.
pub struct WakeForgotten;

impl PollObserver for WakeForgotten {
	fn on_removed(_: u32) {}

	fn on_awaited(poll: u32) {
		let Some(ReferendumInfo::Ongoing(mut status)) = ReferendumInfoFor::<Runtime>::get(poll)
		else {
			return;
		};
		if status.alarm.is_some() || (status.in_queue && is_queued(poll, status.track)) {
			return;
		}
		// A queue that dropped it takes it again only if it comes as a new one.
		status.in_queue = false;
		ReferendumInfoFor::<Runtime>::insert(poll, ReferendumInfo::Ongoing(status));
		let woken = Referenda::nudge_referendum(RuntimeOrigin::root(), poll);
		debug_assert!(woken.is_ok(), "it is ongoing");
	}
}

fn is_queued(poll: u32, track: TrackId) -> bool {
	TrackQueue::<Runtime>::get(track).iter().any(|(queued, _)| *queued == poll)
}

/// What it costs at most to look for room for `count` alarms: the length of each agenda that is tried.
///
/// Weights are measured with agendas that have room. With this added each call pays for all its tries.
fn search(count: u64) -> Weight {
	let tries = u64::from(TRIES).saturating_mul(count);
	<Runtime as frame_system::Config>::DbWeight::get().reads(tries)
}

/// Adds to each function of `$inner` the search for the alarms that it sets at most.
macro_rules! with_search {
	($outer:ident: $pallet:ident, $inner:ty; $($count:literal: $($function:ident),+;)+) => {
		impl $pallet::WeightInfo for $outer {
			$($(
				fn $function() -> Weight {
					<$inner as $pallet::WeightInfo>::$function().saturating_add(search($count))
				}
			)+)+
		}
	};
}

/// The weights of pallet-referenda with the search for room.
pub struct ReferendaWeights;

with_search! {
	ReferendaWeights: pallet_referenda, weights::pallet_referenda::WeightInfo<Runtime>;
	0: refund_decision_deposit, refund_submission_deposit, set_some_metadata, clear_metadata;
	1: submit, cancel, kill,
		place_decision_deposit_preparing, place_decision_deposit_queued,
		place_decision_deposit_not_queued, place_decision_deposit_passing,
		place_decision_deposit_failing,
		one_fewer_deciding_queue_empty, one_fewer_deciding_failing, one_fewer_deciding_passing,
		nudge_referendum_requeued_insertion, nudge_referendum_requeued_slide,
		nudge_referendum_queued, nudge_referendum_not_queued, nudge_referendum_no_deposit,
		nudge_referendum_preparing, nudge_referendum_timed_out,
		nudge_referendum_begin_deciding_failing, nudge_referendum_begin_deciding_passing,
		nudge_referendum_begin_confirming, nudge_referendum_end_confirming,
		nudge_referendum_continue_not_confirming, nudge_referendum_continue_confirming,
		nudge_referendum_rejected;
	// The enactment, and the alarm that lets the next one of the track be decided.
	2: nudge_referendum_approved;
}

/// The weights of pallet-stake-voting with the search for room: a vote wakes its referendum.
pub struct VotingWeights;

with_search! {
	VotingWeights: pallet_stake_voting, weights::pallet_stake_voting::WeightInfo<Runtime>;
	0: clean;
	1: vote, withdraw_vote, vote_stake, withdraw_stake_vote;
}
