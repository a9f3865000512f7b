//! Whom a certificate is believed: the operating system's authorities, and the person's own beside them. They
//! are read when the first certificate is to be judged: that takes long, and a system may have none.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use rustls_platform_verifier::Verifier;

/// No authority could be read: no certificate can be believed.
#[derive(Debug, thiserror::Error)]
#[error("this system has no certificate authorities")]
pub(crate) struct NoAuthorities;

/// The judge of certificates. As long as the system has no authorities, it looks again each time.
#[derive(Debug)]
pub(super) struct Trust {
    provider: Arc<CryptoProvider>,
    own: Vec<CertificateDer<'static>>,
    verifier: OnceLock<Verifier>,
}

impl Trust {
    /// With the person's own authorities.
    pub(super) const fn new(provider: Arc<CryptoProvider>, own: Vec<CertificateDer<'static>>) -> Self {
        Self { provider, own, verifier: OnceLock::new() }
    }

    fn verifier(&self) -> Result<&Verifier, Error> {
        if let Some(verifier) = self.verifier.get() {
            return Ok(verifier);
        }
        // It fails for no other reason: the person's own were looked at before.
        let none = |_| CertificateError::Other(OtherError(Arc::new(NoAuthorities)));
        let read = Verifier::new_with_extra_roots(self.own.iter().cloned(), Arc::clone(&self.provider));
        let verifier = read.map_err(none)?;
        Ok(self.verifier.get_or_init(|| verifier))
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verifier()?.verify_server_cert(end_entity, intermediates, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
