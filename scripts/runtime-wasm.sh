#!/usr/bin/env bash
# Builds the WASM of the runtime with features that a normal build must not have:
#
#   scripts/runtime-wasm.sh <file> [<feature>...]
#
# `try-runtime` makes it one that `make rehearse` takes. A build with other features does not undo
# this one; the second time, nothing is compiled.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# -gt 0 ] || fail "usage: scripts/runtime-wasm.sh <file> [<feature>...]"
file=$(realpath -m "$1")
shift
cd "$root"

crate=cybermiles-runtime-wasm
features=$(printf "$crate/%s," "$@")
[ $# -gt 0 ] || features=
# All that a normal build selects too: with fewer crates selected, the features of what they share
# differ, and most of it is compiled once more.
cargo build --release --locked --workspace --exclude cybermiles-bencher \
	--exclude cybermiles-staking-bench --features "${features%,}"
mkdir -p "$(dirname "$file")"
"$CARGO_TARGET_DIR/release/$crate" "$file"
