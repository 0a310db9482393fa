//! The genesis of the networks that come with the node.
//!
//! Every secret key behind these presets is public: all derive from the well-known development
//! phrase, `development` and `local` from names such as `//Alice`, `staging` from
//! `//Staging//01` and so on. None of them may hold anything of worth. A network of worth has no
//! preset: its chain spec is made from the public keys of its validators, with a JSON file of the
//! form that `fixtures/genesis-patch.json` shows.
//!
//! Each preset creates exactly [`GENESIS_SUPPLY`]. Only `development` and `local` have a sudo key:
//! they are for machines of developers.

use crate::{
	configs::economics::TreasuryAccount,
	constants::currency::{EXISTENTIAL_DEPOSIT, GENESIS_SUPPLY, LIST_PRICE},
	parameters::ranged::{
		MinutesFrom1To525600, U32From1To1440, U32From1To28, U32From1To64, U32From2To10000,
		U32From5To28800,
	},
	AccountId, Balance, BalancesConfig, CmtDposConfig, ProtocolGenesisConfig, Revive, ReviveConfig,
	Runtime, RuntimeGenesisConfig, SessionConfig, SessionKeys, SudoConfig,
	TransactionPaymentConfig,
};
use alloc::{collections::BTreeMap, format, string::String, vec, vec::Vec};
use cybermiles_primitives::{Rate, CMT};
use frame_support::build_struct_json_patch;
use hex_literal::hex;
use pallet_cmt_dpos::GenesisCandidate;
use pallet_revive::AddressMapper;
use pallet_transaction_payment::Multiplier;
use serde_json::Value;
use sp_core::{crypto::get_public_from_string_or_panic, ed25519, sr25519, H160, U256};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::Sr25519Keyring;

/// One authority that seals on one machine.
pub const DEVELOPMENT: &str = DEV_RUNTIME_PRESET;
/// A network of 19 authorities on one machine.
pub const LOCAL: &str = "local";
/// A public test network with the lengths of the main network and no sudo key.
pub const STAGING: &str = "staging";

/// The Ethereum chain id of `development` and `local`.
const DEVELOPMENT_CHAIN_ID: u64 = 1234;
/// The Ethereum chain id of `staging`.
const STAGING_CHAIN_ID: u64 = 20;

/// The first accounts of the phrase "test test test test test test test test test test test junk",
/// which Ethereum's development tools know.
const ETHEREUM_ACCOUNTS: [H160; 10] = [
	H160(hex!("f39fd6e51aad88f6f4ce6ab8827279cfffb92266")),
	H160(hex!("70997970c51812dc3a010c7d01b50e0d17dc79c8")),
	H160(hex!("3c44cdddb6a900fa2b585dd299e03d12fa4293bc")),
	H160(hex!("90f79bf6eb2c4f870365e785982e1f101e93b906")),
	H160(hex!("15d34aaf54267db7d7c367839aaf71a00a2c6a65")),
	H160(hex!("9965507d1a55bcc2695c58ba16fb37d819b0a4dc")),
	H160(hex!("976ea74026e726554db657fa54763abd0c3a0aa9")),
	H160(hex!("14dc79964da2c08b23698b3d3cc7ca32193d9955")),
	H160(hex!("23618e81e3f5cdf7f54c3d65f7fbc0abf5b21e8f")),
	H160(hex!("a0ee7a142d267c1f36714e4a8f75612f20a79720")),
];
/// Where Ethereum's tools expect the deterministic deployer.
pub(crate) const CREATE2_DEPLOYER: H160 = H160(hex!("4e59b44847b379578588920ca78fbf26c0b4956c"));
/// What the deterministic deployer runs: `create2` of the data behind the first word, its salt.
const CREATE2_DEPLOYER_CODE: [u8; 69] = hex!(
	"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
);

/// Candidates of `local`: 19 validators, 5 standbys and two that wait.
const LOCAL_CANDIDATES: u32 = 26;
/// Candidates of `staging`: 19 validators and 5 standbys.
const STAGING_CANDIDATES: u32 = 24;
/// What each candidate of `local` gets from one delegator.
const LOCAL_DELEGATION: Balance = 100_000 * CMT;
/// What each candidate, and each well-known account, has free.
const FLOAT: Balance = 10_000_000 * CMT;

/// The names of the presets.
pub fn preset_names() -> Vec<PresetId> {
	[DEVELOPMENT, LOCAL, STAGING].map(PresetId::from).to_vec()
}

/// The preset `id` as JSON, to be merged into the default genesis.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let genesis = match id.as_str() {
		DEVELOPMENT => development(),
		// The name by which general tools ask for it.
		LOCAL | LOCAL_TESTNET_RUNTIME_PRESET => local(),
		STAGING => staging(),
		_ => return None,
	};
	serde_json::to_vec(&genesis.into_patch()).ok()
}

