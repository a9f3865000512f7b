//! The person's routes about other programs' files.

use crate::authority::person::{ClientStanding, FilesPlanned, Person, SecretsLying};
use crate::http::body::Body;
use crate::http::problem::Refusal;
use axum::extract::Extension;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use wire::{Adopt, SetUp, SetUpFile};

pub(super) fn router() -> Router {
    Router::new()
        .route("/v1/clients", get(all))
        .route("/v1/clients/plan", post(plan))
        .route("/v1/clients/change", post(change))
        .route("/v1/clients/secrets", get(secrets))
        .route("/v1/clients/move/plan", post(plan_moves))
        .route("/v1/clients/move", post(move_in))
}

/// What is to be made of other programs' files.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct FilesMeant {
    /// The programs, by their words; all that are here if none is named.
    clients: Vec<String>,
    /// Whether what was written is taken back.
    undo: bool,
    /// Whether what cannot be taken back any more is no longer kept for that.
    forget: bool,
    /// The servers that it is about; all if null.
    servers: Option<Vec<String>>,
}

/// The same, once it was shown.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct FilesAgreed {
    clients: Vec<String>,
    undo: bool,
    forget: bool,
    servers: Option<Vec<String>>,
    /// The mark of what was shown.
    mark: String,
}

/// What is to be moved here of what other programs list.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct MovesMeant {
    /// The programs, by their words; all if none is named.
    clients: Vec<String>,
    /// Servers that stay where they are, by the names that they would have here.
    except: Vec<String>,
    /// Whether secrets may go on being arguments.
    arguments: bool,
}

/// The same, once it was shown.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct MovesAgreed {
    clients: Vec<String>,
    except: Vec<String>,
    arguments: bool,
    /// The mark of what was shown.
    mark: String,
}

async fn secrets(Extension(person): Extension<Person>) -> Result<Json<SecretsLying>, Refusal> {
    Ok(Json(person.secrets_lying().await?))
}

async fn plan_moves(
    Extension(person): Extension<Person>,
    Body(meant): Body<MovesMeant>,
) -> Result<Json<FilesPlanned>, Refusal> {
    let MovesMeant { clients, except, arguments } = meant;
    let asked = Adopt { clients, except, arguments, ..Adopt::default() };
    Ok(Json(person.plan_moves(asked).await?))
}

async fn move_in(
    Extension(person): Extension<Person>,
    Body(agreed): Body<MovesAgreed>,
) -> Result<Json<Vec<SetUpFile>>, Refusal> {
    let MovesAgreed { clients, except, arguments, mark } = agreed;
    let asked = Adopt { clients, except, arguments, ..Adopt::default() };
    Ok(Json(person.move_in(asked, mark).await?))
}

async fn all(Extension(person): Extension<Person>) -> Result<Json<Vec<ClientStanding>>, Refusal> {
    Ok(Json(person.clients().await?))
}

async fn plan(
    Extension(person): Extension<Person>,
    Body(meant): Body<FilesMeant>,
) -> Result<Json<FilesPlanned>, Refusal> {
    let asked = SetUp { clients: meant.clients, undo: meant.undo, forget: meant.forget, ..SetUp::default() };
    Ok(Json(person.plan_files(asked, meant.servers).await?))
}

async fn change(
    Extension(person): Extension<Person>,
    Body(agreed): Body<FilesAgreed>,
) -> Result<Json<Vec<SetUpFile>>, Refusal> {
    let asked =
        SetUp { clients: agreed.clients, undo: agreed.undo, forget: agreed.forget, ..SetUp::default() };
    Ok(Json(person.change_files(asked, agreed.servers, agreed.mark).await?))
}
