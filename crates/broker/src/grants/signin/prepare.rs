//! The way to the page that the person opens: discovery, client, redirect URI, scopes.

use super::{PATIENCE, Ways, bound_key};
use crate::grants::registration;
use crate::state::attempt::Attempt;
use crate::state::server::Server;
use crate::state::waiting::Waiting;
use crate::valet::Valet;
use config::OauthBlock;
use config::redirect::Endpoint;
use oauth::{AuthorizationRequest, Client, Discovery, DpopKey, Http, Issuer, Metadata, Overrides};
use peer::By;
use std::sync::Arc;
use wire::{Problem, Reason};

/// A sign-in on its way to the page that the person opens.
pub(super) struct Preparation<'a> {
    pub(super) valet: &'a Arc<Valet>,
    pub(super) name: &'a str,
    pub(super) number: u64,
    pub(super) server_id: String,
    pub(super) by: By,
    pub(super) oauth: &'a OauthBlock,
}

/// What a preparation that goes no further leaves behind: the state it ends in, and what the asker is told.
pub(crate) struct Stopped(Box<(Attempt, Problem)>);

impl Stopped {
    pub(super) fn into_parts(self) -> (Attempt, Problem) {
        *self.0
    }

    pub(crate) fn new(attempt: Attempt, problem: Problem) -> Self {
        Self(Box::new((attempt, problem)))
    }
}

/// Whether an issuer is meant: as it writes itself, or as it was shown.
fn is_called(issuer: &Issuer, asked: &str) -> bool {
    issuer.as_str() == asked || issuer.to_string() == asked
}