/// A candidate of a genesis.
struct Founder {
	account: AccountId,
	keys: SessionKeys,
	self_stake: Balance,
	max_stake: Balance,
}

/// A genesis in the terms in which networks differ.
struct Genesis {
	parameters: ProtocolGenesisConfig,
	founders: Vec<Founder>,
	/// Delegator, candidate, amount in planck.
	delegations: Vec<(AccountId, AccountId, Balance)>,
	/// Accounts that get [`FLOAT`] besides what they stake.
	endowed: Vec<AccountId>,
	/// Gets what is left of the supply.
	reserve: AccountId,
	sudo: Option<AccountId>,
}

impl Genesis {
	/// What each account has before it stakes; the sum is the genesis supply.
	fn balances(&self) -> Vec<(AccountId, Balance)> {
		let stakes = self.founders.iter().map(|founder| (&founder.account, founder.self_stake));
		let delegations = self.delegations.iter().map(|(who, _, amount)| (who, *amount));
		let endowed = self.endowed.iter().map(|who| (who, FLOAT));

		let mut balances = BTreeMap::<AccountId, Balance>::new();
		let mut left = GENESIS_SUPPLY;
		for who in accounts_that_mint() {
			balances.insert(who, EXISTENTIAL_DEPOSIT);
			left -= EXISTENTIAL_DEPOSIT;
		}
		for (who, amount) in stakes.chain(delegations).chain(endowed) {
			*balances.entry(who.clone()).or_default() += amount;
			left -= amount;
		}
		*balances.entry(self.reserve.clone()).or_default() += left;
		balances.into_iter().collect()
	}

	fn session_keys(&self) -> Vec<(AccountId, AccountId, SessionKeys)> {
		let entry = |founder: &Founder| {
			(founder.account.clone(), founder.account.clone(), founder.keys.clone())
		};
		self.founders.iter().map(entry).collect()
	}

	fn candidates(&self) -> Vec<GenesisCandidate<AccountId>> {
		let entry = |founder: &Founder| GenesisCandidate {
			account: founder.account.clone(),
			max_stake: founder.max_stake,
			max_rate: Rate::from_percent(20),
			self_stake: founder.self_stake,
		};
		self.founders.iter().map(entry).collect()
	}

	/// As JSON, with what differs from the default genesis.
	fn into_patch(self) -> Value {
		let balances = self.balances();
		let candidates = self.candidates();
		let keys = self.session_keys();
		let Self { parameters, delegations, sudo, .. } = self;

		build_struct_json_patch!(RuntimeGenesisConfig {
			protocol_genesis: parameters,
			balances: BalancesConfig { balances },
			cmt_dpos: CmtDposConfig { candidates, delegations },
			session: SessionConfig { keys },
			transaction_payment: TransactionPaymentConfig {
				multiplier: Multiplier::from_u32(LIST_PRICE),
			},
			revive: ReviveConfig { accounts: vec![create2_deployer()] },
			sudo: SudoConfig { key: sudo },
		})
	}
}

/// Sessions of a minute, eras of three, two eras of waiting, jail of a minute for three missed turns:
/// every rule can be watched in minutes.
fn short_lengths() -> ProtocolGenesisConfig {
	ProtocolGenesisConfig {
		ethereum_chain_id: Some(DEVELOPMENT_CHAIN_ID),
		session_length: Some(U32From5To28800::new(20)),
		sessions_per_era: Some(U32From1To1440::new(3)),
		unbonding_eras: Some(U32From1To28::new(2)),
		downtime_turns: Some(U32From2To10000::new(3)),
		jail_time: Some(MinutesFrom1To525600::new(60_000)),
		..Default::default()
	}
}

/// One authority, Alice.
fn development() -> Genesis {
	let alice = Sr25519Keyring::Alice.to_account_id();
	Genesis {
		parameters: ProtocolGenesisConfig {
			min_validators: Some(U32From1To64::new(1)),
			..short_lengths()
		},
		founders: vec![Founder {
			account: alice.clone(),
			keys: same_keys("Alice"),
			self_stake: 2_000_000 * CMT,
			max_stake: 20_000_000 * CMT,
		}],
		delegations: vec![],
		endowed: well_known(),
		reserve: alice.clone(),
		sudo: Some(alice),
	}
}

