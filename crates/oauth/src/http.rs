//! The one bounded HTTP client.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ::http::header::{ACCEPT, CONTENT_LENGTH, LOCATION};
use ::http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;
use url::Url;

use crate::address::{self, Reach, Refused, Resolver};
use crate::fault::{Fault, Kind, Party};
use crate::proxy::Route;
use crate::said::Said;
use crate::tls;

/// Most bytes of a body that are read.
const BODY_LIMIT: usize = 1024 * 1024;
/// Most bytes of headers in an HTTP/2 answer. HTTP/1.1 answers are bounded by hyper (100 headers, 400 KiB).
const HEADER_LIMIT: u32 = 64 * 1024;
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
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            extra_ca: Vec::new(),
            proxy: None,
            user_agent: concat!("mcp-valet/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(8),
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
    public: reqwest::Client,
    private: reqwest::Client,
    loopback: reqwest::Client,
    /// Names are resolved by the proxy, whose own address is the person's choice.
    proxied: reqwest::Client,
    route: Route,
    request_timeout: Duration,
}

/// Where a request goes, whose host that is, and how near it may be.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) url: &'a Url,
    pub(crate) whose: Party,
    pub(crate) reach: Reach,
}

impl Target<'_> {
    /// The host, for a person to read.
    pub(crate) fn host(&self) -> String {
        host(self.url)
    }

    pub(crate) fn fault(&self, kind: Kind) -> Fault {
        Fault::new(self.whose, kind)
    }

    /// Refuses URLs that may not be asked: anything but https (http on this machine), user information, and
    /// hosts whose very text is nearer than allowed.
    pub(crate) fn permit(&self) -> Result<(), Fault> {
        if self.url.scheme() != "https" && !(self.url.scheme() == "http" && address::is_loopback(self.url)) {
            let url = Said::new(self.url.as_str());
            let kind = |url| Kind::Insecure { name: "the address", url, tls_proxy: false };
            return Err(self.fault(url.map_or(Kind::Url { name: "the address", problem: "empty" }, kind)));
        }
        if !self.url.username().is_empty() || self.url.password().is_some() {
            return Err(
                self.fault(Kind::Url { name: "the address", problem: "it holds a user name or password" })
            );
        }
        if Reach::written(self.url).is_some_and(|written| written > self.reach) {
            return Err(self.fault(Kind::Address { host: self.host() }));
        }
        Ok(())
    }
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
    pub(crate) host: String,
    pub(crate) whose: Party,
}

impl Answer {
    pub(crate) fn fault(&self, kind: Kind) -> Fault {
        Fault::new(self.whose, kind)
    }

    /// Faults for 5xx and 429, which say nothing about the request.
    pub(crate) fn available(self) -> Result<Self, Fault> {
        match is_outage(self.status) {
            true => {
                Err(self.fault(Kind::Unavailable { host: self.host.clone(), status: self.status.as_u16() }))
            }
            false => Ok(self),
        }
    }

    /// The body as JSON of the expected shape.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let (host, status) = (self.host.clone(), self.status.as_u16());
        serde_json::from_slice(&self.body).map_err(|error| match error.is_data() {
            true => {
                self.fault(Kind::Answer { host, problem: "JSON of another shape than expected".to_owned() })
            }
            false => self.fault(Kind::NotJson { host, status }),
        })
    }
}

/// 5xx and 429.
pub(crate) fn is_outage(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}

/// The host of a URL, with its port if that is not the usual one.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

impl Http {
    /// Builds the client.
    ///
    /// # Errors
    /// A certificate file or the proxy cannot be used.
    pub fn new(options: &HttpOptions) -> Result<Self, Fault> {
        let tls = tls::config(&options.extra_ca)?;
        let direct = |reach| {
            let builder = builder(options, tls.clone()).no_proxy().dns_resolver(Resolver { reach });
            builder.build().map_err(unusable)
        };
        let mut proxied = builder(options, tls.clone());
        if let Some(url) = &options.proxy {
            proxied = proxied.proxy(reqwest::Proxy::all(url.clone()).map_err(unusable)?);
        }
        Ok(Self(Arc::new(Inner {
            public: direct(Reach::Public)?,
            private: direct(Reach::Private)?,
            loopback: direct(Reach::Loopback)?,
            proxied: proxied.build().map_err(unusable)?,
            route: Route::new(options.proxy.is_some()),
            request_timeout: options.request_timeout,
        })))
    }

