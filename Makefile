# What a person does with this repository: make run, make test, make lint.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.PHONY: help run build test bench lint setup build-tests packages-run packages-test npm

built := $(or $(CARGO_TARGET_DIR),target)/debug
demo_port := 8976

# Tests move a clock; no other build has one to move.
hooks := --features mcp-valetd/test-hooks,mcp-valet-demo/test-hooks

packages_to_run := build-essential ca-certificates curl
packages_to_test := $(packages_to_run) chromium chromium-driver dbus fonts-dejavu-core gnome-keyring python3 python3-dbus

# Installs by name what is missing of the named packages, as far as this machine lets us.
define install
	command -v apt-get >/dev/null || { echo "no apt-get here: you need $(1)"; exit 0; }
	have() { dpkg-query --show --showformat '$${db:Status-Status}' "$$1" 2>/dev/null | grep -qx installed; }
	missing=()
	for package in $(1); do have "$$package" || missing+=("$$package"); done
	[ "$${#missing[@]}" -gt 0 ] || exit 0
	become=()
	if [ "$$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || { echo "please install: $${missing[*]}"; exit 1; }
		become=(sudo)
	fi
	"$${become[@]}" apt-get update --quiet
	"$${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$${missing[@]}"
endef

help:
	@echo "make run    build, and start the valet with a demo provider to try it on"
	echo "make test   build, and test everything on real parts"
	echo "make bench  what a cached hand-out costs, as a ratio to a bare echo"
	echo "make lint   formatting and clippy; licences and advisories if cargo-deny is installed"
	echo "make setup  install what the tests need"

run: build
	@demo=http://127.0.0.1:$(demo_port)/mcp
	$(built)/mcp-valet-demo --port $(demo_port) &
	trap "kill $$! 2>/dev/null || true" EXIT
	welcome() {
		for _ in {1..150}; do
			servers=$$($(built)/mcp-valet list --json 2>/dev/null) && break
			sleep 0.1
		done
		if [ "$$servers" = "[]" ]; then $(built)/mcp-valet add demo "$$demo"; fi
		echo
		echo "The valet runs here; it asks its questions here, and Ctrl-C ends it. In another terminal:"
		echo
		echo "    export PATH=\"$$(cd $(built) && pwd):\$$PATH\""
		echo "    mcp-valet list"
		echo "    mcp-valet authorize demo    # opens the browser"
		echo "    mcp-valet token demo        # what an agent gets, once you say yes here"
		echo "    mcp-valet revoke demo"
		echo
	}
	welcome &
	$(built)/mcp-valetd

build: packages-run
	cargo build --locked -p mcp-valetd -p mcp-valet -p mcp-valet-demo

# What the tests start is built before them: no test can make cargo build another package's executable.
build-tests:
	cargo build --locked --workspace --bins $(hooks)

test: setup build-tests
	@if cargo nextest --version >/dev/null 2>&1; then
		cargo nextest run --locked --workspace $(hooks) --no-fail-fast
	else
		cargo test --locked --workspace $(hooks) --no-fail-fast
	fi

# Ratios to a bare echo over a Unix socket, from release builds.
bench: npm
	cargo build --locked --release -p mcp-valetd -p mcp-valet
	cargo bench --locked -p mcp-valet-tests

lint:
	@cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets $(hooks) -- -D warnings
	if command -v cargo-deny >/dev/null; then
		cargo deny --locked check bans licenses sources
		if cargo deny fetch db >/dev/null 2>&1; then
			cargo deny --locked check --disable-fetch advisories
		else
			echo "the list of advisories cannot be reached: not checked"
		fi
	else
		echo "cargo-deny is not installed: licences and advisories are not checked"
	fi

setup: packages-test npm

packages-run:
	@$(call install,$(packages_to_run))

packages-test:
	@$(call install,$(packages_to_test))

npm: tests/node/node_modules/.package-lock.json

tests/node/node_modules/.package-lock.json: tests/node/package-lock.json
	npm ci --prefix tests/node --no-audit --no-fund
