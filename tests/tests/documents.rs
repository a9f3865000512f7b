//! The pages for people: short, with no link that leads nowhere, and with every key, command and code that
//! there is.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mcp_valet_tests::{Home, Valet};
use serde_json::Value;

/// How the command line ends where it cannot make sense of what was typed.
const USAGE: i32 = 2;

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
fn no_page_has_two_versions_that_were_to_be_merged() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mark = text.lines().find(|line| ["<<<<<<<", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)));
        assert_eq!(mark, None, "{}", page.display());
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

/// What is set off from the text of a page, to be typed or copied.
fn examples(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let mut examples = vec![String::new()];
    for line in text.lines() {
        match line.strip_prefix("    ") {
            Some(line) => *examples.last_mut().unwrap() += &format!("{line}\n"),
            None if line.is_empty() => {}
            None => examples.push(String::new()),
        }
    }
    examples.retain(|example| !example.is_empty());
    examples
}

/// The commands for this program that a line of an example has, also where another program is given one.
fn commands<'line>(line: &'line str, program: &str) -> Vec<Vec<&'line str>> {
    let line = line.split("  #").next().unwrap();
    // What the shell does with it.
    let line = line.split(" < ").next().unwrap();
    let line = if line.trim_start().starts_with('#') { "" } else { line };
    let begins = |at: usize| at == 0 || line[..at].ends_with("-- ") || line[..at].ends_with("$(");
    let found = line.match_indices(program).filter(|(at, found)| {
        let is_whole = line[at + found.len()..].starts_with([' ', ')']) || line.len() == at + found.len();
        begins(*at) && is_whole
    });
    found.map(|(at, _)| line[at..].trim_end_matches(')').split_whitespace().skip(1).collect()).collect()
}

#[test]
fn every_command_of_an_example_is_one_that_can_be_typed() {
    let home = Home::new();
    let secret = home.path().join("secret");
    fs::write(&secret, "S3CRET").unwrap();
    let mut typed = BTreeSet::new();
    for page in pages() {
        let examples = examples(&page).concat();
        for program in ["mcp-valet", "mcp-valetd"] {
            let all = examples.lines().flat_map(|line| commands(line, program));
            // Without a word, both begin what has no end.
            for words in all.filter(|words| !words.is_empty()) {
                let mut command = home.command(mcp_valet_tests::program(program));
                // Nobody is there, and that is all that may be wrong.
                command.args(&words).env("MCP_VALET_SOCK", home.path().join("nobody"));
                command.stdin(fs::File::open(&secret).unwrap());
                let said = home.run(&mut command);
                assert_ne!(said.code, USAGE, "{}: {words:?}: {}", page.display(), said.stderr);
                typed.insert((program, words.concat()));
            }
        }
    }
    let of = |program| typed.iter().filter(|(typed, _)| *typed == program).count();
    assert!(of("mcp-valet") > 10 && of("mcp-valetd") > 3, "{typed:?}");
}

#[test]
fn whatever_make_is_asked_for_in_an_example_can_be_made() {
    // No target has this name, so that nothing is made.
    let mut make = Command::new("make");
    let known = make.args(["--print-data-base", "--question", ":"]).current_dir(root()).output().unwrap();
    let known = String::from_utf8(known.stdout).unwrap();
    let targets: BTreeSet<&str> = known.lines().filter_map(|line| Some(line.split_once(':')?.0)).collect();
    let mut asked = 0;
    for page in pages() {
        let examples = examples(&page).concat();
        for words in examples.lines().flat_map(|line| commands(line, "make")) {
            for target in words.iter().take_while(|word| **word != "#").filter(|word| !word.contains('=')) {
                assert!(targets.contains(target), "{}: make {target}", page.display());
                asked += 1;
            }
        }
    }
    assert!(asked > 10, "{asked}");
}

#[test]
fn every_example_that_looks_like_json_is_such_and_a_configuration_can_be_used() {
    let mut used = 0;
    for page in pages() {
        for example in examples(&page).iter().filter(|example| example.starts_with(['{', '"'])) {
            let entries = example.starts_with('"');
            let whole = if entries { format!("{{\"mcpServers\": {{{example}}}}}") } else { example.clone() };
            let read = serde_json::from_str::<Value>(&whole);
            let value = read.unwrap_or_else(|error| panic!("{}: {error}: {example}", page.display()));
            if value.get("mcpServers").is_some() {
                let home = Home::new();
                home.configure(&value);
                assert!(
                    Valet::start(&home).get("/v1/servers").status == 200,
                    "{}: {example}",
                    page.display()
                );
                used += 1;
            }
        }
    }
    assert!(used > 1, "{used}");
}

#[test]
fn every_unit_of_an_example_is_one_that_systemd_takes() {
    let program = mcp_valet_tests::program("mcp-valetd");
    let mut taken = 0;
    for page in pages() {
        for example in examples(&page) {
            // Its path is a comment above it.
            let Some((_, unit)) = example.split_once("# ").filter(|(_, unit)| unit.contains("[Service]\n"))
            else {
                continue;
            };
            let (path, text) = unit.split_once('\n').unwrap();
            let name = path.rsplit('/').next().unwrap();
            let runs = |line: &str| match line.strip_prefix("ExecStart=") {
                Some(there) if there.ends_with("/mcp-valetd") => format!("ExecStart={}\n", program.display()),
                Some(there) => panic!("{}: {there}", page.display()),
                None => format!("{line}\n"),
            };
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(name), text.lines().map(runs).collect::<String>()).unwrap();
            let mut verify = Command::new("systemd-analyze");
            verify.current_dir(folder.path()).env("XDG_RUNTIME_DIR", folder.path());
            let verify = verify.arg(if path.contains("/user/") { "--user" } else { "--system" });
            let said = verify.args(["--man=no", "--recursive-errors=no", "verify", name]).output().unwrap();
            let said = String::from_utf8_lossy(&said.stderr).into_owned();
            assert!(!said.contains(name), "{}: {said}", page.display());
            taken += 1;
        }
    }
    assert!(taken > 1, "{taken}");
}

#[test]
fn every_manifest_of_an_example_mounts_what_it_names() {
    let mut read = 0;
    let names = |list: &Value| -> BTreeSet<String> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter().filter_map(|one| one["name"].as_str().map(str::to_owned)).collect()
    };
    for page in pages() {
        for example in examples(&page).iter().filter(|example| example.starts_with("apiVersion:")) {
            let manifest: Value = serde_saphyr::from_str(example).unwrap();
            let spec = &manifest["spec"];
            let pod = &spec["template"]["spec"];
            assert_eq!(spec["selector"]["matchLabels"], spec["template"]["metadata"]["labels"]);
            let claims = spec["volumeClaimTemplates"].as_array().unwrap();
            let mut volumes = names(&pod["volumes"]);
            volumes.extend(
                claims.iter().filter_map(|claim| claim["metadata"]["name"].as_str().map(str::to_owned)),
            );
            let containers =
                [&pod["initContainers"], &pod["containers"]].map(|list| list.as_array().unwrap());
            for container in containers.into_iter().flatten() {
                assert_eq!(names(&container["volumeMounts"]), volumes, "{container}");
                assert!(container["image"].is_string() && container["command"].is_array(), "{container}");
            }
            read += 1;
        }
    }
    assert!(read > 0);
}
