//! Google accounts, and a Google MCP server.

use super::{has, metadata_only_at, server};
use crate::{Internet, Recorded, Reply, Rogue};
use serde_json::json;

/// Starts both; the first is the MCP server, which asks for a token only when a tool is called, and names
/// Google with a slash.
pub fn google(internet: &Internet) -> (Rogue, Rogue) {
    let mcp = server(
        internet,
        "mcp.googleapis.com",
        "https://accounts.google.com/",
        &["https://www.googleapis.com/auth/maps"],
    );
    mcp.plan(|request| {
        let open = request.path == "/mcp" && request.body.contains("\"initialize\"");
        open.then(|| Reply::Json(200, json!({ "jsonrpc": "2.0", "id": 1, "result": {} })))
    });
    let google = internet.server("accounts.google.com");
    internet.leads("oauth2.googleapis.com", &google);
    let metadata = json!({
        "issuer": "https://accounts.google.com",
        "authorization_endpoint": "https://accounts.google.com/authorize",
        "token_endpoint": "https://oauth2.googleapis.com/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "scopes_supported": ["openid", "email", "profile"],
        "authorization_response_iss_parameter_supported": true,
    });
    metadata_only_at(&google, "/.well-known/openid-configuration", metadata);
    google.plan(|request| (request.path == "/token").then(|| token(request)).flatten());
    (mcp, google)
}

/// The secret is wanted although there is PKCE.
fn token(request: &Recorded) -> Option<Reply> {
    let secret =
        has(request, "client_secret", "s3cret-s3cret") || request.headers.contains_key("authorization");
    let refusal = json!({ "error": "invalid_request", "error_description": "client_secret is missing." });
    (!secret).then_some(Reply::Json(400, refusal))
}
