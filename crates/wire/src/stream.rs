//! A connection of the socket. It is woken by what the other end says, and not by the other end's having read
//! what was said here: on a Unix socket that comes after each message, and would cost both programs a turn
//! on the processor each time.

use rustix::net::Shutdown;
use std::io::{self, IoSlice, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};

/// A connection that is read as things come, and written to at once.
#[derive(Debug)]
pub struct Stream {
    socket: AsyncFd<UnixStream>,
    /// As long as the other end takes no more: another name of the same socket, which says when it does.
    room: Option<AsyncFd<OwnedFd>>,
}

impl Stream {
    /// A connection, on the runtime that this is called on.
    ///
    /// # Errors
    /// The runtime cannot wait for it.
    #[expect(deprecated, reason = "it stands for the same descriptor as long as it lives")]
    pub fn new(socket: UnixStream) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self { socket: AsyncFd::with_interest(socket, Interest::READABLE)?, room: None })
    }

    /// Writes by `write`, once there is room for anything.
    fn poll_write_by(
        &mut self,
        cx: &mut Context<'_>,
        write: impl Fn(&UnixStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            match write(self.socket.get_ref()) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                written => {
                    // Whoever was told to wait for room, and found it by trying again, is woken as they
                    // were told: hyper waits for that, although it has written meanwhile.
                    if self.room.take().is_some() {
                        cx.waker().wake_by_ref();
                    }
                    return Poll::Ready(written);
                }
            }
            let room = match self.room.take() {
                Some(room) => room,
                None => again(self.socket.get_ref())?,
            };
            let room = self.room.insert(room);
            // Whatever it said until now was said before the write that found none.
            ready!(room.poll_write_ready(cx))?.clear_ready();
        }
    }
}

#[expect(deprecated, reason = "it stands for the same descriptor as long as it lives")]
fn again(socket: &UnixStream) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(socket.as_fd().try_clone_to_owned()?, Interest::WRITABLE)
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.get_ref().as_fd()
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut ready = ready!(self.socket.poll_read_ready(cx))?;
            let space = into.initialize_unfilled();
            let most = space.len();
            let Ok(read) = ready.try_io(|socket| socket.get_ref().read(space)) else { continue };
            let read = match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            // There was no more than that: what comes next is told anew (epoll(7), "edge-triggered").
            if (1..most).contains(&read) {
                ready.clear_ready();
            }
            into.advance(read);
            return Poll::Ready(Ok(()));
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_by(cx, |mut socket| socket.write(from))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_by(cx, |mut socket| socket.write_vectored(from))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        rustix::net::shutdown(&*self, Shutdown::Write)?;
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::{Wake, Waker};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn whatever_is_said_arrives_however_slowly_the_other_end_reads() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let (mut ours, mut theirs) = (Stream::new(ours).unwrap(), Stream::new(theirs).unwrap());
        let said: Vec<u8> = (0..4_000_000_u32).map(|at| at.to_le_bytes()[1]).collect();
        let says = said.clone();
        let speaks = tokio::spawn(async move {
            ours.write_all(&says).await.unwrap();
            assert!(ours.room.is_none(), "nobody is told of room that nobody waits for");
            let mut answer = [0; 2];
            ours.read_exact(&mut answer).await.unwrap();
            ours.shutdown().await.unwrap();
            answer
        });
        let mut heard = Vec::new();
        while heard.len() < said.len() {
            tokio::task::yield_now().await;
            theirs.read_buf(&mut heard).await.unwrap();
        }
        assert!(heard == said);
        theirs.write_all(b"ok").await.unwrap();
        assert_eq!(theirs.read(&mut [0; 1]).await.unwrap(), 0, "it is over");
        assert_eq!(&speaks.await.unwrap(), b"ok");
        let gone = theirs.write_all(b"anybody").await;
        assert_eq!(gone.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }

    #[tokio::test]
    async fn whoever_waits_for_room_is_woken_although_they_found_it_by_trying_again() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let mut ours = Stream::new(ours).unwrap();
        let woken = Arc::<Woken>::default();
        let waker = Waker::from(Arc::clone(&woken));
        let mut cx = Context::from_waker(&waker);
        let mut write = || Pin::new(&mut ours).poll_write(&mut cx, &[7; 4096]);
        while write().is_ready() {}
        theirs.set_nonblocking(true).unwrap();
        while theirs.read(&mut [0; 4096]).is_ok() {}
        assert!(!woken.0.load(Ordering::SeqCst) && write().is_ready());
        assert!(woken.0.load(Ordering::SeqCst));
    }

    #[derive(Default)]
    struct Woken(AtomicBool);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
}
