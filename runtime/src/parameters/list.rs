//! All parameters with their values, for clients that do not read metadata.

use super::{
	dynamic_params::{awards, election, offences, staking, time},
	Plain,
};
use alloc::{vec, vec::Vec};
use cybermiles_primitives::{
	api::{ParameterInfo, ParameterUnit},
	Balance,
};
use frame_support::traits::Get;
use sp_runtime::Perbill;

/// A value as a plain number, and what it counts.
trait Listed {
	fn listed(self) -> (u128, ParameterUnit);
}

impl Listed for u32 {
	fn listed(self) -> (u128, ParameterUnit) {
		(self.into(), ParameterUnit::Count)
	}
}

impl Listed for u64 {
	fn listed(self) -> (u128, ParameterUnit) {
		(self.into(), ParameterUnit::Milliseconds)
	}
}

impl Listed for Balance {
	fn listed(self) -> (u128, ParameterUnit) {
		(self, ParameterUnit::Planck)
	}
}

impl Listed for Perbill {
	fn listed(self) -> (u128, ParameterUnit) {
		(self.deconstruct().into(), ParameterUnit::Perbill)
	}
}

/// Describes each parameter of a group, named as in metadata.
macro_rules! list {
	($($group:ident::$key:ident: $kind:ty),+ $(,)?) => {
		vec![$({
			let plain: $kind = Plain::<$group::$key>::get();
			let (value, unit) = plain.listed();
			ParameterInfo { name: stringify!($key).into(), value, unit }
		}),+]
	};
}

/// All protocol parameters.
pub(crate) fn all() -> Vec<ParameterInfo> {
	list![
		time::SessionLength: u32,
		time::SessionsPerEra: u32,
		time::UnbondingEras: u32,
		election::Validators: u32,
		election::Standbys: u32,
		election::MinValidators: u32,
		election::StakeCap: Perbill,
		staking::MinDelegation: Balance,
		staking::MinMaxStake: Balance,
		staking::SelfStakeRatio: Perbill,
		staking::MaxPositions: u32,
		awards::Inflation: Perbill,
		awards::StandbyShare: Perbill,
		offences::DowntimeTurns: u32,
		offences::DowntimeSlash: Perbill,
		offences::JailTime: u64,
		offences::MassAbsence: Perbill,
		offences::EquivocationSlash: Perbill,
		offences::HoldEras: u32,
		offences::ReporterShare: Perbill,
	]
}
