//! A door for the fuzzer, and for replaying its seeds. Not for programs.
#![allow(clippy::unwrap_used, reason = "a finding is a panic")]

use crate::arguments;
use crate::deed::{self, Asks, Call};
use crate::{listing, tool};
use serde_json::Value;

/// A message: what it is taken for is what a reader that keeps the last of two keys takes it for, and
/// everything in it can be shown.
pub fn message(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        list(text);
    }
    let Ok(deeds) = deed::read(data) else { return };
    let last: Value = serde_json::from_slice(data).unwrap();
    let messages = if deeds.batch { last.as_array().unwrap().clone() } else { vec![last] };
    assert_eq!(messages.len(), deeds.all.len());
    for (deed, message) in deeds.all.iter().zip(&messages) {
        assert_eq!(deed.method.as_deref(), message.get("method").and_then(Value::as_str));
        if let Asks::Tool(call) = &deed.asks {
            assert_eq!(message["params"]["name"], call.name.as_str());
            assert!(deed.id.is_some());
        }
        if let Some(call) = deed.call() {
            all_is_shown(call, message);
        }
        for shown in deed.call().map(arguments::shown).unwrap_or_default() {
            let lines = shown.value.split('\n').chain([shown.name.as_str()]);
            assert!(lines.into_iter().all(|line| !line.chars().any(plain::misleads)));
        }
    }
}

/// Everything that a message says is in what is shown of it, or is known by its name to be no part of that.
fn all_is_shown(call: &Call, message: &Value) {
    let names: Vec<String> = arguments::shown(call).into_iter().map(|shown| shown.name).collect();
    let is_shown = |name: &str| names.contains(&plain::plain(name, 200));
    let rest = message.as_object().unwrap().keys();
    assert!(
        rest.filter(|key| !["jsonrpc", "id", "method", "params"].contains(&key.as_str()))
            .all(|key| is_shown(key))
    );
    for (key, value) in message["params"].as_object().into_iter().flatten() {
        let known = match (key.as_str(), value) {
            ("name", Value::String(name)) if *name == call.name => true,
            ("arguments" | "_meta", Value::Object(_)) => true,
            _ => false,
        };
        assert!(known || is_shown(key), "{key}");
    }
    let arguments = message["params"]["arguments"].as_object().into_iter().flatten();
    assert!(arguments.into_iter().all(|(key, _)| is_shown(key)));
}

/// A list of tools: without some of them it is still one, and has the others.
fn list(text: &str) {
    let Some((_, listing)) = listing::read(text) else { return };
    let hides = |name: &str| name.len().is_multiple_of(2);
    let Some(rest) = listing::without(text, hides) else { return };
    let names = |tools: &[tool::Tool]| tools.iter().map(|tool| tool.name.clone()).collect::<Vec<_>>();
    let mut kept = names(&listing.tools);
    kept.retain(|name| !hides(name));
    assert_eq!(names(&listing::read(&rest).unwrap().1.tools), kept);
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_seeds_of_the_fuzzer_are_read_without_a_finding() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/message");
        let seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|seed| seed.unwrap().path()).collect();
        assert!(!seeds.is_empty());
        for seed in seeds {
            super::message(&std::fs::read(seed).unwrap());
        }
    }
}
