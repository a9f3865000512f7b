//! The only place that reads a clock.

use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Tells the time. Everything else in the broker takes time from here or as an argument, so that a test can
/// move it.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    #[cfg(feature = "test-hooks")]
    offset_file: Option<std::path::PathBuf>,
}

impl Clock {
    /// The system's clock. A test build adds the whole seconds found in the file that `MCP_VALET_TEST_CLOCK`
    /// names.
    #[must_use]
    pub fn system() -> Self {
        Self {
            #[cfg(feature = "test-hooks")]
            offset_file: std::env::var_os("MCP_VALET_TEST_CLOCK").map(Into::into),
        }
    }

    /// Now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.saturating_add(self.offset()).unwrap_or(now)
    }

    /// Waits until so much time has passed.
    #[cfg(not(feature = "test-hooks"))]
    pub async fn wait(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    /// Waits until so much time has passed, which a test may have pass at once.
    #[cfg(feature = "test-hooks")]
    pub async fn wait(&self, time: Duration) {
        let began = self.now();
        while self.now().duration_since(began).unsigned_abs() < time {
            tokio::time::sleep(time.min(Duration::from_millis(200))).await;
        }
    }

    /// Waits until the clock is moved, which only a test does. A real one that is set says nothing.
    #[cfg(not(feature = "test-hooks"))]
    pub async fn moved(&self) {
        std::future::pending().await
    }

    /// Waits until the test moves the clock.
    #[cfg(feature = "test-hooks")]
    pub async fn moved(&self) {
        let before = self.offset();
        while self.offset() == before {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    #[cfg(not(feature = "test-hooks"))]
    #[expect(clippy::unused_self, reason = "a test build reads the offset from self")]
    const fn offset(&self) -> SignedDuration {
        SignedDuration::ZERO
    }

    #[cfg(feature = "test-hooks")]
    fn offset(&self) -> SignedDuration {
        let text = self.offset_file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        let seconds = text.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        SignedDuration::from_secs(seconds)
    }
}
