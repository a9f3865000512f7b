//! A server as others may see it.

use crate::attempt::Attempt;
use crate::held::Held;
use crate::server::Server;
use crate::shut::Shut;
use oauth::Issuer;
use wire::{ConsentState, CredentialKind, LocalProgram, Problem, ServerState};
use words::say;

/// Characters of a client id that are shown.
const MAX_CLIENT_ID: usize = 2000;

impl Server {
    /// The one state that sums up all others. `locked` says why the vault cannot be read; where it can, what
    /// it has is about to be known.
    fn state(&self, locked: Option<&Shut>) -> ServerState {
        if self.keys_are_known() {
            return self.state_by_keys();
        }
        match (&self.held, &self.attempt) {
            // No agent gets what there is.
            (Held::Live(_) | Held::Unsaved(_), Attempt::None) if self.not_now.is_said() => {
                ServerState::Declined
            }
            (Held::Live(_) | Held::Unsaved(_), _) if self.doubts.refused.is_none() => ServerState::Ready,
            (Held::Sealed(_), _) if locked.is_none() => ServerState::Opening,
            (Held::Sealed(_), _) => ServerState::Locked,
            (
                _,
                Attempt::Preparing(_) | Attempt::Waiting(_) | Attempt::OnDevice(_) | Attempt::Finishing(_),
            ) => ServerState::Waiting,
            _ if self.not_now.is_said() => ServerState::Declined,
            _ if self.runs_here() => ServerState::Ready,
            (_, Attempt::ChoosingIssuer(_)) => ServerState::ChoosingIssuer,
            (_, Attempt::NeedsClientId { .. }) => ServerState::NeedsClientId,
            (_, Attempt::Failed(_)) => ServerState::Failed,
            (Held::Nothing | Held::Unregistered(..) | Held::Lapsed(_), Attempt::None)
                if self.is_unattended() =>
            {
                ServerState::Ready
            }
            (Held::Live(_) | Held::Unsaved(_), Attempt::None) if self.is_unattended() => ServerState::Failed,
            (Held::Unregistered(..), Attempt::None) => ServerState::RegistrationLost,
            (Held::Lapsed(_), Attempt::None) => ServerState::Lapsed,
            (Held::Nothing | Held::Live(_) | Held::Unsaved(_) | Held::Keys(_), Attempt::None) => {
                ServerState::AuthorizationRequired
            }
        }
    }

    /// The server as others may see it.
    pub fn to_wire(&self, locked: Option<Shut>, consent: ConsentState) -> wire::Server {
        let grant = self.held.grant();
        let parts = grant.map(|grant| &grant.parts);
        let lapse = match &self.held {
            Held::Lapsed(why) => Some(problems::lapsed(&self.name, why)),
            Held::Unregistered(_, why) => Some(problems::registration_lost(&self.name, why)),
            Held::Sealed(_) => locked.map(Problem::from),
            Held::Nothing | Held::Live(_) | Held::Unsaved(_) | Held::Keys(_) => None,
        };
        let ended = self.attempt.problem().cloned().or_else(|| self.upkeep.problem().cloned()).or(lapse);
        let news = || self.attempt.waiting().and_then(|waiting| waiting.news.clone());
        let problem = self.finishing_slowly().or_else(news).or(ended);
        let holds = grant.is_some() || self.held.keys().is_some();
        let refused = self.doubts.refused.as_ref().filter(|_| holds);
        let refused = || refused.map(|refused| refused.problem.clone());
        let unused = || self.doubts.for_another.clone().filter(|_| grant.is_some());
        let warning = || self.doubts.warning.clone().filter(|_| grant.is_some());
        let closed = matches!(locked, Some(Shut::Locked(_))) && holds;
        wire::Server {
            name: self.name.clone(),
            look_alike: self.look_alike.clone(),
            url: self.config.place.to_string(),
            state: if closed { ServerState::Locked } else { self.state(locked.as_ref()) },
            grant: self.held.to_wire(),
            attempt: self.attempt.to_wire(),
            declined: self.not_now.is_said(),
            declined_for_good: self.not_now.is_for_good(),
            consent,
            agents: Vec::new(),
            account: parts.and_then(|parts| parts.account.clone()),
            folders: self.config.folders.clone(),
            issuer: parts.map(|parts| plain::address(&parts.issuer)),
            client_id: self.client_id(),
            issuers: self.attempt.issuers().iter().map(Issuer::to_string).collect(),
            resource: self.resources().next().map(plain::address),
            other_resource: self.other_resource().map(plain::address),
            redirect_uri: self.redirect_uri(),
            own_redirect_uri: (self.credential() == CredentialKind::SignIn).then(|| self.own_redirect_uri()),
            device: self.attempt.device().cloned(),
            client_page: self.client_page().map(str::to_owned),
            scopes_wanted: self.scopes_wanted(),
            scopes_configured: self.config.oauth.scopes.clone(),
            scopes_granted: parts.map(|parts| parts.scopes.clone()).unwrap_or_default(),
            expires_at: grant.and_then(|grant| grant.expires_at),
            renews: grant.is_some_and(|grant| grant.refresh.is_some() || self.is_unattended()),
            unattended: self.is_unattended(),
            last_used: self.last_used,
            added_by: self.added.as_ref().map(|added| added.by.clone()),
            credential: self.credential(),
            keys: self.keys_to_wire(),
            headers: self.headers_to_wire(),
            program: self.program_to_wire(),
            key_page: self.key_page().map(str::to_owned),
            offers_sign_in: self.takes_keys() && self.offers_sign_in,
            problem: problem.or_else(|| self.key_problem()).or_else(refused).or_else(unused).or_else(warning),
        }
    }

