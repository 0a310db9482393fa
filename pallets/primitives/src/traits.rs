//! The seams between pallets.

use crate::{Balance, ClassId, EraIndex, PoolCut, Rate, SessionIndex};
use alloc::vec::Vec;
use sp_runtime::{DispatchError, DispatchResult, KeyTypeId, Perbill};

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

/// Whether a candidate may stand for election and take stake, as the pallet that punishes offences
/// sees it.
pub trait Standing<AccountId> {
	/// An error that names the reason where `candidate` is jailed or tombstoned.
	fn ensure_may_stand(candidate: &AccountId) -> DispatchResult;

	/// An error where `candidate` is tombstoned. What its slash took may go back to the pools: who
	/// joins them once governance decides so would share in it.
	fn ensure_may_take_stake(_candidate: &AccountId) -> DispatchResult {
		Ok(())
	}
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

	/// Lets an award wait for `candidate`, for benchmarks that need the worst case.
	#[cfg(feature = "runtime-benchmarks")]
	fn let_award_wait(_candidate: &AccountId) {}
}

impl<AccountId> PoolObserver<AccountId> for () {
	fn before_change(_: &AccountId) {}
}

/// Is told right before the bonded part of a position changes, so that who counts stake as it once
/// was can keep what it was (protocol section 8).
pub trait PositionObserver<AccountId> {
	/// The position of `who` behind `candidate` holds `shares` of `class`, and is about to hold
	/// something else. One that begins has held no share.
	fn before_change(candidate: &AccountId, who: &AccountId, class: ClassId, shares: Balance);

	/// The position of `who` behind `candidate` is gone: nothing is bonded, nothing waits.
	fn on_removed(candidate: &AccountId, who: &AccountId);

	/// An error that says why somebody other than `who` may not change its position now.
	fn ensure_may_be_moved(_candidate: &AccountId, _who: &AccountId) -> DispatchResult {
		Ok(())
	}

	/// Lets the next change have to be noted, for benchmarks that need the worst case.
	#[cfg(feature = "runtime-benchmarks")]
	fn let_changes_count() {}
}

impl<AccountId> PositionObserver<AccountId> for () {
	fn before_change(_: &AccountId, _: &AccountId, _: ClassId, _: Balance) {}
	fn on_removed(_: &AccountId, _: &AccountId) {}
}

/// Is told when an era begins.
#[impl_trait_for_tuples::impl_for_tuples(4)]
pub trait OnEra {
	/// `era` began with `session`; no offence from before `oldest_session` can still be punished.
	fn on_era_start(era: EraIndex, session: SessionIndex, oldest_session: SessionIndex);
}

/// Is told when sessions end and begin.
#[impl_trait_for_tuples::impl_for_tuples(4)]
pub trait OnSession {
	/// `session` is over; the seats of its validators and standbys still hold.
	fn on_session_end(session: SessionIndex);

	/// `session` began, and its seats hold.
	fn on_session_start(session: SessionIndex);
}

/// The class pools and unbonding pools of candidates, for the pallets that pay and punish.
pub trait StakePools<AccountId> {
	/// The account that holds all delegated and unbonding CMT.
	fn escrow_account() -> AccountId;

	/// The stake in each class pool of `candidate`.
	fn class_stakes(candidate: &AccountId) -> Vec<(ClassId, Balance)>;

	/// The class in which `who` has stake behind `candidate`.
	fn class_of(candidate: &AccountId, who: &AccountId) -> Option<ClassId>;

	/// Adds awards, already in escrow, to the stake of every member of these classes in proportion,
	/// all at once. `PoolObserver` is not told: it is who calls.
	///
	/// Fails without effect where a class has no member or the candidate is closed.
	fn add_to_classes(candidate: &AccountId, awards: &[(ClassId, Balance)]) -> DispatchResult;

	/// An error that says why somebody other than `who` may not move its stake behind `candidate` into
	/// another class now.
	fn ensure_may_be_moved(candidate: &AccountId, who: &AccountId) -> DispatchResult;

	/// Moves all stake that `who` has behind `candidate` into another class of it.
	///
	/// Fails without effect where that class would be one too many, or its shares are worthless.
	fn move_to_class(candidate: &AccountId, who: &AccountId, class: ClassId) -> DispatchResult;

	/// Pays `who` at once what its stake behind `candidate` is worth above its principal; returns
	/// the amount. Fails without effect where that is nothing.
	fn pay_earned(candidate: &AccountId, who: &AccountId) -> Result<Balance, DispatchError>;

	/// Takes `fraction` of every class pool and of every unbonding pool of `since` or later.
	///
	/// Returns what was taken, which stays in escrow for the caller to account for. Rounded up per
	/// pool, against the stakers.
	fn slash(candidate: &AccountId, fraction: Perbill, since: EraIndex) -> Vec<PoolCut>;

	/// Gives back what a slash took from one pool.
	///
	/// Fails without effect where the pool has no member any more.
	fn restore(candidate: &AccountId, cut: &PoolCut) -> DispatchResult;

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

/// The books of bonded stake, for who counts votes by it.
pub trait BondedStake<AccountId> {
	/// Each class pool of `candidate`: its class, its stake in planck, and all shares of it.
	fn pools(candidate: &AccountId) -> Vec<(ClassId, Balance, Balance)>;

