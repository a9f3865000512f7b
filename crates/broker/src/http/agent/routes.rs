//! The agents' routes. What an agent must not do has none.

use super::events::events;
use super::token;
use crate::authority::agent::Agent;
use crate::authority::{adopt, forward, itself, setup};
use crate::http::arrival::drain;
use crate::http::body::{Body, Ignored};
use crate::http::problem::Refusal;
use crate::http::proxy::proxy;
use crate::valet::shell::Shown;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, delete, get, post, put};
use axum::{Json, Router};
use http::request::Parts;
use http::{StatusCode, header};
use serde::Deserialize;
use std::sync::Arc;
use wire::doctor::{Examine, Itself, Report};
use wire::{
    Added, Adopt, AdoptDone, AuditEntry, Authorization, AuthorizeRequest, Code, Finish, Forward, Health,
    LastTime, NewForward, NewServer, Problem, Removed, Revocation, Revoke, RevokedAll, RulesOf, Server,
    SetKey, SetUp, SetUpDone, Show, Verified, WebClient,
};

type JsonResult<T> = Result<Json<T>, Refusal>;

pub(super) fn router() -> Router {
    Router::new()
        // Those that ask for one do not come so far.
        .route(token::PATH, any(wrong_method))
        .route("/v1/servers", get(servers).post(add))
        .route("/v1/servers/{server}", get(server).delete(remove))
        .route("/v1/servers/{server}/last-time", get(last_time))
        .route("/v1/servers/{server}/rules", get(rules))
        .route("/v1/servers/{server}/authorize", post(authorize).delete(give_up))
        .route("/v1/servers/{server}/callback", post(finish))
        .route("/v1/servers/{server}/decline", post(decline))
        .route("/v1/servers/{server}/revoke", post(revoke))
        .route("/v1/servers/{server}/keys/{key}", put(set_key).delete(wipe_key))
        .route("/v1/revoke", post(revoke_all))
        .route("/v1/setup", post(set_up))
        .route("/v1/forwards", get(forwards).post(open_forward))
        .route("/v1/forwards/{forward}", delete(close_forward))
        .route("/v1/door", get(web_clients))
        .route("/v1/door/{client}", delete(take_back))
        .route("/v1/adopt", post(adopt))
        .route("/v1/events", get(events).with_state(Arc::default()))
        .route("/v1/audit", get(audit))
        .route("/v1/audit/verify", get(verify_audit))
        .route("/v1/doctor", get(examine_itself).post(doctor))
        .route("/v1/lock", post(lock))
        .route("/v1/show", post(show))
        .route("/v1/health", get(health))
        .route("/mcp/{server}", any(proxy))
        .fallback(nothing)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn(from_here_only))
}

/// The socket may be reached through a forwarded port by a web page of another origin; such a request names
/// itself in `Host` or `Origin`, and is turned away.
pub(in crate::http) async fn from_here_only(request: Request, next: Next) -> Response {
    if is_from_here(&request) { next.run(request).await } else { foreign(request.into_body()).await }
}

/// Whether a request is none of another origin.
pub(super) fn is_from_here<B>(request: &http::Request<B>) -> bool {
    let headers = request.headers();
    let ours = |host: &http::HeaderValue| matches!(host.as_bytes(), b"localhost" | b"mcp-valet" | b"");
    let mut hosts = headers.get_all(header::HOST).iter();
    let here = hosts.next().is_none_or(ours) && hosts.next().is_none();
    let here = here && !headers.contains_key(header::ORIGIN);
    here && request.uri().authority().is_none_or(|authority| authority.as_str() == "localhost")
}

/// What another origin is told.
pub(super) async fn foreign<B>(body: B) -> Response
where
    B: hyper::body::Body<Data = bytes::Bytes> + Unpin,
{
    drain(body).await;
    let problem = problems::invalid_request(
        "this request has a foreign Host or an Origin",
        "Send `Host: localhost` and no Origin.",
    );
    Refusal(problem).into_response()
}

