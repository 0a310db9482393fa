//! Benchmarks of the calls and of one idle-time payment, each in its worst case.

use crate::{Call, Pallet as Dpos, *};
use alloc::vec::Vec;
use cybermiles_primitives::{
	traits::{CandidateKeys, PoolObserver, PositionObserver},
	Balance, EraIndex, Rate, CMT,
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Inspect, Mutate},
		Get,
	},
	weights::WeightMeter,
};
use frame_system::RawOrigin;

/// An era late enough for everything to be due.
const LATE: EraIndex = 1_000;

fn funded<T: Config>(name: &'static str, index: u32) -> T::AccountId {
	let who = account(name, index, 0);
	T::Currency::set_balance(&who, 1_000_000_000 * CMT);
	who
}

fn max_stake<T: Config>() -> Balance {
	T::MinMaxStake::get().saturating_mul(1_000)
}

/// A candidate with a delegator in each class that there can be.
fn candidate<T: Config>(index: u32) -> T::AccountId {
	let who = funded::<T>("candidate", index);
	T::Keys::set_for_benchmark(&who);
	let terms = Terms { max_stake: max_stake::<T>(), max_rate: Rate::MAX, default_rate: Rate::MAX };
	let self_stake = terms.required_self_stake(T::SelfStakeRatio::get());
	Dpos::<T>::insert_candidate(who.clone(), terms, self_stake).expect("declares");
	for class in 0..MAX_CLASSES {
		let rate = Rate(class as u16);
		Dpos::<T>::do_update(who.clone(), None, Some(rate), None).expect("updates");
		let delegator = funded::<T>("delegator", index * MAX_CLASSES + class);
		Dpos::<T>::do_delegate(delegator, who.clone(), T::MinDelegation::get()).expect("delegates");
	}
	who
}

/// A position with as many others beside it as there can be.
fn delegator<T: Config>(candidate: &T::AccountId) -> T::AccountId {
	let who = funded::<T>("who", 0);
	let amount = T::MinDelegation::get().saturating_mul(10);
	Dpos::<T>::do_delegate(who.clone(), candidate.clone(), amount).expect("delegates");
	fill_positions::<T>(&who, MAX_POSITIONS);
	who
}

/// Lists positions of `who` up to `count`.
fn fill_positions<T: Config>(who: &T::AccountId, count: u32) {
	PositionsOf::<T>::mutate(who, |list| {
		for index in list.len() as u32..count {
			list.try_push(account("elsewhere", index, 0)).expect("room");
		}
	});
}

/// Lets `chunks` amounts of `who` wait behind `candidate`, all due in era [`LATE`].
fn let_wait<T: Config>(candidate: &T::AccountId, who: &T::AccountId, chunks: u32) {
	let mut position = Positions::<T>::get(candidate, who).unwrap_or_else(|| {
		PositionsOf::<T>::mutate(who, |list| list.try_push(candidate.clone()).expect("room"));
		Candidates::<T>::mutate_extant(candidate, |info| info.positions += 1);
		let info = Candidates::<T>::get(candidate).expect("a candidate");
		Dpos::<T>::new_position(who, candidate, &info)
	});
	for era in 0..chunks {
		let shares = Dpos::<T>::change_unbonding(candidate, era, |pool| pool.join(CMT));
		position.add_chunk(era, era + 1, shares.expect("joins")).expect("room");
		let payment = Dpos::<T>::unbonded_payment(who, candidate);
		DuePayments::<T>::insert(era + 1, payment, None::<T::AccountId>);
	}
	Positions::<T>::insert(candidate, who, position);
	let escrow = Dpos::<T>::escrow();
	let held = T::Currency::total_balance(&escrow);
	T::Currency::set_balance(&escrow, held.saturating_add(u128::from(chunks) * CMT));
	CurrentEra::<T>::put(Era { index: LATE, start: 0 });
}

