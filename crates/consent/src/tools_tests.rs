#![allow(clippy::unwrap_used, reason = "a test")]

use super::*;
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn listing(tools: Value, next: Option<&str>) -> Listing {
    let answer = json!({ "id": 1, "result": { "tools": tools, "nextCursor": next } });
    message::listing::read(&answer.to_string()).unwrap().1
}

fn tool(name: &str, hints: Value) -> Value {
    json!({ "name": name, "annotations": hints, "inputSchema": { "properties": { "id": { "type": "string" } } } })
}

fn learned(lists: &[Value]) -> Catalog {
    let mut catalog = Catalog::default();
    for list in lists {
        catalog.learn("grant", None, listing(list.clone(), None), NOW);
    }
    catalog
}

fn sight(catalog: &Catalog, tool: &str) -> Option<Sight> {
    Some(catalog.of("grant")?.get(tool)?.sight())
}

#[test]
fn what_a_tool_does_is_the_servers_word_and_without_one_it_deletes() {
    let class =
        |hints: Value| learned(&[json!([tool("a", hints)])]).of("grant").unwrap().get("a").unwrap().class();
    assert_eq!(class(json!({ "readOnlyHint": true })), (ToolClass::Read, SaidBy::Server));
    assert_eq!(class(json!({ "destructiveHint": false })), (ToolClass::Change, SaidBy::Server));
    assert_eq!(class(json!({ "destructiveHint": true })), (ToolClass::Destroy, SaidBy::Server));
    for nothing in
        [json!(null), json!({}), json!({ "readOnlyHint": false }), json!({ "idempotentHint": true })]
    {
        assert_eq!(class(nothing.clone()), (ToolClass::Destroy, SaidBy::Nobody), "{nothing}");
    }
}

#[test]
fn a_tool_that_comes_after_the_first_list_is_new_until_it_was_seen() {
    let read = json!({ "readOnlyHint": true });
    let mut catalog =
        learned(&[json!([tool("a", read.clone())]), json!([tool("a", read.clone()), tool("b", read)])]);
    assert_eq!((sight(&catalog, "a"), sight(&catalog, "b")), (Some(Sight::Seen), Some(Sight::New)));
    assert_eq!(sight(&catalog, "c"), None);
    let tools = catalog.of_mut("grant").unwrap();
    let shown = tools.get("b").unwrap().form().clone();
    tools.see("b", &shown);
    assert_eq!(sight(&catalog, "b"), Some(Sight::Seen));
}

#[test]
fn the_first_list_may_come_in_pages_but_not_for_ever() {
    let mut catalog = Catalog::default();
    let page = |name: &str, next| listing(json!([tool(name, json!({}))]), next);
    assert!(catalog.learn("grant", None, page("a", Some("2")), NOW));
    assert!(catalog.learn("grant", Some("2"), page("b", Some("3")), NOW));
    assert!(catalog.learn("grant", Some("2"), page("x", Some("9")), NOW));
    let late = NOW + FIRST_LIST;
    assert!(catalog.learn("grant", Some("3"), page("c", None), late));
    for (tool, expected) in [("a", Sight::Seen), ("b", Sight::Seen), ("x", Sight::New), ("c", Sight::New)] {
        assert_eq!(sight(&catalog, tool), Some(expected), "{tool}");
    }
}

