//! The house itself: how long its files are, and how wide its comments.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

/// Where people write code, and what of it is made by programs.
const FOLDERS: [&str; 5] = ["crates", "src-tauri/src", "tests", "ui/src", "fuzz"];
const MADE: [&str; 2] = ["ui/src/lib/messages.ts", "ui/src/lib/types.ts"];
/// What is there for trying and testing.
const NO_PRODUCT: [&str; 4] = ["tests/", "_test", ".test.", "ui/src/dev/"];

const LONGEST: usize = 400;
const USUAL: usize = 120;
/// Columns of a comment.
const WIDTH: usize = 110;

fn below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let of = |path: PathBuf| match path.is_dir() {
        true if path.ends_with("target") || path.ends_with("node_modules") => Vec::new(),
        true => below(&path),
        false => vec![path],
    };
    entries.flat_map(|entry| of(entry.unwrap().path())).collect()
}

/// Every file with code, by its path from the root, and what is in it.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let all = FOLDERS.iter().flat_map(|folder| below(&root.join(folder)));
    let code = all.filter(|path| {
        path.extension()
            .is_some_and(|kind| ["rs", "ts", "mjs", "svelte", "css"].iter().any(|one| kind == *one))
    });
    let named = code.map(|path| {
        (path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
    });
    named.filter(|(name, _)| !MADE.contains(&name.as_str())).collect()
}

#[test]
fn no_file_of_the_product_is_long_and_most_are_short() {
    let all = files();
    let product = all.iter().filter(|(name, _)| !NO_PRODUCT.iter().any(|mark| name.contains(mark)));
    let mut lengths: Vec<(usize, &str)> =
        product.map(|(name, text)| (text.lines().count(), name.as_str())).collect();
    lengths.sort_unstable();
    let (longest, name) = lengths[lengths.len() - 1];
    assert!(longest <= LONGEST, "{name} has {longest} lines");
    let (median, _) = lengths[lengths.len() / 2];
    assert!(median <= USUAL, "half of the files have more than {median} lines");
}

#[test]
fn no_file_is_empty() {
    for (name, text) in files() {
        assert!(!text.trim().is_empty(), "{name} has nothing in it");
    }
}

#[test]
fn comments_are_no_wider_than_one_reads() {
    for (name, text) in files() {
        for (at, line) in text.lines().enumerate() {
            let begins = line.trim_start();
            let is_comment = ["//", "/*", "* "].iter().any(|mark| begins.starts_with(mark));
            let is_wide = is_comment && line.chars().count() > WIDTH;
            assert!(!is_wide, "{name}:{}: wrap this comment at {WIDTH} columns", at + 1);
        }
    }
}

/// What stands between these two, the first time.
fn between<'text>(text: &'text str, open: &str, close: &str) -> &'text str {
    text.split_once(open).unwrap().1.split_once(close).unwrap().0
}

#[test]
fn the_version_is_the_same_wherever_it_is_said() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let changelog = read("CHANGELOG.md");
    let released = changelog.lines().find(|line| line.starts_with("## [") && !line.contains("Unreleased"));
    let (newest, day) = released.unwrap().trim_start_matches("## [").split_once("] - ").unwrap();
    let metainfo = read("share/metainfo/io.github.mcp_valet.Tray.metainfo.xml");
    let said = [
        between(&read("ui/package.json"), "\"version\": \"", "\"").to_owned(),
        between(&read("ui/package-lock.json"), "\"version\": \"", "\"").to_owned(),
        between(&read("fuzz/Cargo.toml"), "version = \"", "\"").to_owned(),
        between(&metainfo, "<release version=\"", "\"").to_owned(),
        newest.to_owned(),
    ];
    assert!(said.iter().all(|said| said == version), "{version}: {said:?}");
    assert_eq!(between(&metainfo, "date=\"", "\""), day);
}
