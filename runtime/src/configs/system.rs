//! The base: blocks, time, balances, parameters, upgrades, and the key of development networks.

use crate::{
	constants::{
		block::{MAX_LENGTH, MAX_WEIGHT, NORMAL_RATIO},
		currency::EXISTENTIAL_DEPOSIT,
		time::{DAYS, SLOT_DURATION},
	},
	governance::origins::EnsureBoundary,
	migrations,
	parameters::{self, RuntimeParameters},
	weights, AccountId, Aura, Balance, Block, BlockNumber, Hash, Migrations, Nonce, PalletInfo,
	Runtime, RuntimeCall, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin,
	RuntimeTask, System, TxPause, VERSION,
};
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	migrations::FreezeChainOnFailedMigration,
	parameter_types,
	traits::{AsEnsureOriginWithArg, ConstU128, ConstU32, ConstU64, VariantCountOf},
	weights::{constants::ParityDbWeight, Weight},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::traits::AccountIdLookup;
use sp_version::RuntimeVersion;

parameter_types! {
	/// How many blocks back the chain knows its own hashes: a week. For so long double authoring can
	/// be proven, which needs to know that both blocks are of this chain.
	pub const BlockHashCount: BlockNumber = 7 * DAYS;
	/// Which runtime this is.
	pub const Version: RuntimeVersion = VERSION;
	/// Weight of a block and of what is in it.
	pub RuntimeBlockWeights: BlockWeights =
		BlockWeights::with_sensible_defaults(MAX_WEIGHT, NORMAL_RATIO);
	/// Length of a block and of what is in it.
	pub RuntimeBlockLength: BlockLength = block_length();
	/// The most that a step of a migration may take of a block.
	pub MaxMigrationWeight: Weight = NORMAL_RATIO * MAX_WEIGHT;
	/// Prefix of addresses.
	pub const Ss58Prefix: u16 = 42;
}

/// Ordinary transactions leave room for operational ones.
fn block_length() -> BlockLength {
	BlockLength::builder()
		.max_length(MAX_LENGTH)
		.modify_max_length_for_class(DispatchClass::Normal, |length| {
			*length = NORMAL_RATIO * MAX_LENGTH
		})
		.build()
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
	type AccountData = pallet_balances::AccountData<Balance>;
	type AccountId = AccountId;
	type Block = Block;
	type BaseCallFilter = TxPause;
	type BlockHashCount = BlockHashCount;
	type BlockLength = RuntimeBlockLength;
	type BlockWeights = RuntimeBlockWeights;
	type DbWeight = ParityDbWeight;
	type ExtensionsWeightInfo = weights::frame_system_extensions::WeightInfo<Runtime>;
	type Hash = Hash;
	type Lookup = AccountIdLookup<AccountId, ()>;
	type MaxConsumers = ConstU32<128>;
	type MultiBlockMigrator = Migrations;
	type Nonce = Nonce;
	// Every account has its Ethereum address from its first planck on.
	type OnKilledAccount = pallet_revive::AutoMapper<Runtime>;
	type OnNewAccount = pallet_revive::AutoMapper<Runtime>;
	type SS58Prefix = Ss58Prefix;
	type SingleBlockMigrations = migrations::SingleBlock;
	type SystemWeightInfo = weights::frame_system::WeightInfo<Runtime>;
	type Version = Version;
}

impl pallet_timestamp::Config for Runtime {
	type MinimumPeriod = ConstU64<{ SLOT_DURATION / 2 }>;
	type Moment = u64;
	type OnTimestampSet = Aura;
	type WeightInfo = weights::pallet_timestamp::WeightInfo<Runtime>;
}

impl pallet_parameters::Config for Runtime {
	// Only what `Governance` lets change at a boundary.
	type AdminOrigin = AsEnsureOriginWithArg<EnsureBoundary>;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeParameters = RuntimeParameters;
	type WeightInfo = ();
}

impl parameters::genesis::Config for Runtime {}

impl pallet_migrations::Config for Runtime {
	type CursorMaxLen = ConstU32<65_536>;
	// Half-migrated state must not be worked on: blocks go on, transactions wait for a repair.
	type FailedMigrationHandler = FreezeChainOnFailedMigration;
	type IdentifierMaxLen = ConstU32<256>;
	type MaxServiceWeight = MaxMigrationWeight;
	type MigrationStatusHandler = ();
	type Migrations = migrations::MultiBlock;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_migrations::WeightInfo<Runtime>;
}

impl pallet_balances::Config for Runtime {
	type AccountStore = System;
	type Balance = Balance;
	type DoneSlashHandler = ();
	type DustRemoval = ();
	type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type MaxLocks = ConstU32<50>;
	type MaxReserves = ConstU32<50>;
	type ReserveIdentifier = [u8; 8];
	type RuntimeEvent = RuntimeEvent;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = weights::pallet_balances::WeightInfo<Runtime>;
}

impl pallet_sudo::Config for Runtime {
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_sudo::WeightInfo<Runtime>;
}
