//! Parameters of an authorization request (RFC 6749 §4.1.1).

/// What the sign-in sets by itself, and the person therefore may not.
const RESERVED: [&str; 14] = [
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "resource",
    "request",
    "request_uri",
    "client_secret",
    "nonce",
    "dpop_jkt",
];

/// Whether the sign-in sets this parameter by itself.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}
