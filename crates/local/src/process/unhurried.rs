//! What a program writes beside its answers. Many write some lines for each call: read one by one, each would
//! cost a turn on the processor amid the call.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long what comes next may lie.
const PAUSE: Duration = Duration::from_millis(20);
/// Bytes of which so many came that the program may wait for somebody to read: half of a pipe (pipe(7)).
const MUCH: usize = 32 << 10;

/// A stream of which the first piece is read at once, and the next one a while after it.
pub(super) struct Unhurried<R> {
    from: R,
    pause: Pin<Box<Sleep>>,
    is_paused: bool,
}

impl<R> Unhurried<R> {
    pub(super) fn of(from: R) -> Self {
        Self { from, pause: Box::pin(sleep(Duration::ZERO)), is_paused: false }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Unhurried<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_paused {
            ready!(self.pause.as_mut().poll(cx));
        }
        let before = into.filled().len();
        ready!(Pin::new(&mut self.from).poll_read(cx, into))?;
        self.is_paused = (1..MUCH).contains(&(into.filled().len() - before));
        if self.is_paused {
            self.pause.as_mut().reset(Instant::now() + PAUSE);
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn the_first_line_is_read_at_once_and_those_after_it_together() {
        let (mut writes, reads) = duplex(1 << 20);
        let (mut reads, mut all) = (Unhurried::of(reads), [0; 4096]);
        writes.write_all(b"one\n").await.unwrap();
        assert_eq!(reads.read(&mut all).now_or_never().unwrap().unwrap(), 4);
        writes.write_all(b"two\n").await.unwrap();
        assert!(reads.read(&mut all).now_or_never().is_none());
        writes.write_all(b"three\n").await.unwrap();
        assert_eq!(reads.read(&mut all).await.unwrap(), 10);
        drop(writes);
        assert_eq!(reads.read(&mut all).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn who_writes_much_waits_for_nobody() {
        let (mut writes, reads) = duplex(1 << 20);
        let (mut reads, mut piece) = (Unhurried::of(reads), vec![0; MUCH]);
        writes.write_all(&vec![b'x'; 8 * MUCH]).await.unwrap();
        for _ in 0..8 {
            assert_eq!(reads.read(&mut piece).now_or_never().unwrap().unwrap(), MUCH);
        }
    }
}
