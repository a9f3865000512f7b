//! The way to the page that the person opens: discovery, client, redirect URI, scopes.

use super::{PATIENCE, choice};
use crate::grants::chosen::Chosen;
use crate::grants::registration::{self, Applicant};
use crate::grants::stopped::Stopped;
use crate::valet::Valet;
use config::ServerConfig;
use config::redirect::RedirectEndpoint;
use oauth::{AccountChoice, AuthorizationRequest, Http, Issuer, Metadata, Overrides, ServerUrl};
use peer::By;
use state::item::GrantParts;
use state::server::Server;
use state::waiting::{Return, Waiting};
use state::ways::Ways;
use std::sync::Arc;
use words::say;

/// A sign-in on its way to the page that the person opens.
pub(super) struct Preparation<'a> {
    pub(super) valet: &'a Arc<Valet>,
    pub(super) name: &'a str,
    pub(super) number: u64,
    pub(super) server_id: String,
    pub(super) by: By,
    pub(super) account: AccountChoice,
    pub(super) config: &'a ServerConfig,
    /// The server's address.
    pub(super) url: &'a ServerUrl,
}

/// Whether an issuer is meant: as it writes itself, or as it was shown.
fn is_called(issuer: &Issuer, asked: &str) -> bool {
    issuer.as_str() == asked || issuer.to_string() == asked
}

impl Preparation<'_> {
    /// Goes as far as the page in the browser.
    pub(super) async fn in_browser(self, issuer: Option<&str>) -> Result<Waiting, Stopped> {
        let http = self.valet.http();
        let chosen = self.find(&http, issuer).await?;
        let ways = self.ways(&chosen.metadata).await?;
        let waiting = self.page(&http, &chosen, ways.clone()).await?;
        let (client, fault) = match push(waiting, &http, &chosen.metadata).await {
            Ok(waiting) => return Ok(waiting),
            Err(refused) => refused,
        };
        let (issuer, by_hand) = (chosen.issuer(), self.config.oauth.client_id.is_some());
        if by_hand || !fault.refuses_client() {
            return Err(fault.into());
        }
        if !self.may_register_anew(issuer) {
            return Err(problems::registered_lately(&fault).into());
        }
        // The issuer has forgotten the client that it registered for us: another is registered, once.
        registration::forget_client(self.valet, issuer.as_str(), &client).await;
        let waiting = self.page(&http, &chosen, ways).await?;
        let again = push(waiting, &http, &chosen.metadata).await;
        again.map_err(|(_, fault)| match fault.refuses_client() {
            true => problems::registered_in_vain(&fault).into(),
            false => fault.into(),
        })
    }

    /// The issuer to sign in at: the only one, or the one that was `asked` for.
    pub(super) async fn find(&self, http: &Http, asked: Option<&str>) -> Result<Chosen, Stopped> {
        let overrides = {
            let book = self.valet.book();
            let server = book.servers.get(self.name);
            let resource_refused_by = server.and_then(|server| server.resource_refused_by.clone());
            let known_issuers = server.map(Server::known_issuers).unwrap_or_default();
            Overrides { resource_refused_by, known_issuers, ..self.config.oauth.overrides() }
        };
        Chosen::find(http, self.url, &overrides, async |discovery| {
            let found = match asked {
                None => discovery.only_issuer(),
                Some(asked) => discovery.issuers.iter().find(|one| is_called(one, asked)),
            };
            match found {
                Some(issuer) => Ok(issuer.clone()),
                None => Err(choice::of(self.name, http, discovery).await),
            }
        })
        .await
    }

    /// Whether our client at an issuer that does not know it may be forgotten, and another be registered.
    pub(super) fn may_register_anew(&self, issuer: &Issuer) -> bool {
        let now = self.valet.clock.now();
        self.config.oauth.client_id.is_none() && self.valet.sign_ins.may_forget(issuer, &self.by, now)
    }

    async fn page(&self, http: &Http, chosen: &Chosen, ways: Ways) -> Result<Waiting, Stopped> {
        let (metadata, scopes) = (&chosen.metadata, self.scopes(chosen)?);
        let (client, endpoint) = self.applicant(metadata, &scopes).client().await?;
        let claim = Some(self.claim(http, metadata, &endpoint).await?);
        let parts = chosen.parts(self.config, client, scopes)?;
        self.wait_for_browser(chosen, endpoint, Ways { claim, ..ways }, parts)
    }

    fn wait_for_browser(
        &self,
        chosen: &Chosen,
        endpoint: RedirectEndpoint,
        ways: Ways,
        mut parts: GrantParts,
    ) -> Result<Waiting, Stopped> {
        let metadata = &chosen.metadata;
        let extra: Vec<(String, String)> = self.config.oauth.authorize_params.clone().into_iter().collect();
        let request = AuthorizationRequest {
            metadata,
            client_id: &parts.client.id,
            redirect_uri: &endpoint.redirect_uri,
            scopes: &parts.scopes_asked,
            resource: parts.resource.as_deref(),
            extra: &extra,
            account: self.account,
            dpop: parts.dpop.as_ref(),
        };
        let now = self.valet.clock.now();
        let (url, pending) = oauth::begin(&request, now)?;
        parts.redirect_uri = Some(endpoint.redirect_uri.clone());
        parts.notice = notice(metadata);
        let expires_at = now.saturating_add(PATIENCE).unwrap_or(now);
        Ok(Waiting { back: self.back(ways, parts), pending, endpoint, url, expires_at, news: None })
    }

    /// We, as who wants to be a client at an issuer.
    pub(super) fn applicant<'a>(&'a self, metadata: &'a Metadata, scopes: &'a [String]) -> Applicant<'a> {
        let Self { valet, name, by, config, .. } = self;
        Applicant { valet, name, by, oauth: &config.oauth, metadata, scopes }
    }

    /// What is kept for when the person is through.
    pub(super) fn back(&self, ways: Ways, parts: GrantParts) -> Return {
        let (server_id, by) = (self.server_id.clone(), self.by.clone());
        Return { number: self.number, server_id, by, account: self.account, ways, parts }
    }

    /// What to ask the issuer for, if that can lead anywhere.
    fn scopes(&self, chosen: &Chosen) -> Result<Vec<String>, Stopped> {
        let (discovery, wanted) = (&chosen.discovery, self.scopes_wanted(chosen));
        discovery.check_scopes(&chosen.metadata, &wanted)?;
        Ok(oauth::scopes_asked(&chosen.metadata, wanted, discovery.scopes_configured()))
    }

    /// The same, unless the person said so.
    fn scopes_wanted(&self, chosen: &Chosen) -> Vec<String> {
        let (offered, discovery) = (chosen.scopes(), &chosen.discovery);
        // Without a resource, scopes that others name could be another API's.
        if discovery.scopes_configured() || discovery.resource_for(chosen.issuer()).is_none() {
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
    let parts = &waiting.back.parts;
    let endpoint = parts.endpoint(&metadata.issuer, url, waiting.pending.created_at());
    let url = match oauth::push(http, &endpoint, metadata, &waiting.url).await {
        Ok(url) => url,
        Err(fault) => return Err((waiting.back.parts.client.id, fault)),
    };
    waiting.url = url;
    Ok(waiting)
}

/// A provider's fault that is put up with.
fn notice(metadata: &Metadata) -> Option<String> {
    let alias = metadata.alias.as_ref().filter(|alias| alias.fault)?;
    Some(say!(notice_calls_itself, issuer = metadata.issuer.to_string(), own = &alias.own))
}
