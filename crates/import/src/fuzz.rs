//! A door for the fuzzer, and for replaying its seeds. Not for programs.
#![allow(clippy::unwrap_used, reason = "a finding is a panic")]

use crate::client::Client;
use crate::entry::{self, ListEntry};
use crate::format::Format;
use crate::listing::listing;
use crate::place::{Findings, Located};
use crate::tree::{self, Root, Shape};

/// A whole file in every format and layout: what comes out can be shown and holds no header, and what is
/// wrong is told without a word of the file.
pub fn file(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for format in [Format::Json, Format::Toml, Format::Yaml] {
        for shape in
            [Shape::Below(Root::McpServers), Shape::ClaudeCode, Shape::OpenCode, Shape::List, Shape::Gemini]
        {
            check(shape, format, text);
        }
    }
}

fn check(shape: Shape, format: Format, text: &str) {
    let (listed, _) = match tree::entries(shape, format, text) {
        Ok(read) => read,
        Err(trouble) => return assert!(trouble.starts_with("is not ") && trouble.len() < 60, "{trouble}"),
    };
    let found = listed.into_iter().map(|one| Located {
        client: Client::Cursor,
        file: "file".into(),
        entry: entry::read(&one),
        project: one.project,
        name: one.name,
    });
    let found: Vec<Located> = found.collect();
    for server in found
        .iter()
        .filter_map(|found| if let ListEntry::Server(server) = &found.entry { Some(server) } else { None })
    {
        assert!(["http", "https"].contains(&server.url.scheme()) && !server.raw.contains(char::is_control));
    }
    let listing = listing(Findings { found, troubles: Vec::new() }, [("taken", "https://taken.example/mcp")]);
    for offer in &listing.servers {
        assert!(
            !offer.name.is_empty()
                && offer.name.chars().count() <= 64
                && !offer.name.contains(char::is_control)
        );
    }
    let mut names: Vec<&str> = listing.servers.iter().map(|offer| offer.name.as_str()).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "two rows have one name");
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_seeds_of_the_fuzzer_are_read_without_a_finding() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/import");
        let seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|seed| seed.unwrap().path()).collect();
        assert!(!seeds.is_empty());
        for seed in seeds {
            super::file(&std::fs::read(seed).unwrap());
        }
    }
}
