//! A turn for whoever is ready.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;
use tokio::task::yield_now;

/// Lets all who are ready go first. Being looked at meanwhile does not end it, as it ends [`yield_now`]: a
/// connection looks at all of its parts when any of them has news.
pub(crate) async fn of_others() {
    let over = Arc::<Over>::default();
    let waker = Waker::from(Arc::clone(&over));
    let yields = pin!(yield_now());
    // The runtime calls this waker once the others have had their turn.
    let _ = yields.poll(&mut Context::from_waker(&waker));
    poll_fn(|context| {
        over.waits.register(context.waker());
        if over.is_over.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[derive(Default)]
struct Over {
    is_over: AtomicBool,
    waits: AtomicWaker,
}

impl Wake for Over {
    fn wake(self: Arc<Self>) {
        self.is_over.store(true, Ordering::SeqCst);
        self.waits.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_is_looked_at_meanwhile_still_lets_others_go_first() {
        let mut turn = pin!(of_others());
        let mut looks = 0;
        poll_fn(|context| {
            looks += 1;
            let again = (0..3).map(|_| turn.as_mut().poll(context)).find(Poll::is_ready);
            again.unwrap_or(Poll::Pending)
        })
        .await;
        assert_eq!(looks, 2);
    }
}
