//! What a token endpoint answers (RFC 6749 §5).

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use oauth2::{AccessToken, RefreshToken, TokenResponse};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::fault::{Fault, Kind};
use crate::full_response::FullResponse;
use crate::lifetime;
use crate::mask::Mask;
use crate::parameters::Parameters;
use crate::quirk;
use crate::said::Said;
use crate::spelling::{Lifetime, Scopes, Text, TokenType};
use crate::token::Tokens;
use secret::Secret;
use words::say;

/// A successful answer, before its values are judged.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    access_token: AccessToken,
    #[serde(default)]
    token_type: TokenType,
    #[serde(default)]
    expires_in: Lifetime,
    #[serde(default, deserialize_with = "refresh_token")]
    refresh_token: Option<RefreshToken>,
    #[serde(default)]
    scope: Scopes,
    #[serde(default)]
    id_token: Text,
}

fn refresh_token<'de, D: Deserializer<'de>>(from: D) -> Result<Option<RefreshToken>, D::Error> {
    Ok(Text::deserialize(from)?.0.map(RefreshToken::new))
}

impl TokenAnswer {
    /// Judges the values: a token of the type that was asked for, and a sane expiry. What else it says is
    /// kept and told, and so holds none of `sent` and of what was issued.
    pub(crate) fn into_tokens(self, endpoint: &Endpoint<'_>, sent: &[&Secret]) -> Result<Tokens, Fault> {
        let target = endpoint.target();
        let secrets = self.secrets(sent);
        if let Some(wanted) = self.lacks(endpoint) {
            let found = Said::new(secrets.text(self.token_type.said()));
            return Err(target.fault(Kind::TokenType { host: target.host(), found, wanted }));
        }
        let access = Secret::from(self.access_token.into_secret());
        if !is_header_value(access.expose()) {
            let problem = say!(fault_answer_no_token);
            return Err(target.fault(Kind::Answer { host: target.host(), problem }));
        }
        // Scopes are shown to everybody.
        let told: Vec<String> =
            self.scope.0.into_iter().filter(|scope| !secrets.hides(scope.as_bytes())).collect();
        // Of whom it speaks is shown as well. Some issuers give one token twice, as access and as ID token.
        let names = Mask::of(sent.iter().copied());
        // What the token says of itself is what its server goes by.
        let lives = [self.expires_in.0, lifetime::of(&access, endpoint.now)];
        Ok(Tokens {
            access,
            refresh: self.refresh_token.map(|token| Secret::from(token.into_secret())),
            expires_in: lives.into_iter().flatten().min(),
            scopes: Some(told).filter(|scopes| !scopes.is_empty()),
            id_token: self.id_token.0.filter(|token| !names.hides(token.as_bytes())).map(Secret::from),
        })
    }

    /// The type that was asked for, if the token is of another.
    fn lacks(&self, endpoint: &Endpoint<'_>) -> Option<&'static str> {
        let said = self.token_type.said();
        if endpoint.dpop.is_some() {
            return (!said.eq_ignore_ascii_case("DPoP")).then_some("DPoP");
        }
        let known = quirk::of(endpoint.issuer).bearer_types;
        let is_bearer =
            self.token_type.is_bearer() || known.iter().any(|known| said.eq_ignore_ascii_case(known));
        (!is_bearer).then_some("Bearer")
    }
}

impl TokenAnswer {
    /// What must not be said again by what else is in the answer.
    fn secrets(&self, sent: &[&Secret]) -> Mask {
        let refresh = self.refresh_token.as_ref().map(|token| token.secret().clone());
        let all = [Some(self.access_token.secret().clone()), refresh];
        let all: Vec<Secret> = all.into_iter().flatten().map(Secret::from).collect();
        Mask::of(sent.iter().copied().chain(&all))
    }
}

/// Visible ASCII, as a header needs it; RFC 6750 §2.1 allows even less.
fn is_header_value(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

#[derive(Default, Deserialize)]
struct Refusal {
    access_token: Option<Value>,
    error: Option<Value>,
    error_description: Option<Value>,
}

/// Faults unless this is an answer with tokens. Some providers answer 200 with an error inside, and some
/// repeat what they were sent: words that hold one of `secrets` are not kept.
pub(crate) fn check(answer: &FullResponse, secrets: &[&Secret]) -> Result<(), Fault> {
    let refusal: Refusal = match answer.json() {
        Ok(refusal) => refusal,
        Err(fault) if answer.status.is_success() => return Err(fault),
        Err(_) => Refusal::default(),
    };
    let success = answer.status.is_success() && (refusal.access_token.is_some() || refusal.error.is_none());
    if success { Ok(()) } else { Err(refused(answer, &refusal, secrets)) }
}

fn refused(answer: &FullResponse, refusal: &Refusal, secrets: &[&Secret]) -> Fault {
    let host = answer.host.clone();
    let issued = refusal.access_token.as_ref().and_then(Value::as_str).map(|token| token.to_owned().into());
    let mask = Mask::of(secrets.iter().copied().chain(&issued));
    let discreet = |words: &&str| !mask.hides(words.as_bytes());
    let text =
        |value: &Option<Value>| value.as_ref().and_then(Value::as_str).filter(discreet).and_then(Said::new);
    let (error, said) = (text(&refusal.error), text(&refusal.error_description));
    let Some(error) = error else {
        return answer.fault(Kind::Status { host, status: answer.status.as_u16() });
    };
    let quirk = quirk::at(&host);
    // Providers with words of their own say them with status 200.
    let ends = matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED)
        || (answer.status == StatusCode::OK && error.as_str() != "invalid_grant");
    let is = |known: &[&str]| known.contains(&error.as_str());
    if ends && is(quirk.grant_over) {
        return answer.fault(Kind::InvalidGrant { host, said: said.or_else(|| own_words(&error)) });
    }
    if is(quirk.client_refused) {
        return answer.fault(Kind::InvalidClient { host, said: said.or_else(|| own_words(&error)) });
    }
    answer.fault(Kind::Provider { host, error, said })
}

/// The error itself, where it is not one that everybody knows.
fn own_words(error: &Said) -> Option<Said> {
    (!error.as_str().starts_with("invalid_")).then(|| error.clone())
}

/// The tokens of an answer to `form`.
pub(crate) fn tokens(
    answer: &FullResponse,
    endpoint: &Endpoint<'_>,
    form: &Parameters,
) -> Result<Tokens, Fault> {
    let sent = endpoint.secrets(form.secrets());
    check(answer, &sent)?;
    answer.json::<TokenAnswer>()?.into_tokens(endpoint, &sent)
}

impl oauth2::TokenType for TokenType {}

impl TokenResponse for TokenAnswer {
    type TokenType = TokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &TokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.0
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    /// Told in `into_tokens`, which knows what must not be said again.
    fn scopes(&self) -> Option<&Vec<oauth2::Scope>> {
        None
    }
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenAnswer")
    }
}

/// The `oauth2` crate asks for it; tokens are never written.
impl Serialize for TokenAnswer {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("tokens are not serialized"))
    }
}
