//! The keys by which an issuer's tokens are checked (RFC 7517).

use ring::signature::{RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;

use crate::family::Family;
use crate::jwt::{Jwt, decode};
use terms::Algorithm;

/// Most keys that are taken from one set; the longest real ones have about a dozen.
const LIMIT: usize = 64;

/// A key set as it was fetched.
#[derive(Clone, Default)]
pub(crate) struct KeySet(Vec<Jwk>);

#[derive(Deserialize)]
pub(crate) struct JwkSet {
    keys: Vec<Value>,
}

/// A public key. Members that do not fit its kind are simply not used.
#[derive(Clone, Default, Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl From<JwkSet> for KeySet {
    /// Keys that are not of a known form are left out (RFC 7517 §5).
    fn from(document: JwkSet) -> Self {
        let keys = document.keys.into_iter().take(LIMIT);
        Self(keys.filter_map(|key| serde_json::from_value(key).ok()).collect())
    }
}

impl KeySet {
    /// Whether one of the keys could have signed the token.
    pub(crate) fn knows(&self, token: &Jwt<'_>, algorithm: Algorithm) -> bool {
        self.candidates(token, algorithm).next().is_some()
    }

    /// Whether one of the keys did sign the token.
    pub(crate) fn verifies(&self, token: &Jwt<'_>, algorithm: Algorithm) -> bool {
        self.candidates(token, algorithm).any(|key| key.verifies(token, algorithm).is_some())
    }

    /// The keys of the token's `kid`, or all where it names none.
    fn candidates(&self, token: &Jwt<'_>, algorithm: Algorithm) -> impl Iterator<Item = &Jwk> {
        let wanted = token.header.kid.clone();
        self.0.iter().filter(move |key| {
            let named = wanted.is_none() || key.kid.is_none() || key.kid == wanted;
            named && key.fits(algorithm)
        })
    }
}

impl Jwk {
    fn fits(&self, algorithm: Algorithm) -> bool {
        let signs = self.usage.as_deref().is_none_or(|usage| usage == "sig");
        let own = self.alg.as_deref().is_none_or(|name| name == algorithm.as_str());
        let kind = match Family::of(algorithm) {
            Family::Rsa(_) => self.kty == "RSA",
            Family::Curve { name, .. } => self.crv.as_deref() == Some(name),
        };
        signs && own && kind
    }

    fn verifies(&self, token: &Jwt<'_>, algorithm: Algorithm) -> Option<()> {
        let (message, signature) = (token.message.as_bytes(), token.signature.as_slice());
        match Family::of(algorithm) {
            Family::Rsa(parameters) => {
                let (n, e) = (decode(self.n.as_deref()?)?, decode(self.e.as_deref()?)?);
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).ok()
            }
            Family::Curve { algorithm, .. } => {
                UnparsedPublicKey::new(algorithm, self.point()?).verify(message, signature).ok()
            }
        }
    }

    /// The public key as ring wants it: an uncompressed point (SEC 1 §2.3.3), or Ed25519's 32 bytes.
    fn point(&self) -> Option<Vec<u8>> {
        let x = decode(self.x.as_deref()?)?;
        if self.kty == "OKP" {
            return Some(x);
        }
        let y = decode(self.y.as_deref()?)?;
        Some([vec![4], x, y].concat())
    }
}
