//! The body of a request to an OAuth endpoint.

use url::form_urlencoded::Serializer;

use secret::Secret;

/// Parameters, and which of them must not come back in anybody's words.
#[derive(Clone, Default)]
pub(crate) struct Parameters {
    pairs: Vec<(String, Secret)>,
    secrets: Vec<Secret>,
}

impl Parameters {
    /// The form of a token request (RFC 6749 §4).
    pub(crate) fn of_grant(grant_type: &str) -> Self {
        Self::default().with("grant_type", grant_type)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.pairs.push((name.to_owned(), Secret::from(value.to_owned())));
        self
    }

    pub(crate) fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(crate) fn with_secret(mut self, name: &str, value: &Secret) -> Self {
        self.secrets.push(value.clone());
        self.with(name, value.expose())
    }

    /// The `scope` parameter, if there are scopes (RFC 6749 §3.3).
    pub(crate) fn with_scopes(self, scopes: &[String]) -> Self {
        if scopes.is_empty() { self } else { self.with("scope", &scopes.join(" ")) }
    }

    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.secrets.iter()
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let pairs = self.pairs.iter().map(|(name, value)| (name.as_str(), value.expose()));
        Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
    }
}
