//! What a person may type where mcp-valetd runs, beside an answer: the right of one with a window.

use crate::terminal::say;
use broker::{Person, StandingAnswer, View};

/// What can be typed.
pub(crate) const HELP: &str = "\
who         your answers, by number, and the servers that you are not asked about
forget N    take answer N of that list back: the program asks again
ask NAME    be asked to sign in to a server again
help        this list
";

/// The answers as they were last listed: a number means what the person saw.
#[derive(Debug, Default)]
pub(crate) struct Listed(Vec<StandingAnswer>);

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Who,
    Forget(usize),
    Ask(String),
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
            _ => None,
        }
    }

    /// Does it, and says what came of it.
    pub(crate) fn obey(&self, person: &Person, view: &View, listed: &mut Listed) {
        match self {
            Self::Who => {
                *listed = Listed(view.answers.clone());
                say(&who(view));
            }
            Self::Forget(number) => forget(person, listed, *number),
            Self::Ask(server) if view.servers.iter().any(|known| known.name == *server) => {
                person.undecline(server);
                say(&format!("You are asked about {} again.\n", plain::named(server)));
            }
            Self::Ask(server) => say(&format!("There is no server \"{server}\".\n")),
            Self::Help => say(HELP),
        }
    }
}

fn forget(person: &Person, listed: &Listed, number: usize) {
    let Some(answer) = number.checked_sub(1).and_then(|at| listed.0.get(at)) else {
        return say("There is no such number. Type `who` for the list.\n");
    };
    person.forget_answer(&answer.server, &answer.mark);
    let (agent, server) = (plain::named(&answer.consent.name), plain::named(&answer.server));
    say(&format!("{agent} asks again before it uses {server}.\n"));
}

fn who(view: &View) -> String {
    let answers = view.answers.iter().enumerate().map(|(at, answer)| line(at + 1, answer));
    let declined = view.servers.iter().filter(|server| server.declined).map(|server| {
        let until = if server.declined_for_good { "until you say otherwise" } else { "until MCP Valet ends" };
        format!("{}: you are not asked to sign in, {until}\n", plain::named(&server.name))
    });
    let lines: String = answers.chain(declined).collect();
    if lines.is_empty() { "No answers are remembered.\n".to_owned() } else { lines }
}

fn line(number: usize, answer: &StandingAnswer) -> String {
    let consent = &answer.consent;
    let extent = consent.extent().map(|extent| format!(" ({extent})")).unwrap_or_default();
    let used = match consent.last_used {
        Some(last) => format!("; used {}x, last {last:.0}", consent.uses),
        None => String::new(),
    };
    format!(
        "{number:>3}  {} and {}: {}{extent}, since {:.0}{used}\n     {}\n",
        plain::named(&consent.name),
        plain::named(&answer.server),
        consent.answer.words(),
        consent.since,
        answer.executable,
    )
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
    }
}
