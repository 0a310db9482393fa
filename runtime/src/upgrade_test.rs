//! A second runtime, for the tests of upgrades.
//!
//! The feature `upgrade-test` makes it: a higher version, a migration that fits the block of the
//! upgrade ([`NoteUpgrade`]) and one that goes on over several ([`CountBackers`]). With
//! `upgrade-test-heavy` it has a migration besides that no block has room for ([`WriteTooMuch`]),
//! which a rehearsal must refuse. No release is built with either.

#[cfg(feature = "on-chain-release-build")]
compile_error!("the runtime of the tests of upgrades is not for a release");

use crate::{AccountId, BlockNumber, Cow, ProtocolGenesis, Runtime, RuntimeVersion, System};
use frame_support::{
	migrations::{MigrationId, SteppedMigration, SteppedMigrationError, VersionedMigration},
	pallet_prelude::*,
	storage_alias,
	traits::UncheckedOnRuntimeUpgrade,
	weights::WeightMeter,
};
use pallet_cmt_dpos::Positions;
use pallet_referenda::ReferendumCount;

#[cfg(feature = "try-runtime")]
use alloc::vec::Vec;
#[cfg(feature = "try-runtime")]
use sp_runtime::TryRuntimeError;

/// Which runtime this is.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: Cow::Borrowed("cybermiles"),
	impl_name: Cow::Borrowed("cybermiles"),
	authoring_version: 1,
	spec_version: 2,
	impl_version: 1,
	apis: crate::apis::RUNTIME_API_VERSIONS,
	transaction_version: 1,
	system_version: 1,
};

type DbWeight = <Runtime as frame_system::Config>::DbWeight;

/// The last block before the upgrade, and how many referenda there had been.
#[storage_alias(verbatim)]
pub(crate) type Upgraded = StorageValue<UpgradeTest, (BlockNumber, u32)>;

/// How many accounts have a position behind a candidate.
#[storage_alias(verbatim)]
pub(crate) type Backers = StorageMap<UpgradeTest, Blake2_128Concat, AccountId, u32, ValueQuery>;

/// What runs in the block of the upgrade.
#[cfg(not(feature = "upgrade-test-heavy"))]
pub type SingleBlock = ProtocolGenesisToV1;
/// What runs in the block of the upgrade.
#[cfg(feature = "upgrade-test-heavy")]
pub type SingleBlock = (ProtocolGenesisToV1, WriteTooMuch);

/// Brings the storage of `ProtocolGenesis` from version 0 to 1.
pub type ProtocolGenesisToV1 = VersionedMigration<0, 1, NoteUpgrade, ProtocolGenesis, DbWeight>;

/// Notes in [`Upgraded`] when the upgrade was: a migration runs before its block has its number.
pub struct NoteUpgrade;

impl UncheckedOnRuntimeUpgrade for NoteUpgrade {
	fn on_runtime_upgrade() -> Weight {
		Upgraded::put((System::block_number(), ReferendumCount::<Runtime>::get()));
		DbWeight::get().reads_writes(2, 1)
	}

	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, TryRuntimeError> {
		ensure!(!Upgraded::exists(), "there is a note of an upgrade already");
		Ok(ReferendumCount::<Runtime>::get().encode())
	}

	#[cfg(feature = "try-runtime")]
	fn post_upgrade(state: Vec<u8>) -> Result<(), TryRuntimeError> {
		let noted = Upgraded::get().map(|(block, referenda)| (block, referenda.encode()));
		ensure!(noted == Some((System::block_number(), state)), "the note is wrong");
		Ok(())
	}
}

/// Counts the positions behind each candidate into [`Backers`], some in each block.
pub struct CountBackers;

/// Positions that a step counts.
const STEP: u32 = 12;

impl SteppedMigration for CountBackers {
	/// The position that was counted last: its candidate and its owner.
	type Cursor = (AccountId, AccountId);
	type Identifier = MigrationId<12>;

	fn id() -> Self::Identifier {
		MigrationId { pallet_id: *b"CountBackers", version_from: 0, version_to: 1 }
	}

	fn step(
		cursor: Option<Self::Cursor>,
		meter: &mut WeightMeter,
	) -> Result<Option<Self::Cursor>, SteppedMigrationError> {
		let required = DbWeight::get().reads_writes(2, 1).saturating_mul(STEP.into());
		meter
			.try_consume(required)
			.map_err(|()| SteppedMigrationError::InsufficientWeight { required })?;
		let mut positions = match cursor {
			None => Positions::<Runtime>::iter_keys(),
			Some((candidate, owner)) => Positions::<Runtime>::iter_keys_from(
				Positions::<Runtime>::hashed_key_for(candidate, owner),
			),
		};
		let mut last = None;
		for _ in 0..STEP {
			let Some((candidate, owner)) = positions.next() else { return Ok(None) };
			Backers::mutate(&candidate, |count| *count += 1);
			last = Some((candidate, owner));
		}
		Ok(last)
	}

	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, TryRuntimeError> {
		ensure!(Backers::iter_keys().next().is_none(), "something is counted already");
		Ok((Positions::<Runtime>::iter_keys().count() as u32).encode())
	}

	#[cfg(feature = "try-runtime")]
	fn post_upgrade(state: Vec<u8>) -> Result<(), TryRuntimeError> {
		let counted: u32 = Backers::iter_values().sum();
		ensure!(counted.encode() == state, "fewer or more are counted than there are");
		Ok(())
	}
}

/// Writes more than fits a block.
#[cfg(feature = "upgrade-test-heavy")]
pub struct WriteTooMuch;

/// What [`WriteTooMuch`] writes.
#[cfg(feature = "upgrade-test-heavy")]
#[storage_alias(verbatim)]
pub(crate) type Ballast = StorageMap<UpgradeTest, Twox64Concat, u32, u32>;

#[cfg(feature = "upgrade-test-heavy")]
impl frame_support::traits::OnRuntimeUpgrade for WriteTooMuch {
	fn on_runtime_upgrade() -> Weight {
		let weight = DbWeight::get().writes(1);
		let count = 1 + (crate::constants::block::MAX_WEIGHT.ref_time() / weight.ref_time()) as u32;
		(0..count).for_each(|number| Ballast::insert(number, number));
		weight.saturating_mul(count.into())
	}
}
