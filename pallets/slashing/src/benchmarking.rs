//! Benchmarks of the calls and of what happens by itself, each in its worst case.

use crate::{Pallet as Slashing, *};
use alloc::{boxed::Box, vec, vec::Vec};
use cybermiles_primitives::{
	api::{OffenceKind, SlashState},
	traits::{Eras, OnSession},
};
use frame_benchmarking::v2::*;
use frame_support::{traits::EnsureOrigin, weights::WeightMeter, BoundedVec};
use frame_system::RawOrigin;
use sp_runtime::{KeyTypeId, Perbill};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

/// Sets up what benchmarks need of other pallets.
pub trait BenchmarkHelper<T: Config> {
	/// An active candidate with as many class pools and unbonding pools as there can be, unbonding
	/// of the present era included.
	fn candidate() -> T::AccountId;

	/// Makes these the validators of the present session, in this order of turns, each with keys of
	/// its own.
	fn seat(validators: Vec<T::AccountId>);

	/// Makes this the slot and the author of this block.
	fn set_block(slot: u64, author: Option<T::AccountId>);

	/// Seats `candidate`, begins session 1 and proves two blocks of it for one slot of that
	/// session, not later than this block's.
	fn double_authoring(candidate: &T::AccountId) -> (DoubleAuthoringProof<T>, KeyProof);
}

/// A candidate with all pools, that sits alone.
fn culprit<T: Config>() -> T::AccountId {
	let candidate = T::BenchmarkHelper::candidate();
	T::BenchmarkHelper::seat(vec![candidate.clone()]);
	Slashing::<T>::on_session_start(0);
	candidate
}

fn offence<T: Config>(candidate: &T::AccountId) -> Punishment<T::AccountId> {
	Punishment {
		candidate: candidate.clone(),
		kind: OffenceKind::DoubleAuthoring,
		era: 0,
		since: 0,
		session: 0,
		fraction: Perbill::from_percent(5),
		reporter: Some(whitelisted_caller()),
	}
}

/// A slash with its tombstone, held.
fn held_slash<T: Config>() -> (T::AccountId, u32) {
	let candidate = culprit::<T>();
	let punishment = offence::<T>(&candidate);
	let (fraction, session) = (punishment.fraction, punishment.session);
	let index = Slashing::<T>::punish(punishment);
	let term = JailTerm::Tombstoned { fraction, session };
	Slashing::<T>::jail(&candidate, term, fraction, index);
	(candidate, index)
}

/// The same, due now.
fn due_slash<T: Config>() -> u32 {
	let (_, index) = held_slash::<T>();
	let now = T::Eras::current_era();
	Slashes::<T>::mutate_extant(index, |record| {
		if let SlashState::Held { due } = record.state {
			HeldSlashes::<T>::remove(due, index);
		}
		record.state = SlashState::Held { due: now };
	});
	HeldSlashes::<T>::insert(now, index, ());
	SettlingEra::<T>::put(now);
	index
}

fn is_settled<T: Config>(index: u32, state: SlashState) -> bool {
	Slashes::<T>::get(index).is_some_and(|record| record.state == state)
}

