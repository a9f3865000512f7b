//! What the valet and a keeper tell each other: the program, with its descriptors, and what became of it. By
//! a socket that both inherit no name of, and neither by arguments nor by an environment, which others can
//! read.

use crate::program::Program;
use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use std::ffi::OsStr;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use zeroize::Zeroizing;

/// Standard input, output and error.
pub(crate) type Ends = [OwnedFd; 3];
type Bytes = Zeroizing<Vec<u8>>;

/// Bytes of an order, at most: more is no command line (`execve(2)`).
const LONGEST: usize = 8 << 20;

/// A program to be started.
pub(crate) struct Order {
    command: Bytes,
    file: Bytes,
    cwd: Bytes,
    args: Vec<Bytes>,
    env: Vec<(Bytes, Bytes)>,
}

impl Order {
    pub(crate) fn command(&self) -> &OsStr {
        OsStr::from_bytes(&self.command)
    }

    pub(crate) fn file(&self) -> &OsStr {
        OsStr::from_bytes(&self.file)
    }

    pub(crate) fn cwd(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.cwd))
    }

    pub(crate) fn args(&self) -> impl Iterator<Item = &OsStr> {
        self.args.iter().map(|arg| OsStr::from_bytes(arg))
    }

    pub(crate) fn env(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.env.iter().map(|(name, value)| (OsStr::from_bytes(name), OsStr::from_bytes(value)))
    }

    /// The bytes of an order for a program in this file, with their length before them.
    pub(crate) fn written(program: &Program, file: &Path, mark: (&str, &str)) -> Bytes {
        let mut parts: Vec<&[u8]> =
            vec![program.command.as_bytes(), file.as_os_str().as_bytes(), program.cwd.as_os_str().as_bytes()];
        let args = program.args.len().to_le_bytes();
        parts.push(&args);
        parts.extend(program.args.iter().map(|arg| arg.as_os_str().as_bytes()));
        parts.extend(
            program.env.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_os_str().as_bytes()]),
        );
        parts.extend([mark.0.as_bytes(), mark.1.as_bytes()]);
        // All at once: where it grew, a copy would stay behind.
        let length: usize = parts.iter().map(|part| part.len() + 4).sum();
        let mut written = Zeroizing::new(Vec::with_capacity(length + 4));
        for number in std::iter::once(length) {
            written.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        }
        for part in parts {
            written.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
            written.extend_from_slice(part);
        }
        written
    }

    fn read(mut bytes: &[u8]) -> Option<Self> {
        let mut parts = Vec::new();
        while !bytes.is_empty() {
            let (length, rest) = bytes.split_first_chunk::<4>()?;
            let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            parts.push(Zeroizing::new(part.to_vec()));
            bytes = rest;
        }
        let mut parts = parts.into_iter();
        let (command, file, cwd) = (parts.next()?, parts.next()?, parts.next()?);
        let args = usize::from_le_bytes(parts.next()?.as_slice().try_into().ok()?);
        let args: Vec<Bytes> = parts.by_ref().take(args).collect();
        let mut env = Vec::new();
        while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
            env.push((name, value));
        }
        Some(Self { command, file, cwd, args, env })
    }
}

/// Sends the descriptors, with the first bytes of an order, and says how many those were.
pub(crate) fn send_ends(control: BorrowedFd<'_>, order: &[u8], ends: &Ends) -> io::Result<usize> {
    let fds: Vec<BorrowedFd<'_>> = ends.iter().map(std::os::fd::AsFd::as_fd).collect();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !ancillary.push(SendAncillaryMessage::ScmRights(&fds)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(sendmsg(control, &[IoSlice::new(order)], &mut ancillary, SendFlags::NOSIGNAL)?)
}

