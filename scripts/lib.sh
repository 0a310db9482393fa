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

# Runs a command as root; fails where this user may not.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif have sudo && sudo -n true 2>/dev/null; then
		sudo -n "$@"
	else
		return 1
	fi
}

# The same with a limit, $1 seconds; what it says goes to the file $log, if there is one.
limited_root() {
	local to=${log:-/dev/null}
	printf '\n$ %s\n' "${*:2}" >>"$to"
	as_root env DEBIAN_FRONTEND=noninteractive timeout "$@" >>"$to" 2>&1 </dev/null
}

# Installs a Debian package where this user may. The list of packages may be old or empty.
apt_install() {
	have apt-get || return 1
	limited_root 300 apt-get install -y --no-install-recommends "$1" && return
	limited_root 120 apt-get update && limited_root 300 apt-get install -y --no-install-recommends "$1"
}
