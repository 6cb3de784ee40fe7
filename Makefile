# Every target sets itself up from nothing: a machine needs Rust, Python 3.10+ and Node 20+.
# What is installed or built leaves a mark, a file named `.made`, so that nothing is done twice.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help build test test-rust test-python test-node test-together test-recipes soak robustness explore demo lint format conformance packages clean \
	audit fuzz coverage mutants comparison constant-time hostile-cost supply-chain licences msrv api semver sbom \
	bench regressions

PYTHON ?= python3
BIN := .venv/bin
PACKAGES := target/packages
TOOLS := target/tools
# napi always names a target. maturin is given the same one, so that the two share what they compile.
HOST = $(shell rustc -vV | sed -n 's/^host: //p')

VENV := .venv/.made
NODE_MODULES := node_modules/.made
WHEEL := $(PACKAGES)/wheel.made
TARBALL := $(PACKAGES)/tarball.made
ADDON := node_modules/addon.made
PYTHON_PACKAGE := .venv/hookproof.made
DENY := $(TOOLS)/cargo-deny-0.20.2.made

# What the properties are searched with; `make robustness` draws it and prints it.
SEED := $(or $(SEED),$(shell date +%s))
# Pinned: another version counts lines, or changes code, in another way.
LLVM_COV := $(TOOLS)/cargo-llvm-cov-0.9.1.made
MUTANTS := $(TOOLS)/cargo-mutants-27.1.0.made
# One that reads the documentation format of the installed compiler.
SEMVER := $(TOOLS)/cargo-semver-checks-0.51.0.made
RUST_WORKER := target/debug/examples/soak_worker

# A part is changed each day, so that each is changed in turn and none takes longer than a build may.
PARTS := 90
LIMIT := 30m
TODAY = $(shell echo $$(( $$(date -u +%s) / 86400 % $(PARTS) )))

DEMO := tests/e2e/demo/receivers/python

files = $(shell find $(1) -type f -not -name '*.pyc')
CORE := Cargo.toml Cargo.lock core/Cargo.toml core/build.rs $(call files,core/src core/providers)
PYTHON_SOURCES := pyproject.toml README.md $(call files,bindings-python/Cargo.toml bindings-python/src bindings-python/python)
NODE_SOURCES := package.json $(call files,bindings-node/Cargo.toml bindings-node/build.rs bindings-node/src)
NODE_FACE := README.md $(call files,bindings-node/face)

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

build: $(PYTHON_PACKAGE) $(ADDON) ## Builds everything in release: the Python package into .venv, the Node package for the root
	cargo build --release --locked -p hookproof --example conformance

test: test-rust test-python test-node test-together test-recipes ## Runs every test in the three languages

test-rust: ## Runs the tests of the core, its vectors and its examples
	cargo test --locked --workspace --all-features

test-python: $(PYTHON_PACKAGE) ## Runs the tests of the Python package and of its types
	$(BIN)/python tests/vectors/generate.py --check
	$(BIN)/pytest tests/python
	$(BIN)/mypy
	$(BIN)/stubtest hookproof._native

test-node: $(ADDON) ## Runs the tests of the Node package and of its types
	npm run --silent types
	npm test --silent

test-together: $(PYTHON_PACKAGE) packages ## Signs in one language and verifies in another, installs the packages, checks the architecture
	$(BIN)/pytest tests/cross tests/e2e/install tests/architecture

test-recipes: $(PYTHON_PACKAGE) $(ADDON) ## Runs the guides that hand work over to a queue: real Redis, Celery and BullMQ
	$(BIN)/pytest tests/e2e/recipes

soak: $(PYTHON_PACKAGE) $(ADDON) $(RUST_WORKER) ## Sends 20,000 deliveries to workers of every language; SHORT=1 sends 2,000
	cd tests && PYTHONPATH=support ../$(BIN)/python -m soak --rust ../$(RUST_WORKER) \
		$(if $(SHORT),--deliveries 2000 --limit 90) $(SOAK)

