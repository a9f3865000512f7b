//! What the browser brings back (RFC 6749 §4.1.2, RFC 9207).

use std::fmt;

use jiff::Timestamp;
use oauth2::RedirectUrl;
use url::Url;

use crate::address::Reach;
use crate::authorization::Pending;
use crate::fault::{Fault, Kind, Party};
use crate::issuer::Issuer;
use crate::said::Said;
use secret::Secret;
use words::say;

/// Longest query that is read, in bytes.
const LIMIT: usize = 8 * 1024;

/// The errors of RFC 6749 §4.1.2.1.
const ERRORS: [&str; 7] = [
    "access_denied",
    "invalid_request",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_response_type",
];

/// The query of a callback, strictly read. It is foreign until [`Pending::check`] has passed.
pub struct CallbackQuery {
    state: Secret,
    iss: Option<String>,
    outcome: Outcome,
}

enum Outcome {
    Code(Secret),
    Error { error: String, description: Option<String> },
}

/// Why a query is no callback. It spends no sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCallback {
    /// More than 8 KiB.
    #[error("{}", say!(fault_callback_long))]
    TooLong,
    /// A broken percent escape, or text that is not UTF-8.
    #[error("{}", say!(fault_callback_malformed))]
    Malformed,
    /// A parameter occurs twice (RFC 6749 §3.1).
    #[error("{}", say!(fault_callback_twice))]
    Duplicate,
    /// No state, or an empty one.
    #[error("{}", say!(fault_callback_stateless))]
    NoState,
    /// Both a code and an error, or neither.
    #[error("{}", say!(fault_callback_neither))]
    Ambiguous,
}

impl CallbackQuery {
    /// Reads a query, without its `?`.
    ///
    /// # Errors
    /// See [`BadCallback`].
    pub fn parse(query: &str) -> Result<Self, BadCallback> {
        if query.len() > LIMIT {
            return Err(BadCallback::TooLong);
        }
        let mut fields = Fields::parse(query)?;
        let state = fields.take("state").filter(|state| !state.is_empty()).ok_or(BadCallback::NoState)?;
        let iss = fields.take("iss");
        let code = fields.take("code").filter(|code| !code.is_empty());
        let outcome = match (code, fields.take("error")) {
            (Some(code), None) => Outcome::Code(code.into()),
            (None, Some(error)) => Outcome::Error { error, description: fields.take("error_description") },
            _ => return Err(BadCallback::Ambiguous),
        };
        Ok(Self { state: state.into(), iss, outcome })
    }

    /// The state, for finding the sign-in it belongs to.
    #[must_use]
    pub fn state(&self) -> &str {
        self.state.expose()
    }
}

impl fmt::Debug for CallbackQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackQuery")
    }
}

struct Fields(Vec<(String, String)>);

impl Fields {
    fn parse(query: &str) -> Result<Self, BadCallback> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(BadCallback::Duplicate);
            }
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(at).1)
    }
}

/// Undoes form encoding. Unlike browsers, a broken escape is an error and not itself.
fn decode(text: &str) -> Result<String, BadCallback> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next())? << 4 | hex(rest.next())?,
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| BadCallback::Malformed)
}

fn hex(digit: Option<u8>) -> Result<u8, BadCallback> {
    match digit {
        Some(digit @ b'0'..=b'9') => Ok(digit - b'0'),
        Some(digit @ b'a'..=b'f') => Ok(digit - b'a' + 10),
        Some(digit @ b'A'..=b'F') => Ok(digit - b'A' + 10),
        Some(_) | None => Err(BadCallback::Malformed),
    }
}

/// An authorization code, with all that its exchange needs.
pub struct Code {
    pub(crate) code: Secret,
    pub(crate) verifier: Secret,
    pub(crate) nonce: Option<Secret>,
    pub(crate) issuer: Issuer,
    pub(crate) token_endpoint: Url,
    pub(crate) redirect_uri: RedirectUrl,
    pub(crate) resource: Option<String>,
    pub(crate) reach: Reach,
}

