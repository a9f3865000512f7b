//! A question in words, and what is an answer to it.

use broker::wire::Form;
use broker::{About, Answer, Setting, Shared};
use plain::named;
use std::fmt::Write;

/// So many permissions are named, in so many characters; a question must fit on a screen.
const MOST: usize = 12;
const LONGEST: usize = 600;

/// The question, up to where its answer is typed.
pub(crate) fn words(about: &About) -> String {
    match about {
        About::Use { agent, executable, by, server, host, resource, .. } => {
            let (agent, server) = (named(agent), named(server));
            let by = by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
            let extent: String = extent(about).iter().fold(String::new(), |mut lines, line| {
                let _ = writeln!(lines, "  {line}");
                lines
            });
            let answers = answers(about);
            let resource = resource
                .as_ref()
                .map(|resource| format!("  its tokens are for {resource}, not for this server alone\n"));
            let resource = resource.unwrap_or_default();
            format!(
                "\n{agent} wants to use {server} ({host}).\n  program: {executable}{by}\n{resource}{extent}{answers}"
            )
        }
        About::Add { agent, executable, by, server, url, settings, .. } => {
            let (agent, server) = (named(agent), named(server));
            let by = by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
            let settings: String = settings.iter().fold(String::new(), |mut lines, setting| {
                let _ = writeln!(lines, "    {}: {}", setting.key, value(setting));
                lines
            });
            format!(
                "\n{agent} wants to add {server}.\n  program: {executable}{by}\n  address: {url}\n  It says how you sign in there:\n{settings}  Add it?  [y]es   [n]o > "
            )
        }
        About::Replace { agent, server } => format!(
            "\n{} signed in to {} anew. Put it in place of the sign-in that works now?\n  [y]es   [n]o > ",
            named(agent),
            named(server)
        ),
        About::SignIn { server, issuer, other, shared, .. } => {
            // The other is in words of ours, with any name in quotes.
            let server = named(server);
            let told = match shared {
                Shared::RedirectUri { address } => format!(
                    "what comes back to {address} belongs to {other}.\n  Give that address to {issuer}? {other} then needs another."
                ),
                Shared::Page { address } => format!(
                    "leads to {address}, where {other} has its pages.\n  What you do there could be used by {issuer}. Go on?"
                ),
            };
            format!("\nThe sign-in to {server} is at {issuer}, but {told}\n  [y]es   [n]o > ")
        }
        About::Configuration { raises } => format!(
            "\nThe configuration was edited, and would allow more than before:\n  - {}\n  Accept it?  [y]es   [n]o > ",
            raises.join("\n  - ")
        ),
    }
}

/// In quotes, so that nothing in it reads like the next setting.
fn value(setting: &Setting) -> String {
    let quoted = |value: &String| format!("\"{}\"", value.replace('"', "'"));
    setting.value.as_ref().map_or_else(|| "(a secret, not shown)".to_owned(), quoted)
}

/// What an agent would get, a line each.
fn extent(about: &About) -> Vec<String> {
    let About::Use { form, scopes, lives, before, .. } = about else { return Vec::new() };
    let hours = lives.map(|seconds| (seconds + 1800) / 3600);
    let form_line = match (form, hours) {
        (Form::Proxied, _) => "it goes through MCP Valet and sees no token".to_owned(),
        (Form::Token, Some(2..)) => {
            format!("it gets a token, good for about {} hours", hours.unwrap_or_default())
        }
        (Form::Token, _) => "it gets a short-lived token".to_owned(),
        (Form::LastingToken, Some(hours)) => {
            format!("it gets a token that is good for {} days, and that nobody can recall", hours / 24)
        }
        (Form::LastingToken, None) => {
            "it gets a token that never ends, and that nobody can recall".to_owned()
        }
    };
    let scopes_line = match scopes.as_deref() {
        None => Some("permissions: whatever your sign-in allows".to_owned()),
        Some([]) => None,
        Some(scopes) => Some(format!("permissions: {}", shortened(scopes))),
    };
    let new = before.as_ref().map(|before| shortened(&before.new_scopes)).filter(|new| !new.is_empty());
    let wider = new.map(|new| format!("it was allowed less before; also: {new}"));
    let token = before.as_ref().is_some_and(|before| before.form < *form);
    let token = token.then(|| "until now it was not allowed such a token".to_owned());
    [scopes_line, wider, Some(form_line), token].into_iter().flatten().collect()
}

