//! Giving memory back once nothing has happened for a while.

use crate::valet::Valet;
use ground::memory;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// After so long what was needed is not about to be needed again.
const REST: Duration = Duration::from_secs(10);

/// Does so after the start, and after each time that something happened.
pub(crate) async fn follow(valet: Arc<Valet>) {
    let mut changes = valet.changes();
    loop {
        match timeout(REST, changes.changed()).await {
            Ok(Ok(())) => continue,
            Ok(Err(_)) => return,
            Err(_) => drop(spawn_blocking(memory::give_back).await),
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}
