//! What a person may type where mcp-valetd runs, beside an answer: the right of one with a window.

use crate::errand::Errand;
use crate::terminal::{say, say_line};
use broker::{Person, StandingAnswer, View};
use words::say;

/// What can be typed.
pub(crate) fn help() -> String {
    let who = ("who", say!(terminal_help_who));
    let forget = ("forget N", say!(terminal_help_forget));
    let ask = ("ask NAME", say!(terminal_help_ask));
    let backup = ("backup FILE", say!(terminal_help_backup));
    let restore = ("restore FILE", say!(terminal_help_restore));
    let help = ("help", say!(terminal_help_help));
    [who, forget, ask, backup, restore, help].map(|(command, does)| format!("{command:12} {does}\n")).concat()
}

/// The answers as they were last listed: a number means what the person saw.
#[derive(Debug, Default)]
pub(crate) struct Listed(Vec<StandingAnswer>);

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Who,
    Forget(usize),
    Ask(String),
    Begin(Errand),
    Help,
}

impl Command {
    /// The command in a line; nothing if it is none.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let (verb, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        match (verb, rest.trim()) {
            ("who", "") => Some(Self::Who),
            ("help", "") => Some(Self::Help),
            ("forget", number) => number.parse().ok().map(Self::Forget),
            ("ask", server) if !server.is_empty() => Some(Self::Ask(server.to_owned())),
            (verb, file) => Errand::read(verb, file).map(Self::Begin),
        }
    }

    /// Does it, and says what came of it. What is to be done later it answers.
    pub(crate) fn obey(self, person: &Person, view: &View, listed: &mut Listed) -> Option<Errand> {
        match self {
            Self::Begin(errand) => return Some(errand),
            Self::Who => {
                *listed = Listed(view.answers.clone());
                say(&who(view));
            }
            Self::Forget(number) => forget(person, listed, number),
            Self::Ask(server) if view.servers.iter().any(|known| known.name == server) => {
                person.undecline(&server);
                say_line(&say!(terminal_asked_again, server = &server));
            }
            Self::Ask(server) => say_line(&say!(terminal_no_server, server = &server)),
            Self::Help => say(&help()),
        }
        None
    }
}

fn forget(person: &Person, listed: &Listed, number: usize) {
    let Some(answer) = number.checked_sub(1).and_then(|at| listed.0.get(at)) else {
        return say_line(&say!(terminal_no_such_number));
    };
    person.forget_answer(&answer.server, &answer.mark);
    say_line(&say!(terminal_forgotten, agent = &answer.consent.name, server = &answer.server));
}

fn who(view: &View) -> String {
    let answers = view.answers.iter().enumerate().map(|(at, answer)| line(at + 1, answer));
    let declined = view.servers.iter().filter(|server| server.declined).map(|server| {
        let line = match server.declined_for_good {
            true => say!(terminal_declined_for_good, server = &server.name),
            false => say!(terminal_declined, server = &server.name),
        };
        line + "\n"
    });
    let lines: String = answers.chain(declined).collect();
    if lines.is_empty() { say!(terminal_no_answers) + "\n" } else { lines }
}

fn line(number: usize, answer: &StandingAnswer) -> String {
    let consent = &answer.consent;
    let extent = consent.extent().map(|extent| format!(" ({extent})")).unwrap_or_default();
    let used =
        consent.last_used.map(|last| say!(terminal_used, count = consent.uses, last = format!("{last:.0}")));
    let answered = say!(
        terminal_answered,
        agent = &consent.name,
        server = &answer.server,
        answer = consent.answer.words() + &extent,
        since = format!("{:.0}", consent.since)
    );
    format!("{number:>3}  {answered}{}\n     {}\n", used.unwrap_or_default(), answer.executable)
}

#[cfg(test)]
mod tests {
    use super::Command;

    #[test]
    fn an_answer_is_no_command() {
        for answer in ["", "o", "f", "d", "for now", "no", "never", "yes", "forget", "forget it", "ask"] {
            assert_eq!(Command::read(answer), None, "{answer}");
        }
        assert_eq!(Command::read(" forget 2 "), Some(Command::Forget(2)));
        assert_eq!(Command::read("ask my server"), Some(Command::Ask("my server".to_owned())));
        let errand = Command::Begin(super::Errand::BackUp("/mnt/a b".into()));
        assert_eq!((Command::read("backup /mnt/a b"), Command::read("backup")), (Some(errand), None));
    }
}