impl Preparation<'_> {
    pub(super) async fn prepare(
        self,
        url: &oauth::ServerUrl,
        issuer: Option<&str>,
    ) -> Result<Waiting, Stopped> {
        let http = self.valet.http();
        let discovery =
            oauth::discover(&http, url, &self.overrides()).await.map_err(|fault| failed(&fault))?;
        let issuer = self.choose(&discovery, issuer)?;
        let metadata = discovery.metadata(&http, &issuer).await.map_err(|fault| failed(&fault))?;
        let ways = self.ways(&metadata).await?;
        let waiting = self.page(&http, &discovery, &metadata, ways.clone()).await?;
        match push(waiting, &http, &metadata).await {
            Ok(waiting) => Ok(waiting),
            // The issuer has forgotten the client that it registered for us: another is registered, once.
            Err((client, fault)) if fault.refuses_client() && self.may_register_anew(&metadata.issuer) => {
                registration::forget_client(self.valet, metadata.issuer.as_str(), &client).await;
                let waiting = self.page(&http, &discovery, &metadata, ways).await?;
                push(waiting, &http, &metadata).await.map_err(|(_, fault)| failed(&fault))
            }
            Err((_, fault)) => Err(failed(&fault)),
        }
    }

    /// Whether our client at an issuer that does not know it may be forgotten, and another be registered.
    pub(super) fn may_register_anew(&self, issuer: &Issuer) -> bool {
        let now = self.valet.clock.now();
        self.oauth.client_id.is_none() && self.valet.sign_ins.may_forget(issuer, &self.by, now)
    }

    async fn page(
        &self,
        http: &Http,
        discovery: &Discovery,
        metadata: &Metadata,
        ways: Ways,
    ) -> Result<Waiting, Stopped> {
        let (client, endpoint) =
            registration::client(self.valet, self.name, &self.by, self.oauth, metadata).await?;
        let claim = Some(self.claim(http, metadata, &endpoint).await?);
        let ways = Ways { claim, ..ways };
        let dpop = bound_key(self.oauth, discovery, metadata).map_err(stopped)?;
        self.wait_for_browser(discovery, metadata, client, (endpoint, ways), dpop)
    }

    pub(super) fn overrides(&self) -> Overrides {
        let book = self.valet.book();
        let server = book.servers.get(self.name);
        let resource_refused_by = server.and_then(|server| server.resource_refused_by.clone());
        let known_issuers = server.map(Server::known_issuers).unwrap_or_default();
        Overrides { resource_refused_by, known_issuers, ..self.oauth.overrides() }
    }

    pub(super) fn choose(&self, discovery: &Discovery, asked: Option<&str>) -> Result<Issuer, Stopped> {
        match (asked, discovery.only_issuer(), discovery.issuers.as_slice()) {
            (None, Some(only), _) => Ok(only.clone()),
            (Some(asked), _, issuers)
                if let Some(found) = issuers.iter().find(|one| is_called(one, asked)) =>
            {
                Ok(found.clone())
            }
            (_, _, issuers) => {
                let names: Vec<String> = issuers.iter().map(Issuer::to_string).collect();
                let first = names.first().map_or("URL", String::as_str);
                let choice = format!("lets you choose where to sign in: {}", names.join(", "));
                let detail = match &discovery.doubt {
                    None => format!("\"{}\" {choice}", self.name),
                    Some(doubt) => format!(
                        "\"{}\" {choice}. Whether that is all, and right, is not known: {doubt}",
                        self.name
                    ),
                };
                let problem = problems::invalid_request(
                    detail,
                    format!(
                        "Choose one: {}.",
                        plain::command_with("mcp-valet authorize", &[("--issuer", first)], &[self.name])
                    ),
                );
                Err(Stopped::new(
                    Attempt::ChoosingIssuer(issuers.to_vec()),
                    problem.because(Reason::ChoosingIssuer),
                ))
            }
        }
    }

    fn wait_for_browser(
        &self,
        discovery: &Discovery,
        metadata: &Metadata,
        client: Client,
        (endpoint, ways): (Endpoint, Ways),
        dpop: Option<DpopKey>,
    ) -> Result<Waiting, Stopped> {
        let issuer = &metadata.issuer;
        let scopes = self.scopes(discovery, issuer);
        discovery.check_scopes(metadata, &scopes).map_err(|fault| failed(&fault))?;
        let extra: Vec<(String, String)> =
            self.oauth.authorize_params.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let request = AuthorizationRequest {
            metadata,
            client_id: &client.id,
            redirect_uri: &endpoint.redirect_uri,
            scopes: &scopes,
            scopes_configured: discovery.scopes_configured(),
            resource: discovery.resource_for(issuer),
            extra: &extra,
            dpop: dpop.as_ref(),
        };
        let now = self.valet.clock.now();
        let (url, pending) = oauth::begin(&request, now).map_err(|fault| failed(&fault))?;
        Ok(Waiting {
            number: self.number,
            server_id: self.server_id.clone(),
            by: self.by.clone(),
            pending,
            endpoint,
            ways,
            url,
            expires_at: now.saturating_add(PATIENCE).unwrap_or(now),
            client,
            revocation_endpoint: metadata.revocation_endpoint.clone(),
            jwks_uri: metadata.jwks_uri.clone(),
            reach: metadata.reach,
            dpop,
            notice: notice(metadata),
        })
    }

    /// What to ask the issuer for, unless the person said so.
    fn scopes(&self, discovery: &Discovery, issuer: &Issuer) -> Vec<String> {
        let offered = discovery.scopes_for(issuer);
        // Without a resource, scopes that others name could be another API's.
        if discovery.scopes_configured() || discovery.resource_for(issuer).is_none() {
            return offered;
        }
        let book = self.valet.book();
        let Some(server) = book.servers.get(self.name) else { return offered };
        let parts = server.held.grant().map(|grant| &grant.parts);
        let before = parts.into_iter().flat_map(|parts| parts.scopes_asked.iter().chain(&parts.scopes));
        server.wish.scopes(offered, before)
    }
}

/// Gives the request to the issuer beforehand where it takes such: then nobody on the way can read or change
/// it. If not, answers whose request it was.
async fn push(
    mut waiting: Waiting,
    http: &Http,
    metadata: &Metadata,
) -> Result<Waiting, (String, oauth::Fault)> {
    let Some(url) = &metadata.pushed_authorization_request_endpoint else { return Ok(waiting) };
    let endpoint = oauth::Endpoint {
        issuer: &metadata.issuer,
        url,
        reach: metadata.reach,
        client: &waiting.client,
        dpop: waiting.dpop.as_ref(),
        now: waiting.pending.created_at(),
    };
    let url = match oauth::push(http, &endpoint, metadata, &waiting.url).await {
        Ok(url) => url,
        Err(fault) => return Err((waiting.client.id, fault)),
    };
    waiting.url = url;
    Ok(waiting)
}

/// A provider's fault that is put up with.
fn notice(metadata: &Metadata) -> Option<String> {
    let alias = metadata.alias.as_ref().filter(|alias| alias.fault)?;
    Some(format!(
        "{} calls itself {}, against the rules; it is known for that, and the sign-in goes on",
        metadata.issuer, alias.own
    ))
}

pub(crate) fn failed(fault: &oauth::Fault) -> Stopped {
    stopped(problems::fault(fault))
}

pub(crate) fn stopped(problem: Problem) -> Stopped {
    Stopped::new(Attempt::Failed(problem.clone()), problem)
}
