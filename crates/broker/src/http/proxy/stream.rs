//! The server's answer on its way to the agent, piece by piece: the next is taken when the agent has the one
//! before. Between the two connections there is no other task.

use super::endpoint::EndpointStream;
use super::leave::StandingLeave;
use super::lists::Lists;
use super::message::Message;
use super::overheard::Overheard;
use super::source::Source;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TE, TRAILER};
use http::{HeaderMap, HeaderName, HeaderValue};
use hyper::body::Frame;
use relay::headers::to_agent;
use relay::lines::Lines;
use relay::veil::Veil;
use serde_json::{Value, json};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use tokio::task::AbortHandle;
use wire::Problem;

const TOLD: HeaderName = HeaderName::from_static(wire::PROBLEM_TRAILER);

type Piece = Result<Frame<Bytes>, io::Error>;

/// How an agent learns that an answer broke off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BreakOff {
    /// By a trailer that says why (RFC 9110 §6.5).
    Said,
    /// By its connection, which breaks off as well.
    Unsaid,
}

impl BreakOff {
    /// For an agent that asks with these headers.
    pub(super) fn to(agent: &HeaderMap) -> Self {
        if agent.get(TE).is_some_and(|takes| takes == "trailers") { Self::Said } else { Self::Unsaid }
    }

    fn announce(self, headers: &mut HeaderMap) {
        if self == Self::Said {
            headers.remove(CONTENT_LENGTH);
            headers.insert(TRAILER, HeaderValue::from_static(wire::PROBLEM_TRAILER));
        }
    }

    fn frame(self, problem: &Problem) -> Piece {
        let value = HeaderValue::from_maybe_shared(Bytes::from(json!(problem).to_string()));
        match (self, value) {
            (Self::Said, Ok(value)) => Ok(Frame::trailers(HeaderMap::from_iter([(TOLD, value)]))),
            (Self::Said, Err(_)) | (Self::Unsaid, _) => Err(io::Error::other("the answer broke off")),
        }
    }
}

/// What looks at the body of an answer on its way.
pub(super) struct Watched {
    /// Looks at a stream in which an endpoint may be named.
    pub(super) endpoint: Option<EndpointStream>,
    /// Hears what the server says of itself, as it says it.
    pub(super) overheard: Option<Overheard>,
    /// Looks at one in which tools may be listed.
    pub(super) lists: Option<Lists>,
    /// Covers what the server was shown, if it is to be covered.
    pub(super) veil: Option<Veil>,
}

impl Watched {
    /// What was held back until the end.
    fn left(&mut self) -> Bytes {
        let left = self.lists.as_mut().map(Lists::end).unwrap_or_default();
        let Some(veil) = &mut self.veil else { return left };
        Bytes::from([veil.pass(left), veil.end()].concat())
    }
}

/// The answer as the agent gets it, with these headers of it. It ends when `leave` is taken back; a stream of
/// events then ends with a JSON-RPC error.
pub(super) fn answer(
    source: Source,
    headers: &HeaderMap,
    leave: StandingLeave,
    watched: Watched,
    break_off: BreakOff,
) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = source.status();
    *response.headers_mut() = to_agent(headers);
    if watched.lists.as_ref().is_some_and(Lists::changes) {
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    break_off.announce(response.headers_mut());
    let leave = Arc::new(leave);
    let flow = Flow {
        server: leave.meant.name.clone(),
        is_events: source.is_events(),
        source: Some(source),
        message: Arc::clone(&leave.message),
        leave: Arc::clone(&leave),
        watched,
        break_off,
        lines: Lines::default(),
        last: None,
        reader: None,
    };
    let (flow, leave) = (Arc::new(Mutex::new(flow)), Some(leave));
    *response.body_mut() = Body::new(Passing { flow, leave, has_begun: false, watch: None });
    response
}

/// The body of the answer. Whoever takes it reads from the server, so that nothing is read ahead.
struct Passing {
    flow: Arc<Mutex<Flow>>,
    /// Until somebody watches it.
    leave: Option<Arc<StandingLeave>>,
    has_begun: bool,
    watch: Option<AbortHandle>,
}

impl Passing {
    /// What has come with its head passes at once; for as long as more is to come, the leave for it is
    /// watched, also while nobody takes anything.
    fn watch(&mut self) {
        let Some(leave) = self.leave.take() else { return };
        let flow = Arc::clone(&self.flow);
        let runtime = leave.agent.valet.runtime.clone();
        let watch = runtime.spawn(async move {
            let problem = leave.taken_back().await;
            lock(&flow).break_off(&problem);
        });
        self.watch = Some(watch.abort_handle());
    }
}

