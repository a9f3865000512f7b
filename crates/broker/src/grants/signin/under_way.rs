//! Sign-ins that are under way: who began each, so that no program takes another's or the person's place; and
//! how many programs may begin.

use crate::valet::Valet;
use config::ServerConfig;
use oauth::Issuer;
use peer::By;
use state::attempt::Attempt;
use state::book::Book;
use state::sign_ins::{Admission, UnderWay, page};
use state::waiting::Waiting;
use std::sync::Arc;
use wire::{Authorization, Problem, Reason};
use words::say;

/// What becomes of the wish to sign in.
pub(super) enum Entered {
    /// It begins.
    Begins(Box<Begun>),
    /// It is the same as the one under way with this number.
    Joins(u64),
}

/// A sign-in that has just begun.
pub(super) struct Begun {
    pub(super) config: Arc<ServerConfig>,
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
    let known = is_known(valet, by);
    let begun = {
        let mut book = valet.book();
        let mut all = valet.sign_ins.all();
        all.under_way.retain_mut(|one| look(&book, one));
        let spoilt = |waiting: &Waiting| waiting.back.ways.are_apart(&book, name).is_err();
        let waits = book.servers.get(name).and_then(|server| server.attempt.waiting());
        let spoilt = waits.is_some_and(spoilt);
        let server = book.servers.get(name).ok_or_else(|| problems::unknown_server(name))?;
        let place = match by {
            By::Person => Admission::Takes,
            By::Agent(_) => all.judge(server, by, known, now)?,
        };
        let since = match place {
            Admission::Joins(joined) if !spoilt => return Ok(Entered::Joins(joined)),
            Admission::Renews(since) => since,
            Admission::Joins(_) | Admission::Takes | Admission::TakesOver(_) => now,
        };
        if let Admission::TakesOver(other) = place {
            gives_way(&mut book, other);
            all.under_way.retain(|one| one.number != other);
        }
        let server = book.servers.get_mut(name).ok_or_else(|| problems::unknown_server(name))?;
        all.begins(number, by, since, now);
        let before = std::mem::replace(&mut server.attempt, Attempt::Preparing(number));
        let abandoned = before.waiting().map(|waiting| waiting.back.ways.issuer.clone());
        let begun = Begun { config: server.config.clone(), server_id: server.id.clone(), abandoned };
        book.stay_closed();
        begun
    };
    valet.publish();
    Ok(Entered::Begins(Box::new(begun)))
}

/// Whether a sign-in is still under way, and notes whether it waits for a person.
fn look(book: &Book, one: &mut UnderWay) -> bool {
    let server = book.servers.values().find(|server| server.attempt.number() == Some(one.number));
    one.waits = server.is_some_and(|server| page(server).is_some());
    server.is_some()
}

/// Whether the person has said yes to a program, for any server.
fn is_known(valet: &Valet, by: &By) -> bool {
    let By::Agent(application) = by else { return true };
    let ids: Vec<String> = valet.book().servers.values().map(|server| server.id.clone()).collect();
    let (now, consents) = (valet.clock.now(), valet.consents());
    ids.iter().any(|id| consents.allowed(application, id, now).is_some())
}

/// Ends a sign-in for another.
fn gives_way(book: &mut Book, number: u64) {
    let server = book.servers.values_mut().find(|server| server.attempt.number() == Some(number));
    let Some(server) = server else { return };
    let detail = say!(problem_made_room, server = &server.name);
    let advice = say!(problem_begin_again_advice, command = problems::authorize(&server.name));
    server.attempt = Attempt::Failed(problems::failed(Reason::MadeRoom, detail, advice));
}

/// Waits for the page of a sign-in that is being prepared.
pub(super) async fn join(valet: &Valet, name: &str, number: u64) -> Result<Authorization, Problem> {
    let mut changes = valet.changes();
    loop {
        {
            let book = valet.book();
            let server = book.servers.get(name).ok_or_else(|| problems::unknown_server(name))?;
            if let Some(page) = page(server).filter(|_| server.attempt.number() == Some(number)) {
                return Ok(page);
            }
            if !matches!(server.attempt, Attempt::Preparing(now) if now == number) {
                return Err(server.attempt.problem().cloned().unwrap_or_else(|| problems::overtaken(name)));
            }
        }
        if changes.changed().await.is_err() {
            return Err(problems::overtaken(name));
        }
    }
}

/// Forgets our client at the issuer of a sign-in that came to nothing.
pub(super) async fn give_up(valet: &Arc<Valet>, issuer: &Issuer, by: &By) {
    if valet.sign_ins.may_forget(issuer, by, valet.clock.now()) {
        crate::grants::registration::forget(valet, issuer.as_str()).await;
    }
}
