//! The `oauth` block: how to sign in to a server where discovery does not say.

use super::ConfigError;
use super::error::Location;
use super::grant::GrantChoice;
use super::oauth_written::Written;
use super::redirect::{RedirectHost, Tls};
use super::secret::{CLIENT_SECRET, PRIVATE_KEY, PrivateKey, is_same_secret, take_secret};
use ::secret::Secret;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use terms::{Algorithm, AuthMethod, ClientDocument, Issuer, Overrides, Pkce, ResourceChoice};
use url::Url;
use words::say;

/// The `oauth` block of a server. Its default is what an absent block means.
#[derive(Debug, Clone, Default)]
pub struct OauthBlock {
    /// The client registered by hand at the issuer.
    pub client_id: Option<String>,
    /// That client's secret, until it has been moved into the vault.
    pub client_secret: Option<Secret>,
    /// The port of the redirect URI; 0 means any, which is then kept.
    pub callback_port: Option<u16>,
    /// The path of the redirect URI.
    pub callback_path: Option<String>,
    /// The host of the redirect URI.
    pub redirect_host: Option<RedirectHost>,
    /// Exactly the scopes to ask for.
    pub scopes: Option<Vec<String>>,
    /// Whether the callback server speaks TLS, and with whose certificate.
    pub tls: Option<Tls>,
    /// The redirect URI as seen from outside a TLS-terminating proxy.
    pub external_url: Option<Url>,
    /// The RFC 8707 resource.
    pub resource: ResourceChoice,
    /// The issuer, where the server names none.
    pub authorization_server: Option<Issuer>,
    /// The issuer's metadata document, where it is in no well-known place.
    pub auth_server_metadata_url: Option<Url>,
    /// The document whose address is our client ID, where the issuer takes one.
    pub client_metadata_url: Option<ClientDocument>,
    /// How the client proves itself at the token endpoint.
    pub token_endpoint_auth_method: Option<AuthMethod>,
    /// What to do with an issuer that does not say that it supports PKCE.
    pub pkce: Pkce,
    /// Further parameters of the authorization request.
    pub authorize_params: BTreeMap<String, String>,
    /// By what right tokens are asked for.
    pub grant: GrantChoice,
    /// The private key of the client registered by hand.
    pub private_key: Option<PrivateKey>,
    /// How that key signs.
    pub signing_alg: Option<Algorithm>,
    /// Whether tokens are bound to a key.
    pub dpop: Dpop,
}

/// Whether tokens are bound to a key that never leaves the valet (RFC 9449).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dpop {
    /// If the server asks for it.
    #[default]
    Auto,
    /// Always.
    Required,
    /// Never.
    Off,
}

impl OauthBlock {
    /// Reads the block. Secrets are taken out first.
    pub(super) fn read(mut block: Map<String, Value>, place: &Location) -> Result<Self, ConfigError> {
        let client_secret = take_secret(&mut block, CLIENT_SECRET, place)?;
        let private_key = take_secret(&mut block, PRIVATE_KEY, place)?;
        let raw: Written = place.read(Value::Object(block))?;
        if client_secret.is_some() && raw.client_id.is_none() {
            let place = place.at("clientId");
            return Err(place.error(say!(config_client_missing), say!(config_client_missing_advice)));
        }
        if private_key.is_some() && (client_secret.is_some() || raw.client_id.is_none()) {
            let place = place.at("privateKey");
            return Err(place.error(say!(config_key_and_secret), say!(config_key_and_secret_advice)));
        }
        let mut block = raw.check(place)?.finish(client_secret, place)?;
        block.private_key = private_key.map(|key| PrivateKey::of(key, place)).transpose()?;
        Ok(block)
    }

    /// What discovery is told.
    #[must_use]
    pub fn overrides(&self) -> Overrides {
        Overrides {
            authorization_server: self.authorization_server.clone(),
            metadata_url: self.auth_server_metadata_url.clone(),
            resource: self.resource.clone(),
            // Without a browser there is no code that PKCE could protect.
            pkce: if self.grant.needs_browser() { self.pkce } else { Pkce::Assume },
            scopes: self.scopes.clone(),
            resource_refused_by: None,
            known_issuers: Vec::new(),
        }
    }
}

/// Two blocks are equal if they mean the same; secrets are compared in constant time.
impl PartialEq for OauthBlock {
    fn eq(&self, other: &Self) -> bool {
        is_same_secret(self.client_secret.as_ref(), other.client_secret.as_ref())
            && self.client_id == other.client_id
            && self.callback_port == other.callback_port
            && self.callback_path == other.callback_path
            && self.redirect_host == other.redirect_host
            && self.scopes == other.scopes
            && self.tls == other.tls
            && self.external_url == other.external_url
            && self.resource == other.resource
            && self.authorization_server == other.authorization_server
            && self.auth_server_metadata_url == other.auth_server_metadata_url
            && self.client_metadata_url == other.client_metadata_url
            && self.token_endpoint_auth_method == other.token_endpoint_auth_method
            && self.pkce == other.pkce
            && self.authorize_params == other.authorize_params
            && self.grant == other.grant
            && self.private_key == other.private_key
            && self.signing_alg == other.signing_alg
            && self.dpop == other.dpop
    }
}

impl OauthBlock {
    /// The resource that the person named, if they did.
    pub fn resource_uri(&self) -> Option<&str> {
        match &self.resource {
            ResourceChoice::Uri(uri) => Some(uri),
            ResourceChoice::Auto | ResourceChoice::Omit => None,
        }
    }

    /// Whether a file is read or a program run for the sign-in, by the valet and with its rights.
    #[must_use]
    pub fn reads_this_machine(&self) -> bool {
        matches!(self.private_key, Some(PrivateKey::File(_)))
            || matches!(self.tls, Some(Tls::Files { .. }))
            || self.grant.source().is_some()
    }

    /// The same without what is secret.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        let private_key = self.private_key.clone().filter(|key| key.pem().is_none());
        Self { client_secret: None, private_key, grant: self.grant.without_secret(), ..self.clone() }
    }

    /// What proves the client and belongs into the vault, as long as it is in the file.
    #[must_use]
    pub fn secret_in_file(&self) -> Option<&Secret> {
        self.client_secret.as_ref().or_else(|| self.private_key.as_ref().and_then(PrivateKey::pem))
    }
}
