//! Referenda wake up and end however many there are.

use super::{
	governance::{advance, at, caller, check, network, now, of_rank, submit},
	*,
};
use crate::{
	configs::system::RuntimeBlockWeights,
	constants::currency::SUBMISSION_DEPOSIT,
	governance::alarms::{Alarms, TRIES},
	Balances, OriginCaller, Preimage, Referenda, RuntimeOrigin, Scheduler, StakeVoting,
};
use frame_support::{
	assert_noop, assert_ok,
	dispatch::{DispatchClass, GetDispatchInfo},
	traits::{
		schedule::{
			v3::{Anon, Named},
			DispatchTime,
		},
		StorePreimage,
	},
	weights::Weight,
};
use pallet_governance::Origin;
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor, TrackQueue};
use pallet_scheduler::Agenda;
use pallet_stake_voting::{Vote, WeightInfo};
use sp_runtime::DispatchError;

/// Tasks that one block takes.
const AGENDA: usize = 256;
/// Blocks after which a referendum without deposit ends: 14 eras of this network.
const TIMEOUT: u32 = 14 * 60;

/// Submits `count` referenda of one account, without asking for a decision.
fn submit_many(count: u32) {
	for _ in 0..count {
		let remark = frame_system::Call::remark { remark: vec![] };
		let proposal = <Preimage as StorePreimage>::bound(RuntimeCall::from(remark)).unwrap();
		let (one, small) = (at(Sr25519Keyring::One), caller(Origin::SmallSpend));
		assert_ok!(Referenda::submit(one, small, proposal, DispatchTime::After(0)));
	}
}

/// Whether the referendum waits for an alarm, or none where it has ended.
fn has_alarm(poll: u32) -> Option<bool> {
	match ReferendumInfoFor::<Runtime>::get(poll).unwrap() {
		ReferendumInfo::Ongoing(status) => Some(status.alarm.is_some()),
		_ => None,
	}
}

fn tasks_of(block: u32) -> usize {
	Agenda::<Runtime>::get(block).into_iter().flatten().count()
}

/// Fills the agenda of a block.
fn fill(block: u32) {
	while schedule_at(block).is_ok() {}
}

/// Puts a call into the agenda of this very block, if it has room.
fn schedule_at(block: u32) -> Result<(u32, u32), DispatchError> {
	let call = RuntimeCall::from(frame_system::Call::remark { remark: vec![] });
	let call = <Preimage as StorePreimage>::bound(call).unwrap();
	let root = OriginCaller::system(frame_system::RawOrigin::Root);
	<Scheduler as Anon<_, _, _>>::schedule(DispatchTime::At(block), None, 128, root, call)
}

/// Puts a call where referenda put theirs, with a name if one is given.
fn alarm(when: DispatchTime<u32>, name: Option<[u8; 32]>) -> Result<(u32, u32), DispatchError> {
	let call = RuntimeCall::from(frame_system::Call::remark { remark: vec![] });
	let call = <Preimage as StorePreimage>::bound(call).unwrap();
	let root = OriginCaller::system(frame_system::RawOrigin::Root);
	match name {
		Some(name) => <Alarms as Named<_, _, _>>::schedule_named(name, when, None, 63, root, call),
		None => <Alarms as Anon<_, _, _>>::schedule(when, None, 128, root, call),
	}
}

#[test]
fn referenda_should_all_time_out_when_more_are_submitted_in_a_block_than_an_agenda_takes() {
	network().execute_with(|| {
		advance(1);
		let one = account(Sr25519Keyring::One);
		let before = free(&one);
		submit_many(600);
		assert_eq!(before - free(&one), 600 * SUBMISSION_DEPOSIT);
		assert!((0..600).all(|poll| has_alarm(poll) == Some(true)));
		let due = 1 + TIMEOUT;
		let tasks = [0, 1, 2, 3, 4].map(|later| tasks_of(due + later));
		assert_eq!(tasks, [AGENDA, AGENDA, 0, 0, 600 - 2 * AGENDA]);

		advance(due + 4);
		let timed_out = |poll| {
			matches!(
				ReferendumInfoFor::<Runtime>::get(poll),
				Some(ReferendumInfo::TimedOut(at, ..)) if (due..=due + 4).contains(&at)
			)
		};
		assert!((0..600).all(timed_out));
		// In a block with room the votes of one referendum are removed, and its deposit returns. The last
		// block of a session has none.
		advance(due + 4 + 600 + 40);
		assert_eq!((free(&one), Balances::reserved_balance(&one)), (before, 0));
		check();
	});
}

#[test]
fn votes_should_wake_all_referenda_when_more_are_voted_on_in_a_block_than_an_agenda_takes() {
	network().execute_with(|| {
		advance(1);
		submit_many(300);
		let victim = submit(Origin::SmallSpend, frame_system::Call::remark { remark: vec![] });
		advance(20);
		let voter = RuntimeOrigin::signed(of_rank(1));
		for poll in 0..=victim {
			assert_ok!(StakeVoting::vote(voter.clone(), poll, Vote::Aye));
		}
		assert!((0..=victim).all(|poll| has_alarm(poll) == Some(true)));
		assert_eq!([21, 22].map(tasks_of), [AGENDA, 301 - AGENDA]);
		// Woken two blocks later, each has the alarm again that it had before.
		advance(22);
		assert!((0..=victim).all(|poll| has_alarm(poll) == Some(true)));
		assert_eq!(tasks_of(1 + TIMEOUT), AGENDA);
		// Its decision ends when it does without the others.
		advance(11 + 3 * 60);
		assert_eq!(has_alarm(victim), None);
		check();
	});
}

