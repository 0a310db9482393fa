#!/usr/bin/env bash
# Proves that the WASM of a release does not depend on where it is built: two builds of this commit, from
# clones and into target folders of different names and lengths and with cargo's own folder under another
# name, must give the same bytes. The native half of the build, which is not in the result, is made once.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# $1 the clone's folder, $2 the target folder, $3 cargo's folder, $4 the name of the result
build() {
	say "reproducible: building in $1"
	git clone --quiet --no-hardlinks "$root" "$1"
	CARGO_HOME=$3 WASM_TARGET=$2 "$1/scripts/release-wasm.sh" "$scratch/$4.wasm" "$scratch/$4.compressed.wasm"
	b2sum --length=256 "$scratch/$4.compressed.wasm"
}

# Moves a target folder and forgets what was built of the runtime and its WASM.
move_without_wasm() {
	mkdir -p "$(dirname "$2")"
	mv "$1" "$2"
	rm -rf "$2"/release/wbuild "$2"/release/{build,.fingerprint}/cybermiles-runtime-*
}

home=${CARGO_HOME:-$HOME/.cargo}
ln -s "$(realpath "$home")" "$scratch/another-home-of-cargo"
build "$scratch/a" "$scratch/target-a" "$home" first
move_without_wasm "$scratch/target-a" "$scratch/elsewhere/target"
build "$scratch/another/and/deeper/clone" "$scratch/elsewhere/target" "$scratch/another-home-of-cargo" second
for file in wasm compressed.wasm; do
	cmp "$scratch/first.$file" "$scratch/second.$file" || fail "the two builds differ: the WASM is not reproducible"
done
say "reproducible: both builds gave the same bytes"
