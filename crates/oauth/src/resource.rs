//! A server's own metadata (RFC 9728).

use http::StatusCode;
use serde::Deserialize;
use url::Url;

use crate::address::Reach;
use crate::fault::{Fault, Kind, Party};
use crate::full_response::FullResponse;
use crate::http::Http;
use crate::issuer::Issuer;
use crate::said::Said;
use crate::server::ServerUrl;
use crate::spelling::{Flag, Names, Scopes, Text};
use crate::target::Target;
use crate::uri;
use words::say;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";
/// Most authorization servers that are offered as a choice.
const ISSUERS: usize = 16;

/// What a protected resource says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectedResource {
    /// Its identifier, byte for byte: the value for RFC 8707.
    pub resource: String,
    /// The authorization servers it trusts; those that are no issuer identifiers are left out. Nothing where
    /// it names none at all.
    pub authorization_servers: Option<Vec<Issuer>>,
    /// All scopes it knows.
    pub scopes_supported: Vec<String>,
    /// Its name for people; foreign text.
    pub resource_name: Option<String>,
    /// Whether it takes only tokens that are bound to a key (RFC 9728 §2).
    pub dpop_required: bool,
}

#[derive(Deserialize)]
pub(crate) struct Document {
    resource: String,
    authorization_servers: Option<Names>,
    #[serde(default)]
    scopes_supported: Scopes,
    #[serde(default)]
    resource_name: Text,
    #[serde(default)]
    dpop_bound_access_tokens_required: Flag,
}

/// What a document may name as its `resource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nameable {
    /// Whatever it says: the person has named the resource.
    Anything,
    /// The server or a parent of it. Who owns the host has put the document at a place of its own.
    Parent,
    /// The server alone: the document is where the server says, and that may be a tenant's word on its whole
    /// host.
    Itself,
}

impl Nameable {
    /// What a document that was read at `place`, where redirects ended, may name.
    pub(crate) fn at(place: &Url, server: &ServerUrl, any_resource: bool) -> Self {
        match any_resource {
            true => Self::Anything,
            false if well_known(server.url()).contains(place) => Self::Parent,
            false => Self::Itself,
        }
    }

    fn has(self, resource: &str, server: &ServerUrl) -> bool {
        match self {
            Self::Anything => true,
            Self::Parent => covers(resource, server.url()),
            Self::Itself => server.is_named(resource),
        }
    }
}

impl ProtectedResource {
    /// Accepts a document only if it describes `server` (RFC 9728 §3.3).
    pub(crate) fn accept(document: Document, server: &ServerUrl, nameable: Nameable) -> Result<Self, Fault> {
        if !nameable.has(&document.resource, server) {
            return Err(mismatch(&document.resource, server));
        }
        let names = document.authorization_servers.map(|names| names.0).unwrap_or_default();
        let issuers: Vec<_> =
            names.iter().filter_map(|name| Issuer::parse(name).ok()).take(ISSUERS).collect();
        if let (true, Some(name)) = (issuers.is_empty(), names.iter().find(|name| uri::is_plain(name))) {
            return Err(insecure(say!(fault_name_authorization_server), name, server));
        }
        Ok(Self {
            resource: document.resource,
            authorization_servers: (!names.is_empty()).then_some(issuers),
            scopes_supported: document.scopes_supported.0,
            resource_name: document.resource_name.0,
            dpop_required: document.dpop_bound_access_tokens_required.0,
        })
    }
}

fn mismatch(resource: &str, server: &ServerUrl) -> Fault {
    if uri::is_plain(resource) && server.url().scheme() == "https" {
        return insecure(say!(fault_name_resource), resource, server);
    }
    let kind = |resource| Kind::ResourceMismatch { server: server.to_string(), resource };
    let nothing = Kind::Answer { host: server.host(), problem: say!(fault_answer_unnamed_resource) };
    Fault::server(Said::address(resource).map_or(nothing, kind))
}

fn insecure(name: String, text: &str, server: &ServerUrl) -> Fault {
    let own = Url::parse(text).is_ok_and(|url| url.host() == server.url().host());
    let nothing = Kind::Url { name: name.clone(), problem: say!(fault_url_empty) };
    let kind = |url| Kind::Insecure { name, url, tls_proxy: own };
    Fault::server(Said::address(text).map_or(nothing, kind))
}

