//! The token endpoint (RFC 6749 §3.2).

use http::StatusCode;
use serde_json::json;

use crate::approval::{Access, Approval, CodeState, Grant, grant_id, refresh_token};
use crate::caller;
use crate::client::Client;
use crate::error::{Code, OAuthError};
use crate::ledger::Ledger;
use crate::params::Params;
use crate::profile::{Profile, UnixSeconds};
use crate::scopes::Scopes;
use crate::secret::{Digest, Secret, random_id, same};
use crate::{Answer, Request};
use std::sync::Arc;

/// One answer for every code that does not work.
const BAD_CODE: OAuthError = OAuthError::new(
    Code::InvalidGrant,
    "the code is unknown, used, over, or does not fit the redirect URI or the code verifier",
);
const BAD_REFRESH_TOKEN: OAuthError =
    OAuthError::new(Code::InvalidGrant, "the refresh token is unknown, used, revoked or over");

const OTHER_RESOURCE: OAuthError =
    OAuthError::new(Code::InvalidTarget, "the tokens are for another resource than this");

/// An access token that is about to be made.
pub struct Minting<'a, W> {
    /// What it is good for; of the scopes, those of the grant.
    pub approval: &'a Approval<W>,
    /// Its scopes.
    pub scopes: &'a Scopes,
    /// When it is made.
    pub now: UnixSeconds,
}

/// Tokens, or why not. `mint` makes the text of an access token: a random one, or one that says what it is.
pub fn tokens<W: Clone>(
    ledger: &mut Ledger<W>,
    profile: &Profile,
    request: Request<'_>,
    now: UnixSeconds,
    mint: impl Fn(&Minting<'_, W>) -> Secret,
) -> Answer {
    let mut desk = match identify(ledger, profile, request, now, &mint) {
        Ok(desk) => desk,
        Err(refused) => return refused.answer(profile.realm),
    };
    desk.serve().unwrap_or_else(|refused| {
        tracing::info!(error = refused.code.name(), "token request refused");
        refused.answer(profile.realm)
    })
}

fn identify<'a, W: Clone>(
    ledger: &'a mut Ledger<W>,
    profile: &'a Profile,
    request: Request<'_>,
    now: UnixSeconds,
    mint: Mint<'a, W>,
) -> Result<Desk<'a, W>, OAuthError> {
    let params = Params::of_form(request.headers, request.body)?;
    let client = caller::identify(ledger, request.headers, &params, now)?;
    Ok(Desk { profile, ledger, client, params, now, mint })
}

type Mint<'a, W> = &'a dyn Fn(&Minting<'_, W>) -> Secret;

/// One request of one client, with the ledger open.
struct Desk<'a, W> {
    profile: &'a Profile,
    ledger: &'a mut Ledger<W>,
    client: Arc<Client>,
    params: Params,
    now: UnixSeconds,
    mint: Mint<'a, W>,
}

