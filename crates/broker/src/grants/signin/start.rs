//! The beginning of a sign-in, by a browser on this machine or on another device, as far as the page that the
//! person opens.

use super::prepare::Preparation;
use super::under_way::{self, Begun, Entered};
use super::{PATIENCE, Request, conclude, device, news};
use crate::valet::Valet;
use config::GrantChoice;
use jiff::Timestamp;
use peer::By;
use problems::overtaken;
use state::attempt::Attempt;
use state::server::Server;
use state::shared::refused;
use state::waiting::Waiting;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use wire::{Authorization, AuthorizeRequest, Problem, Reason};
use words::say;

/// After how long it is said what helps if the page shows an error.
const QUIET: Duration = Duration::from_mins(1);

/// Where the person signs in.
enum Screen {
    Here,
    OtherDevice,
}

/// As [`begin`]; what was locked meanwhile is told so.
pub(crate) async fn start(
    valet: Arc<Valet>,
    name: String,
    by: By,
    request: Request,
) -> Result<Authorization, Problem> {
    let begun = begin(Arc::clone(&valet), name.clone(), by, request).await;
    begun.map_err(|problem| match problem.reason() {
        Some(Reason::Overtaken) if valet.not_locked().is_err() => problems::locked_meanwhile(&name),
        _ => problem,
    })
}

/// Begins a sign-in in the way that the request or the configuration wants, or joins the one that the same
/// asker began already. What works already keeps working meanwhile.
async fn begin(valet: Arc<Valet>, name: String, by: By, request: Request) -> Result<Authorization, Problem> {
    let Request { how, account } = request;
    let screen = screen(&valet, &name, &how)?;
    valet.open_vault().await?;
    let (number, began) = (valet.number(), valet.clock.now());
    let Begun { config, server_id, abandoned } = match under_way::enter(&valet, &name, &by, number)? {
        Entered::Begins(begun) => *begun,
        Entered::Joins(number) => return under_way::join(&valet, &name, number).await,
    };
    let url = config.place.url().ok_or_else(|| problems::runs_here(&name))?;
    let attempt = Preparation {
        valet: &valet,
        name: &name,
        number,
        server_id,
        by: by.clone(),
        account,
        config: &config,
        url,
    };
    let issuer = how.issuer.as_deref();
    match screen {
        Screen::OtherDevice => device::wait(attempt, issuer).await,
        Screen::Here => {
            if let Some(issuer) = abandoned {
                under_way::give_up(&valet, &issuer, &by).await;
            }
            let authorization = wait_for_browser(attempt, issuer).await?;
            valet.runtime.spawn(watch_over(Arc::clone(&valet), name, number, began));
            Ok(authorization)
        }
    }
}

fn screen(valet: &Valet, name: &str, request: &AuthorizeRequest) -> Result<Screen, Problem> {
    let book = valet.book();
    let server = book.servers.get(name).ok_or_else(|| problems::unknown_server(name))?;
    server.url()?;
    if server.takes_keys() {
        return Err(problems::takes_keys(name));
    }
    match server.config.oauth.grant {
        GrantChoice::Unattended(_) => Err(problems::no_sign_in_needed(name)),
        GrantChoice::AuthorizationCode if !request.device => Ok(Screen::Here),
        GrantChoice::AuthorizationCode | GrantChoice::DeviceCode => Ok(Screen::OtherDevice),
    }
}

/// Goes as far as the page that the person opens here.
pub(super) async fn wait_for_browser(
    attempt: Preparation<'_>,
    issuer: Option<&str>,
) -> Result<Authorization, Problem> {
    let (valet, name, number, url) = (attempt.valet, attempt.name, attempt.number, attempt.url);
    let waiting = attempt.in_browser(issuer).await.map_err(|stopped| stopped.end(valet, name, number))?;
    let authorization = waiting.authorization(name, url);
    wait(valet, name, waiting).map(|()| authorization)
}

/// Gives the browser the turn, unless another sign-in took its redirect URI meanwhile.
fn wait(valet: &Valet, name: &str, waiting: Waiting) -> Result<(), Problem> {
    valet.change(|book| {
        let wanted = |server: &Server| server.attempt.number() == Some(waiting.back.number);
        if !book.servers.get(name).is_some_and(wanted) {
            return Err(overtaken(name));
        }
        let taken = waiting.claim().and_then(|claim| Some((claim, book.wait_at(name, claim).err()?)));
        let taken = taken.map(|(claim, clash)| refused(book, name, claim, &clash));
        if let Some(server) = book.servers.get_mut(name) {
            server.attempt = match &taken {
                Some(problem) => Attempt::Failed(problem.clone()),
                None => Attempt::Waiting(Box::new(waiting)),
            };
        }
        taken.map_or(Ok(()), Err)
    })
}

/// Sees to a sign-in that the browser has.
async fn watch_over(valet: Arc<Valet>, name: String, number: u64, began: Timestamp) {
    let given_up = Instant::now() + PATIENCE.unsigned_abs();
    valet.clock.wait_since(began, QUIET).await;
    news::not_back_yet(&valet, &name, number);
    tokio::time::sleep_until(given_up).await;
    give_up_in_the_end(&valet, &name, number).await;
}

/// Nobody waits for ever for a browser that was closed. It may have been closed on an issuer that has
/// forgotten our client, so that is forgotten as well.
async fn give_up_in_the_end(valet: &Arc<Valet>, name: &str, number: u64) {
    let awaited = |server: &Server| {
        let back = &server.attempt.waiting().filter(|waiting| waiting.back.number == number)?.back;
        Some((back.ways.issuer.clone(), back.by.clone()))
    };
    let given_up = valet.book().servers.get(name).and_then(awaited);
    if let Some((issuer, by)) = given_up {
        under_way::give_up(valet, &issuer, &by).await;
        let problem = problems::failed(
            Reason::AttemptExpired,
            say!(problem_expired, server = name),
            say!(problem_expired_advice),
        );
        conclude(valet, name, number, Attempt::Failed(problem));
    }
}
