//! Awards, compensation and harvests.

use super::{must, scale, Fine, Model, Verdict, PLANCK};
use crate::runtime::{AccountId, Inflation, RuntimeEvent, StandbyShare, SLOT_MILLIS};
use cybermiles_primitives::{Balance, CMT, YEAR_MILLIS};
use pallet_validator_compensation::Event;

impl Model {
	/// Awards a block: what is new, its fees and what was left over.
	pub(super) fn award(&mut self) {
		let yearly = Inflation::get().mul_floor(1_000_000_000 * CMT);
		let issued = scale(yearly, SLOT_MILLIS.into(), YEAR_MILLIS.into());
		self.issued += issued;
		let fees = core::mem::take(&mut self.fees);
		let pot = (issued + fees) * PLANCK + core::mem::take(&mut self.carried);
		let loose = core::mem::take(&mut self.loose.pot);
		let alive = self.weight_of(false) > 0;
		// To the planck, and so one off where the pot is.
		let standbys = if alive { StandbyShare::get().mul_floor(pot / PLANCK) * PLANCK } else { 0 };
		let loose = loose + Balance::from(alive);
		self.share(false, standbys, loose);
		self.share(true, pot - standbys, loose);
	}

	fn weight_of(&self, validators: bool) -> Fine {
		let group = self.seats.values().filter(|seat| seat.validator == validators && seat.earns);
		group.map(|seat| seat.weight).sum()
	}

	/// Loops over the seats of a group.
	fn share(&mut self, validators: bool, amount: Fine, loose: Balance) {
		let total = self.weight_of(validators);
		if total == 0 {
			self.carried += amount;
			if validators {
				self.loose.pot += loose;
			}
			return;
		}
		for seat in self.seats.values_mut() {
			if seat.validator == validators && seat.earns {
				seat.pending += scale(amount, seat.weight, total);
				seat.loose += if loose > 0 { scale(loose, seat.weight, total) + 1 } else { 0 };
			}
		}
	}

	/// What `candidate` earned so far becomes stake of those behind it.
	pub(super) fn fold(&mut self, candidate: AccountId) {
		let Some(seat) = self.seats.get_mut(&candidate) else { return };
		let amount = core::mem::take(&mut seat.pending);
		let loose = core::mem::take(&mut seat.loose) + 2;
		if amount > 0 || loose > 2 {
			self.distribute(candidate, amount, loose);
		}
	}

	/// Loops over all delegators of `candidate`.
	fn distribute(&mut self, candidate: AccountId, amount: Fine, loose: Balance) {
		let total = self.stake_of(candidate);
		let members = self.members(candidate);
		let is_open = self.candidates.get(&candidate).is_some_and(super::Candidate::is_open);
		self.loose.pot += loose + 2 * members.len() as Balance;
		if total == 0 || !is_open {
			self.carried += amount;
			return;
		}
		let own = scale(amount, self.self_stake(candidate), total);
		let mut compensation = 0;
		for who in &members {
			compensation += self.earn(candidate, *who, amount, total);
		}
		let unsure = loose + 2 * members.len() as Balance + 2;
		self.compensate(candidate, compensation, own, unsure);
		// What was off before grows with the award.
		let grown = scale(self.loose_total(candidate), amount, total).saturating_add(1);
		self.loosen_stake(candidate, unsure + grown);
	}

	/// One delegator earns its part of an award; returns the compensation that it pays.
	fn earn(&mut self, candidate: AccountId, who: AccountId, amount: Fine, total: Fine) -> Fine {
		let position = self.position(candidate, who).expect("a member");
		let rate = if position.owners { 0 } else { position.rate.0.into() };
		let Some(bonded) = &mut position.bonded else { return 0 };
		let part = scale(amount, bonded.value, total);
		let compensation = scale(part, rate, 1_000);
		bonded.value += part - compensation;
		compensation
	}

	/// The owner gets the compensation: as stake where that earned something, else to an account.
	fn compensate(&mut self, candidate: AccountId, amount: Fine, own: Fine, loose: Balance) {
		let owner = self.candidates[&candidate].owner;
		let account = match self.accounts.get(&owner) {
			Some(account) => *account,
			None if own >= PLANCK => {
				let position = self.position(candidate, owner).expect("earned");
				position.bonded.as_mut().expect("earned").value += amount;
				return;
			},
			None => owner,
		};
		*self.due.entry(account).or_default() += amount;
		*self.loose.due.entry(account).or_default() += loose;
	}

	pub(super) fn loose_due(&self, account: AccountId) -> Balance {
		self.loose.due.get(&account).copied().unwrap_or_default() + 1
	}

