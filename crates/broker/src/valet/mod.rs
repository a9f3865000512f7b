//! The valet itself: what all the broker's parts share.

pub(crate) mod anchor;
pub(crate) mod asker;
pub(crate) mod asking;
pub(crate) mod come_back;
pub(crate) mod deeds;
pub(crate) mod follow;
pub(crate) mod idle;
pub(crate) mod in_use;
pub(crate) mod keep;
pub(crate) mod kept_answers;
pub(crate) mod moving;
pub(crate) mod passphrase;
pub(crate) mod read_audit;
pub(crate) mod reload;
pub(crate) mod save;
pub(crate) mod view;

use crate::base::paths::Paths;
use crate::base::shell::Shell;
use crate::consent::answers::Consents;
use crate::consent::operation::Operations;
use crate::consent::proposal::Proposals;
use crate::consent::question::{Questions, Subject};
use crate::consent::session::Sessions;
use crate::consent::surfaces::Surfaces;
use crate::lock::Activity;
use crate::state::book::Book;
use crate::state::item::{Grant, Registration};
use crate::state::server::{Attempt, Declined, Server};
use crate::state::shut::Shut;
use crate::state::sign_ins::SignIns;
use crate::valet::asking::Asking;
use crate::valet::come_back::ComeBack;
use crate::valet::view::{Surroundings, View};
use audit::{Audit, Refusals};
use ground::cause::Cause;
use ground::clock::Clock;
use oauth::{Http, KeyCache};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use vault::{Key, Stored, Vault, VaultError};
use wire::{AuditEntry, Problem, VaultKind};

/// The least time between two pictures that differ only in when something was last used.
const BREATH: Duration = Duration::from_millis(250);

