//! What one picture has that another had not, as far as it concerns the agent that sees both.

use std::collections::HashMap;
use wire::{ConsentState, GrantState, Reason, Server};

/// What an agent sees of everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) servers: Vec<Server>,
    /// Why nothing can be read, if nothing can.
    pub(super) locked: Option<Reason>,
}

/// One thing that an agent is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum News {
    /// A server is not there any more.
    Removed(String),
    /// A sign-in is not there any more: it was revoked. Tokens of it are over.
    Revoked(String),
    /// The issuer ended a sign-in.
    Lapsed(String),
    /// The issuer does not know our client any more, and the token is over.
    RegistrationLost(String),
    /// The person said "not now".
    Declined(String),
    /// What the person said about this agent and a server is another thing now.
    Consent(String, ConsentState),
    /// Nothing is handed out, for this reason.
    Locked(Reason),
    /// It goes on.
    Unlocked,
}

impl News {
    /// The name of the event.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Removed(_) => "removed",
            Self::Revoked(_) => "revoked",
            Self::Lapsed(_) => "lapsed",
            Self::RegistrationLost(_) => "registration_lost",
            Self::Declined(_) => "declined",
            Self::Consent(..) => "consent",
            Self::Locked(_) => "locked",
            Self::Unlocked => "unlocked",
        }
    }
}

/// What has changed from one picture to the next, but for what only the servers' own entries say.
pub(super) fn news(before: &Picture, after: &Picture) -> Vec<News> {
    let mut news = Vec::new();
    match (&before.locked, &after.locked) {
        (old, Some(reason)) if old.as_ref() != Some(reason) => news.push(News::Locked(*reason)),
        (Some(_), None) => news.push(News::Unlocked),
        (_, Some(_)) | (None, None) => {}
    }
    let here: HashMap<_, _> = after.servers.iter().map(|new| ((&new.name, &new.url), new)).collect();
    for old in &before.servers {
        match here.get(&(&old.name, &old.url)) {
            Some(new) => news.extend(of_server(old, new)),
            None => news.push(News::Removed(old.name.clone())),
        }
    }
    news
}

fn of_server(old: &Server, new: &Server) -> impl Iterator<Item = News> {
    let name = || new.name.clone();
    let grant = match (old.grant, new.grant) {
        (GrantState::Live | GrantState::Unsaved | GrantState::RegistrationLost, GrantState::None) => {
            Some(News::Revoked(name()))
        }
        (
            GrantState::Live | GrantState::Unsaved | GrantState::RegistrationLost | GrantState::None,
            GrantState::Lapsed,
        ) => Some(News::Lapsed(name())),
        (GrantState::Live | GrantState::Unsaved, GrantState::RegistrationLost) => {
            Some(News::RegistrationLost(name()))
        }
        _ => None,
    };
    let declined = (new.declined && !old.declined).then(|| News::Declined(name()));
    let consent = (new.consent != old.consent).then(|| News::Consent(name(), new.consent));
    [grant, declined, consent].into_iter().flatten()
}
