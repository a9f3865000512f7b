//! "Revoke everything": all at once, so that no issuer that hangs holds up the rest.

use super::{Taken, client, is_told, note, take};
use crate::valet::keys::{self, Which};
use crate::valet::{Valet, deeds, door, forwards, kept_answers};
use futures_util::future::join_all;
use peer::By;
use state::deed::What;
use state::held::Held;
use state::item::Grant;
use state::keys::Keys;
use state::left::Left;
use state::server::Server;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use vault::{Key, VaultError};
use wire::{Act, ClientOutcome, Outcome, Revocation, RevokedAll, RevokedOne};

/// Servers whose issuers are asked at the same time.
const AT_ONCE: usize = 64;
/// How long all issuers together may take; what they have not confirmed by then counts as failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ends all grants, those of servers that left the configuration included, gives our clients back, and
/// forgets every "yes" to a program. Whatever can be used is gone from memory before anything that takes
/// time, then from the vault, and only then are the issuers asked. What the vault would not let be read stays
/// in it, and is named.
pub(crate) async fn everything(valet: Arc<Valet>, by: By) -> RevokedAll {
    let _one_at_a_time = valet.revoking_all.lock().await;
    if is_news(&valet) {
        valet.note(&audit::entry(valet.clock.now(), Act::RevokeAll, by.actor()));
    }
    valet.consents().forget_all();
    forwards::end_all(&valet);
    door::end_all(&valet);
    let mut rows = take_all(&valet, &by);
    valet.forget_all_last_times();
    deeds::show(&valet, &by, What::RevokedAll, None);
    let answers_wiped = kept_answers::forget_all(&valet).await;
    let in_file = keys::forget_in_file(&valet, Which::All);
    tell_of_file(&valet, &in_file);
    rows.iter_mut().for_each(|row| row.in_file = row.is_among(&in_file));
    let (mut rows, unread) = read_sealed(&valet, rows).await;
    unread.iter().for_each(|row| settle(&valet, &by, row, unread_one(&row.taken)));
    for row in &mut rows {
        row.wiped = row.taken.wipe(&valet).await;
    }
    let run = Run { valet: &valet, by: &by, places: Semaphore::new(AT_ONCE), end: Instant::now() + PATIENCE };
    join_all(by_issuer(&valet, rows).into_iter().map(|(issuer, rows)| run.end_at(issuer, rows))).await;
    conclude(&valet, answers_wiped)
}

/// Whether there is anything to end.
fn is_news(valet: &Valet) -> bool {
    let in_use = valet.vault_is_in_use();
    let held = {
        let book = valet.book();
        !book.left.is_empty() || book.servers.values().any(super::has_something)
    };
    held || valet.consents().would_forget(None, in_use)
}

/// A server on its way, and its place in what is shown.
struct Row {
    at: usize,
    taken: Taken,
    wiped: bool,
    from: From,
    /// Whether the file still has a key of it.
    in_file: bool,
}

impl Row {
    fn is_among(&self, in_file: &BTreeSet<String>) -> bool {
        self.from == From::Configuration && in_file.contains(&self.taken.name)
    }
}

/// Where a server is known from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Configuration,
    /// It has left that.
    Left,
}

/// Takes all that servers could be used by, at once, and shows them as on their way.
fn take_all(valet: &Valet, by: &By) -> Vec<Row> {
    let by = (*by != By::Person).then(|| by.name().to_owned());
    let rows = valet.change(|book| {
        let mut all = RevokedAll { by, done: false, servers: Vec::new(), answers_wiped: false };
        let mut rows = Vec::new();
        for server in book.servers.values_mut() {
            let nothing_kept = is_empty(server);
            let row = list(&mut all, take(server), From::Configuration);
            if !(nothing_kept && row.taken.is_nothing()) {
                rows.push(row);
                continue;
            }
            // What has nothing costs no look into the vault, and nothing that is written.
            server.revoked = false;
            if let Some(shown) = all.servers.get_mut(row.at) {
                shown.revocation = Some(Revocation { wiped: true, ..nothing(&row.taken) });
            }
        }
        book.revoked_all = Some(all);
        rows
    });
    valet.save();
    let rows: Vec<Row> = rows;
    rows.iter().for_each(|row| valet.sessions().forget(&row.taken.id));
    rows
}

