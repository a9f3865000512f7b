//! Letting a client of the door in: the person is asked as for any program, and then signs in to the server
//! itself where that is needed, in the same tab of the browser.

use crate::grants::signin;
use crate::hand_out::caller::Caller;
use crate::hand_out::{Ask, Need, Purpose, obtain};
use crate::valet::Valet;
use crate::valet::door::{Stage, Waiting, Web};
use oauth::{Overrides, ServerUrl};
use peer::By;
use provider::{Client, ClientUrl, OAuthError, client_of_document};
use state::held::Held;
use state::server::Server;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use wire::{AuthorizeRequest, Code as Said, Problem, Reason};
use words::say;

/// How long the person may take, with all that follows from a yes.
const PATIENCE: Duration = Duration::from_mins(9);
/// For how long a browser may stay away once all is decided. One that waits asks every 20 seconds.
const STAYS_AWAY: Duration = Duration::from_mins(1);

/// Has the person decide about a request, whose browser waits at `url`.
pub(crate) async fn decide(valet: Arc<Valet>, waiting: Arc<Waiting>, url: String) {
    let decided = let_in(&valet, &waiting, url).await;
    if let Err(problem) = &decided {
        tracing::info!(code = problem.code.as_str(), "a client of the door was not let in");
        let now = valet.clock.now().as_second();
        valet.door.look(|open| {
            if problem.code == Said::Denied {
                open.refuse(now);
            }
            open.dismiss(&waiting.web);
        });
    }
    waiting.stage.send_replace(Stage::Over(decided.map_err(|problem| told(&problem))));
    valet.clock.wait(STAYS_AWAY).await;
    valet.door.look(|open| open.withdraw(&waiting.web));
}

async fn let_in(valet: &Arc<Valet>, waiting: &Waiting, url: String) -> Result<(), Problem> {
    let (web, stage) = (&waiting.web, &waiting.stage);
    let caller = Caller::new(Arc::clone(valet), Arc::clone(&web.peer));
    let deadline = Instant::now() + PATIENCE;
    let ask = Ask {
        agent: &caller,
        meant: &web.meant,
        purpose: Purpose::Proxy,
        initializes: false,
        scopes: &[],
        deadline,
    };
    let permit = ask.permit().await?;
    if let Some(server) = wants_sign_in(valet, web).await? {
        let is_from_outside = valet.door.look(|open| open.config.external_url.is_some());
        // A tab that may be anybody's is given no page at which the person signs in: an account of another
        // could come back by it. The sign-in is wanted in the window instead, as any program's.
        match is_from_outside {
            Some(false) => sign_in(valet, waiting, server, url, deadline).await?,
            Some(true) | None => drop(stage.send_replace(Stage::SignInThere)),
        }
        let need = Need::at_once(deadline);
        obtain(&caller, &web.meant, &need, |_, _, _| Ok(())).await?;
        // What came of it may be wider than what was asked about.
        ask.extend(permit).await?;
    }
    valet.not_locked()?;
    Ok(())
}

/// The name of the server where nobody is signed in to it, and it wants somebody to be.
async fn wants_sign_in(valet: &Valet, web: &Web) -> Result<Option<String>, Problem> {
    let (name, url) = {
        let book = valet.book();
        let server = book.meant(&web.meant)?;
        let signs_in = !server.is_unattended() && !server.takes_keys();
        match (&server.held, server.config.place.url()) {
            (Held::Lapsed(_), Some(_)) if signs_in => return Ok(Some(server.name.clone())),
            (Held::Nothing, Some(url)) if signs_in => (server.name.clone(), url.clone()),
            _ => return Ok(None),
        }
    };
    match asks_nobody(valet, &name, &url).await? {
        true => Ok(None),
        false => Ok(Some(name)),
    }
}

/// Whether the server is there for everybody.
async fn asks_nobody(valet: &Valet, name: &str, url: &ServerUrl) -> Result<bool, Problem> {
    let overrides = {
        let book = valet.book();
        let oauth = book.servers.get(name).map(|server| server.config.oauth.overrides());
        let known_issuers = book.servers.get(name).map(Server::known_issuers).unwrap_or_default();
        Overrides { known_issuers, ..oauth.unwrap_or_default() }
    };
    let http = valet.http();
    match oauth::discover(&http, url, &overrides).await.map_err(|fault| problems::fault(&fault)) {
        Ok(_) => Ok(false),
        Err(problem) if problem.reason() == Some(Reason::NoSignInNeeded) => Ok(true),
        Err(problem) => Err(problem),
    }
}

/// Leads the browser through the server's own sign-in, and waits for what comes of it.
async fn sign_in(
    valet: &Arc<Valet>,
    waiting: &Waiting,
    server: String,
    url: String,
    deadline: Instant,
) -> Result<(), Problem> {
    let by = By::Agent(waiting.web.peer.application().clone());
    let request = AuthorizeRequest::default().into();
    let begun = signin::start(Arc::clone(valet), server.clone(), by, request).await?;
    let attempt = || valet.book().servers.get(&server).and_then(|server| server.attempt.number());
    let Some(number) = attempt() else { return Err(problems::overtaken(&server)) };
    valet.door.look(|open| open.expect_back(number, url, valet.clock.now().as_second()));
    waiting.stage.send_replace(Stage::SignIn(begun.authorization_url));
    let mut changes = valet.changes();
    while attempt() == Some(number) {
        let changed = timeout_at(deadline, changes.changed()).await;
        changed
            .map_err(|_| problems::timeout(&say!(problem_waited_sign_in)))?
            .map_err(|_| problems::overtaken(&server))?;
    }
    let failed = valet.book().meant(&waiting.web.meant)?.attempt.problem().cloned();
    failed.map_or(Ok(()), Err)
}

/// The client whose id is the address of a document, as that tells of it.
///
/// # Errors
/// The document cannot be had, or is not its own.
pub(crate) async fn client(valet: &Valet, url: &ClientUrl) -> Result<Client, OAuthError> {
    let unknown = OAuthError::NO_DOCUMENT;
    let address = ServerUrl::parse(url.as_str()).map_err(|_| unknown)?;
    let document = oauth::fetch_client_document(&valet.http(), address.url()).await.map_err(|fault| {
        tracing::info!(%fault, "the document of a client of the door could not be fetched");
        unknown
    })?;
    let profile = valet.door.look(|open| Arc::clone(&open.profile)).ok_or(unknown)?;
    client_of_document(&profile, url, &document, valet.clock.now().as_second())
}

/// What the client is told: no more than it needs, and nothing of what the server said.
fn told(problem: &Problem) -> OAuthError {
    match problem.code {
        Said::Denied | Said::Declined | Said::ProxyOnly => OAuthError::DENIED,
        Said::Failed if problem.reason() == Some(Reason::AccessDenied) => OAuthError::DENIED_BEYOND,
        Said::Timeout => OAuthError::UNANSWERED,
        Said::Locked | Said::ConsentRequired => OAuthError::NOBODY_TO_ASK,
        Said::AuthorizationRequired
        | Said::Lapsed
        | Said::RegistrationLost
        | Said::Failed
        | Said::ProviderError
        | Said::Busy
        | Said::UnknownServer
        | Said::AmbiguousServer
        | Said::InvalidRequest
        | Said::NotFound
        | Said::Internal => OAuthError::FAILED_BEYOND,
    }
}
