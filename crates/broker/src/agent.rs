//! What a local program may do. Whatever is not here has no way over the socket.

use crate::audit;
use crate::config::{self, ServerConfig};
use crate::hand_out;
use crate::http::callback::{self, Received};
use crate::outcome;
use crate::peer::Peer;
use crate::reload;
use crate::revoke;
use crate::signin::{self, By};
use crate::state::Server;
use crate::valet::Valet;
use crate::vault::{ClientSecret, Key};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use url::Url;
use wire::{
    Added, AttemptState, AuditEntry, Authorization, AuthorizeRequest, Code, Finish, Health, NewServer,
    Problem, Removed, Revocation, Token, TokenRequest,
};

/// Audit entries that one call lists at most.
const ENTRIES: usize = 1000;

/// The authority of one program at the other end of the socket. It is made when a connection is accepted, and nowhere else.
#[derive(Clone)]
pub(crate) struct Agent {
    pub(crate) valet: Arc<Valet>,
    pub(crate) peer: Arc<Peer>,
}

impl Agent {
    /// The program's name, as a person reads it.
    pub(crate) fn name(&self) -> String {
        self.peer.executable().name()
    }

    fn by(&self) -> By {
        By::Agent { name: self.name(), executable: self.peer.executable().clone() }
    }

    /// One access token.
    pub(crate) async fn token(&self, request: &TokenRequest) -> Result<Token, Problem> {
        hand_out::token(self, request).await
    }

    /// Every server.
    pub(crate) fn servers(&self) -> Vec<wire::Server> {
        let book = self.valet.book();
        book.servers.values().map(|server| self.show(server, &book)).collect()
    }

    /// One server.
    pub(crate) fn server(&self, server: &str) -> Result<wire::Server, Problem> {
        let book = self.valet.book();
        book.find(server).map(|server| self.show(server, &book))
    }

    /// One server, once no sign-in is under way any more, or after `wait` seconds.
    pub(crate) async fn settled(&self, server: &str, wait: u32) -> Result<wire::Server, Problem> {
        let deadline = Instant::now() + Duration::from_secs(wait.min(wire::MAX_WAIT).into());
        let mut changes = self.changes();
        loop {
            let found = self.server(server)?;
            let under_way = matches!(found.attempt, AttemptState::Preparing | AttemptState::Waiting);
            if !under_way || !matches!(timeout_at(deadline, changes.changed()).await, Ok(Ok(()))) {
                return Ok(found);
            }
        }
    }

    /// Fires at every change of anything.
    pub(crate) fn changes(&self) -> watch::Receiver<crate::View> {
        self.valet.view.subscribe()
    }

    fn show(&self, server: &Server, book: &crate::book::Book) -> wire::Server {
        let policy = book.config.valet.agents;
        let consent = self.valet.consents().standing(policy, self.peer.executable(), &server.id);
        server.to_wire(book.locked, consent)
    }

    fn find(&self, server: &str) -> Result<String, Problem> {
        self.valet.book().find(server).map(|server| server.name.clone())
    }

    /// Adds a server that is not there yet.
    pub(crate) async fn add(&self, new: NewServer) -> Result<Added, Problem> {
        if let Some(there) = self.there_already(&new)? {
            return Ok(Added { server: there, added: false });
        }
        let name = new.name.clone().map_or_else(|| self.name_for(&new.url), Ok)?;
        let mut entry = Map::from_iter([("url".to_owned(), json!(new.url))]);
        let mut oauth = new.oauth.unwrap_or_default();
        let whole: Map<String, Value> = with_oauth(entry.clone(), &oauth);
        let checked = config::check_entry(&self.valet.paths.config, &name, &whole);
        let checked = checked.map_err(|error| outcome::configuration(&error))?;
        if self.keep_secret(&name, &checked).await? {
            oauth.shift_remove("clientSecret");
        }
        entry = with_oauth(entry, &oauth);
        config::add_server(&self.valet.paths.config, &name, entry)
            .map_err(|error| outcome::configuration(&error))?;
        reload::reload(&self.valet);
        let agent = self.name();
        self.valet.change_server(&name, |server| server.added_by = Some(agent.clone()));
        self.note("add", &name);
        Ok(Added { server: self.server(&name)?, added: true })
    }

    /// A client secret goes into the vault and never into the file, unless the vault is one that forgets.
    async fn keep_secret(&self, name: &str, server: &ServerConfig) -> Result<bool, Problem> {
        let oauth = &server.oauth;
        let Some((client_id, secret)) = oauth.client_id.clone().zip(oauth.client_secret.clone()) else {
            return Ok(false);
        };
        if self.valet.vault.kind() == wire::VaultKind::Memory {
            return Ok(false);
        }
        let key = Key::ClientSecret(Server::id_of(name, server));
        let written = self.valet.vault.write(key, Arc::new(ClientSecret { client_id, secret })).await;
        written.map(|_| true).map_err(outcome::locked)
    }

