//! What waits for the person, and how it is put to them.

use crate::errand::Errand;
use crate::passphrase::Asking;
use crate::question;
use crate::work::{Busy, Work};
use broker::wire::ServerState;
use broker::{Question, View};
use words::say;

/// Characters of a resource that are shown.
const MAX_RESOURCE: usize = 200;

/// What is on the screen now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// As it is shown: what joins it or leaves it makes it another prompt.
    Question(Box<Question>),
    SignIn(String),
    Unlock,
    Vault(Asking),
}

impl Prompt {
    /// The oldest thing that waits for the person. Without its passphrase the encrypted file leaves nothing
    /// to answer for, and what is typed for it must not become the answer to a question that comes up
    /// meanwhile. A valet that is locked comes before what was asked while it was open. What was answered and
    /// is under way is not asked again.
    pub(crate) fn of(view: &View, errand: Option<&Errand>, chosen: bool, work: &Work) -> Option<Self> {
        let begun = || errand.map(|errand| errand.asking(chosen));
        if let Some(ask) = Asking::of(view, chosen).or_else(begun) {
            return (!work.is_doing(&Busy::Vault)).then_some(Self::Vault(ask));
        }
        if view.locked_by.is_some() {
            return (!work.is_doing(&Busy::Unlock)).then_some(Self::Unlock);
        }
        if let Some(question) = view.questions.first() {
            return Some(Self::Question(Box::new(question.clone())));
        }
        view.wanted
            .iter()
            .filter(|wanted| !work.is_doing(&Busy::SignIn(wanted.server.clone())))
            .find(|wanted| needs_sign_in(view, &wanted.server))
            .map(|wanted| Self::SignIn(wanted.server.clone()))
    }

    /// Whether what is typed must not be seen.
    pub(crate) const fn is_secret(&self) -> bool {
        matches!(self, Self::Vault(ask) if ask.is_secret())
    }

    /// Whether it must have been read before it is answered. What is typed again follows at once.
    pub(crate) const fn is_read_first(&self) -> bool {
        !matches!(self, Self::Vault(Asking::Repeat | Asking::RepeatForBackup))
    }

    pub(crate) fn words(&self, view: &View) -> String {
        match self {
            Self::Question(question) => question::words(&question.about),
            Self::SignIn(server) => {
                let wanted = view.wanted.iter().find(|wanted| wanted.server == *server);
                let agent = wanted.map_or("", |wanted| &wanted.agent);
                let resource = view.servers.iter().find(|known| known.name == *server);
                let resource = resource.and_then(|known| known.other_resource.as_deref()).map(tokens_for);
                let waits = say!(ask_sign_in, agent = agent, server = server);
                format!("\n{waits}\n{}  {} > ", resource.unwrap_or_default(), say!(ask_sign_in_or_not))
            }
            Self::Vault(ask) => ask.words(),
            Self::Unlock => format!("\n{} > ", say!(ask_unlock)),
        }
    }

    /// What is said where it went without an answer from here.
    pub(crate) fn gone(&self) -> String {
        match self {
            Self::Unlock => say!(ask_unlocked),
            Self::Question(_) | Self::SignIn(_) | Self::Vault(_) => say!(ask_answered_elsewhere),
        }
    }
}

/// What the tokens of a sign-in are good for, where that is not its server alone.
fn tokens_for(resource: &str) -> String {
    format!("  {}\n", say!(ask_resource, resource = plain::plain(resource, MAX_RESOURCE)))
}

fn needs_sign_in(view: &View, server: &str) -> bool {
    let state = view.servers.iter().find(|known| known.name == server).map(|known| known.state);
    matches!(
        state,
        Some(
            ServerState::AuthorizationRequired
                | ServerState::Lapsed
                | ServerState::RegistrationLost
                | ServerState::Ready
        )
    )
}
