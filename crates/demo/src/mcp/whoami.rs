//! The tool that says who is signed in.

use serde_json::{Value, json};

use super::bearer::Bearer;
use super::rpc::Refusal;

const NAME: &str = "whoami";

/// The tool as `tools/list` shows it.
pub(super) fn tool() -> Value {
    json!({
        "name": NAME,
        "title": "Who am I?",
        "description": "Says which demo account is signed in, with which scopes, and for how many seconds.",
        "inputSchema": {"type": "object", "properties": {}, "additionalProperties": false},
        "outputSchema": {
            "type": "object",
            "properties": {
                "account": {"type": "string"},
                "name": {"type": "string"},
                "scopes": {"type": "array", "items": {"type": "string"}},
                "secondsLeft": {"type": "integer"},
            },
            "required": ["account", "name", "scopes", "secondsLeft"],
        },
        "annotations": {"readOnlyHint": true, "openWorldHint": false},
    })
}

/// The answer of `tools/call`.
///
/// # Errors
/// Invalid parameters if another tool is called, or arguments are given.
pub(super) fn call(bearer: &Bearer, params: &Value) -> Result<Value, Refusal> {
    if params["name"] != NAME {
        return Err(Refusal::params("Unknown tool; there are whoami and change"));
    }
    let arguments = &params["arguments"];
    if !arguments.is_null() && arguments.as_object().is_none_or(|arguments| !arguments.is_empty()) {
        return Err(Refusal::params("whoami takes no arguments"));
    }
    let Bearer { account, scopes, seconds_left } = bearer;
    let names: Vec<_> = scopes.iter().collect();
    let text = format!(
        "You are {} ({}), with {scopes}; this token lives {seconds_left} more seconds.",
        account.name(),
        account.id()
    );
    Ok(json!({
        "content": [{"type": "text", "text": text}],
        "structuredContent": {
            "account": account.id(), "name": account.name(), "scopes": names, "secondsLeft": seconds_left,
        },
        "isError": false,
    }))
}
