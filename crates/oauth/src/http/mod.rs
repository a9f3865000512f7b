//! The one bounded HTTP client.

pub(crate) mod body;
pub(crate) mod coding;
mod connections;
mod direct;
pub(crate) mod failure;
mod habits;
mod kept;
mod line;
mod lines;
mod measure;
mod options;
mod paced;
mod redirect;
pub(crate) mod response;
mod route;
mod tls;
pub(crate) mod trust;

use std::sync::Arc;
use std::time::Duration;

use ::http::header::{ACCEPT, ACCEPT_ENCODING};
use ::http::{HeaderMap, HeaderValue, Method, StatusCode};
use bytes::Bytes;
use url::Url;

use crate::address::{self, Reach};
use crate::fault::{Fault, Kind};
use crate::full_response::{FullResponse, read};
use crate::obstacle::Obstacle;
use crate::target::{Target, failed};
use crate::uri::host;
use body::Upload;
use coding::{ACCEPTED, IDENTITY};
use connections::{Connection, Connections};
use failure::Lost;
use habits::Habits;
pub use options::HttpOptions;
use response::Response;
use route::Route;
use words::say;

/// The client that every request of this crate goes through: https (http only on this machine), bounded in
/// size and time, no redirects except for metadata, and no address nearer than the server that names it.
/// A clone shares the connections.
///
/// What only reads is sent once more where a kept connection ended under it. All that changes something at an
/// issuer goes by a connection of its own, and nothing of which a byte was written is sent again.
#[derive(Clone)]
pub struct Http(Arc<Inner>);

struct Inner {
    connections: Connections,
    habits: Arc<Habits>,
    route: Route,
    request_timeout: Duration,
    token_timeout: Duration,
}

/// The beginning of an answer.
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// How near the host turned out to be when we connected.
    pub(crate) reach: Reach,
}

/// A request, whole.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Upload,
}

impl Http {
    /// Builds the client.
    ///
    /// # Errors
    /// A certificate file or the proxy cannot be used.
    pub fn new(options: &HttpOptions) -> Result<Self, Fault> {
        let habits = Arc::default();
        Ok(Self(Arc::new(Inner {
            connections: Connections::new(options, &habits)?,
            habits,
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
    pub(crate) async fn get(&self, target: Target<'_>) -> Result<FullResponse, Fault> {
        self.bounded(target, self.follow(target)).await
    }

    /// Fetches what has to stand at this very address: redirects are not followed.
    pub(crate) async fn get_there(&self, target: Target<'_>) -> Result<FullResponse, Fault> {
        let fetch = async { read(target, self.ask(target, metadata()).await?).await };
        self.bounded(target, fetch).await
    }

    /// Sends one request with a body and reads the answer; redirects are not followed.
    pub(crate) async fn post(
        &self,
        target: Target<'_>,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<FullResponse, Fault> {
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
    ) -> Result<FullResponse, Fault> {
        let unanswered = || target.fault(Kind::Unanswered { host: target.host() });
        let lost = |fault: Fault| if fault.is_transient() { unanswered() } else { fault };
        let send = async {
            let request = secret(Method::POST, headers, body);
            let response = self.exchange(Connection::Fresh, target, request).await.map_err(
                |Lost { never_sent, fault }| match never_sent {
                    true => fault,
                    false => lost(fault),
                },
            )?;
            read(target, response).await.map_err(lost)
        };
        match tokio::time::timeout(self.0.token_timeout, send).await {
            Ok(answer) => answer,
            Err(_) => Err(unanswered()),
        }
    }

    /// Deletes what is at an address and reads the answer; redirects are not followed.
    pub(crate) async fn delete(&self, target: Target<'_>, headers: HeaderMap) -> Result<FullResponse, Fault> {
        let send = async {
            let response = self.send(target, Method::DELETE, headers, Vec::new()).await?;
            read(target, response).await
        };
        self.bounded(target, send).await
    }

    /// Sends one request and reads no more than status and headers of the answer, which may be a stream
    /// without end.
    pub(crate) async fn for_head(
        &self,
        target: Target<'_>,
        method: Method,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Head, Fault> {
        let response = self.bounded(target, self.send(target, method, headers, body)).await?;
        let reach = self.known_reach(target.url).unwrap_or(response.reach);
        Ok(Head { status: response.status, headers: response.headers, reach })
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

    async fn follow(&self, first: Target<'_>) -> Result<FullResponse, Fault> {
        let mut url = first.url.clone();
        for _ in 0..=redirect::MOST {
            let target = Target { url: &url, ..first };
            let response = self.ask(target, metadata()).await?;
            match redirect::location(target, response.status, &response.headers)? {
                None => return read(target, response).await,
                Some(next) => url = next,
            }
        }
        Err(first.fault(Kind::Answer { host: first.host(), problem: say!(fault_answer_too_many_redirects) }))
    }

    /// Sends what changes something, or brings a secret.
    async fn send(
        &self,
        target: Target<'_>,
        method: Method,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Response, Fault> {
        let request = secret(method, headers, body);
        self.exchange(Connection::Fresh, target, request).await.map_err(|lost| lost.fault)
    }

    /// Sends a request by a kept connection, where there is one that its host keeps as well. What only reads
    /// is sent once more, by another, if the connection ended under it.
    pub(crate) async fn ask(&self, target: Target<'_>, request: Request) -> Result<Response, Fault> {
        let again = match (&request.method, &request.body) {
            (&Method::GET, Upload::Whole(body)) => Some(Request {
                method: Method::GET,
                headers: request.headers.clone(),
                body: Upload::Whole(body.clone()),
            }),
            _ => None,
        };
        let keeps = self.0.habits.keeps(&target.url.origin().ascii_serialization()).await;
        let by = if keeps { Connection::Kept } else { Connection::Fresh };
        match (self.exchange(by, target, request).await, again) {
            (Err(lost), Some(again)) if lost.is_cut_off() => {
                self.exchange(Connection::Fresh, target, again).await.map_err(|lost| lost.fault)
            }
            (answered, _) => answered.map_err(|lost| lost.fault),
        }
    }

    async fn exchange(&self, by: Connection, target: Target<'_>, request: Request) -> Result<Response, Lost> {
        target.permit().map_err(|fault| Lost { never_sent: true, fault })?;
        let Request { method, headers, body } = request;
        let Some(proxy) = self.0.route.proxy(target.url) else {
            return self.0.connections.direct(target.reach, by).ask(target, method, headers, body).await;
        };
        let request = self.0.connections.proxied(by).request(method, target.url.clone());
        match body.by_proxy(request.headers(headers)).send().await {
            Ok(response) => Ok(Response::proxied(response)),
            Err(error) => {
                let never_sent = error.is_connect();
                Err(Lost { never_sent, fault: failed(target, error, Some(proxy)) })
            }
        }
    }
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A request for a metadata document.
fn metadata() -> Request {
    Request {
        method: Method::GET,
        headers: HeaderMap::from_iter([(ACCEPT, JSON), (ACCEPT_ENCODING, ACCEPTED)]),
        body: Upload::Whole(Bytes::new()),
    }
}

/// A request that changes something, or brings a secret.
fn secret(method: Method, headers: HeaderMap, body: Vec<u8>) -> Request {
    let mut all = HeaderMap::from_iter([(ACCEPT, JSON), (ACCEPT_ENCODING, IDENTITY)]);
    all.extend(headers);
    Request { method, headers: all, body: Upload::Whole(body.into()) }
}
