//! From a fault to a finding: the rule that was broken, and the exact remedy.

use super::report::{Finding, Rule, Who};
use super::{Plan, rule};
use crate::fault::{Fault, Kind, Party};
use crate::issuer::Issuer;
use crate::obstacle::Distrust;
use crate::said::Said;
use crate::server::ServerUrl;

/// Why the product would stop here.
pub(super) fn trouble(fault: &Fault, server: &ServerUrl) -> Finding {
    let (who, what) = remedy(fault, server);
    let finding = Finding::trouble(fault.code(), sentence(fault)).remedy(who, what);
    match broken(fault) {
        Some(rule) => finding.by(rule),
        None => finding,
    }
}

/// A fault's words as a sentence of their own.
fn sentence(fault: &Fault) -> String {
    let text = fault.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    // A host keeps its own case.
    let named = text.split(' ').next().is_some_and(|word| word.contains(['.', ':', '/']));
    if named { format!("{text}.") } else { format!("{first}{}.", letters.as_str()) }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "only faults of discovery break a rule that is shown")]
fn broken(fault: &Fault) -> Option<Rule> {
    let server = fault.party() == Party::Server;
    match fault.kind() {
        Kind::Certificate { .. } => Some(rule::CERTIFICATE),
        Kind::Address { .. } => Some(rule::NEARNESS),
        Kind::Insecure { .. } => Some(rule::HTTPS),
        Kind::ResourceMismatch { .. } => Some(rule::RESOURCE),
        Kind::IssuerMismatch { .. } => Some(rule::ISSUER),
        Kind::NoMetadata { .. } => Some(rule::WELL_KNOWN_ISSUER),
        Kind::NoPkce { .. } => Some(rule::PKCE),
        Kind::NoRegistration { .. } => Some(rule::REGISTRATION),
        Kind::PushRequired { .. } => Some(rule::PUSHED),
        Kind::NotJson { .. } | Kind::Status { .. } | Kind::Answer { .. } if server => {
            Some(rule::WELL_KNOWN_RESOURCE)
        }
        Kind::NotJson { .. } | Kind::Status { .. } | Kind::Answer { .. } => Some(rule::WELL_KNOWN_ISSUER),
        _ => None,
    }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "the rest has its advice")]
fn remedy(fault: &Fault, server: &ServerUrl) -> (Who, String) {
    match fault.kind() {
        Kind::Insecure { tls_proxy: true, .. } => (Who::Server, behind_tls(server)),
        Kind::ResourceMismatch { resource, .. } => (Who::Server, resource_mismatch(server, resource)),
        Kind::IssuerMismatch { expected, found } => (Who::Issuer, issuer_mismatch(expected, found.pasted())),
        Kind::NoPkce { .. } => (
            Who::Issuer,
            "Add \"code_challenge_methods_supported\": [\"S256\"] to its metadata, if it supports PKCE. If its operator confirms that it does, you can set oauth.pkce to \"assume\".".to_owned(),
        ),
        Kind::Certificate { distrust: Distrust::Expired | Distrust::OtherName, .. } => {
            (operator(fault), fault.advice())
        }
        Kind::Address { host } => (
            operator(fault),
            format!("A public server must name public addresses only. If {host} is meant, for example in your company's network, you can name the authorization server yourself in oauth.authorizationServer."),
        ),
        _ => (operator_or_person(fault), fault.advice()),
    }
}

/// Whoever runs what is at fault; of the way there, nobody but the person can do something.
fn operator_or_person(fault: &Fault) -> Who {
    match fault.party() {
        Party::Network | Party::Configuration | Party::Person => Who::Person,
        Party::Server => Who::Server,
        Party::Issuer => Who::Issuer,
    }
}

fn operator(fault: &Fault) -> Who {
    if fault.is_about_issuer() { Who::Issuer } else { Who::Server }
}

fn behind_tls(server: &ServerUrl) -> String {
    let outside = server.url().origin().ascii_serialization();
    format!(
        "The server is reached by https, but calls itself http: a proxy in front of it ends TLS. Tell the server its outside \
         address: {} (aks-mcp), `base_url=\"{outside}\"` (FastMCP), or the public or issuer URL \
         in its settings. If it goes by the request, let the proxy send `X-Forwarded-Proto: https` and `X-Forwarded-Host`, \
         and the server trust them (uvicorn: `--proxy-headers --forwarded-allow-ips=…`).",
        plain::command("--oauth-external-url", &[&outside])
    )
}

fn resource_mismatch(server: &ServerUrl, resource: &Said) -> String {
    let (shown, exact) = (resource.as_str(), resource.pasted());
    format!(
        "Let the metadata say \"resource\": \"{server}\". If the server is meant to be used as {shown}, use that URL. If its \
         operator confirms the other name, you can set oauth.resource to \"{exact}\"."
    )
}

/// How to make two issuers one; the difference is named where it is hard to see.
pub(super) fn issuer_mismatch(expected: &Issuer, found: &str) -> String {
    let expected = plain::pasted(expected.as_str());
    let difference = if expected.trim_end_matches('/') == found.trim_end_matches('/') {
        " They differ in the slash at the end only, and that makes them two."
    } else {
        ""
    };
    format!(
        "Let the metadata say \"issuer\": \"{expected}\", or let the MCP server name \"{found}\" in authorization_servers.{difference} \
         If the operator confirms that both are the same, you can set oauth.authorizationServer to \"{found}\"."
    )
}

/// How to sign in where programs are not registered by themselves.
pub(super) fn register_by_hand(issuer: &Issuer, server: &ServerUrl, plan: &Plan) -> String {
    let then = match &plan.name {
        Some(name) => format!(
            "put its ID into the configuration as mcpServers.{name}.oauth.clientId (with clientSecret if it has one)"
        ),
        None => format!(
            "run {} (with --client-secret-stdin if it has a secret)",
            plain::command("mcp-valet add --client-id ID", &[server.as_str()])
        ),
    };
    format!(
        "Register an app at {} by hand with the redirect URI {}, then {then}.",
        issuer.host(),
        plan.redirect_uri
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_that_makes_two_issuers_is_pointed_at() {
        let issuer = Issuer::parse("https://a").unwrap();
        assert!(issuer_mismatch(&issuer, "https://a/").contains("slash at the end"));
        assert!(!issuer_mismatch(&issuer, "https://b").contains("slash"));
    }
}
