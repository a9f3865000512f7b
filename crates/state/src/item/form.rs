//! How what is kept becomes text: forms of types that are not to be written anywhere else.

use jiff::Timestamp;
use oauth::{Algorithm, AuthMethod, Client, DpopKey, Reach, Secret, SigningKey};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Client")]
pub(super) struct ClientForm {
    id: String,
    #[serde(with = "kept_option")]
    secret: Option<Secret>,
    #[serde(default, with = "kept_client_key")]
    key: Option<SigningKey>,
    #[serde(with = "AuthMethodForm")]
    auth: AuthMethod,
    secret_expires_at: Option<Timestamp>,
    #[serde(with = "kept_option")]
    registration_access_token: Option<Secret>,
    registration_client_uri: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AuthMethod", rename_all = "snake_case")]
enum AuthMethodForm {
    None,
    Basic,
    Post,
    PrivateKeyJwt,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Reach", rename_all = "snake_case")]
pub(super) enum ReachForm {
    Public,
    Private,
    Loopback,
}

pub(super) mod kept_method {
    use super::{AuthMethod, AuthMethodForm, Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct KeptMethod(#[serde(with = "AuthMethodForm")] AuthMethod);

    pub(in crate::item) fn serialize<S: serde::Serializer>(
        method: &Option<AuthMethod>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        method.map(KeptMethod).serialize(to)
    }

    pub(in crate::item) fn deserialize<'de, D: serde::Deserializer<'de>>(
        from: D,
    ) -> Result<Option<AuthMethod>, D::Error> {
        Ok(Option::<KeptMethod>::deserialize(from)?.map(|form| form.0))
    }
}

/// The one way by which a secret becomes bytes: into the vault.
pub(crate) mod kept {
    use super::{Deserialize, Secret};

    pub(crate) fn serialize<S: serde::Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(secret.expose())
    }

    pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        String::deserialize(from).map(Secret::from)
    }
}

pub(super) mod kept_key {
    use super::{DpopKey, Secret, kept_option};
    use serde::de::Error;

    pub(in crate::item) fn serialize<S: serde::Serializer>(
        key: &Option<DpopKey>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        kept_option::serialize(&key.as_ref().map(|key| key.secret().clone()), to)
    }

    pub(in crate::item) fn deserialize<'de, D: serde::Deserializer<'de>>(
        from: D,
    ) -> Result<Option<DpopKey>, D::Error> {
        let kept: Option<Secret> = kept_option::deserialize(from)?;
        let restored = |secret| DpopKey::restore(secret).ok_or_else(|| D::Error::custom("a damaged key"));
        kept.map(restored).transpose()
    }
}

mod kept_client_key {
    use super::{Algorithm, Deserialize, Secret, Serialize, SigningKey, kept};
    use serde::de::Error;

    #[derive(Serialize, Deserialize)]
    struct KeptClientKey {
        #[serde(with = "kept")]
        pem: Secret,
        algorithm: String,
    }

    pub(in crate::item) fn serialize<S: serde::Serializer>(
        key: &Option<SigningKey>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let form = key.as_ref().map(|key| KeptClientKey {
            pem: key.pem().clone(),
            algorithm: key.algorithm().as_str().to_owned(),
        });
        form.serialize(to)
    }

    pub(in crate::item) fn deserialize<'de, D: serde::Deserializer<'de>>(
        from: D,
    ) -> Result<Option<SigningKey>, D::Error> {
        let Some(form) = Option::<KeptClientKey>::deserialize(from)? else { return Ok(None) };
        let algorithm = Algorithm::parse(&form.algorithm);
        SigningKey::parse(&form.pem, algorithm).map(Some).map_err(D::Error::custom)
    }
}

pub(super) mod kept_option {
    use super::{Deserialize, Secret};

    pub(in crate::item) fn serialize<S: serde::Serializer>(
        secret: &Option<Secret>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match secret {
            Some(secret) => to.serialize_some(secret.expose()),
            None => to.serialize_none(),
        }
    }

    pub(in crate::item) fn deserialize<'de, D: serde::Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Secret>, D::Error> {
        Option::<String>::deserialize(from).map(|secret| secret.map(Secret::from))
    }
}
