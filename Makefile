# Every target sets itself up from nothing: a machine needs Rust, Python 3.10+ and Node 20+.
# What is installed or built leaves a mark, a file named `.made`, so that nothing is done twice.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help build test test-rust test-python test-node test-together test-recipes soak demo lint format conformance packages clean

PYTHON ?= python3
BIN := .venv/bin
PACKAGES := target/packages
# napi always names a target. maturin is given the same one, so that the two share what they compile.
HOST = $(shell rustc -vV | sed -n 's/^host: //p')

VENV := .venv/.made
NODE_MODULES := node_modules/.made
WHEEL := $(PACKAGES)/wheel.made
TARBALL := $(PACKAGES)/tarball.made
ADDON := node_modules/addon.made
PYTHON_PACKAGE := .venv/hookproof.made
RUST_WORKER := target/debug/examples/soak_worker

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

demo: $(VENV) packages ## Sends every system's requests to real servers of four frameworks
	cd tests/e2e && ../../$(BIN)/python -m demo

lint: $(VENV) $(NODE_MODULES) ## Checks formatting, lints, types and that the versions agree
	cargo fmt --all --check
# Not --all-targets: a binding that is compiled as a benchmark exports nothing and consists of dead code.
	cargo clippy --locked --workspace --all-features --lib --examples --tests -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --all-features -p hookproof
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	MYPYPATH=tests/architecture:tests/cross:tests/support:tests/e2e:tests/e2e/install:tests/e2e/recipes:$(DEMO) \
		$(BIN)/mypy --explicit-package-bases tests/architecture tests/cross tests/e2e
	MYPYPATH=tests:tests/support $(BIN)/mypy --explicit-package-bases tests/soak
	npm run --silent lint
	$(BIN)/pytest tests/architecture/test_versions.py

format: $(VENV) $(NODE_MODULES) ## Formats everything
	cargo fmt --all
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	npm run --silent format

conformance: build ## Runs the shared conformance cases in the three languages and compares the answers
	$(BIN)/python tests/conformance/compare.py

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

$(TARBALL): $(ADDON) $(NODE_FACE)
	mkdir -p $(PACKAGES)
	rm -f $(PACKAGES)/*.tgz
	npm pack --silent --pack-destination $(PACKAGES)
	touch $@
