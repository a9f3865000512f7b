//! Whether somebody can be asked.

/// Whether somebody can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surfaces {
    /// The shell is still starting: wait for it.
    Starting,
    /// So many surfaces can show a question; none means that nobody can be asked.
    Open(usize),
}
