//! Connections that are kept for the next request to the same host.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::line::Line;

/// How long a connection is kept for the next request.
const KEPT: Duration = Duration::from_secs(90);
/// How often those that are kept are looked through, for as long as there are any.
const ROUND: Duration = Duration::from_secs(15);

/// Those that are kept, by scheme, host and port.
pub(super) struct Lines {
    /// Of one host, so many.
    most: usize,
    kept: Mutex<IdleLines>,
}

#[derive(Default)]
struct IdleLines {
    lines: HashMap<String, VecDeque<(Line, Instant)>>,
    /// Whether a task looks through them.
    is_swept: bool,
}

/// Where a connection goes once its answer has come.
pub(super) struct Home {
    lines: Arc<Lines>,
    host: String,
}

impl Lines {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, kept: Mutex::default() })
    }

    /// Where connections to this host are kept.
    pub(super) fn home(self: &Arc<Self>, host: String) -> Home {
        Home { lines: Arc::clone(self), host }
    }

    /// Drops those that have ended or were kept long enough, until there are none.
    async fn sweep(lines: Weak<Self>) {
        loop {
            tokio::time::sleep(ROUND).await;
            let Some(lines) = lines.upgrade() else { return };
            let mut kept = lines.lock();
            kept.lines.retain(|_, lines| {
                lines.retain_mut(|(line, since)| since.elapsed() < KEPT && line.is_open());
                !lines.is_empty()
            });
            if kept.lines.is_empty() {
                kept.is_swept = false;
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, IdleLines> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Home {
    /// The connection that was used last and is still open.
    pub(super) fn take(&self) -> Option<Line> {
        let mut kept = self.lines.lock();
        let lines = kept.lines.get_mut(&self.host)?;
        while let Some((mut line, since)) = lines.pop_back() {
            if since.elapsed() < KEPT && line.is_open() {
                return Some(line);
            }
        }
        None
    }

    /// Keeps a connection, if another request can go by it.
    pub(super) fn keep(&self, mut line: Line) {
        if self.lines.most == 0 || !line.is_open() {
            return;
        }
        let mut kept = self.lines.lock();
        if !kept.lines.contains_key(&self.host) {
            kept.lines.insert(self.host.clone(), VecDeque::new());
        }
        if let Some(lines) = kept.lines.get_mut(&self.host) {
            if lines.len() == self.lines.most {
                lines.pop_front();
            }
            lines.push_back((line, Instant::now()));
        }
        if let (false, Ok(runtime)) = (kept.is_swept, tokio::runtime::Handle::try_current()) {
            kept.is_swept = true;
            runtime.spawn(Lines::sweep(Arc::downgrade(&self.lines)));
        }
    }
}
