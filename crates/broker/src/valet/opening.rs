//! Opening and locking: reading what the vault has, and wiping it from memory.

use crate::valet::{Valet, anchor, forwards, kept_answers, reload};
use consent::subject::Matter;
use ground::cause::Cause;
use ledger::Doing;
use state::item::{Grant, Registration};
use state::shut::Shut;
use std::collections::BTreeSet;
use std::sync::Arc;
use vault::{Key, Vault, VaultError};
use wire::{Problem, VaultKind};

impl Valet {
    /// Reads from the vault what has not been read yet. Several callers share one reading.
    ///
    /// # Errors
    /// The vault is locked or does not answer; the same is then shown to the person.
    pub(crate) async fn unseal(&self) -> Result<(), Shut> {
        let _one_at_a_time = self.reading.lock().await;
        self.not_locked()?;
        let mut outcome = Ok(());
        // Before it shows that there are grants: whoever waited for that is answered by what the person said,
        // and what they get is written under the seal.
        if self.vault_is_in_use() {
            outcome = kept_answers::read(self).await;
            if outcome.is_ok() {
                self.learn_audit().await;
            }
        }
        if outcome.is_ok() {
            outcome = self.read_grants().await;
        }
        if outcome.is_ok() {
            outcome = self.seed_ledger().await;
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
                self.book().ledger.seed((&grant.value().parts).into(), Doing::Persons);
            }
        }
        for issuer in issuers.into_iter().filter(|_| used) {
            let key = Key::Registration(issuer);
            if let Ok(Some(kept)) = readable(self.vault.read::<Registration>(key).await)? {
                let registration = kept.value();
                self.book().ledger.seed_uri(&registration.redirect_uri, &registration.issuer, Doing::Persons);
            }
        }
        self.change(|book| {
            for server in book.servers.values().filter(|server| server.is_persons()) {
                let at = server.client_at.as_ref();
                let at = at.filter(|at| server.config.oauth.client_id.as_ref() == Some(&at.id));
                if let Some(at) = at {
                    book.ledger.seed_uri(&server.own_redirect_uri(), &at.issuer, Doing::Persons);
                }
            }
            book.ledger.seeded = true;
        });
        Ok(())
    }

    /// Whether there may be something in the vault. Nobody is asked for a password where there is not.
    pub(crate) fn vault_is_in_use(&self) -> bool {
        matches!(self.vault.kind(), VaultKind::File | VaultKind::Shared)
            || self.vault.has_written()
            || self.book().keychain_used
    }

    /// Whether the valet itself is open.
    ///
    /// # Errors
    /// It is locked.
    pub(crate) fn not_locked(&self) -> Result<(), Shut> {
        self.book().lock.as_ref().map_or(Ok(()), |lock| Err(Shut::Locked(lock.cause)))
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
            .take_back(|matter| matches!(matter, Matter::Proposal(proposal) if proposal.has_secret()));
        if cause == Cause::Person {
            // At once: whoever follows the changes does not see one that is taken back at once.
            forwards::end_all(self);
        }
        self.publish();
        self.vault.lock();
        self.audit.forget_key();
        self.sessions().all_kept().for_each(|kept| kept.cookies.wipe());
        if !cause.ends_with_return() {
            // It holds on in the next run, unless the person starts that.
            self.save();
        }
        // Connections that are kept open have buffers in which tokens went by.
        let config = self.book().config.clone();
        if let Ok(http) = reload::http(&config) {
            *self.http.lock() = http;
        }
        true
    }

    /// Takes the lock of [`Valet::lock`] back. What was wiped is read again at the first need.
    pub(crate) fn open(&self) {
        self.activity.touch(self.clock.now());
        if self.change(|book| book.lock.take()).is_some_and(|lock| !lock.cause.ends_with_return()) {
            self.save();
        }
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
