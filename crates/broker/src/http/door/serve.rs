//! Connections to the door: whose they are, and how many there may be.

use super::routes::router;
use crate::http::connection::{attend, locked};
use crate::http::outgoing::Outgoing;
use crate::valet::Valet;
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustix::process::getuid;
use seats::{Farewell, Seat, Seats, TakenSeat};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower::ServiceExt;

/// Connections at a time. Whoever has said nothing for longest makes room for the next.
const CONNECTIONS: usize = 256;
/// Connections whose user is looked up at a time: whoever is refused takes no place of others meanwhile.
const LOOKED_UP: usize = 4;
/// How often it is said that others are refused, in seconds.
const SAID: i64 = 60;

/// Serves for as long as this is not dropped. All connections end with it.
pub(super) async fn serve(valet: Arc<Valet>, listener: TcpListener) {
    let (seats, router) = (Seats::of_one_room(CONNECTIONS), router(&valet));
    let looked_up = Arc::new(Semaphore::new(LOOKED_UP));
    let strangers = Arc::new(Strangers::default());
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
        let Ok(looking_up) = Arc::clone(&looked_up).acquire_owned().await else { return };
        let (valet, router) = (Arc::clone(&valet), router.clone());
        let (seats, strangers) = (Arc::clone(&seats), Arc::clone(&strangers));
        connections.spawn(async move {
            let is_welcome = is_welcome(&valet, &stream, theirs).await;
            drop(looking_up);
            match is_welcome {
                true => answer(valet, router, stream, seats.take()).await,
                false => strangers.refused(valet.clock.now().as_second()),
            }
        });
    }
}

/// Those whose connections were refused.
#[derive(Default)]
struct Strangers {
    /// Since it was said.
    refused: AtomicU64,
    said: AtomicI64,
}

impl Strangers {
    /// Says so, unless it was said just now: another user is not to fill the log.
    fn refused(&self, now: i64) {
        let refused = self.refused.fetch_add(1, Ordering::Relaxed) + 1;
        let is_told = |said: i64| (now - said).abs() < SAID;
        let turn = |said| (!is_told(said)).then_some(now);
        if self.said.fetch_update(Ordering::Relaxed, Ordering::Relaxed, turn).is_ok() {
            self.refused.store(0, Ordering::Relaxed);
            tracing::warn!(
                connections = refused,
                "connections to the door are another user's, and were refused"
            );
        }
    }
}

/// Whether the other end is a program of this user. Where something stands in front of the door, that is of
/// another, and who is behind it is not known anyway.
async fn is_welcome(valet: &Valet, stream: &TcpStream, theirs: SocketAddr) -> bool {
    if valet.door.look(|open| open.config.external_url.is_some()).unwrap_or_default() {
        return true;
    }
    let Ok(ours) = stream.local_addr() else { return false };
    let owner = tokio::task::spawn_blocking(move || peer::owner_of(theirs, ours)).await;
    matches!(owner, Ok(Ok(Some(owner))) if owner == getuid().as_raw())
}

async fn answer(valet: Arc<Valet>, router: Router, stream: TcpStream, taking: TakenSeat) {
    let _ = stream.set_nodelay(true);
    let (valet, seat) = (&*valet, &taking.0);
    let sitting = Arc::clone(seat);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let turn = sitting.turn();
        let answer = router.clone().oneshot(request.map(Body::new));
        async move {
            let answer: Result<Response, Infallible> = answer.await;
            answer.map(|answer| Outgoing::answer(answer, turn))
        }
    });
    attend(TokioIo::new(stream), service, |heard| ends(valet, seat, heard)).await;
}

/// Its place is needed for another, or the valet is locked.
async fn ends(valet: &Valet, seat: &Seat, heard: Option<Farewell>) -> Farewell {
    tokio::select! {
        farewell = seat.asked_to_end(heard) => farewell,
        () = locked(valet, false), if heard.is_none() => Farewell::Soon,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_strangers_is_said_once_a_minute() {
        let strangers = Strangers::default();
        for _ in 0..1_000 {
            strangers.refused(1_000);
        }
        assert_eq!(
            (strangers.said.load(Ordering::Relaxed), strangers.refused.load(Ordering::Relaxed)),
            (1_000, 999)
        );
        strangers.refused(1_060);
        assert_eq!(
            (strangers.said.load(Ordering::Relaxed), strangers.refused.load(Ordering::Relaxed)),
            (1_060, 0)
        );
    }
}
