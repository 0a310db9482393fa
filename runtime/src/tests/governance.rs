//! Referenda from submission to enactment, on 19 validators and 5 standbys.

use super::*;
use crate::{
	constants::currency::SUBMISSION_DEPOSIT,
	governance::{
		origins::{BIG_SPEND, MEDIUM_SPEND, SMALL_SPEND},
		tracks::{self, Tracks},
	},
	parameters::{
		dynamic_params::{awards, election, time},
		ranged::*,
		Plain, RuntimeParameters,
	},
	Balance, Balances, CmtDpos, Governance, OriginCaller, Preimage, Referenda, RuntimeEvent,
	RuntimeOrigin, Slashing, StakeVoting, Treasury, ValidatorCompensation,
};
use cybermiles_primitives::CMT;
use frame_support::{
	assert_noop, assert_ok,
	traits::{schedule::DispatchTime, Get, StorePreimage},
	BoundedVec,
};
use pallet_governance::{Error, Origin, Pauses};
use pallet_referenda::{Deposit, ReferendumInfo, ReferendumInfoFor, TracksInfo};
use pallet_stake_voting::Vote;
use sp_runtime::{
	traits::{BlakeTwo256, Dispatchable, Hash as _},
	DispatchError, Perbill,
};

/// The local network without new CMT, so that stakes stay round: ranks 1 to 19 sit with
/// 2,000,000 CMT less 50,000 for each rank, and five standbys that count for 800,000 each.
pub(super) fn network() -> TestExternalities {
	let mut patch = preset("local");
	merge(&mut patch, serde_json::json!({ "protocolGenesis": { "inflation": 0 } }));
	try_genesis(patch).unwrap()
}

/// Power of all seats, without further delegations, in CMT.
const TOTAL: Balance = 32_500_000;

pub(super) fn at(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
}

/// The origin that a referendum proposes to act in.
pub(super) fn caller(origin: impl Into<OriginCaller>) -> Box<OriginCaller> {
	Box::new(origin.into())
}

fn root() -> OriginCaller {
	OriginCaller::system(frame_system::RawOrigin::Root)
}

/// Submits `call` for `origin` with the deposits of its track; returns its number.
pub(super) fn submit(origin: impl Into<OriginCaller>, call: impl Into<RuntimeCall>) -> u32 {
	let index = pallet_referenda::ReferendumCount::<Runtime>::get();
	let proposal = <Preimage as StorePreimage>::bound(call.into()).unwrap();
	let enactment = DispatchTime::After(0);
	assert_ok!(Referenda::submit(at(Sr25519Keyring::One), caller(origin), proposal, enactment));
	assert_ok!(Referenda::place_decision_deposit(at(Sr25519Keyring::One), index));
	index
}

/// The candidate that had place `rank` when the chain began, which it is named and owned by.
pub(super) fn of_rank(rank: u32) -> AccountId {
	let name = crate::genesis_config_presets::local_name(rank);
	crate::genesis_config_presets::account(&name)
}

/// The owners of the candidates that began with these ranks vote.
pub(super) fn vote(poll: u32, ranks: &[u32], vote: Vote) {
	for rank in ranks {
		assert_ok!(StakeVoting::vote(RuntimeOrigin::signed(of_rank(*rank)), poll, vote));
	}
}

/// `who` delegates behind the candidate of rank 9, behind which it has nothing yet.
fn delegate(who: Sr25519Keyring, amount: Balance) -> AccountId {
	assert_ok!(CmtDpos::delegate(at(who), of_rank(9), amount));
	of_rank(9)
}

/// Runs blocks up to `to`, in the next slots whose validators may author.
pub(super) fn advance(to: u32) {
	while now() < to {
		let mut slot = match *pallet_aura::CurrentSlot::<Runtime>::get() {
			0 => FIRST_SLOT + 1,
			slot => slot + 1,
		};
		let seats = crate::Session::validators().len() as u64;
		let disabled = crate::Session::disabled_validators();
		while disabled.contains(&((slot % seats) as u32)) {
			slot += 1;
		}
		begin_block_in(now() + 1, slot);
		Executive::finalize_block();
	}
}

