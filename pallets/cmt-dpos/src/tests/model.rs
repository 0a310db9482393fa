//! The naive model: one number per delegator, and loops over all of them.
//!
//! It knows nothing of shares. What it says may differ from the chain's books by rounding only: by
//! the price of one share and two planck for each operation on a pool since its first member came,
//! growing with the awards that fall to the pool since. That is what [`Naive::slack`] sums up.

use crate::{mock::*, Candidates, Chunk, PoolsOf, Positions, UnbondingPools};
use cybermiles_primitives::{Balance, ClassId, EraIndex};
use sp_core::U256;
use sp_runtime::Perbill;
use stake_math::Pool;
use std::collections::{BTreeMap, BTreeSet};

/// Where an amount can be.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Place {
	/// In a class of a candidate.
	Class(AccountId, ClassId),
	/// Waiting since an era behind a candidate.
	Era(AccountId, EraIndex),
	/// In the free balance of an account.
	Free(AccountId),
}

/// What waits: candidate, delegator, era in which it left, era in which it is due.
type Wait = (AccountId, AccountId, EraIndex, EraIndex);

/// The books of the model, in planck.
#[derive(Default)]
pub(super) struct Naive {
	/// By candidate and delegator.
	bonded: BTreeMap<(AccountId, AccountId), (ClassId, Balance)>,
	/// In the order in which the amounts left.
	waiting: Vec<(Wait, Balance)>,
	free: BTreeMap<AccountId, Balance>,
	/// How far the chain's books may be off.
	slack: BTreeMap<Place, Balance>,
	/// Price of a share of each pool before the present operation, in planck, rounded up.
	prices: BTreeMap<Place, Balance>,
}

/// `a * b / c`, rounded down.
fn part(a: Balance, b: Balance, c: Balance) -> Balance {
	(U256::from(a) * U256::from(b) / U256::from(c)).as_u128()
}

fn price(pool: &Pool) -> Balance {
	pool.stake().div_ceil(pool.shares().max(1)).max(1)
}

impl Naive {
	/// The model of the present state, with the free balances of `accounts`.
	pub(super) fn new(accounts: impl Iterator<Item = AccountId>) -> Self {
		let free = accounts.map(|who| (who, free(who))).collect();
		let mut model = Self { free, ..Self::default() };
		for (candidate, who, position) in Positions::<Test>::iter() {
			model.bonded.insert((candidate, who), (position.class, value(who, candidate)));
		}
		model
	}

	/// To be called before each operation.
	pub(super) fn note_prices(&mut self) {
		self.prices = all_pools().into_iter().map(|(place, pool)| (place, price(&pool))).collect();
	}

	/// What `who` has bonded behind `candidate`.
	pub(super) fn bonded(&self, candidate: AccountId, who: AccountId) -> Balance {
		self.bonded.get(&(candidate, who)).map_or(0, |(_, value)| *value)
	}

	/// What waits of `who` behind `candidate`.
	pub(super) fn waiting(&self, candidate: AccountId, who: AccountId) -> Balance {
		let of = |wait: &Wait| (wait.0, wait.1) == (candidate, who);
		self.waiting.iter().filter(|(wait, _)| of(wait)).map(|(_, amount)| amount).sum()
	}

	/// How far the chain may be off at `place`.
	pub(super) fn slack(&self, place: Place) -> Balance {
		self.slack.get(&place).copied().unwrap_or_default().saturating_add(1)
	}

	/// The largest difference allowed anywhere now.
	pub(super) fn largest_slack(&self) -> Balance {
		self.slack.values().copied().max().unwrap_or_default()
	}

	fn loosen(&mut self, place: Place, by: Balance) {
		let slack = self.slack.entry(place).or_default();
		*slack = slack.saturating_add(by);
	}

	/// An operation on the pool at `place` rounds.
	fn touch(&mut self, place: Place) {
		let before = self.prices.get(&place).copied().unwrap_or(1);
		let now = all_pools().get(&place).map_or(1, price);
		self.loosen(place, before.max(now).saturating_add(2));
	}

