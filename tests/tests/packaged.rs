//! What `make deb`, `make rpm` and `make tarball` make of what is built, without building it anew.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mcp_valet_tests::{Packer, well};
use tempfile::TempDir;

const PROGRAMS: [&str; 4] = ["mcp-valet", "mcp-valetd", "mcp-valet-tray", "mcp-valet-demo"];

/// A folder of packages, of programs that only have to be there.
struct Packed {
    folder: TempDir,
    built: TempDir,
}

impl Packed {
    fn new() -> Self {
        let built = tempfile::tempdir().unwrap();
        for name in PROGRAMS {
            fs::copy("/bin/true", built.path().join(name)).unwrap();
        }
        Self { folder: tempfile::tempdir().unwrap(), built }
    }

    /// Packs this version by one or several targets, and tells what was made last.
    fn pack(&self, targets: &str, version: &str) -> PathBuf {
        self.pack_where("022", targets, version)
    }

    /// The same where new files are made with these rights taken away (umask(2)).
    fn pack_where(&self, umask: &str, targets: &str, version: &str) -> PathBuf {
        let mut make = Command::new("sh");
        make.args(["-c", r#"umask "$0"; exec make --no-print-directory "$@""#, umask]);
        make.args(targets.split(' ')).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        make.arg(format!("release={}", self.built.path().display()));
        make.arg(format!("packed={}", self.folder.path().display())).arg(format!("version={version}"));
        make.env("SOURCE_DATE_EPOCH", "1800000000");
        make.env("DEBFULLNAME", "Ada Packer").env("DEBEMAIL", "ada@packers.example");
        let output = make.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        let path = said.lines().last().unwrap();
        assert!(Path::new(path).is_file(), "{said}");
        path.into()
    }
}

/// A machine that knows of no package yet.
fn machine() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for folder in ["var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "etc/dpkg"] {
        fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    fs::write(root.path().join("var/lib/dpkg/status"), "").unwrap();
    root
}

fn dpkg(root: &TempDir, arguments: &[&str]) -> String {
    let mut dpkg = Command::new("fakeroot");
    dpkg.args(["dpkg", "--force-depends", "--force-script-chrootless"]);
    dpkg.arg(format!("--root={}", root.path().display())).args(arguments);
    dpkg.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    well(&mut dpkg)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn the_debian_package_is_clean_and_has_the_same_bytes_each_time() {
    let packed = Packed::new();
    let package = packed.pack("pack-deb", "0.2.0");
    let said = well(Command::new("lintian").args(["--allow-root", "--fail-on=error,warning"]).arg(&package));
    assert_eq!(said.trim(), "");
    let first = fs::read(&package).unwrap();
    assert!(fs::read(packed.pack("pack-deb", "0.2.0")).unwrap() == first, "it is not the same twice");
}

#[test]
fn one_make_packs_both_as_each_is_packed_alone() {
    let (both, alone) = (Packed::new(), Packed::new());
    let rpm = both.pack("pack-deb pack-rpm", "0.2.0");
    assert!(rpm.extension().is_some_and(|kind| kind == "rpm"), "{rpm:?}");
    let deb = alone.pack("pack-deb", "0.2.0");
    let first = both.folder.path().join(deb.file_name().unwrap());
    assert!(fs::read(first).unwrap() == fs::read(&deb).unwrap(), "it is not the same beside an RPM");
}

#[test]
fn whoever_packs_where_new_files_are_theirs_alone_packs_for_everybody_all_the_same() {
    let (open, shut) = (Packed::new(), Packed::new());
    for target in ["pack-deb", "pack-rpm", "pack-tarball"] {
        let (open, shut) = (open.pack(target, "0.2.0"), shut.pack_where("077", target, "0.2.0"));
        assert!(fs::read(open).unwrap() == fs::read(shut).unwrap(), "{target} is another one");
    }
}

#[test]
fn the_debian_package_is_installed_upgraded_removed_and_purged() {
    let (packed, root) = (Packed::new(), machine());
    let home = root.path().join("home/somebody/.config/mcp-valet");
    fs::create_dir_all(&home).unwrap();
    fs::write(home.join("config.json"), "{}").unwrap();
    for (version, is_upgrade) in [("0.2.0", false), ("0.2.1", true)] {
        let said = dpkg(&root, &["--install", packed.pack("pack-deb", version).to_str().unwrap()]);
        assert_eq!(said.contains("until it is quit and started again"), is_upgrade, "{said}");
        assert!(fs::read_to_string(root.path().join("var/lib/dpkg/status")).unwrap().contains(version));
    }
    let usr = root.path().join("usr");
    for name in PROGRAMS {
        assert!(usr.join("bin").join(name).is_file(), "{name}");
        assert!(usr.join("share/man/man1").join(format!("{name}.1.gz")).is_file(), "{name}");
    }
    let told = Command::new("zcat").arg(usr.join("share/doc/mcp-valet/third-party.gz")).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    for part in
        ["tauri 2.", "rustls 0.", "svelte 5.", "@fluent/bundle 0.", "clsx 2.", "Rust's standard library 1."]
    {
        assert!(told.contains(&format!("\n{part}")), "{part}");
    }
    assert!(told.contains("Permission is hereby granted"));
    let (list, texts) = told.split_once("\n\n-----").unwrap();
    let heads = texts.lines().flat_map(|line| line.split(", ")).collect::<HashSet<_>>();
    for part in list.lines().filter_map(|line| line.split_once(": ")) {
        assert!(heads.contains(part.0), "{part:?} has no text");
    }
    assert!(!told.contains(": ?"), "the licence of something is unknown");
    let removing = dpkg(&root, &["--remove", "mcp-valet"]);
    for said in ["mcp-valet setup --undo --all", "it goes on until it is quit"] {
        assert!(removing.contains(said), "{removing}");
    }
    let purging = dpkg(&root, &["--install", packed.pack("pack-deb", "0.2.1").to_str().unwrap()])
        + &dpkg(&root, &["--purge", "mcp-valet"]);
    let window = "~/.local/share/io.github.mcp_valet.Tray";
    for kept in ["~/.config/mcp-valet", window, "~/.config/autostart/mcp-valet-tray.desktop"] {
        assert!(purging.contains(kept), "{purging}");
    }
    assert_eq!(files(&usr), Vec::<PathBuf>::new());
    assert!(home.join("config.json").is_file(), "what people own stays theirs");
}

#[test]
fn the_rpm_has_what_the_debian_package_has() {
    let packed = Packed::new();
    let listed = |command: &mut Command| -> Vec<String> {
        let said = well(command);
        let is_legal = |path: &str| path.contains("/share/doc/") || path.contains("/share/licenses/");
        let paths = said.lines().filter(|path| !path.ends_with('/') && !is_legal(path));
        // zsh looks elsewhere on Debian.
        let same =
            |path: &str| path.trim_start_matches('.').replace("/vendor-completions/", "/site-functions/");
        let mut paths: Vec<_> = paths.map(same).collect();
        paths.sort();
        paths
    };
    let rpm = packed.pack("pack-rpm", "0.2.0");
    let in_rpm = listed(Command::new("rpm").args(["--query", "--list", "--package"]).arg(&rpm));
    let deb = packed.pack("pack-deb", "0.2.0");
    let tar = r#"dpkg-deb --fsys-tarfile "$0" | tar --list"#;
    let in_deb = listed(Command::new("sh").args(["-c", tar]).arg(&deb));
    assert_eq!(in_rpm, in_deb);
    assert!(in_rpm.contains(&"/usr/bin/mcp-valet-tray".to_owned()), "{in_rpm:?}");
    let scripts = well(Command::new("rpm").args(["--query", "--scripts", "--package"]).arg(&rpm));
    for said in ["setup --undo --all", "~/.config/autostart/mcp-valet-tray.desktop", "quit and started again"]
    {
        assert!(scripts.contains(said), "{scripts}");
    }
    let licences = well(Command::new("rpm").args(["--query", "--licensefiles", "--package"]).arg(&rpm));
    for file in ["LICENSE-MIT", "LICENSE-APACHE", "third-party"] {
        assert!(licences.contains(file), "{licences}");
    }
    let licence = ["--query", "--queryformat", "%{LICENSE}", "--package"];
    let licence = well(Command::new("rpm").args(licence).arg(&rpm));
    for term in ["(Apache-2.0 OR MIT)", "MPL-2.0", "BSD-3-Clause", "Unicode-3.0"] {
        assert!(licence.split(" AND ").any(|one| one == term), "{term}: {licence}");
    }
}

#[test]
fn the_tarball_is_the_command_line_with_its_pages() {
    let packed = Packed::new();
    let tarball = packed.pack("pack-tarball", "0.2.0");
    let listed = well(Command::new("tar").arg("--list").arg("--file").arg(&tarball));
    for path in ["bin/mcp-valet", "share/man/man1/mcp-valet-connect.1", "LICENSE-MIT", "third-party"] {
        assert!(listed.lines().any(|line| line.ends_with(path)), "{path}: {listed}");
    }
    assert!(!listed.contains("mcp-valetd") && !listed.contains("mcp-valet-tray"), "{listed}");
    let third_party = "mcp-valet-0.2.0-linux-*/third-party";
    let told = ["--extract", "--to-stdout", "--wildcards", "--file"];
    let told = well(Command::new("tar").args(told).arg(&tarball).arg(third_party));
    assert!(told.contains("GNU LESSER GENERAL PUBLIC LICENSE") && told.contains("GNU C Library 2."));
    let first = fs::read(&tarball).unwrap();
    assert!(fs::read(packed.pack("pack-tarball", "0.2.0")).unwrap() == first, "it is not the same twice");
}

/// Adds packages to the repositories in a folder.
fn publish(packer: &Packer, folder: &Path, packages: &[&Path]) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../packages/repository");
    well(packer.knows(Command::new(script).arg(folder).arg(Packer::NAME).args(packages)));
}

/// What apt on another machine says of a repository, which it believes by the key beside it.
fn apt(root: &Path, repository: &Path, arguments: &[&str]) -> std::process::Output {
    for folder in ["lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    let folder = repository.join("deb");
    let line = format!("deb [signed-by={0}/mcp-valet.gpg] file:{0} stable main\n", folder.display());
    fs::write(root.join("sources.list"), line).unwrap();
    fs::write(root.join("status"), "").unwrap();
    let mut apt = Command::new("apt-get");
    for (what, place) in [
        ("Dir::Etc::SourceList", "sources.list"),
        ("Dir::State::Lists", "lists"),
        ("Dir::State::Status", "status"),
        ("Dir::Cache", "cache"),
    ] {
        apt.arg(format!("-o{what}={}", root.join(place).display()));
    }
    // As whoever runs the test: apt's own user may not look into its folders.
    apt.args(["-oDir::Etc::SourceParts=/dev/null", "-oAPT::Sandbox::User=root", "-oDebug::NoLocking=1"]);
    apt.args(arguments).current_dir(root).output().unwrap()
}

#[test]
fn apt_takes_a_package_from_the_signed_repository_and_none_from_one_that_was_changed() {
    let (packed, packer) = (Packed::new(), Packer::new());
    let (folder, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let package = packed.pack("pack-deb", "0.2.0");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../packages/repository");
    let mut without_key = Command::new(script);
    without_key.arg(folder.path()).arg("nobody@packers.example").arg(&package);
    let output = packer.knows(&mut without_key).output().unwrap();
    assert!(!output.status.success() && files(folder.path()).is_empty(), "{output:?}");
    publish(&packer, folder.path(), &[&package]);
    let release = fs::read_to_string(folder.path().join("deb/dists/stable/Release")).unwrap();
    assert!(release.contains("\nArchitectures: ") || release.starts_with("Architectures: "), "{release}");
    let updated = apt(root.path(), folder.path(), &["update"]);
    assert!(updated.status.success() && updated.stderr.is_empty(), "{updated:?}");
    let got = apt(root.path(), folder.path(), &["download", "mcp-valet=0.2.0"]);
    assert!(got.status.success(), "{got:?}");
    let other = tempfile::tempdir().unwrap();
    let list = fs::read_dir(folder.path().join("deb/dists/stable/main")).unwrap().next().unwrap().unwrap();
    for file in ["Packages", "Packages.gz"] {
        fs::write(list.path().join(file), "").unwrap();
    }
    let updated = apt(other.path(), folder.path(), &["update"]);
    assert!(!updated.status.success(), "{updated:?}");
    let got = apt(other.path(), folder.path(), &["download", "mcp-valet"]);
    assert!(!got.status.success(), "{got:?}");
}

#[test]
fn the_repository_for_dnf_lists_the_package_and_is_signed() {
    let (packed, packer) = (Packed::new(), Packer::new());
    let folder = tempfile::tempdir().unwrap();
    publish(&packer, folder.path(), &[&packed.pack("pack-rpm", "0.2.0")]);
    let data = folder.path().join("rpm/repodata");
    let list = fs::read_to_string(data.join("repomd.xml")).unwrap();
    assert!(list.contains("primary"), "{list}");
    let said = well(
        packer
            .knows(Command::new("gpg").arg("--verify"))
            .args([data.join("repomd.xml.asc"), data.join("repomd.xml")]),
    );
    assert!(said.contains("Good signature"), "{said}");
    let packages = well(Command::new("sh").args(["-c", "zcat \"$0\"/*primary.xml.gz"]).arg(&data));
    assert!(packages.contains("<name>mcp-valet</name>") && packages.contains("0.2.0"), "{packages}");
    // dnf also asks each package whose it is, by what is believed on the machine.
    let (known, all) = (tempfile::tempdir().unwrap(), files(&folder.path().join("rpm")));
    let package = all.into_iter().find(|file| file.extension().is_some_and(|kind| kind == "rpm")).unwrap();
    let keys = |arguments: &[&str], file: &Path| {
        let mut keys = Command::new("rpmkeys");
        well(keys.arg("--dbpath").arg(known.path()).args(arguments).arg(file))
    };
    keys(&["--import"], &folder.path().join("rpm/mcp-valet.asc"));
    let checked = keys(&["--checksig"], &package);
    assert!(checked.contains("digests signatures OK"), "{checked}");
}

#[test]
fn a_name_of_several_keys_publishes_none_of_them() {
    let (packed, packer) = (Packed::new(), Packer::new());
    let another = ["--quick-generate-key", "second packer@packers.example", "ed25519", "sign", "never"];
    well(packer.knows(Command::new("gpg").args(["--batch", "--passphrase", ""]).args(another)));
    let folder = tempfile::tempdir().unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../packages/repository");
    let mut publish = Command::new(script);
    publish.arg(folder.path()).arg("packers.example").arg(packed.pack("pack-deb", "0.2.0"));
    let output = packer.knows(&mut publish).output().unwrap();
    assert!(!output.status.success() && files(folder.path()).is_empty(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("by its fingerprint"), "{output:?}");
}
