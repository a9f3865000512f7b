//! A connection of the socket. It is woken by what the other end says, and not by the other end's having read
//! what was said here: on a Unix socket that comes after each message, and would cost both programs a turn
//! on the processor each time.

use rustix::net::{RecvFlags, Shutdown, recv};
use std::io::{self, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use zeroize::{Zeroize, Zeroizing};

/// Bytes that are read at a time.
const PIECE: usize = 16 << 10;

/// A connection that is read as things come, and written to at once.
#[derive(Debug)]
pub struct Stream {
    socket: AsyncFd<UnixStream>,
    /// Whether something is there that the runtime has not told of yet.
    spoken: bool,
    /// Bytes that were read, and are to be taken with the answer.
    untaken: usize,
    /// Whether the other end has said all that it will.
    ended: bool,
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
        let socket = AsyncFd::with_interest(socket, Interest::READABLE)?;
        Ok(Self { socket, spoken: false, untaken: 0, ended: false, room: None })
    }

    /// The same, where the other end was seen to have said something. That is read at once, before the
    /// runtime tells of it, and left where it is until something is written: the system wakes the other end
    /// when it is taken, which may be waiting for the answer by now and can do nothing yet.
    #[must_use]
    pub const fn spoken(mut self) -> Self {
        self.spoken = true;
        self
    }

    /// Waits until the other end has said something, or has ended.
    ///
    /// # Errors
    /// The runtime cannot wait for it any more.
    pub async fn readable(&self) -> io::Result<()> {
        self.socket.readable().await.map(drop)
    }

    /// The connection by itself, on no runtime. It does not wait.
    ///
    /// # Errors
    /// There is no file descriptor for it.
    pub fn into_std(self) -> io::Result<UnixStream> {
        self.socket.get_ref().try_clone()
    }

    /// Takes what was read.
    fn take(&mut self) -> io::Result<()> {
        while self.untaken > 0 {
            let mut taken = Zeroizing::new(vec![0; self.untaken]);
            match self.socket.get_ref().read(&mut taken) {
                Ok(length) => self.untaken = if length == 0 { 0 } else { self.untaken - length },
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
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
                    // Where that fails, the next read says so: this was written.
                    let _ = self.take();
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
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.take()?;
        if std::mem::take(&mut this.spoken)
            && let Ok(read) = hear(this.socket.get_ref(), into, RecvFlags::PEEK)
        {
            this.untaken = read;
            return Poll::Ready(Ok(()));
        }
        let most = PIECE.min(into.remaining());
        loop {
            let mut ready = ready!(this.socket.poll_read_ready(cx))?;
            let hears = |socket: &AsyncFd<UnixStream>| hear(socket.get_ref(), into, RecvFlags::empty());
            let read = match ready.try_io(hears) {
                Err(_would_wait) => continue,
                Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(read) => read?,
            };
            this.ended = read == 0 && most > 0;
            // There was no more than that: what comes next is told anew (epoll(7), "edge-triggered").
            if (1..most).contains(&read) {
                ready.clear_ready();
            }
            return Poll::Ready(Ok(()));
        }
    }
}

/// Reads into what may have held nothing yet, which is not overwritten with zeros for it: of large buffers
/// that takes longer than all else here.
fn hear(socket: &UnixStream, into: &mut ReadBuf<'_>, how: RecvFlags) -> io::Result<usize> {
    let mut space = [MaybeUninit::<u8>::uninit(); PIECE];
    let (space, _) = space.split_at_mut(PIECE.min(into.remaining()));
    let ((heard, _), read) = recv(socket, space, how)?;
    into.put_slice(heard);
    heard.zeroize();
    Ok(read)
}

/// An end that closes with something untaken tells the other one that it broke off.
impl Drop for Stream {
    fn drop(&mut self) {
        let _ = self.take();
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

    /// Where the other end has ended too, nothing is left but to close it, which says the same.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.ended {
            rustix::net::shutdown(&*self, Shutdown::Write)?;
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use rustix::io::ioctl_fionread;
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
    async fn what_was_said_before_is_read_at_once_and_taken_with_the_answer() {
        let (mut ours, mut theirs) = asked(b"question");
        assert_eq!(ioctl_fionread(&ours).unwrap(), 8, "whoever waits for the answer is left alone");
        ours.write_all(b"answer").await.unwrap();
        assert_eq!(ioctl_fionread(&ours).unwrap(), 0);
        theirs.write_all(b"again").unwrap();
        let mut heard = [0; 16];
        assert_eq!(ours.read(&mut heard).await.unwrap(), 5);
        let mut answer = [0; 16];
        assert_eq!(theirs.read(&mut answer).unwrap(), 6);
    }

    #[tokio::test]
    async fn what_comes_in_parts_is_read_in_parts() {
        let (mut ours, mut theirs) = asked(b"one");
        theirs.write_all(b"two").unwrap();
        theirs.shutdown(std::net::Shutdown::Write).unwrap();
        let mut rest = Vec::new();
        ours.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, b"two");
    }

    #[tokio::test]
    async fn whoever_is_not_answered_is_told_of_an_end_and_of_no_failure() {
        let (ours, mut theirs) = asked(b"question");
        drop(ours);
        assert_eq!(theirs.read(&mut [0; 1]).unwrap(), 0);
    }

    /// An end that has read what the other one had said before, without a turn of anybody else.
    fn asked(said: &[u8]) -> (Stream, UnixStream) {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        theirs.write_all(said).unwrap();
        let (mut ours, mut heard) = (Stream::new(ours).unwrap().spoken(), [0; 64]);
        let mut into = ReadBuf::new(&mut heard);
        assert!(Pin::new(&mut ours).poll_read(&mut Context::from_waker(Waker::noop()), &mut into).is_ready());
        assert_eq!(into.filled(), said);
        (ours, theirs)
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