/// 26 candidates for 19 seats and 5 places of standbys, each a bit weaker than the one before.
///
/// One delegation of a well-known account lifts any of those without a seat above the 19th.
fn local() -> Genesis {
	let names = (1..=LOCAL_CANDIDATES).map(local_name);
	let founders: Vec<_> =
		(1..).zip(names).map(|(rank, name)| local_founder(rank, &name)).collect();
	let delegators = [
		Sr25519Keyring::AliceStash,
		Sr25519Keyring::BobStash,
		Sr25519Keyring::One,
		Sr25519Keyring::Two,
	];
	let delegations = founders
		.iter()
		.zip(delegators.iter().cycle())
		.map(|(founder, delegator)| {
			(delegator.to_account_id(), founder.account.clone(), LOCAL_DELEGATION)
		})
		.collect();
	let endowed = well_known()
		.into_iter()
		.chain(founders.iter().skip(6).map(|f| f.account.clone()));

	Genesis {
		parameters: short_lengths(),
		delegations,
		endowed: endowed.collect(),
		founders,
		reserve: Sr25519Keyring::Alice.to_account_id(),
		sudo: Some(Sr25519Keyring::Alice.to_account_id()),
	}
}

/// Name of the local candidate with place `rank`, from 1.
pub(crate) fn local_name(rank: u32) -> String {
	match Sr25519Keyring::invulnerable().nth(rank as usize - 1) {
		Some(known) => format!("{known}"),
		None => format!("Validator{rank:02}"),
	}
}

/// The local candidate with place `rank`: all its stake is 2,000,000 - 50,000 · `rank` CMT.
fn local_founder(rank: u32, name: &str) -> Founder {
	let stake = (2_000_000 - 50_000 * Balance::from(rank)) * CMT;
	Founder {
		account: account(name),
		keys: same_keys(name),
		self_stake: stake - LOCAL_DELEGATION,
		max_stake: 5_000_000 * CMT,
	}
}

/// 24 candidates with separate keys for each purpose, main network lengths, nobody above them.
fn staging() -> Genesis {
	let founders: Vec<_> = (1..=STAGING_CANDIDATES).map(staging_founder).collect();
	Genesis {
		parameters: ProtocolGenesisConfig {
			ethereum_chain_id: Some(STAGING_CHAIN_ID),
			..Default::default()
		},
		delegations: vec![],
		endowed: founders.iter().map(|founder| founder.account.clone()).collect(),
		founders,
		reserve: account("Staging//Reserve"),
		sudo: None,
	}
}

/// The staging candidate with place `rank`, from 1.
fn staging_founder(rank: u32) -> Founder {
	let name = format!("Staging//{rank:02}");
	Founder {
		account: account(&name),
		keys: SessionKeys {
			aura: public::<sr25519::Public>(&format!("{name}//aura")).into(),
			grandpa: public::<ed25519::Public>(&format!("{name}//grandpa")).into(),
			authority_discovery: public::<sr25519::Public>(&format!("{name}//discovery")).into(),
		},
		self_stake: (3_000_000 - 50_000 * Balance::from(rank)) * CMT,
		max_stake: 10_000_000 * CMT,
	}
}

/// The accounts that every development tool knows.
fn well_known() -> Vec<AccountId> {
	let ethereum = ETHEREUM_ACCOUNTS.iter().map(ethereum_account);
	Sr25519Keyring::iter()
		.map(Sr25519Keyring::to_account_id)
		.chain(ethereum)
		.collect()
}

/// The account of an Ethereum address.
fn ethereum_account(address: &H160) -> AccountId {
	<Runtime as pallet_revive::Config>::AddressMapper::to_fallback_account_id(address)
}

/// Contracts, their pallet itself and the treasury would mint themselves the planck that lets them
/// exist.
fn accounts_that_mint() -> Vec<AccountId> {
	vec![Revive::account_id(), ethereum_account(&CREATE2_DEPLOYER), TreasuryAccount::get()]
}

/// The contract by which tools deploy to an address that is the same on every chain (EIP-1014).
///
/// On other chains a transaction without chain id makes it; such transactions are refused here.
fn create2_deployer() -> pallet_revive::genesis::Account<Runtime> {
	pallet_revive::genesis::Account {
		address: CREATE2_DEPLOYER,
		balance: U256::zero(),
		nonce: 1,
		contract_data: Some(pallet_revive::genesis::ContractData {
			code: CREATE2_DEPLOYER_CODE.to_vec().into(),
			storage: Default::default(),
		}),
	}
}

/// The public key behind `//name`.
fn public<Key: sp_core::crypto::Public>(
	name: &str,
) -> <<Key as sp_core::crypto::CryptoType>::Pair as sp_core::Pair>::Public {
	get_public_from_string_or_panic::<Key>(name)
}

/// The account of `//name`.
pub(crate) fn account(name: &str) -> AccountId {
	AccountId::from(public::<sr25519::Public>(name).0)
}

/// Session keys that all come from `//name`, as `--alice` makes them.
fn same_keys(name: &str) -> SessionKeys {
	let sr25519 = public::<sr25519::Public>(name);
	SessionKeys {
		aura: sr25519.into(),
		grandpa: public::<ed25519::Public>(name).into(),
		authority_discovery: sr25519.into(),
	}
}
