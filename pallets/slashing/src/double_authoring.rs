//! Reports of two blocks authored for one slot.

use crate::{
	Call, Config, Error, KeyProof, OffenderOf, Pallet, SlashCount, WeightInfo, WithKind, LOG_TARGET,
};
use alloc::{boxed::Box, vec, vec::Vec};
use cybermiles_primitives::SessionIndex;
use frame_support::{
	dispatch::{DispatchResultWithPostInfo, Pays, PostDispatchInfo},
	ensure,
	traits::Get,
	weights::Weight,
};
use frame_system::{
	offchain::{CreateBare, SubmitTransaction},
	pallet_prelude::{BlockNumberFor, HeaderFor},
};
use sp_consensus_aura::{
	digests::CompatibleDigestItem,
	sr25519::{AuthorityId as AuraId, AuthoritySignature},
};
use sp_consensus_slots::{EquivocationProof, Slot};
use sp_runtime::{
	app_crypto::key_types::AURA,
	traits::{CheckedSub, Header, One, UniqueSaturatedInto},
	transaction_validity::{
		InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidity,
		TransactionValidityError, ValidTransaction,
	},
	Perbill, RuntimeAppPublic,
};
use sp_staking::offence::{Kind, Offence, ReportOffence};

/// Two headers that one authority sealed for one slot.
pub type DoubleAuthoringProof<T> = EquivocationProof<HeaderFor<T>, AuraId>;

/// Two blocks authored for one slot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DoubleAuthoringOffence<Offender> {
	/// The slot.
	pub slot: Slot,
	/// The session that the slot belongs to.
	pub session_index: SessionIndex,
	/// How many validators that session had.
	pub validator_set_count: u32,
	/// Who authored them.
	pub offender: Offender,
}

impl<Offender: Clone> Offence<Offender> for DoubleAuthoringOffence<Offender> {
	const ID: Kind = *b"aura:dbl-author_";
	type Slot = Slot;

	fn offenders(&self) -> Vec<Offender> {
		vec![self.offender.clone()]
	}

	fn session_index(&self) -> SessionIndex {
		self.session_index
	}

	fn validator_set_count(&self) -> u32 {
		self.validator_set_count
	}

	fn slot(&self) -> Slot {
		self.slot
	}

	/// `min((3k / n)^2, 1)` of `k` offenders among `n` validators, as for GRANDPA.
	fn slash_fraction(&self, offenders: u32) -> Perbill {
		Perbill::from_rational(offenders.saturating_mul(3), self.validator_set_count).square()
	}
}

impl<T: Config> Pallet<T> {
	/// Judges a report and punishes for it. The fee is given back where it is right.
	pub(crate) fn do_report(
		reporter: Option<T::AccountId>,
		proof: DoubleAuthoringProof<T>,
		key_proof: KeyProof,
	) -> DispatchResultWithPostInfo {
		let offence = Self::check_double_authoring(&proof, &key_proof)?;
		let slashes = SlashCount::<T>::get();
		WithKind::<T, T::ReportOffence>::report_offence(reporter.into_iter().collect(), offence)
			.map_err(|_| Error::<T>::KnownOffence)?;
		let punished = SlashCount::<T>::get().saturating_sub(slashes);
		let actual_weight = Some(Self::report_weight(punished));
		Ok(PostDispatchInfo { actual_weight, pays_fee: Pays::No })
	}

	/// What a report weighs that leads to so many slashes: with each more that did it in the same
	/// slot, all of them owe more.
	pub(crate) fn report_weight(slashes: u32) -> Weight {
		let more =
			T::WeightInfo::punish_equivocation().saturating_mul(slashes.saturating_sub(1).into());
		T::WeightInfo::report_double_authoring().saturating_add(more)
	}

	/// The offence that the proof shows; the reason where it shows none.
	fn check_double_authoring(
		proof: &DoubleAuthoringProof<T>,
		key_proof: &KeyProof,
	) -> Result<DoubleAuthoringOffence<OffenderOf<T>>, Error<T>> {
		ensure!(*proof.slot <= T::CurrentSlot::get(), Error::<T>::FutureSlot);
		let first = Self::check_header(&proof.first_header, proof)?;
		let second = Self::check_header(&proof.second_header, proof)?;
		ensure!(first != second, Error::<T>::HeadersEqual);
		let offence = Self::offence_of(proof, key_proof)?;
		Self::ensure_unknown(&offence)?;
		Ok(offence)
	}

	/// The hash that the offender sealed, where the header is of this chain, of the proof's slot,
	/// and sealed by the offender.
	fn check_header(
		header: &HeaderFor<T>,
		proof: &DoubleAuthoringProof<T>,
	) -> Result<T::Hash, Error<T>> {
		ensure!(slot_of::<T>(header) == Some(proof.slot), Error::<T>::WrongSlot);
		ensure!(Self::has_known_parent(header), Error::<T>::ForeignHeader);
		let mut unsealed = header.clone();
		let seal = unsealed.digest_mut().pop().ok_or(Error::<T>::BadSeal)?;
		let signature: AuthoritySignature = seal.as_aura_seal().ok_or(Error::<T>::BadSeal)?;
		let hash = unsealed.hash();
		ensure!(proof.offender.verify(&hash.as_ref(), &signature), Error::<T>::BadSeal);
		Ok(hash)
	}

