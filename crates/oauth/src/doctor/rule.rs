//! The rules that servers are held to, in our words, and where they stand.

use super::report::Rule;

const fn rule(says: &'static str, source: &'static str) -> Rule {
    Rule { says, source }
}

pub(super) const CERTIFICATE: Rule =
    rule("A server by https proves its name by a certificate that the client trusts.", "RFC 9110 §4.3.4");
pub(super) const UNAUTHORIZED: Rule = rule(
    "A server that wants a sign-in answers 401 to a request without a token.",
    "MCP 2026-07-28, Authorization; RFC 6750 §3",
);
pub(super) const CHALLENGE: Rule =
    rule("A 401 carries WWW-Authenticate with at least one challenge.", "RFC 9110 §15.5.2, §11.6.1");
pub(super) const RESOURCE_METADATA: Rule = rule(
    "The challenge says in resource_metadata where the server's metadata is; without it, clients try the well-known places.",
    "RFC 9728 §5.1; MCP 2026-07-28, Authorization",
);
pub(super) const WELL_KNOWN_RESOURCE: Rule = rule(
    "A server's metadata is JSON below /.well-known/oauth-protected-resource, first with the path of its URL, then without.",
    "RFC 9728 §3.1; MCP 2026-07-28, Authorization",
);
pub(super) const RESOURCE: Rule = rule(
    "The resource in the metadata is the server's URL (MCP: or a parent of it); clients ask tokens for exactly it.",
    "RFC 9728 §3.3; RFC 8707 §2",
);
pub(super) const AUTHORIZATION_SERVERS: Rule = rule(
    "The metadata names at least one authorization server; among several, the client chooses.",
    "RFC 9728 §2, §7.6; MCP 2026-07-28, Authorization",
);
pub(super) const FALLBACK: Rule = rule(
    "A server without metadata is its own authorization server.",
    "MCP 2025-03-26, Authorization (old, kept for old servers)",
);
pub(super) const WELL_KNOWN_ISSUER: Rule = rule(
    "An authorization server's metadata is JSON at one of these addresses, tried in this order.",
    "RFC 8414 §3.1; OpenID Connect Discovery 1.0 §4; MCP 2026-07-28, Authorization",
);
pub(super) const ISSUER: Rule = rule(
    "The issuer in the metadata is, byte for byte, the one that the address was built from.",
    "RFC 8414 §3.3; OpenID Connect Discovery 1.0 §4.3",
);
pub(super) const HTTPS: Rule = rule(
    "All endpoints are https, except on this computer.",
    "MCP 2026-07-28, Authorization, Communication Security",
);
pub(super) const NEARNESS: Rule = rule(
    "What a public server names is no private address.",
    "MCP 2026-07-28, Security Best Practices (SSRF); RFC 9728 §7.7",
);
pub(super) const PKCE: Rule = rule(
    "The metadata lists S256 in code_challenge_methods_supported; without it, clients refuse to go on.",
    "MCP 2026-07-28, Authorization; RFC 7636 §4.2; RFC 8414 §2",
);
pub(super) const ISS: Rule = rule(
    "Answers that carry iss, and metadata that says so, protect from mixing up two authorization servers.",
    "RFC 9207 §2, §3",
);
pub(super) const REGISTRATION: Rule = rule(
    "A client ID comes first: registered by hand, then a metadata document, then dynamic registration.",
    "MCP 2026-07-28, Authorization, Client Registration; RFC 7591 §3",
);
pub(super) const CLIENT_DOCUMENT: Rule = rule(
    "A client ID that is an https URL with a path leads to JSON whose client_id is exactly that URL.",
    "OAuth Client ID Metadata Document (draft) §4; MCP 2026-07-28, Authorization",
);
pub(super) const SCOPES: Rule = rule(
    "The challenge's scope counts, else all scopes of the server's metadata, else none; configured scopes override both.",
    "MCP 2026-07-28, Authorization, Scope Selection",
);
pub(super) const REFRESH: Rule = rule(
    "Where offline_access is known, it is asked for, so that the token can be renewed without you.",
    "MCP 2026-07-28, Authorization; OpenID Connect Core 1.0 §11",
);
pub(super) const METHODS: Rule = rule(
    "Clients prove themselves at the token endpoint in one of the ways listed; without a list, by client_secret_basic.",
    "RFC 8414 §2",
);
pub(super) const REVOCATION: Rule = rule("Tokens can be ended before they expire.", "RFC 7009 §2");
pub(super) const PUSHED: Rule = rule("Authorization requests can be pushed, or must be.", "RFC 9126 §5");
pub(super) const DPOP: Rule = rule("Tokens can be bound to a key.", "RFC 9449 §5.1");
pub(super) const DEVICE: Rule = rule("One can sign in on another device.", "RFC 8628 §4");
pub(super) const KEYS: Rule = rule("Signed tokens can be checked with the keys at jwks_uri.", "RFC 8414 §2");
