//! Benchmarks of the calls and of what happens by itself, each in its worst case.

use crate::{cleaning::BATCH, Pallet as StakeVoting, *};
use cybermiles_primitives::traits::{BondedStake, Candidacies, OnSession};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{Get, Polling},
	weights::WeightMeter,
	BoundedVec,
};
use frame_system::RawOrigin;

/// Sets up what benchmarks need of other pallets.
pub trait BenchmarkHelper<AccountId> {
	/// A candidate that sits in the present session, with as many class pools as there can be. Its
	/// owner may vote.
	fn seated_candidate() -> AccountId;

	/// An account with bonded stake behind `candidate`, in the last of its class pools.
	fn delegator_of(candidate: &AccountId) -> AccountId;
}

/// What votes need: a poll, a candidate with a seat, its owner and one of its delegators.
struct Scene<T: Config> {
	poll: PollIndex,
	candidate: T::AccountId,
	owner: T::AccountId,
	delegator: T::AccountId,
}

/// An open poll, and a delegator whose position changed as often as is remembered.
fn scene<T: Config>() -> Scene<T> {
	let candidate = T::BenchmarkHelper::seated_candidate();
	let delegator = T::BenchmarkHelper::delegator_of(&candidate);
	let owner = T::Candidacies::owner_of(&candidate).expect("a candidate has an owner; qed");
	let poll = open_poll::<T>();
	remember::<T>(poll, &candidate, &delegator);
	Scene { poll, candidate, owner, delegator }
}

/// A poll that takes votes, as a referendum with its alarm set.
fn open_poll<T: Config>() -> PollIndex {
	let track = T::Polls::classes().into_iter().next().expect("there is a track; qed");
	let poll = T::Polls::create_ongoing(track).expect("the track takes a poll; qed");
	StakeVoting::<T>::on_session_start(opening_of::<T>(poll));
	assert!(poll < T::PollCount::get() && StakeVoting::<T>::is_open(poll));
	poll
}

fn opening_of<T: Config>(poll: PollIndex) -> cybermiles_primitives::SessionIndex {
	StakeVoting::<T>::tally(poll).expect("the poll goes on; qed").opens
}

/// The state at the opening, and all others that there is room for.
fn remember<T: Config>(poll: PollIndex, candidate: &T::AccountId, who: &T::AccountId) {
	let opens = opening_of::<T>(poll);
	let (class, shares) = T::Stake::shares(candidate, who).expect("it delegates; qed");
	let former =
		(0..MAX_FORMER).map(|index| Former { until: opens.saturating_add(index), class, shares });
	let former = BoundedVec::truncate_from(former.collect());
	Histories::<T>::insert(candidate, who, History { former, forgotten: None });
}

/// One vote more than a step removes, of each kind, of a poll that ended.
fn ended_poll<T: Config>() -> PollIndex {
	let poll = open_poll::<T>();
	for index in 0..=BATCH {
		let candidate: T::AccountId = account("candidate", index, 0);
		let delegator: T::AccountId = account("delegator", index, 0);
		let key = (candidate.clone(), delegator);
		DelegatorVotes::<T>::insert(poll, key, DelegatorVote { vote: Vote::Aye, power: 1 });
		let record = CandidateVote { vote: Some(Vote::Aye), taken_out: 1 };
		CandidateVotes::<T>::insert(poll, candidate, record);
	}
	T::Polls::end_ongoing(poll, false).expect("it went on; qed");
	poll
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn vote() {
		let Scene { poll, candidate, owner, .. } = scene::<T>();
		let before = RawOrigin::Signed(owner.clone()).into();
		StakeVoting::<T>::vote(before, poll, Vote::Nay).expect("may vote; qed");

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), poll, Vote::Aye);

		let record = CandidateVotes::<T>::get(poll, &candidate).expect("it voted");
		assert_eq!(record.vote, Some(Vote::Aye));
		assert!(StakeVoting::<T>::tally(poll).expect("goes on").ayes > 0);
	}

	#[benchmark]
	fn withdraw_vote() {
		let Scene { poll, candidate, owner, .. } = scene::<T>();
		let before = RawOrigin::Signed(owner.clone()).into();
		StakeVoting::<T>::vote(before, poll, Vote::Nay).expect("may vote; qed");

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), poll);

		assert!(!CandidateVotes::<T>::contains_key(poll, &candidate));
		assert_eq!(StakeVoting::<T>::tally(poll).expect("goes on").cast(), 0);
	}

	#[benchmark]
	fn vote_stake() {
		let Scene { poll, candidate, owner, delegator } = scene::<T>();
		StakeVoting::<T>::vote(RawOrigin::Signed(owner).into(), poll, Vote::Nay)
			.expect("may vote; qed");

		#[extrinsic_call]
		_(RawOrigin::Signed(delegator.clone()), poll, candidate.clone(), Vote::Aye);

		let record = DelegatorVotes::<T>::get(poll, (&candidate, &delegator)).expect("it voted");
		assert_eq!(StakeVoting::<T>::tally(poll).expect("goes on").ayes, record.power);
	}

	#[benchmark]
	fn withdraw_stake_vote() {
		let Scene { poll, candidate, owner, delegator } = scene::<T>();
		StakeVoting::<T>::vote(RawOrigin::Signed(owner).into(), poll, Vote::Nay)
			.expect("may vote; qed");
		let before = RawOrigin::Signed(delegator.clone()).into();
		StakeVoting::<T>::vote_stake(before, poll, candidate.clone(), Vote::Aye)
			.expect("may vote; qed");

		#[extrinsic_call]
		_(RawOrigin::Signed(delegator.clone()), poll, candidate.clone());

		assert!(!DelegatorVotes::<T>::contains_key(poll, (&candidate, &delegator)));
		assert_eq!(StakeVoting::<T>::tally(poll).expect("goes on").ayes, 0);
	}

	#[benchmark]
	fn clean() {
		let poll = ended_poll::<T>();

		#[block]
		{
			let mut meter = WeightMeter::new();
			StakeVoting::<T>::clean(&mut meter);
		}

		assert!(DelegatorVotes::<T>::iter_prefix(poll).count() <= 1);
		assert!(CandidateVotes::<T>::iter_prefix(poll).count() <= 1);
	}

	impl_benchmark_test_suite!(
		StakeVoting,
		crate::mock::ExtBuilder::default().build(),
		crate::mock::Test
	);
}
