//! What every surface draws: one picture of everything that concerns the person.

use crate::valet::programs::Programs;
use crate::valet::{Valet, kept_answers, reload};
use config::{AgentsPolicy, LockPolicy, Setting};
use consent::answers::Consents;
use consent::question::Question;
use consent::remembered;
use files::paths::Places;
use ground::cause::Cause;
use ground::fingerprint::fingerprint;
use jiff::Timestamp;
use serde::Serialize;
use state::book::Book;
use state::deed::Deed;
use state::shut::Shut;
use state::vault_notice::VaultNotice;
use std::collections::HashMap;
use vault::Vault;
use wire::{
    AnyReason, ClassRules, Consent, ConsentState, Forward, Problem, Reason, RevokedAll, Server, VaultKind,
    WebClient,
};
use words::say;

/// Everything that a surface shows. Tray, window, notification and terminal all draw this and nothing else.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// The servers, by name.
    pub servers: Vec<Server>,
    /// Agents that wait for the person to sign in.
    pub wanted: Vec<WantedSignIn>,
    /// Programs of this machine that run.
    pub programs: Vec<RunningProgram>,
    /// Sockets in other places that lead here.
    pub forwards: Vec<Forward>,
    /// Clients of the door that are let in.
    pub web_clients: Vec<WebClient>,
    /// Programs that the file names, and that are left alone until the person agrees.
    pub asleep: Vec<AsleepProgram>,
    /// Answers of the person that stand.
    pub answers: Vec<StandingAnswer>,
    /// Questions that wait for an answer, oldest first, and of each program a few.
    pub questions: Vec<Question>,
    /// How many more there are.
    pub more_questions: usize,
    /// The vault in use.
    pub vault: VaultKind,
    /// What an agent gets that was never answered about.
    pub agents: AgentsPolicy,
    /// What it may do where it gets leave.
    pub rules: ClassRules,
    /// When the valet locks by itself.
    pub lock: LockPolicy,
    /// Whether the valet starts when the person logs in. Null where the shell has no say in it.
    pub start_at_login: Option<bool>,
    /// Whether the desktop shows the shell's icon. Null as long as nothing there says so, or where a shell
    /// has none.
    pub icon_shown: Option<bool>,
    /// Where things are.
    pub places: Places,
    /// What programs did that the person has not seen yet, oldest first.
    pub deeds: Vec<Deed>,
    /// The last "revoke everything" of this run, as far as it has come.
    pub revoked_all: Option<RevokedAll>,
    /// The number of the newest entry in the audit.
    #[cfg_attr(test, ts(type = "number"))]
    pub activity: u64,
    /// Why nothing can be used now: the valet is locked, or the vault cannot be read or did not do the last
    /// thing that was asked of it.
    pub locked: Option<Problem>,
    /// What locked the valet, if it is the valet that is locked.
    pub locked_by: Option<Cause>,
    /// The program that first asked for something since the valet was locked, while the person could see a
    /// reminder.
    pub wanted_while_locked: Option<String>,
    /// What is wrong with the configuration on disk; the last good one is in use.
    pub trouble: Option<Problem>,
    /// What the person should know of where their sign-ins are kept.
    pub vault_notices: Vec<VaultNotice>,
    /// Other standing notices.
    pub notices: Vec<String>,
}

/// An agent that waits for the person to sign in to a server.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WantedSignIn {
    /// The server's name.
    pub server: String,
    /// The agent's name.
    pub agent: String,
}

/// A program of this machine that runs.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunningProgram {
    /// The server that it is.
    pub server: String,
    /// The application that it runs for, if that is still known.
    pub application: Option<String>,
    /// When it was started.
    #[cfg_attr(test, ts(type = "string"))]
    pub since: Timestamp,
}

/// A program that the file names, and that nobody has agreed to.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AsleepProgram {
    /// The name that the server would have.
    pub server: String,
    /// How it would be started, each part as a person reads it.
    pub settings: Vec<Setting>,
    /// By which this is told from what the file has later.
    pub mark: String,
}

impl AsleepProgram {
    pub(crate) fn of(name: &str, server: &config::ServerConfig) -> Self {
        let settings = config::program_settings(server);
        let parts =
            settings.iter().flat_map(|one| [one.key.as_str(), one.value.as_deref().unwrap_or_default()]);
        let parts: Vec<&str> = std::iter::once(server.place.as_str()).chain(parts).collect();
        let mark = fingerprint(&parts);
        Self { server: name.to_owned(), settings, mark }
    }
}

/// An answer of the person that stands.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandingAnswer {
    /// The server's name.
    pub server: String,
    /// By what the answer is taken back.
    pub mark: String,
    /// The agent's icon: a name in the desktop's theme, or the path of a file.
    pub icon: Option<String>,
    /// The path of its program.
    pub executable: String,
    /// The answer itself.
    pub consent: Consent,
}

