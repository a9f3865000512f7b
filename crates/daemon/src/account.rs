//! A question about the account for a folder in words, and what is typed to it.

use broker::AccountOffered;
use plain::named;
use std::fmt::Write;
use words::say;

/// The question, up to where its answer is typed.
pub(crate) fn words(
    (agent, program): (&str, &str),
    (host, folder): (&str, &str),
    is_named: bool,
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
    let _ = write!(words, "  {which}  {offer} > ");
    words
}

/// Whose it is, and for what.
fn beside(one: &AccountOffered) -> String {
    let account = one.account.as_ref().map(|account| say!(ask_account_as, account = account));
    let folders = Some(&one.folders).filter(|folders| !folders.is_empty());
    let folders = folders.map(|folders| say!(ask_account_for, folders = folders.join(", ")));
    let said: Vec<String> = account.into_iter().chain(folders).collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join("; ")) }
}

/// What a line says: which server, or none; else what to say to that.
pub(crate) fn read(
    word: &str,
    is_named: bool,
    accounts: &[AccountOffered],
) -> Result<Option<String>, String> {
    let nothing = || if is_named { say!(ask_y_or_n) } else { say!(ask_account_n) };
    match word {
        "n" | "no" | "none" | "d" | "don't" | "deny" => return Ok(None),
        "y" | "yes" if is_named => {}
        _ if is_named => return Err(nothing()),
        _ => {
            let at: usize = word.parse().map_err(|_| nothing())?;
            let one =
                at.checked_sub(1).and_then(|at| accounts.get(at)).ok_or_else(|| say!(ask_no_such_number))?;
            return Ok(Some(one.server.clone()));
        }
    }
    accounts.first().map(|only| Some(only.server.clone())).ok_or_else(nothing)
}

/// What was decided.
pub(crate) fn decided(chosen: Option<&str>) -> String {
    match chosen {
        Some(server) => say!(ask_account_chosen, server = server),
        None => say!(ask_account_none),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_names_one_of_several_and_a_yes_the_only_one() {
        let offered =
            |server: &str| AccountOffered { server: server.to_owned(), account: None, folders: vec![] };
        let both = [offered("acme"), offered("home")];
        let of = |word: &str, is_named, among: &[AccountOffered]| read(word, is_named, among).ok();
        assert_eq!(of("2", false, &both), Some(Some("home".to_owned())));
        assert_eq!((of("3", false, &both), of("0", false, &both), of("y", false, &both)), (None, None, None));
        assert_eq!(of("n", false, &both), Some(None));
        assert_eq!(of("y", true, &both[..1]), Some(Some("acme".to_owned())));
        assert_eq!((of("1", true, &both[..1]), of("", true, &both[..1])), (None, None));
    }
}
