//! The watch: lines of JSON, as long as the engine goes on.

use super::answer::{Watched, WatchedPart};
use super::follow::Inner;
use super::keys::Spot;
use super::trouble::EngineError;
use std::sync::Arc;
use std::time::Duration;
use vault::News;

/// Bytes of one line.
const LONGEST: usize = 32 << 20;
/// Before it is begun anew.
const PAUSE: Duration = Duration::from_millis(300);

/// Watches, and again wherever it broke.
pub(crate) async fn follow(inner: Arc<Inner>) {
    let mut from = 0;
    loop {
        let watched = tokio::select! {
            watched = watch(&inner, &mut from) => watched,
            () = inner.anew.notified() => Ok(()),
        };
        match watched {
            // All that is there now is looked at by the next beat.
            Err(EngineError::Compacted) => from = 0,
            Err(error) => tracing::debug!(%error, "the watch of the shared vault begins anew"),
            Ok(()) => {}
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Watches from the revision after `last`, which moves along.
async fn watch(inner: &Inner, last: &mut i64) -> Result<(), EngineError> {
    let mut question = inner.store.keys.below("");
    if *last > 0 {
        question["start_revision"] = (*last + 1).to_string().into();
    }
    let mut answer = inner.store.engine.watch(&serde_json::json!({"create_request": question})).await?;
    let mut line = Vec::new();
    loop {
        let piece = answer.chunk().await.map_err(|error| EngineError::Unreachable(error.to_string()))?;
        let Some(piece) = piece else { return Ok(()) };
        for byte in piece {
            if byte != b'\n' {
                line.push(byte);
                continue;
            }
            let watched: Watched =
                serde_json::from_slice(&line).map_err(|error| EngineError::Garbled(error.to_string()))?;
            line.clear();
            let part = watched.result.ok_or_else(|| EngineError::Garbled("no result".to_owned()))?;
            heard(inner, part, last).await?;
        }
        if line.len() > LONGEST {
            return Err(EngineError::Garbled("endless line".to_owned()));
        }
    }
}

async fn heard(inner: &Inner, part: WatchedPart, last: &mut i64) -> Result<(), EngineError> {
    if part.compact_revision > 0 {
        return Err(EngineError::Compacted);
    }
    if part.canceled {
        return Err(EngineError::Unreachable("cancelled".to_owned()));
    }
    let (mut changed, mut members) = (Vec::new(), false);
    for event in part.events {
        let key = event.kv.key()?;
        match inner.store.keys.spot(&key) {
            Spot::Item(name) if inner.store.is_told(name, event.kv.mod_revision) => {
                changed.push(name.to_owned())
            }
            Spot::Lock(_) => inner.ends.send_modify(|rung| *rung += 1),
            Spot::Members(generation) => members |= generation > inner.store.list().generation(),
            Spot::Item(_) | Spot::Other => {}
        }
        *last = event.kv.mod_revision.max(*last);
    }
    // Before anything is waited for: a watch that is begun anew does not tell of it again.
    if !changed.is_empty() {
        inner.tell(News::Changed(changed));
    }
    if members && let Err(error) = inner.members_changed().await {
        tracing::warn!(%error, "the members of the fleet");
    }
    *last = part.header.revision.max(*last);
    inner.store.engine.told_of(*last);
    Ok(())
}
