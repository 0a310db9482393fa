//! The invariants, stated and checked.

use crate::{
	slashes::sum, Absentees, Closed, Config, CurrentSession, HeldSlashes, HeldTotal, InForce,
	JailTerm, Jails, MassAbsent, OffenceCounts, OldestProvable, Pallet, Pardons, PrunedTo,
	Reporting, SessionKey, Sessions, SettlingEra, Since, SlashCount, SlashRecord, Slashes,
	SlashesOf, Tenures,
};
use alloc::collections::{btree_map::BTreeMap, btree_set::BTreeSet};
use cybermiles_primitives::{
	api::{OffenceKind, SlashState},
	traits::{AuthorityKeys, StakePools},
	Balance,
};
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::TryRuntimeError;

type Checked = Result<(), TryRuntimeError>;

impl<T: Config> Pallet<T> {
	/// ## Invariants:
	///
	/// 1. What is held in all is the sum of the slashes held, and escrow has at least as much.
	/// 2. A held slash is worth what was taken from its pools, which is something. It is listed
	///    under its due era, which is not settled yet. A slash that is not held lists no pools.
	/// 3. Slashes are numbered without gaps, listed by candidate, and counted by kind.
	/// 4. A jail was brought by a slash of the same candidate that was not cancelled. Nobody is
	///    pardoned for sessions to come.
	/// 5. Only validators are absent, and validators in jail are. While too many are, no run grows.
	/// 6. Every session from the oldest that matters on is noted, in the order of slots, and none
	///    that is forgotten.
	/// 7. Exactly the keys in force have a tenure without end, of the candidate that holds them.
	///    Every tenure that ended is listed under its last session. No key is two candidates' in
	///    one session.
	/// 8. No report is under way.
	pub fn do_try_state() -> Checked {
		Self::try_state_held()?;
		Self::try_state_records()?;
		Self::try_state_jails()?;
		Self::try_state_absentees()?;
		Self::try_state_sessions()?;
		Self::try_state_tenures()?;
		ensure!(!Reporting::<T>::exists(), "a report is under way");
		Ok(())
	}

	/// Invariants 1 and 2.
	fn try_state_held() -> Checked {
		let mut held: Balance = 0;
		for (index, record) in Slashes::<T>::iter() {
			match record.state {
				SlashState::Held { due } => {
					ensure!(sum(&record.parts) == record.amount, "a slash is not what was taken");
					ensure!(record.amount > 0, "nothing is held");
					let listed = HeldSlashes::<T>::contains_key(due, index);
					ensure!(listed, "a held slash is not listed");
					ensure!(due >= SettlingEra::<T>::get(), "a held slash is passed over");
					held += record.amount;
				},
				_ => ensure!(record.parts.is_empty(), "a settled slash lists pools"),
			}
		}
		for (due, index, ()) in HeldSlashes::<T>::iter() {
			let state = Slashes::<T>::get(index).map(|record| record.state);
			ensure!(state == Some(SlashState::Held { due }), "a slash is listed that is not held");
		}
		ensure!(held == HeldTotal::<T>::get(), "the total is not the sum of what is held");
		let escrow = T::Currency::total_balance(&T::Stake::escrow_account());
		ensure!(escrow >= held, "the escrow account holds too little");
		Ok(())
	}

	/// Invariant 3.
	fn try_state_records() -> Checked {
		let records: BTreeMap<u32, SlashRecord<T::AccountId>> = Slashes::<T>::iter().collect();
		let count = SlashCount::<T>::get();
		ensure!(records.keys().copied().eq(0..count), "slashes are not numbered without gaps");
		for (index, record) in &records {
			let listed = SlashesOf::<T>::contains_key(&record.candidate, index);
			ensure!(listed, "a slash is not listed under its candidate");
		}
		let listed = SlashesOf::<T>::iter().count();
		ensure!(listed == records.len(), "a slash is listed under another candidate");
		use OffenceKind::*;
		for kind in [Downtime, DoubleAuthoring, GrandpaEquivocation] {
			let there = records.values().filter(|record| record.kind == kind).count();
			let counted = OffenceCounts::<T>::get(kind) as usize;
			ensure!(counted == there, "offences are miscounted");
		}
		Ok(())
	}

