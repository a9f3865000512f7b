//! The person's door: HTTP/2 over a stream that a shell made itself, for its window. There is no socket that
//! leads here.

mod activity;
mod answered;
mod clients;
mod forwards;
mod import;
mod keys;
mod page;
mod programs;
mod routes;
mod rules;
#[cfg(test)]
mod types;
mod vault;

pub use page::{Page, Raise};

use crate::authority::person::Person;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tower::ServiceExt;

/// Serves the person at the other end of `stream` until it is closed. The window is told which page is
/// `wanted`, and empties that once it shows it. Whoever holds that end is the person: the stream must be one
/// that nobody else can open, such as a socket pair handed to a child process.
pub async fn serve_window(
    person: Person,
    wanted: watch::Sender<Option<Page>>,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) {
    person.look_at_login();
    let router: Router = routes::router();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(person.clone());
        request.extensions_mut().insert(wanted.clone());
        router.clone().oneshot(request.map(Body::new))
    });
    let served =
        http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
    if let Err(error) = served {
        tracing::debug!(%error, "the window went away");
    }
}
