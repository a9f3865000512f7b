# What is installed by others: make deb, make rpm, make tarball. Each lies in $(packed) afterwards.

.PHONY: deb rpm tarball reproducible version pack-deb pack-rpm pack-tarball staged packages-deb packages-rpm packages-tarball release-of-all

version := $(shell sed -n '/^\[workspace.package\]/,/^$$/s/^version = "\(.*\)"/\1/p' Cargo.toml)
packed ?= $(or $(CARGO_TARGET_DIR),target)/packages
stage := $(packed)/stage
machine := $(shell uname -m)-unknown-linux-gnu

packages_for_deb := $(packages_for_desktop) dpkg-dev help2man python3
packages_for_rpm := $(packages_for_desktop) help2man python3 rpm
packages_for_tarball := $(packages_to_run) python3

# The time of the last change, and no path of this machine: built twice, they have the same bytes.
packing = export SOURCE_DATE_EPOCH="$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || date +%s)}"
remapped := --remap-path-prefix=$(CURDIR)=/mcp-valet --remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)=/cargo

# Where both builds are.
twice ?= $(or $(CARGO_TARGET_DIR),target)/twice

version:
	@echo $(version)

deb: packages-deb release-of-all pack-deb

rpm: packages-rpm release-of-all pack-rpm

# The command line alone, for containers and hosts at the other end of SSH. It needs no library there.
tarball: rust packages-tarball
	cargo_flags="$(remapped) -C target-feature=+crt-static"
	RUSTFLAGS="$$cargo_flags" cargo build --locked --release -p mcp-valet --target $(machine)
	$(MAKE) --no-print-directory pack-tarball release="$(or $(CARGO_TARGET_DIR),target)/$(machine)/release"

# That whoever builds the last commit has the packages of the release, byte for byte.
reproducible: packages-deb packages-rpm
	@packages/twice "$(twice)"

release-of-all: rust node ui
	RUSTFLAGS="$(remapped)" cargo build --locked --release -p mcp-valet-tray -p mcp-valetd -p mcp-valet -p mcp-valet-demo --features mcp-valet-tray/custom-protocol

staged:
	@rm -rf "$(stage)"
	$(MAKE) --no-print-directory put-desktop DESTDIR="$(abspath $(stage))" prefix=/usr release="$(release)"

# Of what is built already. Each is staged anew, also where one make packs both.
pack-deb:
	@$(MAKE) --no-print-directory staged
	$(packing)
	packages/deb "$(stage)" "$(packed)" $(version)

pack-rpm:
	@$(MAKE) --no-print-directory staged
	$(packing)
	packages/rpm "$(stage)" "$(packed)" $(version)

pack-tarball:
	@$(packing)
	packages/tarball "$(release)/mcp-valet" "$(packed)" $(version)

packages-deb:
	@$(call install,$(packages_for_deb))

packages-rpm:
	@$(call install,$(packages_for_rpm))

packages-tarball:
	@$(call install,$(packages_for_tarball))