fn is_approved(poll: u32) -> Option<bool> {
	match ReferendumInfoFor::<Runtime>::get(poll).unwrap() {
		ReferendumInfo::Approved(..) => Some(true),
		ReferendumInfo::Ongoing(_) => None,
		_ => Some(false),
	}
}

pub(super) fn now() -> u32 {
	System::block_number()
}

/// Runs blocks until the referendum ends; returns whether it passed.
fn decided(poll: u32) -> bool {
	loop {
		if let Some(approved) = is_approved(poll) {
			return approved;
		}
		advance(now() + 1);
	}
}

/// Runs blocks until an event satisfies `wanted`; returns the number of the block.
fn until(wanted: impl Fn(&RuntimeEvent) -> bool) -> u32 {
	for _ in 0..500 {
		advance(now() + 1);
		if System::read_events_no_consensus().any(|record| wanted(&record.event)) {
			return now();
		}
	}
	panic!("the event does not come");
}

/// Invariants of all pallets of ours.
pub(super) fn check() {
	CmtDpos::do_try_state().unwrap();
	Slashing::do_try_state().unwrap();
	ValidatorCompensation::do_try_state().unwrap();
	StakeVoting::do_try_state().unwrap();
	Governance::do_try_state().unwrap();
}

fn inflation(percent: u32) -> RuntimeParameters {
	RuntimeParameters::Awards(awards::Parameters::Inflation(
		awards::Inflation,
		Some(PercentFrom0To20::new(Perbill::from_percent(percent))),
	))
}

pub(super) fn change(parameter: RuntimeParameters) -> RuntimeCall {
	pallet_governance::Call::change_parameter { parameter }.into()
}

/// Whether a referendum passes with these ranks and `stake` planck of Bob in favour.
fn passes(
	origin: impl Into<OriginCaller>,
	call: impl Into<RuntimeCall>,
	ranks: &[u32],
	stake: Balance,
) -> bool {
	let candidate = delegate(Sr25519Keyring::Two, stake);
	let poll = submit(origin, call);
	advance(20);
	vote(poll, ranks, Vote::Aye);
	assert_ok!(StakeVoting::vote_stake(at(Sr25519Keyring::Two), poll, candidate, Vote::Aye));
	check();
	decided(poll)
}

/// Ranks whose power and 100,000 CMT are half of that and of all power.
const HALF: [u32; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 16, 24];

#[test]
fn parameter_should_change_when_half_of_all_power_agrees_and_not_with_a_planck_less() {
	for (stake, expected) in [(100_000 * CMT, true), (100_000 * CMT - 1, false)] {
		network().execute_with(|| {
			advance(1);
			let call = change(inflation(20));
			assert_eq!(passes(Origin::Parameters, call, &HALF, stake), expected);
			let inflation: Perbill = Plain::<awards::Inflation>::get();
			assert_eq!(inflation, Perbill::zero());
			if !expected {
				return;
			}
			let wanted = |event: &RuntimeEvent| matches!(event, RuntimeEvent::Parameters(_));
			let changed_at = until(wanted);
			assert_eq!(changed_at % 20, 0, "with a new session");
			let inflation: Perbill = Plain::<awards::Inflation>::get();
			assert_eq!(inflation, Perbill::from_percent(20));
			advance(now() + 1);
			assert!(ValidatorCompensation::block_award().issued > 0);
			check();
		});
	}
}

#[test]
fn root_should_take_two_thirds_of_all_power_and_not_a_planck_less() {
	let ranks = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 20, 21];
	for (stake, expected) in [(500_000 * CMT, true), (500_000 * CMT - 1, false)] {
		network().execute_with(|| {
			advance(1);
			let remark: RuntimeCall =
				frame_system::Call::remark_with_event { remark: b"hello".to_vec() }.into();
			assert_eq!(passes(root(), remark, &ranks, stake), expected);
			if expected {
				until(|event| {
					matches!(
						event,
						RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched {
							result: Ok(()),
							..
						})
					)
				});
			}
		});
	}
}

