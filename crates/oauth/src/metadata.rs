//! What an authorization server says about itself (RFC 8414, OpenID Connect Discovery).

use serde::Deserialize;
use url::Url;

use crate::address::Reach;
use crate::fault::{Fault, Kind, Party};
use crate::issuer::Issuer;
use crate::prompt;
use crate::quirk;
use crate::said::Said;
use crate::spelling::{Flag, Names, Scopes, Text};
use crate::target::Target;
use crate::uri;
use words::say;

/// Validated metadata: every endpoint is https (http on this machine) and no nearer than `reach`.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// Whose metadata this is.
    pub issuer: Issuer,
    /// Another name that the document gives the issuer, where its provider is known for that.
    pub alias: Option<Alias>,
    /// Where the person signs in.
    /// Nothing where nobody signs in by a browser (RFC 8414 §2).
    pub authorization_endpoint: Option<Url>,
    /// Where codes and refresh tokens become access tokens.
    pub token_endpoint: Url,
    /// Where sign-ins on another device begin (RFC 8628).
    pub device_authorization_endpoint: Option<Url>,
    /// Where the keys are that sign its tokens.
    pub jwks_uri: Option<Url>,
    /// How proofs of possession may be signed (RFC 9449 §5.1).
    pub dpop_signing_alg_values_supported: Option<Vec<String>>,
    /// Where clients register (RFC 7591).
    pub registration_endpoint: Option<Url>,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: Option<Url>,
    /// Where tokens are looked up (RFC 7662).
    pub introspection_endpoint: Option<Url>,
    /// Where authorization requests are pushed (RFC 9126).
    pub pushed_authorization_request_endpoint: Option<Url>,
    /// Whether they must be pushed.
    pub require_pushed_authorization_requests: bool,
    /// PKCE methods.
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// Scopes that the authorization server itself knows.
    pub scopes_supported: Option<Vec<String>>,
    /// Grant types.
    pub grant_types_supported: Option<Vec<String>>,
    /// How clients authenticate at the token endpoint.
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// How clients authenticate at the revocation endpoint.
    pub revocation_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Whether authorization answers carry `iss` (RFC 9207).
    pub iss_parameter_supported: bool,
    /// Whether a client id may be the URL of a document.
    pub client_id_metadata_document_supported: bool,
    /// Whether there was no document, and these are the defaults of MCP 2025-03-26.
    pub legacy: bool,
    /// The `prompt` by which it lets the person choose an account, if it has one.
    pub account_prompt: Option<&'static str>,
    /// How near the endpoints may be.
    pub reach: Reach,
}

/// A name that an issuer's metadata goes by although it is not the issuer's (against RFC 8414 §3.3): only for
/// providers that are known for exactly this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The issuer as its metadata names it.
    pub own: String,
    /// Whether it is a fault of the provider, of which the person should know.
    pub fault: bool,
}

#[derive(Deserialize)]
pub(crate) struct Document {
    pub(crate) issuer: String,
    #[serde(default)]
    authorization_endpoint: Text,
    #[serde(default)]
    token_endpoint: Text,
    #[serde(default)]
    device_authorization_endpoint: Text,
    #[serde(default)]
    jwks_uri: Text,
    dpop_signing_alg_values_supported: Option<Names>,
    #[serde(default)]
    registration_endpoint: Text,
    #[serde(default)]
    revocation_endpoint: Text,
    #[serde(default)]
    introspection_endpoint: Text,
    #[serde(default)]
    pushed_authorization_request_endpoint: Text,
    #[serde(default)]
    require_pushed_authorization_requests: Flag,
    code_challenge_methods_supported: Option<Names>,
    scopes_supported: Option<Scopes>,
    grant_types_supported: Option<Names>,
    token_endpoint_auth_methods_supported: Option<Names>,
    revocation_endpoint_auth_methods_supported: Option<Names>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: Flag,
    #[serde(default)]
    client_id_metadata_document_supported: Flag,
    prompt_values_supported: Option<Names>,
    /// What speaks OpenID Connect has to say (OpenID Connect Discovery §3).
    subject_types_supported: Option<Names>,
}

