//! Reading the servers' grants and keys from the vault: many of them, then one look at the book. Each change
//! of it costs as much as there are servers.

use crate::valet::Valet;
use state::book::Book;
use state::item::Grant;
use state::keys::Keys;
use state::server::Server;
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;
use vault::{Item, Key, Read, VaultError};

/// A server of which what the vault has was not read.
struct Sealed {
    name: String,
    id: String,
    takes_keys: bool,
    /// Its pen, so that nobody writes what is being read. Whoever has it now writes something newer, and
    /// publishes that.
    pen: Option<OwnedMutexGuard<()>>,
}

impl Valet {
    /// Reads what has not been read yet.
    pub(super) async fn read_grants(&self) -> Result<(), VaultError> {
        self.wipe_revoked().await?;
        let sealed: Vec<Sealed> =
            self.book().sealed().filter(|server| !server.revoked).map(Sealed::of).collect();
        let (free, busy): (Vec<Sealed>, Vec<Sealed>) = sealed.into_iter().partition(|one| one.pen.is_some());
        self.read_all(free).await?;
        // One by one: what was read is published before it can be out of date.
        for one in busy {
            self.read_all(vec![one]).await?;
        }
        Ok(())
    }

    async fn read_all(&self, sealed: Vec<Sealed>) -> Result<(), VaultError> {
        let (by_keys, signed_in): (Vec<Sealed>, Vec<Sealed>) =
            sealed.into_iter().partition(|one| one.takes_keys);
        self.read_kind::<Grant>(signed_in, Key::Grant, Sealed::take).await?;
        self.read_kind::<Keys>(by_keys, Key::Keys, Sealed::take_keys).await
    }

    async fn read_kind<T: Item>(
        &self,
        mut sealed: Vec<Sealed>,
        key: fn(String) -> Key,
        take: fn(&Sealed, &mut Book, Read<T>),
    ) -> Result<(), VaultError> {
        while !sealed.is_empty() {
            let keys = sealed.iter().map(|one| key(one.id.clone())).collect();
            let read = self.vault.read_some::<T>(keys).await?;
            // Their pens are given back once they are published.
            let known: Vec<Sealed> = sealed.drain(..read.len().min(sealed.len())).collect();
            self.change(|book| known.iter().zip(read).for_each(|(one, read)| take(one, book, read)));
        }
        Ok(())
    }

    /// What was revoked does not come back.
    async fn wipe_revoked(&self) -> Result<(), VaultError> {
        let revoked: Vec<Sealed> =
            self.book().sealed().filter(|server| server.revoked).map(Sealed::of).collect();
        for one in revoked {
            for key in [Key::Grant(one.id.clone()), Key::Keys(one.id.clone())] {
                match self.vault.delete(key).await {
                    Err(error) if error != VaultError::Broken => return Err(error),
                    _ => {}
                }
            }
            self.change(|book| one.wiped(book));
        }
        self.wipe_left().await
    }

    /// The keys of servers that were taken out while the vault did not answer. A sign-in that it has as well
    /// was not ended at its issuer: it stays until everything is revoked.
    async fn wipe_left(&self) -> Result<(), VaultError> {
        let left: Vec<String> = self.book().left.keys().cloned().collect();
        for id in left {
            // It may be back by now, with a new key.
            if !self.book().is_left_revoked(&id) {
                continue;
            }
            match self.vault.delete(Key::Keys(id.clone())).await {
                Err(error) if error != VaultError::Broken => return Err(error),
                _ => {}
            }
            if matches!(self.vault.read::<Grant>(Key::Grant(id.clone())).await, Ok(None)) {
                for key in [Key::ClientSecret, Key::ProviderSecret, Key::Tools] {
                    let _ = self.vault.delete(key(id.clone())).await;
                }
                self.forget_left(&id);
            }
        }
        Ok(())
    }

    /// Nothing of it is left that a server of the same name could come back to.
    pub(crate) fn forget_left(&self, id: &str) {
        if self.change(|book| book.left.remove(id)).is_some() {
            self.save();
        }
    }
}

impl Sealed {
    fn of(server: &Server) -> Self {
        let pen = Arc::clone(&server.pen).try_lock_owned().ok();
        Self { name: server.name.clone(), id: server.id.clone(), takes_keys: server.takes_keys(), pen }
    }

    /// Whether it is another server by now.
    fn is_gone(&self, book: &Book) -> bool {
        book.servers.get(&self.name).is_none_or(|server| server.id != self.id)
    }

    fn wiped(&self, book: &mut Book) {
        match (self.is_gone(book), self.takes_keys) {
            (true, _) => {}
            (false, true) => book.opened_keys(&self.name, None),
            (false, false) => book.opened(&self.name, None),
        }
    }

    fn take_keys(&self, book: &mut Book, read: Read<Keys>) {
        if self.is_gone(book) {
            return;
        }
        match read {
            Ok(keys) => book.opened_keys(&self.name, keys),
            Err(error) => book.damaged(&self.name, error),
        }
    }

    /// Takes over what the vault had for it, unless it is another server by now. One damaged item is that
    /// server's trouble alone.
    fn take(&self, book: &mut Book, read: Read<Grant>) {
        if self.is_gone(book) {
            return;
        }
        match read {
            Ok(grant) => book.opened(&self.name, grant),
            Err(error) => book.damaged(&self.name, error),
        }
    }
}
