//! How a server came into the configuration that the person did not write down.

/// A program added it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Added {
    /// The program's name.
    pub(crate) by: String,
    /// Whether it can be told from others.
    pub(crate) known: bool,
    pub(crate) agreed: Agreed,
}

/// Whether the person agreed to what was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreed {
    ByThePerson,
    ByNobody,
}
