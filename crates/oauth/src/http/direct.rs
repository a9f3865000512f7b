//! The way to a host where no proxy is in between. It hears what a host says before its answer, so that it
//! cannot say that for ever.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt;
use http::header::{HOST, USER_AGENT};
use http::uri::{Authority, Scheme};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use tokio::sync::Notify;
use tower_service::Service;

use super::body::{Body, BoxError, Upload};
use super::failure::{Failure, INTERIM, Lost, TooLate};
use super::habits::Habits;
use super::kept::Kept;
use super::line::{Io, Line, Unanswered};
use super::lines::Lines;
use super::options::HttpOptions;
use super::paced::Paced;
use super::response::Response;
use crate::address::{Reach, Resolver};
use crate::fault::Kind;
use crate::target::{Target, without_answer};
use words::say;

/// How often the system looks whether the other side is there, and after how many times in vain it is not.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const RETRIES: u32 = 3;

/// The client.
pub(super) struct Direct {
    opens: Timed,
    lines: Arc<Lines>,
    user_agent: Option<HeaderValue>,
}

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
        let opens = Timed {
            inner: https.wrap_connector(tcp),
            time: options.connect_timeout,
            habits: Arc::clone(habits),
        };
        Self { opens, lines: Lines::new(idle), user_agent: HeaderValue::from_str(&options.user_agent).ok() }
    }

    /// Sends a request, and answers once the head of its answer is there.
    pub(super) async fn ask(
        &self,
        target: Target<'_>,
        method: Method,
        headers: HeaderMap,
        body: Upload,
    ) -> Result<Response, Lost> {
        let wrong = |_| {
            target
                .fault(Kind::Url { name: say!(fault_name_address), problem: say!(fault_url_cannot_be_asked) })
        };
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
        if let (false, Some(name)) = (headers.contains_key(USER_AGENT), &self.user_agent) {
            headers.insert(USER_AGENT, name.clone());
        }
        headers.insert(HOST, host(&uri));
        let mut request = Request::new(sent(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri.path_and_query().map_or_else(Uri::default, |path| Uri::from(path.clone()));
        *request.headers_mut() = headers;
        let enough = enough_interim(&mut request);
        tokio::select! {
            answer = self.exchange(uri, request) => answer,
            () = enough.notified() => Err(Failure::Interim),
        }
    }

    /// By a connection that was kept, if there is one, or else by another. Where a connection was gone before
    /// a byte of the request was written, it goes by the next; what was perhaps received is never sent twice.
    async fn exchange(&self, uri: Uri, mut request: Request<Body>) -> Result<Response, Failure> {
        let home = self.lines.home(origin(&uri));
        while let Some(mut line) = home.take() {
            match line.send(request).await {
                Ok(answer) => return Ok(Response::direct(answer, line, home)),
                Err(Unanswered { unsent: Some(unsent), .. }) => request = unsent,
                Err(Unanswered { error, unsent: None }) => return Err(error.into()),
            }
        }
        // Whatever waits for an answer would be as large as this, though most requests open no connection.
        let mut line = Box::pin(self.begin(uri)).await?;
        match line.send(request).await {
            Ok(answer) => Ok(Response::direct(answer, line, home)),
            Err(Unanswered { error, .. }) => Err(error.into()),
        }
    }

    async fn begin(&self, uri: Uri) -> Result<Line, Failure> {
        let io = self.opens.open(uri).await.map_err(Failure::Connection)?;
        Ok(Line::begin(io).await?)
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
struct Timed {
    inner: HttpsConnector<HttpConnector<Resolver>>,
    time: Duration,
    habits: Arc<Habits>,
}

impl Timed {
    async fn open(&self, uri: Uri) -> Result<Io, BoxError> {
        let (host, mut inner) = (origin(&uri), self.inner.clone());
        let opened = async {
            poll_fn(|context| inner.poll_ready(context)).await?;
            inner.call(uri).await
        };
        let opened = tokio::time::timeout(self.time, opened).await.map_err(|_| BoxError::from(TooLate))??;
        Ok(Kept::new(Paced::new(opened), host, Arc::clone(&self.habits)))
    }
}

/// As [`url::Origin`] writes it.
fn origin(uri: &Uri) -> String {
    format!("{}://{}", uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", Authority::as_str))
}

/// As RFC 9110 §7.2 has it: a port that goes without saying is not said.
fn host(uri: &Uri) -> HeaderValue {
    let host = uri.host().unwrap_or_default();
    let usual = if uri.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 };
    let said = match uri.port_u16().filter(|port| *port != usual) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    HeaderValue::from_maybe_shared(Bytes::from(said)).unwrap_or(HeaderValue::from_static(""))
}
