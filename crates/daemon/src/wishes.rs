//! What a program wants to use, and what it would get, in words.

use broker::Wish;
use broker::wire::Form;
use plain::named;
use std::fmt::Write;
use words::say;

/// So many permissions are named, in so many characters; a question must fit on a screen.
const MOST: usize = 12;
const LONGEST: usize = 600;
/// The least of that which each of several servers has.
const LEAST: usize = 2;
const SHORTEST: usize = 80;

/// The question, up to what can be answered. Several servers have numbers.
pub(crate) fn words(agent: &str, program: &str, servers: &[Wish]) -> String {
    if let [wish] = servers {
        let asks = say!(ask_use, agent = agent, server = &wish.server, host = &wish.host);
        return format!("\n{asks}\n{program}{}", lines(wish, 1, "  "));
    }
    let asks = say!(ask_use_several, agent = agent, count = servers.len());
    let mut words = format!("\n{asks}\n{program}");
    for (at, wish) in servers.iter().enumerate() {
        let lines = lines(wish, servers.len(), "      ");
        let _ = write!(words, "  {:>2}  {} ({})\n{lines}", at + 1, named(&wish.server), wish.host);
    }
    words
}

/// What it would get, a line each.
fn lines(wish: &Wish, of: usize, margin: &str) -> String {
    extent(wish, of).iter().fold(String::new(), |mut lines, line| {
        let _ = writeln!(lines, "{margin}{line}");
        lines
    })
}

fn extent(wish: &Wish, of: usize) -> Vec<String> {
    let Wish { form, scopes, lives, before, resource, account, folder, .. } = wish;
    let account = account.as_ref().map(|account| say!(ask_use_as, account = account));
    let folder = folder.as_ref().map(|folder| say!(ask_use_in, folder = folder));
    let resource = resource.as_ref();
    let resource = resource.map(|resource| say!(ask_resource, resource = resource));
    let hours = lives.map(|seconds| (seconds + 1800) / 3600);
    let form_line = match (form, hours) {
        (Form::Proxied, _) => say!(ask_form_proxied),
        (Form::Token, Some(2..)) => {
            say!(ask_form_token_hours, hours = hours.unwrap_or_default())
        }
        (Form::Token, _) => say!(ask_form_token),
        (Form::LastingToken, Some(hours)) => {
            say!(ask_form_lasting_days, days = hours / 24)
        }
        (Form::LastingToken, None) => {
            say!(ask_form_lasting)
        }
    };
    let scopes_line = match scopes.as_deref() {
        None => Some(say!(ask_scopes_unknown)),
        Some([]) => None,
        Some(scopes) => Some(say!(ask_scopes, scopes = shortened(scopes, of))),
    };
    let new = before.as_ref().map(|before| shortened(&before.new_scopes, of)).filter(|new| !new.is_empty());
    let wider = new.map(|new| say!(ask_also, scopes = new));
    let token = before.as_ref().is_some_and(|before| before.form < *form);
    let token = token.then(|| say!(ask_new_form));
    [account, folder, resource, scopes_line, wider, Some(form_line), token].into_iter().flatten().collect()
}

/// As many as there is room for where so many servers share it.
fn shortened(scopes: &[String], of: usize) -> String {
    let (most, longest) = ((MOST / of).max(LEAST), (LONGEST / of).max(SHORTEST));
    let mut length = 0;
    let fits = |scope: &&String| {
        length += scope.chars().count() + 2;
        length <= longest
    };
    let named: Vec<&str> = scopes.iter().take(most).take_while(fits).map(String::as_str).collect();
    match scopes.len() - named.len() {
        0 => named.join(", "),
        more if named.is_empty() => say!(ask_scopes_too_long, more = more),
        more => say!(ask_scopes_more, scopes = named.join(", "), more = more),
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, shortened};

    #[test]
    fn many_permissions_and_long_ones_are_counted_and_not_named() {
        let many: Vec<String> = (0..256).map(|n| format!("scope-{n}")).collect();
        let said = shortened(&many, 1);
        assert!(said.ends_with("scope-11, and 244 more"), "{said}");
        let long = vec!["x".repeat(135); 256];
        assert!(shortened(&long, 1).ends_with(", and 252 more") && shortened(&long, 1).len() < LONGEST + 20);
        assert_eq!(shortened(&["x".repeat(1000)], 1), "1, too long to be shown");
        assert_eq!(shortened(&many[..2], 1), "scope-0, scope-1");
        assert_eq!(shortened(&many, 12), "scope-0, scope-1, and 254 more");
    }
}
