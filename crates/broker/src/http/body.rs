//! JSON bodies, with our own words where one is wrong.

use super::problem::Refusal;
use crate::outcome;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// A JSON body, with our own words where it is none. An absent body stands for an empty object.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = tokio::time::timeout(PATIENCE, bytes::Bytes::from_request(request, state)).await;
        let refuse = |detail: String| {
            Refusal(outcome::invalid_request(detail, "The form of this call is in docs/socket.md."))
        };
        let bytes = bytes.map_err(|_| refuse("the request did not arrive in time".to_owned()))?;
        let bytes = bytes.map_err(|_| refuse("the request is larger than 64 KiB or broke off".to_owned()))?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let read = serde_json::from_slice(text);
        // serde's own words could quote what was sent, and that may hold a code or a secret; category and place do not.
        read.map(Self).map_err(|error| refuse(said_plainly(&error)))
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
