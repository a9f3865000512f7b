//! What an entry of the menu does.

/// What the person asked for. A menu item can carry nothing but text, so each has an id from which it is read
/// again.
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

impl Action {
    /// The id of a menu item that does this.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Open => "open".to_owned(),
            Self::Add => "add".to_owned(),
            Self::Activity => "activity".to_owned(),
            Self::Server(name) => format!("server:{name}"),
            Self::Question(id) => format!("question:{id}"),
            Self::SignIn(name) => format!("sign-in:{name}"),
            Self::Passphrase => "passphrase".to_owned(),
            Self::Unlock => "unlock".to_owned(),
            Self::RevokeAll => "revoke-all".to_owned(),
            Self::Lock => "lock".to_owned(),
            Self::Quit => "quit".to_owned(),
        }
    }

    /// What the item with this id does.
    pub(crate) fn from_id(id: &str) -> Option<Self> {
        match id.split_once(':').unwrap_or((id, "")) {
            ("open", "") => Some(Self::Open),
            ("add", "") => Some(Self::Add),
            ("activity", "") => Some(Self::Activity),
            ("server", name) => Some(Self::Server(name.to_owned())),
            ("question", number) => number.parse().ok().map(Self::Question),
            ("sign-in", name) => Some(Self::SignIn(name.to_owned())),
            ("passphrase", "") => Some(Self::Passphrase),
            ("unlock", "") => Some(Self::Unlock),
            ("revoke-all", "") => Some(Self::RevokeAll),
            ("lock", "") => Some(Self::Lock),
            ("quit", "") => Some(Self::Quit),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_read_again_from_its_id() {
        let name = "a:b c".to_owned();
        for action in [
            Action::Open,
            Action::Add,
            Action::Activity,
            Action::Server(name.clone()),
            Action::Question(7),
            Action::SignIn(name),
            Action::Passphrase,
            Action::Unlock,
            Action::RevokeAll,
            Action::Lock,
            Action::Quit,
        ] {
            assert_eq!(Action::from_id(&action.id()), Some(action));
        }
        assert_eq!(Action::from_id("nonsense"), None);
    }
}
