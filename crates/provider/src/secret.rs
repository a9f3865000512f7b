//! Values that must not be printed, and the only form in which they are kept.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// A token, code or client secret in the clear. It has no `Debug`, `Display` or `Serialize`.
pub struct Secret(SecretString);

impl Secret {
    /// 256 random bits, base64url.
    pub fn random() -> Self {
        Self::new(BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// A secret that somebody sent or that a file held.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The text, for the one answer that hands it to its owner.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is stored and compared instead of the secret.
    pub fn digest(&self) -> Digest {
        Digest::of(self.expose())
    }
}

/// SHA-256 of a secret. Enough for secrets of 256 random bits; equality takes the same time for all values.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `text`.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// A digest that was written down in base64url.
    pub fn from_base64url(text: &str) -> Option<Self> {
        BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The digest in base64url: PKCE's S256 form (RFC 7636 §4.2).
    pub fn base64url(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

impl std::hash::Hash for Digest {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// A public identifier: 128 random bits, base64url. Not a secret, but not to be guessed either.
pub fn random_id() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// Four letters for a person to compare, without vowels that would make words of them (RFC 8628 §6.1).
pub fn short_code() -> String {
    const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
    let letter =
        |byte: u8| char::from(LETTERS.get(usize::from(byte) % LETTERS.len()).copied().unwrap_or(b'B'));
    rand::random::<[u8; 4]>().into_iter().map(letter).collect()
}

/// Compares in constant time; differing lengths show, which gives nothing away here.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
