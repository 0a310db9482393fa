//! Sessions, eras and elections.

use super::{part, Elected, Fine, Model, Seat, Status, PLANCK};
use crate::runtime::{
	AccountId, Keyless, MinValidators, SessionLength, SessionsPerEra, StakeCap, Standbys, Test,
	Validators,
};
use cybermiles_primitives::{Balance, SessionIndex};
use pallet_cmt_dpos::{Candidates, Seat as ChainSeat, SeatsOf};
use sp_runtime::Perbill;
use std::collections::BTreeMap;

/// How much of each of `stakes` counts: the level at which the cap holds is searched for.
pub(crate) fn water_fill(stakes: &[Fine], cap: Perbill) -> Vec<Fine> {
	let n = stakes.len() as u128;
	if u128::from(cap.deconstruct()) * n <= 1_000_000_000 {
		let least = stakes.iter().min().copied().unwrap_or_default();
		return vec![least; stakes.len()];
	}
	let sum = |level: Fine| stakes.iter().map(|stake| *stake.min(&level)).sum::<Fine>();
	let (mut low, mut high) = (0, stakes.iter().max().copied().unwrap_or_default());
	while low < high {
		let middle = high - (high - low) / 2;
		match part(sum(middle), cap) >= middle {
			true => low = middle,
			false => high = middle - 1,
		}
	}
	stakes.iter().map(|stake| *stake.min(&low)).collect()
}

impl Elected {
	/// Both groups, with what counts of each stake.
	fn count(
		validators: &[AccountId],
		standbys: &[AccountId],
		stakes: BTreeMap<AccountId, Fine>,
		cap: Perbill,
	) -> Self {
		let count = |group: &[AccountId]| {
			let own: Vec<Fine> = group.iter().map(|who| stakes[who]).collect();
			group.iter().copied().zip(water_fill(&own, cap)).collect()
		};
		Self { validators: count(validators), standbys: count(standbys), stakes, cap }
	}

	/// Those with keys once more; all where no validator has any.
	fn without_keyless(&self) -> Self {
		let keyless = Keyless::get();
		let kept = |group: &[(AccountId, Fine)]| -> Vec<AccountId> {
			group.iter().map(|(who, _)| *who).filter(|who| !keyless.contains(who)).collect()
		};
		let (validators, standbys) = (kept(&self.validators), kept(&self.standbys));
		match validators.is_empty() {
			true => self.clone(),
			false => Self::count(&validators, &standbys, self.stakes.clone(), self.cap),
		}
	}
}

impl Model {
	/// Whether the session ends with the block that begins.
	pub(super) fn session_ends(&self) -> bool {
		self.block - self.session_start >= self.session_length.max(1)
	}

	/// One session ends and the next begins, in block `slot`.
	pub(super) fn rotate(&mut self, now: u64) {
		self.end_seats();
		self.session += 1;
		(self.session_start, self.session_length) = (self.block, SessionLength::get());
		let start = self.era_starts[self.era as usize];
		if self.session - start >= SessionsPerEra::get().max(1) {
			self.era += 1;
			self.era_starts.push(self.session);
			// Escrow is compared with the books.
			self.carried += core::mem::take(&mut self.gifts) * PLANCK;
		}
		let elected = self.elected[&self.session].clone();
		self.validators = elected.validators.iter().map(|(who, _)| *who).collect();
		self.note_keys();
		self.seat_absentees(now);
		self.seat(&elected, now);
		self.open_polls(&elected);
		self.elect(self.session + 1);
		self.elected.remove(&(self.session.wrapping_sub(2)));
	}

	pub(super) fn seat(&mut self, elected: &Elected, now: u64) {
		let validators = elected.validators.iter().map(|seated| (seated, true));
		let standbys = elected.standbys.iter().map(|seated| (seated, false));
		for ((candidate, weight), validator) in validators.chain(standbys) {
			let earns = validator && self.may_earn(*candidate, now);
			let seat = Seat { validator, weight: *weight, earns, pending: 0, loose: 0 };
			self.seats.insert(*candidate, seat);
		}
	}

	/// Looks at every candidate, and holds the chain's choice against it.
	pub(super) fn elect(&mut self, session: SessionIndex) {
		let validators = Validators::get().clamp(1, 64) as usize;
		let wanted = validators + Standbys::get().min(32) as usize;
		let chosen = SeatsOf::<Test>::get(session);
		let order = chosen.validators.iter().chain(&chosen.standbys);
		let order: Vec<AccountId> = order.map(|seat| seat.candidate).collect();
		let fit = self.set_aside_unfit(wanted);
		let floor = (MinValidators::get().max(1) as usize).min(validators);
		if fit.len() < floor {
			let before = &self.elected[&(session - 1)];
			self.elected.insert(session, before.without_keyless());
		} else {
			let ranked = self.as_chosen(fit, &order);
			let (first, next) = ranked.split_at(validators.min(ranked.len()));
			let stakes = ranked.iter().map(|who| (*who, self.stake_of(*who))).collect();
			let elected = Elected::count(first, next, stakes, StakeCap::get());
			self.elected.insert(session, elected);
		}
		self.assert_seats(session);
	}