#[test]
fn delegator_should_move_the_result_by_exactly_its_stake() {
	network().execute_with(|| {
		advance(1);
		let candidate = delegate(Sr25519Keyring::Two, 123_456 * CMT + 789);
		let poll = submit(Origin::Parameters, change(inflation(1)));
		advance(20);
		vote(poll, &[9], Vote::Aye);
		let tally = StakeVoting::tally(poll).unwrap();
		assert_eq!(tally.total, TOTAL * CMT + 123_456 * CMT + 789);
		assert_eq!(tally.ayes, 1_550_000 * CMT + 123_456 * CMT + 789);
		let two = at(Sr25519Keyring::Two);
		assert_ok!(StakeVoting::vote_stake(two, poll, candidate, Vote::Nay));
		let after = StakeVoting::tally(poll).unwrap();
		assert_eq!((after.ayes, after.nays), (1_550_000 * CMT, 123_456 * CMT + 789));
		check();
	});
}

#[test]
fn every_track_should_answer_to_one_origin_and_pass_only_at_its_bars() {
	network().execute_with(|| {
		let tracks: Vec<_> = Tracks::tracks().collect();
		assert_eq!(tracks.len(), 8);
		assert_eq!(Tracks::check_integrity(), Ok(()));
		let origins = [
			(root(), tracks::ROOT),
			(Origin::Parameters.into(), tracks::PARAMETERS),
			(Origin::SmallSpend.into(), tracks::SMALL_SPEND),
			(Origin::MediumSpend.into(), tracks::MEDIUM_SPEND),
			(Origin::BigSpend.into(), tracks::BIG_SPEND),
			(Origin::Slashes.into(), tracks::SLASHES),
			(Origin::Identities.into(), tracks::IDENTITIES),
			(Origin::Emergency.into(), tracks::EMERGENCY),
		];
		for (origin, track) in origins {
			assert_eq!(Tracks::track_for(&origin), Ok(track));
		}
		let nobody =
			OriginCaller::system(frame_system::RawOrigin::Signed(account(Sr25519Keyring::Alice)));
		assert_eq!(Tracks::track_for(&nobody), Err(()));
		assert_eq!(Tracks::track_for(&Origin::Boundary.into()), Err(()));
		for track in tracks {
			let info = &track.info;
			assert!(info.min_enactment_period >= 1 && info.decision_period > info.confirm_period);
			assert!(info.prepare_period >= 1, "{:?}", info.name);
		}
	});
}

#[test]
fn no_referendum_should_act_as_an_account_or_as_the_boundary() {
	network().execute_with(|| {
		advance(1);
		let call = <Preimage as StorePreimage>::bound(change(inflation(1))).unwrap();
		let alice = frame_system::RawOrigin::Signed(account(Sr25519Keyring::Alice));
		for origin in [OriginCaller::system(alice), Origin::Boundary.into()] {
			let one = at(Sr25519Keyring::One);
			let submitted =
				Referenda::submit(one, caller(origin), call.clone(), DispatchTime::After(0));
			assert_noop!(submitted, pallet_referenda::Error::<Runtime>::NoTrack);
		}
	});
}

#[test]
fn parameters_should_change_through_governance_only() {
	network().execute_with(|| {
		advance(1);
		for origin in [RuntimeOrigin::root(), at(Sr25519Keyring::Alice)] {
			let set = crate::Parameters::set_parameter(origin, inflation(1));
			assert_noop!(set, DispatchError::BadOrigin);
		}
		for origin in [at(Sr25519Keyring::Alice), Origin::Slashes.into()] {
			let changed = Governance::change_parameter(origin, inflation(1));
			assert_noop!(changed, DispatchError::BadOrigin);
		}
		// The later change of a session counts, and none of it before the session ends.
		for percent in [1, 2] {
			let origin = Origin::Parameters.into();
			assert_ok!(Governance::change_parameter(origin, inflation(percent)));
		}
		advance(19);
		assert_eq!(ValidatorCompensation::block_award().issued, 0);
		advance(20);
		let inflation: Perbill = Plain::<awards::Inflation>::get();
		assert_eq!(inflation, Perbill::from_percent(2));
	});
}

fn session_length(blocks: u32) -> RuntimeParameters {
	let value = Some(U32From5To28800::new(blocks));
	RuntimeParameters::Time(time::Parameters::SessionLength(time::SessionLength, value))
}

fn sessions_per_era(count: u32) -> RuntimeParameters {
	let value = Some(U32From1To1440::new(count));
	RuntimeParameters::Time(time::Parameters::SessionsPerEra(time::SessionsPerEra, value))
}

