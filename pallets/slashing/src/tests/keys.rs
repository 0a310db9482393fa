//! Which key was whose, and when.

use crate::{
	mock::*, Closed, InForce, KeyProof, OldestProvable, PrunedTo, SessionKey, Sessions, Since,
	Tenure, Tenures, SESSIONS_PRUNED,
};
use codec::Encode;
use frame_support::traits::KeyOwnerProofSystem;
use sp_runtime::{
	app_crypto::key_types::{AURA, GRANDPA},
	KeyTypeId,
};
use sp_session::{GetSessionNumber, GetValidatorCount};

/// The tenures of a key, the latest first: whose, from which session to which.
fn tenures(seed: u8) -> Vec<(AccountId, u32, Option<u32>)> {
	let key = SessionKey::new(GRANDPA, &grandpa_key(seed)).expect("short");
	Tenures::<Test>::iter_prefix(key)
		.map(|(since, Tenure { candidate, last })| (candidate, since.session(), last))
		.collect()
}

fn prove(seed: u8) -> Option<KeyProof> {
	<Slashing as KeyOwnerProofSystem<(KeyTypeId, Vec<u8>)>>::prove((GRANDPA, grandpa_key(seed)))
}

fn owner(seed: u8, session: u32, validator_count: u32) -> Option<AccountId> {
	let proof = KeyProof { session, validator_count };
	let key = (GRANDPA, grandpa_key(seed));
	<Slashing as KeyOwnerProofSystem<_>>::check_proof(key, proof).map(|(who, ())| who)
}

#[test]
fn keys_should_be_in_force_from_the_first_session_on() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(InForce::<Test>::get().len(), 12);
		assert_eq!(tenures(4), [(4, 0, None)]);
		let kinds: Vec<_> = InForce::<Test>::get().into_iter().map(|(key, ..)| key.kind).collect();
		assert!(kinds.iter().all(|kind| [AURA.0, GRANDPA.0].contains(kind)));
	});
}

#[test]
fn nothing_should_be_written_when_keys_stay_the_same() {
	ExtBuilder::default().build_and_execute(|| {
		let before: Vec<_> = Tenures::<Test>::iter().collect();
		run_full_eras(5);
		assert_eq!(Tenures::<Test>::iter().collect::<Vec<_>>(), before);
		assert_eq!(Closed::<Test>::iter().count(), 0);
		assert_eq!(Sessions::<Test>::iter().count(), 6);
	});
}

#[test]
fn rotated_key_should_prove_the_sessions_in_which_it_was_in_force() {
	ExtBuilder::default().build_and_execute(|| {
		next_session();
		rotate_keys(4, 44);
		next_session();
		assert_eq!(tenures(4), [(4, 0, Some(1))]);
		assert_eq!(tenures(44), [(4, 2, None)]);
		assert_eq!(owner(4, 0, 6), Some(4));
		assert_eq!(owner(4, 1, 6), Some(4));
		assert_eq!(owner(4, 2, 6), None);
		assert_eq!(owner(44, 1, 6), None);
		assert_eq!(owner(44, 2, 6), Some(4));
		assert_eq!(owner(44, 3, 6), None);
		assert_eq!(prove(4), Some(KeyProof { session: 1, validator_count: 6 }));
		assert_eq!(prove(44), Some(KeyProof { session: 2, validator_count: 6 }));
		assert_eq!(prove(45), None);
	});
}

#[test]
fn proof_should_fail_when_it_names_another_number_of_validators() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(owner(4, 0, 5), None);
		begin_session_of(&[1, 2, 3]);
		assert_eq!(owner(1, 1, 6), None);
		assert_eq!(owner(1, 1, 3), Some(1));
		let proof = prove(1).expect("in force");
		assert_eq!((proof.session(), proof.validator_count()), (1, 3));
	});
}

#[test]
fn key_should_be_that_candidates_which_held_it_then_when_another_takes_it() {
	ExtBuilder::default().build_and_execute(|| {
		rotate_keys(4, 44);
		rotate_keys(5, 4);
		next_session();
		assert_eq!(tenures(4), [(5, 1, None), (4, 0, Some(0))]);
		assert_eq!(owner(4, 0, 6), Some(4));
		assert_eq!(owner(4, 1, 6), Some(5));
		assert_eq!(owner(5, 0, 6), Some(5));
		assert_eq!(owner(5, 1, 6), None);
		assert_eq!(prove(4), Some(KeyProof { session: 1, validator_count: 6 }));
	});
}