	fn class_of(&self, candidate: AccountId, who: AccountId) -> ClassId {
		self.bonded[&(candidate, who)].0
	}

	/// `amount` of `who` becomes bonded. The class is the one that the chain chose.
	fn bond(&mut self, candidate: AccountId, who: AccountId, amount: Balance) {
		let class = Positions::<Test>::get(candidate, who).expect("bonded").class;
		let entry = self.bonded.entry((candidate, who)).or_insert((class, 0));
		assert_eq!(entry.0, class, "a bonded position changed its class");
		entry.1 += amount;
		self.touch(Place::Class(candidate, class));
	}

	/// `amount` of `who`, or all, is bonded no more.
	fn unbond(&mut self, candidate: AccountId, who: AccountId, amount: Option<Balance>) -> Balance {
		let class = self.class_of(candidate, who);
		self.touch(Place::Class(candidate, class));
		let entry = self.bonded.get_mut(&(candidate, who)).expect("bonded");
		let amount = amount.unwrap_or(entry.1);
		entry.1 = entry.1.saturating_sub(amount);
		if Positions::<Test>::get(candidate, who).is_none_or(|position| position.shares == 0) {
			self.bonded.remove(&(candidate, who));
		}
		amount
	}

	/// `amount` comes out of the free balance of `who`.
	fn spend(&mut self, who: AccountId, amount: Balance) {
		let free = self.free.get_mut(&who).expect("known account");
		*free = free.checked_sub(amount).expect("had it");
	}

	pub(super) fn delegate(&mut self, candidate: AccountId, who: AccountId, amount: Balance) {
		self.spend(who, amount);
		self.bond(candidate, who, amount);
	}

	/// `due` is the era in which the chain promised to pay.
	pub(super) fn undelegate(
		&mut self,
		candidate: AccountId,
		who: AccountId,
		amount: Option<Balance>,
		due: EraIndex,
	) {
		let class = self.class_of(candidate, who);
		let place = Place::Era(candidate, Dpos::era());
		if amount.is_none_or(|amount| amount >= self.bonded(candidate, who)) {
			self.loosen(place, self.slack(Place::Class(candidate, class)));
		}
		let amount = self.unbond(candidate, who, amount);
		self.touch(place);
		let wait = (candidate, who, Dpos::era(), due);
		match self.waiting.iter_mut().find(|(other, _)| *other == wait) {
			Some((_, waiting)) => *waiting += amount,
			None => self.waiting.push((wait, amount)),
		}
	}

	/// Takes back the youngest amounts first.
	pub(super) fn rebond(&mut self, candidate: AccountId, who: AccountId, amount: Option<Balance>) {
		let all = self.waiting(candidate, who);
		let amount = amount.unwrap_or(all);
		let mut missing = amount;
		let mut unsure = 0;
		for index in (0..self.waiting.len()).rev() {
			let (wait, waiting) = self.waiting[index];
			if (wait.0, wait.1) == (candidate, who) {
				let place = Place::Era(candidate, wait.2);
				unsure += self.slack(place);
				let taken = waiting.min(missing);
				self.waiting[index].1 -= taken;
				missing -= taken;
				self.touch(place);
				self.loosen(place, unsure);
			}
		}
		self.waiting
			.retain(|(wait, _)| (wait.0, wait.1) != (candidate, who) || still_waits(wait));
		self.bond(candidate, who, amount);
		if amount >= all.saturating_sub(unsure) {
			self.loosen(Place::Class(candidate, self.class_of(candidate, who)), unsure);
		}
	}

