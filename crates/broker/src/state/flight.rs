//! A refresh that is under way.

use crate::state::item::Grant;
use std::sync::Arc;
use tokio::sync::watch;
use wire::Problem;

/// How a refresh ended.
pub(crate) type Landing = Result<Arc<Grant>, Problem>;

/// A refresh that is under way. Whoever needs its outcome waits here.
#[derive(Debug, Clone)]
pub(crate) struct Flight(watch::Receiver<Option<Landing>>);

impl Flight {
    /// One whose outcome is told through `landing`.
    pub(crate) const fn new(landing: watch::Receiver<Option<Landing>>) -> Self {
        Self(landing)
    }

    /// Waits for the outcome.
    pub(crate) async fn land(mut self) -> Landing {
        match self.0.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(landing)) => landing.clone(),
            Ok(None) | Err(_) => Err(problems::internal("the refresh was broken off", "Try again.")),
        }
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.0.same_channel(&other.0)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.has_changed().is_err()
    }
}
