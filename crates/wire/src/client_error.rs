//! Why a call of the socket gave no answer, and who is at fault.

use crate::{Code, Problem, SocketPathError, sandbox, socket};
use rustix::io::Errno;
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use words::say;

/// What a system says that lets a program make no such connection, whoever listens: seccomp(2) and
/// landlock(7) by the first two, filters of address families by the rest.
const FORBIDDEN: [Errno; 5] =
    [Errno::PERM, Errno::ACCESS, Errno::AFNOSUPPORT, Errno::NOSYS, Errno::OPNOTSUPP];

/// What a system says of a socket at which nobody listens: no file, none who listens, or one who ended before
/// taking what was connected already.
const NOBODY: [io::ErrorKind; 3] =
    [io::ErrorKind::NotFound, io::ErrorKind::ConnectionRefused, io::ErrorKind::ConnectionReset];

/// Why a call gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The valet said no, and why.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// No valet listens.
    #[error("{}", say!(client_not_running, path = .0.display().to_string()))]
    NotRunning(PathBuf),
    /// The socket leads to a desk elsewhere, which does not answer.
    #[error("{}", say!(client_desk_away, path = .0.display().to_string()))]
    DeskAway(PathBuf),
    /// None runs, and only the person starts it again.
    #[error("{}", say!(client_quit))]
    Quit,
    /// What was started has ended too often, and is not started again before this time has passed.
    #[error("{}", say!(client_crashes, seconds = .0.as_secs().max(1)))]
    Crashes(Duration),
    /// It was to be started, and does not listen.
    #[error("{}", say!(client_not_started, why = .0))]
    NotStarted(String),
    /// None is seen, and there is a sandbox that may hide one.
    #[error("{}", say!(client_hidden, path = .0.display().to_string()))]
    Hidden(PathBuf),
    /// The socket is ours, and a sandbox lets this program not connect to it.
    #[error("{}", say!(client_sandboxed, path = path.display().to_string(), why = .why.to_string()))]
    Sandboxed {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// One listens, or may, and cannot be reached.
    #[error("{}", say!(client_unreachable, path = path.display().to_string(), why = .why.to_string()))]
    Unreachable {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// The socket is not safe to use.
    #[error(transparent)]
    Unsafe(SocketPathError),
    /// The valet ended while it was asked.
    #[error("{}", say!(client_ended))]
    Ended,
    /// The valet runs, and has closed the connection.
    #[error("{}", say!(client_hung_up))]
    HungUp,
    /// The valet said nothing for this long.
    #[error("{}", say!(client_silent, seconds = .0.as_secs()))]
    Silent(Duration),
    /// More came than is read, in bytes.
    #[error("{}", say!(client_too_long, limit = .0 >> 20))]
    TooLong(usize),
    /// The valet is of this other version, and was not understood.
    #[error("{}", say!(client_other_version, theirs = .0, ours = env!("CARGO_PKG_VERSION")))]
    OtherVersion(String),
    /// The valet did not answer in the form agreed, or cannot be asked so.
    #[error("{}", say!(client_protocol, what = .0))]
    Protocol(String),
}

impl From<SocketPathError> for ClientError {
    fn from(error: SocketPathError) -> Self {
        match error {
            SocketPathError::Missing(path) => Self::unseen(path),
            SocketPathError::Io { path, why } if sandbox::is_around() => Self::Sandboxed { path, why },
            SocketPathError::Io { path, why } => Self::Unreachable { path, why },
            unusable @ (SocketPathError::Unsafe { .. }
            | SocketPathError::Mapped { .. }
            | SocketPathError::Container { .. }) => Self::Unsafe(unusable),
        }
    }
}

impl ClientError {
    /// A socket that is safe to use, and was not reached.
    pub(crate) fn unreached(path: &Path, why: io::Error) -> Self {
        let path = path.to_owned();
        let errno = Errno::from_io_error(&why);
        if NOBODY.contains(&why.kind()) {
            return Self::unseen(path);
        }
        match errno.is_some_and(|errno| FORBIDDEN.contains(&errno)) {
            true => Self::Sandboxed { path, why },
            false => Self::Unreachable { path, why },
        }
    }

    /// What a connection that was made came to.
    pub(crate) fn lost(error: &hyper::Error) -> Self {
        if error.is_parse() { Self::Protocol(say!(client_protocol_no_http)) } else { Self::HungUp }
    }

    fn unseen(path: PathBuf) -> Self {
        match sandbox::is_around() {
            _ if socket::is_forwarded(&path) => Self::DeskAway(path),
            true => Self::Hidden(path),
            false => Self::NotRunning(path),
        }
    }

    /// A stable name of what went wrong.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Problem(problem) => problem.code.as_str(),
            Self::NotRunning(_) => "not_running",
            Self::DeskAway(_) => "desk_away",
            Self::Quit => "quit",
            Self::Crashes(_) => "crashes",
            Self::NotStarted(_) => "not_started",
            Self::Hidden(_) | Self::Sandboxed { .. } => "sandboxed",
            Self::Unreachable { why, .. } if is_crowded(why) => "busy",
            Self::Unreachable { .. } => "unreachable",
            Self::Unsafe(SocketPathError::Mapped { .. }) => "user_namespace",
            Self::Unsafe(_) => "unsafe_socket",
            Self::Ended => "ended",
            Self::HungUp => "hung_up",
            Self::Silent(_) => "silent",
            Self::TooLong(_) => "too_long",
            Self::OtherVersion(_) => "other_version",
            Self::Protocol(_) => "protocol",
        }
    }

    /// What the person can do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Problem(problem) => problem.advice.clone(),
            Self::NotRunning(_) => say!(client_not_running_advice),
            Self::DeskAway(_) => say!(client_desk_away_advice),
            Self::Quit => say!(client_quit_advice),
            Self::Crashes(_) | Self::NotStarted(_) => say!(client_not_started_advice),
            Self::Hidden(_) => {
                say!(client_hidden_advice)
            }
            Self::Sandboxed { .. } => {
                say!(client_sandboxed_advice)
            }
            Self::Unreachable { why, .. } if is_crowded(why) => {
                say!(client_crowded_advice)
            }
            Self::Unreachable { .. } => say!(client_unreachable_advice),
            Self::Unsafe(SocketPathError::Mapped { .. }) => {
                say!(client_mapped_advice)
            }
            Self::Unsafe(SocketPathError::Container { owner, .. }) => {
                say!(client_container_advice, owner = owner.to_string())
            }
            Self::Unsafe(_) => {
                say!(client_unsafe_advice)
            }
            Self::Ended => say!(client_ended_advice),
            Self::HungUp => {
                say!(client_hung_up_advice)
            }
            Self::Silent(_) => say!(client_silent_advice),
            Self::TooLong(_) => say!(client_too_long_advice),
            Self::OtherVersion(_) => {
                say!(client_other_version_advice)
            }
            Self::Protocol(_) => say!(client_protocol_advice),
        }
    }

    /// The exit status of `mcp-valet` for this error.
    #[must_use]
    pub fn exit(&self) -> u8 {
        match self {
            Self::Problem(problem) => problem.code.exit(),
            Self::NotRunning(_)
            | Self::DeskAway(_)
            | Self::Quit
            | Self::Crashes(_)
            | Self::NotStarted(_)
            | Self::Hidden(_)
            | Self::Ended => 6,
            Self::Silent(_) => Code::Timeout.exit(),
            Self::Unreachable { why, .. } if is_crowded(why) => Code::Busy.exit(),
            Self::Sandboxed { .. }
            | Self::Unreachable { .. }
            | Self::Unsafe(_)
            | Self::HungUp
            | Self::TooLong(_)
            | Self::OtherVersion(_)
            | Self::Protocol(_) => 1,
        }
    }

    /// The `error` member of a JSON-RPC response.
    #[must_use]
    pub fn to_rpc(&self) -> Value {
        if let Self::Problem(problem) = self {
            return problem.to_rpc();
        }
        let data = json!({ "code": self.code(), "advice": self.advice() });
        json!({ "code": 1000, "message": format!("{self}. {}", self.advice()), "data": data })
    }
}

/// Whether more are waiting to be let in than can: unix(7), `EAGAIN`.
pub(crate) fn is_crowded(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_ended_before_it_took_a_connection_is_not_there() {
        for errno in [Errno::NOENT, Errno::CONNREFUSED, Errno::CONNRESET] {
            let error = ClientError::unreached(Path::new("/run/agent.sock"), errno.into());
            assert!(matches!(error, ClientError::NotRunning(_) | ClientError::Hidden(_)), "{error:?}");
        }
        let crowded = io::Error::from(io::ErrorKind::WouldBlock);
        let error = ClientError::unreached(Path::new("/run/agent.sock"), crowded);
        assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    }
}
