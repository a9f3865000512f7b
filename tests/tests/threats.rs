//! What THREATS.md promises is held by tests that are there.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The rows of the table of protections: their number, and the tests that hold them.
fn rows() -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(root().join("THREATS.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| T"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [number, _, _, tests] = cells.as_slice() else { panic!("not four cells: {row}") };
        let tests = tests.split('`').filter(|name| name.contains("::")).map(str::to_owned).collect();
        ((*number).to_owned(), tests)
    })
    .collect()
}

/// Where the tests of a name such as `proxy` or `oauth/bounds` stand.
fn file(name: &str) -> PathBuf {
    match name.split_once('/') {
        Some((package, file)) => root().join(format!("crates/{package}/tests/{file}.rs")),
        None => root().join(format!("tests/tests/{name}.rs")),
    }
}

#[test]
fn protections_are_numbered_and_each_is_held_by_a_test() {
    for (at, (number, tests)) in rows().into_iter().enumerate() {
        assert_eq!(number, format!("T{}", at + 1));
        assert!(!tests.is_empty(), "{number} names no test");
    }
}

#[test]
fn the_tests_that_hold_them_are_there() {
    let rows = rows();
    assert!(rows.len() > 20, "the table is read");
    for (number, tests) in rows {
        for test in tests {
            let (name, function) = test.split_once("::").unwrap();
            let text =
                fs::read_to_string(file(name)).unwrap_or_else(|error| panic!("{number}, {test}: {error}"));
            assert!(text.contains(&format!("fn {function}(")), "{number}: there is no {test}");
        }
    }
}
