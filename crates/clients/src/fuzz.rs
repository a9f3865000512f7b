//! A door for the fuzzer, and for replaying its seeds. Not for programs.
#![allow(clippy::unwrap_used, reason = "a finding is a panic")]

use crate::hole::{Hole, filled};
use crate::job::Change;
use crate::place::{Found, mark};
use crate::plan::{Led, Server, led, plan, read, without};
use crate::record::{Back, Record};
use crate::splice::{made, undone};
use crate::table::{Spot, spots};
use import::{Client, Folders};
use serde_json::Value;
use zeroize::Zeroizing;

/// Programs that together have every format and layout.
const CLIENTS: [Client; 9] = [
    Client::ClaudeCode,
    Client::Cline,
    Client::Codex,
    Client::Continue,
    Client::Copilot,
    Client::Goose,
    Client::Opencode,
    Client::Vscode,
    Client::Zed,
];
const PROGRAM: &str = "/opt/mcp valet/mcp-valet";

/// The file of each layout.
pub fn layouts() -> impl Iterator<Item = Spot> {
    CLIENTS.into_iter().filter_map(|client| spots(client, &Folders::default()).into_iter().next())
}

/// A whole file of every layout is led here: what would be written is read, has the entries and says
/// otherwise what it said; and both ways back lead there.
pub fn lead(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    layouts().for_each(|spot| is_led(&spot, text));
}

fn is_led(spot: &Spot, text: &str) {
    let server = |name: &str, url: &str| {
        let (name, url) = (name.to_owned(), url.to_owned());
        Server { asks: name.clone(), name, url }
    };
    let servers = [server("linear", "https://l.example/mcp"), server("-b o", "https://b.example/mcp")];
    let Ok(done) = plan(spot, text, PROGRAM, &servers) else { return };
    assert_eq!(made(text, &done.splices).as_deref(), Some(done.after.as_str()));
    assert_eq!(undone(&done.after, &done.splices).as_deref(), Some(text));
    let there = led(spot, &done.after).unwrap();
    let is_there = |one: &Led| there.iter().any(|led| led.key == one.key && led.server == one.asks());
    assert!(done.added.iter().all(is_there));
    let again = plan(spot, &done.after, PROGRAM, &servers).unwrap();
    assert!(again.added.is_empty(), "it is led here, and would be again");
    let (left, _) = without(spot, &done.after, &done.added).unwrap();
    // A new file begins with what its program wants there.
    let is_new = text.trim_start_matches('\u{feff}').trim().is_empty();
    assert!(is_new || says(spot, &left) == says(spot, text));
}

/// What a text says, without what holds nothing: that may be left where there was none.
fn says(spot: &Spot, text: &str) -> Value {
    let mut said = read(spot, text).unwrap();
    bare(&mut said, 2);
    said
}

fn bare(value: &mut Value, depth: usize) {
    let Value::Object(all) = value else { return };
    for one in all.values_mut().filter(|_| depth > 0) {
        bare(one, depth - 1);
    }
    all.retain(|_, one| !matches!(one, Value::Null) && *one != Value::Object(Default::default()));
    if depth > 0 {
        all.retain(|_, one| *one != Value::Array(Vec::new()));
    }
}

/// A file as if it were on the disk.
#[must_use]
pub fn found(spot: &Spot, text: &str) -> Found {
    Found::of_text(spot.path.clone(), text.to_owned())
}

/// What a change took out of a file comes back byte for byte: while the file is as it was written, and where
/// its program has added to it. What is written down for that has none of the secrets.
pub fn comes_back(change: &Change, secret: impl Fn(&Hole) -> Option<Zeroizing<String>>) {
    const MEANWHILE: &str = "\n\n";
    let (spot, text, after) = (&change.spot, change.found.text.as_deref().unwrap(), change.after().unwrap());
    let edit = change.edit.clone().unwrap();
    for hole in &edit.holes {
        let own = secret(hole).unwrap();
        assert!(own.len() < 6 || change.written_down().all(|old| !old.contains(own.as_str())));
    }
    let edits = vec![edit];
    let record = Record { client: spot.client, path: spot.path.clone(), project: None, edits };
    for more in ["", MEANWHILE] {
        let back = record.back(spot, &format!("{after}{more}"), mark).unwrap();
        let Back::Text { text: back, kept, .. } = back else { panic!("a file that was there goes") };
        assert!(kept.is_empty());
        assert_eq!(filled(&back, &record.holes(), &secret).as_str(), format!("{text}{more}"));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_seeds_of_the_fuzzer_are_led_here_without_a_finding() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/lead");
        let seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|seed| seed.unwrap().path()).collect();
        assert!(!seeds.is_empty());
        for seed in seeds {
            super::lead(&std::fs::read(seed).unwrap());
        }
    }
}
