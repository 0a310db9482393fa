//! Reports of double authoring by anybody, with real signatures.

use crate::{mock::*, DoubleAuthoringProof, Error, KeyProof, WeightInfo};
use frame_support::{
	assert_noop, assert_ok,
	dispatch::{DispatchResultWithPostInfo, Pays},
};
use sp_core::H256;
use sp_runtime::{traits::Header as _, DigestItem, DispatchError, Perbill};

type Report = (DoubleAuthoringProof<Test>, KeyProof);

fn report((proof, key_proof): Report) -> DispatchResultWithPostInfo {
	Slashing::report_double_authoring(signed(REPORTER), Box::new(proof), key_proof)
}

/// Expects that a report is refused after `change` and accepted without it.
fn assert_refused(error: Error<Test>, change: impl FnOnce(&mut Report)) {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(1, &[]);
		let right = report_of(4, SlotNow::get());
		let mut wrong = right.clone();
		change(&mut wrong);
		assert_noop!(report(wrong), error);
		assert_ok!(report(right));
	});
}

#[test]
fn double_authoring_should_be_punished_when_it_is_proved() {
	// Flaw "double-sign evidence never parsed": the evidence here is what a node sees.
	ExtBuilder::default().build_and_execute(|| {
		let info = report(report_of(4, SlotNow::get())).expect("a right report");
		assert_eq!(info.pays_fee, Pays::No);
		assert_eq!(info.actual_weight, Some(<() as WeightInfo>::report_double_authoring()));
		assert_eq!(stake_of(4), STAKE / 4 * 3);
		assert!(Slashing::conduct(4).tombstoned);
		assert!(Disabled::get().contains_key(&4) && Aside::get().contains(&4));
		assert_eq!(last_slash().1.reporter, Some(REPORTER));
	});
}

#[test]
fn report_should_weigh_more_when_it_makes_others_owe_more() {
	ExtBuilder::default().validators(30).build_and_execute(|| {
		(1..=3).for_each(report_now);
		let info = report(report_of(4, SlotNow::get())).expect("a right report");
		let expected = <() as WeightInfo>::report_double_authoring()
			+ <() as WeightInfo>::punish_equivocation().saturating_mul(3);
		assert_eq!(info.actual_weight, Some(expected));
	});
}

#[test]
fn wrong_report_should_pay_its_fee() {
	ExtBuilder::default().build_and_execute(|| {
		let (mut proof, key_proof) = report_of(4, SlotNow::get());
		proof.second_header = proof.first_header.clone();
		let error = report((proof, key_proof)).expect_err("a wrong report");
		assert_eq!(error.post_info.pays_fee, Pays::Yes);
	});
}

#[test]
fn report_should_fail_when_both_headers_are_the_same() {
	assert_refused(Error::HeadersEqual, |(proof, _)| {
		proof.second_header = proof.first_header.clone();
	});
}

#[test]
fn report_should_fail_when_one_header_was_sealed_twice() {
	// Signatures are random; two of them over one block are no offence.
	assert_refused(Error::HeadersEqual, |(proof, _)| {
		let mut again = proof.first_header.clone();
		again.digest_mut().pop();
		proof.second_header = seal(again, 4);
		assert_ne!(proof.second_header.hash(), proof.first_header.hash());
	});
}

#[test]
fn report_should_fail_when_a_header_is_of_another_slot() {
	assert_refused(Error::WrongSlot, |(proof, _)| {
		let slot = *proof.slot - 1;
		proof.second_header = header(System::block_number(), slot, 2, 4);
	});
	assert_refused(Error::WrongSlot, |(proof, _)| proof.slot = (*proof.slot - 1).into());
}

#[test]
fn report_should_fail_when_a_header_names_no_slot_or_two() {
	for logs in [vec![], vec![aura_slot(7), aura_slot(7)]] {
		assert_refused(Error::WrongSlot, |(proof, _)| {
			let number = System::block_number();
			proof.second_header = seal(unsealed(number, hash_of(number - 1), logs, 2), 4);
		});
	}
}

#[test]
fn report_should_fail_when_the_slot_is_in_the_future() {
	assert_refused(Error::FutureSlot, |report| {
		*report = report_of(4, SlotNow::get() + 1);
	});
}

#[test]
fn report_should_fail_when_a_seal_is_forged() {
	assert_refused(Error::BadSeal, |(proof, _)| {
		let slot = *proof.slot;
		proof.second_header = header(System::block_number(), slot, 2, 5);
	});
}

#[test]
fn report_should_fail_when_a_seal_is_of_another_header() {
	assert_refused(Error::BadSeal, |(proof, _)| {
		let seal = proof.first_header.digest_mut().pop().expect("a seal");
		proof.second_header.digest_mut().pop();
		proof.first_header.digest_mut().push(seal.clone());
		proof.second_header.digest_mut().push(seal);
	});
}

#[test]
fn report_should_fail_when_a_seal_is_missing_or_of_another_engine() {
	assert_refused(Error::BadSeal, |(proof, _)| {
		proof.first_header.digest_mut().pop();
	});
	assert_refused(Error::BadSeal, |(proof, _)| {
		proof.first_header.digest_mut().push(DigestItem::Seal(*b"babe", vec![0; 64]));
	});
	assert_refused(Error::BadSeal, |(proof, _)| {
		proof.first_header.digest_mut().pop();
		proof.first_header.digest_mut().push(DigestItem::Seal(*b"aura", vec![0; 3]));
	});
}

