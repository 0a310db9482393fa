//! What nodes and wallets read. See [`cybermiles_primitives::api::DposApi`].

use crate::{
	Candidate, CandidateOf, Candidates, Config, CurrentEra, CurrentSession, Pallet, PoolsOf,
	Position, Positions, PositionsOf, Ranking, Seat, SeatsOf, SessionSeats, Status,
};
use alloc::vec::Vec;
use cybermiles_primitives::{
	api::{
		CandidateInfo, CandidateState, PositionInfo, Role, SeatInfo,
		SessionSeats as SessionSeatsInfo, UnbondingInfo,
	},
	traits::RateClasses,
	EraIndex, SessionIndex,
};
use frame_support::BoundedVec;

/// Most candidates in one answer, whatever is asked for.
const MAX_PAGE: u32 = 1_000;

impl<T: Config> Pallet<T> {
	/// A page of candidates: the active ones by rank, then all others.
	pub fn candidates(start: u32, count: u32) -> Vec<CandidateInfo<T::AccountId>> {
		let seats = Self::present_seats();
		let ranked = Ranking::<T>::iter().zip(1u32..).filter_map(|((_, candidate), rank)| {
			let info = Candidates::<T>::get(&candidate)?;
			Some((candidate, info, Some(rank)))
		});
		let unranked = Candidates::<T>::iter()
			.filter(|(_, info)| info.status != Status::Active)
			.map(|(candidate, info)| (candidate, info, None));
		ranked
			.chain(unranked)
			.skip(start as usize)
			.take(count.min(MAX_PAGE) as usize)
			.map(|(candidate, info, rank)| Self::describe(&seats, candidate, info, rank))
			.collect()
	}

	/// One candidate.
	pub fn candidate(candidate: T::AccountId) -> Option<CandidateInfo<T::AccountId>> {
		let info = Candidates::<T>::get(&candidate)?;
		let rank = (info.status == Status::Active)
			.then(|| Ranking::<T>::iter_values().position(|other| other == candidate))
			.flatten()
			.map(|index| (index as u32).saturating_add(1));
		Some(Self::describe(&Self::present_seats(), candidate, info, rank))
	}

	/// The candidate that `owner` controls.
	pub fn candidate_of(owner: T::AccountId) -> Option<T::AccountId> {
		CandidateOf::<T>::get(owner)
	}

	/// The seats of the present session.
	pub fn seats() -> SessionSeatsInfo<T::AccountId> {
		Self::describe_seats(CurrentSession::<T>::get(), Self::present_seats())
	}

	/// The seats already decided for the next session.
	pub fn next_seats() -> SessionSeatsInfo<T::AccountId> {
		let next = CurrentSession::<T>::get().saturating_add(1);
		Self::describe_seats(next, SeatsOf::<T>::get(next))
	}

	/// The seats that an election held now would decide.
	pub fn expected_seats() -> SessionSeatsInfo<T::AccountId> {
		let session = CurrentSession::<T>::get();
		let next = session.saturating_add(1);
		let seats = Self::elect().0.unwrap_or_else(|| Self::keep_seats(&SeatsOf::<T>::get(next)));
		Self::describe_seats(session.saturating_add(2), seats)
	}

	/// What `who` has bonded and unbonding.
	pub fn positions(who: T::AccountId) -> Vec<PositionInfo<T::AccountId>> {
		PositionsOf::<T>::get(&who)
			.into_iter()
			.filter_map(|candidate| {
				let position = Positions::<T>::get(&candidate, &who)?;
				let info = Candidates::<T>::get(&candidate)?;
				Some(Self::describe_position(&who, candidate, &info, position))
			})
			.collect()
	}

	/// The present era.
	pub fn era() -> EraIndex {
		CurrentEra::<T>::get().index
	}

	fn present_seats() -> SessionSeats<T::AccountId> {
		SeatsOf::<T>::get(CurrentSession::<T>::get())
	}

	fn describe(
		seats: &SessionSeats<T::AccountId>,
		candidate: T::AccountId,
		info: Candidate<T::AccountId>,
		rank: Option<u32>,
	) -> CandidateInfo<T::AccountId> {
		let role = match () {
			() if seats.seats_validator(&candidate) => Role::Validator,
			() if seats.seats_standby(&candidate) => Role::Standby,
			() => Role::Candidate,
		};
		let state = match info.status {
			Status::Active => CandidateState::Active,
			Status::Inactive => CandidateState::Inactive,
			Status::Retired { due, .. } => CandidateState::Retired { due },
		};
		CandidateInfo {
			self_stake: PoolsOf::<T>::get(&candidate).self_stake(),
			candidate,
			owner: info.owner,
			state,
			role,
			rank,
			stake: info.stake,
			max_stake: info.terms.max_stake,
			max_rate: info.terms.max_rate,
			default_rate: info.terms.default_rate,
			positions: info.positions,
		}
	}

	fn describe_seats(
		session: SessionIndex,
		seats: SessionSeats<T::AccountId>,
	) -> SessionSeatsInfo<T::AccountId> {
		SessionSeatsInfo {
			session,
			validators: Self::describe_group(seats.validators),
			standbys: Self::describe_group(seats.standbys),
		}
	}

	fn describe_group<S>(group: BoundedVec<Seat<T::AccountId>, S>) -> Vec<SeatInfo<T::AccountId>> {
		group
			.into_iter()
			.map(|Seat { candidate, stake, counted }| SeatInfo { candidate, stake, counted })
			.collect()
	}

	/// Behind a closed candidate, what was bonded waits.
	fn describe_position(
		who: &T::AccountId,
		candidate: T::AccountId,
		info: &Candidate<T::AccountId>,
		position: Position,
	) -> PositionInfo<T::AccountId> {
		let mut unbonding: Vec<UnbondingInfo> = position
			.chunks
			.iter()
			.map(|chunk| UnbondingInfo {
				since: chunk.since,
				due: chunk.due,
				amount: Self::chunk_value(&candidate, chunk),
			})
			.collect();
		let mut value = Self::bonded_value(&candidate, &position);
		if let (Some((since, due)), true) = (info.retired(), value > 0) {
			unbonding.push(UnbondingInfo { since, due, amount: core::mem::take(&mut value) });
		}
		let rate = T::Rates::rate_of(&candidate, position.class);
		let earned = Self::earned(who, &candidate, info, &position);
		let principal = position.principal;
		PositionInfo { candidate, value, principal, earned, rate, unbonding }
	}
}
