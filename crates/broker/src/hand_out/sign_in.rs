//! A request that waits for somebody to sign in.

use crate::hand_out::caller::Caller;
use crate::hand_out::need::Need;
use crate::state::attempt::Attempt;
use crate::state::meant::Meant;
use crate::valet::Valet;
use ground::grace::LATE;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use wire::Problem;

/// A request that waits for somebody to sign in. The wish outlives it for a while, and then goes if nobody
/// waits any more.
pub(super) struct SignIn {
    valet: Arc<Valet>,
    meant: Meant,
    changes: watch::Receiver<u64>,
}

impl SignIn {
    /// Shows the person that an agent waits for a sign-in, and what it has to bring.
    pub(super) fn want(agent: &Caller, meant: &Meant, need: &Need) -> Self {
        let changes = agent.valet.changes();
        if let Ok(server) = agent.valet.book().meant_mut(meant) {
            server.wish.wait(agent.name(), &need.scopes);
            if matches!(server.attempt, Attempt::Failed(_)) {
                server.attempt = Attempt::None;
            }
        }
        agent.valet.show_soon();
        Self { valet: Arc::clone(&agent.valet), meant: meant.clone(), changes }
    }

    /// What happens from here on is waited for.
    pub(super) fn look_now(&mut self) {
        self.changes.mark_unchanged();
    }

    /// Waits until something has changed.
    ///
    /// # Errors
    /// The sign-in failed, or did not come in time; `problem` where the valet ends.
    pub(super) async fn comes(&mut self, deadline: Instant, problem: Problem) -> Result<(), Problem> {
        let changed = timeout_at(deadline, self.changes.changed()).await;
        changed.map_err(|_| problems::timeout("the sign-in"))?.map_err(|_| problem)?;
        let book = self.valet.book();
        let failed = book.meant(&self.meant).ok().and_then(|server| server.attempt.problem());
        failed.map_or(Ok(()), |problem| Err(problem.clone()))
    }
}

impl Drop for SignIn {
    fn drop(&mut self) {
        let now = self.valet.clock.now();
        if !self.valet.book().meant_mut(&self.meant).is_ok_and(|server| server.wish.leave(now)) {
            return;
        }
        let (valet, meant) = (Arc::clone(&self.valet), self.meant.clone());
        self.valet.runtime.spawn(async move {
            let mut rest = Some(LATE);
            while let Some(time) = rest {
                valet.clock.wait(time).await;
                let now = valet.clock.now();
                rest = valet.book().meant_mut(&meant).ok().and_then(|server| server.wish.rest(now));
            }
            valet.show_soon();
        });
    }
}
