//! The `oauth` block as it is written in the file, before it is known to mean something.

use super::ConfigError;
use super::error::Location;
use super::grant::GrantChoice;
use super::oauth_block::{Dpop, OauthBlock};
use super::redirect::{RedirectHost, Tls};
use ::secret::Secret;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use terms::{Algorithm, AuthMethod, ClientDocument, Issuer, Pkce, Reach, ResourceChoice};
use url::Url;
use words::say;

/// The block as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Written {
    pub(super) client_id: Option<String>,
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
    token_endpoint_auth_method: Option<WrittenMethod>,
    pkce: Option<WrittenPkce>,
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
enum WrittenMethod {
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
enum WrittenPkce {
    Required,
    Assume,
}

impl Written {
    /// Refuses what has no meaning here, by its key.
    pub(super) fn check(self, place: &Location) -> Result<Self, ConfigError> {
        if self.client_id.as_deref().is_some_and(|id| id.trim().is_empty()) {
            return Err(place
                .at("clientId")
                .error(say!(config_client_empty), say!(config_client_empty_advice)));
        }
        if self.client_metadata_url.is_some() && self.callback_port == Some(0) {
            let place = place.at("callbackPort");
            return Err(place.error(say!(config_port_open), say!(config_port_open_advice)));
        }
        if self.callback_path.as_deref().is_some_and(|path| !is_plain_path(path)) {
            let place = place.at("callbackPath");
            return Err(place.error(say!(config_no_path), say!(config_no_path_advice)));
        }
        if let Some(scope) = self.scopes.iter().flatten().find(|scope| !is_scope(scope)) {
            let place = place.at("scopes");
            return Err(place.error(say!(config_no_scope, scope = scope), say!(config_no_scope_advice)));
        }
        if self.auth_server_metadata_url.as_ref().is_some_and(|url| !is_safe(url)) {
            let place = place.at("authServerMetadataUrl");
            return Err(place.error(say!(config_unsafe_address), say!(config_unsafe_address_advice)));
        }
        if let Some(name) = self.authorize_params.keys().find(|name| terms::is_reserved(name)) {
            let place = place.at("authorizeParams").at(name);
            return Err(place.error(say!(config_set_by_itself), say!(config_set_by_itself_advice)));
        }
        if self.external_url.as_ref().is_some_and(|url| !is_redirect_target(url)) {
            let place = place.at("externalUrl");
            return Err(place.error(say!(config_no_redirect_uri), say!(config_no_redirect_uri_advice)));
        }
        Ok(self)
    }

    /// What it means, once it was checked.
    pub(super) fn finish(
        self,
        client_secret: Option<Secret>,
        place: &Location,
    ) -> Result<OauthBlock, ConfigError> {
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
                WrittenMethod::None => AuthMethod::None,
                WrittenMethod::Basic => AuthMethod::Basic,
                WrittenMethod::Post => AuthMethod::Post,
                WrittenMethod::PrivateKeyJwt => AuthMethod::PrivateKeyJwt,
            }),
            pkce: match self.pkce {
                Some(WrittenPkce::Assume) => Pkce::Assume,
                Some(WrittenPkce::Required) | None => Pkce::Required,
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
fn read_document(url: &str, place: &Location) -> Result<ClientDocument, ConfigError> {
    ClientDocument::parse(url).map_err(|fault| place.error(fault.to_string(), say!(config_document_advice)))
}

fn read_tls(tls: Option<Value>, place: &Location) -> Result<Option<Tls>, ConfigError> {
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
        Some(Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            Err(place.error(say!(config_tls), say!(config_tls_advice)))
        }
    }
}

fn read_resource(resource: Option<String>, place: &Location) -> Result<ResourceChoice, ConfigError> {
    match resource.as_deref() {
        None | Some("auto") => Ok(ResourceChoice::Auto),
        Some("omit") => Ok(ResourceChoice::Omit),
        Some(uri) if Url::parse(uri).is_ok_and(|uri| uri.fragment().is_none()) => {
            Ok(ResourceChoice::Uri(uri.to_owned()))
        }
        Some(_) => Err(place.error(say!(config_no_resource), say!(config_no_resource_advice))),
    }
}

fn read_algorithm(name: Option<&str>, place: &Location) -> Result<Option<Algorithm>, ConfigError> {
    let Some(name) = name else { return Ok(None) };
    let unknown = || place.error(say!(config_no_algorithm), say!(config_no_algorithm_advice));
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
