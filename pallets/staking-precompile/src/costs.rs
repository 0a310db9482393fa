//! What is charged before it is done. The README says how it was found.

use crate::Config;
use frame_support::{traits::Get, weights::Weight};
use pallet_revive::precompiles::{Error, Ext};
use pallet_validator_compensation::WeightInfo;

/// Most entries in one answer, whatever is asked for.
pub(crate) const MAX_PAGE: u32 = 100;

/// Taking a call apart, putting an answer together, or a refusal into words.
const BASE: Weight = Weight::from_parts(40_000_000, 0);

/// Decoding and encoding one more entry of an answer.
const ENTRY: Weight = Weight::from_parts(4_000_000, 0);

/// Charges what every call costs: no call names more than two accounts, and each is looked up.
pub(crate) fn charge_base<T: Config>(env: &mut impl Ext<T = T>) -> Result<(), Error> {
	charge(env, BASE.saturating_add(T::DbWeight::get().reads(2)))
}

/// Charges `reads` entries of storage.
pub(crate) fn charge_reads<T: Config>(env: &mut impl Ext<T = T>, reads: u64) -> Result<(), Error> {
	charge(env, T::DbWeight::get().reads(reads))
}

/// Charges `count` entries of an answer, each of which takes `reads` entries of storage.
pub(crate) fn charge_entries<T: Config>(
	env: &mut impl Ext<T = T>,
	count: u64,
	reads: u64,
) -> Result<(), Error> {
	charge(env, T::DbWeight::get().reads(reads).saturating_add(ENTRY).saturating_mul(count))
}

/// Charges reading `candidates` as if their awards were in their pools already.
///
/// A harvest does that and more, so that its benchmark bounds it.
pub(crate) fn charge_folds<T: Config>(
	env: &mut impl Ext<T = T>,
	candidates: u64,
) -> Result<(), Error> {
	let one = <T as pallet_validator_compensation::Config>::WeightInfo::harvest();
	charge(env, one.saturating_mul(candidates))
}

fn charge<T: Config>(env: &mut impl Ext<T = T>, weight: Weight) -> Result<(), Error> {
	env.charge(weight)?;
	Ok(())
}
