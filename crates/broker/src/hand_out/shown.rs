//! What shows a server who asks: the grant of a sign-in, or keys.

use oauth::Mask;
use relay::veil::Veil;
use state::held::Held;
use state::item::Grant;
use state::keys::Keys;
use std::sync::Arc;

/// What a server is shown. It is one of the two, by what the server takes.
#[derive(Debug, Clone)]
pub(crate) enum Shown {
    /// A token, of this grant.
    Grant(Arc<Grant>),
    /// Keys, in the headers that they are bound to.
    Keys(Arc<Keys>),
}

impl Shown {
    /// The scopes that it is good for; those of a key only its provider knows.
    pub(crate) fn scopes(&self) -> &[String] {
        match self {
            Self::Grant(grant) => &grant.parts.scopes,
            Self::Keys(_) => &[],
        }
    }

    /// Whose account it is, in the words of the issuer.
    pub(crate) fn account(&self) -> Option<&str> {
        self.grant().and_then(|grant| grant.parts.account.as_deref())
    }

    /// Whether a server that was shown this, or nothing, is held to be of the same account still.
    pub(crate) fn stands(shown: Option<&Self>, held: &Held) -> bool {
        match shown {
            Some(Self::Grant(grant)) => held
                .kept()
                .is_some_and(|kept| kept.parts.is_same_account(&grant.parts) || kept.has_tokens_of(grant)),
            // Nobody knows whose account another key is of.
            Some(Self::Keys(keys)) => held.has(keys),
            None => held.kept().is_none() && held.keys().is_none(),
        }
    }

    /// Finds again what must not be said of it by the other side.
    pub(crate) fn mask(&self) -> &Mask {
        match self {
            Self::Grant(grant) => grant.mask(),
            Self::Keys(keys) => keys.mask(),
        }
    }

    /// Covers it in the body of an answer, if it is one that nobody can recall.
    pub(crate) fn veil(&self) -> Option<Veil> {
        match self {
            Self::Grant(_) => None,
            Self::Keys(keys) => Some(Veil::over(keys.spellings())),
        }
    }

    /// The grant, if it is one.
    pub(crate) const fn grant(&self) -> Option<&Arc<Grant>> {
        if let Self::Grant(grant) = self { Some(grant) } else { None }
    }
}
