//! Whether the person agreed to what a program brought, or to where a sign-in goes.

/// Whether the person agreed, from what says least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreed {
    /// They were not asked.
    ByNobody,
    /// They did.
    ByThePerson,
}
