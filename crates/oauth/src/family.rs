//! What a key must be to go with an algorithm.

use ring::signature::{self, RsaParameters, VerificationAlgorithm};

use terms::Algorithm;

/// What a key must be to go with an algorithm.
pub(crate) enum Family {
    Rsa(&'static RsaParameters),
    Curve { name: &'static str, algorithm: &'static dyn VerificationAlgorithm },
}

impl Family {
    /// That of an algorithm.
    pub(crate) const fn of(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Rs256 => Self::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
            Algorithm::Rs384 => Self::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
            Algorithm::Rs512 => Self::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
            Algorithm::Ps256 => Self::Rsa(&signature::RSA_PSS_2048_8192_SHA256),
            Algorithm::Ps384 => Self::Rsa(&signature::RSA_PSS_2048_8192_SHA384),
            Algorithm::Ps512 => Self::Rsa(&signature::RSA_PSS_2048_8192_SHA512),
            Algorithm::Es256 => Self::Curve { name: "P-256", algorithm: &signature::ECDSA_P256_SHA256_FIXED },
            Algorithm::Es384 => Self::Curve { name: "P-384", algorithm: &signature::ECDSA_P384_SHA384_FIXED },
            Algorithm::EdDsa => Self::Curve { name: "Ed25519", algorithm: &signature::ED25519 },
        }
    }
}
