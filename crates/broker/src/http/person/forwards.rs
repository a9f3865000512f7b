//! The person's routes about sockets in other places that lead here.

use crate::authority::person::Person;
use crate::http::body::Body;
use crate::http::problem::Refusal;
use axum::extract::{Extension, Path};
use axum::routing::{delete, post};
use axum::{Json, Router};
use wire::{Forward, NewForward};

pub(super) fn router() -> Router {
    Router::new().route("/v1/forwards", post(open)).route("/v1/forwards/{forward}", delete(close))
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
