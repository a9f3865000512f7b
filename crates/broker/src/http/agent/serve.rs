//! Serving the socket, on a thread of its own.

use super::arrivals::{self, Arrival};
use super::contained;
use super::routes::router;
use super::socket::Bound;
use super::token;
use crate::authority::agent::Agent;
use crate::http::connection::{self, MAX_HEAD, PATIENCE};
use crate::http::outgoing::Outgoing;
use crate::http::problem::Refusal;
use crate::valet::Valet;
use crate::valet::present::Attendance;
use crate::valet::programs;
use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse;
use futures_util::future::Either;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use peer::{Applications, Peer, PeerError, Room, Visitor};
use rustix::process::{Resource, getrlimit};
use seats::{Farewell, Outside, Seat, Seats, TakenSeat};
use std::convert::Infallible;
use std::io;
use std::os::unix::net::UnixListener;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::unix::AsyncFd;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower::ServiceExt;
use wire::Stream;

/// Connections at a time, at most. One application has a quarter of them, and whatever cannot be told from
/// each other another.
const CONNECTIONS: u64 = 4096;
/// File descriptors that one connection takes: itself, what its request goes on by, and a part of the four
/// for the process behind it, which all its connections share.
const FDS: u64 = 3;
/// File descriptors that are kept for everything else, such as those for applications.
const SPARE_FDS: u64 = 640;
/// How long it may take to find out who somebody is.
const LOOK: Duration = Duration::from_secs(10);
/// How many are looked at closely at a time, so that a crowd of new processes leaves the broker's threads to
/// others.
const LOOKS: usize = 4;
/// How long the end waits for answers that are on their way out.
const FAREWELL: Duration = Duration::from_millis(500);
/// How long somebody has to hear that there is no place.
const REFUSAL: Duration = Duration::from_secs(2);
/// How many are told so at a time.
const REFUSALS: usize = 64;

/// Serves the socket until `stop` is dropped. Then nobody new is served, and streams of events come to their
/// proper end. The thread has a runtime of its own, so that nothing else the valet does is ever between an
/// agent and a token that is in memory.
pub(crate) fn serve(
    valet: Arc<Valet>,
    bound: Bound,
    stop: oneshot::Receiver<()>,
) -> io::Result<std::thread::JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("agents".to_owned()).spawn(move || {
        runtime.block_on(async {
            let seats = Seats::new(places());
            // As a task: what a runtime is begun with is woken by way of the system.
            let mut accepts = JoinSet::new();
            match bound.listener.try_clone().and_then(arrivals::listen) {
                Ok(listener) => drop(accepts.spawn(accept(Arc::clone(&valet), listener, Arc::clone(&seats)))),
                Err(error) => tracing::error!(%error, "the socket cannot be served"),
            }
            tokio::select! {
                _ = accepts.join_next() => {}
                () = close_when_locked(&valet, &seats) => {}
                _ = stop => {}
            }
            accepts.shutdown().await;
            seats.bid_farewell(Farewell::Soon);
            if timeout(FAREWELL, seats.empty()).await.is_err() {
                seats.bid_farewell(Farewell::Now);
            }
        });
    })
}

/// What all connections share.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) valet: Arc<Valet>,
    router: Router,
    pub(super) applications: Arc<Applications>,
    pub(super) looks: Arc<Semaphore>,
    pub(super) engines: Arc<Semaphore>,
    refusals: Arc<Seats>,
}

