//! Messages of the client to the server, and the server's to the client, by way of the valet's proxy.

use super::calls::{Answered, Asker, Calls, Pending};
use super::early::Early;
use super::events::Events;
use super::message::{INITIALIZED, Message};
use super::mistake::Mistake;
use super::older::may_be_older;
use super::output::{LONGEST, Output};
use super::said::{self, Reply, Said};
use super::session::{SESSION, Session};
use super::sign_in::SignInPage;
use super::standing::Standing;
use super::trouble::Trouble;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use wire::{Client, ClientError, PROXY_WAIT, ProxyResponse, WAIT_HEADER};
use words::say;

pub(super) const LAST_EVENT: HeaderName = HeaderName::from_static("last-event-id");
pub(super) const EVENTS: &str = "text/event-stream";
const BOTH: HeaderValue = HeaderValue::from_static("application/json, text/event-stream");
/// The longest answer that is no stream.
pub(super) const MOST: usize = 64 << 20;
/// How long until the rest of an answer is asked for, if the server does not say.
const PAUSE: Duration = Duration::from_secs(1);
/// How often the rest of an answer is asked for, if nothing comes.
const RESUMPTIONS: u32 = 5;
/// How long the end of a session may take.
const PARTING: Duration = Duration::from_secs(3);

/// What one client and one server have with each other.
pub(super) struct Bridge {
    pub(super) client: Client,
    pub(super) server: String,
    wait: Option<u32>,
    pub(super) output: Output,
    pub(super) calls: Calls,
    session: Mutex<Session>,
    /// What stands in for a server that was not there when the client began.
    pub(super) early: Mutex<Option<Arc<Early>>>,
    /// The page of a sign-in, as far as this client can show it.
    pub(super) page: SignInPage,
    /// What each session of this client is told.
    pub(super) standing: Mutex<Standing>,
    /// Held while a session is begun anew.
    pub(super) renewing: tokio::sync::Mutex<()>,
    /// Rings when a message has got through.
    pub(super) through: Notify,
    /// Rings when the client begins a session.
    pub(super) begun: Notify,
}

/// An answer read to its end.
enum Read {
    /// What was asked for came.
    Answered,
    /// Nothing is to come.
    Nothing,
    /// It broke off, or the server wants to go on later; the rest can be asked for from this event on, after
    /// this time.
    Interrupted(String, Duration),
}

/// A message of the client, and those of its requests that wait for an answer.
pub(super) struct Asked<'a> {
    pub(super) message: &'a Message,
    pub(super) pending: &'a [Pending],
}

impl Asked<'_> {
    /// Whether nobody waits any more.
    pub(super) fn is_answered(&self) -> bool {
        !self.pending.iter().any(Pending::is_open)
    }

    /// Waits until nobody does.
    pub(super) async fn answered(&self) {
        for one in self.pending {
            one.closed().await;
        }
    }

    /// The request that an answer without an ID is for.
    fn close_only(&self) -> Option<Answered> {
        let [only] = self.pending else { return None };
        only.close()
    }
}

impl Bridge {
    pub(super) fn new(client: Client, server: String, wait: Option<u32>, output: Output) -> Arc<Self> {
        let (calls, session, renewing) = (Calls::default(), Mutex::default(), tokio::sync::Mutex::default());
        let (through, early) = (Notify::new(), Mutex::default());
        let (page, standing, begun) = (SignInPage::default(), Mutex::default(), Notify::new());
        Arc::new(Self {
            client,
            server,
            wait,
            output,
            calls,
            session,
            early,
            page,
            standing,
            renewing,
            through,
            begun,
        })
    }

    /// Brings one message over and its answer back.
    pub(super) async fn relay(self: Arc<Self>, message: Message) {
        let _waits = self.offer_page_during(&message);
        let message = self.without_page(message).await;
        let Some(message) = self.unless_early(message).await else { return };
        let message = self.understood(message);
        let pending: Vec<Pending> = message.ids.iter().map(|id| self.calls.open(id)).collect();
        let asked = Asked { message: &message, pending: &pending };
        let done = if message.subscribes() { self.subscribe(&asked).await } else { self.post(&asked).await };
        match done {
            Ok(()) => {
                if let Some(early) = self.early().filter(|_| message.method == "tools/list") {
                    early.lists();
                }
                self.through.notify_waiters();
                self.listen_again();
            }
            Err(trouble) if pending.is_empty() => self.complain(trouble).await,
            Err(trouble) => {
                let error = self.told(trouble).await;
                for Answered { id, .. } in pending.iter().filter_map(Pending::close) {
                    self.refuse(Some(&message), &id, &error).await;
                }
            }
        }
        if message.method == "notifications/initialized" {
            self.listen();
        }
    }