/// How long uses may be in memory alone.
const UNWRITTEN: Duration = Duration::from_secs(3);

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
    pub(crate) proposals: Proposals,
    pub(crate) activity: Activity,
    pub(crate) callbacks: Box<dyn ComeBack>,
    pub(crate) asking: Asking,
    /// Where work goes on that must outlive the caller that began it.
    pub(crate) runtime: Handle,
    /// Wakes the task that shows the person what was used; see [`Valet::show_uses`].
    pub(crate) used: Notify,
    /// Wakes the task that writes it down; see [`Valet::write_uses`].
    pub(crate) unwritten: Notify,
    pub(crate) surfaces: watch::Sender<Surfaces>,
    pub(crate) view: watch::Sender<View>,
    pub(crate) reading: tokio::sync::Mutex<()>,
    pub(crate) revoking_all: tokio::sync::Mutex<()>,
    /// Turns true when the valet ends.
    pub(crate) over: watch::Sender<bool>,
    pub(crate) book: Mutex<Book>,
    pub(crate) consents: Mutex<Consents>,
    pub(crate) sessions: Mutex<Sessions>,
    pub(crate) operations: Mutex<Operations>,
    pub(crate) sign_ins: SignIns,
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
        let changed = {
            let mut book = self.book();
            let changed = change(&mut book);
            self.settle(&mut book);
            changed
        };
        self.publish();
        changed
    }

    /// Sees to what holds after each change.
    fn settle(&self, book: &mut Book) {
        book.stay_closed();
        book.relate();
        if book.has_newcomers() {
            book.compare_names();
            let here = book.servers.values();
            let here = here.map(|server| (server.id.as_str(), &server.thing, server.added_by.is_some()));
            self.consents().meet(here);
        }
    }

    /// As [`Valet::change`] for one server, and writes down what should outlive this run before anybody sees
    /// it. `None` if the server is gone.
    pub(crate) fn change_server<T>(&self, name: &str, change: impl FnOnce(&mut Server) -> T) -> Option<T> {
        let changed = {
            let mut book = self.book();
            let changed = book.servers.get_mut(name).map(change);
            self.settle(&mut book);
            changed
        };
        if changed.is_some() {
            self.save();
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
                self.questions.list(),
                &self.vault,
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

    /// Has the view drawn anew soon: at once, unless it just was. Costs the caller next to nothing.
    pub(crate) fn show_soon(&self) {
        self.used.notify_one();
    }

    /// Shows uses and questions soon after they happen: many at once are shown as one.
    pub(crate) async fn show_uses(self: Arc<Self>) {
        loop {
            self.used.notified().await;
            self.publish();
            self.unwritten.notify_one();
            tokio::time::sleep(BREATH).await;
        }
    }

    /// Writes down what was used, some time after it was: many uses are written as one, and lost at worst
    /// with the valet.
    pub(crate) async fn write_uses(self: Arc<Self>) {
        loop {
            self.unwritten.notified().await;
            tokio::time::sleep(UNWRITTEN).await;
            let valet = Arc::clone(&self);
            let _ = tokio::task::spawn_blocking(move || valet.save()).await;
        }
    }

    /// Writes an entry that is not tied to a hand-out; trouble is logged, since what it tells of lowers and
    /// goes on.
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
    pub(crate) async fn unseal(&self) -> Result<(), Shut> {
        let _one_at_a_time = self.reading.lock().await;
        self.not_locked()?;
        let sealed: HashMap<String, String> = self.book().sealed();
        let mut outcome = Ok(());
        for (name, id) in sealed {
            match self.stored(&name, id).await {
                Ok(grant) => self.change(|book| book.opened(&name, grant)),
                // One damaged item is that server's trouble alone.
                Err(VaultError::Broken) => self.change(|book| book.damaged(&name)),
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        if outcome.is_ok() {
            outcome = self.seed_ledger().await;
        }
        if outcome.is_ok() && self.vault_is_in_use() {
            outcome = kept_answers::read(self).await;
        }
        if outcome.is_ok() && self.vault_is_in_use() {
            self.learn_audit().await;
        }
        if self.book().locked != outcome.err() {
            self.change(|book| book.locked = outcome.err());
        }
        // It may have been locked meanwhile, and then nothing of this was kept.
        outcome.map_err(Shut::Vault).and_then(|()| self.not_locked())
    }

    /// Takes into the ledger what older versions left: grants of servers that are gone, registrations, and
    /// clients made by hand. Once.
    async fn seed_ledger(&self) -> Result<(), VaultError> {
        if self.book().ledger.seeded {
            return Ok(());
        }
        let (left, issuers): (Vec<String>, BTreeSet<String>) = {
            let book = self.book();
            let registered = book.servers.values().flat_map(|server| &server.registered_at);
            let registered = registered.chain(book.left.values().flat_map(|left| &left.registered_at));
            (book.left.keys().cloned().collect(), registered.cloned().collect())
        };
        let used = self.vault_is_in_use();
        for id in left.into_iter().filter(|_| used) {
            if let Ok(Some(grant)) = readable(self.vault.read::<Grant>(Key::Grant(id)).await)? {
                self.book().ledger.seed(&grant.value().parts, true);
            }
        }
        for issuer in issuers.into_iter().filter(|_| used) {
            let key = Key::Registration(issuer);
            if let Ok(Some(kept)) = readable(self.vault.read::<Registration>(key).await)? {
                let registration = kept.value();
                self.book().ledger.seed_uri(&registration.redirect_uri, &registration.issuer, true);
            }
        }
        self.change(|book| {
            for server in book.servers.values().filter(|server| server.is_persons()) {
                let at = server.client_at.as_ref();
                let at = at.filter(|at| server.config.oauth.client_id.as_ref() == Some(&at.id));
                if let Some(at) = at {
                    book.ledger.seed_uri(&server.own_redirect_uri(), &at.issuer, true);
                }
            }
            book.ledger.seeded = true;
        });
        Ok(())
    }

    /// What the vault has for a server. What was revoked is wiped instead, and does not come back.
    async fn stored(&self, name: &str, id: String) -> Result<Option<Stored<Grant>>, VaultError> {
        if !self.book().is_revoked(name, &id) {
            return self.vault.read::<Grant>(Key::Grant(id)).await;
        }
        self.vault.delete(Key::Grant(id)).await.map(|()| None)
    }

    /// Whether there may be something in the vault. Nobody is asked for a password where there is not.
    pub(crate) fn vault_is_in_use(&self) -> bool {
        self.vault.kind() == VaultKind::File || self.vault.has_written() || self.book().keychain_used
    }

    /// Whether the valet itself is open.
    ///
    /// # Errors
    /// It is locked.
    pub(crate) fn not_locked(&self) -> Result<(), Shut> {
        self.book().lock.as_ref().map_or(Ok(()), |lock| Err(Shut::Locked(lock.cause)))
    }

    /// The valet is used now, which the person sees soon.
    pub(crate) fn is_used(&self) {
        self.activity.touch(self.clock.now());
        self.show_soon();
    }

    /// Nobody has to wait for what the audit alone needs.
    async fn learn_audit(&self) {
        if let Err(error) = anchor::learn(self).await {
            tracing::warn!(%error, "the key of the audit could not be read: entries are sealed later");
        }
    }

    /// The vault, known to be open.
    pub(crate) async fn open_vault(&self) -> Result<&Vault, Problem> {
        self.unseal().await.map_err(Problem::from)?;
        Ok(&self.vault)
    }

    /// Hands nothing out, and wipes from memory every secret that the vault has too; see [`Server::close`].
    /// False if it is locked as firmly already.
    pub(crate) fn lock(&self, cause: Cause) -> bool {
        if !self.change(|book| book.close(cause)) {
            return false;
        }
        // A secret that waits with its question is not kept either; who asked is told.
        self.questions
            .take_back(|subject| matches!(subject, Subject::Add(proposal) if proposal.has_secret()));
        self.publish();
        self.vault.lock();
        self.audit.forget_key();
        // Connections that are kept open have buffers in which tokens went by.
        let config = self.book().config.clone();
        if let Ok(http) = reload::http(&config) {
            *self.http.lock().unwrap_or_else(PoisonError::into_inner) = http;
        }
        true
    }

    /// Nobody is asked to sign in to this server any more, and a sign-in that waits is not waited for. What
    /// the person said for good is not made less by an agent's "not now".
    pub(crate) fn decline(&self, name: &str, declined: Declined) {
        self.change(|book| {
            let Some(server) = book.servers.get_mut(name) else { return };
            if server.declined != Declined::ForGood {
                server.declined = declined;
            }
            server.wanted_by = None;
            server.attempt = Attempt::None;
            book.spare_none_beside(name);
        });
        if declined == Declined::ForGood {
            self.save();
        }
    }

    /// The person may be asked to sign in to this server again.
    pub(crate) fn undecline(&self, name: &str) {
        self.change(|book| book.spare(name));
        self.save();
    }

    /// Takes the lock of [`Valet::lock`] back. What was wiped is read again at the first need.
    pub(crate) fn open(&self) {
        self.activity.touch(self.clock.now());
        self.change(|book| book.lock = None);
        self.activity.look_again();
    }

    /// As [`Valet::open`], and reads at once.
    pub(crate) async fn unlock(self: &Arc<Self>) -> Result<(), Shut> {
        self.open();
        self.unseal().await?;
        let _ = kept_answers::flush(self).await;
        // Where everything is in memory already, this is what has a locked keychain ask for its password.
        let kept = self
            .book()
            .servers
            .values()
            .find(|server| server.held.grant().is_some())
            .map(|server| server.id.clone());
        let touched = match kept {
            Some(id) if self.vault.trouble().is_some() => {
                self.vault.read::<Grant>(Key::Grant(id)).await.map(drop)
            }
            Some(_) | None => Ok(()),
        };
        self.publish();
        touched.map_err(Shut::Vault)
    }
}

/// What is damaged is left where it is.
fn readable<T>(read: Result<T, VaultError>) -> Result<Result<T, VaultError>, VaultError> {
    match read {
        Err(VaultError::Broken) => Ok(Err(VaultError::Broken)),
        Err(error) => Err(error),
        Ok(read) => Ok(Ok(read)),
    }
}
