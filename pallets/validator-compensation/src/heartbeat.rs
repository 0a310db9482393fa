//! Standbys prove once a session that they are alive.

use crate::{Call, Config, Error, Heartbeat, Pallet, SeatsOf, LOG_TARGET};
use codec::Encode;
use cybermiles_primitives::{
	traits::{CandidateKey, Eras, Presence},
	SessionIndex,
};
use frame_support::{ensure, weights::Weight};
use frame_system::{offchain::SubmitTransaction, pallet_prelude::BlockNumberFor};
use sp_runtime::{
	offchain::storage::StorageValueRef,
	traits::{Saturating, Zero},
	transaction_validity::{
		InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityWithRefund,
		ValidTransaction,
	},
	RuntimeAppPublic,
};

/// What every heartbeat begins with, so that its signature can mean nothing else.
const CONTEXT: &[u8] = b"cybermiles/heartbeat";
/// Where a node notes when it last sent one.
const NOTE: &[u8] = b"cybermiles/heartbeat/sent";
/// Blocks after which a heartbeat that was not included is sent again.
const RETRY: u32 = 5;

/// The key with which a heartbeat is signed.
pub type KeyOf<T> = <T as Config>::AuthorityId;
/// A signature by [`KeyOf`].
pub type SignatureOf<T> = <KeyOf<T> as RuntimeAppPublic>::Signature;

impl<T: Config> Pallet<T> {
	/// The bytes to be signed: bound to this chain, the session and the candidate.
	pub fn heartbeat_payload(beat: &Heartbeat<T::AccountId>) -> alloc::vec::Vec<u8> {
		let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
		(CONTEXT, genesis, beat).encode()
	}

	/// Whether `beat` proves what it says.
	pub(crate) fn check_heartbeat(
		beat: &Heartbeat<T::AccountId>,
		signature: &SignatureOf<T>,
	) -> Result<(), Error<T>> {
		ensure!(beat.session == T::Eras::current_session(), Error::<T>::WrongSession);
		let seat = SeatsOf::<T>::get(&beat.candidate).filter(|seat| !seat.validator);
		let seat = seat.ok_or(Error::<T>::NotStandby)?;
		ensure!(seat.since.is_none(), Error::<T>::AlreadyAlive);
		ensure!(T::Presence::earns(&beat.candidate), Error::<T>::StandbyJailed);
		let key = T::AuthorityKey::key_of(&beat.candidate).ok_or(Error::<T>::NoAuthorityKey)?;
		let good = key.verify(&Self::heartbeat_payload(beat), signature);
		ensure!(good, Error::<T>::BadHeartbeatSignature);
		Ok(())
	}

	/// Lets a heartbeat into the pool and into a block.
	pub(crate) fn authorize_heartbeat(
		_: TransactionSource,
		beat: &Heartbeat<T::AccountId>,
		signature: &SignatureOf<T>,
	) -> TransactionValidityWithRefund {
		Self::check_heartbeat(beat, signature).map_err(|error| match error {
			Error::<T>::WrongSession if beat.session > T::Eras::current_session() => {
				InvalidTransaction::Future
			},
			Error::<T>::WrongSession | Error::<T>::AlreadyAlive => InvalidTransaction::Stale,
			_ => InvalidTransaction::BadProof,
		})?;
		ValidTransaction::with_tag_prefix("CybermilesHeartbeat")
			.priority(TransactionPriority::MAX)
			.and_provides((beat.session, &beat.candidate))
			.longevity(u64::from(RETRY) * 4)
			.propagate(true)
			.build()
			.map(|valid| (valid, Weight::zero()))
	}
}

impl<T: Config> Pallet<T> {
	/// Sends the heartbeats of the standbys whose keys this node holds.
	pub(crate) fn send_heartbeats(now: BlockNumberFor<T>) {
		let session = T::Eras::current_session();
		let waiting = SeatsOf::<T>::iter().filter(|(candidate, seat)| {
			!seat.validator && seat.since.is_none() && T::Presence::earns(candidate)
		});
		let mut keys = None;
		for (candidate, _) in waiting {
			let Some(key) = T::AuthorityKey::key_of(&candidate) else { continue };
			let keys = keys.get_or_insert_with(KeyOf::<T>::all);
			if keys.contains(&key) && Self::may_send(session, &candidate, now) {
				Self::send_heartbeat(Heartbeat { session, candidate }, &key);
			}
		}
	}

	/// Whether it is time to send; notes that it was done.
	fn may_send(session: SessionIndex, candidate: &T::AccountId, now: BlockNumberFor<T>) -> bool {
		let key = (NOTE, candidate).encode();
		let note = StorageValueRef::persistent(&key);
		let sent = note.get::<(SessionIndex, BlockNumberFor<T>)>().ok().flatten();
		let waits = sent.is_some_and(|(last, block)| {
			last == session && now.saturating_sub(block) < RETRY.into()
		});
		if !waits {
			note.set(&(session, now));
		}
		!waits
	}

	fn send_heartbeat(beat: Heartbeat<T::AccountId>, key: &KeyOf<T>) {
		let Some(signature) = key.sign(&Self::heartbeat_payload(&beat)) else { return };
		let (session, candidate) = (beat.session, beat.candidate.clone());
		let call = Call::heartbeat { beat, signature };
		let sent = SubmitTransaction::<T, Call<T>>::submit_transaction(
			T::create_authorized_transaction(call.into()),
		);
		match sent {
			Ok(()) => log::info!(target: LOG_TARGET, "heartbeat of {candidate:?} in {session}"),
			Err(()) => log::warn!(target: LOG_TARGET, "heartbeat of {candidate:?} was not taken"),
		}
	}
}
