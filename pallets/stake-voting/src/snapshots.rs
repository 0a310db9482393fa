//! Stake as it was when a session began: what counts in the polls that open with it.

use crate::{
	Config, Counted, Error, Event, Histories, Kept, KeptSnapshots, Pallet, PollIndex, PoolThen,
	SeatThen, SeatsThen, Snapshot, Snapshots, MAX_FORMER,
};
use alloc::vec::Vec;
use cybermiles_primitives::{
	traits::{BondedStake, OnSession, PositionObserver, Seats},
	Balance, ClassId, SessionIndex,
};
use frame_support::{ensure, traits::Get, BoundedVec};
use sp_runtime::DispatchResult;
use stake_math::cap::counted_stakes;

impl<T: Config> Pallet<T> {
	/// Keeps the stake of this moment for the polls submitted since the last snapshot.
	fn open_polls(session: SessionIndex) {
		let (first, end) = (Counted::<T>::get(), T::PollCount::get());
		if first >= end {
			return;
		}
		Counted::<T>::put(end);
		let total = Self::keep_seats(session);
		Snapshots::<T>::insert(session, Snapshot { total, first, end, next: None });
		Self::append(session);
		Self::deposit_event(Event::PollsOpened { session, first, count: end - first, total });
	}

	/// Puts the snapshot of `session` at the end of those kept.
	fn append(session: SessionIndex) {
		KeptSnapshots::<T>::mutate(|kept| {
			*kept = Some(match *kept {
				None => Kept { oldest: session, latest: session },
				Some(Kept { oldest, latest }) => {
					Snapshots::<T>::mutate_extant(latest, |last| last.next = Some(session));
					Kept { oldest, latest: session }
				},
			})
		});
	}

	/// Stores each seat of this session with its power; returns the sum.
	fn keep_seats(session: SessionIndex) -> Balance {
		let groups = [T::Seats::validators(), T::Seats::standbys()];
		groups.into_iter().fold(0, |total: Balance, group| {
			let group = group.into_iter().map(|(candidate, _)| candidate).collect();
			total.saturating_add(Self::keep_group(session, group))
		})
	}

	/// The cap holds in each group by itself (protocol section 5), for the stake of this moment.
	fn keep_group(session: SessionIndex, group: Vec<T::AccountId>) -> Balance {
		let pools: Vec<_> = group.iter().map(|candidate| Self::pools_now(candidate)).collect();
		let stakes: Vec<Balance> = pools.iter().map(|pools| stake_in(pools)).collect();
		let powers = counted_stakes(&stakes, T::StakeCap::get());
		let mut total: Balance = 0;
		for (((candidate, pools), stake), power) in
			group.into_iter().zip(pools).zip(stakes).zip(powers)
		{
			total = total.saturating_add(power);
			let pools = BoundedVec::truncate_from(pools);
			SeatsThen::<T>::insert(session, candidate, SeatThen { power, stake, pools });
		}
		total
	}

	fn pools_now(candidate: &T::AccountId) -> Vec<PoolThen> {
		let pools = T::Stake::pools(candidate).into_iter();
		pools.map(|(class, stake, shares)| PoolThen { class, stake, shares }).collect()
	}

	/// Whether `poll` has been opened.
	pub fn is_open(poll: PollIndex) -> bool {
		poll < Counted::<T>::get()
	}
}

fn stake_in(pools: &[PoolThen]) -> Balance {
	pools.iter().fold(0, |sum, pool| sum.saturating_add(pool.stake))
}

impl<T: Config> OnSession for Pallet<T> {
	fn on_session_end(_: SessionIndex) {}

	/// Awards of the session before are folded by now: this pallet is told last.
	fn on_session_start(session: SessionIndex) {
		Self::open_polls(session);
	}
}

/// Costs one read where no poll is kept.
impl<T: Config> PositionObserver<T::AccountId> for Pallet<T> {
	fn before_change(
		candidate: &T::AccountId,
		who: &T::AccountId,
		class: ClassId,
		shares: Balance,
	) {
		let Some(kept) = KeptSnapshots::<T>::get() else { return };
		Histories::<T>::mutate(candidate, who, |history| history.note(kept, class, shares));
	}

	fn on_removed(candidate: &T::AccountId, who: &T::AccountId) {
		Histories::<T>::remove(candidate, who);
	}

	/// Half of the states that can be kept are left to the delegator, so that nobody else can make its
	/// stake of then forgotten.
	fn ensure_may_be_moved(candidate: &T::AccountId, who: &T::AccountId) -> DispatchResult {
		let Some(kept) = KeptSnapshots::<T>::get() else { return Ok(()) };
		let known = Histories::<T>::get(candidate, who).wanted(kept);
		ensure!(known < MAX_FORMER as usize / 2, Error::<T>::ChangedTooOften);
		Ok(())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn let_changes_count() {
		KeptSnapshots::<T>::put(Kept { oldest: 0, latest: SessionIndex::MAX });
	}
}
