//! Proposals and votes as wallets read them, and trials of calls.

use super::*;
use crate::{
	constants::currency::SUBMISSION_DEPOSIT,
	governance::{
		dry_run::dry_run,
		queries,
		tracks::{self, origin_of, Tracks},
	},
	Balance, CmtDpos, OriginCaller, Preimage, Referenda, RuntimeOrigin, StakeVoting,
};
use cybermiles_primitives::{
	governance::{DryRun, ProposalInfo, ProposalState, Undecodable, MAX_CALL_BYTES, MAX_PROPOSALS},
	CMT,
};
use frame_support::{
	assert_ok,
	traits::{schedule::DispatchTime, StorePreimage},
};
use pallet_governance::Origin;
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor, TracksInfo};
use pallet_stake_voting::{Bar, Vote};
use sp_runtime::Perbill;

/// Power of all seats, in planck.
const TOTAL: Balance = 32_500_000 * CMT;

/// The local network without new CMT: ranks 1 to 19 sit with 2,000,000 CMT less 50,000 for each
/// rank, and five standbys with 800,000 each.
fn in_network(test: impl FnOnce()) {
	let mut patch = preset("local");
	merge(&mut patch, serde_json::json!({ "protocolGenesis": { "inflation": 0 } }));
	try_genesis(patch).unwrap().execute_with(|| {
		run_blocks(0, 1);
		test();
	});
}

fn at(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
}

fn remark(length: u32) -> RuntimeCall {
	frame_system::Call::remark { remark: vec![7; length as usize] }.into()
}

/// Submits `call` in the name of `origin`, without the decision deposit; returns its number.
fn submit(origin: impl Into<OriginCaller>, call: RuntimeCall) -> u32 {
	let index = pallet_referenda::ReferendumCount::<Runtime>::get();
	let proposal = <Preimage as StorePreimage>::bound(call).unwrap();
	let origin = Box::new(origin.into());
	let enactment = DispatchTime::After(0);
	assert_ok!(Referenda::submit(at(Sr25519Keyring::One), origin, proposal, enactment));
	index
}

fn place_deposit(index: u32) {
	assert_ok!(Referenda::place_decision_deposit(at(Sr25519Keyring::Two), index));
}

fn run_to(block: u32) {
	run_blocks(System::block_number(), block);
}

fn proposal(index: u32) -> ProposalInfo<AccountId> {
	queries::proposal(index).unwrap()
}

/// The owners of the candidates of these ranks vote.
fn vote(poll: u32, ranks: core::ops::RangeInclusive<u32>, vote: Vote) {
	for rank in ranks {
		let owner = CmtDpos::candidates(rank - 1, 1).remove(0).owner;
		assert_ok!(StakeVoting::vote(RuntimeOrigin::signed(owner), poll, vote));
	}
}

#[test]
fn tracks_should_be_told_with_their_exact_bars_and_have_an_origin() {
	in_network(|| {
		let told = queries::tracks();
		assert_eq!(told.len(), 8);
		let root = &told[0];
		assert_eq!((root.id, root.name.as_slice()), (0, b"root".as_slice()));
		assert_eq!((root.support.numerator, root.support.denominator), (2, 3));
		assert_eq!(root.support.perbill, Perbill::from_parts(666_666_666));
		assert_eq!((root.submission_deposit, root.decision_deposit), (100 * CMT, 100_000 * CMT));
		// An era of this network has 60 blocks.
		assert_eq!((root.prepare_period, root.decision_period), (20, 420));
		assert_eq!((root.confirm_period, root.min_enactment_period), (60, 60));
		for track in told {
			let origin = origin_of(track.id).unwrap();
			assert_eq!(Tracks::track_for(&origin), Ok(track.id));
			assert!(track.name.iter().all(|byte| *byte != 0));
		}
		assert_eq!(origin_of(2), None);
	});
}

