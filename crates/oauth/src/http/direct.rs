//! The way to a host where no proxy is in between. It hears what a host says before its answer, so that it
//! cannot say that for ever.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt;
use http::header::USER_AGENT;
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::sync::Notify;
use tower_service::Service;

use super::Lost;
use super::habits::Habits;
use super::kept::Kept;
use super::options::HttpOptions;
use super::paced::Paced;
use super::response::Response;
use crate::address::{Reach, Resolver};
use crate::fault::Kind;
use crate::forward::Upload;
use crate::target::{Target, without_answer};

/// Interim answers (RFC 9110 §15.2) to one request.
const INTERIM: usize = 32;
/// How often the system looks whether the other side is there, and after how many times in vain it is not.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const RETRIES: u32 = 3;
/// How long a connection is kept for the next request.
const KEPT: Duration = Duration::from_secs(90);

type BoxError = Box<dyn Error + Send + Sync>;
type Body = UnsyncBoxBody<Bytes, BoxError>;

/// The client. A clone shares the connections.
#[derive(Clone)]
pub(super) struct Direct {
    client: Client<Timed, Body>,
    user_agent: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("more than {INTERIM} interim answers")]
    Interim,
    #[error(transparent)]
    Broken(#[from] hyper_util::client::legacy::Error),
    #[error(transparent)]
    Request(#[from] http::Error),
}

/// The connection could not be opened in time.
#[derive(Debug, thiserror::Error)]
#[error("the connection could not be opened in time")]
pub(crate) struct TooLate;

impl Direct {
    /// A client that connects to no address nearer than `reach`, and keeps `idle` connections to one host for
    /// the next request.
    pub(super) fn new(
        options: &HttpOptions,
        mut tls: rustls::ClientConfig,
        reach: Reach,
        idle: usize,
        habits: &Arc<Habits>,
    ) -> Self {
        // A few requests at a time gain nothing by HTTP/2, and its frames cost whoever reads them more than
        // whoever sends them: pings, settings, resets, headers in pieces, without end. An HTTP/1.1 answer has
        // a head of at most 100 headers and 400 KiB, and a body that is read as fast as it is wanted. That
        // the other side is gone, the system's keep-alive finds out.
        tls.alpn_protocols.clear();
        let mut tcp = HttpConnector::new_with_resolver(Resolver { reach });
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEP_ALIVE));
        tcp.set_keepalive_interval(Some(KEEP_ALIVE));
        tcp.set_keepalive_retries(Some(RETRIES));
        let https = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1();
        let connector = Timed {
            inner: https.wrap_connector(tcp),
            time: options.connect_timeout,
            habits: Arc::clone(habits),
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEPT)
            .pool_max_idle_per_host(idle)
            // Where the connection was gone before a byte of it was written. What was perhaps received is never
            // sent twice.
            .retry_canceled_requests(true)
            .build(connector);
        Self { client, user_agent: options.user_agent.clone() }
    }

    /// Sends a request, and answers once the head of its answer is there.
    pub(super) async fn ask(
        &self,
        target: Target<'_>,
        method: Method,
        headers: HeaderMap,
        body: Upload,
    ) -> Result<Response, Lost> {
        let wrong = |_| target.fault(Kind::Url { name: "the address", problem: "it cannot be asked for" });
        let uri = target.url.as_str().parse();
        let uri: Uri = uri.map_err(wrong).map_err(|fault| Lost { never_sent: true, fault })?;
        self.send(uri, method, headers, body).await.map_err(|failure| Lost {
            never_sent: failure.is_connect(),
            fault: without_answer(target, &failure),
        })
    }

    async fn send(
        &self,
        uri: Uri,
        method: Method,
        mut headers: HeaderMap,
        body: Upload,
    ) -> Result<Response, Failure> {
        if let (false, Ok(name)) = (headers.contains_key(USER_AGENT), HeaderValue::from_str(&self.user_agent))
        {
            headers.insert(USER_AGENT, name);
        }
        let mut request = Request::builder().method(method).uri(uri).body(sent(body))?;
        *request.headers_mut() = headers;
        let enough = enough_interim(&mut request);
        tokio::select! {
            answer = self.client.request(request) => Ok(Response::direct(answer?)),
            () = enough.notified() => Err(Failure::Interim),
        }
    }
}

impl Failure {
    /// Whether no connection was made, so that nothing was sent.
    fn is_connect(&self) -> bool {
        matches!(self, Self::Broken(error) if error.is_connect())
    }
}

fn sent(body: Upload) -> Body {
    match body {
        Upload::Whole(bytes) => Full::new(bytes).map_err(|never| match never {}).boxed_unsync(),
        Upload::Stream(pieces) => StreamBody::new(pieces.map_ok(Frame::data)).boxed_unsync(),
    }
}

/// Rings once there were too many interim answers.
fn enough_interim(request: &mut Request<Body>) -> Arc<Notify> {
    let (enough, heard) = (Arc::new(Notify::new()), AtomicUsize::new(0));
    let bell = Arc::clone(&enough);
    hyper::ext::on_informational(request, move |_| {
        if heard.fetch_add(1, Ordering::Relaxed) == INTERIM {
            bell.notify_one();
        }
    });
    enough
}

/// Finds addresses as [`Resolver`] does.
impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<std::net::SocketAddr>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let resolver = self.clone();
        Box::pin(async move { Ok(resolver.find(name.as_str()).await?.into_iter()) })
    }
}

/// Opens connections, TLS included, within a time.
#[derive(Clone)]
struct Timed {
    inner: HttpsConnector<HttpConnector<Resolver>>,
    time: Duration,
    habits: Arc<Habits>,
}

impl Service<Uri> for Timed {
    type Response = Kept<Paced<<HttpsConnector<HttpConnector<Resolver>> as Service<Uri>>::Response>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (host, habits) = (origin(&uri), Arc::clone(&self.habits));
        let connecting = tokio::time::timeout(self.time, self.inner.call(uri));
        Box::pin(async move {
            let opened = connecting.await.map_err(|_| BoxError::from(TooLate))??;
            Ok(Kept::new(Paced::new(opened), host, habits))
        })
    }
}

/// As [`url::Origin`] writes it.
fn origin(uri: &Uri) -> String {
    format!("{}://{}", uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", Authority::as_str))
}
