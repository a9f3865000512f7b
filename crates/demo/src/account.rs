/// A person of the demo. There are no passwords: who you are is what you click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// Ada Lovelace
    Ada,
    /// Grace Hopper
    Grace,
}

impl Account {
    /// Everybody.
    pub(crate) const ALL: [Self; 2] = [Self::Ada, Self::Grace];

    /// The account's id: `sub` in tokens, `account` in the form.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Ada => "ada",
            Self::Grace => "grace",
        }
    }

    /// The name on screen.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ada => "Ada Lovelace",
            Self::Grace => "Grace Hopper",
        }
    }

    /// The account with this id.
    pub(crate) fn with_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.id() == id)
    }
}
