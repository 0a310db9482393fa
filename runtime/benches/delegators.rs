//! What staking costs as delegators and candidates grow: it must not.
//!
//! Runs each operation on the real runtime over a state with few and with many delegators (or
//! candidates), undoes it, and prints the median time of each and their ratio, one JSON line a
//! measurement. `make bench SUITE=delegators` shows them as a table.

#![allow(missing_docs, clippy::unwrap_used)]

use cybermiles_primitives::{traits::StakePools, ClassId, Rate, CMT};
use cybermiles_runtime::{
	genesis_config_presets::{get_preset, LOCAL},
	AccountId, Balances, CmtDpos, Runtime, RuntimeGenesisConfig, RuntimeOrigin, SessionKeys,
	System,
};
use frame_support::{
	storage::with_transaction_unchecked,
	traits::{fungible::Mutate, Hooks},
	weights::Weight,
};
use pallet_cmt_dpos::{Candidates, CurrentEra, PayingEra, WeightInfo};
use serde_json::json;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	traits::{OpaqueKeys, TrailingZeroInput},
	BuildStorage, Perbill, TransactionOutcome,
};
use std::time::{Duration, Instant};

/// How often each operation is timed.
const ROUNDS: usize = 41;
const FEW: u32 = 10;
const MANY: u32 = 100_000;
const MANY_CANDIDATES: u32 = 10_000;

fn main() {
	let few = operations(&mut state(FEW, 0));
	let many = operations(&mut state(MANY, 0));
	for ((name, few), (_, many)) in few.into_iter().zip(many) {
		report(name, (FEW, few), (MANY, many), "delegators");
	}
	let few = election(&mut state(FEW, 0));
	let many = election(&mut state(FEW, MANY_CANDIDATES));
	report("election", (26, few), (26 + MANY_CANDIDATES, many), "candidates");
}

/// The local network, with `delegators` behind its first candidate and further candidates.
fn state(delegators: u32, candidates: u32) -> TestExternalities {
	let patch: serde_json::Value =
		serde_json::from_slice(&get_preset(&LOCAL.into()).unwrap()).unwrap();
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
	merge(&mut genesis, patch);
	let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).unwrap();
	let mut ext = TestExternalities::new(genesis.build_storage().unwrap());
	ext.execute_with(|| {
		System::set_block_number(1);
		(0..delegators).for_each(add_delegator);
		(0..candidates).for_each(add_candidate);
		// They would be copied with the first event of each operation.
		System::reset_events();
	});
	ext.commit_all().unwrap();
	ext
}

fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
	match (into, patch) {
		(serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(into.entry(key).or_insert(serde_json::Value::Null), value);
			}
		},
		(into, patch) => *into = patch,
	}
}

fn alice() -> AccountId {
	Sr25519Keyring::Alice.to_account_id()
}

fn numbered(kind: u8, index: u32) -> AccountId {
	let mut raw = [kind; 32];
	raw[..4].copy_from_slice(&index.to_le_bytes());
	AccountId::new(raw)
}

fn delegator(index: u32) -> AccountId {
	let who = numbered(1, index);
	Balances::set_balance(&who, 1_000_000 * CMT);
	who
}

fn add_delegator(index: u32) {
	if index == 0 {
		Balances::set_balance(&alice(), 10_000_000_000 * CMT);
		let origin = RuntimeOrigin::signed(alice());
		CmtDpos::update(origin, Some(20_000_000_000 * CMT), None, None).unwrap();
	}
	let origin = RuntimeOrigin::signed(delegator(index));
	CmtDpos::delegate(origin, alice(), 1_000 * CMT).unwrap();
}

