//! The `oauth` block: how to sign in to a server where discovery does not say.

use super::ConfigError;
use super::error::Place;
use super::grant::GrantChoice;
use super::secret::{CLIENT_SECRET, PRIVATE_KEY, PrivateKey, is_same_secret, take_secret};
use ::secret::Secret;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use terms::{Algorithm, AuthMethod, ClientDocument, Issuer, Overrides, Pkce, Reach, ResourceChoice};
use url::Url;

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

/// The host of a redirect URI on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum RedirectHost {
    /// `localhost`, in both address families.
    #[serde(rename = "localhost")]
    Localhost,
    /// `127.0.0.1`.
    #[serde(rename = "127.0.0.1")]
    Ipv4,
}

impl RedirectHost {
    /// The host as it is written in a URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Localhost => "localhost",
            Self::Ipv4 => "127.0.0.1",
        }
    }
}

/// The certificate of a callback server that speaks TLS.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Tls {
    /// Our own, made once and kept in the vault.
    SelfSigned,
    /// The person's.
    Files {
        /// PEM file with the certificate chain.
        cert: PathBuf,
        /// PEM file with the private key.
        key: PathBuf,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Raw {
    client_id: Option<String>,
    #[serde(rename = "clientSecret")]
    _client_secret: Option<()>,
    callback_port: Option<u16>,
    callback_path: Option<String>,
    redirect_host: Option<RedirectHost>,
    scopes: Option<Vec<String>>,
    tls: Option<Value>,
    external_url: Option<Url>,
    resource: Option<String>,
    authorization_server: Option<String>,
    auth_server_metadata_url: Option<Url>,
    client_metadata_url: Option<String>,
    token_endpoint_auth_method: Option<RawAuthMethod>,
    pkce: Option<RawPkce>,
    #[serde(default)]
    authorize_params: BTreeMap<String, String>,
    grant: Option<Value>,
    #[serde(rename = "privateKey")]
    _private_key: Option<()>,
    signing_alg: Option<String>,
    #[serde(default)]
    dpop: Dpop,
}

#[derive(Deserialize)]
enum RawAuthMethod {
    #[serde(rename = "none")]
    None,
    #[serde(rename = "client_secret_basic")]
    Basic,
    #[serde(rename = "client_secret_post")]
    Post,
    #[serde(rename = "private_key_jwt")]
    PrivateKeyJwt,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawPkce {
    Required,
    Assume,
}

impl OauthBlock {
    /// Reads the block. Secrets are taken out first.
    pub(super) fn read(mut block: Map<String, Value>, place: &Place) -> Result<Self, ConfigError> {
        let client_secret = take_secret(&mut block, CLIENT_SECRET, place)?;
        let private_key = take_secret(&mut block, PRIVATE_KEY, place)?;
        let raw: Raw = place.read(Value::Object(block))?;
        if client_secret.is_some() && raw.client_id.is_none() {
            let place = place.at("clientId");
            return Err(place.error(
                "it is missing beside `clientSecret`",
                "Add the client ID that the secret belongs to.",
            ));
        }
        if private_key.is_some() && (client_secret.is_some() || raw.client_id.is_none()) {
            let place = place.at("privateKey");
            return Err(place.error(
                "it goes with `clientId`, and not with `clientSecret`",
                "Keep the client ID and one of the two.",
            ));
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

impl Raw {
    fn check(self, place: &Place) -> Result<Self, ConfigError> {
        if self.client_id.as_deref().is_some_and(|id| id.trim().is_empty()) {
            return Err(place
                .at("clientId")
                .error("it is empty", "Fill in the client ID, or take the key out."));
        }
        if self.client_metadata_url.is_some() && self.callback_port == Some(0) {
            let place = place.at("callbackPort");
            return Err(place.error(
                "it must be fixed beside `clientMetadataUrl`, because the document names it",
                "Write the port that is in the document, or take the key out for 3118.",
            ));
        }
        if self.callback_path.as_deref().is_some_and(|path| !is_plain_path(path)) {
            let place = place.at("callbackPath");
            return Err(place.error("this is not a plain path", "Write something like \"/callback\"."));
        }
        if let Some(scope) = self.scopes.iter().flatten().find(|scope| !is_scope(scope)) {
            let place = place.at("scopes");
            return Err(place.error(
                format!("\"{scope}\" is not one scope"),
                "Write one scope in each text of the list.",
            ));
        }
        if self.auth_server_metadata_url.as_ref().is_some_and(|url| !is_safe(url)) {
            let place = place.at("authServerMetadataUrl");
            return Err(
                place.error("this is no safe address", "Write an https URL; http only on this machine.")
            );
        }
        if let Some(name) = self.authorize_params.keys().find(|name| terms::is_reserved(name)) {
            let place = place.at("authorizeParams").at(name);
            return Err(place.error(
                "the sign-in sets this by itself",
                "Take it out; there may be a key for it in `oauth`.",
            ));
        }
        if self.external_url.as_ref().is_some_and(|url| !is_redirect_target(url)) {
            let place = place.at("externalUrl");
            return Err(place.error(
                "this cannot be a redirect URI",
                "Write an https URL with neither query nor fragment.",
            ));
        }
        Ok(self)
    }

    fn finish(self, client_secret: Option<Secret>, place: &Place) -> Result<OauthBlock, ConfigError> {
        let authorization_server =
            match self.authorization_server {
                None => None,
                Some(issuer) => Some(Issuer::parse(&issuer).map_err(|fault| {
                    place.at("authorizationServer").error(fault.to_string(), fault.advice())
                })?),
            };
        Ok(OauthBlock {
            client_id: self.client_id,
            client_secret,
            callback_port: self.callback_port,
            callback_path: self.callback_path,
            redirect_host: self.redirect_host,
            scopes: self.scopes,
            tls: read_tls(self.tls, &place.at("tls"))?,
            external_url: self.external_url,
            resource: read_resource(self.resource, &place.at("resource"))?,
            authorization_server,
            auth_server_metadata_url: self.auth_server_metadata_url,
            client_metadata_url: self
                .client_metadata_url
                .map(|url| read_document(&url, &place.at("clientMetadataUrl")))
                .transpose()?,
            token_endpoint_auth_method: self.token_endpoint_auth_method.map(|method| match method {
                RawAuthMethod::None => AuthMethod::None,
                RawAuthMethod::Basic => AuthMethod::Basic,
                RawAuthMethod::Post => AuthMethod::Post,
                RawAuthMethod::PrivateKeyJwt => AuthMethod::PrivateKeyJwt,
            }),
            pkce: match self.pkce {
                Some(RawPkce::Assume) => Pkce::Assume,
                Some(RawPkce::Required) | None => Pkce::Required,
            },
            authorize_params: self.authorize_params,
            grant: GrantChoice::read(self.grant, &place.at("grant"))?,
            private_key: None,
            signing_alg: read_algorithm(self.signing_alg.as_deref(), &place.at("signingAlg"))?,
            dpop: self.dpop,
        })
    }
}

/// The address of a client metadata document.
fn read_document(url: &str, place: &Place) -> Result<ClientDocument, ConfigError> {
    ClientDocument::parse(url).map_err(|fault| {
        place.error(fault.to_string(), "Write the https address at which you host the document.")
    })
}

fn read_tls(tls: Option<Value>, place: &Place) -> Result<Option<Tls>, ConfigError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Files {
        cert: PathBuf,
        key: PathBuf,
    }
    match tls {
        None | Some(Value::Bool(false)) => Ok(None),
        Some(Value::Bool(true)) => Ok(Some(Tls::SelfSigned)),
        Some(files @ Value::Object(_)) => {
            let Files { cert, key } = place.read(files)?;
            Ok(Some(Tls::Files { cert, key }))
        }
        Some(Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_)) => Err(place
            .error("this must be true, or name files", "Write true, or {\"cert\": \"…\", \"key\": \"…\"}.")),
    }
}

fn read_resource(resource: Option<String>, place: &Place) -> Result<ResourceChoice, ConfigError> {
    match resource.as_deref() {
        None | Some("auto") => Ok(ResourceChoice::Auto),
        Some("omit") => Ok(ResourceChoice::Omit),
        Some(uri) if Url::parse(uri).is_ok_and(|uri| uri.fragment().is_none()) => {
            Ok(ResourceChoice::Uri(uri.to_owned()))
        }
        Some(_) => Err(place.error("this is not a resource", "Write \"auto\", \"omit\" or an absolute URI.")),
    }
}

fn read_algorithm(name: Option<&str>, place: &Place) -> Result<Option<Algorithm>, ConfigError> {
    let Some(name) = name else { return Ok(None) };
    let unknown = || place.error("this algorithm is not known", "Write one such as \"ES256\" or \"RS256\".");
    Algorithm::parse(name).map(Some).ok_or_else(unknown)
}

fn is_plain_path(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
    path.starts_with('/')
        && path.len() <= 200
        && path.chars().all(plain)
        && !path.contains("//")
        && !path.contains("..")
}

/// RFC 6749 §3.3: printable ASCII without space, quote and backslash.
pub fn is_scope(scope: &str) -> bool {
    (1..=256).contains(&scope.len()) && scope.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

fn is_redirect_target(url: &Url) -> bool {
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    plain && is_safe(url)
}

/// Https, or http that stays on this machine.
fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && Reach::written(url) == Some(Reach::Loopback))
}
