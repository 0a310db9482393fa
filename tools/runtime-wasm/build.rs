//! Builds the WASM of the runtime with the features of this crate.

#[cfg(feature = "std")]
fn main() {
	use std::{env, fs, path::Path};

	let folder = env::var("OUT_DIR").expect("cargo sets it");
	let file = Path::new(&folder).join("cybermiles_runtime_wasm.wasm");
	if !file.exists() {
		fs::write(&file, []).expect("cargo's folder can be written");
	}
	// The builder leaves a copy there, which builds with other features do not touch.
	env::set_var("WASM_TARGET_DIRECTORY", &folder);
	substrate_wasm_builder::WasmBuilder::build_using_defaults();
}

#[cfg(not(feature = "std"))]
fn main() {}
