#!/usr/bin/env bash
# Writes the checksums of a release and signs them:
#
#   scripts/release-sign.sh [<folder>]
#
# Without a folder it only looks whether it could. RELEASE_KEY names minisign's secret key; minisign
# asks for its password.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need_key() {
	[ -n "${RELEASE_KEY:-}" ] ||
		fail "nothing signs: RELEASE_KEY must name minisign's secret key (minisign -G makes one)"
	[ -r "$RELEASE_KEY" ] || fail "the key '$RELEASE_KEY' cannot be read: look at RELEASE_KEY"
	grep -q '^untrusted comment: .*secret key' "$RELEASE_KEY" ||
		fail "'$RELEASE_KEY' is no secret key of minisign: look at RELEASE_KEY"
}

need_minisign() {
	have minisign && return
	say "release: installing minisign"
	apt_install minisign && have minisign && return
	fail "minisign is missing and cannot be installed from here: sudo apt-get install minisign"
}

need_key
need_minisign
[ $# -gt 0 ] || exit 0
[ -d "$1" ] || fail "there is no folder '$1'"
cd "$1"
rm -f SHA256SUMS SHA256SUMS.minisig
sums=$(sha256sum -- *)
printf '%s\n' "$sums" >SHA256SUMS
minisign -S -s "$RELEASE_KEY" -m SHA256SUMS -t "$(basename "$PWD")"
