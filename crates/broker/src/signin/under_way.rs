//! Sign-ins that are under way: who began each, so that no program takes another's or the person's place; and how many programs
//! may begin.

use super::{By, Waiting};
use crate::book::Book;
use crate::config::ServerConfig;
use crate::http::seats::Room;
use crate::outcome;
use crate::state::{Attempt, Server};
use crate::valet::Valet;
use jiff::{SignedDuration, Timestamp};
use oauth::Issuer;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wire::{Authorization, Problem};

/// How soon a second request counts as the same click. Later it means that the first came to nothing.
const DOUBLE_CLICK: SignedDuration = SignedDuration::from_secs(5);
/// Sign-ins of one program at a time; all that cannot be told from each other are one.
const AT_ONCE: usize = 4;
/// Sign-ins of all programs at a time.
const OF_ALL: usize = 16;
/// Sign-ins that one program may begin in [`A_WHILE`].
const IN_A_WHILE: usize = 60;
/// How often programs may have us registered anew at one issuer, by beginning again and again.
const A_WHILE: SignedDuration = SignedDuration::from_mins(10);

/// The sign-ins that are under way.
#[derive(Debug, Default)]
pub(crate) struct SignIns(Mutex<All>);

#[derive(Debug, Default)]
struct All {
    under_way: Vec<UnderWay>,
    /// What programs began lately, oldest first.
    begun: VecDeque<(Room, Timestamp)>,
    /// The issuers at which a program had us forget our client.
    given_up: HashMap<String, Timestamp>,
}

#[derive(Debug)]
struct UnderWay {
    number: u64,
    by: By,
    at: Timestamp,
}

/// What becomes of the wish to sign in.
pub(super) enum Entered {
    /// It begins.
    Begins(Box<Begun>),
    /// It is the same as the one under way with this number.
    Joins(u64),
}

/// A sign-in that has just begun.
pub(super) struct Begun {
    pub(super) config: ServerConfig,
    pub(super) server_id: String,
    /// The issuer of the one that was given up for it.
    pub(super) abandoned: Option<Issuer>,
}

/// Begins a sign-in with this number, unless one is under way that the asker must not replace.
///
/// # Errors
/// Somebody else began one, or this program has begun as many as it may.
pub(super) fn enter(valet: &Valet, name: &str, by: &By, number: u64) -> Result<Entered, Problem> {
    let now = valet.clock.now();
    let begun = {
        let mut book = valet.book();
        let mut all = valet.sign_ins.all();
        all.under_way.retain(|one| is_under_way(&book, one.number));
        let spoilt = |waiting: &Waiting| waiting.ways.are_apart(&book, name).is_err();
        let waits = book.servers.get(name).and_then(|server| server.attempt.waiting());
        let spoilt = waits.is_some_and(spoilt);
        let server = book.servers.get_mut(name).ok_or_else(|| outcome::unknown_server(name))?;
        if let By::Agent(_) = by
            && let Some(joined) = all.judge(server, by, now)?
            && !spoilt
        {
            return Ok(Entered::Joins(joined));
        }
        all.begins(number, by, now);
        let before = std::mem::replace(&mut server.attempt, Attempt::Preparing(number));
        let abandoned = before.waiting().map(|waiting| waiting.pending.issuer().clone());
        let begun = Begun { config: server.config.clone(), server_id: server.id.clone(), abandoned };
        book.stay_closed();
        begun
    };
    valet.publish();
    Ok(Entered::Begins(Box::new(begun)))
}

fn is_under_way(book: &Book, number: u64) -> bool {
    book.servers.values().any(|server| server.attempt.number() == Some(number))
}