/// Whether it is known that the vault holds nothing for a server: what is there was read, and whatever was
/// revoked is wiped.
fn is_empty(server: &Server) -> bool {
    matches!(server.held, Held::Nothing) && !server.revoked
}

fn list(all: &mut RevokedAll, taken: Taken, from: From) -> Row {
    let listed = from == From::Configuration;
    all.servers.push(RevokedOne { server: taken.name.clone(), listed, revocation: None });
    Row { at: all.servers.len() - 1, taken, wiped: false, from, in_file: false }
}

/// Reads what only the vault has, so that it can be ended at its issuer too: nobody else opens it for use
/// meanwhile. Answers what can be ended, and what could not be read.
async fn read_sealed(valet: &Valet, rows: Vec<Row>) -> (Vec<Row>, Vec<Row>) {
    let _nobody_else = valet.reading.lock().await;
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    for mut row in rows {
        row.taken = row.taken.read_meanwhile(valet);
        if !is_sealed(valet, &row.taken) && !row.taken.takes_keys {
            read.push(row);
            continue;
        }
        match read_or_leave(valet, &mut row.taken).await {
            Ok(()) => read.push(row),
            Err(_) => unread.push(row),
        }
    }
    let left = valet.book().left.clone();
    for (id, left) in left {
        // What was never kept, or cannot be read just now, is not known to be there.
        let (Ok(grant), Ok(keys)) = (grant(valet, &id).await, count_keys(valet, &id).await) else { continue };
        if grant.is_none() && keys == 0 {
            continue;
        }
        let taken = Taken::of_left(id, left, grant, keys);
        read.extend(valet.change(|book| Some(list(book.revoked_all.as_mut()?, taken, From::Left))));
    }
    (read, unread)
}

pub(super) fn is_sealed(valet: &Valet, taken: &Taken) -> bool {
    let book = valet.book();
    let server = book.servers.get(&taken.name).filter(|server| server.id == taken.id);
    server.is_some_and(|server| matches!(server.held, Held::Sealed(_)))
}

/// Reads what the vault has for one server. Where its keys are known already, and gone from memory, it is no
/// error that the vault says nothing.
pub(super) async fn read_or_leave(valet: &Valet, taken: &mut Taken) -> Result<(), VaultError> {
    match read_one(valet, taken).await {
        Err(_) if !is_sealed(valet, taken) => taken.unread = true,
        read => read?,
    }
    Ok(())
}

/// Reads what the vault has for one server.
async fn read_one(valet: &Valet, taken: &mut Taken) -> Result<(), VaultError> {
    let grant = grant(valet, &taken.id).await?;
    let keys = count_keys(valet, &taken.id).await?;
    taken.keys = taken.keys.max(keys);
    taken.held_something |= keys > 0;
    taken.unsealed(valet, grant);
    Ok(())
}

/// How many keys the vault has for a server.
async fn count_keys(valet: &Valet, id: &str) -> Result<usize, VaultError> {
    match valet.vault.read::<Keys>(Key::Keys(id.to_owned())).await {
        Ok(keys) => Ok(keys.map_or(0, |keys| keys.value().iter().count())),
        // What is damaged can be wiped, if not counted.
        Err(VaultError::Broken) => Ok(0),
        Err(error) => Err(error),
    }
}

pub(super) async fn grant(valet: &Valet, id: &str) -> Result<Option<Arc<Grant>>, VaultError> {
    match valet.vault.read::<Grant>(Key::Grant(id.to_owned())).await {
        Ok(grant) => Ok(grant.map(|grant| Arc::clone(grant.value()))),
        // What is damaged can be wiped, if not revoked.
        Err(VaultError::Broken) => Ok(None),
        Err(error) => {
            tracing::warn!(%error, "what the vault holds could not be read, and stays there");
            Err(error)
        }
    }
}

/// What is ended at the same issuer: our client there goes after the last of it.
fn by_issuer(valet: &Valet, rows: Vec<Row>) -> BTreeMap<Option<String>, Vec<Row>> {
    let mut groups: BTreeMap<Option<String>, Vec<Row>> = BTreeMap::new();
    for row in rows {
        let mut issuers = row.taken.issuers().into_iter();
        let known = || valet.book().servers.get(&row.taken.name)?.known_issuer().map(ToOwned::to_owned);
        let issuer = issuers.next().or_else(known);
        for other in issuers {
            groups.entry(Some(other)).or_default();
        }
        groups.entry(issuer).or_default().push(row);
    }
    groups
}

