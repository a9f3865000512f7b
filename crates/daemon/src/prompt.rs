//! What waits for the person, and how it is put to them.

use crate::passphrase::Ask;
use crate::question;
use crate::work::{Doing, Work};
use broker::View;
use broker::wire::ServerState;

/// Characters of a resource that are shown.
const MAX_RESOURCE: usize = 200;

/// What is on the screen now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Prompt {
    Question(u64),
    SignIn(String),
    Unlock,
    Vault(Ask),
}

impl Prompt {
    /// The oldest thing that waits for the person. Without its passphrase the encrypted file leaves nothing
    /// to answer for, and what is typed for it must not become the answer to a question that comes up
    /// meanwhile. A valet that is locked comes before what was asked while it was open. What was answered and
    /// is under way is not asked again.
    pub(crate) fn of(view: &View, chosen: bool, work: &Work) -> Option<Self> {
        if let Some(ask) = Ask::of(view, chosen) {
            return (!work.is_doing(&Doing::Vault)).then_some(Self::Vault(ask));
        }
        if view.locked_by.is_some() {
            return (!work.is_doing(&Doing::Unlock)).then_some(Self::Unlock);
        }
        if let Some(question) = view.questions.first() {
            return Some(Self::Question(question.id));
        }
        view.wanted
            .iter()
            .filter(|wanted| !work.is_doing(&Doing::SignIn(wanted.server.clone())))
            .find(|wanted| needs_sign_in(view, &wanted.server))
            .map(|wanted| Self::SignIn(wanted.server.clone()))
    }

    /// Whether what is typed must not be seen.
    pub(crate) const fn is_secret(&self) -> bool {
        matches!(self, Self::Vault(ask) if ask.is_secret())
    }

    /// Whether it must have been read before it is answered. What is typed again follows at once.
    pub(crate) const fn is_read_first(&self) -> bool {
        !matches!(self, Self::Vault(Ask::Repeat))
    }

    pub(crate) fn words(&self, view: &View) -> String {
        match self {
            Self::Question(id) => {
                let question = view.questions.iter().find(|question| question.id == *id);
                question.map(|question| question::words(&question.about)).unwrap_or_default()
            }
            Self::SignIn(server) => {
                let wanted = view.wanted.iter().find(|wanted| wanted.server == *server);
                let agent = wanted.map_or("", |wanted| &wanted.agent);
                let resource = view.servers.iter().find(|known| known.name == *server);
                let resource = resource.and_then(|known| known.other_resource.as_deref()).map(tokens_for);
                let (agent, server) = (plain::named(agent), plain::named(server));
                let resource = resource.unwrap_or_default();
                format!(
                    "\n{agent} waits for you to sign in to {server}.\n{resource}  [s]ign in now   [n]ot now   don't [a]sk again > "
                )
            }
            Self::Vault(ask) => ask.words().to_owned(),
            Self::Unlock => "\nMCP Valet is locked. Press Enter to unlock it > ".to_owned(),
        }
    }

    /// What is said where it went without an answer from here.
    pub(crate) const fn gone(&self) -> &'static str {
        match self {
            Self::Unlock => "(unlocked)\n",
            Self::Question(_) | Self::SignIn(_) | Self::Vault(_) => "(answered elsewhere)\n",
        }
    }
}

/// What the tokens of a sign-in are good for, where that is not its server alone.
fn tokens_for(resource: &str) -> String {
    format!("  its tokens are for {}, not for this server alone\n", plain::plain(resource, MAX_RESOURCE))
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
