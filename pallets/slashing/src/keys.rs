//! Whose session key was whose, for as long as an offence with it can be punished.

use crate::{
	Closed, Config, CurrentSession, InForce, KeyProof, OldestProvable, Pallet, PrunedTo,
	SessionKey, SessionNote, Sessions, Tenure, Tenures, SESSIONS_PRUNED,
};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use cybermiles_primitives::{
	traits::{AuthorityKeys, OnEra, OnSession},
	EraIndex, SessionIndex,
};
use frame_support::{
	traits::{Get, KeyOwnerProofSystem},
	BoundedVec,
};
use sp_runtime::{
	app_crypto::key_types::{AURA, GRANDPA},
	KeyTypeId,
};

/// A key and the candidate that holds it.
type Held<T> = (SessionKey, <T as frame_system::Config>::AccountId);

impl<T: Config> Pallet<T> {
	/// Notes what evidence of offences in `session` will be judged by.
	fn begin_session(session: SessionIndex) {
		CurrentSession::<T>::put(session);
		let seats = T::Keys::in_force();
		let note = SessionNote { slot: T::CurrentSlot::get(), validators: seats.len() as u32 };
		Sessions::<T>::insert(session, note);
		let mut validators = Vec::with_capacity(seats.len());
		let mut keys = BTreeSet::new();
		for (candidate, own) in seats {
			keys.extend(Self::punishable(&candidate, own));
			validators.push(candidate);
		}
		Self::note_keys(session, keys);
		Self::seat(&validators);
	}