    pub(super) async fn post(self: &Arc<Self>, asked: &Asked<'_>) -> Result<(), Trouble> {
        let message = asked.message;
        if message.initializes() {
            self.session().begin(message);
        }
        if self.is_older() {
            return self.post_older(asked).await;
        }
        let (number, headers) = self.headers();
        let answer = self.send(Method::POST, &headers, message.mirrors(), message.text.clone()).await?;
        if may_be_older(answer.status) && headers.is_empty() && message.version.is_none() {
            let trouble = Trouble::of(answer).await;
            return if self.turns_older().await? { self.post_older(asked).await } else { Err(trouble) };
        }
        if answer.status != StatusCode::NOT_FOUND || !headers.contains_key(SESSION) {
            return self.receive(asked, answer).await;
        }
        // The server, or the valet, has forgotten the session: MCP says to begin another.
        self.renew(number).await?;
        let (_, headers) = self.headers();
        let answer = self.send(Method::POST, &headers, message.mirrors(), message.text.clone()).await?;
        self.receive(asked, answer).await
    }

    pub(super) async fn receive(&self, asked: &Asked<'_>, answer: ProxyResponse) -> Result<(), Trouble> {
        if !answer.status.is_success() {
            return Err(Trouble::of(answer).await);
        }
        if asked.message.initializes() {
            self.session().enter(&answer.headers);
        }
        let mut read = self.read(asked, answer).await?;
        let mut left = RESUMPTIONS;
        while let (Read::Interrupted(last, pause), 1..) = (&read, left) {
            left -= 1;
            tokio::time::sleep(*pause).await;
            let last = HeaderValue::from_str(last).map_err(|_| Mistake::EventId)?;
            let (_, headers) = self.headers();
            let answer = self
                .send(Method::GET, &headers, HeaderMap::from_iter([(LAST_EVENT, last)]), Bytes::new())
                .await?;
            if !answer.status.is_success() {
                return Err(Trouble::of(answer).await);
            }
            read = self.read(asked, answer).await?;
        }
        match read {
            Read::Answered => Ok(()),
            Read::Nothing | Read::Interrupted(..) => Err(Mistake::BrokeOff.into()),
        }
    }

    /// Passes on what an answer brings.
    async fn read(&self, asked: &Asked<'_>, answer: ProxyResponse) -> Result<Read, Trouble> {
        if !is(&answer.headers, EVENTS) {
            let headers = answer.headers.clone();
            let body = answer.whole(MOST).await?;
            self.pass(Some(asked), &body).await;
            return match asked.is_answered() {
                true => Ok(Read::Answered),
                false => Err(Mistake::in_answer(&headers, &body).into()),
            };
        }
        let (mut events, mut last) = (Events::of(answer), None);
        let mut pause = PAUSE;
        loop {
            let event = match events.next().await {
                Ok(Some(event)) => event,
                Ok(None) | Err(_) if asked.is_answered() => return Ok(Read::Answered),
                Ok(None) => return Ok(last.map_or(Read::Nothing, |last| Read::Interrupted(last, pause))),
                Err(error) => return last.map(|last| Read::Interrupted(last, pause)).ok_or(error.into()),
            };
            pause = event.pause().unwrap_or(pause);
            last = event.id.or(last);
            if is_message(event.kind.as_deref()) {
                self.pass(Some(asked), event.data.as_bytes()).await;
            }
        }
    }

    /// Passes on the messages in a text of the server, which came as the answer to `asked`. Whatever is no
    /// message, or answers nothing that is open, is skipped.
    pub(super) async fn pass(&self, asked: Option<&Asked<'_>>, text: &[u8]) {
        for said in said::messages(text) {
            let reply = match said {
                Said::New(message) if message.len() > LONGEST => {
                    self.complain(Mistake::TooLong(message.len()).into()).await;
                    continue;
                }
                Said::New(message) => {
                    if !self.keeps_to_itself(message).await {
                        self.output.message(message).await;
                    }
                    continue;
                }
                Said::Answer(reply) => reply,
            };
            let meant = match &reply.id {
                Some(id) => self.calls.answer(id),
                None => asked.and_then(Asked::close_only),
            };
            let Some(Answered { id, asker }) = meant else { continue };
            let answer = reply.to(&id);
            if asked.is_some_and(|asked| asked.message.initializes()) {
                self.session().agree(&answer);
            }
            match asker {
                Asker::Client => match self.obstacle(&reply, answer.len()).await {
                    Some(error) => self.refuse(asked.map(|asked| asked.message), &id, &error).await,
                    None => self.output.message(&answer).await,
                },
                Asker::Ourselves(ear) => drop(ear.send(answer)),
                Asker::Nobody => {}
            }
        }
    }

