//! Who is in a container that mounts the socket: an engine of this machine is asked which one that is.

use super::serve::Door;
use peer::{Container, Peer, PeerError};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long it may take, while somebody waits who is unknown without it.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many answers of engines are waited for at a time.
pub(super) const ENGINES: usize = 2;

/// The same, as the container that it is in, where an engine confirms that.
pub(super) async fn named(door: &Door, peer: Peer) -> Result<Peer, PeerError> {
    let Some(number) = peer.in_an_unknown_world() else { return Ok(peer) };
    let Ok(Some(container)) = timeout(PATIENCE, around(door, number)).await else { return Ok(peer) };
    let applications = Arc::clone(&door.applications);
    let looking = door.valet.runtime.spawn_blocking(move || applications.look_again(peer, &container));
    Ok(looking.await.map_err(io::Error::other)?)
}

/// What an engine says of the container that a process bears the mark of.
async fn around(door: &Door, number: u32) -> Option<Container> {
    let (looks, engines) = (Arc::clone(&door.looks), Arc::clone(&door.engines));
    let runtime = door.valet.runtime.clone();
    let look = looks.acquire_owned().await;
    let marked = runtime.spawn_blocking(move || {
        let _look = look;
        forward::id_borne_by(number)
    });
    let id = marked.await.ok().flatten()?;
    let turn = engines.acquire_owned().await;
    let asking = runtime.spawn(async move {
        let _turn = turn;
        forward::described(&id).await
    });
    asking.await.ok().flatten().map(|said| Container {
        engine: said.engine.to_owned(),
        id: said.id,
        name: said.name,
        image: said.image,
        first: said.first,
    })
}
