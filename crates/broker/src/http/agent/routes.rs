//! The agents' routes. What an agent must not do has none.

use super::events::events;
use crate::authority::agent::Agent;
use crate::http::arrival::drain;
use crate::http::body::{Body, Ignored};
use crate::http::problem::Refusal;
use crate::http::proxy::proxy;
use crate::valet::shell::Shown;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use http::request::Parts;
use http::{StatusCode, header};
use serde::Deserialize;
use wire::doctor::{Examine, Report};
use wire::{
    Added, AuditEntry, Authorization, AuthorizeRequest, Code, Finish, Health, NewServer, Problem, Removed,
    Revocation, Revoke, RevokedAll, Server, Show, Token, TokenRequest, Verified,
};

type Answer<T> = Result<Json<T>, Refusal>;

pub(super) fn router() -> Router {
    Router::new()
        .route("/v1/token", post(token))
        .route("/v1/servers", get(servers).post(add))
        .route("/v1/servers/{server}", get(server).delete(remove))
        .route("/v1/servers/{server}/authorize", post(authorize))
        .route("/v1/servers/{server}/callback", post(finish))
        .route("/v1/servers/{server}/decline", post(decline))
        .route("/v1/servers/{server}/revoke", post(revoke))
        .route("/v1/revoke", post(revoke_all))
        .route("/v1/events", get(events))
        .route("/v1/audit", get(audit))
        .route("/v1/audit/verify", get(verify_audit))
        .route("/v1/doctor", post(doctor))
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
async fn from_here_only(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let hosts: Vec<_> = headers.get_all(header::HOST).iter().collect();
    let ours = |host: &http::HeaderValue| matches!(host.as_bytes(), b"localhost" | b"mcp-valet" | b"");
    let here =
        hosts.len() <= 1 && hosts.iter().all(|host| ours(host)) && !headers.contains_key(header::ORIGIN);
    let here = here && request.uri().authority().is_none_or(|authority| authority.as_str() == "localhost");
    if here {
        return next.run(request).await;
    }
    drain(request.into_body()).await;
    let problem = problems::invalid_request(
        "this request has a foreign Host or an Origin",
        "Send `Host: localhost` and no Origin.",
    );
    Refusal(problem).into_response()
}

impl<S: Sync> FromRequestParts<S> for Agent {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let agent = parts.extensions.get::<Self>().cloned();
        agent.ok_or_else(|| Refusal(problems::internal("nobody is known to be asking", "Connect again.")))
    }
}

/// Work that changes something goes on where it outlives this connection, and off the thread that serves
/// tokens.
async fn on_broker<T: Send + 'static>(
    agent: &Agent,
    work: impl Future<Output = Result<T, Problem>> + Send + 'static,
) -> Answer<T> {
    let done = agent.valet.runtime.spawn(work).await;
    let done = done.unwrap_or_else(|_| Err(problems::internal("this broke off", "Try again.")));
    done.map(Json).map_err(Refusal)
}

async fn token(agent: Agent, Body(request): Body<TokenRequest>) -> Result<Response, Refusal> {
    let token: Token = agent.token(&request).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(token)).into_response())
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
) -> Answer<Server> {
    let wrong = |_| problems::invalid_request("`wait` is not a number of seconds", "Ask for 0 to 600.");
    let Query(patience) = patience.map_err(wrong)?;
    Ok(Json(agent.settled(&server, patience.wait).await?))
}

async fn add(agent: Agent, Body(new): Body<NewServer>) -> Answer<Added> {
    on_broker(&agent.clone(), async move { agent.add(new).await }).await
}

async fn remove(agent: Agent, Path(server): Path<String>, _: Ignored) -> Answer<Removed> {
    on_broker(&agent.clone(), async move { agent.remove(&server).await }).await
}

async fn authorize(
    agent: Agent,
    Path(server): Path<String>,
    Body(request): Body<AuthorizeRequest>,
) -> Answer<Authorization> {
    on_broker(&agent.clone(), async move { agent.authorize(&server, request).await }).await
}

async fn finish(agent: Agent, Path(server): Path<String>, Body(finish): Body<Finish>) -> Answer<Server> {
    on_broker(&agent.clone(), async move { agent.finish(&server, &finish).await }).await
}

async fn decline(agent: Agent, Path(server): Path<String>, _: Ignored) -> Answer<Server> {
    on_broker(&agent.clone(), async move { agent.decline(&server) }).await
}

async fn revoke(agent: Agent, Path(server): Path<String>, Body(asked): Body<Revoke>) -> Answer<Revocation> {
    on_broker(&agent.clone(), async move { agent.revoke(&server, asked).await }).await
}

async fn revoke_all(agent: Agent, _: Ignored) -> Answer<RevokedAll> {
    on_broker(&agent.clone(), async move { Ok(agent.revoke_all().await) }).await
}

async fn audit(agent: Agent, _: Ignored) -> Answer<Vec<AuditEntry>> {
    on_broker(&agent.clone(), async move { agent.audit().await }).await
}

async fn verify_audit(agent: Agent, _: Ignored) -> Answer<Verified> {
    on_broker(&agent.clone(), async move { agent.verify_audit().await }).await
}

async fn doctor(agent: Agent, Body(examine): Body<Examine>) -> Answer<Report> {
    on_broker(&agent.clone(), async move { agent.examine(&examine.server).await }).await
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
