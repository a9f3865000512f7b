//! Connections as they come in. Whoever hung up already costs no more than that: somebody may connect and
//! close without end.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{RecvFlags, recv};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use tokio::io::unix::AsyncFd;
use wire::Stream;

/// Of those who hung up, so many are taken away before others have a turn.
const AT_ONCE: usize = 128;

/// What a request line has behind its method, if what it asks for goes on for long: the proxy, and events.
const MUCH: [&[u8]; 2] = [b" /mcp/", b" /v1/events"];
/// How much of a request line tells that.
const LONGEST: usize = 24;

/// Somebody who is there.
pub(super) struct Arrival {
    pub(super) stream: Stream,
    /// Whether they have said something.
    pub(super) spoken: bool,
}

/// What is behind a connection that was just accepted.
#[derive(Debug, PartialEq, Eq)]
enum Presence {
    Gone,
    Silent,
    Spoken,
}

/// A socket to take connections from.
#[expect(deprecated, reason = "it stands for the same descriptor as long as it lives")]
pub(super) fn listen(socket: UnixListener) -> io::Result<AsyncFd<UnixListener>> {
    AsyncFd::new(socket)
}

/// The next one who is still there.
///
/// # Errors
/// No connection can be taken now, for want of file descriptors or memory.
pub(super) async fn next(listener: &AsyncFd<UnixListener>) -> io::Result<Arrival> {
    loop {
        let mut ready = listener.readable().await?;
        let Ok(taken) = ready.try_io(|listener| take(listener.get_ref())) else { continue };
        if let Some((stream, spoken)) = taken? {
            return Ok(Arrival { stream: Stream::new(stream)?, spoken });
        }
        tokio::task::yield_now().await;
    }
}

/// The first of those who wait that is still there; nothing if many were not.
fn take(listener: &UnixListener) -> io::Result<Option<(UnixStream, bool)>> {
    for _ in 0..AT_ONCE {
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            // It was gone before it was accepted.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            Err(error) => return Err(error),
        };
        match presence(&stream) {
            Presence::Gone => {}
            Presence::Silent => return Ok(Some((stream, false))),
            Presence::Spoken => return Ok(Some((stream, true))),
        }
    }
    Ok(None)
}

/// Waits until somebody says something. False if they hang up instead.
pub(super) async fn speaks(stream: &Stream) -> bool {
    stream.readable().await.is_ok() && presence(stream) == Presence::Spoken
}

/// Whether what somebody says first asks for what goes on for long, as far as that has come.
pub(super) fn asks_for_much(stream: &impl AsFd) -> bool {
    let mut said = [0; LONGEST];
    let peeked = recv(stream, &mut said, RecvFlags::PEEK | RecvFlags::DONTWAIT);
    let said = said.split_at(peeked.map_or(0, |(length, _)| length.min(LONGEST))).0;
    let path = said.iter().position(|byte| *byte == b' ').map_or(said, |end| said.split_at(end).1);
    MUCH.iter().any(|much| path.starts_with(much))
}

/// Who closed hears no answer, and who ended its half without a word asks for none.
fn presence(stream: &impl AsFd) -> Presence {
    let mut looked = [PollFd::new(stream, PollFlags::IN | PollFlags::RDHUP)];
    let count = poll(&mut looked, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).unwrap_or_default();
    let seen = looked[0].revents();
    if count == 0 {
        return Presence::Silent;
    }
    if seen.intersects(PollFlags::HUP | PollFlags::ERR) {
        return Presence::Gone;
    }
    if !seen.contains(PollFlags::RDHUP) {
        return Presence::Spoken;
    }
    // It says no more. What it said before that is still there.
    match recv(stream, &mut [0_u8; 1], RecvFlags::PEEK | RecvFlags::DONTWAIT) {
        Ok((_, 1..)) => Presence::Spoken,
        Ok(_) | Err(_) => Presence::Gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::Shutdown;

    #[test]
    fn who_hung_up_is_told_from_who_is_silent_and_who_has_spoken() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        assert_eq!(presence(&ours), Presence::Silent);
        theirs.write_all(b"GET ").unwrap();
        assert_eq!(presence(&ours), Presence::Spoken);
        theirs.shutdown(Shutdown::Write).unwrap();
        assert_eq!(presence(&ours), Presence::Spoken, "it still listens");
        drop(theirs);
        assert_eq!(presence(&ours), Presence::Gone);
        let (ours, theirs) = UnixStream::pair().unwrap();
        theirs.shutdown(Shutdown::Write).unwrap();
        assert_eq!(presence(&ours), Presence::Gone);
    }
}
