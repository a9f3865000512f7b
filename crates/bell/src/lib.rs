//! A waker for parts that wake each other: as long as one looks at them, they are only looked at again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;
use tokio::task::coop::has_budget_remaining;

/// How often the parts are looked at in one turn.
const TURN: usize = 32;

/// The waker. Whoever looked last is woken.
#[derive(Debug, Default)]
pub struct Bell {
    outer: AtomicWaker,
    is_looked_at: AtomicBool,
    has_rung: AtomicBool,
}

impl Bell {
    /// Looks at the parts until they are ready, or nothing happens any more.
    pub fn poll<T>(
        self: &Arc<Self>,
        context: &mut Context<'_>,
        mut look: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        self.outer.register(context.waker());
        let mut found = Poll::Pending;
        self.look(|inner| {
            for _ in 0..TURN {
                self.has_rung.store(false, Ordering::SeqCst);
                found = look(inner);
                if found.is_ready() || !self.has_rung.load(Ordering::SeqCst) || !has_budget_remaining() {
                    return;
                }
            }
        });
        if found.is_pending() && self.has_rung.load(Ordering::SeqCst) {
            context.waker().wake_by_ref();
        }
        found
    }

    /// Nobody waits for the parts any more: what they still do wakes no one, who may have other things to do
    /// by then.
    pub fn leave(&self) {
        drop(self.outer.take());
    }

    /// Looks at the parts once.
    pub fn look(self: &Arc<Self>, look: impl FnOnce(&mut Context<'_>)) {
        let waker = Waker::from(Arc::clone(self));
        self.is_looked_at.store(true, Ordering::SeqCst);
        look(&mut Context::from_waker(&waker));
        self.is_looked_at.store(false, Ordering::SeqCst);
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::SeqCst);
        if !self.is_looked_at.load(Ordering::SeqCst) {
            self.outer.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;

    #[tokio::test]
    async fn parts_that_wake_each_other_are_looked_at_until_nothing_happens() {
        let bell = Arc::<Bell>::default();
        let mut looks = 0;
        let found = poll_fn(|context| {
            bell.poll(context, |inner| {
                looks += 1;
                if looks == 100 {
                    return Poll::Ready(looks);
                }
                inner.waker().wake_by_ref();
                Poll::Pending
            })
        });
        assert_eq!(found.await, 100);
    }

    #[tokio::test]
    async fn parts_that_wake_each_other_wake_nobody_else() {
        let (bell, woken) = (Arc::<Bell>::default(), Arc::new(Woken::default()));
        let waker = Waker::from(Arc::clone(&woken));
        let mut looks = 0;
        let waits = bell.poll(&mut Context::from_waker(&waker), |inner| {
            looks += 1;
            if looks == 1 {
                inner.waker().wake_by_ref();
            }
            Poll::<()>::Pending
        });
        assert!(waits.is_pending() && looks == 2);
        assert!(!woken.0.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn who_has_left_is_not_woken() {
        let (bell, woken) = (Arc::<Bell>::default(), Arc::new(Woken::default()));
        let waker = Waker::from(Arc::clone(&woken));
        let waits = bell.poll(&mut Context::from_waker(&waker), |_| Poll::<()>::Pending);
        assert!(waits.is_pending());
        bell.leave();
        bell.wake_by_ref();
        assert!(!woken.0.load(Ordering::SeqCst));
    }

    #[derive(Default)]
    struct Woken(AtomicBool);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn what_happens_while_nobody_looks_wakes_whoever_looked_last() {
        let bell = Arc::<Bell>::default();
        let mut given = None;
        poll_fn(|context| {
            bell.poll(context, |inner| {
                if given.is_some() {
                    return Poll::Ready(());
                }
                given = Some(());
                let waker = inner.waker().clone();
                std::thread::spawn(move || waker.wake());
                Poll::Pending
            })
        })
        .await;
    }
}
