//! Whose session key was whose, for as long as an offence with it can be punished.

use crate::{
	Closed, Config, CurrentSession, InForce, KeyProof, OldestProvable, Pallet, PrunedTo,
	SessionKey, SessionNote, Sessions, Since, Tenure, Tenures, SESSIONS_PRUNED,
};
use alloc::{
	collections::{btree_map::BTreeMap, btree_set::BTreeSet},
	vec::Vec,
};
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
		let mut validators = Vec::with_capacity(seats.len());
		let mut keys = BTreeSet::new();
		for (candidate, own) in seats {
			keys.extend(Self::punishable(&candidate, own));
			validators.push(candidate);
		}
		let note = SessionNote {
			slot: T::CurrentSlot::get(),
			validators: validators.len() as u32,
			same_keys: Self::note_keys(session, keys),
		};
		Sessions::<T>::insert(session, note);
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

	/// Writes only what changed since the session before. Returns whether nothing did.
	fn note_keys(session: SessionIndex, now: BTreeSet<Held<T>>) -> bool {
		let before: BTreeMap<Held<T>, SessionIndex> = InForce::<T>::get()
			.into_iter()
			.map(|(key, candidate, first)| ((key, candidate), first))
			.collect();
		if before.keys().eq(&now) {
			return true;
		}
		let gone = before.iter().filter(|(held, _)| !now.contains(held));
		let gone = gone.map(|((key, _), first)| (key.clone(), *first)).collect();
		Self::close_tenures(session.saturating_sub(1), gone);
		let mut in_force = Vec::with_capacity(now.len());
		for held in now {
			let first = before.get(&held).copied();
			let (key, candidate) = held;
			if first.is_none() {
				let tenure = Tenure { candidate: candidate.clone(), last: None };
				Tenures::<T>::insert(&key, Since::new(session), tenure);
			}
			in_force.push((key, candidate, first.unwrap_or(session)));
		}
		InForce::<T>::put(BoundedVec::truncate_from(in_force));
		false
	}

	/// Ends these tenures, each a key and its first session.
	fn close_tenures(last: SessionIndex, gone: Vec<(SessionKey, SessionIndex)>) {
		for (key, first) in &gone {
			Tenures::<T>::mutate(key, Since::new(*first), |tenure| {
				if let Some(tenure) = tenure {
					tenure.last = Some(last);
				}
			});
		}
		if !gone.is_empty() {
			Closed::<T>::insert(last, BoundedVec::truncate_from(gone));
		}
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
			for (key, first) in Closed::<T>::take(session) {
				Tenures::<T>::remove(key, Since::new(first));
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
		if note.validators != proof.validator_count || !Self::is_provable(proof.session) {
			return None;
		}
		Self::tenure_at(&SessionKey::new(kind, bytes)?, proof.session).map(|of| of.candidate)
	}

	/// The tenure of a key to which `session` belongs.
	///
	/// One step, however often the key changed hands: of those that had begun by then, the latest
	/// comes first, and the others were over when it began.
	fn tenure_at(key: &SessionKey, session: SessionIndex) -> Option<Tenure<T::AccountId>> {
		let later = Since::new(session.saturating_add(1));
		let later = Tenures::<T>::hashed_key_for(key, later);
		let (_, tenure) = Tenures::<T>::iter_prefix_from(key, later).next()?;
		tenure.lasts_until(session).then_some(tenure)
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

/// A key is proved for the latest session in which it was in force.
impl<T: Config, D: AsRef<[u8]>> KeyOwnerProofSystem<(KeyTypeId, D)> for Pallet<T> {
	type Proof = KeyProof;
	type IdentificationTuple = (T::AccountId, ());

	fn prove((kind, bytes): (KeyTypeId, D)) -> Option<KeyProof> {
		let bytes = bytes.as_ref();
		let (_, latest) = Tenures::<T>::iter_prefix(SessionKey::new(kind, bytes)?).next()?;
		let session = latest.last.unwrap_or_else(CurrentSession::<T>::get);
		Self::prove_at(kind, bytes, session)
	}

	fn check_proof((kind, bytes): (KeyTypeId, D), proof: KeyProof) -> Option<(T::AccountId, ())> {
		Self::key_owner(kind, bytes.as_ref(), &proof).map(|candidate| (candidate, ()))
	}
}
