//! JSON bodies, with our own words where one is wrong.

use super::arrival::{Missing, drain, whole};
use super::problem::Refusal;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use words::say;

/// Most bytes of a body.
const LARGEST: usize = 64 << 10;

/// A JSON body, with our own words where it is none. An absent body stands for an empty object.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        read(request.into_body()).await.map(Self)
    }
}

/// Reads a JSON body.
pub(super) async fn read<T: DeserializeOwned>(
    body: impl hyper::body::Body<Data = Bytes> + Unpin,
) -> Result<T, Refusal> {
    let refuse = |detail: String| Refusal(problems::invalid_request(detail, say!(problem_body_advice)));
    let bytes = whole(body, LARGEST).await.map_err(|missing| match missing {
        Missing::Slow => refuse(say!(problem_body_slow)),
        Missing::Large => refuse(say!(problem_body_large)),
    })?;
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
    // serde's own words could quote what was sent, and that may hold a code or a secret; category and place
    // do not.
    serde_json::from_slice(text).map_err(|error| refuse(said_plainly(&error)))
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
            say!(problem_body_unknown, field = field)
        }
        (serde_json::error::Category::Data, Some(field)) => say!(problem_body_missing, field = field),
        (serde_json::error::Category::Data, None) => {
            say!(problem_body_type, column = error.column().to_string())
        }
        _ => say!(problem_body_no_json, line = error.line().to_string(), column = error.column().to_string()),
    }
}
