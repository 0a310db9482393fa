#!/usr/bin/env bash
# Proves from Cargo.lock that each Substrate crate is there once (two copies of one are two releases
# mixed) and that RocksDB is not there.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
lock=${1:-$root/Cargo.lock}

crates() { sed -n 's/^name = "\(.*\)"$/\1/p' "$lock"; }
substrate=$(crates | grep -E '^(sp|sc|frame|pallet|substrate)-')
twice=$(sort <<<"$substrate" | uniq -d)
rocks=$(crates | grep -E '^(librocksdb-sys|rocksdb|kvdb-rocksdb)$' || true)

[ -z "$twice" ] || fail "more than one copy of: ${twice//$'\n'/, }"
[ -z "$rocks" ] || fail "RocksDB is in Cargo.lock: ${rocks//$'\n'/, }"
say "$(wc -l <<<"$substrate") Substrate crates, one copy of each; no RocksDB"
