//! What a server can get wrong, in words that name it.

use super::bridge::{Bridge, is};
use super::output::LONGEST;
use super::trouble::Trouble;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use url::Url;
use wire::{Code, Problem, Reason};

/// A million bytes.
const MEGABYTE: usize = 1_000_000;

/// What was wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    /// It was empty.
    Nothing,
    /// It ended before it was complete.
    BrokeOff,
    /// It was a page for people.
    Page,
    /// It held no MCP message.
    NoMessage,
    /// It had more than so many bytes.
    TooLong(usize),
    /// It was an error of HTTP that says nothing else.
    Status(StatusCode),
    /// An event of it had an ID that no header can carry.
    EventId,
}

impl Mistake {
    /// What is wrong with an answer in which no message is.
    pub(super) fn in_answer(headers: &HeaderMap, body: &[u8]) -> Self {
        let body = body.trim_ascii();
        let begins = |with: &[u8]| body.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with));
        match body {
            [] => Self::Nothing,
            _ if is(headers, "text/html") || begins(b"<!doctype") || begins(b"<html") => Self::Page,
            _ => Self::NoMessage,
        }
    }

    /// The words for it, in which `who` is the server.
    pub(super) fn problem(self, who: &str) -> Problem {
        let (reason, what, advice) = match self {
            Self::Nothing => (
                Reason::AnswerInvalid,
                "answered with nothing at all".to_owned(),
                "Try again. If it happens again, tell whoever runs the server.",
            ),
            Self::BrokeOff => (
                Reason::AnswerBrokeOff,
                "ended its answer before it was complete".to_owned(),
                "Try again. If it happens again, tell whoever runs the server.",
            ),
            Self::Page => (
                Reason::NetworkSignIn,
                "answered with a web page instead of an MCP message, as the sign-in page of a network does"
                    .to_owned(),
                "Open any page in a browser: if your network wants you to sign in to it, do so. Else check the address of the server.",
            ),
            Self::NoMessage => (
                Reason::AnswerInvalid,
                "answered with something that is no MCP message".to_owned(),
                "Check the address of the server; if it is right, tell whoever runs it.",
            ),
            Self::TooLong(bytes) => (
                Reason::AnswerTooLarge,
                format!(
                    "sent more than {} MB in one message, and programs take {} MB",
                    bytes / MEGABYTE,
                    LONGEST / MEGABYTE
                ),
                "Ask it for less at a time, such as a page, a range or a smaller picture.",
            ),
            Self::Status(status) if status.is_server_error() => (
                Reason::ServerUnavailable,
                format!("answered {status}: it is out of order or overloaded"),
                "Try again later. If it stays so, tell whoever runs the server.",
            ),
            Self::Status(status @ StatusCode::TOO_MANY_REQUESTS) => (
                Reason::ServerUnavailable,
                format!("answered {status}: it wants fewer requests at a time"),
                "Wait a while before the next one.",
            ),
            Self::Status(status) => (
                Reason::UnexpectedStatus,
                format!("answered {status}"),
                "Check the address of the server; if it is right, tell whoever runs it.",
            ),
            Self::EventId => (
                Reason::AnswerInvalid,
                "gave an event an ID that cannot be sent back".to_owned(),
                "Tell whoever runs the server.",
            ),
        };
        Problem::new(Code::Failed, format!("{who} {what}"), advice).because(reason)
    }
}

impl Bridge {
    /// The `error` member that tells the client of a trouble.
    pub(super) async fn told(&self, trouble: Trouble) -> Value {
        match trouble {
            Trouble::Told(error) => error,
            Trouble::Server(mistake) => mistake.problem(&self.who().await).to_rpc(),
        }
    }

    /// One line about it where nobody waits for an answer.
    pub(super) async fn complain(&self, trouble: Trouble) {
        super::complain(&Trouble::Told(self.told(trouble).await));
    }

    /// The server, by name and host as far as the valet can be asked.
    async fn who(&self) -> String {
        let Ok(server) = self.client.server(&self.server).await else {
            return format!("\"{}\"", self.server);
        };
        let url = Url::parse(&server.url).ok();
        let port = url.as_ref().and_then(Url::port).map(|port| format!(":{port}")).unwrap_or_default();
        match url.as_ref().and_then(Url::host_str) {
            Some(host) => format!("\"{}\" at {host}{port}", server.name),
            None => format!("\"{}\"", server.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_kind_or_by_how_it_begins() {
        let html =
            HeaderMap::from_iter([(http::header::CONTENT_TYPE, "text/html; charset=x".parse().unwrap())]);
        let none = HeaderMap::new();
        assert_eq!(Mistake::in_answer(&html, b"Sign in"), Mistake::Page);
        assert_eq!(Mistake::in_answer(&none, b"\r\n<!DOCTYPE html><title>Hotel"), Mistake::Page);
        assert_eq!(Mistake::in_answer(&none, b"<HTML>"), Mistake::Page);
        assert_eq!(Mistake::in_answer(&none, b"{}"), Mistake::NoMessage);
        assert_eq!(Mistake::in_answer(&html, b" \r\n"), Mistake::Nothing);
    }
}
