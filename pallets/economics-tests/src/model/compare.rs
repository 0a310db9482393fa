//! All books of the chain against the model's.

use super::{calls::jail_of, Absence, Candidate, Model, Position, Status, Term, Wait, PLANCK};
use crate::runtime::{free, position_of, AccountId, Compensation, Dpos, Slasher, Test};
use cybermiles_primitives::{
	api::{PositionInfo, SlashState},
	traits::InEscrow,
	Balance,
};
use pallet_cmt_dpos::{Candidates, OwnershipOffers, Positions, Status as ChainStatus};
use pallet_slashing::{Absentees, HeldTotal, Jails, MassAbsent, Pardons, SlashCount, Slashes};
use pallet_validator_compensation::{
	AccountBooks, CompensationAccounts, CompensationDue, PayoutsPaused, RunningGroups, SeatsOf,
};
use std::collections::BTreeMap;

impl Model {
	/// Panics where the chain's books are not the model's.
	pub fn assert_agrees(&mut self) {
		self.forget_dust();
		self.assert_clock();
		self.assert_candidates();
		self.assert_positions();
		self.assert_seats_earn();
		self.assert_money();
		self.assert_conduct();
		self.assert_slashes();
		self.assert_votes();
		let loose = self.loose.stake.values().chain(self.loose.waits.values());
		let bound = loose.copied().max().unwrap_or_default();
		self.deviations.bound = self.deviations.bound.max(bound);
	}

	fn assert_clock(&self) {
		assert_eq!(crate::runtime::session(), self.session, "session");
		assert_eq!(crate::runtime::era(), self.era, "era");
		assert_eq!(PayoutsPaused::<Test>::get(), self.paused, "payouts paused");
	}

	/// What is worth nothing but a rounding may be there on one side only.
	fn forget_dust(&mut self) {
		for (key, position) in self.positions.clone() {
			let chain = Positions::<Test>::get(key.0, key.1);
			let mut kept = position.clone();
			if chain.as_ref().is_none_or(|chain| chain.shares == 0) && position.bonded.is_some() {
				let dust = position.value() <= self.loose_stake(key.0) * PLANCK;
				assert!(dust, "the position of {key:?} is gone");
				kept.bonded = None;
			}
			let chunks = chain.map(|chain| chain.chunks.into_inner()).unwrap_or_default();
			let mut waits = Vec::new();
			for chunk in &chunks {
				let same = |wait: &&Wait| (wait.since, wait.due) == (chunk.since, chunk.due);
				let (since, due) = (chunk.since, chunk.due);
				let fresh = Wait { since, due, amount: Default::default() };
				waits.push(kept.waits.iter().find(same).copied().unwrap_or(fresh));
			}
			for wait in &kept.waits {
				let there =
					waits.iter().any(|other| (other.since, other.due) == (wait.since, wait.due));
				let dust = wait.amount.value <= self.loose_wait(key.0, wait.since) * PLANCK;
				assert!(there || dust, "what waited of {key:?} since {} is gone", wait.since);
			}
			kept.waits = waits;
			self.positions.insert(key, kept);
			self.forget_if_empty(key.0, key.1);
		}
	}

	fn assert_candidates(&self) {
		let mut chain: BTreeMap<AccountId, _> = Candidates::<Test>::iter().collect();
		for (who, mine) in &self.candidates {
			let info = chain.remove(who).unwrap_or_else(|| panic!("candidate {who} is gone"));
			let status = match info.status {
				ChainStatus::Active => Status::Active,
				ChainStatus::Inactive => Status::Inactive,
				ChainStatus::Retired { since, due } => Status::Retired { since, due },
			};
			assert_eq!(status, mine.status, "status of {who}");
			let Candidate { owner, order, max_stake, max_rate, default_rate, .. } = *mine;
			let terms = (info.terms.max_stake, info.terms.max_rate, info.terms.default_rate);
			assert_eq!((info.owner, info.order), (owner, order), "owner of {who}");
			assert_eq!(terms, (max_stake, max_rate, default_rate), "terms of {who}");
			let loose = self.loose_total(*who);
			self.compare(|| format!("stake of {who}"), info.stake, self.stake_of(*who), loose);
		}
		assert!(chain.is_empty(), "candidates that should be gone: {:?}", chain.keys());
		let offers: BTreeMap<_, _> = OwnershipOffers::<Test>::iter().collect();
		assert_eq!(offers, self.offers, "offers of ownership");
	}

	/// What every position is worth, as wallets read it: with what waits to be folded.
	fn assert_positions(&mut self) {
		let mut folded = self.clone();
		let seats: Vec<AccountId> = self.seats.keys().copied().collect();
		seats.iter().for_each(|candidate| folded.fold(*candidate));
		let read =
			|| Positions::<Test>::iter_keys().map(|(of, who)| ((of, who), position_of(who, of)));
		let chain = Compensation::with_folded(&Compensation::seated(), || read().collect());
		let mut chain: BTreeMap<_, PositionInfo<AccountId>> = chain.expect("reads");
		for (key, position) in &folded.positions {
			let info = chain.remove(key).unwrap_or_else(|| panic!("position {key:?} is gone"));
			self.assert_position(&folded, *key, position, info);
		}
		assert!(chain.is_empty(), "positions that should be gone: {:?}", chain.keys());
	}

