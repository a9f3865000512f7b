//! Which requests go through a proxy.

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::address;
use crate::uri;

/// Through the person's proxy, else as the system is set.
pub(crate) enum Route {
    /// Everything but this machine goes through the person's proxy: its host.
    Configured(String),
    /// As the environment says (`HTTPS_PROXY`, `NO_PROXY` and so on).
    System(Box<Matcher>),
}

impl Route {
    pub(crate) fn new(configured: Option<&Url>) -> Self {
        match configured {
            Some(url) => Self::Configured(uri::host(url)),
            None => Self::System(Box::new(Matcher::from_system())),
        }
    }

    /// The proxy that carries requests to `url`, if one does: its host and port, for a person to read. What
    /// is on this machine is never sent to one.
    pub(crate) fn proxy(&self, url: &Url) -> Option<String> {
        if address::is_loopback(url) {
            return None;
        }
        match self {
            Self::Configured(host) => Some(host.clone()),
            Self::System(matcher) => {
                let proxy = matcher.intercept(&url.as_str().parse().ok()?)?;
                let uri = proxy.uri();
                let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
                Some(format!("{}{port}", uri.host()?))
            }
        }
    }
}