/// Notes `parameter` and, before it, the other length that an era of 60 blocks needs beside it.
fn note_with_companion(parameter: RuntimeParameters) {
	let companion = match &parameter {
		shortest if *shortest == session_length(5) => Some(sessions_per_era(12)),
		fewest if *fewest == sessions_per_era(1) => Some(session_length(60)),
		_ => None,
	};
	for change in companion.into_iter().chain([parameter]) {
		assert_ok!(Governance::change_parameter(RuntimeOrigin::root(), change));
	}
}

#[test]
fn length_of_a_session_should_change_with_the_next_one() {
	network().execute_with(|| {
		advance(5);
		for parameter in [sessions_per_era(12), session_length(5)] {
			assert_ok!(Governance::change_parameter(RuntimeOrigin::root(), parameter));
		}
		for (block, session) in [(19, 0), (20, 1), (24, 1), (25, 2)] {
			advance(block);
			assert_eq!(crate::Session::current_index(), session, "{block}");
		}
		check();
	});
}

/// Every parameter at both ends of its range.
fn extremes() -> Vec<RuntimeParameters> {
	use crate::parameters::dynamic_params::{offences, staking};

	macro_rules! ends {
		($($group:ident as $variant:ident::$key:ident: $($value:expr),+;)+) => {
			vec![$($(
				RuntimeParameters::$variant($group::Parameters::$key($group::$key, Some($value))),
			)+)+]
		};
	}
	let part = Perbill::from_percent;
	ends! {
		time as Time::SessionLength: U32From5To28800::new(5), U32From5To28800::new(28_800);
		time as Time::SessionsPerEra: U32From1To1440::new(1), U32From1To1440::new(1_440);
		time as Time::UnbondingEras: U32From1To28::new(1), U32From1To28::new(28);
		election as Election::Validators: U32From1To64::new(1), U32From1To64::new(64);
		election as Election::Standbys: U32From0To32::new(0), U32From0To32::new(32);
		election as Election::MinValidators: U32From1To64::new(1), U32From1To64::new(64);
		election as Election::StakeCap: PercentFrom1To100::new(part(1)),
			PercentFrom1To100::new(part(100));
		staking as Staking::MinDelegation: CmtFrom1To1000000::new(CMT),
			CmtFrom1To1000000::new(1_000_000 * CMT);
		staking as Staking::MinMaxStake: CmtFrom100To100000000::new(100 * CMT),
			CmtFrom100To100000000::new(100_000_000 * CMT);
		staking as Staking::SelfStakeRatio: PercentFrom1To100::new(part(1)),
			PercentFrom1To100::new(part(100));
		staking as Staking::MaxPositions: U32From1To64::new(1), U32From1To64::new(64);
		awards as Awards::Inflation: PercentFrom0To20::new(part(0)), PercentFrom0To20::new(part(20));
		awards as Awards::StandbyShare: PercentFrom0To50::new(part(0)),
			PercentFrom0To50::new(part(50));
		offences as Offences::DowntimeTurns: U32From2To10000::new(2), U32From2To10000::new(10_000);
		offences as Offences::DowntimeSlash: PercentFrom0To10::new(part(0)),
			PercentFrom0To10::new(part(10));
		offences as Offences::JailTime: MinutesFrom1To525600::new(60_000),
			MinutesFrom1To525600::new(525_600 * 60_000);
		offences as Offences::MassAbsence: PercentFrom10To50::new(part(10)),
			PercentFrom10To50::new(part(50));
		offences as Offences::EquivocationSlash: PercentFrom1To100::new(part(1)),
			PercentFrom1To100::new(part(100));
		offences as Offences::HoldEras: U32From1To28::new(1), U32From1To28::new(28);
		offences as Offences::ReporterShare: PercentFrom0To50::new(part(0)),
			PercentFrom0To50::new(part(50));
	}
}

