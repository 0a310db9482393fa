//! The seams between pallets.

use crate::{Balance, ClassId, EraIndex, SessionIndex};
use alloc::vec::Vec;
use sp_runtime::{DispatchResult, Perbill};

/// The session keys of candidates, as the session pallet keeps them.
pub trait CandidateKeys<AccountId> {
	/// Whether `candidate` has a full set of session keys.
	fn has_keys(candidate: &AccountId) -> bool;

	/// Moves what holding keys costs (deposit, reference) from one owner to the next.
	///
	/// Called while `from` still controls the candidate. Fails where `to` cannot pay the deposit.
	fn hand_over(from: &AccountId, to: &AccountId) -> DispatchResult;

	/// Forgets the keys of a closed candidate and gives the deposit back to its owner. Called while
	/// `owner` still controls the candidate.
	fn purge(owner: &AccountId);

	/// Gives `candidate` a full set of keys, for benchmarks that need one.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_for_benchmark(candidate: &AccountId);
}

/// Whether a candidate may stand for election, as the pallet that punishes offences sees it.
pub trait Standing<AccountId> {
	/// An error that names the reason where `candidate` is jailed or tombstoned.
	fn ensure_may_stand(candidate: &AccountId) -> DispatchResult;
}

impl<AccountId> Standing<AccountId> for () {
	fn ensure_may_stand(_: &AccountId) -> DispatchResult {
		Ok(())
	}
}

/// Is told right before any class pool of a candidate changes, so that awards that still wait
/// are folded in first (protocol section 6).
pub trait PoolObserver<AccountId> {
	/// The pools of `candidate` are about to change.
	fn before_change(candidate: &AccountId);
}

impl<AccountId> PoolObserver<AccountId> for () {
	fn before_change(_: &AccountId) {}
}

/// Is told when an era begins.
pub trait OnEra {
	/// `era` began with `session`; no offence from before `oldest_session` can still be punished.
	fn on_era_start(era: EraIndex, session: SessionIndex, oldest_session: SessionIndex);
}

impl OnEra for () {
	fn on_era_start(_: EraIndex, _: SessionIndex, _: SessionIndex) {}
}

/// The class pools and unbonding pools of candidates, for the pallets that pay and punish.
pub trait StakePools<AccountId> {
	/// The account that holds all delegated and unbonding CMT.
	fn escrow_account() -> AccountId;

	/// The stake in each class pool of `candidate`.
	fn class_stakes(candidate: &AccountId) -> Vec<(ClassId, Balance)>;

	/// Adds `amount`, already in escrow, to the stake of every member of a class in proportion.
	///
	/// Fails without effect where the class has no member or its candidate is retired.
	fn add_to_class(candidate: &AccountId, class: ClassId, amount: Balance) -> DispatchResult;

	/// Takes `fraction` of every class pool and of every unbonding pool of `since` or later.
	///
	/// Returns the amount taken, which stays in escrow for the caller to move. Rounded up per
	/// pool, against the stakers.
	fn slash(candidate: &AccountId, fraction: Perbill, since: EraIndex) -> Balance;

	/// Takes `candidate` out of the next elections until its owner activates it again.
	fn stand_aside(candidate: &AccountId) -> DispatchResult;
}

/// Who sits, and with what stake.
pub trait Seats<AccountId> {
	/// Validators of the present session with their counted (capped) stake.
	fn validators() -> Vec<(AccountId, Balance)>;

	/// Standbys of the present session with their counted (capped) stake.
	fn standbys() -> Vec<(AccountId, Balance)>;
}
