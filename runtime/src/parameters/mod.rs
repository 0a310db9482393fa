//! Protocol parameters: every number of the protocol that governance may change.
//!
//! They live in storage, so that one runtime serves every network: a test network with sessions of
//! a minute and the main network with sessions of ten. Each is read where it is used. A change
//! takes place when a session ends (pallet-governance), never within one. Each knows its range
//! ([`ranged`]); how long an era may be is told by [`lengths`].
//! A network's first values come from its genesis ([`genesis`]); where there is none, the default
//! stated here holds.

pub mod genesis;
pub mod lengths;
pub(crate) mod list;
pub mod ranged;

use crate::Runtime;
use core::marker::PhantomData;
use cybermiles_primitives::CMT;
use frame_support::{
	dynamic_params::{dynamic_pallet_params, dynamic_params},
	traits::{dynamic_params::Key, Get},
};
use ranged::{
	CmtFrom100To100000000, CmtFrom1To1000000, MinutesFrom1To525600, PercentFrom0To10,
	PercentFrom0To20, PercentFrom0To50, PercentFrom10To50, PercentFrom1To100, U32From0To32,
	U32From1To1440, U32From1To28, U32From1To64, U32From2To10000, U32From5To28800,
};
use sp_runtime::Perbill;

/// The values of a network that sets none.
pub mod defaults {
	use super::*;

	/// Blocks in a session: ten minutes.
	pub const SESSION_LENGTH: U32From5To28800 = U32From5To28800::new(200);
	/// Sessions in an era: one day.
	pub const SESSIONS_PER_ERA: U32From1To1440 = U32From1To1440::new(144);
	/// Eras that leaving stake waits: one week.
	pub const UNBONDING_ERAS: U32From1To28 = U32From1To28::new(7);
	/// Validators in a session.
	pub const VALIDATORS: U32From1To64 = U32From1To64::new(19);
	/// Standbys in a session.
	pub const STANDBYS: U32From0To32 = U32From0To32::new(5);
	/// Qualified candidates without which the present validators go on: fewer than four cannot
	/// finalise past a single fault.
	pub const MIN_VALIDATORS: U32From1To64 = U32From1To64::new(4);
	/// Greatest part of its group for which one candidate counts.
	pub const STAKE_CAP: PercentFrom1To100 = PercentFrom1To100::new(Perbill::from_percent(12));
	/// Least stake of a position.
	pub const MIN_DELEGATION: CmtFrom1To1000000 = CmtFrom1To1000000::new(1_000 * CMT);
	/// Least maximum stake that a candidate may declare.
	pub const MIN_MAX_STAKE: CmtFrom100To100000000 = CmtFrom100To100000000::new(10_000 * CMT);
	/// Part of its declared maximum that a candidate's owner must hold itself.
	pub const SELF_STAKE_RATIO: PercentFrom1To100 =
		PercentFrom1To100::new(Perbill::from_percent(10));
	/// Most positions of one account.
	pub const MAX_POSITIONS: U32From1To64 = U32From1To64::new(32);
	/// New CMT a year, as a part of the genesis supply.
	pub const INFLATION: PercentFrom0To20 = PercentFrom0To20::new(Perbill::from_percent(8));
	/// The part of an award that falls to the standbys.
	pub const STANDBY_SHARE: PercentFrom0To50 = PercentFrom0To50::new(Perbill::from_percent(10));
	/// Own turns missed in a row for which a validator is jailed: about twenty minutes.
	pub const DOWNTIME_TURNS: U32From2To10000 = U32From2To10000::new(21);
	/// What a jail for missed turns costs of the stake.
	pub const DOWNTIME_SLASH: PercentFrom0To10 =
		PercentFrom0To10::new(Perbill::from_parts(1_000_000));
	/// How long a jail for missed turns lasts: one hour.
	pub const JAIL_TIME: MinutesFrom1To525600 = MinutesFrom1To525600::new(60 * 60_000);
	/// The part of the validators whose absence, when exceeded, is the network's fault.
	pub const MASS_ABSENCE: PercentFrom10To50 =
		PercentFrom10To50::new(Perbill::from_parts(333_333_333));
	/// The least that an equivocation costs of the stake.
	pub const EQUIVOCATION_SLASH: PercentFrom1To100 =
		PercentFrom1To100::new(Perbill::from_percent(5));
	/// Eras for which slashed money is held.
	pub const HOLD_ERAS: U32From1To28 = U32From1To28::new(2);
	/// The part of a slash that its reporter gets.
	pub const REPORTER_SHARE: PercentFrom0To50 = PercentFrom0To50::new(Perbill::from_percent(10));
}

