//! Sockets in other places that lead here, for as long as each is wanted.

use crate::valet::{Valet, deeds};
use forward::{Link, Place, State};
use futures_util::future::BoxFuture;
use ground::cause::Cause;
use ground::ranked::{Ranked, order};
use jiff::Timestamp;
use peer::{By, Far};
use state::book::Book;
use state::deed::What;
use state::meant::Meant;
use state::server::Server;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use wire::{Act, Actor, AuditEntry, ForwardState, Problem};
use words::say;

/// Places that are led here at a time.
const MOST: usize = 16;
/// How long what was refused is shown before it is counted anew.
const SHOWN: Duration = Duration::from_secs(1);

/// Answers what comes by a forward. The one who does it knows the valet; the valet knows no more than this.
pub(crate) trait Answers: Send + Sync {
    /// Answers until the link has ended, and says why.
    fn answer(&self, valet: Arc<Valet>, forward: Arc<Forward>, link: Link) -> BoxFuture<'static, ()>;
}

/// All places that are led here.
pub(crate) struct Forwards {
    table: Ranked<Table, { order::LAST }>,
    answers: Box<dyn Answers>,
}

#[derive(Default)]
struct Table {
    open: Vec<Arc<Forward>>,
    /// Those that are being begun.
    opening: Vec<Place>,
    /// How often all were ended. What was begun before the last time is not to come to be after it.
    ended: u64,
}

/// A place that is led here.
pub(crate) struct Forward {
    pub(crate) number: u64,
    pub(crate) place: Place,
    /// The servers that can be used from there.
    servers: Vec<Meant>,
    /// Those of them that were removed. What is added again, even as the same, was not agreed to.
    gone: Ranked<HashSet<String>, { order::LAST }>,
    pub(crate) far: Arc<Far>,
    by: Option<String>,
    since: Timestamp,
    state: watch::Receiver<State>,
    refused: watch::Receiver<u64>,
    over: watch::Sender<bool>,
}

impl Forwards {
    pub(crate) fn new(answers: impl Answers + 'static) -> Self {
        Self { table: Ranked::default(), answers: Box::new(answers) }
    }

    /// Those that are kept, as they are shown.
    pub(crate) fn shown(&self, book: &Book) -> Vec<wire::Forward> {
        let open = self.table.lock().open.clone();
        open.iter().map(|forward| forward.shown(book)).collect()
    }

    fn find(&self, which: &str) -> Option<Arc<Forward>> {
        let table = self.table.lock();
        // A host may be called like a number: that of another is meant first.
        let by_number = table.open.iter().find(|forward| forward.number.to_string() == which);
        by_number.or_else(|| table.open.iter().find(|forward| forward.place.to_string() == which)).cloned()
    }

    fn take(&self, number: u64) -> bool {
        let mut table = self.table.lock();
        let before = table.open.len();
        table.open.retain(|forward| forward.number != number);
        table.open.len() < before
    }
}

impl Forward {
    /// The server of this name. Another that has taken its name cannot be used from there. One that is here
    /// and cannot is told from one that is not by nothing.
    ///
    /// # Errors
    /// It cannot be used from there.
    pub(crate) fn meant(&self, book: &Book, name: &str) -> Result<Meant, Problem> {
        let here = book.servers.get(name);
        let led = here.filter(|server| self.leads_to(&server.id));
        led.map(Meant::of).ok_or_else(|| problems::unknown_server(name))
    }

    fn leads_to(&self, id: &str) -> bool {
        self.servers.iter().any(|meant| meant.id == id) && !self.gone.lock().contains(id)
    }

    /// The names of its servers by now.
    fn names(&self, book: &Book) -> Vec<String> {
        let is_ours = |server: &&Server| self.leads_to(&server.id);
        book.servers.values().filter(is_ours).map(|server| server.name.clone()).collect()
    }