	fn assert_position(
		&mut self,
		folded: &Self,
		key: (AccountId, AccountId),
		position: &Position,
		mut info: PositionInfo<AccountId>,
	) {
		let loose = folded.loose_stake(key.0);
		if let Status::Retired { .. } = folded.candidates[&key.0].status {
			// What was bonded waits; it stands last.
			let bonded = info.unbonding.len() > position.waits.len();
			info.value =
				if bonded { info.unbonding.pop().map_or(0, |wait| wait.amount) } else { 0 };
		}
		let what = || format!("value of {key:?}");
		let off = folded.compare(what, info.value, position.value(), loose);
		self.deviations.stake = self.deviations.stake.max(off);
		let (earned, loose) = folded.earned(key.0, key.1);
		folded.compare(|| format!("earned by {key:?}"), info.earned, earned, loose);
		assert_eq!(info.principal, position.principal, "principal of {key:?}");
		if position.bonded.is_some() && !position.owners {
			assert_eq!(info.rate, position.rate, "rate of {key:?}");
		}
		for (wait, chunk) in position.waits.iter().zip(&info.unbonding) {
			assert_eq!((wait.since, wait.due), (chunk.since, chunk.due), "waits of {key:?}");
			let loose = self.loose_wait(key.0, wait.since);
			let what = || format!("what waits of {key:?} since {}", wait.since);
			let off = self.compare(what, chunk.amount, wait.amount.value, loose);
			self.deviations.waits = self.deviations.waits.max(off);
		}
	}

	fn assert_seats_earn(&self) {
		let groups = RunningGroups::<Test>::get();
		let mut chain: BTreeMap<AccountId, _> = SeatsOf::<Test>::iter().collect();
		for (who, mine) in &self.seats {
			let seat = chain.remove(who).unwrap_or_else(|| panic!("{who} has no seat"));
			let found = (seat.validator, seat.since.is_some());
			assert_eq!(found, (mine.validator, mine.earns), "whether {who} earns");
			let owed = seat.owed(groups.of(seat.validator));
			self.compare(|| format!("earned by seat {who}"), owed, mine.pending, mine.loose + 2);
		}
		assert!(chain.is_empty(), "seats that should not be: {:?}", chain.keys());
	}

	fn assert_money(&mut self) {
		for (who, expected) in &self.free {
			assert_eq!(free(*who), *expected, "free balance of {who}");
		}
		let books = AccountBooks::<Test>::get();
		assert_eq!((books.issued, books.fees), (self.issued, self.fees), "issued, fees");
		let what = || "what the next award takes up".to_string();
		let off = self.compare(what, books.undistributed, self.carried, self.loose.pot);
		self.deviations.pot = self.deviations.pot.max(off);
		let accounts: BTreeMap<_, _> = CompensationAccounts::<Test>::iter().collect();
		assert_eq!(accounts, self.accounts, "compensation accounts");
		let mut chain: BTreeMap<AccountId, Balance> = CompensationDue::<Test>::iter().collect();
		for (who, expected) in self.due.clone() {
			let found = chain.remove(&who).unwrap_or_default();
			let what = || format!("compensation due to {who}");
			let off = self.compare(what, found, expected, self.loose_due(who));
			self.deviations.due = self.deviations.due.max(off);
		}
		for (who, found) in chain {
			self.compare(|| format!("due to {who}"), found, 0, self.loose_due(who));
		}
	}

	fn assert_conduct(&self) {
		let chain: BTreeMap<AccountId, Absence> = Absentees::<Test>::get()
			.into_iter()
			.map(|(who, absence)| {
				let pallet_slashing::Absence { missed, since, kept_out } = absence;
				(who, Absence { missed, since, kept_out })
			})
			.collect();
		assert_eq!(chain, self.absent, "who is absent");
		let mass = MassAbsent::<Test>::get();
		assert_eq!(
			mass, self.mass,
			"mass absence of {:?} among {:?}",
			self.absent, self.validators
		);
		let jails: BTreeMap<_, _> =
			Jails::<Test>::iter().map(|(who, jail)| (who, jail_of(jail))).collect();
		assert_eq!(jails, self.jails, "who is in jail");
		let pardons: BTreeMap<_, _> = Pardons::<Test>::iter().collect();
		assert_eq!(pardons, self.pardons, "pardons");
		let tombs = self.jails.values().filter(|jail| matches!(jail.term, Term::Tombstoned { .. }));
		assert!(tombs.count() <= self.slashes.len());
	}

	fn assert_slashes(&self) {
		assert_eq!(SlashCount::<Test>::get() as usize, self.slashes.len(), "slashes");
		for (index, mine) in self.slashes.iter().enumerate() {
			let record = Slashes::<Test>::get(index as u32).expect("counted");
			let due = match record.state {
				SlashState::Held { due } => Some(due),
				_ => None,
			};
			assert_eq!(due, mine.due, "state of slash {index}");
			assert_eq!((record.amount, record.fraction), (mine.amount, mine.fraction));
			assert_eq!(record.kind, mine.kind);
		}
		let held = self.slashes.iter().filter(|slash| slash.due.is_some());
		let held: Balance = held.map(|slash| slash.amount).sum();
		assert_eq!(HeldTotal::<Test>::get(), held, "held in all");
		let booked = Dpos::in_escrow() + Slasher::in_escrow() + Compensation::in_escrow();
		assert_eq!(free(Dpos::escrow()), booked + self.gifts, "escrow");
	}
}
