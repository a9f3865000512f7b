//! What a notification says: a pure function of the [`View`].

use crate::resident::need::Need;
use crate::tray::{Action, named, plain};
use broker::wire::{Form, Problem, VaultKind};
use broker::{About, Answer, Deed, Question, View};

/// What a click does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    Answer(u64, Answer),
    Decline(String),
    DeclineForGood(String),
    PutAway(u64),
    Do(Action),
}

/// One notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) summary: String,
    pub(crate) body: String,
    /// Key and words of each button, and what it does.
    pub(crate) buttons: Vec<(&'static str, &'static str, Effect)>,
    /// What a click on the rest of it does.
    pub(crate) click: Action,
}

/// The words for a need; `None` if the view has it no more.
pub(crate) fn note(need: &Need, view: &View) -> Option<Note> {
    match need {
        Need::Question(id) => view.questions.iter().find(|question| question.id == *id).map(question),
        Need::Configuration => view.trouble.as_ref().map(configuration),
        Need::Unlock => view.locked.as_ref().map(|locked| unlock(locked, view.vault)),
        Need::LockedOut => view.wanted_while_locked.as_deref().map(locked_out),
        Need::Save => Some(unsaved()),
        Need::SignIn(server) => Some(sign_in(server, view)),
        Need::SignInAgain { server, .. } => Some(sign_in_again(server, view)),
        Need::Deed(id) => view.deeds.iter().find(|deed| deed.id == *id).map(deed),
    }
}

/// What a program did that only lowers: said once, and nothing has to be answered.
fn deed(deed: &Deed) -> Note {
    Note {
        summary: plain(&deed.agent),
        body: format!("{}.", deed.sentence()),
        buttons: vec![("seen", "OK", Effect::PutAway(deed.id))],
        click: deed.server.clone().map_or(Action::Open, Action::Server),
    }
}

/// Shown once for each lock, by the first program that asks.
fn locked_out(agent: &str) -> Note {
    Note {
        summary: "MCP Valet is locked".to_owned(),
        body: format!("{} wants to use a server. Unlock to let it go on.", named(agent)),
        buttons: vec![("unlock", "Unlock", Effect::Do(Action::Unlock))],
        click: Action::Open,
    }
}

fn question(question: &Question) -> Note {
    let id = question.id;
    let answers = |yes: &'static str| {
        let allow = Effect::Answer(id, Answer::AllowOnce);
        vec![("deny", "Deny", Effect::Answer(id, Answer::Deny)), ("allow", yes, allow)]
    };
    let (summary, body, buttons) = match &question.about {
        About::Use { agent, server, host, resource, .. } => {
            let summary = format!("{} wants to use {}", named(agent), named(server));
            let place = resource
                .as_ref()
                .map_or_else(|| host.clone(), |resource| format!("{host}, for {}", short(resource.clone())));
            (summary, format!("{place}\n{}", extent(&question.about)), answers("Allow once"))
        }
        About::Replace { agent, server } => {
            let summary = format!("{} signed in to {} again", named(agent), named(server));
            (summary, "Put it in place of the sign-in that works now?".to_owned(), answers("Replace"))
        }
        // What aims a sign-in, or allows more, has to be read first, and may be long.
        About::Add { agent, server, host, executable, .. } => {
            let summary = format!("{} wants to add {}", named(agent), named(server));
            let body = format!("{host}\nIt says how you sign in there.\n{}", short(executable.clone()));
            (summary, body, vec![review(id)])
        }
        // What it comes to has to be read first.
        About::SignIn { server, issuer, other, .. } => {
            let body = format!("It is at {issuer}, and goes a way that {other} uses as well.");
            (format!("The sign-in to {} needs you", named(server)), body, vec![review(id)])
        }
        About::Configuration { raises } => {
            ("The configuration would allow more".to_owned(), raises.join("\n"), vec![review(id)])
        }
    };
    Note { summary, body, buttons, click: Action::Question(id) }
}

fn review(id: u64) -> (&'static str, &'static str, Effect) {
    ("review", "Review…", Effect::Do(Action::Question(id)))
}

