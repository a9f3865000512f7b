//! An answer that has begun, whichever way it came.

use std::error::Error;
use std::fmt;

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use ::http::{HeaderMap, HeaderValue, StatusCode};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::HttpInfo;

use super::coding::Coding;
use crate::address::Reach;
use crate::fault::{Fault, Kind};
use crate::forward::Pieces;
use crate::target::{Target, broke_off};

/// The answer. Its body is read as it was meant: how it was coded on the way cannot be seen.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// How near the host turned out to be when we connected; what a proxy carries counts as public.
    pub(crate) reach: Reach,
    body: Pieces,
}

impl Response {
    /// What a host answered directly.
    pub(super) fn direct(response: ::http::Response<Incoming>) -> Self {
        let address = response.extensions().get::<HttpInfo>().map(HttpInfo::remote_addr);
        let reach = address.map_or(Reach::Public, |address| Reach::of(address.ip()));
        let (head, body) = response.into_parts();
        let body = Box::pin(body.into_data_stream().map_err(Into::into));
        Self { status: head.status, headers: head.headers, reach, body }
    }

    /// What a proxy brought.
    pub(super) fn proxied(mut response: reqwest::Response) -> Self {
        let headers = std::mem::take(response.headers_mut());
        let (status, reach) = (response.status(), Reach::Public);
        Self { status, headers, reach, body: Box::pin(response.bytes_stream().map_err(Into::into)) }
    }

    /// The same, decoded. What is no stream of events is begun to be read, so that a body that cannot be decoded
    /// is known before anybody has seen its head.
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
                let first = self.piece().await.map_err(|error| broke_off(target, &*error))?;
                self.body = Box::pin(stream::iter(first.map(Ok)).chain(self.body));
            }
            self.headers.remove(CONTENT_LENGTH);
        }
        self.headers.remove(CONTENT_ENCODING);
        Ok(self)
    }

    /// The next piece of the body; nothing at its end. It can be asked again after it was cancelled.
    pub(crate) async fn piece(&mut self) -> Result<Option<Bytes>, Box<dyn Error + Send + Sync>> {
        self.body.try_next().await
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
