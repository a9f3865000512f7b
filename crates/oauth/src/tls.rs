//! The one TLS configuration: ring, and the operating system's trust store plus the person's own authorities.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

use crate::fault::{Fault, Kind};

/// Builds the configuration without touching any process-wide default.
pub(crate) fn config(extra_ca: &[PathBuf]) -> Result<ClientConfig, Fault> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = authorities(extra_ca)?;
    let verifier = match roots.is_empty() {
        true => Verifier::new(provider.clone()),
        false => Verifier::new_with_extra_roots(roots, provider.clone()),
    };
    let verifier = verifier.map_err(|error| setting("the trust store", error.to_string()))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| setting("TLS", error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
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
    let name = || format!("the certificate file {}", file.display());
    let read = || CertificateDer::pem_file_iter(file)?.collect::<Result<Vec<_>, _>>();
    let found = read().map_err(|error| setting(&name(), error.to_string()))?;
    if found.is_empty() {
        return Err(setting(&name(), "it holds no PEM certificate".to_owned()));
    }
    Ok(found)
}

fn setting(name: &str, problem: String) -> Fault {
    Fault::configuration(Kind::Setting { name: name.to_owned(), problem })
}
