//! Who we are at an issuer: the client that the person registered, the one we registered before, or a new
//! one.

use crate::grants::credential;
use crate::grants::stopped::Stopped;
use crate::valet::Valet;
use config::redirect::{RedirectEndpoint, WantedRedirect};
use config::{OauthBlock, RedirectHost};
use ledger::{Part, registered_path};
use oauth::{AuthMethod, Client, Fault, FaultCode, Metadata, RegistrationRequest};
use peer::By;
use state::attempt::Attempt;
use state::item::Registration;
use state::server::Server;
use std::sync::Arc;
use vault::{Key, Stored};
use wire::{Code, Problem, Reason};
use words::say;

/// Issuers that a server is remembered to have a client of ours at.
const MOST_ISSUERS: usize = 16;

/// Scopes that a registration keeps from the one before.
const MOST_SCOPES: usize = 64;

/// Who wants to be a client at the issuer with this metadata, and for which server.
pub(crate) struct Applicant<'a> {
    pub(crate) valet: &'a Arc<Valet>,
    pub(crate) name: &'a str,
    pub(crate) by: &'a By,
    pub(crate) oauth: &'a OauthBlock,
    pub(crate) metadata: &'a Metadata,
    /// What the sign-in will ask for.
    pub(crate) scopes: &'a [String],
}

