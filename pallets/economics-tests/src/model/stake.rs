//! Stake in, out and back in; payments.

use super::{must, Amount, Fine, Model, Position, Status, Term, Verdict, Wait, PLANCK};
use crate::runtime::{AccountId, MaxPositions, MinDelegation, RuntimeEvent, Test, UnbondingEras};
use cybermiles_primitives::{Balance, EraIndex};
use pallet_cmt_dpos::{Event, Positions};

impl Model {
	/// What of `who` can be locked: the account stays alive.
	fn spendable(&self, who: AccountId) -> Balance {
		self.free.get(&who).copied().unwrap_or_default().saturating_sub(1)
	}

	/// `amount` of the free CMT of `who` becomes stake.
	pub(super) fn add_stake(
		&mut self,
		who: AccountId,
		candidate: AccountId,
		amount: Balance,
	) -> Verdict {
		must(self.spendable(who) >= amount, "InsufficientBalance")?;
		*self.free.entry(who).or_default() -= amount;
		self.bond(who, candidate, amount)
	}

	/// `amount` becomes bonded.
	pub(super) fn bond(
		&mut self,
		who: AccountId,
		candidate: AccountId,
		amount: Balance,
	) -> Verdict {
		let info = self.open(candidate)?;
		let is_owner = info.owner == who;
		if !self.positions.contains_key(&(candidate, who)) {
			let listed = self.positions.keys().filter(|(_, other)| *other == who).count();
			must(listed < MaxPositions::get().min(64) as usize, "TooManyPositions")?;
		}
		let position = self.positions.get(&(candidate, who));
		let value = position.map_or(0, Position::value);
		let loose = if value > 0 { self.loose_stake(candidate) } else { 0 };
		let minimum = MinDelegation::get() * PLANCK;
		let sum = value.saturating_add(amount.saturating_mul(PLANCK));
		must(self.at_least(sum, minimum, loose), "BelowMinimum")?;
		self.ensure_joins(candidate, who, amount)?;
		self.touch_stake(candidate);
		let fresh = Position {
			class: crate::runtime::DELEGATORS,
			rate: info.default_rate,
			owners: is_owner,
			bonded: None,
			principal: 0,
			waits: Vec::new(),
		};
		let position = self.positions.entry((candidate, who)).or_insert(fresh);
		if position.bonded.is_none() {
			// A former owner comes as a newcomer does; anybody else pays what was agreed.
			if position.owners {
				position.rate = info.default_rate;
			}
			position.owners = is_owner;
			let chosen = Positions::<Test>::get(candidate, who);
			position.class = chosen.map_or(position.class, |position| position.class);
		}
		let bonded = position.bonded.get_or_insert_default();
		bonded.value += amount * PLANCK;
		position.principal += amount;
		Ok(())
	}

	/// Whether `amount` buys a share where `who` joins.
	fn ensure_joins(&mut self, candidate: AccountId, who: AccountId, amount: Balance) -> Verdict {
		let price = self.prices.stake.get(&candidate).copied().unwrap_or(1);
		if amount <= price && !self.heard.taken {
			self.close = true;
			return Err("Arithmetic");
		}
		let position = self.positions.get(&(candidate, who));
		let Some(position) = position.filter(|position| position.bonded.is_some()) else {
			return self.ensure_newcomer_joins(candidate);
		};
		let class = position.class;
		let worth: Vec<Amount> = self
			.positions
			.iter()
			.filter(|((of, _), other)| *of == candidate && other.class == class)
			.filter_map(|(_, other)| other.bonded)
			.collect();
		let loose = self.loose_stake(candidate);
		must(self.is_worth(&worth, loose), "PoolWorthless")
	}

	/// Which class a newcomer would have joined is known only where it did.
	pub(super) fn ensure_newcomer_joins(&mut self, candidate: AccountId) -> Verdict {
		let worthless = |who: &AccountId| {
			let bonded = self.positions[&(candidate, *who)].bonded;
			bonded.is_some_and(|amount| amount.value == 0)
		};
		if !self.heard.taken && self.members(candidate).iter().any(worthless) {
			self.close = true;
			return Err("PoolWorthless");
		}
		Ok(())
	}

	pub(super) fn delegate(
		&mut self,
		who: AccountId,
		candidate: AccountId,
		amount: Balance,
	) -> Verdict {
		must(amount > 0, "ZeroAmount")?;
		self.fold(candidate);
		self.ensure_takes_stake(candidate)?;
		self.ensure_room(candidate, amount)?;
		self.add_stake(who, candidate, amount)
	}

