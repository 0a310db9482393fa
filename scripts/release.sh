#!/usr/bin/env bash
# Makes a release; `make release` calls it. In the environment:
#
#   RELEASE_KEY   file with minisign's secret key, which signs the checksums; it asks for its password
#   DIST          where the release goes, an empty folder; default target/release-<version>
#
# It refuses before it builds what could not be released: a working copy that differs from its signed
# tag v<version>, a changelog without the version, a policy that the dependencies break, no key.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

# Versions that this script was written with.
deny_version=0.20.2
cyclonedx_version=0.5.9

step() { say "release: $*"; }

# Tools of cargo that are of use here alone go into the cache. $1 crate, $2 version
need_cargo_tool() {
	local tool=$cache/tools/$1-$2/bin/$1
	if [ ! -x "$tool" ]; then
		step "compiling $1 $2, about three minutes, once"
		CARGO_TARGET_DIR=$cache/tools/target cargo install --quiet --locked --root "$cache/tools/$1-$2" \
			"$1" --version "$2" || fail "$1 could not be built: cargo install --locked $1 --version $2"
		rm -rf "$cache/tools/target"
	fi
	PATH=$(dirname "$tool"):$PATH
}

# Licences and copies of crates as at every change, and sources and wildcards.
check_policy() {
	step "dependency policy and licences"
	scripts/check-crates.sh
	node scripts/check-licences.mjs
	cargo deny --log-level error check bans sources || fail "deny.toml forbids what Cargo.lock has, see above"
}

# As `make build` does, so that what is released is what was tested.
build_node() {
	step "the node"
	cargo build --release --locked
	install -m 755 "$CARGO_TARGET_DIR/release/cybermiles" \
		"$dist/cybermiles-$version-$(rustc -vV | sed -n 's/^host: //p')"
}

# The WASM of these features must not end up in a normal build: a folder of its own, inside.
build_wasm() {
	step "the runtime as it will be on chain"
	scripts/release-wasm.sh "$scratch/runtime.wasm" "$dist/cybermiles-runtime-$version.compact.compressed.wasm"
}

# In a clone: an SBOM of each crate of the workspace is written beside its manifest.
write_sbom() {
	step "SBOM"
	local epoch
	epoch=$(git log -1 --format=%ct)
	git clone --quiet --no-hardlinks . "$scratch/clone"
	(cd "$scratch/clone" && SOURCE_DATE_EPOCH=$epoch cargo cyclonedx -qq --manifest-path node/Cargo.toml \
		--format json --override-filename sbom)
	node scripts/release.mjs sbom "$scratch/clone/node/sbom.json" "$dist/cybermiles-$version.cdx.json"
}

write_texts() {
	step "notes and manifest"
	cp LICENSE "$dist/"
	node scripts/release.mjs write "$dist" "$scratch/runtime.wasm"
}

version=$(node scripts/release.mjs check) || exit 1
scripts/release-sign.sh
dist=${DIST:-$root/target/release-$version}
mkdir -p "$dist"
[ -z "$(ls -A "$dist")" ] || fail "$dist is not empty: remove it, or name another folder in DIST"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
step "version $version into $dist"
need_cargo_tool cargo-deny "$deny_version"
need_cargo_tool cargo-cyclonedx "$cyclonedx_version"
check_policy
build_node
build_wasm
write_sbom
write_texts
step "checksums and signature"
scripts/release-sign.sh "$dist"
step "done"
ls -l "$dist"
