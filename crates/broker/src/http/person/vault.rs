//! The person's routes about the vault. A passphrase comes in here and nowhere else: agents have no such
//! routes.

use crate::authority::person::Person;
use crate::http::body::Body;
use crate::http::problem::Refusal;
use axum::Router;
use axum::extract::Extension;
use axum::routing::{post, put};
use http::StatusCode;
use oauth::Secret;
use serde::Deserialize;
use std::path::PathBuf;
use vault::Mend;
use wire::VaultKind;

type Done = Result<StatusCode, Refusal>;

pub(super) fn router() -> Router {
    Router::new()
        .route("/v1/vault/open", post(open))
        .route("/v1/vault/passphrase", put(change))
        .route("/v1/vault/mend", post(mend))
        .route("/v1/vault/move", post(move_to))
        .route("/v1/backup", post(back_up))
        .route("/v1/restore", post(restore))
}

/// The passphrase of the encrypted file, or the first one that it is to have.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct Passphrase {
    passphrase: String,
}

async fn open(Extension(person): Extension<Person>, Body(given): Body<Passphrase>) -> Done {
    person.open_vault(Secret::from(given.passphrase)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Another passphrase in the place of the one that the encrypted file has.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassphrase {
    old: String,
    new: String,
}

async fn change(Extension(person): Extension<Person>, Body(given): Body<NewPassphrase>) -> Done {
    person.change_passphrase(Secret::from(given.old), Secret::from(given.new)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What becomes of a damaged encrypted file.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct Mended {
    how: Mend,
}

async fn mend(Extension(person): Extension<Person>, Body(mended): Body<Mended>) -> Done {
    person.mend_vault(mended.how).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where secrets are kept from now on.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    to: VaultKind,
    /// Of the new encrypted file.
    passphrase: Option<String>,
}

async fn move_to(Extension(person): Extension<Person>, Body(wanted): Body<Move>) -> Done {
    person.move_vault(wanted.to, wanted.passphrase.map(Secret::from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A file with a copy of all that is kept.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct BackupFile {
    /// Its whole path.
    #[cfg_attr(test, ts(type = "string"))]
    file: PathBuf,
    /// What opens it.
    passphrase: String,
}

async fn back_up(Extension(person): Extension<Person>, Body(backup): Body<BackupFile>) -> Done {
    person.back_up(backup.file, Secret::from(backup.passphrase)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn restore(Extension(person): Extension<Person>, Body(backup): Body<BackupFile>) -> Done {
    person.restore(backup.file, Secret::from(backup.passphrase)).await?;
    Ok(StatusCode::NO_CONTENT)
}
