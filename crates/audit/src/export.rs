//! Copies of what was written, for a collector. Nobody waits for it: what it does not take in time is counted
//! and left out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Writes that wait for the collector.
const ROOM: usize = 4096;

/// The end at which entries go out.
pub(crate) struct Outlet {
    to: Sender<Vec<u8>>,
    lost: Arc<AtomicU64>,
}

/// The end at which they come, as whole lines of JSON.
pub struct Copies {
    lines: Receiver<Vec<u8>>,
    lost: Arc<AtomicU64>,
}

pub(crate) fn pair() -> (Outlet, Copies) {
    let ((to, lines), lost) = (mpsc::channel(ROOM), Arc::<AtomicU64>::default());
    (Outlet { to, lost: Arc::clone(&lost) }, Copies { lines, lost })
}

impl Outlet {
    pub(crate) fn copy(&self, lines: &[u8]) {
        if self.to.try_send(lines.to_vec()).is_err() {
            let count = lines.iter().filter(|byte| **byte == b'\n').count();
            self.lost.fetch_add(count as u64, Ordering::Relaxed);
        }
    }
}

impl Copies {
    /// Waits for lines, and takes all that are there. `None` once others are in charge.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        let mut lines = self.lines.recv().await?;
        while let Ok(more) = self.lines.try_recv() {
            lines.extend_from_slice(&more);
        }
        Some(lines)
    }

    /// Whether others are in charge.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.lines.is_closed()
    }

    /// How many entries were left out since this was asked.
    pub fn take_lost(&self) -> u64 {
        self.lost.swap(0, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use crate::Audit;
    use crate::usage::tests::curl;
    use futures_util::future::join_all;
    use jiff::Timestamp;
    use std::future::poll_fn;
    use std::pin::pin;

    #[tokio::test]
    async fn those_who_are_ready_together_are_written_at_once_however_often_they_are_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let audit = Audit::open(&folder.path().join("audit"), Timestamp::UNIX_EPOCH).unwrap();
        let mut copies = audit.copies();
        let asks = async |asker| {
            let entry = curl();
            let mut writes = pin!(audit.write_with_others(&entry, entry.at, asker));
            poll_fn(|context| {
                let first = writes.as_mut().poll(context);
                if first.is_ready() { first } else { writes.as_mut().poll(context) }
            })
            .await
        };
        assert!(join_all((1..=3).map(asks)).await.iter().all(Result::is_ok));
        let lines = copies.lines.try_recv().unwrap();
        assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count(), 3);
        assert!(copies.lines.try_recv().is_err());
    }
}
