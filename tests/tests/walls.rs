//! The walls between the rooms: who may depend on whom, and why.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// Package, the only packages of ours it may name, and what the wall is for.
const ROOMS: [(&str, &[&str], &str); 36] = [
    ("plain", &[], "whoever shows or pastes text from outside does it by this, and it knows nobody"),
    ("words", &["plain"], "what a person reads is told the same, whoever tells it"),
    ("secret", &[], "whoever holds a secret stands on it, so it holds nothing up"),
    ("bell", &[], "who wakes whom is the same at both ends of a connection"),
    ("ground", &[], "time and short names are the same for everybody"),
    ("wire", &["plain", "words"], "everything local speaks through it, so nothing may hide behind it"),
    (
        "peer",
        &["ground", "plain", "wire", "words"],
        "it says who is there, and knows nothing of what they want",
    ),
    ("vault", &["ground", "secret", "wire", "words"], "bytes in, proof out, whatever they mean"),
    (
        "audit",
        &["ground", "peer", "plain", "secret", "vault", "wire", "words"],
        "it writes down what others do, and does nothing",
    ),
    ("terms", &["plain", "words"], "names and choices are the same, whether anything is sent or not"),
    ("files", &["wire", "words"], "a file is read and replaced the same, whatever is in it"),
    ("journal", &["files", "plain"], "it writes lines, whoever says them"),
    (
        "config",
        &["files", "ground", "plain", "secret", "terms", "wire", "words"],
        "the person's file is read the same, whatever the valet is doing",
    ),
    (
        "consent",
        &["config", "ground", "message", "peer", "plain", "wire", "words"],
        "an answer is weighed without looking anything up",
    ),
    ("ledger", &["config", "ground", "terms"], "to whom an address belongs does not depend on what runs"),
    (
        "lock",
        &["config", "ground", "words"],
        "it says when to lock; locking is done by who holds the secrets",
    ),
    (
        "oauth",
        &["bell", "plain", "secret", "terms", "words"],
        "protocol code can neither store nor show anything",
    ),
    (
        "problems",
        &["oauth", "plain", "wire", "words"],
        "words of failure are the same for everybody, so they know nobody",
    ),
    (
        "state",
        &[
            "config", "consent", "ground", "ledger", "oauth", "peer", "plain", "problems", "vault", "wire",
            "words",
        ],
        "what is true of a server is said without doing anything about it",
    ),
    ("message", &["ground", "plain"], "what is asked for is read the same, whoever may do it"),
    ("seats", &["peer"], "who has most gives way, whatever is asked"),
    ("relay", &["wire"], "what passes is the same whoever speaks"),
    (
        "local",
        &["ground", "relay", "secret", "words"],
        "a program runs the same, whoever may use it and wherever its secrets are kept",
    ),
    (
        "forward",
        &["ground", "plain", "words"],
        "a place is led here the same, whoever may use what from there",
    ),
    (
        "broker",
        &[
            "adopt", "audit", "bell", "clients", "config", "consent", "files", "forward", "ground", "import",
            "ledger", "local", "lock", "message", "oauth", "peer", "plain", "problems", "provider", "relay",
            "seats", "state", "vault", "wire", "words",
        ],
        "decisions know the socket's words and the protocol, and no shell",
    ),
    (
        "fleet",
        &["config", "files", "ground", "secret", "vault", "words"],
        "it keeps items where several machines reach them, and knows nothing of what they mean",
    ),
    ("browser", &[], "it opens pages, whoever asks"),
    (
        "adopt",
        &["clients", "config", "files", "import", "plain", "secret", "terms", "words"],
        "it says what would be moved, and can neither move it nor ask",
    ),
    (
        "import",
        &["plain", "terms", "words"],
        "it reads what other programs list, and can neither add a server nor ask for one",
    ),
    (
        "clients",
        &["files", "ground", "import", "plain", "words"],
        "it writes what leads other programs here, and can neither ask nor reach anybody",
    ),
    (
        "mcp-valetd",
        &["broker", "browser", "config", "fleet", "journal", "local", "plain", "words"],
        "a shell only draws and asks; no decision is made there",
    ),
    (
        "mcp-valet-tray",
        &["broker", "browser", "journal", "local", "plain", "words"],
        "a shell only draws and asks; no decision is made there",
    ),
    (
        "mcp-valet",
        &["wire", "clients", "files", "import", "plain", "words"],
        "the command line cannot touch the vault",
    ),
    ("provider", &[], "a provider that shared our code would share our mistakes"),
    ("mcp-valet-demo", &["provider"], "a provider that shared our code would share our mistakes"),
    ("mcp-valet-tests", &[], "tests enter by the public door"),
];

/// Whatever can speak to another machine.
const NETWORK: &[&str] = &["oauth", "reqwest", "hyper", "hyper-util", "rustls", "axum", "h2"];

