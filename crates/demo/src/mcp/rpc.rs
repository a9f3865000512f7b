//! JSON-RPC 2.0: one message in, one answer out.

use http::StatusCode;
use serde_json::{Value, json};

use super::bearer::Bearer;
use super::change;
use super::version::Version;
use super::whoami;
use crate::call::Call;
use crate::scope::Scope;

/// What goes back.
pub(super) enum Outcome {
    /// The message wants no answer.
    Nothing,
    /// The token is not good for this: another scope is needed.
    TooNarrow(Scope),
    /// A status and a JSON-RPC response.
    Reply(StatusCode, Value),
}

/// Why a request has no result.
pub(super) struct Refusal {
    /// The HTTP status; 200 where the protocol version keeps errors inside the body.
    pub(super) status: StatusCode,
    /// The JSON-RPC code.
    pub(super) code: i32,
    /// One sentence.
    pub(super) message: &'static str,
    /// What the code calls for.
    pub(super) data: Option<Value>,
}

impl Refusal {
    const fn new(status: StatusCode, code: i32, message: &'static str) -> Self {
        Self { status, code, message, data: None }
    }

    /// Header and body say different things (MCP 2026-07-28, Streamable HTTP, "Server Validation").
    pub(super) const fn mismatch(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, -32020, message)
    }

    /// Parameters that the method does not take.
    pub(super) const fn params(message: &'static str) -> Self {
        Self::new(StatusCode::OK, -32602, message)
    }

    fn reply(self, id: &Value) -> Outcome {
        Outcome::Reply(self.status, self.body(id))
    }

    fn body(self, id: &Value) -> Value {
        let mut body = json!({
            "jsonrpc": "2.0", "id": id, "error": {"code": self.code, "message": self.message},
        });
        if let Some(data) = self.data {
            body["error"]["data"] = data;
        }
        body
    }
}

const NOT_JSON: Refusal = Refusal::new(StatusCode::BAD_REQUEST, -32700, "Parse error");
const NOT_RPC: Refusal = Refusal::new(StatusCode::BAD_REQUEST, -32600, "Invalid request");

/// Answers the message in a call's body.
pub(super) fn answer(bearer: &Bearer, call: &Call) -> Outcome {
    match serde_json::from_slice(&call.body) {
        Err(_) => NOT_JSON.reply(&Value::Null),
        Ok(Value::Array(batch)) => several(bearer, call, &batch),
        Ok(message) => one(bearer, call, &message),
    }
}

/// Only the oldest version has batches.
fn several(bearer: &Bearer, call: &Call, batch: &[Value]) -> Outcome {
    let allowed = Version::of(call, &Value::Null).is_ok_and(|version| version == Version::V2025_03_26);
    if !allowed || batch.is_empty() {
        return NOT_RPC.reply(&Value::Null);
    }
    let replies: Vec<_> = batch
        .iter()
        .filter_map(|message| match one(bearer, call, message) {
            Outcome::Nothing => None,
            Outcome::TooNarrow(_) => {
                Some(Refusal::params("change cannot be called in a batch").body(&message["id"]))
            }
            Outcome::Reply(_, body) => Some(body),
        })
        .collect();
    if replies.is_empty() { Outcome::Nothing } else { Outcome::Reply(StatusCode::OK, Value::Array(replies)) }
}

fn one(bearer: &Bearer, call: &Call, message: &Value) -> Outcome {
    if message["jsonrpc"] != "2.0" {
        return NOT_RPC.reply(&Value::Null);
    }
    let id = &message["id"];
    let Some(method) = message["method"].as_str() else {
        // A response to a request that was never made; older versions let a client send one.
        let is_response = message.get("result").is_some() || message.get("error").is_some();
        return if is_response { Outcome::Nothing } else { NOT_RPC.reply(id) };
    };
    if message.get("id").is_none() {
        return Outcome::Nothing;
    }
    if !id.is_string() && !id.is_number() {
        return NOT_RPC.reply(&Value::Null);
    }
    if method == "tools/call"
        && change::is_called(&message["params"])
        && !bearer.scopes.has(Scope::Write.name())
    {
        return Outcome::TooNarrow(Scope::Write);
    }
    match result(bearer, call, message, method) {
        Ok(result) => Outcome::Reply(StatusCode::OK, json!({"jsonrpc": "2.0", "id": id, "result": result})),
        Err(refusal) => refusal.reply(id),
    }
}

fn result(bearer: &Bearer, call: &Call, message: &Value, method: &str) -> Result<Value, Refusal> {
    let params = &message["params"];
    if method == "initialize" {
        // The version is what is being agreed on, so no header is consulted.
        return Ok(initialize(params));
    }
    let version = Version::of(call, message)?;
    check_mirrors(call, params, method)?;
    let result = match method {
        "ping" => json!({}),
        "server/discover" => cacheable(discover(), version),
        "tools/list" => cacheable(json!({"tools": [whoami::tool(), change::tool()]}), version),
        "tools/call" if change::is_called(params) => change::call(),
        "tools/call" => whoami::call(bearer, params)?,
        _ => {
            let status = if version.is_stateless() { StatusCode::NOT_FOUND } else { StatusCode::OK };
            return Err(Refusal::new(status, -32601, "Method not found"));
        }
    };
    Ok(complete(result, version))
}

/// `Mcp-Method` and `Mcp-Name` repeat what the body says; absent is tolerated, different is not.
fn check_mirrors(call: &Call, params: &Value, method: &str) -> Result<(), Refusal> {
    if call.header("mcp-method").is_some_and(|mirror| mirror != method) {
        return Err(Refusal::mismatch("Mcp-Method and the body name different methods"));
    }
    let name = params["name"].as_str();
    if method == "tools/call" && call.header("mcp-name").is_some_and(|mirror| Some(mirror) != name) {
        return Err(Refusal::mismatch("Mcp-Name and the body name different tools"));
    }
    Ok(())
}

fn initialize(params: &Value) -> Value {
    json!({
        "protocolVersion": Version::agreed(params.get("protocolVersion")).name(),
        "capabilities": {"tools": {"listChanged": false}},
        "serverInfo": server_info(),
        "instructions": INSTRUCTIONS,
    })
}

const INSTRUCTIONS: &str = "A demo with two tools. whoami: which account is signed in, and for how long. change: needs another scope.";

fn discover() -> Value {
    json!({
        "supportedVersions": Version::names(),
        "capabilities": {"tools": {}},
        "instructions": INSTRUCTIONS,
    })
}

fn server_info() -> Value {
    json!({"name": "mcp-valet-demo", "title": "MCP Valet demo", "version": env!("CARGO_PKG_VERSION")})
}

/// Since 2026-07-28 a result says that it is whole, and who gives it.
fn complete(mut result: Value, version: Version) -> Value {
    if version.is_stateless() {
        result["resultType"] = "complete".into();
        result["_meta"] = json!({"io.modelcontextprotocol/serverInfo": server_info()});
    }
    result
}

/// Since 2026-07-28 a list says how long it keeps. This one never changes, but a token stands before it.
fn cacheable(mut result: Value, version: Version) -> Value {
    if version.is_stateless() {
        result["ttlMs"] = 3_600_000.into();
        result["cacheScope"] = "private".into();
    }
    result
}
