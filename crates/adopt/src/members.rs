//! What an entry has beside what the valet takes over. What is neither read nor known would be dropped, and
//! written down as it is, so it is refused: it may be a secret.

use crate::why::Why;
use import::{addresses, is_nothing};
use serde_json::{Map, Value};

/// What says only what it is and how its program shows it.
const SAID: [&str; 11] = [
    "$schema",
    "bundled",
    "description",
    "display_name",
    "gallery",
    "icon",
    "id",
    "name",
    "source",
    "title",
    "type",
];

/// What is taken over of a server at an address.
const OF_REMOTE: [&str; 20] = [
    "apiKey",
    "auth",
    "baseUrl",
    "base_url",
    "bearerToken",
    "bearer_token",
    "headers",
    "httpUrl",
    "http_headers",
    "oauth",
    "oauthClientId",
    "oauthScope",
    "oauth_scope",
    "requestOptions",
    "scope",
    "scopes",
    "serverUrl",
    "server_url",
    "uri",
    "url",
];

/// What is taken over of a program.
const OF_PROGRAM: [&str; 8] = ["args", "cmd", "command", "cwd", "env", "env_keys", "environment", "envs"];

/// What is taken over of what is said of signing in, or follows from the address.
const OF_SIGN_IN: [&str; 16] = [
    "CLIENT_ID",
    "authorizationUrl",
    "callbackPort",
    "callback_url",
    "clientId",
    "client_id",
    "enabled",
    "issuer",
    "oauthScope",
    "oauth_scope",
    "redirectUri",
    "redirect_uri",
    "scope",
    "scopes",
    "tokenUrl",
    "type",
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
/// `inner` has the members that were read, which some programs have one level further in.
pub(crate) fn kept(whole: &Value, inner: &Value) -> Result<Map<String, Value>, Why> {
    let of_inner = if addresses(inner).is_empty() { OF_PROGRAM.as_slice() } else { OF_REMOTE.as_slice() };
    let mut keeps = kept_of(inner, of_inner, &["config", "transport"], Value::is_string)?;
    if !std::ptr::eq(whole, inner) {
        keeps.extend(kept_of(whole, &[], &["config", "transport"], |value| std::ptr::eq(value, inner))?);
    }
    if let [_, _, ..] = addresses(inner).as_slice() {
        return Err(Why::More(addresses(inner).into_iter().map(ToOwned::to_owned).collect()));
    }
    if inner.get("env_keys").is_some_and(|keys| !is_nothing(keys)) {
        return Err(Why::Variables);
    }
    let is_only_headers = |options: &Value| {
        options.as_object().is_none_or(|options| options.keys().all(|key| key == "headers"))
    };
    if !inner.get("requestOptions").is_none_or(is_only_headers) {
        return Err(Why::More(vec!["requestOptions".to_owned()]));
    }
    signs_in(inner)?;
    Ok(keeps)
}

/// The same of one level. `further` leads further in, where it `leads`.
fn kept_of(
    value: &Value,
    taken: &[&str],
    further: &[&str],
    leads: impl Fn(&Value) -> bool,
) -> Result<Map<String, Value>, Why> {
    let Some(members) = value.as_object() else { return Err(Why::More(Vec::new())) };
    let is_known = |key: &str, value: &Value| {
        taken.contains(&key)
            || (SAID.contains(&key) && !value.is_object() && !value.is_array())
            || (further.contains(&key) && leads(value))
            || (KEPT.contains(&key) && is_simple(value))
    };
    let more = members.iter().filter(|(key, value)| !is_nothing(value) && !is_known(key, value));
    let more: Vec<String> = more.map(|(key, _)| plain::plain(key, 40)).collect();
    if !more.is_empty() {
        return Err(Why::More(more));
    }
    let keeps = members.iter().filter(|(key, value)| KEPT.contains(&key.as_str()) && !is_nothing(value));
    Ok(keeps.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// What is said of signing in is read in one place, and whole.
fn signs_in(value: &Value) -> Result<(), Why> {
    let said: Vec<(&str, &Value)> = ["oauth", "auth"]
        .into_iter()
        .filter_map(|key| Some((key, value.get(key).filter(|value| !is_nothing(value))?)))
        .collect();
    let is_read = |value: &Value| match value {
        Value::Object(block) => block.keys().all(|key| OF_SIGN_IN.contains(&key.as_str())),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(_) | Value::Array(_) => false,
    };
    match said.as_slice() {
        [(_, only)] if is_read(only) => Ok(()),
        [] => Ok(()),
        more => Err(Why::More(more.iter().map(|(key, _)| (*key).to_owned()).collect())),
    }
}

fn is_simple(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number.as_u64().is_some_and(|number| u32::try_from(number).is_ok()),
        Value::Array(all) => all.iter().all(Value::is_string),
        Value::Null | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use import::whole;
    use serde_json::json;

    fn more(value: &Value) -> Vec<String> {
        match kept(value, whole(value).1) {
            Err(Why::More(names)) => names,
            other => panic!("{other:?}: {value}"),
        }
    }

    #[test]
    fn what_nothing_read_is_named_and_does_not_go() {
        let url = "https://x.example/mcp";
        assert_eq!(more(&json!({ "url": url, "env": { "X_TOKEN": "ghp_a" } })), ["env"]);
        assert_eq!(more(&json!({ "command": "x", "headers": { "A": "b" } })), ["headers"]);
        assert_eq!(more(&json!({ "command": "x", "apiKey": "a" })), ["apiKey"]);
        assert_eq!(more(&json!({ "transport": { "url": url }, "headers": { "A": "b" } })), ["headers"]);
        assert_eq!(more(&json!({ "transport": { "url": url }, "config": { "url": url } })), ["config"]);
        assert_eq!(more(&json!({ "url": url, "httpUrl": url })), ["httpUrl", "url"]);
        assert_eq!(more(&json!({ "url": url, "auth": { "token": "a" } })), ["auth"]);
        assert_eq!(more(&json!({ "url": url, "source": { "token": "a" } })), ["source"]);
    }

    #[test]
    fn what_its_program_goes_on_reading_is_kept_from_both_levels() {
        let value = json!({ "transport": { "type": "http", "url": "https://x.example", "timeout": 5 }, "autoApprove": ["a"] });
        let keeps = kept(&value, whole(&value).1).unwrap();
        assert_eq!(Value::Object(keeps), json!({ "timeout": 5, "autoApprove": ["a"] }));
    }
}
