//! The rules that servers are held to, in our words, and where they stand.

use super::report::Rule;
use words::say;

const fn rule(says: fn() -> String, source: &'static str) -> Rule {
    Rule { says, source }
}

pub(super) const CERTIFICATE: Rule = rule(|| say!(rule_certificate), "RFC 9110 §4.3.4");
pub(super) const UNAUTHORIZED: Rule =
    rule(|| say!(rule_unauthorized), "MCP 2026-07-28, Authorization; RFC 6750 §3");
pub(super) const CHALLENGE: Rule = rule(|| say!(rule_challenge), "RFC 9110 §15.5.2, §11.6.1");
pub(super) const RESOURCE_METADATA: Rule =
    rule(|| say!(rule_resource_metadata), "RFC 9728 §5.1; MCP 2026-07-28, Authorization");
pub(super) const WELL_KNOWN_RESOURCE: Rule =
    rule(|| say!(rule_well_known_resource), "RFC 9728 §3.1; MCP 2026-07-28, Authorization");
pub(super) const RESOURCE: Rule = rule(|| say!(rule_resource), "RFC 9728 §3.3; RFC 8707 §2");
pub(super) const AUTHORIZATION_SERVERS: Rule =
    rule(|| say!(rule_authorization_servers), "RFC 9728 §2, §7.6; MCP 2026-07-28, Authorization");
pub(super) const FALLBACK: Rule =
    rule(|| say!(rule_fallback), "MCP 2025-03-26, Authorization (old, kept for old servers)");
pub(super) const WELL_KNOWN_ISSUER: Rule = rule(
    || say!(rule_well_known_issuer),
    "RFC 8414 §3.1; OpenID Connect Discovery 1.0 §4; MCP 2026-07-28, Authorization",
);
pub(super) const ISSUER: Rule =
    rule(|| say!(rule_issuer), "RFC 8414 §3.3; OpenID Connect Discovery 1.0 §4.3");
pub(super) const HTTPS: Rule =
    rule(|| say!(rule_https), "MCP 2026-07-28, Authorization, Communication Security");
pub(super) const NEARNESS: Rule =
    rule(|| say!(rule_nearness), "MCP 2026-07-28, Security Best Practices (SSRF); RFC 9728 §7.7");
pub(super) const PKCE: Rule =
    rule(|| say!(rule_pkce), "MCP 2026-07-28, Authorization; RFC 7636 §4.2; RFC 8414 §2");
pub(super) const ISS: Rule = rule(|| say!(rule_iss), "RFC 9207 §2, §3");
pub(super) const REGISTRATION: Rule =
    rule(|| say!(rule_registration), "MCP 2026-07-28, Authorization, Client Registration; RFC 7591 §3");
pub(super) const CLIENT_DOCUMENT: Rule = rule(
    || say!(rule_client_document),
    "OAuth Client ID Metadata Document (draft) §4; MCP 2026-07-28, Authorization",
);
pub(super) const SCOPES: Rule = rule(|| say!(rule_scopes), "MCP 2026-07-28, Authorization, Scope Selection");
pub(super) const REFRESH: Rule =
    rule(|| say!(rule_refresh), "MCP 2026-07-28, Authorization; OpenID Connect Core 1.0 §11");
pub(super) const METHODS: Rule = rule(|| say!(rule_methods), "RFC 8414 §2");
pub(super) const REVOCATION: Rule = rule(|| say!(rule_revocation), "RFC 7009 §2");
pub(super) const PUSHED: Rule = rule(|| say!(rule_pushed), "RFC 9126 §5");
pub(super) const DPOP: Rule = rule(|| say!(rule_dpop), "RFC 9449 §5.1");
pub(super) const DEVICE: Rule = rule(|| say!(rule_device), "RFC 8628 §4");
pub(super) const KEYS: Rule = rule(|| say!(rule_keys), "RFC 8414 §2");
