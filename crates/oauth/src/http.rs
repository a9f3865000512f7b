//! The one bounded HTTP client.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ::http::header::{ACCEPT, LOCATION};
use ::http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::redirect::Policy;
use url::Url;

use crate::address::{self, Reach};
use crate::answer::{Answer, read};
use crate::direct::Direct;
use crate::fault::{Fault, Kind};
use crate::forward::Upload;
use crate::obstacle::Obstacle;
use crate::proxy::Route;
use crate::response::Response;
use crate::said::Said;
use crate::target::{Target, failed};
use crate::tls;
use crate::uri::host;

/// Connections to one host that are kept open for the next request.
pub(crate) const IDLE: usize = 8;
/// Most redirects that are followed, for metadata only.
const REDIRECTS: usize = 3;

/// What the person or the shell may set about the client.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// PEM files of certificate authorities that are trusted besides the system's.
    pub extra_ca: Vec<PathBuf>,
    /// A proxy for everything outside this machine; without one, the environment's proxy settings hold.
    pub proxy: Option<Url>,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The longest a connection may take to open. 5 seconds by default.
    pub connect_timeout: Duration,
    /// The longest a whole request may take, redirects and body included. 8 seconds by default.
    pub request_timeout: Duration,
    /// The longest that the answer to a token request is waited for. 5 minutes by default.
    pub token_timeout: Duration,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            extra_ca: Vec::new(),
            proxy: None,
            user_agent: concat!("mcp-valet/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(8),
            token_timeout: Duration::from_mins(5),
        }
    }
}

/// The client that every request of this crate goes through: https (http only on this machine), bounded in
/// size and time, no redirects except for metadata, and no address nearer than the server that names it.
/// A clone shares the connections.
#[derive(Clone)]
pub struct Http(Arc<Inner>);

struct Inner {
    /// One per reach: the resolver of a client filters addresses, and connections must not be shared.
    public: Clients<Direct>,
    private: Clients<Direct>,
    loopback: Clients<Direct>,
    /// Names are resolved by the proxy, whose own address is the person's choice.
    proxied: Clients<reqwest::Client>,
    route: Route,
    request_timeout: Duration,
    token_timeout: Duration,
}

/// Two ways to the same hosts.
struct Clients<C> {
    /// Connections are kept and used again.
    pooled: C,
    /// A connection for each request: one that was kept may be dead, and a request that is lost in it is
    /// never sent again.
    fresh: C,
}

/// Which connections a request may go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Connection {
    Pooled,
    Fresh,
}

/// A request without an answer.
pub(crate) struct Lost {
    /// Nobody can have received it.
    pub(crate) never_sent: bool,
    pub(crate) fault: Fault,
}

/// The beginning of an answer.
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// How near the host turned out to be when we connected.
    pub(crate) reach: Reach,
}

impl Http {
    /// Builds the client.
    ///
    /// # Errors
    /// A certificate file or the proxy cannot be used.
    pub fn new(options: &HttpOptions) -> Result<Self, Fault> {
        let tls = tls::config(&options.extra_ca)?;
        let usual = || builder(options, tls.clone());
        // Without a place for idle ones, no connection is used twice.
        let direct = |reach| Clients {
            pooled: Direct::new(options, tls.clone(), reach, IDLE),
            fresh: Direct::new(options, tls.clone(), reach, 0),
        };
        let proxied = || match &options.proxy {
            Some(url) => Ok(usual().proxy(reqwest::Proxy::all(url.clone()).map_err(unusable)?)),
            None => Ok(usual()),
        };
        Ok(Self(Arc::new(Inner {
            public: direct(Reach::Public),
            private: direct(Reach::Private),
            loopback: direct(Reach::Loopback),
            proxied: Clients::of(proxied)?,
            route: Route::new(options.proxy.as_ref()),
            request_timeout: options.request_timeout,
            token_timeout: options.token_timeout,
        })))
    }

    /// How near a host that the person named is. A name with several addresses counts as its farthest one; a
    /// name behind a proxy counts as public, because only the proxy can resolve it.
    ///
    /// For the server itself, see [`crate::Discovery::reach`]: that is taken from the connection, and no
    /// change of a name's answer can bring a server nearer.
    ///
    /// # Errors
    /// The name cannot be resolved.
    pub async fn reach_of(&self, url: &Url) -> Result<Reach, Fault> {
        if let Some(known) = self.known_reach(url) {
            return Ok(known);
        }
        let unreachable = || Fault::issuer(Kind::Unreachable { host: host(url), obstacle: Obstacle::Name });
        let lookup = address::resolve(url.host_str().unwrap_or_default());
        let found = tokio::time::timeout(self.0.request_timeout, lookup).await;
        let addresses =
            found.map_err(|_| Fault::issuer(Kind::Slow { host: host(url) }))?.map_err(|_| unreachable())?;
        addresses.iter().map(|address| Reach::of(address.ip())).min().ok_or_else(unreachable)
    }

