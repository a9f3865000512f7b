//! Connections to the door: whose they are, and how many there may be.

use super::routes::router;
use crate::valet::Valet;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::process::getuid;
use seats::{Farewell, Seat, Seats, TakenSeat};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;

/// Connections at a time. Whoever has said nothing for longest makes room for the next.
const CONNECTIONS: usize = 256;
/// How long a connection may say nothing before a request, and how long it may take to say it.
const PATIENCE: Duration = Duration::from_secs(30);
const MAX_HEAD: usize = 64 << 10;

/// Serves for as long as this is not dropped. All connections end with it.
pub(super) async fn serve(valet: Arc<Valet>, listener: TcpListener) {
    let (seats, router) = (Seats::of_one_room(CONNECTIONS), router(&valet));
    let mut connections = JoinSet::new();
    loop {
        seats.vacancy().await;
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
        };
        let Ok((stream, theirs)) = accepted else {
            // Out of file descriptors: somebody has to give one back.
            seats.give_up_one();
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        connections.spawn(greet(Arc::clone(&valet), router.clone(), stream, theirs, seats.take()));
    }
}

async fn greet(valet: Arc<Valet>, router: Router, stream: TcpStream, theirs: SocketAddr, taking: TakenSeat) {
    let Ok(ours) = stream.local_addr() else { return };
    let is_from_outside = valet.door.look(|open| open.config.external_url.is_some()).unwrap_or_default();
    if !is_from_outside && !is_of_this_user(theirs, ours).await {
        return tracing::warn!("a connection to the door is another user's, and was refused");
    }
    let seat = Arc::clone(&taking.0);
    tokio::select! {
        () = answer(&valet, router, stream, &seat) => {}
        () = given_up(&seat) => {}
    }
}

/// Whether the other end is a program of this user. Where something stands in front of the door, that is of
/// another, and who is behind it is not known anyway.
async fn is_of_this_user(theirs: SocketAddr, ours: SocketAddr) -> bool {
    let owner = tokio::task::spawn_blocking(move || peer::owner_of(theirs, ours)).await;
    matches!(owner, Ok(Ok(Some(owner))) if owner == getuid().as_raw())
}

async fn answer(valet: &Arc<Valet>, router: Router, stream: TcpStream, seat: &Arc<Seat>) {
    let _ = stream.set_nodelay(true);
    let sitting = Arc::clone(seat);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let turn = sitting.turn();
        let answer = router.clone().oneshot(request.map(Body::new));
        async move {
            let answer = answer.await;
            drop(turn);
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        served = &mut connection => return tell(served),
        () = locked(valet) => {}
    }
    // Its buffers may still hold what went out by it.
    connection.as_mut().graceful_shutdown();
    tell(connection.await);
}

fn tell(served: hyper::Result<()>) {
    if let Err(error) = served {
        tracing::debug!(%error, "a connection to the door broke off");
    }
}

/// Its place is needed for another.
async fn given_up(seat: &Seat) {
    let heard = seat.asked_to_end(None).await;
    if heard != Farewell::Now {
        seat.asked_to_end(Some(heard)).await;
    }
}

/// Ends once the valet is locked that was open.
async fn locked(valet: &Valet) {
    let mut changes = valet.changes();
    let mut was_open = false;
    loop {
        let is_open = valet.not_locked().is_ok();
        if was_open && !is_open {
            return;
        }
        was_open |= is_open;
        if changes.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}
