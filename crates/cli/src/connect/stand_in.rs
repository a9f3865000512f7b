//! What is answered in the place of a server that is not there yet, and in that of one that has less than was
//! announced before it was there.

use super::last::Last;
use super::message::Message;
use serde_json::{Map, Value, json};

/// The revisions that begin with `initialize`, the newest first.
const REVISIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// What a server has lists of.
pub(super) const LISTS: [&str; 3] = ["tools", "resources", "prompts"];

/// Longest name of a tool that all models take.
const LONGEST: usize = 64;

/// What becomes of a message while the server is not there.
#[derive(Debug, PartialEq)]
pub(super) enum Fate {
    /// It has this result.
    Answer(Value),
    /// The tool that stands for the server's is called.
    WaitingTool,
    /// The list of tools is asked for.
    Tools,
    /// It waits for the server.
    Wait,
    /// Nobody needs it.
    Drop,
}

/// The result of `initialize`: as the server answered it the last time, if that is known. Else everything is
/// announced that a server may have, and what it has not is answered as empty.
pub(super) fn initialized(initialize: &Message, server: &str, last: Option<&Last>) -> Value {
    let asked: Value = serde_json::from_slice(&initialize.text).unwrap_or_default();
    let place = |revision: &Value| REVISIONS.iter().position(|one| revision == one);
    // The client's own revision, or the server's if that is older.
    let asked = place(&asked["params"]["protocolVersion"]).unwrap_or(0);
    let spoken = last.and_then(|last| place(&last.initialized["protocolVersion"])).unwrap_or(0);
    let revision = REVISIONS.get(asked.max(spoken)).unwrap_or(&REVISIONS[0]);
    let Some(last) = last else { return unknown(server, revision) };
    let mut result = json!({
        "protocolVersion": revision,
        "capabilities": announced(last.capabilities()),
        "serverInfo": last.initialized.get("serverInfo").cloned().unwrap_or_else(|| info(server)),
    });
    let instructions =
        [&last.initialized, &last.discovered].into_iter().find_map(|said| said.get("instructions"));
    if let Some(instructions) = instructions {
        result["instructions"] = instructions.clone();
    }
    result
}

fn unknown(server: &str, revision: &str) -> Value {
    json!({
        "protocolVersion": revision,
        "capabilities": everything(),
        "serverInfo": info(server),
        "instructions": instructions(server),
    })
}

/// All that a server may have.
pub(super) fn everything() -> Value {
    json!({
        "tools": { "listChanged": true },
        "resources": { "listChanged": true, "subscribe": true },
        "prompts": { "listChanged": true },
        "completions": {},
        "logging": {},
    })
}

/// What the server had, of which the client will hear again.
pub(super) fn announced(capabilities: &Value) -> Value {
    let mut announced = capabilities.clone();
    for what in LISTS {
        if let Some(Value::Object(list)) = announced.get_mut(what) {
            list.insert("listChanged".to_owned(), true.into());
        }
    }
    if announced.is_null() { json!({ "tools": { "listChanged": true } }) } else { announced }
}

pub(super) fn info(server: &str) -> Value {
    json!({ "name": server, "version": env!("CARGO_PKG_VERSION") })
}

pub(super) fn instructions(server: &str) -> String {
    format!("{server} is not connected yet: call {} to wait for it.", tool_name(server))
}

/// What becomes of a message while the server is not there.
pub(super) fn fate(message: &Message, server: &str) -> Fate {
    if message.is_batch() {
        return Fate::Wait;
    }
    if message.ids.is_empty() {
        return Fate::Drop;
    }
    match message.method.as_str() {
        "tools/list" => Fate::Tools,
        "tools/call" if is_waiting_tool(message, server) => Fate::WaitingTool,
        method => empty(method).map_or(Fate::Wait, Fate::Answer),
    }
}

/// The result of a request for something that the server does not have at all.
pub(super) fn lacking(message: &Message, capabilities: &Value) -> Option<Value> {
    let needed = match message.method.split_once('/')?.0 {
        "tools" => "tools",
        "prompts" => "prompts",
        "resources" => "resources",
        "completion" => "completions",
        "logging" => "logging",
        _ => return None,
    };
    if capabilities.get(needed).is_some() { None } else { empty(&message.method) }
}

/// What is answered where there is nothing.
fn empty(method: &str) -> Option<Value> {
    Some(match method {
        "ping" | "logging/setLevel" | "resources/unsubscribe" => json!({}),
        "tools/list" => json!({ "tools": [] }),
        "prompts/list" => json!({ "prompts": [] }),
        "resources/list" => json!({ "resources": [] }),
        "resources/templates/list" => json!({ "resourceTemplates": [] }),
        "completion/complete" => json!({ "completion": { "values": [] } }),
        _ => return None,
    })
}

