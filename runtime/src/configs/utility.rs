//! Tools for accounts: batches, identities, proxies, multisigs, preimages, the scheduler.

use crate::{
	constants::{block::MAX_WEIGHT, currency::deposit, time::DAYS},
	governance::origins::IdentityOrigin,
	weights, AccountId, Balance, Balances, BlockNumber, OriginCaller, Preimage, Runtime,
	RuntimeCall, RuntimeEvent, RuntimeHoldReason, RuntimeOrigin, Signature, System, Treasury,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	parameter_types,
	traits::{
		fungible::HoldConsideration, ConstU128, ConstU32, EqualPrivilegeOnly, InstanceFilter,
		LinearStoragePrice,
	},
	weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_identity::legacy::IdentityInfo;
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{BlakeTwo256, Verify},
	Perbill,
};

impl pallet_utility::Config for Runtime {
	type PalletsOrigin = OriginCaller;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_utility::WeightInfo<Runtime>;
}

parameter_types! {
	/// How long an offered user name waits to be accepted.
	pub const UsernameOfferExpiry: BlockNumber = 7 * DAYS;
	/// How long a user name that is taken away still holds.
	pub const UsernameGracePeriod: BlockNumber = 30 * DAYS;
}

impl pallet_identity::Config for Runtime {
	type BasicDeposit = ConstU128<{ deposit(1, 258) }>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
	type ByteDeposit = ConstU128<{ deposit(0, 1) }>;
	type Currency = Balances;
	type ForceOrigin = IdentityOrigin;
	type IdentityInformation = IdentityInfo<ConstU32<32>>;
	type MaxRegistrars = ConstU32<20>;
	type MaxSubAccounts = ConstU32<100>;
	type MaxSuffixLength = ConstU32<7>;
	type MaxUsernameLength = ConstU32<32>;
	type OffchainSignature = Signature;
	type PendingUsernameExpiration = UsernameOfferExpiry;
	type RegistrarOrigin = IdentityOrigin;
	type RuntimeEvent = RuntimeEvent;
	type SigningPublicKey = <Signature as Verify>::Signer;
	// What a false identity loses.
	type Slashed = Treasury;
	type SubAccountDeposit = ConstU128<{ deposit(1, 53) }>;
	type UsernameAuthorityOrigin = IdentityOrigin;
	type UsernameDeposit = ConstU128<{ deposit(0, 32) }>;
	type UsernameGracePeriod = UsernameGracePeriod;
	type WeightInfo = weights::pallet_identity::WeightInfo<Runtime>;
}

/// What a proxy may do for its account.
///
/// New kinds are added at the end: stored proxies name theirs by number.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Default,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub enum ProxyType {
	/// Everything.
	#[default]
	Any,
	/// Everything that moves no CMT to others and gives no control away.
	NonTransfer,
	/// Delegations, the candidate and its session keys, but not the candidate's hand-over.
	Staking,
	/// The identity and its sub-accounts.
	Identity,
	/// Refusing the announced calls of other proxies.
	CancelProxy,
	/// Proposals and votes.
	Governance,
}

impl ProxyType {
	/// Calls about stake that leave it, and the candidate, with the account.
	fn is_staking(call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::CmtDpos(call) => {
				!matches!(call, pallet_cmt_dpos::Call::offer_ownership { .. })
			},
			RuntimeCall::Session(_) => true,
			_ => false,
		}
	}

	/// Calls by which an account governs. They move none of its CMT but the deposits of proposals.
	fn is_governance(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::StakeVoting(_) | RuntimeCall::Referenda(_) | RuntimeCall::Preimage(_)
		)
	}

	/// Calls that only carry others, each of which is filtered by itself.
	fn is_wrapper(call: &RuntimeCall) -> bool {
		matches!(call, RuntimeCall::Utility(_))
	}

	fn is_refusal(call: &RuntimeCall) -> bool {
		matches!(call, RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement { .. }))
	}

	fn is_harmless(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::System(_)
				| RuntimeCall::Identity(_)
				| RuntimeCall::Multisig(_)
				| RuntimeCall::Preimage(_)
		)
	}
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, call: &RuntimeCall) -> bool {
		match self {
			Self::Any => true,
			Self::NonTransfer => {
				Self::is_harmless(call)
					|| Self::is_staking(call)
					|| Self::is_governance(call)
					|| Self::is_wrapper(call)
					|| Self::is_refusal(call)
			},
			Self::Staking => Self::is_staking(call) || Self::is_wrapper(call),
			Self::Identity => matches!(call, RuntimeCall::Identity(_)) || Self::is_wrapper(call),
			Self::CancelProxy => Self::is_refusal(call) || Self::is_wrapper(call),
			Self::Governance => Self::is_governance(call) || Self::is_wrapper(call),
		}
	}

	fn is_superset(&self, other: &Self) -> bool {
		match (self, other) {
			(a, b) if a == b => true,
			(Self::Any, _) => true,
			(_, Self::Any) => false,
			(Self::NonTransfer, _) => true,
			_ => false,
		}
	}
}

impl pallet_proxy::Config for Runtime {
	type AnnouncementDepositBase = ConstU128<{ deposit(1, 48) }>;
	type AnnouncementDepositFactor = ConstU128<{ deposit(0, 68) }>;
	type BlockNumberProvider = System;
	type CallHasher = BlakeTwo256;
	type Currency = Balances;
	type MaxPending = ConstU32<32>;
	type MaxProxies = ConstU32<32>;
	type ProxyDepositBase = ConstU128<{ deposit(1, 40) }>;
	type ProxyDepositFactor = ConstU128<{ deposit(0, 37) }>;
	type ProxyType = ProxyType;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_proxy::WeightInfo<Runtime>;
}

impl pallet_multisig::Config for Runtime {
	type BlockNumberProvider = System;
	type Currency = Balances;
	type DepositBase = ConstU128<{ deposit(1, 88) }>;
	type DepositFactor = ConstU128<{ deposit(0, 32) }>;
	type MaxSignatories = ConstU32<100>;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_multisig::WeightInfo<Runtime>;
}

parameter_types! {
	/// Deposit for a preimage, whatever its length.
	pub const PreimageBaseDeposit: Balance = deposit(2, 64);
	/// Deposit for each byte of a preimage.
	pub const PreimageByteDeposit: Balance = deposit(0, 1);
	/// Why the deposit of a preimage is held.
	pub const PreimageHoldReason: RuntimeHoldReason =
		RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
	/// The most that scheduled calls may take of a block.
	pub MaxScheduledWeight: Weight = Perbill::from_percent(60) * MAX_WEIGHT;
}

impl pallet_preimage::Config for Runtime {
	type Consideration = HoldConsideration<
		AccountId,
		Balances,
		PreimageHoldReason,
		LinearStoragePrice<PreimageBaseDeposit, PreimageByteDeposit, Balance>,
	>;
	type Currency = Balances;
	type ManagerOrigin = EnsureRoot<AccountId>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_preimage::WeightInfo<Runtime>;
}

impl pallet_scheduler::Config for Runtime {
	type BlockNumberProvider = System;
	// Each vote wakes its referendum in the next block. What finds no room goes to a later one
	// (`governance::alarms`).
	type MaxScheduledPerBlock = ConstU32<256>;
	type MaximumWeight = MaxScheduledWeight;
	type OriginPrivilegeCmp = EqualPrivilegeOnly;
	type PalletsOrigin = OriginCaller;
	type Preimages = Preimage;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type ScheduleOrigin = EnsureRoot<AccountId>;
	type WeightInfo = weights::pallet_scheduler::WeightInfo<Runtime>;
}