/// Waits for the page of a sign-in that is being prepared.
pub(super) async fn join(valet: &Valet, name: &str, number: u64) -> Result<Authorization, Problem> {
    let mut changes = valet.view.subscribe();
    loop {
        {
            let book = valet.book();
            let server = book.servers.get(name).ok_or_else(|| outcome::unknown_server(name))?;
            if let Some(page) = page(server).filter(|_| server.attempt.number() == Some(number)) {
                return Ok(page);
            }
            if !matches!(server.attempt, Attempt::Preparing(now) if now == number) {
                return Err(server.attempt.problem().cloned().unwrap_or_else(|| super::overtaken(name)));
            }
        }
        if changes.changed().await.is_err() {
            return Err(super::overtaken(name));
        }
    }
}

/// The page that the person opens.
fn page(server: &Server) -> Option<Authorization> {
    match &server.attempt {
        Attempt::Waiting(waiting) => Some(waiting.authorization(&server.name, &server.config.url)),
        Attempt::OnDevice(device) => Some(device.page.clone()),
        Attempt::None
        | Attempt::Preparing(_)
        | Attempt::ChoosingIssuer(_)
        | Attempt::NeedsClientId { .. }
        | Attempt::Finishing(_)
        | Attempt::Failed(_) => None,
    }
}

impl All {
    /// Whether a program may begin a sign-in to this server, or joins the one that it began.
    fn judge(&mut self, server: &Server, by: &By, now: Timestamp) -> Result<Option<u64>, Problem> {
        let number = server.attempt.number();
        let begun = self.under_way.iter().find(|one| Some(one.number) == number);
        match (number, begun) {
            (None, _) => {}
            (Some(number), Some(begun)) if begun.by == *by => {
                let young = now.duration_since(begun.at).abs() < DOUBLE_CLICK;
                let shown = page(server).is_some();
                if young || !shown {
                    return Ok(Some(number));
                }
                // It takes its own place.
                return Ok(None);
            }
            (Some(_), begun) => {
                return Err(outcome::sign_in_under_way(&server.name, begun.map(|begun| begun.by.name())));
            }
        }
        self.has_room(by, now).map(|()| None)
    }

    fn has_room(&mut self, by: &By, now: Timestamp) -> Result<(), Problem> {
        let Some(room) = room(by) else { return Ok(()) };
        let of_programs = || self.under_way.iter().filter_map(|one| self::room(&one.by));
        let own = of_programs().filter(|of| *of == room).count();
        if own >= AT_ONCE || of_programs().count() >= OF_ALL {
            return Err(outcome::too_many_sign_ins(by.name()));
        }
        self.begun.retain(|(_, at)| now.duration_since(*at).abs() < A_WHILE);
        if self.begun.iter().filter(|(of, _)| *of == room).count() >= IN_A_WHILE {
            return Err(outcome::too_many_sign_ins(by.name()));
        }
        Ok(())
    }

    fn begins(&mut self, number: u64, by: &By, now: Timestamp) {
        self.under_way.push(UnderWay { number, by: by.clone(), at: now });
        if let Some(room) = room(by) {
            self.begun.push_back((room, now));
        }
    }
}

fn room(by: &By) -> Option<Room> {
    match by {
        By::Person => None,
        By::Agent(application) => Some(Room::of(application)),
    }
}

impl SignIns {
    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether our client at an issuer is forgotten because a sign-in there came to nothing: the page may have shown that the
    /// issuer does not know it any more. A program that begins again and again has us register no more often than this.
    pub(super) fn may_forget(&self, issuer: &Issuer, by: &By, now: Timestamp) -> bool {
        if *by == By::Person {
            return true;
        }
        let given_up = &mut self.all().given_up;
        given_up.retain(|_, at| now.duration_since(*at).abs() < A_WHILE);
        // What was noted first counts, or somebody who does not stop would never be through.
        let known = given_up.contains_key(issuer.as_str());
        if !known {
            given_up.insert(issuer.as_str().to_owned(), now);
        }
        !known
    }
}

/// Forgets our client at the issuer of a sign-in that came to nothing.
pub(super) async fn give_up(valet: &Arc<Valet>, issuer: &Issuer, by: &By) {
    if valet.sign_ins.may_forget(issuer, by, valet.clock.now()) {
        crate::registration::forget(valet, issuer.as_str()).await;
    }
}
