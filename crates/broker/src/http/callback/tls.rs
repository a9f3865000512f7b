//! The callback server's certificate.

use crate::grants::source;
use crate::valet::Valet;
use config::Tls;
use jiff::{SignedDuration, Timestamp};
use oauth::Secret;
use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, SerialNumber,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use state::item::TlsIdentity;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use vault::Key;
use wire::{Problem, Reason};
use words::say;

/// Less than the 398 days that browsers put up with.
const LIFE: SignedDuration = SignedDuration::from_hours(390 * 24);
/// A certificate is replaced this long before it ends.
const SPARE: SignedDuration = SignedDuration::from_hours(14 * 24);
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What a listener needs to speak TLS.
pub(super) async fn acceptor(valet: &Valet, tls: &Tls) -> Result<TlsAcceptor, Problem> {
    let (certificate, key) = match tls {
        Tls::SelfSigned => own(valet).await?,
        Tls::Files { cert, key } => (read(cert).await?, Secret::from(read(key).await?)),
    };
    let config = server_config(&certificate, &key).ok_or_else(|| {
        problems::failed(
            Reason::CertificateUnusable,
            say!(problem_certificate),
            say!(problem_certificate_advice),
        )
    })?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn read(path: &std::path::Path) -> Result<String, Problem> {
    let own = path.to_owned();
    let text = tokio::task::spawn_blocking(move || source::read_file(&own)).await;
    text.map_err(std::io::Error::other).flatten().map_err(|error| {
        problems::failed(
            Reason::CertificateUnreadable,
            say!(
                problem_certificate_unread,
                path = path.display().to_string(),
                error = error.kind().to_string()
            ),
            say!(problem_certificate_unread_advice),
        )
    })
}

fn server_config(certificate: &str, key: &Secret) -> Option<ServerConfig> {
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(certificate.as_bytes()).collect::<Result<_, _>>().ok()?;
    let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes()).ok()?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    config.with_no_client_auth().with_single_cert(chain, key).ok()
}

/// Our own certificate: kept, so that the person tells the browser once that it is all right.
async fn own(valet: &Valet) -> Result<(String, Secret), Problem> {
    let now = valet.clock.now();
    let good = |kept: &TlsIdentity| kept.expires_at.duration_since(now) > SPARE;
    let kept = valet.vault.read::<TlsIdentity>(Key::CallbackTls).await.map_err(Problem::from)?;
    if let Some(kept) = kept.filter(|kept| good(kept.value())) {
        return Ok((kept.value().certificate.clone(), kept.value().key.clone()));
    }
    let identity = make(now).map_err(|error| {
        problems::internal(
            say!(problem_certificate_unmade, error = error.to_string()),
            say!(problem_certificate_unmade_advice),
        )
    })?;
    let identity = valet.vault.write(Key::CallbackTls, Arc::new(identity)).await.map_err(Problem::from)?;
    Ok((identity.value().certificate.clone(), identity.value().key.clone()))
}

/// A leaf that signs nothing (CA:FALSE), with a random serial: browsers refuse a second certificate with a
/// serial they know.
fn make(now: Timestamp) -> Result<TlsIdentity, Box<dyn std::error::Error>> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(NAMES.map(str::to_owned))?;
    params.distinguished_name.push(DnType::CommonName, "MCP Valet callback");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let mut serial: [u8; 16] = rand::random();
    serial[0] &= 0x7f;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    let expires_at = now.checked_add(LIFE)?;
    params.not_before = std::time::SystemTime::from(now.checked_sub(SignedDuration::from_hours(1))?).into();
    params.not_after = std::time::SystemTime::from(expires_at).into();
    let certificate = params.self_signed(&key)?.pem();
    Ok(TlsIdentity { certificate, key: Secret::from(key.serialize_pem()), expires_at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_can_be_used_and_no_two_share_a_serial() {
        let one = make(Timestamp::UNIX_EPOCH).unwrap();
        let two = make(Timestamp::UNIX_EPOCH).unwrap();
        assert!(server_config(&one.certificate, &one.key).is_some());
        assert!(server_config(&one.certificate, &two.key).is_none(), "a key that does not belong is noticed");
        assert_ne!(one.certificate, two.certificate);
    }
}