/// The parameters as the chain stores them, grouped by what they govern.
///
/// An index once given is never used for anything else.
#[allow(missing_docs, unreachable_pub)]
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod dynamic_params {
	use super::*;

	/// Lengths of sessions, eras and of the wait of leaving stake.
	#[dynamic_pallet_params]
	#[codec(index = 0)]
	pub mod time {
		/// Blocks in a session.
		#[codec(index = 0)]
		pub static SessionLength: U32From5To28800 = defaults::SESSION_LENGTH;

		/// Sessions in an era. Holds for the running era too.
		#[codec(index = 1)]
		pub static SessionsPerEra: U32From1To1440 = defaults::SESSIONS_PER_ERA;

		/// Eras that stake waits after it was undelegated. Holds for what leaves from then on.
		#[codec(index = 2)]
		pub static UnbondingEras: U32From1To28 = defaults::UNBONDING_ERAS;
	}

	/// Who is elected, and with what weight.
	#[dynamic_pallet_params]
	#[codec(index = 1)]
	pub mod election {
		/// Validators in a session.
		#[codec(index = 0)]
		pub static Validators: U32From1To64 = defaults::VALIDATORS;

		/// Standbys in a session.
		#[codec(index = 1)]
		pub static Standbys: U32From0To32 = defaults::STANDBYS;

		/// Qualified candidates without which the present validators go on.
		#[codec(index = 2)]
		pub static MinValidators: U32From1To64 = defaults::MIN_VALIDATORS;

		/// Greatest part of the counted stake of its group for which one candidate counts.
		#[codec(index = 3)]
		pub static StakeCap: PercentFrom1To100 = defaults::STAKE_CAP;
	}

	/// What may be declared and delegated.
	#[dynamic_pallet_params]
	#[codec(index = 2)]
	pub mod staking {
		/// Least stake of a position, in planck.
		#[codec(index = 0)]
		pub static MinDelegation: CmtFrom1To1000000 = defaults::MIN_DELEGATION;

		/// Least maximum stake that a candidate may declare, in planck.
		#[codec(index = 1)]
		pub static MinMaxStake: CmtFrom100To100000000 = defaults::MIN_MAX_STAKE;

		/// Part of its declared maximum that a candidate's owner must hold itself.
		#[codec(index = 2)]
		pub static SelfStakeRatio: PercentFrom1To100 = defaults::SELF_STAKE_RATIO;

		/// Most positions of one account.
		#[codec(index = 3)]
		pub static MaxPositions: U32From1To64 = defaults::MAX_POSITIONS;
	}

	/// What a block awards, and to whom.
	#[dynamic_pallet_params]
	#[codec(index = 3)]
	pub mod awards {
		/// New CMT a year, as a part of 1,000,000,000 CMT.
		#[codec(index = 0)]
		pub static Inflation: PercentFrom0To20 = defaults::INFLATION;

		/// The part of an award that falls to the standbys that prove themselves alive.
		#[codec(index = 1)]
		pub static StandbyShare: PercentFrom0To50 = defaults::STANDBY_SHARE;
	}

	/// What offences cost.
	#[dynamic_pallet_params]
	#[codec(index = 4)]
	pub mod offences {
		/// Own turns missed in a row for which a validator is jailed and slashed. A lower number holds
		/// for runs that have begun, with their next missed turn.
		#[codec(index = 0)]
		pub static DowntimeTurns: U32From2To10000 = defaults::DOWNTIME_TURNS;

		/// What missed turns cost of the stake.
		#[codec(index = 1)]
		pub static DowntimeSlash: PercentFrom0To10 = defaults::DOWNTIME_SLASH;

		/// How long a jail for missed turns lasts, in milliseconds.
		#[codec(index = 2)]
		pub static JailTime: MinutesFrom1To525600 = defaults::JAIL_TIME;

		/// The part of the validators whose absence, when exceeded, is the network's fault.
		#[codec(index = 3)]
		pub static MassAbsence: PercentFrom10To50 = defaults::MASS_ABSENCE;

		/// The least that an equivocation costs of the stake.
		#[codec(index = 4)]
		pub static EquivocationSlash: PercentFrom1To100 = defaults::EQUIVOCATION_SLASH;

		/// Eras for which slashed money is held before it is paid out. Holds for new slashes.
		#[codec(index = 5)]
		pub static HoldEras: U32From1To28 = defaults::HOLD_ERAS;

		/// The part of a slash that its reporter gets.
		#[codec(index = 6)]
		pub static ReporterShare: PercentFrom0To50 = defaults::REPORTER_SHARE;
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
	/// The longest one when encoded.
	fn default() -> Self {
		use dynamic_params::staking::{MinDelegation, Parameters};

		RuntimeParameters::Staking(Parameters::MinDelegation(
			MinDelegation,
			Some(defaults::MIN_DELEGATION),
		))
	}
}

/// Gives the plain value of the parameter `K` to pallets that know nothing of ranges.
pub struct Plain<K>(PhantomData<K>);

impl<K, T> Get<T> for Plain<K>
where
	K: Key + Get<<K as Key>::Value>,
	<K as Key>::Value: Into<T>,
{
	fn get() -> T {
		<K as Get<<K as Key>::Value>>::get().into()
	}
}
