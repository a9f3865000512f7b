//! What other programs list, for the window's page.

use crate::authority::person::Person;
use crate::http::problem::Refusal;
use axum::Json;
use axum::extract::Extension;
use import::Listing;

pub(super) async fn listing(Extension(person): Extension<Person>) -> Result<Json<Listing>, Refusal> {
    Ok(Json(person.elsewhere().await?))
}
