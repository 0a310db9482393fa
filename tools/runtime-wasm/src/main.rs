//! Writes the WASM that was built to a file.

use std::{env, fs, process::ExitCode};

/// Empty where the build skipped it (`SKIP_WASM_BUILD`).
const WASM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/cybermiles_runtime_wasm.wasm"));

/// The runtime into the file that is named.
fn write() -> Result<(), String> {
	let path = env::args().nth(1).ok_or("which file?")?;
	if WASM.is_empty() {
		return Err("this was built without WASM".into());
	}
	fs::write(&path, WASM).map_err(|error| format!("{path}: {error}"))
}

fn main() -> ExitCode {
	match write() {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {error}");
			ExitCode::FAILURE
		},
	}
}
