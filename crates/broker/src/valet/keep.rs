//! Grants on their way into the vault.

use crate::valet::{Valet, again, kept_answers};
use jiff::Timestamp;
use state::held::Held;
use state::item::Grant;
use state::server::Server;
use std::sync::Arc;
use vault::{Key, Stored, Turn};

/// A grant for the server with this name and id.
pub(crate) struct ToKeep<'a> {
    pub(crate) valet: &'a Arc<Valet>,
    pub(crate) name: &'a str,
    pub(crate) id: &'a str,
    pub(crate) grant: &'a Arc<Grant>,
}

impl ToKeep<'_> {
    /// Stores, then publishes. What the vault will not take serves from memory, and is written later. Whoever
    /// calls has the server's pen.
    pub(crate) async fn store<T>(self, turn: Option<&mut Turn<'_>>, publish: impl FnOnce(Held) -> T) -> T {
        let Self { valet, name, id, grant } = self;
        let stored = match turn {
            Some(turn) => turn.write(Arc::clone(grant)).await,
            None => valet.vault.write(Key::Grant(id.to_owned()), Arc::clone(grant)).await,
        };
        match stored {
            Ok(stored) => {
                valet.book().shared_vault.tampered.remove(name);
                // A vault that seemed empty was not asked for them. Until they are known, few programs are
                // told what the server has.
                let _ = kept_answers::read(valet).await;
                publish(Held::Live(stored))
            }
            Err(error) => {
                tracing::warn!(server = name, %error, "a grant could not be stored yet");
                let published = publish(Held::Unsaved(Arc::clone(grant)));
                save_later(valet, name, grant);
                published
            }
        }
    }
}

/// Tries again to store a grant that the vault did not take, until it does or another grant takes its place.
pub(crate) fn save_later(valet: &Arc<Valet>, name: &str, grant: &Arc<Grant>) {
    let (valet, name, grant) = (Arc::clone(valet), name.to_owned(), Arc::clone(grant));
    let runtime = valet.runtime.clone();
    runtime.spawn(async move { again::until(|| saved(&valet, &name, &grant)).await });
}

/// True once there is nothing more to save.
async fn saved(valet: &Arc<Valet>, name: &str, grant: &Arc<Grant>) -> bool {
    let of = |server: &Server| (server.id.clone(), Arc::clone(&server.pen));
    let Some((id, pen)) = valet.book().servers.get(name).filter(|server| server.held.is(grant)).map(of)
    else {
        return true;
    };
    // The turn first, as a renewal takes them: who waits for it with the pen in hand holds up everything.
    let Ok(mut turn) = valet.vault.turn(Key::Grant(id)).await else { return false };
    let _pen = pen.lock().await;
    let is_unsaved =
        |server: &Server| matches!(&server.held, Held::Unsaved(held) if Arc::ptr_eq(held, grant));
    if !valet.book().servers.get(name).is_some_and(is_unsaved) {
        return true;
    }
    if let Some(found) = turn.found::<Grant>() {
        let Ok(found) = found else { return false };
        if !is_ours(found.as_ref().map(|found| found.value().as_ref()), grant) {
            drop(turn);
            give_up(valet, name, grant, found);
            return true;
        }
    }
    let stored = match turn.write(Arc::clone(grant)).await {
        Ok(stored) => stored,
        Err(error) => {
            tracing::debug!(server = name, %error, "a grant could still not be stored");
            return false;
        }
    };
    valet.change_server(name, |server| {
        // Revoked meanwhile, it does not come back.
        if server.held.is(grant) {
            server.held = Held::Live(stored);
        }
    });
    true
}

/// Whether what another machine can have written is still what this grant follows on: for a renewed one, the
/// mark that was made for it, or the same refresh token with an older access token; for a new sign-in,
/// whatever is older.
pub(crate) fn is_ours(found: Option<&Grant>, grant: &Grant) -> bool {
    let Some(found) = found else { return grant.follows.is_none() };
    if grant.follows.is_none() {
        return found.issued_at <= grant.issued_at;
    }
    let is_before = !found.is_interrupted()
        && found.issued_at <= grant.issued_at
        && found.refresh.is_some()
        && found.has_refresh_token_of(grant);
    found.refresh_sent_at == grant.follows || found.has_tokens_of(grant) || is_before
}

/// Tries again to take back a mark of which nothing was sent, until that is done or the mark is gone.
pub(crate) fn unmark_later(valet: &Arc<Valet>, id: &str, sent_at: Timestamp) {
    let (valet, id) = (Arc::clone(valet), id.to_owned());
    let runtime = valet.runtime.clone();
    runtime.spawn(async move { again::until(|| unmarked(&valet, &id, sent_at)).await });
}

/// True once there is nothing more to take back.
async fn unmarked(valet: &Valet, id: &str, sent_at: Timestamp) -> bool {
    let Ok(mut turn) = valet.vault.turn(Key::Grant(id.to_owned())).await else { return false };
    let Some(Ok(found)) = turn.found::<Grant>() else { return false };
    let Some(found) = found.filter(|found| found.value().refresh_sent_at == Some(sent_at)) else {
        return true;
    };
    let free = Grant { refresh_sent_at: None, ..Grant::clone(found.value()) };
    turn.write(Arc::new(free)).await.is_ok()
}

/// Another machine has replaced or revoked it meanwhile: what that left is used, and this is ended at its
/// issuer.
fn give_up(valet: &Arc<Valet>, name: &str, grant: &Arc<Grant>, found: Option<Stored<Grant>>) {
    valet.change_server(name, |server| {
        if server.held.is(grant) {
            server.held = found.map_or(Held::Nothing, Held::Live);
        }
    });
    let _ = valet.unwanted.send((name.to_owned(), Arc::clone(grant)));
}
