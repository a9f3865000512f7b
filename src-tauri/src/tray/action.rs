//! What an entry of the menu does.

/// What the person asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Opens the window.
    Open,
    /// Opens the window where a server is added.
    Add,
    /// Opens the window at what was done.
    Activity,
    /// Opens the window at a server.
    Server(String),
    /// Opens the window at a question.
    Question(u64),
    /// Begins a sign-in in the browser.
    SignIn(String),
    /// Opens the window where the passphrase of the encrypted file is given.
    Passphrase,
    /// Reads the keychain again.
    Unlock,
    /// Opens the window where everything is revoked, once the person confirms it there.
    RevokeAll,
    /// Locks the valet.
    Lock,
    /// Ends the valet.
    Quit,
}
