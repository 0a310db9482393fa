//! Chain specifications that come from a file, and what can be wrong with one.

use super::{strict_json::NoRepeatedKeys, ChainSpec, Error};
use cybermiles_runtime::VERSION;
use sc_executor_common::runtime_blob::RuntimeBlob;
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

/// The storage key of the runtime, `:code`, as a raw specification spells it.
const RAW_CODE: &str = "/genesis/raw/top/0x3a636f6465";
/// Where a plain specification keeps the runtime.
const PLAIN_CODE: &str = "/genesis/runtimeGenesis/code";
/// Where a plain specification lists session keys: account, validator, keys.
const SESSION_KEYS: [&str; 2] =
	["/genesis/runtimeGenesis/patch/session/keys", "/genesis/runtimeGenesis/config/session/keys"];

/// Reads and checks the specification at `path`.
pub(super) fn load(path: &Path) -> Result<ChainSpec, Error> {
	let name = path.display().to_string();
	let bytes =
		std::fs::read(path).map_err(|reason| Error::Unreadable { path: name.clone(), reason })?;
	check(&name, &bytes)?;
	ChainSpec::from_json_bytes(bytes).map_err(|reason| Error::Invalid { path: name, reason })
}

/// Refuses what is no specification of a CyberMiles chain.
fn check(path: &str, bytes: &[u8]) -> Result<(), Error> {
	let invalid = |reason: String| Error::Invalid { path: path.into(), reason };
	let NoRepeatedKeys = serde_json::from_slice(bytes).map_err(|error| json(path, &error))?;
	let spec: Value = serde_json::from_slice(bytes).map_err(|error| json(path, &error))?;
	let found = runtime_name(&spec).map_err(invalid)?;
	let wanted = VERSION.spec_name.to_string();
	if found != wanted {
		return Err(Error::Foreign { path: path.into(), found, wanted });
	}
	check_session_keys(&spec).map_err(invalid)
}

/// Tells a file that ends too early from one with other mistakes.
fn json(path: &str, error: &serde_json::Error) -> Error {
	match error.is_eof() {
		true => Error::Cut { path: path.into(), line: error.line() },
		false => Error::Invalid { path: path.into(), reason: error.to_string() },
	}
}

/// Name of the runtime that the specification carries.
fn runtime_name(spec: &Value) -> Result<String, String> {
	let code = spec.pointer(RAW_CODE).or_else(|| spec.pointer(PLAIN_CODE));
	let hex = code.and_then(Value::as_str).ok_or("it holds no runtime")?;
	let code = sp_core::bytes::from_hex(hex).map_err(|e| format!("its runtime is no hex: {e}"))?;
	let version = RuntimeBlob::uncompress_if_needed(&code)
		.and_then(|blob| sc_executor::read_embedded_version(&blob))
		.map_err(|_| "its runtime is not a WASM file")?;
	Ok(version.ok_or("its runtime has no version")?.spec_name.to_string())
}

/// Refuses a session key that two validators share.
fn check_session_keys(spec: &Value) -> Result<(), String> {
	let mut owners = BTreeMap::new();
	let lists = SESSION_KEYS.iter().filter_map(|path| spec.pointer(path)?.as_array());
	for entry in lists.flatten() {
		let owner = entry.get(0).and_then(Value::as_str).unwrap_or("?");
		let keys = entry.get(2).and_then(Value::as_object);
		for (kind, key) in keys.into_iter().flatten() {
			if let Some(other) = owners.insert((kind, key.as_str()), owner) {
				let key = key.as_str().unwrap_or("?");
				return Err(format!("{other} and {owner} have the same {kind} key {key}"));
			}
		}
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	fn problem(text: &str) -> String {
		check("x.json", text.as_bytes()).unwrap_err().to_string()
	}

	#[test]
	fn cut_files_are_recognised() {
		for text in ["", "{", r#"{"name": "CyberM"#, "{\"genesis\":\n{\"raw\""] {
			assert!(problem(text).starts_with("chain spec 'x.json' is cut short"), "{text}");
		}
	}

	#[test]
	fn other_content_is_recognised() {
		assert_eq!(problem("{}"), "chain spec 'x.json' is not valid: it holds no runtime");
		assert!(problem("hello").starts_with("chain spec 'x.json' is not valid: expected"));
		let no_wasm = json!({ "genesis": { "runtimeGenesis": { "code": "0x00" } } }).to_string();
		assert!(problem(&no_wasm).ends_with("its runtime is not a WASM file"));
	}

	#[test]
	fn repeated_keys_are_refused() {
		let error = problem(r#"{"genesis":{"raw":{"top":{"0x01":"0x1","0x01":"0x2"}}}}"#);
		assert!(error.contains("the key '0x01' occurs twice"), "{error}");
	}

	#[test]
	fn shared_session_keys_are_refused() {
		let keys = |second: &str| {
			let list = json!([["A", "A", { "aura": "k1" }], ["B", "B", { "aura": second }]]);
			json!({ "genesis": { "runtimeGenesis": { "patch": { "session": { "keys": list } } } } })
		};
		assert_eq!(check_session_keys(&keys("k2")), Ok(()));
		let error = check_session_keys(&keys("k1")).unwrap_err();
		assert_eq!(error, "A and B have the same aura key k1");
	}
}
