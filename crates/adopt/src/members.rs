//! What an entry has beside what the valet takes over.

use crate::why::Why;
use serde_json::{Map, Value};

/// What is taken over, or says only what it is and how its program shows it.
const TAKEN: [&str; 40] = [
    "$schema",
    "apiKey",
    "args",
    "auth",
    "baseUrl",
    "base_url",
    "bearerToken",
    "bearer_token",
    "bundled",
    "cmd",
    "command",
    "config",
    "cwd",
    "description",
    "display_name",
    "env",
    "env_keys",
    "environment",
    "envs",
    "gallery",
    "headers",
    "httpUrl",
    "http_headers",
    "icon",
    "id",
    "name",
    "oauth",
    "oauthClientId",
    "oauthScope",
    "requestOptions",
    "scope",
    "scopes",
    "serverUrl",
    "server_url",
    "source",
    "title",
    "transport",
    "type",
    "uri",
    "url",
];

/// What its program goes on reading.
const KEPT: [&str; 19] = [
    "alwaysAllow",
    "autoApprove",
    "disabled",
    "disabledTools",
    "disabled_tools",
    "enabled",
    "enabledTools",
    "enabled_tools",
    "excludeTools",
    "includeTools",
    "initTimeout",
    "required",
    "startup_timeout_ms",
    "startup_timeout_sec",
    "timeout",
    "tool_timeout_sec",
    "tools",
    "trust",
    "version",
];

/// What its program goes on reading of an entry, unless there is something beside that would be missed.
pub(crate) fn kept(value: &Value) -> Result<Map<String, Value>, Why> {
    let Some(members) = value.as_object() else { return Err(Why::More(Vec::new())) };
    let is_more = |(key, value): &(&String, &Value)| {
        let is_kept = KEPT.contains(&key.as_str()) && is_simple(value);
        !TAKEN.contains(&key.as_str()) && !is_nothing(value) && !is_kept
    };
    let more: Vec<String> = members.iter().filter(is_more).map(|(key, _)| plain::plain(key, 40)).collect();
    if !more.is_empty() {
        return Err(Why::More(more));
    }
    if members.get("env_keys").is_some_and(|keys| !is_nothing(keys)) {
        return Err(Why::Variables);
    }
    let is_only_headers = |options: &Value| {
        options.as_object().is_none_or(|options| options.keys().all(|key| key == "headers"))
    };
    if !members.get("requestOptions").is_none_or(is_only_headers) {
        return Err(Why::More(vec!["requestOptions".to_owned()]));
    }
    let keeps = members.iter().filter(|(key, value)| KEPT.contains(&key.as_str()) && !is_nothing(value));
    Ok(keeps.map(|(key, value)| (key.clone(), value.clone())).collect())
}

fn is_simple(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number.as_u64().is_some_and(|number| u32::try_from(number).is_ok()),
        Value::Array(all) => all.iter().all(Value::is_string),
        Value::Null | Value::Object(_) => false,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}
