//! The keys of servers: in the vault, read back, and only then in use; and only then out of the file.

use crate::valet::{Valet, again, reload};
use config::{Headers, KeyName, Prepared, ServerConfig};
use state::held::{Doubts, Held, Noted};
use state::keys::{Keys, NewKey};
use state::meant::Meant;
use state::server::Server;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use vault::{Key, Stored, VaultError};
use wire::{Problem, VaultKind};

/// Makes of the keys of a server what `change` says. The vault has the last word of what they are.
pub(crate) async fn change(
    valet: &Valet,
    meant: &Meant,
    change: impl FnOnce(Keys, &ServerConfig) -> Keys,
) -> Result<(), Problem> {
    rewrite(valet, meant, change).await?;
    valet.end_programs(&meant.id);
    // Another key may be another account's.
    valet.forget_last_time(&meant.id);
    valet.save();
    Ok(())
}

/// The same, where the keys themselves stay what they are.
pub(crate) async fn rewrite(
    valet: &Valet,
    meant: &Meant,
    change: impl FnOnce(Keys, &ServerConfig) -> Keys,
) -> Result<(), Problem> {
    let pen = Arc::clone(&valet.book().meant(meant)?.pen);
    let _pen = pen.lock().await;
    let (config, held, revoked) = {
        let book = valet.book();
        let server = book.meant(meant)?;
        (server.config.clone(), server.held.keys().cloned(), server.revoked)
    };
    let key = || Key::Keys(meant.id.clone());
    let held = match held {
        Some(held) => Some(held),
        // What the vault did not let go is not to come back.
        None if revoked => None,
        None if valet.vault_is_in_use() => kept(valet, key()).await?,
        None => None,
    };
    let before = held.map_or_else(|| Keys::of(&config), |held| (*held).clone());
    let keys = change(before, &config);
    let stored = if keys.is_empty() {
        valet.vault.delete(key()).await.map(|()| None)
    } else {
        valet.vault.write(key(), Arc::new(keys)).await.map(Some)
    };
    let stored = stored.map_err(Problem::from)?;
    valet.book().shared_vault.tampered.remove(&meant.name);
    valet.change_server(&meant.name, |server| take(server, meant, stored));
    Ok(())
}

/// What the vault has. What is damaged gives way to what takes its place.
async fn kept(valet: &Valet, key: Key) -> Result<Option<Arc<Keys>>, Problem> {
    match valet.vault.read::<Keys>(key).await {
        Ok(kept) => Ok(kept.map(|kept| Arc::clone(kept.value()))),
        Err(VaultError::Broken | VaultError::FleetTampered) => Ok(None),
        Err(error) => Err(Problem::from(error)),
    }
}

/// What the vault has now is what is held.
fn take(server: &mut Server, meant: &Meant, stored: Option<Stored<Keys>>) {
    if server.id != meant.id || !server.takes_keys() {
        return;
    }
    server.held = match (stored, &server.held) {
        (Some(stored), _) => Held::Keys(stored),
        (None, Held::Sealed(_)) => Held::Sealed(Noted::Nothing),
        (None, _) => Held::Nothing,
    };
    server.doubts = Doubts::default();
    server.revoked = false;
    server.offers_sign_in = false;
}

/// Moves keys from the file into the vault. From memory they would be gone, so there the file keeps them.
pub(crate) async fn move_from_file(valet: &Arc<Valet>) {
    let found = {
        let book = valet.book();
        let with_keys = book.servers.values().filter(|server| server.config.headers.found().next().is_some());
        with_keys.map(|server| (Meant::of(server), server.config.headers.clone())).collect::<Vec<_>>()
    };
    for (meant, headers) in found {
        match take_found(valet, &meant, &headers).await {
            Ok(()) => drop_from_file(valet, &meant.name, &headers),
            Err(problem) => {
                let why = &problem.detail;
                tracing::warn!(server = meant.name, "its key stays in the configuration for now: {why}");
            }
        }
    }
}

async fn take_found(valet: &Arc<Valet>, meant: &Meant, headers: &Headers) -> Result<(), Problem> {
    let new: Vec<NewKey> = {
        let book = valet.book();
        let held = book.meant(meant)?.held.keys();
        let new = headers.found().filter(|(name, key)| !held.is_some_and(|held| held.has(name, key)));
        let new = new.map(|(name, secret)| (name.clone(), secret.clone()));
        new.map(|(name, secret)| NewKey { name, secret, by: None, taken_from: Vec::new() }).collect()
    };
    if new.is_empty() {
        return Ok(());
    }
    let now = valet.clock.now();
    change(valet, meant, |keys, server| new.into_iter().fold(keys, |keys, new| keys.with(new, server, now)))
        .await
}

fn drop_from_file(valet: &Arc<Valet>, name: &str, moved: &Headers) {
    if valet.vault.kind() == VaultKind::Memory {
        return;
    }
    let found = vec![(name.to_owned(), moved.clone())];
    match InFile::those(valet, found).and_then(|in_file| in_file.forget(valet)) {
        Ok(()) => tracing::info!(server = name, "its key was moved from the configuration into the vault"),
        Err(problem) => {
            let why = &problem.detail;
            tracing::warn!(server = name, "its key is in the vault, and still in the configuration: {why}");
        }
    }
}

/// Which keys are meant.
#[derive(Clone, Copy)]
pub(crate) enum Which<'a> {
    /// Those of all servers.
    All,
    /// Those of this server.
    Of(&'a str),
    /// This one of this server.
    One(&'a str, &'a KeyName),
}

