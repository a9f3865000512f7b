use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

/// An OAuth error code and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
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
    /// RFC 8707 §2
    InvalidTarget,
    /// RFC 7591 §3.2.2
    InvalidRedirectUri,
    /// RFC 7591 §3.2.2
    InvalidClientMetadata,
}

impl Code {
    /// The code on the wire.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::AccessDenied => "access_denied",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
        }
    }
}

/// A refusal in OAuth's form. The description is ours alone: nothing that was received is repeated in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OAuthError {
    /// For programs.
    pub(crate) code: Code,
    /// For the person who writes the client.
    pub(crate) description: &'static str,
}

impl OAuthError {
    /// A refusal with its reason.
    pub(crate) const fn new(code: Code, description: &'static str) -> Self {
        Self { code, description }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = json!({"error": self.code.name(), "error_description": self.description});
        if self.code != Code::InvalidClient {
            return (StatusCode::BAD_REQUEST, axum::Json(body)).into_response();
        }
        // RFC 9110 §15.5.2: a 401 names a scheme, whichever way the client tried.
        let challenge = [(header::WWW_AUTHENTICATE, r#"Basic realm="mcp-valet-demo", charset="UTF-8""#)];
        (StatusCode::UNAUTHORIZED, challenge, axum::Json(body)).into_response()
    }
}
