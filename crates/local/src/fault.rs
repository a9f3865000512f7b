//! Why there is no answer.

use crate::ending::Ending;
use http::StatusCode;
use std::path::PathBuf;
use words::say;

/// Lines that a message ends with; [`Fault::lines`] has all.
const SHOWN: usize = 3;

/// What went wrong with a program. What it wrote last to its standard error goes along, secrets covered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no such program.
    #[error("{}", say!(local_missing, command = command.as_str()))]
    Missing {
        /// As it is configured.
        command: String,
    },
    /// There is such a file, and it is no program.
    #[error("{}", say!(local_not_executable, command = command.as_str()))]
    NotExecutable {
        /// As it is configured.
        command: String,
    },
    /// The folder to work in is not there.
    #[error("{}", say!(local_no_folder, folder = folder.display().to_string()))]
    NoFolder {
        /// As it is configured.
        folder: PathBuf,
    },
    /// The system did not start it.
    #[error("{}", say!(local_not_started, command = command.as_str(), error = error.as_str()))]
    NotStarted {
        /// As it is configured.
        command: String,
        /// What the system says.
        error: String,
    },
    /// What keeps programs could not be started, or is gone.
    #[error("{}", say!(local_no_keeper, error = error.as_str()))]
    NoKeeper {
        /// What the system says.
        error: String,
    },
    /// It ended.
    #[error("{}", with_lines(say!(local_ended, how = ending.to_string()), lines))]
    Ended {
        /// How.
        ending: Ending,
        /// What it wrote last.
        lines: Vec<String>,
    },
    /// It has not answered since it was started.
    #[error("{}", with_lines(say!(local_slow, seconds = *seconds), lines))]
    Slow {
        /// For how long.
        seconds: u64,
        /// What it wrote last.
        lines: Vec<String>,
    },
    /// It stopped answering amid a request.
    #[error("{}", with_lines(say!(local_silent, seconds = *seconds), lines))]
    Silent {
        /// For how long.
        seconds: u64,
        /// What it wrote last.
        lines: Vec<String>,
    },
    /// What it writes is no JSON.
    #[error("{}", with_lines(say!(local_no_json, said = said.as_str()), lines))]
    NoJson {
        /// The first of it.
        said: String,
        /// What it wrote last.
        lines: Vec<String>,
    },
    /// A message of it has no end.
    #[error("{}", with_lines(say!(local_long_line, bytes = *bytes), lines))]
    LongLine {
        /// Where it was cut.
        bytes: usize,
        /// What it wrote last.
        lines: Vec<String>,
    },
    /// No more may run.
    #[error("{}", say!(local_too_many, most = *most))]
    TooMany {
        /// How many may.
        most: usize,
    },
    /// More is on its way than may be held.
    #[error("{}", say!(local_too_much))]
    TooMuch,
    /// The person stopped it.
    #[error("{}", say!(local_stopped))]
    Stopped,
    /// The session is over, or never was.
    #[error("{}", say!(local_no_session))]
    NoSession,
    /// The request makes no sense.
    #[error("{}", say!(local_no_request))]
    NoRequest,
    /// A stream that none of its programs has (MCP 2026-07-28).
    #[error("{}", say!(local_no_stream))]
    NoStream,
}

impl Fault {
    /// Its name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "program_missing",
            Self::NotExecutable { .. } => "program_not_executable",
            Self::NoFolder { .. } => "program_without_folder",
            Self::NotStarted { .. } => "program_not_started",
            Self::NoKeeper { .. } => "program_not_kept",
            Self::Ended { .. } => "program_ended",
            Self::Slow { .. } => "program_slow",
            Self::Silent { .. } => "program_silent",
            Self::NoJson { .. } => "program_without_json",
            Self::LongLine { .. } => "program_long_line",
            Self::TooMany { .. } => "programs_too_many",
            Self::TooMuch => "programs_too_much",
            Self::Stopped => "program_stopped",
            Self::NoSession => "session_unknown",
            Self::NoRequest => "request_invalid",
            Self::NoStream => "stream_absent",
        }
    }

    /// What the person can do.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Missing { .. } => say!(local_missing_advice),
            Self::NotExecutable { .. } => say!(local_not_executable_advice),
            Self::NoFolder { .. } => say!(local_no_folder_advice),
            Self::NotStarted { .. } => say!(local_not_started_advice),
            Self::NoKeeper { .. } => say!(local_no_keeper_advice),
            Self::Ended { .. } => say!(local_ended_advice),
            Self::Slow { .. } => say!(local_slow_advice),
            Self::Silent { .. } => say!(local_silent_advice),
            Self::NoJson { .. } => say!(local_no_json_advice),
            Self::LongLine { .. } => say!(local_long_line_advice),
            Self::TooMany { .. } => say!(local_too_many_advice),
            Self::TooMuch => say!(local_too_much_advice),
            Self::Stopped => say!(local_stopped_advice),
            Self::NoSession => say!(local_no_session_advice),
            Self::NoRequest | Self::NoStream => say!(local_no_request_advice),
        }
    }

    /// With which status a server would say this, where it matters to a client (MCP, Streamable HTTP).
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NoSession => StatusCode::NOT_FOUND,
            Self::NoRequest => StatusCode::BAD_REQUEST,
            Self::NoStream => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooMany { .. } | Self::TooMuch => StatusCode::SERVICE_UNAVAILABLE,
            Self::Slow { .. } | Self::Silent { .. } => StatusCode::GATEWAY_TIMEOUT,
            Self::Missing { .. }
            | Self::NotExecutable { .. }
            | Self::NoFolder { .. }
            | Self::NotStarted { .. }
            | Self::NoKeeper { .. }
            | Self::Ended { .. }
            | Self::NoJson { .. }
            | Self::LongLine { .. }
            | Self::Stopped => StatusCode::BAD_GATEWAY,
        }
    }

    /// What the program wrote last to its standard error.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        match self {
            Self::Ended { lines, .. }
            | Self::Slow { lines, .. }
            | Self::Silent { lines, .. }
            | Self::NoJson { lines, .. }
            | Self::LongLine { lines, .. } => lines,
            Self::Missing { .. }
            | Self::NotExecutable { .. }
            | Self::NoFolder { .. }
            | Self::NotStarted { .. }
            | Self::NoKeeper { .. }
            | Self::TooMany { .. }
            | Self::TooMuch
            | Self::Stopped
            | Self::NoSession
            | Self::NoRequest
            | Self::NoStream => &[],
        }
    }
}

fn with_lines(said: String, lines: &[String]) -> String {
    let last = lines.iter().filter(|line| !line.trim().is_empty()).rev().take(SHOWN);
    let mut last: Vec<&str> = last.map(|line| line.trim()).collect();
    last.reverse();
    if last.is_empty() { said } else { say!(local_said_last, what = said, lines = last.join(" / ")) }
}
