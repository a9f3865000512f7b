//! Access tokens as signed JWTs (RFC 9068), with one key and one algorithm, EdDSA over Ed25519 (RFC 8037).

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use provider::{Digest, Secret, UnixSeconds};
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The claims of an access token (RFC 9068 §2.2).
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) aud: String,
    pub(crate) exp: UnixSeconds,
    pub(crate) iat: UnixSeconds,
    pub(crate) jti: String,
    pub(crate) client_id: String,
    pub(crate) scope: String,
}

/// The signing key of this run.
pub(crate) struct Key {
    pair: Ed25519KeyPair,
    id: String,
    header: String,
}

/// The system gave no key.
#[derive(Debug, thiserror::Error)]
#[error("no signing key could be made")]
pub(crate) struct NoKey;

impl Key {
    /// A new key. Tokens of an earlier run are worthless, like everything else of it.
    ///
    /// # Errors
    /// [`NoKey`] if the system has no randomness to give.
    pub(crate) fn generate() -> Result<Self, NoKey> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| NoKey)?;
        let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).map_err(|_| NoKey)?;
        // The key's thumbprint: these members, in this order, without spaces (RFC 7638 §3, RFC 8037 §2).
        let thumbprint = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, public_x(&pair));
        let id = Digest::of(&thumbprint).base64url();
        let header = json!({"typ": "at+jwt", "alg": "EdDSA", "kid": id});
        Ok(Self { pair, id, header: BASE64_URL_SAFE_NO_PAD.encode(header.to_string()) })
    }

    /// The public half as a key set (RFC 7517 §5).
    pub(crate) fn jwks(&self) -> Value {
        let x = public_x(&self.pair);
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.id, "use": "sig", "alg": "EdDSA"}]})
    }

    /// Signs claims (RFC 7515 §7.1).
    pub(crate) fn sign(&self, claims: &Claims) -> Secret {
        let claims = BASE64_URL_SAFE_NO_PAD.encode(json!(claims).to_string());
        let message = format!("{}.{claims}", self.header);
        let signature = BASE64_URL_SAFE_NO_PAD.encode(self.pair.sign(message.as_bytes()));
        Secret::new(format!("{message}.{signature}"))
    }

    /// The claims of a token that this key signed; `None` for any other.
    ///
    /// The header has to be ours byte for byte, which leaves nothing of it to interpret: no `alg` to confuse,
    /// no key to be told about (RFC 8725 §3.1).
    pub(crate) fn open(&self, token: &str) -> Option<Claims> {
        let (message, signature) = token.rsplit_once('.')?;
        let claims = message.strip_prefix(&self.header)?.strip_prefix('.')?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = UnparsedPublicKey::new(&ED25519, self.pair.public_key());
        key.verify(message.as_bytes(), &signature).ok()?;
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

fn public_x(pair: &Ed25519KeyPair) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(pair.public_key())
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};

    use super::{Claims, Key};

    fn claims() -> Claims {
        let text = |s: &str| s.to_owned();
        let (iss, sub, aud) = (text("i"), text("ada"), text("r"));
        Claims {
            iss,
            sub,
            aud,
            exp: 2,
            iat: 1,
            jti: text("j"),
            client_id: text("c"),
            scope: text("demo:read"),
        }
    }

    #[test]
    fn a_key_opens_what_it_signed_and_nothing_else() {
        let (ours, other) = (Key::generate().unwrap(), Key::generate().unwrap());
        assert_eq!(ours.open(ours.sign(&claims()).expose()).unwrap().sub, "ada");
        assert!(ours.open(other.sign(&claims()).expose()).is_none());
    }

    #[test]
    fn a_changed_claim_or_an_unsigned_header_does_not_open() {
        let key = Key::generate().unwrap();
        let token = key.sign(&claims()).expose().to_owned();
        let parts: Vec<_> = token.split('.').collect();
        let root = BASE64_URL_SAFE_NO_PAD.encode(r#"{"sub":"root"}"#);
        assert!(key.open(&format!("{}.{root}.{}", parts[0], parts[2])).is_none());
        let none = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        assert!(key.open(&format!("{none}.{}.", parts[1])).is_none());
        assert!(key.open("").is_none() && key.open("..").is_none());
    }
}
