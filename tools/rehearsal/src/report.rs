//! What a rehearsal prints.

use crate::{
	chain::Chain,
	trial::Trial,
	versions::{of_storage, Pallets},
	weigh::{milliseconds, percent},
};
use sp_core::hexdisplay::HexDisplay;
use sp_crypto_hashing::blake2_256;
use sp_version::RuntimeVersion;

fn line(what: &str, text: &str) {
	println!("{what:<12}{text}");
}

fn mebibytes(bytes: usize) -> String {
	format!("{:.2} MiB", bytes as f64 / f64::from(1 << 20))
}

/// Number of entries and what they hold.
fn size(chain: &Chain) -> String {
	let entries = chain.entries();
	let bytes = entries.iter().map(|(key, value)| key.len() + value.len()).sum();
	format!("{} entries, {}", entries.len(), mebibytes(bytes))
}

pub(crate) fn chain(chain: &Chain, version: &RuntimeVersion) {
	let (name, number) = (&version.spec_name, version.spec_version);
	line("chain", &format!("{name}, runtime version {number}, block {}", chain.header.number));
	line("state", &size(chain));
}

pub(crate) fn runtime(code: &[u8], plain: &[u8], version: &RuntimeVersion) {
	let sizes = format!("{}, {} unpacked", mebibytes(code.len()), mebibytes(plain.len()));
	line("runtime", &format!("version {}, {sizes}", version.spec_version));
	line("hash", &format!("0x{}", HexDisplay::from(&blake2_256(code))));
}

pub(crate) fn trial(trial: &Trial) {
	let Trial { used, room, took, blocks, heaviest, checks } = trial;
	let of_block = |weight| {
		format!(
			"{} of {} ms ({})",
			milliseconds(weight),
			milliseconds(*room),
			percent(weight, *room)
		)
	};
	line("upgrade", &format!("{} of weight; {} ms here", of_block(*used), took.as_millis()));
	match blocks {
		0 => line("blocks", "no migrations over several blocks"),
		_ => line("blocks", &format!("{blocks} with migrations, at most {}", of_block(*heaviest))),
	}
	line("try_state", &format!("passed, {} ms here", checks.as_millis()));
}

/// Storage versions. The checks have compared those on chain after the upgrade with the code's.
pub(crate) fn storage_versions(before: &Chain, after: &Chain, pallets: &Pallets) {
	for (hash, pallet) in pallets {
		let (old, new) = (of_storage(before, hash), of_storage(after, hash));
		match (old == new, new) {
			(true, 0) => {},
			(true, _) => line("storage", &format!("{pallet} {new}")),
			(false, _) => line("storage", &format!("{pallet} {old} -> {new}")),
		}
	}
}

pub(crate) fn after(chain: &Chain) {
	line("state then", &size(chain));
}

pub(crate) fn repeated(blocks: u32) {
	line("second run", &format!("changed nothing ({blocks} blocks)"));
}