    /// What keeps an answer from the client: it is the valet's no, or too long for a line.
    async fn obstacle(&self, reply: &Reply<'_>, length: usize) -> Option<Value> {
        if length > LONGEST {
            return Some(self.told(Mistake::TooLong(length).into()).await);
        }
        let error = Trouble::Told(reply.error()?);
        if error.code().is_some() { Some(self.told(error).await) } else { None }
    }

    /// Begins the session anew, as the client began it; several who need it begin it once.
    async fn renew(self: &Arc<Self>, number: u64) -> Result<(), Trouble> {
        let _one_at_a_time = self.renewing.lock().await;
        let initialize = {
            let session = self.session();
            if session.number != number {
                return Ok(());
            }
            session.initialize.clone().and_then(|text| Message::read(&text))
        };
        let initialize = initialize.ok_or(Mistake::Status(StatusCode::NOT_FOUND))?;
        let none = HeaderMap::new();
        let answer = self.send(Method::POST, &none, initialize.mirrors(), initialize.text.clone()).await?;
        if !answer.status.is_success() {
            return Err(Trouble::of(answer).await);
        }
        let head = answer.headers.clone();
        let agreement = first_answer(answer).await?;
        if let Some(trouble) = Trouble::in_message(agreement.as_bytes()) {
            return Err(trouble);
        }
        {
            let mut session = self.session();
            session.begin(&initialize);
            session.enter(&head);
            session.agree(&agreement);
        }
        let (_, headers) = self.headers();
        let initialized = Bytes::from_static(INITIALIZED);
        self.send(Method::POST, &headers, HeaderMap::new(), initialized).await?;
        self.say_again().await;
        self.listen();
        Ok(())
    }

    /// How long a request may wait.
    pub(super) fn patience(&self) -> Duration {
        Duration::from_secs(self.wait.unwrap_or(PROXY_WAIT).into())
    }

    pub(super) fn headers(&self) -> (u64, HeaderMap) {
        let session = self.session();
        (session.number, session.headers.clone())
    }

    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn send(
        &self,
        method: Method,
        session: &HeaderMap,
        more: HeaderMap,
        body: Bytes,
    ) -> Result<ProxyResponse, ClientError> {
        self.send_to(None, method, session, more, body).await
    }

    /// The same, to where a stream says.
    pub(super) async fn send_to(
        &self,
        query: Option<&str>,
        method: Method,
        session: &HeaderMap,
        more: HeaderMap,
        body: Bytes,
    ) -> Result<ProxyResponse, ClientError> {
        let mut request = Request::new(body);
        if let Some(query) = query {
            let uri = format!("/?{query}").parse();
            *request.uri_mut() = uri.map_err(|_| ClientError::Protocol(say!(client_protocol_request)))?;
        }
        let accept = if method == Method::GET { HeaderValue::from_static(EVENTS) } else { BOTH };
        *request.method_mut() = method;
        let headers = request.headers_mut();
        headers.extend(session.clone());
        headers.extend(more);
        headers.insert(header::ACCEPT, accept);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(wait) = self.wait {
            headers.insert(WAIT_HEADER, wait.into());
        }
        self.client.proxy(&self.server, request).await
    }

    /// Tells the server that the session is over.
    pub(super) async fn end(&self) {
        if let Some(listener) = self.session().listener.take() {
            listener.abort();
        }
        let (_, headers) = self.headers();
        if headers.contains_key(SESSION) {
            let delete = self.send(Method::DELETE, &headers, HeaderMap::new(), Bytes::new());
            let _ = tokio::time::timeout(PARTING, delete).await;
        }
    }
}

/// The answer to an `initialize` that the client is not to see.
async fn first_answer(answer: ProxyResponse) -> Result<String, Trouble> {
    if !is(&answer.headers, EVENTS) {
        let headers = answer.headers.clone();
        let body = answer.whole(MOST).await?;
        return said::answer(&body).ok_or_else(|| Mistake::in_answer(&headers, &body).into());
    }
    let mut events = Events::of(answer);
    while let Some(event) = events.next().await? {
        if let Some(answer) = said::answer(event.data.as_bytes()) {
            return Ok(answer);
        }
    }
    Err(Mistake::BrokeOff.into())
}

pub(super) fn is_message(kind: Option<&str>) -> bool {
    kind.is_none_or(|kind| kind == "message")
}

pub(super) fn is(headers: &HeaderMap, kind: &str) -> bool {
    let named = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    named.split(';').next().is_some_and(|named| named.trim().eq_ignore_ascii_case(kind))
}
