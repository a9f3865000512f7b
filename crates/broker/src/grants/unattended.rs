//! Grants that need no person: obtained at the first need, and anew when they are over.

use crate::grants::chosen::Chosen;
use crate::grants::stopped::Stopped;
use crate::grants::verify::{self, Checked};
use crate::grants::{credential, refresh, source};
use crate::valet::Valet;
use crate::valet::keep::ToKeep;
use config::{IdentityProvider, ServerConfig, Unattended};
use oauth::{Client, Discovery, Endpoint, IdJagRequest, Issuer, Metadata, Secret, Tokens};
use state::attempt::Attempt;
use state::flight::{Flight, Landing};
use state::item::{Grant, GrantParts};
use state::server::Server;
use std::sync::Arc;
use wire::{Act, Actor, Problem, Reason};
use words::say;

/// Joins the request for a grant that is under way, or begins one. What works already keeps working
/// meanwhile.
pub(crate) fn join(valet: &Arc<Valet>, server: &mut Server, grant: Unattended) -> Flight {
    if let Some(flight) = server.upkeep.under_way() {
        return flight;
    }
    let number = valet.number();
    server.attempt = Attempt::Preparing(number);
    let task = Obtaining {
        valet: Arc::clone(valet),
        name: server.name.clone(),
        id: server.id.clone(),
        number,
        pen: Arc::clone(&server.pen),
        config: server.config.clone(),
        grant,
    };
    refresh::launch(valet, server, async move { task.fly().await })
}

struct Obtaining {
    valet: Arc<Valet>,
    name: String,
    id: String,
    number: u64,
    pen: Arc<tokio::sync::Mutex<()>>,
    config: Arc<ServerConfig>,
    grant: Unattended,
}

impl Obtaining {
    async fn fly(&self) -> Landing {
        let landing = self.obtain().await;
        if let Err(problem) = &landing {
            self.conclude(|server| server.attempt = Attempt::ended_in(problem.clone()));
        }
        landing
    }

    async fn obtain(&self) -> Landing {
        self.valet.open_vault().await?;
        let http = self.valet.http();
        let url = self.config.place.url().ok_or_else(|| problems::runs_here(&self.name))?;
        let overrides = self.config.oauth.overrides();
        let chosen = Chosen::find(&http, url, &overrides, async |discovery| self.only(discovery)).await?;
        let issuer = chosen.issuer();
        let client = self.client(&chosen.metadata).await?;
        let parts = chosen.parts(&self.config, client, chosen.scopes())?;
        let slot = self.valet.asking.at(issuer.as_str()).await;
        let sent_at = self.valet.clock.now();
        let of = (self.name.as_str(), self.id.as_str());
        let tokens = slot.wait(&self.valet, of, &issuer.host(), self.ask(&chosen.metadata, &parts)).await?;
        let verdict = verify::verify(&self.valet, &self.name, &parts, &tokens, None).await?;
        self.keep(Grant::new(parts, tokens, sent_at), verdict).await
    }

    /// Nobody is there to choose.
    fn only(&self, discovery: &Discovery) -> Result<Issuer, Stopped> {
        if let Some(doubt) = &discovery.doubt {
            return Err(problems::fault(doubt).into());
        }
        let issuers = &discovery.issuers;
        if let [only] = issuers.as_slice() {
            return Ok(only.clone());
        }
        let names: Vec<&str> = issuers.iter().map(Issuer::as_str).collect();
        let detail = say!(problem_several_issuers, server = &self.name, names = names.join(", "));
        let advice = say!(problem_several_issuers_advice);
        Err(problems::failed(Reason::ChoosingIssuer, detail, advice).at("oauth.authorizationServer").into())
    }

    async fn client(&self, metadata: &Metadata) -> Result<Client, Problem> {
        let oauth = &self.config.oauth;
        let Some(id) = &oauth.client_id else {
            let detail = say!(problem_needs_client, server = &self.name);
            return Err(problems::failed(
                Reason::RegistrationMissing,
                detail,
                say!(problem_needs_client_advice),
            )
            .at("oauth.clientId"));
        };
        credential::by_hand(&self.valet, &self.name, id, oauth, metadata).await
    }

