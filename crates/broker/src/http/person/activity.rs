//! What was done, as the window's page of it asks.

use crate::authority::person::Person;
use crate::http::problem::Refusal;
use audit::{Activity, Search};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query};
use axum::routing::get;
use axum::{Json, Router};
use wire::Verified;
use words::say;

pub(super) fn router() -> Router {
    Router::new().route("/v1/activity", get(activity)).route("/v1/activity/check", get(check))
}

async fn activity(
    Extension(person): Extension<Person>,
    ask: Result<Query<Search>, QueryRejection>,
) -> Result<Json<Activity>, Refusal> {
    let wrong =
        |_| Refusal(problems::invalid_request(say!(problem_no_filter), say!(problem_no_filter_advice)));
    let Query(ask) = ask.map_err(wrong)?;
    Ok(Json(person.activity(ask).await?))
}

async fn check(Extension(person): Extension<Person>) -> Result<Json<Verified>, Refusal> {
    Ok(Json(person.verify_audit().await?))
}
