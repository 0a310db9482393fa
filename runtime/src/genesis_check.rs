//! Builds the genesis state from a chain spec, and says in a sentence what is wrong with one.
//!
//! The pallets can only panic over a genesis that contradicts itself. What a hand-written spec is
//! likely to get wrong is looked for here first.

use crate::{
	configs::fees::{MaximumMultiplier, MinimumMultiplier},
	constants::currency::{EXISTENTIAL_DEPOSIT, HIGHEST_PRICE, LIST_PRICE},
	parameters::{
		defaults,
		lengths::{check_era, era_of, LONGEST_ERA, SHORTEST_ERA},
	},
	AccountId, Balance, Revive, Runtime, RuntimeGenesisConfig,
};
use alloc::{
	collections::{BTreeMap, BTreeSet},
	format,
	string::String,
	vec::Vec,
};
use cybermiles_primitives::CMT;
use frame_support::traits::BuildGenesisConfig;
use pallet_revive::{AccountId32Mapper, AddressMapper};
use sp_core::crypto::Ss58Codec;

/// Builds the state of a complete genesis in JSON.
pub(crate) fn build(json: Vec<u8>) -> Result<(), String> {
	let genesis: RuntimeGenesisConfig = serde_json::from_slice(&json)
		.map_err(|error| format!("the genesis cannot be read: {error}"))?;
	check(&genesis)?;
	genesis.build();
	check_contracts_built(&genesis)
}

/// Finds what contradicts itself.
fn check(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	check_network(genesis)?;
	check_era_length(genesis)?;
	check_balances(genesis)?;
	check_contracts(genesis)?;
	check_session_keys(genesis)?;
	check_candidates(genesis)?;
	check_delegations(genesis)?;
	check_stakes(genesis)?;
	check_ethereum_balances(genesis)
}

/// The address of `who`, as the chain spec writes it.
fn address(who: &AccountId) -> String {
	who.to_ss58check()
}

/// The first value that comes a second time.
fn duplicate<Value: Ord>(values: impl IntoIterator<Item = Value>) -> Option<Value> {
	let mut seen = BTreeSet::new();
	values.into_iter().find_map(|value| seen.replace(value))
}

/// What no default could be right for, and what a network must not start with.
fn check_network(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	let highest = u64::from(u32::MAX);
	match genesis.protocol_genesis.ethereum_chain_id {
		Some(id) if id > 0 && id < highest => {},
		Some(id) => {
			return Err(format!("the Ethereum chain id {id} is not between 1 and {}", highest - 1))
		},
		None => {
			return Err("the genesis names no Ethereum chain id (protocolGenesis.ethereumChainId: \
				18 main, 19 test, 20 staging, 1234 development networks)"
				.into())
		},
	}
	let price = genesis.transaction_payment.multiplier;
	if !(MinimumMultiplier::get()..=MaximumMultiplier::get()).contains(&price) {
		return Err(format!(
			"the multiplier of fees (transactionPayment.multiplier) is not between {}.0 and {}.0",
			LIST_PRICE, HIGHEST_PRICE
		));
	}
	Ok(())
}

/// Sessions and eras have ranges of their own, which the type of each value knows; this is about both.
fn check_era_length(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	let given = &genesis.protocol_genesis;
	let length = given.session_length.unwrap_or(defaults::SESSION_LENGTH).get();
	let sessions = given.sessions_per_era.unwrap_or(defaults::SESSIONS_PER_ERA).get();
	let era = era_of(length, sessions);
	check_era(era).map_err(|_| {
		format!(
			"an era of {era} blocks ({sessions} sessions of {length} blocks: \
			 protocolGenesis.sessionsPerEra, protocolGenesis.sessionLength) is not between {SHORTEST_ERA} \
			 and {LONGEST_ERA} blocks"
		)
	})
}

/// The pallet would only log what it cannot build.
fn check_contracts(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	if genesis.revive.debug_settings.is_some() {
		return Err("contracts have no debug settings here (revive.debugSettings)".into());
	}
	let accounts = &genesis.revive.accounts;
	match duplicate(accounts.iter().map(|account| account.address)) {
		Some(address) => Err(format!("{address:?} is an Ethereum account twice in the genesis")),
		None => Ok(()),
	}
}

/// Finds a contract whose code or storage was not taken.
fn check_contracts_built(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	for account in &genesis.revive.accounts {
		let Some(contract) = &account.contract_data else { continue };
		let address = account.address;
		if contract.code.0.is_empty() || Revive::code(&address) != contract.code.0 {
			return Err(format!(
				"the code of the contract {address:?} of the genesis is not valid"
			));
		}
		let stored = contract.storage.iter().all(|(key, value)| {
			let found = Revive::get_storage(address, key.0).ok().flatten().unwrap_or_default();
			found == value.0
		});
		if !stored {
			return Err(format!(
				"the storage of the contract {address:?} of the genesis is not valid"
			));
		}
	}
	Ok(())
}

