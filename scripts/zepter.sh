#!/usr/bin/env bash
# Runs zepter, which proves that crate features are passed on. Compiles it once, into the cache.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
readonly version=1.88.2
tools=$cache/tools-zepter-$version

cd "$root"
if [ ! -x "$tools/bin/zepter" ]; then
	say "zepter $version: compiling it, once"
	cargo install zepter --version $version --locked --debug --quiet --root "$tools" --target-dir "$tools/target"
	rm -rf "$tools/target"
fi
exec "$tools/bin/zepter" "$@"
