#!/usr/bin/env bash
# Finds or makes all that a build, a test or a network needs. Does nothing where nothing is missing.
#
#   scripts/setup.sh           one line per item
#   scripts/setup.sh --quiet   only lines for what was missing
#
# RUST_SRC may name an unpacked source of the Rust standard library (the folder that holds
# `library/`), of exactly the compiler's version. It is used where the target cannot be downloaded.
# Exits non-zero, and says what to run, where something is missing that may not be installed from here.
# Without a browser or Prometheus it only says so.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly target=wasm32v1-none
readonly node_least=20.19
quiet=${1:-}
refused=0

found() { [ "$quiet" = --quiet ] || say "setup: $1: $2"; }
made() { say "setup: $1: $2"; }

# What is missing and may not be installed from here.
refuse() {
	printf 'setup: %s is missing. Run: %s\n' "$1" "$2" >&2
	refused=1
}

# Runs a download with a limit: without a network some clients wait for minutes.
# $1 is the limit in seconds.
limited() {
	printf '\n$ %s\n' "${*:2}" >>"$log"
	timeout "$@" >>"$log" 2>&1 </dev/null
}

# --- commands of the system ---

# $1 command, $2 Debian package that holds it
need_command() {
	if have "$1"; then
		found "$1" present
	elif apt_install "$2" && have "$1"; then
		made "$1" "installed the package $2"
	else
		refuse "$1" "sudo apt-get install $2   (or the same from your system's packages)"
	fi
}

# --- the compiler ---

pinned_version() { sed -n 's/^channel = "\(.*\)"/\1/p' "$root/rust-toolchain.toml"; }

# The version of the compiler that builds this folder, or of the toolchain named by $1.
compiler_version() { (cd "$root" && rustc ${1:+"+$1"} --version 2>/dev/null | cut -d' ' -f2); }

setup_compiler() {
	local pinned
	pinned=$(pinned_version)
	have rustc || have rustup || { refuse "Rust $pinned" "install rustup (https://rustup.rs), then this again"; return; }
	if [ "$(compiler_version)" = "$pinned" ]; then
		found rustc "$pinned"
	elif have rustup && limited 600 rustup toolchain install "$pinned" --profile minimal -c clippy -c rustfmt; then
		made rustc "rustup installed $pinned"
	elif link_toolchain "$pinned"; then
		made rustc "$pinned is installed under another name, linked"
	else
		refuse "Rust $pinned" "rustup toolchain install $pinned -c clippy -c rustfmt"
	fi
}

# rustup takes a toolchain by its folder's name: `stable` may hold the very version that is pinned.
link_toolchain() {
	local name sysroot host
	have rustup || return 1
	for name in $(rustup toolchain list | cut -d' ' -f1); do
		[ "$(compiler_version "$name")" = "$1" ] || continue
		sysroot=$(rustc "+$name" --print sysroot)
		host=$(rustc "+$name" -vV | sed -n 's/^host: //p')
		ln -sfn "$sysroot" "$(dirname "$sysroot")/$1-$host"
		[ "$(compiler_version)" = "$1" ] && return
	done
	return 1
}


# --- the WASM target ---

setup_target() {
	[ -n "$(compiler_version)" ] || return 0
	if target_works; then
		found "$target" present
	elif have rustup && (cd "$root" && limited 60 rustup target add "$target") && target_works; then
		made "$target" "added by rustup"
	elif build_target && target_works; then
		made "$target" "built from the standard library's source ($source_of)"
	else
		refuse "the target $target" "rustup target add $target   (or RUST_SRC=<source of the standard library $(pinned_version)> make setup)"
	fi
}

# Proves the target by using it: its libraries may be those of another compiler.
target_works() {
	local out="$scratch/probe.rmeta"
	printf '#![no_std]\nextern crate alloc;\n' |
		(cd "$root" && rustc --target "$target" --crate-type rlib --emit metadata -o "$out" - 2>/dev/null)
}

