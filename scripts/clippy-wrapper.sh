#!/usr/bin/env bash
# Stands before rustc for the crates of the workspace only (RUSTC_WORKSPACE_WRAPPER): lints them,
# warnings are errors, and stops before any code is generated. The dependencies are those of the
# normal build, where `cargo clippy` would compile them all once more.
set -euo pipefail

for argument in "$@"; do
	case $argument in
	# What runs during a build needs its code.
	build_script_*) exec clippy-driver "$@" ;;
	-vV | ___ | --print*) exec clippy-driver "$@" ;;
	esac
done

arguments=()
for argument in "$@"; do
	case $argument in
	--emit=*) argument=--emit=dep-info,metadata ;;
	# A library of the workspace has only its metadata here.
	*=*.rlib) [ -s "${argument#*=}" ] || argument=${argument%.rlib}.rmeta ;;
	esac
	arguments+=("$argument")
done
exec clippy-driver "${arguments[@]}" -D warnings
