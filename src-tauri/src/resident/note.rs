//! What a notification says: a pure function of the [`View`].

use crate::tray::{Action, plain};
use broker::wire::{Form, ServerState};
use broker::{About, Answer, Question, View, Wanted};

/// What a notification is about; it is shown once, and taken away when this is settled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Question(u64),
    SignIn(String),
}

/// What a click does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    Answer(u64, Answer),
    Decline(String),
    DeclineForGood(String),
    Do(Action),
}

/// One notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) subject: Subject,
    pub(crate) summary: String,
    pub(crate) body: String,
    /// Key and words of each button, and what it does.
    pub(crate) buttons: Vec<(&'static str, &'static str, Effect)>,
    /// What a click on the rest of it does.
    pub(crate) click: Action,
}

/// Everything that waits for the person, oldest first.
pub(crate) fn notes(view: &View) -> Vec<Note> {
    let waits = |wanted: &&Wanted| {
        let state =
            view.servers.iter().find(|server| server.name == wanted.server).map(|server| server.state);
        matches!(state, Some(ServerState::AuthorizationRequired | ServerState::Lapsed))
    };
    let questions = view.questions.iter().map(question);
    questions.chain(view.wanted.iter().filter(waits).map(sign_in)).collect()
}

fn question(question: &Question) -> Note {
    let id = question.id;
    let answers = |yes: &'static str| {
        let allow = Effect::Answer(id, Answer::AllowOnce);
        vec![("deny", "Deny", Effect::Answer(id, Answer::Deny)), ("allow", yes, allow)]
    };
    let (summary, body, buttons) = match &question.about {
        About::Use { agent, server, host, .. } => {
            let summary = format!("{} wants to use {}", plain(agent), plain(server));
            (summary, format!("{host}\n{}", extent(&question.about)), answers("Allow once"))
        }
        About::Replace { agent, server } => {
            let summary = format!("{} signed in to {} anew", plain(agent), plain(server));
            (summary, "Put it in place of the sign-in that works now?".to_owned(), answers("Replace"))
        }
        // What it would allow has to be read first, and may be long.
        About::Configuration { raises } => {
            let review = ("review", "Review…", Effect::Do(Action::Question(id)));
            ("The configuration would allow more".to_owned(), raises.join("\n"), vec![review])
        }
    };
    Note { subject: Subject::Question(id), summary, body, buttons, click: Action::Question(id) }
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
    match (new, scopes) {
        (Some(new), _) => format!("{form}. Also: {new}\n{executable}"),
        (None, Some(scopes)) => format!("{form}: {scopes}\n{executable}"),
        (None, None) => format!("{form}\n{executable}"),
    }
}

fn sign_in(wanted: &Wanted) -> Note {
    let server = wanted.server.clone();
    Note {
        subject: Subject::SignIn(server.clone()),
        summary: format!("{} needs {}", plain(&wanted.agent), plain(&server)),
        body: "It waits for you to sign in.".to_owned(),
        buttons: vec![
            ("decline", "Not now", Effect::Decline(server.clone())),
            ("never", "Don't ask", Effect::DeclineForGood(server.clone())),
            ("authorize", "Authorize…", Effect::Do(Action::SignIn(server.clone()))),
        ],
        click: Action::Server(server),
    }
}
