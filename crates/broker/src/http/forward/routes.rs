//! What can be asked by a forward. There is no token, and nothing about any other server.

use crate::authority::agent::Agent;
use crate::hand_out::refusal::note_not_forwarded;
use crate::http::agent::routes::from_here_only;
use crate::http::arrival::drain;
use crate::http::body::Ignored;
use crate::http::problem::Refusal;
use crate::http::proxy::proxy_to;
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
    let led = all.into_iter().filter(|server| forward.meant(&book, &server.name).is_ok());
    Json(led.map(Server::from_elsewhere).collect())
}

async fn server(
    agent: Agent,
    Extension(forward): Led,
    Path(server): Path<String>,
    _: Ignored,
) -> Result<Json<Server>, Refusal> {
    let meant = forward.meant(&agent.valet.book(), &server)?;
    Ok(Json(agent.server(&meant.name)?.from_elsewhere()))
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
    let meant = forward.meant(&agent.valet.book(), &server);
    match meant {
        Ok(meant) => proxy_to(agent, meant, request).await,
        Err(problem) => {
            note_not_forwarded(&agent, &server);
            drain(request.into_body()).await;
            Refusal(problem).into_response()
        }
    }
}

async fn nothing(_: Ignored) -> Refusal {
    Refusal(Problem::new(
        Code::NotFound,
        "there is no such call by a forward",
        "A forward has /mcp/NAME of its servers, /v1/servers and /v1/health; all else is done at the desk.",
    ))
}
