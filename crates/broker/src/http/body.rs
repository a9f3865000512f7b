//! JSON bodies, with our own words where one is wrong.

use super::arrival::{Missing, drain, whole};
use super::problem::Refusal;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use std::convert::Infallible;

/// Most bytes of a body.
const LARGEST: usize = 64 << 10;

/// A JSON body, with our own words where it is none. An absent body stands for an empty object.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let refuse = |detail: String| {
            Refusal(problems::invalid_request(detail, "The form of this call is in docs/socket.md."))
        };
        let bytes = whole(request.into_body(), LARGEST).await.map_err(|missing| match missing {
            Missing::Slow => refuse("the request did not arrive in time".to_owned()),
            Missing::Large => refuse("the request is larger than 64 KiB or broke off".to_owned()),
        })?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let read = serde_json::from_slice(text);
        // serde's own words could quote what was sent, and that may hold a code or a secret; category and
        // place do not.
        read.map(Self).map_err(|error| refuse(said_plainly(&error)))
    }
}

/// A body that says nothing to this call, and is read all the same.
pub(super) struct Ignored;

impl<S: Send + Sync> FromRequest<S> for Ignored {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        drain(request.into_body()).await;
        Ok(Self)
    }
}

fn said_plainly(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let field = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("missing field `"));
    match (error.classify(), field.and_then(|rest| rest.split('`').next())) {
        (serde_json::error::Category::Data, Some(field)) if message.starts_with("unknown") => {
            format!("there is no field `{field}`")
        }
        (serde_json::error::Category::Data, Some(field)) => format!("the field `{field}` is missing"),
        (serde_json::error::Category::Data, None) => {
            format!("a field has the wrong type (column {})", error.column())
        }
        _ => format!("this is not JSON (line {}, column {})", error.line(), error.column()),
    }
}
