//! Missed turns, jail, slashes held, given back and paid out.

use super::{
	must, scale, Absence, Fine, Jail, Model, Slash, Source, Status, Term, Verdict, PLANCK,
};
use crate::runtime::{
	AccountId, DowntimeSlash, DowntimeTurns, EquivocationSlash, HoldEras, JailTime, MassAbsence,
	ReporterShare, RotationsInForce, RuntimeEvent, SessionBefore, Test, TREASURY,
};
use cybermiles_primitives::{api::OffenceKind, Balance, EraIndex, PoolRef, SessionIndex};
use pallet_cmt_dpos::{PoolsOf, Positions, UnbondingPools};
use pallet_slashing::{Event, Slashes};
use sp_runtime::Perbill;
use std::collections::{BTreeMap, BTreeSet};

/// An offence about to be punished.
struct Crime {
	candidate: AccountId,
	kind: OffenceKind,
	era: EraIndex,
	since: EraIndex,
	session: SessionIndex,
	fraction: Perbill,
	reporter: Option<AccountId>,
}

impl Model {
	pub(super) fn in_jail(&self, candidate: AccountId, now: u64) -> bool {
		self.jails.get(&candidate).is_some_and(|jail| match jail.term {
			Term::Until(end) => now < end,
			Term::Tombstoned { .. } => true,
		})
	}

	pub(super) fn may_earn(&self, candidate: AccountId, now: u64) -> bool {
		!self.absent.contains_key(&candidate) && !self.in_jail(candidate, now)
	}

	pub(super) fn ensure_may_stand(&self, candidate: AccountId, now: u64) -> Verdict {
		if !self.in_jail(candidate, now) {
			return Ok(());
		}
		match self.jails[&candidate].term {
			Term::Until(_) => Err("Jailed"),
			Term::Tombstoned { .. } => Err("Tombstoned"),
		}
	}

	/// Looks at every slot since the last block.
	pub(super) fn attend(&mut self, slot: u64, author: AccountId, now: u64) {
		let validators = self.validators.clone();
		let mut missed = BTreeMap::<AccountId, u32>::new();
		for skipped in self.slot + 1..slot {
			let turn = validators[(skipped % validators.len() as u64) as usize];
			*missed.entry(turn).or_default() += 1;
		}
		self.slot = slot;
		let back = self.absent.contains_key(&author) && !self.in_jail(author, now);
		// The roll is called only where somebody goes or comes.
		if missed.is_empty() && !back {
			return;
		}
		let gone: Vec<_> =
			missed.keys().filter(|who| !self.absent.contains_key(who)).copied().collect();
		for who in &gone {
			self.absent.insert(*who, Absence::default());
		}
		self.judge(validators.len());
		let culprits = self.count_runs(&validators, &missed);
		let back = self.absent.contains_key(&author) && !self.in_jail(author, now);
		if back {
			self.absent.remove(&author);
			self.judge(validators.len());
		}
		gone.into_iter().for_each(|who| self.earns(who, false));
		if back {
			self.earns(author, true);
		}
		for (who, since) in culprits {
			self.punish_downtime(who, since, now);
		}
	}

	/// Whether too many are absent for a fault of their own.
	fn judge(&mut self, validators: usize) {
		// A third is a little more than its parts of a thousand million, which are whole numbers: half a
		// part is added, and both sides are doubled.
		let share = 2 * u64::from(MassAbsence::get().deconstruct()) + 1;
		let mass = 2_000_000_000 * self.absent.len() as u64 > share * validators as u64;
		if mass && !self.mass {
			self.absent.values_mut().for_each(|absence| absence.missed = 0);
		}
		self.mass = mass;
	}

	/// Whose run is long enough for jail, and when it began.
	fn count_runs(
		&mut self,
		validators: &[AccountId],
		missed: &BTreeMap<AccountId, u32>,
	) -> Vec<(AccountId, EraIndex)> {
		let mut culprits = Vec::new();
		for who in validators.iter().filter(|who| missed.contains_key(who)) {
			let absence = self.absent.get_mut(who).expect("absent");
			if self.mass || absence.kept_out {
				continue;
			}
			if absence.missed == 0 {
				absence.since = self.era;
			}
			absence.missed += missed[who];
			if absence.missed >= DowntimeTurns::get().max(1) {
				absence.missed = 0;
				culprits.push((*who, absence.since));
			}
		}
		culprits
	}

