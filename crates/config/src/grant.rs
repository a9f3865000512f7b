//! The `grant` key: by what right tokens are asked for.

use super::ConfigError;
use super::error::Location;
use super::secret::{CLIENT_SECRET, is_same_secret, take_secret};
use ::secret::Secret;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::PathBuf;
use terms::Issuer;
use url::Url;
use words::say;

/// By what right tokens are asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum GrantChoice {
    /// The person signs in with a browser on this machine.
    #[default]
    AuthorizationCode,
    /// The person signs in with a browser anywhere (RFC 8628).
    DeviceCode,
    /// Nobody signs in.
    Unattended(Unattended),
}

/// By what right tokens are asked for when nobody signs in.
#[derive(Debug, Clone, PartialEq)]
pub enum Unattended {
    /// The client's own right (RFC 6749 §4.4).
    ClientCredentials,
    /// What the platform says of this workload (RFC 7523 §2.1).
    JwtBearer {
        /// Where the platform's word is found.
        assertion: Source,
    },
    /// What the company's identity provider says of the person.
    IdJag(Box<IdentityProvider>),
}

/// The identity provider of a company, and who the person is there.
#[derive(Debug, Clone)]
pub struct IdentityProvider {
    /// Its name.
    pub issuer: Issuer,
    /// Where it exchanges tokens.
    pub token_endpoint: Url,
    /// Our client there.
    pub client_id: String,
    /// That client's secret, until it has been moved into the vault.
    pub client_secret: Option<Secret>,
    /// Where the person's ID token is found.
    pub id_token: Source,
}

/// Where a token of another program is found. It is read each time it is needed, and never kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// In a file.
    File(PathBuf),
    /// In a variable of the valet's environment.
    Environment(String),
    /// In what a program writes to its standard output.
    Command(Vec<String>),
}

impl GrantChoice {
    /// How tokens are asked for when nobody signs in; nothing if a person has to.
    #[must_use]
    pub const fn unattended(&self) -> Option<&Unattended> {
        match self {
            Self::Unattended(unattended) => Some(unattended),
            Self::AuthorizationCode | Self::DeviceCode => None,
        }
    }

    /// Our client at a company's identity provider, where that is part of it.
    pub const fn provider(&self) -> Option<&IdentityProvider> {
        match self {
            Self::Unattended(Unattended::IdJag(provider)) => Some(provider),
            Self::AuthorizationCode | Self::DeviceCode | Self::Unattended(_) => None,
        }
    }

    /// The same without the secret of our client at the identity provider.
    pub(super) fn without_secret(&self) -> Self {
        let mut without = self.clone();
        if let Self::Unattended(Unattended::IdJag(provider)) = &mut without {
            provider.client_secret = None;
        }
        without
    }

    /// Its kind, as the configuration names it.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::DeviceCode => "device_code",
            Self::Unattended(Unattended::ClientCredentials) => "client_credentials",
            Self::Unattended(Unattended::JwtBearer { .. }) => "jwt_bearer",
            Self::Unattended(Unattended::IdJag(_)) => "id_jag",
        }
    }

    /// Whether the person comes back to this machine with a code.
    pub const fn needs_browser(&self) -> bool {
        matches!(self, Self::AuthorizationCode)
    }

    /// Where a token of another program is found, if one is needed.
    pub(super) const fn source(&self) -> Option<&Source> {
        match self {
            Self::Unattended(Unattended::JwtBearer { assertion }) => Some(assertion),
            Self::Unattended(Unattended::IdJag(provider)) => Some(&provider.id_token),
            Self::AuthorizationCode | Self::DeviceCode | Self::Unattended(_) => None,
        }
    }

    /// Reads the key. The secret is taken out first, so that no message about a wrong type can quote it.
    pub(super) fn read(value: Option<Value>, place: &Location) -> Result<Self, ConfigError> {
        let mut block = match value {
            None => return Ok(Self::default()),
            Some(Value::String(name)) => Map::from_iter([("type".to_owned(), Value::String(name))]),
            Some(Value::Object(block)) => block,
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_)) => {
                return Err(place.error(say!(config_text_or_object), "Write \"client_credentials\"."));
            }
        };
        let secret = take_secret(&mut block, CLIENT_SECRET, place)?;
        let raw: Raw = place.read(Value::Object(block))?;
        raw.finish(secret, place)
    }
}

