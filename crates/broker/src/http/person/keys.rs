//! The person's routes about keys.

use crate::authority::person::Person;
use crate::http::body::Body;
use crate::http::problem::Refusal;
use axum::Router;
use axum::extract::{Extension, Path};
use axum::routing::{post, put};
use http::StatusCode;
use serde::Deserialize;
use wire::KeyText;

pub(super) fn router() -> Router {
    Router::new()
        .route("/v1/servers/{server}/keys/{key}", put(set).delete(wipe))
        .route("/v1/servers/{server}/sign-in-instead", post(sign_in_instead))
}

/// A key that the person typed.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct TypedKey {
    secret: KeyText,
}

async fn set(
    Extension(person): Extension<Person>,
    Path((server, key)): Path<(String, String)>,
    Body(typed): Body<TypedKey>,
) -> Result<StatusCode, Refusal> {
    person.set_key(&server, &key, typed.secret).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn wipe(
    Extension(person): Extension<Person>,
    Path((server, key)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    person.wipe_key(&server, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn sign_in_instead(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
) -> Result<StatusCode, Refusal> {
    person.sign_in_instead(&server).await?;
    Ok(StatusCode::NO_CONTENT)
}
