//! Names as the valet's configuration takes them.

use crate::plain::{is_simple, misleads};
use std::collections::BTreeSet;
use url::Url;

/// Letters of a name, with room for a number behind it; the configuration takes 64.
const LONGEST: usize = 58;

/// A name made of what another program calls it, or of the host where nothing is left of that; with a number
/// behind it if taken.
pub fn free(called: &str, url: &Url, taken: &BTreeSet<String>) -> String {
    let base = Some(plain(called)).filter(|name| !name.is_empty()).unwrap_or_else(|| of_host(url));
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let mut names = std::iter::once(base.clone()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or(base)
}

/// Letters, digits, dots and dashes; a dash for anything else. Nothing where that is no simple name.
fn plain(called: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let called = called.chars().filter(|c| !misleads(*c));
    let name: String = called.map(|c| if kept(c) { c } else { '-' }).take(LONGEST).collect();
    let name = name.trim_matches(['-', '_', '.']);
    if is_simple(name) { name.to_owned() } else { String::new() }
}

/// `mcp.linear.app` is "linear". A host may have nothing that a name can be made of, such as `~~~`.
fn of_host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_name = matches!(url.host(), Some(url::Host::Domain(name)) if name.contains('.'));
    let labels = host.split('.').filter(|label| is_name && !["mcp", "www", "api"].contains(label));
    let mut names = labels.chain([host]).map(plain).filter(|name| !name.is_empty());
    names.next().unwrap_or_else(|| "server".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(called: &str, taken: &[&str]) -> String {
        let taken = taken.iter().map(|name| (*name).to_owned()).collect();
        free(called, &"https://mcp.linear.app/mcp".parse().unwrap(), &taken)
    }

    #[test]
    fn a_name_is_kept_as_far_as_the_configuration_takes_it() {
        assert_eq!(named("linear", &[]), "linear");
        assert_eq!(named("io.github.ada/tracker", &[]), "io.github.ada-tracker");
        assert_eq!(named("Mein Wörterbuch", &[]), "Mein-Wörterbuch");
        assert_eq!(named("a\u{202e}b\nc\u{1b}[31m", &[]), "abc-31m");
        assert_eq!(named("https://x/", &[]), "https---x");
        assert_eq!(named(&"x".repeat(100), &[]).len(), LONGEST);
    }

    #[test]
    fn a_name_that_is_none_comes_from_the_host_and_a_taken_one_gets_a_number() {
        assert_eq!(named(" \u{3164}", &[]), "linear");
        assert_eq!(named("linear", &["linear", "linear-2"]), "linear-3");
        for (url, name) in [
            ("https://mcp.api/", "mcp.api"),
            ("https://[::1]:8080/mcp", "1"),
            ("https://127.0.0.1/mcp", "127.0.0.1"),
            ("https://~~~/mcp", "server"),
            ("https://___/mcp", "server"),
            ("https://~.--.tracker.example/mcp", "tracker"),
        ] {
            assert_eq!(free(" ", &url.parse().unwrap(), &BTreeSet::new()), name, "{url}");
        }
    }
}
