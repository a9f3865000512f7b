//! What a server can get wrong, in words that name it.

use super::bridge::{Bridge, is};
use super::output::LONGEST;
use super::trouble::Trouble;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use url::Url;
use wire::{Code, Problem, Reason};
use words::say;

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
            Self::Nothing => {
                (Reason::AnswerInvalid, say!(cli_mistake_nothing, who = who), say!(cli_mistake_again_advice))
            }
            Self::BrokeOff => (
                Reason::AnswerBrokeOff,
                say!(cli_mistake_broke_off, who = who),
                say!(cli_mistake_again_advice),
            ),
            Self::Page => {
                (Reason::NetworkSignIn, say!(cli_mistake_page, who = who), say!(cli_mistake_page_advice))
            }
            Self::NoMessage => (
                Reason::AnswerInvalid,
                say!(cli_mistake_no_message, who = who),
                say!(cli_mistake_address_advice),
            ),
            Self::TooLong(bytes) => (
                Reason::AnswerTooLarge,
                say!(cli_mistake_too_long, who = who, sent = bytes / MEGABYTE, most = LONGEST / MEGABYTE),
                say!(cli_mistake_too_long_advice),
            ),
            Self::Status(status) if status.is_server_error() => (
                Reason::ServerUnavailable,
                say!(cli_mistake_overloaded, who = who, status = status.to_string()),
                say!(cli_mistake_later_advice),
            ),
            Self::Status(status @ StatusCode::TOO_MANY_REQUESTS) => (
                Reason::ServerUnavailable,
                say!(cli_mistake_too_many, who = who, status = status.to_string()),
                say!(cli_mistake_wait_advice),
            ),
            Self::Status(status) => (
                Reason::UnexpectedStatus,
                say!(cli_mistake_status, who = who, status = status.to_string()),
                say!(cli_mistake_address_advice),
            ),
            Self::EventId => (
                Reason::AnswerInvalid,
                say!(cli_mistake_event_id, who = who),
                say!(cli_mistake_operator_advice),
            ),
        };
        Problem::new(Code::Failed, what, advice).because(reason)
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
            return say!(cli_server, server = &self.server);
        };
        let url = Url::parse(&server.url).ok();
        let port = url.as_ref().and_then(Url::port).map(|port| format!(":{port}")).unwrap_or_default();
        match url.as_ref().and_then(Url::host_str) {
            Some(host) => say!(cli_server_at, server = server.name, host = format!("{host}{port}")),
            None => say!(cli_server, server = server.name),
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
