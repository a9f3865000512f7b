//! A connection that leaves others their turn, however fast the other side sends: hyper reads a head for as
//! long as there is something to read, and meanwhile nobody hears that there were too many interim answers.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};

/// Bytes that may be read in one turn, roughly.
const TURN: usize = 64 * 1024;

/// The connection.
#[derive(Debug)]
pub(crate) struct Paced<C> {
    inner: C,
    /// What may have been read in this turn.
    read: usize,
}

impl<C> Paced<C> {
    pub(crate) const fn new(inner: C) -> Self {
        Self { inner, read: 0 }
    }
}

impl<C: Read + Unpin> Read for Paced<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.read >= TURN {
            self.read = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let most = into.remaining();
        let polled = Pin::new(&mut self.inner).poll_read(context, into);
        self.read = if polled.is_ready() { self.read + most } else { 0 };
        polled
    }
}

impl<C: Write + Unpin> Write for Paced<C> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
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
        Pin::new(&mut self.inner).poll_write_vectored(context, from)
    }
}

impl<C: Connection> Connection for Paced<C> {
    fn connected(&self) -> Connected {
        self.inner.connected()
    }
}
