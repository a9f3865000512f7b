//! The valet itself: what all the broker's parts share.

use crate::always;
use crate::audit::{self, Audit, Refusals};
use crate::book::Book;
use crate::clock::Clock;
use crate::consent::Consents;
use crate::http::callback::Callbacks;
use crate::http::proxy::Operations;
use crate::paths::Paths;
use crate::question::Questions;
use crate::run::Shell;
use crate::session::Sessions;
use crate::state::{Attempt, Held, Server};
use crate::vault::{Grant, Key, Vault, VaultError};
use crate::view::{Surfaces, Surroundings, View};
use crate::{outcome, record};
use oauth::{Http, KeyCache};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use wire::{AuditEntry, Problem};

/// The least time between two pictures that differ only in when something was last used.
const BREATH: Duration = Duration::from_millis(250);

/// One user's valet. Its locks are held for short sections and never across a wait.
pub(crate) struct Valet {
    pub(crate) clock: Clock,
    pub(crate) shell: Box<dyn Shell>,
    pub(crate) paths: Paths,
    pub(crate) vault: Vault,
    pub(crate) surroundings: Surroundings,
    pub(crate) audit: Audit,
    pub(crate) refusals: Refusals,
    pub(crate) questions: Questions,
    pub(crate) callbacks: Callbacks,
    /// Where work goes on that must outlive the caller that began it.
    pub(crate) runtime: Handle,
    /// Wakes the task that shows the person what was used; see [`Valet::show_uses`].
    pub(crate) used: Notify,
    pub(crate) surfaces: watch::Sender<Surfaces>,
    pub(crate) view: watch::Sender<View>,
    pub(crate) reading: tokio::sync::Mutex<()>,
    pub(crate) book: Mutex<Book>,
    pub(crate) consents: Mutex<Consents>,
    pub(crate) sessions: Mutex<Sessions>,
    pub(crate) operations: Mutex<Operations>,
    pub(crate) http: Mutex<Http>,
    /// The keys by which tokens are checked.
    pub(crate) keys: KeyCache,
    pub(crate) record_pen: Mutex<()>,
    pub(crate) consent_pen: tokio::sync::Mutex<()>,
    pub(crate) reloading: Mutex<()>,
    pub(crate) answering: Mutex<()>,
    pub(crate) numbers: AtomicU64,
}

impl Valet {
    /// Looks at the servers.
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the servers, and lets everybody see it.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Book) -> T) -> T {
        let changed = change(&mut self.book());
        self.publish();
        changed
    }

    /// As [`Valet::change`] for one server, and writes down what should outlive this run before anybody sees it. `None` if the
    /// server is gone.
    pub(crate) fn change_server<T>(&self, name: &str, change: impl FnOnce(&mut Server) -> T) -> Option<T> {
        let changed = self.book().servers.get_mut(name).map(change);
        if changed.is_some() {
            record::save(self);
            self.publish();
        }
        changed
    }

    pub(crate) fn consents(&self) -> MutexGuard<'_, Consents> {
        self.consents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn operations(&self) -> MutexGuard<'_, Operations> {
        self.operations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn http(&self) -> Http {
        self.http.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A number that was not given before.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Draws the view anew for every surface, and wakes whoever waits for a change.
    pub(crate) fn publish(&self) {
        // Drawn while nobody else can publish, so that an older picture is never the last.
        self.view.send_modify(|view| {
            *view = View::of(
                &self.book(),
                &self.consents(),
                &self.questions.list(),
                &self.surroundings,
                self.audit.newest(),
                view.start_at_login,
            );
        });
    }

    /// Shows whether the valet starts at login, as the shell says.
    pub(crate) fn show_start_at_login(&self) {
        let starts = self.shell.starts_at_login();
        self.view.send_modify(|view| view.start_at_login = starts);
    }

    /// Shows uses soon after they happen. A hand-out itself only wakes this task, and many at once are shown as one.
    pub(crate) async fn show_uses(self: Arc<Self>) {
        loop {
            self.used.notified().await;
            self.publish();
            tokio::time::sleep(BREATH).await;
        }
    }

    /// Writes an entry that is not tied to a hand-out; trouble is logged, since what it tells of lowers and goes on.
    pub(crate) fn note(&self, entry: &AuditEntry) {
        if let Err(error) = self.audit.write(entry) {
            tracing::error!(%error, "the audit could not be written");
        }
        self.used.notify_one();
    }

    /// Reads from the vault what has not been read yet. Several callers share one reading.
    ///
    /// # Errors
    /// The vault is locked or does not answer; the same is then shown to the person.
    pub(crate) async fn unseal(&self) -> Result<(), VaultError> {
        let _one_at_a_time = self.reading.lock().await;
        if self.book().locked == Some(VaultError::LockedByPerson) {
            return Err(VaultError::LockedByPerson);
        }
        let sealed: HashMap<String, String> = self.book().sealed();
        let mut outcome = Ok(());
        for (name, id) in sealed {
            match self.vault.read::<Grant>(Key::Grant(id)).await {
                Ok(grant) => self.change(|book| book.opened(&name, grant)),
                // One damaged item is that server's trouble alone.
                Err(VaultError::Broken) => self.change(|book| book.damaged(&name)),
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        if outcome.is_ok() && self.book().keychain_used {
            outcome = always::read(self).await;
        }
        if outcome.is_ok() && (self.book().keychain_used || self.vault.has_written()) {
            self.learn_audit().await;
        }
        if self.book().locked != outcome.err() {
            self.change(|book| book.locked = outcome.err());
        }
        outcome
    }

    /// Nobody has to wait for what the audit alone needs.
    async fn learn_audit(&self) {
        if let Err(error) = audit::learn(self).await {
            tracing::warn!(%error, "the key of the audit could not be read: entries are sealed later");
        }
    }

    /// The vault, known to be open.
    pub(crate) async fn open_vault(&self) -> Result<&Vault, Problem> {
        self.unseal().await.map_err(outcome::locked)?;
        Ok(&self.vault)
    }

    pub(crate) fn is_locked_by_person(&self) -> bool {
        self.book().locked == Some(VaultError::LockedByPerson)
    }

    /// Wipes every secret from memory until the person unlocks.
    pub(crate) fn lock(&self) {
        self.audit.forget_key();
        self.change(|book| {
            book.locked = Some(VaultError::LockedByPerson);
            for server in book.servers.values_mut() {
                if matches!(server.held, Held::Live(_)) {
                    server.held = Held::Sealed { granted: true };
                }
            }
        });
    }

    /// "Not now": nobody is asked to sign in to this server in this session, and a sign-in that waits is not waited for.
    pub(crate) fn decline(&self, name: &str) {
        self.change(|book| {
            let Some(server) = book.servers.get_mut(name) else { return };
            server.declined = true;
            server.wanted_by = None;
            server.attempt = Attempt::None;
        });
    }

    /// Takes the lock of [`Valet::lock`] back.
    pub(crate) async fn unlock(self: &Arc<Self>) -> Result<(), VaultError> {
        self.change(|book| book.locked = None);
        self.unseal().await
    }
}
