//! How long an era may be.
//!
//! Blocks of a session and sessions of an era have ranges of their own, but it is their product for
//! which stake waits and referenda last, also where they have begun. So it has a range too.

use super::{
	defaults,
	dynamic_params::time::{Parameters, ParametersKey, SessionLength, SessionsPerEra},
	RuntimeParameters, RuntimeParametersKey,
};
use crate::{
	constants::time::{DAYS, MINUTES},
	BlockNumber,
};
use frame_support::traits::Get;
use pallet_governance::{Misfit, ParameterRules};

/// The shortest era: three minutes, in blocks.
pub const SHORTEST_ERA: BlockNumber = 3 * MINUTES;
/// The longest era: a week, in blocks.
pub const LONGEST_ERA: BlockNumber = 7 * DAYS;

const SESSION_LENGTH: RuntimeParametersKey =
	RuntimeParametersKey::Time(ParametersKey::SessionLength(SessionLength));
const SESSIONS_PER_ERA: RuntimeParametersKey =
	RuntimeParametersKey::Time(ParametersKey::SessionsPerEra(SessionsPerEra));

/// Blocks in an era of `sessions` sessions, each of `length` blocks.
pub(crate) const fn era_of(length: BlockNumber, sessions: u32) -> BlockNumber {
	length.saturating_mul(sessions)
}

/// Whether an era may have `blocks` blocks.
pub(crate) const fn check_era(blocks: BlockNumber) -> Result<(), Misfit> {
	match blocks {
		..SHORTEST_ERA => Err(Misfit::EraTooShort),
		SHORTEST_ERA..=LONGEST_ERA => Ok(()),
		_ => Err(Misfit::EraTooLong),
	}
}

const _: () = {
	let era = era_of(defaults::SESSION_LENGTH.get(), defaults::SESSIONS_PER_ERA.get());
	assert!(check_era(era).is_ok());
};

/// An era lasts three minutes to a week.
pub struct EraInRange;

impl ParameterRules<RuntimeParameters> for EraInRange {
	/// No value stands for the default.
	fn check(
		change: impl Fn(RuntimeParametersKey) -> Option<RuntimeParameters>,
	) -> Result<(), Misfit> {
		let length = match change(SESSION_LENGTH) {
			Some(RuntimeParameters::Time(Parameters::SessionLength(_, value))) => {
				value.unwrap_or(defaults::SESSION_LENGTH)
			},
			_ => SessionLength::get(),
		};
		let sessions = match change(SESSIONS_PER_ERA) {
			Some(RuntimeParameters::Time(Parameters::SessionsPerEra(_, value))) => {
				value.unwrap_or(defaults::SESSIONS_PER_ERA)
			},
			_ => SessionsPerEra::get(),
		};
		check_era(era_of(length.get(), sessions.get()))
	}
}
