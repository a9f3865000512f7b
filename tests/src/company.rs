//! A company's network: names that only its proxy can reach, and https with certificates of the company's own
//! authority.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::{Home, Rogue};

/// The proxy and the authority. Every name leads to one server, whose certificate is made when it is asked
/// for.
#[derive(Debug)]
pub struct Company {
    address: SocketAddr,
    rules: Arc<Rules>,
}

#[derive(Debug)]
struct Rules {
    server: SocketAddr,
    authority: Issuer<'static, KeyPair>,
    authority_pem: String,
    credentials: Mutex<Option<String>>,
    refuses: Mutex<bool>,
    expired: Mutex<bool>,
    tunnels: Mutex<Vec<String>>,
}

impl Company {
    /// Starts a network in which every name is `rogue`.
    pub fn around(rogue: &Rogue) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_pem = params.self_signed(&key).unwrap().pem();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let rules = Arc::new(Rules {
            server: rogue.address(),
            authority: Issuer::new(params, key),
            authority_pem,
            credentials: Mutex::default(),
            refuses: Mutex::default(),
            expired: Mutex::default(),
            tunnels: Mutex::default(),
        });
        let served = Arc::clone(&rules);
        // Ends with the test's process.
        thread::spawn(move || serve(listener, &served));
        Self { address, rules }
    }

    /// The proxy's address.
    pub fn proxy(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The proxy's host and port, as it is named in a message.
    pub fn proxy_host(&self) -> String {
        self.address.to_string()
    }

    /// From now on the proxy wants these, and this is its address with them.
    pub fn wants(&self, user: &str, password: &str) -> String {
        let pair = BASE64_STANDARD.encode(format!("{user}:{password}"));
        *self.rules.credentials.lock().unwrap() = Some(format!("Basic {pair}"));
        format!("http://{user}:{password}@{}", self.address)
    }

    /// From now on the proxy lets nobody through.
    pub fn refuses(&self) {
        *self.rules.refuses.lock().unwrap() = true;
    }

    /// From now on servers show certificates that ended long ago.
    pub fn lets_certificates_expire(&self) {
        *self.rules.expired.lock().unwrap() = true;
    }

    /// The authority's certificate, as a file.
    pub fn authority(&self, home: &Home) -> PathBuf {
        let file = home.path().join("company.pem");
        std::fs::write(&file, &self.rules.authority_pem).unwrap();
        file
    }

    /// Where tunnels were opened to, as `host:port`.
    pub fn tunnels(&self) -> Vec<String> {
        self.rules.tunnels.lock().unwrap().clone()
    }
}

fn serve(listener: TcpListener, rules: &Arc<Rules>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        while let Ok((client, _)) = listener.accept().await {
            let rules = Arc::clone(rules);
            tokio::spawn(async move { tunnel(client, &rules).await });
        }
    });
}

/// `CONNECT`, then TLS, then the server.
async fn tunnel(mut client: TcpStream, rules: &Rules) -> Option<()> {
    let head = read_head(&mut client).await?;
    let target = head.strip_prefix("CONNECT ")?.split(' ').next()?.to_owned();
    let wanted = rules.credentials.lock().unwrap().clone();
    let given = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("proxy-authorization").then(|| value.to_owned())
    });
    let refused = if wanted.is_some() && given != wanted {
        Some("407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"company\"")
    } else {
        rules.refuses.lock().unwrap().then_some("403 Forbidden")
    };
    if let Some(status) = refused {
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        return client.write_all(answer.as_bytes()).await.ok();
    }
    rules.tunnels.lock().unwrap().push(target.clone());
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.ok()?;
    let acceptor = rules.certify(target.split(':').next()?);
    let mut client = acceptor.accept(client).await.ok()?;
    let mut server = TcpStream::connect(rules.server).await.ok()?;
    copy_bidirectional(&mut client, &mut server).await.ok().map(|_| ())
}

async fn read_head(client: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

impl Rules {
    fn certify(&self, name: &str) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if *self.expired.lock().unwrap() {
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        let certificate = params.signed_by(&key, &self.authority).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key);
        TlsAcceptor::from(Arc::new(config.unwrap()))
    }
}