    /// The same server under the same name, or without a name under any.
    fn there_already(&self, new: &NewServer) -> Result<Option<wire::Server>, Problem> {
        let Some(name) = &new.name else {
            return match self.server(&new.url) {
                Ok(there) => Ok(Some(there)),
                Err(problem) if problem.code == Code::UnknownServer => Ok(None),
                Err(problem) => Err(problem),
            };
        };
        match self.server(name) {
            Ok(there) if there.url == new.url => Ok(Some(there)),
            Ok(there) => Err(outcome::invalid_request(
                format!("\"{name}\" is there already, as {}", there.url),
                "Choose another name, or remove the other server first.",
            )),
            Err(problem) if problem.code == Code::UnknownServer => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// A short name from the host: `mcp.linear.app` is "linear".
    fn name_for(&self, url: &str) -> Result<String, Problem> {
        let url = Url::parse(url);
        let host = url.ok().and_then(|url| url.host_str().map(ToOwned::to_owned)).ok_or_else(|| {
            outcome::invalid_request(
                "this is not a URL",
                "Give the server's whole address, such as https://mcp.example.com/mcp.",
            )
        })?;
        let labels: Vec<&str> =
            host.split('.').filter(|label| !["mcp", "www", "api"].contains(label)).collect();
        let is_name = host.contains('.') && host.parse::<std::net::IpAddr>().is_err();
        let base = match labels.as_slice() {
            [label, _, ..] if is_name => (*label).to_owned(),
            _ => host.trim_matches(['[', ']']).to_owned(),
        };
        let book = self.valet.book();
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let free =
            std::iter::once(base.clone()).chain(numbered).find(|name| !book.servers.contains_key(name));
        Ok(free.unwrap_or(base))
    }

    /// Begins a sign-in, for the caller to open.
    pub(crate) async fn authorize(
        &self,
        server: &str,
        request: AuthorizeRequest,
    ) -> Result<Authorization, Problem> {
        let name = self.find(server)?;
        signin::begin(Arc::clone(&self.valet), name, self.by(), request.issuer).await
    }

    /// Finishes a sign-in with the address that the browser ended at. Only who began it can.
    pub(crate) async fn finish(&self, server: &str, finish: &Finish) -> Result<wire::Server, Problem> {
        let name = self.find(server)?;
        let endpoint = self.endpoint_of_own_attempt(&name)?;
        let prefix = finish.url.split(['?', '#']).next().unwrap_or_default();
        if prefix != endpoint.redirect_uri {
            return Err(outcome::invalid_request(
                "this is not the address that the sign-in ends at",
                format!(
                    "Paste the whole address from the browser; it begins with {}.",
                    endpoint.redirect_uri
                ),
            ));
        }
        let query = finish.url.split_once('?').map_or("", |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        match callback::receive(&self.valet, &endpoint.listener, &endpoint.path, query).await {
            Received::Done { server } => self.server(&server),
            Received::Failed { problem, .. } | Received::NotBelieved(problem) => Err(problem),
            Received::UsedUp | Received::NotWaitedFor | Received::Incomplete => {
                Err(outcome::invalid_request(
                    "this address belongs to no sign-in that is waited for",
                    format!("Begin again with `mcp-valet authorize {name}`."),
                ))
            }
        }
    }

    fn endpoint_of_own_attempt(&self, name: &str) -> Result<callback::Endpoint, Problem> {
        let book = self.valet.book();
        let waiting = book.servers.get(name).and_then(|server| server.attempt.waiting());
        let own = waiting.filter(|waiting| waiting.by == self.by()).map(|waiting| waiting.endpoint.clone());
        own.ok_or_else(|| {
            outcome::invalid_request(
                format!("no sign-in to \"{name}\" that was begun here is waiting"),
                format!("Begin one with `mcp-valet authorize {name}`."),
            )
        })
    }

    /// "Not now", for this session.
    pub(crate) fn decline(&self, server: &str) -> Result<wire::Server, Problem> {
        let name = self.find(server)?;
        self.valet.decline(&name);
        self.note("decline", &name);
        self.server(&name)
    }

    /// Revokes and wipes the grant.
    pub(crate) async fn revoke(&self, server: &str) -> Result<Revocation, Problem> {
        revoke::revoke(Arc::clone(&self.valet), self.find(server)?, self.by()).await
    }

    /// Revokes, and takes the server out of the configuration.
    pub(crate) async fn remove(&self, server: &str) -> Result<Removed, Problem> {
        revoke::remove(Arc::clone(&self.valet), self.find(server)?, self.by()).await
    }

    /// Wipes every secret from memory until the person unlocks.
    pub(crate) fn lock(&self) {
        self.valet.lock();
        self.valet.note(&audit::entry(self.valet.clock.now(), "lock", &self.name()));
    }

    /// This program's own audit entries.
    pub(crate) fn audit(&self) -> Result<Vec<AuditEntry>, Problem> {
        let own = self.peer.executable().path();
        let entries = self.valet.audit.newest(ENTRIES, |entry| entry.executable.as_deref() == Some(&own));
        entries.map_err(|error| {
            outcome::internal(format!("the audit cannot be read ({error})"), "Check the file's permissions.")
        })
    }

    /// Whether the valet is well.
    pub(crate) fn health(&self) -> Health {
        let view = self.valet.view.borrow();
        let trouble = view.trouble.iter().chain(&view.locked);
        let troubles = trouble.map(|problem| format!("{}. {}", problem.detail, problem.advice));
        Health {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            vault: view.vault,
            locked: view.locked.is_some(),
            notices: troubles.chain(view.notices.iter().cloned()).collect(),
        }
    }

    fn note(&self, what: &str, server: &str) {
        let mut entry = audit::entry(self.valet.clock.now(), what, &self.name());
        entry.executable = Some(self.peer.executable().path());
        entry.server = Some(server.to_owned());
        self.valet.note(&entry);
    }
}

fn with_oauth(mut entry: Map<String, Value>, oauth: &Map<String, Value>) -> Map<String, Value> {
    if !oauth.is_empty() {
        entry.insert("oauth".to_owned(), Value::Object(oauth.clone()));
    }
    entry
}
