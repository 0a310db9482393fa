//! The naive model of protocol section 10.7: one number for each delegator and candidate, for each
//! waiting amount and for each part of a held slash, and loops over all of them for each award,
//! slash and fold.
//!
//! It knows no shares, no pools and no running index, and takes nothing from the pallets but what
//! [`Heard`] says. It counts in millionths of a planck, so that its own rounding is nothing.
//!
//! # How far the chain may be off
//!
//! The chain rounds to the planck, always against the receiver. [`Loose`] sums up by how much, place
//! by place. All bounds are in planck:
//!
//! - *Stake* behind a candidate. Who joins a pool loses less than the price of a share and a planck;
//!   who takes out, less than the price of a share; who leaves, or is slashed, less than a planck;
//!   what one loses the others of the pool gain (stake-math, statements 3 to 5). So each operation
//!   adds the highest price of a share, and two planck for reading and for the pool's own rounding.
//! - *A fold* splits what a seat earned over the classes, and each part by a rate, each rounded
//!   down: two planck for each class, which the owner's compensation misses or the next award has
//!   more. What was off before grows in proportion to the award.
//! - *What a seat earned* is rounded down whenever it is settled, and the standbys' part of a block's
//!   award once more. What the pot of the block was off by falls to those who share it.
//! - *Waiting amounts* round as stake does; what one is worth when it leaves is compared, and then
//!   taken over to the planck. So is every payment: *free balances* are exact.
//!
//! Where a rule depends on an amount that is closer to its limit than the bound, the chain may decide
//! either way ([`Model::at_least`]).

mod awards;
mod calls;
mod compare;
mod election;
mod offences;
mod owners;
mod rates;
mod stake;
mod votes;

use crate::runtime::{AccountId, RuntimeEvent, Test};
use cybermiles_primitives::{api::OffenceKind, Balance, ClassId, EraIndex, Rate, SessionIndex};
use pallet_cmt_dpos::{PoolsOf, UnbondingPools};
use sp_core::U256;
use sp_runtime::Perbill;
use std::collections::{BTreeMap, BTreeSet};

/// An amount in millionths of a planck.
pub(crate) type Fine = u128;
/// A planck.
pub(crate) const PLANCK: Fine = 1_000_000;

/// `a * b / c`, rounded down; nothing of nothing.
pub(crate) fn scale(a: u128, b: u128, c: u128) -> u128 {
	if c == 0 {
		return 0;
	}
	(U256::from(a) * U256::from(b) / U256::from(c)).as_u128()
}

/// `fraction` of `amount`, as exactly as the model counts.
pub(crate) fn part(amount: Fine, fraction: Perbill) -> Fine {
	scale(amount, fraction.deconstruct().into(), 1_000_000_000)
}

/// Why the model refuses a call: the name of the error.
pub(crate) type Refusal = &'static str;
pub(crate) type Verdict = Result<(), Refusal>;

/// Returns the error where the condition does not hold.
pub(crate) fn must(condition: bool, refusal: Refusal) -> Verdict {
	match condition {
		true => Ok(()),
		false => Err(refusal),
	}
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Status {
	Active,
	Inactive,
	Retired { since: EraIndex, due: EraIndex },
}

#[derive(Clone, Debug)]
pub(crate) struct Candidate {
	pub(crate) owner: AccountId,
	pub(crate) order: u64,
	pub(crate) status: Status,
	pub(crate) max_stake: Balance,
	pub(crate) max_rate: Rate,
	pub(crate) default_rate: Rate,
}

impl Candidate {
	pub(crate) fn is_open(&self) -> bool {
		!matches!(self.status, Status::Retired { .. })
	}

	pub(crate) fn required(&self) -> Balance {
		crate::runtime::SelfStakeRatio::get().mul_ceil(self.max_stake)
	}

	/// The same in millionths; the largest number where a declared maximum was without end.
	pub(crate) fn required_fine(&self) -> Fine {
		self.required().saturating_mul(PLANCK)
	}
}

/// An amount that rises and falls with those of others.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Amount {
	pub(crate) value: Fine,
	/// What it was before a slash took all of it: what is given back is shared by that.
	pub(crate) ghost: Fine,
}