impl Metadata {
    /// Validates a document that was found for `issuer`, whose bytes must be the document's own `issuer`
    /// (RFC 8414 §3.3).
    pub(crate) fn accept(document: Document, issuer: &Issuer, reach: Reach) -> Result<Self, Fault> {
        let alias = alias(issuer, &document.issuer)?;
        let check = Endpoints { issuer, reach };
        let prompts = document.prompt_values_supported.as_ref().map(|list| list.0.as_slice());
        let choosing = || prompt::choosing(prompts, document.subject_types_supported.is_some());
        let account_prompt = quirk::of(issuer).account_prompt.or_else(choosing);
        Ok(Self {
            issuer: issuer.clone(),
            alias,
            authorization_endpoint: check
                .optional("authorization_endpoint", document.authorization_endpoint)?,
            token_endpoint: check.required("token_endpoint", document.token_endpoint)?,
            device_authorization_endpoint: check
                .optional("device_authorization_endpoint", document.device_authorization_endpoint)?,
            jwks_uri: check.optional("jwks_uri", document.jwks_uri)?,
            dpop_signing_alg_values_supported: document.dpop_signing_alg_values_supported.map(|list| list.0),
            registration_endpoint: check.optional("registration_endpoint", document.registration_endpoint)?,
            revocation_endpoint: check.optional("revocation_endpoint", document.revocation_endpoint)?,
            introspection_endpoint: check
                .optional("introspection_endpoint", document.introspection_endpoint)?,
            pushed_authorization_request_endpoint: check.optional(
                "pushed_authorization_request_endpoint",
                document.pushed_authorization_request_endpoint,
            )?,
            require_pushed_authorization_requests: document.require_pushed_authorization_requests.0,
            code_challenge_methods_supported: document.code_challenge_methods_supported.map(|list| list.0),
            scopes_supported: document.scopes_supported.map(|list| list.0),
            grant_types_supported: document.grant_types_supported.map(|list| list.0),
            token_endpoint_auth_methods_supported: document
                .token_endpoint_auth_methods_supported
                .map(|list| list.0),
            revocation_endpoint_auth_methods_supported: document
                .revocation_endpoint_auth_methods_supported
                .map(|list| list.0),
            iss_parameter_supported: document.authorization_response_iss_parameter_supported.0,
            client_id_metadata_document_supported: document.client_id_metadata_document_supported.0,
            legacy: false,
            account_prompt,
            reach,
        })
    }

    /// The defaults of MCP 2025-03-26, for a server that has no metadata document at all.
    pub(crate) fn legacy(issuer: &Issuer, reach: Reach) -> Self {
        let at = |path| {
            let mut url = issuer.url().clone();
            url.set_path(path);
            url
        };
        Self {
            issuer: issuer.clone(),
            alias: None,
            authorization_endpoint: Some(at("/authorize")),
            token_endpoint: at("/token"),
            device_authorization_endpoint: None,
            jwks_uri: None,
            dpop_signing_alg_values_supported: None,
            registration_endpoint: Some(at("/register")),
            revocation_endpoint: None,
            introspection_endpoint: None,
            pushed_authorization_request_endpoint: None,
            require_pushed_authorization_requests: false,
            code_challenge_methods_supported: None,
            scopes_supported: None,
            grant_types_supported: None,
            token_endpoint_auth_methods_supported: None,
            revocation_endpoint_auth_methods_supported: None,
            iss_parameter_supported: false,
            client_id_metadata_document_supported: false,
            legacy: true,
            account_prompt: None,
            reach,
        }
    }

    /// Where sign-ins on another device begin.
    ///
    /// # Errors
    /// The issuer has no such place.
    pub fn device_endpoint(&self) -> Result<&Url, Fault> {
        let nowhere = || Fault::issuer(Kind::NoDeviceSignIn { issuer: self.issuer.to_string() });
        self.device_authorization_endpoint.as_ref().ok_or_else(nowhere)
    }

    /// Whether tokens can be bound to a key of ours (RFC 9449).
    #[must_use]
    pub fn supports_dpop(&self) -> bool {
        let algorithms = self.dpop_signing_alg_values_supported.as_deref().unwrap_or_default();
        algorithms.iter().any(|algorithm| algorithm == "ES256")
    }

    /// Whether the authorization server lists this scope.
    pub(crate) fn knows_scope(&self, scope: &str) -> bool {
        self.scopes_supported.iter().flatten().any(|known| known == scope)
    }

