//! A question about the account for a folder in words, and what is typed to it.

use broker::AccountOffered;
use plain::named;
use std::fmt::Write;
use words::say;

/// The question, up to where its answer is typed.
pub(crate) fn words(
    (agent, program): (&str, &str),
    (host, folder): (&str, &str),
    (is_named, lasting): (bool, bool),
    accounts: &[AccountOffered],
) -> String {
    let only = accounts.first().filter(|_| is_named);
    let asks = match only {
        Some(only) => {
            say!(ask_account_of, agent = agent, server = &only.server, host = host, folder = folder)
        }
        None => say!(ask_account, agent = agent, host = host, folder = folder),
    };
    let mut words = format!("\n{asks}\n{program}");
    for (at, one) in accounts.iter().enumerate() {
        let number = if is_named { String::new() } else { format!("{:>2}  ", at + 1) };
        let _ = writeln!(words, "  {number}{}{}", named(&one.server), beside(one));
    }
    let (which, offer) = match only {
        Some(_) => (say!(ask_account_that), say!(ask_yes_no)),
        None => (say!(ask_account_which), say!(ask_account_number)),
    };
    let always = match (lasting, only) {
        (false, _) => String::new(),
        (true, Some(_)) => format!("  {}\n", say!(ask_account_always_that)),
        (true, None) => format!("  {}\n", say!(ask_account_always)),
    };
    let _ = write!(words, "{always}  {which}  {offer} > ");
    words
}

/// Whose it is, and for what.
fn beside(one: &AccountOffered) -> String {
    let unread = one.unread.then(|| say!(ask_account_unread));
    let account = one.account.as_ref().map(|account| say!(ask_account_as, account = account)).or(unread);
    let folders = Some(&one.folders).filter(|folders| !folders.is_empty());
    let folders = folders.map(|folders| say!(ask_account_for, folders = folders.join(", ")));
    let said: Vec<String> = account.into_iter().chain(folders).collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join("; ")) }
}

/// An account that was named.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) server: String,
    /// For that folder from now on, and not in this run alone.
    pub(crate) from_now_on: bool,
}

/// What a line says: which server, or none; else what to say to that.
pub(crate) fn read(
    line: &str,
    (is_named, lasting): (bool, bool),
    accounts: &[AccountOffered],
) -> Result<Option<Chosen>, String> {
    let always = line.split_once(' ').filter(|(always, _)| lasting && *always == "always");
    let (from_now_on, word) = match always {
        Some((_, word)) => (true, word.trim()),
        None if lasting && is_named && line == "always" => (true, "y"),
        None => (false, line),
    };
    let chosen = |one: &AccountOffered| Chosen { server: one.server.clone(), from_now_on };
    let nothing = || if is_named { say!(ask_y_or_n) } else { say!(ask_account_n) };
    match word {
        "n" | "no" | "none" | "d" | "don't" | "deny" if !from_now_on => return Ok(None),
        "y" | "yes" if is_named => {}
        _ if is_named => return Err(nothing()),
        _ => {
            let at: usize = word.parse().map_err(|_| nothing())?;
            let one =
                at.checked_sub(1).and_then(|at| accounts.get(at)).ok_or_else(|| say!(ask_no_such_number))?;
            return Ok(Some(chosen(one)));
        }
    }
    accounts.first().map(|only| Some(chosen(only))).ok_or_else(nothing)
}

/// What was decided.
pub(crate) fn decided(chosen: Option<&Chosen>) -> String {
    match chosen {
        Some(Chosen { server, from_now_on: true }) => say!(ask_account_given, server = server),
        Some(Chosen { server, from_now_on: false }) => say!(ask_account_chosen, server = server),
        None => say!(ask_account_none),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_names_one_of_several_and_a_yes_the_only_one() {
        let offered = |server: &str| AccountOffered {
            server: server.to_owned(),
            account: None,
            unread: false,
            folders: vec![],
        };
        let both = [offered("acme"), offered("home")];
        let of = |line: &str, named, lasting, among: &[AccountOffered]| {
            let said = read(line, (named, lasting), among).ok();
            said.map(|chosen| chosen.map(|chosen| (chosen.server, chosen.from_now_on)))
        };
        let some = |server: &str, from_now_on| Some(Some((server.to_owned(), from_now_on)));
        assert_eq!(of("2", false, false, &both), some("home", false));
        assert_eq!(of("always 2", false, true, &both), some("home", true));
        for line in ["3", "0", "y", "always 2", "always", "always n"] {
            assert_eq!(of(line, false, false, &both), None, "{line}");
        }
        for line in ["always 3", "always n", "always", "always y"] {
            assert_eq!(of(line, false, true, &both), None, "{line}");
        }
        assert_eq!(of("n", false, true, &both), Some(None));
        assert_eq!(of("y", true, true, &both[..1]), some("acme", false));
        assert_eq!(of("always", true, true, &both[..1]), some("acme", true));
        for line in ["1", "", "always"] {
            assert_eq!(of(line, true, false, &both[..1]), None, "{line}");
        }
    }
}
