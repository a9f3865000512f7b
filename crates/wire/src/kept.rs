//! Connections that are kept for the next request through the proxy.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Connections that are kept at a time. More than that answer at once only now and then.
const MOST: usize = 8;
/// How long one is kept. The valet hangs up on whoever says nothing for half a minute.
const KEPT: Duration = Duration::from_secs(20);
/// The longest body that goes out in one piece with its head, and is read in one: of this, the valet has read
/// all or nothing.
const ONE_PIECE: usize = 4 << 10;

/// A connection to the valet.
#[derive(Debug)]
pub(crate) struct Line {
    sender: SendRequest<Full<Bytes>>,
    /// Since when it is kept, if it was used before.
    since: Option<Instant>,
}

/// A request that has no answer.
pub(crate) struct Lost {
    pub(crate) error: hyper::Error,
    /// The request, if it is certain that nobody has read it.
    pub(crate) unread: Option<Request<Bytes>>,
}

/// Those that are kept; a clone shares them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<Line>>>);

impl Line {
    pub(crate) const fn new(sender: SendRequest<Full<Bytes>>) -> Self {
        Self { sender, since: None }
    }

    pub(crate) async fn send(&mut self, request: Request<Bytes>) -> Result<Response<Incoming>, Lost> {
        let again = self.since.map(|_| request.clone());
        self.sender.try_send_request(request.map(Full::new)).await.map_err(|lost| {
            let is_unsent = lost.message().is_some();
            let error = lost.into_error();
            let is_one_piece = |request: &Request<Bytes>| request.body().len() <= ONE_PIECE;
            let unread = again.filter(|it| is_unsent || (is_one_piece(it) && hung_up_before(&error)));
            Lost { error, unread }
        })
    }
}

/// Whether the valet had hung up before it read: a Unix socket says so by an error, and only then.
fn hung_up_before(error: &hyper::Error) -> bool {
    let why = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    let before = [io::ErrorKind::BrokenPipe, io::ErrorKind::ConnectionReset];
    why.is_some_and(|why| before.contains(&why.kind()))
}

impl Lines {
    /// The one that was used last and is still open.
    pub(crate) async fn take(&self) -> Option<Line> {
        loop {
            let mut line = self.lock().pop()?;
            let is_young = line.since.is_some_and(|since| since.elapsed() < KEPT);
            if is_young && line.sender.ready().await.is_ok() {
                return Some(line);
            }
        }
    }

    pub(crate) fn keep(&self, line: Line) {
        let mut lines = self.lock();
        if lines.len() == MOST {
            lines.remove(0);
        }
        lines.push(Line { since: Some(Instant::now()), ..line });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
