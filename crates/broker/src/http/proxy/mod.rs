//! The proxy: `/mcp/{server}` on the agents' socket is that server, with the credential put in.
//!
//! The agent sees neither a token nor anything of OAuth. A request is forwarded to exactly the configured
//! URL, both ways as a stream, on the broker's runtime: so is all of a connection that begins with such a
//! request, and then nothing passes from thread to thread.

mod call;
mod client;
mod endpoint;
mod judged;
mod leave;
mod lists;
mod message;
mod overheard;
mod program;
mod refusal;
mod refused;
mod route;
mod source;
mod stream;
mod told_no;

use crate::authority::agent::Agent;
use crate::hand_out::refusal::note_refusal;
use crate::hand_out::{self, Account, For};
use crate::http::arrival::drain;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Response};
use call::{At, Call, Upstream, session_id};
use config::Place;
use futures_util::FutureExt;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use message::Content;
use state::accounts::{Choices, Found};
use state::book::Book;
use state::kept::Carried;
use state::meant::Meant;
use state::server::Server;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::Instant;
use wire::Problem;
use words::say;

/// Forwards a request. It is dropped when the agent goes away; what it began that others need, such as a
/// refresh, goes on. Who the agent is by now is looked at once, where its leave is found.
pub(crate) async fn proxy(
    Extension(agent): Extension<Agent>,
    Path(server): Path<String>,
    request: Request,
) -> Response {
    forward(agent, To::Named(server), request).await
}

/// The same to exactly this server: what has its name once the request has come whole may be another.
pub(crate) async fn proxy_to(agent: Agent, meant: Meant, request: Request) -> Response {
    forward(agent, To::Meant(meant), request).await
}

/// The server that a request is to.
enum To {
    /// Whatever has this name or address.
    Named(String),
    /// This one alone.
    Meant(Meant),
}

impl To {
    fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Meant(meant) => &meant.name,
        }
    }

    fn look_for<'a>(&self, book: &'a Book) -> Result<Found<'a>, Problem> {
        match self {
            Self::Named(name) => book.look_for(name),
            Self::Meant(meant) => book.meant(meant).map(Found::One),
        }
    }
}

async fn forward(agent: Agent, server: To, request: Request) -> Response {
    if !matches!(*request.method(), Method::POST | Method::GET | Method::DELETE) {
        drain(request.into_body()).await;
        let allowed = [(header::ALLOW, HeaderValue::from_static("GET, POST, DELETE"))];
        return (StatusCode::METHOD_NOT_ALLOWED, allowed).into_response();
    }
    let broke_off =
        || refusal::document(&problems::internal(say!(problem_this_broke_off), say!(problem_again_advice)));
    let runtime = agent.valet.runtime.clone();
    // It is large, and would be moved from hand to hand otherwise.
    let answer = Box::pin(answer(agent, server, request));
    if Handle::current().id() == runtime.id() {
        return AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| broke_off());
    }
    let mut work = JoinSet::new();
    work.spawn_on(answer, &runtime);
    work.join_next().await.and_then(Result::ok).unwrap_or_else(broke_off)
}

async fn answer(agent: Agent, server: To, request: Request) -> Response {
    let (head, body) = request.into_parts();
    match read(agent, &server, head, body).await {
        Ok(response) => response,
        Err(problem) => refusal::document(&problem),
    }
}

/// Problems of requests that could not be read have no ID to be answered to.
async fn read(agent: Agent, server: &To, head: Parts, body: Body) -> Result<Response, Problem> {
    let (wait, session) = match said(&head) {
        Ok(said) => said,
        Err(problem) => {
            drain(body).await;
            return Err(problem);
        }
    };
    let (mut message, content) = message::read(&head, body).await?;
    message.is_told_little = agent.peer.is_by_door();
    let agent = as_it_says(agent, &content);
    let deadline = Instant::now() + Duration::from_secs(wait.into());
    let (agent, mut place) = match place(&agent, server, &session, deadline).await {
        Ok(found) => found,
        Err(problem) => {
            note_refusal(&agent, server.name(), &problem);
            return Ok(message.refuse(&problem));
        }
    };
    let Some(kept) = session.kept(&agent, &place.meant.id) else {
        return Ok(message.refuse_session(&problems::unknown_session(&place.meant.name)));
    };
    if let Some(stream) = &kept.stream {
        place.at = At::Address(stream.endpoint.clone());
    }
    let message = Arc::new(message);
    let (asker, name, stream) = (agent.clone(), place.meant.name.clone(), kept.stream.clone());
    let kept = if message.initializes && stream.is_none() { Carried::default() } else { kept };
    let call = Call {
        agent,
        place,
        method: head.method,
        path: head.uri.path().to_owned(),
        headers: head.headers,
        message: Arc::clone(&message),
        session: session.name(),
        kept,
        deadline,
    };
    Ok(call.answer(content).await.unwrap_or_else(|held| {
        // What a rule or an answer held was written down with that.
        if held.deeds.is_none() {
            note_refusal(&asker, &name, &held.problem);
        }
        message.hold(&held, stream.as_ref())
    }))
}

