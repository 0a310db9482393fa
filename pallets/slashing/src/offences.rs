//! Double votes and double blocks, as the offences pallet hands them over.

use crate::{
	Config, DoubleAuthoringOffence, Event, JailTerm, Jails, Pallet, Pardons, Punishment, Reporting,
	Sessions, WeightInfo,
};
use alloc::vec::Vec;
use core::marker::PhantomData;
use cybermiles_primitives::{
	api::OffenceKind,
	traits::{Candidacies, Eras},
	EraIndex, SessionIndex,
};
use frame_support::{traits::Get, weights::Weight};
use sp_runtime::{PerThing, Perbill, Rounding, Saturating};
use sp_staking::offence::{
	Kind, Offence, OffenceDetails, OffenceError, OnOffenceHandler, ReportOffence,
};

/// How the offences pallet names an offender.
pub type OffenderOf<T> = (<T as frame_system::Config>::AccountId, ());

impl<T: Config> Pallet<T> {
	/// Slashes, jails and tombstones one offender. Returns whether anything was left to punish.
	///
	/// All that it did until it was tombstoned counts as one offence: only where a later report
	/// weighs more, the difference is taken.
	fn punish_offender(
		details: &OffenceDetails<T::AccountId, OffenderOf<T>>,
		fraction: Perbill,
		session: SessionIndex,
	) -> bool {
		let candidate = &details.offender.0;
		if Pardons::<T>::get(candidate).is_some_and(|until| session <= until) {
			return false;
		}
		let Some(era) = T::Eras::era_of(session) else {
			Self::deposit_event(Event::OffenceTooOld { candidate: candidate.clone(), session });
			return false;
		};
		let fraction = fraction.max(T::EquivocationSlash::get());
		let taken = Self::taken_before(candidate);
		if taken.is_some_and(|taken| fraction <= taken) {
			return false;
		}
		let kind = Reporting::<T>::get().unwrap_or(OffenceKind::GrandpaEquivocation);
		let cause = Self::punish(Punishment {
			candidate: candidate.clone(),
			kind,
			era,
			// What is not remembered any more was paid long ago.
			since: Self::counted_in(kind, session).unwrap_or(era),
			session,
			fraction: remaining_fraction(taken.unwrap_or_default(), fraction),
			reporter: details.reporters.first().cloned(),
		});
		Self::jail(candidate, JailTerm::Tombstoned { fraction, session }, fraction, cause);
		true
	}

	/// The era in which the stake was counted that gave an offender its seat; none where that is too
	/// long ago. What leaves in this era or later carries the seat to its end, also where it leaves
	/// before the offence.
	///
	/// The seats of session `n` are decided in the first block of session `n - 1`, and in its era. A
	/// vote does not tell its session: what is seen in the last blocks of one is reported in the
	/// next. So it may be of the session before the one that the report names, unless other keys
	/// were in force then.
	fn counted_in(kind: OffenceKind, session: SessionIndex) -> Option<EraIndex> {
		let is_vote = kind == OffenceKind::GrandpaEquivocation;
		let same_keys = || Sessions::<T>::get(session).is_some_and(|note| note.same_keys);
		let way_back = if is_vote && same_keys() { 2 } else { 1 };
		T::Eras::era_of(session.saturating_sub(way_back))
	}

	/// The part that was taken of who is tombstoned.
	fn taken_before(candidate: &T::AccountId) -> Option<Perbill> {
		match Jails::<T>::get(candidate)?.term {
			JailTerm::Tombstoned { fraction, .. } => Some(fraction),
			JailTerm::Until(_) => None,
		}
	}
}

/// The part to take of what `taken` left, so that it makes `total` of the whole. Rounded up, against
/// the offender, to a part of a thousand million.
pub(crate) fn remaining_fraction(taken: Perbill, total: Perbill) -> Perbill {
	let left = Perbill::one().saturating_sub(taken).deconstruct();
	let more = total.saturating_sub(taken).deconstruct();
	if left == 0 {
		return Perbill::zero();
	}
	Perbill::from_rational_with_rounding(more, left, Rounding::Up).unwrap_or(Perbill::one())
}

impl<T: Config> OnOffenceHandler<T::AccountId, OffenderOf<T>, Weight> for Pallet<T> {
	/// Called again for all who did the same at the same time whenever one more of them is reported.
	fn on_offence(
		offenders: &[OffenceDetails<T::AccountId, OffenderOf<T>>],
		fractions: &[Perbill],
		session: SessionIndex,
	) -> Weight {
		let punished = offenders
			.iter()
			.zip(fractions)
			.filter(|(details, fraction)| Self::punish_offender(details, **fraction, session))
			.count() as u64;
		let looked_at = T::DbWeight::get().reads(3).saturating_mul(offenders.len() as u64);
		T::WeightInfo::punish_equivocation()
			.saturating_mul(punished)
			.saturating_add(looked_at)
	}
}

/// Reports to `R` (the offences pallet) and notes meanwhile which kind of offence it is, for the
/// record of the slash.
///
/// Where a block's author reports, it is named as a candidate, and the candidate's owner is
/// rewarded.
pub struct WithKind<T, R>(PhantomData<(T, R)>);

impl<T, R, O> ReportOffence<T::AccountId, OffenderOf<T>, O> for WithKind<T, R>
where
	T: Config,
	R: ReportOffence<T::AccountId, OffenderOf<T>, O>,
	O: Offence<OffenderOf<T>>,
{
	fn report_offence(reporters: Vec<T::AccountId>, offence: O) -> Result<(), OffenceError> {
		let reporters = reporters.into_iter().map(rewarded::<T>).collect();
		Reporting::<T>::put(kind_of(&O::ID));
		let result = R::report_offence(reporters, offence);
		Reporting::<T>::kill();
		result
	}

	fn is_known_offence(offenders: &[OffenderOf<T>], slot: &O::Slot) -> bool {
		R::is_known_offence(offenders, slot)
	}
}

/// The account to reward for a report of `reporter`.
fn rewarded<T: Config>(reporter: T::AccountId) -> T::AccountId {
	match T::Author::get() {
		Some(author) if author == reporter => {
			T::Candidacies::owner_of(&reporter).unwrap_or(reporter)
		},
		_ => reporter,
	}
}

/// Two kinds are reported: this pallet's own, and that of GRANDPA.
fn kind_of(id: &Kind) -> OffenceKind {
	if *id == <DoubleAuthoringOffence<()> as Offence<()>>::ID {
		OffenceKind::DoubleAuthoring
	} else {
		OffenceKind::GrandpaEquivocation
	}
}