/// Whether `resource` is the server's URL or a parent of it: same origin, path a prefix at a segment's end.
fn covers(resource: &str, server: &Url) -> bool {
    let Ok(resource) = uri::parse(resource) else { return false };
    if resource.origin() != server.origin() {
        return false;
    }
    if resource.query().is_some() {
        return resource.path() == server.path() && resource.query() == server.query();
    }
    let parent = resource.path().trim_end_matches('/');
    server.path().strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where the metadata may be: beside the path, then at the root (RFC 9728 §3.1).
pub(crate) fn well_known(server: &Url) -> Vec<Url> {
    let mut root = server.clone();
    root.set_query(None);
    root.set_path(WELL_KNOWN);
    let path = server.path().trim_end_matches('/');
    if path.is_empty() {
        return vec![root];
    }
    let mut beside = root.clone();
    beside.set_path(&format!("{WELL_KNOWN}{path}"));
    vec![beside, root]
}

/// What was found at the places of a server's metadata.
#[derive(Debug, Default)]
pub(crate) struct ResourceMetadata {
    /// What it says of itself.
    pub(crate) document: Option<ProtectedResource>,
    /// Why a place before the document's, which counts more, could not be read: what stands there may differ.
    pub(crate) doubt: Option<Fault>,
    /// Whether there is nothing: 404 alone says so.
    pub(crate) absent: bool,
}

/// Finds the metadata of a server: where its challenge points, else at the well-known places. A fault if the
/// challenge promised some and there is none, if a place is out of order and no other has any, or if they
/// describe another server. Only at a well-known place may they describe a parent, and a redirect from there
/// leads elsewhere. With `any_resource`, the person has named the resource, and the document's may differ.
pub(crate) async fn find(
    http: &Http,
    server: &ServerUrl,
    promised: Option<&str>,
    reach: Reach,
    any_resource: bool,
) -> Result<ResourceMetadata, Fault> {
    let pointer = promised.map(|text| uri::parse(text).map_err(|problem| misplaced(text, problem, server)));
    let (pointer, mut broken) = match pointer {
        Some(Ok(place)) => (Some(place), None),
        // It points somewhere, though not where anybody may look.
        Some(Err(fault)) if matches!(fault.kind(), Kind::Insecure { .. }) => (None, Some(fault)),
        // It points nowhere, as if it were not there.
        Some(Err(_)) | None => (None, None),
    };
    // Who says that there is a document is not a server from before there were any.
    let mut found = ResourceMetadata { absent: promised.is_none(), ..ResourceMetadata::default() };
    let promised = pointer.is_some() || broken.is_some();
    let usual = well_known(server.url()).into_iter().filter(|place| Some(place) != pointer.as_ref());
    for url in &pointer.iter().cloned().chain(usual).collect::<Vec<_>>() {
        let answer = http.get(Target { url, whose: Party::Server, reach }).await?;
        found.absent &= answer.status == StatusCode::NOT_FOUND;
        let answer = match answer.available() {
            Ok(answer) => answer,
            Err(fault) => {
                found.doubt = found.doubt.or(Some(fault));
                continue;
            }
        };
        match read(&answer) {
            Ok(document) => {
                let nameable = Nameable::at(&answer.url, server, any_resource);
                let document = ProtectedResource::accept(document, server, nameable)?;
                return Ok(ResourceMetadata { document: Some(document), ..found });
            }
            Err(fault) => broken = broken.or(Some(fault)),
        }
    }
    match (found.doubt, broken) {
        (Some(outage), _) => Err(outage),
        (None, Some(fault)) if promised => Err(fault),
        (None, _) => Ok(ResourceMetadata { doubt: None, ..found }),
    }
}

pub(crate) fn misplaced(text: &str, problem: String, server: &ServerUrl) -> Fault {
    if uri::is_plain(text) {
        return insecure(say!(fault_name_resource_metadata), text, server);
    }
    Fault::server(Kind::NamedUrl { host: server.host(), name: "resource_metadata".to_owned(), problem })
}

pub(crate) fn read(answer: &FullResponse) -> Result<Document, Fault> {
    if !answer.status.is_success() {
        return Err(answer.fault(Kind::Status { host: answer.host.clone(), status: answer.status.as_u16() }));
    }
    answer.json()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_resource_is_the_server_or_a_parent() {
        let server = url("https://a.example/mcp/v1");
        for good in [
            "https://a.example/mcp/v1",
            "https://a.example/mcp/",
            "https://a.example",
            "https://a.example:443/mcp",
        ] {
            assert!(covers(good, &server), "{good}");
        }
        for bad in [
            "https://a.example/mc",
            "https://a.example/mcp/v1/x",
            "http://a.example/",
            "https://b.example/",
            "https://a.example/mcp/v1?x",
            "urn:x",
        ] {
            assert!(!covers(bad, &server), "{bad}");
        }
    }

    #[test]
    fn a_parent_is_named_at_the_servers_own_places_alone() {
        let server = ServerUrl::parse("https://a.example/mcp/v1").unwrap();
        let names =
            |place: &str, resource: &str| Nameable::at(&url(place), &server, false).has(resource, &server);
        let own = [
            "https://a.example/.well-known/oauth-protected-resource/mcp/v1",
            "https://a.example/.well-known/oauth-protected-resource",
        ];
        let foreign = [
            "https://a.example/mcp/v1/.well-known/oauth-protected-resource",
            "https://a.example/.well-known/oauth-protected-resource/mcp",
            "https://a.example/.well-known/oauth-protected-resource/mcp/v1?x",
            "https://a.example/.well-known/oauth-protected-resource/mcp/v1/",
            "https://b.example/.well-known/oauth-protected-resource/mcp/v1",
        ];
        for parent in
            ["https://a.example", "https://a.example/", "https://a.example/mcp", "https://a.example/mcp/v1/"]
        {
            assert!(own.iter().all(|place| names(place, parent)), "{parent}");
            assert!(!foreign.iter().any(|place| names(place, parent)), "{parent}");
        }
        assert!(own.iter().chain(&foreign).all(|place| names(place, server.as_str())));
    }

    #[test]
    fn the_path_form_comes_before_the_root_form() {
        let places = well_known(&url("https://a.example/mcp?x=1"));
        let places: Vec<_> = places.iter().map(Url::as_str).collect();
        assert_eq!(
            places,
            [
                "https://a.example/.well-known/oauth-protected-resource/mcp",
                "https://a.example/.well-known/oauth-protected-resource"
            ]
        );
        assert_eq!(well_known(&url("https://a.example")).len(), 1);
    }
}
