//! One request, brought to the program that it is for.

use super::All;
use super::places::Place;
use crate::fault::Fault;
use crate::http::{Answer, Request};
use crate::program::{Owner, Program};
use crate::talk::message::Message;
use crate::talk::{Asked, Talk, done};
use http::{HeaderMap, Method, header};
use std::sync::Arc;

const SESSION: &str = "mcp-session-id";
const VERSION: &str = "mcp-protocol-version";
/// The first revision without sessions.
const MODERN: &str = "2026-07-28";

impl All {
    pub(super) async fn forward<E, F>(
        self: &Arc<Self>,
        owner: &Owner,
        request: Request,
        begin: impl FnOnce() -> F,
    ) -> Result<Answer, E>
    where
        E: From<Fault>,
        F: Future<Output = Result<Program, E>>,
    {
        let named = request.headers.get(SESSION).map(|id| id.to_str().unwrap_or_default().to_owned());
        match (request.method, named) {
            (Method::POST, named) => {
                let (messages, is_batch) = Message::read_all(&request.body).ok_or(Fault::NoRequest)?;
                drop(request.body);
                let asked = asked(&request.headers, &messages, is_batch);
                let (talk, asked) = self.talk(owner, named, &messages, asked, begin).await?;
                Ok(talk.ask(messages, asked).await?)
            }
            (Method::GET, Some(id)) => Ok(self.of_session(owner, &id)?.listen()?),
            (Method::DELETE, Some(id)) => {
                self.of_session(owner, &id)?.close(Fault::NoSession);
                Ok(done())
            }
            (_, _) => Err(Fault::NoStream.into()),
        }
    }

    /// The program that these are for.
    async fn talk<E, F>(
        self: &Arc<Self>,
        owner: &Owner,
        named: Option<String>,
        messages: &[Message],
        asked: Asked,
        begin: impl FnOnce() -> F,
    ) -> Result<(Arc<Talk>, Asked), E>
    where
        E: From<Fault>,
        F: Future<Output = Result<Program, E>>,
    {
        if messages.iter().any(|message| message.is("initialize") && message.is_request()) {
            // It "MUST NOT be part of a JSON-RPC batch" (MCP 2025-03-26, "Initialization").
            if asked.is_batch {
                return Err(Fault::NoRequest.into());
            }
            let id = format!("{:032x}", rand::random::<u128>());
            let asked = Asked { begins: Some(id.clone()), ..asked };
            if let Some(talk) = self.shared.becomes(owner, &id) {
                return Ok((talk, asked));
            }
            let talk = Box::pin(async {
                let place = Place::take(self, owner).await?;
                Ok::<_, E>(self.start(place, owner, begin().await?, Some(id)).await?)
            });
            return Ok((talk.await?, asked));
        }
        if let Some(id) = named {
            return Ok((self.of_session(owner, &id)?, asked));
        }
        if !asked.is_modern {
            return Err(Fault::NoRequest.into());
        }
        let slot = self.shared.of(owner);
        let mut running = slot.lock().await;
        if let Some(talk) = running.as_ref().filter(|talk| !talk.is_over()) {
            return Ok((Arc::clone(talk), asked));
        }
        let place = match Box::pin(Place::take(self, owner)).await {
            Ok(place) => place,
            Err(fault) => {
                drop(running);
                drop(slot);
                self.shared.forget_ended();
                return Err(fault.into());
            }
        };
        let talk =
            Box::pin(async { Ok::<_, E>(self.start(place, owner, begin().await?, None).await?) }).await?;
        *running = Some(Arc::clone(&talk));
        Ok((talk, asked))
    }

    fn of_session(&self, owner: &Owner, id: &str) -> Result<Arc<Talk>, Fault> {
        let talks = self.talks();
        let found =
            talks.all.values().find(|talk| talk.owner.is_same_application(owner) && talk.is_session(id));
        found.map(Arc::clone).ok_or(Fault::NoSession)
    }
}

fn asked(headers: &HeaderMap, messages: &[Message], is_batch: bool) -> Asked {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let accepts = text(header::ACCEPT.as_str()).unwrap_or("*/*");
    let version = text(VERSION).unwrap_or_default();
    Asked {
        is_batch,
        events: ["text/event-stream", "text/*", "*/*"].iter().any(|kind| accepts.contains(kind)),
        is_modern: version >= MODERN || messages.iter().any(Message::is_modern),
        begins: None,
    }
}
