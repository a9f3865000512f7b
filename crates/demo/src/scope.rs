/// One permission that the demo knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// `demo:read`
    Read,
    /// `demo:write`
    Write,
    /// `offline_access`: a refresh token (OpenID Connect Core §11)
    Offline,
}

impl Scope {
    /// All scopes, in the order in which they are listed.
    pub(crate) const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Offline];

    /// The scope as clients write it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Read => "demo:read",
            Self::Write => "demo:write",
            Self::Offline => "offline_access",
        }
    }

    /// The scope as a person reads it.
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::Read => "See which demo account you are",
            Self::Write => "Change things in the demo, which has nothing to change",
            Self::Offline => "Stay signed in after you close the browser, until you revoke it",
        }
    }
}
