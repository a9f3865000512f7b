//! The tool that needs more than the usual scope, so that a client can be seen to ask for it.

use serde_json::{Value, json};

const NAME: &str = "change";

/// The tool as `tools/list` shows it.
pub(super) fn tool() -> Value {
    json!({
        "name": NAME,
        "title": "Change nothing",
        "description": "Changes nothing, for which it needs the scope demo:write.",
        "inputSchema": {"type": "object", "properties": {}, "additionalProperties": false},
        "annotations": {"readOnlyHint": false, "destructiveHint": false, "openWorldHint": false},
    })
}

/// Whether these parameters of `tools/call` call it.
pub(super) fn is_called(params: &Value) -> bool {
    params["name"] == NAME
}

/// The answer of `tools/call`.
pub(super) fn call() -> Value {
    json!({"content": [{"type": "text", "text": "Nothing was changed, as you wished."}], "isError": false})
}
