use http::{HeaderMap, header};

use crate::error::{Code, OAuthError};
use crate::secret::Secret;

/// The parameters of one OAuth request. No `Debug`: codes, tokens and secrets are among them.
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// The parameters of a query.
    pub(crate) fn of_query(query: Option<&str>) -> Self {
        Self::decode(query.unwrap_or_default().as_bytes())
    }

    /// The parameters of a form body.
    ///
    /// # Errors
    /// `invalid_request` if the body is not declared as a form (RFC 6749 §4.1.3 and appendix B).
    pub(crate) fn of_form(headers: &HeaderMap, body: &[u8]) -> Result<Self, OAuthError> {
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
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that may be absent.
    ///
    /// # Errors
    /// `invalid_request` if it comes twice (RFC 6749 §3.1).
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, OAuthError> {
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
    pub(crate) fn need(&self, name: &str, absent: &'static str) -> Result<&str, OAuthError> {
        self.one(name)?.ok_or(OAuthError::new(Code::InvalidRequest, absent))
    }

    /// As [`Params::need`], for a secret.
    ///
    /// # Errors
    /// `invalid_request` if it is absent or comes twice.
    pub(crate) fn need_secret(&self, name: &str, absent: &'static str) -> Result<Secret, OAuthError> {
        self.need(name, absent).map(|text| Secret::new(text.to_owned()))
    }

    /// Checks that the resource asked for is `resource`, byte for byte, and nothing else (RFC 8707 §2).
    ///
    /// # Errors
    /// `invalid_target` if it is missing or another one: MCP clients always send it.
    pub(crate) fn check_resource(&self, resource: &str) -> Result<(), OAuthError> {
        let mut asked = self.all("resource").peekable();
        if asked.peek().is_none() {
            return Err(OAuthError::new(Code::InvalidTarget, "resource is missing; MCP requires it"));
        }
        if asked.any(|one| one != resource) {
            return Err(OAuthError::new(
                Code::InvalidTarget,
                "there is only one resource here, the MCP endpoint",
            ));
        }
        Ok(())
    }
}
