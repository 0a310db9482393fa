# Shared by the scripts of this folder; sourced, never run.
# shellcheck shell=bash disable=SC2034

# The root of the repository.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What is kept between builds and is safe to delete.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cybermiles
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}

say() { printf '%s\n' "$*"; }

fail() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }
