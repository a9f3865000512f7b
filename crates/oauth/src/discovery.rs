//! From a server's URL to the authorization servers that it trusts.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::Value;
use url::Url;

use crate::address::Reach;
use crate::challenge::Challenge;
use crate::fault::{Fault, Kind};
use crate::full_response::is_outage;
use crate::http::{Head, Http};
use crate::issuer::Issuer;
use crate::metadata::Metadata;
use crate::quirk;
use crate::resource::{self, ProtectedResource, ResourceMetadata};
use crate::said::Said;
use crate::scope;
use crate::server::{Overrides, Pkce, ResourceChoice, ServerUrl};
use crate::transport::{self, Reached};
use crate::walk::{self, Walk};
use words::say;

/// Most servers know this version, and all of them answer a request without a token before they mind it.
const VERSION: &str = "2025-11-25";

/// What was found out about a server.
#[derive(Debug, Clone)]
pub struct Discovery {
    /// The authorization servers to choose from; never empty. Several are a choice for the person.
    pub issuers: Vec<Issuer>,
    /// How near the server was when we connected to it (or what the person named beside it, if nearer), and
    /// what it names may be.
    pub reach: Reach,
    /// The server's own metadata, if it has any.
    pub protected_resource: Option<ProtectedResource>,
    /// What the server's challenge said, if there was one.
    pub challenge: Option<Challenge>,
    /// Whether the server has no metadata, and its own origin is taken as the issuer (MCP 2025-03-26).
    pub legacy: bool,
    /// Why the only issuer is to be shown to the person before anybody signs in there: what counts more than
    /// the document that names it could not be read.
    pub doubt: Option<Fault>,
    /// Whether the issuer is our own reading of the server's origin.
    own_origin: bool,
    /// Whether every place of the server's metadata said that there is nothing.
    absent: bool,
    server: ServerUrl,
    overrides: Overrides,
}

/// Finds out which authorization servers a server trusts, with what resource and scopes.
///
/// # Errors
/// The server is unreachable, asks for no sign-in, or says something contradictory or forbidden.
pub async fn discover(http: &Http, server: &ServerUrl, overrides: &Overrides) -> Result<Discovery, Fault> {
    let probe = probe(http, server).await?;
    let promised = probe.challenge.as_ref().and_then(|challenge| challenge.resource_metadata.as_deref());
    let any_resource = overrides.resource != ResourceChoice::Auto;
    let mut found = match resource::find(http, server, promised, probe.reach, any_resource).await {
        // The person has named what the document would have, or nobody expects one.
        Err(fault) if is_unread(&fault) && configured(overrides) => ResourceMetadata::default(),
        Err(fault) if is_broken(&fault) && has_none(server) => ResourceMetadata::default(),
        result => result?,
    };
    let seen = Seen { server, probe: &probe, protected_resource: found.document.as_ref() };
    let issuers = settled(issuers(http, &seen, overrides).await?, &mut found.doubt, overrides)?;
    let named = found.document.as_ref().is_some_and(|document| document.authorization_servers.is_some());
    let reach = widened(http, probe.reach, overrides).await?;
    Ok(Discovery {
        issuers,
        reach,
        legacy: found.document.is_none() && !configured(overrides),
        doubt: found.doubt,
        own_origin: !named && !configured(overrides),
        absent: found.absent,
        protected_resource: found.document,
        challenge: probe.challenge,
        server: server.clone(),
        overrides: overrides.clone(),
    })
}

/// In doubt, the document may confirm issuers that are known, and name no others beside them. Where none is
/// known yet, the person is shown those that it names.
fn settled(
    mut issuers: Vec<Issuer>,
    doubt: &mut Option<Fault>,
    overrides: &Overrides,
) -> Result<Vec<Issuer>, Fault> {
    let known = &overrides.known_issuers;
    if known.is_empty() && !configured(overrides) {
        return Ok(issuers);
    }
    let Some(fault) = doubt.take() else { return Ok(issuers) };
    if !configured(overrides) {
        issuers.retain(|issuer| known.contains(issuer));
    }
    if issuers.is_empty() { Err(fault) } else { Ok(issuers) }
}

impl Discovery {
    /// The issuer to sign in at, where there is nothing to choose and no doubt.
    #[must_use]
    pub fn only_issuer(&self) -> Option<&Issuer> {
        match (self.issuers.as_slice(), &self.doubt) {
            ([only], None) => Some(only),
            _ => None,
        }
    }

    /// The value of `resource` for this issuer (RFC 8707), byte for byte; nothing if it is to be omitted: by
    /// configuration, by the provider's quirk or former answer, or because MCP 2025-03-26 knew none. A server
    /// without metadata, whose authorization server the person named, is its own URL.
    #[must_use]
    pub fn resource_for(&self, issuer: &Issuer) -> Option<&str> {
        match &self.overrides.resource {
            ResourceChoice::Omit => None,
            ResourceChoice::Uri(uri) => Some(uri),
            ResourceChoice::Auto if quirk::of(issuer).omit_resource => None,
            ResourceChoice::Auto if self.refused_by(issuer) => None,
            ResourceChoice::Auto if self.legacy => None,
            ResourceChoice::Auto => Some(self.named_resource()),
        }
    }

