//! The rooms inside the broker: which may use which, and why. A room is a folder; what it uses is what it
//! names by `crate::`. Those that are crates of their own are in `walls.rs`.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Room, the rooms that it may use beside itself, and what the wall is for. Lowest first: none may use one
/// that stands after it.
const ROOMS: [(&str, &[&str], &str); 6] = [
    ("valet", &[], "the one place that changes what is true, and tells"),
    ("grants", &["valet"], "a grant begins and ends whoever asked for it"),
    ("hand_out", &["valet", "grants"], "a token goes out by one way alone"),
    (
        "authority",
        &["valet", "grants", "hand_out"],
        "what somebody may do is a method, and no more can be done by any door",
    ),
    ("http", &["valet", "grants", "hand_out", "authority"], "bytes become calls here; nothing is decided"),
    (
        "run",
        &["valet", "grants", "hand_out", "authority", "http"],
        "it puts all parts together, and nobody uses it",
    ),
];

/// Crates below the broker that are not for every room, the rooms that may use them, and what the wall is
/// for.
const FOR_FEW: [(&str, &[&str], &str); 3] = [
    ("lock", &["valet", "run"], "what follows from locking is one room's to do"),
    (
        "forward",
        &["valet", "authority", "http"],
        "a place is led here where that is agreed to, and answered at its own door",
    ),
    (
        "provider",
        &["valet", "authority", "http"],
        "what the door says as a provider is said at the door, and never asked of one",
    ),
];

/// File and room: uses that are still to go. The list may only shrink.
const OFFENDERS: [(&str, &str); 0] = [];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    entries.flat_map(of).filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

/// What is compiled for the product: without tests and without comments.
fn product(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The first names behind each `crate::`, those of a group too.
fn names(text: &str) -> BTreeSet<String> {
    let begins = |text: &str| {
        let name: String =
            text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        Some(name).filter(|name| !name.is_empty())
    };
    let of = |path: &str| match path.strip_prefix('{') {
        Some(group) => top_level(group).iter().filter_map(|item| begins(item)).collect(),
        None => begins(path).into_iter().collect::<Vec<_>>(),
    };
    text.split("crate::").skip(1).flat_map(of).collect()
}

/// Whether a path of that crate stands in the text. A module of the same name comes before it.
fn uses_crate(text: &str, name: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let path = format!("{name}::");
    let is_module = text.contains(&format!("mod {name};"));
    !is_module && text.match_indices(&path).any(|(at, _)| !text[..at].ends_with(goes_on))
}

/// How far up the longest path of `super` goes.
fn steps_up(text: &str) -> usize {
    let mut longest = 0;
    for (at, _) in text.match_indices("super::") {
        let mut rest = &text[at..];
        let mut steps = 0;
        while let Some(further) = rest.strip_prefix("super::") {
            (steps, rest) = (steps + 1, further);
        }
        longest = longest.max(steps);
    }
    longest
}

/// How deep a file is in the house: a step up for each leads out of its room.
fn depth(file: &str) -> usize {
    file.split('/').filter(|part| *part != "mod.rs").count()
}

/// The items of a group, up to the brace that ends it.
fn top_level(group: &str) -> Vec<&str> {
    let (mut depth, mut from, mut items) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&group[from..at]);
                return items;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&group[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    items
}

/// Files and the rooms that they use although their own may not.
fn offenders() -> BTreeSet<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/broker/src");
    let mut found = BTreeSet::new();
    for path in sources(&root) {
        let file = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        if file == "lib.rs" || file.ends_with("_tests.rs") {
            continue;
        }
        let room = file.split('/').next().unwrap();
        let known = ROOMS.iter().find(|(name, ..)| *name == room);
        let (_, may_use, _) =
            known.unwrap_or_else(|| panic!("{file} is in no room: say here which, and why"));
        let text = product(&fs::read_to_string(&path).unwrap());
        assert!(
            steps_up(&text) < depth(&file),
            "{file} leaves its room by `super`: name the other by `crate::`"
        );
        let used = names(&text);
        let wrong = used.into_iter().filter(|used| used != room && !may_use.contains(&used.as_str()));
        found.extend(wrong.map(|used| (file.clone(), used)));
        let closed = FOR_FEW.iter().filter(|(_, rooms, _)| !rooms.contains(&room));
        let entered = closed.filter(|(name, ..)| uses_crate(&text, name));
        found.extend(entered.map(|(name, ..)| (file.clone(), (*name).to_owned())));
    }
    found
}

#[test]
fn every_room_uses_only_those_it_may() {
    let allowed: BTreeSet<_> =
        OFFENDERS.iter().map(|(file, room)| ((*file).to_owned(), (*room).to_owned())).collect();
    let found = offenders();
    let reason = |file: &str, used: &str| {
        let of_crate = FOR_FEW.iter().find(|(name, ..)| *name == used);
        of_crate.or(ROOMS.iter().find(|(name, ..)| file.starts_with(name))).map_or("", |(.., why)| why)
    };
    let wrong: Vec<String> = found
        .difference(&allowed)
        .map(|(file, used)| format!("{file} must not use {used}: {}", reason(file, used)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(allowed.is_subset(&found), "some offenders are gone: take them off the list");
}

#[test]
fn no_room_may_use_one_that_stands_above_it() {
    for (at, (room, may_use, _)) in ROOMS.iter().enumerate() {
        let below: Vec<&str> = ROOMS[..at].iter().map(|(name, ..)| *name).collect();
        assert!(may_use.iter().all(|used| below.contains(used)), "{room} looks up");
    }
}

#[test]
fn a_group_of_names_is_read_to_its_end() {
    let found = names("use crate::{a::{b, c}, d};\nuse crate::e::f;\nlet x = crate::g();");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a", "d", "e", "g"]);
}

#[test]
fn a_crate_is_told_from_a_module_of_its_name() {
    assert!(uses_crate("use lock::rule::Step;", "lock") && uses_crate("(lock::alarm::after(time))", "lock"));
    assert!(!uses_crate("use crate::valet::lock::Lock; unlock::now(); self.lock()", "lock"));
    assert!(!uses_crate("mod lock;\nuse lock::Lock;", "lock"));
}

#[test]
fn steps_up_are_counted_from_where_a_file_is() {
    assert_eq!(steps_up("use super::a;\nuse super::super::b;\nself::c()"), 2);
    assert_eq!((depth("valet/reload.rs"), depth("valet/mod.rs"), depth("http/proxy/call.rs")), (2, 1, 3));
}
