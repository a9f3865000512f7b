//! Why a call of the socket gave no answer, and who is at fault.

use crate::{Code, Problem, SocketPathError, sandbox};
use rustix::io::Errno;
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a system says that lets a program make no such connection, whoever listens: seccomp(2) and
/// landlock(7) by the first two, filters of address families by the rest.
const FORBIDDEN: [Errno; 5] =
    [Errno::PERM, Errno::ACCESS, Errno::AFNOSUPPORT, Errno::NOSYS, Errno::OPNOTSUPP];

/// Why a call gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The valet said no, and why.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// No valet listens.
    #[error("no MCP Valet is running ({})", .0.display())]
    NotRunning(PathBuf),
    /// None is seen, and there is a sandbox that may hide one.
    #[error("no MCP Valet can be seen from inside this sandbox ({})", .0.display())]
    Hidden(PathBuf),
    /// The socket is ours, and a sandbox lets this program not connect to it.
    #[error("a sandbox does not let this program connect to MCP Valet at {}: {why}", path.display())]
    Sandboxed {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// One listens, or may, and cannot be reached.
    #[error("MCP Valet cannot be reached at {}: {why}", path.display())]
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
    #[error("MCP Valet ended before its answer was complete")]
    Ended,
    /// The valet runs, and has closed the connection.
    #[error("MCP Valet closed the connection before its answer was complete")]
    HungUp,
    /// The valet said nothing for this long.
    #[error("MCP Valet did not answer within {} seconds", .0.as_secs())]
    Silent(Duration),
    /// More came than is read, in bytes.
    #[error("the answer is longer than {} MiB", .0 >> 20)]
    TooLong(usize),
    /// The valet is of this other version, and was not understood.
    #[error("MCP Valet {0} is running, and this is mcp-valet {ours}: they do not understand each other", ours = env!("CARGO_PKG_VERSION"))]
    OtherVersion(String),
    /// The valet did not answer in the form agreed, or cannot be asked so.
    #[error("MCP Valet did not answer properly: {0}")]
    Protocol(&'static str),
}

impl From<SocketPathError> for ClientError {
    fn from(error: SocketPathError) -> Self {
        match error {
            SocketPathError::Missing(path) => Self::unseen(path),
            SocketPathError::Io { path, why } if sandbox::is_around() => Self::Sandboxed { path, why },
            SocketPathError::Io { path, why } => Self::Unreachable { path, why },
            unusable @ (SocketPathError::Unsafe { .. } | SocketPathError::Mapped { .. }) => {
                Self::Unsafe(unusable)
            }
        }
    }
}

impl ClientError {
    /// A socket that is safe to use, and was not reached.
    pub(crate) fn unreached(path: &Path, why: io::Error) -> Self {
        let path = path.to_owned();
        let errno = Errno::from_io_error(&why);
        if matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) {
            return Self::unseen(path);
        }
        match errno.is_some_and(|errno| FORBIDDEN.contains(&errno)) {
            true => Self::Sandboxed { path, why },
            false => Self::Unreachable { path, why },
        }
    }

    /// What a connection that was made came to.
    pub(crate) fn lost(error: &hyper::Error) -> Self {
        if error.is_parse() { Self::Protocol("that is no HTTP") } else { Self::HungUp }
    }

    fn unseen(path: PathBuf) -> Self {
        if sandbox::is_around() { Self::Hidden(path) } else { Self::NotRunning(path) }
    }

    /// A stable name of what went wrong.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Problem(problem) => problem.code.as_str(),
            Self::NotRunning(_) => "not_running",
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
    pub fn advice(&self) -> &str {
        match self {
            Self::Problem(problem) => &problem.advice,
            Self::NotRunning(_) => "Start MCP Valet, or `mcp-valetd` where there is no screen.",
            Self::Hidden(_) => {
                "If MCP Valet runs outside, have the sandbox show the folder of that socket (the folder, since each start makes the socket anew), and pass XDG_RUNTIME_DIR or MCP_VALET_SOCK on. Else start it."
            }
            Self::Sandboxed { .. } => {
                "Nothing is wrong with MCP Valet or that path. Have the sandbox allow this Unix socket, or run this outside of it."
            }
            Self::Unreachable { why, .. } if is_crowded(why) => {
                "Try again in a moment. If it stays so, look for a program that connects without end."
            }
            Self::Unreachable { .. } => "Check that this user may open that path.",
            Self::Unsafe(SocketPathError::Mapped { .. }) => {
                "Nothing was sent, and nothing is wrong with that path. Run this outside of the sandbox, or have the sandbox keep your user's number."
            }
            Self::Unsafe(_) => {
                "Nothing was sent. Restart MCP Valet: it makes its socket for your user alone. If it stays so, name a place in a folder of your own in MCP_VALET_SOCK, there and here."
            }
            Self::Ended => "Start it again if it does not run, then try again.",
            Self::HungUp => {
                "Try again. If this program has many requests under way, wait for some of them first."
            }
            Self::Silent(_) => "Try again. If it stays so, restart MCP Valet.",
            Self::TooLong(_) => "Ask for less at a time.",
            Self::OtherVersion(_) => {
                "Restart MCP Valet, so that the version that is installed runs; install both from the same one."
            }
            Self::Protocol(_) => "Restart MCP Valet. If it happens again, it is a mistake of ours: tell us.",
        }
    }

    /// The exit status of `mcp-valet` for this error.
    #[must_use]
    pub fn exit(&self) -> u8 {
        match self {
            Self::Problem(problem) => problem.code.exit(),
            Self::NotRunning(_) | Self::Hidden(_) | Self::Ended => 6,
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
