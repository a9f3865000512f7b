//! The documents by which a client finds its way.

use serde_json::{Value, json};

use crate::profile::Profile;

/// Where a protected resource's metadata begins; the path of the resource follows (RFC 9728 §3.1).
pub const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource";
const AUTH_METHODS: [&str; 3] = ["none", "client_secret_basic", "client_secret_post"];

/// Authorization server metadata (RFC 8414 §2) of the endpoints that every one has. `registers` says whether
/// clients register themselves (RFC 7591), `reads_documents` whether an address of a document is a client id.
#[must_use]
pub fn authorization_server(profile: &Profile, registers: bool, reads_documents: bool) -> Value {
    let mut document = json!({
        "issuer": profile.issuer,
        "authorization_endpoint": profile.url("/authorize"),
        "token_endpoint": profile.url("/token"),
        "revocation_endpoint": profile.url("/revoke"),
        "scopes_supported": profile.scopes.iter().collect::<Vec<_>>(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
        "authorization_response_iss_parameter_supported": profile.sends_iss,
    });
    if registers {
        document["registration_endpoint"] = profile.url("/register").into();
    }
    if reads_documents {
        document["client_id_metadata_document_supported"] = true.into();
    }
    document
}

/// Protected resource metadata (RFC 9728 §2). `scopes` are those that the resource asks for.
#[must_use]
pub fn protected_resource(profile: &Profile, resource: &str, name: &str, scopes: &[&str]) -> Value {
    json!({
        "resource": resource,
        "resource_name": name,
        "authorization_servers": [profile.issuer],
        "scopes_supported": scopes,
        "bearer_methods_supported": ["header"],
    })
}
