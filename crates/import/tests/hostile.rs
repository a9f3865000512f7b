//! Files that nobody should have, and that must neither end nor hold up the look at the others.

#![allow(clippy::unwrap_used, reason = "a test")]

use import::{Folders, Listing, look};
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use tempfile::TempDir;

const CURSOR: &str = ".cursor/mcp.json";
const GOOSE: &str = ".config/goose/config.yaml";
const CODEX: &str = ".codex/config.toml";

struct Home(TempDir);

impl Home {
    /// With one good file beside what the test brings.
    fn new() -> Self {
        let home = Self(TempDir::new().unwrap());
        home.has(
            ".copilot/mcp-config.json",
            br#"{"mcpServers":{"good":{"url":"https://good.example.com/mcp"}}}"#,
        );
        home
    }

    fn has(&self, file: &str, bytes: &[u8]) {
        let path = self.0.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn listing(&self) -> Listing {
        let home = self.0.path().to_owned();
        let config = home.join(".config");
        let codex = home.join(".codex");
        let listing = import::listing(
            look(
                &Folders { application: config.clone(), config, claude: None, codex, project: None, home },
                None,
            ),
            [],
        );
        assert!(listing.servers.iter().any(|offer| offer.name == "good"), "{listing:?}");
        listing
    }

    /// What is said of the one file that is wrong.
    #[track_caller]
    fn trouble(&self) -> String {
        let listing = self.listing();
        assert_eq!((listing.servers.len(), listing.notices.len()), (1, 1), "{listing:?}");
        listing.notices[0].trouble.clone()
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let home = Home::new();
    home.has(CURSOR, &vec![b' '; (64 << 20) + 1]);
    assert_eq!(home.trouble(), "is larger than the 64 MiB that are looked at: it has 65");
}

#[test]
fn a_large_history_beside_the_servers_does_no_harm() {
    let home = Home::new();
    let mut text = r#"{"projects":{"/a":{"history":["#.to_owned();
    for number in 0..100_000 {
        write!(text, r#"{{"display":"question {number}","pastedContents":{{}}}},"#).unwrap();
    }
    text.push_str(r#"null],"mcpServers":{"late":{"url":"https://late.example.com/mcp"}}}}}"#);
    home.has(".claude.json", text.as_bytes());
    assert_eq!(home.listing().servers.len(), 2);
}

#[test]
fn deep_nesting_is_refused_in_every_format() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(30_000), close.repeat(30_000));
    for (file, text) in [
        (CURSOR, format!(r#"{{"mcpServers":{}}}"#, deep(r#"{"a":"#, "}"))),
        (CURSOR, format!(r#"{{"other":{}}}"#, deep("[", "]"))),
        (GOOSE, format!("extensions: {}", deep("[", "]"))),
        (GOOSE, format!("other: {}", deep("{a: ", "}"))),
        (CODEX, format!("mcp_servers = {}", deep("[", "]"))),
    ] {
        let home = Home::new();
        home.has(file, text.as_bytes());
        assert!(home.trouble().contains("as expected"), "{file}");
    }
}

#[test]
fn anchors_cannot_make_much_of_little() {
    let home = Home::new();
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} [{}]", vec![before; 10].join(", ")).unwrap();
    }
    text.push_str("extensions: *a11\n");
    home.has(GOOSE, text.as_bytes());
    assert!(home.trouble().starts_with("is not YAML"));
}

#[test]
fn names_can_neither_start_a_line_nor_turn_it_nor_fill_the_screen() {
    let home = Home::new();
    let entry = |name: &str, host: &str| format!(r#""{name}":{{"url":"https://{host}.example.com/mcp"}}"#);
    let entries = [
        entry(r"a\u001b[31m\nb\u202ec", "one"),
        entry(&"long".repeat(10_000), "two"),
        entry("", "three"),
        entry(r"\u0000", "four"),
        r#""local\nname\u202e":{"command":"x"}"#.to_owned(),
    ];
    home.has(CURSOR, format!(r#"{{"mcpServers":{{{}}}}}"#, entries.join(",")).as_bytes());
    let listing = home.listing();
    assert_eq!(listing.servers.len(), 5);
    let seen = listing
        .servers
        .iter()
        .flat_map(|offer| offer.seen.iter())
        .chain(listing.others.iter().map(|other| &other.seen));
    let texts = listing.servers.iter().map(|offer| &offer.name).chain(seen.map(|seen| &seen.name));
    for text in texts {
        assert!(
            text.chars().count() <= 200 && !text.contains(|c: char| c.is_control() || c == '\u{202e}'),
            "{text:?}"
        );
    }
}

#[test]
fn what_is_no_text_or_no_file_is_named() {
    let home = Home::new();
    home.has(CURSOR, b"{\"mcpServers\": \xff\xfe}");
    assert_eq!(home.trouble(), "is not text in UTF-8");

    let home = Home::new();
    fs::create_dir_all(home.0.path().join(CURSOR)).unwrap();
    assert_eq!(home.trouble(), "is not a plain file");

    let home = Home::new();
    fs::create_dir_all(home.0.path().join(".cursor")).unwrap();
    let pipe = home.0.path().join(CURSOR);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert_eq!(home.trouble(), "is not a plain file");
}

#[test]
fn links_are_followed_to_plain_files_alone() {
    let home = Home::new();
    home.has(
        "dotfiles/cursor.json",
        br#"{"mcpServers":{"linked":{"url":"https://linked.example.com/mcp"}}}"#,
    );
    fs::create_dir_all(home.0.path().join(".cursor")).unwrap();
    let link = home.0.path().join(CURSOR);
    symlink(home.0.path().join("dotfiles/cursor.json"), &link).unwrap();
    assert_eq!(home.listing().servers.len(), 2);
    for end in ["/dev/zero", "/dev/tty", link.to_str().unwrap()] {
        fs::remove_file(&link).unwrap();
        symlink(end, &link).unwrap();
        let trouble = home.trouble();
        assert!(
            trouble.starts_with("is not a plain file") || trouble.starts_with("cannot be read"),
            "{trouble}"
        );
    }
}

#[test]
fn what_has_another_form_than_expected_brings_nothing_and_breaks_nothing() {
    for text in [
        r#"{"mcpServers":[]}"#,
        r#"{"mcpServers":null}"#,
        r#"{"mcpServers":7,"servers":{"x":{"url":"https://x.example"}}}"#,
        "",
        "\u{feff}{}",
        "  // nothing but a comment",
    ] {
        let home = Home::new();
        home.has(CURSOR, text.as_bytes());
        let listing = home.listing();
        assert_eq!(listing.servers.len(), 1, "{text}: {listing:?}");
    }
    let odd = r#"{"mcpServers":{"a":7,"b":null,"c":{"url":7},"d":{"url":["https://x.example"]},"e":{"url":"ftp://x.example"},
        "f":{"url":"https://user:pass@x.example"},"g":{"url":"https://x.example/a b"},"h":{"command":7,"args":{"a":1}}}}"#;
    let home = Home::new();
    home.has(CURSOR, odd.as_bytes());
    let listing = home.listing();
    assert_eq!((listing.servers.len(), listing.others.len()), (1, 8), "{listing:?}");
}

#[test]
fn one_odd_thing_beside_the_servers_of_claude_code_hides_none_of_them() {
    let good = r#""mcpServers":{"own":{"url":"https://own.example.com/mcp"}}"#;
    let project = r#""/a":{"mcpServers":{"of-a":{"url":"https://a.example.com/mcp"}}}"#;
    let projects_odd = "has projects that are not as expected, and were left out";
    for (odd, troubles) in [
        (r#""projects":{"bad":5,PROJECT}"#.to_owned(), &[projects_odd][..]),
        (r#""projects":{"bad":[1],"worse":"x",PROJECT}"#.to_owned(), &[projects_odd]),
        (r#""projects":{"none":null,PROJECT}"#.to_owned(), &[]),
        (r#""\ud83d":1,"projects":{PROJECT}"#.to_owned(), &[]),
        (r#""tip":"\ud83d","projects":{PROJECT}"#.to_owned(), &[]),
        (format!(r#""count":{},"projects":{{PROJECT}}"#, "9".repeat(400)), &[]),
    ] {
        let home = Home::new();
        let text = format!("{{{},{good}}}", odd.replace("PROJECT", project));
        home.has(".claude.json", text.as_bytes());
        let listing = home.listing();
        assert_eq!(listing.servers.len(), 3, "{odd}: {listing:?}");
        let said: Vec<&str> = listing.notices.iter().map(|notice| notice.trouble.as_str()).collect();
        assert_eq!(said, troubles, "{odd}");
    }
    for (odd, count) in [("null", 0), ("7", 1), ("[{}]", 1)] {
        let home = Home::new();
        home.has(".claude.json", format!(r#"{{"projects":{odd},{good}}}"#).as_bytes());
        let listing = home.listing();
        assert_eq!((listing.servers.len(), listing.notices.len()), (2, count), "{odd}: {listing:?}");
    }
}

#[test]
fn an_address_with_a_key_is_neither_shown_nor_taken() {
    let addresses = [
        "https://mcp.zapier.com/api/mcp/s/notareal0key0notareal0key/mcp",
        "https://x.example/mcp/0b5b2d0e-7f0c-4b8e-9a61-2f3d4c5e6a7b",
        "https://x.example/mcp?k=notareal",
        "https://x.example/mcp?x=notareal0key0notareal0key",
    ];
    let home = Home::new();
    let entries = addresses.iter().enumerate().map(|(n, url)| format!(r#""s{n}":{{"url":"{url}"}}"#));
    let entries: Vec<String> = entries.collect();
    home.has(CURSOR, format!(r#"{{"mcpServers":{{{}}}}}"#, entries.join(",")).as_bytes());
    let listing = home.listing();
    assert_eq!((listing.servers.len(), listing.others.len()), (1, 4), "{listing:?}");
    for other in &listing.others {
        assert_eq!(other.why.words(), "has a key in its address, so it needs no sign-in");
    }
    let text = format!("{listing:?}");
    assert!(!text.contains("notareal") && !text.contains("0b5b2d0e"), "{text}");
}

#[test]
fn an_address_is_offered_as_it_goes_over_the_network_if_it_reads_otherwise() {
    let home = Home::new();
    home.has(
        CURSOR,
        r#"{"mcpServers":{"turned":{"url":"https://x.example/\u202epcm"},"alike":{"url":"https://mcp.lin\u0435ar.app/mcp"}}}"#
            .as_bytes(),
    );
    let listing = home.listing();
    let mut addresses: Vec<&str> = listing.servers.iter().map(|offer| offer.url.as_str()).collect();
    addresses.sort_unstable();
    assert_eq!(
        addresses,
        [
            "https://good.example.com/mcp",
            "https://mcp.xn--linar-1we.app/mcp",
            "https://x.example/%E2%80%AEpcm"
        ]
    );
}

#[test]
fn thousands_of_entries_are_cut_and_that_is_said() {
    let entries: Vec<String> =
        (0..3_000).map(|n| format!(r#""s{n}":{{"url":"https://s{n}.example.com"}}"#)).collect();
    let home = Home::new();
    home.has(CURSOR, format!(r#"{{"mcpServers":{{{}}}}}"#, entries.join(",")).as_bytes());
    let listing = home.listing();
    assert_eq!(listing.servers.len(), 501);
    assert_eq!(listing.notices[0].trouble, "lists more servers than are looked at");
}
