//! Who sits: decided at the end of each session, on chain, without a way to fail.

use crate::{
	Candidate, Candidates, Config, Error, Event, Pallet, Ranking, Reason, Seat, SeatsOf,
	SessionSeats, MAX_STANDBYS, MAX_VALIDATORS,
};
use alloc::vec::Vec;
use cybermiles_primitives::{traits::CandidateKeys, Balance, SessionIndex};
use frame_support::{traits::Get, BoundedVec};
use sp_runtime::Perbill;
use stake_math::cap::counted_stakes;

/// How many unfit candidates one election sets aside before it makes do with those it has. Each
/// is set aside for good, so that the next election does not meet it again.
const MAX_UNFIT: usize = 32;

/// What an election finds at the top of the ranking.
pub(crate) struct Standings<AccountId> {
	/// Candidates and stakes that can sit, strongest first.
	fit: Vec<(AccountId, Balance)>,
	/// Candidates that cannot, and why.
	unfit: Vec<(AccountId, Candidate<AccountId>, Reason)>,
}

impl<T: Config> Pallet<T> {
	/// The seats that an election held now would fill; none where too few candidates qualify.
	pub(crate) fn elect() -> (Option<SessionSeats<T::AccountId>>, Standings<T::AccountId>) {
		let validators = T::Validators::get().clamp(1, MAX_VALIDATORS) as usize;
		let standbys = T::Standbys::get().min(MAX_STANDBYS) as usize;
		let standings = Self::standings(validators.saturating_add(standbys));
		// A floor above the number of seats would end all elections.
		let floor = (T::MinValidators::get().max(1) as usize).min(validators);
		if standings.fit.len() < floor {
			return (None, standings);
		}
		let (first, next) = standings.fit.split_at(validators.min(standings.fit.len()));
		let seats = Self::seat_both(first, next, T::StakeCap::get());
		(Some(seats), standings)
	}

	/// The seats `before` once more, where too few candidates qualify: without those who have no
	/// session keys. They have no turn and no vote, and would be paid for nothing. Where nobody has
	/// keys all seats stay.
	pub(crate) fn keep_seats(before: &SessionSeats<T::AccountId>) -> SessionSeats<T::AccountId> {
		let with_keys = |group: &[Seat<T::AccountId>]| -> Vec<(T::AccountId, Balance)> {
			let kept = group.iter().filter(|seat| T::Keys::has_keys(&seat.candidate));
			kept.map(|seat| (seat.candidate.clone(), seat.stake)).collect()
		};
		let (validators, standbys) = (with_keys(&before.validators), with_keys(&before.standbys));
		if validators.is_empty() {
			return before.clone();
		}
		Self::seat_both(&validators, &standbys, before.cap)
	}

	/// Both groups, with what counts of the stake of each under `cap`.
	fn seat_both(
		validators: &[(T::AccountId, Balance)],
		standbys: &[(T::AccountId, Balance)],
		cap: Perbill,
	) -> SessionSeats<T::AccountId> {
		SessionSeats {
			validators: BoundedVec::truncate_from(Self::seat(validators, cap)),
			standbys: BoundedVec::truncate_from(Self::seat(standbys, cap)),
			cap,
		}
	}

	/// Reads the ranking from the top until `wanted` fit candidates are found.
	fn standings(wanted: usize) -> Standings<T::AccountId> {
		let mut standings = Standings { fit: Vec::new(), unfit: Vec::new() };
		for (_, candidate) in Ranking::<T>::iter() {
			let Some(info) = Candidates::<T>::get(&candidate) else { continue };
			match Self::ensure_fit(&candidate, &info) {
				Ok(()) => standings.fit.push((candidate, info.stake)),
				Err(Error::NoSessionKeys) => {
					standings.unfit.push((candidate, info, Reason::NoSessionKeys))
				},
				Err(_) => standings.unfit.push((candidate, info, Reason::SelfStakeTooLow)),
			}
			if standings.fit.len() >= wanted || standings.unfit.len() >= MAX_UNFIT {
				break;
			}
		}
		standings
	}

	/// Seats with counted stakes for one group.
	fn seat(group: &[(T::AccountId, Balance)], cap: Perbill) -> Vec<Seat<T::AccountId>> {
		let stakes: Vec<Balance> = group.iter().map(|(_, stake)| *stake).collect();
		let counted = counted_stakes(&stakes, cap);
		group
			.iter()
			.zip(counted)
			.map(|((candidate, stake), counted)| Seat {
				candidate: candidate.clone(),
				stake: *stake,
				counted,
			})
			.collect()
	}

	/// Holds the election for `session`. Returns its validators, and whether they are others than
	/// in the session before.
	pub(crate) fn hold_election(session: SessionIndex) -> (Vec<T::AccountId>, bool) {
		let (elected, standings) = Self::elect();
		let qualified = standings.fit.len() as u32;
		for (candidate, info, reason) in standings.unfit {
			Self::set_inactive(&candidate, info, reason);
		}
		let before = SeatsOf::<T>::get(session.saturating_sub(1));
		let seats = match elected {
			Some(seats) => {
				Self::report_seats(session, &before, &seats);
				seats
			},
			None => {
				Self::deposit_event(Event::SeatsKept { session, qualified });
				Self::keep_seats(&before)
			},
		};
		let validators = Self::addresses(&seats);
		let changed = !seats.same_validators(&before);
		SeatsOf::<T>::insert(session, seats);
		(validators, changed)
	}

	fn addresses(seats: &SessionSeats<T::AccountId>) -> Vec<T::AccountId> {
		seats.validators.iter().map(|seat| seat.candidate.clone()).collect()
	}

	fn report_seats(
		session: SessionIndex,
		before: &SessionSeats<T::AccountId>,
		after: &SessionSeats<T::AccountId>,
	) {
		let missing_in = |these: &SessionSeats<T::AccountId>,
		                  others: &SessionSeats<T::AccountId>| {
			let mut addresses = Self::addresses(these);
			addresses.retain(|candidate| !others.seats_validator(candidate));
			addresses
		};
		let (joined, left) = (missing_in(after, before), missing_in(before, after));
		Self::deposit_event(Event::SeatsElected { session, joined, left });
	}
}
