#!/usr/bin/env bash
# Builds the runtime of the present commit as it will be on chain, so that everybody gets the same bytes:
#
#   scripts/release-wasm.sh <file> <compressed file>
#
# The first is the plain WASM, from which its version can be read, the second what is voted on. WASM_TARGET
# says where it is built, by default a folder of its own: the WASM of these features must not end up in a
# normal build.
#
# Two things make bytes depend on the machine. Paths end up in messages of panics: they are replaced by
# fixed ones. And the folder of the source is part of the names by which the compiler tells crates apart,
# which decide in what order functions stand: so the source is copied to a folder that is always the same.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# = 2 ] || fail "usage: scripts/release-wasm.sh <file> <compressed file>"
plain=$(realpath -m "$1")
compressed=$(realpath -m "$2")
cd "$root"

source=/tmp/cybermiles-source
target=$(realpath -m "${WASM_TARGET:-$CARGO_TARGET_DIR/on-chain}")
home=$(realpath -m "${CARGO_HOME:-$HOME/.cargo}")
toolchain=$(rustc --print sysroot)

mkdir "$source" 2>/dev/null ||
	fail "$source is there: wait for the other build, or remove the folder if none is running"
trap 'rm -rf "$source"' EXIT
# As new as can be: cargo looks at times, and the commit may be older than the build before.
git archive HEAD | tar -x -m -C "$source"
cd "$source"

# Only the compiler for WASM sees it. What cargo keeps of crates is found by the path that it was given
# and by that path without links.
WASM_BUILD_RUSTFLAGS="--remap-path-prefix=$target=/target --remap-path-prefix=$toolchain=/rust"
for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/* "$home"/registry/src/*; do
	WASM_BUILD_RUSTFLAGS+=" --remap-path-prefix=$folder=/registry"
done
export WASM_BUILD_RUSTFLAGS

# The runtime's build script builds the WASM: native code need not be generated for it.
CARGO_TARGET_DIR=$target cargo check --release --locked -p cybermiles-runtime --features on-chain-release-build
built=$target/release/wbuild/cybermiles-runtime/cybermiles_runtime.compact
mkdir -p "$(dirname "$plain")" "$(dirname "$compressed")"
cp "$built.wasm" "$plain"
cp "$built.compressed.wasm" "$compressed"
