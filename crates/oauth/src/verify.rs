//! Checking tokens that can be read: access tokens as JWTs (RFC 9068 §4) and ID tokens (OpenID Connect Core
//! §3.1.3.7).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::address::Reach;
use crate::algorithm::Algorithm;
use crate::fault::{Fault, Kind};
use crate::http::Http;
use crate::issuer::Issuer;
use crate::jwt::Jwt;
use crate::key_cache::KeyCache;
use crate::quirk;
use crate::said::Said;
use crate::uri;
use secret::Secret;
use words::say;

/// How far two clocks may be apart, in seconds.
const LEEWAY: f64 = 60.0;

/// Who must have signed a token, and when it must be good.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// Who issued it.
    pub issuer: &'a Issuer,
    /// Where the issuer's keys are; without, no signature can be checked.
    pub jwks_uri: Option<&'a Url>,
    /// How near they may be.
    pub reach: Reach,
    /// The time.
    pub now: Timestamp,
}

/// Who signed in, as an ID token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's identifier; unique at its issuer, never given to another.
    pub subject: String,
    /// What a person knows the account by; foreign text.
    pub name: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    aud: Option<OneOrMany>,
    exp: Option<f64>,
    nbf: Option<f64>,
}

#[derive(Deserialize)]
struct IdClaims {
    sub: String,
    azp: Option<String>,
    nonce: Option<String>,
    email: Option<String>,
    preferred_username: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// Checks an access token as far as it can be read: opaque ones cannot. `resource` is what it must be for, if
/// that was named when it was asked for.
///
/// # Errors
/// [`Fault::is_unverifiable`] if nobody but the server can check it; otherwise it is wrong, or the issuer's
/// keys cannot be fetched.
pub async fn verify_access_token(
    http: &Http,
    keys: &KeyCache,
    signer: &Signer<'_>,
    token: &Secret,
    resource: Option<&str>,
) -> Result<(), Fault> {
    let Some(jwt) = Jwt::read(token.expose()) else { return Ok(()) };
    // Entra signs tokens for its own APIs over a header that is not the one it sends.
    if quirk::of(signer.issuer).opaque_tokens {
        return Ok(());
    }
    let check = Check { signer, jwt: &jwt, what: say!(fault_token_access) };
    let typ = jwt.header.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
    let complete = matches!(typ.as_str(), "at+jwt" | "application/at+jwt");
    let claims: Claims = jwt.claims().ok_or_else(|| check.wrong(say!(fault_token_claims)))?;
    if complete && (claims.iss.is_none() || claims.aud.is_none() || claims.exp.is_none()) {
        return Err(check.wrong(say!(fault_token_incomplete)));
    }
    check.claims(&claims)?;
    if let (Some(resource), Some(audience)) = (resource, &claims.aud) {
        check.audience(audience.as_slice(), resource)?;
    }
    check.signature(http, keys).await
}

/// For whom an access token says that it is, without being believed in anything. Nothing for one that cannot
/// be read.
#[must_use]
pub fn audience(token: &Secret) -> Vec<String> {
    let claims: Option<Value> = Jwt::read(token.expose()).and_then(|jwt| jwt.claims());
    // Whatever the shape, since nothing of it is to be missed.
    match claims.as_ref().and_then(|claims| claims.get("aud")) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Checks an ID token, and answers whose it is. `nonce` is the one that was sent, if one was.
///
/// # Errors
/// As [`verify_access_token`].
pub async fn verify_id_token(
    http: &Http,
    keys: &KeyCache,
    signer: &Signer<'_>,
    token: &Secret,
    client_id: &str,
    nonce: Option<&Secret>,
) -> Result<Account, Fault> {
    let nothing = || wrong(signer, say!(fault_token_id), say!(fault_token_none));
    let jwt = Jwt::read(token.expose()).ok_or_else(nothing)?;
    let check = Check { signer, jwt: &jwt, what: say!(fault_token_id) };
    let claims: Claims = jwt.claims().ok_or_else(nothing)?;
    let own: IdClaims = jwt.claims().ok_or_else(nothing)?;
    let audience = claims.aud.as_ref().map(OneOrMany::as_slice).unwrap_or_default();
    let ours = audience.iter().any(|one| one == client_id);
    let shared = audience.len() > 1 && own.azp.as_deref() != Some(client_id);
    if claims.iss.is_none() || claims.exp.is_none() || !ours || shared || own.sub.is_empty() {
        return Err(check.wrong(say!(fault_token_not_ours)));
    }
    check.claims(&claims)?;
    if nonce.is_some_and(|sent| own.nonce.as_deref().is_none_or(|nonce| !sent.ct_eq(nonce))) {
        return Err(check.wrong(say!(fault_token_other_sign_in)));
    }
    check.signature(http, keys).await?;
    let names = [own.email, own.preferred_username, own.name];
    let name = names.into_iter().flatten().find(|name| !name.trim().is_empty());
    Ok(Account { name: name.unwrap_or_else(|| own.sub.clone()), subject: own.sub })
}

struct Check<'a> {
    signer: &'a Signer<'a>,
    jwt: &'a Jwt<'a>,
    what: String,
}

impl Check<'_> {
    fn wrong(&self, problem: impl Into<String>) -> Fault {
        wrong(self.signer, self.what.clone(), problem)
    }