    fn shown(&self, book: &Book) -> wire::Forward {
        let (state, socket, fault) = match &*self.state.borrow() {
            State::Open { far } => (ForwardState::Open, Some(far.clone()), None),
            State::Lost(fault) | State::Ended(fault) => (ForwardState::Lost, None, Some(fault.clone())),
        };
        wire::Forward {
            number: self.number,
            host: self.place.to_string(),
            servers: self.names(book),
            state,
            socket,
            trouble: fault.as_ref().map(ToString::to_string),
            advice: fault.as_ref().map(forward::Fault::advice),
            since: self.since,
            by: self.by.clone(),
            refused: *self.refused.borrow(),
        }
    }
}

/// A place that is being begun: once at a time.
struct Opening<'a> {
    forwards: &'a Forwards,
    place: Place,
    /// How often all had been ended by then.
    ended: u64,
}

impl<'a> Opening<'a> {
    fn of(forwards: &'a Forwards, place: &Place) -> Result<Self, Problem> {
        let mut table = forwards.table.lock();
        let is_there = table.open.iter().any(|forward| forward.place == *place);
        if is_there || table.opening.contains(place) {
            return Err(problems::forward_exists(&place.to_string()));
        }
        if table.open.len() + table.opening.len() >= MOST {
            return Err(problems::too_many_forwards(MOST));
        }
        table.opening.push(place.clone());
        Ok(Self { forwards, place: place.clone(), ended: table.ended })
    }

    /// It is open; unless all were ended since it was begun.
    fn done(self, forward: &Arc<Forward>) -> Result<(), Problem> {
        let mut table = self.forwards.table.lock();
        if table.ended != self.ended {
            // Given back before this is dropped, which takes it again.
            drop(table);
            return Err(problems::internal(say!(problem_this_broke_off), say!(problem_again_advice)));
        }
        table.open.push(Arc::clone(forward));
        drop(table);
        Ok(())
    }
}

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.forwards.table.lock().opening.retain(|place| *place != self.place);
    }
}

/// Leads the socket of a place here.
pub(crate) async fn open(
    valet: &Arc<Valet>,
    place: Place,
    servers: Vec<Meant>,
    by: &By,
) -> Result<wire::Forward, Problem> {
    valet.not_locked()?;
    let opening = Opening::of(&valet.forwards, &place)?;
    let number = valet.number();
    let failed = |fault: forward::Fault| {
        problems::forward_failed(&place.to_string(), &fault.to_string(), fault.advice())
    };
    let mut locked = valet.changes();
    let link = tokio::select! {
        link = Link::open(place.clone(), near(valet, number), valet.clock.clone()) => link.map_err(failed)?,
        problem = locked_meanwhile(valet, &mut locked) => return Err(problem),
    };
    let forward = Arc::new(Forward {
        number,
        far: Far::at(&place.to_string()),
        place,
        servers,
        gone: Ranked::default(),
        by: Some(by).filter(|by| **by != By::Person).map(|by| by.name().to_owned()),
        since: valet.clock.now(),
        state: link.state(),
        refused: link.refused(),
        over: watch::Sender::new(false),
    });
    opening.done(&forward)?;
    note_begun(valet, &forward, by);
    valet.runtime.spawn(keep(Arc::clone(valet), Arc::clone(&forward), link));
    valet.publish();
    let shown = forward.shown(&valet.book());
    Ok(shown)
}

