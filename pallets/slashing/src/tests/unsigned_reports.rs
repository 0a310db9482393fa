//! Reports of double authoring that a node puts into its own blocks.

use crate::{mock::*, Call, Error, KeyProof};
use codec::Decode;
use frame_support::{assert_noop, assert_ok};
use sp_core::offchain::{testing::TestTransactionPoolExt, TransactionPoolExt};
use sp_runtime::transaction_validity::{
	InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidity,
};

fn call(who: AccountId) -> Call<Test> {
	let (proof, key_proof) = report_of(who, SlotNow::get());
	Call::report_double_authoring_unsigned { proof: Box::new(proof), key_proof }
}

#[allow(deprecated)]
fn validate(source: TransactionSource, call: &Call<Test>) -> TransactionValidity {
	<Slashing as sp_runtime::traits::ValidateUnsigned>::validate_unsigned(source, call)
}

#[allow(deprecated)]
fn pre_dispatch(call: &Call<Test>) -> bool {
	<Slashing as sp_runtime::traits::ValidateUnsigned>::pre_dispatch(call).is_ok()
}

#[test]
fn report_should_reward_the_owner_of_the_author() {
	ExtBuilder::default().build_and_execute(|| {
		Owners::set([(2, REPORTER)].into());
		let (proof, key_proof) = report_of(4, SlotNow::get());
		assert_eq!(AuthorNow::get(), Some(2));
		let none = RuntimeOrigin::none();
		let reported = Slashing::report_double_authoring_unsigned(none, Box::new(proof), key_proof);
		assert_ok!(reported);
		assert_eq!(last_slash().1.reporter, Some(REPORTER));
	});
}

#[test]
fn report_should_reward_nobody_when_the_author_is_unknown() {
	ExtBuilder::default().build_and_execute(|| {
		let (proof, key_proof) = report_of(4, SlotNow::get());
		AuthorNow::set(None);
		let none = RuntimeOrigin::none();
		let reported = Slashing::report_double_authoring_unsigned(none, Box::new(proof), key_proof);
		assert_ok!(reported);
		assert_eq!(last_slash().1.reporter, None);
	});
}

#[test]
fn report_should_fail_when_it_is_signed_or_wrong() {
	ExtBuilder::default().build_and_execute(|| {
		let (mut proof, key_proof) = report_of(4, SlotNow::get());
		let report = |origin, proof| {
			Slashing::report_double_authoring_unsigned(origin, Box::new(proof), key_proof)
		};
		let bad = sp_runtime::DispatchError::BadOrigin;
		assert_noop!(report(signed(9), proof.clone()), bad);
		proof.second_header = proof.first_header.clone();
		assert_noop!(report(RuntimeOrigin::none(), proof), Error::<Test>::HeadersEqual);
	});
}

#[test]
fn pool_should_take_a_report_when_it_comes_from_this_node() {
	ExtBuilder::default().build_and_execute(|| {
		let call = call(4);
		for source in [TransactionSource::Local, TransactionSource::InBlock] {
			let valid = validate(source, &call).expect("valid");
			assert_eq!(valid.priority, TransactionPriority::MAX);
			assert!(!valid.propagate);
			assert_eq!(valid.provides.len(), 1);
		}
		assert!(pre_dispatch(&call));
	});
}

#[test]
fn pool_should_refuse_a_report_when_it_comes_from_outside() {
	// Bug class "Spam": no operation without a fee for who is no author.
	ExtBuilder::default().build_and_execute(|| {
		let refused = InvalidTransaction::Call.into();
		assert_eq!(validate(TransactionSource::External, &call(4)), refused);
	});
}

#[test]
fn pool_should_refuse_a_report_when_it_is_known_or_unproved() {
	ExtBuilder::default().build_and_execute(|| {
		let call_4 = call(4);
		report_now(4);
		let local = TransactionSource::Local;
		assert_eq!(validate(local, &call_4), InvalidTransaction::Stale.into());
		assert!(!pre_dispatch(&call_4));
		assert_eq!(validate(local, &call(7)), InvalidTransaction::BadProof.into());
		let other = Call::settle_slash { index: 0 };
		assert_eq!(validate(local, &other), InvalidTransaction::Call.into());
		assert!(!pre_dispatch(&other));
	});
}

#[test]
fn same_report_should_provide_the_same_tag_when_told_by_other_headers() {
	ExtBuilder::default().build_and_execute(|| {
		let local = TransactionSource::Local;
		let (mut proof, key_proof) = report_of(4, SlotNow::get());
		let first = validate(local, &call(4)).expect("valid").provides;
		proof.second_header = header(System::block_number(), *proof.slot, 9, 4);
		let again = Call::report_double_authoring_unsigned { proof: Box::new(proof), key_proof };
		assert_eq!(validate(local, &again).expect("valid").provides, first);
		assert_ne!(validate(local, &call(5)).expect("valid").provides, first);
	});
}

#[test]
fn node_should_submit_a_report_when_it_sees_two_blocks() {
	let (pool, state) = TestTransactionPoolExt::new();
	let mut ext = ExtBuilder::default().build();
	ext.register_extension(TransactionPoolExt::new(pool));
	ext.execute_with(|| {
		let session = next_session();
		run_slots(3, &[]);
		next_session();
		let (proof, _) = report_of(4, SlotNow::get() - 2);
		assert_eq!(Slashing::submit_double_authoring_report(proof), Some(()));
		let bytes = state.write().transactions.pop().expect("submitted");
		let extrinsic = Extrinsic::decode(&mut &bytes[..]).expect("an extrinsic");
		let RuntimeCall::SlashingPallet(Call::report_double_authoring_unsigned {
			proof,
			key_proof,
		}) = extrinsic.function
		else {
			panic!("another call")
		};
		assert_eq!(key_proof, KeyProof { session, validator_count: 6 });
		let none = RuntimeOrigin::none();
		assert_ok!(Slashing::report_double_authoring_unsigned(none, proof.clone(), key_proof));
		// It is known now.
		assert_eq!(Slashing::submit_double_authoring_report(*proof), None);
	});
}

#[test]
fn node_should_submit_nothing_when_the_offender_had_no_seat() {
	ExtBuilder::default().build_and_execute(|| {
		let (proof, _) = report_of(7, SlotNow::get());
		assert_eq!(Slashing::submit_double_authoring_report(proof), None);
		let (proof, _) = report_of(4, 0);
		assert_eq!(Slashing::submit_double_authoring_report(proof), None);
	});
}
