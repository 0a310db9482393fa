//! The protocol parameters of a network's genesis.
//!
//! pallet-parameters has no genesis of its own. This pallet has no call, and stores nothing but the
//! one number that no governance may change: the Ethereum chain id. In a chain spec it reads, with
//! every field but the chain id optional:
//!
//! ```json
//! { "protocolGenesis": { "ethereumChainId": 18, "sessionLength": 200, "unbondingEras": 7 } }
//! ```
//!
//! Amounts are in planck, parts of one in parts per billion. It must stand before every pallet
//! whose genesis reads a parameter.

pub use pallet::*;

use super::{
	dynamic_params::{awards, election, offences, staking, time},
	ranged::{
		CmtFrom100To100000000, CmtFrom1To1000000, MinutesFrom1To525600, PercentFrom0To10,
		PercentFrom0To20, PercentFrom0To50, PercentFrom10To50, PercentFrom1To100, U32From0To32,
		U32From1To1440, U32From1To28, U32From1To64, U32From2To10000, U32From5To28800,
	},
	RuntimeParameters,
};
use frame_support::traits::dynamic_params::AggregatedKeyValue;

/// Stores `parameter` where pallet-parameters looks for it.
fn store<T: Config>(parameter: RuntimeParameters) {
	if let (key, Some(value)) = parameter.into_parts() {
		pallet_parameters::Parameters::<T>::insert(key, value);
	}
}

/// Stores each given field under its key of a group.
macro_rules! store_given {
	($genesis:ident, $group:ident as $variant:ident: $($field:ident => $key:ident),+ $(,)?) => {
		$(
			if let Some(value) = $genesis.$field {
				store::<T>(RuntimeParameters::$variant($group::Parameters::$key(
					$group::$key,
					Some(value),
				)));
			}
		)+
	};
}

#[frame_support::pallet]
#[allow(missing_docs)]
pub mod pallet {
	use super::*;
	use core::marker::PhantomData;
	use frame_support::pallet_prelude::*;

	/// The runtime of the tests of upgrades has a migration to 1.
	const STORAGE_VERSION: StorageVersion =
		StorageVersion::new(cfg!(feature = "upgrade-test") as u16);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// The parameters that are written are those of this runtime.
	#[pallet::config]
	pub trait Config:
		frame_system::Config + pallet_parameters::Config<RuntimeParameters = RuntimeParameters>
	{
	}

	/// The chain id of a state without genesis, in tests: no network has it.
	#[pallet::type_value]
	pub fn NoNetwork() -> u64 {
		u64::from(u32::MAX)
	}

	/// The number by which Ethereum transactions name this network (EIP-155).
	///
	/// Written once, by the genesis: with another one, transactions of the past could be repeated.
	#[pallet::storage]
	pub type EthereumChainId<T: Config> = StorageValue<_, u64, ValueQuery, NoNetwork>;

	/// First values; where one is not given, its default holds.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The Ethereum chain id: 18 main, 19 test, 20 staging, 1234 development networks.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub ethereum_chain_id: Option<u64>,
		/// Blocks in a session.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub session_length: Option<U32From5To28800>,
		/// Sessions in an era.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub sessions_per_era: Option<U32From1To1440>,
		/// Eras that leaving stake waits.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub unbonding_eras: Option<U32From1To28>,
		/// Validators in a session.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub validators: Option<U32From1To64>,
		/// Standbys in a session.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub standbys: Option<U32From0To32>,
		/// Qualified candidates without which the present validators go on.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub min_validators: Option<U32From1To64>,
		/// Greatest part of its group for which one candidate counts.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub stake_cap: Option<PercentFrom1To100>,
		/// Least stake of a position.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub min_delegation: Option<CmtFrom1To1000000>,
		/// Least maximum stake of a candidate.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub min_max_stake: Option<CmtFrom100To100000000>,
		/// Part of its maximum that a candidate's owner must hold.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub self_stake_ratio: Option<PercentFrom1To100>,
		/// Most positions of one account.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub max_positions: Option<U32From1To64>,
		/// New CMT a year, as a part of 1,000,000,000 CMT.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub inflation: Option<PercentFrom0To20>,
		/// The part of an award that falls to the standbys.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub standby_share: Option<PercentFrom0To50>,
		/// Own turns missed in a row for which a validator is jailed.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub downtime_turns: Option<U32From2To10000>,
		/// What missed turns cost of the stake.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub downtime_slash: Option<PercentFrom0To10>,
		/// How long a jail for missed turns lasts, in milliseconds.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub jail_time: Option<MinutesFrom1To525600>,
		/// The part of the validators whose absence is the network's fault.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub mass_absence: Option<PercentFrom10To50>,
		/// The least that an equivocation costs of the stake.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub equivocation_slash: Option<PercentFrom1To100>,
		/// Eras for which slashed money is held.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub hold_eras: Option<U32From1To28>,
		/// The part of a slash that its reporter gets.
		#[serde(skip_serializing_if = "Option::is_none")]
		pub reporter_share: Option<PercentFrom0To50>,
		/// Ties the pallet's type to the values; not part of the file.
		#[serde(skip)]
		pub marker: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			if let Some(id) = self.ethereum_chain_id {
				EthereumChainId::<T>::put(id);
			}
			store_given!(self, time as Time:
				session_length => SessionLength,
				sessions_per_era => SessionsPerEra,
				unbonding_eras => UnbondingEras,
			);
			store_given!(self, election as Election:
				validators => Validators,
				standbys => Standbys,
				min_validators => MinValidators,
				stake_cap => StakeCap,
			);
			store_given!(self, staking as Staking:
				min_delegation => MinDelegation,
				min_max_stake => MinMaxStake,
				self_stake_ratio => SelfStakeRatio,
				max_positions => MaxPositions,
			);
			store_given!(self, awards as Awards:
				inflation => Inflation,
				standby_share => StandbyShare,
			);
			store_given!(self, offences as Offences:
				downtime_turns => DowntimeTurns,
				downtime_slash => DowntimeSlash,
				jail_time => JailTime,
				mass_absence => MassAbsence,
				equivocation_slash => EquivocationSlash,
				hold_eras => HoldEras,
				reporter_share => ReporterShare,
			);
		}
	}
}