	/// Whether the seat of `who` earns from now on; a standby's starts by a heartbeat only.
	fn earns(&mut self, who: AccountId, earns: bool) {
		if let Some(seat) = self.seats.get_mut(&who) {
			if seat.earns && !earns {
				// What it earned is rounded down.
				seat.loose += 1;
				self.loose.pot += 1;
			}
			seat.earns = earns && (seat.validator || seat.earns);
		}
	}

	fn punish_downtime(&mut self, candidate: AccountId, era: EraIndex, now: u64) {
		let (kind, session) = (OffenceKind::Downtime, self.session);
		let fraction = DowntimeSlash::get();
		let since = era;
		let reporter = None;
		let crime = Crime { candidate, kind, era, since, session, fraction, reporter };
		let cause = self.punish(crime);
		self.jail(candidate, Term::Until(now + JailTime::get()), cause);
	}

	fn jail(&mut self, candidate: AccountId, term: Term, cause: u32) {
		if let Some(info) = self.candidates.get_mut(&candidate) {
			if info.status == Status::Active {
				info.status = Status::Inactive;
			}
		}
		self.jails.insert(candidate, Jail { term, cause });
		if self.validators.contains(&candidate) {
			let absence = Absence { kept_out: true, ..Absence::default() };
			self.absent.insert(candidate, absence);
		}
		self.earns(candidate, false);
	}

	/// Who was absent and who is in jail at the start of a session.
	pub(super) fn seat_absentees(&mut self, now: u64) {
		let validators: BTreeSet<AccountId> = self.validators.iter().copied().collect();
		self.absent.retain(|who, _| validators.contains(who));
		for who in &validators {
			let jailed = self.in_jail(*who, now);
			if jailed || self.absent.contains_key(who) {
				self.absent.entry(*who).or_default().kept_out = jailed;
			}
			if !jailed {
				self.jails.remove(who);
			}
		}
		self.judge(validators.len());
	}

	/// Offences as the slashing pallet was told.
	pub(super) fn hear_offences(&mut self) {
		for offence in core::mem::take(&mut self.heard.offences) {
			for ((who, reporter), fraction) in offence.offenders.iter().zip(offence.fractions) {
				self.convict(*who, *reporter, fraction, offence.session);
			}
		}
	}

	fn convict(
		&mut self,
		candidate: AccountId,
		reporter: Option<AccountId>,
		fraction: Perbill,
		session: SessionIndex,
	) {
		if self.pardons.get(&candidate).is_some_and(|until| session <= *until) {
			return;
		}
		let Some(era) = self.era_of(session) else { return };
		let fraction = fraction.max(EquivocationSlash::get());
		let taken = match self.jails.get(&candidate).map(|jail| jail.term) {
			Some(Term::Tombstoned { fraction, .. }) => Some(fraction),
			_ => None,
		};
		if taken.is_some_and(|taken| fraction <= taken) {
			return;
		}
		let more = more_to_take(taken.unwrap_or_default(), fraction);
		let index = self.slashes.len() as u32;
		let kind = Slashes::<Test>::get(index).expect("punished").kind;
		assert_ne!(kind, OffenceKind::Downtime, "an equivocation is none");
		let since = self.counted_in(kind, session).unwrap_or(era);
		let crime = Crime { candidate, kind, era, since, session, fraction: more, reporter };
		let cause = self.punish(crime);
		self.jail(candidate, Term::Tombstoned { fraction, session }, cause);
	}

	/// The era in which the stake of the offender's seat was counted: as the session before that of the
	/// offence began. Votes may be of the session before the one reported, where the keys were the same.
	fn counted_in(&self, kind: OffenceKind, session: SessionIndex) -> Option<EraIndex> {
		let is_vote = kind == OffenceKind::GrandpaEquivocation;
		let earlier = is_vote && self.same_keys.contains(&session);
		let offence = if earlier { session - 1 } else { session };
		self.era_of(offence.saturating_sub(1))
	}

