use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::Answer;

/// An OAuth error code and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// RFC 6749 §5.2
    InvalidRequest,
    /// RFC 6749 §5.2; answered with 401
    InvalidClient,
    /// RFC 6749 §5.2
    InvalidGrant,
    /// RFC 6749 §5.2
    UnauthorizedClient,
    /// RFC 6749 §5.2
    UnsupportedGrantType,
    /// RFC 6749 §5.2
    InvalidScope,
    /// RFC 6749 §4.1.2.1
    UnsupportedResponseType,
    /// RFC 6749 §4.1.2.1: the person said no
    AccessDenied,
    /// RFC 6749 §4.1.2.1: it went wrong here
    ServerError,
    /// RFC 6749 §4.1.2.1: not now
    TemporarilyUnavailable,
    /// RFC 8707 §2
    InvalidTarget,
    /// RFC 7591 §3.2.2
    InvalidRedirectUri,
    /// RFC 7591 §3.2.2
    InvalidClientMetadata,
}

impl Code {
    /// The code on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
        }
    }
}

/// A refusal in OAuth's form. The description is ours alone: nothing that was received is repeated in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OAuthError {
    /// For programs.
    pub code: Code,
    /// For the person who writes the client.
    pub description: &'static str,
}

impl OAuthError {
    /// A refusal with its reason.
    #[must_use]
    pub const fn new(code: Code, description: &'static str) -> Self {
        Self { code, description }
    }

    /// The person said no.
    pub const DENIED: Self = Self::new(Code::AccessDenied, "the person did not allow it");
    /// The person said yes, and it was taken back since.
    pub const TAKEN_BACK: Self = Self::new(Code::AccessDenied, "it was taken back");
    /// The person did not answer.
    pub const UNANSWERED: Self = Self::new(Code::AccessDenied, "nobody answered in time");
    /// The person was turned away where what is asked for signs people in.
    pub const DENIED_BEYOND: Self =
        Self::new(Code::AccessDenied, "access was denied where the server signs people in");
    /// The person could not sign in there.
    pub const FAILED_BEYOND: Self = Self::new(Code::ServerError, "the sign-in to the server came to nothing");
    /// Nobody is there whom one could ask.
    pub const NOBODY_TO_ASK: Self = Self::new(Code::TemporarilyUnavailable, "nobody can be asked just now");
    /// As many are asked about as may be.
    pub const BUSY: Self = Self::new(Code::TemporarilyUnavailable, "as many wait already as may");
    /// The document that a client's id is the address of is not to be had.
    pub const NO_DOCUMENT: Self =
        Self::new(Code::InvalidClient, "the document at client_id cannot be fetched");

    /// The refusal as it goes out (RFC 6749 §5.2). `realm` is where the client's secret would have been
    /// shown.
    #[must_use]
    pub fn answer(self, realm: &str) -> Answer {
        let body = json!({"error": self.code.name(), "error_description": self.description});
        if self.code != Code::InvalidClient {
            return crate::json(StatusCode::BAD_REQUEST, &body);
        }
        let mut answer = crate::json(StatusCode::UNAUTHORIZED, &body);
        // RFC 9110 §15.5.2: a 401 names a scheme, whichever way the client tried.
        if let Ok(challenge) = HeaderValue::try_from(format!(r#"Basic realm="{realm}", charset="UTF-8""#)) {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        answer
    }
}
