use super::*;
use crate::{
	constants::currency::GENESIS_SUPPLY,
	genesis_config_presets::{preset_names, CREATE2_DEPLOYER},
	CmtDpos, Revive, Session,
};
use cybermiles_primitives::CMT;

#[test]
fn presets_should_create_exactly_the_genesis_supply() {
	for name in preset_names() {
		genesis(&name).execute_with(|| {
			assert_eq!(pallet_balances::TotalIssuance::<Runtime>::get(), GENESIS_SUPPLY, "{name}");
		});
	}
}

#[test]
fn sudo_should_have_a_key_in_development_presets_only() {
	for (name, has_key) in [("development", true), ("local", true), ("staging", false)] {
		genesis(name).execute_with(|| {
			assert_eq!(pallet_sudo::Key::<Runtime>::get().is_some(), has_key, "{name}");
		});
	}
	assert_eq!(preset_names(), ["development", "local", "staging"]);
	assert_eq!(RuntimeGenesisConfig::default().sudo.key, None);
}

#[test]
fn presets_should_seat_the_strongest_when_there_are_more_candidates_than_seats() {
	for (name, validators, standbys) in
		[("development", 1, 0), ("local", 19, 5), ("staging", 19, 5)]
	{
		genesis(name).execute_with(|| {
			let seats = CmtDpos::seats();
			assert_eq!(Session::validators().len(), validators, "{name}");
			assert_eq!(seats.validators.len(), validators, "{name}");
			assert_eq!(seats.standbys.len(), standbys, "{name}");
			let stakes: Vec<_> =
				seats.validators.iter().chain(&seats.standbys).map(|seat| seat.stake).collect();
			assert!(stakes.windows(2).all(|pair| pair[0] > pair[1]), "{name}: {stakes:?}");
			assert_eq!(crate::Aura::authorities_len(), validators, "{name}");
			assert_eq!(crate::Grandpa::grandpa_authorities().len(), validators, "{name}");
			assert_eq!(crate::AuthorityDiscovery::authorities().len(), validators, "{name}");
		});
	}
}

#[test]
fn local_should_have_26_candidates_with_known_stakes() {
	genesis("local").execute_with(|| {
		let candidates = CmtDpos::candidates(0, 100);
		assert_eq!(candidates.len(), 26);
		for (rank, candidate) in (1..).zip(&candidates) {
			assert_eq!(candidate.rank, Some(rank));
			assert_eq!(candidate.stake, (2_000_000 - 50_000 * u128::from(rank)) * CMT);
		}
		assert_eq!(candidates[0].candidate, account(Sr25519Keyring::Alice));
		assert_eq!(candidates[5].candidate, account(Sr25519Keyring::Ferdie));
	});
}

#[test]
fn local_should_answer_to_the_name_that_general_tools_use() {
	assert_eq!(get_preset(&"local_testnet".into()), get_preset(&"local".into()));
	assert_eq!(get_preset(&"mainnet".into()), None);
}

#[test]
fn local_should_have_short_lengths_and_staging_those_of_the_main_network() {
	use crate::parameters::{dynamic_params::time, Plain};
	use frame_support::traits::Get;

	for (name, session, sessions, eras) in
		[("development", 20, 3, 2), ("local", 20, 3, 2), ("staging", 200, 144, 7)]
	{
		genesis(name).execute_with(|| {
			let lengths: [u32; 3] = [
				Plain::<time::SessionLength>::get(),
				Plain::<time::SessionsPerEra>::get(),
				Plain::<time::UnbondingEras>::get(),
			];
			assert_eq!(lengths, [session, sessions, eras], "{name}");
		});
	}
}

#[test]
fn staging_keys_should_all_differ() {
	genesis("staging").execute_with(|| {
		let keys = pallet_session::NextKeys::<Runtime>::iter().flat_map(|(who, keys)| {
			let raw = keys.into_raw_public_keys().into_iter().map(|(key, _)| key);
			raw.chain([who.encode()]).collect::<Vec<_>>()
		});
		let keys: Vec<_> = keys.collect();
		let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
		assert_eq!((keys.len(), distinct.len()), (24 * 4, 24 * 4));
	});
}

#[test]
fn example_of_a_genesis_from_public_keys_should_build() {
	let example = include_str!("../../fixtures/genesis-patch.json");
	let deployer = genesis("staging").execute_with(|| Revive::code(&CREATE2_DEPLOYER));
	let mut ext = try_genesis(serde_json::from_str(example).unwrap()).unwrap();
	ext.execute_with(|| {
		assert_eq!(Session::validators().len(), 4);
		assert_eq!(pallet_balances::TotalIssuance::<Runtime>::get(), GENESIS_SUPPLY);
		assert_eq!(pallet_sudo::Key::<Runtime>::get(), None);
		// No transaction could make it later.
		assert_eq!(Revive::code(&CREATE2_DEPLOYER), deployer);
	});
}

#[test]
fn genesis_should_be_refused_with_a_reason_when_it_has_an_unknown_field() {
	let patch = serde_json::json!({ "protocolGenesis": { "sessionlength": 20 } });
	let error = try_genesis(patch).map(|_| ()).unwrap_err();
	assert!(error.contains("sessionlength"), "{error}");
}

/// Why the example genesis is refused after `change`.
fn refusal(change: impl FnOnce(&mut Value)) -> String {
	let example = include_str!("../../fixtures/genesis-patch.json");
	let mut patch = serde_json::from_str(example).unwrap();
	change(&mut patch);
	try_genesis(patch).map(|_| ()).unwrap_err()
}

#[test]
fn genesis_should_be_refused_with_a_sentence_when_it_contradicts_itself() {
	let copy = |patch: &mut Value, from: &str, to: &str| {
		*patch.pointer_mut(to).unwrap() = patch.pointer(from).unwrap().clone();
	};
	for (from, to, reason) in [
		("/balances/balances/0/0", "/balances/balances/1/0", "has two balances"),
		("/session/keys/0/0", "/session/keys/1/0", "has session keys twice"),
		("/session/keys/0/2/grandpa", "/session/keys/1/2/grandpa", "the gran session key 0x"),
		("/session/keys/0/2/aura", "/session/keys/1/2/aura", "belongs to two accounts"),
		("/cmtDpos/candidates/0/account", "/cmtDpos/candidates/1/account", "candidate twice"),
		("/balances/balances/4/0", "/cmtDpos/candidates/1/account", "has no session keys"),
		("/balances/balances/4/0", "/cmtDpos/delegations/0/1", "is no candidate"),
		(
			"/cmtDpos/candidates/0/maxStake",
			"/cmtDpos/candidates/0/selfStake",
			"stakes 20001000 CMT",
		),
	] {
		let error = refusal(|patch| copy(patch, from, to));
		assert!(error.contains(reason), "{to}: {error}");
	}
}
