//! What other machines do with a vault that is shared: revoked, replaced or locked there, it is so here.

use crate::grants::{refresh, revoke};
use crate::valet::{Valet, again, fleet_lock, keep};
use state::book::Book;
use state::held::{Doubts, Held, Noted};
use state::item::Grant;
use state::keys::Keys;
use state::server::Server;
use state::shared_vault::Known;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use vault::{Item, Key, News, Read, Standing, VaultError};

/// How long a start waits for the shared vault.
const START: Duration = Duration::from_secs(4);

/// Begins to follow the others, where there are any.
pub(crate) fn start(valet: &Arc<Valet>, unwanted: mpsc::UnboundedReceiver<(String, Arc<Grant>)>) {
    let Some(news) = valet.vault.news() else { return };
    valet.runtime.spawn(hear(Arc::clone(valet), news));
    valet.runtime.spawn(stand(Arc::clone(valet)));
    valet.runtime.spawn(follow_unlocking(Arc::clone(valet)));
    valet.runtime.spawn(give_back(Arc::clone(valet), unwanted));
}

/// Waits until it is known how it stands with a shared vault.
pub(crate) async fn reached(valet: &Valet) {
    let Some(mut standing) = valet.vault.standing() else { return };
    let known = standing.wait_for(|standing| !matches!(standing, Standing::Away(_)));
    let _ = tokio::time::timeout(START, known).await;
}

async fn hear(valet: Arc<Valet>, mut news: mpsc::UnboundedReceiver<News>) {
    while let Some(news) = news.recv().await {
        match news {
            News::Changed(names) => {
                for name in names {
                    take_over(&valet, &name);
                }
            }
            News::All => all(&valet),
            News::Known(names) => renew_known(&valet, &names),
            News::Notice(clock) => valet.change(|book| book.shared_vault.clock = clock),
        }
    }
}

/// Reads all again that may be another by now.
fn all(valet: &Arc<Valet>) {
    let servers: Vec<(String, bool)> =
        valet.book().servers.values().map(|server| (server.id.clone(), server.takes_keys())).collect();
    for (id, takes_keys) in servers {
        let key = if takes_keys { Key::Keys(id) } else { Key::Grant(id) };
        take_over(valet, &key.to_string());
    }
    take_over(valet, &Key::Lock.to_string());
}

/// Reads all again once this machine is unlocked: while it was locked, nothing was taken over.
async fn follow_unlocking(valet: Arc<Valet>) {
    let mut changes = valet.changes();
    let mut was_locked = valet.not_locked().is_err();
    while changes.changed().await.is_ok() {
        let is_locked = valet.not_locked().is_err();
        if was_locked && !is_locked {
            all(&valet);
        }
        was_locked = is_locked;
    }
}

/// Takes over what another machine left under this name, beside whatever else is done.
fn take_over(valet: &Arc<Valet>, name: &str) {
    match name.split_once('/') {
        Some(("grant", id)) => take_over_at_last(valet, Key::Grant(id.to_owned()), id, grant),
        Some(("keys", id)) => take_over_at_last(valet, Key::Keys(id.to_owned()), id, keys),
        None if name == Key::Lock.to_string() => fleet_lock::follow_at_last(valet),
        Some(_) | None => {}
    }
}

/// Takes it over, and tries again where the vault did not answer: nobody tells of it twice.
fn take_over_at_last<T: Item + 'static>(valet: &Arc<Valet>, key: Key, id: &str, take: Take<T>) {
    let (heir, id) = (Arc::clone(valet), id.to_owned());
    valet.runtime.spawn(async move {
        let take_over = || take_over_one(&heir, &key, &id, take);
        if !take_over().await {
            again::until(take_over).await;
        }
    });
}

/// Makes what was read of it what is held.
type Take<T> = fn(&mut Server, Read<T>) -> Then;

