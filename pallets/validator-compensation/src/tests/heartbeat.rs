//! Standbys that prove themselves alive.

use crate::{mock::*, Call, Error, Event, Heartbeat, SeatsOf, SignatureOf};
use cybermiles_primitives::{traits::CandidateKey, CMT};
use frame_support::{
	assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::Authorize,
	traits::UnfilteredDispatchable,
};
use frame_system::RawOrigin;
use sp_core::{Pair, H256};
use sp_runtime::{
	traits::BadOrigin,
	transaction_validity::{
		InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction,
	},
	DispatchResult,
};

fn checked(candidate: AccountId, session: u32, signer: AccountId) -> DispatchResult {
	let (beat, signature) = beat_of(candidate, session, signer);
	verified(&beat, &signature)
}

fn verified(beat: &Heartbeat<AccountId>, signature: &SignatureOf<Test>) -> DispatchResult {
	Ok(Compensation::check_heartbeat(beat, signature)?)
}

fn refused(error: Error<Test>) -> DispatchResult {
	Err(error.into())
}

fn call(candidate: AccountId, session: u32, signer: AccountId) -> RuntimeCall {
	let (beat, signature) = beat_of(candidate, session, signer);
	Call::heartbeat { beat, signature }.into()
}

fn authorized(call: &RuntimeCall) -> Result<ValidTransaction, TransactionValidityError> {
	let validity = call.authorize(TransactionSource::External).expect("is to be authorised");
	validity.map(|(valid, _)| valid)
}

#[test]
fn standby_should_earn_from_that_block_on_when_it_proves_itself_alive() {
	ExtBuilder::default().build_and_execute(|| {
		next_block();
		assert_eq!(owed(4), 0);
		beat(4);
		assert_eq!(events(), [Event::StandbyAlive { candidate: 4, session: 0 }]);
		assert_eq!(owed(4), 0);
		next_block();
		assert!(owed(4) > 0 && owed(5) == 0);
		assert_eq!(award().to_standbys, award().issued / 10);
	});
}

#[test]
fn standby_should_have_to_prove_itself_again_when_a_session_begins() {
	ExtBuilder::default().build_and_execute(|| {
		beat(4);
		run_sessions(1);
		assert!(Dpos::candidate(4).expect("is there").stake > 26_000 * CMT);
		next_block();
		assert_eq!((owed(4), award().to_standbys), (0, 0));
		beat(4);
		next_block();
		assert!(owed(4) > 0);
	});
}

#[test]
fn heartbeat_should_be_let_in_when_it_is_good() {
	ExtBuilder::default().build_and_execute(|| {
		let call = call(4, 0, 4);
		let valid = authorized(&call).expect("good");
		assert!(valid.propagate && valid.provides.len() == 1 && valid.longevity == 20);
		assert_ok!(call.clone().dispatch_bypass_filter(RawOrigin::Authorized.into()));
		assert!(SeatsOf::<Test>::get(4).expect("a seat").since.is_some());
		// The same transaction cannot come into the next block.
		let stale = InvalidTransaction::Stale.into();
		assert_eq!(authorized(&call), Err(stale));
		assert!(call
			.get_dispatch_info()
			.call_weight
			.any_gt(frame_support::weights::Weight::zero()));
	});
}

#[test]
fn heartbeat_should_be_refused_when_nobody_authorised_it() {
	ExtBuilder::default().build_and_execute(|| {
		let (beat, signature) = beat_of(4, 0, 4);
		for origin in [RawOrigin::Signed(4), RawOrigin::None, RawOrigin::Root] {
			let result = Compensation::heartbeat(origin.into(), beat.clone(), signature.clone());
			assert_noop!(result, BadOrigin);
		}
	});
}

#[test]
fn heartbeat_should_be_refused_when_it_is_for_another_session() {
	ExtBuilder::default().build_and_execute(|| {
		run_sessions(1);
		for (session, reason) in [(0, InvalidTransaction::Stale), (2, InvalidTransaction::Future)] {
			assert_eq!(checked(4, session, 4), refused(Error::<Test>::WrongSession));
			assert_eq!(authorized(&call(4, session, 4)), Err(reason.into()));
		}
	});
}

#[test]
fn heartbeat_should_be_refused_when_it_is_of_no_standby() {
	ExtBuilder::default().build_and_execute(|| {
		for candidate in [1, 6, 77] {
			assert_eq!(checked(candidate, 0, candidate), refused(Error::<Test>::NotStandby));
			let bad = InvalidTransaction::BadProof.into();
			assert_eq!(authorized(&call(candidate, 0, candidate)), Err(bad));
		}
	});
}

#[test]
fn heartbeat_should_be_refused_when_the_standby_is_alive_already() {
	ExtBuilder::default().build_and_execute(|| {
		beat(4);
		assert_eq!(checked(4, 0, 4), refused(Error::<Test>::AlreadyAlive));
	});
}

#[test]
fn heartbeat_should_be_refused_when_the_standby_is_in_jail() {
	ExtBuilder::default().build_and_execute(|| {
		go_absent(4);
		assert_eq!(checked(4, 0, 4), refused(Error::<Test>::StandbyJailed));
		come_back(4);
		assert_eq!(checked(4, 0, 4), Ok(()));
	});
}

#[test]
fn heartbeat_should_be_refused_when_the_standby_has_no_keys() {
	ExtBuilder::default().build_and_execute(|| {
		Keyless::mutate(|keyless| keyless.insert(4));
		assert_eq!(FakeKeys::key_of(&4), None);
		assert_eq!(checked(4, 0, 4), refused(Error::<Test>::NoAuthorityKey));
	});
}

#[test]
fn heartbeat_should_be_refused_when_somebody_else_signed_it() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(checked(4, 0, 5), refused(Error::<Test>::BadHeartbeatSignature));
		assert_eq!(checked(4, 0, 77), refused(Error::<Test>::BadHeartbeatSignature));
	});
}

#[test]
fn heartbeat_should_be_signed_by_the_new_key_when_keys_were_rotated() {
	ExtBuilder::default().build_and_execute(|| {
		OtherKeys::mutate(|keys| keys.insert(4, pair(44).public()));
		assert_eq!(checked(4, 0, 4), refused(Error::<Test>::BadHeartbeatSignature));
		assert_eq!(checked(4, 0, 44), Ok(()));
	});
}

/// Flaw "staking transactions replayable": a signature is good for one chain, session and standby.
#[test]
fn heartbeat_should_be_refused_when_its_signature_was_for_something_else() {
	ExtBuilder::default().build_and_execute(|| {
		let bad = refused(Error::<Test>::BadHeartbeatSignature);
		let (beat, of_session_0) = beat_of(4, 0, 4);
		let other = Heartbeat { session: 0, candidate: 5 };
		let of_other = pair(4).sign(&Compensation::heartbeat_payload(&other));
		assert_eq!(verified(&beat, &of_other), bad);
		run_sessions(1);
		let now = Heartbeat { session: 1, candidate: 4 };
		assert_eq!(verified(&now, &of_session_0), bad);
		// The same standby on a chain with another genesis.
		let here = frame_system::BlockHash::<Test>::get(0);
		frame_system::BlockHash::<Test>::insert(0, H256::repeat_byte(7));
		let (_, elsewhere) = beat_of(4, 1, 4);
		frame_system::BlockHash::<Test>::insert(0, here);
		assert_eq!(verified(&now, &elsewhere), bad);
		// Bytes without the context that a heartbeat begins with.
		let naked = pair(4).sign(&codec::Encode::encode(&(here, &now)));
		assert_eq!(verified(&now, &naked), bad);
	});
}