	/// An open candidate that is not in jail for good.
	fn ensure_takes_stake(&self, candidate: AccountId) -> Verdict {
		self.open(candidate)?;
		let term = self.jails.get(&candidate).map(|jail| jail.term);
		must(!matches!(term, Some(Term::Tombstoned { .. })), "Tombstoned")
	}

	fn ensure_room(&mut self, candidate: AccountId, amount: Balance) -> Verdict {
		let info = self.open(candidate)?;
		must(amount < 1 << 100, "ExceedsMaximum")?;
		let (stake, loose) = (self.stake_of(candidate), self.loose_total(candidate));
		let fits =
			self.at_least(info.max_stake.saturating_mul(PLANCK), stake + amount * PLANCK, loose);
		must(fits, "ExceedsMaximum")
	}

	pub(super) fn undelegate(
		&mut self,
		who: AccountId,
		candidate: AccountId,
		amount: Option<Balance>,
	) -> Verdict {
		must(amount != Some(0), "ZeroAmount")?;
		self.fold(candidate);
		let info = self.open(candidate)?;
		let position = self.positions.get(&(candidate, who));
		let bonded = position.and_then(|position| position.bonded).ok_or("NotDelegator")?;
		let loose = self.loose_stake(candidate);
		let Some(amount) = amount else {
			must(info.owner != who, "SelfStakeTooLow")?;
			return self.unbond_all(who, candidate);
		};
		must(amount < 1 << 100, "MoreThanBonded")?;
		must(self.at_least(bonded.value, amount * PLANCK, loose), "MoreThanBonded")?;
		let kept = bonded.value.saturating_sub(amount * PLANCK);
		if info.owner == who {
			let (required, off) = self.to_keep(candidate, bonded.value);
			must(self.at_least(kept, required, loose + off), "SelfStakeTooLow")?;
		}
		if kept <= loose * PLANCK {
			// All of it, or all but a rounding: the chain says which.
			self.close = true;
			return self.unbond_all(who, candidate);
		}
		let enough = self.at_least(kept, MinDelegation::get() * PLANCK, loose);
		must(enough, "RemainderTooSmall")?;
		self.unbond_part(who, candidate, amount)
	}

	/// Moves all that `who` has bonded to what waits.
	pub(super) fn unbond_all(&mut self, who: AccountId, candidate: AccountId) -> Verdict {
		self.touch_stake(candidate);
		let loose = self.loose_stake(candidate);
		let position = self.position(candidate, who).expect("bonded");
		position.principal = 0;
		let expected = position.bonded.take().map_or(0, |amount| amount.value);
		let amount = if self.heard.taken { self.left(who, candidate) } else { expected / PLANCK };
		self.paid(|| format!("unbonded of {who} behind {candidate}"), amount, expected, loose);
		self.wait(who, candidate, amount)
	}

	fn unbond_part(&mut self, who: AccountId, candidate: AccountId, amount: Balance) -> Verdict {
		self.touch_stake(candidate);
		let position = self.position(candidate, who).expect("bonded");
		let bonded = position.bonded.as_mut().expect("bonded");
		bonded.value = bonded.value.saturating_sub(amount * PLANCK);
		position.principal = position.principal.saturating_sub(amount);
		self.wait(who, candidate, amount)
	}

	/// What left the stake of `who` by the chain.
	fn left(&self, who: AccountId, candidate: AccountId) -> Balance {
		let amounts = self.said(|event| match event {
			RuntimeEvent::CmtDpos(Event::Undelegated {
				candidate: of, who: by, amount, ..
			}) if (*of, *by) == (candidate, who) => Some(*amount),
			_ => None,
		});
		amounts.first().copied().expect("the chain says what left")
	}

	/// The era in which stake leaves now, and the first in which it is paid.
	pub(super) fn unbonding_eras(&self) -> (EraIndex, EraIndex) {
		(self.era, self.era + UnbondingEras::get().clamp(1, 28))
	}

