//! What is kept in the vault, and the form in which it is kept: JSON in memory that is wiped.

mod form;
mod once;

pub(crate) use form::kept;
use form::{ClientForm, ReachForm, kept_key, kept_method, kept_option};
use ground::fingerprint::fingerprint;
use jiff::{SignedDuration, Timestamp};
use oauth::{
    AuthMethod, Client, DpopKey, Endpoint, Issuer, Mask, Metadata, Reach, Secret, ServerUrl, Tokens,
};
pub(crate) use once::Once;
use serde::{Deserialize, Serialize};
use url::Url;
use vault::Item;

/// What a person gave us at an issuer for one server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Grant {
    /// What goes to the server.
    #[serde(with = "kept")]
    pub access: Secret,
    /// What brings the next one, where the issuer gives such.
    #[serde(with = "kept_option")]
    pub refresh: Option<Secret>,
    /// When it was asked for: no later than when it was issued.
    pub issued_at: Timestamp,
    /// When the access token ends; `None` if the issuer set no end.
    pub expires_at: Option<Timestamp>,
    /// All but the tokens.
    pub parts: GrantParts,
    /// Set while a refresh may be under way; found set at start, the refresh was interrupted.
    pub refresh_sent_at: Option<Timestamp>,
    /// Whether that refresh is known to have ended without an answer: whoever sent it said so, so that it is
    /// not one that was interrupted. Where several machines share the vault, another may then try.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refresh_unanswered: bool,
    /// Where it came of a refresh in this run: when that was sent, as the mark in the vault says that it
    /// takes the place of.
    #[serde(skip)]
    pub follows: Option<Timestamp>,
    /// How it showed that the issuer does not know our client any more, where it has said so until the token
    /// was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_lost: Option<String>,
    /// The tokens that these replaced. They may well be good still, and are not to be said again either; they
    /// go with what is held, and are never stored.
    #[serde(skip)]
    pub before: Vec<Secret>,
    /// The access token as JSON has it.
    #[serde(skip)]
    pub spoken: Once<Secret>,
    /// Finds the secrets in what the other side says.
    #[serde(skip)]
    pub mask: Once<Mask>,
    /// A name for whose it is.
    #[serde(skip)]
    pub owner: Once<String>,
}

/// Tokens before the present ones that are remembered: of two renewals, with a refresh token each.
const BEFORE: usize = 4;

/// The parts of a grant that stay the same when its tokens are renewed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GrantParts {
    /// The server, as it was configured.
    pub server_url: String,
    /// What the tokens are for (RFC 8707), where that was said.
    pub resource: Option<String>,
    /// Who gave it.
    pub issuer: String,
    /// Where new tokens are asked for.
    pub token_endpoint: String,
    /// Where they are given back (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// How our client proves itself there, where that was looked for.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "kept_method")]
    pub revocation_auth: Option<AuthMethod>,
    /// Where the issuer's keys are.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// Our client at the issuer.
    #[serde(with = "ClientForm")]
    pub client: Client,
    /// Nothing where no browser came back.
    pub redirect_uri: Option<String>,
    /// The scopes that the sign-in asked for.
    pub scopes_asked: Vec<String>,
    /// Those that it brought.
    pub scopes: Vec<String>,
    /// Who signed in, as far as the issuer said.
    #[serde(default)]
    pub account: Option<String>,
    /// How near the issuer's endpoints may be.
    #[serde(with = "ReachForm")]
    pub reach: Reach,
    /// The key that the tokens are bound to.
    #[serde(default, with = "kept_key")]
    pub dpop: Option<DpopKey>,
    /// The account's identifier at the issuer.
    #[serde(default)]
    pub subject: Option<String>,
    /// What the person should know about how the issuer was found.
    #[serde(default)]
    pub notice: Option<String>,
    /// Whether the issuer takes no `scope` with a refresh token.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub scope_refused: bool,
}

impl<'a> From<&'a GrantParts> for ledger::Seed<'a> {
    fn from(parts: &'a GrantParts) -> Self {
        Self {
            redirect_uri: parts.redirect_uri.as_deref(),
            issuer: &parts.issuer,
            token_endpoint: &parts.token_endpoint,
        }
    }
}

impl GrantParts {
    /// What a grant is made of before its tokens are there.
    pub fn new(
        server_url: &str,
        metadata: &Metadata,
        client: Client,
        dpop: Option<DpopKey>,
        resource: Option<&str>,
        scopes: Vec<String>,
    ) -> Self {
        let text = |url: &Option<Url>| url.as_ref().map(|url| url.as_str().to_owned());
        Self {
            server_url: server_url.to_owned(),
            resource: resource.map(ToOwned::to_owned),
            issuer: metadata.issuer.as_str().to_owned(),
            token_endpoint: metadata.token_endpoint.as_str().to_owned(),
            revocation_endpoint: text(&metadata.revocation_endpoint),
            revocation_auth: Some(oauth::revocation_method(metadata, &client)),
            jwks_uri: text(&metadata.jwks_uri),
            client,
            redirect_uri: None,
            scopes_asked: scopes.clone(),
            scopes,
            reach: metadata.reach,
            dpop,
            account: None,
            subject: None,
            notice: None,
            scope_refused: false,
        }
    }

