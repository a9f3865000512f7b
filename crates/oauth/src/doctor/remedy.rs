//! From a fault to a finding: the rule that was broken, and the exact remedy.

use super::report::{Finding, Rule, Who};
use super::{Plan, rule};
use crate::fault::{Fault, Kind, Party};
use crate::issuer::Issuer;
use crate::obstacle::Distrust;
use crate::said::Said;
use crate::server::ServerUrl;
use words::say;

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
        Kind::NoPkce { .. } => (Who::Issuer, say!(doctor_add_pkce)),
        Kind::Certificate { distrust: Distrust::Expired | Distrust::OtherName, .. } => {
            (operator(fault), fault.advice())
        }
        Kind::Address { host } => (operator(fault), say!(doctor_public_address, host = host)),
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
    say!(
        doctor_outside_address,
        option = plain::command("--oauth-external-url", &[&outside]),
        outside = outside
    )
}

fn resource_mismatch(server: &ServerUrl, resource: &Said) -> String {
    let (shown, exact) = (resource.as_str(), resource.pasted());
    say!(doctor_resource_mismatch, server = server.to_string(), shown = shown, exact = exact)
}

/// How to make two issuers one; the difference is named where it is hard to see.
pub(super) fn issuer_mismatch(expected: &Issuer, found: &str) -> String {
    let expected = plain::pasted(expected.as_str());
    match expected.trim_end_matches('/') == found.trim_end_matches('/') {
        true => say!(doctor_issuer_slash, expected = expected, found = found),
        false => say!(doctor_issuer_mismatch, expected = expected, found = found),
    }
}

/// How to sign in where programs are not registered by themselves.
pub(super) fn register_by_hand(issuer: &Issuer, server: &ServerUrl, plan: &Plan) -> String {
    let then = match &plan.name {
        Some(name) => say!(doctor_then_configure, server = name),
        None => say!(
            doctor_then_run,
            command = plain::command("mcp-valet add --client-id ID", &[server.as_str()])
        ),
    };
    say!(doctor_register_by_hand, host = issuer.host(), uri = &plan.redirect_uri, then = then)
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
