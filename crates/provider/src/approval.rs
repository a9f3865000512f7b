//! What a person allowed, and what it turns into: a code, then a grant.

use crate::profile::UnixSeconds;
use crate::scopes::Scopes;
use crate::secret::{Digest, Secret};

/// How long a code may wait for its client.
pub(crate) const CODE_LIFETIME: UnixSeconds = 60;

/// Who allowed which client what.
#[derive(Debug, Clone)]
pub struct Approval<W> {
    /// The client that asked.
    pub client_id: String,
    /// Where the tokens are good (RFC 8707).
    pub resource: String,
    /// What was allowed.
    pub scopes: Scopes,
    /// For whom.
    pub whom: W,
}

/// An authorization code, kept under its digest (RFC 6749 §4.1.2).
pub(crate) struct Code<W> {
    /// What it stands for.
    pub(crate) approval: Approval<W>,
    /// The redirect URI of the authorization request; the token request repeats it.
    pub(crate) redirect_uri: String,
    /// PKCE's S256 challenge (RFC 7636 §4.2).
    pub(crate) challenge: String,
    /// Whether it was used.
    pub(crate) state: CodeState,
}

/// A code works once.
pub(crate) enum CodeState {
    /// Nobody has shown it yet.
    Fresh,
    /// It was shown with the wrong verifier or redirect URI.
    Wasted,
    /// It became the grant with this id, which a replay ends (RFC 6749 §4.1.2).
    Became(String),
}

/// What a client holds: a family of access tokens and one current refresh token. Kept under a random id; the
/// grant is revoked by removing it.
pub(crate) struct Grant<W> {
    /// What it stands for.
    pub(crate) approval: Approval<W>,
    /// The digest of the only refresh token that works.
    pub(crate) refresh: Option<Digest>,
    /// The newest of its access tokens.
    pub(crate) newest: Digest,
}

/// An access token, kept under its digest.
pub(crate) struct Access {
    /// The id of its grant.
    pub(crate) grant: String,
    /// What it is good for.
    pub(crate) scopes: Scopes,
}

/// A new refresh token of a grant: the grant's id and a secret.
///
/// The id, 128 random bits, appears nowhere else. So whoever shows a token with a known id and another secret
/// holds an older token of the family, however old, and no list of used tokens has to be kept.
pub(crate) fn refresh_token(grant_id: &str) -> Secret {
    Secret::new(format!("{grant_id}.{}", Secret::random().expose()))
}

/// The id of the grant that a refresh token claims to belong to.
pub(crate) fn grant_id(refresh_token: &Secret) -> Option<String> {
    refresh_token.expose().split_once('.').map(|(id, _)| id.to_owned())
}
