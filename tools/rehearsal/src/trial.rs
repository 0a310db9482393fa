//! An upgrade off chain: the migrations of its block, those of the blocks after, all checks.

use crate::{
	chain::{value_key, Block, Chain, Executor},
	refusal::{Refusal, Result},
	versions::Pallets,
};
use codec::Encode;
use sp_crypto_hashing::twox_128;
use sp_runtime::Weight;
use std::time::{Duration, Instant};

/// Blocks within which migrations have to end: half an hour.
const MOST_BLOCKS: u32 = 600;

/// `UpgradeCheckSelect::PreAndPost`. The state as a whole is checked when all migrations are done.
const PRE_AND_POST: u8 = 2;
/// `TryStateSelect::All`.
const ALL: u8 = 1;

/// What an upgrade took.
pub(crate) struct Trial {
	/// Weight of what runs in the block of the upgrade, and what a block has room for.
	pub(crate) used: Weight,
	pub(crate) room: Weight,
	/// How long that took here, with its checks.
	pub(crate) took: Duration,
	/// Blocks in which migrations went on, and the heaviest of them.
	pub(crate) blocks: u32,
	pub(crate) heaviest: Weight,
	/// How long all `try_state` checks took here.
	pub(crate) checks: Duration,
}

/// Upgrades `chain` to the code that it has by now, and makes blocks until all migrations are done.
pub(crate) fn upgrade(chain: &mut Chain, executor: &Executor) -> Result<Trial> {
	let started = Instant::now();
	let (used, room): (Weight, Weight) = chain.call(
		executor,
		"the migrations of the upgrade's block",
		"TryRuntime_on_runtime_upgrade",
		&[PRE_AND_POST],
	)?;
	let took = started.elapsed();
	if used.any_gt(room) {
		return Err(Refusal::TooHeavy { used, room });
	}
	let (blocks, heaviest) = migrate(chain, executor, room)?;
	let started = Instant::now();
	check_state(chain, executor)?;
	Ok(Trial { used, room, took, blocks, heaviest, checks: started.elapsed() })
}

fn migrating(chain: &Chain) -> bool {
	chain.get(&value_key("Migrations", "Cursor")).is_some()
}

/// Makes blocks while migrations go on; how many, and the weight of the heaviest.
fn migrate(chain: &mut Chain, executor: &Executor, room: Weight) -> Result<(u32, Weight)> {
	let mut heaviest = Weight::zero();
	for block in 0..MOST_BLOCKS {
		if !migrating(chain) {
			return Ok((block, heaviest));
		}
		chain.next_block(executor)?;
		let used = chain.block_weight();
		if used.any_gt(room) {
			return Err(Refusal::StepTooHeavy { block: block + 1, used, room });
		}
		heaviest = heaviest.max(used);
	}
	Err(Refusal::NeverEnds(MOST_BLOCKS))
}

/// Makes a block more and runs the checks of all pallets after it; leaves `chain` as it is.
fn check_state(chain: &Chain, executor: &Executor) -> Result<()> {
	let block: Block = chain.clone().next_block(executor)?;
	let check_root_and_signatures = (true, true);
	let arguments = (block, check_root_and_signatures, ALL).encode();
	let _: Weight = chain.clone().call(
		executor,
		"a check of the migrated state",
		"TryRuntime_execute_block",
		&arguments,
	)?;
	Ok(())
}

/// Upgrades a migrated chain once more: it must end where a chain ends that goes on without.
///
/// `System` is left out, which records the blocks themselves.
pub(crate) fn repeat(chain: &Chain, executor: &Executor, pallets: &Pallets) -> Result<u32> {
	let (mut again, mut control) = (chain.clone(), chain.clone());
	let blocks = upgrade(&mut again, executor)?.blocks;
	for _ in 0..blocks {
		control.next_block(executor)?;
	}
	let changed = differences(&again, &control);
	let Some(first) = changed.first() else { return Ok(blocks) };
	let pallet = first.first_chunk().and_then(|hash| pallets.get(hash));
	let pallet = pallet.map_or("no pallet", String::as_str).to_owned();
	Err(Refusal::NotIdempotent { count: changed.len(), pallet })
}

/// Keys of what only one of the chains has, or has another value of.
fn differences(one: &Chain, other: &Chain) -> Vec<Vec<u8>> {
	let (mut one, other) = (one.entries(), other.entries());
	let system = twox_128(b"System");
	let mut changed: Vec<_> = other
		.into_iter()
		.filter(|(key, value)| one.remove(key).as_ref() != Some(value))
		.collect();
	changed.extend(one);
	changed.retain(|(key, _)| !key.starts_with(&system));
	changed.into_iter().map(|(key, _)| key).collect()
}
