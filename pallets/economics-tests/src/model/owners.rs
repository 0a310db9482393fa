//! Candidates and who owns them.

use super::{must, scale, Candidate, Fine, Model, Status, Verdict, PLANCK};
use crate::runtime::{AccountId, Keyless, MinMaxStake, RuntimeEvent, SelfStakeRatio};
use cybermiles_primitives::{Balance, Rate};
use pallet_cmt_dpos::Event;

impl Model {
	fn has_keys(candidate: AccountId) -> bool {
		!Keyless::get().contains(&candidate)
	}

	pub(super) fn declare(
		&mut self,
		who: AccountId,
		max_stake: Balance,
		max_rate: Rate,
		own: Balance,
	) -> Verdict {
		must(Self::has_keys(who), "NoSessionKeys")?;
		must(!self.owns_any(who), "AlreadyCandidate")?;
		must(!self.candidates.contains_key(&who), "AddressNamesCandidate")?;
		must(max_rate.0 <= 1_000, "RateOutOfRange")?;
		must(max_stake >= MinMaxStake::get(), "MaximumTooLow")?;
		must(own >= SelfStakeRatio::get().mul_ceil(max_stake), "SelfStakeTooLow")?;
		must(own <= max_stake, "ExceedsMaximum")?;
		let order = self.declared;
		let (status, default_rate) = (Status::Active, max_rate);
		let info = Candidate { owner: who, order, status, max_stake, max_rate, default_rate };
		self.candidates.insert(who, info);
		self.declared += 1;
		self.add_stake(who, who, own)
	}

	pub(super) fn update(
		&mut self,
		who: AccountId,
		max_stake: Option<Balance>,
		default_rate: Option<Rate>,
		max_rate: Option<Rate>,
	) -> Verdict {
		let (candidate, old) = self.owned(who)?;
		must(
			max_stake.or(default_rate.map(|_| 0)).or(max_rate.map(|_| 0)).is_some(),
			"NothingToUpdate",
		)?;
		let in_range = |rate: Option<Rate>| rate.is_none_or(|rate| rate.0 <= 1_000);
		must(in_range(max_rate) && in_range(default_rate), "RateOutOfRange")?;
		let maximum = max_rate.unwrap_or(old.max_rate);
		must(maximum <= old.max_rate, "MaximumRateRaised")?;
		let default = default_rate.unwrap_or(old.default_rate.min(maximum));
		must(default <= maximum, "RateAboveMaximum")?;
		let stake = max_stake.unwrap_or(old.max_stake);
		must(stake >= MinMaxStake::get(), "MaximumTooLow")?;
		// What was earned so far pays the old rates.
		self.fold(candidate);
		let info = self.candidates.get_mut(&candidate).expect("open");
		(info.max_stake, info.max_rate, info.default_rate) = (stake, maximum, default);
		self.cap_rates(candidate, maximum, false);
		match stake > old.max_stake {
			true => self.top_up(who, candidate),
			false => Ok(()),
		}
	}

	/// The owner adds what its terms demand.
	fn top_up(&mut self, who: AccountId, candidate: AccountId) -> Verdict {
		let required = self.candidates[&candidate].required_fine();
		let own = self.self_stake(candidate);
		let (missing, loose) = (required.saturating_sub(own), self.loose_stake(candidate));
		let added = self.added(who, candidate);
		let amount = match added {
			Some(amount) => amount,
			None if self.heard.taken => 0,
			None => missing.div_ceil(PLANCK),
		};
		self.paid(|| format!("top-up of {who}"), amount, missing, loose);
		if missing <= loose * PLANCK {
			self.close = true;
		}
		match amount {
			0 => Ok(()),
			amount => self.add_stake(who, candidate, amount),
		}
	}

	/// What the chain says was bonded.
	fn added(&self, who: AccountId, candidate: AccountId) -> Option<Balance> {
		let amounts = self.said(|event| match event {
			RuntimeEvent::CmtDpos(Event::Delegated { candidate: of, who: by, amount })
				if (*of, *by) == (candidate, who) =>
			{
				Some(*amount)
			},
			_ => None,
		});
		amounts.first().copied()
	}

	pub(super) fn self_stake(&self, candidate: AccountId) -> Fine {
		let owner = self.candidates[&candidate].owner;
		self.positions.get(&(candidate, owner)).map_or(0, super::Position::value)
	}

