//! What nodes and wallets read. See [`cybermiles_primitives::api::DposApi`].

use crate::{
	Absence, Absentees, Config, JailTerm, Pallet, SlashCount, SlashRecord, Slashes, SlashesOf,
};
use alloc::vec::Vec;
use cybermiles_primitives::api::{ConductInfo, SlashInfo};

/// Most slashes in one answer, whatever is asked for.
const MAX_PAGE: usize = 100;

impl<T: Config> Pallet<T> {
	/// How a candidate behaves.
	pub fn conduct(candidate: T::AccountId) -> ConductInfo {
		let absence = Absentees::<T>::get().get(&candidate).copied();
		Self::describe_conduct(&candidate, absence)
	}

	/// The validators that missed their latest turn.
	pub fn absent_validators() -> Vec<(T::AccountId, ConductInfo)> {
		Absentees::<T>::get()
			.into_iter()
			.map(|(candidate, absence)| {
				let conduct = Self::describe_conduct(&candidate, Some(absence));
				(candidate, conduct)
			})
			.collect()
	}

	/// One slash.
	pub fn slash_info(index: u32) -> Option<SlashInfo<T::AccountId>> {
		Slashes::<T>::get(index).map(|record| Self::describe_slash(index, record))
	}

	/// At most `count` slashes, and at most 100, from number `start` on.
	pub fn slashes(start: u32, count: u32) -> Vec<SlashInfo<T::AccountId>> {
		(start..SlashCount::<T>::get())
			.take(MAX_PAGE.min(count as usize))
			.filter_map(Self::slash_info)
			.collect()
	}

	/// The slashes of one candidate, the latest first, at most 100.
	pub fn slashes_of(candidate: T::AccountId) -> Vec<SlashInfo<T::AccountId>> {
		let mut indices: Vec<u32> = SlashesOf::<T>::iter_key_prefix(&candidate).collect();
		indices.sort_unstable_by(|one, other| other.cmp(one));
		indices.into_iter().take(MAX_PAGE).filter_map(Self::slash_info).collect()
	}

	fn describe_conduct(candidate: &T::AccountId, absence: Option<Absence>) -> ConductInfo {
		let term = Self::jail_of(candidate).map(|jail| jail.term);
		ConductInfo {
			absent: absence.is_some(),
			missed_turns: absence.map_or(0, |absence| absence.missed),
			jailed_until: match term {
				Some(JailTerm::Until(end)) => Some(end),
				_ => None,
			},
			tombstoned: matches!(term, Some(JailTerm::Tombstoned { .. })),
			slashes: SlashesOf::<T>::iter_key_prefix(candidate).count() as u32,
		}
	}

	fn describe_slash(index: u32, record: SlashRecord<T::AccountId>) -> SlashInfo<T::AccountId> {
		let SlashRecord {
			candidate, kind, era, session, fraction, amount, reporter, state, ..
		} = record;
		SlashInfo { index, candidate, kind, era, session, fraction, amount, reporter, state }
	}
}
