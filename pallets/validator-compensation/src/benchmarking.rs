//! Benchmarks of the calls and of a block's award, each in its worst case.

use crate::{Call, Pallet as Compensation, *};
use alloc::vec::Vec;
use cybermiles_primitives::{
	traits::{Candidacies, Eras, PoolObserver, RateClasses, StakePools},
	Rate, CMT,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{
	fungible::{Inspect, Mutate},
	EnsureOrigin,
};
use frame_system::RawOrigin;
use sp_runtime::{transaction_validity::TransactionSource, RuntimeAppPublic};

/// What the runtime prepares for the benchmarks of this pallet.
pub trait BenchmarkHelper<AccountId, Key> {
	/// An open candidate with at least one delegator in each of 16 classes, who agreed to the rates
	/// `Rate(985)` to `Rate(1000)`. Its owner has stake too.
	fn candidate_with_full_classes() -> AccountId;

	/// A further delegator of that candidate, who agreed to `Rate(990)`, with nothing earned yet.
	fn delegator_of(candidate: &AccountId) -> AccountId;

	/// Registers `key` as the Aura key of `candidate`, which need not be declared.
	fn set_authority_key(candidate: &AccountId, key: Key);
}

/// A candidate with an award that waits, whose compensation goes to an account.
fn candidate<T: Config>() -> (T::AccountId, T::AccountId) {
	let candidate = T::BenchmarkHelper::candidate_with_full_classes();
	let owner = T::Candidacies::owner_of(&candidate).expect("a candidate has an owner");
	CompensationAccounts::<T>::insert(&owner, account::<T::AccountId>("receiver", 0, 0));
	(candidate, owner)
}

/// Lets an award wait for a candidate whose classes are lowered already, so that a fold reads that
/// too.
fn let_wait<T: Config>(candidate: &T::AccountId) {
	let lowered = T::Stake::class_stakes(candidate)
		.into_iter()
		.filter(|(class, _)| class.agreed_rate() >= Rate(995))
		.map(|(class, _)| (class, Rate(994)))
		.collect::<alloc::collections::BTreeMap<_, _>>();
	RatesLowered::<T>::insert(candidate, LoweredRates::try_from(lowered).expect("room"));
	Compensation::<T>::let_award_wait(candidate);
}

/// Escrow has so much that no payment out of it fails.
fn fund_escrow<T: Config>() {
	T::Currency::set_balance(&T::Stake::escrow_account(), 1_000_000 * CMT);
}

/// A standby of this session that is not alive, and its heartbeat.
fn standby<T: Config>() -> (Heartbeat<T::AccountId>, SignatureOf<T>) {
	let candidate: T::AccountId = account("standby", 0, 0);
	let key = KeyOf::<T>::generate_pair(None);
	T::BenchmarkHelper::set_authority_key(&candidate, key.clone());
	SeatsOf::<T>::insert(&candidate, Seat::new(false, CMT));
	let beat = Heartbeat { session: T::Eras::current_session(), candidate };
	let signature = key.sign(&Compensation::<T>::heartbeat_payload(&beat));
	(beat, signature.expect("the key is in the keystore"))
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn award_block() {
		fund_escrow::<T>();
		RunningGroups::<T>::mutate(|groups| {
			assert!(groups.validators.join(19 * CMT) && groups.standbys.join(5 * CMT));
		});
		AccountBooks::<T>::mutate(|books| (books.fees, books.undistributed) = (CMT, CMT));

		#[block]
		{
			Compensation::<T>::award_block();
		}

		let award = LastAward::<T>::get();
		assert_eq!((award.fees, award.carried), (CMT, CMT));
		assert!(award.to_validators > 0);
	}

	#[benchmark]
	fn harvest() {
		fund_escrow::<T>();
		let (candidate, _) = candidate::<T>();
		let who = T::BenchmarkHelper::delegator_of(&candidate);
		let_wait::<T>(&candidate);
		let before = T::Currency::total_balance(&who);

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), candidate.clone());

		assert!(T::Currency::total_balance(&who) > before);
	}

	#[benchmark]
	fn lower_rate() {
		let (candidate, owner) = candidate::<T>();
		let who = T::BenchmarkHelper::delegator_of(&candidate);
		let_wait::<T>(&candidate);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), who.clone(), Rate(986));

		let class = T::Stake::class_of(&candidate, &who).expect("delegates");
		assert_eq!(Compensation::<T>::rate_of(&candidate, class), Rate(986));
	}

	#[benchmark]
	fn lower_all_rates() {
		let (candidate, owner) = candidate::<T>();
		let_wait::<T>(&candidate);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), Rate(1));

		assert_eq!(RatesLowered::<T>::get(&candidate).len(), MAX_CLASSES as usize);
	}

	#[benchmark]
	fn accept_rate() {
		let (candidate, _) = candidate::<T>();
		let who = T::BenchmarkHelper::delegator_of(&candidate);
		let_wait::<T>(&candidate);

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), candidate.clone(), Rate(993));

		let class = T::Stake::class_of(&candidate, &who).expect("delegates");
		assert_eq!(Compensation::<T>::rate_of(&candidate, class), Rate(993));
	}

	#[benchmark]
	fn set_compensation_account() {
		let (candidate, owner) = candidate::<T>();
		let_wait::<T>(&candidate);
		let other: T::AccountId = account("receiver", 1, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner.clone()), Some(other.clone()));

		assert_eq!(CompensationAccounts::<T>::get(&owner), Some(other));
		assert!(AccountBooks::<T>::get().compensation > 0);
	}

	#[benchmark]
	fn pay_compensation() {
		fund_escrow::<T>();
		let receiver: T::AccountId = account("receiver", 0, 0);
		CompensationDue::<T>::insert(&receiver, CMT);
		AccountBooks::<T>::mutate(|books| books.compensation += CMT);
		let caller: T::AccountId = whitelisted_caller();

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), receiver.clone());

		assert_eq!(T::Currency::total_balance(&receiver), CMT);
	}

	#[benchmark]
	fn heartbeat() {
		let (beat, signature) = standby::<T>();
		let candidate = beat.candidate.clone();

		#[extrinsic_call]
		_(RawOrigin::Authorized, beat, signature);

		assert!(SeatsOf::<T>::get(&candidate).expect("a seat").since.is_some());
	}

	#[benchmark]
	fn authorize_heartbeat() {
		let (beat, signature) = standby::<T>();
		let mut results = Vec::with_capacity(1);

		#[block]
		{
			let source = TransactionSource::External;
			results.push(Compensation::<T>::authorize_heartbeat(source, &beat, &signature));
		}

		assert!(results.iter().all(Result::is_ok));
	}

	#[benchmark]
	fn resume_payouts() -> Result<(), BenchmarkError> {
		PayoutsPaused::<T>::put(true);
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin);

		assert!(!PayoutsPaused::<T>::get());
		Ok(())
	}

	impl_benchmark_test_suite!(Compensation, crate::mock::benchmark_ext(), crate::mock::Test);
}