    /// What the tokens are for, as it is shown, where that is not the server itself.
    pub fn other_resource(&self, server: &ServerUrl) -> Option<String> {
        self.resource.as_deref().filter(|resource| !server.is_named(resource)).map(plain::address)
    }

    /// The issuer's endpoint at `url`, at which the grant's own client asks.
    pub fn endpoint<'a>(&'a self, issuer: &'a Issuer, url: &'a Url, now: Timestamp) -> Endpoint<'a> {
        Endpoint { issuer, url, reach: self.reach, client: &self.client, dpop: self.dpop.as_ref(), now }
    }
}

impl Grant {
    /// What came of a request that was sent at `sent_at`. What the issuer does not mention is as it was asked
    /// for (RFC 6749 §5.1).
    pub fn new(mut parts: GrantParts, tokens: Tokens, sent_at: Timestamp) -> Self {
        parts.scopes = tokens.scopes.unwrap_or(parts.scopes);
        // Never later than the issuer means.
        let lifetime = tokens.expires_in.and_then(|lifetime| SignedDuration::try_from(lifetime).ok());
        Self {
            access: tokens.access,
            refresh: tokens.refresh,
            issued_at: sent_at,
            expires_at: lifetime.and_then(|lifetime| sent_at.checked_add(lifetime).ok()),
            parts,
            refresh_sent_at: None,
            refresh_unanswered: false,
            follows: None,
            registration_lost: None,
            before: Vec::new(),
            spoken: Once::default(),
            mask: Once::default(),
            owner: Once::default(),
        }
    }

    /// This grant with new tokens. What the issuer does not mention stays as it was (RFC 6749 §6).
    pub fn renewed(&self, tokens: &Tokens, sent_at: Timestamp) -> Self {
        let new = Self::new(self.parts.clone(), tokens.clone(), sent_at);
        let refresh = new.refresh.or_else(|| self.refresh.clone());
        Self { refresh, before: self.outdated(), follows: Some(sent_at), ..new }
    }

    /// The access token as JSON has it.
    pub fn spoken(&self) -> &Secret {
        self.spoken.of(|| serde_json::to_string(self.access.expose()).unwrap_or_default().into())
    }

    /// Finds what must not be said again by the other side.
    pub fn mask(&self) -> &Mask {
        self.mask.of(|| Mask::of(self.secrets()))
    }

    /// A short name by which the grants of one account at one issuer are told from those of others.
    pub fn owner(&self) -> &str {
        let account = || self.parts.subject.as_deref().or(self.parts.account.as_deref()).unwrap_or_default();
        self.owner.of(|| fingerprint(&[&self.parts.issuer, account()]))
    }

    /// What must not be said again by the other side.
    fn secrets(&self) -> impl Iterator<Item = &Secret> {
        [&self.access].into_iter().chain(&self.refresh).chain(&self.before).chain(&self.parts.client.secret)
    }

    /// The tokens that are replaced where this grant is renewed, the newest first.
    pub fn outdated(&self) -> Vec<Secret> {
        [&self.access].into_iter().chain(&self.refresh).chain(&self.before).take(BEFORE).cloned().collect()
    }

    /// Whether these are the same tokens.
    #[must_use]
    pub fn has_tokens_of(&self, other: &Self) -> bool {
        self.access.ct_eq(other.access.expose()) && self.has_refresh_token_of(other)
    }

