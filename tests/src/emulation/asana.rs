//! Asana, which registers clients from an allowlist of redirect URIs.

use super::METADATA;
use crate::{Internet, Reply, Rogue};
use serde_json::{Value, json};

/// Starts it with its MCP server. It registers clients whose redirect URIs are all at one of `hosts`; with
/// none, it registers nobody.
pub fn asana(internet: &Internet, hosts: &'static [&'static str]) -> Rogue {
    let rogue = internet.server("mcp.asana.com");
    if hosts.is_empty() {
        rogue.edit(METADATA, "registration_endpoint", Value::Null);
        rogue.edit(METADATA, "token_endpoint_auth_methods_supported", json!(["client_secret_post"]));
        return rogue;
    }
    rogue.plan(move |request| {
        if request.path != "/register" {
            return None;
        }
        let body: Value = serde_json::from_str(&request.body).unwrap();
        let uris = body["redirect_uris"].as_array().unwrap().clone();
        let allowed = |uri: &Value| {
            hosts.iter().any(|host| uri.as_str().unwrap().starts_with(&format!("http://{host}:")))
        };
        let disallowed: Vec<Value> = uris.into_iter().filter(|uri| !allowed(uri)).collect();
        let refusal = json!({ "error": "invalid_redirect_uri", "disallowed_uris": disallowed });
        (!disallowed.is_empty()).then_some(Reply::Json(400, refusal))
    });
    rogue
}
