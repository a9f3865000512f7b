//! The person's routes about programs of this machine.

use crate::authority::person::Person;
use crate::http::body::Body;
use crate::http::problem::Refusal;
use axum::extract::{Extension, Path};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::{Deserialize, Serialize};

pub(super) fn router() -> Router {
    Router::new()
        .route("/v1/servers/{server}/stop", post(stop))
        .route("/v1/servers/{server}/said", get(said))
        .route("/v1/servers/{server}/wake", post(wake))
}

/// The last lines that a program wrote to its standard error.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct SaidByProgram {
    lines: Vec<String>,
}

async fn stop(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
) -> Result<StatusCode, Refusal> {
    person.stop_program(&server).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn said(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
) -> Result<Json<SaidByProgram>, Refusal> {
    Ok(Json(SaidByProgram { lines: person.said_by_program(&server)? }))
}

/// What the person agrees to.
#[derive(Deserialize)]
struct Seen {
    /// The mark of what was shown.
    mark: String,
}

async fn wake(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
    Body(seen): Body<Seen>,
) -> Result<StatusCode, Refusal> {
    person.wake_program(&server, &seen.mark)?;
    Ok(StatusCode::NO_CONTENT)
}
