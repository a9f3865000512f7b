//! A stream of events whose next comes when a test says it.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use futures_util::stream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What is said on a stream, by whoever has a clone of it, to whoever opens it.
#[derive(Debug, Clone)]
pub struct Feed {
    says: UnboundedSender<String>,
    said: Arc<Mutex<Option<UnboundedReceiver<String>>>>,
}

/// The streams that were opened, each with a feed of its own.
#[derive(Debug, Clone, Default)]
pub struct Streams(Arc<Mutex<Vec<Feed>>>);

impl Streams {
    /// Another one, which says `data: here` at once.
    pub(super) fn open(&self) -> Feed {
        let feed = Feed::default();
        feed.says("data: here\n\n");
        self.0.lock().unwrap().push(feed.clone());
        feed
    }

    /// Says this on the one that was opened last.
    pub fn says(&self, text: &str) {
        self.0.lock().unwrap().last().unwrap().says(format!("data: {text}\n\n"));
    }
}

impl Default for Feed {
    fn default() -> Self {
        let (says, said) = unbounded_channel();
        Self { says, said: Arc::new(Mutex::new(Some(said))) }
    }
}

impl Feed {
    /// Says this next, as it is.
    pub fn says(&self, text: impl Into<String>) {
        self.says.send(text.into()).unwrap();
    }

    pub(super) fn body(&self) -> Body {
        let said = self.said.lock().unwrap().take().unwrap();
        Body::from_stream(stream::unfold(said, |mut said| async {
            let text = said.recv().await?;
            Some((Ok::<_, std::convert::Infallible>(text), said))
        }))
    }
}
