# The front door. Each goal is a thin call; each looks first that what it needs is there.
#
# STANDBYS=1   make run: start the 5 standbys too
# DEV_ARGS=    make dev: more arguments for the node
# SUITE=       make bench: only this suite
# LOAD_KINDS=  make bench SUITE=load: only these kinds of transactions
# SCENARIO=    make laboratory: only these scenarios
# WEB_PORT=    make web, make run: where the page is served, 4173 without it
# MINUTES=     make plots: how long the network runs, 8 without it
# RUNTIME= URI= SNAPSHOT=   make rehearse: the WASM, and a node or a file with the state
# RELEASE_KEY= DIST=   make release: minisign's secret key, and where the release goes
# CARGO_TARGET_DIR   where builds go; the default outlives the clone

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/cybermiles/target
export STANDBYS WEB_PORT LOAD_KINDS RUNTIME URI SNAPSHOT RELEASE_KEY DIST

CARGO_FLAGS := --release --locked
# The WASM of these features must not end up in a normal build: these goals make none.
FEATURES := --workspace --exclude cybermiles-node --exclude cybermiles-bencher \
	--exclude cybermiles-staking-bench --exclude economics-tests \
	--features runtime-benchmarks,try-runtime
NODE := $(CARGO_TARGET_DIR)/release/cybermiles
WASM := $(CARGO_TARGET_DIR)/release/wbuild/cybermiles-runtime/cybermiles_runtime.compact.compressed.wasm
PAGE := web/dist/index.html
PAGE_SOURCES := $(shell find web contracts/interfaces contracts/src \
	\( -name node_modules -o -name dist -o -name generated -o -name .papi \) -prune -o -type f -print)

.PHONY: help setup build page run web dev test test-long check format bench laboratory plots weights \
	chain-specs rehearse release reproducible ready

help: ## list the goals
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## find or make the compiler, the WASM target, protoc, Node.js and npm packages
	@scripts/setup.sh

build: ready ## build the node and the runtime
	@cargo build $(CARGO_FLAGS)

# By a second make, which sees what the first one has built.
page: build
	@$(MAKE) $(PAGE)

$(PAGE): $(WASM) $(PAGE_SOURCES)
	@cd web && npm run --silent generate -- $(WASM) && npm run --silent build

run: page ## a local network of 19 validators and the web page; Ctrl-C stops it
	@cd tests && exec node --import tsx bin/network.ts

web: page ## build the web page and serve it; web/dist can be copied to any web server
	@cd web && exec node scripts/serve.mjs

dev: build ## one node with a block per transaction and funded accounts; keeps nothing
	@exec $(NODE) --dev --sealing instant $(DEV_ARGS)

test: page ## all that a change must pass
	@scripts/check.sh
	@cargo test $(CARGO_FLAGS)
	@cd contracts && npm test
	@cd web && npm test
	@cd tests && COMPILED_RUNTIMES=$(CARGO_TARGET_DIR)/compiled-runtimes npm test

test-long: build ## the slower tests, before a release
	@scripts/check.sh $(FEATURES)
	@SKIP_WASM_BUILD=1 cargo test $(CARGO_FLAGS) $(FEATURES)
	@cd contracts && npm run mutants
	@cd tests && npm run test:long
	@cd tests && npm run test:upgrade
	@cd tests && npm run laboratory

check: ready ## format, lints, features, crates, sizes, licences
	@scripts/check.sh

format: ready ## format Rust and TOML
	@scripts/format.sh

bench: build ## measure; a table here and target/bench/<suite>.json
	@cd tests && exec node --import tsx bin/bench.ts $(SUITE)

laboratory: build ## break a network of 19 validators in ten ways; what was lost, and for how long
	@cd tests && exec node --import tsx bin/laboratory.ts $(SCENARIO)

plots: build ## draw the pictures of docs/monitoring.md from a live network
	@cd tests && exec node --import tsx bin/plots.ts

weights: ready ## run the runtime's benchmarks and write its weight files (long)
	@scripts/weights.sh

chain-specs: build ## write chain-specs/*.json again from the presets
	@scripts/chain-specs.sh

rehearse: build ## try an upgrade on the state of a running network, off chain
	@scripts/rehearse.sh

release: ready ## build, check, describe and sign a release (docs/releases.md)
	@scripts/release.sh

reproducible: ready ## build the WASM of a release twice in different places and compare
	@scripts/reproducible-wasm.sh

ready:
	@scripts/setup.sh --quiet