	fn wait(&mut self, who: AccountId, candidate: AccountId, amount: Balance) -> Verdict {
		let (since, due) = self.unbonding_eras();
		if amount > 0 {
			self.ensure_waits(candidate, since, amount)?;
			self.touch_wait(candidate, since);
			let position = self.position(candidate, who).expect("a position");
			let same = |wait: &&mut Wait| (wait.since, wait.due) == (since, due);
			match position.waits.iter_mut().find(same) {
				Some(wait) => wait.amount.value += amount * PLANCK,
				None => {
					let amount = Amount::new(amount * PLANCK);
					position.waits.push(Wait { since, due, amount });
				},
			}
		}
		self.forget_if_empty(candidate, who);
		Ok(())
	}

	/// Whether the amounts that wait since `since` are worth anything, where there are any.
	fn ensure_waits(&mut self, candidate: AccountId, since: EraIndex, amount: Balance) -> Verdict {
		let price = self.prices.waits.get(&(candidate, since)).copied().unwrap_or(1);
		if amount <= price && !self.heard.taken {
			self.close = true;
		}
		let others = self.waits_since(candidate, since);
		let loose = self.loose_wait(candidate, since);
		must(others.is_empty() || self.is_worth(&others, loose), "PoolWorthless")
	}

	/// Whether `amounts` are worth something: not where a slash took all of them. Where they are no
	/// more than a rounding, it is what the chain found.
	fn is_worth(&mut self, amounts: &[Amount], loose: Balance) -> bool {
		let worth: Fine = amounts.iter().map(|amount| amount.value).sum();
		let taken = worth == 0 && amounts.iter().any(|amount| amount.ghost > 0);
		let doubtful = worth <= loose * PLANCK && !taken;
		self.close |= doubtful;
		if doubtful {
			self.heard.taken
		} else {
			worth > 0
		}
	}

	fn waits_since(&self, candidate: AccountId, since: EraIndex) -> Vec<Amount> {
		let mine = self.positions.iter().filter(|((of, _), _)| *of == candidate);
		mine.flat_map(|(_, position)| &position.waits)
			.filter(|wait| wait.since == since)
			.map(|wait| wait.amount)
			.collect()
	}

	pub(super) fn forget_if_empty(&mut self, candidate: AccountId, who: AccountId) {
		let key = (candidate, who);
		let empty = |position: &Position| position.bonded.is_none() && position.waits.is_empty();
		if self.positions.get(&key).is_some_and(empty) {
			self.positions.remove(&key);
		}
	}

	/// Takes back the youngest amounts first.
	pub(super) fn rebond(
		&mut self,
		who: AccountId,
		candidate: AccountId,
		amount: Option<Balance>,
	) -> Verdict {
		must(amount != Some(0), "ZeroAmount")?;
		self.fold(candidate);
		self.ensure_takes_stake(candidate)?;
		let position = self.positions.get(&(candidate, who)).ok_or("NothingUnbonding")?;
		must(!position.waits.is_empty(), "NothingUnbonding")?;
		let eras: Vec<EraIndex> = position.waits.iter().map(|wait| wait.since).collect();
		let waiting = position.waiting();
		let loose = eras.iter().map(|since| self.loose_wait(candidate, *since)).sum();
		let amount = match amount {
			Some(amount) => amount,
			None => self.rebonded(who, candidate, waiting, loose),
		};
		must(amount < 1 << 100, "MoreThanUnbonding")?;
		must(self.at_least(waiting, amount * PLANCK, loose), "MoreThanUnbonding")?;
		self.ensure_room(candidate, amount)?;
		self.take_from_waits(who, candidate, amount);
		self.bond(who, candidate, amount)
	}

	/// All that waited, by the chain.
	fn rebonded(
		&mut self,
		who: AccountId,
		candidate: AccountId,
		waiting: Fine,
		loose: Balance,
	) -> Balance {
		let amounts = self.said(|event| match event {
			RuntimeEvent::CmtDpos(Event::Rebonded { amount, .. }) => Some(*amount),
			_ => None,
		});
		let amount = amounts.first().copied().unwrap_or(waiting / PLANCK);
		self.paid(|| format!("rebonded of {who} behind {candidate}"), amount, waiting, loose);
		amount
	}

