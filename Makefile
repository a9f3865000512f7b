# What a person does with this repository: make run, make test, make lint.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.PHONY: fuzz updates help run run-desktop run-terminal fleet-demo measure screenshots build build-desktop install install-terminal put-desktop put-terminal uninstall test test-heavy bench soak lint setup types build-tests ui rust node packages-run packages-desktop packages-test npm

built := $(or $(CARGO_TARGET_DIR),target)/debug
demo_port := 8976
prefix ?= $(HOME)/.local
share := $(DESTDIR)$(prefix)/share
release ?= $(or $(CARGO_TARGET_DIR),target)/release
has_display := $(or $(DISPLAY),$(WAYLAND_DISPLAY))

# Tests move a clock; no other build has one to move.
hooks := --features mcp-valetd/test-hooks,mcp-valet-demo/test-hooks,mcp-valet-tray/test-hooks,mcp-valet-tray/custom-protocol

packages_to_run := build-essential ca-certificates curl
packages_for_desktop := $(packages_to_run) pkg-config libwebkit2gtk-4.1-dev
packages_to_test := $(packages_for_desktop) bubblewrap chromium chromium-driver dbus fonts-dejavu-core gnome-keyring python3 python3-dbus
packages_to_test += etcd-client etcd-server iproute2 nginx
packages_to_test += appstream apt-utils createrepo-c desktop-file-utils dpkg-dev fakeroot gnupg help2man lintian rpm openbox
packages_to_test += openssh-server python3-dbusmock screen strace systemd tmux webkit2gtk-driver xfce4-notifyd xfce4-panel xvfb

rust_needed := $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
node_needed := $(shell sed -n 's/.*"node": ">=\(.*\)".*/\1/p' ui/package.json)

# Holds the version of $(1) that $(2) prints against $(3); $(4) says how to come by it. Debian's own are often
# older.
define needs
	have=$$($(2) 2>/dev/null | sed 's/[^0-9]*\([0-9.]*\).*/\1/') || { echo "$(1) is missing. $(4)"; exit 1; }
	[ "$$(printf '%s\n' "$(3)" "$$have" | sort --version-sort | head -n1)" = "$(3)" ] || {
		echo "$(1) $$have is too old: $(3) or later is needed. $(4)"; exit 1;
	}
endef

# Installs by name what is missing of the named packages, as far as this machine lets us.
define install
	command -v apt-get >/dev/null || { echo "There is no apt-get here. These Debian packages, or what they are called here, are needed: $(1)"; exit 0; }
	have() { dpkg-query --show --showformat '$${db:Status-Status}' "$$1" 2>/dev/null | grep -qx installed; }
	missing=()
	for package in $(1); do have "$$package" || missing+=("$$package"); done
	[ "$${#missing[@]}" -gt 0 ] || exit 0
	become=()
	if [ "$$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || { echo "Packages are missing. As root: apt-get install $${missing[*]}"; exit 1; }
		become=(sudo)
	fi
	echo "Installing packages that are missing: $${missing[*]}"
	"$${become[@]}" apt-get update --quiet
	"$${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$${missing[@]}"
endef

# Installs what there is without a desktop: programs, man pages, completions, and the unit by which the service
# manager starts $(1) for a program that asks.
define put
	install -D --target-directory="$(DESTDIR)$(prefix)/bin" "$(release)/"{mcp-valetd,mcp-valet,mcp-valet-demo}
	(cd share && find . -path ./metainfo -prune -o -type f -exec install -D --mode=644 {} "$(share)/{}" \;)
	sed -i 's|^ExecStart=[^ ]*|ExecStart="$(prefix)/bin/$(1)"|' "$(share)/systemd/user/mcp-valet.service"
	sed -i 's|^Exec=[^ ]*|Exec="$(prefix)/bin/$(1)"|' "$(share)/dbus-1/services/io.github.mcp_valet.Valet.service"
	$(reload)
endef

# What was installed for others is not this session's to read.
reload = [ -n "$(DESTDIR)" ] || systemctl --user daemon-reload 2>/dev/null || true

define path_hint
	case ":$$PATH:" in
	*":$(prefix)/bin:"*) ;;
	*) echo "$(prefix)/bin is not in your PATH yet. Log in again, or: export PATH=\"$(prefix)/bin:\$$PATH\"" ;;
	esac
