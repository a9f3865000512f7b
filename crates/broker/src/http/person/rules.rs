//! The person's routes about rules, and about what tools do.

use crate::authority::person::{Person, RulesSaid, ToolSeen, ToolsSaid};
use crate::http::body::Body;
use crate::http::person::answered::Taken;
use crate::http::problem::Refusal;
use axum::extract::{Extension, Path};
use axum::routing::{get, put};
use axum::{Json, Router};
use http::StatusCode;

pub(super) fn router() -> Router {
    Router::new()
        .route("/v1/servers/{server}/tools", get(tools).put(say_of_tools))
        .route("/v1/servers/{server}/rules", put(set_rules))
}

async fn tools(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
) -> Result<Json<Vec<ToolSeen>>, Refusal> {
    Ok(Json(person.tools(&server).await?))
}

async fn say_of_tools(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
    Body(said): Body<ToolsSaid>,
) -> Result<Json<Taken>, Refusal> {
    Ok(Json(Taken { taken: person.say_of_tools(&server, &said).await? }))
}

async fn set_rules(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
    Body(said): Body<RulesSaid>,
) -> Result<StatusCode, Refusal> {
    person.set_rules(&server, &said)?;
    Ok(StatusCode::NO_CONTENT)
}
