//! What becomes of a tag: the scripts of `.github/workflows/release.yml`, as its shells run them. Building is
//! `make reproducible`, and GitHub itself is not here.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use mcp_valet_tests::{Packer, well};
use serde_json::Value;
use tempfile::TempDir;

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// What is looked at of the project before anything is built.
const LOOKED_AT: [&str; 4] = ["Cargo.toml", "CHANGELOG.md", "Makefile", "packages"];

/// The script of a step.
fn script(job: &str, step: &str) -> String {
    let text = fs::read_to_string(Path::new(PROJECT).join(".github/workflows/release.yml")).unwrap();
    let workflow: Value = serde_saphyr::from_str(&text).unwrap();
    let steps = workflow["jobs"][job]["steps"].as_array().unwrap();
    let found = steps.iter().find(|one| one["name"] == step).unwrap_or_else(|| panic!("no step {step:?}"));
    found["run"].as_str().unwrap().to_owned()
}

/// Copies what is looked at of the project.
fn copy(into: &Path) {
    let paths = LOOKED_AT.map(|name| Path::new(PROJECT).join(name));
    well(Command::new("cp").arg("--recursive").args(paths).arg(into));
}

/// A file, how a line of it begins, and what takes the place of that line.
type Change<'a> = (&'a str, &'a str, &'a str);

/// A project with a tag, and the machine that has checked it out.
struct Tagged {
    origin: TempDir,
    machine: TempDir,
    /// The variable that says whose tags count.
    keys: String,
}

impl Tagged {
    /// The project as it is, but for these changes, where this packer's tags count.
    fn new(packer: &Packer, changes: &[Change<'_>]) -> Self {
        let (origin, machine) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let tagged = Self { origin, machine, keys: packer.public() };
        let origin = tagged.origin.path();
        copy(origin);
        for (file, begin, instead) in changes {
            let text = fs::read_to_string(origin.join(file)).unwrap();
            let line = text.lines().find(|line| line.starts_with(*begin)).unwrap();
            fs::write(origin.join(file), text.replacen(line, instead, 1)).unwrap();
        }
        let git = |arguments: &[&str]| well(tagged.git().args(arguments));
        git(&["init", "--quiet"]);
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--message", "All of it"]);
        tagged
    }

    fn git(&self) -> Command {
        let mut git = Command::new("git");
        let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@packers.example"];
        git.args(identity).current_dir(self.origin.path()).env("HOME", self.machine.path());
        git.env("GIT_CONFIG_NOSYSTEM", "1");
        git
    }

    /// Has it tagged, and signed by this packer where there is one.
    fn tag(self, name: &str, signed_by: Option<&Packer>) -> Self {
        let mut git = self.git();
        match signed_by {
            Some(packer) => packer.knows(&mut git).args(["tag", "--local-user", Packer::NAME]),
            None => git.args(["tag", "--annotate"]),
        };
        well(git.args(["--message", name, name]));
        self
    }

    /// What the step says that looks at the tag. A container's shell is `sh`.
    fn looked_at(&self, tag: &str) -> Output {
        let (checkout, keys) = (self.machine.path().join("checkout"), self.machine.path().join("gnupg"));
        well(self.git().args(["clone", "--quiet"]).arg(self.origin.path()).arg(&checkout));
        fs::create_dir(&keys).unwrap();
        fs::set_permissions(&keys, fs::Permissions::from_mode(0o700)).unwrap();
        let mut step = Command::new("sh");
        step.args(["-e", "-c", &script("packages", "The tag is signed, and is the version")]);
        step.env("HOME", self.machine.path()).env("GNUPGHOME", keys).env("GITHUB_REF_NAME", tag);
        step.env("RELEASE_KEYS", &self.keys);
        step.current_dir(checkout).output().unwrap()
    }
}

/// The tag of the version that the project has.
fn tag() -> String {
    let make = ["--no-print-directory", "-C", PROJECT, "version"];
    format!("v{}", well(Command::new("make").args(make)).trim())
}

#[test]
fn a_tag_goes_on_where_it_is_signed_and_is_the_version_with_its_day() {
    let packer = Packer::new();
    let dated = format!("## [{}] - 2026-12-01", tag().trim_start_matches('v'));
    let undated = format!("## [{}] - unreleased", tag().trim_start_matches('v'));
    let dated: Change<'_> = ("CHANGELOG.md", "## [", &dated);
    let undated: Change<'_> = ("CHANGELOG.md", "## [", &undated);
    let goes_on = Tagged::new(&packer, &[dated]).tag(&tag(), Some(&packer)).looked_at(&tag());
    assert!(goes_on.status.success(), "{goes_on:?}");

    let somebody = Packer::new();
    let of_another_version: Change<'_> = ("Cargo.toml", "version = ", "version = \"9.9.9\"");
    for (changes, signed_by) in [
        (&[dated][..], None),
        (&[dated], Some(&somebody)),
        (&[undated], Some(&packer)),
        (&[dated, of_another_version], Some(&packer)),
    ] {
        let stopped = Tagged::new(&packer, changes).tag(&tag(), signed_by).looked_at(&tag());
        assert!(!stopped.status.success(), "{changes:?}: {stopped:?}");
    }
}

/// Where the job that drafts works, with the packages that it was handed, and their folder.
fn packages_made() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("packages-made");
    fs::create_dir(&made).unwrap();
    for name in ["mcp-valet_0.2.0_amd64.deb", "mcp-valet-0.2.0-1.x86_64.rpm"] {
        fs::write(made.join(name), name).unwrap();
    }
    (folder, made)
}

