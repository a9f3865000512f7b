//! Something that a person can do.

/// What helps, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Advice {
    /// One or two plain sentences.
    pub(crate) text: String,
    /// The key of the configuration that they name first, if they name one.
    pub(crate) setting: Option<&'static str>,
}

impl Advice {
    pub(crate) fn at(self, setting: &'static str) -> Self {
        Self { setting: Some(setting), ..self }
    }
}

impl From<String> for Advice {
    fn from(text: String) -> Self {
        Self { text, setting: None }
    }
}
