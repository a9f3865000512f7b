//! The only place that reads a clock.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
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

    /// Now, as the person's own clock has it: their day ends at their midnight.
    #[must_use]
    pub fn here(&self) -> Zoned {
        self.now().to_zoned(TimeZone::system())
    }

    /// Waits until so much time has passed.
    pub async fn wait(&self, time: Duration) {
        self.wait_since(self.now(), time).await;
    }

    /// Waits until so much time has passed since then.
    #[cfg(not(feature = "test-hooks"))]
    pub async fn wait_since(&self, began: Timestamp, time: Duration) {
        tokio::time::sleep(time.saturating_sub(self.passed_since(began))).await;
    }

    /// Waits until so much time has passed since then, which a test may have pass at once.
    #[cfg(feature = "test-hooks")]
    pub async fn wait_since(&self, began: Timestamp, time: Duration) {
        while self.passed_since(began) < time {
            tokio::time::sleep(time.min(Duration::from_millis(200))).await;
        }
    }

    /// Nothing where the clock was set back meanwhile.
    fn passed_since(&self, began: Timestamp) -> Duration {
        self.now().duration_since(began).try_into().unwrap_or_default()
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
