//! The documents by which a client finds its way.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::call::Call;
use crate::scope::Scope;
use crate::state::Demo;

/// Where the protected resource's metadata is (RFC 9728 §3.1).
pub(crate) const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";
const AUTH_METHODS: [&str; 3] = ["none", "client_secret_basic", "client_secret_post"];

/// Authorization server metadata (RFC 8414 §2).
pub(crate) fn authorization_server(demo: &Demo, _: &Call) -> Response {
    let mut document = json!({
        "issuer": demo.issuer,
        "authorization_endpoint": demo.url("/authorize"),
        "token_endpoint": demo.url("/token"),
        "revocation_endpoint": demo.url("/revoke"),
        "introspection_endpoint": demo.url("/introspect"),
        "jwks_uri": demo.url("/jwks.json"),
        "service_documentation": demo.url("/"),
        "scopes_supported": Scope::ALL.map(Scope::name),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
        "introspection_endpoint_auth_methods_supported": AUTH_METHODS,
        "authorization_response_iss_parameter_supported": demo.sends_iss,
        "protected_resources": [demo.resource],
    });
    if demo.registers {
        document["registration_endpoint"] = Value::String(demo.url("/register"));
    }
    Json(document).into_response()
}

/// Protected resource metadata (RFC 9728 §2). `offline_access` is the authorization server's, not the
/// resource's.
pub(crate) fn protected_resource(demo: &Demo, _: &Call) -> Response {
    Json(json!({
        "resource": demo.resource,
        "resource_name": "MCP Valet demo",
        "authorization_servers": [demo.issuer],
        "jwks_uri": demo.url("/jwks.json"),
        "scopes_supported": [Scope::Read.name(), Scope::Write.name()],
        "bearer_methods_supported": ["header"],
        "resource_documentation": demo.url("/"),
    }))
    .into_response()
}

/// The keys that access tokens are signed with (RFC 7517 §5).
pub(crate) fn keys(demo: &Demo, _: &Call) -> Response {
    Json(demo.key.jwks()).into_response()
}