#[test]
fn every_parameter_should_keep_all_invariants_at_both_ends_of_its_range() {
	let all = extremes();
	let listed = network().execute_with(crate::parameters::list::all);
	assert_eq!(all.len(), 2 * listed.len());
	for parameter in all {
		genesis("local").execute_with(|| {
			advance(2);
			let candidate = delegate(Sr25519Keyring::Two, 50_000 * CMT);
			let poll = submit(Origin::Parameters, change(parameter.clone()));
			note_with_companion(parameter.clone());
			advance(21);
			let two = at(Sr25519Keyring::Two);
			// Refused or not, the books must hold.
			let _ = CmtDpos::undelegate(two.clone(), candidate.clone(), Some(10_000 * CMT));
			let _ = StakeVoting::vote_stake(two.clone(), poll, candidate.clone(), Vote::Nay);
			let _ = ValidatorCompensation::harvest(two, candidate);
			for block in [45, 70] {
				advance(block);
				check();
			}
			let seats = CmtDpos::seats();
			assert!(!seats.validators.is_empty(), "{parameter:?}");
			assert_eq!(crate::Session::validators().len(), seats.validators.len());
		});
	}
}

#[test]
fn treasury_should_pay_up_to_the_limit_of_the_track_and_until_the_claim_expires() {
	network().execute_with(|| {
		advance(1);
		let (one, two) = (account(Sr25519Keyring::One), account(Sr25519Keyring::Two));
		let pot = Treasury::account_id();
		let gift = 2_000_000 * CMT;
		assert_ok!(Balances::transfer_keep_alive(at(Sr25519Keyring::Alice), pot.into(), gift));
		let spend = |origin: RuntimeOrigin, amount| {
			Treasury::spend(origin, Box::new(()), amount, Box::new(two.clone()), None)
		};
		for (origin, limit) in [
			(Origin::SmallSpend, SMALL_SPEND),
			(Origin::MediumSpend, MEDIUM_SPEND),
			(Origin::BigSpend, BIG_SPEND),
		] {
			let refused = spend(origin.into(), limit + 1);
			assert_noop!(refused, pallet_treasury::Error::<Runtime>::InsufficientPermission);
			assert_ok!(spend(origin.into(), limit));
		}
		assert_noop!(spend(at(Sr25519Keyring::One), 1), DispatchError::BadOrigin);
		assert_noop!(spend(Origin::Parameters.into(), 1), DispatchError::BadOrigin);

		let before = free(&two);
		assert_ok!(Treasury::payout(RuntimeOrigin::signed(one.clone()), 0));
		assert_eq!(free(&two) - before, SMALL_SPEND);
		let again = Treasury::payout(RuntimeOrigin::signed(one.clone()), 0);
		assert_noop!(again, pallet_treasury::Error::<Runtime>::AlreadyAttempted);
		advance(1 + 7 * 60 + 1);
		let late = Treasury::payout(RuntimeOrigin::signed(one), 1);
		assert_noop!(late, pallet_treasury::Error::<Runtime>::SpendExpired);
	});
}

fn name(text: &str) -> BoundedVec<u8, frame_support::traits::ConstU32<64>> {
	text.as_bytes().to_vec().try_into().unwrap()
}

fn pause(pallet: &str, call: &str) -> sp_runtime::DispatchResult {
	Governance::pause_call(Origin::Emergency.into(), name(pallet), name(call))
}

#[test]
fn pause_should_hold_for_everybody_and_end_by_itself() {
	network().execute_with(|| {
		advance(1);
		let candidate = CmtDpos::candidates(0, 1).remove(0).candidate;
		let delegate = || {
			let call = pallet_cmt_dpos::Call::delegate {
				candidate: candidate.clone(),
				amount: 1_000 * CMT,
			};
			RuntimeCall::from(call).dispatch(at(Sr25519Keyring::Two))
		};
		assert_ok!(pause("CmtDpos", "delegate"));
		let refused = delegate().unwrap_err().error;
		assert_eq!(refused, frame_system::Error::<Runtime>::CallFiltered.into());
		assert_noop!(pause("CmtDpos", "delegate"), Error::<Runtime>::AlreadyPaused);
		// Others run, also in a batch beside it.
		let other = pallet_cmt_dpos::Call::offer_ownership { to: None };
		let error = RuntimeCall::from(other).dispatch(at(Sr25519Keyring::Two)).unwrap_err().error;
		assert_eq!(error, pallet_cmt_dpos::Error::<Runtime>::NotOwner.into());
		check();
		advance(60);
		assert!(delegate().is_err());
		advance(61);
		assert_ok!(delegate());
		assert!(Pauses::<Runtime>::get().is_empty());
		check();
	});
}

