//! Servers of the older transport, HTTP+SSE (MCP 2024-11-05, "Transports"): a stream opened by GET says where
//! messages are posted, and brings all answers.

use super::bridge::{Asked, Bridge, EVENTS, is, is_message};
use super::calls::Asker;
use super::events::{Event, Events};
use super::message::{AGAIN, INITIALIZED, Message};
use super::mistake::Mistake;
use super::trouble::Trouble;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::timeout;
use wire::{ClientError, Problem};
use words::say;

/// How long a stream may take to say where messages are posted.
const NAMED: Duration = Duration::from_secs(30);
/// The longest answer to a posted message, which says nothing.
const MOST: usize = 64 << 20;

/// How the server of a session speaks.
#[derive(Default)]
pub(super) enum Transport {
    /// Streamable HTTP, as far as is known.
    #[default]
    Streamable,
    /// HTTP+SSE; the stream, unless it has ended.
    Older(Option<Stream>),
}

/// An open stream.
pub(super) struct Stream {
    place: PostEndpoint,
    reader: AbortHandle,
}

/// Where messages are posted for as long as the stream is open.
#[derive(Clone)]
pub(super) struct PostEndpoint {
    query: String,
    /// Why the stream has ended, once it has.
    end: watch::Receiver<Option<Trouble>>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Transport {
    /// Where messages are posted, if the stream that says so is open.
    pub(super) fn place(&self) -> Option<PostEndpoint> {
        if let Self::Older(Some(stream)) = self { Some(stream.place.clone()) } else { None }
    }
}

/// Whether this answer may mean that messages are posted elsewhere (MCP 2025-03-26, Transports, "Backwards
/// Compatibility").
pub(super) fn may_be_older(status: StatusCode) -> bool {
    let means_else = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS];
    status.is_client_error() && !means_else.contains(&status)
}

impl Bridge {
    /// Whether the session is of the older transport.
    pub(super) fn is_older(&self) -> bool {
        matches!(self.session().transport, Transport::Older(_))
    }

    /// Opens the stream, if the server is of the older transport.
    pub(super) async fn turns_older(self: &Arc<Self>) -> Result<bool, Trouble> {
        Ok(self.open_stream().await?.is_some())
    }

    /// Posts a message, and waits until its answer has come.
    pub(super) async fn post_older(self: &Arc<Self>, asked: &Asked<'_>) -> Result<(), Trouble> {
        if let Some(cancelled) = &asked.message.cancels {
            self.calls.answer(cancelled);
        }
        let place = self.place().await?;
        self.deliver(&place, asked).await
    }

    /// Posts a message there, and waits until its answer has come.
    pub(super) async fn deliver(&self, place: &PostEndpoint, asked: &Asked<'_>) -> Result<(), Trouble> {
        let (none, body) = (HeaderMap::new(), asked.message.text.clone());
        let answer = self.send_to(Some(&place.query), Method::POST, &none, HeaderMap::new(), body).await?;
        if !answer.status.is_success() {
            return Err(Trouble::of(answer).await);
        }
        // Most say "Accepted" here, and some the answer.
        self.pass(Some(asked), &answer.whole(MOST).await?).await;
        let mut end = place.end.clone();
        tokio::select! {
            biased;
            () = asked.answered() => Ok(()),
            ended = end.wait_for(Option::is_some) => {
                let why = ended.ok().and_then(|why| why.clone());
                Err(why.unwrap_or(Mistake::BrokeOff.into()))
            }
        }
    }

    /// Where messages are posted. A stream that has ended is opened anew, and the session begun as the client
    /// began it.
    async fn place(self: &Arc<Self>) -> Result<PostEndpoint, Trouble> {
        let _one_at_a_time = self.renewing.lock().await;
        let initialize = {
            let session = self.session();
            if let Some(place) = session.transport.place() {
                return Ok(place);
            }
            session.initialize.clone()
        };
        let broke_off = || Trouble::from(Mistake::BrokeOff);
        let place = self.open_stream().await?.ok_or_else(broke_off)?;
        if let Some(initialize) = initialize.and_then(|text| Message::again(&text)) {
            let pending = [self.calls.open_for(&json!(AGAIN), Asker::Nobody)];
            self.deliver(&place, &Asked { message: &initialize, pending: &pending }).await?;
            let initialized = Message::read(INITIALIZED).ok_or_else(broke_off)?;
            self.deliver(&place, &Asked { message: &initialized, pending: &[] }).await?;
            self.say_again().await;
        }
        Ok(place)
    }

    /// Asks for the stream and waits until it says where messages are posted; nothing if there is no such
    /// stream.
    async fn open_stream(self: &Arc<Self>) -> Result<Option<PostEndpoint>, Trouble> {
        let answer = self.send(Method::GET, &HeaderMap::new(), HeaderMap::new(), Bytes::new()).await?;
        if is(&answer.headers, "application/problem+json") {
            return Err(Trouble::of(answer).await);
        }
        if !answer.status.is_success() || !is(&answer.headers, EVENTS) {
            return Ok(None);
        }
        let mut events = Events::of(answer);
        let Ok(query) = timeout(NAMED, self.endpoint(&mut events)).await else { return Ok(None) };
        let Some(query) = query? else { return Ok(None) };
        let (ends, end) = watch::channel(None);
        let place = PostEndpoint { query, end };
        let bridge = Arc::clone(self);
        let reader = tokio::spawn(async move {
            let why = bridge.read_stream(events).await;
            ends.send_replace(Some(why));
        });
        let stream = Stream { place: place.clone(), reader: reader.abort_handle() };
        self.session().transport = Transport::Older(Some(stream));
        Ok(Some(place))
    }

    async fn endpoint(&self, events: &mut Events) -> Result<Option<String>, Trouble> {
        while let Some(event) = events.next().await? {
            match event.kind.as_deref() {
                Some("endpoint") => return Ok(query(&event)),
                Some("problem") => return Err(refused(&event)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Passes on what the stream brings, until it ends, and says why it did.
    async fn read_stream(&self, mut events: Events) -> Trouble {
        let mut why = Trouble::from(Mistake::BrokeOff);
        loop {
            let event = match events.next().await {
                Ok(Some(event)) => event,
                Ok(None) => break,
                Err(error) => {
                    why = error.into();
                    break;
                }
            };
            match event.kind.as_deref() {
                Some("problem") => why = refused(&event),
                kind if is_message(kind) => self.pass(None, event.data.as_bytes()).await,
                _ => {}
            }
        }
        self.session().transport = Transport::Older(None);
        why
    }
}

/// The valet's own address keeps its path; what stands behind that names the session.
fn query(event: &Event) -> Option<String> {
    event.data.split_once('?').map(|(_, query)| query.trim().to_owned())
}

/// Why the valet ends a stream.
fn refused(event: &Event) -> Trouble {
    match serde_json::from_str::<Problem>(&event.data) {
        Ok(problem) => Trouble::Told(problem.to_rpc()),
        Err(_) => ClientError::Protocol(say!(client_protocol_problem)).into(),
    }
}
