//! Private keys with which a client proves itself.

use std::fmt;
use std::sync::Arc;

use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, RsaEncoding, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::Value;

use crate::algorithm::Algorithm;
use crate::fault::{Fault, Kind};
use crate::jwt;
use secret::Secret;
use words::say;

/// A private key and the algorithm that it signs by.
#[derive(Clone)]
pub struct SigningKey {
    pem: Secret,
    algorithm: Algorithm,
    pair: Arc<Pair>,
}

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>, &'static dyn RsaEncoding),
}

impl SigningKey {
    /// Reads a key in PEM: PKCS #8, or PKCS #1 for RSA. Without an algorithm, the usual one of the key's kind
    /// counts.
    ///
    /// # Errors
    /// It is not such a key, or does not go with the algorithm.
    pub fn parse(pem: &Secret, algorithm: Option<Algorithm>) -> Result<Self, Fault> {
        let der = PrivateKeyDer::from_pem_slice(pem.expose().as_bytes())
            .map_err(|_| unusable(say!(fault_setting_no_key)))?;
        let usual = [Algorithm::Es256, Algorithm::Es384, Algorithm::EdDsa, Algorithm::Rs256];
        let tried = algorithm.as_ref().map_or(usual.as_slice(), std::slice::from_ref);
        let found = tried.iter().find_map(|tried| Some((*tried, pair(&der, *tried)?)));
        let (algorithm, pair) = found.ok_or_else(|| unusable(say!(fault_setting_other_key)))?;
        Ok(Self { pem: pem.clone(), algorithm, pair: Arc::new(pair) })
    }

    /// The key as it was read, for keeping it.
    #[must_use]
    pub fn pem(&self) -> &Secret {
        &self.pem
    }

    /// What it signs by.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// A token with these claims.
    pub(crate) fn sign(&self, typ: &str, claims: &Value) -> Result<Secret, Fault> {
        let header = serde_json::json!({ "alg": self.algorithm.as_str(), "typ": typ });
        jwt::compose(&header, claims, |message| self.pair.sign(message))
    }
}

impl Pair {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let random = SystemRandom::new();
        let failed = |_| unusable(say!(fault_setting_cannot_sign));
        match self {
            Self::Ecdsa(pair) => {
                pair.sign(&random, message).map(|made| made.as_ref().to_vec()).map_err(failed)
            }
            Self::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Self::Rsa(pair, encoding) => {
                let mut made = vec![0; pair.public().modulus_len()];
                pair.sign(*encoding, &random, message, &mut made).map_err(failed)?;
                Ok(made)
            }
        }
    }
}

fn pair(der: &PrivateKeyDer<'_>, algorithm: Algorithm) -> Option<Pair> {
    let bytes = der.secret_der();
    let ecdsa = |parameters| {
        let pair = EcdsaKeyPair::from_pkcs8(parameters, bytes, &SystemRandom::new());
        pair.ok().map(Pair::Ecdsa)
    };
    let rsa = |encoding| {
        let pkcs1 = matches!(der, PrivateKeyDer::Pkcs1(_));
        let pair = if pkcs1 { RsaKeyPair::from_der(bytes) } else { RsaKeyPair::from_pkcs8(bytes) };
        pair.ok().map(|pair| Pair::Rsa(Box::new(pair), encoding))
    };
    match algorithm {
        Algorithm::Es256 => ecdsa(&signature::ECDSA_P256_SHA256_FIXED_SIGNING),
        Algorithm::Es384 => ecdsa(&signature::ECDSA_P384_SHA384_FIXED_SIGNING),
        Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8_maybe_unchecked(bytes).ok().map(Pair::Ed25519),
        Algorithm::Rs256 => rsa(&signature::RSA_PKCS1_SHA256),
        Algorithm::Rs384 => rsa(&signature::RSA_PKCS1_SHA384),
        Algorithm::Rs512 => rsa(&signature::RSA_PKCS1_SHA512),
        Algorithm::Ps256 => rsa(&signature::RSA_PSS_SHA256),
        Algorithm::Ps384 => rsa(&signature::RSA_PSS_SHA384),
        Algorithm::Ps512 => rsa(&signature::RSA_PSS_SHA512),
    }
}

fn unusable(problem: String) -> Fault {
    Fault::configuration(Kind::Setting { name: "oauth.privateKey".to_owned(), problem })
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}
