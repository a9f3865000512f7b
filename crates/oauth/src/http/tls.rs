//! The one TLS configuration: ring, and whom the system and the person trust.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::trust::Trust;
use crate::fault::{Fault, Kind};
use words::say;

/// Builds the configuration without touching any process-wide default.
pub(super) fn config(extra_ca: &[PathBuf]) -> Result<ClientConfig, Fault> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let trust = Trust::new(Arc::clone(&provider), authorities(extra_ca)?);
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| setting("TLS", error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(trust))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn authorities(files: &[PathBuf]) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let mut all = Vec::new();
    for file in files {
        all.extend(certificates(file)?);
    }
    Ok(all)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let name = || say!(fault_name_certificates, file = file.display().to_string());
    let read = || CertificateDer::pem_file_iter(file)?.collect::<Result<Vec<_>, _>>();
    let found = read().map_err(|error| setting(&name(), error.to_string()))?;
    if found.is_empty() {
        return Err(setting(&name(), say!(fault_setting_no_certificate)));
    }
    let mut store = RootCertStore::empty();
    for certificate in &found {
        store.add(certificate.clone()).map_err(|error| setting(&name(), error.to_string()))?;
    }
    Ok(found)
}

fn setting(name: &str, problem: String) -> Fault {
    Fault::configuration(Kind::Setting { name: name.to_owned(), problem })
}