/// Whether what was held is of no use any more.
#[derive(PartialEq, Eq)]
enum Then {
    Stays,
    Ends,
}

/// True once there is nothing more to take over.
async fn take_over_one<T: Item>(valet: &Arc<Valet>, key: &Key, id: &str, take: Take<T>) -> bool {
    let found = {
        let book = valet.book();
        let found = book.servers.values().find(|server| server.id == id);
        found.map(|server| (server.name.clone(), Arc::clone(&server.pen), server.held.kept().cloned()))
    };
    let Some((name, pen, before)) = found else { return true };
    // Whoever writes now publishes what it wrote. But that may wait for an issuer or for another machine, and
    // what was revoked ends at once.
    let _pen = match pen.try_lock() {
        Ok(pen) => pen,
        Err(_) => {
            end_at_once(valet, (&name, id), key, before.as_ref(), take).await;
            pen.lock().await
        }
    };
    let read = valet.vault.read::<T>(key.clone()).await;
    match &read {
        // While it is away or closed nobody is asked again: all is read again once it is back.
        Err(error) if *error != VaultError::FleetTampered && *error != VaultError::Broken => {
            return !is_reached(valet);
        }
        Err(error) => valet.change(|book| book.damaged(&name, *error)),
        Ok(_) => {
            valet.book().shared_vault.tampered.remove(&name);
        }
    }
    if valet.not_locked().is_ok() {
        put(valet, &name, id, take, read);
    }
    true
}

/// Ends what was wiped elsewhere, unless something else is held meanwhile.
async fn end_at_once<T: Item>(
    valet: &Arc<Valet>,
    (name, id): (&str, &str),
    key: &Key,
    before: Option<&Arc<Grant>>,
    take: Take<T>,
) {
    let Ok(None) = valet.vault.read::<T>(key.clone()).await else { return };
    let held = valet.book().servers.get(name).and_then(|server| server.held.kept().cloned());
    if held.as_ref().map(Arc::as_ptr) == before.map(Arc::as_ptr) && valet.not_locked().is_ok() {
        put(valet, name, id, take, Ok(None));
    }
}

fn is_reached(valet: &Valet) -> bool {
    valet.vault.standing().is_some_and(|standing| *standing.borrow() == Standing::Reached)
}

fn put<T>(valet: &Arc<Valet>, name: &str, id: &str, take: Take<T>, read: Read<T>) {
    let then = valet.change_server(name, |server| {
        if server.id == id && !server.revoked { take(server, read) } else { Then::Stays }
    });
    if then == Some(Then::Ends) {
        valet.sessions().forget(id);
        valet.end_programs(id);
        valet.forget_last_time(id);
        valet.publish();
    }
}

fn grant(server: &mut Server, read: Read<Grant>) -> Then {
    let found = match read {
        Ok(Some(found)) => found,
        Ok(None) => {
            let was_granted =
                matches!(server.held, Held::Live(_) | Held::Unregistered(..) | Held::Sealed(Noted::Granted));
            if was_granted {
                server.held = Held::Nothing;
                server.upkeep.forget_trouble();
                return Then::Ends;
            }
            return Then::Stays;
        }
        // What is not in the vault yet is here alone.
        Err(_) if matches!(server.held, Held::Unsaved(_)) => return Then::Stays,
        Err(error) => {
            server.held = Held::Lapsed(error.to_string());
            return Then::Ends;
        }
    };
    if server.takes_keys() {
        return Then::Stays;
    }
    let lost = found.value().registration_lost.clone();
    match &server.held {
        Held::Live(held) if held.value().has_tokens_of(found.value()) && lost.is_none() => {}
        // It is on its way there.
        Held::Unsaved(held) if keep::is_ours(Some(found.value()), held) => {}
        // It is known to have been interrupted, and nobody has ended that.
        Held::Lapsed(_) if found.value().is_interrupted() => {}
        Held::Nothing
        | Held::Sealed(_)
        | Held::Live(_)
        | Held::Unsaved(_)
        | Held::Unregistered(..)
        | Held::Lapsed(_)
        | Held::Keys(_) => {
            server.held = match lost {
                Some(why) => Held::Unregistered(found, why),
                None => Held::Live(found),
            };
            server.doubts = Doubts::default();
            server.upkeep.forget_trouble();
        }
    }
    Then::Stays
}