fn check_balances(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	match duplicate(genesis.balances.balances.iter().map(|(who, ..)| who)) {
		Some(who) => Err(format!("{} has two balances in the genesis", address(who))),
		None => Ok(()),
	}
}

fn check_session_keys(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	let session = &genesis.session;
	let entries = || session.keys.iter().chain(&session.non_authority_keys);
	if let Some(who) = duplicate(entries().map(|(who, ..)| who)) {
		return Err(format!("{} has session keys twice in the genesis", address(who)));
	}
	let keys = entries().flat_map(|(_, _, keys)| keys.clone().into_raw_public_keys());
	match duplicate(keys.map(|(key, kind)| (kind.0, key))) {
		Some((kind, key)) => {
			let kind = String::from_utf8_lossy(&kind);
			let key = sp_core::hexdisplay::HexDisplay::from(&key);
			Err(format!("the {kind} session key 0x{key} belongs to two accounts in the genesis"))
		},
		None => Ok(()),
	}
}

fn check_candidates(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	let session = &genesis.session;
	let with_keys: BTreeSet<_> = session
		.keys
		.iter()
		.chain(&session.non_authority_keys)
		.map(|(_, who, _)| who)
		.collect();
	let candidates = || genesis.cmt_dpos.candidates.iter().map(|candidate| &candidate.account);
	if let Some(who) = duplicate(candidates()) {
		return Err(format!("{} is a candidate twice in the genesis", address(who)));
	}
	match candidates().find(|who| !with_keys.contains(who)) {
		Some(who) => {
			Err(format!("the candidate {} has no session keys in the genesis", address(who)))
		},
		None => Ok(()),
	}
}

fn check_delegations(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	let dpos = &genesis.cmt_dpos;
	let candidates: BTreeSet<_> =
		dpos.candidates.iter().map(|candidate| &candidate.account).collect();
	match dpos
		.delegations
		.iter()
		.find(|(_, candidate, _)| !candidates.contains(candidate))
	{
		Some((who, candidate, _)) => Err(format!(
			"{} delegates to {}, which is no candidate of the genesis",
			address(who),
			address(candidate)
		)),
		None => Ok(()),
	}
}

/// What each account stakes, in planck.
fn stakes(genesis: &RuntimeGenesisConfig) -> BTreeMap<&AccountId, Balance> {
	let dpos = &genesis.cmt_dpos;
	let own = dpos
		.candidates
		.iter()
		.map(|candidate| (&candidate.account, candidate.self_stake));
	let delegated = dpos.delegations.iter().map(|(who, _, amount)| (who, *amount));
	let mut stakes = BTreeMap::<&AccountId, Balance>::new();
	for (who, amount) in own.chain(delegated) {
		let stake = stakes.entry(who).or_default();
		*stake = stake.saturating_add(amount);
	}
	stakes
}

/// Nobody stakes more than it has.
fn check_stakes(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	let balances: BTreeMap<_, _> = genesis
		.balances
		.balances
		.iter()
		.map(|(who, balance, ..)| (who, *balance))
		.collect();
	let has = |who: &AccountId| balances.get(who).copied().unwrap_or_default();
	match stakes(genesis).into_iter().find(|(who, stake)| *stake >= has(who)) {
		Some((who, stake)) => Err(format!(
			"{} stakes {} CMT of the {} CMT it has in the genesis; a fee must be left",
			address(who),
			stake / CMT,
			has(who) / CMT
		)),
		None => Ok(()),
	}
}

/// The pallet sets the balance of its accounts last: another one than it finds would change how much
/// CMT there is.
fn check_ethereum_balances(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	let stakes = stakes(genesis);
	let balances = genesis.balances.balances.iter().map(|(who, balance, ..)| {
		let left = balance.saturating_sub(stakes.get(who).copied().unwrap_or_default());
		(AccountId32Mapper::<Runtime>::to_address(who), left.saturating_sub(EXISTENTIAL_DEPOSIT))
	});
	let balances: BTreeMap<_, _> = balances.collect();
	for account in &genesis.revive.accounts {
		let Some(balance) = balances.get(&account.address) else { continue };
		if account.balance != (*balance).into() {
			return Err(format!(
				"{:?} has {} planck as an Ethereum account of the genesis, but {balance} are left to it \
				 of its balance there",
				account.address, account.balance
			));
		}
	}
	Ok(())
}