	/// `to` takes over from `from` and has to hold `required`.
	pub(super) fn accept(
		&mut self,
		candidate: AccountId,
		from: AccountId,
		to: AccountId,
		required: Balance,
		due: EraIndex,
	) {
		if self.bonded.contains_key(&(candidate, from)) {
			self.undelegate(candidate, from, None, due);
		}
		let mut brought = 0;
		if let Some((class, value)) = self.bonded.remove(&(candidate, to)) {
			self.touch(Place::Class(candidate, class));
			let unsure = self.slack(Place::Class(candidate, class));
			self.loosen(Place::Class(candidate, ClassId::OWNER), unsure);
			self.loosen(Place::Free(to), unsure);
			brought = value;
		}
		let missing = required.saturating_sub(brought);
		self.spend(to, missing);
		self.bond(candidate, to, brought + missing);
	}

	/// The owner adds what the terms demand.
	pub(super) fn top_up(&mut self, candidate: AccountId, owner: AccountId, required: Balance) {
		let missing = required.saturating_sub(self.bonded(candidate, owner));
		let unsure = self.slack(Place::Class(candidate, ClassId::OWNER));
		if missing.saturating_add(unsure) > 0 && self.bonded.contains_key(&(candidate, owner)) {
			self.loosen(Place::Free(owner), unsure);
			self.delegate(candidate, owner, missing);
			self.loosen(Place::Class(candidate, ClassId::OWNER), unsure);
		}
	}

	/// Every member of the class gets its part.
	pub(super) fn award(&mut self, candidate: AccountId, class: ClassId, amount: Balance) {
		let place = Place::Class(candidate, class);
		let members = |(key, (other, _)): &(&(AccountId, AccountId), &mut (ClassId, Balance))| {
			key.0 == candidate && *other == class
		};
		let total: Balance =
			self.bonded.iter_mut().filter(members).map(|(_, (_, value))| *value).sum();
		for (_, (_, value)) in self.bonded.iter_mut().filter(members) {
			*value += part(amount, *value, total);
		}
		let grown = part(self.slack(place), total + amount, total);
		self.loosen(place, grown.saturating_sub(self.slack(place)).saturating_add(1));
		self.touch(place);
	}

	/// Everybody who is bonded, or left in `since` or later, loses the fraction. Returns what that
	/// makes, and how far it may be off.
	pub(super) fn slash(
		&mut self,
		candidate: AccountId,
		fraction: Perbill,
		since: EraIndex,
	) -> (Balance, Balance) {
		let (mut taken, mut places) = (0, BTreeSet::new());
		for (key, (class, value)) in self.bonded.iter_mut() {
			if key.0 == candidate {
				taken += lose(value, fraction);
				places.insert(Place::Class(candidate, *class));
			}
		}
		for (wait, value) in &mut self.waiting {
			if wait.0 == candidate && wait.2 >= since {
				taken += lose(value, fraction);
				places.insert(Place::Era(candidate, wait.2));
			}
		}
		let unsure = places.iter().map(|place| self.slack(*place)).sum::<Balance>();
		places.iter().for_each(|place| self.touch(*place));
		(taken, unsure + self.bonded.len() as Balance + self.waiting.len() as Balance)
	}

	/// Pays all that is due to `who`, or to everybody.
	pub(super) fn pay(&mut self, who: Option<AccountId>) {
		let now = Dpos::era();
		let is_paid = |other: AccountId| who.is_none_or(|who| who == other);
		for (wait, amount) in std::mem::take(&mut self.waiting) {
			let place = Place::Era(wait.0, wait.2);
			if wait.3 > now || !is_paid(wait.1) {
				self.waiting.push((wait, amount));
				continue;
			}
			self.receive(wait.1, amount, place);
		}
		for (key, (class, amount)) in std::mem::take(&mut self.bonded) {
			if !is_paid(key.1) || !self.closed(key.0) {
				self.bonded.insert(key, (class, amount));
				continue;
			}
			self.receive(key.1, amount, Place::Class(key.0, class));
		}
	}

	fn receive(&mut self, who: AccountId, amount: Balance, from: Place) {
		self.touch(from);
		self.loosen(Place::Free(who), self.slack(from));
		*self.free.get_mut(&who).expect("known account") += amount;
	}

