//! The token endpoint (RFC 6749 §3.2).

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::approval::{Approval, CodeState, GRANT_LIFETIME, Grant, grant_id, refresh_token};
use crate::call::Call;
use crate::caller;
use crate::client::Client;
use crate::clock::UnixSeconds;
use crate::error::{Code, OAuthError};
use crate::jwt::Claims;
use crate::ledger::Ledger;
use crate::params::Params;
use crate::scope::{Scope, Scopes};
use crate::secret::{Digest, Secret, random_id, same};
use crate::state::Demo;

/// One answer for every code that does not work.
const BAD_CODE: OAuthError = OAuthError::new(
    Code::InvalidGrant,
    "the code is unknown, used, over, or does not fit the redirect URI or the code verifier",
);
const BAD_REFRESH_TOKEN: OAuthError =
    OAuthError::new(Code::InvalidGrant, "the refresh token is unknown, used, revoked or over");

/// Tokens, or why not.
pub(crate) fn answer(demo: &Demo, call: &Call) -> Response {
    tokens(demo, call).unwrap_or_else(|refused| {
        tracing::info!(error = refused.code.name(), "token request refused");
        refused.into_response()
    })
}

fn tokens(demo: &Demo, call: &Call) -> Result<Response, OAuthError> {
    let params = Params::of_form(&call.headers, &call.body)?;
    let now = demo.clock.now();
    let mut ledger = demo.ledger();
    let client = caller::identify(&ledger, &call.headers, &params, now)?;
    let mut desk = Desk { demo, ledger: &mut ledger, client: &client, now };
    match params.need("grant_type", "grant_type is missing")? {
        "authorization_code" => desk.for_code(&params),
        "refresh_token" => desk.for_refresh_token(&params),
        _ => Err(OAuthError::new(
            Code::UnsupportedGrantType,
            "authorization_code and refresh_token are served",
        )),
    }
}

/// One request of one client, with the ledger open.
struct Desk<'a> {
    demo: &'a Demo,
    ledger: &'a mut Ledger,
    client: &'a Client,
    now: UnixSeconds,
}

impl Desk<'_> {
    /// RFC 6749 §4.1.3 with PKCE (RFC 7636 §4.6).
    fn for_code(&mut self, params: &Params) -> Result<Response, OAuthError> {
        let digest = params.need_secret("code", "code is missing")?.digest();
        let redirect_uri = params.need("redirect_uri", "redirect_uri is missing")?;
        let verifier = params.need("code_verifier", "code_verifier is missing")?;
        params.check_resource(&self.demo.resource)?;

        let (id, approval) = self.redeem(digest, redirect_uri, verifier)?;
        let lasting = self.client.refreshes && approval.scopes.has(Scope::Offline);
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
    ) -> Result<(String, Approval), OAuthError> {
        let live = self.ledger.codes.live(&digest, self.now).is_some();
        let code = self.ledger.codes.any_mut(&digest).ok_or(BAD_CODE)?;
        if code.approval.client_id != self.client.id {
            return Err(BAD_CODE);
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
    fn for_refresh_token(&mut self, params: &Params) -> Result<Response, OAuthError> {
        if !self.client.refreshes {
            return Err(OAuthError::new(
                Code::UnauthorizedClient,
                "the client did not register refresh_token",
            ));
        }
        let shown = params.need_secret("refresh_token", "refresh_token is missing")?;
        params.check_resource(&self.demo.resource)?;

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
        let approval = grant.approval.clone();
        let scopes = narrowed(&approval.scopes, params.one("scope")?)?;
        let refresh = refresh_token(&id);
        Ok(self.issue(id, approval, &scopes, Some(refresh)))
    }

    /// Signs an access token, keeps the books and writes the answer (RFC 6749 §5.1).
    fn issue(
        &mut self,
        id: String,
        approval: Approval,
        scopes: &Scopes,
        refresh: Option<Secret>,
    ) -> Response {
        let (now, lifetime) = (self.now, self.demo.token_lifetime);
        let claims = Claims {
            iss: self.demo.issuer.clone(),
            sub: approval.account.id().to_owned(),
            aud: self.demo.resource.clone(),
            exp: now + lifetime,
            iat: now,
            jti: random_id(),
            client_id: approval.client_id.clone(),
            scope: scopes.to_string(),
        };
        let access = self.demo.key.sign(&claims);
        let mut body = json!({
            "access_token": access.expose(),
            "token_type": "Bearer",
            "expires_in": lifetime,
            "scope": claims.scope,
        });
        if let Some(refresh) = &refresh {
            body["refresh_token"] = refresh.expose().into();
        }

        let until = now + if refresh.is_some() { GRANT_LIFETIME } else { lifetime };
        let grant = Grant { approval, refresh: refresh.map(|token| token.digest()) };
        self.ledger.access.insert(claims.jti, id.clone(), claims.exp, now);
        self.ledger.grants.insert(id, grant, until, now);
        tracing::info!(client = self.client.id, scope = claims.scope, "tokens issued");
        Json(body).into_response()
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
    asked
        .parse()
        .ok()
        .filter(|scopes: &Scopes| scopes.within(granted))
        .ok_or(OAuthError::new(Code::InvalidScope, "a refresh can keep or narrow scopes, not widen them"))
}