	/// The same key may author for other chains too. Whatever follows a block of this chain was
	/// authored for this chain.
	fn has_known_parent(header: &HeaderFor<T>) -> bool {
		let Some(number) = header.number().checked_sub(&One::one()) else { return false };
		let parent = frame_system::Pallet::<T>::block_hash(number);
		parent != Default::default() && parent == *header.parent_hash()
	}

	/// The offence, where the offender's key was in force at its slot.
	fn offence_of(
		proof: &DoubleAuthoringProof<T>,
		key_proof: &KeyProof,
	) -> Result<DoubleAuthoringOffence<OffenderOf<T>>, Error<T>> {
		let KeyProof { session, validator_count } = *key_proof;
		ensure!(Self::covers_slot(session, *proof.slot), Error::<T>::WrongSession);
		let candidate = Self::key_owner(AURA, proof.offender.as_ref(), key_proof)
			.ok_or(Error::<T>::UnknownKey)?;
		Ok(DoubleAuthoringOffence {
			slot: proof.slot,
			session_index: session,
			validator_set_count: validator_count,
			offender: (candidate, ()),
		})
	}

	fn ensure_unknown(offence: &DoubleAuthoringOffence<OffenderOf<T>>) -> Result<(), Error<T>> {
		let offenders = [offence.offender.clone()];
		let known = T::ReportOffence::is_known_offence(&offenders, &offence.slot);
		ensure!(!known, Error::<T>::KnownOffence);
		Ok(())
	}

	/// Whether a report is worth a place in a block. The headers are judged in the block, because
	/// the pool sees the chain as it was before their parent was known.
	fn check_unsigned(
		proof: &DoubleAuthoringProof<T>,
		key_proof: &KeyProof,
	) -> Result<(), TransactionValidityError> {
		let offence =
			Self::offence_of(proof, key_proof).map_err(|_| InvalidTransaction::BadProof)?;
		Self::ensure_unknown(&offence).map_err(|_| InvalidTransaction::Stale)?;
		Ok(())
	}

	/// Takes reports only from this node itself and in blocks, so that only who authors a block can
	/// put one in without a fee.
	pub(crate) fn validate_report(
		source: TransactionSource,
		call: &Call<T>,
	) -> TransactionValidity {
		let Call::report_double_authoring_unsigned { proof, key_proof } = call else {
			return InvalidTransaction::Call.into();
		};
		if !matches!(source, TransactionSource::Local | TransactionSource::InBlock) {
			log::warn!(target: LOG_TARGET, "unsigned report from outside refused");
			return InvalidTransaction::Call.into();
		}
		Self::check_unsigned(proof, key_proof)?;
		let longevity: BlockNumberFor<T> = T::BlockHashCount::get();
		ValidTransaction::with_tag_prefix("DoubleAuthoring")
			.priority(TransactionPriority::MAX)
			.and_provides((proof.offender.clone(), proof.slot))
			.longevity(longevity.unique_saturated_into())
			// Other nodes would refuse it.
			.propagate(false)
			.build()
	}

	/// The same check once more, when the report goes into a block.
	pub(crate) fn pre_dispatch_report(call: &Call<T>) -> Result<(), TransactionValidityError> {
		match call {
			Call::report_double_authoring_unsigned { proof, key_proof } => {
				Self::check_unsigned(proof, key_proof)
			},
			_ => Err(InvalidTransaction::Call.into()),
		}
	}
}

impl<T: Config + CreateBare<Call<T>>> Pallet<T> {
	/// Puts a report into this node's pool, for its next block. None where the offender had no seat
	/// at the slot, the report is known, or the pool does not take it.
	pub fn submit_double_authoring_report(proof: DoubleAuthoringProof<T>) -> Option<()> {
		let session = Self::session_at(*proof.slot)?;
		let key_proof = Self::prove_at(AURA, proof.offender.as_ref(), session)?;
		Self::check_unsigned(&proof, &key_proof).ok()?;
		let call = Call::report_double_authoring_unsigned { proof: Box::new(proof), key_proof };
		let transaction = T::create_bare(call.into());
		SubmitTransaction::<T, Call<T>>::submit_transaction(transaction).ok()
	}
}

/// The slot that a header claims; none where it claims none or several.
fn slot_of<T: Config>(header: &HeaderFor<T>) -> Option<Slot> {
	let mut slots = header
		.digest()
		.logs()
		.iter()
		.filter_map(CompatibleDigestItem::<AuthoritySignature>::as_aura_pre_digest);
	let slot = slots.next()?;
	slots.next().is_none().then_some(slot)
}