impl Applicant<'_> {
    /// The client to sign in with, and the open endpoint of the callback server that belongs to it.
    pub(crate) async fn client(&self) -> Result<(Client, RedirectEndpoint), Stopped> {
        if let Some(client) = self.by_hand().await? {
            let port = self.valet.book().servers.get(self.name).and_then(|server| server.callback_port);
            let endpoint = self.open(&WantedRedirect::by_hand(self.oauth, port)).await?;
            if self.oauth.callback_port == Some(0) && port != Some(endpoint.port) {
                self.valet.change_server(self.name, |server| server.callback_port = Some(endpoint.port));
            }
            return Ok((client, endpoint));
        }
        if let Some(client) = self.by_document().await? {
            return Ok(client);
        }
        if self.metadata.registration_endpoint.is_none() {
            return Err(self.needs_client_id());
        }
        self.remember();
        let path = registered_path(self.metadata.issuer.as_str());
        let kept = self.kept(Key::Registration(self.issuer())).await?;
        match self.registered_before(kept.as_ref(), &path).await {
            Some(known) => Ok(known),
            None => self.register(&path, kept.as_ref()).await,
        }
    }

    /// The client to sign in with on other devices: it comes back to nowhere, and is registered for that
    /// alone.
    pub(crate) async fn device_client(&self) -> Result<Client, Stopped> {
        if let Some(client) = self.by_hand().await? {
            return Ok(client);
        }
        self.remember();
        let kept = self.kept(Key::DeviceRegistration(self.issuer())).await?;
        match kept.as_ref().filter(|kept| self.is_covered(kept)) {
            Some(kept) => Ok(kept.value().client.clone()),
            None => Ok(self.register_at(None, kept.as_ref()).await?),
        }
    }

    /// The client that the person registered, if they did.
    async fn by_hand(&self) -> Result<Option<Client>, Problem> {
        let Some(id) = &self.oauth.client_id else { return Ok(None) };
        credential::by_hand(self.valet, self.name, id, self.oauth, self.metadata).await.map(Some)
    }

    /// Notes that the server has a client of ours at the issuer, for when the server is removed.
    fn remember(&self) {
        let issuer = self.metadata.issuer.as_str();
        let known = |server: &Server| server.registered_at.contains(issuer);
        if self.valet.book().servers.get(self.name).is_some_and(known) {
            return;
        }
        self.valet.change_server(self.name, |server| {
            if server.registered_at.len() < MOST_ISSUERS {
                server.registered_at.insert(issuer.to_owned());
            }
        });
    }

    /// The client whose ID is the address of the person's document, if the issuer takes one. Where an issuer
    /// must have a redirect URI to itself, the document's usual one is another's already, and no other is in
    /// it, a registration of its own is better.
    async fn by_document(&self) -> Result<Option<(Client, RedirectEndpoint)>, Stopped> {
        let own = self.oauth.client_metadata_url.clone();
        let document = own.or_else(|| self.valet.book().config.valet.client_metadata_url.clone());
        let Some(document) = document.filter(|_| self.metadata.client_id_metadata_document_supported) else {
            return Ok(None);
        };
        let Some((places, free)) = self.places() else { return Ok(None) };
        let uris: Vec<&str> = places.iter().map(|(_, uri)| uri.as_str()).collect();
        let chosen = match oauth::choose_redirect(&document, &self.valet.http(), &uris).await {
            Ok(Some(chosen)) => Some(chosen),
            _ if !free && self.metadata.registration_endpoint.is_some() => return Ok(None),
            chosen => chosen?,
        };
        let place = places.iter().find(|(_, uri)| chosen.is_none_or(|chosen| chosen == uri));
        let Some((wanted, _)) = place else { return Ok(None) };
        let endpoint = self.open(wanted).await?;
        let client = Client::preregistered(document.as_str().to_owned(), None, AuthMethod::None);
        Ok(Some((client, endpoint)))
    }

    /// Where browsers may come back to for a client with a document, best first, and whether the usual place
    /// can be had. All who use the document may come back to all that is in it, so who does not say who it is
    /// gets a path of its own.
    fn places(&self) -> Option<(Vec<(WantedRedirect, String)>, bool)> {
        let of = |wanted: WantedRedirect| wanted.redirect_uri().map(|uri| (wanted, uri));
        let usual = of(WantedRedirect::by_hand(self.oauth, None))?;
        let own =
            of(WantedRedirect::by_document(self.oauth, &registered_path(self.metadata.issuer.as_str())))?;
        let taking = self.valet.taking();
        let book = self.valet.book();
        let claim = book.claim(self.name, self.by, self.metadata, &usual.1, taking);
        let unclaimed =
            book.clash(self.name, &claim).is_none() && book.neighbours(self.name, &claim).is_empty();
        let free = unclaimed && (claim.part != Part::Nothing || claim.says_iss || book.ledger.has(&claim));
        let places = match free {
            // The path is the person's choice, and no other would be taken.
            _ if usual.1 == own.1 => vec![usual],
            true if claim.says_iss || book.ledger.has(&claim) => vec![usual, own],
            true => vec![own, usual],
            false => vec![own],
        };
        Some((places, free))
    }

    /// No endpoint is invented: where an issuer registers no clients, the person is told how to do it by
    /// hand.
    fn needs_client_id(&self) -> Stopped {
        let (name, metadata) = (self.name, self.metadata);
        let redirect_uri = WantedRedirect::by_hand(self.oauth, None).example();
        let detail = say!(problem_no_registration, host = metadata.issuer.host());
        let uri = redirect_uri.to_string();
        let advice = match metadata.client_id_metadata_document_supported {
            true => say!(problem_register_or_host_advice, server = name, uri = uri),
            false => say!(problem_register_advice, server = name, uri = uri),
        };
        let problem =
            Problem::new(Code::AuthorizationRequired, detail, advice).because(Reason::RegistrationMissing);
        let issuer = self.issuer();
        Stopped::new(Attempt::NeedsClientId { issuer, redirect_uri, problem: problem.clone() }, problem)
    }

    /// The client of a registration, if its redirect URI is still what the configuration wants, its port can
    /// be had, and what will be asked for is within its scopes.
    async fn registered_before(
        &self,
        kept: Option<&Stored<Registration>>,
        path: &str,
    ) -> Option<(Client, RedirectEndpoint)> {
        let registration = kept?.value();
        let wanted = WantedRedirect::registered(self.oauth, path, &registration.redirect_uri);
        if registration.issuer != self.metadata.issuer.as_str()
            || wanted.redirect_uri().as_ref() != Some(&registration.redirect_uri)
        {
            return None;
        }
        // Another program may have the port now: then a new registration names another.
        let endpoint = self.open(&wanted).await.ok()?;
        self.is_covered(kept?).then(|| (registration.client.clone(), endpoint))
    }

    /// Whether a kept registration does for what will be asked for. Where it does not, another takes its
    /// place, unless programs have had that done too often.
    fn is_covered(&self, kept: &Stored<Registration>) -> bool {
        let may_widen = || {
            let now = self.valet.clock.now();
            self.valet.sign_ins.may_widen(&self.metadata.issuer, self.by, now)
        };
        kept.value().covers(self.scopes) || !may_widen()
    }

    /// A registration that the vault has, unless it is over.
    async fn kept(&self, key: Key) -> Result<Option<Stored<Registration>>, Problem> {
        let kept = self.valet.vault.read::<Registration>(key).await?;
        let now = self.valet.clock.now();
        let lasts = |client: &Client| client.secret_expires_at.is_none_or(|end| end > now);
        Ok(kept.filter(|kept| lasts(&kept.value().client)))
    }

    /// Registers with a redirect URI that the issuer takes: some refuse the address of this machine, and some
    /// its name.
    async fn register(
        &self,
        path: &str,
        before: Option<&Stored<Registration>>,
    ) -> Result<(Client, RedirectEndpoint), Stopped> {
        let fixed = self.oauth.redirect_host.is_some() || self.oauth.external_url.is_some();
        let first = self.open(&WantedRedirect::dynamic(self.oauth, path, RedirectHost::Ipv4)).await?;
        match self.register_at(Some(&first), before).await {
            Ok(client) => return Ok((client, first)),
            Err(fault) if fixed || fault.code() != FaultCode::RedirectUriRefused => return Err(fault.into()),
            Err(_) => {}
        }
        let second = self.open(&WantedRedirect::dynamic(self.oauth, path, RedirectHost::Localhost)).await?;
        let client = self.register_at(Some(&second), before).await.map_err(|fault| {
            let mut problem = problems::fault(&fault);
            problem.detail =
                say!(problem_refused_as_well, detail = problem.detail, uri = first.redirect_uri.to_string());
            problem
        })?;
        Ok((client, second))
    }

    /// Registers a client that comes back to `endpoint`, or to nowhere: for what will be asked for, and for
    /// what the one `before` was, so that servers of one issuer do not take it from each other.
    async fn register_at(
        &self,
        endpoint: Option<&RedirectEndpoint>,
        before: Option<&Stored<Registration>>,
    ) -> Result<Client, Fault> {
        let redirect_uri = endpoint.map(|endpoint| endpoint.redirect_uri.clone());
        let scopes = self.scopes_with(before);
        let request = RegistrationRequest {
            client_name: "MCP Valet".to_owned(),
            redirect_uris: redirect_uri.clone().into_iter().collect(),
            scopes: scopes.clone(),
            auth: self.oauth.token_endpoint_auth_method,
        };
        let client = oauth::register(&self.valet.http(), self.metadata, &request).await?;
        let key = match redirect_uri {
            Some(_) => Key::Registration(self.issuer()),
            None => Key::DeviceRegistration(self.issuer()),
        };
        let registration =
            Registration::new(self.metadata, &redirect_uri.unwrap_or_default(), client.clone(), scopes);
        if let Err(error) = self.valet.vault.write(key, Arc::new(registration)).await {
            tracing::warn!(server = self.name, %error, "a registration could not be stored; the next sign-in registers anew");
        }
        Ok(client)
    }

    fn scopes_with(&self, before: Option<&Stored<Registration>>) -> Vec<String> {
        let before = before.into_iter().flat_map(|kept| &kept.value().scopes);
        let further = before.filter(|scope| !self.scopes.contains(scope)).take(MOST_SCOPES);
        self.scopes.iter().chain(further).cloned().collect()
    }

    async fn open(&self, wanted: &WantedRedirect) -> Result<RedirectEndpoint, Problem> {
        self.valet.callbacks.open(self.valet, wanted).await
    }

    fn issuer(&self) -> String {
        self.metadata.issuer.as_str().to_owned()
    }
}

/// Forgets our client at an issuer if it is still this one: the next sign-in there registers anew.
pub(crate) async fn forget_client(valet: &Valet, issuer: &str, client_id: &str) {
    for key in [Key::Registration(issuer.to_owned()), Key::DeviceRegistration(issuer.to_owned())] {
        let kept = valet.vault.read::<Registration>(key.clone()).await;
        if matches!(kept, Ok(Some(kept)) if kept.value().client.id == client_id) {
            let _ = valet.vault.delete(key).await;
        }
    }
}

/// Forgets our client at an issuer: the next sign-in there registers anew.
pub(crate) async fn forget(valet: &Valet, issuer: &str) {
    let _ = valet.vault.delete(Key::Registration(issuer.to_owned())).await;
    let _ = valet.vault.delete(Key::DeviceRegistration(issuer.to_owned())).await;
}
