//! # The CyberMiles runtime
//!
//! The state transition of a CyberMiles chain: one binary for every network. Networks differ in
//! their genesis ([`genesis_config_presets`]) and in the protocol parameters that their genesis
//! and their governance set ([`parameters`]).
//!
//! - [`configs`]: how each pallet is set up, by concern.
//! - [`governance`]: what referenda can do, and what they need.
//! - [`apis`]: what nodes and wallets ask the runtime.
//! - [`constants`]: numbers that no governance changes.
//! - [`migrations`]: what an upgrade does to the state.
//! - [`weights`]: what each call costs.

#![cfg_attr(not(feature = "std"), no_std)]
// The expansion of `impl_runtime_apis!` and of the benchmark list nests deeply.
#![recursion_limit = "512"]
// What FRAME's macros expand to has no docs. Modules written by hand ask for them.
#![allow(missing_docs)]

extern crate alloc;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
#[warn(missing_docs)]
pub mod configs;
#[warn(missing_docs)]
pub mod constants;
#[warn(missing_docs)]
mod ethereum;
#[warn(missing_docs)]
mod genesis_check;
#[warn(missing_docs)]
pub mod genesis_config_presets;
#[warn(missing_docs)]
pub mod governance;
#[warn(missing_docs)]
pub mod migrations;
#[warn(missing_docs)]
pub mod parameters;
#[warn(missing_docs)]
mod profile;
#[cfg(test)]
mod tests;
#[cfg(feature = "upgrade-test")]
#[warn(missing_docs)]
pub mod upgrade_test;
#[warn(missing_docs)]
pub mod weights;

pub use cybermiles_primitives::Balance;
#[cfg(feature = "upgrade-test")]
pub use upgrade_test::VERSION;
#[cfg(feature = "std")]
pub use wasm::*;

use alloc::{borrow::Cow, vec::Vec};
use configs::ethereum::EthereumExtra;
use sp_runtime::{
	generic, impl_opaque_keys,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

/// The runtime compiled to WASM; `None` where the build skipped it.
#[cfg(feature = "std")]
mod wasm {
	include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
}

/// Number of a block.
pub type BlockNumber = u32;
/// A signature by an sr25519, ed25519 or ECDSA key.
pub type Signature = MultiSignature;
/// An account: the public key behind a [`Signature`], or its hash where it is longer than 32 bytes.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Number of an account's transactions so far.
pub type Nonce = u32;
/// A hash of chain data.
pub type Hash = sp_core::H256;
/// How a transaction names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block as the runtime executes it.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A transaction whose signature is not checked yet.
///
/// Besides the usual form it takes an Ethereum transaction, which its sender's secp256k1 key signed.
pub type UncheckedExtrinsic =
	pallet_revive::evm::runtime::UncheckedExtrinsic<Address, Signature, EthereumExtra>;
/// What a transaction's sender signs.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// What is checked and done for every transaction besides its call.
///
/// A change here is a change of the transaction format: raise `transaction_version`.
pub type TxExtension = (
	frame_system::AuthorizeCall<Runtime>,
	frame_system::CheckNonZeroSender<Runtime>,
	frame_system::CheckSpecVersion<Runtime>,
	frame_system::CheckTxVersion<Runtime>,
	frame_system::CheckGenesis<Runtime>,
	frame_system::CheckEra<Runtime>,
	frame_system::CheckNonce<Runtime>,
	frame_system::CheckWeight<Runtime>,
	configs::gas_tip::ChargeFee,
	frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
	pallet_revive::evm::tx_extension::SetOrigin<Runtime>,
	frame_system::WeightReclaim<Runtime>,
);

/// Executes blocks and transactions.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

impl_opaque_keys! {
	/// The keys with which a validator works.
	pub struct SessionKeys {
		/// Signs the blocks it authors (sr25519).
		pub aura: Aura,
		/// Signs its finality votes (ed25519).
		pub grandpa: Grandpa,
		/// Signs the network addresses it publishes (sr25519).
		pub authority_discovery: AuthorityDiscovery,
	}
}

/// Types for code that must not depend on how this runtime's transactions look: the node.
pub mod opaque {
	use super::*;

	pub use super::Header;
	pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

	/// A block whose transactions are bytes.
	pub type Block = generic::Block<Header, UncheckedExtrinsic>;
}

/// Which runtime this is.
#[cfg(not(feature = "upgrade-test"))]
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: Cow::Borrowed("cybermiles"),
	impl_name: Cow::Borrowed("cybermiles"),
	authoring_version: 1,
	spec_version: 1,
	impl_version: 1,
	apis: apis::RUNTIME_API_VERSIONS,
	transaction_version: 1,
	system_version: 1,
};

/// The pallets of the chain.
///
/// Genesis is built and hooks run in this order: parameters stand before those who read them, the
/// stake before the session that asks it for the first validators. An index once given to a pallet
/// is never given to another: it names the pallet's calls and errors.
#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	// The base.
	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Parameters = pallet_parameters;
	#[runtime::pallet_index(3)]
	pub type ProtocolGenesis = crate::parameters::genesis;
	#[runtime::pallet_index(4)]
	pub type Migrations = pallet_migrations;

	// Money.
	#[runtime::pallet_index(10)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(11)]
	pub type TransactionPayment = pallet_transaction_payment;

	// Consensus: Aura notes the slot and Authorship the author before Session changes the set.
	#[runtime::pallet_index(20)]
	pub type Aura = pallet_aura;
	#[runtime::pallet_index(21)]
	pub type Authorship = pallet_authorship;
	// Reads the turns of the session before Session ends it.
	#[runtime::pallet_index(28)]
	pub type Slashing = pallet_slashing;
	#[runtime::pallet_index(22)]
	pub type CmtDpos = pallet_cmt_dpos;
	#[runtime::pallet_index(29)]
	pub type ValidatorCompensation = pallet_validator_compensation;
	#[runtime::pallet_index(23)]
	pub type Historical = pallet_session::historical;
	#[runtime::pallet_index(24)]
	pub type Offences = pallet_offences;
	#[runtime::pallet_index(25)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(26)]
	pub type Grandpa = pallet_grandpa;
	#[runtime::pallet_index(27)]
	pub type AuthorityDiscovery = pallet_authority_discovery;

	// Tools for accounts.
	#[runtime::pallet_index(40)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(41)]
	pub type Identity = pallet_identity;
	#[runtime::pallet_index(42)]
	pub type Proxy = pallet_proxy;
	#[runtime::pallet_index(43)]
	pub type Multisig = pallet_multisig;
	#[runtime::pallet_index(44)]
	pub type Preimage = pallet_preimage;
	#[runtime::pallet_index(45)]
	pub type Scheduler = pallet_scheduler;

	// Governance. Votes are counted before Referenda looks at them.
	#[runtime::pallet_index(50)]
	pub type StakeVoting = pallet_stake_voting;
	#[runtime::pallet_index(51)]
	pub type Referenda = pallet_referenda;
	#[runtime::pallet_index(52)]
	pub type Governance = pallet_governance;
	#[runtime::pallet_index(53)]
	pub type Treasury = pallet_treasury;
	#[runtime::pallet_index(54)]
	pub type TxPause = pallet_tx_pause;

	// Contracts.
	#[runtime::pallet_index(60)]
	pub type Revive = pallet_revive;

	// Has a key in development presets only; without one it can do nothing and get none.
	#[runtime::pallet_index(255)]
	pub type Sudo = pallet_sudo;
}
