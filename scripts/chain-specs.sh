#!/usr/bin/env bash
# Writes chain-specs/ again from the presets of the built node.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
node=${CYBERMILES_BIN:-$CARGO_TARGET_DIR/release/cybermiles}

# $1 preset, $2 file, then flags. A spec that could not be made leaves the old one.
write() {
	local file=$root/chain-specs/$2
	"$node" export-chain-spec --chain "$1" "${@:3}" >"$file.new"
	mv "$file.new" "$file"
	say "chain-specs/$2"
}

mkdir -p "$root/chain-specs"
trap 'rm -f "$root"/chain-specs/*.new' EXIT
for preset in dev local staging; do
	write $preset $preset.json
	write $preset $preset-raw.json --raw
done
