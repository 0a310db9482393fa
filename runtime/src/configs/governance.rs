//! How stake governs: referenda, votes, the treasury, pauses.

use crate::{
	configs::economics::{TreasuryAccount, TreasuryPalletId},
	constants::currency::SUBMISSION_DEPOSIT,
	governance::{
		alarms::{Alarms, ReferendaWeights, VotingWeights, WakeForgotten},
		deposits::ReturnDeposit,
		origins::{EmergencyOrigin, ParameterOrigin, SpendOrigin},
		tracks::{era_length, Tracks},
	},
	parameters::{dynamic_params::election, lengths::EraInRange, Plain},
	weights, AccountId, Balance, Balances, BlockNumber, CmtDpos, Preimage, Referenda, Runtime,
	RuntimeCall, RuntimeEvent, Slashing, System, Treasury,
};
use frame_support::{
	parameter_types,
	traits::{
		tokens::{PayFromAccount, UnityAssetBalanceConversion},
		AsEnsureOriginWithArg, ConstU128, ConstU32, Contains, GetCallMetadata, NeverEnsureOrigin,
	},
};
use frame_system::{EnsureRoot, EnsureSigned};
use pallet_stake_voting::{PollIndex, Tally};
use pallet_tx_pause::RuntimeCallNameOf;
use sp_runtime::{traits::IdentityLookup, Permill};

parameter_types! {
	/// How many referenda were ever submitted.
	pub PollCount: PollIndex = pallet_referenda::ReferendumCount::<Runtime>::get();
	/// Blocks after which a referendum ends for which nobody leaves the deposit of its track.
	pub UndecidingTimeout: BlockNumber = era_length().saturating_mul(14);
	/// Blocks within which an approved spend has to be claimed.
	pub PayoutPeriod: BlockNumber = era_length().saturating_mul(7);
	/// Blocks that a pause lasts.
	pub PauseLength: BlockNumber = era_length();
	/// Nothing of the treasury is burnt.
	pub const NoBurn: Permill = Permill::zero();
}

impl pallet_stake_voting::Config for Runtime {
	type Bars = Tracks;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = super::benchmark_setup::Setup;
	type Candidacies = CmtDpos;
	type Eras = CmtDpos;
	type PollCount = PollCount;
	type PollObserver = (ReturnDeposit, WakeForgotten);
	type Polls = Referenda;
	type Seats = CmtDpos;
	type Stake = CmtDpos;
	type StakeCap = Plain<election::StakeCap>;
	type Standing = Slashing;
	type WeightInfo = VotingWeights;
}

impl pallet_referenda::Config for Runtime {
	type AlarmInterval = ConstU32<1>;
	type BlockNumberProvider = System;
	type CancelOrigin = EmergencyOrigin;
	type Currency = Balances;
	type KillOrigin = EnsureRoot<AccountId>;
	type MaxQueued = ConstU32<100>;
	type Preimages = Preimage;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type Scheduler = Alarms;
	// What a killed referendum's proposer loses.
	type Slash = Treasury;
	type SubmissionDeposit = ConstU128<SUBMISSION_DEPOSIT>;
	type SubmitOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
	type Tally = Tally<Runtime>;
	type Tracks = Tracks;
	type UndecidingTimeout = UndecidingTimeout;
	type Votes = Balance;
	type WeightInfo = ReferendaWeights;
}

impl pallet_treasury::Config for Runtime {
	type AssetKind = ();
	type BalanceConverter = UnityAssetBalanceConversion;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
	type Beneficiary = AccountId;
	type BeneficiaryLookup = IdentityLookup<AccountId>;
	type BlockNumberProvider = System;
	type Burn = NoBurn;
	type BurnDestination = ();
	type Currency = Balances;
	type MaxApprovals = ConstU32<100>;
	type PalletId = TreasuryPalletId;
	type Paymaster = PayFromAccount<Balances, TreasuryAccount>;
	type PayoutPeriod = PayoutPeriod;
	type RejectOrigin = EnsureRoot<AccountId>;
	type RuntimeEvent = RuntimeEvent;
	type SpendFunds = ();
	type SpendOrigin = SpendOrigin;
	type SpendPeriod = PauseLength;
	type WeightInfo = weights::pallet_treasury::WeightInfo<Runtime>;
}

/// Calls that always run: what a block needs, what governs, and what reports offences.
pub struct Unpausable;

impl Contains<RuntimeCallNameOf<Runtime>> for Unpausable {
	fn contains((pallet, call): &RuntimeCallNameOf<Runtime>) -> bool {
		match pallet.as_slice() {
			b"System" | b"Timestamp" | b"Migrations" | b"Slashing" | b"Grandpa" | b"Preimage"
			| b"Scheduler" | b"Referenda" | b"StakeVoting" | b"Governance" | b"Sudo" => true,
			b"ValidatorCompensation" => call.as_slice() == b"heartbeat",
			_ => false,
		}
	}
}

/// The calls of this runtime, by name.
pub struct KnownCalls;

impl Contains<RuntimeCallNameOf<Runtime>> for KnownCalls {
	fn contains((pallet, call): &RuntimeCallNameOf<Runtime>) -> bool {
		let named = |name: &&str, bytes: &[u8]| name.as_bytes() == bytes;
		let pallets = RuntimeCall::get_module_names();
		let pallet = pallets.iter().find(|name| named(name, pallet));
		pallet.is_some_and(|pallet| {
			RuntimeCall::get_call_names(pallet).iter().any(|name| named(name, call))
		})
	}
}

impl pallet_tx_pause::Config for Runtime {
	type MaxNameLen = ConstU32<64>;
	// Only through `Governance`, whose pauses end by themselves.
	type PauseOrigin = NeverEnsureOrigin<()>;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type UnpauseOrigin = NeverEnsureOrigin<()>;
	type WeightInfo = weights::pallet_tx_pause::WeightInfo<Runtime>;
	type WhitelistedCalls = Unpausable;
}

impl pallet_governance::Config for Runtime {
	type EmergencyOrigin = EmergencyOrigin;
	type KnownCalls = KnownCalls;
	type ParameterOrigin = ParameterOrigin;
	type ParameterRules = EraInRange;
	type PauseLength = PauseLength;
	type WeightInfo = weights::pallet_governance::WeightInfo<Runtime>;
}

const _: () = {
	// A snapshot keeps every pool that a candidate can have.
	assert!(pallet_stake_voting::MAX_POOLS > pallet_cmt_dpos::MAX_CLASSES);
};
