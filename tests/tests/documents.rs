//! The pages for people: short, with no link that leads nowhere, and with every key, command and code that
//! there is.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mcp_valet_tests::Home;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Every page, by its path from the root.
fn pages() -> Vec<PathBuf> {
    let in_folder = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let all = in_folder(root()).chain(in_folder(root().join("docs")));
    all.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The parts of `text` between `open` and `close`.
fn between<'text>(text: &'text str, open: &str, close: char) -> Vec<&'text str> {
    text.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|(part, _)| part).collect()
}

/// The names by which links reach the headings of a page.
fn anchors(page: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(page).unwrap();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let name = |heading: &str| {
        let plain = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = plain.chars().filter(|letter| letter.is_alphanumeric() || "-_ ".contains(*letter));
        kept.collect::<String>().replace(' ', "-")
    };
    headings.map(name).collect()
}

#[test]
fn every_link_between_the_pages_leads_somewhere() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let links = between(&text, "](", ')').into_iter().chain(between(&text, "src=\"", '"'));
        for link in links.filter(|link| !link.starts_with("http")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() {
                page.clone()
            } else {
                page.parent().unwrap().join(path).canonicalize().unwrap_or_default()
            };
            assert!(target.is_file(), "{}: {link}", page.display());
            assert!(anchor.is_empty() || anchors(&target).contains(anchor), "{}: {link}", page.display());
        }
    }
}

#[test]
fn a_newcomer_finds_a_short_page_that_leads_to_all_others() {
    let readme = read("README.md");
    assert!(readme.len() <= 8 * 1024, "{} bytes", readme.len());
    let contributing = read("CONTRIBUTING.md");
    for page in pages() {
        let path = page.strip_prefix(root()).unwrap().display().to_string();
        let led_to = [&readme, &contributing].iter().any(|text| text.contains(&format!("]({path})")));
        assert!(led_to || path == "README.md", "nothing leads to {path}");
    }
}

#[test]
fn no_cell_of_a_table_has_more_than_two_sentences() {
    for page in pages()
        .into_iter()
        .filter(|page| page.parent().unwrap().ends_with("docs") || page.ends_with("README.md"))
    {
        let text = fs::read_to_string(&page).unwrap();
        let cells = text.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split(" | "));
        for cell in cells {
            // What is quoted as code holds no sentences.
            let words: String = cell.split('`').step_by(2).collect();
            let whole = words.trim_end_matches([' ', '|', '.']);
            assert!(whole.matches(". ").count() <= 1, "{}: {cell}", page.display());
        }
    }
}

/// Every key that a description of the configuration names, except those of the words that stand for
/// something.
fn keys(schema: &Value, found: &mut BTreeSet<String>) {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        found.extend(properties.keys().cloned());
    }
    match schema {
        Value::Object(members) => members.values().for_each(|member| keys(member, found)),
        Value::Array(members) => members.iter().for_each(|member| keys(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_key_of_the_configuration_is_described() {
    let schema: Value = serde_json::from_str(&read("crates/config/config.schema.json")).unwrap();
    let mut found = BTreeSet::new();
    keys(&schema, &mut found);
    assert!(found.len() > 30, "{found:?}");
    let pages =
        ["configuration", "sign-ins", "locking"].map(|name| read(&format!("docs/{name}.md"))).concat();
    let words: BTreeSet<&str> = pages.split(|letter: char| !letter.is_alphanumeric()).collect();
    let missing: Vec<_> = found.iter().filter(|key| !words.contains(key.trim_start_matches('$'))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_command_is_described() {
    let help = Home::new().cli(&["--help"]).stdout;
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let page = read("docs/command-line.md");
    let names: Vec<_> = commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 10, "{help}");
    for name in names.into_iter().filter(|name| *name != "help") {
        assert!(page.contains(&format!("`mcp-valet {name}")), "{name}");
    }
}

#[test]
fn every_code_of_an_error_is_listed() {
    let types = read("ui/src/lib/types.ts");
    let codes = types.split("export type Code = ").nth(1).unwrap().split(';').next().unwrap();
    let codes: Vec<_> = codes.split('"').skip(1).step_by(2).collect();
    assert!(codes.len() > 10, "{codes:?}");
    let page = read("docs/socket.md");
    let missing: Vec<_> = codes.iter().filter(|code| !page.contains(&format!("`{code}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