	/// What the owner must leave of its `own` stake: its part of the declared maximum and of all
	/// stake. And how far that may be off, in planck.
	pub(super) fn to_keep(&self, candidate: AccountId, own: Fine) -> (Fine, Balance) {
		let others = self.stake_of(candidate).saturating_sub(own);
		let ratio = SelfStakeRatio::get().deconstruct().into();
		// Never the whole in these tests.
		let rest = 1_000_000_000 - ratio;
		let beside = scale(others, ratio, rest);
		let loose = scale(self.loose_total(candidate), ratio, rest) + 1;
		(self.candidates[&candidate].required_fine().max(beside), loose)
	}

	pub(super) fn activate(&mut self, who: AccountId, now: u64) -> Verdict {
		let (candidate, info) = self.owned(who)?;
		must(info.status != Status::Active, "AlreadyActive")?;
		self.ensure_may_stand(candidate, now)?;
		must(Self::has_keys(candidate), "NoSessionKeys")?;
		let (own, loose) = (self.self_stake(candidate), self.loose_stake(candidate));
		must(self.at_least(own, info.required_fine(), loose), "SelfStakeTooLow")?;
		self.candidates.get_mut(&candidate).expect("open").status = Status::Active;
		Ok(())
	}

	pub(super) fn deactivate(&mut self, who: AccountId) -> Verdict {
		let (candidate, info) = self.owned(who)?;
		must(info.status == Status::Active, "AlreadyInactive")?;
		self.candidates.get_mut(&candidate).expect("open").status = Status::Inactive;
		Ok(())
	}

	pub(super) fn retire(&mut self, who: AccountId) -> Verdict {
		let (candidate, _) = self.owned(who)?;
		self.fold(candidate);
		let (since, due) = self.unbonding_eras();
		let info = self.candidates.get_mut(&candidate).expect("open");
		info.status = Status::Retired { since, due };
		self.offers.remove(&candidate);
		Ok(())
	}

	/// A closed candidate is forgotten once nobody has anything behind it.
	pub(super) fn remove_if_paid_out(&mut self, candidate: AccountId) {
		let closed = self.candidates.get(&candidate).is_some_and(|info| !info.is_open());
		if closed && self.members(candidate).is_empty() {
			self.candidates.remove(&candidate);
			// What its seat earned until now joins the next award.
			self.fold(candidate);
		}
	}

	pub(super) fn offer(&mut self, who: AccountId, to: Option<AccountId>) -> Verdict {
		let (candidate, _) = self.owned(who)?;
		let Some(to) = to else {
			return self.offers.remove(&candidate).map(|_| ()).ok_or("NoOffer");
		};
		must(to != who, "AlreadyOwner")?;
		must(!self.owns_any(to), "AlreadyCandidate")?;
		self.offers.insert(candidate, to);
		Ok(())
	}

	pub(super) fn accept(&mut self, who: AccountId, candidate: AccountId) -> Verdict {
		self.fold(candidate);
		let info = self.open(candidate)?;
		must(self.offers.get(&candidate) == Some(&who), "NotOffered")?;
		must(!self.owns_any(who), "AlreadyCandidate")?;
		self.offers.remove(&candidate);
		let bonds = |model: &Self, who| {
			let position = model.positions.get(&(candidate, who));
			position.is_some_and(|position| position.bonded.is_some())
		};
		if bonds(self, info.owner) {
			self.unbond_all(info.owner, candidate)?;
		}
		let brought = if bonds(self, who) { self.take_bonded(who, candidate) } else { 0 };
		self.candidates.get_mut(&candidate).expect("open").owner = who;
		self.stake_as_owner(who, candidate, brought)
	}

	/// Takes out what `who` has bonded.
	fn take_bonded(&mut self, who: AccountId, candidate: AccountId) -> Fine {
		self.touch_stake(candidate);
		let position = self.position(candidate, who).expect("bonded");
		position.principal = 0;
		position.bonded.take().map_or(0, |amount| amount.value)
	}

	fn stake_as_owner(&mut self, who: AccountId, candidate: AccountId, brought: Fine) -> Verdict {
		let (required, off) = self.to_keep(candidate, 0);
		let missing = required.saturating_sub(brought);
		let loose = self.loose_stake(candidate) + off;
		let expected = brought + missing;
		let amount = self.added(who, candidate).unwrap_or(expected / PLANCK);
		self.paid(|| format!("stake of the new owner {who}"), amount, expected, loose);
		// What it paid is what the account has less: that is known to the planck only there.
		let locked = match self.heard.taken {
			true => self.free[&who] - crate::runtime::free(who),
			false => missing / PLANCK,
		};
		self.paid(|| format!("locked by the new owner {who}"), locked, missing, loose);
		let free = self.free.entry(who).or_default();
		must(*free > locked, "InsufficientBalance")?;
		*free -= locked;
		self.bond(who, candidate, amount)
	}
}