fn shortened(scopes: &[String]) -> String {
    let mut length = 0;
    let fits = |scope: &&String| {
        length += scope.chars().count() + 2;
        length <= LONGEST
    };
    let named: Vec<&str> = scopes.iter().take(MOST).take_while(fits).map(String::as_str).collect();
    match scopes.len() - named.len() {
        0 => named.join(", "),
        more if named.is_empty() => format!("{more}, too long to be shown"),
        more => format!("{}, and {more} more", named.join(", ")),
    }
}

fn answers(about: &About) -> &'static str {
    if can_allow_for_now(about) {
        "  Allow [o]nce   Allow [f]or now   [d]on't allow > "
    } else {
        "  Allow [o]nce   [d]on't allow   (it cannot be told from other programs) > "
    }
}

fn can_allow_for_now(about: &About) -> bool {
    matches!(about, About::Use { answers, .. } if answers.contains(&Answer::AllowSession))
}

/// The answer that a word is; else what to say to that. Whole words only: a key that was pressed by mistake
/// answers nothing.
pub(crate) fn read(about: &About, word: &str) -> Result<Answer, &'static str> {
    let is_use = matches!(about, About::Use { .. });
    match word {
        "n" | "no" | "d" | "don't" | "don't allow" | "deny" => Ok(Answer::Deny),
        "o" | "once" | "allow once" if is_use => Ok(Answer::AllowOnce),
        "f" | "for now" | "now" | "allow for now" if can_allow_for_now(about) => Ok(Answer::AllowSession),
        "y" | "yes" if !is_use => Ok(Answer::AllowOnce),
        "never" | "always" if is_use => {
            Err("Always and never can be said in the window only. Here, d does not allow it for now.\n")
        }
        _ if !is_use => Err("Nothing was answered. Please type y or n.\n"),
        _ if can_allow_for_now(about) => Err("Nothing was answered. Please type o, f or d.\n"),
        _ => Err("Nothing was answered. Please type o or d.\n"),
    }
}

/// What was decided, and until when.
pub(crate) fn decided(about: &About, answer: Answer) -> &'static str {
    match (about, answer == Answer::Deny) {
        (About::Use { .. }, true) if !can_allow_for_now(about) => "Not allowed.\n",
        (About::Use { .. }, true) => {
            "Not allowed until mcp-valetd ends; `who` lists it, `forget N` takes it back.\n"
        }
        (About::Use { .. }, false) if answer == Answer::AllowOnce => {
            "Allowed once; the next time it asks again.\n"
        }
        (About::Use { .. }, false) => {
            "Allowed until mcp-valetd ends; `who` lists it, `forget N` takes it back.\n"
        }
        (About::Add { .. }, true) => "Not added; the same is not asked again until mcp-valetd ends.\n",
        (About::Add { .. }, false) => "Agreed: it is being added. If that fails, it is said here.\n",
        (About::Replace { .. }, true) => "The sign-in that works stays.\n",
        (About::Replace { .. }, false) => "Agreed: the new sign-in is to take its place.\n",
        (About::SignIn { .. }, true) => "The sign-in goes no further.\n",
        (About::SignIn { .. }, false) => "The sign-in goes on.\n",
        (About::Configuration { .. }, true) => "What was in force before stays in force.\n",
        (About::Configuration { .. }, false) => "Agreed: the edit is being put in force.\n",
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, shortened};

    #[test]
    fn many_permissions_and_long_ones_are_counted_and_not_named() {
        let many: Vec<String> = (0..256).map(|n| format!("scope-{n}")).collect();
        let said = shortened(&many);
        assert!(said.ends_with("scope-11, and 244 more"), "{said}");
        let long = vec!["x".repeat(135); 256];
        assert!(shortened(&long).ends_with(", and 252 more") && shortened(&long).len() < LONGEST + 20);
        assert_eq!(shortened(&["x".repeat(1000)]), "1, too long to be shown");
        assert_eq!(shortened(&many[..2]), "scope-0, scope-1");
    }
}
