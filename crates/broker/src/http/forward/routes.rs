//! What can be asked by a forward. There is no token, and nothing about any other server.

use crate::authority::agent::Agent;
use crate::http::agent::routes::from_here_only;
use crate::http::arrival::drain;
use crate::http::body::Ignored;
use crate::http::problem::Refusal;
use crate::http::proxy::proxy;
use crate::valet::forwards::Forward;
use axum::extract::{Extension, Path, Request};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use std::sync::Arc;
use wire::{Code, Health, Problem, Server};

type Led = Extension<Arc<Forward>>;

pub(super) fn router() -> Router {
    Router::new()
        .route("/v1/servers", get(servers))
        .route("/v1/servers/{server}", get(server))
        .route("/v1/health", get(health))
        .route("/mcp/{server}", any(led))
        .fallback(nothing)
        .method_not_allowed_fallback(nothing)
        .layer(from_fn(from_here_only))
}

async fn servers(agent: Agent, Extension(forward): Led, _: Ignored) -> Json<Vec<Server>> {
    let all = agent.servers();
    let book = agent.valet.book();
    Json(all.into_iter().filter(|server| forward.leads_to(&book, &server.name)).collect())
}

async fn server(
    agent: Agent,
    Extension(forward): Led,
    Path(server): Path<String>,
    _: Ignored,
) -> Result<Json<Server>, Refusal> {
    here(&agent, &forward, &server)?;
    Ok(Json(agent.server(&server)?))
}

/// What is wrong here is told at the desk: it names servers and paths that are nobody's business there.
async fn health(agent: Agent, _: Ignored) -> Json<Health> {
    Json(Health { notices: Vec::new(), ..agent.health() })
}

async fn led(
    agent: Agent,
    Extension(forward): Led,
    Path(server): Path<String>,
    request: Request,
) -> Response {
    if let Err(problem) = here(&agent, &forward, &server) {
        drain(request.into_body()).await;
        return Refusal(problem).into_response();
    }
    proxy(agent, Path(server), request).await
}

/// One that is here and cannot be used from there is told from one that is not by nothing.
fn here(agent: &Agent, forward: &Forward, server: &str) -> Result<(), Problem> {
    let leads = forward.leads_to(&agent.valet.book(), server);
    leads.then_some(()).ok_or_else(|| problems::unknown_server(server))
}

async fn nothing(_: Ignored) -> Refusal {
    Refusal(Problem::new(
        Code::NotFound,
        "there is no such call by a forward",
        "A forward has /mcp/NAME of its servers, /v1/servers and /v1/health; all else is done at the desk.",
    ))
}
