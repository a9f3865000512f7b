//! Whether an entry leads to a known server by itself, and whether there is anything beside the address that
//! somebody would miss.

use crate::entry::{self, ListEntry, Server};
use crate::tree::Listed;
use serde_json::Value;
use url::Url;

/// Members of an entry that say where the server is and how the program goes about it.
const USUAL: [&str; 31] = [
    "type",
    "url",
    "httpUrl",
    "serverUrl",
    "uri",
    "baseUrl",
    "base_url",
    "server_url",
    "transport",
    "config",
    "name",
    "display_name",
    "description",
    "source",
    "bundled",
    "command",
    "cmd",
    "args",
    "enabled",
    "disabled",
    "timeout",
    "startup_timeout_sec",
    "tool_timeout_sec",
    "trust",
    "tools",
    "oauth",
    "auth",
    "oauthScope",
    "scope",
    "scopes",
    "$schema",
];

/// Whether an entry leads to the server at `url`, and not to the valet.
#[must_use]
pub fn leads_itself(value: &Value, url: &str) -> bool {
    read(value).is_some_and(|server| Url::parse(url).is_ok_and(|url| url == server.url))
}

/// Whether the program signs in by itself with this entry: it is switched on, has nothing that is secret, and
/// nothing that is unknown.
#[must_use]
pub fn is_plain(value: &Value) -> bool {
    let signs_in = |server: Server| {
        !server.disabled && !server.is_older && server.left.is_empty() && server.key_headers.is_empty()
    };
    read(value).is_some_and(signs_in) && is_usual(value)
}

fn read(value: &Value) -> Option<Server> {
    let (name, value) = (String::new(), value.clone());
    let listed = Listed { name, project: None, disabled: false, is_older: false, value };
    match entry::read(&listed) {
        ListEntry::Server(server) => Some(*server),
        ListEntry::Not(_) => None,
    }
}

fn is_usual(value: &Value) -> bool {
    let Some(members) = value.as_object() else { return false };
    members.iter().all(|(key, value)| match key.as_str() {
        "transport" | "config" if value.is_object() => is_usual(value),
        key => USUAL.contains(&key) || is_nothing(value),
    })
}

/// Whether a member says no more than one that is left out.
#[must_use]
pub fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}
