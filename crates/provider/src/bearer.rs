//! The token that comes with a request (RFC 6750), and the refusal of one that does not do.

use http::{HeaderMap, StatusCode, header};

use crate::secret::Secret;

/// Why a request is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No token was sent, or something else than a token; the client may not know yet that it needs one.
    Missing,
    /// `Authorization` is there twice or has no token in it (RFC 6750 §3.1).
    Malformed,
    /// Forged, for something else, over or revoked.
    Invalid,
    /// A good token without the scope that this needs.
    TooNarrow,
}

/// The token in the `Authorization` header; tokens anywhere else are not looked for.
///
/// # Errors
/// There is none, or more than one.
pub fn bearer(headers: &HeaderMap) -> Result<Secret, Fault> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let line = lines.next().ok_or(Fault::Missing)?;
    if lines.next().is_some() {
        return Err(Fault::Malformed);
    }
    let (scheme, token) = line.to_str().ok().and_then(|line| line.split_once(' ')).ok_or(Fault::Malformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Fault::Missing);
    }
    Ok(Secret::new(token.trim().to_owned()))
}

impl Fault {
    /// The status and `WWW-Authenticate` of the refusal, with all that a client needs in order to sign in
    /// (RFC 6750 §3, RFC 9728 §5.1). `scope` is what this needs.
    #[must_use]
    pub fn challenge(self, resource_metadata: &str, scope: &str) -> (StatusCode, String) {
        let (status, error) = match self {
            Self::Missing => (StatusCode::UNAUTHORIZED, ""),
            Self::Malformed => (StatusCode::BAD_REQUEST, r#"error="invalid_request", "#),
            Self::Invalid => (StatusCode::UNAUTHORIZED, r#"error="invalid_token", "#),
            Self::TooNarrow => (StatusCode::FORBIDDEN, r#"error="insufficient_scope", "#),
        };
        (status, format!(r#"Bearer {error}resource_metadata="{resource_metadata}", scope="{scope}""#))
    }
}