	/// Invariant 4.
	fn try_state_jails() -> Checked {
		let now = CurrentSession::<T>::get();
		for (candidate, jail) in Jails::<T>::iter() {
			let cause = Slashes::<T>::get(jail.cause).ok_or("a jail without its slash")?;
			ensure!(cause.candidate == candidate, "a jail for what somebody else did");
			ensure!(cause.state != SlashState::Cancelled, "a jail for a slash that was cancelled");
			let for_downtime = cause.kind == OffenceKind::Downtime;
			match jail.term {
				JailTerm::Until(_) => ensure!(for_downtime, "a short jail for a grave offence"),
				JailTerm::Tombstoned { session, .. } => {
					ensure!(!for_downtime, "a tombstone for missed turns");
					ensure!(session <= now, "a tombstone for what is still to come");
				},
			}
		}
		ensure!(Pardons::<T>::iter_values().all(|until| until <= now), "a pardon of the future");
		Ok(())
	}

	/// Invariant 5.
	fn try_state_absentees() -> Checked {
		let (absentees, mass) = (Absentees::<T>::get(), MassAbsent::<T>::get());
		let validators: BTreeSet<_> = T::Keys::validators().into_iter().collect();
		for (candidate, absence) in &absentees {
			ensure!(validators.contains(candidate), "an absentee has no seat");
			let counts = absence.missed > 0;
			ensure!(!(counts && mass), "turns count although too many are absent");
			ensure!(!(counts && absence.kept_out), "turns count of who is kept out");
		}
		for validator in &validators {
			let absent = absentees.contains_key(validator);
			ensure!(absent || !Self::in_jail(validator), "a validator in jail is not absent");
		}
		Ok(())
	}

	/// Invariant 6.
	fn try_state_sessions() -> Checked {
		let (from, now) = (PrunedTo::<T>::get(), CurrentSession::<T>::get());
		ensure!(from <= OldestProvable::<T>::get(), "a session that matters is forgotten");
		let notes: BTreeMap<_, _> = Sessions::<T>::iter().collect();
		// There is none before the first session begins.
		ensure!(notes.is_empty() || notes.keys().copied().eq(from..=now), "a session is not noted");
		let slots: BTreeSet<_> = notes.values().map(|note| note.slot).collect();
		let in_order = notes.values().map(|note| note.slot).eq(slots);
		ensure!(in_order, "sessions are not in the order of slots");
		Ok(())
	}

	/// Invariant 7.
	fn try_state_tenures() -> Checked {
		let mut in_force = BTreeSet::new();
		for (key, candidate, first) in InForce::<T>::get() {
			let tenure =
				Tenures::<T>::get(&key, Since::new(first)).ok_or("a key in force has no tenure")?;
			ensure!(tenure.last.is_none(), "the tenure of a key in force has ended");
			ensure!(tenure.candidate == candidate, "a key in force is somebody else's");
			in_force.insert((key, first));
		}
		let mut spans = BTreeSet::new();
		for (key, since, tenure) in Tenures::<T>::iter() {
			let held = (key, since.session());
			spans.insert((held.clone(), tenure.last));
			let Some(last) = tenure.last else {
				ensure!(in_force.contains(&held), "a tenure does not end");
				continue;
			};
			ensure!(held.1 <= last, "a tenure ends before it begins");
			ensure!(Closed::<T>::get(last).contains(&held), "a tenure is never forgotten");
		}
		Self::try_state_order(&spans)
	}

	/// The rest of invariant 7: `spans` are keys, first sessions and last ones, in this order.
	fn try_state_order(spans: &BTreeSet<((SessionKey, u32), Option<u32>)>) -> Checked {
		for (((key, _), last), ((next, first), _)) in spans.iter().zip(spans.iter().skip(1)) {
			let over = key != next || last.is_some_and(|last| last < *first);
			ensure!(over, "a key is two candidates' at once");
		}
		Ok(())
	}
}
