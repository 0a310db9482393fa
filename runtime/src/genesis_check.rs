//! Builds the genesis state from a chain spec, and says in a sentence what is wrong with one.
//!
//! The pallets can only panic over a genesis that contradicts itself. What a hand-written spec is
//! likely to get wrong is looked for here first.

use crate::{AccountId, Balance, RuntimeGenesisConfig};
use alloc::{
	collections::{BTreeMap, BTreeSet},
	format,
	string::String,
	vec::Vec,
};
use cybermiles_primitives::CMT;
use frame_support::traits::BuildGenesisConfig;
use sp_core::crypto::Ss58Codec;

/// Builds the state of a complete genesis in JSON.
pub(crate) fn build(json: Vec<u8>) -> Result<(), String> {
	let genesis: RuntimeGenesisConfig = serde_json::from_slice(&json)
		.map_err(|error| format!("the genesis cannot be read: {error}"))?;
	check(&genesis)?;
	genesis.build();
	Ok(())
}

/// Finds what contradicts itself.
fn check(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
	check_balances(genesis)?;
	check_session_keys(genesis)?;
	check_candidates(genesis)?;
	check_delegations(genesis)?;
	check_stakes(genesis)
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

/// Nobody stakes more than it has.
fn check_stakes(genesis: &RuntimeGenesisConfig) -> Result<(), String> {
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
	let balances: BTreeMap<_, _> = genesis
		.balances
		.balances
		.iter()
		.map(|(who, balance, ..)| (who, *balance))
		.collect();
	let has = |who: &AccountId| balances.get(who).copied().unwrap_or_default();
	match stakes.into_iter().find(|(who, stake)| *stake >= has(who)) {
		Some((who, stake)) => Err(format!(
			"{} stakes {} CMT of the {} CMT it has in the genesis; a fee must be left",
			address(who),
			stake / CMT,
			has(who) / CMT
		)),
		None => Ok(()),
	}
}