/// What the valet sent.
pub(super) fn receive(control: BorrowedFd<'_>) -> io::Result<(Order, Ends)> {
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let mut length = [0; 4];
    let mut into = [IoSliceMut::new(&mut length)];
    let received = recvmsg(control, &mut into, &mut ancillary, RecvFlags::CMSG_CLOEXEC | RecvFlags::WAITALL)?;
    if received.bytes != 4 {
        return Err(wrong());
    }
    let mut ends = Vec::new();
    for message in ancillary.drain() {
        if let RecvAncillaryMessage::ScmRights(fds) = message {
            ends.extend(fds);
        }
    }
    let ends: Ends = ends.try_into().map_err(|_| wrong())?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST {
        return Err(wrong());
    }
    let mut bytes = Zeroizing::new(vec![0; length]);
    let mut rest = bytes.as_mut_slice();
    while !rest.is_empty() {
        let read = rustix::io::read(control, &mut *rest)?;
        if read == 0 {
            return Err(wrong());
        }
        rest = rest.get_mut(read..).unwrap_or_default();
    }
    Order::read(&bytes).map(|order| (order, ends)).ok_or_else(wrong)
}

/// Whether the valet has closed its end. It says nothing else.
pub(super) fn is_over(control: BorrowedFd<'_>) -> bool {
    let mut byte = [0];
    !matches!(rustix::io::read(control, &mut byte), Ok(1..) | Err(rustix::io::Errno::INTR))
}

/// What a keeper says of its program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Report {
    /// It runs, with this number, and in this group.
    Started(i32, Option<PathBuf>),
    /// It was not started, for this error of the system.
    Failed(i32),
    /// It ended with this status.
    Status(i32),
    /// It ended by this signal.
    Signal(i32),
    /// Nothing is left of it.
    Gone,
}

/// Tells the valet.
pub(super) fn report(control: BorrowedFd<'_>, report: &Report) -> io::Result<()> {
    let line = match report {
        Report::Started(pid, Some(group)) => format!("started {pid} {}\n", group.display()),
        Report::Started(pid, None) => format!("started {pid}\n"),
        Report::Failed(error) => format!("failed {error}\n"),
        Report::Status(status) => format!("status {status}\n"),
        Report::Signal(signal) => format!("signal {signal}\n"),
        Report::Gone => "gone\n".to_owned(),
    };
    rustix::net::send(control, line.as_bytes(), SendFlags::NOSIGNAL)?;
    Ok(())
}

impl FromStr for Report {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        let mut words = line.splitn(3, ' ');
        let kind = words.next().unwrap_or_default();
        let number = words.next().and_then(|word| word.parse().ok());
        match (kind, number) {
            ("started", Some(pid)) => Ok(Self::Started(pid, words.next().map(PathBuf::from))),
            ("failed", Some(error)) => Ok(Self::Failed(error)),
            ("status", Some(status)) => Ok(Self::Status(status)),
            ("signal", Some(signal)) => Ok(Self::Signal(signal)),
            ("gone", None) => Ok(Self::Gone),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::program::Word;

    #[test]
    fn an_order_is_read_as_it_was_written() {
        let program = Program {
            command: "npx".into(),
            args: vec![Word::from("-y"), Word::from("")],
            env: vec![("A".into(), Word::from("1"))],
            cwd: "/tmp".into(),
            secrets: Vec::new(),
        };
        let written = Order::written(&program, Path::new("/usr/bin/npx"), ("MARK", "x"));
        let order = Order::read(&written[4..]).unwrap();
        assert_eq!(written.len(), written.capacity());
        assert_eq!((order.command(), order.file()), (OsStr::new("npx"), OsStr::new("/usr/bin/npx")));
        assert_eq!(order.args().collect::<Vec<_>>(), ["-y", ""]);
        let env: Vec<_> = order.env().map(|(name, value)| (name.to_str(), value.to_str())).collect();
        assert_eq!(env, [(Some("A"), Some("1")), (Some("MARK"), Some("x"))]);
        assert!(Order::read(&written[3..]).is_none() && Order::read(&[]).is_none());
    }

    #[test]
    fn a_report_is_read_as_it_was_written() {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
        let all = [
            Report::Started(7, Some("/sys/fs/cgroup/a b".into())),
            Report::Started(7, None),
            Report::Failed(2),
            Report::Status(1),
            Report::Signal(9),
            Report::Gone,
        ];
        for one in &all {
            report(std::os::fd::AsFd::as_fd(&ours), one).unwrap();
        }
        drop(ours);
        let said = io::read_to_string(theirs).unwrap();
        let read: Vec<Report> = said.lines().map(|line| line.parse().unwrap()).collect();
        assert_eq!(read, all);
    }
}
