//! The only place that knows what time it is.

use provider::UnixSeconds;

/// Where the time comes from.
pub(crate) struct Clock {
    #[cfg(feature = "test-hooks")]
    offset_file: Option<std::path::PathBuf>,
}

impl Clock {
    /// The system's clock; in a test build moved by the file that `MCP_VALET_TEST_CLOCK` names.
    pub(crate) fn new() -> Self {
        Self {
            #[cfg(feature = "test-hooks")]
            offset_file: std::env::var_os("MCP_VALET_TEST_CLOCK").map(Into::into),
        }
    }

    /// Now.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else asks")]
    pub(crate) fn now(&self) -> UnixSeconds {
        jiff::Timestamp::now().as_second() + self.offset()
    }

    /// Read again each time, so that a test moves a running demo by writing a file.
    #[cfg(feature = "test-hooks")]
    fn offset(&self) -> UnixSeconds {
        let text = self.offset_file.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
        text.and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }

    #[cfg(not(feature = "test-hooks"))]
    #[expect(clippy::unused_self, reason = "same shape as in a test build")]
    fn offset(&self) -> UnixSeconds {
        0
    }
}