impl Which<'_> {
    /// The headers of a server that these keys go into.
    fn among(self, server: &Server) -> Option<Headers> {
        let headers = &server.config.headers;
        match self {
            Self::All => Some(headers.clone()),
            Self::Of(name) => (server.name == name).then(|| headers.clone()),
            Self::One(name, key) => (server.name == name).then(|| headers.with_key(key)),
        }
    }
}

/// Keys that the file has itself, and that are to leave it: down to the disk, beside the file, so that what
/// cannot be written is an error before anything else is done.
pub(crate) struct InFile {
    found: Vec<(String, Headers)>,
    edit: Option<Prepared>,
}

impl InFile {
    /// Those that are meant.
    pub(crate) fn of(valet: &Valet, which: Which<'_>) -> Result<Self, Problem> {
        Self::those(valet, found(valet, which))
    }

    fn those(valet: &Valet, found: Vec<(String, Headers)>) -> Result<Self, Problem> {
        let edit = (!found.is_empty()).then(|| config::drop_keys(&valet.paths.config, &found)).transpose();
        Ok(Self { edit: edit.map_err(|error| Problem::from(&error))?, found })
    }

    /// Takes them out of the file, and out of what is in use of it, whatever else in the file waits.
    pub(crate) fn forget(self, valet: &Arc<Valet>) -> Result<(), Problem> {
        let Some(edit) = self.edit else { return Ok(()) };
        // Somebody else may have written to the file meanwhile.
        let edit = match edit.is_current() {
            true => Ok(edit),
            false => config::drop_keys(&valet.paths.config, &self.found),
        };
        let forget = |_: &Path| {
            edit.and_then(Prepared::commit)?;
            valet.change(|book| {
                self.found.iter().for_each(|(name, headers)| book.forget_found(name, headers))
            });
            Ok(())
        };
        reload::put(valet, forget, |_| {}).map_err(|problem| problems::key_in_file(&problem.detail))
    }
}

/// Takes keys out of the file. Answers the names of the servers of which it still has them.
pub(crate) fn forget_in_file(valet: &Arc<Valet>, which: Which<'_>) -> BTreeSet<String> {
    let names = found(valet, which).into_iter().map(|(name, _)| name).collect();
    let Err(problem) = InFile::of(valet, which).and_then(|in_file| in_file.forget(valet)) else {
        return BTreeSet::new();
    };
    tracing::warn!("keys that are revoked are still in the configuration: {}", problem.detail);
    names
}

/// The headers of the servers of which the file has keys itself, by their names.
fn found(valet: &Valet, which: Which<'_>) -> Vec<(String, Headers)> {
    let book = valet.book();
    let meant = book.servers.values().filter_map(|server| Some((server.name.clone(), which.among(server)?)));
    meant.filter(|(_, headers)| headers.found().next().is_some()).collect()
}

/// Binds keys to the headers that they go into now, where the person agreed to that.
pub(crate) async fn bind_anew(valet: &Valet) {
    let moved: Vec<Meant> = {
        let book = valet.book();
        let is_moved = |server: &&Server| {
            let keys = server.held.keys();
            keys.is_some_and(|keys| !keys.bound_to(&server.config).are(keys))
        };
        book.servers.values().filter(is_moved).map(Meant::of).collect()
    };
    for meant in moved {
        if let Err(problem) = change(valet, &meant, |keys, server| keys.bound_to(server)).await {
            tracing::warn!(server = meant.name, "its key is not bound anew: {}", problem.detail);
        }
    }
}

/// The keys of programs that are started otherwise now, as the person agreed to, go with them.
pub(crate) async fn follow(valet: &Valet, before: impl Iterator<Item = Meant>) {
    for before in before {
        let now = {
            let book = valet.book();
            let now = book.servers.get(&before.name).filter(|now| now.runs_here() && now.takes_keys());
            now.filter(|now| now.id != before.id).map(Meant::of)
        };
        let is_revoked = valet.book().is_left_revoked(&before.id);
        let (Some(now), true, false) = (now, valet.vault_is_in_use(), is_revoked) else { continue };
        let key = || Key::Keys(before.id.clone());
        let Ok(Some(kept)) = valet.vault.read::<Keys>(key()).await else { continue };
        match change(valet, &now, |_, server| kept.value().moved_to(server)).await {
            Ok(()) => {
                follow_in_files(valet, &before.id, (&now.name, &now.id)).await;
                let _ = valet.vault.delete(key()).await;
            }
            Err(problem) => {
                tracing::warn!(server = now.name, "its keys did not come with it: {}", problem.detail);
            }
        }
    }
}

/// What is written down of files that keys were moved out of goes with them, so that it can be put back.
pub(crate) async fn follow_in_files(valet: &Valet, old: &str, (name, id): (&str, &str)) {
    let store = valet.paths.clients();
    let (old, named, id) = (old.to_owned(), name.to_owned(), id.to_owned());
    let following = move || clients::follow(&store, &old, (&named, &id));
    let followed = valet.runtime.spawn_blocking(following).await.map_err(std::io::Error::other);
    if let Err(error) = followed.and_then(|followed| followed) {
        tracing::warn!(server = name, %error, "its keys cannot be put back into the files that they came from");
    }
}

/// Stores in the vault what is in memory alone, since the one before could not be read. What the new vault
/// does not take is tried again.
pub(crate) fn store_anew(valet: &Arc<Valet>) {
    let held: Vec<Meant> = {
        let book = valet.book();
        book.servers.values().filter(|server| server.held.keys().is_some()).map(Meant::of).collect()
    };
    for meant in held {
        let valet = Arc::clone(valet);
        valet.runtime.clone().spawn(async move {
            again::until(|| async {
                let is_gone = valet.book().meant(&meant).is_ok_and(|server| server.held.keys().is_none());
                is_gone || change(&valet, &meant, |keys, _| keys).await.is_ok()
            })
            .await;
        });
    }
}