	fn take_from_waits(&mut self, who: AccountId, candidate: AccountId, amount: Balance) {
		let mut missing = amount * PLANCK;
		let mut position = self.positions[&(candidate, who)].clone();
		while let (true, Some(mut wait)) = (missing > 0, position.waits.pop()) {
			self.touch_wait(candidate, wait.since);
			let loose = self.loose_wait(candidate, wait.since);
			// What the chain rounded in one era is missing in the one before.
			let older = position.waits.last().map(|older| older.since);
			if wait.amount.value > missing.saturating_add(loose * PLANCK) {
				wait.amount.value -= missing;
				position.waits.push(wait);
				break;
			}
			missing = missing.saturating_sub(wait.amount.value);
			if let Some(since) = older {
				self.loosen_wait(candidate, since, loose);
			}
			if missing == 0 && self.still_waits(candidate, who, &wait) {
				wait.amount.value = 0;
				position.waits.push(wait);
			}
		}
		self.positions.insert((candidate, who), position);
	}

	fn still_waits(&self, candidate: AccountId, who: AccountId, wait: &Wait) -> bool {
		Positions::<Test>::get(candidate, who).is_some_and(|position| {
			let same =
				|chunk: &pallet_cmt_dpos::Chunk| (chunk.since, chunk.due) == (wait.since, wait.due);
			position.chunks.iter().any(same)
		})
	}

	/// What of a position is due, how far that may be off, and whether anything is.
	fn due_of(&self, candidate: AccountId, who: AccountId) -> Option<(Fine, Balance)> {
		let position = &self.positions[&(candidate, who)];
		let due = position.waits.iter().filter(|wait| wait.due <= self.era);
		let (mut sum, mut loose, mut any) = (0, 0, false);
		for wait in due {
			sum += wait.amount.value;
			loose += self.loose_wait(candidate, wait.since) + 1;
			any = true;
		}
		if self.is_paid_out(candidate) && position.bonded.is_some() {
			sum += position.value();
			loose += self.loose_stake(candidate) + 1;
			any = true;
		}
		any.then_some((sum, loose))
	}

	/// Whether `candidate` closed so long ago that everything behind it is paid.
	fn is_paid_out(&self, candidate: AccountId) -> bool {
		let info = self.candidates.get(&candidate);
		info.is_some_and(|info| match info.status {
			Status::Retired { due, .. } => due <= self.era,
			_ => false,
		})
	}

	/// Takes over the payments that the chain says it made: each must have been due.
	pub(super) fn settle_said(&mut self) {
		let payments = self.said(|event| match event {
			RuntimeEvent::CmtDpos(Event::Withdrawn { candidate, who, amount }) => {
				Some((*candidate, *who, *amount))
			},
			RuntimeEvent::CmtDpos(Event::PaymentFailed { .. }) => panic!("a payment failed"),
			_ => None,
		});
		for (candidate, who, amount) in payments {
			let (expected, loose) = self.due_of(candidate, who).expect("was due");
			self.paid(|| format!("payment to {who}"), amount, expected, loose);
			self.receive(who, amount);
			self.drop_due(candidate, who);
		}
	}

	fn drop_due(&mut self, candidate: AccountId, who: AccountId) {
		let (now, closed) = (self.era, self.is_paid_out(candidate));
		if closed {
			self.fold(candidate);
		}
		let position = self.position(candidate, who).expect("was paid");
		let gone: Vec<EraIndex> = position
			.waits
			.iter()
			.filter(|wait| wait.due <= now)
			.map(|wait| wait.since)
			.collect();
		position.waits.retain(|wait| wait.due > now);
		if closed {
			position.bonded = None;
			position.principal = 0;
			self.touch_stake(candidate);
		}
		gone.into_iter().for_each(|since| self.touch_wait(candidate, since));
		self.forget_if_empty(candidate, who);
		self.remove_if_paid_out(candidate);
	}

	/// Where blocks had room, nothing that was due is left.
	pub(super) fn assert_nothing_due(&self) {
		for (candidate, who) in self.positions.keys() {
			assert!(self.due_of(*candidate, *who).is_none(), "{who} was not paid by {candidate}");
		}
	}

	pub(super) fn withdraw(&mut self, who: AccountId) -> Verdict {
		must(!self.paused, "PayoutsPaused")?;
		let keys: Vec<_> = self.positions.keys().filter(|key| key.1 == who).copied().collect();
		let due = keys.iter().any(|(of, who)| self.due_of(*of, *who).is_some());
		must(due, "NothingDue")?;
		self.settle_said();
		let left = self.positions.keys().filter(|key| key.1 == who);
		for (of, who) in left {
			assert!(self.due_of(*of, *who).is_none(), "{who} was not paid all");
		}
		Ok(())
	}
}