	/// The keys with which blocks are authored and finalised.
	fn punishable(
		candidate: &T::AccountId,
		keys: Vec<(KeyTypeId, Vec<u8>)>,
	) -> impl Iterator<Item = Held<T>> + '_ {
		keys.into_iter()
			.filter(|(kind, _)| [AURA, GRANDPA].contains(kind))
			.filter_map(|(kind, bytes)| SessionKey::new(kind, &bytes))
			.map(|key| (key, candidate.clone()))
	}

	/// Writes only what changed since the session before.
	fn note_keys(session: SessionIndex, now: BTreeSet<Held<T>>) {
		let before: BTreeSet<Held<T>> = InForce::<T>::get().into_iter().collect();
		if now == before {
			return;
		}
		Self::close_tenures(session.saturating_sub(1), before.difference(&now));
		for (key, candidate) in now.difference(&before) {
			Self::open_tenure(session, key, candidate);
		}
		InForce::<T>::put(BoundedVec::truncate_from(now.into_iter().collect()));
	}

	fn close_tenures<'a>(last: SessionIndex, gone: impl Iterator<Item = &'a Held<T>>)
	where
		Held<T>: 'a,
	{
		let mut closed = Vec::new();
		for (key, _) in gone {
			Tenures::<T>::mutate_extant(key, |tenure| tenure.last = Some(last));
			closed.push(key.clone());
		}
		if !closed.is_empty() {
			Closed::<T>::insert(last, BoundedVec::truncate_from(closed));
		}
	}

	/// A candidate that takes up an old key of its own goes on with it.
	fn open_tenure(session: SessionIndex, key: &SessionKey, candidate: &T::AccountId) {
		Tenures::<T>::mutate(key, |tenure| match tenure {
			Some(tenure) if tenure.candidate == *candidate => tenure.last = None,
			_ => {
				let candidate = candidate.clone();
				*tenure = Some(Tenure { candidate, first: session, last: None });
			},
		});
	}

	/// Forgets some of the sessions whose offences cannot be punished any more.
	fn prune() {
		let from = PrunedTo::<T>::get();
		let to = OldestProvable::<T>::get().min(from.saturating_add(SESSIONS_PRUNED));
		if to <= from {
			return;
		}
		for session in from..to {
			Sessions::<T>::remove(session);
			for key in Closed::<T>::take(session) {
				// A key that came into force again since then is kept.
				if Tenures::<T>::get(&key).is_some_and(|tenure| tenure.last == Some(session)) {
					Tenures::<T>::remove(&key);
				}
			}
		}
		PrunedTo::<T>::put(to);
	}

	/// Whether offences in `session` can still be punished.
	fn is_provable(session: SessionIndex) -> bool {
		(OldestProvable::<T>::get()..=CurrentSession::<T>::get()).contains(&session)
	}

	/// The session that `slot` belongs to, the present one where it is still to come.
	///
	/// Looks up as many sessions as a binary search takes.
	pub fn session_at(slot: u64) -> Option<SessionIndex> {
		let (mut low, mut high) = (OldestProvable::<T>::get(), CurrentSession::<T>::get());
		// Each round leaves out a half: 32 of them do for any two indices.
		for _ in 0..u32::BITS {
			if low >= high {
				break;
			}
			let middle = high.saturating_sub(high.saturating_sub(low) / 2);
			match Sessions::<T>::get(middle)?.slot < slot {
				true => low = middle,
				false => high = middle.saturating_sub(1),
			}
		}
		Self::covers_slot(low, slot).then_some(low)
	}

	/// Whether `slot` belongs to `session`: a session's slots are those after its first block's, up
	/// to and with that of the next session's first block.
	pub(crate) fn covers_slot(session: SessionIndex, slot: u64) -> bool {
		let ends = |session| Sessions::<T>::get(session).map(|next: SessionNote| next.slot);
		let began = Sessions::<T>::get(session).is_some_and(|note| note.slot < slot);
		let is_over = session < CurrentSession::<T>::get();
		let over_before = || ends(session.saturating_add(1)).is_none_or(|end| end < slot);
		began && Self::is_provable(session) && !(is_over && over_before())
	}

	/// The proof that a key was in force in `session`; none where it was not.
	pub fn prove_at(kind: KeyTypeId, bytes: &[u8], session: SessionIndex) -> Option<KeyProof> {
		let note = Sessions::<T>::get(session)?;
		let proof = KeyProof { session, validator_count: note.validators };
		Self::key_owner(kind, bytes, &proof).map(|_| proof)
	}

	/// Whose key it was by `proof`; none where the proof is wrong or too old.
	pub fn key_owner(kind: KeyTypeId, bytes: &[u8], proof: &KeyProof) -> Option<T::AccountId> {
		let note = Sessions::<T>::get(proof.session)?;
		let tenure = Tenures::<T>::get(SessionKey::new(kind, bytes)?)?;
		let holds = note.validators == proof.validator_count
			&& tenure.covers(proof.session)
			&& Self::is_provable(proof.session);
		holds.then_some(tenure.candidate)
	}
}

impl<T: Config> OnSession for Pallet<T> {
	fn on_session_end(_: SessionIndex) {}

	fn on_session_start(session: SessionIndex) {
		Self::begin_session(session);
		Self::prune();
	}
}

impl<T: Config> OnEra for Pallet<T> {
	fn on_era_start(_: EraIndex, _: SessionIndex, oldest_session: SessionIndex) {
		OldestProvable::<T>::put(oldest_session);
	}
}

/// A key's latest session is the one it is proved for.
impl<T: Config, D: AsRef<[u8]>> KeyOwnerProofSystem<(KeyTypeId, D)> for Pallet<T> {
	type Proof = KeyProof;
	type IdentificationTuple = (T::AccountId, ());

	fn prove((kind, bytes): (KeyTypeId, D)) -> Option<KeyProof> {
		let bytes = bytes.as_ref();
		let tenure = Tenures::<T>::get(SessionKey::new(kind, bytes)?)?;
		let session = tenure.last.unwrap_or_else(CurrentSession::<T>::get);
		Self::prove_at(kind, bytes, session)
	}

	fn check_proof((kind, bytes): (KeyTypeId, D), proof: KeyProof) -> Option<(T::AccountId, ())> {
		Self::key_owner(kind, bytes.as_ref(), &proof).map(|candidate| (candidate, ()))
	}
}
