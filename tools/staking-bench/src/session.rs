//! The CyberMiles runtime with many candidates, right before a session change.
//!
//! The change is as heavy as this number of candidates and seats allows: every seat changes hands,
//! every seat that ends has all classes and an award to fold, all standbys earned, and an era
//! begins.

use crate::{
	chain::{begin_block, genesis, initialize, CLASSES},
	numbered,
	work::State,
};
use codec::Decode;
use cybermiles_primitives::{Balance, Rate, CMT};
use cybermiles_runtime::{
	genesis_config_presets::LOCAL, AccountId, Balances, CmtDpos, Executive, Runtime, RuntimeOrigin,
	Session, SessionKeys, System, ValidatorCompensation,
};
use frame_support::traits::fungible::Mutate;
use frame_system::RawOrigin;
use pallet_validator_compensation::{Heartbeat, SignatureOf};
use sp_runtime::traits::TrailingZeroInput;

/// Candidates in all.
pub const CANDIDATES: u32 = 1_000;
/// Seats in all.
pub const SEATS: u32 = 24;
/// Candidates of the preset `local`.
const FOUNDERS: u32 = 26;
/// Blocks in a session of `local`, three of which make an era.
const SESSION: u32 = 20;
/// The block with the change that is measured.
const CHANGE: u32 = 3 * SESSION;
/// The most stake that the strong candidates declare, and what each of them stakes, in planck.
const STRONG: (Balance, Balance) = (5_000_000 * CMT, 2_000_000 * CMT);
/// The same of the weak candidates.
const WEAK: (Balance, Balance) = (10_000 * CMT, 1_000 * CMT);

/// The kinds of [`numbered`] accounts.
const CANDIDATE: u8 = 3;
const DELEGATOR: u8 = 4;

/// [`CANDIDATES`] candidates at the end of a session, an era and the term of all who sit.
///
/// Who is elected sits two sessions later: the first [`SEATS`] are the strongest at the end of
/// session 0 and sit in session 2, the next [`SEATS`] overtake them within session 1 and sit in
/// session 3, with which era 1 begins.
pub fn state() -> State {
	let mut state = genesis(LOCAL);
	state.set_up(|| {
		run_blocks(1, 1);
		(0..CANDIDATES - FOUNDERS).for_each(declare);
		(0..CLASSES).for_each(open_class);
		run_blocks(2, SESSION);
		(SEATS..2 * SEATS).for_each(overtake);
		run_blocks(SESSION + 1, 2 * SESSION);
		begin_block(2 * SESSION + 1);
		prove_standbys_alive();
		Executive::finalize_block();
		run_blocks(2 * SESSION + 2, CHANGE - 1);
	});
	state
}

/// The start of the block that changes the session.
pub fn change() {
	initialize(CHANGE);
}

/// Panics unless [`change`] did what it is to do.
pub fn check() {
	assert_eq!((Session::current_index(), CmtDpos::era()), (3, 1));
	let seats = CmtDpos::seats();
	let sits = |index| {
		let who = candidate(index);
		seats.validators.iter().chain(&seats.standbys).any(|seat| seat.candidate == who)
	};
	assert!((SEATS..2 * SEATS).all(sits));
	let history = pallet_validator_compensation::History::<Runtime>::get(2);
	assert!(history.seats.iter().all(|(seat, _)| seat.award > 0));
	assert_eq!(history.seats.len() as u32, SEATS);
	assert_eq!(CmtDpos::candidates(0, CANDIDATES + 1).len() as u32, CANDIDATES);
}

/// What the block of [`change`] registered as its weight, in microseconds. pallet-session claims all
/// of a block for every change, whatever it costs.
pub fn registered() -> f64 {
	System::block_weight().total().ref_time() as f64 / 1e6
}

fn run_blocks(first: u32, last: u32) {
	for number in first..=last {
		begin_block(number);
		Executive::finalize_block();
	}
}

fn candidate(index: u32) -> AccountId {
	numbered(CANDIDATE, index)
}

/// Declares the candidate number `index`, a bit stronger than the next.
fn declare(index: u32) {
	let who = candidate(index);
	pallet_session::NextKeys::<Runtime>::insert(&who, keys(index));
	let (max_stake, stake) = if index < 2 * SEATS { STRONG } else { WEAK };
	let self_stake = stake + Balance::from(CANDIDATES - index) * CMT;
	Balances::set_balance(&who, 10_000_000 * CMT);
	CmtDpos::declare(RuntimeOrigin::signed(who), max_stake, Rate(200), self_stake).unwrap();
}

/// Keys that nobody else has.
fn keys(index: u32) -> SessionKeys {
	let mut seed = [7; 96];
	for key in seed.chunks_mut(32) {
		key[..4].copy_from_slice(&index.to_le_bytes());
	}
	SessionKeys::decode(&mut TrailingZeroInput::new(&seed)).unwrap()
}

/// Brings a delegator of another rate to each of the first [`SEATS`].
fn open_class(number: u32) {
	let who = numbered(DELEGATOR, number);
	Balances::set_balance(&who, 1_000_000 * CMT);
	for candidate in (0..SEATS).map(candidate) {
		let owner = RuntimeOrigin::signed(candidate.clone());
		CmtDpos::update(owner, None, Some(Rate(200 - number as u16)), None).unwrap();
		CmtDpos::delegate(RuntimeOrigin::signed(who.clone()), candidate, 1_000 * CMT).unwrap();
	}
}

/// Lifts a candidate above the first [`SEATS`].
fn overtake(index: u32) {
	let who = RuntimeOrigin::signed(candidate(index));
	CmtDpos::delegate(who, candidate(index), 100_000 * CMT).unwrap();
}

/// Lets the standbys earn. Whether a heartbeat is signed is asked before its call.
fn prove_standbys_alive() {
	let signature = SignatureOf::<Runtime>::decode(&mut TrailingZeroInput::zeroes()).unwrap();
	for seat in CmtDpos::seats().standbys {
		let beat = Heartbeat { session: Session::current_index(), candidate: seat.candidate };
		let origin = RawOrigin::Authorized.into();
		ValidatorCompensation::heartbeat(origin, beat, signature.clone()).unwrap();
	}
}