	/// Notes whether the same validators sit with the same keys as in the session before.
	pub(super) fn note_keys(&mut self) {
		let keys = |validators: Vec<AccountId>, rotations: BTreeMap<AccountId, u8>| {
			let key = |who: AccountId| (who, rotations.get(&who).copied().unwrap_or_default());
			validators.into_iter().map(key).collect::<BTreeSet<_>>()
		};
		let (validators, rotations) = SessionBefore::get();
		let before = keys(validators, rotations);
		if keys(self.validators.clone(), RotationsInForce::get()) == before {
			self.same_keys.insert(self.session);
		}
	}

	/// Takes what an offence costs, and holds it.
	fn punish(&mut self, crime: Crime) -> u32 {
		let Crime { candidate, kind, era, since, session, fraction, reporter } = crime;
		let expected = self.slash(candidate, fraction, since);
		let index = self.slashes.len() as u32;
		let record = Slashes::<Test>::get(index).expect("the slash is recorded");
		assert_eq!((record.candidate, record.kind), (candidate, kind), "slash {index}");
		assert_eq!((record.era, record.session), (era, session), "slash {index}");
		assert_eq!(record.fraction, fraction, "slash {index}");
		let parts: Vec<(Source, Balance)> = record.parts.iter().map(source).collect();
		self.compare_parts(candidate, index, &parts, expected);
		let amount = record.amount;
		assert_eq!(parts.iter().map(|(_, amount)| amount).sum::<Balance>(), amount);
		let owner = self.candidates.get(&candidate).map(|info| info.owner);
		let reporter = reporter.filter(|reporter| Some(*reporter) != owner);
		assert_eq!(record.reporter, reporter, "reporter of slash {index}");
		let due = (amount > 0).then(|| self.era + HoldEras::get().max(1));
		let slash = Slash { candidate, kind, session, fraction, amount, parts, reporter, due };
		self.slashes.push(slash);
		index
	}

	fn compare_parts(
		&mut self,
		candidate: AccountId,
		index: u32,
		parts: &[(Source, Balance)],
		mut expected: BTreeMap<Source, Fine>,
	) {
		for (source, found) in parts {
			let expected = expected.remove(source).unwrap_or_default();
			let loose = self.loose_source(candidate, *source);
			let what = || format!("slash {index} of {candidate}, {source:?}");
			let off = self.compare(what, *found, expected, loose);
			self.deviations.slashes = self.deviations.slashes.max(off);
		}
		for (source, left) in expected {
			let loose = self.loose_source(candidate, source);
			self.compare(|| format!("{source:?} escaped slash {index}"), 0, left, loose);
		}
	}

	/// A class and an era sum up what all in it are off by.
	fn loose_source(&self, candidate: AccountId, source: Source) -> Balance {
		match source {
			Source::Class(_) => self.loose_total(candidate),
			Source::Era(era) => {
				self.loose_wait(candidate, era) * self.members(candidate).len().max(1) as Balance
			},
		}
	}

	/// Everybody who is bonded, or left in `since` or later, loses the fraction.
	fn slash(
		&mut self,
		candidate: AccountId,
		fraction: Perbill,
		since: EraIndex,
	) -> BTreeMap<Source, Fine> {
		self.fold(candidate);
		self.touch_stake(candidate);
		let oldest = since.max(self.era.saturating_sub(28));
		let (mut lost, mut eras) = (BTreeMap::<Source, Fine>::new(), BTreeSet::new());
		for ((of, _), position) in &mut self.positions {
			if *of != candidate {
				continue;
			}
			if let Some(bonded) = &mut position.bonded {
				*lost.entry(Source::Class(position.class)).or_default() += bonded.lose(fraction);
			}
			for wait in position.waits.iter_mut().filter(|wait| wait.since >= oldest) {
				*lost.entry(Source::Era(wait.since)).or_default() += wait.amount.lose(fraction);
				eras.insert(wait.since);
			}
		}
		eras.into_iter().for_each(|era| self.touch_wait(candidate, era));
		lost
	}

	fn held(&self, index: u32) -> Result<Slash, super::Refusal> {
		let slash = self.slashes.get(index as usize).ok_or("UnknownSlash")?;
		must(slash.due.is_some(), "NotHeld")?;
		Ok(slash.clone())
	}

