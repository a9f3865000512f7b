//! Answers as bodies of HTTP.

use super::ask::Asked;
use super::{Item, Talk};
use crate::fault::Fault;
use crate::held::Held;
use crate::http::{Answer, Body};
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{Stream, stream};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::sync::mpsc;

const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Nobody waits for an answer.
pub(crate) fn accepted() -> Answer {
    Answer { status: StatusCode::ACCEPTED, headers: HeaderMap::new(), body: nothing() }
}

/// What was to be ended is.
pub(crate) fn done() -> Answer {
    Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: nothing() }
}

/// There will be none: the client cancelled what it asked.
pub(crate) fn empty() -> Answer {
    Answer { status: StatusCode::OK, headers: of_type(EVENTS), body: nothing() }
}

fn nothing() -> Body {
    Body(Box::pin(stream::empty()))
}

fn of_type(kind: HeaderValue) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, kind), (CACHE_CONTROL, HeaderValue::from_static("no-store"))])
}

fn event(text: &[u8]) -> Bytes {
    let mut event = BytesMut::with_capacity(text.len() + 24);
    event.put_slice(b"event: message\ndata: ");
    event.put_slice(text);
    event.put_slice(b"\n\n");
    event.freeze()
}

/// What some requests wait for. Dropped before all of it came, it is given up.
pub(super) struct Answers {
    talk: Arc<Talk>,
    ids: Vec<String>,
    tells: bool,
    /// A session begins with the answer.
    begins: bool,
    left: usize,
}

impl Answers {
    pub(super) fn new(talk: Arc<Talk>, ids: Vec<String>, asked: &Asked) -> Self {
        Self { talk, left: ids.len(), ids, tells: asked.is_modern, begins: asked.begins.is_some() }
    }

    fn took(&mut self, item: &Item) {
        self.left -= usize::from(item.is_answer && self.left > 0);
        if self.begins && item.is_answer && item.is_error {
            // There will be no session.
            self.talk.close(Fault::NoSession);
        }
    }

    /// One JSON text.
    pub(super) fn single(&mut self, item: Item) -> Answer {
        self.took(&item);
        let once = stream::once(std::future::ready(Ok(item.text.clone())));
        // What it holds is given back once it is sent.
        let holds = futures_util::StreamExt::chain(
            once,
            stream::poll_fn(move |_| {
                let _ = &item;
                Poll::Ready(None)
            }),
        );
        Answer { status: StatusCode::OK, headers: of_type(JSON), body: Body(Box::pin(holds)) }
    }

    /// A batch as one JSON text, for a client that takes no events.
    pub(super) async fn batch(
        &mut self,
        mut from: mpsc::Receiver<Item>,
        first: Item,
    ) -> Result<Answer, Fault> {
        self.took(&first);
        let mut all = vec![first];
        while self.left > 0 {
            match (from.recv().await, self.talk.fault()) {
                (Some(item), _) => {
                    self.took(&item);
                    all.push(item);
                }
                (None, Some(fault)) => return Err(fault),
                (None, None) => break,
            }
        }
        let mut text = BytesMut::new();
        for item in all.iter().filter(|item| item.is_answer) {
            text.put_u8(if text.is_empty() { b'[' } else { b',' });
            text.put_slice(&item.text);
        }
        text.put_u8(b']');
        let body = Body(Box::pin(stream::once(std::future::ready(Ok(text.freeze())))));
        Ok(Answer { status: StatusCode::OK, headers: of_type(JSON), body })
    }

    /// A stream of events, until the last answer.
    pub(super) fn events(self, from: mpsc::Receiver<Item>, first: Option<Item>) -> Answer {
        let events = Events { answers: self, from, first, held: None, is_over: false };
        Answer { status: StatusCode::OK, headers: of_type(EVENTS), body: Body(Box::pin(events)) }
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        if self.left == 0 {
            return;
        }
        self.talk.give_up(&self.ids, self.tells);
        if self.begins {
            // Nobody has heard its name.
            self.talk.close(Fault::NoSession);
        }
    }
}

struct Events {
    answers: Answers,
    from: mpsc::Receiver<Item>,
    first: Option<Item>,
    /// Given back once the next is asked for.
    held: Option<Held>,
    is_over: bool,
}

impl Stream for Events {
    type Item = Result<Bytes, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.held = None;
        if self.is_over || self.answers.left == 0 {
            return Poll::Ready(None);
        }
        let item = match self.first.take() {
            Some(first) => Some(first),
            None => ready!(self.from.poll_recv(cx)),
        };
        let Some(item) = item else {
            self.is_over = true;
            return Poll::Ready(self.answers.talk.fault().map(Err));
        };
        self.answers.took(&item);
        self.held = Some(item._held);
        Poll::Ready(Some(Ok(event(&item.text))))
    }
}

/// What a program says by itself.
pub(super) struct Listening {
    talk: Arc<Talk>,
    unheard: VecDeque<Bytes>,
    from: mpsc::Receiver<Item>,
    held: Option<Held>,
    is_over: bool,
}

impl Listening {
    pub(super) fn new(talk: Arc<Talk>, unheard: VecDeque<Bytes>, from: mpsc::Receiver<Item>) -> Self {
        Self { talk, unheard, from, held: None, is_over: false }
    }

    pub(super) fn answer(self) -> Answer {
        Answer { status: StatusCode::OK, headers: of_type(EVENTS), body: Body(Box::pin(self)) }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.talk.was_used();
    }
}

impl Stream for Listening {
    type Item = Result<Bytes, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.held = None;
        if self.is_over {
            return Poll::Ready(None);
        }
        if let Some(text) = self.unheard.pop_front() {
            return Poll::Ready(Some(Ok(event(&text))));
        }
        let Some(item) = ready!(self.from.poll_recv(cx)) else {
            self.is_over = true;
            return Poll::Ready(self.talk.fault().map(Err));
        };
        self.held = Some(item._held);
        Poll::Ready(Some(Ok(event(&item.text))))
    }
}
