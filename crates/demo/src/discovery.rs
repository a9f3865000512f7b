//! The documents by which a client finds its way.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::call::Call;
use crate::scope::Scope;
use crate::state::Demo;

/// Where the protected resource's metadata is (RFC 9728 §3.1).
pub(crate) const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";

/// Authorization server metadata (RFC 8414 §2).
pub(crate) fn authorization_server(demo: &Demo, _: &Call) -> Response {
    let mut document = provider::authorization_server(&demo.profile, demo.registers, false);
    document["introspection_endpoint"] = demo.url("/introspect").into();
    document["introspection_endpoint_auth_methods_supported"] =
        document["token_endpoint_auth_methods_supported"].clone();
    document["jwks_uri"] = demo.url("/jwks.json").into();
    document["service_documentation"] = demo.url("/").into();
    document["protected_resources"] = json!([demo.resource]);
    Json(document).into_response()
}

/// Protected resource metadata (RFC 9728 §2). `offline_access` is the authorization server's, not the
/// resource's.
pub(crate) fn protected_resource(demo: &Demo, _: &Call) -> Response {
    let scopes = [Scope::Read.name(), Scope::Write.name()];
    let mut document = provider::protected_resource(&demo.profile, &demo.resource, "MCP Valet demo", &scopes);
    document["jwks_uri"] = demo.url("/jwks.json").into();
    document["resource_documentation"] = demo.url("/").into();
    Json(document).into_response()
}

/// The keys that access tokens are signed with (RFC 7517 §5).
pub(crate) fn keys(demo: &Demo, _: &Call) -> Response {
    Json(demo.key.jwks()).into_response()
}
