//! The invariants, stated and checked.

use crate::{
	CandidateOf, Candidates, Config, DuePayment, DuePayments, OwnershipOffers, Pallet, PayingEra,
	PoolsOf, Positions, PositionsOf, Ranking, SeatsOf, SessionSeats, StakeTotals, Status, Totals,
	UnbondingPools, MAX_POSITIONS,
};
use alloc::collections::{btree_map::BTreeMap, btree_set::BTreeSet};
use cybermiles_primitives::{Balance, ClassId, EraIndex};
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::{Perbill, TryRuntimeError};

type Checked = Result<(), TryRuntimeError>;

impl<T: Config> Pallet<T> {
	/// ## Invariants:
	///
	/// 1. The escrow account holds at least what is bonded and unbonding (more where somebody sent
	///    it a gift), and the totals are the sums over all pools.
	/// 2. A candidate's stake is the sum of its class pools. The shares of each class pool and of
	///    each unbonding pool are the sum of what positions and chunks hold of it.
	/// 3. What positions are worth is at most the stake of their pool, and less than one planck a
	///    position short of it.
	/// 4. The ranking holds exactly the active candidates, each under its stake and order.
	/// 5. Owners and candidates point at each other; only the owner is in the owner's class; an
	///    offer belongs to an open candidate.
	/// 6. Positions are listed under their account, within the limit, and counted by candidate.
	/// 7. Everything that waits has its payment noted, no earlier than the era being paid.
	/// 8. Nobody sits twice; no counted stake is above the stake or above the cap.
	pub fn do_try_state() -> Checked {
		Self::try_state_totals()?;
		Self::try_state_shares()?;
		Self::try_state_ranking()?;
		Self::try_state_owners()?;
		Self::try_state_positions()?;
		Self::try_state_payments()?;
		SeatsOf::<T>::iter_values().try_for_each(|seats| Self::try_state_seats(&seats))
	}

	/// Invariant 1, and the candidate's stake of invariant 2.
	fn try_state_totals() -> Checked {
		let mut sums = Totals::default();
		for (candidate, info) in Candidates::<T>::iter() {
			let stake = PoolsOf::<T>::get(&candidate).total();
			ensure!(stake == info.stake, "a candidate's stake is not the sum of its class pools");
			match info.status {
				Status::Retired { .. } => sums.unbonding += stake,
				_ => sums.bonded += stake,
			}
		}
		sums.unbonding += UnbondingPools::<T>::iter_values().map(|pool| pool.stake()).sum::<u128>();
		ensure!(sums == StakeTotals::<T>::get(), "the totals are not the sums over all pools");
		let escrow = T::Currency::total_balance(&Self::escrow());
		ensure!(escrow >= sums.bonded + sums.unbonding, "the escrow account holds too little");
		Ok(())
	}

	/// Invariants 2 and 3.
	fn try_state_shares() -> Checked {
		let mut classes = BTreeMap::<(T::AccountId, ClassId), (Balance, Balance, u128)>::new();
		let mut eras = BTreeMap::<(T::AccountId, EraIndex), Balance>::new();
		for (candidate, _, position) in Positions::<T>::iter() {
			let class = classes.entry((candidate.clone(), position.class)).or_default();
			class.0 += position.shares;
			class.1 += Self::bonded_value(&candidate, &position);
			class.2 += 1;
			for chunk in position.chunks {
				*eras.entry((candidate.clone(), chunk.since)).or_default() += chunk.shares;
			}
		}
		for (candidate, pools) in PoolsOf::<T>::iter() {
			for (class, pool) in pools.iter() {
				let (shares, value, members) =
					classes.remove(&(candidate.clone(), class)).unwrap_or_default();
				ensure!(shares == pool.shares(), "a class pool's shares are not its members'");
				ensure!(!pool.is_empty(), "an empty class pool is kept");
				ensure!(value <= pool.stake(), "members are worth more than their pool");
				ensure!(pool.stake() - value < members, "a pool keeps a planck a member or more");
			}
		}
		ensure!(classes.values().all(|class| class.0 == 0), "shares of a pool that is not there");
		for (candidate, era, pool) in UnbondingPools::<T>::iter() {
			let shares = eras.remove(&(candidate, era)).unwrap_or_default();
			ensure!(shares == pool.shares(), "an unbonding pool's shares are not its chunks'");
		}
		ensure!(eras.is_empty(), "a chunk of an unbonding pool that is not there");
		Ok(())
	}

