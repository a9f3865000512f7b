//! Where a request goes: to the configured address, and from there as far as its server sends it on within
//! itself.

use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use oauth::{MOST_ONWARD, ServerUrl};

/// The way of one request.
pub(super) struct Route<'a> {
    configured: &'a ServerUrl,
    passed: Vec<ServerUrl>,
}

impl<'a> Route<'a> {
    pub(super) const fn to(configured: &'a ServerUrl) -> Self {
        Self { configured, passed: Vec::new() }
    }

    /// Where it goes now.
    pub(super) fn here(&self) -> &ServerUrl {
        self.passed.last().unwrap_or(self.configured)
    }

    /// Goes on to where an answer sends the same request. False if it does not, if that is elsewhere, or if
    /// it was sent on often enough.
    pub(super) fn follow(&mut self, status: StatusCode, method: &Method, answer: &HeaderMap) -> bool {
        let onward = oauth::onward(self.configured, self.here(), method, (status, answer));
        let Some(onward) = onward.filter(|_| self.passed.len() < MOST_ONWARD) else { return false };
        self.passed.push(onward);
        true
    }
}

/// Where an answer leads, as it says.
pub(super) fn location(answer: &HeaderMap) -> String {
    let location = answer.get(LOCATION).map(HeaderValue::as_bytes).unwrap_or_default();
    String::from_utf8_lossy(location).into_owned()
}
