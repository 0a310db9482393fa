#!/usr/bin/env bash
# Finds what must not be in a file of this repository.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
failed=0

# $1 what it is, $2 pattern, then the files
forbid() {
	local what=$1 pattern=$2
	shift 2
	git grep --untracked --line-number -I -E -e "$pattern" -- "$@" || return 0
	printf 'error: %s, see above\n' "$what" >&2
	failed=1
}

forbid "unfinished work" '\b(todo|unimplemented)!\(|\b(TODO|FIXME|XXX)\b' '*.rs' '*.ts' '*.tsx' '*.css' '*.mjs' '*.sol'
forbid "a test that does not run" '#\[ignore' '*.rs'
forbid "a test that does not run" '\b(it|describe|test)\.(skip|only|todo)\b|\bx(it|describe)\(' '*.ts'
forbid "a path of one machine" '/(work|root|farm|home/[a-z]+)/' . ':!*.lock'
forbid "the address of a package registry" \
	'(index|static)[.]crates[.]io|registry[.]npmjs[.]|deb[.]debian[.]|pypi[.]org|pythonhosted[.]' . ':!Cargo.lock'
forbid "a line that ends in a space" '[[:blank:]]+$' '*.rs' '*.ts' '*.tsx' '*.css' '*.mjs' '*.sh' '*.sol' \
	'*.toml' Makefile

exit $failed
