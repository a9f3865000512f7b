//! Grants that need no person: obtained at the first need, and anew when they are over.

use crate::grants::verify::{self, Verdict};
use crate::grants::{credential, refresh, source};
use crate::state::attempt::Attempt;
use crate::state::flight::{Flight, Landing};
use crate::state::held::Held;
use crate::state::item::{Grant, GrantParts};
use crate::state::server::Server;
use crate::valet::{Valet, keep};
use config::{IdentityProvider, ServerConfig, Unattended};
use oauth::{Client, Discovery, DpopKey, Endpoint, IdJagRequest, Issuer, Metadata, Secret, Tokens};
use std::sync::Arc;
use vault::Key;
use wire::{Act, Actor, Problem, Reason};

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
    config: ServerConfig,
    grant: Unattended,
}

impl Obtaining {
    async fn fly(&self) -> Landing {
        let landing = self.obtain().await;
        if let Err(problem) = &landing {
            self.conclude(|server| server.attempt = Attempt::Failed(problem.clone()));
        }
        landing
    }

    async fn obtain(&self) -> Landing {
        self.valet.open_vault().await?;
        let http = self.valet.http();
        let overrides = self.config.oauth.overrides();
        let fault = |fault| problems::fault(&fault);
        let discovery = oauth::discover(&http, &self.config.url, &overrides).await.map_err(fault)?;
        let issuer = self.choose(&discovery)?;
        let metadata = discovery.metadata(&http, &issuer).await.map_err(fault)?;
        let client = self.client(&metadata).await?;
        let dpop = crate::grants::signin::bound_key(&self.config.oauth, &discovery, &metadata)?;
        let asked =
            Asked { discovery: &discovery, metadata: &metadata, client: &client, dpop: dpop.as_ref() };
        let place = self.valet.asking.at(issuer.as_str()).await;
        let sent_at = self.valet.clock.now();
        let of = (self.name.as_str(), self.id.as_str());
        let tokens = place.wait(&self.valet, of, &issuer.host(), self.ask(&asked)).await?;
        let parts = asked.parts(self.config.url.as_str());
        let verdict = verify::verify(&self.valet, &self.name, &parts, &tokens, None).await?;
        self.keep(crate::grants::signin::grant(parts, tokens, sent_at), verdict).await
    }

    fn choose(&self, discovery: &Discovery) -> Result<Issuer, Problem> {
        if let Some(doubt) = &discovery.doubt {
            return Err(problems::fault(doubt));
        }
        let [only] = discovery.issuers.as_slice() else {
            let names: Vec<&str> = discovery.issuers.iter().map(Issuer::as_str).collect();
            let detail =
                format!("\"{}\" names several places to ask for tokens: {}", self.name, names.join(", "));
            return Err(problems::failed(
                Reason::ChoosingIssuer,
                detail,
                "Name one of them in `oauth.authorizationServer`.",
            )
            .at("oauth.authorizationServer"));
        };
        Ok(only.clone())
    }

    async fn client(&self, metadata: &Metadata) -> Result<Client, Problem> {
        let oauth = &self.config.oauth;
        let Some(id) = &oauth.client_id else {
            let detail = format!("\"{}\" needs a client ID to ask for tokens by itself", self.name);
            return Err(problems::failed(Reason::RegistrationMissing, detail, "Add `oauth.clientId`.")
                .at("oauth.clientId"));
        };
        credential::by_hand(&self.valet, &self.name, id, oauth, metadata).await
    }

    /// One request, never repeated, and never another kind of grant instead.
    async fn ask(&self, asked: &Asked<'_>) -> Result<Tokens, Problem> {
        let (http, endpoint) = (self.valet.http(), asked.endpoint(self.valet.clock.now()));
        let (resource, scopes) = (asked.resource(), asked.scopes());
        let answer = match &self.grant {
            Unattended::JwtBearer { assertion } => {
                let assertion = source::read(assertion).await?;
                oauth::jwt_bearer(&http, &endpoint, &assertion, resource, &scopes).await
            }
            Unattended::IdJag(provider) => {
                let assertion = self.id_jag(provider, asked, &scopes).await?;
                oauth::jwt_bearer(&http, &endpoint, &assertion, resource, &scopes).await
            }
            Unattended::ClientCredentials => {
                oauth::client_credentials(&http, &endpoint, resource, &scopes).await
            }
        };
        answer.map_err(|fault| problems::fault(&fault))
    }

    async fn id_jag(
        &self,
        provider: &IdentityProvider,
        asked: &Asked<'_>,
        scopes: &[String],
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
            audience: &asked.metadata.issuer,
            resource: asked.resource().unwrap_or(self.config.url.as_str()),
            scopes,
        };
        oauth::id_jag(&http, &endpoint, &request).await.map_err(|fault| problems::fault(&fault))
    }

    /// Stores, then publishes; what the vault will not take serves from memory and is written later. Nothing
    /// is kept if something else was done with the server meanwhile.
    async fn keep(&self, mut grant: Grant, verdict: Verdict) -> Landing {
        grant.parts.belongs_to(verdict.account);
        grant.before = refresh::outdated(&self.valet, &self.name);
        let grant = Arc::new(grant);
        // Only now: an issuer may take minutes, and a revocation is not to wait for it.
        let _pen = self.pen.lock().await;
        if !self.is_awaited() {
            crate::grants::revoke::at_issuer(&self.valet, &grant).await;
            return Err(problems::authorization_required(&self.name));
        }
        let stored = self.valet.vault.write(Key::Grant(self.id.clone()), Arc::clone(&grant)).await;
        let unsaved = stored.is_err();
        let mut entry = audit::entry(self.valet.clock.now(), Act::Obtain, Actor::valet());
        entry.server = Some(self.name.clone());
        entry.scopes.clone_from(&grant.parts.scopes);
        self.valet.note(&entry);
        self.conclude(|server| {
            server.take_over(stored.map_or_else(|_| Held::Unsaved(Arc::clone(&grant)), Held::Live));
            server.doubts.warning = verdict.warning;
        });
        if unsaved {
            keep::save_later(&self.valet, &self.name, &grant);
        }
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

/// What a request for tokens rests on.
struct Asked<'a> {
    discovery: &'a Discovery,
    metadata: &'a Metadata,
    client: &'a Client,
    dpop: Option<&'a DpopKey>,
}

impl<'a> Asked<'a> {
    fn endpoint(&self, now: jiff::Timestamp) -> Endpoint<'a> {
        Endpoint {
            issuer: &self.metadata.issuer,
            url: &self.metadata.token_endpoint,
            reach: self.metadata.reach,
            client: self.client,
            dpop: self.dpop,
            now,
        }
    }

    fn parts(&self, url: &str) -> GrantParts {
        let (client, dpop) = (self.client.clone(), self.dpop.cloned());
        GrantParts::new(url, self.metadata, client, dpop, self.resource(), self.scopes())
    }

    fn resource(&self) -> Option<&'a str> {
        self.discovery.resource_for(&self.metadata.issuer)
    }

    fn scopes(&self) -> Vec<String> {
        self.discovery.scopes_for(&self.metadata.issuer)
    }
}
