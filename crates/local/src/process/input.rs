//! The standard input of a program. What fits into the pipe is written by whoever says it, at once; the rest
//! goes the way of a queue, so that nobody who hangs up leaves half a line behind.

use bytes::Bytes;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, ready};
use tokio::io::AsyncWrite;
use tokio::net::unix::pipe;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

/// Messages that wait until the program takes them.
const AHEAD: usize = 4;

/// What is written to.
#[derive(Debug)]
pub(crate) struct Input {
    end: Mutex<End>,
    queue: mpsc::Sender<Bytes>,
}

#[derive(Debug)]
struct End {
    /// Nothing once it is closed.
    pipe: Option<pipe::Sender>,
    /// What is in the queue comes first.
    queued: usize,
}

impl Input {
    /// With what comes by the queue, for [`Input::write`].
    pub(crate) fn of(pipe: pipe::Sender) -> (Arc<Self>, mpsc::Receiver<Bytes>) {
        let (queue, said) = mpsc::channel(AHEAD);
        let end = Mutex::new(End { pipe: Some(pipe), queued: 0 });
        (Arc::new(Self { end, queue }), said)
    }

    /// Waits until there is room for a line. Where the program takes none any more, it is ended, and whoever
    /// waits for an answer hears of that.
    pub(crate) async fn say(&self, line: Bytes) {
        if let Ok(room) = self.queue.reserve().await {
            self.put(line, room);
        }
    }

    /// The same, by a task where there is no room.
    pub(crate) fn say_later(self: &Arc<Self>, line: Bytes) {
        match (self.queue.try_reserve(), tokio::runtime::Handle::try_current()) {
            (Ok(room), _) => self.put(line, room),
            (Err(TrySendError::Full(())), Ok(runtime)) => {
                let input = Arc::clone(self);
                runtime.spawn(async move { input.say(line).await });
            }
            (Err(_), _) => {}
        }
    }

    fn put(&self, mut line: Bytes, room: mpsc::Permit<'_, Bytes>) {
        let mut end = self.end();
        if let (0, Some(pipe)) = (end.queued, &end.pipe) {
            let written = pipe.try_write(&line).unwrap_or(0);
            let _ = line.split_to(written);
        }
        if !line.is_empty() {
            end.queued += 1;
            room.send(line);
        }
    }

    /// Writes what comes by the queue, until the program takes nothing more.
    pub(crate) async fn write(self: Arc<Self>, mut said: mpsc::Receiver<Bytes>) {
        while let Some(line) = said.recv().await {
            if self.write_all(line).await.is_err() {
                return;
            }
            self.end().queued -= 1;
        }
    }

    async fn write_all(&self, mut line: Bytes) -> io::Result<()> {
        while !line.is_empty() {
            let written = poll_fn(|cx| {
                let mut end = self.end();
                let Some(pipe) = &mut end.pipe else {
                    return Poll::Ready(Err(io::Error::from(io::ErrorKind::BrokenPipe)));
                };
                Poll::Ready(ready!(Pin::new(pipe).poll_write(cx, &line)))
            });
            let _ = line.split_to(written.await?);
        }
        Ok(())
    }

    /// Ends it.
    pub(crate) fn close(&self) {
        self.end().pipe = None;
    }

    fn end(&self) -> MutexGuard<'_, End> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::io::AsyncReadExt;

    #[tokio::test]
    async fn whoever_hangs_up_leaves_no_half_of_a_line_and_lines_come_in_their_order() {
        let (sender, mut receiver) = pipe::pipe().unwrap();
        let (input, said) = Input::of(sender);
        let writes = tokio::spawn(Arc::clone(&input).write(said));
        let line = |byte: u8| Bytes::from([vec![byte; 300_000], vec![b'\n']].concat());
        for byte in *b"abcdefgh" {
            // Later ones find no room in time.
            let _ = tokio::time::timeout(Duration::from_millis(5), input.say(line(byte))).await;
        }
        let mut read = Vec::new();
        let reads = async { while receiver.read_buf(&mut read).await.unwrap() > 0 {} };
        let _ = tokio::time::timeout(Duration::from_millis(300), reads).await;
        let lines: Vec<&[u8]> = read.split_inclusive(|byte| *byte == b'\n').collect();
        assert!(lines.len() >= AHEAD && lines.iter().all(|one| one.len() == 300_001), "{}", lines.len());
        assert!(lines.is_sorted_by_key(|one| one[0]));
        input.close();
        assert_eq!(receiver.read_buf(&mut Vec::new()).await.unwrap(), 0);
        writes.abort();
    }
}