	/// Takes over the compensation that the chain says it paid to `account`.
	fn compensation_said(&mut self, account: AccountId) {
		let paid: Balance = self
			.said(|event| match event {
				RuntimeEvent::ValidatorCompensation(Event::CompensationPaid {
					account: to,
					amount,
				}) if *to == account => Some(*amount),
				_ => None,
			})
			.into_iter()
			.sum();
		let (expected, loose) =
			(self.due.remove(&account).unwrap_or_default(), self.loose_due(account));
		self.paid(|| format!("compensation of {account}"), paid, expected, loose);
		self.loose.due.remove(&account);
		self.receive(account, paid);
	}

	/// All seats of the session that ends are folded and their owners paid.
	pub(super) fn end_seats(&mut self) {
		let seats: Vec<AccountId> = self.seats.keys().copied().collect();
		seats.iter().for_each(|candidate| self.fold(*candidate));
		let mut accounts: Vec<AccountId> = seats
			.iter()
			.filter_map(|candidate| self.candidates.get(candidate))
			.map(|info| self.accounts.get(&info.owner).copied().unwrap_or(info.owner))
			.collect();
		accounts.sort_unstable();
		accounts.dedup();
		if !self.paused {
			accounts.into_iter().for_each(|account| self.compensation_said(account));
		}
		self.loose.pot += 2 * seats.len() as Balance;
		self.seats.clear();
	}

	pub(super) fn pay_compensation(&mut self, account: AccountId) -> Verdict {
		must(!self.paused, "PayoutsPaused")?;
		let (due, loose) =
			(self.due.get(&account).copied().unwrap_or_default(), self.loose_due(account));
		if due <= loose * PLANCK && due > 0 {
			self.close = true;
		}
		must(due > 0 || self.heard.taken && self.close, "NoCompensation")?;
		self.compensation_said(account);
		Ok(())
	}

	pub(super) fn set_account(&mut self, who: AccountId, account: Option<AccountId>) -> Verdict {
		let (candidate, _) = self.owned(who)?;
		must(self.accounts.get(&who).copied() != account, "AccountUnchanged")?;
		self.fold(candidate);
		match account {
			Some(account) => self.accounts.insert(who, account),
			None => self.accounts.remove(&who),
		};
		Ok(())
	}

	/// What a position earned, in millionths of a planck, and how far that may be off, in planck.
	pub(super) fn earned(&self, candidate: AccountId, who: AccountId) -> (Fine, Balance) {
		let position = &self.positions[&(candidate, who)];
		let (info, loose) = (&self.candidates[&candidate], self.loose_stake(candidate));
		if !info.is_open() {
			return (0, loose);
		}
		let value = position.value();
		let (kept, off) = if info.owner == who { self.to_keep(candidate, value) } else { (0, 0) };
		let principal = position.principal.saturating_mul(PLANCK);
		(value.saturating_sub(principal.max(kept)), loose + off)
	}

	pub(super) fn harvest(&mut self, who: AccountId, candidate: AccountId) -> Verdict {
		self.fold(candidate);
		must(!self.paused, "PayoutsPaused")?;
		self.open(candidate)?;
		let position = self.positions.get(&(candidate, who));
		must(position.is_some_and(|position| position.bonded.is_some()), "NotDelegator")?;
		let (expected, loose) = self.earned(candidate, who);
		if expected <= loose * PLANCK {
			self.close = true;
		}
		must(
			expected > 0 && (expected >= PLANCK || self.heard.taken)
				|| self.close && self.heard.taken,
			"NothingEarned",
		)?;
		let amount = self.harvested().unwrap_or(expected / PLANCK);
		self.paid(|| format!("harvest of {who} behind {candidate}"), amount, expected, loose);
		self.take_earned(who, candidate, amount);
		Ok(())
	}

	fn harvested(&self) -> Option<Balance> {
		let amounts = self.said(|event| match event {
			RuntimeEvent::ValidatorCompensation(Event::Harvested { amount, .. }) => Some(*amount),
			_ => None,
		});
		amounts.first().copied()
	}

	fn take_earned(&mut self, who: AccountId, candidate: AccountId, amount: Balance) {
		self.touch_stake(candidate);
		self.receive(who, amount);
		let gone = pallet_cmt_dpos::Positions::<crate::runtime::Test>::get(candidate, who)
			.is_none_or(|position| position.shares == 0);
		let loose = self.loose_stake(candidate);
		let position = self.position(candidate, who).expect("bonded");
		let bonded = position.bonded.as_mut().expect("bonded");
		bonded.value = bonded.value.saturating_sub(amount * PLANCK);
		// Where nothing was put in, what was earned may be all.
		if gone {
			assert!(bonded.value <= loose * PLANCK, "a harvest took a whole position");
			position.bonded = None;
		}
		self.forget_if_empty(candidate, who);
	}
}
