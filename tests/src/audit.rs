//! The files of the audit of a home, as a test reads and spoils them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{Home, Rogue, Valet};

/// Files of about a dozen entries, as many as come.
pub const SMALL: (&str, &str) = ("MCP_VALET_TEST_AUDIT_ROOM", "3000,100");

/// The file that is written to.
pub fn audit(home: &Home) -> PathBuf {
    home.path().join("state/mcp-valet/audit")
}

/// The files of the audit, oldest first, the one that is written to last.
pub fn files(home: &Home) -> Vec<PathBuf> {
    let number = |path: &Path| path.extension().and_then(|end| end.to_str()?.parse::<u64>().ok());
    let folder = fs::read_dir(audit(home).parent().unwrap()).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = folder.filter(|path| path.with_extension("") == audit(home)).collect();
    files.sort_by_key(|path| number(path).unwrap_or(u64::MAX));
    files
}

/// All of them in one.
pub fn text(home: &Home) -> String {
    files(home).iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// How many hand-outs they hold.
pub fn hand_outs(home: &Home) -> usize {
    text(home).matches("\"what\":\"hand_out\"").count()
}

/// What `audit --verify` says, and how it ends.
pub fn verify(valet: &Valet<'_>) -> (i32, Value) {
    let said = valet.cli(&["audit", "--verify", "--json"]);
    (said.code, serde_json::from_str(&said.stdout).unwrap_or_else(|_| panic!("{said:?}")))
}

/// What `audit --verify` says of an audit that nobody spoiled.
#[track_caller]
pub fn is_intact(valet: &Valet<'_>) -> Value {
    let (code, report) = verify(valet);
    assert_eq!((code, &report["intact"]), (0, &json!(true)), "{report}");
    report
}

/// A valet whose audit is vouched for by a keychain, signed in to the rogue.
pub fn with_keychain<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start_with(home, &[("MCP_VALET_LOG", "info"), SMALL]);
    valet.sign_in("rogue");
    valet
}

/// Another run of it.
pub fn again(home: &Home) -> Valet<'_> {
    Valet::start_with(home, &[("MCP_VALET_LOG", "info"), SMALL])
}

/// Does something to the lines of a file.
pub fn lines(path: &Path, act: impl FnOnce(&mut Vec<String>)) {
    let mut lines: Vec<String> = fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    act(&mut lines);
    let text: String = lines.into_iter().map(|line| line + "\n").collect();
    fs::write(path, text).unwrap();
}

/// The numbers of the first and the last entry of a file.
pub fn numbers(path: &Path) -> (u64, u64) {
    let text = fs::read_to_string(path).unwrap();
    let number = |line: &str| serde_json::from_str::<Value>(line).unwrap()["seq"].as_u64().unwrap();
    (number(text.lines().next().unwrap()), number(text.lines().last().unwrap()))
}

/// The number of the newest entry.
pub fn newest(home: &Home) -> u64 {
    numbers(&audit(home)).1
}

/// A file that only bears the name of an older one.
pub fn beside(home: &Home, number: u64) -> PathBuf {
    audit(home).with_file_name(format!("audit.{number}"))
}