# Needs a source and a compiler's folder that can be written to.
build_target() {
	local sysroot source libs
	sysroot=$(cd "$root" && rustc --print sysroot)
	find_source && [ -w "$sysroot/lib/rustlib" ] || return 1
	libs="$sysroot/lib/rustlib/$target/lib"
	build_libraries "$sysroot" && mkdir -p "$libs" && rm -f "$libs"/*.rlib &&
		cp "$scratch"/empty/target/$target/release/deps/lib{core,alloc,compiler_builtins}-*.rlib "$libs/"
}

# cargo takes the source from one fixed place: a link stands there for as long as the build runs.
build_libraries() {
	local place="$1/lib/rustlib/src/rust" linked=0 result=0
	if [ ! -e "$place/library" ]; then
		mkdir -p "$(dirname "$place")" && ln -sfn "$source" "$place" && linked=1
	fi
	build_empty_crate || result=1
	[ $linked = 0 ] || rm -f "$place"
	return $result
}

# Without the embedded bitcode the runtime's link-time optimisation fails.
build_empty_crate() {
	local crate="$scratch/empty"
	mkdir -p "$crate/src" && echo '#![no_std]' >"$crate/src/lib.rs"
	cp "$root/rust-toolchain.toml" "$crate/"
	printf '[package]\nname = "empty"\nedition = "2021"\n[workspace]\n' >"$crate/Cargo.toml"
	(
		cd "$crate" && unset CARGO_BUILD_TARGET RUSTC_WORKSPACE_WRAPPER RUSTC_WRAPPER
		export RUSTC_BOOTSTRAP=1 RUSTFLAGS="-C embed-bitcode=yes" CARGO_TARGET_DIR="$crate/target"
		limited 600 cargo build --release --target "$target" -Z build-std=core,alloc
	)
}

# Sets `source` and `source_of`.
find_source() {
	if [ -n "${RUST_SRC:-}" ] && is_source "$RUST_SRC"; then
		source=$(cd "$RUST_SRC" && pwd) source_of=RUST_SRC
	elif is_source "$(cd "$root" && rustc --print sysroot)/lib/rustlib/src/rust"; then
		source=$(cd "$root" && rustc --print sysroot)/lib/rustlib/src/rust source_of="the toolchain's rust-src"
	elif debian_source; then
		source=$scratch/deb/usr/src/rustc-$(pinned_version) source_of="the Debian package rust-src"
	else
		return 1
	fi
}

is_source() { [ -f "$1/library/core/src/lib.rs" ]; }

# Unpacked, not installed: the package conflicts with rustup. Where the system's own release has
# another version, the backports of the mirror in use may have the right one.
debian_source() {
	have apt-get && have dpkg-deb || return 1
	fetch_source || { backports && fetch_source "${backports[@]}"; }
}

# Takes options for apt.
fetch_source() {
	local version
	version=$(apt-cache "$@" madison rust-src 2>/dev/null | awk '{ print $3 }' | grep -m 1 "^$(pinned_version)[+-]") || return 1
	(cd "$scratch" && limited 120 apt-get "$@" download "rust-src=$version" && dpkg-deb -x rust-src_*.deb deb)
}

# Reads the list of a suite that the system does not use, without a trace in the system. Sets
# `backports` to the options for apt.
backports() {
	local mirror apt=$scratch/apt
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -m 1 'debian/*$') || return 1
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	echo "deb $mirror trixie-backports main" >"$apt/sources.list"
	backports=(-o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=-
		-o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache")
	limited 120 apt-get "${backports[@]}" update
}

# --- Node.js and its packages ---

setup_node() {
	if ! node_works && ! { apt_install nodejs && apt_install npm && node_works; }; then
		refuse "Node.js $node_least or newer with npm" "sudo apt-get install nodejs npm   (or install it from https://nodejs.org)"
		return
	fi
	found node "$(node --version)"
	local folder
	for folder in tests contracts web; do
		[ ! -f "$root/$folder/package-lock.json" ] || setup_packages "$folder"
	done
}

node_works() {
	have npm && have node && [ "$(printf '%s\n' $node_least "$(node -p process.versions.node)" | sort -V | head -1)" = $node_least ]
}

# npm keeps no mark of the lock file that it installed from: a copy is ours. $1 is a folder.
setup_packages() {
	local lock="$root/$1/package-lock.json" mark="$root/$1/node_modules/.installed-lock.json"
	if cmp -s "$lock" "$mark"; then
		found "npm packages of $1" present
	elif (cd "$root/$1" && limited 600 npm ci --no-audit --no-fund); then
		cp "$lock" "$mark" && made "npm packages" "installed in $1/"
	else
		refuse "what $1/package-lock.json lists" "npm ci --prefix $1"
	fi
}

# --- a browser ---

# Suites of the end-to-end tests need it and nothing else does: its absence stops no build.
setup_browser() {
	local name
	for name in "${CHROMIUM_BIN:-chromium}" chromium chromium-browser google-chrome; do
		have "$name" || continue
		found browser "$name"
		return
	done
	if apt_install chromium && have chromium; then
		made browser "installed the package chromium"
	else
		say "setup: Chromium is missing, which suites/ethereum-browser.test.ts and suites/web-*.test.ts drive. Run: sudo apt-get install chromium" >&2
	fi
}

# --- Prometheus ---

# One suite of the end-to-end tests runs it: its absence stops no build. Unpacked, not installed, since
# the packages start services.
setup_prometheus() {
	local folder="$cache/prometheus"
	if { have prometheus && have promtool && have prometheus-node-exporter; } || prometheus_works "$folder"; then
		found prometheus present
	elif unpack_prometheus "$folder" && prometheus_works "$folder"; then
		made prometheus "unpacked with node_exporter into $folder"
	else
		say "setup: Prometheus is missing, which suites/monitoring.test.ts runs. Run: sudo apt-get install prometheus prometheus-node-exporter" >&2
	fi
}

prometheus_works() {
	"$1/usr/bin/promtool" --version >/dev/null 2>&1 && [ -x "$1/usr/bin/prometheus-node-exporter" ]
}

unpack_prometheus() {
	local package
	have apt-get && have dpkg-deb || return 1
	fetch_prometheus || { limited_root 120 apt-get update && fetch_prometheus; } || return 1
	for package in "$scratch"/prometheus*.deb; do
		dpkg-deb -x "$package" "$1" || return 1
	done
}

fetch_prometheus() {
	(cd "$scratch" && limited 120 apt-get download prometheus prometheus-node-exporter)
}

main() {
	export RUST_BACKTRACE=0
	mkdir -p "$cache" && log=$cache/setup.log && : >"$log"
	scratch=$(mktemp -d)
	trap 'rm -rf "$scratch"' EXIT
	need_command cc build-essential
	need_command c++ build-essential
	need_command protoc protobuf-compiler
	setup_compiler
	setup_target
	setup_node
	setup_browser
	setup_prometheus
	[ $refused = 0 ] || fail "set-up is not complete; what was tried is in $log"
}

main