endef

help:
	@echo "To use it:"
	echo "  make run               build, and start the valet: on the desktop, or without one in this terminal with a demo server"
	echo "  make fleet-demo        two valets that share a vault on three members of etcd, all on this machine"
	echo "  make install           build for daily use, and install below $(prefix)"
	echo "  make install-terminal  the same without the desktop application, for services and terminals; needs no Node"
	echo "  make uninstall         remove what was installed; sign-ins and configuration stay"
	echo "  make deb               a Debian package of all of it; make rpm: an RPM; make tarball: the command line alone"
	echo "  make reproducible      those packages of the last commit, built twice, and whether they have the same bytes"
	echo "To work on it:"
	echo "  make setup             install what the tests need"
	echo "  make lint              formatting, clippy, documentation; licences and advisories if cargo-deny is installed"
	echo "  make test              build, and test everything on real parts"
	echo "  make test-heavy        all kills, floods, foreign servers and fuzzing; writes figures to docs/measured"
	echo "  make fuzz              ten minutes of fuzzing for each reader of what comes from outside"
	echo "  make bench             what a cached hand-out and a start cost: ratios to a bare echo, instructions, times"
	echo "  make measure           memory of the desktop app, and how soon icon, window and answers are there"
	echo "  make soak              an hour of everyday work: whether memory, descriptors or latencies grow"
	echo "  make updates           what is newer than what is built with, written to docs/measured with its date"
	echo "  make types             types, document of the socket, man pages, completions: after a change of what they say"
	echo "  make screenshots       the pictures in docs, made anew"

run: $(if $(has_display),run-desktop,run-terminal)

run-desktop: build-desktop
	@echo "MCP Valet is the key in your panel; Ctrl-C here ends it."
	$(built)/mcp-valet-tray

