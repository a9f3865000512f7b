use http::{HeaderMap, header};

use crate::error::{Code, OAuthError};
use crate::secret::Secret;

/// The parameters of one OAuth request. No `Debug`: codes, tokens and secrets are among them.
pub struct Params(Vec<(String, String)>);

impl Params {
    /// The parameters of a query.
    pub fn of_query(query: Option<&str>) -> Self {
        Self::decode(query.unwrap_or_default().as_bytes())
    }

    /// The parameters of a form body.
    ///
    /// # Errors
    /// `invalid_request` if the body is not declared as a form (RFC 6749 §4.1.3 and appendix B).
    pub fn of_form(headers: &HeaderMap, body: &[u8]) -> Result<Self, OAuthError> {
        const FORM: &str = "application/x-www-form-urlencoded";
        let kind =
            headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case(FORM) {
            return Err(OAuthError::new(
                Code::InvalidRequest,
                "the body must be application/x-www-form-urlencoded",
            ));
        }
        Ok(Self::decode(body))
    }

    fn decode(encoded: &[u8]) -> Self {
        // RFC 6749 §3.1: a parameter without a value is treated as omitted.
        let pairs = url::form_urlencoded::parse(encoded).into_owned();
        Self(pairs.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// All values of a parameter; only `resource` may have several (RFC 8707 §2).
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that may be absent.
    ///
    /// # Errors
    /// `invalid_request` if it comes twice (RFC 6749 §3.1).
    pub fn one(&self, name: &str) -> Result<Option<&str>, OAuthError> {
        let mut values = self.all(name);
        let first = values.next();
        if values.next().is_some() {
            return Err(OAuthError::new(Code::InvalidRequest, "a parameter is there twice"));
        }
        Ok(first)
    }

    /// A parameter that must be there; `absent` says so to the client's author.
    ///
    /// # Errors
    /// `invalid_request` if it is absent or comes twice.
    pub fn need(&self, name: &str, absent: &'static str) -> Result<&str, OAuthError> {
        self.one(name)?.ok_or(OAuthError::new(Code::InvalidRequest, absent))
    }

    /// As [`Params::need`], for a secret.
    ///
    /// # Errors
    /// `invalid_request` if it is absent or comes twice.
    pub fn need_secret(&self, name: &str, absent: &'static str) -> Result<Secret, OAuthError> {
        self.need(name, absent).map(|text| Secret::new(text.to_owned()))
    }

    /// The one resource that is asked for (RFC 8707 §2), if that is one which `serves` knows.
    ///
    /// # Errors
    /// `invalid_target` if there is none, more than one, or another: MCP clients always send it.
    pub fn resource(&self, serves: impl Fn(&str) -> bool) -> Result<String, OAuthError> {
        let mut asked = self.all("resource");
        let refused = |why| Err(OAuthError::new(Code::InvalidTarget, why));
        let Some(first) = asked.next() else { return refused("resource is missing; MCP requires it") };
        if asked.any(|other| other != first) {
            return refused("a token is for one resource");
        }
        if !serves(first) {
            return refused("there is no such resource here");
        }
        Ok(first.to_owned())
    }
}