impl Code {
    /// Who issued it.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// What an ID token must repeat, if one was asked for.
    #[must_use]
    pub fn nonce(&self) -> Option<&Secret> {
        self.nonce.as_ref()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Code").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Pending {
    /// Whether this answer may be acted on, without spending the sign-in: a wrong state, a wrong `iss`
    /// (compared byte for byte), or a missing one that was promised, must not let anyone end a sign-in.
    ///
    /// # Errors
    /// The answer belongs to no open sign-in, or is not from its issuer.
    pub fn check(&self, query: &CallbackQuery, now: Timestamp) -> Result<(), Fault> {
        if !self.matches_state(query.state()) {
            return Err(Fault::new(Party::Person, Kind::UnknownState));
        }
        if self.is_expired(now) {
            return Err(Fault::new(Party::Person, Kind::AttemptExpired));
        }
        let wrong = match (&query.iss, &query.outcome) {
            (Some(iss), _) => *iss != self.iss,
            (None, Outcome::Code(_)) => self.iss_promised,
            // Fails in `accept`, in our own words.
            (None, Outcome::Error { .. }) => false,
        };
        match wrong {
            true => Err(Fault::issuer(Kind::CallbackIssuer { issuer: self.issuer.to_string() })),
            false => Ok(()),
        }
    }

    /// Ends the sign-in with this answer.
    ///
    /// # Errors
    /// As [`Pending::check`]; or the issuer reports an error, of which the person's refusal is a kind of its
    /// own. Words of an error that lacks a promised `iss` (RFC 9207 §2.4) are not shown.
    pub fn accept(self, query: CallbackQuery, now: Timestamp) -> Result<Code, Fault> {
        self.check(&query, now)?;
        match query.outcome {
            Outcome::Code(code) => Ok(Code {
                code,
                verifier: self.verifier,
                nonce: self.nonce,
                issuer: self.issuer,
                token_endpoint: self.token_endpoint,
                redirect_uri: self.redirect_uri,
                resource: self.resource,
                reach: self.reach,
            }),
            Outcome::Error { error, .. } if self.iss_promised && query.iss.is_none() => {
                Err(unsigned(&self.issuer, &error))
            }
            Outcome::Error { error, description } => {
                Err(reported(&self.issuer, &error, description.as_deref()))
            }
        }
    }
}

/// Anybody may have sent it, so that no word of its own is shown: only a name that everybody knows.
fn unsigned(issuer: &Issuer, error: &str) -> Fault {
    let known = ERRORS.into_iter().find(|known| *known == error);
    let what = known.map_or_else(|| say!(fault_callback_an_error), str::to_owned);
    Fault::issuer(Kind::CallbackUnsigned { issuer: issuer.to_string(), what })
}

fn reported(issuer: &Issuer, error: &str, description: Option<&str>) -> Fault {
    let said = description.and_then(Said::new);
    if error == "access_denied" {
        return Fault::new(Party::Person, Kind::AccessDenied { host: issuer.host(), said });
    }
    match Said::new(error) {
        Some(error) => Fault::issuer(Kind::Provider { host: issuer.host(), error, said }),
        None => {
            let problem = say!(fault_answer_nameless_error);
            Fault::issuer(Kind::Answer { host: issuer.host(), problem })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(query: &str) -> BadCallback {
        CallbackQuery::parse(query).unwrap_err()
    }

    #[test]
    fn exactly_one_of_code_and_error_is_wanted() {
        assert!(CallbackQuery::parse("code=a&state=b&iss=c&session_state=d").is_ok());
        assert!(CallbackQuery::parse("error=access_denied&state=b").is_ok());
        assert_eq!(bad("code=a&error=b&state=c"), BadCallback::Ambiguous);
        assert_eq!(bad("state=c"), BadCallback::Ambiguous);
        assert_eq!(bad("code=&state=c"), BadCallback::Ambiguous);
    }

    #[test]
    fn a_parameter_occurs_once() {
        assert_eq!(bad("code=a&state=b&state=b"), BadCallback::Duplicate);
        assert_eq!(bad("code=a&%63ode=b&state=b"), BadCallback::Duplicate);
        assert_eq!(bad("code=a&state=b&iss=a&iss=b"), BadCallback::Duplicate);
    }

    #[test]
    fn a_state_is_wanted() {
        assert_eq!(bad("code=a"), BadCallback::NoState);
        assert_eq!(bad("code=a&state="), BadCallback::NoState);
    }

    #[test]
    fn broken_text_is_refused() {
        for query in ["code=%", "code=%4", "code=%zz", "code=%ff&state=a", "code=%c0%80&state=a"] {
            assert_eq!(bad(query), BadCallback::Malformed, "{query}");
        }
        assert_eq!(bad(&format!("code={}&state=a", "x".repeat(LIMIT))), BadCallback::TooLong);
        assert_eq!(CallbackQuery::parse("code=a&state=%C3%A9+b").unwrap().state(), "\u{e9} b");
    }
}