#[test]
fn proposal_should_be_told_from_its_submission_to_its_enactment() {
	in_network(|| {
		let index = submit(Origin::Parameters, remark(9));
		let info = proposal(index);
		assert_eq!((info.track, info.track_name), (Some(1), Some(b"parameters".to_vec())));
		assert_eq!(info.state, ProposalState::AwaitingDeposit);
		let left = info.submission_deposit.unwrap();
		assert_eq!((left.who, left.amount), (account(Sr25519Keyring::One), SUBMISSION_DEPOSIT));
		assert_eq!(info.decision_deposit, None);
		assert_eq!((info.blocks.submitted, info.blocks.times_out), (Some(1), Some(841)));
		assert_eq!((info.blocks.decision_starts, info.blocks.decision_ends), (Some(11), None));
		let tally = info.tally.unwrap();
		assert_eq!((tally.opens, tally.total, tally.needed), (1, None, None));

		place_deposit(index);
		let info = proposal(index);
		assert_eq!((info.state, info.blocks.times_out), (ProposalState::Preparing, None));
		let left = info.decision_deposit.unwrap();
		assert_eq!((left.who, left.amount), (account(Sr25519Keyring::Two), 20_000 * CMT));

		run_to(20);
		let info = proposal(index);
		assert_eq!(info.state, ProposalState::Deciding);
		assert_eq!((info.blocks.decision_starts, info.blocks.decision_ends), (Some(11), Some(191)));
		let tally = info.tally.unwrap();
		assert_eq!((tally.total, tally.needed), (Some(TOTAL), Some(TOTAL / 2)));

		vote(index, 1..=9, Vote::Aye);
		assert_eq!(proposal(index).tally.unwrap().needed, Some(500_000 * CMT));
		vote(index, 10..=10, Vote::Aye);
		assert_eq!(proposal(index).tally.unwrap().needed, Some(0));
		run_to(21);
		let info = proposal(index);
		assert_eq!(info.state, ProposalState::Confirming);
		assert_eq!(info.blocks.confirmation_ends, Some(41));

		run_to(41);
		let info = proposal(index);
		assert_eq!((info.state, info.tally), (ProposalState::Approved, None));
		assert_eq!((info.blocks.ended, info.blocks.enactment), (Some(41), Some(61)));
		assert_eq!((info.track, info.track_name), (Some(1), Some(b"parameters".to_vec())));
		assert_eq!(info.proposed.unwrap().bytes, Some(remark(9).encode()));

		run_to(61);
		let info = proposal(index);
		assert_eq!((info.state, info.blocks.enactment), (ProposalState::Approved, None));
		assert_eq!((info.blocks.ended, info.track, info.proposed), (Some(41), None, None));
	});
}

#[test]
fn every_other_end_should_be_told() {
	in_network(|| {
		let numbers = [(); 4].map(|()| submit(Origin::Emergency, remark(1)));
		numbers.into_iter().for_each(place_deposit);
		run_to(3);
		let states = numbers.map(|index| proposal(index).state);
		use ProposalState::*;
		// Three are decided at the same time.
		assert_eq!(states, [Deciding, Deciding, Deciding, Queued]);

		assert_ok!(Referenda::cancel(RuntimeOrigin::root(), numbers[0]));
		assert_ok!(Referenda::kill(RuntimeOrigin::root(), numbers[1]));
		let due = proposal(numbers[2]).blocks.decision_ends.unwrap();
		run_to(due + 10);
		assert_eq!(
			numbers.map(|index| proposal(index).state),
			[Cancelled, Killed, Rejected, Rejected]
		);
		assert_eq!(queries::proposal_states(1, 2), [Rejected, Killed]);
		let ends = numbers.map(|index| proposal(index).blocks.ended);
		assert_eq!(ends[..3], [Some(3), Some(3), Some(due)]);
		let kept = numbers.map(|index| proposal(index).decision_deposit.is_some());
		assert_eq!(kept, [true, false, true, true]);

		ReferendumInfoFor::<Runtime>::insert(0, ReferendumInfo::TimedOut(39, None, None));
		let info = proposal(0);
		assert_eq!((info.state, info.blocks.ended), (TimedOut, Some(39)));
		assert_eq!(queries::proposal(4), None);
		assert_eq!(queries::proposal_states(0, 9), [Rejected, Rejected, Killed, TimedOut]);
	});
}

#[test]
fn proposals_should_be_told_from_the_newest_on_and_never_more_than_a_page() {
	in_network(|| {
		for length in 0..MAX_PROPOSALS + 5 {
			submit(Origin::Slashes, remark(length % 50));
		}
		let page = |start, count| -> Vec<u32> {
			let found = queries::proposals(start, count).into_iter();
			found.map(|info| info.index).collect()
		};
		assert_eq!(page(0, 3), [104, 103, 102]);
		assert_eq!(page(103, 3), [1, 0]);
		assert_eq!(page(0, u32::MAX).len() as u32, MAX_PROPOSALS);
		assert_eq!(page(105, 1).len() + page(u32::MAX, u32::MAX).len() + page(0, 0).len(), 0);
	});
}

