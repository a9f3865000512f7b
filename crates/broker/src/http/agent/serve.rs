//! Serving the socket, on a thread of its own.

use super::routes::router;
use super::socket::Bound;
use crate::agent::Agent;
use crate::peer::{Applications, Peer, PeerError};
use crate::valet::Valet;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustix::process::{Resource, getrlimit};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::UnixStream;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;
use tower::ServiceExt;

/// Connections at a time, at most. More wait to be accepted; idle ones end by themselves.
const CONNECTIONS: u64 = 4096;
/// File descriptors that one connection takes: itself, and a handle on the process behind it.
const FDS: u64 = 2;
/// File descriptors that are kept for everything else, such as handles on applications.
const SPARE_FDS: u64 = 384;
/// How long a connection may say nothing before a request.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take to find out who somebody is.
const LOOK: Duration = Duration::from_secs(10);
const MAX_HEAD: usize = 64 << 10;
/// How long the end waits for answers that are on their way out.
const FAREWELL: Duration = Duration::from_millis(500);

/// Serves the socket until `stop` is dropped. Then nobody new is served, and streams of events come to their proper end. The thread has a runtime of its own, so that nothing else the valet does is ever
/// between an agent and a token that is in memory.
pub(crate) fn serve(
    valet: Arc<Valet>,
    bound: Bound,
    stop: oneshot::Receiver<()>,
) -> io::Result<std::thread::JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("agents".to_owned()).spawn(move || {
        runtime.block_on(async {
            let graceful = GracefulShutdown::new();
            tokio::select! {
                () = accept(&valet, &bound, &graceful) => {}
                _ = stop => {}
            }
            let _ = timeout(FAREWELL, graceful.shutdown()).await;
        });
    })
}

async fn accept(valet: &Arc<Valet>, bound: &Bound, graceful: &GracefulShutdown) {
    let listener = bound.listener.try_clone().and_then(tokio::net::UnixListener::from_std);
    let listener = match listener {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(%error, "the socket cannot be served"),
    };
    let router = router();
    let applications = Arc::new(Applications::default());
    let places = Arc::new(Semaphore::new(places()));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors: wait for some to come back.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (valet, router, watcher) = (Arc::clone(valet), router.clone(), graceful.watcher());
        let applications = Arc::clone(&applications);
        tokio::spawn(async move {
            let _place = place;
            greet(valet, router, &applications, stream, watcher).await;
        });
    }
}

/// As many connections as there are file descriptors for.
fn places() -> usize {
    let fds = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let places = (fds.saturating_sub(SPARE_FDS) / FDS).clamp(16, CONNECTIONS);
    usize::try_from(places).unwrap_or(16)
}

/// Finds out who is there, and serves them as that and nothing else.
async fn greet(
    valet: Arc<Valet>,
    router: Router,
    applications: &Arc<Applications>,
    stream: UnixStream,
    watcher: Watcher,
) {
    let peer = match tell(&valet, applications, &stream).await {
        Ok(peer) => Arc::new(peer),
        Err(error) => return tracing::warn!(%error, "a connection was refused"),
    };
    let agent = Agent { valet, peer };
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        agent.peer.is_unchanged();
        request.extensions_mut().insert(agent.clone());
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// Who is there. Whoever is not known yet is looked at elsewhere: that may read files, and takes nobody else's time.
async fn tell(
    valet: &Valet,
    applications: &Arc<Applications>,
    stream: &UnixStream,
) -> Result<Peer, PeerError> {
    let newcomer = match applications.greet(stream)? {
        Ok(peer) => return Ok(peer),
        Err(newcomer) => newcomer,
    };
    let applications = Arc::clone(applications);
    let meeting = valet.runtime.spawn_blocking(move || applications.meet(newcomer));
    let met = timeout(LOOK, meeting).await.map_err(io::Error::other)?;
    Ok(met.map_err(io::Error::other)?)
}
