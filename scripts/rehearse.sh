#!/usr/bin/env bash
# Rehearses an upgrade; `make rehearse` calls it. In the environment: RUNTIME, the WASM (default: that
# of the working copy, which is built), and URI, a node, or SNAPSHOT, a file of an earlier rehearsal.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

folder=$root/target/rehearsal
mkdir -p "$folder"
if [ -z "${RUNTIME:-}" ]; then
	RUNTIME=$folder/runtime.wasm
	"$root/scripts/runtime-wasm.sh" "$RUNTIME" try-runtime
fi
if [ -n "${SNAPSHOT:-}" ]; then
	state=(--snapshot "$SNAPSHOT")
else
	state=(--uri "${URI:-ws://127.0.0.1:9944}" --save "$folder/state.snapshot")
fi
exec "$CARGO_TARGET_DIR/release/cybermiles-rehearsal" --runtime "$RUNTIME" "${state[@]}"