    /// One request, never repeated, and never another kind of grant instead.
    async fn ask(&self, metadata: &Metadata, parts: &GrantParts) -> Result<Tokens, Problem> {
        let http = self.valet.http();
        let endpoint = parts.endpoint(&metadata.issuer, &metadata.token_endpoint, self.valet.clock.now());
        let (resource, scopes) = (parts.resource.as_deref(), &parts.scopes_asked);
        let answer = match &self.grant {
            Unattended::JwtBearer { assertion } => {
                let assertion = source::read(assertion).await?;
                oauth::jwt_bearer(&http, &endpoint, &assertion, resource, scopes).await
            }
            Unattended::IdJag(provider) => {
                let assertion = self.id_jag(provider, &metadata.issuer, parts).await?;
                oauth::jwt_bearer(&http, &endpoint, &assertion, resource, scopes).await
            }
            Unattended::ClientCredentials => {
                oauth::client_credentials(&http, &endpoint, resource, scopes).await
            }
        };
        answer.map_err(|fault| problems::fault(&fault))
    }

    async fn id_jag(
        &self,
        provider: &IdentityProvider,
        audience: &Issuer,
        parts: &GrantParts,
    ) -> Result<Secret, Problem> {
        let http = self.valet.http();
        let reach = http.reach_of(&provider.token_endpoint).await.map_err(|fault| problems::fault(&fault))?;
        let client = credential::at_provider(&self.valet, &self.name, provider).await?;
        let id_token = source::read(&provider.id_token).await?;
        let endpoint = Endpoint {
            issuer: &provider.issuer,
            url: &provider.token_endpoint,
            reach,
            client: &client,
            dpop: None,
            now: self.valet.clock.now(),
        };
        let request = IdJagRequest {
            id_token: &id_token,
            audience,
            resource: parts.resource.as_deref().unwrap_or(self.config.place.as_str()),
            scopes: &parts.scopes_asked,
        };
        oauth::id_jag(&http, &endpoint, &request).await.map_err(|fault| problems::fault(&fault))
    }

    /// Stores, then publishes. Nothing is kept if something else was done with the server meanwhile.
    async fn keep(&self, mut grant: Grant, verdict: Checked) -> Landing {
        grant.parts.belongs_to(verdict.account);
        grant.before = refresh::outdated(&self.valet, &self.name);
        let grant = Arc::new(grant);
        // Only now: an issuer may take minutes, and a revocation is not to wait for it.
        let _pen = self.pen.lock().await;
        if !self.is_awaited() {
            crate::grants::revoke::at_issuer(&self.valet, &grant).await;
            return Err(problems::authorization_required(&self.name));
        }
        let keeping = ToKeep { valet: &self.valet, name: &self.name, id: &self.id, grant: &grant };
        let publish = |held| {
            let mut entry = audit::entry(self.valet.clock.now(), Act::Obtain, Actor::valet());
            entry.server = Some(self.name.clone());
            entry.scopes.clone_from(&grant.parts.scopes);
            self.valet.note(&entry);
            self.conclude(|server| {
                server.take_over(held);
                server.doubts.warning = verdict.warning;
            });
        };
        keeping.store(None, publish).await;
        self.valet.forget_last_time_unless_of(&self.id, &grant.parts.whose());
        Ok(grant)
    }

    fn is_awaited(&self) -> bool {
        let book = self.valet.book();
        book.servers.get(&self.name).is_some_and(|server| self.is_own(server))
    }

    fn is_own(&self, server: &Server) -> bool {
        server.id == self.id && server.attempt.number() == Some(self.number)
    }

    fn conclude(&self, change: impl FnOnce(&mut Server)) {
        self.valet.change_server(&self.name, |server| {
            if self.is_own(server) {
                change(server);
            }
        });
    }
}
