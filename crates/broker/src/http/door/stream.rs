//! An answer on its way out by the door. What stands in front of it closes a stream on which nothing comes,
//! so an idle one says now and then that it is there; and it ends when what was given is taken back.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};
use hyper::body::Frame;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// After how long of nothing a stream says that it is there.
const IDLE: Duration = Duration::from_secs(20);
/// A comment, which every reader leaves out (HTML, "Server-sent events": a line that begins with a colon).
const HERE: &[u8] = b":\n";

/// nginx keeps what comes until it has enough of it, unless it is told so.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// What ends an answer.
type Over = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The same answer, which breaks off when `over` ends.
pub(super) fn kept_alive(response: Response, over: Over) -> Response {
    kept_alive_by(response, over, IDLE)
}

fn kept_alive_by(mut response: Response, over: Over, pause: Duration) -> Response {
    let is_events = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/event-stream"));
    if is_events {
        response.headers_mut().insert(UNBUFFERED.0, UNBUFFERED.1);
    }
    response.map(|body| {
        Body::new(KeptAlive {
            body,
            idle: is_events.then(|| Box::pin(sleep(pause))),
            pause,
            at_line: true,
            over,
        })
    })
}

struct KeptAlive {
    body: Body,
    /// Of a stream of events alone.
    idle: Option<Pin<Box<Sleep>>>,
    pause: Duration,
    /// Whether what went out last ended a line: in the middle of one, a comment would be part of it.
    at_line: bool,
    over: Over,
}

impl hyper::body::Body for KeptAlive {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.over.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(io::Error::other("the answer broke off"))));
        }
        let body = Pin::new(&mut self.body);
        if let Poll::Ready(frame) = body.poll_frame(context) {
            if let Some(Ok(data)) = frame.as_ref().map(|frame| frame.as_ref().map(Frame::data_ref))
                && let Some(last) = data.and_then(|data| data.last())
            {
                self.at_line = *last == b'\n';
            }
            self.rest();
            return Poll::Ready(frame.map(|frame| frame.map_err(io::Error::other)));
        }
        let is_idle = self.idle.as_mut().is_some_and(|idle| idle.as_mut().poll(context).is_ready());
        if !is_idle {
            return Poll::Pending;
        }
        self.rest();
        if self.at_line {
            return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(HERE)))));
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        match self.idle {
            Some(_) => hyper::body::SizeHint::default(),
            None => self.body.size_hint(),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

impl KeptAlive {
    /// From now on it is idle anew.
    fn rest(&mut self) {
        if let Some(idle) = &mut self.idle {
            idle.as_mut().reset(Instant::now() + self.pause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use tokio::sync::{mpsc, watch};

    const PAUSE: Duration = Duration::from_millis(40);

    /// A stream of events that a test writes.
    fn stream() -> (mpsc::UnboundedSender<Bytes>, watch::Sender<bool>, Body) {
        let (says, mut said) = mpsc::unbounded_channel();
        let (taken_back, mut is_over) = watch::channel(false);
        let over = Box::pin(async move { drop(is_over.wait_for(|over| *over).await) });
        let body = Body::from_stream(futures_util::stream::poll_fn(move |context| {
            said.poll_recv(context).map(|piece: Option<Bytes>| piece.map(Ok::<_, io::Error>))
        }));
        let mut response = Response::new(body);
        response.headers_mut().insert(CONTENT_TYPE, "text/event-stream".parse().unwrap());
        (says, taken_back, kept_alive_by(response, over, PAUSE).into_body())
    }

    async fn next(body: &mut Body) -> Option<Result<Bytes, ()>> {
        body.frame().await.map(|frame| frame.map(|frame| frame.into_data().unwrap_or_default()).map_err(drop))
    }

    #[tokio::test]
    async fn an_idle_stream_says_that_it_is_there_and_never_in_the_middle_of_a_line() {
        let (says, _taken_back, mut body) = stream();
        let begun = Instant::now();
        assert_eq!(next(&mut body).await, Some(Ok(Bytes::from_static(b":\n"))));
        assert!(begun.elapsed() >= PAUSE);
        says.send(Bytes::from_static(b"data: half")).unwrap();
        assert_eq!(next(&mut body).await, Some(Ok(Bytes::from_static(b"data: half"))));
        let waited = tokio::time::timeout(PAUSE * 3, next(&mut body)).await;
        assert!(waited.is_err(), "{waited:?}");
        says.send(Bytes::from_static(b" and half\n\n")).unwrap();
        assert_eq!(next(&mut body).await, Some(Ok(Bytes::from_static(b" and half\n\n"))));
        assert_eq!(next(&mut body).await, Some(Ok(Bytes::from_static(b":\n"))));
        drop(says);
        assert_eq!(next(&mut body).await, None);
    }

    #[tokio::test]
    async fn a_stream_breaks_off_when_what_was_given_is_taken_back() {
        let (_says, taken_back, mut body) = stream();
        taken_back.send_replace(true);
        assert_eq!(next(&mut body).await, Some(Err(())));
    }
}
