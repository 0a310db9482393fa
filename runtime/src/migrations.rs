//! What a runtime upgrade does to the state.
//!
//! A migration that fits one block goes into [`Unreleased`] with the change that needs it and
//! leaves when the release that carried it is on every network. One that does not fit is a stepped
//! migration of pallet-migrations ([`MultiBlock`]).

/// Migrations that no release has carried yet.
#[cfg(not(feature = "upgrade-test"))]
pub type Unreleased = ();
/// Migrations of the runtime that the tests of upgrades build.
#[cfg(feature = "upgrade-test")]
pub type Unreleased = crate::upgrade_test::SingleBlock;

/// Steps that belong to every upgrade.
pub type Permanent = ();

/// Everything that runs in the block of an upgrade, before the pallets' own hooks.
pub type SingleBlock = (Unreleased, Permanent);

/// Migrations that run step by step over several blocks.
#[cfg(not(any(feature = "runtime-benchmarks", feature = "upgrade-test")))]
pub type MultiBlock = ();
/// Migrations of the runtime that the tests of upgrades build.
#[cfg(all(feature = "upgrade-test", not(feature = "runtime-benchmarks")))]
pub type MultiBlock = (crate::upgrade_test::CountBackers,);

/// Migrations that the benchmarks of pallet-migrations run.
#[cfg(feature = "runtime-benchmarks")]
pub type MultiBlock = pallet_migrations::mock_helpers::MockedMigrations;