	/// The class in which `who` has bonded stake behind `candidate`, and its shares of that class.
	fn shares(candidate: &AccountId, who: &AccountId) -> Option<(ClassId, Balance)>;
}

/// Who controls candidates, and on what terms.
pub trait Candidacies<AccountId> {
	/// The open candidate that `owner` controls; an error that says why there is none.
	fn owned_by(owner: &AccountId) -> Result<AccountId, DispatchError>;

	/// The account that controls `candidate`, open or closed.
	fn owner_of(candidate: &AccountId) -> Option<AccountId>;

	/// The highest rate that `candidate` may ask of anybody.
	fn max_rate(candidate: &AccountId) -> Option<Rate>;
}

/// The course of eras.
pub trait Eras {
	/// The present era.
	fn current_era() -> EraIndex;

	/// The present session.
	fn current_session() -> SessionIndex;

	/// The era that `session` belongs to, where it is not too long ago to matter.
	fn era_of(session: SessionIndex) -> Option<EraIndex>;
}

/// The compensation rates of classes.
pub trait RateClasses<AccountId> {
	/// The class that a newcomer who agrees to `rate` joins.
	fn class_for(candidate: &AccountId, rate: Rate) -> ClassId;

	/// The rate that a class pays now.
	fn rate_of(candidate: &AccountId, class: ClassId) -> Rate;
}

/// Without a pallet that lowers rates, a class pays what its members agreed to.
impl<AccountId> RateClasses<AccountId> for () {
	fn class_for(_: &AccountId, rate: Rate) -> ClassId {
		ClassId::agreed_at(rate)
	}

	fn rate_of(_: &AccountId, class: ClassId) -> Rate {
		class.agreed_rate()
	}
}

/// Whether candidates do their work, as the pallet that watches them sees it.
pub trait Presence<AccountId> {
	/// Whether `candidate` may earn: it did not miss its latest turn and is not jailed.
	fn earns(candidate: &AccountId) -> bool;
}

impl<AccountId> Presence<AccountId> for () {
	fn earns(_: &AccountId) -> bool {
		true
	}
}

/// Is told when a validator stops or starts to earn within a session.
pub trait PresenceObserver<AccountId> {
	/// `candidate` missed its turn, or was jailed.
	fn on_absent(candidate: &AccountId);

	/// `candidate` authors again.
	fn on_present(candidate: &AccountId);
}

impl<AccountId> PresenceObserver<AccountId> for () {
	fn on_absent(_: &AccountId) {}
	fn on_present(_: &AccountId) {}
}

/// Whether escrow pays out.
pub trait Payouts {
	/// An error that says why not.
	fn ensure_open() -> DispatchResult;
}

impl Payouts for () {
	fn ensure_open() -> DispatchResult {
		Ok(())
	}
}

/// What a pallet has in the escrow account, by its own books, in planck.
pub trait InEscrow {
	/// The sum, at constant cost.
	fn in_escrow() -> Balance;
}

impl InEscrow for () {
	fn in_escrow() -> Balance {
		0
	}
}

/// One of a candidate's session keys, in whatever session.
pub trait CandidateKey<AccountId, Key> {
	/// The key that `candidate` has registered; it is in force two sessions later at the latest.
	fn key_of(candidate: &AccountId) -> Option<Key>;
}

/// Takes money that lies in escrow and belongs to nobody.
pub trait AwardPot {
	/// `amount`, already in escrow, joins the next award.
	fn add(amount: Balance);
}

impl AwardPot for () {
	fn add(_: Balance) {}
}

/// Is told what becomes of polls whose votes are to be removed.
pub trait PollObserver {
	/// `poll` ended, and all its votes are removed.
	fn on_removed(poll: u32);

	/// `poll` is the next to be removed, and has not ended. Told in idle block space, once a block; may
	/// cost what the removal of a batch of votes does.
	fn on_awaited(_poll: u32) {}
}

impl PollObserver for () {
	fn on_removed(_: u32) {}
}

impl<First: PollObserver, Second: PollObserver> PollObserver for (First, Second) {
	fn on_removed(poll: u32) {
		First::on_removed(poll);
		Second::on_removed(poll);
	}

	fn on_awaited(poll: u32) {
		First::on_awaited(poll);
		Second::on_awaited(poll);
	}
}

/// The keys with which the validators of a session work.
pub trait AuthorityKeys<AccountId> {
	/// The validators of the session that runs or just begins, in the order of their turns, each
	/// with its keys in force.
	fn in_force() -> Vec<(AccountId, Vec<(KeyTypeId, Vec<u8>)>)>;

	/// The validators of the running session, in the order of their turns.
	fn validators() -> Vec<AccountId>;

	/// Lets everybody author again, because a session begins.
	fn enable_all();

	/// Keeps `candidate` from authoring for the rest of the session, where enough others are left.
	/// `severity` decides who is kept out where not all can be.
	fn disable(candidate: &AccountId, severity: Perbill);
}