	/// The strongest `wanted` candidates that can sit; those met before that cannot, stand aside.
	fn set_aside_unfit(&mut self, wanted: usize) -> Vec<AccountId> {
		let active = |(_, info): &(&AccountId, &super::Candidate)| info.status == Status::Active;
		let mut ranked: Vec<(AccountId, Fine, u64)> = self
			.candidates
			.iter()
			.filter(active)
			.map(|(who, info)| (*who, self.stake_of(*who), info.order))
			.collect();
		ranked.sort_unstable_by_key(|(_, stake, order)| (core::cmp::Reverse(*stake), *order));
		let mut fit = Vec::new();
		for (who, ..) in ranked {
			if fit.len() >= wanted {
				break;
			}
			match self.is_fit(who) {
				true => fit.push(who),
				false => self.candidates.get_mut(&who).expect("ranked").status = Status::Inactive,
			}
		}
		fit
	}

	fn is_fit(&mut self, who: AccountId) -> bool {
		let required = self.candidates[&who].required_fine();
		let (own, loose) = (self.self_stake(who), self.loose_stake(who));
		if own.abs_diff(required) <= loose * PLANCK {
			let status = Candidates::<Test>::get(who).map(|info| info.status);
			return status == Some(pallet_cmt_dpos::Status::Active);
		}
		own >= required && !Keyless::get().contains(&who)
	}

	/// `fit` in the order that the chain found, where their stakes are too close to tell.
	fn as_chosen(&self, mut fit: Vec<AccountId>, order: &[AccountId]) -> Vec<AccountId> {
		for index in 0..fit.len() {
			let (mine, theirs) = (fit[index], order.get(index).copied());
			let Some(theirs) = theirs.filter(|theirs| *theirs != mine) else { continue };
			let off = self.stake_of(mine).abs_diff(self.stake_of(theirs));
			let loose = self.loose_total(mine) + self.loose_total(theirs);
			assert!(off <= loose * PLANCK, "{theirs} sits for {mine}");
			match fit.iter().position(|who| *who == theirs) {
				Some(other) => fit.swap(index, other),
				None => fit[index] = theirs,
			}
		}
		fit
	}

	/// Who sits must be who the model says, with what counts to the rounding; what counts is then
	/// taken over to the planck, because a large award multiplies what it is off by.
	///
	/// The level moves by at most `1 / (1 - k * cap)` of what all stakes are off by. A cap of whole
	/// per cents leaves at least a hundredth of `1 - k * cap`, and there are as many levels as seats.
	fn assert_seats(&mut self, session: SessionIndex) {
		let mut mine = self.elected.remove(&session).expect("just elected");
		let chain = SeatsOf::<Test>::get(session);
		self.assert_group(session, &mut mine.validators, &chain.validators);
		self.assert_group(session, &mut mine.standbys, &chain.standbys);
		for seat in chain.validators.iter().chain(&chain.standbys) {
			let stake = mine.stakes.get_mut(&seat.candidate).expect("sits");
			let loose = self.loose_total(seat.candidate);
			self.compare(|| format!("stake of seat {}", seat.candidate), seat.stake, *stake, loose);
			*stake = seat.stake * PLANCK;
		}
		self.elected.insert(session, mine);
	}

	fn assert_group(
		&self,
		session: SessionIndex,
		mine: &mut [(AccountId, Fine)],
		chain: &[ChainSeat<AccountId>],
	) {
		let names: Vec<AccountId> = mine.iter().map(|(who, _)| *who).collect();
		let found: Vec<AccountId> = chain.iter().map(|seat| seat.candidate).collect();
		assert_eq!(found, names, "who sits in session {session}");
		let sum: Balance = names.iter().map(|who| self.loose_total(*who)).sum();
		let loose = sum.saturating_mul(100 * names.len() as Balance).saturating_add(1);
		for ((who, weight), seat) in mine.iter_mut().zip(chain) {
			self.compare(|| format!("counted of {who}"), seat.counted, *weight, loose);
			*weight = seat.counted * PLANCK;
		}
	}

	/// The era that `session` belongs to, where it can still matter.
	pub(super) fn era_of(&self, session: SessionIndex) -> Option<u32> {
		let oldest = self.era.saturating_sub(28);
		(oldest..=self.era).rev().find(|era| self.era_starts[*era as usize] <= session)
	}
}
