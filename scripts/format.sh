#!/usr/bin/env bash
# Formats Rust and TOML; with --check it only says what is not formatted.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

result=0
cargo fmt --all ${1:+-- "$1"} || result=1

mapfile -t files < <(git ls-files --cached --others --exclude-standard -- '*.toml')
RUST_LOG=error tests/node_modules/.bin/taplo format --config .config/taplo.toml ${1:+"$1"} "${files[@]}" || result=1
(cd contracts && npm run --silent "format${1:+:check}") || result=1
exit $result