#[test]
fn call_should_be_told_as_far_as_it_is_known() {
	in_network(|| {
		let described = |call: RuntimeCall| {
			let hash = sp_core::H256(sp_io::hashing::blake2_256(&call.encode()));
			let told = proposal(submit(Origin::Emergency, call.clone())).proposed.unwrap();
			assert_eq!((told.hash, told.length), (hash, Some(call.encoded_size() as u32)));
			assert!(told.available);
			let named = (told.pallet.clone().unwrap(), told.call.clone().unwrap());
			assert_eq!(named, (b"System".to_vec(), b"remark".to_vec()));
			told
		};
		// In the proposal itself; by a preimage; by one too long for an answer.
		for length in [10, 200, MAX_CALL_BYTES - 4] {
			assert_eq!(described(remark(length)).bytes, Some(remark(length).encode()));
		}
		assert_eq!(described(remark(MAX_CALL_BYTES - 3)).bytes, None);

		// Nothing is known of what nobody noted.
		let index = pallet_referenda::ReferendumCount::<Runtime>::get();
		let hash = sp_core::H256::repeat_byte(1);
		let proposal = frame_support::traits::Bounded::Lookup { hash, len: 500 };
		let origin = Box::new(Origin::Emergency.into());
		let when = DispatchTime::After(0);
		assert_ok!(Referenda::submit(at(Sr25519Keyring::One), origin, proposal, when));
		let told = queries::proposal(index).unwrap().proposed.unwrap();
		assert_eq!((told.available, told.length), (false, Some(500)));
		assert_eq!((told.pallet, told.call, told.bytes), (None, None, None));
	});
}

#[test]
fn votes_should_be_told_by_seat_and_by_position() {
	in_network(|| {
		let who = super::ethereum::key().substrate_account();
		let origin = || RuntimeOrigin::signed(who.clone());
		let [first, second] = [0, 1].map(|place| CmtDpos::candidates(place, 1).remove(0).candidate);
		assert_ok!(CmtDpos::delegate(origin(), second.clone(), 2_000 * CMT));
		let index = submit(Origin::Slashes, remark(0));
		assert_eq!(queries::votes(index), []);
		assert_eq!(queries::voting_power(index, &who)[0].power, 0);

		run_to(20);
		assert_eq!(queries::votes(index).len(), 24);
		vote(index, 1..=2, Vote::Nay);
		let powers = queries::voting_power(index, &who);
		assert_eq!((powers.len(), powers[0].candidate.clone()), (1, second.clone()));
		assert_eq!((powers[0].power, powers[0].vote), (2_000 * CMT, None));
		assert_ok!(StakeVoting::vote_stake(origin(), index, second.clone(), Vote::Abstain));
		// What is added later does not count.
		assert_ok!(CmtDpos::delegate(origin(), first.clone(), 1_000 * CMT));
		let powers = queries::voting_power(index, &who);
		assert_eq!((powers[0].power, powers[0].vote), (2_000 * CMT, Some(Vote::Abstain)));
		assert_eq!((powers[1].power, powers[1].vote), (0, None));

		let votes = queries::votes(index);
		assert!(votes.windows(2).all(|pair| pair[0].power >= pair[1].power));
		let seat = |candidate| votes.iter().find(|seat| seat.candidate == candidate).unwrap();
		assert_eq!(seat(second.clone()).power, 1_902_000 * CMT);
		assert_eq!(seat(second).taken_out, 2_000 * CMT);
		assert_eq!((seat(first).vote, votes[5].vote), (Some(Vote::Nay), None));
		let tally = proposal(index).tally.unwrap();
		assert_eq!((tally.nays, tally.abstentions), (3_850_000 * CMT, 2_000 * CMT));
		// Three fifths of all that votes for or against.
		assert_eq!(tally.needed, Some((TOTAL + 2_000 * CMT) / 2));
	});
}

#[test]
fn needed_power_should_be_the_least_with_which_both_bars_are_reached() {
	let bars = [(1, 5), (3, 10), (9, 20), (1, 2), (3, 5), (2, 3)].map(|(n, d)| Bar::new(n, d));
	for support in bars {
		for approval in bars {
			for total in 1..=30 {
				for nays in 0..=total {
					let passes = |ayes| {
						support.is_reached(ayes, total) && approval.is_reached(ayes, ayes + nays)
					};
					let needed = queries::needed((support, approval), total, nays);
					assert!(passes(needed), "{needed} of {total}, {nays} against");
					assert!(!passes(needed - 1), "{needed} of {total}, {nays} against");
				}
			}
		}
	}
	let all = (Bar::new(1, 1), Bar::new(1, 1));
	assert_eq!(queries::needed(all, 30, 0), 30);
	assert_eq!(queries::needed(all, 30, 1), Balance::MAX);
}

