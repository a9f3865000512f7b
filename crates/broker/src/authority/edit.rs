//! What the person changes of a server that is listed: its name, its address, and what it is asked for.

use crate::grants::revoke;
use crate::valet::keep::save_later;
use crate::valet::{Valet, kept_answers, keys, reload};
use config::{self, Config, ServerConfig, ServerEdit};
use peer::By;
use state::held::{Held, InVault};
use state::item::{ClientSecret, Grant};
use state::keys::Keys;
use state::left::Left;
use state::server::Server;
use std::sync::Arc;
use vault::{Item, Key, Stored, VaultError};
use wire::{Act, Problem, Revoke};

/// What the vault may have of our client at the issuer of a server.
const OF_CLIENT: [fn(String) -> Key; 2] = [Key::ClientSecret, Key::ProviderSecret];

/// Changes a server, in the file and here. Under another name it is the same server, with its sign-in and all
/// answers about it; at another address it is another one, and the old sign-in is ended first.
pub(crate) async fn edit(valet: &Arc<Valet>, name: &str, wanted: ServerEdit) -> Result<(), Problem> {
    let (old, busy) = {
        let book = valet.book();
        let server = book.servers.get(name).ok_or_else(|| problems::unknown_server(name))?;
        (server.config.clone(), server.attempt.number().is_some())
    };
    // On the disk, beside the file: what cannot be written is an error before anything is ended.
    let edit = config::edit_server(&valet.paths.config, name, &wanted);
    let (edit, new) = edit.map_err(|error| Problem::from(&error))?;
    let edited = Edited { valet, from: name, to: &wanted.name, new };
    let is_same = edited.new.place == old.place;
    if busy && !(is_same && edited.is_called_the_same()) {
        return Err(problems::edit_while_signing_in(name));
    }
    if is_same {
        edited.rename().await?;
    } else {
        revoke::revoke(Arc::clone(valet), name.to_owned(), By::Person, Revoke::default()).await?;
    }
    let put = reload::put(valet, |_| edit.commit(), |config| edited.put_into(config));
    if let (Err(problem), true) = (&put, is_same) {
        edited.is_called_as_before().await;
        return Err(problem.clone());
    }
    put?;
    if is_same {
        edited.wipe_old().await;
    } else {
        wipe(valet, &Server::id_of(name, &old)).await;
    }
    let mut entry = audit::entry(valet.clock.now(), Act::Edit, By::Person.actor());
    entry.server = Some(wanted.name.clone());
    entry.result = (wanted.name != name).then(|| format!("it was called {name}"));
    valet.note(&entry);
    match &valet.book().trouble {
        Some(trouble) => Err(trouble.clone()),
        None => Ok(()),
    }
}

/// A server on its way to what the person wants.
struct Edited<'a> {
    valet: &'a Arc<Valet>,
    from: &'a str,
    to: &'a str,
    /// As the file has it then.
    new: Arc<ServerConfig>,
}

