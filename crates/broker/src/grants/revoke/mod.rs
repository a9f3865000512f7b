//! Ending a grant: here always and first, at the issuer where it can be.

mod client;
mod everything;
mod issuer;

pub(crate) use everything::everything;
pub(crate) use issuer::{at_issuer, give_back};

use crate::valet::keys::{self, Which};
use crate::valet::{Valet, again, asking, deeds, kept_answers};
use jiff::Timestamp;
use peer::By;
use state::attempt::Attempt;
use state::deed::What;
use state::flight::Flight;
use state::held::{Held, Noted};
use state::item::Grant;
use state::server::Server;
use std::collections::BTreeSet;
use std::sync::Arc;
use vault::Key;
use wire::{Act, ClientOutcome, Outcome, Problem, Removed, Revocation, Revoke};
use words::say;

/// Revokes a server's grant and wipes it. That the issuer does not answer never keeps the copy here alive.
/// Our client at the issuer stays, since the server stays listed and signs in with it again, unless it is to
/// go as well.
pub(crate) async fn revoke(
    valet: Arc<Valet>,
    name: String,
    by: By,
    asked: Revoke,
) -> Result<Revocation, Problem> {
    let Ended { id, issuers, mut revocation, changed, in_file } = tokens(&valet, &name).await?;
    if in_file {
        still_in_file(&mut revocation);
    }
    valet.end_programs(&id);
    revocation.client = match asked.client {
        true => client::leave(&valet, &id, &issuers).await,
        false => kept(&valet, &issuers).await,
    };
    // What changes nothing is no news: a program could go on with it for ever.
    if changed || is_told(&revocation) {
        note(&valet, Act::Revoke, &by, &revocation);
        deeds::show(&valet, &by, What::Revoked, Some(&name));
    }
    Ok(revocation)
}

/// Revokes, and takes the server out of the configuration. Our client at the issuer goes with the last server
/// that uses it.
pub(crate) async fn remove(valet: Arc<Valet>, name: String, by: By) -> Result<Removed, Problem> {
    // First, and down to the disk: what cannot be written is an error before anything is revoked.
    let path = &valet.paths.config;
    let edit = config::remove_server(path, &name).map_err(|error| Problem::from(&error))?;
    // What it has in the file goes with it.
    let Ended { id, issuers, mut revocation, changed, in_file: _ } = tokens(&valet, &name).await?;
    let _ = valet.vault.delete(Key::ClientSecret(id.clone())).await;
    let _ = valet.vault.delete(Key::ProviderSecret(id.clone())).await;
    let _ = valet.vault.delete(Key::Tools(id.clone())).await;
    revocation.client = client::leave(&valet, &id, &issuers).await;
    if changed || is_told(&revocation) {
        note(&valet, Act::Revoke, &by, &revocation);
    }
    // An issuer may have taken its time, and the file be another by now.
    let edit = if edit.is_current() { Ok(edit) } else { config::remove_server(path, &name) };
    let edit = edit.map_err(|error| Problem::from(&error))?;
    crate::valet::reload::put(&valet, |_| edit.commit(), |_| {})?;
    crate::valet::forwards::drop_removed(&valet);
    crate::valet::door::drop_removed(&valet);
    if revocation.wiped {
        valet.forget_left(&id);
    }
    note(&valet, Act::Remove, &by, &revocation);
    deeds::show(&valet, &by, What::Removed, Some(&name));
    Ok(Removed { revocation, removed: true })
}

/// What came of ending the tokens of a server.
struct Ended {
    id: String,
    /// The issuers that may know a client of ours because of it.
    issuers: Vec<String>,
    revocation: Revocation,
    /// Whether there was anything to end: a grant, a sign-in, or an answer about a program.
    changed: bool,
    /// Whether the file still has a key of it.
    in_file: bool,
}

/// Nothing is said to be wiped that is in the configuration still.
const fn still_in_file(revocation: &mut Revocation) {
    (revocation.wiped, revocation.in_file) = (false, true);
}

/// Whether something was done that is no part of the grant.
const fn is_told(revocation: &Revocation) -> bool {
    let client = matches!(revocation.client, ClientOutcome::Nothing | ClientOutcome::Kept);
    let tokens = matches!(revocation.refresh_token, Outcome::Nothing)
        && matches!(revocation.access_token, Outcome::Nothing);
    !client || !tokens || !revocation.wiped
}

/// Ends the tokens of a server.
async fn tokens(valet: &Arc<Valet>, name: &str) -> Result<Ended, Problem> {
    let is_sealed =
        valet.book().servers.get(name).is_some_and(|server| matches!(server.held, Held::Sealed(_)));
    // A grant that cannot be read cannot be revoked either, and is not to be forgotten as if it had been.
    if is_sealed && valet.not_locked().is_ok() {
        valet.open_vault().await?;
    }
    let taken = valet.change_server(name, take).ok_or_else(|| problems::unknown_server(name))?;
    let taken = read_sealed(valet, taken).await?;
    valet.sessions().forget(&taken.id);
    // Before anything that takes time: what is read of it meanwhile is not to bring a key back.
    let in_file = !keys::forget_in_file(valet, Which::Of(name)).is_empty();
    let mut revocation = taken.end(valet).await;
    // Without the pen: it is asked over a network.
    revocation.unreached = valet.vault.absent().await;
    let in_use = valet.vault_is_in_use();
    let answered = valet.consents().would_forget(Some(&taken.id), in_use);
    kept_answers::forget(valet, &taken.id);
    valet.forget_last_time(&taken.id);
    valet.publish();
    let changed = taken.held_something || answered;
    Ok(Ended { id: taken.id.clone(), issuers: taken.issuers(), revocation, changed, in_file })
}