	/// Invariant 4.
	fn try_state_ranking() -> Checked {
		let mut ranked = 0;
		for (key, candidate) in Ranking::<T>::iter() {
			let info = Candidates::<T>::get(&candidate).ok_or("an unknown candidate is ranked")?;
			ensure!(info.status == Status::Active, "a candidate that is not active is ranked");
			ensure!(info.rank_key() == key, "a candidate is ranked under a wrong key");
			ranked += 1;
		}
		let active = Candidates::<T>::iter_values().filter(|info| info.status == Status::Active);
		ensure!(active.count() == ranked, "an active candidate is not ranked");
		Ok(())
	}

	/// Invariant 5.
	fn try_state_owners() -> Checked {
		for (candidate, info) in Candidates::<T>::iter() {
			let owned = CandidateOf::<T>::get(&info.owner);
			ensure!(owned.as_ref() == Some(&candidate), "an owner does not point at its candidate");
			for (who, position) in Positions::<T>::iter_prefix(&candidate) {
				let in_owners_class = position.class == ClassId::OWNER && position.shares > 0;
				ensure!(!in_owners_class || who == info.owner, "a stranger in the owner's class");
			}
		}
		let owners = CandidateOf::<T>::iter().count();
		ensure!(owners == Candidates::<T>::iter().count(), "an owner without candidate");
		for candidate in OwnershipOffers::<T>::iter_keys() {
			Self::open_candidate(&candidate).map_err(|_| "an offer of no open candidate")?;
		}
		Ok(())
	}

	/// Invariant 6.
	fn try_state_positions() -> Checked {
		let mut counts = BTreeMap::<T::AccountId, u32>::new();
		let mut listed = 0;
		for (who, candidates) in PositionsOf::<T>::iter() {
			ensure!(candidates.len() <= MAX_POSITIONS as usize, "too many positions");
			let distinct: BTreeSet<_> = candidates.iter().collect();
			ensure!(distinct.len() == candidates.len(), "a position is listed twice");
			for candidate in &candidates {
				ensure!(Positions::<T>::contains_key(candidate, &who), "a listed position is none");
				*counts.entry(candidate.clone()).or_default() += 1;
				listed += 1;
			}
		}
		ensure!(Positions::<T>::iter().count() == listed, "a position is not listed");
		for (candidate, info) in Candidates::<T>::iter() {
			let count = counts.remove(&candidate).unwrap_or_default();
			ensure!(count == info.positions, "positions are miscounted");
		}
		ensure!(counts.is_empty(), "a position behind no candidate");
		Ok(())
	}

	/// Invariant 7.
	fn try_state_payments() -> Checked {
		let paying = PayingEra::<T>::get();
		for (era, payment, _) in DuePayments::<T>::iter() {
			ensure!(era >= paying, "a payment is noted for an era that was paid");
			let exists = match payment {
				DuePayment::Unbonded { candidate, who } => Positions::<T>::get(candidate, who)
					.is_some_and(|position| position.has_chunk_due_in(era)),
				// Stays for one more step after its last delegator was paid.
				DuePayment::Retired { .. } => true,
			};
			ensure!(exists, "a payment is noted of which nothing waits");
		}
		for (candidate, who, position) in Positions::<T>::iter() {
			for chunk in position.chunks.iter().filter(|chunk| chunk.due >= paying) {
				let payment = Self::unbonded_payment(&who, &candidate);
				let noted = DuePayments::<T>::contains_key(chunk.due, payment);
				ensure!(noted || chunk.due == paying, "something waits without its payment noted");
			}
		}
		Ok(())
	}

	/// Invariant 8.
	fn try_state_seats(seats: &SessionSeats<T::AccountId>) -> Checked {
		let all = seats.validators.iter().chain(&seats.standbys);
		let distinct: BTreeSet<_> = all.clone().map(|seat| &seat.candidate).collect();
		ensure!(distinct.len() == all.clone().count(), "a candidate sits twice");
		ensure!(all.clone().all(|seat| seat.counted <= seat.stake), "more counts than is there");
		for group in [&seats.validators[..], &seats.standbys[..]] {
			let total: Balance = group.iter().map(|seat| seat.counted).sum();
			let even = Perbill::from_rational(1, group.len().max(1) as u32);
			let cap = seats.cap.max(even);
			// One planck of tolerance for the rounding of the cap to a part of a thousand million.
			let limit = cap.mul_ceil(total).saturating_add(total / 1_000_000_000).saturating_add(1);
			ensure!(group.iter().all(|seat| seat.counted <= limit), "more counts than the cap");
		}
		Ok(())
	}
}
