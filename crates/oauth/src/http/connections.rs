//! The connections that requests go by: one set for each reach, and two ways to the same host.

use std::sync::Arc;

use reqwest::redirect::Policy;
use rustls::ClientConfig;

use super::direct::Direct;
use super::habits::Habits;
use super::options::HttpOptions;
use super::tls;
use crate::address::Reach;
use crate::fault::{Fault, Kind};
use words::say;

/// Connections to one host that are kept open for the next request.
const IDLE: usize = 64;

/// All of them.
pub(super) struct Connections {
    /// One per reach: the resolver of a client filters addresses, and connections must not be shared.
    public: Ways<Direct>,
    private: Ways<Direct>,
    loopback: Ways<Direct>,
    /// Names are resolved by the proxy, whose own address is the person's choice.
    proxied: Ways<reqwest::Client>,
}

/// Two ways to the same hosts.
struct Ways<C> {
    /// Connections are kept and used again.
    kept: C,
    /// A connection for each request: one that was kept may be dead, and a request that is lost in it is
    /// never sent again.
    fresh: C,
}

/// Which connections a request may go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    Kept,
    Fresh,
}

impl Connections {
    pub(super) fn new(options: &HttpOptions, habits: &Arc<Habits>) -> Result<Self, Fault> {
        let tls = tls::config(&options.extra_ca)?;
        // Without a place for idle ones, no connection is used twice.
        let direct = |reach| Ways {
            kept: Direct::new(options, tls.clone(), reach, IDLE, habits),
            fresh: Direct::new(options, tls.clone(), reach, 0, habits),
        };
        let proxied = |idle| {
            let usual = builder(options, tls.clone()).pool_max_idle_per_host(idle);
            let built = match &options.proxy {
                Some(url) => reqwest::Proxy::all(url.clone()).and_then(|proxy| usual.proxy(proxy).build()),
                None => usual.build(),
            };
            built.map_err(unusable)
        };
        Ok(Self {
            public: direct(Reach::Public),
            private: direct(Reach::Private),
            loopback: direct(Reach::Loopback),
            proxied: Ways { kept: proxied(IDLE)?, fresh: proxied(0)? },
        })
    }

    /// Straight to a host that is no nearer than `reach`.
    pub(super) const fn direct(&self, reach: Reach, by: Connection) -> &Direct {
        let ways = match reach {
            Reach::Public => &self.public,
            Reach::Private => &self.private,
            Reach::Loopback => &self.loopback,
        };
        ways.by(by)
    }

    /// Through a proxy.
    pub(super) const fn proxied(&self, by: Connection) -> &reqwest::Client {
        self.proxied.by(by)
    }
}

impl<C> Ways<C> {
    const fn by(&self, connection: Connection) -> &C {
        match connection {
            Connection::Kept => &self.kept,
            Connection::Fresh => &self.fresh,
        }
    }
}

fn builder(options: &HttpOptions, tls: ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .connect_timeout(options.connect_timeout)
        // As in `direct`.
        .http1_only()
        .user_agent(&options.user_agent)
        .referer(false)
        // A token request that was perhaps received must never be sent twice: refresh tokens are used once.
        .retry(reqwest::retry::never())
}

fn unusable(error: reqwest::Error) -> Fault {
    let problem = say!(fault_setting_no_client);
    Fault::configuration(Kind::Setting { name: say!(fault_name_proxy), problem }).caused_by(error)
}

#[cfg(test)]
mod tests {
    use ::http::{HeaderMap, Method};
    use bytes::Bytes;
    use url::Url;

    use super::*;
    use crate::fault::{FaultCode, Party};
    use crate::http::body::Upload;
    use crate::target::Target;

    #[tokio::test]
    async fn a_name_is_judged_by_its_addresses_when_connecting() {
        let connections = Connections::new(&HttpOptions::default(), &Arc::default()).unwrap();
        let url = Url::parse("http://localhost:9/").unwrap();
        for client in [&connections.public.kept, &connections.private.fresh] {
            let target = Target { url: &url, whose: Party::Issuer, reach: Reach::Public };
            let asked = client.ask(target, Method::GET, HeaderMap::new(), Upload::Whole(Bytes::new())).await;
            let lost = asked.err().unwrap();
            assert!(lost.never_sent);
            assert_eq!(lost.fault.code(), FaultCode::AddressRefused);
        }
    }
}
