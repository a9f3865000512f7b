//! Serving what comes by a forward. It all ends with it.

use super::routes::router;
use crate::authority::agent::Agent;
use crate::http::connection::{attend, locked};
use crate::valet::Valet;
use crate::valet::forwards::{Answers, Forward};
use crate::valet::present::Attendance;
use axum::Router;
use axum::body::Body;
use forward::{Link, State};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use peer::Peer;
use seats::Farewell;
use std::future::pending;
use std::sync::Arc;
use tokio::net::UnixStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower::ServiceExt;

/// Connections at a time by one forward. Whoever comes beyond waits there.
const CONNECTIONS: usize = 64;

/// The door by which other places come.
pub(crate) struct Door;

impl Answers for Door {
    fn answer(&self, valet: Arc<Valet>, forward: Arc<Forward>, link: Link) -> BoxFuture<'static, ()> {
        answer(valet, forward, link).boxed()
    }
}

/// Answers until the link has ended. What is under way is dropped with this.
async fn answer(valet: Arc<Valet>, forward: Arc<Forward>, mut link: Link) {
    let (places, router) = (Arc::new(Semaphore::new(CONNECTIONS)), router());
    let mut connections = JoinSet::new();
    let mut state = link.state();
    loop {
        tokio::select! {
            stream = accept(&mut link, &places) => {
                let Some((stream, place)) = stream else { return };
                let serving = serve(Arc::clone(&valet), Arc::clone(&forward), router.clone(), stream);
                connections.spawn(async move {
                    serving.await;
                    drop(place);
                });
            }
            Some(_) = connections.join_next() => {}
            Ok(()) = state.changed() => {
                let ended = matches!(*state.borrow_and_update(), State::Ended(_));
                valet.publish();
                if ended {
                    return;
                }
            }
        }
    }
}

async fn accept(
    link: &mut Link,
    places: &Arc<Semaphore>,
) -> Option<(UnixStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    Some((link.next().await?, place))
}

async fn serve(valet: Arc<Valet>, forward: Arc<Forward>, router: Router, stream: UnixStream) {
    // One for each connection: what it says of itself is its own.
    let agent = Agent::new(Arc::clone(&valet), Arc::new(Peer::at(&forward.far)));
    let _presence = Attendance::of(&valet, agent.peer.application().name());
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(agent.clone());
        request.extensions_mut().insert(Arc::clone(&forward));
        router.clone().oneshot(request.map(Body::new))
    });
    let valet = &*valet;
    if valet.not_locked().is_err() {
        return;
    }
    attend(TokioIo::new(stream), service, |heard| ends(valet, heard)).await;
}

/// The valet is locked: nothing is answered meanwhile, to whoever comes then either.
async fn ends(valet: &Valet, heard: Option<Farewell>) -> Farewell {
    if heard.is_some() {
        return pending().await;
    }
    locked(valet, true).await;
    Farewell::Soon
}
