//! Chain specifications that come from a file, and what can be wrong with one.

use super::{strict_json::NoRepeatedKeys, ChainSpec, Error};
use cybermiles_runtime::VERSION;
use sc_executor_common::runtime_blob::RuntimeBlob;
use serde_json::Value;
use std::{
	collections::{BTreeMap, BTreeSet},
	path::Path,
};

/// The storage key of the runtime, `:code`, as a raw specification spells it.
const RAW_CODE: &str = "/genesis/raw/top/0x3a636f6465";
/// Where a plain specification keeps the runtime.
const PLAIN_CODE: &str = "/genesis/runtimeGenesis/code";
/// Where a plain specification keeps what the runtime makes the genesis of.
const GENESIS: [&str; 2] = ["/genesis/runtimeGenesis/patch", "/genesis/runtimeGenesis/config"];
/// Lists in which an account may stand once: what they hold, where they are, where the account is.
const ACCOUNT_LISTS: [(&str, &str, &str); 3] = [
	("the balances", "/balances/balances", "/0"),
	("the candidates", "/cmtDpos/candidates", "/account"),
	("the session keys", SESSION_KEYS, "/0"),
];
/// Session keys: a list of account, validator and keys.
const SESSION_KEYS: &str = "/session/keys";

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
	GENESIS
		.iter()
		.filter_map(|path| spec.pointer(path))
		.try_for_each(check_repeats)
		.map_err(invalid)
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

/// Refuses accounts and session keys that stand twice where the runtime wants them once.
fn check_repeats(genesis: &Value) -> Result<(), String> {
	for (what, list, account) in ACCOUNT_LISTS {
		let mut seen = BTreeSet::new();
		let accounts = entries(genesis, list).filter_map(|entry| entry.pointer(account)?.as_str());
		for account in accounts {
			if !seen.insert(account) {
				return Err(format!("{account} stands twice in {what}"));
			}
		}
	}
	check_session_keys(genesis)
}

/// Refuses a session key that two validators share.
fn check_session_keys(genesis: &Value) -> Result<(), String> {
	let mut owners = BTreeMap::new();
	for entry in entries(genesis, SESSION_KEYS) {
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

/// The entries of the list at `path`; none where there is no such list.
fn entries<'a>(genesis: &'a Value, path: &str) -> impl Iterator<Item = &'a Value> {
	genesis.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Encode;
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
		let genesis = |second: &str| {
			let list = json!([["A", "A", { "aura": "k1" }], ["B", "B", { "aura": second }]]);
			json!({ "session": { "keys": list } })
		};
		assert_eq!(check_repeats(&genesis("k2")), Ok(()));
		let error = check_repeats(&genesis("k1")).unwrap_err();
		assert_eq!(error, "A and B have the same aura key k1");
	}

	#[test]
	fn accounts_stand_once_in_a_list() {
		for (genesis, list) in [
			(json!({ "balances": { "balances": [["A", 1], ["A", 2]] } }), "the balances"),
			(
				json!({ "cmtDpos": { "candidates": [{ "account": "A" }, { "account": "A" }] } }),
				"the candidates",
			),
			(
				json!({ "session": { "keys": [["A", "A", {}], ["A", "A", {}]] } }),
				"the session keys",
			),
		] {
			assert_eq!(check_repeats(&genesis), Err(format!("A stands twice in {list}")));
		}
	}

	#[test]
	fn other_runtimes_are_recognised() {
		let code = sp_core::bytes::to_hex(&wasm_of("polkadot"), false);
		let spec = json!({ "genesis": { "raw": { "top": { "0x3a636f6465": code } } } });
		assert_eq!(
			problem(&spec.to_string()),
			"chain spec 'x.json' is for another chain: its runtime is 'polkadot', not 'cybermiles'"
		);
	}

	/// An empty WASM file that carries the version of a runtime called `name`.
	fn wasm_of(name: &'static str) -> Vec<u8> {
		let version = sc_executor::RuntimeVersion { spec_name: name.into(), ..VERSION };
		let version = version.encode();
		let title = b"runtime_version";
		let mut section = vec![title.len() as u8];
		section.extend(title);
		section.extend(version);
		let length = section.len();
		let mut wasm = b"\0asm\x01\0\0\0\0".to_vec();
		// The length takes seven bits a byte, the lowest first.
		wasm.extend([(length & 0x7f) as u8 | 0x80, (length >> 7) as u8]);
		wasm.extend(section);
		wasm
	}
}
