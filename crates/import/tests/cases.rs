//! Each folder of `cases` is a home with the files of one program, what the valet has, and what is found
//! then.

#![allow(clippy::unwrap_used, reason = "a test")]

use import::{Folders, Listing, look};
use std::fmt::Write;
use std::fs;
use std::path::Path;

fn folders(case: &Path) -> Folders {
    let home = case.join("home");
    let config = home.join(".config");
    Folders {
        application: config.clone(),
        config,
        claude: None,
        codex: home.join(".codex"),
        project: Some(case.join("project")),
        home,
    }
}

fn listed(case: &Path) -> Listing {
    let there = fs::read_to_string(case.join("there")).unwrap_or_default();
    import::listing(look(&folders(case), None), there.lines().filter_map(|line| line.split_once(' ')))
}

/// One line for each row; JSON for what has no shorter form.
fn written(listing: &Listing, home: &Path) -> String {
    let mut text = String::new();
    let mut servers: Vec<_> = listing.servers.iter().collect();
    servers.sort_by_key(|offer| (!offer.is_new(), &offer.name));
    for offer in servers {
        let seen = offer.seen.iter().map(|seen| match &seen.project {
            Some(project) => format!("{} {project}", seen.program),
            None => seen.program.clone(),
        });
        let seen: Vec<String> = seen.collect();
        write!(text, "{} {} [{}]", offer.name, offer.url, seen.join(", ")).unwrap();
        for (said, word) in
            [(offer.disabled, " off"), (offer.older_transport, " older"), (!offer.is_new(), " there")]
        {
            text.push_str(if said { word } else { "" });
        }
        for left in &offer.left {
            write!(text, " left={}", serde_json::to_value(left).unwrap().as_str().unwrap()).unwrap();
        }
        for (name, line) in offer.headers.iter().flatten() {
            write!(text, " {name}={line}").unwrap();
        }
        if let Some(oauth) = &offer.oauth {
            write!(text, " oauth={}", in_order(oauth)).unwrap();
        }
        text.push('\n');
    }
    let mut others: Vec<String> = listing
        .others
        .iter()
        .map(|other| format!("- {}: {}\n", other.seen.name, other.why.words()))
        .collect();
    others.sort();
    text.extend(others);
    for notice in &listing.notices {
        let file = Path::new(&notice.file).strip_prefix(home).unwrap();
        writeln!(text, "! {} {}", file.display(), notice.trouble).unwrap();
    }
    text
}

/// Whether maps keep their order depends on who else is compiled along.
fn in_order(oauth: &serde_json::Map<String, serde_json::Value>) -> String {
    let keys = ["clientId", "callbackPort", "redirectHost", "callbackPath", "scopes"];
    let parts = keys.iter().filter_map(|key| Some(format!("\"{key}\":{}", oauth.get(*key)?)));
    let parts: Vec<String> = parts.collect();
    assert_eq!(parts.len(), oauth.len(), "{oauth:?}");
    format!("{{{}}}", parts.join(","))
}

#[test]
fn what_each_program_lists_is_found() {
    let cases = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases")).unwrap();
    let cases: Vec<_> = cases.map(|case| case.unwrap().path()).collect();
    assert_eq!(cases.len(), 16);
    for case in cases {
        let expected = fs::read_to_string(case.join("expected")).unwrap();
        let found = written(&listed(&case), &case.join("home"));
        assert!(found == expected, "{}:\n{found}\ninstead of\n{expected}", case.display());
    }
}

#[test]
fn no_header_and_no_secret_comes_out() {
    for case in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases")).unwrap() {
        let text = serde_json::to_string(&listed(&case.unwrap().path())).unwrap();
        for secret in ["notareal", "secret-in", "Bearer notareal", "_TOKEN", "us-east-1"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
}

#[test]
fn one_program_can_be_asked_for() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/several");
    let listing = import::listing(look(&folders(&case), Some(import::Client::Zed)), []);
    assert_eq!(listing.servers.len(), 1);
    assert_eq!(listing.servers[0].name, "tracker");
    assert!(listing.notices.is_empty());
}
