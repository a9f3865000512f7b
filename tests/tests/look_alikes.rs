//! A name that looks like another's does not come in over the socket, and is marked where the file has it.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Rogue, Valet};
use serde_json::json;

/// "good" with two letters that are Cyrillic.
const CYRILLIC: &str = "g\u{43e}\u{43e}d";

#[test]
fn no_program_adds_a_name_that_looks_like_one_that_is_there() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("good", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let add =
        |name: &str| valet.post("/v1/servers", &json!({ "name": name, "url": "https://other.example/mcp" }));
    for name in [CYRILLIC, "GOOD", "ｇｏｏｄ", "g0od", " good", "𝗀𝗈𝗈𝖽"] {
        let refused = add(name).expect_status(400).json();
        assert_eq!(refused["reason"], "looks_alike", "{name}: {refused}");
    }
    for name in ["p\u{430}ypal", "αdmin"] {
        assert_eq!(add(name).expect_status(400).json()["reason"], "mixes_alphabets", "{name}");
    }
    for name in ["go\u{200b}od", "go\u{202e}do", "good\u{e0041}"] {
        add(name).expect_status(400);
    }
    for name in
        ["good\u{332}", "good\u{20dd}", "good\u{489}", "good.", "good_", "goo d", "good\"", "go-od", "(good)"]
    {
        assert_eq!(add(name).expect_status(400).json()["reason"], "looks_alike", "{name}");
    }
    for name in [
        "ɢood",
        "work\u{332}",
        "two words",
        "linear (mcp.linear.app), signed in as you",
        "-a",
        "a,b",
        "a.",
        "x\"y",
    ] {
        assert_eq!(add(name).expect_status(400).json()["reason"], "name_not_simple", "{name}");
    }
    assert_eq!(valet.get("/v1/servers").json().as_array().unwrap().len(), 1);
    for name in ["goods", "почта", "Bücher", "good-2", "a.b_c"] {
        add(name).expect_status(200);
    }
    // The same under the same name is no other.
    let again = valet.post("/v1/servers", &json!({ "name": "good", "url": rogue.mcp() }));
    assert_eq!(again.expect_status(200).json()["added"], false);
}

#[test]
fn a_name_in_the_file_that_looks_like_another_is_marked() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let servers = [
        ("good", rogue.mcp()),
        (CYRILLIC, rogue.mcp()),
        ("p\u{430}ypal", rogue.mcp()),
        ("plain", rogue.mcp()),
    ];
    let servers: Vec<(&str, &str)> = servers.iter().map(|(name, url)| (*name, url.as_str())).collect();
    home.lists(&servers, "memory");
    let valet = Valet::start(&home);
    let list = valet.cli(&["list"]).expect_code(0).stdout;
    let line = |name: &str| list.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line(CYRILLIC).ends_with("(looks like \"good\")"), "{list}");
    assert!(line("p\u{430}ypal").ends_with("(mixes alphabets)"), "{list}");
    assert!(!line("good").contains("looks") && !line("plain").contains('('), "{list}");
    assert_eq!(valet.server(CYRILLIC)["look_alike"], json!({ "why": "of", "server": "good" }));
    let shown = valet.cli(&["show", CYRILLIC]).expect_code(0).stdout;
    assert!(shown.contains("its name looks like \"good\""), "{shown}");
}