/// What a trial of `call` tells, which must leave nothing.
fn trial(track: u16, call: impl Into<RuntimeCall>) -> DryRun {
	let state = || (System::event_count(), sp_io::storage::root(Default::default()));
	let before = state();
	let told = dry_run(track, &call.into().encode());
	assert_eq!(state(), before);
	told
}

/// Lets a call run that is not paused: this fails with an error of the pallet.
fn resume() -> RuntimeCall {
	let [pallet, call] = ["CmtDpos", "delegate"].map(|name| name.as_bytes().to_vec());
	let (pallet, call) = (pallet.try_into().unwrap(), call.try_into().unwrap());
	pallet_governance::Call::resume_call { pallet, call }.into()
}

fn pause() -> RuntimeCall {
	let [pallet, call] = ["CmtDpos", "delegate"].map(|name| name.as_bytes().to_vec());
	let (pallet, call) = (pallet.try_into().unwrap(), call.try_into().unwrap());
	pallet_governance::Call::pause_call { pallet, call }.into()
}

#[test]
fn trial_should_tell_success_and_leave_nothing() {
	in_network(|| {
		for (track, call) in [(tracks::EMERGENCY, pause()), (tracks::ROOT, remark(100))] {
			let DryRun::Succeeds { weight } = trial(track, call) else { panic!("it does not") };
			assert!(weight > 0);
		}
	});
}

#[test]
fn trial_should_tell_who_may_and_what_fails_by_name() {
	in_network(|| {
		assert_eq!(trial(tracks::PARAMETERS, pause()), DryRun::WrongOrigin);
		assert_eq!(trial(2, pause()), DryRun::UnknownTrack);
		let DryRun::Fails(failure) = trial(tracks::EMERGENCY, resume()) else { panic!("it works") };
		assert_eq!(failure.pallet, Some(b"Governance".to_vec()));
		assert_eq!(
			(failure.name, failure.docs),
			(b"NotPaused".to_vec(), b"The call is not paused.".to_vec())
		);

		// A batch succeeds whatever is in it.
		let calls = vec![remark(1), resume()];
		let batch = pallet_utility::Call::batch { calls: calls.clone() };
		let DryRun::SucceedsInPart { failure, .. } = trial(tracks::ROOT, batch) else {
			panic!("all of it works")
		};
		assert_eq!(failure.name, b"NotPaused");
		let all = pallet_utility::Call::batch_all { calls };
		assert!(matches!(trial(tracks::ROOT, all), DryRun::Fails(_)));
	});
}

#[test]
fn trial_should_refuse_what_no_block_or_preimage_holds() {
	in_network(|| {
		let weight = crate::configs::utility::MaxScheduledWeight::get();
		let heavy = pallet_utility::Call::with_weight { call: Box::new(remark(1)), weight };
		let DryRun::TooHeavy { weight, limit } = trial(tracks::ROOT, heavy) else {
			panic!("it is not")
		};
		let scheduled = crate::configs::utility::MaxScheduledWeight::get().ref_time();
		assert!(limit < scheduled && limit > scheduled / 10 * 9, "{limit}");
		assert!(weight > limit);

		let limit = pallet_preimage::MAX_SIZE;
		let long = vec![0; limit as usize + 1];
		assert_eq!(dry_run(0, &long), DryRun::TooLong { length: limit + 1, limit });
		let fits = remark(limit - 6);
		assert_eq!(fits.encoded_size() as u32, limit);
		assert!(matches!(trial(tracks::ROOT, fits), DryRun::Succeeds { .. }));
	});
}

#[test]
fn trial_should_tell_why_bytes_are_no_call() {
	in_network(|| {
		let why = |bytes: &[u8]| match dry_run(tracks::ROOT, bytes) {
			DryRun::Undecodable(why) => why,
			other => panic!("{other:?}"),
		};
		let names = || (b"System".to_vec(), b"remark".to_vec());
		assert_eq!(why(&[]), Undecodable::TooShort);
		assert_eq!(why(&[0]), Undecodable::TooShort);
		assert_eq!(why(&[200, 0]), Undecodable::UnknownPallet { pallet: 200 });
		let (pallet, call) = names();
		assert_eq!(why(&[0, 0]), Undecodable::WrongArguments { pallet, call });
		let (pallet, _) = names();
		assert_eq!(why(&[0, 99, 1]), Undecodable::UnknownCall { pallet, call: 99 });
		assert_eq!(why(&[0, 0, 0, 5, 6]), Undecodable::BytesLeft { count: 2 });
	});
}