    /// How near a configured server is. A name with several addresses counts as its farthest one; a name
    /// behind a proxy counts as public, because only the proxy can resolve it.
    ///
    /// # Errors
    /// The name cannot be resolved.
    pub async fn reach_of(&self, url: &Url) -> Result<Reach, Fault> {
        if let Some(written) = Reach::written(url) {
            return Ok(written);
        }
        if self.0.route.is_proxied(url) {
            return Ok(Reach::Public);
        }
        let unreachable = || Fault::server(Kind::Unreachable { host: host(url) });
        let lookup = address::resolve(url.host_str().unwrap_or_default());
        let found = tokio::time::timeout(self.0.request_timeout, lookup).await;
        let addresses =
            found.map_err(|_| Fault::server(Kind::Slow { host: host(url) }))?.map_err(|_| unreachable())?;
        addresses.iter().map(|address| Reach::of(address.ip())).min().ok_or_else(unreachable)
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

    /// Sends one request with a body and reads no more than status and headers of the answer, which may be a
    /// stream without end.
    pub(crate) async fn post_for_head(
        &self,
        target: Target<'_>,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<(StatusCode, HeaderMap), Fault> {
        let response = self.bounded(target, self.send(target, Method::POST, headers, body)).await?;
        Ok((response.status(), response.headers().clone()))
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
            match location(target, &response)? {
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
    ) -> Result<reqwest::Response, Fault> {
        target.permit()?;
        let mut all = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        all.extend(headers);
        let request = self.client(target).request(method, target.url.clone()).headers(all).body(body);
        request.send().await.map_err(|error| failed(target, error))
    }

    fn client(&self, target: Target<'_>) -> &reqwest::Client {
        if self.0.route.is_proxied(target.url) {
            return &self.0.proxied;
        }
        match target.reach {
            Reach::Public => &self.0.public,
            Reach::Private => &self.0.private,
            Reach::Loopback => &self.0.loopback,
        }
    }
}

fn builder(options: &HttpOptions, tls: rustls::ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .connect_timeout(options.connect_timeout)
        .http2_max_header_list_size(HEADER_LIMIT)
        .user_agent(&options.user_agent)
        .referer(false)
        // A token request that was perhaps received must never be sent twice: refresh tokens are used once.
        .retry(reqwest::retry::never())
}

/// Where a redirect leads, if this is one and it may be followed.
fn location(target: Target<'_>, response: &reqwest::Response) -> Result<Option<Url>, Fault> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let text = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(shown) = Said::new(text) else {
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

/// Reads the body piece by piece, so that an endless one costs no more memory than the limit.
async fn read(target: Target<'_>, mut response: reqwest::Response) -> Result<Answer, Fault> {
    let too_large = || target.fault(Kind::TooLarge { host: target.host(), limit: BODY_LIMIT });
    let declared =
        response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > BODY_LIMIT as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| failed(target, error))? {
        if body.len() + piece.len() > BODY_LIMIT {
            return Err(too_large());
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { status: response.status(), body, host: target.host(), whose: target.whose })
}

fn failed(target: Target<'_>, error: reqwest::Error) -> Fault {
    let host = target.host();
    let kind = if caused_by::<Refused>(&error) {
        Kind::Address { host }
    } else if error.is_timeout() {
        Kind::Slow { host }
    } else if caused_by::<rustls::Error>(&error) {
        Kind::Certificate { host }
    } else {
        Kind::Unreachable { host }
    };
    target.fault(kind).caused_by(error)
}

/// Whether an error of type `E` is among the causes. `std::io::Error` hides the one it wraps.
fn caused_by<E: std::error::Error + 'static>(error: &(dyn std::error::Error + 'static)) -> bool {
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    if let Some(inner) = inner {
        return caused_by::<E>(inner);
    }
    error.is::<E>() || error.source().is_some_and(caused_by::<E>)
}

fn unusable(error: reqwest::Error) -> Fault {
    let problem = "the HTTP client cannot be built with it".to_owned();
    Fault::configuration(Kind::Setting { name: "the proxy".to_owned(), problem }).caused_by(error)
}