impl<W: Clone> Desk<'_, W> {
    fn serve(&mut self) -> Result<Answer, OAuthError> {
        match self.params.need("grant_type", "grant_type is missing")? {
            "authorization_code" => self.for_code(),
            "refresh_token" => self.for_refresh_token(),
            _ => Err(OAuthError::new(
                Code::UnsupportedGrantType,
                "authorization_code and refresh_token are served",
            )),
        }
    }

    /// RFC 6749 §4.1.3 with PKCE (RFC 7636 §4.6).
    fn for_code(&mut self) -> Result<Answer, OAuthError> {
        let params = &self.params;
        let digest = params.need_secret("code", "code is missing")?.digest();
        let redirect_uri = params.need("redirect_uri", "redirect_uri is missing")?.to_owned();
        let verifier = params.need("code_verifier", "code_verifier is missing")?.to_owned();
        let resource = params.resource(|_| true)?;

        let (id, approval) = self.redeem(digest, &redirect_uri, &verifier, &resource)?;
        let offline = self.profile.offline.is_none_or(|scope| approval.scopes.has(scope));
        let lasting = self.client.refreshes && offline;
        let refresh = lasting.then(|| refresh_token(&id));
        let scopes = approval.scopes.clone();
        Ok(self.issue(id, approval, &scopes, refresh))
    }

    /// Uses a code up, right or wrong, and names the grant it becomes.
    fn redeem(
        &mut self,
        digest: Digest,
        redirect_uri: &str,
        verifier: &str,
        resource: &str,
    ) -> Result<(String, Approval<W>), OAuthError> {
        let live = self.ledger.codes.live(&digest, self.now).is_some();
        let code = self.ledger.codes.any_mut(&digest).ok_or(BAD_CODE)?;
        if code.approval.client_id != self.client.id {
            return Err(BAD_CODE);
        }
        if code.approval.resource != resource {
            return Err(OTHER_RESOURCE);
        }
        match std::mem::replace(&mut code.state, CodeState::Wasted) {
            CodeState::Fresh => {}
            CodeState::Wasted => return Err(BAD_CODE),
            CodeState::Became(id) => {
                tracing::warn!(client = self.client.id, "a used code came again: its grant is revoked");
                self.ledger.revoke(&id);
                return Err(BAD_CODE);
            }
        }
        let fits = same(&code.redirect_uri, redirect_uri) && proves(verifier, &code.challenge);
        if !live || !fits {
            return Err(BAD_CODE);
        }
        let id = random_id();
        code.state = CodeState::Became(id.clone());
        Ok((id, code.approval.clone()))
    }

    /// RFC 6749 §6, with rotation and reuse detection (RFC 9700 §4.14.2).
    fn for_refresh_token(&mut self) -> Result<Answer, OAuthError> {
        let params = &self.params;
        if !self.client.refreshes {
            return Err(OAuthError::new(
                Code::UnauthorizedClient,
                "the client did not register refresh_token",
            ));
        }
        let shown = params.need_secret("refresh_token", "refresh_token is missing")?;
        let resource = params.resource(|_| true)?;

        let id = grant_id(&shown).ok_or(BAD_REFRESH_TOKEN)?;
        let grant = self.ledger.grants.live(&id, self.now).ok_or(BAD_REFRESH_TOKEN)?;
        if grant.approval.client_id != self.client.id {
            return Err(BAD_REFRESH_TOKEN);
        }
        if grant.refresh != Some(shown.digest()) {
            tracing::warn!(client = self.client.id, "a used refresh token came again: its grant is revoked");
            self.ledger.revoke(&id);
            return Err(BAD_REFRESH_TOKEN);
        }
        if grant.approval.resource != resource {
            return Err(OTHER_RESOURCE);
        }
        let approval = grant.approval.clone();
        let scopes = narrowed(&approval.scopes, params.one("scope")?)?;
        let refresh = refresh_token(&id);
        Ok(self.issue(id, approval, &scopes, Some(refresh)))
    }

    /// Makes an access token, keeps the books and writes the answer (RFC 6749 §5.1).
    fn issue(
        &mut self,
        id: String,
        approval: Approval<W>,
        scopes: &Scopes,
        refresh: Option<Secret>,
    ) -> Answer {
        let (now, lifetime) = (self.now, self.profile.token_lifetime);
        let access = (self.mint)(&Minting { approval: &approval, scopes, now });
        let mut body = json!({
            "access_token": access.expose(),
            "token_type": "Bearer",
            "expires_in": lifetime,
            "scope": scopes.to_string(),
        });
        if let Some(refresh) = &refresh {
            body["refresh_token"] = refresh.expose().into();
        }

        let until = now + if refresh.is_some() { self.profile.grant_lifetime } else { lifetime };
        // What is under way may still show the one before; older ones are nobody's.
        let before = self.ledger.grants.live(&id, now).map(|grant| grant.newest);
        self.ledger.access.retain_keyed(|digest, access| access.grant != id || Some(*digest) == before);
        let newest = access.digest();
        let grant = Grant { approval, refresh: refresh.map(|token| token.digest()), newest };
        let entry = Access { grant: id.clone(), scopes: scopes.clone() };
        self.ledger.access.insert(access.digest(), entry, now + lifetime, now);
        self.ledger.grants.insert(id, grant, until, now);
        self.ledger.keep(&self.client, until.saturating_add(self.profile.client_lifetime), now);
        tracing::info!(client = self.client.id, scope = scopes.to_string(), "tokens issued");
        crate::json(StatusCode::OK, &body)
    }
}

/// RFC 7636 §4.1 and §4.6.
fn proves(verifier: &str, challenge: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(unreserved)
        && same(&Digest::of(verifier).base64url(), challenge)
}

/// The scopes of a refreshed token: those granted, or fewer. The grant itself keeps its own (RFC 6749 §6).
fn narrowed(granted: &Scopes, asked: Option<&str>) -> Result<Scopes, OAuthError> {
    let Some(asked) = asked else { return Ok(granted.clone()) };
    Some(Scopes::parse(asked))
        .filter(|scopes| !scopes.is_empty() && scopes.within(granted))
        .ok_or(OAuthError::new(Code::InvalidScope, "a refresh can keep or narrow scopes, not widen them"))
}