    fn unverifiable(&self, problem: impl Into<String>) -> Fault {
        let host = self.signer.issuer.host();
        Fault::issuer(Kind::TokenUnverifiable { host, what: self.what.clone(), problem: problem.into() })
    }

    /// The claims that every token has: by whom, from when, until when.
    fn claims(&self, claims: &Claims) -> Result<(), Fault> {
        let now = Timestamp::as_second(self.signer.now) as f64;
        let issuer = self.signer.issuer;
        let own = |iss: &&str| quirk::of(issuer).signs_as(issuer.as_str(), iss);
        if let Some(found) = claims.iss.as_deref().filter(|iss| !own(iss)) {
            return Err(self.wrong(say!(fault_token_in_name, name = quoted(found))));
        }
        if claims.exp.is_some_and(|exp| exp + LEEWAY < now) {
            return Err(self.wrong(say!(fault_token_over)));
        }
        if claims.nbf.is_some_and(|nbf| nbf - LEEWAY > now) {
            return Err(self.wrong(say!(fault_token_not_yet)));
        }
        Ok(())
    }

    fn audience(&self, audience: &[String], resource: &str) -> Result<(), Fault> {
        if audience.iter().any(|one| uri::is_same(one, resource)) {
            return Ok(());
        }
        let found = audience.first().map_or_else(|| say!(fault_token_nobody), |one| quoted(one));
        Err(self.wrong(say!(fault_token_for, found = found, resource = resource)))
    }

    async fn signature(&self, http: &Http, keys: &KeyCache) -> Result<(), Fault> {
        let name = self.jwt.header.alg.as_str();
        if name.eq_ignore_ascii_case("none") {
            return Err(self.wrong(say!(fault_token_unsigned)));
        }
        if self.jwt.header.crit.is_some() {
            return Err(self.unverifiable(say!(fault_token_crit)));
        }
        let unknown = || self.unverifiable(say!(fault_token_by_server, algorithm = quoted(name)));
        let algorithm = Algorithm::parse(name).ok_or_else(unknown)?;
        let Some(url) = self.signer.jwks_uri else {
            return Err(self.unverifiable(say!(fault_token_no_keys)));
        };
        let Signer { reach, now, .. } = *self.signer;
        let keys = keys.keys(http, url, reach, (self.jwt, algorithm), now).await?;
        match keys.verifies(self.jwt, algorithm) {
            true => Ok(()),
            false => Err(self.wrong(say!(fault_token_not_its_keys))),
        }
    }
}

fn wrong(signer: &Signer<'_>, what: String, problem: impl Into<String>) -> Fault {
    Fault::issuer(Kind::TokenWrong { host: signer.issuer.host(), what, problem: problem.into() })
}

fn quoted(text: &str) -> String {
    Said::new(text).map_or_else(|| say!(fault_token_nobody), |said| said.to_string())
}
