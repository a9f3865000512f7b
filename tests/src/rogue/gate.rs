//! Where an answer waits until the test lets it go.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

use crate::until;

/// A gate that is closed at first. Every clone is the same gate.
#[derive(Debug, Clone)]
pub struct Gate {
    waiting: Arc<AtomicUsize>,
    open: watch::Sender<bool>,
}

impl Gate {
    pub(super) fn closed() -> Self {
        Self { waiting: Arc::default(), open: watch::Sender::new(false) }
    }

    pub(super) async fn pass(&self) {
        let mut open = self.open.subscribe();
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _ = open.wait_for(|open| *open).await;
    }

    /// Waits until an answer stands at the gate.
    #[track_caller]
    pub fn reached(&self) {
        until("an answer stands at the gate", || (self.waiting.load(Ordering::SeqCst) > 0).then_some(()));
    }

    /// Lets everything through, now and later.
    pub fn open(&self) {
        self.open.send_replace(true);
    }
}