    /// What the issuer calls itself, and therefore gives as `iss` (RFC 9207).
    pub(crate) fn own_name(&self) -> &str {
        self.alias.as_ref().map_or(self.issuer.as_str(), |alias| alias.own.as_str())
    }

    /// Whether the document promises PKCE with S256.
    pub(crate) fn promises_pkce(&self) -> bool {
        let methods = self.code_challenge_methods_supported.as_deref().unwrap_or_default();
        methods.iter().any(|method| method == "S256")
    }
}

/// Nothing where the document's own name is the issuer's, byte for byte.
fn alias(issuer: &Issuer, own: &str) -> Result<Option<Alias>, Fault> {
    if own == issuer.as_str() {
        return Ok(None);
    }
    let known = quirk::of(issuer).alias(issuer.as_str(), own);
    known.map(|fault| Some(Alias { own: own.to_owned(), fault })).ok_or_else(|| mismatch(issuer, own))
}

fn mismatch(issuer: &Issuer, found: &str) -> Fault {
    if uri::is_plain(found) && issuer.url().scheme() == "https" {
        let own = Url::parse(found).is_ok_and(|url| url.host() == issuer.url().host());
        let kind = |url| Kind::Insecure { name: say!(fault_name_issuer), url, tls_proxy: own };
        if let Some(kind) = Said::address(found).map(kind) {
            return Fault::issuer(kind);
        }
    }
    let kind = |found| Kind::IssuerMismatch { expected: issuer.clone(), found };
    let nobody = Kind::Answer { host: issuer.host(), problem: say!(fault_answer_no_issuer_named) };
    Fault::issuer(Said::address(found).map_or(nobody, kind))
}

pub(crate) struct Endpoints<'a> {
    pub(crate) issuer: &'a Issuer,
    pub(crate) reach: Reach,
}

impl Endpoints<'_> {
    fn required(&self, name: &'static str, text: Text) -> Result<Url, Fault> {
        let missing =
            || Kind::Answer { host: self.issuer.host(), problem: say!(fault_answer_without, name = name) };
        self.check(name, &text.0.ok_or_else(|| Fault::issuer(missing()))?)
    }

    fn optional(&self, name: &'static str, text: Text) -> Result<Option<Url>, Fault> {
        text.0.map(|text| self.check(name, &text)).transpose()
    }

    pub(crate) fn check(&self, name: &'static str, text: &str) -> Result<Url, Fault> {
        if let (true, Some(url)) = (uri::is_plain(text), Said::address(text)) {
            // Reached by https, it names itself by http: it does not know of the proxy in front of it.
            let own = self.issuer.url();
            let tls_proxy =
                own.scheme() == "https" && Url::parse(text).is_ok_and(|url| url.host() == own.host());
            return Err(Fault::issuer(Kind::Insecure { name: name.to_owned(), url, tls_proxy }));
        }
        let wrong = |problem| Kind::NamedUrl { host: self.issuer.host(), name: name.to_owned(), problem };
        let url = uri::parse(text).map_err(|problem| Fault::issuer(wrong(problem)))?;
        Target { url: &url, whose: Party::Issuer, reach: self.reach }.permit()?;
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultCode;

    fn checked(text: &str, reach: Reach) -> Result<Url, Fault> {
        let issuer = Issuer::parse("https://aks.example/").unwrap();
        Endpoints { issuer: &issuer, reach }.check("token_endpoint", text)
    }

    #[test]
    fn a_server_that_does_not_know_its_https_address_is_told_how() {
        let own = checked("http://aks.example:8000/token", Reach::Public).unwrap_err();
        assert_eq!(own.code(), FaultCode::InsecureEndpoint);
        assert!(own.advice().contains("--oauth-external-url"));
        let other = checked("http://other.example/token", Reach::Public).unwrap_err();
        assert!(!other.advice().contains("--oauth-external-url"));
    }

    #[test]
    fn endpoints_are_no_nearer_than_the_server() {
        for text in ["https://10.1.2.3/token", "http://127.0.0.1/token", "https://[::1]/token"] {
            assert_eq!(checked(text, Reach::Public).unwrap_err().code(), FaultCode::AddressRefused, "{text}");
        }
        assert!(checked("https://10.1.2.3/token", Reach::Private).is_ok());
        assert!(checked("http://127.0.0.1/token", Reach::Loopback).is_ok());
    }
}