#[test]
fn alarms_and_enactments_should_take_the_next_of_their_blocks_that_has_room() {
	network().execute_with(|| {
		advance(1);
		let on = DispatchTime::At;
		for (count, name) in (0..4).zip([None, Some([1; 32]), None, Some([2; 32])]) {
			assert_eq!(alarm(on(50), name), Ok((50 + count * count, 0)));
			fill(50 + count * count);
		}
		// The scheduler's own count: nothing after this block is the next one.
		assert_eq!(alarm(DispatchTime::After(0), None), Ok((2, 0)));
		assert_eq!(alarm(DispatchTime::After(48), None), Ok((66, 0)));
		// Moved, they find room too.
		let moved =
			<Alarms as Named<_, RuntimeCall, OriginCaller>>::reschedule_named([1; 32], on(54));
		assert_eq!(moved, Ok((55, 0)));
		// What is past is refused as ever.
		let past = pallet_scheduler::Error::<Runtime>::TargetBlockNumberInPast;
		assert_noop!(alarm(on(1), None), past);
	});
}

#[test]
fn alarm_should_be_refused_when_no_block_that_is_tried_has_room() {
	network().execute_with(|| {
		advance(1);
		(0..TRIES).map(|count| 50 + count * count).for_each(fill);
		assert_noop!(alarm(DispatchTime::At(50), None), DispatchError::Exhausted);
		let last = 50 + 961;
		assert_ok!(<Scheduler as Anon<_, RuntimeCall, OriginCaller>>::cancel((last, 255)));
		assert_eq!(alarm(DispatchTime::At(50), None), Ok((last, 255)));
	});
}

#[test]
fn referendum_should_end_when_its_alarm_was_lost() {
	network().execute_with(|| {
		advance(1);
		submit_many(1);
		ReferendumInfoFor::<Runtime>::mutate(0, |info| {
			let Some(ReferendumInfo::Ongoing(status)) = info else { panic!("it is ongoing") };
			let (_, address) = status.alarm.take().unwrap();
			assert_ok!(<Scheduler as Anon<_, RuntimeCall, OriginCaller>>::cancel(address));
		});
		advance(21);
		assert_eq!(has_alarm(0), Some(true), "set again once later votes would wait for it");
		advance(1 + TIMEOUT);
		assert_eq!(has_alarm(0), None);
	});
}

#[test]
fn referendum_should_be_decided_when_the_queue_of_its_track_dropped_it() {
	network().execute_with(|| {
		advance(1);
		// 20 are decided at once, 100 wait in the queue, and one of all finds no place there.
		let remark = || frame_system::Call::remark { remark: vec![] };
		let polls: Vec<_> = (0..121).map(|_| submit(Origin::SmallSpend, remark())).collect();
		advance(12);
		let track = crate::governance::tracks::SMALL_SPEND;
		let queue = TrackQueue::<Runtime>::get(track);
		let waits = |poll: &u32| has_alarm(*poll) == Some(false);
		let dropped = |poll: &&u32| waits(poll) && queue.iter().all(|(queued, _)| queued != *poll);
		assert_eq!((queue.len(), polls.iter().filter(dropped).count()), (100, 1));
		// Six times three eras, and some blocks to remove what came before.
		advance(7 * 3 * 60 + 200);
		assert!(polls.iter().all(|poll| has_alarm(*poll).is_none()), "block {}", now());
		check();
	});
}

/// What a block may take of ordinary transactions.
fn normal_block() -> Weight {
	let weights = RuntimeBlockWeights::get();
	weights.get(DispatchClass::Normal).max_total.unwrap()
}

#[test]
fn block_should_set_fewer_alarms_than_there_is_room_for() {
	let remark = RuntimeCall::from(frame_system::Call::remark { remark: vec![] });
	let proposal = frame_support::traits::Bounded::Inline(remark.encode().try_into().unwrap());
	let calls: [RuntimeCall; 4] = [
		pallet_referenda::Call::submit {
			proposal_origin: caller(Origin::SmallSpend),
			proposal,
			enactment_moment: DispatchTime::After(0),
		}
		.into(),
		pallet_referenda::Call::place_decision_deposit { index: 0 }.into(),
		pallet_stake_voting::Call::vote { poll: 0, vote: Vote::Aye }.into(),
		pallet_stake_voting::Call::vote_stake {
			poll: 0,
			candidate: account(Sr25519Keyring::Alice),
			vote: Vote::Aye,
		}
		.into(),
	];
	let room = u64::from(TRIES) * AGENDA as u64;
	for call in calls {
		// In a batch, which saves what each transaction costs besides. Half of the room is for what the
		// blocks before set.
		let most = normal_block().ref_time() / call.get_dispatch_info().call_weight.ref_time();
		assert!(most < room / 2, "{most} of {call:?}");
	}
}

#[test]
fn step_of_removal_should_pay_for_waking_the_referendum_that_it_waits_for() {
	let nudge = RuntimeCall::from(pallet_referenda::Call::nudge_referendum { index: 0 });
	let step = <Runtime as pallet_stake_voting::Config>::WeightInfo::clean();
	// Beside it: the referendum and the queue of its track are read, the referendum is written.
	let around = <Runtime as frame_system::Config>::DbWeight::get().reads_writes(4, 1);
	let waking = nudge.get_dispatch_info().call_weight + around;
	assert!(step.ref_time() > waking.ref_time(), "{step:?}, {waking:?}");
}