async fn accept(valet: Arc<Valet>, listener: AsyncFd<UnixListener>, seats: Arc<Seats>) {
    let keeps = Arc::clone(&valet);
    let door = Door {
        valet,
        router: router(),
        applications: Arc::new(Applications::beside(move || programs::keepers(&keeps))),
        looks: Arc::new(Semaphore::new(LOOKS)),
        engines: Arc::new(Semaphore::new(contained::ENGINES)),
        refusals: Seats::of_one_room(REFUSALS),
    };
    loop {
        seats.vacancy().await;
        door.refusals.vacancy().await;
        let Ok(Arrival { stream, spoken }) = arrivals::next(&listener).await else {
            // Out of file descriptors: somebody has to give one back.
            seats.give_up_one();
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let taking = seats.take();
        if spoken {
            taking.0.speaks();
        }
        tokio::spawn(greet(door.clone(), stream, spoken, taking));
        // Whoever was let in before has its turn first.
        tokio::task::yield_now().await;
    }
}

/// Buffers of a connection may still hold what went out by it.
async fn close_when_locked(valet: &Valet, seats: &Seats) {
    let mut changes = valet.changes();
    let mut was_locked = false;
    loop {
        let is_locked = valet.not_locked().is_err();
        if is_locked && !was_locked {
            seats.dismiss_served();
        }
        was_locked = is_locked;
        if changes.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

/// As many connections as there are file descriptors for.
fn places() -> usize {
    let fds = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let places = (fds.saturating_sub(SPARE_FDS) / FDS).clamp(16, CONNECTIONS);
    usize::try_from(places).unwrap_or(16)
}

/// Finds out who is there, once they say something, and serves them as that and nothing else. Whoever says
/// nothing costs little and is in nobody's room.
async fn greet(door: Door, stream: Stream, spoken: bool, taking: TakenSeat) {
    // At once: it may be another program by the time it says something.
    let visitor = match door.applications.receive(&stream) {
        Ok(visitor) => visitor,
        Err(error) => return tracing::warn!(%error, "a connection was refused"),
    };
    let spoke_before = spoken;
    let spoken = spoken
        || tokio::select! {
            spoken = timeout(PATIENCE, arrivals::speaks(&stream)) => spoken.unwrap_or(false),
            _ = taking.0.asked_to_end(None) => false,
        };
    if !spoken {
        return;
    }
    taking.0.speaks();
    let told = tokio::select! {
        told = tell(&door, visitor) => told,
        _ = taking.0.asked_to_end(None) => return,
    };
    let (peer, is_known) = match told {
        Ok((peer, is_known)) => (Arc::new(peer), is_known),
        Err(error) => return tracing::warn!(%error, "a connection was refused"),
    };
    match taking.0.move_to(Room::of(peer.application())) {
        Ok(()) => {}
        Err(Outside::GivenUp) => return,
        Err(Outside::Full) => {
            let told = refuse(stream, &peer, door.refusals.take());
            drop(taking);
            return told.await;
        }
    }
    if !arrivals::asks_for_much(&stream) {
        // What it said before somebody looked who it is can be answered by that look.
        let stream = TokioIo::new(stream.spoken());
        let serves = pin!(attend(door, stream, Arc::clone(&peer), taking));
        return peer.seen_just_now(spoke_before && is_known, serves).await;
    }
    let (runtime, stream) = (door.valet.runtime.clone(), stream.into_std());
    runtime.spawn(async move {
        match stream.and_then(Stream::new) {
            Ok(stream) => attend(door, TokioIo::new(stream), peer, taking).await,
            Err(error) => tracing::warn!(%error, "a connection was lost"),
        }
    });
}

/// Answers what comes by a connection, until it ends. One that begins with what goes on for long is served on
/// the broker's runtime: all of a request through the proxy is there, and nothing passes from thread to
/// thread.
async fn attend(
    door: Door,
    stream: impl hyper::rt::Read + hyper::rt::Write + Unpin,
    peer: Arc<Peer>,
    taking: TakenSeat,
) {
    let seat = Arc::clone(&taking.0);
    let _presence = Attendance::of(&door.valet, peer.application().name());
    let (agent, sitting) = (Agent::new(door.valet, peer), Arc::clone(&seat));
    let router = door.router;
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        answer(agent.clone(), &sitting, &router, request)
    });
    connection::attend(stream, service, |heard| seat.asked_to_end(heard)).await;
}

/// Answers one request.
fn answer(
    agent: Agent,
    seat: &Arc<Seat>,
    router: &Router,
    mut request: hyper::Request<Incoming>,
) -> impl Future<Output = Result<hyper::Response<Outgoing>, Infallible>> + use<> {
    let turn = seat.turn();
    if token::is_asked_for(&request) {
        let answer = token::answer(agent, request);
        return Either::Left(async {
            Ok(match answer.await {
                Ok(whole) => whole.going_out(turn),
                Err(response) => Outgoing::answer(response, turn),
            })
        });
    }
    request.extensions_mut().insert(agent);
    request.extensions_mut().insert(Arc::clone(seat));
    let answer = router.clone().oneshot(request.map(Body::new));
    Either::Right(async { answer.await.map(|response| Outgoing::answer(response, turn)) })
}

/// Tells somebody that there is no place for them, whatever they ask.
async fn refuse(stream: Stream, peer: &Peer, taking: TakenSeat) {
    let problem = problems::too_many_connections(peer.application().name());
    let service = service_fn(|_: hyper::Request<Incoming>| {
        let answer = Refusal(problem.clone()).into_response();
        async { Ok::<_, Infallible>(answer) }
    });
    let connection = http1::Builder::new()
        .max_buf_size(MAX_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = timeout(REFUSAL, connection) => {}
        _ = taking.0.asked_to_end(Some(Farewell::Soon)) => {}
    }
}

/// Who is there, and whether they were known. Whoever was not is looked at elsewhere: that may read files,
/// and takes nobody else's time.
async fn tell(door: &Door, visitor: Visitor) -> Result<(Peer, bool), PeerError> {
    let newcomer = match door.applications.greet(visitor) {
        Ok(peer) => return Ok((peer, true)),
        Err(newcomer) => newcomer,
    };
    let (applications, looks) = (Arc::clone(&door.applications), Arc::clone(&door.looks));
    let runtime = door.valet.runtime.clone();
    let meeting = async move {
        let look = looks.acquire_owned().await;
        let met = runtime.spawn_blocking(move || {
            let _look = look;
            applications.meet(newcomer)
        });
        met.await.map_err(io::Error::other)
    };
    let peer = timeout(LOOK, meeting).await.map_err(io::Error::other)??;
    Ok((contained::named(door, peer).await?, false))
}
