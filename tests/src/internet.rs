//! The part of the internet that a test needs: well-known names that lead to servers of the test, over real
//! TLS, by way of a proxy and of a certificate authority that the person configured.

use std::collections::HashMap;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::{Home, HttpResponse, Rogue, curl};

/// A running proxy, and the names that it knows.
#[derive(Debug)]
pub struct Internet {
    address: SocketAddr,
    ca_file: PathBuf,
    authority: Issuer<'static, KeyPair>,
    sites: Sites,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

type Sites = Arc<Mutex<HashMap<String, Site>>>;

/// Where a name leads, and its certificate.
#[derive(Debug, Clone)]
struct Site {
    server: SocketAddr,
    tls: Arc<ServerConfig>,
}

impl Internet {
    /// Starts it with no name in it.
    pub fn start(home: &Home) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "A test's authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let ca_file = home.path().join("ca.pem");
        fs::write(&ca_file, params.self_signed(&key).unwrap().pem()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let sites = Sites::default();
        let (stop, stopped) = oneshot::channel();
        let known = Arc::clone(&sites);
        let thread = thread::spawn(move || run(listener, &known, stopped));
        let authority = Issuer::new(params, key);
        Self { address, ca_file, authority, sites, stop: Some(stop), thread: Some(thread) }
    }

    /// From now on, `host` leads to this server.
    pub fn leads(&self, host: &str, rogue: &Rogue) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.authority).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            );
        let site = Site { server: rogue.address(), tls: Arc::new(tls.unwrap()) };
        self.sites.lock().unwrap().insert(host.to_owned(), site);
    }

    /// A server of this name.
    pub fn server(&self, host: &str) -> Rogue {
        let rogue = Rogue::named(host);
        self.leads(host, &rogue);
        rogue
    }

    /// Configures these servers, for a valet that reaches them this way.
    pub fn configure(&self, home: &Home, servers: &Value) {
        self.configure_with(home, servers, "memory", json!({}));
    }

    /// The same, with further settings of the valet.
    pub fn configure_with(&self, home: &Home, servers: &Value, vault: &str, settings: Value) {
        let mut valet = json!({
            "agents": "allow",
            "vault": vault,
            "proxy": format!("http://{}", self.address),
            "extraCa": [self.ca_file],
        });
        let further = settings.as_object().unwrap().clone();
        valet.as_object_mut().unwrap().extend(further);
        home.configure(&json!({ "mcpServers": servers, "valet": valet }));
    }

    /// What a browser is answered at `url`.
    pub fn browse(&self, url: &str) -> HttpResponse {
        let proxy = format!("http://{}", self.address);
        let ca_file = self.ca_file.to_str().unwrap();
        curl(&[
            "--noproxy",
            "localhost,127.0.0.1",
            "--suppress-connect-headers",
            "--proxy",
            &proxy,
            "--cacert",
            ca_file,
            url,
        ])
    }

    /// Follows every redirect from `url` to its end, as a browser whose person says yes; answers what is
    /// shown then.
    pub fn browse_on(&self, url: &str) -> HttpResponse {
        let mut url = url.to_owned();
        for _ in 0..10 {
            let answer = self.browse(&url);
            let Some(next) = answer.header("location").filter(|_| (300..400).contains(&answer.status)) else {
                return answer;
            };
            url = next.to_owned();
        }
        panic!("redirects without end, the last to {url}");
    }
}

impl Drop for Internet {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(listener: TcpListener, sites: &Sites, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let accept = async {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                tokio::spawn(tunnel(client, Arc::clone(sites)));
            }
        };
        tokio::select! {
            () = accept => {}
            _ = stopped => {}
        }
    });
}

/// Serves one `CONNECT`. Whatever goes wrong ends the connection.
async fn tunnel(mut client: TcpStream, sites: Sites) -> Option<()> {
    let host = requested(&mut client).await?;
    let Some(site) = sites.lock().unwrap().get(&host).cloned() else {
        return client.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").await.ok();
    };
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    let mut client = TlsAcceptor::from(site.tls).accept(client).await.ok()?;
    let mut server = TcpStream::connect(site.server).await.ok()?;
    copy_bidirectional(&mut client, &mut server).await.ok().map(|_| ())
}

/// The host that a `CONNECT host:443` asks for.
async fn requested(client: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 8192 {
        head.push(client.read_u8().await.ok()?);
    }
    let line = String::from_utf8(head).ok()?;
    let host = line.strip_prefix("CONNECT ")?.split_once(":443 ")?.0;
    Some(host.to_owned())
}