#[test]
fn key_should_be_its_holders_of_each_session_when_it_changes_hands_every_time() {
	ExtBuilder::default().build_and_execute(|| {
		let mut holders = vec![Some(4)];
		for session in 1..60 {
			// Candidate 4, nobody, candidate 5, nobody, and so on.
			let holder = [Some(4), None, Some(5), None][session % 4];
			for who in [4, 5] {
				rotate_keys(who, if holder == Some(who) { 4 } else { 10 * who as u8 });
			}
			next_session();
			holders.push(holder);
		}
		for (session, holder) in holders.into_iter().enumerate() {
			assert_eq!(owner(4, session as u32, 6), holder, "{session}");
		}
	});
}

#[test]
fn key_should_prove_nothing_of_a_gap_when_its_candidate_takes_it_up_again() {
	ExtBuilder::default().build_and_execute(|| {
		rotate_keys(4, 44);
		next_session();
		Seeds::take();
		next_session();
		assert_eq!(tenures(4), [(4, 2, None), (4, 0, Some(0))]);
		assert_eq!([0, 1, 2].map(|session| owner(4, session, 6)), [Some(4), None, Some(4)]);
	});
}

#[test]
fn tenures_should_be_sorted_from_the_latest_on() {
	let mut sorted = [0, 1, 255, 256, 65_536, u32::MAX];
	sorted.sort_unstable_by_key(|first| Since::new(*first));
	assert_eq!(sorted, [u32::MAX, 65_536, 256, 255, 1, 0]);
	assert!(sorted.into_iter().all(|first| Since::new(first).session() == first));
	// The encoding is what the trie sorts by.
	assert_eq!(Since::new(1).encode(), [255, 255, 255, 254]);
}

#[test]
fn session_should_tell_whether_its_keys_are_those_of_the_session_before() {
	ExtBuilder::default().build_and_execute(|| {
		next_session();
		rotate_keys(4, 44);
		next_session();
		next_session();
		begin_session_of(&[1, 2, 3]);
		begin_session_of(&[3, 2, 1]);
		let same = |session| Sessions::<Test>::get(session).expect("noted").same_keys;
		assert_eq!([0, 1, 2, 3, 4, 5].map(same), [false, true, false, true, false, true]);
	});
}

#[test]
fn records_should_be_forgotten_when_nothing_can_be_punished_with_them() {
	ExtBuilder::default().build_and_execute(|| {
		rotate_keys(4, 44);
		next_session();
		run_full_eras(40);
		assert_eq!(tenures(4), []);
		assert_eq!(tenures(44), [(4, 1, None)]);
		assert_eq!(PrunedTo::<Test>::get(), OldestProvable::<Test>::get());
		assert_eq!(Sessions::<Test>::iter().count(), 29);
		assert_eq!(Closed::<Test>::iter().count(), 0);
		assert_eq!(owner(44, 5, 6), None);
	});
}

#[test]
fn old_tenures_should_be_forgotten_when_the_key_came_into_force_again() {
	ExtBuilder::default().build_and_execute(|| {
		rotate_keys(4, 44);
		next_session();
		Seeds::take();
		run_full_eras(40);
		assert_eq!(tenures(4), [(4, 2, None)]);
		assert_eq!(tenures(44), []);
	});
}

#[test]
fn forgetting_should_be_bounded_when_many_sessions_became_too_old_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		for _ in 0..40 {
			next_session();
		}
		OldestProvable::<Test>::put(40);
		// What is too old proves nothing, forgotten or not.
		assert_eq!(owner(4, 39, 6), None);
		assert_eq!(owner(4, 40, 6), Some(4));
		next_session();
		assert_eq!(PrunedTo::<Test>::get(), SESSIONS_PRUNED);
		next_session();
		next_session();
		assert_eq!(PrunedTo::<Test>::get(), 40);
	});
}

#[test]
fn session_should_be_found_by_its_slots() {
	ExtBuilder::default().build_and_execute(|| {
		let mut starts = vec![0];
		for session in 1..20u64 {
			run_slots(session % 5, &[]);
			next_session();
			starts.push(SlotNow::get());
		}
		for slot in 0..SlotNow::get() + 5 {
			let naive = starts.iter().rposition(|start| *start < slot).map(|at| at as u32);
			assert_eq!(Slashing::session_at(slot), naive, "slot {slot}");
			for session in 0..21 {
				assert_eq!(Slashing::covers_slot(session, slot), naive == Some(session));
			}
		}
		OldestProvable::<Test>::put(7);
		assert_eq!(Slashing::session_at(starts[7]), None);
		assert_eq!(Slashing::session_at(starts[7] + 1), Some(7));
	});
}

#[test]
fn key_should_be_none_when_it_is_too_long() {
	assert!(SessionKey::new(AURA, &[0; 64]).is_some());
	assert!(SessionKey::new(AURA, &[0; 65]).is_none());
}
