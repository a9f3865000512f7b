use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// One permission that the demo knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// A set of scopes; on the wire, names separated by spaces (RFC 6749 §3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// What a client gets that asks for nothing in particular.
    pub(crate) fn usual() -> Self {
        Self(BTreeSet::from([Scope::Read]))
    }

    /// Whether `scope` is among them.
    pub(crate) fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether every one of these is among `others`.
    pub(crate) fn within(&self, others: &Self) -> bool {
        self.0.is_subset(&others.0)
    }

    /// The scopes in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

/// A scope that the demo does not know, or none at all.
#[derive(Debug)]
pub(crate) struct UnknownScope;

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let one = |name| Scope::ALL.into_iter().find(|scope| scope.name() == name).ok_or(UnknownScope);
        let scopes =
            text.split(' ').filter(|name| !name.is_empty()).map(one).collect::<Result<BTreeSet<_>, _>>()?;
        if scopes.is_empty() { Err(UnknownScope) } else { Ok(Self(scopes)) }
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Scope::name).collect();
        f.write_str(&names.join(" "))
    }
}
