//! The offchain worker that sends heartbeats.

use crate::{mock::*, Call};
use codec::Decode;
use frame_support::traits::{Authorize, Hooks};
use sp_core::{
	crypto::key_types::AURA,
	offchain::{
		testing::{TestOffchainExt, TestTransactionPoolExt},
		OffchainDbExt, OffchainWorkerExt, TransactionPoolExt,
	},
	Pair,
};
use sp_keystore::{testing::MemoryKeystore, Keystore, KeystoreExt};
use sp_runtime::transaction_validity::TransactionSource;

/// Runs `test` on a node that holds the keys of `candidates`.
fn node_of(candidates: &[AccountId], test: impl FnOnce(&dyn Fn() -> Vec<RuntimeCall>)) {
	let mut ext = ExtBuilder::default().build();
	let (offchain, _) = TestOffchainExt::new();
	let (pool, state) = TestTransactionPoolExt::new();
	let keystore = MemoryKeystore::new();
	for candidate in candidates {
		let seed = format!("0x{}", format!("{:02x}", *candidate as u8).repeat(32));
		let public = pair(*candidate).public();
		keystore.insert(AURA, &seed, public.as_ref()).expect("takes it");
	}
	ext.register_extension(OffchainDbExt::new(offchain.clone()));
	ext.register_extension(OffchainWorkerExt::new(offchain));
	ext.register_extension(TransactionPoolExt::new(pool));
	ext.register_extension(KeystoreExt::new(keystore));
	ext.execute_with(|| {
		test(&|| {
			Compensation::offchain_worker(System::block_number());
			let sent = core::mem::take(&mut state.write().transactions);
			let call =
				|bytes: Vec<u8>| Extrinsic::decode(&mut &bytes[..]).expect("decodes").function;
			sent.into_iter().map(call).collect()
		})
	});
}

fn candidate_of(call: &RuntimeCall) -> AccountId {
	match call {
		RuntimeCall::ValidatorCompensation(Call::heartbeat { beat, .. }) => beat.candidate,
		_ => panic!("no heartbeat"),
	}
}

#[test]
fn worker_should_send_a_good_heartbeat_when_it_holds_a_standbys_key() {
	node_of(&[4], |work| {
		let sent = work();
		let [call] = &sent[..] else { panic!("one heartbeat") };
		assert_eq!(candidate_of(call), 4);
		assert!(matches!(call.authorize(TransactionSource::Local), Some(Ok(_))));
	});
}

#[test]
fn worker_should_send_for_each_standby_when_it_holds_several_keys() {
	node_of(&[1, 4, 5, 6], |work| {
		let mut sent: Vec<_> = work().iter().map(candidate_of).collect();
		sent.sort_unstable();
		assert_eq!(sent, [4, 5]);
	});
}

#[test]
fn worker_should_send_nothing_when_it_holds_no_standbys_key() {
	node_of(&[1, 77], |work| assert_eq!(work(), []));
	node_of(&[], |work| assert_eq!(work(), []));
}

#[test]
fn worker_should_send_once_when_the_heartbeat_comes_in() {
	node_of(&[4], |work| {
		assert_eq!(work().len(), 1);
		beat(4);
		while session() == 0 {
			assert_eq!(work(), []);
			next_block();
		}
		assert_eq!(work().len(), 1);
	});
}

#[test]
fn worker_should_send_again_when_five_blocks_did_not_have_it() {
	node_of(&[4], |work| {
		SessionLength::set(100);
		run_sessions(1);
		let sent: Vec<_> = (0..11)
			.map(|_| {
				let sent = work().len();
				next_block();
				sent
			})
			.collect();
		assert_eq!(sent, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
	});
}

#[test]
fn worker_should_send_nothing_when_the_standby_is_in_jail_or_without_keys() {
	node_of(&[4, 5], |work| {
		go_absent(4);
		Keyless::mutate(|keyless| keyless.insert(5));
		assert_eq!(work(), []);
		come_back(4);
		assert_eq!(work().iter().map(candidate_of).collect::<Vec<_>>(), [4]);
	});
}