impl<S: Sync> FromRequestParts<S> for Agent {
    type Rejection = Refusal;

    /// Whoever is not who they were when they connected is nobody from here on.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let agent = parts.extensions.get::<Self>().cloned();
        let agent = agent
            .ok_or_else(|| Refusal(problems::internal("nobody is known to be asking", "Connect again.")))?;
        agent.peer.is_unchanged();
        Ok(agent)
    }
}

/// Work that changes something goes on where it outlives this connection, and off the thread that serves
/// tokens.
async fn on_broker<T: Send + 'static>(
    agent: &Agent,
    work: impl Future<Output = Result<T, Problem>> + Send + 'static,
) -> JsonResult<T> {
    let done = agent.valet.runtime.spawn(work).await;
    let done = done.unwrap_or_else(|_| Err(problems::internal("this broke off", "Try again.")));
    done.map(Json).map_err(Refusal)
}

async fn servers(agent: Agent, _: Ignored) -> Json<Vec<Server>> {
    Json(agent.servers())
}

#[derive(Deserialize)]
struct Patience {
    #[serde(default)]
    wait: u32,
}

async fn server(
    agent: Agent,
    Path(server): Path<String>,
    patience: Result<Query<Patience>, QueryRejection>,
    _: Ignored,
) -> JsonResult<Server> {
    let wrong = |_| problems::invalid_request("`wait` is not a number of seconds", "Ask for 0 to 600.");
    let Query(patience) = patience.map_err(wrong)?;
    Ok(Json(agent.settled(&server, patience.wait).await?))
}

async fn last_time(agent: Agent, Path(server): Path<String>, _: Ignored) -> JsonResult<LastTime> {
    let (asking, broke_off) = (agent.clone(), |_| problems::internal("this broke off", "Try again."));
    // It is in a file.
    let read = async move {
        let meant = agent.meant(&server).await?;
        tokio::task::spawn_blocking(move || agent.last_time(&meant)).await.map_err(broke_off)?
    };
    on_broker(&asking, read).await
}

async fn add(agent: Agent, Body(new): Body<NewServer>) -> JsonResult<Added> {
    on_broker(&agent.clone(), async move { agent.add(new).await }).await
}

async fn remove(agent: Agent, Path(server): Path<String>, _: Ignored) -> JsonResult<Removed> {
    on_broker(&agent.clone(), async move { agent.remove(&server).await }).await
}

async fn rules(agent: Agent, Path(server): Path<String>, _: Ignored) -> JsonResult<RulesOf> {
    on_broker(&agent.clone(), async move { agent.rules(&server).await }).await
}

async fn authorize(
    agent: Agent,
    Path(server): Path<String>,
    Body(request): Body<AuthorizeRequest>,
) -> JsonResult<Authorization> {
    on_broker(&agent.clone(), async move { agent.authorize(&server, request).await }).await
}

async fn give_up(agent: Agent, Path(server): Path<String>, _: Ignored) -> JsonResult<Server> {
    on_broker(&agent.clone(), async move { agent.give_up(&server).await }).await
}

async fn finish(agent: Agent, Path(server): Path<String>, Body(finish): Body<Finish>) -> JsonResult<Server> {
    on_broker(&agent.clone(), async move { agent.finish(&server, &finish).await }).await
}

async fn decline(agent: Agent, Path(server): Path<String>, _: Ignored) -> JsonResult<Server> {
    on_broker(&agent.clone(), async move { agent.decline(&server).await }).await
}

async fn revoke(
    agent: Agent,
    Path(server): Path<String>,
    Body(asked): Body<Revoke>,
) -> JsonResult<Revocation> {
    on_broker(&agent.clone(), async move { agent.revoke(&server, asked).await }).await
}

async fn set_key(
    agent: Agent,
    Path((server, key)): Path<(String, String)>,
    Body(set): Body<SetKey>,
) -> JsonResult<Server> {
    on_broker(&agent.clone(), async move { agent.set_key(&server, &key, &set).await }).await
}