# A figure that differs from run to run is the machine's; one that grows with the calls is a leak.
robustness: $(PYTHON_PACKAGE) $(ADDON) ## A million calls, threads, forks, exits, latencies in each language; SHORT=1 takes 2 minutes
	cargo run --release --locked -p hookproof --example robustness_endurance -- $(if $(SHORT),60000,1000000)
	PYTHONPATH=tests/python $(BIN)/pytest -q -p no:cacheprovider $(if $(SHORT),,--durations=5) tests/robustness/python
	node --expose-gc --test --test-concurrency=1 --test-reporter=spec tests/robustness/node/*.test.mjs
	$(if $(SHORT),,$(MAKE) explore)

explore: $(PYTHON_PACKAGE) $(ADDON) ## Searches the properties of the three languages with examples that are drawn anew; SEED=… repeats a run
	@echo "robustness: SEED=$(SEED)"
	PROPTEST_RNG_SEED=$(SEED) PROPTEST_CASES=20000 cargo test --locked --workspace --all-features --test properties
	HOOKPROOF_EXAMPLES=100 $(BIN)/pytest -q --hypothesis-profile=explore --hypothesis-seed=$(SEED) \
		tests/python/test_properties.py tests/python/test_properties_shapes.py \
		tests/python/test_properties_round_trip.py
	HOOKPROOF_SEED=$(SEED) HOOKPROOF_EXAMPLES=1000 node --test tests/node/properties*.test.mjs

fuzz: $(ADDON) ## Fuzzes the core on the stable toolchain; SECONDS=600 for each target, TARGETS="token claims" for some
	core/fuzz/run $(or $(SECONDS),$(if $(SHORT),4,60)) $(TARGETS)
	node core/fuzz/compare_with_node.mjs core/fuzz/corpus/seeds/ecmascript $(wildcard core/fuzz/corpus/ecmascript)

demo: $(VENV) packages ## Sends every system's requests to real servers of four frameworks
	cd tests/e2e && ../../$(BIN)/python -m demo

lint: $(VENV) $(NODE_MODULES) ## Checks formatting, lints, types and that the versions agree
	cargo fmt --all --check
	cargo fmt --manifest-path tests/bench/rust/Cargo.toml --check
# Not --all-targets: a binding that is compiled as a benchmark exports nothing and consists of dead code.
	cargo clippy --locked --workspace --all-features --lib --examples --tests -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --all-features -p hookproof
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	MYPYPATH=tests/architecture:tests/cross:tests/support:tests/e2e:tests/e2e/install:tests/e2e/recipes:$(DEMO) \
		$(BIN)/mypy --explicit-package-bases tests/architecture tests/cross tests/e2e
	MYPYPATH=tests:tests/support $(BIN)/mypy --explicit-package-bases tests/soak
	MYPYPATH=tests/audit/supply_chain:tests/audit/api $(BIN)/mypy --explicit-package-bases tests/audit
	MYPYPATH=tests/robustness/python:tests/python:tests/conformance $(BIN)/mypy --explicit-package-bases tests/robustness
	MYPYPATH=tests/bench:tests/bench/python $(BIN)/mypy --explicit-package-bases tests/bench/*.py tests/bench/python
	MYPYPATH=tests/e2e:tests/support:tests/bench/load $(BIN)/mypy --explicit-package-bases tests/bench/load/*.py
	MYPYPATH=tests/bench/load/programs $(BIN)/mypy --explicit-package-bases tests/bench/load/programs/*.py
	MYPYPATH=tests/e2e:tests/support:tests/bench/size $(BIN)/mypy --explicit-package-bases tests/bench/size
	MYPYPATH=tests/bench/callgrind $(BIN)/mypy --explicit-package-bases tests/bench/callgrind
	npm run --silent lint
	$(BIN)/pytest tests/architecture/test_versions.py

format: $(VENV) $(NODE_MODULES) ## Formats everything
	cargo fmt --all
	cargo fmt --manifest-path tests/bench/rust/Cargo.toml
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	npm run --silent format

# As the wrapper of the workspace alone, so that what is compiled of others is that of `make test-rust`.
# The gate is above 95 because tests stand in the files that they test: it is 95 of the other lines.
coverage: $(LLVM_COV) ## Runs the core's tests and prints which lines they reach; fails below 95 % of the library
# A test starts it, and only all tests together build it.
	cargo build --locked --workspace --all-features --example send_deliveries
	if ! rustup component add llvm-tools; then echo "coverage: left out, llvm-tools cannot be had"; exit 0; fi; \
	export PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH"; \
	eval "$$(cargo llvm-cov show-env --sh 2>/dev/null)"; \
	export RUSTC_WORKSPACE_WRAPPER="$$RUSTC_WRAPPER"; unset RUSTC_WRAPPER; \
	cargo llvm-cov clean --profraw-only; \
	cargo test --locked -p hookproof --all-features --lib --tests; \
	cargo llvm-cov report --fail-under-lines 96.5 \
		--ignore-filename-regex '/core/(src/(bin|cli)|tests|examples)/|/src/.*tests(\.rs|/)|/bindings-'

# Exit code 3: mutants that never ended, and nothing worse; 124: today's part was stopped, and nothing had survived.
# With a build folder of its own, in which what never changes is compiled once and not each day.
mutants: $(MUTANTS) ## Changes the verification path and asks the tests: today's part; SINCE=main what differs; ALL=1 all
	mkdir -p target/mutants
	$(if $(SINCE),git diff $(SINCE) -- core/src >target/mutants/changes.diff)
	PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" CARGO_PROFILE_DEV_DEBUG=none CARGO_INCREMENTAL=1 \
		CARGO_TARGET_DIR="$(CURDIR)/target/mutants/build" $(if $(SINCE)$(ALL),,timeout --signal=INT $(LIMIT)) \
		cargo mutants -p hookproof --output target/mutants \
		$(if $(SINCE),--in-diff target/mutants/changes.diff,$(if $(ALL),,--shard $(TODAY)/$(PARTS))) $(MUTATE) \
		|| case $$? in \
		3) ;; \
		124) cd target/mutants/mutants.out && [ ! -s missed.txt ] \
			&& echo "mutants: stopped after $(LIMIT), $$(cat caught.txt timeout.txt | wc -l) caught, the others not tried" ;; \
		*) false ;; \
		esac

bench: packages ## Measures beside other libraries, writes docs/benchmarks.md; BENCH="--quick --only rust,python,node,scale,size,load,profile"
	$(BIN)/python tests/bench/bench.py $(BENCH)

# The counts are made with valgrind.
regressions: ## Compares instructions and times of verifying with a baseline; REGRESSIONS="--write" writes it anew
	$(PYTHON) tests/bench/callgrind/check.py $(REGRESSIONS)

conformance: build ## Runs the shared conformance cases in the three languages and compares the answers
	$(BIN)/python tests/conformance/compare.py

# What takes hours, or asks other libraries' registries, is left out of the short one.
AUDITS := constant-time hostile-cost supply-chain fuzz coverage $(if $(SHORT),,semver robustness mutants comparison)

audit: $(AUDITS) ## Attacks all of it: timing, costs, dependencies, fuzzing, coverage, mutants, other libraries; SHORT=1 fits in CI

constant-time: ## Looks for comparisons whose time, or whose course under valgrind, tells of a secret
	cargo build --release --locked -p hookproof --example constant_time
	target/release/examples/constant_time $(if $(SHORT),300000,3000000)
# With the names of its functions, which a report is worth little without.
	cargo rustc --release --locked -p hookproof --example undefined_secret -- -C strip=none
	valgrind --quiet --error-limit=no target/release/examples/undefined_secret 2> target/undefined_secret.log \
		|| { cat target/undefined_secret.log; exit 1; }

hostile-cost: ## Measures what the dearest requests cost at every provider; fails above 50 ms of processor time
	cargo run --release --locked -p hookproof --example hostile_cost

supply-chain: $(VENV) $(PYTHON_PACKAGE) $(ADDON) sbom msrv $(if $(SHORT),,licences) ## Checks dependencies, public names and guards against panics
# As `cargo test` builds it: what the tests make panic is a debug build of both bindings.
	cargo build --locked --workspace --all-features --lib
	$(BIN)/pytest tests/audit

licences: $(DENY) ## Checks licences, sources, second versions and, where RustSec can be reached, advisories
	$(TOOLS)/bin/cargo-deny check licenses bans sources
	if $(TOOLS)/bin/cargo-deny fetch db 2>target/advisories.log; then $(TOOLS)/bin/cargo-deny --offline check advisories; \
	else echo "advisories: left out, the database of RustSec cannot be reached"; fi

msrv: ## Compiles everything with the oldest Rust that is promised, where that is installed
	if cargo +1.88 --version; then cargo +1.88 check --locked --workspace --all-features --target-dir target/msrv; \
	else echo "msrv: left out, Rust 1.88 is not installed"; fi

sbom: $(VENV) ## Writes the bills of materials of the crate, the wheel and the npm package into target/sbom
	$(BIN)/python tests/audit/supply_chain/sbom.py target/sbom

api: $(VENV) ## Writes anew what the tests of the public names compare with
	$(BIN)/python tests/audit/api/test_api.py

# Until something is released: the revision in which the public names were first written down.
RELEASED = $(or $(SINCE),$(shell git describe --tags --abbrev=0 --match 'v*' 2>/dev/null \
	|| git log --diff-filter=A --format=%h -- tests/audit/api/rust.txt))

semver: $(SEMVER) ## Compares the crate's interface with the last release, or SINCE=…, by the rules of Cargo's SemVer reference
	PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" cargo semver-checks --package hookproof --baseline-rev $(RELEASED) \
		--only-explicit-features --features axum,fetch,redis,sqlite

comparison: $(PYTHON_PACKAGE) $(ADDON) ## Puts hostile cases to other libraries; COMPARISON=--check compares with docs/comparison.md
	$(BIN)/python tests/comparison/compare.py $(COMPARISON)

packages: $(WHEEL) $(TARBALL) ## Builds the wheel and the npm tarball into target/packages

clean: ## Removes everything that was built or installed
	cargo clean
	rm -rf .venv node_modules bindings-node/*.node

$(VENV): bindings-python/requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r $<
	touch $@

# Not `npm ci`: it refuses a lock file that was written where the binaries for other platforms could not be had.
$(NODE_MODULES): package.json package-lock.json
	npm install --no-save --no-audit --no-fund --silent
	touch $@

$(LLVM_COV):
	cargo install --quiet --locked --root $(TOOLS) cargo-llvm-cov@$(patsubst cargo-llvm-cov-%.made,%,$(@F))
	touch $@

$(MUTANTS):
	cargo install --quiet --locked --root $(TOOLS) cargo-mutants@$(patsubst cargo-mutants-%.made,%,$(@F))
	touch $@

$(SEMVER):
	cargo install --quiet --locked --root $(TOOLS) cargo-semver-checks@$(patsubst cargo-semver-checks-%.made,%,$(@F))
	touch $@

$(WHEEL): $(VENV) $(CORE) $(PYTHON_SOURCES)
	rm -f $(PACKAGES)/*.whl
	CARGO_BUILD_TARGET=$(HOST) $(BIN)/maturin build --release --locked --out $(PACKAGES)
	touch $@

$(PYTHON_PACKAGE): $(WHEEL)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --force-reinstall $(PACKAGES)/*.whl
	touch $@

$(ADDON): $(NODE_MODULES) $(CORE) $(NODE_SOURCES)
	npm run --silent build
	touch $@

# As the tests build it, so that nothing is compiled a second time.
target/debug/examples/soak_worker: $(CORE) tests/soak/programs/axum_worker.rs
	cargo build --locked --workspace --all-features --example soak_worker
	touch $@

# In a folder of its own: what it is compiled with has nothing to do with this repository's crates.
$(DENY):
	cargo install --quiet --locked --root $(TOOLS) --target-dir $(TOOLS)/build cargo-deny@0.20.2
	touch $@

$(TARBALL): $(ADDON) $(NODE_FACE)
	mkdir -p $(PACKAGES)
	rm -f $(PACKAGES)/*.tgz
	npm pack --silent --pack-destination $(PACKAGES)
	touch $@
