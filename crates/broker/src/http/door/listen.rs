//! Opening and closing the door, as the configuration has it.

use super::serve::serve;
use crate::valet::{Valet, door};
use config::DoorConfig;
use jiff::Timestamp;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use words::say;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 256;

/// How long after a failure it is tried again: each time twice as long, up to the latter.
const SOON: Duration = Duration::from_secs(1);
const LATE: Duration = Duration::from_mins(1);

/// Keeps the door as the configuration has it, for as long as the valet runs.
pub(crate) async fn follow(valet: Arc<Valet>) {
    let mut changes = valet.changes();
    let mut over = valet.over.subscribe();
    let mut before: Option<DoorConfig> = None;
    // What is served ends with this.
    let mut serving = JoinSet::new();
    // When it is tried again, and how long after that.
    let mut again: Option<(Instant, Duration)> = None;
    loop {
        let wanted = valet.book().config.valet.door.clone();
        let (is_another, is_again) = (wanted != before, again.is_some_and(|(at, _)| at <= Instant::now()));
        if is_another || is_again {
            serving.shutdown().await;
            let listener = open(&valet, wanted.as_ref());
            let pause = again.filter(|_| is_again).map_or(SOON, |(_, pause)| (2 * pause).min(LATE));
            again = (listener.is_none() && wanted.is_some()).then(|| (Instant::now() + pause, pause));
            if let Some(listener) = listener {
                serving.spawn(serve(Arc::clone(&valet), listener));
            }
            before = wanted;
        }
        door::drop_removed(&valet);
        let ends = door::settle(&valet);
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = by_clock(&valet, ends) => {}
            () = until(again.map(|(at, _)| at)) => {}
            _ = over.wait_for(|over| *over) => return,
        }
    }
}

async fn by_clock(valet: &Valet, at: Option<Timestamp>) {
    let now = valet.clock.now();
    match at.and_then(|at| Duration::try_from(at.duration_since(now)).ok()) {
        Some(left) => valet.clock.wait_since(now, left).await,
        None => pending().await,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => pending().await,
    }
}

fn open(valet: &Valet, wanted: Option<&DoorConfig>) -> Option<TcpListener> {
    let Some(config) = wanted else {
        door::open(valet, None, None);
        return None;
    };
    match listen(config.listen) {
        Ok(listener) => {
            tracing::info!(address = %config.listen, "the door is open");
            door::open(valet, Some(config.clone()), None);
            Some(listener)
        }
        Err(error) => {
            let trouble = say!(door_closed, address = config.listen.to_string(), why = error.to_string());
            tracing::error!("{trouble}");
            door::open(valet, None, Some(trouble));
            None
        }
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
