//! The message files: that every language has all of them, that nothing is told amiss, and that none is left
//! over.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_source = path.extension().is_some_and(|end| ends.iter().any(|wanted| *wanted == end));
        match path.is_dir() {
            true if !path.ends_with("node_modules") => found.extend(files(&path, ends)),
            false if is_source => found.push(path),
            _ => {}
        }
    }
    found
}

/// Each message with what it is told: `$name` as it is, and as `NAME($name)`.
fn messages(language: &str, place: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages = BTreeMap::new();
    for path in files(&root().join("crates/words").join(language).join(place), &["ftl"]) {
        let text = fs::read_to_string(&path).unwrap();
        let resource = fluent_syntax::parser::parse(text.as_str());
        let resource = resource.unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", path.display()));
        for entry in &resource.body {
            let Entry::Message(message) = entry else {
                assert!(matches!(entry, Entry::Comment(_)), "{}: {entry:?}", path.display());
                continue;
            };
            let mut told = BTreeSet::new();
            of_pattern(message.value.as_ref().unwrap(), &mut told);
            messages.insert(message.id.name.to_owned(), told);
        }
    }
    messages
}

fn of_pattern(pattern: &Pattern<&str>, told: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::Placeable { expression: Expression::Inline(inline) } => of_inline(inline, told),
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                let mut chosen = BTreeSet::new();
                of_inline(selector, &mut chosen);
                told.extend(chosen.into_iter().map(|name| format!("{name}?")));
                variants.iter().for_each(|variant| of_pattern(&variant.value, told));
            }
            PatternElement::TextElement { .. } => {}
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, told: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::StringLiteral { .. } => {}
        InlineExpression::VariableReference { id } => {
            told.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { id, arguments } => {
            let mut inner = BTreeSet::new();
            arguments.positional.iter().for_each(|argument| of_inline(argument, &mut inner));
            told.extend(inner.into_iter().map(|name| format!("{}({name})", id.name)));
        }
        other @ (InlineExpression::NumberLiteral { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. }
        | InlineExpression::Placeable { .. }) => panic!("{other:?} is not used here"),
    }
}

/// What is told, but for how many there are: whether that is said, or only chooses a form, is the language's.
fn names(told: &BTreeSet<String>) -> BTreeSet<&str> {
    told.iter().map(|name| name.trim_end_matches('?')).collect()
}

const PLACES: [&str; 2] = ["valet", "window"];

