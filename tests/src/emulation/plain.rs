//! Providers that differ from the ordinary in single members of their documents.

use super::{METADATA, has};
use crate::{Internet, Reply, Rogue};
use serde_json::json;

/// Notion: the resource is the origin, and tokens are revoked where they are issued.
pub fn notion(internet: &Internet) -> Rogue {
    let rogue = internet.server("mcp.notion.com");
    rogue.edit_resource(json!("https://mcp.notion.com"));
    rogue.edit(METADATA, "revocation_endpoint", json!("https://mcp.notion.com/token"));
    rogue.edit(METADATA, "client_id_metadata_document_supported", json!(true));
    rogue
}

/// Sentry: tokens live a quarter of an hour, and the origin as resource is refused.
pub fn sentry(internet: &Internet) -> Rogue {
    let rogue = internet.server("mcp.sentry.dev");
    rogue.token_lifetime(Some(900));
    rogue.plan(|request| {
        let wrong =
            request.field("resource").is_some_and(|resource| resource != "https://mcp.sentry.dev/mcp");
        (request.path == "/token" && wrong).then(|| Reply::error(400, "invalid_target"))
    });
    rogue
}

/// A server on Cloudflare's library: revocation at the token endpoint, and registration that gives a secret
/// although none was asked for.
pub fn cloudflare_worker(internet: &Internet) -> Rogue {
    let rogue = internet.server("tool.workers.dev");
    rogue.edit(METADATA, "revocation_endpoint", json!("https://tool.workers.dev/token"));
    rogue.edit("/register", "client_secret", json!("unasked-for-secret"));
    rogue.plan(|request| {
        let revokes = request.path == "/token" && request.field("token").is_some();
        (revokes && !has(request, "grant_type", "refresh_token")).then(|| Reply::Bare(200, Vec::new()))
    });
    rogue
}
