#!/usr/bin/env bash
# Runs the runtime's own benchmarks and writes one file per pallet into runtime/src/weights.
#
#   scripts/weights.sh                  every pallet
#   scripts/weights.sh pallet_balances  only these
#
# STEPS and REPEAT say how thoroughly. Builds with `runtime-benchmarks` into a folder of its own:
# the WASM of that feature must not end up in a normal build.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/weights
export SKIP_FRAME_STORAGE_ACCESS_TEST_RUNTIME_WASM_BUILD=1 SKIP_PALLET_REVIVE_FIXTURES=1
cargo build --release --locked -p cybermiles-bencher -p cybermiles-runtime \
	--features cybermiles-runtime/runtime-benchmarks,cybermiles-bencher/runtime-benchmarks
release=$CARGO_TARGET_DIR/release

bencher() {
	"$release/cybermiles-bencher" \
		--runtime "$release/wbuild/cybermiles-runtime/cybermiles_runtime.compact.compressed.wasm" \
		--genesis-builder-preset development "$@"
}

pallets=("$@")
[ $# -gt 0 ] || mapfile -t pallets < <(bencher --list=pallets --no-csv-header)
for pallet in "${pallets[@]}"; do
	say "weights: $pallet"
	bencher --pallet "$pallet" --extrinsic '*' --steps "${STEPS:-50}" --repeat "${REPEAT:-20}" \
		--output "runtime/src/weights/$pallet.rs"
	# Whose machine it was is nobody's business.
	sed -i "s#$release/##" "runtime/src/weights/$pallet.rs"
done
cargo fmt --package cybermiles-runtime
