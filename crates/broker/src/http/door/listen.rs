//! Opening and closing the door, as the configuration has it.

use super::serve::serve;
use crate::valet::{Valet, door};
use config::DoorConfig;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use words::say;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 256;

/// Keeps the door as the configuration has it, for as long as the valet runs.
pub(crate) async fn follow(valet: Arc<Valet>) {
    let mut changes = valet.changes();
    let mut over = valet.over.subscribe();
    let mut before: Option<DoorConfig> = None;
    // What is served ends with this.
    let mut serving = JoinSet::new();
    loop {
        let wanted = valet.book().config.valet.door.clone();
        if wanted != before {
            serving.shutdown().await;
            if let Some(listener) = open(&valet, wanted.as_ref()) {
                serving.spawn(serve(Arc::clone(&valet), listener));
            }
            before = wanted;
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            _ = over.wait_for(|over| *over) => return,
        }
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