#[test]
fn report_should_fail_when_a_header_is_of_another_chain() {
	assert_refused(Error::ForeignHeader, |(proof, _)| {
		let (number, slot) = (System::block_number(), *proof.slot);
		let foreign = unsealed(number, H256::repeat_byte(9), vec![aura_slot(slot)], 2);
		proof.second_header = seal(foreign, 4);
	});
}

#[test]
fn report_should_fail_when_a_header_has_no_parent() {
	assert_refused(Error::ForeignHeader, |(proof, _)| {
		let genesis = unsealed(0, H256::default(), vec![aura_slot(*proof.slot)], 2);
		proof.second_header = seal(genesis, 4);
	});
	assert_refused(Error::ForeignHeader, |(proof, _)| {
		let early = unsealed(99_999, H256::default(), vec![aura_slot(*proof.slot)], 2);
		proof.second_header = seal(early, 4);
	});
}

#[test]
fn report_should_fail_when_the_parent_is_forgotten() {
	ExtBuilder::default().build_and_execute(|| {
		let right = report_of(4, SlotNow::get());
		frame_system::BlockHash::<Test>::remove(System::block_number() - 1);
		assert_noop!(report(right), Error::<Test>::ForeignHeader);
	});
}

#[test]
fn report_should_fail_when_the_key_is_nobodys() {
	ExtBuilder::default().build_and_execute(|| {
		// Candidate 7 has keys but no seat.
		assert_noop!(report(report_of(7, SlotNow::get())), Error::<Test>::UnknownKey);
		assert_noop!(report(report_of(99, SlotNow::get())), Error::<Test>::UnknownKey);
	});
}

#[test]
fn report_should_fail_when_the_session_had_another_number_of_validators() {
	assert_refused(Error::UnknownKey, |(_, key_proof)| key_proof.validator_count = 1);
}

#[test]
fn report_should_fail_when_the_slot_is_of_another_session() {
	assert_refused(Error::WrongSession, |(_, key_proof)| key_proof.session = 1);
	ExtBuilder::default().build_and_execute(|| {
		let session = next_session();
		// The block that begins a session is authored by the session before.
		let mut report_it = report_of(4, SlotNow::get());
		assert_eq!(report_it.1.session, session);
		assert_noop!(report(report_it.clone()), Error::<Test>::WrongSession);
		report_it.1.session = session - 1;
		assert_ok!(report(report_it));
		run_slots(1, &[]);
		let mut report_it = report_of(5, SlotNow::get());
		report_it.1.session = session - 1;
		assert_noop!(report(report_it.clone()), Error::<Test>::WrongSession);
		report_it.1.session = session;
		assert_ok!(report(report_it));
	});
}

#[test]
fn report_should_fail_when_it_is_repeated() {
	ExtBuilder::default().build_and_execute(|| {
		let right = report_of(4, SlotNow::get());
		assert_ok!(report(right.clone()));
		assert_noop!(report(right.clone()), Error::<Test>::KnownOffence);
		// A third header of the slot is the same offence.
		let (mut proof, key_proof) = right;
		proof.second_header = header(System::block_number(), *proof.slot, 3, 4);
		assert_noop!(report((proof, key_proof)), Error::<Test>::KnownOffence);
		assert_eq!(Asked::get().len(), 1);
	});
}

#[test]
fn report_should_fail_when_nobody_signed_it() {
	ExtBuilder::default().build_and_execute(|| {
		let (proof, key_proof) = report_of(4, SlotNow::get());
		let call =
			|origin| Slashing::report_double_authoring(origin, Box::new(proof.clone()), key_proof);
		assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
		assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
	});
}

#[test]
fn rotated_key_should_stay_punishable() {
	// Bug class "Slash of the wrong state": re-keyed validator.
	ExtBuilder::default().build_and_execute(|| {
		let right = report_of(4, SlotNow::get());
		rotate_keys(4, 44);
		next_session();
		run_full_eras(27);
		assert_ok!(report(right));
		assert_eq!(Asked::get(), vec![(4, Perbill::from_percent(25), 0)]);
	});
}

#[test]
fn swapped_key_should_stay_punishable_as_its_offenders() {
	// Bug class "Slash of the wrong state": a key passed on to another validator.
	ExtBuilder::default().build_and_execute(|| {
		let right = report_of(4, SlotNow::get());
		rotate_keys(4, 44);
		rotate_keys(5, 4);
		next_session();
		run_slots(1, &[]);
		let others = report_of(5, SlotNow::get());
		run_full_eras(27);
		assert_ok!(report(right));
		assert_ok!(report(others));
		let quarter = Perbill::from_percent(25);
		assert_eq!(Asked::get(), vec![(4, quarter, 0), (5, quarter, 0)]);
	});
}

#[test]
fn old_key_should_prove_nothing_when_it_is_not_in_force_any_more() {
	ExtBuilder::default().build_and_execute(|| {
		rotate_keys(4, 44);
		next_session();
		run_slots(1, &[]);
		assert_ok!(report(report_of(4, SlotNow::get())));
		Seeds::take();
		run_slots(1, &[]);
		assert_noop!(report(report_of(4, SlotNow::get())), Error::<Test>::UnknownKey);
	});
}

#[test]
fn report_should_fail_when_the_offence_is_too_old() {
	ExtBuilder::default().build_and_execute(|| {
		let right = report_of(4, SlotNow::get());
		run_full_eras(29);
		assert_noop!(report(right), Error::<Test>::WrongSession);
	});
}