    fn refused_by(&self, issuer: &Issuer) -> bool {
        self.overrides.resource_refused_by.as_deref() == Some(issuer.as_str())
    }

    fn named_resource(&self) -> &str {
        self.protected_resource.as_ref().map_or(self.server.as_str(), |found| found.resource.as_str())
    }

    /// The scopes to ask for: the person's if configured, else the challenge's, else all that the server
    /// knows, else none. Where `resource` is omitted, the person's alone count: without it, a hostile
    /// challenge could name the scopes of another API. (A legacy server is its own issuer.)
    #[must_use]
    pub fn scopes_for(&self, issuer: &Issuer) -> Vec<String> {
        if let Some(scopes) = &self.overrides.scopes {
            return scopes.clone();
        }
        if self.resource_for(issuer).is_none() && !self.legacy {
            return Vec::new();
        }
        self.scopes_named()
    }

    fn scopes_named(&self) -> Vec<String> {
        let challenged = self.challenge.as_ref().and_then(|challenge| challenge.scope.as_deref());
        let known = || self.protected_resource.as_ref().map(|found| found.scopes_supported.clone());
        challenged.map(scope::parse).or_else(known).unwrap_or_default()
    }

    /// Whether the server wants tokens that are bound to a key (RFC 9449).
    #[must_use]
    pub fn wants_dpop(&self) -> bool {
        let challenged = self.challenge.as_ref().is_some_and(|challenge| challenge.dpop);
        challenged || self.protected_resource.as_ref().is_some_and(|found| found.dpop_required)
    }

    /// Whether a sign-in for `scopes` can lead anywhere: some issuers give nothing useful to who names none.
    ///
    /// # Errors
    /// The issuer needs scopes, and there are none.
    pub fn check_scopes(&self, metadata: &Metadata, scopes: &[String]) -> Result<(), Fault> {
        if !scopes.is_empty() || !quirk::of(&metadata.issuer).needs_scopes {
            return Ok(());
        }
        let mut named = self.scopes_named();
        if !named.is_empty() && metadata.knows_scope(scope::OFFLINE) {
            named.push(scope::OFFLINE.to_owned());
        }
        let host = metadata.issuer.host();
        Err(Fault::configuration(Kind::NoScopes { host, named: Said::new(&named.join(" ")) }))
    }

    /// Whether the scopes are the person's own.
    #[must_use]
    pub fn scopes_configured(&self) -> bool {
        self.overrides.scopes.is_some()
    }

    /// The metadata of one of the issuers, validated, with PKCE promised, assumed by the person, known from
    /// the provider, or (without any document) taken for granted as in MCP 2025-03-26.
    ///
    /// # Errors
    /// The issuer is unreachable, has no metadata, or its metadata cannot be used.
    pub async fn metadata(&self, http: &Http, issuer: &Issuer) -> Result<Metadata, Fault> {
        let metadata = self.find(http, issuer).await?;
        let assumed = self.overrides.pkce == Pkce::Assume || quirk::of(issuer).assume_pkce;
        if metadata.promises_pkce() || metadata.legacy || assumed {
            return Ok(metadata);
        }
        Err(Fault::issuer(Kind::NoPkce { issuer: issuer.to_string() }))
    }

    /// Our own reading of the server's origin is what nobody has written down: the document may write it with
    /// a slash.
    async fn walk(&self, http: &Http, issuer: &Issuer) -> Result<Walk, Fault> {
        match walk::walk(http, issuer, self.reach).await {
            Err(fault) if self.own_origin && matches!(fault.kind(), Kind::IssuerMismatch { .. }) => {
                walk::walk(http, &with_slash(issuer)?, self.reach).await
            }
            result => result,
        }
    }

    async fn find(&self, http: &Http, issuer: &Issuer) -> Result<Metadata, Fault> {
        if let Some(url) = &self.overrides.metadata_url {
            return walk::read(http, url, Some(issuer), self.reach).await;
        }
        match self.walk(http, issuer).await? {
            Walk::Found(metadata) => Ok(*metadata),
            // An endpoint is invented nowhere else, and only where everybody says that nothing was written
            // down.
            Walk::Nothing { absent: true, .. } if self.legacy && self.absent => {
                Ok(Metadata::legacy(issuer, self.reach))
            }
            Walk::Nothing { tried, .. } => {
                Err(Fault::issuer(Kind::NoMetadata { issuer: issuer.to_string(), tried }))
            }
        }
    }
}

/// The origin as an issuer, written the other way that is usual.
fn with_slash(issuer: &Issuer) -> Result<Issuer, Fault> {
    Issuer::parse(&format!("{issuer}/")).map_err(Fault::from)
}