/// Sessions that are to be forgotten, each with two keys that went out of force with it.
fn old_sessions<T: Config>(candidate: &T::AccountId) {
	for session in 0..SESSIONS_PRUNED {
		let note = SessionNote { slot: session.into(), validators: 1, same_keys: false };
		Sessions::<T>::insert(session, note);
		let keys: Vec<SessionKey> = [b"aura", b"gran"]
			.into_iter()
			.filter_map(|kind| SessionKey::new(KeyTypeId(*kind), &[session as u8; 32]))
			.collect();
		for key in &keys {
			let tenure = Tenure { candidate: candidate.clone(), last: Some(session) };
			Tenures::<T>::insert(key, Since::new(session), tenure);
		}
		let closed = keys.into_iter().map(|key| (key, session)).collect();
		Closed::<T>::insert(session, BoundedVec::truncate_from(closed));
	}
	OldestProvable::<T>::put(SESSIONS_PRUNED);
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn attend(n: Linear<0, 64>) {
		let validators: Vec<T::AccountId> =
			(0..64).map(|index| account("validator", index, 0)).collect();
		T::BenchmarkHelper::seat(validators.clone());
		LastSlot::<T>::put(63);
		T::BenchmarkHelper::set_block(64 + u64::from(n), validators.first().cloned());

		#[block]
		{
			Slashing::<T>::attend();
		}

		assert_eq!(LastSlot::<T>::get(), Some(64 + u64::from(n)));
		assert!(Absentees::<T>::get().len() as u32 >= n.saturating_sub(1));
	}

	#[benchmark]
	fn punish_downtime() {
		let candidate = culprit::<T>();

		#[block]
		{
			Slashing::<T>::punish_downtime(candidate.clone(), 0);
		}

		assert!(Jails::<T>::contains_key(&candidate));
		assert!(HeldTotal::<T>::get() > 0);
	}

	#[benchmark]
	fn punish_equivocation() {
		let candidate = culprit::<T>();
		let reporters = vec![whitelisted_caller()];
		let details = [OffenceDetails { offender: (candidate.clone(), ()), reporters }];

		#[block]
		{
			Slashing::<T>::on_offence(&details, &[Perbill::from_percent(50)], 0);
		}

		let term = Jails::<T>::get(&candidate).map(|jail| jail.term);
		assert!(matches!(term, Some(JailTerm::Tombstoned { .. })));
	}

	#[benchmark]
	fn session_start(n: Linear<1, 64>) {
		let seats =
			|name| -> Vec<T::AccountId> { (0..n).map(|index| account(name, index, 0)).collect() };
		// All of them go, so that all keys change.
		T::BenchmarkHelper::seat(seats("before"));
		Slashing::<T>::on_session_start(SESSIONS_PRUNED);
		old_sessions::<T>(&account("gone", 0, 0));
		T::BenchmarkHelper::seat(seats("validator"));

		#[block]
		{
			Slashing::<T>::on_session_start(SESSIONS_PRUNED + 1);
		}

		assert_eq!(PrunedTo::<T>::get(), SESSIONS_PRUNED);
		assert!(InForce::<T>::get().len() as u32 >= n);
		assert!(Closed::<T>::get(SESSIONS_PRUNED).len() as u32 >= n);
	}

	#[benchmark]
	fn settle() {
		let index = due_slash::<T>();

		#[block]
		{
			let mut meter = WeightMeter::with_limit(T::WeightInfo::settle().saturating_mul(2));
			Slashing::<T>::settle_what_is_due(&mut meter);
		}

		assert!(is_settled::<T>(index, SlashState::Applied));
	}

	#[benchmark]
	fn settle_slash() {
		let index = due_slash::<T>();
		let caller: T::AccountId = whitelisted_caller();

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), index);

		assert!(is_settled::<T>(index, SlashState::Applied));
	}

	#[benchmark]
	fn confirm_slash() -> Result<(), BenchmarkError> {
		let (_, index) = held_slash::<T>();
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, index);

		assert!(is_settled::<T>(index, SlashState::Applied));
		Ok(())
	}

	#[benchmark]
	fn cancel_slash() -> Result<(), BenchmarkError> {
		let (candidate, index) = held_slash::<T>();
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, index);

		assert!(is_settled::<T>(index, SlashState::Cancelled));
		assert!(!Jails::<T>::contains_key(&candidate));
		Ok(())
	}

	#[benchmark]
	fn pardon() -> Result<(), BenchmarkError> {
		let (candidate, _) = held_slash::<T>();
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, candidate.clone());

		assert!(!Jails::<T>::contains_key(&candidate));
		Ok(())
	}

	#[benchmark]
	fn report_double_authoring() {
		let candidate = T::BenchmarkHelper::candidate();
		let (proof, key_proof) = T::BenchmarkHelper::double_authoring(&candidate);
		let caller: T::AccountId = whitelisted_caller();

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), Box::new(proof), key_proof);

		assert!(Jails::<T>::contains_key(&candidate));
	}

	impl_benchmark_test_suite!(
		Slashing,
		crate::mock::ExtBuilder::default().build(),
		crate::mock::Test
	);
}
