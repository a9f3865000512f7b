//! Tokens that are bound to a key, and the proofs that go with each use of them (RFC 9449).

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::fault::{Fault, Kind};
use crate::jwt;
use secret::Secret;
use words::say;

/// A key that tokens are bound to, by ES256, which every issuer with DPoP knows.
#[derive(Clone)]
pub struct DpopKey {
    pkcs8: Secret,
    pair: Arc<EcdsaKeyPair>,
}

/// One request that a proof is made for.
#[derive(Debug, Clone, Copy)]
pub struct ProofRequest<'a> {
    /// The request's method.
    pub method: &'a str,
    /// Where it goes; query and fragment are no part of the proof (RFC 9449 §4.2).
    pub url: &'a Url,
    /// The token that is used with it, if one is.
    pub token: Option<&'a Secret>,
    /// What the server last wanted to see in a proof (`DPoP-Nonce`).
    pub nonce: Option<&'a str>,
}

impl DpopKey {
    /// A new key.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn generate() -> Result<Self, Fault> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        let document = document.map_err(|_| no_key())?;
        Self::restore(Secret::from(jwt::encode(document.as_ref()))).ok_or_else(no_key)
    }

    /// The key that [`DpopKey::secret`] was taken of; nothing if that is damaged.
    #[must_use]
    pub fn restore(secret: Secret) -> Option<Self> {
        let bytes = jwt::decode(secret.expose())?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &bytes, &SystemRandom::new());
        Some(Self { pkcs8: secret, pair: Arc::new(pair.ok()?) })
    }

    /// The key itself, for keeping it: PKCS #8 in base64url.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.pkcs8
    }

    /// A fresh proof for one request: the value of its `DPoP` header. It is of use to nobody else, and only
    /// once.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn proof(&self, request: &ProofRequest<'_>, now: Timestamp) -> Result<Secret, Fault> {
        let mut claims = json!({
            "jti": jwt::unique(),
            "htm": request.method,
            "htu": without_query(request.url),
            "iat": now.as_second(),
        });
        if let Some(token) = request.token {
            claims["ath"] = jwt::encode(Sha256::digest(token.expose())).into();
        }
        if let Some(nonce) = request.nonce {
            claims["nonce"] = nonce.into();
        }
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.public() });
        jwt::compose(&header, &claims, |message| {
            let made = self.pair.sign(&SystemRandom::new(), message).map_err(|_| no_key())?;
            Ok(made.as_ref().to_vec())
        })
    }

    /// The key's thumbprint (RFC 7638): its members in this order, without spaces.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let key = self.public();
        let text = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, key["x"], key["y"]);
        jwt::encode(Sha256::digest(text))
    }

    fn public(&self) -> Value {
        // An uncompressed point: a byte that says so, then 32 bytes each (SEC 1 §2.3.3).
        let point = self.pair.public_key().as_ref();
        json!({ "kty": "EC", "crv": "P-256", "x": jwt::encode(&point[1..33]), "y": jwt::encode(&point[33..]) })
    }
}

fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

fn no_key() -> Fault {
    let problem = say!(fault_setting_no_randomness);
    Fault::configuration(Kind::Setting { name: "oauth.dpop".to_owned(), problem })
}

impl fmt::Debug for DpopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DpopKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::Algorithm;
    use crate::jwks::{JwkSet, KeySet};
    use crate::jwt::Jwt;

    #[test]
    fn a_proof_is_signed_by_the_key_it_shows_and_is_for_one_request() {
        let key = DpopKey::generate().unwrap();
        let url = Url::parse("https://a.example/mcp?x=1#y").unwrap();
        let request = ProofRequest { method: "POST", url: &url, token: None, nonce: Some("n") };
        let proof = key.proof(&request, Timestamp::UNIX_EPOCH).unwrap();
        let jwt = Jwt::read(proof.expose()).unwrap();
        let set: JwkSet = serde_json::from_value(json!({ "keys": [key.public()] })).unwrap();
        assert!(KeySet::from(set).verifies(&jwt, Algorithm::Es256));
        let claims: Value = jwt.claims().unwrap();
        assert_eq!(claims["htu"], "https://a.example/mcp");
        assert_eq!((claims["htm"].as_str(), claims["nonce"].as_str()), (Some("POST"), Some("n")));
        let again = key.proof(&request, Timestamp::UNIX_EPOCH).unwrap();
        assert!(!again.ct_eq(proof.expose()));
    }

    #[test]
    fn a_kept_key_is_the_same_key() {
        let key = DpopKey::generate().unwrap();
        assert_eq!(DpopKey::restore(key.secret().clone()).unwrap().thumbprint(), key.thumbprint());
        assert!(DpopKey::restore(Secret::from("AAAA".to_owned())).is_none());
    }
}