	pub(super) fn settle_slash(&mut self, index: u32) -> Verdict {
		let slash = self.held(index)?;
		must(slash.due.is_some_and(|due| due <= self.era), "NotDue")?;
		self.confirm_slash(index)
	}

	pub(super) fn confirm_slash(&mut self, index: u32) -> Verdict {
		self.held(index)?;
		must(!self.paused, "PayoutsPaused")?;
		self.pay_out(index);
		Ok(())
	}

	/// The reporter gets its part, and the treasury the rest.
	fn pay_out(&mut self, index: u32) {
		let slash = self.slashes[index as usize].clone();
		let share = slash.reporter.map_or(0, |_| ReporterShare::get().mul_floor(slash.amount));
		if let Some(reporter) = slash.reporter {
			self.receive(reporter, share);
		}
		self.receive(TREASURY, slash.amount - share);
		self.slashes[index as usize].due = None;
	}

	/// Slashes that the chain says it paid out by itself: each must have been due.
	pub(super) fn slashes_said(&mut self) {
		let paid = self.said(|event| match event {
			RuntimeEvent::Slashing(Event::SlashApplied { index, to_pot, .. }) => {
				Some((*index, *to_pot))
			},
			_ => None,
		});
		for (index, to_pot) in paid {
			assert_eq!(to_pot, 0, "everybody can be paid");
			let slash = self.held(index).expect("was held");
			assert!(slash.due.is_some_and(|due| due <= self.era), "slash {index} was not due");
			self.pay_out(index);
		}
	}

	pub(super) fn assert_no_slash_due(&self) {
		let due = |slash: &Slash| slash.due.is_some_and(|due| due <= self.era);
		assert!(!self.slashes.iter().any(due), "a slash stays in escrow");
	}

	/// Gives what a slash took back to those who are where it came from.
	pub(super) fn cancel(&mut self, index: u32) -> Verdict {
		let slash = self.held(index)?;
		for (source, amount) in &slash.parts {
			self.give_back(slash.candidate, *source, *amount);
		}
		self.slashes[index as usize].due = None;
		if self.jails.get(&slash.candidate).is_some_and(|jail| jail.cause == index) {
			self.release(slash.candidate, slash.session);
		}
		Ok(())
	}

	fn give_back(&mut self, candidate: AccountId, source: Source, amount: Balance) {
		if let Source::Class(_) = source {
			self.fold(candidate);
		}
		match source {
			Source::Class(_) => self.touch_stake(candidate),
			Source::Era(era) => self.touch_wait(candidate, era),
		}
		let at = self.amounts_at(candidate, source);
		let total: Fine = at.values().map(|amount| amount.value).sum();
		let ghosts: Fine = at.values().map(|amount| amount.ghost).sum();
		let doubtful = total <= self.loose_source(candidate, source) * PLANCK;
		if at.is_empty() {
			self.carried += amount * PLANCK;
		} else if doubtful && (total > 0 || ghosts == 0) {
			self.take_over(candidate, source, amount);
		} else {
			self.loosen_restored(candidate, source, amount, total);
			for (place, mine) in at {
				let (weight, whole) =
					if total > 0 { (mine.value, total) } else { (mine.ghost, ghosts) };
				let back = scale(amount * PLANCK, weight, whole);
				self.amount_at(candidate, source, place).value += back;
			}
		}
	}

	/// Gives `amount` back to those who have so little that only the chain can say in which
	/// proportion. It must give all of it to them.
	fn take_over(&mut self, candidate: AccountId, source: Source, amount: Balance) {
		let loose = self.loose_source(candidate, source);
		let (mut before, mut after) = (0, 0);
		for ((who, index), mine) in self.amounts_at(candidate, source) {
			let position = Positions::<Test>::get(candidate, who).expect("a position");
			let found = match source {
				Source::Class(class) => {
					PoolsOf::<Test>::get(candidate).get(class).value_of(position.shares)
				},
				Source::Era(era) => UnbondingPools::<Test>::get(candidate, era)
					.value_of(position.chunks[index].shares),
			};
			before += mine.value;
			after += found;
			self.amount_at(candidate, source, (who, index)).value = found * PLANCK;
		}
		let expected = before + amount * PLANCK;
		self.compare(|| format!("given back to {candidate}"), after, expected, loose);
	}