/// Package, what it must not reach even through others, and what the wall is for.
const OUTSIDE: [(&str, &[&str], &str); 31] = [
    ("peer", NETWORK, "what tells who is there reaches no network"),
    ("vault", NETWORK, "what holds the secrets reaches no network"),
    ("audit", NETWORK, "what is written down stays here"),
    ("message", NETWORK, "what is read here is sent elsewhere"),
    ("relay", NETWORK, "what passes is decided here, and sent elsewhere"),
    ("local", NETWORK, "what it runs is on this machine"),
    ("local", &["vault", "keyring-core", "zbus"], "whoever runs programs is given their secrets one by one"),
    ("forward", NETWORK, "another place is reached by the person's own ssh alone"),
    ("forward", &["vault", "keyring-core", "zbus"], "whoever leads a place here holds no secret"),
    ("provider", NETWORK, "who answers as a provider fetches nothing; whoever serves it does"),
    ("terms", NETWORK, "what is agreed on reaches nobody"),
    ("config", NETWORK, "the person's file is read here, and nothing else"),
    ("consent", NETWORK, "an answer is weighed without looking anything up"),
    ("consent", &["vault", "keyring-core", "zbus"], "an answer is weighed without looking anything up"),
    ("ledger", NETWORK, "to whom an address belongs is written down here, and asked of nobody"),
    (
        "state",
        &["axum", "audit", "import"],
        "what is true of a server is said without doing anything about it",
    ),
    ("adopt", NETWORK, "who reads the secrets of other programs reaches nobody"),
    ("adopt", &["vault", "keyring-core", "zbus"], "what it reads is kept by who has asked the person"),
    ("lock", NETWORK, "where the person is, this computer knows"),
    (
        "lock",
        &["vault", "keyring-core", "age"],
        "it says when to lock; locking is done by who holds the secrets",
    ),
    (
        "wire",
        &["reqwest", "axum", "keyring-core", "zbus", "tauri"],
        "whatever links it stays small and offline",
    ),
    (
        "oauth",
        &["axum", "keyring-core", "zbus", "tauri", "clap"],
        "protocol code can neither store nor show anything",
    ),
    (
        "import",
        &["tokio", "reqwest", "hyper", "keyring-core", "zbus", "tauri"],
        "whoever reads files of others has no network and no vault",
    ),
    (
        "clients",
        &["reqwest", "hyper", "axum", "oauth", "vault", "keyring-core", "zbus", "tauri"],
        "whoever writes into files of others has no network and no vault",
    ),
    ("broker", &["tauri", "clap", "browser", "webbrowser"], "the product runs with no screen"),
    (
        "broker",
        &["rsa", "ssh-key", "bcrypt-pbkdf"],
        "the encrypted file needs nothing of what age has for ssh",
    ),
    ("broker", &["fleet"], "where secrets are shared is handed to it"),
    ("fleet", &["oauth", "broker", "axum"], "who keeps the vault elsewhere asks its engine and nobody else"),
    ("mcp-valet-tray", &["fleet"], "a shared vault is for machines without a person"),
    ("mcp-valetd", &["tauri"], "the product runs with no screen"),
    (
        "mcp-valet",
        &["oauth", "reqwest", "keyring-core", "zbus", "tauri"],
        "the command line cannot touch the vault",
    ),
];

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).arg("--offline").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn packages() -> Vec<Value> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--format-version=1", "--no-deps"])).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Packages of ours that this one names, tests aside: only those are found by a path.
fn neighbours(package: &Value) -> BTreeSet<String> {
    let dependencies = package["dependencies"].as_array().unwrap().iter();
    let ours = dependencies.filter(|one| one["path"].is_string() && one["kind"].as_str() != Some("dev"));
    ours.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

fn reaches(package: &str) -> BTreeSet<String> {
    let tree = cargo(&["tree", "-p", package, "--edges=normal,build", "--prefix=none", "--format={p}"]);
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn every_room_opens_only_the_doors_it_may() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let room = ROOMS.iter().find(|(room, ..)| *room == name);
        let (_, allowed, reason) =
            room.unwrap_or_else(|| panic!("{name} is a new room: say here what it may use, and why"));
        for neighbour in neighbours(&package) {
            assert!(allowed.contains(&neighbour.as_str()), "{name} must not depend on {neighbour}: {reason}");
        }
    }
}

#[test]
fn no_room_reaches_what_it_must_not_even_through_others() {
    for (package, forbidden, reason) in OUTSIDE {
        let reached = reaches(package);
        for outside in forbidden {
            assert!(!reached.contains(*outside), "{package} must not reach {outside}: {reason}");
        }
    }
}

#[test]
fn tauri_lives_in_the_desktop_room_alone() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        if name != "mcp-valet-tray" {
            assert!(
                !reaches(name).contains("tauri"),
                "{name} must not reach tauri: the product runs with no screen"
            );
        }
    }
}

/// What `deny.toml` forbids is also looked for here, since not every machine has cargo-deny.
#[test]
fn everything_comes_from_the_registry_and_one_tls_library_is_enough() {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
    for line in lock.lines() {
        if let Some(source) = line.strip_prefix("source = ") {
            assert_eq!(source, "\"registry+https://github.com/rust-lang/crates.io-index\"");
        }
        for banned in ["openssl", "openssl-sys", "native-tls", "aws-lc-sys"] {
            assert_ne!(line, format!("name = \"{banned}\""), "rustls with ring is enough");
        }
    }
}
