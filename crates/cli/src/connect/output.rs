//! Standard output: one JSON-RPC message a line and nothing else.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc;

/// Messages that wait for a client that reads slowly; the next one waits to get in.
const WAITING: usize = 16;
/// What a pipe takes whole once it takes anything: pipe(7), `PIPE_BUF`.
const AT_ONCE: usize = 4096;

/// The longest line that programs take, in bytes: some cut the connection after 16 MB.
pub(super) const LONGEST: usize = 16_000_000;

/// Where messages for the client go. What it does not take at once is written on a thread of its own, so that
/// a client that does not read stops nothing but what is meant for it.
#[derive(Clone)]
pub(super) struct Output {
    lines: mpsc::Sender<Vec<u8>>,
    /// How many the thread has not written yet.
    waiting: Arc<AtomicUsize>,
}

impl Output {
    /// The way out, and what ends once everything that was said is written.
    pub(super) fn open() -> (Self, tokio::sync::oneshot::Receiver<()>) {
        let (sender, mut lines) = mpsc::channel::<Vec<u8>>(WAITING);
        let (written, end) = tokio::sync::oneshot::channel();
        let waiting = Arc::<AtomicUsize>::default();
        let left = Arc::clone(&waiting);
        std::thread::spawn(move || {
            while let Some(line) = lines.blocking_recv() {
                if write(&line).is_err() {
                    break;
                }
                left.fetch_sub(1, Ordering::SeqCst);
            }
            drop(lines);
            let _ = written.send(());
        });
        (Self { lines: sender, waiting }, end)
    }

    /// Waits until nobody reads any more.
    pub(super) async fn closed(&self) {
        self.lines.closed().await;
    }

    /// Passes a message on as it is, on one line.
    pub(super) async fn message(&self, text: &str) {
        // A line end between the parts of a JSON text is a blank; within a string it would be written
        // otherwise.
        let blank = |byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte };
        let mut line: Vec<u8> = text.bytes().map(blank).collect();
        line.push(b'\n');
        if self.waiting.load(Ordering::SeqCst) == 0 && is_taken(line.len()) && write(&line).is_ok() {
            return;
        }
        let Ok(place) = self.lines.reserve().await else { return };
        self.waiting.fetch_add(1, Ordering::SeqCst);
        place.send(line);
    }

    /// Answers a request with an error.
    pub(super) async fn error(&self, id: &Value, error: Value) {
        let message = json!({ "jsonrpc": "2.0", "id": id, "error": error });
        self.message(&message.to_string()).await;
    }
}

/// Whether a line of this length is taken without a wait.
fn is_taken(length: usize) -> bool {
    let out = io::stdout();
    let mut takes = [PollFd::new(&out, PollFlags::OUT)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    length <= AT_ONCE
        && poll(&mut takes, Some(&now)).is_ok()
        && takes.iter().all(|one| one.revents() == PollFlags::OUT)
}

fn write(line: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(line)?;
    out.flush()
}