fn keys(server: &mut Server, read: Read<Keys>) -> Then {
    if !server.takes_keys() {
        return Then::Stays;
    }
    match read {
        Ok(Some(keys)) if !keys.value().is_empty() => {
            server.held = Held::Keys(keys);
            Then::Stays
        }
        Ok(_) | Err(_) if matches!(server.held, Held::Nothing) => Then::Stays,
        Ok(_) | Err(_) => {
            server.held = Held::Nothing;
            Then::Ends
        }
    }
}

/// Renews what a machine had known that is no member any more. What cannot be renewed serves on, and is said
/// until a person has replaced it.
fn renew_known(valet: &Arc<Valet>, names: &[String]) {
    valet.change(|book| {
        let Book { servers, shared_vault, .. } = book;
        let before = std::mem::take(&mut shared_vault.known);
        for name in names {
            let Some((kind, id)) = name.split_once('/') else { continue };
            let Some(server) = servers.values_mut().find(|server| server.id == id) else { continue };
            let known = (Known::of(kind), server.name.clone());
            if known.0 != Known::SignIn || before.contains(&known) || !renew(valet, server) {
                shared_vault.known.insert(known);
            }
        }
    });
}

/// False where it takes a person to do that.
fn renew(valet: &Arc<Valet>, server: &mut Server) -> bool {
    let Some(grant) = server.held.grant().cloned() else { return true };
    if grant.refresh.is_none() && server.config.oauth.grant.unattended().is_none() {
        return false;
    }
    let flight = refresh::join(valet, server, &grant);
    let (valet, name) = (Arc::clone(valet), server.name.clone());
    valet.runtime.clone().spawn(async move {
        // Some issuers leave the refresh token as it is.
        if flight.land().await.is_ok_and(|renewed| renewed.shares_a_secret_with(&grant)) {
            valet.change(|book| book.shared_vault.known.insert((Known::SignIn, name)));
        }
    });
    true
}

/// Says what is the case while the shared vault is away, and reads all again once it is back.
async fn stand(valet: Arc<Valet>) {
    let Some(mut standing) = valet.vault.standing() else { return };
    loop {
        let now = *standing.borrow_and_update();
        match now {
            Standing::Reached => come_back(&valet).await,
            Standing::Away(error) => {
                valet.change(|book| book.shared_vault.away = book.locked.is_none().then_some(error));
            }
            Standing::Closed(error) => valet.change(|book| close(book, error)),
        }
        if standing.changed().await.is_err() {
            return;
        }
    }
}

/// Nothing that is in memory may be used any more.
fn close(book: &mut Book, error: VaultError) {
    (book.shared_vault.away, book.locked) = (None, Some(error));
    let Book { servers, spent_states, .. } = book;
    servers.values_mut().for_each(|server| server.close(spent_states));
}

async fn come_back(valet: &Arc<Valet>) {
    let was_closed = {
        let mut book = valet.book();
        book.shared_vault.away = None;
        book.locked.take().is_some()
    };
    valet.publish();
    if was_closed {
        let _ = valet.unseal().await;
        valet.publish();
    }
    // What others did while it was away, also to what is not held here.
    all(valet);
}

/// Ends at its issuer what another machine's sign-in or refresh took the place of.
async fn give_back(valet: Arc<Valet>, mut unwanted: mpsc::UnboundedReceiver<(String, Arc<Grant>)>) {
    while let Some((name, grant)) = unwanted.recv().await {
        revoke::give_back(&valet, &name, &grant).await;
    }
}
