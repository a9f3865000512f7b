//! One connection to a host, which is driven by whoever waits for its answer: nothing passes from task to
//! task, and what came together is there together.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bell::Bell;
use bytes::Bytes;
use futures_util::Stream;
use http::{Extensions, Request, Uri};
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1::{Connection, SendRequest, handshake};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::{Connected, Connection as _, HttpConnector};
use tower_service::Service;

use crate::address::Resolver;

use super::body::{Body, BoxError};
use super::kept::Kept;
use super::lines::Home;
use super::paced::Paced;

/// Pieces of which an answer that nobody wants may have come already, so that its connection can be kept.
const UNWANTED: usize = 4;

/// What a connection goes by.
pub(super) type Io = Kept<Paced<<HttpsConnector<HttpConnector<Resolver>> as Service<Uri>>::Response>>;

/// The connection.
pub(super) struct Line {
    sender: SendRequest<Body>,
    /// Nothing once it has ended.
    driver: Option<Pin<Box<Connection<Io, Body>>>>,
    connected: Connected,
    bell: Arc<Bell>,
}

/// A request without an answer.
pub(super) struct Unanswered {
    pub(super) error: hyper::Error,
    /// The request, if not a byte of it was written.
    pub(super) unsent: Option<Request<Body>>,
}

impl Line {
    pub(super) async fn begin(io: Io) -> hyper::Result<Self> {
        let connected = io.connected();
        let (sender, driver) = handshake(io).await?;
        Ok(Self { sender, driver: Some(Box::pin(driver)), connected, bell: Arc::default() })
    }

    /// Sends a request, and waits for the head of its answer.
    pub(super) async fn send(
        &mut self,
        request: Request<Body>,
    ) -> Result<http::Response<Incoming>, Unanswered> {
        let mut answer = std::pin::pin!(self.sender.try_send_request(request));
        let (bell, driver) = (&self.bell, &mut self.driver);
        let step = |inner: &mut Context<'_>| {
            drive(driver, inner);
            answer.as_mut().poll(inner)
        };
        let mut step = step;
        let answered = std::future::poll_fn(|context| bell.poll(context, &mut step)).await;
        answered.map_err(|mut lost| {
            let unsent = lost.take_message();
            Unanswered { error: lost.into_error(), unsent }
        })
    }

    /// Whether another request can go by it, as far as is known here.
    pub(super) fn is_open(&mut self) -> bool {
        let driver = &mut self.driver;
        self.bell.look(|inner| drive(driver, inner));
        self.driver.is_some() && self.sender.is_ready()
    }

    /// What is known of the other side.
    pub(super) fn tell(&self, extensions: &mut Extensions) {
        self.connected.get_extras(extensions);
    }
}

fn drive(driver: &mut Option<Pin<Box<Connection<Io, Body>>>>, context: &mut Context<'_>) {
    if driver.as_mut().is_some_and(|driver| driver.as_mut().poll(context).is_ready()) {
        *driver = None;
    }
}

/// The body of an answer, and the connection that it comes by, which is kept once all of it has come.
pub(super) struct Answer {
    body: Incoming,
    /// Nothing after the end.
    line: Option<Line>,
    home: Home,
}

impl Answer {
    pub(super) const fn new(body: Incoming, line: Line, home: Home) -> Self {
        Self { body, line: Some(line), home }
    }

    fn end(&mut self) {
        if let Some(line) = self.line.take() {
            line.bell.leave();
            self.home.keep(line);
        }
    }
}

impl Stream for Answer {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let Some(Line { driver, bell, .. }) = this.line.as_mut() else { return Poll::Ready(None) };
            let body = &mut this.body;
            let frame = bell.poll(context, |inner| {
                if let Poll::Ready(frame) = Pin::new(&mut *body).poll_frame(inner) {
                    return Poll::Ready(frame);
                }
                drive(driver, inner);
                Pin::new(&mut *body).poll_frame(inner)
            });
            match ready!(frame) {
                Some(Ok(frame)) => {
                    if let Ok(piece) = frame.into_data() {
                        return Poll::Ready(Some(Ok(piece)));
                    }
                }
                Some(Err(error)) => {
                    this.line = None;
                    return Poll::Ready(Some(Err(error.into())));
                }
                None => {
                    this.end();
                    return Poll::Ready(None);
                }
            }
        }
    }
}

/// An answer that nobody reads to its end costs the connection, unless it is there already.
impl Drop for Answer {
    fn drop(&mut self) {
        let mut context = Context::from_waker(std::task::Waker::noop());
        for _ in 0..UNWANTED {
            if self.line.is_none() || Pin::new(&mut *self).poll_next(&mut context).is_pending() {
                return;
            }
        }
    }
}
