//! Subscriptions (MCP 2026-07-28, "Subscriptions"): a request whose stream stays open until the client
//! cancels it. Where the stream ends otherwise it is asked for again, so that the client, which hears nothing
//! of that, goes on hearing the server. A stream that began anew brings its acknowledgement again.

use super::bridge::{Asked, Bridge, EVENTS, MOST, is, is_message};
use super::events::Events;
use super::listen::{LONGEST_PAUSE, PAUSE};
use super::message::Message;
use super::mistake::Mistake;
use super::trouble::Trouble;
use http::Method;
use wire::ProxyResponse;

/// How a stream came to its end.
enum End {
    /// The request has its answer.
    Answered,
    /// It broke off after it had brought something.
    BrokeOff,
    /// It did not begin.
    Refused(Trouble),
}

impl Message {
    /// Whether it asks for a stream that stays open.
    pub(super) fn subscribes(&self) -> bool {
        self.method == "subscriptions/listen" && self.version.is_some()
    }
}

impl Bridge {
    /// Brings a subscription over, and once more whenever its stream broke off.
    ///
    /// # Errors
    /// It never began, or the server does not know it any more.
    pub(super) async fn subscribe(&self, asked: &Asked<'_>) -> Result<(), Trouble> {
        let (mut has_begun, mut pause) = (false, PAUSE);
        loop {
            match self.stream(asked).await {
                End::Answered => return Ok(()),
                End::BrokeOff => (has_begun, pause) = (true, PAUSE),
                End::Refused(trouble) if !has_begun || trouble.is_final() => return Err(trouble),
                // Each try may ask the person, so the next message that gets through is waited for.
                End::Refused(trouble) if trouble.waits_for_person() => {
                    self.through.notified().await;
                    continue;
                }
                End::Refused(_) => {}
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn stream(&self, asked: &Asked<'_>) -> End {
        let message = asked.message;
        let (_, headers) = self.headers();
        let sent = self.send(Method::POST, &headers, message.mirrors(), message.text.clone()).await;
        match sent {
            Ok(answer) if !answer.status.is_success() => End::Refused(Trouble::of(answer).await),
            Ok(answer) if is(&answer.headers, EVENTS) => self.events(asked, answer).await,
            Ok(answer) => self.single(asked, answer).await,
            Err(error) => End::Refused(error.into()),
        }
    }

    async fn events(&self, asked: &Asked<'_>, answer: ProxyResponse) -> End {
        let mut events = Events::of(answer);
        let mut has_begun = false;
        let trouble = loop {
            let event = match events.next().await {
                Ok(Some(event)) => event,
                Ok(None) => break Mistake::BrokeOff.into(),
                Err(error) => break error.into(),
            };
            if !is_message(event.kind.as_deref()) {
                continue;
            }
            if let Some(refusal) = refusal(event.data.as_bytes()) {
                break refusal;
            }
            self.pass(Some(asked), event.data.as_bytes()).await;
            has_begun = true;
            if asked.is_answered() {
                return End::Answered;
            }
        };
        if has_begun { End::BrokeOff } else { End::Refused(trouble) }
    }

    async fn single(&self, asked: &Asked<'_>, answer: ProxyResponse) -> End {
        let headers = answer.headers.clone();
        let body = match answer.whole(MOST).await {
            Ok(body) => body,
            Err(error) => return End::Refused(error.into()),
        };
        if let Some(refusal) = refusal(&body) {
            return End::Refused(refusal);
        }
        self.pass(Some(asked), &body).await;
        match asked.is_answered() {
            true => End::Answered,
            false => End::Refused(Mistake::in_answer(&headers, &body).into()),
        }
    }
}

/// What the valet says instead of the server, such as that it ends.
fn refusal(text: &[u8]) -> Option<Trouble> {
    Trouble::in_message(text).filter(|trouble| trouble.code().is_some())
}
