//! Hand-over of a candidate in two steps, and which candidate an account speaks for.

use crate::{CandidateOf, Candidates, Config, Error, Event, OwnershipOffers, Pallet, Positions};
use codec::Decode;
use cybermiles_primitives::{
	traits::{Candidacies, CandidateKeys, PoolObserver},
	Balance, Rate,
};
use frame_support::{ensure, Hashable};
use sp_runtime::{
	traits::{Convert, TrailingZeroInput},
	DispatchError, DispatchResult,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_offer_ownership(
		who: T::AccountId,
		to: Option<T::AccountId>,
	) -> DispatchResult {
		let (candidate, _) = Self::owned_by(&who)?;
		match &to {
			Some(to) => {
				ensure!(*to != who, Error::<T>::AlreadyOwner);
				ensure!(!CandidateOf::<T>::contains_key(to), Error::<T>::AlreadyCandidate);
				OwnershipOffers::<T>::insert(&candidate, to);
			},
			None => {
				OwnershipOffers::<T>::take(&candidate).ok_or(Error::<T>::NoOffer)?;
			},
		}
		Self::deposit_event(Event::OwnershipOffered { candidate, to });
		Ok(())
	}

	pub(crate) fn do_accept_ownership(
		who: T::AccountId,
		candidate: T::AccountId,
	) -> DispatchResult {
		T::PoolObserver::before_change(&candidate);
		let info = Self::open_candidate(&candidate)?;
		let offered_to = OwnershipOffers::<T>::get(&candidate).ok_or(Error::<T>::NotOffered)?;
		ensure!(offered_to == who, Error::<T>::NotOffered);
		ensure!(!CandidateOf::<T>::contains_key(&who), Error::<T>::AlreadyCandidate);
		OwnershipOffers::<T>::remove(&candidate);
		let from = info.owner.clone();
		Self::unbond_owner(&candidate, &from)?;
		let brought = Self::release_stake(&candidate, &who)?;
		T::Keys::hand_over(&from, &who)?;
		Self::set_owner(&candidate, &from, &who);
		Self::stake_as_owner(&candidate, &who, brought)?;
		Self::deposit_event(Event::OwnershipTransferred { candidate, from, to: who });
		Ok(())
	}

	/// The old owner's stake leaves through unbonding, and only there.
	fn unbond_owner(candidate: &T::AccountId, owner: &T::AccountId) -> DispatchResult {
		match Positions::<T>::get(candidate, owner) {
			Some(position) if position.shares > 0 => Self::unbond_all(owner, candidate, position),
			_ => Ok(()),
		}
	}

	/// Takes what `who` has bonded out of its class; it stays in escrow.
	fn release_stake(
		candidate: &T::AccountId,
		who: &T::AccountId,
	) -> Result<Balance, DispatchError> {
		let Some(mut position) = Positions::<T>::get(candidate, who) else { return Ok(0) };
		if position.shares == 0 {
			return Ok(0);
		}
		Self::observe(who, candidate, &position);
		let shares = core::mem::take(&mut position.shares);
		let amount = Self::leave_class(candidate, position.class, |pool| pool.leave(shares))?;
		position.principal = 0;
		Positions::<T>::insert(candidate, who, position);
		Ok(amount)
	}

	fn set_owner(candidate: &T::AccountId, from: &T::AccountId, to: &T::AccountId) {
		Candidates::<T>::mutate_extant(candidate, |info| info.owner = to.clone());
		CandidateOf::<T>::remove(from);
		CandidateOf::<T>::insert(to, candidate);
	}

	/// Stakes what the new owner brought, and from its free CMT what is missing of what it will have
	/// to leave.
	fn stake_as_owner(
		candidate: &T::AccountId,
		who: &T::AccountId,
		brought: Balance,
	) -> DispatchResult {
		// Neither the old owner's stake nor the new one's is in the pools now.
		let required = Self::self_stake_to_keep(&Self::open_candidate(candidate)?, 0);
		let missing = required.saturating_sub(brought);
		Self::lock(who, missing)?;
		let amount = brought.saturating_add(missing);
		Self::bond(who, candidate, amount)?;
		Self::deposit_event(Event::Delegated {
			candidate: candidate.clone(),
			who: who.clone(),
			amount,
		});
		Ok(())
	}
}

impl<T: Config> Candidacies<T::AccountId> for Pallet<T> {
	fn owned_by(owner: &T::AccountId) -> Result<T::AccountId, DispatchError> {
		let (candidate, _) = Self::owned_by(owner)?;
		Ok(candidate)
	}

	fn owner_of(candidate: &T::AccountId) -> Option<T::AccountId> {
		Candidates::<T>::get(candidate).map(|info| info.owner)
	}

	fn max_rate(candidate: &T::AccountId) -> Option<Rate> {
		Candidates::<T>::get(candidate).map(|info| info.terms.max_rate)
	}
}

/// The candidate whose session keys an account manages.
///
/// - The owner of a candidate: that candidate.
/// - An account that handed over the candidate named after it: an address derived by hash that
///   can never be elected. Answering nothing would make the session pallet's `purge_keys` fall back
///   to the account itself, and so let the old owner purge the new owner's keys.
/// - Anybody else: itself, so that keys can be set before `declare`.
pub struct CandidateIdOf<T>(core::marker::PhantomData<T>);

impl<T: Config> Convert<T::AccountId, Option<T::AccountId>> for CandidateIdOf<T> {
	fn convert(who: T::AccountId) -> Option<T::AccountId> {
		if let Some(candidate) = CandidateOf::<T>::get(&who) {
			return Some(candidate);
		}
		if !Candidates::<T>::contains_key(&who) {
			return Some(who);
		}
		let seed = (*b"cmt-dpos/former-owner", who).blake2_256();
		T::AccountId::decode(&mut TrailingZeroInput::new(&seed)).ok()
	}
}
