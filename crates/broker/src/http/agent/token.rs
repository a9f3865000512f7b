//! The one call that programs make all the time. It is answered straight, before the router is asked for a
//! way: by the same agent as every other call, and after the same look at where it comes from.

use super::routes::{foreign, is_from_here};
use crate::authority::agent::Agent;
use crate::http::body;
use crate::http::outgoing::Whole;
use crate::http::problem::Refusal;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, Request, header};
use hyper::body::Incoming;
use wire::TokenRequest;

/// Where it is.
pub(super) const PATH: &str = "/v1/token";

/// Whether this is it.
pub(super) fn is_asked_for(request: &Request<Incoming>) -> bool {
    request.method() == Method::POST && request.uri().path() == PATH
}

/// One access token, or why there is none.
pub(super) async fn answer(agent: Agent, request: Request<Incoming>) -> Result<Whole, Response> {
    if !is_from_here(&request) {
        return Err(foreign(request.into_body()).await);
    }
    token(&agent, request.into_body()).await.map_err(IntoResponse::into_response)
}

async fn token(agent: &Agent, asked: Incoming) -> Result<Whole, Refusal> {
    let request: TokenRequest = body::read(asked).await?;
    let answer = agent.token(&request).await?;
    Ok(Whole::json(answer.into_bytes(), header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
}
