//! How a server came into the configuration that the person did not write down.

use crate::agreed::Agreed;

/// A program added it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedBy {
    /// The program's name.
    pub by: String,
    /// Whether it can be told from others.
    pub known: bool,
    /// Whether the person agreed to it.
    pub agreed: Agreed,
}