/// What the server itself let us know.
struct Seen<'a> {
    server: &'a ServerUrl,
    probe: &'a Probe,
    protected_resource: Option<&'a ProtectedResource>,
}

struct Probe {
    status: StatusCode,
    challenge: Option<Challenge>,
    reach: Reach,
}

/// Asks the server without a token, as MCP clients do first. Some let anybody in and ask for a token only
/// when something is wanted of them: what they say then counts.
async fn probe(http: &Http, server: &ServerUrl) -> Result<Probe, Fault> {
    let first = Probe::of(&ask(http, server, &initialize()).await?.head);
    if transport::may_be_older(first.status) {
        let stream = transport::listen(http, server).await;
        return Ok(stream.map_or(first, |head| Probe::of(&head)));
    }
    if !first.status.is_success() {
        return Ok(first);
    }
    let second = ask(http, server, &list_tools()).await.ok().map(|reached| Probe::of(&reached.head));
    Ok(second.filter(|second| second.status == StatusCode::UNAUTHORIZED).unwrap_or(first))
}

impl Probe {
    fn of(head: &Head) -> Self {
        let challenge = (head.status == StatusCode::UNAUTHORIZED).then(|| Challenge::bearer(&head.headers));
        Self { status: head.status, challenge: challenge.flatten(), reach: head.reach }
    }
}

/// One message without a token.
pub(crate) async fn ask(http: &Http, server: &ServerUrl, request: &Value) -> Result<Reached, Fault> {
    let headers = HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json, text/event-stream")),
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (HeaderName::from_static("mcp-protocol-version"), HeaderValue::from_static(VERSION)),
    ]);
    transport::reach(http, server, Method::POST, headers, request.to_string().into_bytes()).await
}

/// What begins every session, as the doctor sends it.
#[must_use]
pub fn initialize() -> Value {
    let client = serde_json::json!({ "name": "mcp-valet", "version": env!("CARGO_PKG_VERSION") });
    let params = serde_json::json!({ "protocolVersion": VERSION, "capabilities": {}, "clientInfo": client });
    serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })
}

fn list_tools() -> Value {
    serde_json::json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" })
}

fn configured(overrides: &Overrides) -> bool {
    overrides.authorization_server.is_some() || overrides.metadata_url.is_some()
}

fn has_none(server: &ServerUrl) -> bool {
    quirk::at(&server.host()).no_resource_metadata
}

/// Whether there was no document at all, whatever it would have said.
fn is_unread(fault: &Fault) -> bool {
    let out_of_order = matches!(
        fault.kind(),
        Kind::Unavailable { .. }
            | Kind::Unreachable { .. }
            | Kind::Slow { .. }
            | Kind::TooLarge { .. }
            | Kind::Redirect { .. }
            | Kind::Insecure { .. }
    );
    out_of_order || is_broken(fault)
}

fn is_broken(fault: &Fault) -> bool {
    matches!(fault.kind(), Kind::Status { .. } | Kind::NotJson { .. } | Kind::Answer { .. })
}

async fn issuers(http: &Http, found: &Seen<'_>, overrides: &Overrides) -> Result<Vec<Issuer>, Fault> {
    if let Some(issuer) = &overrides.authorization_server {
        return Ok(vec![issuer.clone()]);
    }
    if let Some(url) = &overrides.metadata_url {
        let reach = http.reach_of(url).await?;
        return Ok(vec![walk::read(http, url, None, reach).await?.issuer]);
    }
    let (host, status) = (found.server.host(), found.probe.status);
    let named = found.protected_resource.and_then(|document| document.authorization_servers.as_deref());
    match named {
        Some([]) => {
            let problem = say!(fault_answer_no_issuer);
            return Err(Fault::server(Kind::Answer { host, problem }));
        }
        Some(named) => return Ok(named.to_vec()),
        // Nobody else was named, so it is the server's own origin, if it wants a sign-in at all.
        None => {}
    }
    match status {
        StatusCode::UNAUTHORIZED => Ok(vec![origin(found.server.url())?]),
        _ if status.is_success() => Err(Fault::server(Kind::NoSignIn { host })),
        _ if is_outage(status) => Err(Fault::server(Kind::Unavailable { host, status: status.as_u16() })),
        _ => Err(Fault::server(Kind::Status { host, status: status.as_u16() })),
    }
}

/// The issuer of MCP 2025-03-26: the server's origin.
fn origin(server: &Url) -> Result<Issuer, Fault> {
    Issuer::parse(&server.origin().ascii_serialization()).map_err(Fault::from)
}

/// What the person named may be as near as it is: the choice was theirs, not the server's.
async fn widened(http: &Http, own: Reach, overrides: &Overrides) -> Result<Reach, Fault> {
    let mut reach = own;
    let issuer = overrides.authorization_server.as_ref().map(Issuer::url);
    for url in issuer.into_iter().chain(&overrides.metadata_url) {
        reach = reach.max(http.reach_of(url).await?);
    }
    Ok(reach)
}