fn sign_in(server: &str, view: &View) -> Note {
    let name = named(server);
    let (summary, body) = match agent(server, view) {
        Some(agent) => (format!("{agent} needs {name}"), "It waits for you to sign in."),
        None => (
            format!("The sign-in to {name} has ended"),
            "Your programs cannot use it until you sign in again.",
        ),
    };
    let decline = ("decline", "Not now", Effect::Decline(server.to_owned()));
    let never = ("never", "Don’t ask again", Effect::DeclineForGood(server.to_owned()));
    Note {
        summary,
        body: body.to_owned(),
        buttons: vec![decline, never, authorize(server)],
        click: Action::Server(server.to_owned()),
    }
}

/// No "Not now" here: what works would stop for everybody.
fn sign_in_again(server: &str, view: &View) -> Note {
    let name = named(server);
    Note {
        summary: format!(
            "{} needs more of {name}",
            agent(server, view).unwrap_or_else(|| "A program".to_owned())
        ),
        body: "It waits for you to sign in again. What you have goes on working.".to_owned(),
        buttons: vec![authorize(server)],
        click: Action::Server(server.to_owned()),
    }
}

fn authorize(server: &str) -> (&'static str, &'static str, Effect) {
    ("authorize", "Authorize…", Effect::Do(Action::SignIn(server.to_owned())))
}

fn agent(server: &str, view: &View) -> Option<String> {
    view.wanted.iter().find(|wanted| wanted.server == server).map(|wanted| named(&wanted.agent))
}

fn configuration(trouble: &Problem) -> Note {
    Note {
        summary: "The configuration has a mistake".to_owned(),
        body: format!("{}\nWhat was there before stays in use.", trouble.detail),
        buttons: Vec::new(),
        click: Action::Open,
    }
}

/// The encrypted file opens by its passphrase alone, which is given in the window.
fn unlock(locked: &Problem, vault: VaultKind) -> Note {
    let (summary, words, action) = match vault {
        VaultKind::File => ("MCP Valet cannot read the encrypted file", "Open…", Action::Passphrase),
        VaultKind::Keychain | VaultKind::Memory => {
            ("MCP Valet cannot read the keychain", "Unlock…", Action::Unlock)
        }
    };
    Note {
        summary: summary.to_owned(),
        body: format!("{}\n{}", locked.detail, locked.advice),
        buttons: vec![("unlock", words, Effect::Do(action))],
        click: Action::Open,
    }
}

fn unsaved() -> Note {
    Note {
        summary: "A sign-in could not be saved".to_owned(),
        body: "It cannot be stored now. It works meanwhile, and is tried again.".to_owned(),
        buttons: Vec::new(),
        click: Action::Open,
    }
}

/// Characters of a text of any length that a notification has room for.
const ROOM: usize = 100;

/// With its beginning and its end: a path ends with what matters most.
fn short(text: String) -> String {
    let length = text.chars().count();
    if length <= ROOM {
        return text;
    }
    let half = ROOM / 2;
    let (begin, end) = (text.chars().take(half), text.chars().skip(length - half));
    begin.chain(['…']).chain(end).collect()
}

/// What an agent would get, in two lines: more is in the window.
fn extent(about: &About) -> String {
    let About::Use { form, scopes, before, executable, .. } = about else { return String::new() };
    let form = match form {
        Form::Proxied => "Goes through MCP Valet, sees no key",
        Form::Token => "Gets a short-lived key",
        Form::LastingToken => "Gets a key that nobody can recall",
    };
    let new = before.as_ref().map(|before| before.new_scopes.join(", ")).filter(|new| !new.is_empty());
    let scopes = scopes.as_ref().map(|scopes| scopes.join(", ")).filter(|scopes| !scopes.is_empty());
    let (new, scopes, executable) = (new.map(short), scopes.map(short), short(executable.clone()));
    match (new, scopes) {
        (Some(new), _) => format!("{form}. Also: {new}\n{executable}"),
        (None, Some(scopes)) => format!("{form}: {scopes}\n{executable}"),
        (None, None) => format!("{form}\n{executable}"),
    }
}