impl Amount {
	pub(crate) fn new(value: Fine) -> Self {
		Self { value, ghost: 0 }
	}

	/// Loses `fraction`; returns what it lost.
	pub(crate) fn lose(&mut self, fraction: Perbill) -> Fine {
		let lost = part(self.value, fraction);
		if lost == self.value && lost > 0 {
			self.ghost = lost;
		}
		self.value -= lost;
		lost
	}
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait {
	pub(crate) since: EraIndex,
	pub(crate) due: EraIndex,
	pub(crate) amount: Amount,
}

#[derive(Clone, Debug)]
pub(crate) struct Position {
	/// Names those with whom it shares what is given back. The chain chose it.
	pub(crate) class: ClassId,
	/// What it pays.
	pub(crate) rate: Rate,
	/// Whether it is, or last was, the owner's.
	pub(crate) owners: bool,
	pub(crate) bonded: Option<Amount>,
	pub(crate) principal: Balance,
	pub(crate) waits: Vec<Wait>,
}

impl Position {
	pub(crate) fn value(&self) -> Fine {
		self.bonded.map_or(0, |amount| amount.value)
	}

	pub(crate) fn waiting(&self) -> Fine {
		self.waits.iter().map(|wait| wait.amount.value).sum()
	}
}

/// A seat of the present session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat {
	pub(crate) validator: bool,
	pub(crate) weight: Fine,
	pub(crate) earns: bool,
	pub(crate) pending: Fine,
	/// How far what it earned may be off.
	pub(crate) loose: Balance,
}

/// Who was elected, each with its counted stake.
#[derive(Clone, Debug, Default)]
pub(crate) struct Elected {
	pub(crate) validators: Vec<(AccountId, Fine)>,
	pub(crate) standbys: Vec<(AccountId, Fine)>,
	/// What each had behind it.
	pub(crate) stakes: BTreeMap<AccountId, Fine>,
	/// The cap on what counts.
	pub(crate) cap: Perbill,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Absence {
	pub(crate) missed: u32,
	pub(crate) since: EraIndex,
	pub(crate) kept_out: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Term {
	Until(u64),
	Tombstoned { fraction: Perbill, session: SessionIndex },
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Jail {
	pub(crate) term: Term,
	pub(crate) cause: u32,
}

/// From what a slash took.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Source {
	Class(ClassId),
	Era(EraIndex),
}

#[derive(Clone, Debug)]
pub(crate) struct Slash {
	pub(crate) candidate: AccountId,
	pub(crate) kind: OffenceKind,
	pub(crate) session: SessionIndex,
	pub(crate) fraction: Perbill,
	pub(crate) amount: Balance,
	pub(crate) parts: Vec<(Source, Balance)>,
	pub(crate) reporter: Option<AccountId>,
	/// The era from which on it is paid out, while it is held.
	pub(crate) due: Option<EraIndex>,
}

/// How far the chain's books may be off, in planck.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loose {
	/// Any position behind a candidate.
	stake: BTreeMap<AccountId, Balance>,
	/// What waits behind a candidate since an era.
	waits: BTreeMap<(AccountId, EraIndex), Balance>,
	/// Compensation due to an account.
	due: BTreeMap<AccountId, Balance>,
	/// What the next award takes up.
	pot: Balance,
}

/// The price of a share of each pool in planck, rounded up; of classes, the highest of a candidate.
#[derive(Clone, Debug, Default)]
pub struct Prices {
	stake: BTreeMap<AccountId, Balance>,
	waits: BTreeMap<(AccountId, EraIndex), Balance>,
}

impl Prices {
	/// The prices now.
	pub fn now() -> Self {
		let price = |pool: &stake_math::Pool| pool.stake().div_ceil(pool.shares().max(1)).max(1);
		let highest = |pools: pallet_cmt_dpos::ClassPools| {
			pools.iter().map(|(_, pool)| price(pool)).max().unwrap_or(1)
		};
		let stake = PoolsOf::<Test>::iter().map(|(who, pools)| (who, highest(pools)));
		let waits = UnbondingPools::<Test>::iter();
		let waits = waits.map(|(who, era, pool)| ((who, era), price(&pool)));
		Self { stake: stake.collect(), waits: waits.collect() }
	}

