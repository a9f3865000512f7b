//! A request that waits for somebody to sign in.

use crate::hand_out::caller::Caller;
use crate::hand_out::need::Need;
use crate::valet::Valet;
use state::attempt::Attempt;
use state::meant::Meant;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use wire::Problem;
use words::say;

/// A request that waits for somebody to sign in. Once nobody waits any more, the person is not told so.
pub(super) struct AwaitedSignIn {
    valet: Arc<Valet>,
    meant: Meant,
    agent: String,
    changes: watch::Receiver<u64>,
}

impl AwaitedSignIn {
    /// Shows the person that an agent waits for a sign-in, and what it has to bring.
    pub(super) fn want(agent: &Caller, meant: &Meant, need: &Need) -> Self {
        let (changes, name) = (agent.valet.changes(), agent.name());
        if let Ok(server) = agent.valet.book().meant_mut(meant) {
            server.wish.wait(&name, &need.scopes);
            if matches!(server.attempt, Attempt::Failed(_)) {
                server.attempt = Attempt::None;
            }
        }
        agent.valet.show_soon();
        Self { valet: Arc::clone(&agent.valet), meant: meant.clone(), agent: name, changes }
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
        changed.map_err(|_| problems::timeout(&say!(problem_waited_sign_in)))?.map_err(|_| problem)?;
        let book = self.valet.book();
        let failed = book.meant(&self.meant).ok().and_then(|server| server.attempt.problem());
        failed.map_or(Ok(()), |problem| Err(problem.clone()))
    }
}

impl Drop for AwaitedSignIn {
    fn drop(&mut self) {
        if let Ok(server) = self.valet.book().meant_mut(&self.meant) {
            server.wish.leave(&self.agent);
        }
        self.valet.show_soon();
    }
}