/// Reads what only the vault has, without opening it for anybody else: the valet may be locked.
async fn read_sealed(valet: &Valet, mut taken: Taken) -> Result<Taken, Problem> {
    let _nobody_else = valet.reading.lock().await;
    taken = taken.read_meanwhile(valet);
    if everything::is_sealed(valet, &taken) || taken.takes_keys {
        everything::read_or_leave(valet, &mut taken).await.map_err(Problem::from)?;
    }
    Ok(taken)
}

async fn kept(valet: &Valet, issuers: &[String]) -> ClientOutcome {
    for issuer in issuers {
        if client::kept(valet, issuer).await == ClientOutcome::Kept {
            return ClientOutcome::Kept;
        }
    }
    ClientOutcome::Nothing
}

fn note(valet: &Valet, act: Act, by: &By, revocation: &Revocation) {
    let mut entry = audit::entry(valet.clock.now(), act, by.actor());
    entry.server = Some(revocation.server.clone());
    entry.result = Some(in_words(revocation));
    valet.note(&entry);
}

/// Such as "refresh token revoked, access token failed, copy here wiped, client kept".
fn in_words(revocation: &Revocation) -> String {
    let copy = if revocation.wiped { "wiped" } else { "not wiped" };
    let (refresh, access) = (revocation.refresh_token.as_str(), revocation.access_token.as_str());
    let client = revocation.client.as_str();
    if revocation.keys > 0 {
        return format!("keys {}, copy here {copy}", revocation.keys);
    }
    let pending = if revocation.pending { ", a renewal is ended when its answer comes" } else { "" };
    format!("refresh token {refresh}, access token {access}, copy here {copy}, client {client}{pending}")
        .replace('_', " ")
}

/// What is revoked, taken away from everybody else before anything that takes time.
struct Taken {
    id: String,
    name: String,
    pen: Arc<tokio::sync::Mutex<()>>,
    grant: Option<Arc<Grant>>,
    /// Whether it was not read yet.
    sealed: bool,
    /// Whether it takes keys: it may have been signed in to before, and the vault still have that.
    takes_keys: bool,
    /// Whether the vault did not say what else it has for it: what is wiped later is ended then.
    unread: bool,
    /// How many keys there were.
    keys: usize,
    key_page: Option<&'static str>,
    /// Whether there was something to take.
    held_something: bool,
    flight: Option<Flight>,
    registered_at: BTreeSet<String>,
}

/// Whether a server has what can be taken from it. What was not read is taken for what was noted the last
/// time.
fn has_something(server: &Server) -> bool {
    let nothing = matches!(server.held, Held::Nothing | Held::Sealed(Noted::Nothing | Noted::Lapsed(_)));
    !nothing || server.attempt.number().is_some()
}

/// Takes from a server whatever it could be used by. What has not been read from the vault stays there.
fn take(server: &mut Server) -> Taken {
    let grant = server.held.kept().cloned();
    let keys = server.held.keys().map_or(0, |keys| keys.iter().count());
    let held_something = has_something(server);
    let sealed = matches!(server.held, Held::Sealed(_));
    if !sealed {
        server.held = Held::Nothing;
        server.revoked = true;
    }
    server.attempt = Attempt::None;
    server.upkeep.forget_trouble();
    server.wish.end();
    Taken {
        id: server.id.clone(),
        name: server.name.clone(),
        pen: Arc::clone(&server.pen),
        grant,
        sealed,
        takes_keys: server.takes_keys(),
        unread: false,
        keys,
        key_page: server.key_page(),
        held_something,
        flight: server.upkeep.flight().cloned(),
        registered_at: server.registered_at.clone(),
    }
}

impl Taken {
    /// The same; where it was read since it was taken, what was read is taken as well.
    fn read_meanwhile(self, valet: &Valet) -> Self {
        if !self.sealed || everything::is_sealed(valet, &self) {
            return self;
        }
        let again = |server: &mut Server| (server.id == self.id).then(|| take(server));
        valet.change_server(&self.name, again).flatten().unwrap_or(self)
    }

    /// Whether there is nothing to end: no grant here, in the vault or on its way, and no client of ours.
    fn is_nothing(&self) -> bool {
        !self.held_something && self.grant.is_none() && self.flight.is_none() && self.registered_at.is_empty()
    }

    /// Takes over what the vault had.
    fn unsealed(&mut self, valet: &Valet, grant: Option<Arc<Grant>>) {
        self.held_something |= grant.is_some();
        self.grant = grant;
        valet.change_server(&self.name, |server| {
            if server.id == self.id {
                (server.held, server.revoked) = (Held::Nothing, true);
            }
        });
    }

