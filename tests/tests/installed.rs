//! What `make install` puts where, without building it anew, and that `make uninstall` leaves nothing of it.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAMS: [&str; 4] = ["mcp-valet", "mcp-valetd", "mcp-valet-tray", "mcp-valet-demo"];

/// Of the programs it only counts here where they are.
fn built() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in PROGRAMS {
        fs::copy("/bin/true", folder.path().join(name)).unwrap();
    }
    folder
}

fn make(target: &str, into: &Path) {
    let built = built();
    let mut command = Command::new("make");
    command.args(["--no-print-directory", target, "prefix=/usr"]).arg(format!("DESTDIR={}", into.display()));
    command.arg(format!("release={}", built.path().display()));
    let output = command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[track_caller]
fn well(program: &str, arguments: &[&str], file: &Path) {
    let runtime = file.parent().unwrap();
    let mut command = Command::new(program);
    let output = command.args(arguments).arg(file).env("XDG_RUNTIME_DIR", runtime).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}");
}

#[test]
fn everything_is_in_its_place_and_well_and_goes_again() {
    let folder = tempfile::tempdir().unwrap();
    make("put-desktop", folder.path());
    let share = folder.path().join("usr/share");
    let read = |path: &str| fs::read_to_string(share.join(path)).unwrap();
    for name in PROGRAMS {
        assert!(folder.path().join("usr/bin").join(name).is_file(), "{name}");
    }
    let unit = read("systemd/user/mcp-valet.service");
    assert!(unit.contains("\nExecStart=\"/usr/bin/mcp-valet-tray\" --for-a-program\n"), "{unit}");
    let service = read("dbus-1/services/io.github.mcp_valet.Valet.service");
    assert!(service.contains("\nExec=\"/usr/bin/mcp-valet-tray\" --for-a-program\n"), "{service}");
    assert!(read("applications/mcp-valet-tray.desktop").contains("\nExec=/usr/bin/mcp-valet-tray\n"));
    well("desktop-file-validate", &[], &share.join("applications/mcp-valet-tray.desktop"));
    let metainfo = share.join("metainfo/io.github.mcp_valet.Tray.metainfo.xml");
    well("appstreamcli", &["validate", "--no-net"], &metainfo);
    let elsewhere = tempfile::tempdir().unwrap();
    let unit = unit.replace("\"/usr/bin", &format!("\"{}/usr/bin", folder.path().display()));
    let copy = elsewhere.path().join("mcp-valet.service");
    fs::write(&copy, unit).unwrap();
    well("systemd-analyze", &["--user", "--man=no", "verify"], &copy);
    well("bash", &["-n"], &share.join("bash-completion/completions/mcp-valet"));
    for page in files(&share.join("man")) {
        let text = fs::read_to_string(&page).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{}", page.display());
    }
    for (path, shell) in [
        ("zsh/site-functions/_mcp-valet", "#compdef mcp-valet"),
        ("fish/vendor_completions.d/mcp-valet.fish", "complete -c mcp-valet"),
    ] {
        assert!(read(path).contains(shell), "{path}");
    }
    make("uninstall", folder.path());
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn without_a_desktop_the_unit_starts_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    make("put-terminal", folder.path());
    let share = folder.path().join("usr/share");
    let unit = fs::read_to_string(share.join("systemd/user/mcp-valet.service")).unwrap();
    assert!(unit.contains("\nExecStart=\"/usr/bin/mcp-valetd\" --for-a-program\n"), "{unit}");
    assert!(!share.join("applications").exists() && !share.join("metainfo").exists());
    make("uninstall", folder.path());
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}
