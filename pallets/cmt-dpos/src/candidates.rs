//! The life of a candidate: declare, update, activate, deactivate, retire.

use crate::{
	Candidate, CandidateOf, Candidates, CandidatesDeclared, Config, DuePayment, DuePayments, Error,
	Event, OwnershipOffers, Pallet, PoolsOf, Position, Reason, StakeTotals, Status, Terms,
};
use cybermiles_primitives::{
	traits::{CandidateKeys, PoolObserver, RateClasses, Standing},
	Balance, ClassId, Rate,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_declare(
		who: T::AccountId,
		terms: Terms,
		self_stake: Balance,
	) -> DispatchResult {
		ensure!(T::Keys::has_keys(&who), Error::<T>::NoSessionKeys);
		Self::insert_candidate(who, terms, self_stake)
	}

	/// Adds a candidate whose keys are taken care of.
	pub(crate) fn insert_candidate(
		who: T::AccountId,
		terms: Terms,
		self_stake: Balance,
	) -> DispatchResult {
		ensure!(!CandidateOf::<T>::contains_key(&who), Error::<T>::AlreadyCandidate);
		ensure!(!Candidates::<T>::contains_key(&who), Error::<T>::AddressNamesCandidate);
		Self::ensure_terms(&terms)?;
		let required = terms.required_self_stake(T::SelfStakeRatio::get());
		ensure!(self_stake >= required, Error::<T>::SelfStakeTooLow);
		ensure!(self_stake <= terms.max_stake, Error::<T>::ExceedsMaximum);
		Self::insert_new(&who, terms);
		Self::deposit_event(Event::CandidateDeclared {
			candidate: who.clone(),
			max_stake: terms.max_stake,
			max_rate: terms.max_rate,
			self_stake,
		});
		Self::add_stake(&who, &who, self_stake)
	}

	fn ensure_terms(terms: &Terms) -> Result<(), Error<T>> {
		ensure!(terms.max_rate.in_range(), Error::<T>::RateOutOfRange);
		ensure!(terms.max_stake >= T::MinMaxStake::get(), Error::<T>::MaximumTooLow);
		Ok(())
	}

	fn insert_new(who: &T::AccountId, terms: Terms) {
		let order = CandidatesDeclared::<T>::mutate(|count| {
			let order = *count;
			*count = count.saturating_add(1);
			order
		});
		let info = Candidate {
			owner: who.clone(),
			order,
			stake: 0,
			status: Status::Active,
			terms,
			positions: 0,
		};
		Self::join_ranking(who, &info);
		Candidates::<T>::insert(who, info);
		CandidateOf::<T>::insert(who, who);
	}

	pub(crate) fn do_update(
		who: T::AccountId,
		max_stake: Option<Balance>,
		default_rate: Option<Rate>,
		max_rate: Option<Rate>,
	) -> DispatchResult {
		let (candidate, mut info) = Self::owned_by(&who)?;
		let old = info.terms;
		info.terms = Self::new_terms(old, max_stake, default_rate, max_rate)?;
		let terms = info.terms;
		T::PoolObserver::before_change(&candidate);
		Candidates::<T>::mutate_extant(&candidate, |info| info.terms = terms);
		if terms.max_stake > old.max_stake {
			let missing = Self::missing_self_stake(&candidate, &terms);
			if missing > 0 {
				Self::add_stake(&who, &candidate, missing)?;
			}
		}
		let Terms { max_stake, max_rate, default_rate } = terms;
		Self::deposit_event(Event::CandidateUpdated {
			candidate,
			max_stake,
			max_rate,
			default_rate,
		});
		Ok(())
	}

	/// The terms after an update.
	fn new_terms(
		old: Terms,
		max_stake: Option<Balance>,
		default_rate: Option<Rate>,
		max_rate: Option<Rate>,
	) -> Result<Terms, Error<T>> {
		let nothing = max_stake.is_none() && default_rate.is_none() && max_rate.is_none();
		ensure!(!nothing, Error::<T>::NothingToUpdate);
		let max_rate = max_rate.unwrap_or(old.max_rate);
		let rates = [Some(max_rate), default_rate];
		ensure!(rates.iter().flatten().all(|rate| rate.in_range()), Error::<T>::RateOutOfRange);
		ensure!(max_rate <= old.max_rate, Error::<T>::MaximumRateRaised);
		let default_rate = default_rate.unwrap_or(old.default_rate.min(max_rate));
		ensure!(default_rate <= max_rate, Error::<T>::RateAboveMaximum);
		let max_stake = max_stake.unwrap_or(old.max_stake);
		ensure!(max_stake >= T::MinMaxStake::get(), Error::<T>::MaximumTooLow);
		Ok(Terms { max_stake, max_rate, default_rate })
	}

	/// What the owner has to add for `terms`, in planck.
	pub(crate) fn missing_self_stake(candidate: &T::AccountId, terms: &Terms) -> Balance {
		let required = terms.required_self_stake(T::SelfStakeRatio::get());
		required.saturating_sub(PoolsOf::<T>::get(candidate).self_stake())
	}

	/// What the owner must leave of its `own` stake, in planck.
	///
	/// A declared maximum can be lowered below the stake that others have behind the candidate. Their
	/// stake counts too, because who reports an offence gets a part of what it costs them: an owner
	/// with next to nothing of its own would gain by an offence that it reports under another name.
	pub(crate) fn self_stake_to_keep(info: &Candidate<T::AccountId>, own: Balance) -> Balance {
		let others = info.stake.saturating_sub(own);
		info.terms.self_stake_to_keep(T::SelfStakeRatio::get(), others)
	}

	/// The open candidate that `who` owns.
	pub(crate) fn owned_by(
		who: &T::AccountId,
	) -> Result<(T::AccountId, Candidate<T::AccountId>), Error<T>> {
		let candidate = CandidateOf::<T>::get(who).ok_or(Error::<T>::NotOwner)?;
		let info = Self::open_candidate(&candidate)?;
		Ok((candidate, info))
	}

	pub(crate) fn do_activate(who: T::AccountId) -> DispatchResult {
		let (candidate, mut info) = Self::owned_by(&who)?;
		ensure!(info.status != Status::Active, Error::<T>::AlreadyActive);
		T::Standing::ensure_may_stand(&candidate)?;
		Self::ensure_fit(&candidate, &info)?;
		info.status = Status::Active;
		Self::join_ranking(&candidate, &info);
		Candidates::<T>::insert(&candidate, info);
		Self::deposit_event(Event::CandidateActivated { candidate });
		Ok(())
	}

	/// Whether a candidate has all that a seat takes.
	pub(crate) fn ensure_fit(
		candidate: &T::AccountId,
		info: &Candidate<T::AccountId>,
	) -> Result<(), Error<T>> {
		ensure!(T::Keys::has_keys(candidate), Error::<T>::NoSessionKeys);
		let missing = Self::missing_self_stake(candidate, &info.terms);
		ensure!(missing == 0, Error::<T>::SelfStakeTooLow);
		Ok(())
	}

	pub(crate) fn do_deactivate(who: T::AccountId) -> DispatchResult {
		let (candidate, info) = Self::owned_by(&who)?;
		ensure!(info.status == Status::Active, Error::<T>::AlreadyInactive);
		Self::set_inactive(&candidate, info, Reason::Wish);
		Ok(())
	}

	/// Closes the candidate in constant time: its class pools stay and count as unbonding.
	pub(crate) fn do_retire(who: T::AccountId) -> DispatchResult {
		let (candidate, _) = Self::owned_by(&who)?;
		T::PoolObserver::before_change(&candidate);
		let mut info = Self::open_candidate(&candidate)?;
		let (since, due) = Self::unbonding_eras();
		let stake = info.stake;
		Self::leave_ranking(&info);
		info.status = Status::Retired { since, due };
		Candidates::<T>::insert(&candidate, info);
		StakeTotals::<T>::mutate(|totals| {
			totals.bonded = totals.bonded.saturating_sub(stake);
			totals.unbonding = totals.unbonding.saturating_add(stake);
		});
		OwnershipOffers::<T>::remove(&candidate);
		let payment = DuePayment::Retired { candidate: candidate.clone() };
		DuePayments::<T>::insert(due, payment, None::<T::AccountId>);
		Self::deposit_event(Event::CandidateRetired { candidate, stake, due });
		Ok(())
	}

	/// Forgets a closed candidate once nobody has anything left behind it.
	pub(crate) fn remove_if_paid_out(candidate: &T::AccountId) {
		let Some(info) = Candidates::<T>::get(candidate) else { return };
		if info.retired().is_none() || info.positions > 0 {
			return;
		}
		// First, as long as the owner speaks for the candidate whose keys these are.
		T::Keys::purge(&info.owner);
		Candidates::<T>::remove(candidate);
		PoolsOf::<T>::remove(candidate);
		CandidateOf::<T>::remove(&info.owner);
		// Now that it has no pools, others forget what they noted of them.
		T::PoolObserver::before_change(candidate);
		Self::deposit_event(Event::CandidateRemoved { candidate: candidate.clone() });
	}

	/// The class that `who` joins when it opens a position behind `candidate`.
	pub(crate) fn class_for(
		who: &T::AccountId,
		candidate: &T::AccountId,
		info: &Candidate<T::AccountId>,
	) -> ClassId {
		if *who == info.owner {
			ClassId::OWNER
		} else {
			T::Rates::class_for(candidate, info.terms.default_rate)
		}
	}

	/// A position of `who` without stake.
	pub(crate) fn new_position(
		who: &T::AccountId,
		candidate: &T::AccountId,
		info: &Candidate<T::AccountId>,
	) -> Position {
		Position::new(Self::class_for(who, candidate, info))
	}
}
