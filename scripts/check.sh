#!/usr/bin/env bash
# Everything that can be told without running the product. With arguments for cargo it lints once
# more with them, which compiles most of the dependencies again where they turn on features.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

failed=()

check() {
	local name=$1
	shift
	say "check: $name"
	"$@" || failed+=("$name")
}

# Lints with the dependencies of the normal build, and generates no code.
clippy() {
	SKIP_WASM_BUILD=1 RUSTC_WORKSPACE_WRAPPER="$root/scripts/clippy-wrapper.sh" \
		cargo build --release --locked --lib --bins --tests "$@"
}

types() { (cd tests && npx --no-install tsc --noEmit); }

# The page's types include those of the runtime that was built last.
page_types() { (cd web && npm run --silent generate && npx --no-install tsc --noEmit); }

features() { scripts/zepter.sh run check; }

check format scripts/format.sh --check
check crates scripts/check-crates.sh
check licences node scripts/check-licences.mjs
check text scripts/check-text.sh
check sizes node scripts/check-sizes.mjs
check features features
check types types
check "types of the page" page_types
check clippy clippy
[ $# = 0 ] || check "clippy $*" clippy "$@"

[ ${#failed[@]} = 0 ] || fail "failed: $(printf '%s; ' "${failed[@]}")"
say "check: all passed"
