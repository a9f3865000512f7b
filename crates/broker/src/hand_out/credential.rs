//! The credential as it is put into a request that goes through the proxy.

use crate::agent::Agent;
use crate::audit::{self, Receipt};
use crate::consent::Permit;
use crate::outcome;
use crate::vault::Grant;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use wire::Problem;
use zeroize::Zeroizing;

/// The headers that show `grant` to its server in one request of `method`, the JSON-RPC method or else the HTTP one; none where
/// nobody has signed in. The entry in the audit is written first.
pub(crate) fn credential(
    agent: &Agent,
    permit: &Permit,
    name: &str,
    grant: Option<&Grant>,
    method: &str,
) -> Result<HeaderMap, Problem> {
    let receipt = note(agent, name, grant, method)?;
    agent.valet.used.notify_one();
    grant.map_or_else(|| Ok(HeaderMap::new()), |grant| show(permit, &receipt, grant))
}

fn note(agent: &Agent, name: &str, grant: Option<&Grant>, method: &str) -> Result<Receipt, Problem> {
    let mut entry = audit::entry(agent.valet.clock.now(), "proxied", &agent.name());
    entry.executable = Some(agent.peer.executable().path());
    entry.server = Some(name.to_owned());
    entry.scopes = grant.map(|grant| grant.parts.scopes.clone()).unwrap_or_default();
    entry.method = Some(method.to_owned());
    agent.valet.audit.write(&entry).map_err(|error| outcome::not_audited(&error))
}

/// RFC 6750 §2.1. A header marked as sensitive is not printed, and not kept in HTTP/2's tables.
fn show(_: &Permit, _: &Receipt, grant: &Grant) -> Result<HeaderMap, Problem> {
    let line = Zeroizing::new(format!("Bearer {}", grant.access.expose()));
    let mut value = HeaderValue::from_str(&line).map_err(|_| {
        outcome::failed(
            "token_invalid",
            "the issuer's token has characters that no header can carry",
            "Tell the issuer's operator.",
        )
    })?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
}
