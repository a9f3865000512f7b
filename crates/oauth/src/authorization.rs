//! Beginning a sign-in: the URL that the browser opens, and what is remembered until it comes back.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl};
use url::Url;

use crate::address::Reach;
use crate::dpop::DpopKey;
use crate::fault::{Fault, Kind};
use crate::issuer::Issuer;
use crate::metadata::Metadata;
use crate::prompt::{self, AccountChoice};
use crate::protocol;
use crate::quirk;
use crate::scope;
use secret::Secret;
use terms::is_reserved;
use words::say;

/// What the person is shown before (OpenID Connect Core §3.1.2.1).
const PROMPT: &str = "prompt";
/// How long a sign-in may take.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// What a sign-in asks for.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest<'a> {
    /// The issuer's metadata.
    pub metadata: &'a Metadata,
    /// The client's id.
    pub client_id: &'a str,
    /// Where the browser comes back to, byte for byte as registered.
    pub redirect_uri: &'a str,
    /// The scopes to ask for, see [`scopes_asked`].
    pub scopes: &'a [String],
    /// The resource (RFC 8707), byte for byte.
    pub resource: Option<&'a str>,
    /// Further parameters of the person.
    pub extra: &'a [(String, String)],
    /// Which account it is for.
    pub account: AccountChoice,
    /// The key that the tokens are to be bound to, if they are (RFC 9449 §10).
    pub dpop: Option<&'a DpopKey>,
}

/// A sign-in that waits for the browser to come back.
pub struct Pending {
    pub(crate) state: Secret,
    pub(crate) verifier: Secret,
    /// Binds an ID token to this sign-in (OpenID Connect Core §3.1.2.1).
    pub(crate) nonce: Option<Secret>,
    pub(crate) issuer: Issuer,
    /// What the issuer calls itself in `iss`.
    pub(crate) iss: String,
    pub(crate) iss_promised: bool,
    pub(crate) token_endpoint: Url,
    pub(crate) redirect_uri: RedirectUrl,
    pub(crate) resource: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) reach: Reach,
    pub(crate) created_at: Timestamp,
}

/// Begins a sign-in: PKCE with S256 (RFC 7636), and a random state of 256 bits.
///
/// # Errors
/// An extra parameter is one that the sign-in sets by itself, the redirect URI is no URL, or the issuer takes
/// pushed requests only.
pub fn begin(request: &AuthorizationRequest<'_>, now: Timestamp) -> Result<(Url, Pending), Fault> {
    if let Some((name, _)) = request.extra.iter().find(|(name, _)| is_reserved(name)) {
        return Err(Fault::configuration(Kind::Reserved { name: name.clone() }));
    }
    let metadata = request.metadata;
    if metadata.require_pushed_authorization_requests
        && metadata.pushed_authorization_request_endpoint.is_none()
    {
        return Err(Fault::issuer(Kind::PushRequired { issuer: metadata.issuer.to_string() }));
    }
    let Some(page) = &metadata.authorization_endpoint else {
        return Err(Fault::issuer(Kind::NoBrowserSignIn { issuer: metadata.issuer.to_string() }));
    };
    let redirect_uri = RedirectUrl::new(request.redirect_uri.to_owned()).map_err(|_| no_redirect())?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let pending = Pending {
        state: random(),
        verifier: Secret::from(verifier.into_secret()),
        nonce: request.scopes.iter().any(|scope| scope == "openid").then(random),
        issuer: metadata.issuer.clone(),
        iss: metadata.own_name().to_owned(),
        iss_promised: metadata.iss_parameter_supported,
        token_endpoint: metadata.token_endpoint.clone(),
        redirect_uri,
        resource: request.resource.map(str::to_owned),
        scopes: request.scopes.to_vec(),
        reach: metadata.reach,
        created_at: now,
    };
    Ok((url(page, request, &pending, challenge), pending))
}

fn no_redirect() -> Fault {
    Fault::configuration(Kind::Url {
        name: say!(fault_name_redirect_uri),
        problem: say!(fault_url_not_absolute),
    })
}

/// The scopes that a sign-in names in the end: `scopes`, and for the sake of a refresh token `offline_access`
/// where the issuer knows it, unless they are the person's own.
#[must_use]
pub fn scopes_asked(metadata: &Metadata, mut scopes: Vec<String>, configured: bool) -> Vec<String> {
    if !configured && metadata.knows_scope(scope::OFFLINE) && !scopes.iter().any(is_offline) {
        scopes.push(scope::OFFLINE.to_owned());
    }
    scopes
}

fn is_offline(scope: &String) -> bool {
    scope == scope::OFFLINE
}

/// What the provider wants beside the usual. What the person configured comes first.
fn further(request: &AuthorizationRequest<'_>, pending: &Pending) -> Vec<(String, String)> {
    let quirk = quirk::of(&pending.issuer);
    let mut all = request.extra.to_vec();
    // OpenID Connect Core §11: without `prompt=consent`, `offline_access` is ignored.
    let prompt = pending.scopes.iter().any(is_offline) && !quirk.offline_without_prompt;
    let prompt = prompt.then_some((PROMPT, "consent"));
    for (name, value) in quirk.authorize.iter().copied().chain(prompt) {
        if !all.iter().any(|(known, _)| *known == name) {
            all.push((name.to_owned(), value.to_owned()));
        }
    }
    let chosen = request.metadata.account_prompt.filter(|_| request.account == AccountChoice::ByThePerson);
    if let Some(value) = chosen {
        let wanted = all.iter().position(|(name, _)| name == PROMPT).map(|place| all.remove(place).1);
        all.push((PROMPT.to_owned(), prompt::with(wanted.as_deref(), value)));
    }
    all
}

fn url(
    page: &Url,
    request: &AuthorizationRequest<'_>,
    pending: &Pending,
    challenge: PkceCodeChallenge,
) -> Url {
    let client = BasicClient::new(ClientId::new(request.client_id.to_owned()))
        .set_auth_uri(AuthUrl::from_url(page.clone()))
        .set_redirect_uri(pending.redirect_uri.clone());
    let thumbprint = request.dpop.map(DpopKey::thumbprint);
    let named = [
        ("resource", pending.resource.as_deref()),
        ("nonce", pending.nonce.as_ref().map(Secret::expose)),
        ("dpop_jkt", thumbprint.as_deref()),
    ];
    let named = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    let asked = client
        .authorize_url(|| CsrfToken::new(pending.state.expose().to_owned()))
        .set_pkce_challenge(challenge)
        .add_scopes(protocol::scopes(&pending.scopes));
    let all = named.chain(further(request, pending));
    all.fold(asked, |asked, (name, value)| asked.add_extra_param(name, value)).url().0
}

fn random() -> Secret {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()).into()
}

impl Pending {
    /// Whether `state` is this sign-in's, in constant time.
    #[must_use]
    pub fn matches_state(&self, state: &str) -> bool {
        self.state.ct_eq(state)
    }

    /// What the browser comes back with.
    #[must_use]
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// Whether the ten minutes are over.
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        now.duration_since(self.created_at) > LIFETIME
    }

    /// Where the browser comes back to.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Whose answer is awaited.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// When the sign-in began.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("issuer", &self.issuer)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}
