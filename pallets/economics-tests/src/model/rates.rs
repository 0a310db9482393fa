//! What each delegator pays.

use super::{must, Model, Verdict, PLANCK};
use crate::runtime::{AccountId, Test};
use cybermiles_primitives::Rate;
use pallet_cmt_dpos::Positions;

impl Model {
	/// Nobody behind `candidate` pays more than `rate`. Returns whether anybody did.
	pub(super) fn cap_rates(
		&mut self,
		candidate: AccountId,
		rate: Rate,
		only_bonded: bool,
	) -> bool {
		let mut any = false;
		for ((of, _), position) in &mut self.positions {
			let counts = position.bonded.is_some() || !only_bonded;
			if *of == candidate && !position.owners && counts && position.rate > rate {
				position.rate = rate;
				any = true;
			}
		}
		any
	}

	/// What `who` pays.
	fn rate_of(&self, candidate: AccountId, who: AccountId) -> Result<Rate, super::Refusal> {
		let position = self.positions.get(&(candidate, who)).ok_or("NotDelegator")?;
		must(position.bonded.is_some(), "NotDelegator")?;
		must(!position.owners, "OwnerPaysNothing")?;
		Ok(position.rate)
	}

	pub(super) fn lower_rate(&mut self, owner: AccountId, who: AccountId, rate: Rate) -> Verdict {
		let (candidate, _) = self.owned(owner)?;
		let present = self.rate_of(candidate, who)?;
		must(rate <= present, "RateRaised")?;
		must(rate != present, "RateUnchanged")?;
		self.set_rate(candidate, who, rate)
	}

	pub(super) fn accept_rate(
		&mut self,
		who: AccountId,
		candidate: AccountId,
		rate: Rate,
	) -> Verdict {
		let info = self.candidates.get(&candidate).ok_or("NotDelegator")?;
		let (maximum, is_open) = (info.max_rate, info.is_open());
		let present = self.rate_of(candidate, who)?;
		must(rate <= maximum, "RateAboveMaximum")?;
		must(rate >= present, "RateLowered")?;
		must(rate != present, "RateUnchanged")?;
		must(is_open, "CandidateRetired")?;
		self.set_rate(candidate, who, rate)
	}

	/// Changes what `who` pays: it leaves those who pay what it paid.
	fn set_rate(&mut self, candidate: AccountId, who: AccountId, rate: Rate) -> Verdict {
		self.fold(candidate);
		let value = self.positions[&(candidate, who)].value();
		let price = self.prices.stake.get(&candidate).copied().unwrap_or(1);
		if value <= price.saturating_add(self.loose_stake(candidate)) * PLANCK {
			// Too little to buy a share of the other pool.
			self.close = true;
			must(self.heard.taken, "Arithmetic")?;
		}
		self.ensure_newcomer_joins(candidate)?;
		// It rounds in the pool that it leaves, and in the one that it joins.
		self.touch_stake(candidate);
		self.touch_stake(candidate);
		let class = Positions::<Test>::get(candidate, who).map(|position| position.class);
		let position = self.position(candidate, who).expect("bonded");
		position.rate = rate;
		position.class = class.unwrap_or(position.class);
		Ok(())
	}

	pub(super) fn lower_all(&mut self, owner: AccountId, rate: Rate) -> Verdict {
		let (candidate, _) = self.owned(owner)?;
		self.fold(candidate);
		must(self.cap_rates(candidate, rate, true), "NothingToLower")
	}
}
