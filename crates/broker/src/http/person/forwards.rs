//! The person's routes about sockets in other places that lead here, and about clients of the door.

use crate::authority::person::Person;
use crate::http::body::Body;
use crate::http::problem::Refusal;
use axum::extract::{Extension, Path};
use axum::routing::{delete, post};
use axum::{Json, Router};
use wire::{Forward, NewForward, WebClient};

pub(super) fn router() -> Router {
    Router::new()
        .route("/v1/forwards", post(open))
        .route("/v1/forwards/{forward}", delete(close))
        .route("/v1/door/{client}", delete(take_back))
}

async fn open(
    Extension(person): Extension<Person>,
    Body(asked): Body<NewForward>,
) -> Result<Json<Forward>, Refusal> {
    Ok(Json(person.forward(asked).await?))
}

async fn close(
    Extension(person): Extension<Person>,
    Path(which): Path<String>,
) -> Result<Json<Forward>, Refusal> {
    Ok(Json(person.close_forward(&which)?))
}

async fn take_back(
    Extension(person): Extension<Person>,
    Path(which): Path<String>,
) -> Result<Json<WebClient>, Refusal> {
    Ok(Json(person.take_back(&which)?))
}