/// Which session a request says that it is in.
enum Named {
    None,
    /// The server gave it this ID.
    Session(String),
    /// The valet gave it this one, for a stream of the older transport.
    Stream(String),
}

impl Named {
    fn name(self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Session(id) | Self::Stream(id) => Some(id),
        }
    }

    /// What is kept for it; nothing if this program has no such session.
    fn kept(&self, agent: &Agent, server_id: &str) -> Option<Carried> {
        let (sessions, now) = (agent.valet.sessions(), agent.valet.clock.now());
        let kept = |id| sessions.kept(&agent.peer, server_id, id, now).unwrap_or_default();
        match self {
            Self::None => Some(kept(None)),
            Self::Session(id) if sessions.is_of(&agent.peer, server_id, id, now) => {
                Some(kept(Some(id.as_str())))
            }
            Self::Stream(id) => Some(kept(Some(id.as_str()))),
            Self::Session(_) => None,
        }
        .filter(|kept| kept.stream.is_some() == matches!(self, Self::Stream(_)))
    }
}

/// What the head of a request says: how long it waits, and of which session it is.
fn said(head: &Parts) -> Result<(u32, Named), Problem> {
    let (wait, session) = (wait(head)?, session_id(&head.headers)?);
    let by_valet = head.uri.query().map(|query| query.strip_prefix(endpoint::QUERY));
    let named = match (session, by_valet) {
        (None, None) => Named::None,
        (Some(id), None) => Named::Session(id),
        (None, Some(Some(id))) if head.method == Method::POST => Named::Stream(id.to_owned()),
        (_, Some(_)) => {
            return Err(problems::invalid_request(say!(problem_no_query), say!(problem_no_query_advice)));
        }
    };
    Ok((wait, named))
}

/// The server that is meant, and who asks, with the folder that said so.
async fn place(
    agent: &Agent,
    server: &To,
    session: &Named,
    deadline: Instant,
) -> Result<(Agent, Upstream), Problem> {
    let choices = match server.look_for(&agent.valet.book())? {
        Found::One(server) => return Ok((agent.clone(), upstream(server)?)),
        Found::ByFolder(choices) => choices,
    };
    let Account { meant, folder } = match of_session(agent, &choices, session) {
        Some(meant) => Account { meant, folder: None },
        None => Box::pin(hand_out::account(agent, server.name(), For::Use(deadline))).await?,
    };
    let place = upstream(agent.valet.book().meant(&meant)?)?;
    Ok((agent.within(folder), place))
}

/// Of a place that is led here nobody is known: what a program there calls itself is shown as its word.
fn as_it_says(agent: Agent, content: &Content) -> Agent {
    let called = agent.peer.is_elsewhere().then(|| content.held().and_then(|bytes| client::name(bytes)));
    match called.flatten() {
        Some(name) => agent.calling_itself(&name),
        None => agent,
    }
}

fn upstream(server: &Server) -> Result<Upstream, Problem> {
    match server.declined() {
        Some(declined) => Err(declined),
        None => {
            let at = match &server.config.place {
                Place::Remote(url) => At::Address(url.clone()),
                Place::Local(_) => At::Program,
            };
            Ok(Upstream { meant: Meant::of(server), at })
        }
    }
}

/// The account that a session has: it stays the same for that.
fn of_session(agent: &Agent, choices: &Choices, session: &Named) -> Option<Meant> {
    let (Named::Session(id) | Named::Stream(id)) = session else { return None };
    let (sessions, now) = (agent.valet.sessions(), agent.valet.clock.now());
    let is_asked_for = |meant: &Meant| choices.named.as_ref().is_none_or(|named| named == meant);
    let has_it = |meant: &&Meant| is_asked_for(meant) && sessions.is_of(&agent.peer, &meant.id, id, now);
    choices.all.iter().map(|one| &one.meant).find(has_it).cloned()
}

fn wait(head: &Parts) -> Result<u32, Problem> {
    let Some(value) = head.headers.get(wire::WAIT_HEADER) else { return Ok(wire::PROXY_WAIT) };
    let seconds =
        value.to_str().ok().and_then(|text| text.parse().ok()).filter(|seconds| *seconds <= wire::MAX_WAIT);
    seconds.ok_or_else(|| {
        problems::invalid_request(say!(problem_wait_header), say!(problem_too_long_a_wait_advice_here))
    })
}
