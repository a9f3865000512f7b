//! The credential as it is put into a request that goes through the proxy, and whatever else goes with each.

use crate::hand_out::caller::Caller;
use crate::hand_out::refusal::ruled_in;
use crate::hand_out::seal::count;
use crate::hand_out::shown::Shown;
use crate::valet::Valet;
use audit::Receipt;
use consent::call::Cleared;
use consent::permit::Permit;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use oauth::{ProofRequest, Secret, ServerUrl};
use peer::By;
use state::item::Grant;
use state::keys::Keys;
use state::meant::Meant;
use state::server::Server;
use std::sync::Arc;
use wire::{Act, Problem, Reason};
use words::say;
use zeroize::Zeroizing;

const DPOP: HeaderName = HeaderName::from_static("dpop");

/// What goes with one request to a server.
pub(crate) struct Credential {
    pub(crate) headers: HeaderMap,
    /// Where it goes, where keys are a part of its address.
    pub(crate) url: Option<ServerUrl>,
}

/// The headers that go with one request to a server: those of its configuration, and what is `shown` to it,
/// which is nothing where nobody has signed in. The entry in the audit is written first.
pub(crate) async fn credential(
    agent: &Caller,
    permit: &Permit,
    meant: &Meant,
    shown: Option<&Shown>,
    request: &Outgoing<'_>,
) -> Result<Credential, Problem> {
    let receipt = note(agent, meant, shown, request.rpc, request.cleared).await?;
    count(agent, meant, shown.map(Shown::scopes));
    let Credential { mut headers, url } = configured((permit, &receipt), agent, meant, shown, request.url)?;
    if let Some(Shown::Grant(grant)) = shown {
        headers.extend(show(permit, &receipt, grant, request, agent.valet.clock.now())?);
    }
    Ok(Credential { headers, url })
}

/// What the configuration names, with its keys.
fn configured(
    _: (&Permit, &Receipt),
    agent: &Caller,
    meant: &Meant,
    shown: Option<&Shown>,
    to: &ServerUrl,
) -> Result<Credential, Problem> {
    let book = agent.valet.book();
    let server = book.meant(meant)?;
    let credential = match shown {
        Some(Shown::Keys(keys)) => filled(server, keys)?,
        Some(Shown::Grant(_)) | None => filled(server, &Keys::default())?,
    };
    // Anywhere else the server has named by itself.
    let url = credential.url.filter(|_| server.config.place.url() == Some(to));
    Ok(Credential { url, ..credential })
}

/// What shows a server its keys, for the person who tries them themselves; and those keys. The entry in the
/// audit is written first.
pub(crate) fn for_person(valet: &Valet, meant: &Meant) -> Result<(Arc<Keys>, Credential), Problem> {
    let mut entry = audit::entry(valet.clock.now(), Act::Proxied, By::Person.actor());
    entry.server = Some(meant.name.clone());
    entry.method = Some("initialize".to_owned());
    let _: Receipt = valet.audit.write(&entry).map_err(|error| problems::not_audited(&error))?;
    let book = valet.book();
    let server = book.meant(meant)?;
    let keys = server.fitting_keys().map_err(|unfit| server.unfit(&unfit))?;
    Ok((Arc::clone(keys), filled(server, keys)?))
}

fn filled(server: &Server, keys: &Keys) -> Result<Credential, Problem> {
    let of = |header: &config::Header| {
        let filled = keys.fill(&server.config, header);
        let filled = filled.map_err(|unfit| server.unfit(&unfit))?;
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| problems::unsendable_key())?;
        let mut value = HeaderValue::from_str(&filled).map_err(|_| problems::unsendable_key())?;
        value.set_sensitive(true);
        Ok((name, value))
    };
    let headers = server.config.headers.iter().map(of).collect::<Result<HeaderMap, Problem>>()?;
    let address = keys.address(&server.config).map_err(|unfit| server.unfit(&unfit))?;
    let url = address.map(|address| ServerUrl::parse(&address).map_err(|_| problems::unsendable_key()));
    Ok(Credential { headers, url: url.transpose()? })
}

/// The request that a credential is put into.
pub(crate) struct Outgoing<'a> {
    /// Its JSON-RPC method, or else the HTTP one.
    pub(crate) rpc: &'a str,
    pub(crate) method: &'a Method,
    pub(crate) url: &'a ServerUrl,
    /// What the server wants to see in a proof.
    pub(crate) nonce: Option<&'a str>,
    /// What was let through, and by which rule; nothing where the program may do everything.
    pub(crate) cleared: Option<&'a Cleared>,
}

/// One entry, or one for each message of a batch that is ruled about.
pub(super) async fn note(
    agent: &Caller,
    meant: &Meant,
    shown: Option<&Shown>,
    rpc: &str,
    cleared: Option<&Cleared>,
) -> Result<Receipt, Problem> {
    let mut entry = agent.entry(Act::Proxied);
    entry.server = Some(meant.name.clone());
    entry.account = shown.and_then(Shown::account).map(ToOwned::to_owned);
    entry.scopes = shown.map(|shown| shown.scopes().to_vec()).unwrap_or_default();
    entry.method = Some(rpc.to_owned());
    let mut ruled = cleared.into_iter().flat_map(Cleared::ruled);
    if let Some(first) = ruled.next() {
        ruled_in(&mut entry, &agent.valet.audit, first);
    }
    let mut receipt = agent.write(&entry, entry.at).await?;
    for ruled in ruled {
        ruled_in(&mut entry, &agent.valet.audit, ruled);
        receipt = agent.write(&entry, entry.at).await?;
    }
    Ok(receipt)
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
            say!(problem_unsendable_token),
            say!(problem_unsendable_token_advice),
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}
