//! Redirect URIs: which one a sign-in wants, and which one it got.

use crate::OauthBlock;
use serde::Deserialize;
use std::path::PathBuf;
use url::{Position, Url};

/// The port for clients registered by hand, so that their redirect URI can be named beforehand.
const USUAL_PORT: u16 = 3118;

/// The host of a redirect URI on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum RedirectHost {
    /// `localhost`, in both address families.
    #[serde(rename = "localhost")]
    Localhost,
    /// `127.0.0.1`.
    #[serde(rename = "127.0.0.1")]
    Ipv4,
}

impl RedirectHost {
    /// The host as it is written in a URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Localhost => "localhost",
            Self::Ipv4 => "127.0.0.1",
        }
    }
}

/// The certificate of a callback server that speaks TLS.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Tls {
    /// Our own, made once and kept in the vault.
    SelfSigned,
    /// The person's.
    Files {
        /// PEM file with the certificate chain.
        cert: PathBuf,
        /// PEM file with the private key.
        key: PathBuf,
    },
}

/// What tells one listener from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListenerKey {
    /// The name by which the browser comes to it.
    pub host: RedirectHost,
    /// The port.
    pub port: u16,
    /// Whether it speaks TLS, and with whose certificate.
    pub tls: Option<Tls>,
}

/// The redirect URI that a sign-in wants.
#[derive(Debug, Clone)]
pub struct WantedRedirect {
    /// The name by which the browser comes back.
    pub host: RedirectHost,
    /// The port that is listened at.
    pub port: Port,
    /// Whether TLS is spoken there, and with whose certificate.
    pub tls: Option<Tls>,
    path: String,
    external: Option<Url>,
}

/// The port that a sign-in wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// This one and no other.
    Exactly(u16),
    /// Whichever is free.
    Any,
}

/// A place on an open listener, and the redirect URI that leads there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectEndpoint {
    /// The listener that it is on.
    pub listener: ListenerKey,
    /// The path there.
    pub path: String,
    /// The `Host` that a browser sends when it follows the redirect URI.
    pub authority: String,
    /// The redirect URI, as it is sent byte for byte.
    pub redirect_uri: String,
    /// The port that is listened at.
    pub port: u16,
}

impl WantedRedirect {
    /// For a client that the person registered. `localhost` is what other programs' redirect URIs use, so a
    /// registration made for one of them fits.
    pub fn by_hand(oauth: &OauthBlock, kept: Option<u16>) -> Self {
        let port = match oauth.callback_port {
            None => Port::Exactly(USUAL_PORT),
            Some(0) => kept.map_or(Port::Any, Port::Exactly),
            Some(port) => Port::Exactly(port),
        };
        Self::new(oauth, RedirectHost::Localhost, port, "/callback")
    }

    /// For a client whose document the person hosts, with a path of its own for an issuer.
    pub fn by_document(oauth: &OauthBlock, path: &str) -> Self {
        let port = match oauth.callback_port {
            None => Port::Exactly(USUAL_PORT),
            Some(0) => Port::Any,
            Some(port) => Port::Exactly(port),
        };
        Self::new(oauth, RedirectHost::Localhost, port, path)
    }

    /// For a client that we register: a path of its own for each issuer, so that no issuer can pass for
    /// another.
    pub fn dynamic(oauth: &OauthBlock, path: &str, host: RedirectHost) -> Self {
        let configured = oauth.callback_port.filter(|port| *port != 0);
        Self::new(oauth, host, configured.map_or(Port::Any, Port::Exactly), path)
    }

    /// For a client that we registered with this redirect URI before.
    pub fn registered(oauth: &OauthBlock, path: &str, redirect_uri: &str) -> Self {
        let kept = Url::parse(redirect_uri).ok();
        let host = match kept.as_ref().and_then(Url::host_str) {
            Some("localhost") => RedirectHost::Localhost,
            Some(_) | None => RedirectHost::Ipv4,
        };
        let mut wanted = Self::dynamic(oauth, path, host);
        if let (Port::Any, Some(port)) = (wanted.port, kept.and_then(|url| url.port())) {
            wanted.port = Port::Exactly(port);
        }
        wanted
    }

    fn new(oauth: &OauthBlock, usual_host: RedirectHost, port: Port, usual_path: &str) -> Self {
        let external = oauth.external_url.clone();
        let path = oauth.callback_path.clone();
        let external_path = external.as_ref().map(|url| url.path().to_owned()).filter(|path| path != "/");
        Self {
            host: oauth.redirect_host.unwrap_or(usual_host),
            port,
            tls: oauth.tls.clone(),
            path: path.or(external_path).unwrap_or_else(|| usual_path.to_owned()),
            external,
        }
    }

    /// The redirect URI, if it is certain before a listener is open.
    pub fn redirect_uri(&self) -> Option<String> {
        match self.port {
            Port::Exactly(port) => Some(self.at(port).redirect_uri),
            Port::Any => None,
        }
    }

    /// The redirect URI in words, where any port will do.
    pub fn pattern(&self) -> String {
        let example = self.example();
        example.replace(&format!(":{USUAL_PORT}"), ":PORT")
    }

    /// The redirect URI that a person should register.
    pub fn example(&self) -> String {
        match self.port {
            Port::Exactly(port) => self.at(port).redirect_uri,
            Port::Any => self.at(USUAL_PORT).redirect_uri,
        }
    }

    /// The endpoint on a listener at `port`.
    pub fn at(&self, port: u16) -> RedirectEndpoint {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let own_authority = format!("{}:{port}", self.host.as_str());
        let (authority, redirect_uri) = match &self.external {
            None => (own_authority.clone(), format!("{scheme}://{own_authority}{}", self.path)),
            Some(external) => {
                let authority = external[Position::BeforeHost..Position::AfterPort].to_owned();
                let origin = &external[..Position::AfterPort];
                let path = if external.path() == "/" { &self.path } else { external.path() };
                (authority, format!("{origin}{path}"))
            }
        };
        let listener = ListenerKey { host: self.host, port, tls: self.tls.clone() };
        RedirectEndpoint { listener, path: self.path.clone(), authority, redirect_uri, port }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_outside_is_named_and_the_listener_stays_here() {
        let oauth = OauthBlock {
            callback_port: Some(4000),
            external_url: Url::parse("https://valet.example.org/oauth/callback").ok(),
            ..OauthBlock::default()
        };
        let endpoint = WantedRedirect::by_hand(&oauth, None).at(4000);
        assert_eq!(endpoint.redirect_uri, "https://valet.example.org/oauth/callback");
        assert_eq!(endpoint.authority, "valet.example.org");
        assert_eq!(endpoint.path, "/oauth/callback");
        assert_eq!(endpoint.listener.host.as_str(), "localhost");
    }

    #[test]
    fn a_client_registered_by_hand_has_a_redirect_uri_that_can_be_named_beforehand() {
        assert_eq!(
            WantedRedirect::by_hand(&OauthBlock::default(), None).example(),
            "http://localhost:3118/callback"
        );
    }
}
