#!/usr/bin/env bash
# Builds the image from the binary that `make build` made.
#
#   docker/build.sh [tag]     default: cybermiles:<the binary's version>
#
# CONTAINER_ENGINE   docker or podman; default: whichever is there, docker first
# CYBERMILES_BIN     the binary; default: the release build
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/lib.sh"

binary=${CYBERMILES_BIN:-$CARGO_TARGET_DIR/release/cybermiles}
[ -x "$binary" ] || fail "there is no binary at $binary; run: make build"

engine=${CONTAINER_ENGINE:-}
for name in docker podman; do
	[ -n "$engine" ] || ! have "$name" || engine=$name
done
[ -n "$engine" ] || fail "neither docker nor podman is here; install one, or name it in CONTAINER_ENGINE"

version=$("$binary" --version | sed -n 's/^[^ ]* \([0-9][0-9.]*\).*/\1/p')
tag=${1:-cybermiles:$version}

# Only what the image holds: the target folder beside the binary has gigabytes.
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
install -m 0755 "$binary" "$context/cybermiles"
install -m 0755 "$here/healthcheck.sh" "$here/rpc.sh" "$context/"
install -m 0644 "$root/LICENSE" "$context/"

# Podman's own format has no health checks.
format=()
case $engine in *podman) format=(--format docker) ;; esac

"$engine" build "${format[@]}" --file "$here/Dockerfile" --tag "$tag" "$context"
say "built $tag"