async fn locked_meanwhile(valet: &Valet, changes: &mut watch::Receiver<u64>) -> Problem {
    loop {
        if let Err(shut) = valet.not_locked() {
            return shut.into();
        }
        if changes.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

/// Its socket on this side: not among those that programs look for.
fn near(valet: &Valet, number: u64) -> PathBuf {
    let folder = valet.paths.socket.parent().map(|folder| folder.as_os_str().to_owned()).unwrap_or_default();
    let mut beside = folder;
    beside.push("-forwards");
    PathBuf::from(beside).join(format!("{number}.sock"))
}

async fn keep(valet: Arc<Valet>, forward: Arc<Forward>, link: Link) {
    let (mut over, state) = (forward.over.subscribe(), link.state());
    let answering = valet.forwards.answers.answer(Arc::clone(&valet), Arc::clone(&forward), link);
    tokio::select! {
        () = answering => {}
        _ = over.wait_for(|over| *over) => {}
        () = show_refused(&valet, forward.refused.clone()) => {}
    }
    forward.far.end();
    if !valet.forwards.take(forward.number) {
        return valet.publish();
    }
    note_by_itself(&valet, &forward);
    if let State::Ended(fault) = &*state.borrow() {
        let (detail, advice) = (fault.to_string(), fault.advice());
        let notice =
            say!(notice_forward_ended, host = forward.place.to_string(), detail = detail, advice = advice);
        valet.change(|book| book.notices.push(notice));
    }
    valet.publish();
}

/// Shows how many were refused, of a flood every now and then. It does not end.
async fn show_refused(valet: &Valet, mut refused: watch::Receiver<u64>) {
    while refused.changed().await.is_ok() {
        valet.publish();
        valet.clock.wait(SHOWN).await;
    }
    std::future::pending().await
}

/// Ends one, by its number or its place.
pub(crate) fn close(valet: &Valet, which: &str, by: &By) -> Result<wire::Forward, Problem> {
    let forward = valet.forwards.find(which).ok_or_else(|| problems::unknown_forward(which))?;
    let shown = forward.shown(&valet.book());
    if end(valet, &forward) {
        note_ended(valet, &forward, by);
        deeds::show(valet, by, What::ForwardEnded, Some(&forward.place.to_string()));
        valet.publish();
    }
    Ok(shown)
}

/// Ends all, as what locks the valet by hand or revokes everything does.
pub(crate) fn end_all(valet: &Valet) {
    let open = {
        let mut table = valet.forwards.table.lock();
        table.ended += 1;
        table.open.clone()
    };
    let ended: Vec<_> = open.iter().filter(|forward| end(valet, forward)).collect();
    ended.iter().for_each(|forward| note_by_itself(valet, forward));
    if !ended.is_empty() {
        valet.publish();
    }
}

fn end(valet: &Valet, forward: &Forward) -> bool {
    // At once: what is answered from here on is answered to nobody.
    forward.far.end();
    let was_open = valet.forwards.take(forward.number);
    forward.over.send_replace(true);
    was_open
}

/// Drops the servers that are there no more.
pub(crate) fn drop_removed(valet: &Valet) {
    let open = valet.forwards.table.lock().open.clone();
    if open.is_empty() {
        return;
    }
    let here: HashSet<String> = valet.book().servers.values().map(|server| server.id.clone()).collect();
    for forward in open {
        let gone = forward.servers.iter().filter(|meant| !here.contains(&meant.id));
        forward.gone.lock().extend(gone.map(|meant| meant.id.clone()));
    }
}

/// Ends them when the person locks, and drops what is removed. Sleep and a locked screen stop what goes by
/// them, and they are there again afterwards.
pub(crate) async fn follow(valet: Arc<Valet>) {
    let mut changes = valet.changes();
    while changes.changed().await.is_ok() {
        drop_removed(&valet);
        let by_hand = valet.book().lock.as_ref().is_some_and(|lock| lock.cause == Cause::Person);
        if by_hand {
            end_all(&valet);
        }
    }
}

fn note_begun(valet: &Valet, forward: &Forward, by: &By) {
    let servers: Vec<&str> = forward.servers.iter().map(|one| one.name.as_str()).collect();
    let mut entry = entry(valet, Act::Forward, by);
    entry.result = Some(format!("{}: {}", forward.place, servers.join(", ")));
    valet.note(&entry);
}

fn note_ended(valet: &Valet, forward: &Forward, by: &By) {
    let mut entry = entry(valet, Act::ForwardEnded, by);
    entry.result = Some(forward.place.to_string());
    valet.note(&entry);
}

/// One that nobody has ended by itself: the place did, or what ends all of them.
fn note_by_itself(valet: &Valet, forward: &Forward) {
    let mut entry = audit::entry(valet.clock.now(), Act::ForwardEnded, Actor::valet());
    entry.result = Some(forward.place.to_string());
    if let State::Ended(fault) = &*forward.state.borrow() {
        entry.outcome = Some(fault.code().to_owned());
    }
    valet.note(&entry);
}

fn entry(valet: &Valet, act: Act, by: &By) -> AuditEntry {
    let mut entry = audit::entry(valet.clock.now(), act, by.actor());
    if let By::Agent(agent) = by {
        entry.mark = audit::mark(agent);
    }
    entry
}
