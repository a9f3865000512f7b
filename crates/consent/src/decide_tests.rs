#![allow(clippy::unwrap_used, reason = "a test")]

use super::*;
use crate::lasts::Ends;
use crate::tools::Catalog;
use serde_json::{Value, json};
use wire::ClassRules;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn listing(tools: Value) -> message::listing::Listing {
    let answer = json!({ "id": 1, "result": { "tools": tools } }).to_string();
    message::listing::read(&answer).unwrap().1
}

/// `read`, `change`, `delete` and `silent`, which says nothing, were there at first; then `late` came with a
/// hint that it only reads, and `shifty` is not what it was.
fn catalog() -> Catalog {
    let tool = |name: &str, hints: Value| json!({ "name": name, "annotations": hints });
    let first = vec![
        tool("read", json!({ "readOnlyHint": true })),
        tool("change", json!({ "destructiveHint": false })),
        tool("delete", json!({ "destructiveHint": true })),
        tool("silent", json!({})),
        tool("shifty", json!({ "readOnlyHint": true })),
    ];
    let mut then = first.clone();
    then[4]["inputSchema"] = json!({ "properties": { "path": {} } });
    then.push(tool("late", json!({ "readOnlyHint": true })));
    let mut catalog = Catalog::default();
    catalog.learn("grant", None, listing(first.into()), NOW);
    catalog.learn("grant", None, listing(then.into()), NOW);
    catalog
}

fn decided(rules: &Rules, tool: &str) -> (Ruling, &'static str) {
    let Decided { rule, because, .. } = of_tool(rules, tool, catalog().of("grant"), NOW, NOW);
    (rule, because.as_str())
}

fn classes(read: Ruling, change: Ruling, destroy: Ruling) -> Rules {
    Rules::of(ClassRules { read, change, destroy })
}

#[test]
fn reads_go_through_and_the_rest_is_asked_about() {
    let rules = Rules::reads_only();
    for (tool, expected) in [
        ("read", (Ruling::Free, "class")),
        ("change", (Ruling::Ask, "class")),
        ("delete", (Ruling::Ask, "class")),
        ("silent", (Ruling::Ask, "class")),
        ("late", (Ruling::Ask, "new")),
        ("shifty", (Ruling::Ask, "changed")),
        ("nobody_listed_it", (Ruling::Ask, "unlisted")),
        // Cyrillic.
        ("rеad", (Ruling::Ask, "unlisted")),
        ("READ", (Ruling::Ask, "unlisted")),
    ] {
        assert_eq!(decided(&rules, tool), expected, "{tool}");
    }
}

#[test]
fn a_rule_for_a_tool_comes_before_its_class_and_what_nobody_has_seen_before_both() {
    let mut rules = classes(Ruling::Ask, Ruling::Never, Ruling::Ask);
    for tool in ["read", "change", "late", "shifty", "unlisted"] {
        rules.set_tool(tool, Ruling::Free, Ends::Never, NOW);
    }
    assert_eq!(decided(&rules, "read"), (Ruling::Free, "tool"));
    assert_eq!(decided(&rules, "change"), (Ruling::Free, "tool"));
    assert_eq!(decided(&rules, "late"), (Ruling::Ask, "new"));
    assert_eq!(decided(&rules, "shifty"), (Ruling::Ask, "changed"));
    assert_eq!(decided(&rules, "unlisted"), (Ruling::Free, "tool"));
    rules.set_tool("shifty", Ruling::Never, Ends::Never, NOW);
    assert_eq!(decided(&rules, "shifty"), (Ruling::Never, "tool"));
}

#[test]
fn never_is_not_asked_about() {
    let rules = classes(Ruling::Never, Ruling::Free, Ruling::Never);
    for (tool, expected) in [
        ("read", (Ruling::Never, "class")),
        ("change", (Ruling::Free, "class")),
        ("delete", (Ruling::Never, "class")),
        ("silent", (Ruling::Never, "class")),
        ("late", (Ruling::Never, "class")),
        ("unlisted", (Ruling::Never, "class")),
    ] {
        assert_eq!(decided(&rules, tool), expected, "{tool}");
    }
}

#[test]
fn nothing_that_is_free_by_class_is_so_before_its_tool_was_listed() {
    let rules = classes(Ruling::Free, Ruling::Free, Ruling::Ask);
    let without = of_tool(&rules, "read", None, NOW, NOW);
    assert_eq!((without.rule, without.class), (Ruling::Ask, Some(ToolClass::Destroy)));
}

#[test]
fn what_is_no_tool_goes_by_what_it_does() {
    let ask = |method: &str, rules: &Rules| {
        let text =
            json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": { "uri": "a", "name": "b" } });
        let deed = message::deed::read(text.to_string().as_bytes()).unwrap().all.remove(0);
        let Decided { rule, because, .. } = decide(rules, &deed, None, NOW, NOW);
        (rule, because.as_str())
    };
    let rules = classes(Ruling::Ask, Ruling::Free, Ruling::Free);
    assert_eq!(ask("tools/list", &rules), (Ruling::Free, "protocol"));
    assert_eq!(
        ask("ping", &classes(Ruling::Never, Ruling::Never, Ruling::Never)),
        (Ruling::Free, "protocol")
    );
    assert_eq!(ask("resources/read", &rules), (Ruling::Ask, "class"));
    assert_eq!(ask("prompts/get", &Rules::reads_only()), (Ruling::Free, "class"));
    assert_eq!(ask("tools/delete", &rules), (Ruling::Ask, "unknown"));
}
