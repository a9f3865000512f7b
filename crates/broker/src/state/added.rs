//! How a server came into the configuration that the person did not write down.

/// A program added it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Added {
    /// The program's name.
    pub(crate) by: String,
    /// Whether it can be told from others.
    pub(crate) known: bool,
    /// Whether the person agreed to what was added.
    pub(crate) agreed: bool,
}
