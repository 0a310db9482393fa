use super::*;
use crate::{
	constants::currency::GENESIS_SUPPLY, CmtDpos, Historical, RuntimeOrigin, Session, Slashing,
	ValidatorCompensation,
};
use cybermiles_primitives::CMT;
use frame_support::{assert_ok, traits::KeyOwnerProofSystem};
use std::collections::BTreeSet;

#[test]
fn every_validator_should_author_once_in_nineteen_slots() {
	genesis("local").execute_with(|| {
		let mut authors = BTreeSet::new();
		for number in 1..=19 {
			begin_block(number);
			authors.insert(crate::Authorship::author().unwrap());
			Executive::finalize_block();
		}
		let seats = CmtDpos::seats().validators;
		assert_eq!(authors, seats.into_iter().map(|seat| seat.candidate).collect());
	});
}

#[test]
fn lifted_candidate_should_sit_in_the_session_after_next() {
	genesis("local").execute_with(|| {
		let candidates = CmtDpos::candidates(0, 26);
		let (loser, winner) = (&candidates[18].candidate, &candidates[19].candidate);
		run_blocks(0, 5);
		let one = RuntimeOrigin::signed(account(Sr25519Keyring::One));
		assert_ok!(CmtDpos::delegate(one, winner.clone(), 60_000 * CMT));
		let sits = |who| Session::validators().contains(who);

		run_blocks(5, 39);
		assert_eq!(Session::current_index(), 1);
		assert!(sits(loser) && !sits(winner));
		run_blocks(39, 40);
		assert_eq!(Session::current_index(), 2);
		assert!(!sits(loser) && sits(winner));
	});
}

#[test]
fn books_should_balance_after_three_eras() {
	genesis("local").execute_with(|| {
		run_blocks(0, 20 * 3 * 3 + 1);
		assert_eq!(CmtDpos::era(), 3);
		let seats = CmtDpos::seats();
		assert_eq!((seats.validators.len(), seats.standbys.len()), (19, 5));
		let history = pallet_session::historical::StoredRange::<Runtime>::get().unwrap();
		assert_eq!(history.0, 0, "offences are provable for as long as any stake can wait");
		let books = ValidatorCompensation::solvency();
		let booked = books.stake + books.pending + books.compensation + books.undistributed;
		assert_eq!(books.escrow, booked);
		let issued = pallet_balances::TotalIssuance::<Runtime>::get() - GENESIS_SUPPLY;
		assert_eq!(issued, 181 * ValidatorCompensation::block_award().issued);
	});
}

#[test]
fn finality_should_keep_its_authorities_when_the_seats_stay() {
	genesis("local").execute_with(|| {
		run_blocks(0, 100);
		assert_eq!(Session::current_index(), 5);
		assert_eq!(pallet_grandpa::CurrentSetId::<Runtime>::get(), 0);
	});
}

#[test]
fn new_keys_should_be_provable_in_later_sessions_when_the_seats_stay() {
	genesis("local").execute_with(|| {
		let alice = account(Sr25519Keyring::Alice);
		let (keys, proof) = super::keys::keys_with_proof("//Alice//new", &alice);
		let origin = RuntimeOrigin::signed(alice.clone());
		assert_ok!(Session::set_keys(origin, keys.clone(), proof));
		let key = (sp_consensus_grandpa::KEY_TYPE, keys.grandpa);

		run_blocks(0, 45);
		assert_eq!(Session::current_index(), 2);
		let membership = Historical::prove(key.clone()).unwrap();
		run_blocks(45, 85);
		assert_eq!(Historical::check_proof(key, membership), Some((alice, ())));
	});
}

#[test]
fn old_keys_should_stay_provable_when_their_owner_changed_them() {
	genesis("local").execute_with(|| {
		let alice = account(Sr25519Keyring::Alice);
		let old = pallet_session::NextKeys::<Runtime>::get(&alice).unwrap().grandpa;
		let key = (sp_consensus_grandpa::KEY_TYPE, old);
		run_blocks(0, 5);
		let before = Slashing::prove(key.clone()).unwrap();
		let (keys, proof) = super::keys::keys_with_proof("//Alice//new", &alice);
		assert_ok!(Session::set_keys(RuntimeOrigin::signed(alice.clone()), keys, proof));

		// It still signs: what was set is in force two sessions later.
		run_blocks(5, 25);
		let still = Slashing::prove(key.clone()).unwrap();
		run_blocks(25, 85);
		for proof in [before, still] {
			assert_eq!(Slashing::check_proof(key.clone(), proof), Some((alice.clone(), ())));
		}
	});
}