/// Gives the position of `who` stake behind `candidate`, and closes that.
fn close_with_stake<T: Config>(candidate: &T::AccountId, who: &T::AccountId) {
	let (escrow, amount) = (Dpos::<T>::escrow(), T::MinDelegation::get());
	let held = T::Currency::total_balance(&escrow);
	T::Currency::set_balance(&escrow, held.saturating_add(amount));
	Dpos::<T>::bond(who, candidate, amount).expect("bonds");
	Dpos::<T>::do_retire(candidate.clone()).expect("open");
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn declare() {
		let who = funded::<T>("candidate", 0);
		T::Keys::set_for_benchmark(&who);
		fill_positions::<T>(&who, T::MaxPositions::get().saturating_sub(1));
		let self_stake = T::SelfStakeRatio::get().mul_ceil(max_stake::<T>());

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), max_stake::<T>(), Rate::MAX, self_stake);

		assert_eq!(Candidates::<T>::get(&who).expect("declared").stake, self_stake);
	}

	#[benchmark]
	fn update() {
		let who = candidate::<T>(0);
		let higher = max_stake::<T>().saturating_mul(2);
		T::PoolObserver::let_award_wait(&who);
		T::PositionObserver::let_changes_count();

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), Some(higher), Some(Rate(5)), Some(Rate(500)));

		let terms = Candidates::<T>::get(&who).expect("declared").terms;
		let expected = Terms { max_stake: higher, max_rate: Rate(500), default_rate: Rate(5) };
		assert_eq!(terms, expected);
	}

	#[benchmark]
	fn activate() {
		let who = candidate::<T>(0);
		Dpos::<T>::do_deactivate(who.clone()).expect("active");

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()));

		assert_eq!(Candidates::<T>::get(&who).expect("declared").status, Status::Active);
	}

	#[benchmark]
	fn deactivate() {
		let who = candidate::<T>(0);

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()));

		assert_eq!(Candidates::<T>::get(&who).expect("declared").status, Status::Inactive);
	}

	#[benchmark]
	fn retire() {
		let who = candidate::<T>(0);
		let heir = funded::<T>("heir", 0);
		Dpos::<T>::do_offer_ownership(who.clone(), Some(heir)).expect("offers");
		T::PoolObserver::let_award_wait(&who);
		T::PositionObserver::let_changes_count();

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()));

		assert!(Candidates::<T>::get(&who).expect("not paid yet").retired().is_some());
	}

	#[benchmark]
	fn offer_ownership() {
		let who = candidate::<T>(0);
		let heir = funded::<T>("heir", 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), Some(heir.clone()));

		assert_eq!(OwnershipOffers::<T>::get(&who), Some(heir));
	}

	#[benchmark]
	fn accept_ownership() {
		let owner = candidate::<T>(0);
		let heir = delegator::<T>(&owner);
		Dpos::<T>::do_offer_ownership(owner.clone(), Some(heir.clone())).expect("offers");
		T::PoolObserver::let_award_wait(&owner);
		T::PositionObserver::let_changes_count();

		#[extrinsic_call]
		_(RawOrigin::Signed(heir.clone()), owner.clone());

		assert_eq!(Candidates::<T>::get(&owner).expect("declared").owner, heir);
	}

	#[benchmark]
	fn delegate() {
		let candidate = candidate::<T>(0);
		let who = funded::<T>("who", 0);
		fill_positions::<T>(&who, T::MaxPositions::get().saturating_sub(1));
		let amount = T::MinDelegation::get();
		T::PoolObserver::let_award_wait(&candidate);
		T::PositionObserver::let_changes_count();

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), candidate.clone(), amount);

		assert_eq!(Positions::<T>::get(&candidate, &who).expect("delegated").principal, amount);
	}

	#[benchmark]
	fn undelegate() {
		let candidate = candidate::<T>(0);
		let who = delegator::<T>(&candidate);
		let amount = T::MinDelegation::get();
		T::PoolObserver::let_award_wait(&candidate);
		T::PositionObserver::let_changes_count();

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), candidate.clone(), Some(amount));

		assert_eq!(Positions::<T>::get(&candidate, &who).expect("delegates").chunks.len(), 1);
	}

	#[benchmark]
	fn rebond(c: Linear<1, MAX_CHUNKS>) {
		let candidate = candidate::<T>(0);
		let who = delegator::<T>(&candidate);
		let_wait::<T>(&candidate, &who, c);
		T::PoolObserver::let_award_wait(&candidate);
		T::PositionObserver::let_changes_count();

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), candidate.clone(), None);

		assert!(Positions::<T>::get(&candidate, &who).expect("delegates").chunks.is_empty());
	}

	#[benchmark]
	fn withdraw_unbonded(p: Linear<1, MAX_POSITIONS>, c: Linear<1, MAX_CHUNKS>) {
		let who = funded::<T>("who", 0);
		for index in 0..p {
			let chunks = if index == 0 { c } else { 1 };
			let candidate = candidate::<T>(index);
			let_wait::<T>(&candidate, &who, chunks);
			close_with_stake::<T>(&candidate, &who);
			T::PoolObserver::let_award_wait(&candidate);
			T::PositionObserver::let_changes_count();
		}
		CurrentEra::<T>::mutate(|era| era.index = era.index.saturating_add(LATE));

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), who.clone());

		assert!(PositionsOf::<T>::get(&who).is_empty());
	}

	#[benchmark]
	fn pay_one() {
		let candidate = candidate::<T>(0);
		let who = delegator::<T>(&candidate);
		let_wait::<T>(&candidate, &who, MAX_CHUNKS);
		Dpos::<T>::do_retire(candidate.clone()).expect("open");
		CurrentEra::<T>::mutate(|era| era.index = era.index.saturating_add(LATE));
		let era = Candidates::<T>::get(&candidate).and_then(|c| c.retired()).expect("retired").1;
		let before: Vec<T::AccountId> = Positions::<T>::iter_key_prefix(&candidate).collect();
		let mut meter = WeightMeter::new();
		T::PoolObserver::let_award_wait(&candidate);
		T::PositionObserver::let_changes_count();

		#[block]
		{
			let payment = DuePayment::Retired { candidate: candidate.clone() };
			let last = before
				.iter()
				.position(|other| *other == who)
				.and_then(|at| at.checked_sub(1).and_then(|at| before.get(at).cloned()));
			Dpos::<T>::make_payment(era, payment, last);
			let _ = meter.try_consume(T::WeightInfo::pay_one());
		}

		assert!(!Positions::<T>::contains_key(&candidate, &who));
	}

	impl_benchmark_test_suite!(Dpos, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