async fn wipe_key(
    agent: Agent,
    Path((server, key)): Path<(String, String)>,
    _: Ignored,
) -> JsonResult<Server> {
    on_broker(&agent.clone(), async move { agent.wipe_key(&server, &key).await }).await
}

async fn set_up(agent: Agent, Body(asked): Body<SetUp>) -> JsonResult<SetUpDone> {
    on_broker(&agent.clone(), async move { setup::propose(&agent, asked).await }).await
}

async fn forwards(agent: Agent, _: Ignored) -> Json<Vec<Forward>> {
    Json(agent.forwards())
}

async fn open_forward(agent: Agent, Body(asked): Body<NewForward>) -> JsonResult<Forward> {
    on_broker(&agent.clone(), async move { forward::propose(&agent, asked).await }).await
}

async fn close_forward(agent: Agent, Path(which): Path<String>, _: Ignored) -> JsonResult<Forward> {
    on_broker(&agent.clone(), async move { agent.close_forward(&which) }).await
}

async fn web_clients(agent: Agent, _: Ignored) -> Json<Vec<WebClient>> {
    Json(agent.web_clients())
}

async fn take_back(agent: Agent, Path(which): Path<String>, _: Ignored) -> JsonResult<WebClient> {
    on_broker(&agent.clone(), async move { agent.take_back(&which) }).await
}

async fn adopt(agent: Agent, Body(asked): Body<Adopt>) -> JsonResult<AdoptDone> {
    on_broker(&agent.clone(), async move { adopt::propose(&agent, asked).await }).await
}

async fn revoke_all(agent: Agent, _: Ignored) -> JsonResult<RevokedAll> {
    on_broker(&agent.clone(), async move { Ok(agent.revoke_all().await) }).await
}

async fn audit(agent: Agent, _: Ignored) -> JsonResult<Vec<AuditEntry>> {
    on_broker(&agent.clone(), async move { agent.audit().await }).await
}

async fn verify_audit(agent: Agent, _: Ignored) -> JsonResult<Verified> {
    on_broker(&agent.clone(), async move { agent.verify_audit().await }).await
}

async fn doctor(agent: Agent, Body(examine): Body<Examine>) -> JsonResult<Report> {
    on_broker(&agent.clone(), async move { agent.examine(&examine.server).await }).await
}

async fn examine_itself(agent: Agent, _: Ignored) -> Json<Itself> {
    Json(itself::examine(&agent.valet).await)
}

async fn lock(agent: Agent, _: Ignored) -> StatusCode {
    agent.lock();
    StatusCode::NO_CONTENT
}

async fn show(agent: Agent, Body(show): Body<Show>) -> Result<StatusCode, Refusal> {
    let (detail, advice) = match agent.show_window(&show) {
        Shown::Here => return Ok(StatusCode::NO_CONTENT),
        Shown::Elsewhere => {
            ("its window is on another screen of yours", "Use it there, or quit it there and start it here.")
        }
        Shown::NoWindow if show.errand.is_some() => {
            ("this valet has no window", "Type the same, without `mcp-valet`, in the terminal of mcp-valetd.")
        }
        Shown::NoWindow => {
            ("this valet has no window", "Use `mcp-valet list`, or end it and start the desktop app.")
        }
    };
    Err(Refusal(problems::invalid_request(detail, advice)))
}

async fn health(agent: Agent, _: Ignored) -> Json<Health> {
    Json(agent.health())
}

async fn nothing(_: Ignored) -> Refusal {
    Refusal(Problem::new(
        Code::NotFound,
        "there is no such call",
        "The calls of the socket are in docs/socket.md.",
    ))
}

async fn wrong_method(_: Ignored) -> Refusal {
    Refusal(problems::invalid_request(
        "this call does not take that method",
        "The calls of the socket are in docs/socket.md.",
    ))
}