fn add_candidate(index: u32) {
	let who = numbered(2, index);
	let mut seed = [7; 96];
	seed[..4].copy_from_slice(&index.to_le_bytes());
	let keys: SessionKeys = codec::Decode::decode(&mut TrailingZeroInput::new(&seed)).unwrap();
	assert_eq!(SessionKeys::key_ids().len(), 3);
	pallet_session::NextKeys::<Runtime>::insert(&who, keys);
	let self_stake = (2_000 + u128::from(index)) * CMT;
	Balances::set_balance(&who, 1_000_000 * CMT);
	CmtDpos::declare(RuntimeOrigin::signed(who), 20_000 * CMT, Rate(100), self_stake).unwrap();
}

/// Every operation that could visit delegators, with its time.
fn operations(ext: &mut TestExternalities) -> Vec<(&'static str, Duration)> {
	let newcomer = || RuntimeOrigin::signed(delegator(u32::MAX));
	let member = || RuntimeOrigin::signed(numbered(1, 3));
	vec![
		("retire", time(ext, || (), |()| CmtDpos::retire(RuntimeOrigin::signed(alice())).unwrap())),
		(
			"delegate",
			time(ext, newcomer, |who| CmtDpos::delegate(who, alice(), 1_000 * CMT).unwrap()),
		),
		("undelegate", time(ext, member, |who| CmtDpos::undelegate(who, alice(), None).unwrap())),
		(
			"slash",
			time(
				ext,
				|| (),
				|()| {
					let cuts =
						<CmtDpos as StakePools<_>>::slash(&alice(), Perbill::from_percent(5), 0);
					assert!(cuts.iter().any(|cut| cut.amount > 0));
				},
			),
		),
		(
			"award",
			time(ext, classes, |class| {
				<CmtDpos as StakePools<_>>::add_to_classes(&alice(), &[(class, CMT)]).unwrap()
			}),
		),
		(
			"one payment of a closed candidate",
			time(ext, retire_and_wait, |()| {
				assert!(CmtDpos::on_idle(2, one_payment()).any_gt(Weight::zero()));
			}),
		),
	]
}

fn election(ext: &mut TestExternalities) -> Duration {
	time(ext, || (), |()| assert_eq!(CmtDpos::expected_seats().validators.len(), 19))
}

fn classes() -> ClassId {
	let (class, _) = CmtDpos::class_stakes(&alice()).into_iter().next().unwrap();
	class
}

/// Closes the first candidate and lets the wait pass.
fn retire_and_wait() {
	CmtDpos::retire(RuntimeOrigin::signed(alice())).unwrap();
	let (_, due) = Candidates::<Runtime>::get(alice()).unwrap().retired().unwrap();
	CurrentEra::<Runtime>::mutate(|era| era.index = due);
	PayingEra::<Runtime>::put(due);
}

fn one_payment() -> Weight {
	<<Runtime as pallet_cmt_dpos::Config>::WeightInfo as WeightInfo>::pay_one()
}

/// Median time of `operation`, each time on the same state.
fn time<P>(
	ext: &mut TestExternalities,
	prepare: impl Fn() -> P,
	operation: impl Fn(P),
) -> Duration {
	let mut times: Vec<Duration> = (0..ROUNDS)
		.map(|_| {
			ext.execute_with(|| {
				with_transaction_unchecked(|| {
					let prepared = prepare();
					let start = Instant::now();
					operation(prepared);
					TransactionOutcome::Rollback(start.elapsed())
				})
			})
		})
		.collect();
	times.sort_unstable();
	times[ROUNDS / 2]
}

fn micros(time: Duration) -> f64 {
	time.as_secs_f64() * 1e6
}

/// One line with the time at the larger number, and one with the ratio that must stay flat.
fn report(name: &str, (few, before): (u32, Duration), (many, after): (u32, Duration), of: &str) {
	let (before, after) = (micros(before), micros(after));
	println!(
		"{}",
		json!({
			"name": format!("{name}, {many} {of} (baseline: {few})"),
			"value": after, "unit": "us", "baseline": before,
		})
	);
	println!(
		"{}",
		json!({
			"name": format!("{name}, {many} against {few} {of}"),
			"value": after / before, "unit": "x", "goal": "<= 3",
		})
	);
}
