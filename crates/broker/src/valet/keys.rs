//! The keys of servers: in the vault, read back, and only then in use; and only then out of the file.

use crate::valet::{Valet, again, reload};
use config::{Headers, KeyName, ServerConfig};
use state::held::{Doubts, Held, Noted};
use state::keys::{Keys, NewKey};
use state::meant::Meant;
use state::server::Server;
use std::sync::Arc;
use vault::{Key, Stored};
use wire::{Problem, VaultKind};

/// Makes of the keys of a server what `change` says. The vault has the last word of what they are.
pub(crate) async fn change(
    valet: &Valet,
    meant: &Meant,
    change: impl FnOnce(Keys, &ServerConfig) -> Keys,
) -> Result<(), Problem> {
    let pen = Arc::clone(&valet.book().meant(meant)?.pen);
    let _pen = pen.lock().await;
    let (config, held) = {
        let book = valet.book();
        let server = book.meant(meant)?;
        (server.config.clone(), server.held.keys().cloned())
    };
    let key = || Key::Keys(meant.id.clone());
    let held = match held {
        Some(held) => Some(held),
        None if valet.vault_is_in_use() => {
            let kept = valet.vault.read::<Keys>(key()).await.map_err(Problem::from)?;
            kept.map(|kept| Arc::clone(kept.value()))
        }
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
    valet.change_server(&meant.name, |server| take(server, meant, stored));
    // Another key may be another account's.
    valet.forget_last_time(&meant.id);
    valet.save();
    Ok(())
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
        new.map(|(name, secret)| NewKey { name: name.clone(), secret: secret.clone(), by: None }).collect()
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
    match config::drop_keys(&valet.paths.config, name, moved) {
        Ok(()) => tracing::info!(server = name, "its key was moved from the configuration into the vault"),
        Err(error) => {
            tracing::warn!(server = name, %error, "its key is in the vault, and still in the configuration");
        }
    }
    reload::reload(valet);
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

/// Takes keys out of the file that were wiped.
pub(crate) fn forget_in_file(valet: &Arc<Valet>, which: Which<'_>) {
    let found: Vec<(String, Headers)> = {
        let book = valet.book();
        let meant =
            book.servers.values().filter_map(|server| Some((server.name.clone(), which.among(server)?)));
        meant.filter(|(_, headers)| headers.found().next().is_some()).collect()
    };
    for (name, headers) in &found {
        if let Err(error) = config::drop_keys(&valet.paths.config, name, headers) {
            tracing::warn!(server = name, %error, "its key is wiped, and still in the configuration");
        }
    }
    if !found.is_empty() {
        reload::reload(valet);
    }
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