	/// The higher price of each pool.
	fn join(&mut self, other: Self) {
		for (place, price) in other.stake {
			let mine = self.stake.entry(place).or_default();
			*mine = price.max(*mine);
		}
		for (place, price) in other.waits {
			let mine = self.waits.entry(place).or_default();
			*mine = price.max(*mine);
		}
	}
}

/// What the chain did: whether it took the call, and what it said.
#[derive(Clone, Debug, Default)]
pub struct Heard {
	/// Whether the call was taken.
	pub taken: bool,
	/// The events of the operation.
	pub events: Vec<RuntimeEvent>,
	/// Offences that the slashing pallet was told of.
	pub offences: Vec<crate::runtime::Offence>,
}

/// The largest differences met, in planck, and the largest bounds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deviations {
	/// What positions are worth.
	pub stake: Balance,
	/// What waits.
	pub waits: Balance,
	/// Compensation due.
	pub due: Balance,
	/// What the next award takes up.
	pub pot: Balance,
	/// What slashes took, pool by pool.
	pub slashes: Balance,
	/// Payments.
	pub payments: Balance,
	/// The largest bound that anything was held to.
	pub bound: Balance,
}

impl Deviations {
	/// The larger of each.
	pub fn join(&mut self, other: &Self) {
		self.stake = self.stake.max(other.stake);
		self.waits = self.waits.max(other.waits);
		self.due = self.due.max(other.due);
		self.pot = self.pot.max(other.pot);
		self.slashes = self.slashes.max(other.slashes);
		self.payments = self.payments.max(other.payments);
		self.bound = self.bound.max(other.bound);
	}
}

/// The books of the model.
#[derive(Clone, Debug, Default)]
pub struct Model {
	pub(crate) candidates: BTreeMap<AccountId, Candidate>,
	declared: u64,
	/// By candidate and delegator.
	pub(crate) positions: BTreeMap<(AccountId, AccountId), Position>,
	offers: BTreeMap<AccountId, AccountId>,
	free: BTreeMap<AccountId, Balance>,
	block: u64,
	session: SessionIndex,
	session_start: u64,
	session_length: u64,
	era: EraIndex,
	/// The first session of each era.
	era_starts: Vec<SessionIndex>,
	elected: BTreeMap<SessionIndex, Elected>,
	/// Validators of the present session, in the order of their turns.
	validators: Vec<AccountId>,
	/// Sessions with the validators and keys of those before.
	same_keys: BTreeSet<SessionIndex>,
	seats: BTreeMap<AccountId, Seat>,
	/// What the next award takes up.
	carried: Fine,
	fees: Balance,
	issued: Balance,
	/// Sent to escrow and not found yet.
	gifts: Balance,
	paused: bool,
	accounts: BTreeMap<AccountId, AccountId>,
	due: BTreeMap<AccountId, Fine>,
	slot: u64,
	absent: BTreeMap<AccountId, Absence>,
	mass: bool,
	jails: BTreeMap<AccountId, Jail>,
	pardons: BTreeMap<AccountId, SessionIndex>,
	pub(crate) slashes: Vec<Slash>,
	reported: BTreeSet<(AccountId, u64)>,
	/// Polls by number.
	polls: Vec<votes::Poll>,
	loose: Loose,
	prices: Prices,
	heard: Heard,
	/// Whether some rule of the running call depended on the rounding.
	close: bool,
	/// The largest differences met.
	pub deviations: Deviations,
}

impl Model {
	/// To be called before an operation, and after it with what the chain did.
	pub fn listen(&mut self, before: Prices, heard: Heard) {
		self.prices = before;
		self.prices.join(Prices::now());
		self.heard = heard;
		self.close = false;
	}

	/// Whether the last call depended on the rounding.
	pub fn is_close(&self) -> bool {
		self.close
	}

	/// Whether `a` is at least `b`, which may be off by `loose` planck. Where that leaves it open, it
	/// is what the chain found.
	fn at_least(&mut self, a: Fine, b: Fine, loose: Balance) -> bool {
		if a.abs_diff(b) <= loose.saturating_mul(PLANCK) {
			self.close = true;
			return self.heard.taken;
		}
		a >= b
	}