    /// Whether both have the same refresh token, or none.
    #[must_use]
    pub fn has_refresh_token_of(&self, other: &Self) -> bool {
        match (&self.refresh, &other.refresh) {
            (Some(one), Some(other)) => one.ct_eq(other.expose()),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// Whether a refresh with it was sent of which nobody said how it ended.
    #[must_use]
    pub const fn is_interrupted(&self) -> bool {
        self.refresh_sent_at.is_some() && !self.refresh_unanswered
    }

    /// Seconds that the access token is still good for; `None` if it has no end.
    pub fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        self.expires_at.map(|end| end.duration_since(now).as_secs())
    }

    /// Whether the last fifth of the access token's life has begun, or its last five minutes.
    pub fn is_nearly_over(&self, now: Timestamp) -> bool {
        let (Some(left), Some(life)) = (self.seconds_left(now), self.lifetime()) else { return false };
        left <= (life / 5).min(300)
    }

    /// The whole life of the access token in seconds.
    pub fn lifetime(&self) -> Option<i64> {
        self.seconds_left(self.issued_at)
    }
}

impl GrantParts {
    /// The scopes that a refresh must name to get a token that is no wider than before, and can be refreshed
    /// again.
    pub fn scopes_to_keep(&self) -> Vec<String> {
        let offline = |scope: &&String| *scope == "offline_access" && !self.scopes.contains(scope);
        self.scopes.iter().chain(self.scopes_asked.iter().filter(offline)).cloned().collect()
    }
}

/// Our client at an issuer, registered by us.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Registration {
    /// Where it was registered.
    pub issuer: String,
    /// Where browsers come back to.
    pub redirect_uri: String,
    /// What the issuer knows it by.
    #[serde(with = "ClientForm")]
    pub client: Client,
    /// The endpoint that registered it.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// How near the issuer's endpoints may be.
    #[serde(default = "farthest", with = "ReachForm")]
    pub reach: Reach,
    /// The scopes that it was registered for; earlier versions named none.
    #[serde(default)]
    pub scopes: Vec<String>,
}

impl Registration {
    /// A client that was registered just now, at the issuer that `metadata` is of.
    pub fn new(metadata: &Metadata, redirect_uri: &str, client: Client, scopes: Vec<String>) -> Self {
        Self {
            scopes,
            issuer: metadata.issuer.as_str().to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            client,
            endpoint: metadata.registration_endpoint.as_ref().map(|url| url.as_str().to_owned()),
            reach: metadata.reach,
        }
    }

    /// Whether a sign-in for `scopes` is within what was registered: some issuers allow no more.
    pub fn covers(&self, scopes: &[String]) -> bool {
        scopes.iter().all(|scope| self.scopes.contains(scope))
    }
}

/// What an item of an earlier version does not say is not allowed.
const fn farthest() -> Reach {
    Reach::Public
}

/// The callback server's own certificate and key, in PEM.
#[derive(Serialize, Deserialize)]
pub struct TlsIdentity {
    /// What it shows to browsers.
    pub certificate: String,
    /// What proves that it is ours.
    #[serde(with = "kept")]
    pub key: Secret,
    /// When another is made.
    pub expires_at: Timestamp,
}

/// What proves a client that the person registered by hand: its secret, or its private key in PEM.
#[derive(Serialize, Deserialize)]
pub struct ClientSecret {
    /// The client that it proves.
    pub client_id: String,
    /// The secret, or the key.
    #[serde(with = "kept")]
    pub secret: Secret,
}

/// What the audit is sealed with: 32 bytes in base64url.
#[derive(Serialize, Deserialize)]
pub struct AuditKey {
    /// The bytes.
    #[serde(with = "kept")]
    pub key: Secret,
}

impl Item for Grant {
    fn shares_a_secret_with(&self, before: &Self) -> bool {
        let same_refresh_token = self.refresh.is_some() && self.has_refresh_token_of(before);
        same_refresh_token || self.access.ct_eq(before.access.expose())
    }
}

impl Item for Registration {}
impl Item for TlsIdentity {}

impl Item for ClientSecret {
    fn shares_a_secret_with(&self, before: &Self) -> bool {
        self.secret.ct_eq(before.secret.expose())
    }
}

impl Item for AuditKey {
    /// What is damaged there is no key, and another takes its place; the entries that it does not fit tell of
    /// it.
    fn open(bytes: &[u8]) -> Option<Self> {
        Some(serde_json::from_slice(bytes).unwrap_or_else(|_| Self { key: String::new().into() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Keys;

    macro_rules! kept {
        ($item:ty, $file:literal) => {
            <$item>::open(include_bytes!(concat!("../../../tests/fixtures/stored/", $file))).unwrap()
        };
    }

    #[test]
    fn keys_and_secrets_of_every_form_are_read() {
        let parts = kept!(Grant, "grant-5.json").parts;
        assert!(parts.dpop.is_some() && parts.client.key.is_some());
        assert_eq!(kept!(ClientSecret, "client-secret-1.json").secret.expose(), "secret-of-form-1");
        assert_eq!(kept!(Registration, "device-registration-1.json").client.id, "client-2");
        assert!(kept!(TlsIdentity, "callback-tls-1.json").key.expose().contains("PRIVATE KEY"));
        assert_eq!(kept!(AuditKey, "audit-key-1.json").key.expose().len(), 43);
        let taken_from = |keys: Keys| keys.iter().flat_map(|(_, key)| key.taken_from.clone()).count();
        assert_eq!(taken_from(kept!(Keys, "keys-1.json")), 0);
        assert_eq!(taken_from(kept!(Keys, "keys-3.json")), 1);
    }
}
