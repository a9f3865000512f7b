//! The credential as it is put into a request that goes through the proxy.

use crate::hand_out::caller::Caller;
use crate::hand_out::seal::count;
use crate::state::item::Grant;
use crate::state::meant::Meant;
use audit::Receipt;
use consent::permit::Permit;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use oauth::{ProofRequest, Secret, ServerUrl};
use wire::{Act, Problem, Reason};
use zeroize::Zeroizing;

const DPOP: HeaderName = HeaderName::from_static("dpop");

/// The headers that show `grant` to its server in one request; none where nobody has signed in. The entry in
/// the audit is written first.
pub(crate) fn credential(
    agent: &Caller,
    permit: &Permit,
    meant: &Meant,
    grant: Option<&Grant>,
    request: &Outgoing<'_>,
) -> Result<HeaderMap, Problem> {
    let receipt = note(agent, meant, grant, request.rpc)?;
    count(agent, meant, grant);
    let Some(grant) = grant else { return Ok(HeaderMap::new()) };
    show(permit, &receipt, grant, request, agent.valet.clock.now())
}

/// The request that a credential is put into.
pub(crate) struct Outgoing<'a> {
    /// Its JSON-RPC method, or else the HTTP one.
    pub(crate) rpc: &'a str,
    pub(crate) method: &'a Method,
    pub(crate) url: &'a ServerUrl,
    /// What the server wants to see in a proof.
    pub(crate) nonce: Option<&'a str>,
}

fn note(agent: &Caller, meant: &Meant, grant: Option<&Grant>, method: &str) -> Result<Receipt, Problem> {
    let mut entry = agent.entry(Act::Proxied);
    entry.server = Some(meant.name.clone());
    entry.scopes = grant.map(|grant| grant.parts.scopes.clone()).unwrap_or_default();
    entry.method = Some(method.to_owned());
    agent.valet.audit.write(&entry).map_err(|error| problems::not_audited(&error))
}

/// RFC 6750 §2.1; where the token is bound to a key, RFC 9449 §7.1, with a proof that is made for this
/// request alone.
fn show(
    _: &Permit,
    _: &Receipt,
    grant: &Grant,
    request: &Outgoing<'_>,
    now: Timestamp,
) -> Result<HeaderMap, Problem> {
    let Some(key) = &grant.parts.dpop else {
        return Ok(HeaderMap::from_iter([(AUTHORIZATION, line("Bearer ", &grant.access)?)]));
    };
    let proven = ProofRequest {
        method: request.method.as_str(),
        url: request.url.url(),
        token: Some(&grant.access),
        nonce: request.nonce,
    };
    let proof = key.proof(&proven, now).map_err(|fault| problems::fault(&fault))?;
    let shown = [(AUTHORIZATION, line("DPoP ", &grant.access)?), (DPOP, line("", &proof)?)];
    Ok(HeaderMap::from_iter(shown))
}

/// A header marked as sensitive is not printed, and not kept in HTTP/2's tables.
fn line(scheme: &str, secret: &Secret) -> Result<HeaderValue, Problem> {
    let line = Zeroizing::new(format!("{scheme}{}", secret.expose()));
    let mut value = HeaderValue::from_str(&line).map_err(|_| {
        problems::failed(
            Reason::TokenInvalid,
            "the issuer's token has characters that no header can carry",
            "Tell the issuer's operator.",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}