	/// Whether all behind `candidate` is due. One that the chain has forgotten was.
	fn closed(&self, candidate: AccountId) -> bool {
		Candidates::<Test>::get(candidate).is_none_or(|info| info.is_paid_out_in(Dpos::era()))
	}

	/// Compares all books of the chain with the model's.
	pub(super) fn assert_agrees(&mut self) {
		self.assert_bonded();
		self.assert_waiting();
		for (who, expected) in &self.free {
			let (found, slack) = (free(*who), self.slack(Place::Free(*who)));
			assert!(found.abs_diff(*expected) <= slack, "free of {who}: {found} for {expected}");
		}
		self.forget_empty_pools();
	}

	fn assert_bonded(&self) {
		let mut chain: BTreeMap<(AccountId, AccountId), (ClassId, Balance)> =
			Positions::<Test>::iter()
				.filter(|(_, _, position)| position.shares > 0)
				.map(|(candidate, who, position)| {
					let value = Dpos::bonded_value(&candidate, &position);
					((candidate, who), (position.class, value))
				})
				.collect();
		for (key, (class, expected)) in &self.bonded {
			let (other, found) = chain.remove(key).unwrap_or((*class, 0));
			assert_eq!(other, *class, "class of {key:?}");
			let slack = self.slack(Place::Class(key.0, *class));
			let off = found.abs_diff(*expected);
			assert!(off <= slack, "bonded of {key:?}: {found} for {expected}, slack {slack}");
		}
		for (key, (class, found)) in chain {
			let slack = self.slack(Place::Class(key.0, class));
			assert!(found <= slack, "bonded of {key:?}: {found} for nothing, slack {slack}");
		}
	}

	fn assert_waiting(&self) {
		let mut chain = BTreeMap::<Wait, Balance>::new();
		for (candidate, who, position) in Positions::<Test>::iter() {
			for chunk in &position.chunks {
				let Chunk { since, due, .. } = *chunk;
				chain.insert((candidate, who, since, due), Dpos::chunk_value(&candidate, chunk));
			}
		}
		for (wait, expected) in &self.waiting {
			let found = chain.remove(wait).unwrap_or_default();
			let slack = self.slack(Place::Era(wait.0, wait.2));
			let off = found.abs_diff(*expected);
			assert!(off <= slack, "waiting {wait:?}: {found} for {expected}, slack {slack}");
		}
		for (wait, found) in chain {
			let slack = self.slack(Place::Era(wait.0, wait.2));
			assert!(found <= slack, "waiting {wait:?}: {found} for nothing, slack {slack}");
		}
	}

	/// A pool without members leaves no rounding behind.
	fn forget_empty_pools(&mut self) {
		let pools = all_pools();
		let is_left = |place: &Place| matches!(place, Place::Free(_)) || pools.contains_key(place);
		self.slack.retain(|place, _| is_left(place));
		self.bonded.retain(|key, (class, _)| is_left(&Place::Class(key.0, *class)));
		self.waiting.retain(|(wait, _)| is_left(&Place::Era(wait.0, wait.2)));
	}
}

/// Takes `fraction` of `value`, rounded up.
fn lose(value: &mut Balance, fraction: Perbill) -> Balance {
	let taken = fraction.mul_ceil(*value).min(*value);
	*value -= taken;
	taken
}

/// Whether the chain has an amount that waits under this name.
fn still_waits(wait: &Wait) -> bool {
	Positions::<Test>::get(wait.0, wait.1).is_some_and(|position| {
		position.chunks.iter().any(|chunk| (chunk.since, chunk.due) == (wait.2, wait.3))
	})
}

fn all_pools() -> BTreeMap<Place, Pool> {
	let mut pools = BTreeMap::new();
	for (candidate, classes) in PoolsOf::<Test>::iter() {
		for (class, pool) in classes.iter() {
			pools.insert(Place::Class(candidate, class), *pool);
		}
	}
	for (candidate, era, pool) in UnbondingPools::<Test>::iter() {
		pools.insert(Place::Era(candidate, era), pool);
	}
	pools
}
