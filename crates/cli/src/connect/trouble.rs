//! Why a request has no result.

use super::mistake::Mistake;
use super::said;
use serde_json::Value;
use std::fmt;
use wire::{Answer, ClientError, Code, Problem};

/// The longest error that is read.
const MOST: usize = 1 << 20;

/// Why a request has no result.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// Somebody said why: the `error` member of the JSON-RPC response.
    Told(Value),
    /// The server made a mistake.
    Server(Mistake),
}

impl From<ClientError> for Trouble {
    fn from(error: ClientError) -> Self {
        if let ClientError::TooLong(most) = error {
            return Self::Server(Mistake::TooLong(most));
        }
        Self::Told(error.to_rpc())
    }
}

impl From<Mistake> for Trouble {
    fn from(mistake: Mistake) -> Self {
        Self::Server(mistake)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(error) => f.write_str(error["message"].as_str().unwrap_or("the server refused")),
            Self::Server(mistake) => f.write_str(&mistake.problem("the server").detail),
        }
    }
}

impl Trouble {
    /// An HTTP error says why as JSON-RPC, as a problem document, or not at all.
    pub(super) async fn of(answer: Answer) -> Self {
        let status = answer.status;
        let body = answer.whole(MOST).await.unwrap_or_default();
        if let Ok(problem) = serde_json::from_slice::<Problem>(&body) {
            return Self::Told(problem.to_rpc());
        }
        Self::in_message(&body).unwrap_or(Self::Server(Mistake::Status(status)))
    }

    /// The error that a JSON-RPC response holds, if it holds one.
    pub(super) fn in_message(text: &[u8]) -> Option<Self> {
        let message: Value = serde_json::from_str(&said::answer(text)?).ok()?;
        let error = message.get("error").filter(|error| error["code"].is_i64());
        error.cloned().map(Self::Told)
    }

    /// The valet's code, if it is the valet that refuses.
    pub(super) fn code(&self) -> Option<Code> {
        let Self::Told(error) = self else { return None };
        let code: Code = serde_json::from_value(error["data"]["code"].clone()).ok()?;
        (error["code"] == code.number()).then_some(code)
    }
}