#[test]
fn pause_should_be_refused_with_its_reason() {
	network().execute_with(|| {
		advance(1);
		for (pallet, call) in [
			("System", "remark"),
			("Timestamp", "set"),
			("Governance", "pause_call"),
			("Referenda", "submit"),
			("StakeVoting", "vote"),
			("Preimage", "note_preimage"),
			("Slashing", "report_double_authoring"),
			("ValidatorCompensation", "heartbeat"),
			("TxPause", "unpause"),
		] {
			assert_noop!(pause(pallet, call), Error::<Runtime>::Unpausable);
		}
		for (pallet, call) in [("Nothing", "remark"), ("CmtDpos", "nothing"), ("", "")] {
			assert_noop!(pause(pallet, call), Error::<Runtime>::UnknownCall);
		}
		let alice = at(Sr25519Keyring::Alice);
		let refused = Governance::pause_call(alice, name("CmtDpos"), name("declare"));
		assert_noop!(refused, DispatchError::BadOrigin);
		let resume =
			|| Governance::resume_call(Origin::Emergency.into(), name("CmtDpos"), name("declare"));
		assert_noop!(resume(), Error::<Runtime>::NotPaused);
		assert_ok!(pause("CmtDpos", "declare"));
		assert_ok!(resume());
		assert_noop!(resume(), Error::<Runtime>::NotPaused);
		check();
	});
}

#[test]
fn pauses_should_be_bounded() {
	network().execute_with(|| {
		advance(1);
		let calls = <RuntimeCall as frame_support::traits::GetCallMetadata>::get_call_names;
		let pausable = calls("Identity").iter().map(|call| ("Identity", *call));
		let mut pausable = pausable.chain(calls("CmtDpos").iter().map(|call| ("CmtDpos", *call)));
		for (pallet, call) in pausable.by_ref().take(32) {
			assert_ok!(pause(pallet, call));
		}
		let (pallet, call) = pausable.next().unwrap();
		assert_noop!(pause(pallet, call), Error::<Runtime>::TooManyPauses);
		check();
		advance(61);
		assert!(Pauses::<Runtime>::get().is_empty());
		check();
	});
}

#[test]
fn invariants_of_pauses_should_be_seen_when_they_break() {
	use pallet_tx_pause::PausedCalls;

	network().execute_with(|| {
		advance(1);
		assert_ok!(pause("CmtDpos", "declare"));
		let call = (name("CmtDpos"), name("declare"));
		PausedCalls::<Runtime>::remove(&call);
		assert!(Governance::do_try_state().is_err(), "an end without a pause");
		PausedCalls::<Runtime>::insert((name("CmtDpos"), name("update")), ());
		assert!(Governance::do_try_state().is_err(), "another call is paused");
		PausedCalls::<Runtime>::insert(&call, ());
		assert!(Governance::do_try_state().is_err(), "a pause without an end");
		PausedCalls::<Runtime>::remove((name("CmtDpos"), name("update")));
		check();
	});
}

#[test]
fn emergency_should_cancel_a_referendum_and_give_its_deposits_back() {
	network().execute_with(|| {
		advance(1);
		let one = account(Sr25519Keyring::One);
		let before = free(&one);
		let poll = submit(root(), frame_system::Call::remark { remark: vec![] });
		assert_eq!(before - free(&one), SUBMISSION_DEPOSIT + 100_000 * CMT);
		let refused = Referenda::cancel(at(Sr25519Keyring::Alice), poll);
		assert_noop!(refused, DispatchError::BadOrigin);
		assert_ok!(Referenda::cancel(Origin::Emergency.into(), poll));
		let vote = StakeVoting::vote(at(Sr25519Keyring::Alice), poll, Vote::Aye);
		assert_noop!(vote, pallet_stake_voting::Error::<Runtime>::PollEnded);
		assert_ok!(Referenda::refund_decision_deposit(at(Sr25519Keyring::Alice), poll));
		assert_ok!(Referenda::refund_submission_deposit(at(Sr25519Keyring::Alice), poll));
		assert_eq!(free(&one), before);
	});
}