/// The list of tools: the server's of the last time, or else the one that waits for it.
pub(super) fn tools(server: &str, last: Option<&Last>) -> String {
    let tools = last.map_or_else(|| waiting_tool(server).to_string(), Last::tools);
    format!(r#"{{"tools":[{tools}]}}"#)
}

/// The tool that waits for the server.
fn waiting_tool(server: &str) -> Value {
    json!({
        "name": tool_name(server),
        "title": format!("Connect to {server}"),
        "description": format!(
            "{server} is not connected yet, so its tools are not in this list. Call this tool to wait for it; if \
             somebody has to sign in or allow it first, MCP Valet asks them on their screen. Then look at the list of \
             tools again."
        ),
        "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
        "annotations": { "readOnlyHint": true, "openWorldHint": false },
    })
}

/// Whether the tool is called that waits for the server: some programs do so when it is there already.
pub(super) fn is_waiting_tool(message: &Message, server: &str) -> bool {
    message.method == "tools/call" && message.name.as_deref() == Some(&tool_name(server))
}

/// What the waiting tool says once the server is there. Some programs look at the list of tools only when
/// this call is over, and some never again.
pub(super) fn connected(server: &str, has_listed: bool) -> Value {
    said(&match has_listed {
        true => format!("{server} is connected, and its tools are in the list of tools now."),
        false => format!(
            "{server} is connected. If its tools are not in the list of tools now, this program does not look at \
             that list again: tell the person to restart this program once, and from then on it knows the tools of \
             {server} from its start."
        ),
    })
}

/// A result that says why there is none.
pub(super) fn refused(error: &Value) -> Value {
    let why = error["message"].as_str().unwrap_or("The server is not there.");
    let mut result = said(why);
    result["isError"] = json!(true);
    if let Some(data) = error.get("data") {
        result["_meta"] = json!({ "mcp-valet/problem": data });
    }
    result
}

/// The notifications by which the client looks again at those of these lists that there are.
pub(super) fn news(capabilities: &Value, lists: &[&str]) -> Vec<String> {
    let has = |what: &&&str| **what == "tools" || capabilities.get(what).is_some();
    let changed = lists.iter().filter(has).map(|what| format!("notifications/{what}/list_changed"));
    changed.map(|method| json!({ "jsonrpc": "2.0", "method": method }).to_string()).collect()
}

/// How far a request is that waits.
pub(super) fn progress(token: &Value, step: u64) -> String {
    let params: Map<String, Value> = Map::from_iter([
        ("progressToken".to_owned(), token.clone()),
        ("progress".to_owned(), json!(step)),
        ("message".to_owned(), json!("Waiting for MCP Valet")),
    ]);
    json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": params }).to_string()
}

fn said(text: &str) -> Value {
    json!({ "content": [{ "type": "text", "text": text }] })
}

/// Such as `connect_to_linear`.
fn tool_name(server: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = "connect_to_".chars().chain(server.chars().map(plain)).collect();
    name.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        Message::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_revision_is_the_clients_if_there_is_such_a_one() {
        let revision = |asked: &str| {
            let text = format!(
                r#"{{"id":1,"method":"initialize","params":{{"protocolVersion":"{asked}","capabilities":{{}}}}}}"#
            );
            initialized(&message(&text), "linear", None)["protocolVersion"].clone()
        };
        assert_eq!(revision("2024-11-05"), "2024-11-05");
        assert_eq!(revision("2099-01-01"), "2025-11-25");
    }

    #[test]
    fn what_is_known_of_the_last_time_is_announced_with_what_will_change() {
        let said = r#"{"initialized":{"protocolVersion":"2025-03-26","capabilities":{"tools":{},"x":{"y":1}},
            "serverInfo":{"name":"Linear","version":"7"},"instructions":"Be kind."},"tools":[{"name":"a"}]}"#;
        let last = Last::of(serde_json::from_str(said).unwrap()).unwrap();
        let asked = r#"{"id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#;
        let result = initialized(&message(asked), "linear", Some(&last));
        assert_eq!(
            result,
            json!({
                "protocolVersion": "2025-03-26",
                "capabilities": { "tools": { "listChanged": true }, "x": { "y": 1 } },
                "serverInfo": { "name": "Linear", "version": "7" },
                "instructions": "Be kind.",
            })
        );
        assert_eq!(tools("linear", Some(&last)), r#"{"tools":[{"name":"a"}]}"#);
    }

    #[test]
    fn a_call_waits_lists_are_empty_and_notifications_are_nothing() {
        let fate = |text: &str| fate(&message(text), "my server");
        assert_eq!(fate(r#"{"id":1,"method":"tools/call","params":{"name":"read"}}"#), Fate::Wait);
        assert_eq!(
            fate(r#"{"id":1,"method":"tools/call","params":{"name":"connect_to_my_server"}}"#),
            Fate::WaitingTool
        );
        assert_eq!(fate(r#"{"id":1,"method":"prompts/list"}"#), Fate::Answer(json!({ "prompts": [] })));
        assert_eq!(fate(r#"{"method":"notifications/roots/list_changed"}"#), Fate::Drop);
        assert_eq!(fate(r#"{"id":1,"result":{}}"#), Fate::Drop);
        assert_eq!(fate(r#"[{"id":1,"method":"tools/call"}]"#), Fate::Wait);
    }

    #[test]
    fn what_was_announced_and_is_not_there_is_empty() {
        let capabilities = json!({ "tools": {} });
        let list = message(r#"{"id":1,"method":"resources/list"}"#);
        assert_eq!(lacking(&list, &capabilities), Some(json!({ "resources": [] })));
        assert_eq!(lacking(&message(r#"{"id":1,"method":"tools/list"}"#), &capabilities), None);
        assert_eq!(lacking(&message(r#"{"id":1,"method":"resources/read"}"#), &capabilities), None);
    }
}
