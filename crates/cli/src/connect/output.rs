//! Standard output: one JSON-RPC message a line and nothing else.

use serde_json::{Value, json};
use std::io::{self, Write};
use tokio::sync::mpsc;

/// Messages that wait for a client that reads slowly; the next one waits to get in.
const WAITING: usize = 16;

/// The longest line that programs take, in bytes: some cut the connection after 16 MB.
pub(super) const LONGEST: usize = 16_000_000;

/// Where messages for the client go. It is written on a thread of its own, so that a client that does not
/// read stops nothing but what is meant for it.
#[derive(Clone)]
pub(super) struct Output(mpsc::Sender<Vec<u8>>);

impl Output {
    /// The way out, and what ends once everything that was said is written.
    pub(super) fn open() -> (Self, tokio::sync::oneshot::Receiver<()>) {
        let (sender, mut lines) = mpsc::channel::<Vec<u8>>(WAITING);
        let (written, end) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let mut out = io::stdout().lock();
            while let Some(line) = lines.blocking_recv() {
                if out.write_all(&line).and_then(|()| out.flush()).is_err() {
                    break;
                }
            }
            drop(lines);
            let _ = written.send(());
        });
        (Self(sender), end)
    }

    /// Waits until nobody reads any more.
    pub(super) async fn closed(&self) {
        self.0.closed().await;
    }

    /// Passes a message on as it is, on one line.
    pub(super) async fn message(&self, text: &str) {
        // A line end between the parts of a JSON text is a blank; within a string it would be written
        // otherwise.
        let blank = |byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte };
        let mut line: Vec<u8> = text.bytes().map(blank).collect();
        line.push(b'\n');
        let _ = self.0.send(line).await;
    }

    /// Answers a request with an error.
    pub(super) async fn error(&self, id: &Value, error: Value) {
        let message = json!({ "jsonrpc": "2.0", "id": id, "error": error });
        self.message(&message.to_string()).await;
    }
}