/// Secrets are compared in constant time.
impl PartialEq for IdentityProvider {
    fn eq(&self, other: &Self) -> bool {
        is_same_secret(self.client_secret.as_ref(), other.client_secret.as_ref())
            && self.issuer == other.issuer
            && self.token_endpoint == other.token_endpoint
            && self.client_id == other.client_id
            && self.id_token == other.id_token
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Raw {
    r#type: Type,
    assertion: Option<Source>,
    issuer: Option<String>,
    token_endpoint: Option<Url>,
    client_id: Option<String>,
    id_token: Option<Source>,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Type {
    AuthorizationCode,
    DeviceCode,
    ClientCredentials,
    JwtBearer,
    IdJag,
}

impl Raw {
    fn finish(self, client_secret: Option<Secret>, place: &Location) -> Result<GrantChoice, ConfigError> {
        let missing = |key: &str| place.at(key).error(say!(config_missing), say!(config_add_key, key = key));
        self.check_nothing_else(client_secret.is_some(), place)?;
        Ok(match self.r#type {
            Type::AuthorizationCode => GrantChoice::AuthorizationCode,
            Type::DeviceCode => GrantChoice::DeviceCode,
            Type::ClientCredentials => GrantChoice::Unattended(Unattended::ClientCredentials),
            Type::JwtBearer => {
                let assertion = self.assertion.ok_or_else(|| missing("assertion"))?;
                GrantChoice::Unattended(Unattended::JwtBearer { assertion })
            }
            Type::IdJag => {
                let issuer = self.issuer.ok_or_else(|| missing("issuer"))?;
                let issuer = Issuer::parse(&issuer)
                    .map_err(|fault| place.at("issuer").error(fault.to_string(), fault.advice()))?;
                GrantChoice::Unattended(Unattended::IdJag(Box::new(IdentityProvider {
                    issuer,
                    token_endpoint: self.token_endpoint.ok_or_else(|| missing("tokenEndpoint"))?,
                    client_id: self.client_id.ok_or_else(|| missing("clientId"))?,
                    client_secret,
                    id_token: self.id_token.ok_or_else(|| missing("idToken"))?,
                })))
            }
        })
    }

    fn check_nothing_else(&self, has_secret: bool, place: &Location) -> Result<(), ConfigError> {
        let of_provider = [
            (self.issuer.is_some(), "issuer"),
            (self.token_endpoint.is_some(), "tokenEndpoint"),
            (self.client_id.is_some(), "clientId"),
            (has_secret, "clientSecret"),
            (self.id_token.is_some(), "idToken"),
        ];
        let others = of_provider.into_iter().filter(|_| self.r#type != Type::IdJag);
        let assertion = (self.assertion.is_some() && self.r#type != Type::JwtBearer, "assertion");
        match others.chain([assertion]).find(|(there, _)| *there) {
            Some((_, key)) => Err(place.at(key).error(say!(config_no_meaning), say!(config_take_out))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::path::Path;

    fn read(value: Value) -> Result<GrantChoice, ConfigError> {
        GrantChoice::read(Some(value), &Location::new(Path::new("config.json")).at("grant"))
    }

    #[test]
    fn a_short_form_and_a_long_one_mean_the_same() {
        let own = GrantChoice::Unattended(Unattended::ClientCredentials);
        assert_eq!(read(json!("client_credentials")).unwrap(), own);
        assert_eq!(read(json!({ "type": "client_credentials" })).unwrap(), own);
        let assertion = Source::Command(vec!["gcloud".to_owned()]);
        assert_eq!(
            read(json!({ "type": "jwt_bearer", "assertion": { "command": ["gcloud"] } })).unwrap(),
            GrantChoice::Unattended(Unattended::JwtBearer { assertion })
        );
    }

    #[test]
    fn what_is_missing_or_too_much_is_named() {
        let key = |value| read(value).unwrap_err().key().to_owned();
        assert_eq!(key(json!("jwt_bearer")), "grant.assertion");
        assert_eq!(key(json!({ "type": "id_jag", "issuer": "https://idp.example" })), "grant.tokenEndpoint");
        assert_eq!(key(json!({ "type": "device_code", "clientSecret": "x" })), "grant.clientSecret");
        assert_eq!(key(json!({ "type": "id_jag", "clientSecret": 42 })), "grant.clientSecret");
        assert!(read(json!("implicit")).is_err());
    }
}
