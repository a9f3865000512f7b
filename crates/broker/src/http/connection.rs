//! A connection to the valet, as the socket, the door and forwards have it: HTTP/1 within bounds, until
//! either end has enough.

use crate::valet::Valet;
use bell::Bell;
use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::rt::{Read, Write};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioTimer;
use seats::Farewell;
use std::error::Error;
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may say nothing before a request, and how long it may take to say it.
pub(in crate::http) const PATIENCE: Duration = Duration::from_secs(30);
/// Most bytes of a request without its body.
pub(in crate::http) const MAX_HEAD: usize = 64 << 10;

/// Answers what comes by a connection, until it ends. `ends` says when this end has enough, and how, which is
/// looked at again with what it said before.
pub(in crate::http) async fn attend<S, B, E>(
    stream: impl Read + Write + Unpin,
    service: S,
    ends: impl Fn(Option<Farewell>) -> E,
) where
    S: Service<Request<Incoming>, Response = Response<B>>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
    E: Future<Output = Farewell>,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(MAX_HEAD)
        .serve_connection(stream, service);
    // Whoever reads the body of a request wakes what reads from the stream, and both are this task.
    let bell = Arc::<Bell>::default();
    let mut connection = pin!(connection);
    let mut heard = None;
    loop {
        let serves = poll_fn(|context| bell.poll(context, |inner| connection.as_mut().poll(inner)));
        tokio::select! {
            biased;
            served = serves => {
                if let Err(error) = served {
                    tracing::debug!(%error, "a connection broke off");
                }
                return;
            }
            farewell = ends(heard) => match farewell {
                Farewell::Soon => connection.as_mut().graceful_shutdown(),
                Farewell::Now => return,
            },
        }
        heard = Some(Farewell::Soon);
    }
}

/// Ends once the valet is locked that was open, here or before: the buffers of a connection may still hold
/// what went out by it.
pub(in crate::http) async fn locked(valet: &Valet, mut was_open: bool) {
    let mut changes = valet.changes();
    loop {
        let is_open = valet.not_locked().is_ok();
        if was_open && !is_open {
            return;
        }
        was_open |= is_open;
        if changes.changed().await.is_err() {
            return pending().await;
        }
    }
}
