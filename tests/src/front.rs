//! What stands in front of a door, ends TLS, and is another user's.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::web::Door;
use crate::{Home, Process, free_port, openssl, until};

/// Programs that end TLS, each with the lines that the documentation has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Front {
    /// nginx, which asks by the name that it was asked by.
    Nginx,
    /// nginx as it is by itself: by the door's own name, and by HTTP/1.0.
    BareNginx,
    /// HAProxy.
    HaProxy,
    /// Apache's httpd.
    Apache,
    /// Caddy.
    Caddy,
}

impl Front {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Nginx, Self::BareNginx, Self::HaProxy, Self::Apache, Self::Caddy];

    const fn program(self) -> &'static str {
        match self {
            Self::Nginx | Self::BareNginx => "/usr/sbin/nginx",
            Self::HaProxy => "/usr/sbin/haproxy",
            Self::Apache => "/usr/sbin/apache2",
            Self::Caddy => "/usr/bin/caddy",
        }
    }

    /// Whether it is there.
    pub fn is_installed(self) -> bool {
        Path::new(self.program()).exists()
    }
}

/// A port with a certificate, before anything stands there.
#[derive(Debug)]
pub struct TlsFront {
    folder: PathBuf,
    port: u16,
}

impl TlsFront {
    /// Makes an authority and a certificate for localhost.
    pub fn prepare(home: &Home) -> Self {
        let (folder, port) = (home.path().join("front"), free_port());
        fs::create_dir(&folder).unwrap();
        for path in [home.path(), &folder] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o711)).unwrap();
        }
        let front = Self { folder, port };
        let at = |name: &str| front.at(name);
        fs::write(at("names"), "subjectAltName=DNS:localhost\n").unwrap();
        let (key, request, certificate, ca) =
            (at("key.pem"), at("request.pem"), at("chain.pem"), at("ca.pem"));
        let (ca_key, names) = (at("ca-key.pem"), at("names"));
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        let authority = ["req", "-x509", "-days", "2", "-subj", "/CN=An authority"];
        openssl(&[&authority[..], &["-keyout", &ca_key, "-out", &ca], &curve].concat());
        openssl(
            &[&["req", "-subj", "/CN=localhost", "-keyout", &key, "-out", &request][..], &curve].concat(),
        );
        let signed = ["x509", "-req", "-days", "2", "-in", &request, "-CA", &ca, "-CAkey", &ca_key];
        openssl(&[&signed[..], &["-CAcreateserial", "-extfile", &names, "-out", &certificate]].concat());
        let both = fs::read_to_string(&certificate).unwrap() + &fs::read_to_string(&key).unwrap();
        fs::write(at("both.pem"), both).unwrap();
        front
    }

    fn at(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    /// Its address from outside.
    pub fn origin(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The certificate of whoever signed its own.
    pub fn authority(&self) -> String {
        self.at("ca.pem")
    }

    /// Has one of them stand there, in front of this door.
    pub fn start(&self, home: &Home, front: Front, door: &Door) -> Process {
        let config = self.at("config");
        fs::write(&config, self.config(front, door)).unwrap();
        let mut command = home.command(front.program());
        match front {
            Front::Nginx | Front::BareNginx => command.args(["-c", &config]),
            Front::HaProxy => command.args(["-db", "-f", &config]),
            Front::Apache => command.args(["-DFOREGROUND", "-f", &config]),
            Front::Caddy => command.args(["run", "--adapter", "caddyfile", "--config", &config]),
        };
        let mut process = home.spawn(&mut command, &format!("{front:?}"));
        until("it listens", || {
            assert!(process.ended().is_none(), "{front:?}: {}{}", process.stdout(), process.stderr());
            std::net::TcpStream::connect(("127.0.0.1", self.port)).ok()
        });
        process
    }

    fn config(&self, front: Front, door: &Door) -> String {
        let (port, door) = (self.port, door.port);
        let (chain, key, both) = (self.at("chain.pem"), self.at("key.pem"), self.at("both.pem"));
        match front {
            Front::Nginx | Front::BareNginx => {
                let own = "proxy_set_header Host $http_host; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_buffering off;";
                let own = if front == Front::Nginx { own } else { "" };
                let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
                let places = places.map(|name| format!("{name}_temp_path {};\n", self.at(name))).concat();
                let tls = format!("ssl_certificate {chain}; ssl_certificate_key {key};");
                let server = format!(
                    "server {{ listen 127.0.0.1:{port} ssl; {tls} location / {{ proxy_pass http://127.0.0.1:{door}; {own} }} }}"
                );
                let (pid, log) = (self.at("pid"), self.at("log"));
                format!(
                    "daemon off; pid {pid};\nerror_log {log};\nevents {{}}\nhttp {{ access_log off;\n{places}{server} }}\n"
                )
            }
            Front::HaProxy => format!(
                "defaults\n  mode http\n  timeout connect 5s\n  timeout client 90s\n  timeout server 90s\n\
                 frontend valet\n  bind 127.0.0.1:{port} ssl crt {both} alpn h2,http/1.1\n  default_backend door\n\
                 backend door\n  server door 127.0.0.1:{door}\n"
            ),
            Front::Apache => {
                let modules = ["mpm_event", "authz_core", "ssl", "proxy", "proxy_http"]
                    .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"));
                let (modules, pid, log, root) =
                    (modules.concat(), self.at("pid"), self.at("log"), self.at(""));
                format!(
                    "ServerRoot {root}\nServerName localhost\nPidFile {pid}\nErrorLog {log}\n{modules}\
                     Listen 127.0.0.1:{port}\n<VirtualHost 127.0.0.1:{port}>\nSSLEngine on\n\
                     SSLCertificateFile {chain}\nSSLCertificateKeyFile {key}\n\
                     ProxyPass / http://127.0.0.1:{door}/ flushpackets=on\n</VirtualHost>\n"
                )
            }
            Front::Caddy => format!(
                "{{\n  admin off\n  auto_https disable_redirects\n}}\nhttps://localhost:{port} {{\n  \
                 bind 127.0.0.1\n  tls {chain} {key}\n  reverse_proxy 127.0.0.1:{door}\n}}\n"
            ),
        }
    }
}