impl hyper::body::Body for Passing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Piece>> {
        if std::mem::replace(&mut self.has_begun, true) {
            self.watch();
        }
        let mut flow = lock(&self.flow);
        let frame = flow.poll_next(context);
        let waits = frame.is_pending();
        drop(flow);
        if waits {
            self.watch();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.flow).is_over()
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        if let Some(watch) = &self.watch {
            watch.abort();
        }
    }
}

fn lock(flow: &Mutex<Flow>) -> MutexGuard<'_, Flow> {
    flow.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Flow {
    server: String,
    /// Whether it is a stream of events.
    is_events: bool,
    /// Nothing once there is no more to come from the server.
    source: Option<Source>,
    /// What is answered.
    message: Arc<Message>,
    leave: Arc<StandingLeave>,
    watched: Watched,
    break_off: BreakOff,
    /// Where what went through has ended.
    lines: Lines,
    /// What is said after the server's last piece.
    last: Option<Piece>,
    /// Whoever waits for the next piece.
    reader: Option<Waker>,
}

impl Flow {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Piece>> {
        loop {
            if let Some(last) = self.last.take() {
                return Poll::Ready(Some(last));
            }
            if self.source.is_none() {
                return Poll::Ready(None);
            }
            if let Poll::Ready(said) = self.poll_said(context) {
                return Poll::Ready(Some(Ok(Frame::data(event("message", &said)))));
            }
            let Poll::Ready(piece) = self.poll_piece(context) else {
                self.reader = Some(context.waker().clone());
                return Poll::Pending;
            };
            if !piece.is_empty() {
                self.lines.pass(&piece);
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
    }

    /// The next piece from the server, as the agent may see it. At the end it is empty, and what is left to
    /// say is said last.
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Bytes> {
        let Some(source) = &mut self.source else { return Poll::Ready(Bytes::new()) };
        let piece = match ready!(source.poll_piece(&self.server, context)) {
            Ok(Some(piece)) => {
                self.watched.overheard.iter_mut().for_each(|overheard| overheard.hear(&piece));
                let piece = match &mut self.watched.endpoint {
                    Some(endpoint) => endpoint.pass(&piece),
                    None => Ok(piece),
                };
                match (piece, &mut self.watched.lists) {
                    (Ok(piece), Some(lists)) => match lists.pass(piece) {
                        Ok(piece) => Ok(piece),
                        Err(problem) => {
                            self.break_off(&problem);
                            return Poll::Ready(Bytes::new());
                        }
                    },
                    (piece, _) => piece,
                }
            }
            Ok(None) => {
                let left = self.watched.left();
                self.finish((!left.is_empty()).then(|| Ok(Frame::data(left))));
                return Poll::Ready(Bytes::new());
            }
            Err(problem) => {
                let is_between = source.ends_between_events();
                // It may have been ended for that, before whoever watches is told.
                let problem = self.leave.problem().unwrap_or(problem);
                self.finish(Some(self.last_words(&problem, is_between)));
                return Poll::Ready(Bytes::new());
            }
        };
        let piece = piece.map(|piece| match &mut self.watched.veil {
            Some(veil) => veil.pass(piece),
            None => piece,
        });
        Poll::Ready(piece.unwrap_or_else(|problem| {
            self.finish(Some(Ok(Frame::data(event("problem", &json!(self.message.told(&problem)))))));
            Bytes::new()
        }))
    }

    /// What the valet itself has to say on the stream.
    fn poll_said(&mut self, context: &mut Context<'_>) -> Poll<Value> {
        self.watched.endpoint.as_mut().map_or(Poll::Pending, |endpoint| endpoint.poll_said(context))
    }

    fn finish(&mut self, last: Option<Piece>) {
        (self.source, self.last) = (None, last);
        self.watched = Watched { endpoint: None, overheard: None, lists: None, veil: None };
    }

    fn is_over(&self) -> bool {
        let watched = &self.watched;
        let looks = watched.endpoint.is_some() || watched.lists.is_some();
        let is_over = self.source.as_ref().is_none_or(|source| source.is_over() && !looks);
        is_over && self.last.is_none() && watched.veil.as_ref().is_none_or(Veil::is_empty)
    }

    /// Ends before the server does, whose connection is closed at once.
    fn break_off(&mut self, problem: &Problem) {
        if self.source.is_none() {
            return;
        }
        self.finish(Some(self.last_words(problem, self.lines.is_between())));
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }

    /// What is said at an early end. Amid an event there is nothing to be said there any more; the answer
    /// breaks off then.
    fn last_words(&self, problem: &Problem, is_between: bool) -> Piece {
        let error = (self.is_events && is_between).then(|| self.message.error(problem)).flatten();
        match error {
            Some(error) => Ok(Frame::data(event("message", &error))),
            None => self.break_off.frame(&self.message.told(problem)),
        }
    }
}

fn event(kind: &str, data: &Value) -> Bytes {
    format!("event: {kind}\ndata: {data}\n\n").into()
}
