//! A server's answer to `tools/list`, on its way to the agent.

use crate::tool::Tool;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Bytes of an answer that is read; a longer one passes as it is, and its tools are not known.
pub const LONGEST: usize = 8 << 20;
/// Tools of one answer that are read.
const MOST: usize = 2048;

/// What one answer lists.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The tools.
    pub tools: Vec<Tool>,
    /// How the list goes on, if it does.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(default)]
    id: Value,
    #[serde(borrow, default)]
    result: Option<Listed<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    #[serde(borrow)]
    tools: Vec<&'a RawValue>,
    #[serde(default)]
    next_cursor: Value,
}

/// What an answer lists, and the ID of the request that it is to; nothing if `text` is another message.
#[must_use]
pub fn read(text: &str) -> Option<(Value, Listing)> {
    let Answer { id, result } = answer(text)?;
    let listed = result?;
    let (mut tools, mut places) = (Vec::<Tool>::new(), HashMap::new());
    for tool in listed.tools.iter().take(MOST).filter_map(|tool| Tool::read(tool.get())) {
        match places.entry(tool.name.clone()) {
            Entry::Occupied(at) => tools[*at.get()] = tool.without_hints(),
            Entry::Vacant(none) => {
                none.insert(tools.len());
                tools.push(tool);
            }
        }
    }
    let next = listed.next_cursor.as_str().map(ToOwned::to_owned);
    Some((id, Listing { tools, next }))
}

/// The messages of a batch; nothing if `text` is one message.
#[must_use]
pub fn batch(text: &str) -> Option<Vec<&RawValue>> {
    text.trim_start().starts_with('[').then(|| serde_json::from_str(text).ok()).flatten()
}

/// The same answer without the tools that are hidden; nothing where it has none of those.
#[must_use]
pub fn without(text: &str, hidden: impl Fn(&str) -> bool) -> Option<String> {
    let listed = answer(text)?.result?;
    let is_hidden = |tool: &&&RawValue| name(tool).is_none_or(|name| hidden(&name));
    let gone: HashSet<*const u8> =
        listed.tools.iter().filter(is_hidden).map(|tool| tool.get().as_ptr()).collect();
    let first = listed.tools.first().filter(|_| !gone.is_empty())?;
    let last = listed.tools.last()?;
    // All else stays byte for byte: what lies between the first and the last is put together anew.
    let begin = first.get().as_ptr() as usize - text.as_ptr() as usize;
    let end = last.get().as_ptr() as usize + last.get().len() - text.as_ptr() as usize;
    let kept = listed.tools.iter().filter(|tool| !gone.contains(&tool.get().as_ptr()));
    let kept = kept.map(|tool| tool.get()).collect::<Vec<_>>().join(",");
    Some([text.get(..begin)?, &kept, text.get(end..)?].concat())
}

fn answer(text: &str) -> Option<Answer<'_>> {
    // Most of what comes lists nothing. A key that is written with escapes is the same key.
    let may_list = text.contains("\"tools\"") || text.contains("\\u");
    may_list.then(|| serde_json::from_str(text).ok()).flatten()
}

/// The name of a tool. Nothing where it has none, or two: such a one could not be called.
#[must_use]
pub fn name(tool: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    serde_json::from_str::<Named>(tool.get()).ok().map(|named| named.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"{"jsonrpc":"2.0","id":1,"result":{ "tools": [
        {"name":"read","title":"Read it","annotations":{"readOnlyHint":true},"inputSchema":{"type":"object","properties":{"a":{},"b":{"x":1}}}},
        {"name":"wipe","description":"Deletes\n all"}, {"name":"add","annotations":{"destructiveHint":false}} ],
        "nextCursor":"2", "_meta":{}}}"#;

    #[test]
    fn tools_are_read_with_their_hints() {
        let (id, listing) = read(ANSWER).unwrap();
        assert_eq!(id, 1);
        let tools: Vec<_> =
            listing.tools.iter().map(|tool| (tool.name.as_str(), tool.read_only, tool.destructive)).collect();
        assert_eq!(tools, [("read", Some(true), None), ("wipe", None, None), ("add", None, Some(false))]);
        assert_eq!((listing.next.as_deref(), listing.tools[0].parameters.len()), (Some("2"), 2));
        assert_eq!(listing.tools[1].description, "Deletes all");
        for other in
            [r#"{"id":1,"result":{"content":["tools"]}}"#, r#"{"id":1,"method":"tools"}"#, "[]", "tools"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_schema_is_the_same_in_any_order_of_its_keys_and_a_tool_that_is_there_twice_has_no_hints() {
        let list = |tools: &str| read(&format!(r#"{{"id":1,"result":{{"tools":[{tools}]}}}}"#)).unwrap().1;
        let one = list(r#"{"name":"a","inputSchema":{"type":"object","properties":{"x":{"a":1,"b":2}}}}"#);
        let same = list(r#"{"name":"a","inputSchema":{"properties":{"x":{"b":2,"a":1}},"type":"object"}}"#);
        let other = list(r#"{"name":"a","inputSchema":{"properties":{"x":{"b":3,"a":1}},"type":"object"}}"#);
        assert!(one == same && one.tools[0].schema != other.tools[0].schema);
        let hint = r#"{"name":"a","annotations":{"readOnlyHint":true}}"#;
        assert_eq!(list(&format!("{hint},{hint}")).tools[0].read_only, None);
    }

    #[test]
    fn hidden_tools_are_taken_out_and_all_else_stays_as_it_is() {
        let without = |hidden: &[&str]| without(ANSWER, |name| hidden.contains(&name));
        assert_eq!(without(&["other"]), None);
        let text = without(&["wipe"]).unwrap();
        let names: Vec<_> = read(&text).unwrap().1.tools.into_iter().map(|tool| tool.name).collect();
        assert_eq!(names, ["read", "add"]);
        assert!(
            text.starts_with(r#"{"jsonrpc":"2.0","id":1,"result":{ "tools": ["#)
                && text.ends_with(r#""_meta":{}}}"#)
        );
        let none = without(&["read", "wipe", "add"]).unwrap();
        assert_eq!(read(&none).unwrap().1.tools, []);
    }
    #[test]
    fn a_list_is_one_however_its_keys_are_written_and_whatever_it_says_of_the_next() {
        for text in [
            r#"{"id":"1","result":{"to\u006fls":[{"name":"wipe"}]}}"#,
            r#"{"id":"1","result":{"tools":[{"name":"wipe"}],"nextCursor":7}}"#,
            r#"{"id":"1","result":{"tools":[{"name":"wipe"}],"nextCursor":null}}"#,
        ] {
            let (id, listing) = read(text).unwrap();
            assert_eq!((id, listing.tools.len(), listing.next), ("1".into(), 1, None), "{text}");
            assert!(!without(text, |_| true).unwrap().contains("wipe"), "{text}");
        }
    }

    #[test]
    fn a_batch_is_told_from_a_message() {
        let batch = batch(r#" [{"id":1}, {"id":2}]"#).unwrap();
        assert_eq!(batch.iter().map(|one| one.get()).collect::<Vec<_>>(), [r#"{"id":1}"#, r#"{"id":2}"#]);
        assert!(super::batch(ANSWER).is_none() && super::batch("[").is_none());
    }
}
