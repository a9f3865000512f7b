//! What the server says by itself: the stream that a client opens by GET (MCP before 2026-07-28).

use super::bridge::{Bridge, EVENTS, LAST_EVENT, is, is_message};
use super::events::Events;
use bytes::Bytes;
use http::{HeaderValue, Method};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::AbortHandle;

/// How long until a stream that ended is asked for again, at first.
pub(super) const PAUSE: Duration = Duration::from_secs(1);
/// The same, at most.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(30);

impl Bridge {
    /// Waits for what the server says by itself, for as long as it offers to.
    pub(super) fn listen(self: &Arc<Self>) {
        if self.is_older() {
            return;
        }
        let bridge = Arc::clone(self);
        let listener = tokio::spawn(async move { bridge.hear().await }).abort_handle();
        if let Some(before) = self.session().listener.replace(listener) {
            before.abort();
        }
    }

    /// As [`Bridge::listen`], if that was begun and then refused.
    pub(super) fn listen_again(self: &Arc<Self>) {
        let refused = {
            let session = self.session();
            !session.silent && session.listener.as_ref().is_some_and(AbortHandle::is_finished)
        };
        if refused {
            self.listen();
        }
    }

    async fn hear(&self) {
        let (mut last, mut pause) = (None, PAUSE);
        loop {
            let (_, headers) = self.headers();
            let resume =
                last.iter().filter_map(|id: &String| Some((LAST_EVENT, HeaderValue::from_str(id).ok()?)));
            let answer = self.send(Method::GET, &headers, resume.collect(), Bytes::new()).await;
            match answer {
                Ok(answer) if answer.status.is_success() && is(&answer.headers, EVENTS) => {
                    let mut events = Events::of(answer);
                    while let Ok(Some(event)) = events.next().await {
                        pause = event.pause().unwrap_or(PAUSE);
                        last = event.id.or(last);
                        if is_message(event.kind.as_deref()) {
                            self.pass(None, event.data.as_bytes()).await;
                        }
                    }
                }
                // Out of order, or the valet is away: it may come back.
                Ok(answer) if answer.status.is_server_error() => {}
                Err(_) => {}
                // The valet refuses for now; the next message that gets through tries again.
                Ok(answer) if is(&answer.headers, "application/problem+json") => return,
                // 405, mostly: the server says nothing by itself.
                Ok(_) => {
                    self.session().silent = true;
                    return;
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