impl Edited<'_> {
    fn is_called_the_same(&self) -> bool {
        self.from == self.to
    }

    fn ids(&self) -> (String, String) {
        (Server::id_of(self.from, &self.new), Server::id_of(self.to, &self.new))
    }

    /// What the edit comes to in a configuration that is in use.
    fn put_into(&self, config: &mut Config) {
        config.servers.remove(self.from);
        config.servers.insert(self.to.to_owned(), self.new.clone());
    }

    /// Moves all that is known of it, and what the vault has, to the new name. The old items are wiped once
    /// the file says so too: until then, a start finds them.
    async fn rename(&self) -> Result<(), Problem> {
        if self.is_called_the_same() {
            return Ok(());
        }
        let (valet, (old, new)) = (self.valet, self.ids());
        valet.open_vault().await?;
        loop {
            self.no_renewal().await;
            let pen = valet.book().servers.get(self.from).map(|server| Arc::clone(&server.pen));
            let pen = pen.ok_or_else(|| problems::unknown_server(self.from))?;
            let _pen = pen.lock().await;
            let copied = self.copy(&old, &new).await.map_err(Problem::from)?;
            if valet.change(|book| book.rename(self.from, self.to, copied)) {
                break;
            }
        }
        self.store_later();
        valet.consents().rename(&old, &new);
        valet.consents().unkeep();
        // Before the file has another name for it. What is not taken now is tried again below.
        let _ = kept_answers::flush(valet).await;
        valet.forget_last_time(&old);
        valet.sessions().forget(&old);
        valet.accounts.lock().clear();
        valet.questions.take_back_uses(|subject| subject.server_id == old);
        valet.save();
        Ok(())
    }

    /// What the vault would not take under the old name is tried again under the new one.
    fn store_later(&self) {
        let unsaved = {
            let book = self.valet.book();
            let held = book.servers.get(self.to).map(|server| &server.held);
            if let Some(Held::Unsaved(grant)) = held { Some(Arc::clone(grant)) } else { None }
        };
        if let Some(grant) = unsaved {
            save_later(self.valet, self.to, &grant);
        }
    }

    /// Waits for what an issuer is about to answer: it belongs to the old name.
    async fn no_renewal(&self) {
        let under_way = || {
            let book = self.valet.book();
            book.servers.get(self.from).and_then(|server| server.upkeep.under_way())
        };
        while let Some(flight) = under_way() {
            let _ = flight.land().await;
        }
    }

    /// Copies what the vault has for it. Answers the grant and the keys, if those are in the vault.
    async fn copy(&self, old: &str, new: &str) -> Result<InVault, VaultError> {
        for key in OF_CLIENT {
            self.copy_one::<ClientSecret>(key(old.to_owned()), key(new.to_owned())).await?;
        }
        Ok(InVault {
            keys: self.copy_one::<Keys>(Key::Keys(old.to_owned()), Key::Keys(new.to_owned())).await?,
            grant: self.copy_one::<Grant>(Key::Grant(old.to_owned()), Key::Grant(new.to_owned())).await?,
        })
    }

    async fn copy_one<T: Item>(&self, old: Key, new: Key) -> Result<Option<Stored<T>>, VaultError> {
        if !self.valet.vault_is_in_use() {
            return Ok(None);
        }
        match self.valet.vault.read::<T>(old).await? {
            Some(item) => self.valet.vault.write(new, Arc::clone(item.value())).await.map(Some),
            None => self.valet.vault.delete(new).await.map(|()| None),
        }
    }

    /// The file could not be written: it has its old name, and what was copied goes.
    async fn is_called_as_before(&self) {
        if self.is_called_the_same() {
            return;
        }
        let (old, new) = self.ids();
        self.valet.change(|book| book.rename(self.to, self.from, InVault::default()));
        {
            let mut consents = self.valet.consents();
            consents.rename(&new, &old);
            consents.renamed();
        }
        kept_answers::keep(self.valet);
        wipe(self.valet, &new).await;
        self.valet.save();
    }

    async fn wipe_old(&self) {
        let (old, new) = self.ids();
        self.valet.consents().renamed();
        kept_answers::keep(self.valet);
        keys::follow_in_files(self.valet, &old, (self.to, &new)).await;
        if old == new || wipe(self.valet, &old).await {
            return;
        }
        let left = |server: &Server| Left { name: self.from.to_owned(), ..Left::of(server) };
        self.valet.change(|book| {
            let left = book.servers.get(self.to).map(left);
            left.map(|left| book.left.insert(old, left));
        });
        self.valet.save();
    }
}

/// Takes all that there is of a server out of the vault. False if something may be left.
async fn wipe(valet: &Valet, id: &str) -> bool {
    let mut wiped = true;
    for key in OF_CLIENT.into_iter().chain([Key::Grant as fn(String) -> Key, Key::Keys]) {
        wiped &= valet.vault.delete(key(id.to_owned())).await.is_ok();
    }
    wiped
}