fn languages() -> Vec<String> {
    let folders = fs::read_dir(root().join("crates/words")).unwrap().map(|entry| entry.unwrap());
    let folders = folders.filter(|entry| entry.path().join("valet").is_dir());
    folders.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[test]
fn every_language_has_every_message_and_is_told_the_same() {
    let mut wrong = Vec::new();
    for (language, place) in languages().iter().flat_map(|language| PLACES.map(|place| (language, place))) {
        let (english, other) = (messages("en", place), messages(language, place));
        for (id, told) in &english {
            match other.get(id) {
                None => wrong.push(format!("{language}/{place} lacks {id}")),
                Some(here) if names(here) != names(told) => {
                    wrong.push(format!("{language}/{place}: {id} is told {here:?}, and in English {told:?}"));
                }
                Some(_) => {}
            }
        }
        let left = other.keys().filter(|id| !english.contains_key(*id));
        wrong.extend(left.map(|id| format!("{language}/{place} has {id}, which English has not")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Messages that are said where they are looked up themselves: the quotes, and what stands between digits.
const OWN: [&str; 2] = ["name-in-quotes", "name-between-digits"];

#[test]
fn no_message_is_left_over() {
    let text = |folders: &[&str], ends: &[&str]| -> String {
        let paths = folders.iter().flat_map(|folder| files(&root().join(folder), ends));
        paths
            .filter(|path| !path.ends_with("messages.ts"))
            .map(|path| fs::read_to_string(path).unwrap())
            .collect()
    };
    let rust: String = text(&["crates", "src-tauri/src"], &["rs"]).split_whitespace().collect();
    let pages = text(&["ui/src"], &["ts", "svelte"]);
    // `say(`check-who-${who}`)` says every message that begins so; the compiler holds that they are there.
    let begins: Vec<&str> = pages
        .split('`')
        .filter_map(|part| part.split_once("${"))
        .map(|(begin, _)| begin)
        .filter(|begin| begin.contains('-'))
        .collect();
    let is_said_here = |id: &str| rust.contains(&format!("say!({}", id.replace('-', "_")));
    let is_said_there =
        |id: &str| pages.contains(&format!("'{id}'")) || begins.iter().any(|begin| id.starts_with(begin));
    let left = messages("en", "valet").into_keys().filter(|id| !is_said_here(id));
    let left = left.chain(messages("en", "window").into_keys().filter(|id| !is_said_there(id)));
    let left: Vec<String> = left.filter(|id| !OWN.contains(&id.as_str())).collect();
    assert!(left.is_empty(), "{left:#?}");
}

/// Sentences that no person reads as words of the valet: what the log and the audit keep, which are written
/// in English alone, and texts of others that are recognized.
const ELSEWHERE: [&str; 36] = [
    // The audit.
    "the person agreed to",
    "it was called",
    "it would have set",
    "entries {first} to",
    "refresh token {refresh}, access token",
    ", a renewal is ended",
    "the screen was locked",
    "the computer went to sleep",
    "nobody used MCP Valet",
    "it was locked by hand",
    "the screen was unlocked",
    "the computer woke up",
    "(too long to read",
    "batch of {size}",
    // The log.
    "the key of the audit is gone",
    "user {0} is not the user",
    "the process behind the connection",
    "it cannot be read",
    "it is no plain file",
    "the answer broke off",
    "the coded body broke off",
    "the connection could not be opened in time",
    "the exchange broke off",
    "this system has no certificate authorities",
    "it does not say that it listens",
    // What serde is told, and nobody else.
    "no value of a chain",
    "it makes no sense",
    "tokens are not serialized",
    "a server is both allowed and denied",
    // The kinds of problems: a `title` is the same for everybody (RFC 9457 §3.1.3).
    "Too much at a time",
    "Several servers share this URL",
    "The valet could not do this",
    // What others say.
    "tunnel error:",
    "remote port forwarding failed",
    "gzip, deflate, br, zstd",
    "// What the valet sends and takes",
];

/// What speaks to programs, to models or to developers alone. The demo is a provider, and speaks as one
/// abroad would.
const NOT_SAID: [&str; 12] = [
    "connect/stand_in.rs",
    "connect/handshake.rs",
    "proxy/told_no.rs",
    "crates/demo/",
    // What OAuth errors say to the author of a client (RFC 6749 §5.2).
    "crates/provider/",
    "agent/schema.rs",
    "agent/routes.rs",
    "http/forward/routes.rs",
    "fuzz.rs",
    "build.rs",
    "/rule.rs",
    "/others.rs",
];

#[test]
fn no_sentence_stands_in_the_code() {
    let sources =
        ["crates", "src-tauri/src"].into_iter().flat_map(|folder| files(&root().join(folder), &["rs"]));
    let mut found = Vec::new();
    for path in sources {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        if NOT_SAID.iter().any(|not| name.contains(not))
            || name.contains("/tests")
            || name.ends_with("_tests.rs")
        {
            continue;
        }
        let code = fs::read_to_string(&path).unwrap();
        let sentences = literals(&code).into_iter().filter(|text| is_sentence(text));
        let unknown = sentences.filter(|text| !ELSEWHERE.iter().any(|known| text.starts_with(known)));
        found.extend(unknown.map(|text| format!("{name}: {text}")));
    }
    assert!(found.is_empty(), "these belong into crates/words: {found:#?}");
}

/// The texts of a source that are neither in its tests, nor said to the log or to a developer.
fn literals(code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]\nmod ").next().unwrap();
    let code = code.split("#[cfg(test)]\n#[").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code =
        lines.collect::<Vec<_>>().join("\n").replace("'\"'", "").replace("b'\\\\'", "").replace("\\\"", "”");
    let parts: Vec<&str> = code.split('"').collect();
    let to_developers = ["reason =", "expect(", "expected ="];
    let is_said = |before: &str| {
        let statement = before.rsplit([';', '{', '}']).next().unwrap_or_default();
        let is_for_developers = ["tracing::", "assert", "panic!", "unreachable!"];
        !is_for_developers.iter().any(|one| statement.contains(one))
            && !to_developers.iter().any(|one| before.trim_end().ends_with(one))
    };
    let mut texts = Vec::new();
    let mut statement = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at % 2 == 0 {
            statement.push_str(part);
        } else if is_said(&statement) {
            texts.push(part.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    texts
}

/// Four words in a row are one, or three that end in a stop.
fn is_sentence(text: &str) -> bool {
    let is_word = |word: &str| {
        let word = word.trim_matches([',', '.', ':', ';', '”', '’', '(', ')', '`']);
        let letters = word.chars().filter(|c| c.is_ascii_lowercase()).count();
        letters > 0 && word.chars().all(|c| c.is_ascii_alphabetic() || c == '\'')
    };
    let mut row = 0;
    let longest = text.split(' ').map(|word| {
        row = if is_word(word) { row + 1 } else { 0 };
        row
    });
    let longest = longest.max().unwrap_or_default();
    longest >= 4 || (longest >= 3 && text.ends_with('.'))
}