	/// How far positions behind `candidate` may be off.
	fn loose_stake(&self, candidate: AccountId) -> Balance {
		self.loose.stake.get(&candidate).copied().unwrap_or_default().saturating_add(1)
	}

	/// How far all that is behind `candidate` together may be off.
	fn loose_total(&self, candidate: AccountId) -> Balance {
		let members = self.positions.keys().filter(|(of, _)| *of == candidate).count() as Balance;
		self.loose_stake(candidate).saturating_mul(members.max(1))
	}

	fn loose_wait(&self, candidate: AccountId, since: EraIndex) -> Balance {
		self.loose
			.waits
			.get(&(candidate, since))
			.copied()
			.unwrap_or_default()
			.saturating_add(1)
	}

	fn loosen_stake(&mut self, candidate: AccountId, by: Balance) {
		let loose = self.loose.stake.entry(candidate).or_default();
		*loose = loose.saturating_add(by);
	}

	fn loosen_wait(&mut self, candidate: AccountId, since: EraIndex, by: Balance) {
		let loose = self.loose.waits.entry((candidate, since)).or_default();
		*loose = loose.saturating_add(by);
	}

	/// A class pool of `candidate` rounds.
	fn touch_stake(&mut self, candidate: AccountId) {
		let price = self.prices.stake.get(&candidate).copied().unwrap_or(1);
		self.loosen_stake(candidate, price.saturating_add(2));
	}

	/// An unbonding pool rounds.
	fn touch_wait(&mut self, candidate: AccountId, since: EraIndex) {
		let price = self.prices.waits.get(&(candidate, since)).copied().unwrap_or(1);
		self.loosen_wait(candidate, since, price.saturating_add(2));
	}

	/// What the chain's `found` planck differ from `expected`; panics where it is more than `loose`.
	fn compare(
		&self,
		what: impl FnOnce() -> String,
		found: Balance,
		expected: Fine,
		loose: Balance,
	) -> Balance {
		let off = found.saturating_mul(PLANCK).abs_diff(expected) / PLANCK;
		assert!(
			off <= loose,
			"{}: the chain has {found}, the model {}, off by {off}, allowed {loose}",
			what(),
			expected / PLANCK,
		);
		off
	}

	/// A payment of the chain, which is taken over to the planck once it is compared.
	fn paid(
		&mut self,
		what: impl FnOnce() -> String,
		found: Balance,
		expected: Fine,
		loose: Balance,
	) {
		let off = self.compare(what, found, expected, loose);
		self.deviations.payments = self.deviations.payments.max(off);
	}

	fn receive(&mut self, who: AccountId, amount: Balance) {
		*self.free.entry(who).or_default() += amount;
	}

	/// An open candidate.
	fn open(&self, candidate: AccountId) -> Result<Candidate, Refusal> {
		let info = self.candidates.get(&candidate).ok_or("UnknownCandidate")?;
		must(info.is_open(), "CandidateRetired")?;
		Ok(info.clone())
	}

	/// The open candidate that `who` owns.
	fn owned(&self, who: AccountId) -> Result<(AccountId, Candidate), Refusal> {
		let owned = self.candidates.iter().find(|(_, info)| info.owner == who);
		let (candidate, _) = owned.ok_or("NotOwner")?;
		Ok((*candidate, self.open(*candidate)?))
	}

	fn owns_any(&self, who: AccountId) -> bool {
		self.candidates.values().any(|info| info.owner == who)
	}

	/// Accounts with something behind `candidate`.
	fn members(&self, candidate: AccountId) -> Vec<AccountId> {
		let mine = self.positions.keys().filter(|(of, _)| *of == candidate);
		mine.map(|(_, who)| *who).collect()
	}

	/// All that is bonded behind `candidate`.
	fn stake_of(&self, candidate: AccountId) -> Fine {
		self.members(candidate)
			.iter()
			.map(|who| self.positions[&(candidate, *who)].value())
			.sum()
	}

	fn position(&mut self, candidate: AccountId, who: AccountId) -> Option<&mut Position> {
		self.positions.get_mut(&(candidate, who))
	}

	/// The events of one pallet that say what is asked for.
	fn said<R>(&self, ask: impl Fn(&RuntimeEvent) -> Option<R>) -> Vec<R> {
		self.heard.events.iter().filter_map(ask).collect()
	}
}
