//! What needs the person, and which of it they were told of: one notification for each need, until it is met.
//! Meanwhile the tray shows it. Pure functions of the [`View`], and a memory of it.

use broker::wire::{GrantState, Server, ServerState};
use broker::{About, Question, View};
use std::collections::{BTreeMap, BTreeSet};

/// Questions whose numbers are remembered.
const MOST: u64 = 1024;

/// Something that only the person can see to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Attention {
    Question(u64),
    /// The configuration has a mistake.
    Configuration,
    /// The keychain cannot be read.
    Unlock,
    /// A program asked for something while the valet is locked.
    LockedOut,
    /// The keychain does not take what was signed in to.
    Save,
    SignIn(String),
    /// A program waits for a server whose key is not there, or refused.
    SetKey(String),
    /// A server works, and yet not for what a program wants of it. What it has is part of this: with more or
    /// anew it is another need.
    SignInAgain {
        server: String,
        has: String,
    },
    /// What a program did that only lowers is to be seen; nothing has to be answered.
    Deed(u64),
}

/// What was seen in this session.
#[derive(Debug, Default)]
pub(crate) struct Reminders {
    /// Servers that have worked: if one of them lapses, that is news.
    worked: BTreeSet<String>,
    told: BTreeSet<Attention>,
}

impl Reminders {
    /// Follows the view. What is met is forgotten: should it come again, it is another need.
    pub(crate) fn follow(&mut self, view: &View) {
        let named = |name: &String| view.servers.iter().any(|server| server.name == *name);
        self.worked.retain(named);
        let works = |server: &&Server| server.state == ServerState::Ready && server.grant != GrantState::None;
        self.worked.extend(view.servers.iter().filter(works).map(|server| server.name.clone()));
        self.told.retain(|need| stands(need, view));
    }

    /// Everything that may be on the screen now, the most urgent first: what a program waits for, then what
    /// keeps MCP Valet from working, then what is only to be seen.
    pub(crate) fn needs(&self, view: &View) -> Vec<Attention> {
        let locked_elsewhere = view.locked.is_some() && view.locked_by.is_none();
        let mut needs = questions(view);
        needs.extend(view.wanted_while_locked.as_ref().map(|_| Attention::LockedOut));
        needs.extend(locked_elsewhere.then_some(Attention::Unlock));
        needs.extend(view.servers.iter().filter_map(|server| self.of(server, view)));
        needs.extend(view.trouble.is_some().then_some(Attention::Configuration));
        needs.extend((view.locked.is_none() && is_unsaved(view)).then_some(Attention::Save));
        needs.extend(view.deeds.iter().map(|deed| Attention::Deed(deed.id)));
        needs
    }

    fn of(&self, server: &Server, view: &View) -> Option<Attention> {
        let wanted = view.wanted.iter().any(|wanted| wanted.server == server.name);
        match server.state {
            ServerState::AuthorizationRequired if wanted => Some(Attention::SignIn(server.name.clone())),
            ServerState::Lapsed | ServerState::RegistrationLost
                if wanted || self.worked.contains(&server.name) =>
            {
                Some(Attention::SignIn(server.name.clone()))
            }
            ServerState::KeyRequired | ServerState::KeyRefused if wanted => {
                Some(Attention::SetKey(server.name.clone()))
            }
            ServerState::Ready if wanted && !server.unattended => Some(again(server)),
            ServerState::AuthorizationRequired
            | ServerState::Lapsed
            | ServerState::RegistrationLost
            | ServerState::Ready
            | ServerState::Waiting
            | ServerState::ChoosingIssuer
            | ServerState::NeedsClientId
            | ServerState::KeyRequired
            | ServerState::KeyRefused
            | ServerState::Declined
            | ServerState::Failed
            | ServerState::Locked
            | ServerState::Opening => None,
        }
    }

    /// Whether the person knows of it already.
    pub(crate) fn is_told(&self, need: &Attention) -> bool {
        self.told.contains(need)
    }

    /// The person was told.
    pub(crate) fn tell(&mut self, need: Attention) {
        self.told.insert(need);
    }

    /// The person was not told after all: what showed it is gone.
    pub(crate) fn untell(&mut self, need: &Attention) {
        self.told.remove(need);
    }
}

/// The newest first, and one of each program before the second of any: neither three old ones nor a program
/// that asks much hides what another has just asked.
fn questions(view: &View) -> Vec<Attention> {
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, Attention)> = Vec::new();
    for question in view.questions.iter().rev() {
        let before = asked.entry(asker(question)).or_default();
        ranked.push((*before, Attention::Question(question.id)));
        *before += 1;
    }
    ranked.sort_by_key(|(before, _)| *before);
    ranked.into_iter().map(|(_, need)| need).collect()
}

/// The program that asks, or nobody.
fn asker(question: &Question) -> &str {
    match &question.about {
        About::Use { agent, .. }
        | About::Call { agent, .. }
        | About::Account { agent, .. }
        | About::Replace { agent, .. }
        | About::Add { agent, .. }
        | About::Key { agent, .. }
        | About::Files { agent, .. }
        | About::Forward { agent, .. } => agent,
        About::SignIn { agent, .. } => agent.as_deref().unwrap_or_default(),
        About::Configuration { .. } => "",
    }
}

/// Whether a need is still the one that it was. A sign-in that was tried in vain, or that nobody asks for
/// just now, is not met.
fn stands(need: &Attention, view: &View) -> bool {
    let server = |name: &String| view.servers.iter().find(|server| server.name == *name);
    match need {
        Attention::Question(id) => view.questions.iter().all(|newer| id + MOST > newer.id),
        Attention::Deed(id) => view.deeds.iter().any(|deed| deed.id == *id),
        Attention::Configuration => view.trouble.is_some(),
        Attention::Unlock => view.locked.is_some() && view.locked_by.is_none(),
        Attention::LockedOut => view.locked_by.is_some(),
        Attention::Save => is_unsaved(view),
        Attention::SignIn(name) | Attention::SetKey(name) => server(name)
            .is_some_and(|server| !matches!(server.state, ServerState::Ready | ServerState::Declined)),
        Attention::SignInAgain { server: name, .. } => {
            server(name).is_some_and(|server| server.state == ServerState::Ready && again(server) == *need)
        }
    }
}

/// What renews by itself has another end each time; only a sign-in gives another to what does not.
fn again(server: &Server) -> Attention {
    let end = server.expires_at.filter(|_| !server.renews).map(|end| end.to_string());
    let has = [server.scopes_granted.join(" "), end.unwrap_or_default()].join("\n");
    Attention::SignInAgain { server: server.name.clone(), has }
}

fn is_unsaved(view: &View) -> bool {
    view.servers.iter().any(|server| server.grant == GrantState::Unsaved)
}

#[cfg(test)]
#[path = "attention_tests.rs"]
mod tests;
