//! Requests for tokens on their way. What was sent is used up, a code or a refresh token, so each is waited
//! for as long as its answer may still come; only so many at a time at one issuer, and the person is told of
//! those that take long.

use crate::valet::Valet;
use state::server::Server;
use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests that wait for one issuer's answer at the same time.
const AT_ONCE: usize = 16;
/// After how long the person is told that an answer is still awaited.
pub(crate) const LONG: Duration = Duration::from_secs(5);

/// The requests under way, by issuer.
#[derive(Debug, Default)]
pub(crate) struct Asking(Mutex<HashMap<String, Arc<Semaphore>>>);

/// A place among the requests to one issuer, until it is dropped.
pub(crate) struct Slot(Option<OwnedSemaphorePermit>);

impl Asking {
    /// Waits for a place, before anything is used up.
    pub(crate) async fn at(&self, issuer: &str) -> Slot {
        let places = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|_, places| Arc::strong_count(places) > 1);
            Arc::clone(all.entry(issuer.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))))
        };
        Slot(places.acquire_owned().await.ok())
    }
}

impl Slot {
    /// Waits for the answer to a request that was made for the server with this name and id.
    pub(crate) async fn wait<T>(
        self,
        valet: &Arc<Valet>,
        (name, id): (&str, &str),
        host: &str,
        request: impl Future<Output = T>,
    ) -> T {
        let mut request = pin!(request);
        if let Ok(answer) = tokio::time::timeout(LONG, &mut request).await {
            return answer;
        }
        let _shown = Awaited::show(valet, name, id, host);
        let answer = request.await;
        drop(self.0);
        answer
    }
}

/// An answer that takes long, as the person sees it.
struct Awaited {
    valet: Arc<Valet>,
    name: String,
    number: u64,
}

impl Awaited {
    fn show(valet: &Arc<Valet>, name: &str, id: &str, host: &str) -> Self {
        let number = valet.number();
        valet.change(|book| {
            if let Some(server) = book.servers.get_mut(name).filter(|server| server.id == id) {
                server.awaited.insert(number, host.to_owned());
            }
        });
        Self { valet: Arc::clone(valet), name: name.to_owned(), number }
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        let gone = |server: &mut Server| server.awaited.remove(&self.number).is_some();
        self.valet.change(|book| book.servers.get_mut(&self.name).is_some_and(gone));
    }
}