    /// How near a host is as far as one can tell without its addresses.
    fn known_reach(&self, url: &Url) -> Option<Reach> {
        let proxied = || self.0.route.proxy(url).map(|_| Reach::Public);
        Reach::written(url).or_else(proxied)
    }

    /// The proxy that carries requests to `url`, if one does; for a person to read.
    pub(crate) fn proxy(&self, url: &Url) -> Option<String> {
        self.0.route.proxy(url)
    }

    /// Fetches a metadata document. Redirects are followed, each checked like the first address.
    pub(crate) async fn get(&self, target: Target<'_>) -> Result<Answer, Fault> {
        self.bounded(target, self.follow(target)).await
    }

    /// Sends one request with a body and reads the answer; redirects are not followed.
    pub(crate) async fn post(
        &self,
        target: Target<'_>,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Answer, Fault> {
        let send = async {
            let response = self.send(target, Method::POST, headers, body).await?;
            read(target, response).await
        };
        self.bounded(target, send).await
    }

    /// As [`Http::post`], for what is used up by being sent, such as a code or a refresh token: on a
    /// connection of its own, and its answer is waited for as long as it may still come. Once it was sent,
    /// whatever keeps the answer away says no more than that there is none ([`Kind::Unanswered`]).
    pub(crate) async fn post_patiently(
        &self,
        target: Target<'_>,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Answer, Fault> {
        let unanswered = || target.fault(Kind::Unanswered { host: target.host() });
        let lost = |fault: Fault| if fault.is_transient() { unanswered() } else { fault };
        let send = async {
            let response = self.exchange(Connection::Fresh, target, Method::POST, headers, body).await;
            let response = response.map_err(|Lost { never_sent, fault }| match never_sent {
                true => fault,
                false => lost(fault),
            })?;
            read(target, response).await.map_err(lost)
        };
        match tokio::time::timeout(self.0.token_timeout, send).await {
            Ok(answer) => answer,
            Err(_) => Err(unanswered()),
        }
    }

    /// Deletes what is at an address and reads the answer; redirects are not followed.
    pub(crate) async fn delete(&self, target: Target<'_>, headers: HeaderMap) -> Result<Answer, Fault> {
        let send = async {
            let response = self.send(target, Method::DELETE, headers, Vec::new()).await?;
            read(target, response).await
        };
        self.bounded(target, send).await
    }

    /// Sends one request with a body and reads no more than status and headers of the answer, which may be a
    /// stream without end.
    pub(crate) async fn post_for_head(
        &self,
        target: Target<'_>,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Head, Fault> {
        let response = self.bounded(target, self.send(target, Method::POST, headers, body)).await?;
        let reach = self.known_reach(target.url).unwrap_or_else(|| response.reach());
        Ok(Head { status: response.status(), headers: response.headers().clone(), reach })
    }