    /// Ends the tokens: the copy here first, and then at the issuer.
    async fn end(&self, valet: &Arc<Valet>) -> Revocation {
        self.wipe(valet).await;
        self.finish(valet).await
    }

    /// Ends the tokens at the issuer, once what was under way for them is over.
    async fn finish(&self, valet: &Arc<Valet>) -> Revocation {
        // Without the pen, which the refresh needs.
        let (grant, pending) = self.newest().await;
        let _pen = self.pen.lock().await;
        // Whoever had the pen before may have stored what it got.
        let wiped = self.wipe(valet).await;
        valet.save();
        if !wiped {
            self.wipe_later(valet);
        }
        let (refresh_token, access_token) = match &grant {
            Some(grant) => at_issuer(valet, grant).await,
            None => (Outcome::Nothing, Outcome::Nothing),
        };
        let (server, client) = (self.name.clone(), ClientOutcome::Nothing);
        let lives_on = grant.filter(|grant| lives_on(grant, valet.clock.now()));
        let (self_contained, ends_at) = (lives_on.is_some(), lives_on.and_then(|grant| grant.expires_at));
        let (keys, key_page) = (self.keys, self.key_page.map(str::to_owned));
        Revocation {
            server,
            refresh_token,
            access_token,
            wiped,
            client,
            pending,
            self_contained,
            ends_at,
            keys,
            key_page,
            in_file: false,
            unreached: Vec::new(),
        }
    }

    /// Wipes the copy in the vault, unless a new sign-in has written over it.
    async fn wipe(&self, valet: &Valet) -> bool {
        if self.is_replaced(valet) {
            return true;
        }
        let wiped = !self.unread && wipe_both(valet, &self.id).await;
        valet.change(|book| {
            let Some(server) = book.servers.get_mut(&self.name).filter(|server| server.id == self.id) else {
                return;
            };
            if wiped {
                book.shared_vault.ended(&self.name);
            }
            server.revoked &= !wiped;
            if !wiped && matches!(server.held, Held::Nothing) && !server.takes_keys() {
                server.held = Held::Lapsed(say!(problem_lapsed_revoked));
            }
        });
        wiped
    }

    fn is_replaced(&self, valet: &Valet) -> bool {
        let book = valet.book();
        let server = book.servers.get(&self.name).filter(|server| server.id == self.id);
        server.is_some_and(|server| !matches!(server.held, Held::Nothing | Held::Lapsed(_)))
    }

    /// Tries again to wipe what the vault would not let go, until it does or a new sign-in takes its place.
    fn wipe_later(&self, valet: &Arc<Valet>) {
        let (valet, name, id, pen) =
            (Arc::clone(valet), self.name.clone(), self.id.clone(), Arc::clone(&self.pen));
        let unread = self.unread;
        valet.runtime.clone().spawn(async move {
            again::until(|| async {
                let _pen = pen.lock().await;
                if !valet.book().is_revoked(&name, &id) {
                    return true;
                }
                let grant = if unread { everything::grant(&valet, &id).await } else { Ok(None) };
                // What cannot be read cannot be ended, and is not to be forgotten as if it had been.
                let Ok(grant) = grant else { return false };
                let wiped = wipe_both(&valet, &id).await;
                if wiped {
                    valet.change_server(&name, |server| server.revoked &= server.id != id);
                    valet.forget_left(&id);
                }
                if let Some(grant) = grant {
                    at_issuer(&valet, &grant).await;
                }
                wiped
            })
            .await;
        });
    }

    /// The grant, with the tokens of a refresh that was under way; and whether that still is. Nobody waits
    /// for long: what comes later is ended by the refresh itself.
    async fn newest(&self) -> (Option<Arc<Grant>>, bool) {
        let Some(flight) = self.flight.clone() else { return (self.grant.clone(), false) };
        match tokio::time::timeout(asking::LONG, flight.land()).await {
            Ok(landing) => (landing.ok().or_else(|| self.grant.clone()), false),
            Err(_) => (self.grant.clone(), true),
        }
    }

    /// The issuers that may know a client of ours because of this server; that of the grant first.
    fn issuers(&self) -> Vec<String> {
        let granted = self.grant.as_ref().map(|grant| grant.parts.issuer.clone());
        let others = self.registered_at.iter().filter(|issuer| granted.as_ref() != Some(*issuer)).cloned();
        granted.iter().cloned().chain(others).collect()
    }
}

/// Takes out of the vault whatever shows a server who the person is.
async fn wipe_both(valet: &Valet, id: &str) -> bool {
    let grant = valet.vault.delete(Key::Grant(id.to_owned())).await.is_ok();
    valet.vault.delete(Key::Keys(id.to_owned())).await.is_ok() && grant
}

/// Whether servers may take the access token although it is revoked, since they need not ask.
fn lives_on(grant: &Grant, now: Timestamp) -> bool {
    oauth::is_self_contained(&grant.access) && grant.seconds_left(now).is_none_or(|left| left > 0)
}
