//! A connection that tells what its host does with it after an answer.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};

use super::habits::{Habits, SOON};

/// Most bytes that are read at once.
const PIECE: usize = 16 * 1024;

/// The connection.
pub(super) struct Kept<C> {
    inner: C,
    host: String,
    habits: Arc<Habits>,
    /// When something was read last, unless something was written since.
    answered: Option<Instant>,
    /// Whether a request was written after an answer.
    again: bool,
    /// How much was read cannot be seen in the caller's buffer.
    buffer: Box<[u8]>,
}

impl<C> Kept<C> {
    pub(super) fn new(inner: C, host: String, habits: Arc<Habits>) -> Self {
        Self { inner, host, habits, answered: None, again: false, buffer: vec![0; PIECE].into() }
    }

    fn heard(&mut self) {
        let now = Instant::now();
        match (self.again, self.answered) {
            (true, None) => self.habits.kept(&self.host),
            // It was told by the first piece of this answer.
            (true, Some(_)) => {}
            (false, _) => self.habits.heard(&self.host, now),
        }
        self.answered = Some(now);
    }

    /// The end, or what broke the connection.
    fn ended(&self) {
        let soon = self.answered.map_or(self.again, |at| at.elapsed() < SOON);
        if soon {
            self.habits.closed(&self.host, Instant::now());
        }
    }

    fn writes(&mut self) {
        self.again |= self.answered.take().is_some();
    }
}

impl<C: Read + Unpin> Read for Kept<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let most = into.remaining().min(PIECE);
        let mut piece = ReadBuf::new(&mut this.buffer[..most]);
        let polled = ready!(Pin::new(&mut this.inner).poll_read(context, piece.unfilled()));
        let read = polled.map(|()| piece.filled().len());
        match read {
            Ok(length) if length > 0 => this.heard(),
            Ok(_) | Err(_) => this.ended(),
        }
        into.put_slice(&this.buffer[..read?]);
        Poll::Ready(Ok(()))
    }
}

impl<C: Write + Unpin> Write for Kept<C> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.writes();
        Pin::new(&mut self.inner).poll_write(context, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.writes();
        Pin::new(&mut self.inner).poll_write_vectored(context, from)
    }
}

impl<C: Connection> Connection for Kept<C> {
    fn connected(&self) -> Connected {
        self.inner.connected()
    }
}
