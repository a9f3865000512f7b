//! An answer that has begun, whichever way it came.

use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use ::http::{Extensions, HeaderMap, HeaderValue, StatusCode};
use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::HttpInfo;

use super::body::{BoxError, Pieces};
use super::coding::Coding;
use super::line::{Answer, Line};
use super::lines::Home;
use crate::address::Reach;
use crate::fault::{Fault, Kind};
use crate::target::{Target, broke_off};

/// Bytes of a piece that is not filled up any more.
const PIECE: usize = 16 << 10;

/// The answer. Its body is read as it was meant: how it was coded on the way cannot be seen.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// How near the host turned out to be when we connected; what a proxy carries counts as public.
    pub(crate) reach: Reach,
    body: Pieces,
    /// A piece that was read already.
    begun: Option<Bytes>,
    /// What came behind the last piece.
    end: Option<End>,
}

/// How a body ended.
enum End {
    Whole,
    Broken(Option<BoxError>),
}

impl Response {
    /// What a host answered directly, by this connection.
    pub(super) fn direct(response: ::http::Response<Incoming>, line: Line, home: Home) -> Self {
        let mut known = Extensions::new();
        line.tell(&mut known);
        let address = known.get::<HttpInfo>().map(HttpInfo::remote_addr);
        let reach = address.map_or(Reach::Public, |address| Reach::of(address.ip()));
        let (head, body) = response.into_parts();
        let body = Box::pin(Answer::new(body, line, home));
        Self { status: head.status, headers: head.headers, reach, body, begun: None, end: None }
    }

    /// What a proxy brought.
    pub(super) fn proxied(mut response: reqwest::Response) -> Self {
        let headers = std::mem::take(response.headers_mut());
        let (status, reach) = (response.status(), Reach::Public);
        let body = Box::pin(response.bytes_stream().map_err(Into::into));
        Self { status, headers, reach, body, begun: None, end: None }
    }

    /// The same, decoded. What is no stream of events is begun to be read, so that a body that cannot be
    /// decoded is known before anybody has seen its head.
    ///
    /// # Errors
    /// It is in a coding that nobody asked for, or not in the one that it names.
    pub(crate) async fn decoded(mut self, target: Target<'_>) -> Result<Self, Fault> {
        let coding = Coding::of(&self.headers).map_err(|unknown| {
            target.fault(Kind::Answer { host: target.host(), problem: unknown.to_string() })
        })?;
        if let Some(coding) = coding {
            let events = is_events(&self.headers);
            self.body = coding.decoded(self.body, events);
            if !events {
                self.begun = self.piece().await.map_err(|error| broke_off(target, &*error))?;
            }
            self.headers.remove(CONTENT_LENGTH);
        }
        self.headers.remove(CONTENT_ENCODING);
        Ok(self)
    }

    /// The next piece of the body; nothing at its end. It can be asked again after it was cancelled.
    pub(crate) async fn piece(&mut self) -> Result<Option<Bytes>, BoxError> {
        poll_fn(|context| self.poll_piece(context)).await
    }

    /// The same. What has come by now is one piece, up to some size: a small event costs no more than its
    /// bytes then.
    pub(crate) fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, BoxError>> {
        if let Some(begun) = self.begun.take() {
            return Poll::Ready(Ok(Some(begun)));
        }
        match &mut self.end {
            None => {}
            Some(End::Whole) => return Poll::Ready(Ok(None)),
            Some(End::Broken(error)) => return Poll::Ready(error.take().map_or(Ok(None), Err)),
        }
        let Some(first) = ready!(self.body.as_mut().poll_next(context)).transpose()? else {
            self.end = Some(End::Whole);
            return Poll::Ready(Ok(None));
        };
        let (mut piece, mut more) = (first, BytesMut::new());
        while piece.len().max(more.len()) < PIECE {
            match self.body.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(next))) => {
                    if more.is_empty() {
                        more.reserve(PIECE + next.len());
                        more.extend_from_slice(&std::mem::take(&mut piece));
                    }
                    more.extend_from_slice(&next);
                }
                Poll::Ready(Some(Err(error))) => self.end = Some(End::Broken(Some(error))),
                Poll::Ready(None) => self.end = Some(End::Whole),
                Poll::Pending => break,
            }
            if self.end.is_some() {
                break;
            }
        }
        Poll::Ready(Ok(Some(if more.is_empty() { piece } else { more.freeze() })))
    }

    /// Whether all of the body has come.
    pub(crate) const fn is_over(&self) -> bool {
        self.begun.is_none() && matches!(self.end, Some(End::Whole))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Whether it is a stream of events.
pub(crate) fn is_events(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"text/event-stream")
}
