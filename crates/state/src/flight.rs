//! A refresh that is under way.

use crate::item::Grant;
use std::sync::Arc;
use tokio::sync::watch;
use wire::Problem;
use words::say;

/// How a refresh ended.
pub type Landing = Result<Arc<Grant>, Problem>;

/// A refresh that is under way. Whoever needs its outcome waits here.
#[derive(Debug, Clone)]
pub struct Flight(watch::Receiver<Option<Landing>>);

impl Flight {
    /// One whose outcome is told through `landing`.
    pub const fn new(landing: watch::Receiver<Option<Landing>>) -> Self {
        Self(landing)
    }

    /// Waits for the outcome.
    pub async fn land(mut self) -> Landing {
        match self.0.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(landing)) => landing.clone(),
            Ok(None) | Err(_) => {
                Err(problems::internal(say!(problem_refresh_broke_off), say!(problem_again_advice)))
            }
        }
    }

    /// Whether it is this very request.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.same_channel(&other.0)
    }

    /// Whether its outcome has been told.
    pub fn is_over(&self) -> bool {
        self.0.has_changed().is_err()
    }
}
