//! The compact form of signed tokens (RFC 7515 §7.1, RFC 7519).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use secret::Secret;

/// Longest token that is read, in bytes; a header of an HTTP request cannot be longer anyway.
const LIMIT: usize = 64 * 1024;

/// A token in compact form, taken apart and believed in nothing.
pub(crate) struct Jwt<'a> {
    pub(crate) header: Header,
    payload: Vec<u8>,
    /// What is signed.
    pub(crate) message: &'a str,
    pub(crate) signature: Vec<u8>,
}

/// The members of a header that count.
#[derive(Deserialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) kid: Option<String>,
    pub(crate) typ: Option<String>,
    /// Extensions that must be understood (RFC 7515 §4.1.11); none is.
    pub(crate) crit: Option<Value>,
}

impl<'a> Jwt<'a> {
    /// Takes a token apart: three parts, of which the first says by what algorithm it is signed. Anything
    /// else is opaque.
    pub(crate) fn read(token: &'a str) -> Option<Self> {
        if token.len() > LIMIT {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        Some(Self {
            header: serde_json::from_slice(&decode(header)?).ok()?,
            payload: decode(payload)?,
            message,
            signature: decode(signature)?,
        })
    }

    /// The claims.
    pub(crate) fn claims<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.payload).ok()
    }
}

/// Bytes of unpadded base64url.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

/// Bytes as unpadded base64url.
pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A name that nobody has used before: `jti` (RFC 7519 §4.1.7).
pub(crate) fn unique() -> String {
    encode(rand::random::<[u8; 16]>())
}

/// Puts a token together. `sign` signs the bytes of the first two parts.
pub(crate) fn compose<E>(
    header: &Value,
    claims: &Value,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<Secret, E> {
    let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    let signature = encode(sign(message.as_bytes())?);
    Ok(Secret::from(format!("{message}.{signature}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_jwt(token: &str) -> bool {
        Jwt::read(token).is_some()
    }

    #[test]
    fn what_has_not_three_parts_and_an_algorithm_is_opaque() {
        let header = encode(r#"{"alg":"none"}"#);
        assert!(is_jwt(&format!("{header}.e30.")));
        for opaque in ["", "abc", "a.b.c", "..", &header, &format!("{header}.e30"), "e30.e30.e30"] {
            assert!(!is_jwt(opaque), "{opaque}");
        }
        assert!(!is_jwt(&format!("{header}.e30.e30.e30")));
        assert!(!is_jwt(&format!("{header}=.e30.e30")));
    }
}
