//! What a notification says: a pure function of the [`View`].

use crate::resident::attention::Attention;
use crate::resident::page;
use crate::tray::{named, plain};
use broker::wire::{Problem, VaultKind};
use broker::{About, Deed, Question, View, Wish};
use words::say;

/// One notification. It answers nothing: a click opens a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) summary: String,
    pub(crate) body: String,
    /// Where the window is opened.
    pub(crate) page: String,
}

/// The words for a need; `None` if the view has it no more.
pub(crate) fn note(need: &Attention, view: &View) -> Option<Note> {
    match need {
        Attention::Question(id) => view.questions.iter().find(|question| question.id == *id).map(question),
        Attention::Configuration => view.trouble.as_ref().map(configuration),
        Attention::Unlock => view.locked.as_ref().map(|locked| unlock(locked, view.vault)),
        Attention::LockedOut => view.wanted_while_locked.as_deref().map(locked_out),
        Attention::Save => Some(unsaved()),
        Attention::SignIn(server) => Some(sign_in(server, view)),
        Attention::SetKey(server) => Some(set_key(server, view)),
        Attention::SignInAgain { server, .. } => Some(sign_in_again(server, view)),
        Attention::Deed(id) => view.deeds.iter().find(|deed| deed.id == *id).map(deed),
    }
}

/// What a program did that only lowers: said once, and nothing has to be answered.
fn deed(deed: &Deed) -> Note {
    Note {
        summary: plain(&deed.agent),
        body: format!("{}.", deed.sentence()),
        page: deed.server.as_deref().map_or_else(|| "/".to_owned(), page::server),
    }
}

/// Shown once for each lock, by the first program that asks.
fn locked_out(agent: &str) -> Note {
    Note {
        summary: say!(banner_locked),
        body: say!(banner_locked_out, agent = named(agent)),
        page: "/".to_owned(),
    }
}

fn question(question: &Question) -> Note {
    let (summary, body) = match &question.about {
        About::Use { agent, servers, executable, .. } => match servers.as_slice() {
            [one] => (
                say!(banner_use, agent = named(agent), server = named(&one.server)),
                format!("{}\n{}", at(&one.host, one.account.as_deref()), short(executable)),
            ),
            several => (
                say!(banner_use_several, agent = named(agent), count = several.len()),
                format!("{}\n{}", short(&names(several)), short(executable)),
            ),
        },
        About::Call { agent, call, executable, .. } => (
            say!(banner_call, agent = named(agent), tool = named(&call.name)),
            format!(
                "{} ({})\n{}",
                plain(&call.server),
                at(&call.host, call.account.as_deref()),
                short(executable)
            ),
        ),
        About::Account { agent, host, folder, .. } => (
            say!(banner_account, agent = named(agent), host = host),
            say!(banner_account_in, folder = short(folder)),
        ),
        About::Replace { agent, server } => {
            (say!(banner_replace, agent = named(agent), server = named(server)), say!(banner_replace_note))
        }
        About::Add { agent, server, host, executable, .. } => (
            say!(banner_add, agent = named(agent), server = named(server)),
            format!("{host}\n{}", short(executable)),
        ),
        About::Key { agent, server, host, executable, .. } => (
            say!(banner_key, agent = named(agent), server = named(server)),
            format!("{host}\n{}", short(executable)),
        ),
        About::Files { agent, files, executable, .. } => {
            let mut names: Vec<&str> = files.iter().map(|file| file.program.as_str()).collect();
            names.dedup();
            (
                say!(banner_files, agent = named(agent)),
                format!("{}\n{}", short(&names.join(", ")), short(executable)),
            )
        }
        About::Forward { agent, host, servers, executable, .. } => {
            let names: Vec<&str> = servers.iter().map(|one| one.server.as_str()).collect();
            (
                say!(banner_forward, agent = named(agent), host = host),
                format!("{}\n{}", short(&names.join(", ")), short(executable)),
            )
        }
        About::SignIn { server, issuer, other, .. } => (
            say!(banner_sign_in, server = named(server)),
            say!(banner_sign_in_note, issuer = issuer, other = other),
        ),
        About::Configuration { raises } => (say!(banner_configuration_raises), raises.join("\n")),
    };
    Note { summary, body, page: page::question(question.id) }
}

/// Where, and as whom.
fn at(host: &str, account: Option<&str>) -> String {
    let account = account.map(|account| say!(ask_use_as, account = short(account)));
    account.map_or_else(|| host.to_owned(), |account| format!("{host}, {account}"))
}

fn set_key(server: &str, view: &View) -> Note {
    let agent = view.wanted.iter().find(|wanted| wanted.server == server).map(|wanted| named(&wanted.agent));
    Note {
        summary: say!(banner_set_key, server = named(server)),
        body: agent.map(|agent| say!(banner_set_key_for, agent = agent)).unwrap_or_default(),
        page: page::server(server),
    }
}

fn sign_in(server: &str, view: &View) -> Note {
    let name = named(server);
    let (summary, body) = match agent(server, view) {
        Some(agent) => (say!(banner_needs, agent = agent, name = name), say!(banner_needs_note)),
        None => (say!(banner_ended, name = name), say!(banner_ended_note)),
    };
    Note { summary, body, page: page::server(server) }
}

fn sign_in_again(server: &str, view: &View) -> Note {
    let agent = agent(server, view).unwrap_or_else(|| say!(banner_a_program));
    Note {
        summary: say!(banner_needs_more, agent = agent, server = named(server)),
        body: say!(banner_needs_more_note),
        page: page::server(server),
    }
}

fn agent(server: &str, view: &View) -> Option<String> {
    view.wanted.iter().find(|wanted| wanted.server == server).map(|wanted| named(&wanted.agent))
}

fn configuration(trouble: &Problem) -> Note {
    Note {
        summary: say!(banner_configuration),
        body: format!("{}\n{}", trouble.detail, say!(banner_configuration_note)),
        page: "/".to_owned(),
    }
}

/// The encrypted file opens by its passphrase alone, which is given on a page of its own.
fn unlock(locked: &Problem, vault: VaultKind) -> Note {
    let (summary, page) = match vault {
        VaultKind::File => (say!(banner_file), "/passphrase"),
        VaultKind::Keychain | VaultKind::Memory | VaultKind::Shared => (say!(banner_keychain), "/"),
    };
    Note { summary, body: format!("{}\n{}", locked.detail, locked.advice), page: page.to_owned() }
}

fn unsaved() -> Note {
    Note { summary: say!(banner_unsaved), body: say!(banner_unsaved_note), page: "/".to_owned() }
}

fn names(servers: &[Wish]) -> String {
    servers.iter().map(|one| plain(&one.server)).collect::<Vec<_>>().join(", ")
}

/// Characters of a text of any length that a notification has room for.
const ROOM: usize = 100;

/// With its beginning and its end: a path ends with what matters most.
fn short(text: &str) -> String {
    let length = text.chars().count();
    if length <= ROOM {
        return text.to_owned();
    }
    let half = ROOM / 2;
    let (begin, end) = (text.chars().take(half), text.chars().skip(length - half));
    begin.chain(['…']).chain(end).collect()
}
