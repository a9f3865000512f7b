//! Where an answer comes from: a server at an address, or a program of this machine.

use crate::valet::programs;
use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use local::Answer;
use oauth::Download;
use std::task::{Context, Poll, ready};
use wire::Problem;

/// An answer whose head is there.
pub(super) enum Source {
    /// A server's, over the network.
    Network(Download),
    /// A program's.
    Program {
        answer: Answer,
        /// Nothing more comes.
        is_over: bool,
    },
}

impl From<Download> for Source {
    fn from(download: Download) -> Self {
        Self::Network(download)
    }
}

impl From<Answer> for Source {
    fn from(answer: Answer) -> Self {
        Self::Program { answer, is_over: false }
    }
}

impl Source {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Network(download) => download.status(),
            Self::Program { answer, .. } => answer.status,
        }
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        match self {
            Self::Network(download) => download.headers(),
            Self::Program { answer, .. } => &answer.headers,
        }
    }

    pub(super) fn is_events(&self) -> bool {
        match self {
            Self::Network(download) => download.is_events(),
            Self::Program { answer, .. } => {
                let kind = answer.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
                kind.is_some_and(|kind| kind.starts_with(b"text/event-stream"))
            }
        }
    }

    /// Whether what goes wrong can be said between two events: a program's fault comes there alone.
    pub(super) const fn ends_between_events(&self) -> bool {
        matches!(self, Self::Program { .. })
    }

    /// The next piece; nothing at the end.
    pub(super) fn poll_piece(
        &mut self,
        server: &str,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Bytes>, Problem>> {
        match self {
            Self::Network(download) => {
                let piece = ready!(download.poll_piece(context));
                Poll::Ready(piece.map_err(|fault| {
                    tracing::debug!(%fault, "a server's answer broke off");
                    match fault.is_transient() {
                        true => problems::broke_off(server, &download.host()),
                        false => problems::fault(&fault),
                    }
                }))
            }
            Self::Program { answer, is_over } => {
                let piece = ready!(answer.body.poll_next_unpin(context));
                *is_over = !matches!(piece, Some(Ok(_)));
                Poll::Ready(piece.transpose().map_err(|fault| programs::problem(server, &fault)))
            }
        }
    }

    pub(super) const fn is_over(&self) -> bool {
        match self {
            Self::Network(download) => download.is_over(),
            Self::Program { is_over, .. } => *is_over,
        }
    }
}