#[test]
fn call_without_preimage_should_change_nothing_when_it_is_due() {
	network().execute_with(|| {
		advance(1);
		let hash = BlakeTwo256::hash_of(&"nothing known");
		let proposal = frame_support::traits::Bounded::Lookup { hash, len: 100 };
		let one = at(Sr25519Keyring::One);
		let when = DispatchTime::After(0);
		assert_ok!(Referenda::submit(one.clone(), caller(Origin::Parameters), proposal, when));
		assert_ok!(Referenda::place_decision_deposit(one, 0));
		advance(20);
		vote(0, &(1..=19).collect::<Vec<_>>(), Vote::Aye);
		assert!(decided(0));
		until(|event| {
			matches!(
				event,
				RuntimeEvent::Scheduler(pallet_scheduler::Event::CallUnavailable { .. })
			)
		});
		check();
	});
}

#[test]
fn preimage_of_another_length_should_be_refused() {
	network().execute_with(|| {
		advance(1);
		let bytes = change(inflation(1)).encode();
		let hash = BlakeTwo256::hash(&bytes);
		assert_ok!(Preimage::note_preimage(at(Sr25519Keyring::One), bytes.clone()));
		let len = bytes.len() as u32 + 1;
		let proposal = frame_support::traits::Bounded::Lookup { hash, len };
		let when = DispatchTime::After(0);
		let submitted =
			Referenda::submit(at(Sr25519Keyring::One), caller(Origin::Parameters), proposal, when);
		let wrong = pallet_referenda::Error::<Runtime>::PreimageStoredWithDifferentLength;
		assert_noop!(submitted, wrong);
		let long = vec![0; 5 << 20];
		let noted = Preimage::note_preimage(at(Sr25519Keyring::One), long);
		assert_noop!(noted, pallet_preimage::Error::<Runtime>::TooBig);
	});
}

#[test]
fn rejected_referendum_should_keep_no_deposit() {
	network().execute_with(|| {
		advance(1);
		let one = account(Sr25519Keyring::One);
		let before = free(&one);
		let poll = submit(Origin::Parameters, change(inflation(1)));
		advance(20);
		vote(poll, &[1], Vote::Nay);
		assert!(!decided(poll));
		assert_ok!(Referenda::refund_decision_deposit(at(Sr25519Keyring::Alice), poll));
		// The deposit of the submission returns by itself once the votes are removed.
		advance(now() + 10);
		assert_eq!(free(&one), before);
		let info = ReferendumInfoFor::<Runtime>::get(poll).unwrap();
		let nothing: Option<Deposit<AccountId, Balance>> = None;
		assert!(matches!(info, ReferendumInfo::Rejected(_, submitted, _) if submitted == nothing));
		check();
	});
}

#[test]
fn cancelled_slash_should_return_through_its_track() {
	network().execute_with(|| {
		advance(1);
		let offender = CmtDpos::candidates(2, 1).remove(0);
		let stake = offender.stake;
		let details = [sp_staking::offence::OffenceDetails {
			offender: (offender.candidate.clone(), ()),
			reporters: vec![],
		}];
		let fraction = [Perbill::from_percent(5)];
		use sp_staking::offence::OnOffenceHandler;
		let _ = <Slashing as OnOffenceHandler<_, _, _>>::on_offence(&details, &fraction, 0);
		let stake_of =
			|| CmtDpos::candidate(offender.candidate.clone()).map_or(0, |info| info.stake);
		assert_eq!(stake_of(), stake - stake / 20);
		let cancel = pallet_slashing::Call::cancel_slash { index: 0 };
		let poll = submit(Origin::Slashes, cancel);
		advance(20);
		let jailed =
			StakeVoting::vote(RuntimeOrigin::signed(offender.owner.clone()), poll, Vote::Aye);
		assert_noop!(jailed, pallet_slashing::Error::<Runtime>::Tombstoned);
		vote(poll, &[1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12], Vote::Aye);
		assert!(decided(poll));
		until(|event| {
			matches!(event, RuntimeEvent::Slashing(pallet_slashing::Event::SlashCancelled { .. }))
		});
		assert_eq!(stake_of(), stake);
		check();
	});
}