/// What stays the same while the valet runs.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) places: Places,
}

/// What it is drawn of.
pub(crate) struct Drawn<'a> {
    pub(crate) book: &'a Book,
    pub(crate) consents: &'a Consents,
    /// Those that are shown, and how many more there are.
    pub(crate) questions: (Vec<Question>, usize),
    pub(crate) vault: &'a Vault,
    pub(crate) programs: &'a Programs,
    pub(crate) forwards: Vec<Forward>,
    pub(crate) web_clients: Vec<WebClient>,
    pub(crate) surroundings: &'a Surroundings,
    /// The number of the newest entry in the audit.
    pub(crate) activity: u64,
    pub(crate) start_at_login: Option<bool>,
    pub(crate) icon_shown: Option<bool>,
}

impl View {
    /// All standing notices in words.
    pub fn notices(&self) -> impl Iterator<Item = String> {
        let of_vault = self.vault_notices.iter().map(|notice| notice.sentence());
        of_vault.chain(self.notices.iter().cloned())
    }

    pub(crate) fn of(all: Drawn<'_>) -> Self {
        let Drawn { book, consents, vault, .. } = all;
        let (questions, more_questions) = all.questions;
        let servers = book.servers.values();
        let wanted = |server: &state::server::Server| {
            Some(WantedSignIn { server: server.name.clone(), agent: server.wish.by()?.to_owned() })
        };
        let shown = |server: &state::server::Server| {
            let mut shown = server.to_wire(book.why_locked(), ConsentState::None);
            all.programs.count(&server.id, &mut shown);
            shown
        };
        Self {
            wanted: servers.clone().filter_map(wanted).collect(),
            answers: standing(book, consents),
            servers: servers.map(shown).collect(),
            programs: all.programs.shown(book),
            forwards: all.forwards,
            web_clients: all.web_clients,
            asleep: asleep(book),
            questions,
            more_questions,
            vault: vault.kind(),
            agents: book.config.valet.agents,
            rules: book.config.valet.rules,
            lock: book.config.valet.lock,
            start_at_login: all.start_at_login,
            icon_shown: all.icon_shown,
            places: all.surroundings.places.clone(),
            deeds: book.deeds.clone(),
            revoked_all: book.revoked_all.clone(),
            locked: why_locked(book, vault),
            locked_by: book.lock.as_ref().map(|lock| lock.cause),
            wanted_while_locked: book.lock.as_ref().and_then(|lock| lock.wanted_by.clone()),
            activity: all.activity,
            trouble: book.trouble.clone(),
            vault_notices: book.vault_notices.clone(),
            notices: notices(book, consents),
        }
    }
}

fn asleep(book: &Book) -> Vec<AsleepProgram> {
    book.config.asleep.iter().map(|(name, server)| AsleepProgram::of(name, server)).collect()
}

/// Why nothing can be used now.
pub(crate) fn why_locked(book: &Book, vault: &Vault) -> Option<Problem> {
    book.why_locked().or(vault.trouble().map(Shut::Vault)).map(Problem::from)
}

/// What the person should know beside what concerns the vault.
pub(crate) fn notices(book: &Book, consents: &Consents) -> Vec<String> {
    book.notices().into_iter().chain(kept_answers::notice(consents)).collect()
}

/// The same as a program is told it.
pub(crate) fn notices_told(book: &Book, consents: &Consents) -> Vec<String> {
    book.notices_told().into_iter().chain(kept_answers::notice(consents)).collect()
}

/// What is wrong with the configuration, as a program is told it: what an edit that waits would have done is
/// shown to the person alone.
pub(crate) fn trouble_told(valet: &Valet, book: &Book) -> Option<Problem> {
    let problem = book.trouble.clone()?;
    let waits = problem.reason == Some(AnyReason::Known(Reason::ConfigurationWaits));
    Some(if waits { reload::waits(valet, say!(problem_edit_waits_told)) } else { problem })
}

/// By server, those that are allowed first.
fn standing(book: &Book, consents: &Consents) -> Vec<StandingAnswer> {
    let names: HashMap<&str, &str> =
        book.servers.values().map(|server| (&*server.id, &*server.name)).collect();
    let of = |standing: remembered::Lasting<'_>| {
        Some(StandingAnswer {
            server: (*names.get(standing.server)?).to_owned(),
            mark: standing.mark.to_owned(),
            icon: standing.who.icon().map(ToOwned::to_owned),
            executable: standing.who.path().to_owned(),
            consent: standing.consent,
        })
    };
    let mut standing: Vec<StandingAnswer> = consents.lasting().filter_map(of).collect();
    let rank = |one: &StandingAnswer| {
        (one.server.clone(), !one.consent.answer.is_yes(), one.consent.name.clone(), one.mark.clone())
    };
    standing.sort_by_cached_key(rank);
    standing
}
