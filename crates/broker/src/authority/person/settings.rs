//! What the person sets.

use crate::authority::person::{Person, broke_off};
use crate::authority::{client, edit, key};
use crate::valet::reload;
use config::{self, AgentsPolicy, Config, ConfigError, LockPolicy, ServerEdit};
use oauth::Secret;
use peer::By;
use std::path::Path;
use std::sync::Arc;
use wire::{Act, KeyText, Problem, Reason};
use words::say;

impl Person {
    /// Uses a client that the person registered for the next sign-in to a server. `callback_port` is that of
    /// the redirect URI registered with it.
    ///
    /// # Errors
    /// There is no such server, the configuration cannot take it, or the vault does not take the secret.
    pub async fn set_client(
        &self,
        server: &str,
        id: String,
        secret: Option<Secret>,
        callback_port: Option<u16>,
    ) -> Result<(), Problem> {
        let (valet, server) = (Arc::clone(&self.valet), server.to_owned());
        let own = client::OwnClient { id, secret, callback_port };
        self.on_broker(async move { client::set(&valet, &server, own).await }).await
    }

    /// Sets a key of a server, in the place of the one that is there. It cannot be read again.
    ///
    /// # Errors
    /// No header of the server takes such a key, or the vault does not take it.
    pub async fn set_key(&self, server: &str, key: &str, secret: KeyText) -> Result<(), Problem> {
        let (valet, server, key) = (Arc::clone(&self.valet), server.to_owned(), key.to_owned());
        self.on_broker(async move { key::set_by_person(&valet, &server, &key, secret.expose()).await }).await
    }

    /// Wipes a key of a server. It is good until it is ended at its provider.
    ///
    /// # Errors
    /// There is no such key, or the vault does not let it go.
    pub async fn wipe_key(&self, server: &str, key: &str) -> Result<(), Problem> {
        let (valet, server, key) = (Arc::clone(&self.valet), server.to_owned(), key.to_owned());
        self.on_broker(async move { key::wipe(&valet, &server, &key, &By::Person).await }).await
    }

    /// Has a server signed in to that takes a key: that goes, with its header.
    ///
    /// # Errors
    /// The configuration or the vault does not take it.
    pub async fn sign_in_instead(&self, server: &str) -> Result<(), Problem> {
        let (valet, server) = (Arc::clone(&self.valet), server.to_owned());
        self.on_broker(async move { key::sign_in_instead(&valet, &server).await }).await
    }

    /// Gives a server another name, another address, or other scopes to ask for.
    ///
    /// # Errors
    /// There is no such server, the configuration cannot take it, or a sign-in is under way.
    pub async fn edit_server(&self, server: &str, wanted: ServerEdit) -> Result<(), Problem> {
        let (valet, server) = (Arc::clone(&self.valet), server.to_owned());
        self.on_broker(async move { edit::edit(&valet, &server, wanted).await }).await
    }

    /// Says what an agent gets that was never answered about. It holds at once, and for the next runs.
    ///
    /// # Errors
    /// The configuration could not be written, or other edits of it wait for consent.
    pub async fn set_agents(&self, agents: AgentsPolicy) -> Result<(), Problem> {
        let edit = move |path: &Path| config::set_agents(path, agents);
        self.edit(Act::SetAgents, edit, move |config| config.valet.agents = agents).await
    }

    /// Says when the valet locks by itself. It holds at once, and for the next runs.
    ///
    /// # Errors
    /// As [`Person::set_agents`].
    pub async fn set_lock(&self, policy: LockPolicy) -> Result<(), Problem> {
        let edit = move |path: &Path| config::set_lock(path, policy);
        self.edit(Act::SetLock, edit, move |config| config.valet.lock = policy).await
    }

    async fn edit(
        &self,
        act: Act,
        edit: impl FnOnce(&Path) -> Result<(), ConfigError> + Send + 'static,
        wanted: impl FnOnce(&mut Config) + Send + 'static,
    ) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        let set = tokio::task::spawn_blocking(move || {
            reload::edit(&valet, edit, wanted)?;
            valet.note(&audit::entry(valet.clock.now(), act, By::Person.actor()));
            Ok(())
        });
        set.await.unwrap_or_else(|_| Err(broke_off()))
    }

    /// Has the valet start when the person logs in, or not any more.
    ///
    /// # Errors
    /// The system refused, or the shell has no say in it.
    pub async fn start_at_login(&self, start: bool) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        let set = tokio::task::spawn_blocking(move || {
            let set = valet.shell.start_at_login(start);
            valet.show_start_at_login();
            set.map_err(|error| {
                let detail = say!(problem_desktop_refuses, error = error.to_string());
                problems::internal(detail, say!(problem_desktop_refuses_advice)).because(Reason::StartAtLogin)
            })
        });
        set.await.unwrap_or_else(|_| Err(broke_off()))
    }

    /// Shows whether the desktop shows the shell's icon now.
    pub fn set_icon_shown(&self, shown: bool) {
        self.valet.show_icon_shown(shown);
    }

    /// Shows the start at login as it is now: the desktop's own settings may have changed it.
    pub(crate) fn look_at_login(&self) {
        self.valet.show_start_at_login();
    }
}
