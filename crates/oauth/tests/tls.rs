//! Which certificates are trusted.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::io::Write;
use std::sync::Arc;

use oauth::{Http, HttpOptions, Overrides, Party, ServerUrl, discover};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// An https server with a certificate that no one knows; answers 200 to everything. Gives its URL and PEM.
async fn strange() -> (ServerUrl, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let mut config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
    // It would rather speak HTTP/2, and then could not be understood.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (ServerUrl::parse(&format!("https://localhost:{port}/mcp")).unwrap(), made.cert.pem())
}

#[tokio::test]
async fn an_unknown_certificate_is_refused_until_the_person_trusts_it() {
    let (server, pem) = strange().await;
    let http = Http::new(&HttpOptions::default()).unwrap();
    let fault = discover(&http, &server, &Overrides::default()).await.unwrap_err();
    assert_eq!((fault.code().to_string().as_str(), fault.party()), ("certificate_refused", Party::Network));

    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pem.as_bytes()).unwrap();
    let options = HttpOptions { extra_ca: vec![file.path().to_owned()], ..HttpOptions::default() };
    let fault = discover(&Http::new(&options).unwrap(), &server, &Overrides::default()).await.unwrap_err();
    assert_eq!(fault.code().to_string().as_str(), "no_sign_in_needed");
}
