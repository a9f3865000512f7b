//! Reading the audit, one reader at a time.

use crate::valet::{Valet, anchor};
use audit::{Activity, Search};
use std::io;
use std::sync::Arc;
use wire::{AuditEntry, Problem, VaultKind, Verified};

/// What the person asked to see.
///
/// # Errors
/// A file cannot be read.
pub(crate) async fn activity(valet: &Arc<Valet>, ask: Search) -> Result<Activity, Problem> {
    let _one_at_a_time = valet.audit.reading.lock().await;
    let (reader, now) = (Arc::clone(valet), valet.clock.now());
    let read = tokio::task::spawn_blocking(move || reader.audit.activity(&ask, now)).await;
    read.map_err(io::Error::from).flatten().map_err(|error| problems::audit_unreadable(&error))
}

/// For agents: the newest entries, at most `most`, that `wanted` accepts; oldest first.
///
/// # Errors
/// A file cannot be read.
pub(crate) async fn newest(
    valet: &Arc<Valet>,
    most: usize,
    wanted: impl Fn(&AuditEntry) -> bool + Send + 'static,
) -> Result<Vec<AuditEntry>, Problem> {
    let _one_at_a_time = valet.audit.reading_for_agents.lock().await;
    let reader = Arc::clone(valet);
    let read = tokio::task::spawn_blocking(move || reader.audit.list(most, wanted)).await;
    read.map_err(io::Error::from).flatten().map_err(|error| problems::audit_unreadable(&error))
}

/// Goes through all that is kept.
///
/// # Errors
/// The vault, which has the key, is locked; or a file cannot be read.
pub(crate) async fn verify(valet: &Arc<Valet>) -> Result<Verified, Problem> {
    valet.unseal().await.map_err(Problem::from)?;
    anchor::learn(valet).await.map_err(Problem::from)?;
    let _one_at_a_time = valet.audit.verifying.lock().await;
    let reader = Arc::clone(valet);
    let read =
        tokio::task::spawn_blocking(move || reader.audit.verify(reader.vault.kind() != VaultKind::Memory));
    let read = read.await;
    read.map_err(io::Error::from).flatten().map_err(|error| problems::audit_unreadable(&error))
}
