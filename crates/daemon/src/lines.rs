//! What is typed, line by line, and when.

use broker::Secret;
use nix::sys::signal::{SigSet, Signal};
use std::io;
use std::time::Instant;
use tokio::sync::mpsc;

/// Most bytes of a line, as terminals have it (`termios(3)`: 4096).
const LONGEST: usize = 4096;

/// A line as it was typed.
pub(crate) struct Line {
    /// It may be a passphrase, so nothing but this ever holds it.
    pub(crate) text: Secret,
    pub(crate) at: Instant,
}

/// Lines are read by a thread of their own: reading a terminal cannot be broken off. Sent to the background
/// meanwhile, the read fails, and nobody can be asked any more.
pub(crate) fn read() -> mpsc::Receiver<Line> {
    let (sender, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        if SigSet::from(Signal::SIGTTIN).thread_block().is_err() {
            return;
        }
        while let Some(text) = read_one() {
            if sender.blocking_send(Line { text, at: Instant::now() }).is_err() {
                return;
            }
        }
    });
    lines
}

/// A terminal gives a line at a time.
fn read_one() -> Option<Secret> {
    let mut line = vec![0; LONGEST];
    let length = rustix::io::retry_on_intr(|| rustix::io::read(io::stdin(), &mut line)).ok()?;
    line.truncate(length);
    // What is no text answers nothing.
    (length > 0).then(|| Secret::from(String::from_utf8(line).unwrap_or_default()))
}