    fn credential(&self) -> CredentialKind {
        match (self.takes_keys(), self.runs_here()) {
            (true, _) => CredentialKind::Key,
            (false, true) => CredentialKind::None,
            (false, false) => CredentialKind::SignIn,
        }
    }

    /// The program that it is, of which nobody here knows how many run.
    fn program_to_wire(&self) -> Option<LocalProgram> {
        let program = self.config.place.program()?;
        Some(LocalProgram {
            command: Some(plain::shown(&program.command)),
            args: program.args.iter().map(|line| plain::shown(&line.to_string())).collect(),
            cwd: program.cwd.clone(),
            running: 0,
        })
    }

    /// Where its provider makes and ends its keys, if it takes any.
    #[must_use]
    pub fn key_page(&self) -> Option<&'static str> {
        self.config.place.url().filter(|_| self.takes_keys()).and_then(oauth::key_page)
    }

    /// Where a person registers a client for it, if they have to, or want to.
    fn client_page(&self) -> Option<&'static str> {
        let issuer = self.issuer_without_client().or_else(|| self.likely_issuer().map(str::to_owned))?;
        oauth::client_page(&Issuer::parse(&issuer).ok()?)
    }

    /// What whoever waits for a sign-in should know while its code is being exchanged.
    fn finishing_slowly(&self) -> Option<Problem> {
        let (Attempt::Finishing(_), Some((_, host))) = (&self.attempt, self.awaited.last_key_value()) else {
            return None;
        };
        Some(problems::exchange_slow(&self.name, host))
    }

    /// What the person should know of answers that take long.
    pub fn slow(&self) -> Option<String> {
        let (_, host) = self.awaited.last_key_value()?;
        let ended = matches!(self.held, Held::Nothing | Held::Lapsed(_)) && self.attempt.number().is_none();
        Some(match ended {
            false => say!(notice_slow, server = &self.name, host = host),
            true => say!(notice_slow_revoked, server = &self.name, host = host),
        })
    }

    /// Our client: of the sign-in that waits, of the grant, or made by hand.
    fn client_id(&self) -> Option<String> {
        let waiting = self.attempt.waiting().map(|waiting| &waiting.back.parts.client.id);
        let granted = self.held.grant().map(|grant| &grant.parts.client.id);
        let id = waiting.or(granted).or(self.config.oauth.client_id.as_ref());
        // RFC 6749, appendix A.1: printable ASCII. An issuer may have given anything.
        id.map(|id| plain::ascii(id, MAX_CLIENT_ID))
    }
}