#[test]
fn hints_and_schema_that_change_are_told_and_a_description_alone_is_a_remark() {
    let first = json!([{ "name": "a", "description": "Reads", "annotations": { "readOnlyHint": true },
        "inputSchema": { "properties": { "id": {}, "old": {} }, "required": ["id"] } }]);
    let mut said = first.clone();
    said[0]["description"] = "Reads everything".into();
    let catalog = learned(&[first.clone(), said]);
    assert_eq!(sight(&catalog, "a"), Some(Sight::Seen));
    assert!(catalog.of("grant").unwrap().get("a").unwrap().says_else());

    let mut other = first.clone();
    other[0]["annotations"] = json!({});
    other[0]["inputSchema"]["properties"] = json!({ "id": { "type": "string" }, "force": {} });
    let name = |name: &str| name.to_owned();
    let (was, is) = (ToolClass::Read, ToolClass::Destroy);
    let all = vec![
        Difference::Class { was, is },
        Difference::Added { name: name("force") },
        Difference::Other { name: name("id") },
        Difference::Removed { name: name("old") },
    ];
    assert_eq!(sight(&learned(&[first.clone(), other]), "a"), Some(Sight::Changed(all)));

    let mut looser = first.clone();
    looser[0]["inputSchema"]["required"] = json!([]);
    let mut catalog = learned(&[first.clone(), looser]);
    assert_eq!(sight(&catalog, "a"), Some(Sight::Changed(vec![Difference::Schema])));
    // What went back to what it was is what they know.
    catalog.learn("grant", None, listing(first, None), NOW);
    assert_eq!(sight(&catalog, "a"), Some(Sight::Seen));
}

#[test]
fn what_another_account_sees_says_nothing_here_and_what_is_kept_is_past_its_first_list() {
    let mut catalog = learned(&[json!([tool("wipe", json!({}))])]);
    let poisoned =
        listing(json!([tool("wipe", json!({ "readOnlyHint": true })), tool("x", json!({}))]), None);
    catalog.learn("other", None, poisoned, NOW);
    assert_eq!(catalog.of("grant").unwrap().get("wipe").unwrap().class().0, ToolClass::Destroy);
    assert_eq!(sight(&catalog, "x"), None);
    catalog.of_mut("grant").unwrap().set_class("wipe", Some(ToolClass::Change));

    let kept = serde_json::to_string(&catalog).unwrap();
    let mut again: Catalog = serde_json::from_str(&kept).unwrap();
    assert_eq!(again.of("grant").unwrap().get("wipe").unwrap().class(), (ToolClass::Change, SaidBy::Person));
    again.learn("grant", None, listing(json!([tool("y", json!({ "readOnlyHint": true }))]), None), NOW);
    assert_eq!(sight(&again, "y"), Some(Sight::New));
}

#[test]
fn what_was_shown_is_seen_and_not_what_it_has_become_meanwhile() {
    let (reads, deletes) = (json!({ "readOnlyHint": true }), json!({ "destructiveHint": true }));
    let mut catalog = learned(&[json!([]), json!([tool("late", reads)])]);
    let shown = catalog.of("grant").unwrap().get("late").unwrap().form().clone();
    catalog.learn("grant", None, listing(json!([tool("late", deletes)]), None), NOW);
    let tools = catalog.of_mut("grant").unwrap();
    assert!(!tools.is_as_shown("late", &shown.mark()));
    tools.see("late", &shown);
    let (was, is) = (ToolClass::Read, ToolClass::Destroy);
    assert_eq!(sight(&catalog, "late"), Some(Sight::Changed(vec![Difference::Class { was, is }])));
}

#[test]
fn what_was_learned_before_the_vault_was_read_is_compared_with_what_it_has() {
    let (reads, deletes) = (json!({ "readOnlyHint": true }), json!({ "destructiveHint": true }));
    let kept =
        serde_json::to_string(&learned(&[json!([tool("get", reads.clone()), tool("put", deletes.clone())])]));
    let mut kept: Catalog = serde_json::from_str(&kept.unwrap()).unwrap();
    let mut since = learned(&[json!([tool("get", deletes), tool("new", reads.clone())])]);
    since.learn("other", None, listing(json!([tool("theirs", reads)]), None), NOW);
    kept.catch_up(since);
    let (was, is) = (ToolClass::Read, ToolClass::Destroy);
    assert_eq!(sight(&kept, "get"), Some(Sight::Changed(vec![Difference::Class { was, is }])));
    assert_eq!((sight(&kept, "put"), sight(&kept, "new")), (Some(Sight::Seen), Some(Sight::New)));
    assert_eq!(kept.of("other").unwrap().get("theirs").unwrap().sight(), Sight::Seen);
}
