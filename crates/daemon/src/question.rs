//! A question in words, and what is an answer to it.

use crate::{account, call, files, typed, wishes};
use broker::{About, Confirmation, ForwardedServer, Setting, Shared};
use words::say;

/// The question, up to where its answer is typed.
pub(crate) fn words(about: &About) -> String {
    match about {
        About::Use { agent, executable, by, servers, longest, .. } => {
            let program = program(executable, by.as_deref());
            wishes::words(agent, &program, servers) + &typed::offer(servers, *longest)
        }
        About::Call { agent, executable, by, call, count, longest, .. } => {
            call::words(agent, &program(executable, by.as_deref()), call, *count, *longest)
        }
        About::Account { agent, executable, by, host, folder, named, lasting, accounts, .. } => {
            let program = program(executable, by.as_deref());
            account::words((agent, &program), (host, folder), (*named, *lasting), accounts)
        }
        About::Add { agent, executable, by, server, url, runs_here, settings, .. } => {
            let settings: String =
                settings.iter().map(|setting| format!("    {}: {}\n", setting.key, value(setting))).collect();
            let (asks, add) = (say!(ask_add, agent = agent, server = server), say!(ask_add_it));
            let (address, brings) = match runs_here {
                false => (say!(ask_address, address = url), say!(ask_add_brings)),
                true => (say!(ask_starts, command = url), say!(ask_add_starts)),
            };
            let program = program(executable, by.as_deref());
            format!("\n{asks}\n{program}  {address}\n  {brings}\n{settings}  {add}  {} > ", say!(ask_yes_no))
        }
        About::Key { agent, executable, by, server, url, runs_here, key, headers, replaces, .. } => {
            let asks = match replaces {
                false => say!(ask_key, agent = agent, server = server),
                true => say!(ask_key_replace, agent = agent, server = server),
            };
            let into = headers.join(", ");
            let (address, goes) = match runs_here {
                false => (say!(ask_address, address = url), say!(ask_key_goes, key = key, headers = into)),
                true => {
                    (say!(ask_starts, command = url), say!(ask_key_goes_here, key = key, variables = into))
                }
            };
            let program = program(executable, by.as_deref());
            format!("\n{asks}\n{program}  {address}\n  {goes}\n  {} > ", say!(ask_yes_no))
        }
        About::Files { agent, executable, by, undo, files, moves, returns, lost, .. } => {
            let asked = files::Asked { undo: *undo, files, moves: moves.as_ref(), returns, lost };
            files::words(agent, &program(executable, by.as_deref()), &asked)
        }
        About::Forward { agent, executable, by, host, servers, .. } => {
            let one = |one: &ForwardedServer| match one.runs_here {
                true => format!("    {} ({}): {}\n", one.server, say!(ask_forward_runs_here), one.whole),
                false => format!("    {} ({}): {}\n", one.server, one.host, one.whole),
            };
            let (asks, use_there) =
                (say!(ask_forward, agent = agent, host = host), say!(ask_forward_servers));
            let servers: String = servers.iter().map(one).collect();
            let (note, begin) = (say!(ask_forward_note, host = host), say!(ask_forward_begin));
            let program = program(executable, by.as_deref());
            format!("\n{asks}\n{program}  {use_there}\n{servers}  {note}\n  {begin}  {} > ", say!(ask_yes_no))
        }
        About::Replace { agent, server } => confirm(&say!(ask_replace, agent = agent, server = server)),
        About::SignIn { server, issuer, other, shared, .. } => {
            // The other is in words of ours, with any name in quotes.
            let (told, then) = match shared {
                Shared::RedirectUri { address } => (
                    say!(
                        ask_sign_in_address,
                        server = server,
                        issuer = issuer,
                        address = address,
                        other = other
                    ),
                    say!(ask_give_address, issuer = issuer, other = other),
                ),
                Shared::Page { address } => (
                    say!(
                        ask_sign_in_page,
                        server = server,
                        issuer = issuer,
                        address = address,
                        other = other
                    ),
                    say!(ask_go_on, issuer = issuer),
                ),
            };
            confirm(&format!("{told}\n  {then}"))
        }
        About::Configuration { raises } => {
            let (edited, accept) = (say!(ask_configuration), say!(ask_accept));
            format!("\n{edited}\n  - {}\n  {accept}  {} > ", raises.join("\n  - "), say!(ask_yes_no))
        }
    }
}

fn program(executable: &str, by: Option<&str>) -> String {
    let by = by.map(|by| format!(" ({by})")).unwrap_or_default();
    format!("  {}{by}\n", say!(ask_program, program = executable))
}

fn confirm(question: &str) -> String {
    format!("\n{question}\n  {} > ", say!(ask_yes_no))
}

/// In quotes, so that nothing in it reads like the next setting.
fn value(setting: &Setting) -> String {
    let quoted = |value: &String| format!("\"{}\"", value.replace('"', "'"));
    setting.value.as_ref().map_or_else(|| say!(ask_secret), quoted)
}

/// The answer that a word is; else what to say to that. Whole words only: a key that was pressed by mistake
/// answers nothing.
pub(crate) fn read(word: &str) -> Result<Confirmation, String> {
    match word {
        "y" | "yes" => Ok(Confirmation::Yes),
        "n" | "no" | "d" | "don't" | "deny" => Ok(Confirmation::No),
        _ => Err(say!(ask_y_or_n)),
    }
}

/// What was decided. About the use of servers [`Typed`](crate::typed::Typed) says it, about calls [`call`],
/// and about accounts [`account`].
pub(crate) fn decided(about: &About, answer: Confirmation) -> String {
    match (about, answer) {
        (About::Use { .. } | About::Call { .. } | About::Account { .. }, _) => String::new(),
        (About::Add { .. }, Confirmation::No) => say!(ask_not_added),
        (About::Add { .. }, Confirmation::Yes) => say!(ask_being_added),
        (About::Key { .. }, Confirmation::No) => say!(ask_key_not_set),
        (About::Key { .. }, Confirmation::Yes) => say!(ask_key_being_set),
        (About::Files { .. }, Confirmation::No) => say!(ask_files_kept),
        (About::Files { .. }, Confirmation::Yes) => say!(ask_files_being_changed),
        (About::Forward { .. }, Confirmation::No) => say!(ask_forward_not_begun),
        (About::Forward { .. }, Confirmation::Yes) => say!(ask_forward_being_begun),
        (About::Replace { .. }, Confirmation::No) => say!(ask_not_replaced),
        (About::Replace { .. }, Confirmation::Yes) => say!(ask_replaced),
        (About::SignIn { .. }, Confirmation::No) => say!(ask_sign_in_stopped),
        (About::SignIn { .. }, Confirmation::Yes) => say!(ask_sign_in_goes_on),
        (About::Configuration { .. }, Confirmation::No) => say!(ask_configuration_kept),
        (About::Configuration { .. }, Confirmation::Yes) => say!(ask_configuration_taken),
    }
}
