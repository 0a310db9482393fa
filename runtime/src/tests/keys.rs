use super::*;
use crate::{
	constants::currency::KEY_DEPOSIT, CmtDpos, RuntimeHoldReason, RuntimeOrigin, Session,
	SessionKeys,
};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use pallet_session::{Error, HoldReason, KeyOwner, NextKeys};
use sp_core::{ed25519, sr25519, Pair};

/// The deposit for session keys that `who` holds.
fn deposit(who: &AccountId) -> crate::Balance {
	let reason: RuntimeHoldReason = HoldReason::Keys.into();
	crate::Balances::balance_on_hold(&reason, who)
}

/// Session keys from `seed`, and the proof that `who` owns them.
pub(super) fn keys_with_proof(seed: &str, who: &AccountId) -> (SessionKeys, Vec<u8>) {
	let sr25519 = sr25519::Pair::from_string(seed, None).unwrap();
	let ed25519 = ed25519::Pair::from_string(seed, None).unwrap();
	let keys = SessionKeys {
		aura: sr25519.public().into(),
		grandpa: ed25519.public().into(),
		authority_discovery: sr25519.public().into(),
	};
	let statement = [b"POP_", &who.encode()[..]].concat();
	let by_sr25519 = sr25519.sign(&statement);
	let proof = (by_sr25519, ed25519.sign(&statement), by_sr25519).encode();
	(keys, proof)
}

/// Sets session keys from `seed` for `who`.
fn set_keys(who: &AccountId, seed: &str) {
	let (keys, proof) = keys_with_proof(seed, who);
	assert_ok!(Session::set_keys(RuntimeOrigin::signed(who.clone()), keys, proof));
}

/// Hands the candidate of Alice over to `to`.
fn hand_over(to: &AccountId) {
	let alice = account(Sr25519Keyring::Alice);
	let origin = RuntimeOrigin::signed;
	assert_ok!(CmtDpos::offer_ownership(origin(alice.clone()), Some(to.clone())));
	assert_ok!(CmtDpos::accept_ownership(origin(to.clone()), alice));
}

#[test]
fn set_keys_should_hold_a_deposit_and_purge_keys_should_free_it() {
	genesis("development").execute_with(|| {
		let bob = account(Sr25519Keyring::Bob);
		set_keys(&bob, "//Bob");
		assert_eq!(deposit(&bob), KEY_DEPOSIT);
		assert_eq!(System::consumers(&bob), 1 + 1, "keys, and the hold itself");
		assert_ok!(Session::purge_keys(RuntimeOrigin::signed(bob.clone())));
		assert_eq!(deposit(&bob), 0);
		assert_eq!(System::consumers(&bob), 0);
	});
}

#[test]
fn set_keys_should_be_refused_when_the_keys_are_another_candidates() {
	genesis("development").execute_with(|| {
		let bob = account(Sr25519Keyring::Bob);
		let (keys, proof) = keys_with_proof("//Alice", &bob);
		assert_noop!(
			Session::set_keys(RuntimeOrigin::signed(bob), keys, proof),
			Error::<Runtime>::DuplicatedKey
		);
	});
}

#[test]
fn set_keys_should_be_refused_when_the_proof_is_for_another_account() {
	genesis("development").execute_with(|| {
		let (bob, charlie) = (account(Sr25519Keyring::Bob), account(Sr25519Keyring::Charlie));
		let (keys, proof) = keys_with_proof("//Bob", &charlie);
		assert_noop!(
			Session::set_keys(RuntimeOrigin::signed(bob), keys, proof),
			Error::<Runtime>::InvalidProof
		);
	});
}

#[test]
fn former_owner_should_not_reach_the_keys_of_its_former_candidate() {
	genesis("development").execute_with(|| {
		let (alice, bob) = (account(Sr25519Keyring::Alice), account(Sr25519Keyring::Bob));
		hand_over(&bob);
		assert_noop!(
			Session::purge_keys(RuntimeOrigin::signed(alice.clone())),
			Error::<Runtime>::NoKeys
		);
		let keys = NextKeys::<Runtime>::get(&alice).unwrap();
		set_keys(&alice, "//Alice//new");
		assert_eq!(NextKeys::<Runtime>::get(&alice), Some(keys));
	});
}

#[test]
fn new_owner_should_pay_for_the_keys_and_manage_them() {
	genesis("development").execute_with(|| {
		let (alice, bob) = (account(Sr25519Keyring::Alice), account(Sr25519Keyring::Bob));
		let consumers = System::consumers(&alice);
		hand_over(&bob);
		assert_eq!((deposit(&alice), deposit(&bob)), (0, KEY_DEPOSIT));
		assert_eq!(System::consumers(&alice), consumers - 1);
		assert_eq!(System::consumers(&bob), 1 + 1, "keys, and the hold itself");

		set_keys(&bob, "//Bob");
		let (keys, _) = keys_with_proof("//Bob", &bob);
		assert_eq!(NextKeys::<Runtime>::get(&alice), Some(keys));
		assert_eq!(deposit(&bob), KEY_DEPOSIT, "a rotation costs nothing more");
	});
}

#[test]
fn new_owner_should_lose_keys_that_it_had_set_for_itself() {
	genesis("development").execute_with(|| {
		let bob = account(Sr25519Keyring::Bob);
		set_keys(&bob, "//Bob");
		hand_over(&bob);
		assert_eq!(NextKeys::<Runtime>::get(&bob), None);
		assert_eq!(KeyOwner::<Runtime>::iter().count(), 3, "those of the candidate alone");
		assert_eq!(deposit(&bob), KEY_DEPOSIT);
		assert_eq!(System::consumers(&bob), 1 + 1);
	});
}

#[test]
fn hand_over_should_cost_no_deposit_when_the_candidate_has_no_keys() {
	genesis("development").execute_with(|| {
		let (alice, bob) = (account(Sr25519Keyring::Alice), account(Sr25519Keyring::Bob));
		assert_ok!(Session::purge_keys(RuntimeOrigin::signed(alice.clone())));
		let consumers = System::consumers(&alice);
		hand_over(&bob);
		assert_eq!((deposit(&alice), deposit(&bob)), (0, 0));
		assert_eq!((System::consumers(&alice), System::consumers(&bob)), (consumers, 0));
		set_keys(&bob, "//Bob");
		assert_eq!(deposit(&bob), KEY_DEPOSIT);
	});
}

#[test]
fn keys_should_be_forgotten_when_a_handed_over_candidate_is_removed() {
	genesis("development").execute_with(|| {
		let (alice, bob) = (account(Sr25519Keyring::Alice), account(Sr25519Keyring::Bob));
		hand_over(&bob);
		assert_ok!(CmtDpos::retire(RuntimeOrigin::signed(bob.clone())));
		run_blocks(0, 20 * 3 * 4);
		assert_eq!(CmtDpos::candidate(alice.clone()), None);
		assert_eq!(NextKeys::<Runtime>::get(&alice), None);
		assert_eq!((deposit(&bob), System::consumers(&bob)), (0, 0));
	});
}
