//! What the person sets.

use crate::authority::client;
use crate::authority::person::{Person, broke_off};
use crate::valet::reload;
use config::{self, AgentsPolicy, Config, ConfigError, LockPolicy};
use oauth::Secret;
use peer::By;
use std::path::Path;
use std::sync::Arc;
use wire::{Act, Problem, Reason};

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
                let detail = format!("the desktop does not take this ({error})");
                problems::internal(detail, "Use your desktop's own settings for it.")
                    .because(Reason::StartAtLogin)
            })
        });
        set.await.unwrap_or_else(|_| Err(broke_off()))
    }

    /// Shows the start at login as it is now: the desktop's own settings may have changed it.
    pub(crate) fn look_at_login(&self) {
        self.valet.show_start_at_login();
    }
}