#[test]
fn the_sums_of_all_packages_are_signed_by_the_key_of_releases() {
    let (packer, (folder, made)) = (Packer::new(), packages_made());
    let keys = tempfile::tempdir().unwrap();
    let mut step = Command::new("bash");
    step.args(["-e", "-c", &script("release", "Signed sums beside them")]).current_dir(folder.path());
    well(step.env("SIGNING_KEY", packer.secret()).env("GNUPGHOME", keys.path()));
    let _ = Command::new("gpgconf").args(["--kill", "all"]).env("GNUPGHOME", keys.path()).status();

    let sums = fs::read_to_string(made.join("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), 2, "{sums}");
    well(Command::new("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).current_dir(&made));
    let verify = ["--verify", "SHA256SUMS.asc", "SHA256SUMS"];
    // As somebody who has nothing but what is published.
    let (somebody, key) = (tempfile::tempdir().unwrap(), made.join("mcp-valet-releases.asc"));
    let gpg = |arguments: &[&str]| {
        let mut gpg = Command::new("gpg");
        well(gpg.args(arguments).env("GNUPGHOME", somebody.path()).current_dir(&made))
    };
    gpg(&["--batch", "--import", key.to_str().unwrap()]);
    assert!(gpg(&verify).contains("Good signature"));
    assert!(!fs::read_to_string(key).unwrap().contains("PRIVATE KEY"));
}

#[test]
fn what_runs_the_code_of_others_may_not_write_and_runs_what_it_was_looked_at_for() {
    let text = fs::read_to_string(Path::new(PROJECT).join(".github/workflows/release.yml")).unwrap();
    let workflow: Value = serde_saphyr::from_str(&text).unwrap();
    assert_eq!(workflow["permissions"]["contents"], "read");
    assert!(workflow["jobs"]["packages"].get("permissions").is_none());
    let jobs = workflow["jobs"].as_object().unwrap().values();
    let steps = jobs.flat_map(|job| job["steps"].as_array().unwrap());
    for uses in steps.clone().filter_map(|step| step["uses"].as_str()) {
        let (_, commit) = uses.split_once('@').unwrap();
        assert!(commit.len() == 40 && commit.bytes().all(|digit| digit.is_ascii_hexdigit()), "{uses}");
    }
    let checkouts =
        steps.filter(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("/checkout@")));
    assert!(checkouts.map(|step| &step["with"]["persist-credentials"]).all(|kept| *kept == false));
}

#[test]
fn a_draft_has_all_files_and_what_the_changelog_says_of_the_version() {
    let (folder, _made) = packages_made();
    let root = folder.path();
    copy(root);
    // GitHub's own program: what it would be told, and what it would read.
    let gh = root.join("gh");
    let told = "#!/bin/bash\nprintf '%s\\n' \"$@\" >told\nwhile [ \"$1\" != --notes-file ]; do shift; done\ncat \"$2\" >notes\n";
    fs::write(&gh, told).unwrap();
    fs::set_permissions(&gh, fs::Permissions::from_mode(0o755)).unwrap();
    let mut step = Command::new("bash");
    step.args(["-e", "-c", &script("release", "A draft, which a person publishes")]).current_dir(root);
    step.env("PATH", format!("{}:{}", root.display(), std::env::var("PATH").unwrap()));
    well(step.env("GITHUB_REF_NAME", tag()));

    let told = fs::read_to_string(root.join("told")).unwrap();
    for word in ["--draft", "--verify-tag", "packages-made/mcp-valet_0.2.0_amd64.deb"] {
        assert!(told.lines().any(|line| line == word), "{told}");
    }
    let (notes, version) = (fs::read_to_string(root.join("notes")).unwrap(), tag());
    let news = well(Command::new(root.join("packages/news")).arg(version.trim_start_matches('v')));
    assert!(!notes.is_empty() && notes == news, "{notes}");
}
