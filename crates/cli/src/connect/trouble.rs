//! Why a request has no result.

use super::mistake::Mistake;
use super::said;
use http::StatusCode;
use serde_json::Value;
use std::fmt;
use wire::{ClientError, Code, Problem, ProxyResponse};
use words::say;

/// What stays as it is until somebody changes the configuration or the system.
const LASTING: [&str; 9] = [
    "unknown_server",
    "ambiguous_server",
    "invalid_request",
    "not_found",
    "sandboxed",
    "user_namespace",
    "unsafe_socket",
    "other_version",
    "protocol",
];

/// What is said where no valet could say anything.
const NO_VALET: [&str; 8] =
    ["not_running", "desk_away", "quit", "crashes", "not_started", "ended", "hung_up", "silent"];

/// The same where nothing was sent: it may be there later.
const CLOSED: [&str; 5] = ["not_running", "desk_away", "quit", "crashes", "not_started"];

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
            Self::Told(error) => match error["message"].as_str() {
                Some(message) => f.write_str(message),
                None => f.write_str(&say!(cli_connect_refused)),
            },
            Self::Server(mistake) => f.write_str(&mistake.problem(&say!(cli_connect_the_server)).detail),
        }
    }
}

impl Trouble {
    /// An HTTP error says why as JSON-RPC, as a problem document, or not at all.
    pub(super) async fn of(answer: ProxyResponse) -> Self {
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

    /// What the socket's client or the valet calls it.
    fn word(&self) -> Option<&str> {
        let Self::Told(error) = self else { return None };
        error["data"]["code"].as_str().filter(|_| error["code"].as_i64().is_some_and(|code| code >= 1000))
    }

    /// Whether it may be over later, so that waiting makes sense.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Server(Mistake::Status(status)) => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::Server(mistake) => matches!(mistake, Mistake::Nothing | Mistake::BrokeOff | Mistake::Page),
            Self::Told(_) => self.word().is_some_and(|word| !LASTING.contains(&word)),
        }
    }

    /// Whether there is no valet that could say anything.
    pub(super) fn is_of_no_valet(&self) -> bool {
        self.word().is_some_and(|word| NO_VALET.contains(&word))
    }

    /// Whether something is closed that may open by itself: the valet is locked, or does not run.
    pub(super) fn is_closed(&self) -> bool {
        self.code() == Some(Code::Locked) || self.word().is_some_and(|word| CLOSED.contains(&word))
    }

    /// Whether somebody has to sign in.
    pub(super) fn wants_sign_in(&self) -> bool {
        matches!(self.code(), Some(Code::AuthorizationRequired | Code::Lapsed | Code::RegistrationLost))
    }

    /// Whether the person, who may do it or not, has the turn.
    pub(super) fn waits_for_person(&self) -> bool {
        let passes =
            |code: &Code| matches!(code, Code::Failed | Code::ProviderError | Code::Busy | Code::Internal);
        self.code().is_some_and(|code| !passes(&code))
    }

    /// Whether the server says that asking again is in vain.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Server(Mistake::Status(status)) if status.is_client_error())
    }

    /// Whether the server itself does not know what it was asked.
    pub(super) fn is_of_server(&self) -> bool {
        match self {
            Self::Told(_) => self.word().is_none(),
            Self::Server(_) => self.is_final(),
        }
    }

    /// The valet's code, if it is the valet that refuses.
    pub(super) fn code(&self) -> Option<Code> {
        let Self::Told(error) = self else { return None };
        let code: Code = serde_json::from_value(error["data"]["code"].clone()).ok()?;
        (error["code"] == code.number()).then_some(code)
    }
}
