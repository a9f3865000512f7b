//! Which requests go through a proxy.

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::address;

/// Through the person's proxy, else as the system is set.
pub(crate) enum Route {
    /// Everything but this machine goes through the person's proxy.
    Configured,
    /// As the environment says (`HTTPS_PROXY`, `NO_PROXY` and so on).
    System(Box<Matcher>),
}

impl Route {
    pub(crate) fn new(configured: bool) -> Self {
        match configured {
            true => Self::Configured,
            false => Self::System(Box::new(Matcher::from_system())),
        }
    }

    /// Whether a proxy carries requests to `url`. What is on this machine is never sent to one.
    pub(crate) fn is_proxied(&self, url: &Url) -> bool {
        if address::is_loopback(url) {
            return false;
        }
        match self {
            Self::Configured => true,
            Self::System(matcher) => url.as_str().parse().is_ok_and(|uri| matcher.intercept(&uri).is_some()),
        }
    }
}
