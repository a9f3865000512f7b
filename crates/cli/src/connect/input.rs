//! Standard input: one JSON-RPC message a line.

use super::complain;
use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::BorrowedFd;
use rustix::io::Errno;
use rustix::stdio::stdin;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc;
use words::say;

/// The longest message that a client may send.
const MOST: usize = 64 << 20;
/// What of a longer one is looked at: past this, no client means a message.
const END: u64 = 1 << 30;
/// Messages that are read ahead by a thread.
const AHEAD: usize = 16;
/// Bytes that are read at a time.
const PIECE: usize = 64 << 10;

/// What the client sends.
pub(super) enum Line {
    /// A message, or what is meant to be one.
    Whole(Vec<u8>),
    /// More than is taken; the ID of the request, if it is one.
    TooLong(Option<Value>),
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    method: Option<IgnoredAny>,
}

/// The lines of standard input.
pub(super) enum Lines {
    /// Of a pipe or a socket, which is read once there is something.
    Here(Here),
    /// Of a file, which cannot be waited for: a thread reads it, which nothing has to wait for at the end.
    ByThread(mpsc::Receiver<Line>),
}

/// What has come by a pipe or a socket.
pub(super) struct Here {
    input: AsyncFd<BorrowedFd<'static>>,
    held: Vec<u8>,
    /// How many of those bytes are known to end no line.
    looked_at: usize,
    is_over: bool,
}

impl Lines {
    pub(super) fn open() -> Self {
        #[expect(deprecated, reason = "it stands for the same descriptor as long as the program runs")]
        let input = AsyncFd::with_interest(stdin(), Interest::READABLE);
        match input {
            Ok(input) => Self::Here(Here { input, held: Vec::new(), looked_at: 0, is_over: false }),
            Err(_) => Self::ByThread(by_thread()),
        }
    }

    /// The next one; nothing once no more come.
    pub(super) async fn next(&mut self) -> Option<Line> {
        let here = match self {
            Self::Here(here) => here,
            Self::ByThread(lines) => return lines.recv().await,
        };
        loop {
            if let Some(line) = here.take() {
                return Some(Line::Whole(line));
            }
            if here.held.len() >= MOST {
                return here.pass_by().await;
            }
            if here.is_over {
                let rest = std::mem::take(&mut here.held);
                return (!rest.is_empty()).then_some(Line::Whole(rest));
            }
            here.is_over = here.read().await.is_none();
        }
    }
}

impl Here {
    /// A line that is there to its end.
    fn take(&mut self) -> Option<Vec<u8>> {
        let new = self.held.get(self.looked_at..).unwrap_or_default();
        let Some(end) = new.iter().position(|byte| *byte == b'\n') else {
            self.looked_at = self.held.len();
            return None;
        };
        let rest = self.held.split_off(self.looked_at + end + 1);
        self.looked_at = 0;
        Some(std::mem::replace(&mut self.held, rest))
    }

    /// Takes in what has come; nothing where no more comes. The descriptor may be shared, and is left to wait
    /// as it does: it is only read where that does not.
    async fn read(&mut self) -> Option<()> {
        let mut ready = self.input.readable().await.ok()?;
        if !has_any(stdin()) {
            ready.clear_ready();
            return Some(());
        }
        self.held.reserve(PIECE);
        let room = self.held.capacity() - self.held.len();
        match rustix::io::read(stdin(), spare_capacity(&mut self.held)) {
            // There was no more than that: what comes next is told anew (epoll(7), "edge-triggered").
            Ok(length) if (1..room).contains(&length) => ready.clear_ready(),
            // Somebody with whom it is shared was sooner.
            Err(Errno::AGAIN) => ready.clear_ready(),
            Ok(1..) | Err(Errno::INTR) => {}
            Ok(0) | Err(_) => return None,
        }
        Some(())
    }

    /// Of a line that is too long, its ID. It is read to its end by a thread.
    async fn pass_by(&mut self) -> Option<Line> {
        let begun = std::mem::take(&mut self.held);
        self.looked_at = 0;
        let passed = tokio::task::spawn_blocking(move || {
            let mut input = BufReader::new(File::from(stdin().try_clone_to_owned()?));
            let id = head(begun, &mut input)?;
            io::Result::Ok((id, input.buffer().to_vec()))
        });
        let Ok(Ok((id, rest))) = passed.await else {
            complain(&say!(cli_connect_too_long));
            return None;
        };
        self.held = rest;
        Some(Line::TooLong(id))
    }
}

/// Whether reading does not wait: there is something, or there will be nothing any more.
fn has_any(input: BorrowedFd<'_>) -> bool {
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    !matches!(poll(&mut [PollFd::from_borrowed_fd(input, PollFlags::IN)], Some(&now)), Ok(0))
}

fn by_thread() -> mpsc::Receiver<Line> {
    let (sender, lines) = mpsc::channel(AHEAD);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let mut line = Vec::new();
            let read = match input.by_ref().take(MOST as u64).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) if line.ends_with(b"\n") || line.len() < MOST => Line::Whole(line),
                Ok(_) => match head(line, &mut input) {
                    Ok(id) => Line::TooLong(id),
                    Err(_) => return complain(&say!(cli_connect_too_long)),
                },
            };
            if sender.blocking_send(read).is_err() {
                return;
            }
        }
    });
    lines
}

/// The ID of a request whose line goes on in `input`, which is read to the end of the line. Of what passes
/// by, nothing else is held.
fn head(begun: Vec<u8>, input: &mut impl BufRead) -> io::Result<Option<Value>> {
    let mut rest = Rest { input, left: END, is_over: false };
    let head: Option<Head> =
        serde_json::from_reader(BufReader::new(Cursor::new(begun).chain(&mut rest))).ok();
    io::copy(&mut rest, &mut io::sink())?;
    Ok(head.filter(|head| head.method.is_some()).and_then(|head| head.id))
}

/// What is left of a line.
struct Rest<'a, I> {
    input: &'a mut I,
    left: u64,
    is_over: bool,
}

impl<I: BufRead> Read for Rest<'_, I> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.is_over {
            return Ok(0);
        }
        let there = self.input.fill_buf()?;
        let there = there.get(..into.len().min(there.len())).unwrap_or(there);
        let line = there.iter().position(|byte| *byte == b'\n').map_or(there, |end| there.split_at(end).0);
        into.iter_mut().zip(line).for_each(|(to, from)| *to = *from);
        self.is_over = line.len() < there.len() || there.is_empty();
        let (length, passed) = (line.len(), line.len() + usize::from(line.len() < there.len()));
        self.input.consume(passed);
        self.left = self.left.checked_sub(passed as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_id_of_a_long_line_is_found_wherever_it_stands_and_the_next_line_is_left() {
        for (line, id) in [
            (r#"{"id":7,"method":"a","params":"#, Some(json!(7))),
            (r#"{"method":"a","params":"#, None),
            (r#"{"id":7,"result":"#, None),
            ("hello", None),
        ] {
            let mut rest = Cursor::new(b"\"x\"}\nnext".to_vec());
            assert_eq!(head(line.into(), &mut rest).unwrap(), id, "{line}");
            let mut next = String::new();
            rest.read_to_string(&mut next).unwrap();
            assert_eq!(next, "next");
        }
        let mut rest = Cursor::new(br#"x"},"id":"z"}"#.to_vec());
        assert_eq!(
            head(br#"{"method":"a","params":{"id":1,"y":""#.into(), &mut rest).unwrap(),
            Some(json!("z"))
        );
    }
}