run-terminal: build
	@demo=http://127.0.0.1:$(demo_port)/mcp
	welcome() {
		# Who names the socket has none started.
		export MCP_VALET_SOCK="$${XDG_RUNTIME_DIR:-/run/user/$$(id -u)}/mcp-valet/agent.sock"
		for _ in {1..150}; do
			servers=$$($(built)/mcp-valet list --json 2>/dev/null) && break
			sleep 0.1
		done
		[ -n "$$servers" ] || return 0
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
	$(built)/mcp-valet-demo --port $(demo_port) & started=$$!
	welcome & started="$$started $$!"
	trap "kill $$started 2>/dev/null || true" EXIT
	$(built)/mcp-valetd

# Ctrl-C ends all of it, and takes its folder away.
fleet-demo: build
	@command -v etcd >/dev/null || { echo "This needs etcd: sudo apt-get install etcd-server" >&2; exit 1; }
	programs=$$(cd $(built) && pwd)
	folder=$$(mktemp -d)
	started=
	trap 'kill $$started 2>/dev/null || true; wait; rm -rf "$$folder"' EXIT
	trap 'exit 0' INT TERM
	cluster=
	endpoints=
	for n in 1 2 3; do
		cluster="$$cluster,m$$n=http://127.0.0.1:2$${n}380"
		endpoints="$$endpoints,\"http://127.0.0.1:2$${n}379\""
	done
	for n in 1 2 3; do
		etcd --name m$$n --data-dir "$$folder/m$$n" --initial-cluster "$${cluster#,}" \
			--listen-client-urls http://127.0.0.1:2$${n}379 --advertise-client-urls http://127.0.0.1:2$${n}379 \
			--listen-peer-urls http://127.0.0.1:2$${n}380 --initial-advertise-peer-urls http://127.0.0.1:2$${n}380 \
			>"$$folder/m$$n.log" 2>&1 & started="$$started $$!"
	done
	"$$programs/mcp-valet-demo" --port $(demo_port) >"$$folder/demo.log" 2>&1 & started="$$started $$!"
	on() {
		local home="$$folder/$$1"
		shift
		env HOME="$$home" XDG_CONFIG_HOME="$$home/config" XDG_STATE_HOME="$$home/state" XDG_RUNTIME_DIR="$$home/run" "$$@"
	}
	for machine in one two; do
		mkdir -p "$$folder/$$machine"/{config/mcp-valet,state,run}
		chmod 700 "$$folder/$$machine/run"
		echo "{\"mcpServers\": {\"demo\": {\"url\": \"http://127.0.0.1:$(demo_port)/mcp\"}}, \"valet\": {\"agents\": \"allow\", \"vault\":" \
			"{\"etcd\": {\"endpoints\": [$${endpoints#,}]}}}}" >"$$folder/$$machine/config/mcp-valet/config.json"
	done
	# Three members agree within seconds.
	for _ in {1..40}; do
		on one "$$programs/mcp-valetd" fleet init --name one 2>"$$folder/init" && break
		sleep 0.5
	done
	request=$$(on two "$$programs/mcp-valetd" fleet join --name two | tail -n 1)
	answer=$$(on one "$$programs/"$$request | tail -n 1)
	on two "$$programs/"$$answer
	for machine in one two; do
		on $$machine "$$programs/mcp-valetd" --no-questions >"$$folder/$$machine.log" 2>&1 & started="$$started $$!"
	done
	for _ in {1..100}; do
		[ -S "$$folder/one/run/mcp-valet/agent.sock" ] && [ -S "$$folder/two/run/mcp-valet/agent.sock" ] && break
		sleep 0.1
	done
	on one "$$programs/mcp-valetd" fleet members
	echo
	echo "Two valets share a vault on three members of etcd. Ctrl-C ends all. In another terminal:"
	echo
	echo "    export PATH=\"$$programs:\$$PATH\""
	echo "    one() { MCP_VALET_SOCK=$$folder/one/run/mcp-valet/agent.sock mcp-valet \"\$$@\"; }"
	echo "    two() { MCP_VALET_SOCK=$$folder/two/run/mcp-valet/agent.sock mcp-valet \"\$$@\"; }"
	echo "    one authorize demo     # opens the browser"
	echo "    two token demo         # the same sign-in"
	echo "    two revoke demo        # and it is gone from both"
	echo
	wait

build: rust packages-run
	cargo build --locked -p mcp-valetd -p mcp-valet -p mcp-valet-demo

build-desktop: rust node packages-desktop ui
	cargo build --locked -p mcp-valet-tray -p mcp-valet -p mcp-valet-demo --features mcp-valet-tray/custom-protocol

install: rust node packages-desktop ui
	@cargo build --locked --release -p mcp-valet-tray -p mcp-valetd -p mcp-valet -p mcp-valet-demo --features mcp-valet-tray/custom-protocol
	$(MAKE) --no-print-directory put-desktop
	echo "Installed below $(DESTDIR)$(prefix). Start \"MCP Valet\" from your menu, or mcp-valet-tray."
	$(call path_hint)

install-terminal: rust packages-run
	@cargo build --locked --release -p mcp-valetd -p mcp-valet -p mcp-valet-demo
	$(MAKE) --no-print-directory put-terminal
	echo "Installed below $(DESTDIR)$(prefix). Start mcp-valetd."
	$(call path_hint)

# What was built, into its place.
put-desktop:
	@$(call put,mcp-valet-tray)
	install -D --target-directory="$(DESTDIR)$(prefix)/bin" "$(release)/mcp-valet-tray"
	install -D --mode=644 share/metainfo/*.xml --target-directory="$(share)/metainfo"
	install -D --mode=644 src-tauri/mcp-valet-tray.desktop --target-directory="$(share)/applications"
	sed -i "s|^Exec=.*|Exec=$(prefix)/bin/mcp-valet-tray|" "$(share)/applications/mcp-valet-tray.desktop"
	install -D --mode=644 icons/mcp-valet.svg --target-directory="$(share)/icons/hicolor/scalable/apps"
	install -D --mode=644 icons/mcp-valet.png --target-directory="$(share)/icons/hicolor/128x128/apps"
	install -D --mode=644 icons/mcp-valet-*-symbolic.svg --target-directory="$(share)/icons/hicolor/symbolic/apps"

put-terminal:
	@$(call put,mcp-valetd)

uninstall:
	@if [ -z "$(DESTDIR)$(force)" ] && grep -qs '"client"' "$(or $(XDG_STATE_HOME),$(HOME)/.local/state)/mcp-valet/clients.json"; then
		echo "Other programs are still led here. To lead them back, first: mcp-valet setup --undo --all"
		echo "To leave their files as they are: make uninstall force=1"
		exit 1
	fi
	rm -f "$(DESTDIR)$(prefix)/bin/"{mcp-valet-tray,mcp-valetd,mcp-valet,mcp-valet-demo} "$(share)/applications/mcp-valet-tray.desktop"
	[ -n "$(DESTDIR)" ] || rm -f "$(or $(XDG_CONFIG_HOME),$(HOME)/.config)/autostart/mcp-valet-tray.desktop"
	rm -f "$(share)/icons/hicolor/scalable/apps/mcp-valet.svg" "$(share)/icons/hicolor/128x128/apps/mcp-valet.png"
	rm -f "$(share)/icons/hicolor/symbolic/apps/mcp-valet-"*-symbolic.svg
	(cd share && find . -type f -exec rm -f "$(share)/{}" \;)
	$(reload)

# The window's pages, which are compiled into the program.
ui: ui/dist/index.html

ui/dist/index.html: ui/node_modules/.package-lock.json Cargo.lock $(shell find ui crates/words -type f -not -path '*/node_modules/*' -not -path '*/dist/*')
	npm run build --prefix ui
	touch $@

ui/node_modules/.package-lock.json: ui/package-lock.json | node
	npm ci --prefix ui --no-audit --no-fund

# The window's TypeScript and the document of the socket, made of the types; man pages and completions, made of
# the commands. Tests fail as long as they are stale.
types:
	MCP_VALET_WRITE_TYPES=1 LC_ALL=C.UTF-8 cargo test --locked -p broker -p words --lib know_the
	MCP_VALET_WRITE_TYPES=1 LC_ALL=C.UTF-8 cargo test --locked -p mcp-valet know_the

# What the tests start is built before them: no test can make cargo build another package's executable.
build-tests: rust ui
	cargo build --locked --workspace --bins $(hooks)

test: setup build-tests
	@export LC_ALL=C.UTF-8
	npm test --prefix ui
	npm run accessible --prefix ui
	if cargo nextest --version >/dev/null 2>&1; then
		cargo nextest run --locked --workspace $(hooks) --no-fail-fast --test-threads $$((2 * $$(nproc)))
	else
		cargo test --locked --workspace $(hooks) --no-fail-fast
	fi

# Everything in full doses: all kills, floods, foreign servers, and a minute of fuzzing for each target.
test-heavy: setup build-tests
	@tests/heavy --locked --workspace $(hooks)

# Of release builds: ratios to a bare echo over a Unix socket, and instructions where valgrind is installed.
bench: npm
	cargo build --locked --release -p mcp-valetd -p mcp-valet
	cargo bench --locked -p mcp-valet-tests --bench instructions
	cargo bench --locked -p mcp-valet-tests --bench proxy
	cargo bench --locked -p mcp-valet-tests --bench local
	cargo bench --locked -p mcp-valet-tests --bench speed

# Minutes of everyday work.
soak_minutes ?= 60

# Whether memory, descriptors or latencies grow while a release build works on.
soak: npm
	cargo build --locked --release -p mcp-valetd -p mcp-valet
	MCP_VALET_SOAK=$(soak_minutes) cargo bench --locked -p mcp-valet-tests --bench soak

# Changes nothing but the list. npm says by its exit that something is newer.
updates: ui
	@{
		echo "# Newer than what is built with"
		echo
		echo "Written by \`make updates\`: $$(date --iso-8601), $$(git rev-parse --short HEAD), $$(rustc --version | cut --delimiter=' ' --fields=1,2)."
		echo
		echo "| what | here | newer that fits | newest |"
		echo "| --- | --- | --- | --- |"
		cargo update --dry-run --verbose 2>&1 | sed --quiet --regexp-extended \
			's/^ +(Updating|Unchanged) ([^ ]+) v([^ ]+)( -> v([^ ]+))?( \(available: v([^,)]+).*\))?$$/| `\2` | \3 | \5 | \7 |/p'
		{ npm outdated --prefix ui --parseable || true; } | sed --regexp-extended \
			's/^[^:]*:([^:]*)@([^:]*):[^:]*@([^:]*):[^:]*@([^:]*):.*$$/| `\1` | \3 | \2 | \4 |/'
	} > docs/measured/updates.md

# Of release builds, on a screen of its own.
measure: setup ui
	cargo build --locked --release -p mcp-valet-tray --features mcp-valet-tray/custom-protocol
	cargo bench --locked -p mcp-valet-tests --bench desktop
	cargo bench --locked -p mcp-valet-tests --bench answers

# What is on the pictures is installed here meanwhile: the paths of a build are nobody's business.
shown_below ?= /opt

screenshots: setup build-tests
	@mkdir -p docs/screenshots
	for folder in "$(shown_below)"/{mcp-valet,agents}; do
		[ ! -e "$$folder" ] || { echo "$$folder is there already: make screenshots shown_below=ANOTHER"; exit 1; }
	done
	trap 'rm -rf "$(shown_below)/mcp-valet"' EXIT
	install -D --target-directory="$(shown_below)/mcp-valet/bin" "$(built)/"{mcp-valet-tray,mcp-valetd,mcp-valet,mcp-valet-demo}
	export MCP_VALET_SCREENSHOTS="$$PWD/docs/screenshots" MCP_VALET_SHOWN_BELOW="$(shown_below)"
	cargo test --locked --workspace $(hooks) --test screenshots -- --test-threads=1

# Seconds for each target.
fuzz_seconds ?= 600

# Coverage alone needs no nightly compiler, only its leave to be asked for it.
fuzz:
	@cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz
	for target in $(notdir $(basename $(wildcard fuzz/targets/*.rs))); do
		echo "Fuzzing $$target"
		mkdir -p "fuzz/corpus/$$target"
		RUSTC_BOOTSTRAP=1 nice cargo fuzz run --fuzz-dir fuzz --sanitizer none "$$target" "fuzz/corpus/$$target" "fuzz/seeds/$$target" -- \
			-max_total_time=$(fuzz_seconds) -max_len=4096 -timeout=10
	done

lint: ui
	@cargo fmt --all --check
	npm run check --prefix ui
	cargo clippy --locked --workspace --all-targets $(hooks) -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps $(hooks)
	if ! cargo deny --version >/dev/null 2>&1; then
		echo "NOT CHECKED: licences and advisories. cargo-deny is missing: cargo install --locked cargo-deny"
		exit 0
	fi
	cargo deny --locked check bans licenses sources
	if cargo deny fetch db >/dev/null 2>&1; then
		cargo deny --locked check --disable-fetch advisories
	else
		echo "NOT CHECKED: advisories. Their list cannot be had from here."
	fi

setup: rust node packages-test npm

rust:
	@$(call needs,Rust,rustc --version,$(rust_needed),Install it from https://rustup.rs and open a new terminal.)

node:
	@$(call needs,Node,node --version,$(node_needed),The window is built with it: https://nodejs.org; or from Debian 13 on: apt-get install nodejs npm.)
	$(call needs,npm,npm --version,9,It comes with Node from https://nodejs.org; Debian has it as a package of its own: npm.)

packages-run:
	@$(call install,$(packages_to_run))

packages-desktop:
	@$(call install,$(packages_for_desktop))

packages-test:
	@$(call install,$(packages_to_test))

npm: tests/node/node_modules/.package-lock.json

tests/node/node_modules/.package-lock.json: tests/node/package-lock.json
	npm ci --prefix tests/node --no-audit --no-fund

include packages/rules.mk
