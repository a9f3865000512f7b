//! Signing in to a server: from discovery to the page that the person opens, and from the code to the grant.

mod again;
mod bound;
mod device;
mod finish;
mod prepare;
mod receive;
mod shared;
mod start;
mod under_way;
mod ways;

pub(crate) use again::{Next, fail};
pub(crate) use bound::bound_key;
pub(crate) use finish::{Return, complete, expiry, grant};
pub(crate) use prepare::{Stopped, failed, stopped};
pub(crate) use receive::{Received, receive_in_time};
pub(crate) use start::start;

use crate::state::attempt::Attempt;
use crate::state::server::Server;
use crate::state::waiting::Waiting;
use crate::state::ways::Ways;
use crate::valet::Valet;
use jiff::SignedDuration;
use oauth::ServerUrl;
use peer::By;
use prepare::Preparation;
use std::sync::Arc;
use under_way::{Begun, Entered};
use wire::{Authorization, Problem, Reason};

/// How long a sign-in is waited for.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// Begins a sign-in, or joins the one that the same asker began already. What works already keeps working
/// meanwhile.
async fn begin(
    valet: Arc<Valet>,
    name: String,
    by: By,
    issuer: Option<String>,
) -> Result<Authorization, Problem> {
    valet.open_vault().await?;
    let number = valet.number();
    let Begun { config, server_id, abandoned } = match under_way::enter(&valet, &name, &by, number)? {
        Entered::Begins(begun) => *begun,
        Entered::Joins(number) => return under_way::join(&valet, &name, number).await,
    };
    if let Some(issuer) = abandoned {
        under_way::give_up(&valet, &issuer, &by).await;
    }
    let attempt = Preparation { valet: &valet, name: &name, number, server_id, by, oauth: &config.oauth };
    let authorization = wait_for_browser(attempt, &config.url, issuer.as_deref()).await?;
    valet.runtime.spawn(give_up_in_the_end(Arc::clone(&valet), name, number));
    Ok(authorization)
}

/// Goes as far as the page that the person opens.
async fn wait_for_browser(
    attempt: Preparation<'_>,
    url: &ServerUrl,
    issuer: Option<&str>,
) -> Result<Authorization, Problem> {
    let (valet, name, number) = (attempt.valet, attempt.name, attempt.number);
    match attempt.prepare(url, issuer).await {
        Ok(waiting) => {
            let authorization = waiting.authorization(name, url);
            wait(valet, name, waiting).map(|()| authorization)
        }
        Err(stopped) => {
            let (attempt, problem) = stopped.into_parts();
            conclude(valet, name, number, attempt);
            Err(problem)
        }
    }
}

/// Gives the browser the turn, unless another sign-in took its redirect URI meanwhile.
fn wait(valet: &Valet, name: &str, waiting: Waiting) -> Result<(), Problem> {
    valet.change(|book| {
        let wanted = |server: &Server| server.attempt.number() == Some(waiting.number);
        if !book.servers.get(name).is_some_and(wanted) {
            return Err(overtaken(name));
        }
        let taken = waiting.claim().and_then(|claim| Some((claim, book.wait_at(name, claim).err()?)));
        let taken = taken.map(|(claim, clash)| shared::refused(book, name, claim, &clash));
        if let Some(server) = book.servers.get_mut(name) {
            server.attempt = match &taken {
                Some(problem) => Attempt::Failed(problem.clone()),
                None => Attempt::Waiting(Box::new(waiting)),
            };
        }
        taken.map_or(Ok(()), Err)
    })
}

/// Nobody waits for ever for a browser that was closed. It may have been closed on an issuer that has
/// forgotten our client, so that is forgotten as well.
async fn give_up_in_the_end(valet: Arc<Valet>, name: String, number: u64) {
    tokio::time::sleep(PATIENCE.unsigned_abs()).await;
    let awaited = |server: &Server| {
        let waiting = server.attempt.waiting().filter(|waiting| waiting.number == number)?;
        Some((waiting.pending.issuer().clone(), waiting.by.clone()))
    };
    let given_up = valet.book().servers.get(&name).and_then(awaited);
    if let Some((issuer, by)) = given_up {
        under_way::give_up(&valet, &issuer, &by).await;
        let problem = problems::failed(
            Reason::AttemptExpired,
            format!("nobody came back from the sign-in to \"{name}\" within ten minutes"),
            "Start it again. If the page showed an error, read there what the provider wants.",
        );
        conclude(&valet, &name, number, Attempt::Failed(problem));
    }
}

/// Ends a step of attempt `number`. False if a newer attempt has taken its place.
fn conclude(valet: &Valet, name: &str, number: u64, next: Attempt) -> bool {
    valet.change(|book| {
        let server = book.servers.get_mut(name).filter(|server| server.attempt.number() == Some(number));
        server.map(|server| server.attempt = next).is_some()
    })
}

pub(crate) fn overtaken(name: &str) -> Problem {
    problems::failed(
        Reason::Overtaken,
        format!(
            "this sign-in to \"{name}\" is no longer wanted; something else was done with the server meanwhile"
        ),
        "If it was not you, look at the audit. Else begin again.",
    )
}
