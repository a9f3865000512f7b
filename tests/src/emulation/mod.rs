//! Providers, as they were reported to behave: each a well-behaved one with its differences written on top.

mod asana;
mod atlassian;
mod entra;
mod github;
mod google;
mod plain;
mod slack;

pub use asana::asana;
pub use atlassian::{Atlassian, atlassian};
pub use entra::{Entra, Refuses, entra};
pub use github::{Encoding, github};
pub use google::google;
pub use plain::{cloudflare_worker, notion, sentry};
pub use slack::{Slack, slack};

use crate::{Internet, Recorded, Reply, Rogue};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

const METADATA: &str = "/.well-known/oauth-authorization-server";
const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";

/// An MCP server at `host` that trusts `issuer`, for `scopes`.
pub fn server(internet: &Internet, host: &str, issuer: &str, scopes: &[&str]) -> Rogue {
    let rogue = internet.server(host);
    rogue.edit(RESOURCE_METADATA, "authorization_servers", json!([issuer]));
    rogue.edit(RESOURCE_METADATA, "scopes_supported", json!(scopes));
    rogue
}

/// Serves metadata at this path and at no other.
fn metadata_only_at(rogue: &Rogue, path: &'static str, metadata: Value) {
    rogue.plan(move |request| match request.path.as_str() {
        at if at == path => Some(Reply::Json(200, metadata.clone())),
        at if at.contains("/.well-known/o") => Some(Reply::error(404, "not_found")),
        _ => None,
    });
}

/// The issuer's redirect with an error and no code (RFC 6749 §4.1.2.1).
fn sent_back(request: &Recorded, error: &str, description: &str) -> Reply {
    let mut query = Serializer::new(String::new());
    query.append_pair("error", error).append_pair("error_description", description);
    query.append_pair("state", &request.field("state").unwrap_or_default());
    Reply::Redirect(format!("{}?{}", request.field("redirect_uri").unwrap_or_default(), query.finish()))
}

/// Whether a member of the body, or of the query, has this value.
fn has(request: &Recorded, name: &str, value: &str) -> bool {
    request.field(name).as_deref() == Some(value)
}
