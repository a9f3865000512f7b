//! What the command line says when something did not work.

use std::io;
use wire::ClientError;
use words::say;

/// Why a command did not do what it should.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The valet said no, or there is none.
    Client(ClientError),
    /// The command was used wrongly; what is wrong, and what to do.
    Usage(String, String),
    /// What is wrong was printed already; the exit status tells programs.
    Said(u8),
    /// The named command could not be run.
    Command(String, io::Error),
    /// The outside world: a terminal, a pipe, a browser.
    Io(io::Error),
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Failure {
    pub(crate) fn exit(&self) -> u8 {
        match self {
            Self::Client(error) => error.exit(),
            Self::Usage(..) => 2,
            Self::Said(exit) => *exit,
            // As shells end.
            Self::Command(_, error) if error.kind() == io::ErrorKind::NotFound => 127,
            Self::Command(..) => 126,
            Self::Io(_) => 1,
        }
    }

    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Sentence and remedy for a person, or one JSON object for a program; nothing if it was said already.
    pub(crate) fn message(&self, json: bool) -> Option<String> {
        let (code, detail, advice) = match self {
            Self::Client(error) => (error.code(), error.to_string(), error.advice()),
            Self::Usage(detail, advice) => ("usage", detail.clone(), advice.clone()),
            Self::Said(_) => return None,
            Self::Command(name, error) => (
                "command",
                say!(cli_exec_failed, name = name, error = error.to_string()),
                say!(cli_exec_failed_advice),
            ),
            Self::Io(error) => ("io", error.to_string(), say!(cli_output_advice)),
        };
        if json {
            let reason = if let Self::Client(ClientError::Problem(problem)) = self {
                problem.reason.as_ref()
            } else {
                None
            };
            let message =
                serde_json::json!({"code": code, "detail": detail, "advice": advice, "reason": reason});
            return Some(plain::json(&message.to_string()));
        }
        Some(crate::print::plain(&format!("mcp-valet: {detail}\n  {advice}")))
    }
}