struct Run<'a> {
    valet: &'a Arc<Valet>,
    by: &'a By,
    places: Semaphore,
    end: Instant,
}

impl Run<'_> {
    async fn end_at(&self, issuer: Option<String>, rows: Vec<Row>) {
        let ended = join_all(rows.iter().map(|row| self.end(row))).await;
        let client = match &issuer {
            Some(issuer) => self.in_time(client::give_back(self.valet, issuer), ClientOutcome::Failed).await,
            None => ClientOutcome::Nothing,
        };
        let unreached = self.in_time(self.valet.vault.absent(), Vec::new()).await;
        for (row, revocation) in rows.iter().zip(ended) {
            let unreached = unreached.clone();
            settle(self.valet, self.by, row, Revocation { client, unreached, ..revocation });
        }
    }

    async fn end(&self, row: &Row) -> Revocation {
        let late = Revocation {
            refresh_token: Outcome::Failed,
            access_token: Outcome::Failed,
            wiped: row.wiped,
            ..nothing(&row.taken)
        };
        self.in_time(row.taken.finish(self.valet), late).await
    }

    async fn in_time<T>(&self, work: impl Future<Output = T>, late: T) -> T {
        let work = async {
            let _place = self.places.acquire().await;
            work.await
        };
        timeout_at(self.end, work).await.unwrap_or(late)
    }
}

/// Shows what came of one server, and notes it.
fn settle(valet: &Valet, by: &By, row: &Row, mut revocation: Revocation) {
    if row.in_file {
        super::still_in_file(&mut revocation);
    }
    if row.taken.held_something || is_told(&revocation) {
        note(valet, Act::Revoke, by, &revocation);
    }
    valet.change(|book| {
        if revocation.wiped && row.from == From::Left {
            book.left.remove(&row.taken.id);
        }
        let all = book.revoked_all.as_mut()?;
        all.servers.get_mut(row.at)?.revocation = Some(revocation);
        Some(())
    });
}

/// Corrects what is shown already of servers of which the file still has a key.
fn tell_of_file(valet: &Valet, in_file: &BTreeSet<String>) {
    valet.change(|book| {
        let rows = book.revoked_all.iter_mut().flat_map(|all| &mut all.servers);
        let rows = rows.filter(|row| row.listed && in_file.contains(&row.server));
        rows.filter_map(|row| row.revocation.as_mut()).for_each(super::still_in_file);
    });
}

fn conclude(valet: &Valet, answers_wiped: bool) -> RevokedAll {
    valet.save();
    valet.change(|book| {
        let all = book.revoked_all.get_or_insert_with(|| RevokedAll {
            by: None,
            done: true,
            servers: Vec::new(),
            answers_wiped,
        });
        (all.done, all.answers_wiped) = (true, answers_wiped);
        all.clone()
    })
}

fn nothing(taken: &Taken) -> Revocation {
    Revocation {
        server: taken.name.clone(),
        refresh_token: Outcome::Nothing,
        access_token: Outcome::Nothing,
        wiped: false,
        client: ClientOutcome::Nothing,
        pending: false,
        self_contained: false,
        ends_at: None,
        keys: taken.keys,
        key_page: taken.key_page.map(str::to_owned),
        in_file: false,
        unreached: Vec::new(),
    }
}

fn unread_one(taken: &Taken) -> Revocation {
    Revocation { refresh_token: Outcome::Unread, access_token: Outcome::Unread, ..nothing(taken) }
}

impl Taken {
    /// What a server that left the configuration still has in the vault.
    fn of_left(id: String, left: Left, grant: Option<Arc<Grant>>, keys: usize) -> Self {
        let (name, registered_at) = (left.name, left.registered_at);
        Self {
            id,
            name,
            pen: Arc::default(),
            grant,
            sealed: false,
            takes_keys: keys > 0,
            unread: false,
            keys,
            key_page: None,
            held_something: true,
            flight: None,
            registered_at,
        }
    }
}