	/// What was off before grows with what is given back.
	fn loosen_restored(
		&mut self,
		candidate: AccountId,
		source: Source,
		amount: Balance,
		total: Fine,
	) {
		let loose = self.loose_source(candidate, source);
		let grown = scale(loose, amount * PLANCK, total).saturating_add(2);
		match source {
			Source::Class(_) => self.loosen_stake(candidate, grown),
			Source::Era(era) => self.loosen_wait(candidate, era, grown),
		}
	}

	/// The amounts in a class or of an era, by account and place.
	fn amounts_at(
		&self,
		candidate: AccountId,
		source: Source,
	) -> BTreeMap<(AccountId, usize), super::Amount> {
		let mut found = BTreeMap::new();
		for ((_, who), position) in self.positions.iter().filter(|((of, _), _)| *of == candidate) {
			match source {
				Source::Class(class) if class == position.class => {
					found.extend(position.bonded.map(|amount| ((*who, 0), amount)));
				},
				Source::Class(_) => {},
				Source::Era(era) => {
					let waits = position.waits.iter().enumerate();
					let mine = waits.filter(|(_, wait)| wait.since == era);
					found.extend(mine.map(|(index, wait)| ((*who, index), wait.amount)));
				},
			}
		}
		found
	}

	fn amount_at(
		&mut self,
		candidate: AccountId,
		source: Source,
		(who, index): (AccountId, usize),
	) -> &mut super::Amount {
		let position = self.position(candidate, who).expect("found");
		match source {
			Source::Class(_) => position.bonded.as_mut().expect("bonded"),
			Source::Era(_) => &mut position.waits[index].amount,
		}
	}

	pub(super) fn pardon(&mut self, candidate: AccountId, now: u64) -> Verdict {
		must(self.in_jail(candidate, now), "NotJailed")?;
		self.release(candidate, self.session);
		Ok(())
	}

	fn release(&mut self, candidate: AccountId, session: SessionIndex) {
		let jail = self.jails.remove(&candidate).expect("in jail");
		if let Term::Tombstoned { .. } = jail.term {
			let until = self.pardons.entry(candidate).or_default();
			*until = session.max(*until);
		}
	}

	/// A standby proves itself alive.
	pub(super) fn heartbeat(
		&mut self,
		candidate: AccountId,
		session: SessionIndex,
		now: u64,
	) -> Verdict {
		must(session == self.session, "WrongSession")?;
		let seat = self.seats.get(&candidate).filter(|seat| !seat.validator);
		let earns = seat.ok_or("NotStandby")?.earns;
		must(!earns, "AlreadyAlive")?;
		must(self.may_earn(candidate, now), "StandbyJailed")?;
		must(!crate::runtime::Keyless::get().contains(&candidate), "NoAuthorityKey")?;
		self.seats.get_mut(&candidate).expect("a seat").earns = true;
		Ok(())
	}
}

/// The part to take of what `taken` left, so that it makes `total` of the whole, rounded up.
fn more_to_take(taken: Perbill, total: Perbill) -> Perbill {
	let left = 1_000_000_000 - u64::from(taken.deconstruct());
	let more = u64::from(total.deconstruct()) - u64::from(taken.deconstruct());
	let parts = (more * 1_000_000_000).checked_div(left).unwrap_or_default();
	let exact = parts * left == more * 1_000_000_000;
	Perbill::from_parts(parts as u32 + u32::from(!exact && left > 0))
}

fn source(cut: &cybermiles_primitives::PoolCut) -> (Source, Balance) {
	let source = match cut.pool {
		PoolRef::Class(class) => Source::Class(class),
		PoolRef::Unbonding(era) => Source::Era(era),
	};
	(source, cut.amount)
}

#[test]
fn remaining_fraction_should_make_the_whole() {
	assert_eq!(more_to_take(Perbill::zero(), Perbill::from_percent(5)), Perbill::from_percent(5));
	assert_eq!(
		more_to_take(Perbill::from_percent(50), Perbill::from_percent(75)),
		Perbill::from_percent(50)
	);
}
