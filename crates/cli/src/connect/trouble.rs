//! Why a request has no result.

use super::said;
use http::StatusCode;
use serde_json::{Value, json};
use std::fmt;
use wire::{Answer, ClientError, Problem};

/// The longest error that is read.
const MOST: usize = 1 << 20;

/// Why a request has no result, as the `error` member of its JSON-RPC response.
#[derive(Debug)]
pub(super) struct Trouble(pub(super) Value);

impl From<ClientError> for Trouble {
    fn from(error: ClientError) -> Self {
        Self(error.to_rpc())
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0["message"].as_str().unwrap_or("the server refused"))
    }
}

impl Trouble {
    /// An HTTP error says why as JSON-RPC, as a problem document, or not at all.
    pub(super) async fn of(answer: Answer) -> Self {
        let status = answer.status;
        let body = answer.whole(MOST).await.unwrap_or_default();
        if let Ok(problem) = serde_json::from_slice::<Problem>(&body) {
            return Self(problem.to_rpc());
        }
        Self::in_message(&body).unwrap_or_else(|| Self::status(status))
    }

    /// The error that a JSON-RPC response holds, if it holds one.
    pub(super) fn in_message(text: &[u8]) -> Option<Self> {
        let message: Value = serde_json::from_str(&said::answer(text)?).ok()?;
        let error = message.get("error").filter(|error| error["code"].is_i64());
        error.cloned().map(Self)
    }

    fn status(status: StatusCode) -> Self {
        Self(
            json!({ "code": wire::Code::Failed.number(), "message": format!("the server answered {status}") }),
        )
    }
}
