//! Versions: of the runtimes, and of the storage of each pallet.

use crate::{
	chain::{Chain, Executor},
	refusal::{Refusal, Result},
};
use codec::Decode;
use frame_metadata::{v14, RuntimeMetadata, RuntimeMetadataPrefixed};
use sp_core::traits::ReadRuntimeVersion;
use sp_crypto_hashing::{blake2_64, twox_128};
use sp_state_machine::BasicExternalities;
use sp_version::RuntimeVersion;
use std::collections::BTreeMap;

/// What FRAME appends to the hashed name of a pallet.
const STORAGE_VERSION: &[u8] = b":__STORAGE_VERSION__:";

/// What is written in a runtime about itself.
pub(crate) fn read_version(
	executor: &Executor,
	code: &[u8],
) -> std::result::Result<RuntimeVersion, String> {
	let bytes = executor.read_runtime_version(code, &mut BasicExternalities::default())?;
	RuntimeVersion::decode(&mut bytes.as_slice()).map_err(|error| error.to_string())
}

/// Whether `new` may follow `old`, and can be tried.
pub(crate) fn check(new: &RuntimeVersion, old: &RuntimeVersion) -> Result<()> {
	if new.spec_name != old.spec_name {
		let (new, chain) = (new.spec_name.to_string(), old.spec_name.to_string());
		return Err(Refusal::OtherChain { new, chain });
	}
	if new.spec_version <= old.spec_version {
		return Err(Refusal::NotNewer { new: new.spec_version, chain: old.spec_version });
	}
	let wanted = blake2_64(b"TryRuntime");
	let tryable = new.apis.iter().any(|(api, _)| *api == wanted);
	tryable.then_some(()).ok_or(Refusal::NotTryRuntime)
}

/// Names of the pallets by the hash under which their storage is.
pub(crate) type Pallets = BTreeMap<[u8; 16], String>;

/// The pallets of the runtime that `chain` has.
pub(crate) fn pallets(chain: &Chain, executor: &Executor) -> Result<Pallets> {
	const STAGE: &str = "reading the metadata";
	let failed = |reason: String| Refusal::Failed { stage: STAGE, reason };
	let bytes: Vec<u8> = chain.clone().call(executor, STAGE, "Metadata_metadata", &[])?;
	let metadata = RuntimeMetadataPrefixed::decode(&mut bytes.as_slice())
		.map_err(|error| failed(error.to_string()))?;
	let RuntimeMetadata::V14(v14::RuntimeMetadataV14 { pallets, .. }) = metadata.1 else {
		return Err(failed("it is not of version 14".into()));
	};
	let names = pallets.into_iter().filter_map(|pallet| Some(pallet.storage?.prefix));
	Ok(names.map(|name| (twox_128(name.as_bytes()), name)).collect())
}

/// The version on chain of a pallet's storage; 0 stands for none too.
pub(crate) fn of_storage(chain: &Chain, pallet: &[u8; 16]) -> u16 {
	let key = [pallet.as_slice(), &twox_128(STORAGE_VERSION)].concat();
	let version = chain.get(&key).and_then(|bytes| u16::decode(&mut bytes.as_slice()).ok());
	version.unwrap_or_default()
}

#[cfg(test)]
mod tests {
	use super::*;

	fn version(name: &'static str, number: u32, apis: &[[u8; 8]]) -> RuntimeVersion {
		RuntimeVersion {
			spec_name: name.into(),
			spec_version: number,
			apis: apis.iter().map(|api| (*api, 1)).collect::<Vec<_>>().into(),
			..Default::default()
		}
	}

	#[test]
	fn a_runtime_of_another_chain_an_old_one_and_one_without_trial_are_refused() {
		let old = version("cybermiles", 4, &[]);
		let tryable = [blake2_64(b"Core"), blake2_64(b"TryRuntime")];
		let check = |name, number, apis: &[_]| check(&version(name, number, apis), &old);
		assert!(check("cybermiles", 5, &tryable).is_ok());
		assert!(matches!(check("other", 5, &tryable), Err(Refusal::OtherChain { .. })));
		assert!(matches!(check("cybermiles", 4, &tryable), Err(Refusal::NotNewer { .. })));
		assert!(matches!(check("cybermiles", 5, &tryable[..1]), Err(Refusal::NotTryRuntime)));
	}
}