    async fn bounded<T>(
        &self,
        target: Target<'_>,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        match tokio::time::timeout(self.0.request_timeout, work).await {
            Ok(result) => result,
            Err(_) => Err(target.fault(Kind::Slow { host: target.host() })),
        }
    }

    async fn follow(&self, first: Target<'_>) -> Result<Answer, Fault> {
        let mut url = first.url.clone();
        for _ in 0..=REDIRECTS {
            let target = Target { url: &url, ..first };
            let response = self.send(target, Method::GET, HeaderMap::new(), Vec::new()).await?;
            match location(target, response.status(), response.headers())? {
                None => return read(target, response).await,
                Some(next) => url = next,
            }
        }
        Err(first.fault(Kind::Answer { host: first.host(), problem: "too many redirects".to_owned() }))
    }

    async fn send(
        &self,
        target: Target<'_>,
        method: Method,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Response, Fault> {
        self.exchange(Connection::Pooled, target, method, headers, body).await.map_err(|lost| lost.fault)
    }

    async fn exchange(
        &self,
        by: Connection,
        target: Target<'_>,
        method: Method,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Response, Lost> {
        target.permit().map_err(|fault| Lost { never_sent: true, fault })?;
        let mut all = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        all.extend(headers);
        if let Some(direct) = self.direct(by, target) {
            return direct.ask(target, method, all, Upload::Whole(body.into())).await;
        }
        let request = self.proxied(by).request(method, target.url.clone()).headers(all).body(body);
        match request.send().await {
            Ok(response) => Ok(Response::ByProxy(Box::new(response))),
            Err(error) => {
                let never_sent = error.is_connect();
                Err(Lost { never_sent, fault: failed(target, error, self.0.route.proxy(target.url)) })
            }
        }
    }

    /// The client for what is not carried by a proxy.
    fn direct(&self, by: Connection, target: Target<'_>) -> Option<&Direct> {
        if self.0.route.proxy(target.url).is_some() {
            return None;
        }
        let clients = match target.reach {
            Reach::Public => &self.0.public,
            Reach::Private => &self.0.private,
            Reach::Loopback => &self.0.loopback,
        };
        Some(clients.by(by))
    }

    fn proxied(&self, by: Connection) -> &reqwest::Client {
        self.0.proxied.by(by)
    }

    /// As [`Http::direct`], by connections that are kept.
    pub(crate) fn kept_direct(&self, target: Target<'_>) -> Option<&Direct> {
        self.direct(Connection::Pooled, target)
    }

    /// The client for what a proxy carries, by connections that are kept.
    pub(crate) fn kept_proxied(&self) -> &reqwest::Client {
        self.proxied(Connection::Pooled)
    }
}

impl<C> Clients<C> {
    const fn by(&self, connection: Connection) -> &C {
        match connection {
            Connection::Pooled => &self.pooled,
            Connection::Fresh => &self.fresh,
        }
    }
}

impl Clients<reqwest::Client> {
    fn of(builder: impl Fn() -> Result<reqwest::ClientBuilder, Fault>) -> Result<Self, Fault> {
        let pooled = builder()?.build().map_err(unusable)?;
        let fresh = builder()?.pool_max_idle_per_host(0).build().map_err(unusable)?;
        Ok(Self { pooled, fresh })
    }
}

fn builder(options: &HttpOptions, tls: rustls::ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .connect_timeout(options.connect_timeout)
        // A few requests at a time gain nothing by HTTP/2, and its frames cost whoever reads them more than
        // whoever sends them: pings, settings, resets, headers in pieces, without end. An HTTP/1.1 answer has
        // a head of at most 100 headers and 400 KiB, and a body that is read as fast as it is wanted. That
        // the other side is gone, the system's keep-alive finds out.
        .http1_only()
        .pool_max_idle_per_host(IDLE)
        .user_agent(&options.user_agent)
        .referer(false)
        // A token request that was perhaps received must never be sent twice: refresh tokens are used once.
        .retry(reqwest::retry::never())
}

/// Where a redirect leads, if this is one and it may be followed.
fn location(target: Target<'_>, status: StatusCode, headers: &HeaderMap) -> Result<Option<Url>, Fault> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let text = headers.get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(shown) = Said::address(text) else {
        return Ok(None);
    };
    let refused = || target.fault(Kind::Redirect { host: target.host(), target: shown.clone() });
    let next = target.url.join(text).map_err(|_| refused())?;
    let downgrade = target.url.scheme() == "https" && next.scheme() != "https";
    if downgrade || (Target { url: &next, ..target }).permit().is_err() {
        return Err(refused());
    }
    Ok(Some(next))
}

fn unusable(error: reqwest::Error) -> Fault {
    let problem = "the HTTP client cannot be built with it".to_owned();
    Fault::configuration(Kind::Setting { name: "the proxy".to_owned(), problem }).caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultCode;
    use crate::fault::Party;
    use bytes::Bytes;

    fn redirect(from: &str, to: &str, reach: Reach) -> Result<Option<Url>, Fault> {
        let headers = HeaderMap::from_iter([(LOCATION, to.parse().unwrap())]);
        let target = Target { url: &Url::parse(from).unwrap(), whose: Party::Issuer, reach };
        location(target, StatusCode::FOUND, &headers)
    }

    #[test]
    fn a_redirect_leads_no_nearer_and_never_away_from_https() {
        let from = "https://a.example/x/y";
        for to in [
            "file:///etc/passwd",
            "http://b.example/",
            "http://127.0.0.1/",
            "https://10.0.0.1/",
            "https://[::ffff:10.0.0.1]/",
            "https://2130706433/",
            "//localhost/",
            "https://u:p@b.example/",
            "https://",
        ] {
            assert_eq!(
                redirect(from, to, Reach::Public).unwrap_err().code(),
                FaultCode::RedirectRefused,
                "{to}"
            );
        }
        assert_eq!(
            redirect(from, "http://127.0.0.1/", Reach::Loopback).unwrap_err().code(),
            FaultCode::RedirectRefused
        );
        assert_eq!(redirect(from, "../z", Reach::Public).unwrap().unwrap().as_str(), "https://a.example/z");
        assert_eq!(
            redirect(from, "https://b.example/", Reach::Public).unwrap().unwrap().as_str(),
            "https://b.example/"
        );
        assert!(redirect("http://localhost:1/", "http://127.0.0.1:2/", Reach::Loopback).unwrap().is_some());
    }

    #[tokio::test]
    async fn a_name_is_judged_by_its_addresses_when_connecting() {
        let http = Http::new(&HttpOptions::default()).unwrap();
        let url = Url::parse("http://localhost:9/").unwrap();
        for client in [&http.0.public.pooled, &http.0.private.fresh] {
            let target = Target { url: &url, whose: Party::Issuer, reach: Reach::Public };
            let asked = client.ask(target, Method::GET, HeaderMap::new(), Upload::Whole(Bytes::new())).await;
            let lost = asked.err().unwrap();
            assert!(lost.never_sent);
            assert_eq!(lost.fault.code(), FaultCode::AddressRefused);
        }
    }
}
