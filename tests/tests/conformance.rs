//! The official conformance suite for clients: all its authorization scenarios, through the valet's proxy.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mcp_valet_tests::program;
use serde_json::Value;

/// What the suite is started with, and how many authorization scenarios it then has.
const RUNS: [(&[&str], usize); 3] = [
    (&["--requirements", "2025-11-25"], 20),
    (&["--requirements", "2026-07-28"], 31),
    (&["--suite", "backcompat"], 2),
];
/// The suite's own mark of a time, after the scenario's name.
const MARK: usize = "-2026-01-01T00-00-00-000Z".len();

#[test]
fn every_authorization_scenario_passes_without_a_warning() {
    for (selection, count) in RUNS {
        let results = tempfile::tempdir().unwrap();
        let said = run(selection, results.path());
        let scenarios = scenarios(results.path());
        assert_eq!(scenarios.len(), count, "{selection:?}: {:?}\n{said}", scenarios.keys());
        let failed: Vec<String> = scenarios.iter().flat_map(|(name, checks)| faults(name, checks)).collect();
        assert!(failed.is_empty(), "{selection:?}:\n{}\n{said}", failed.join("\n"));
    }
}

fn run(selection: &[&str], results: &Path) -> String {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/node_modules");
    let mut suite = Command::new(packages.join("node/bin/node"));
    suite.arg(packages.join("@modelcontextprotocol/conformance/dist/index.js"));
    suite.args(["client", "--timeout", "60000", "--command"]).arg(program("plain-agent"));
    let output = suite.args(selection).arg("--output-dir").arg(results).output().unwrap();
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// The checks of each authorization scenario that was run.
fn scenarios(results: &Path) -> BTreeMap<String, Vec<Value>> {
    let folders = fs::read_dir(results.join("auth")).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path());
    folders.map(|folder| (name(&folder), checks(&folder))).collect()
}

fn name(folder: &Path) -> String {
    let name = folder.file_name().unwrap().to_str().unwrap();
    name[..name.len() - MARK].to_owned()
}

fn checks(folder: &Path) -> Vec<Value> {
    let file: PathBuf = folder.join("checks.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap()
}

fn faults(name: &str, checks: &[Value]) -> Vec<String> {
    let of = |status: &str| checks.iter().filter(|check| check["status"] == status).collect::<Vec<_>>();
    let mut faults: Vec<String> = [of("FAILURE"), of("WARNING")]
        .concat()
        .iter()
        .map(|check| format!("{name}: {} ({})", check["description"], check["errorMessage"]))
        .collect();
    if of("SUCCESS").is_empty() {
        faults.push(format!("{name}: nothing was checked"));
    }
    faults
}
