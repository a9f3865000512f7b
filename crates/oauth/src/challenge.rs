//! What a server says in `WWW-Authenticate` (RFC 9110 §11.6.1, RFC 6750 §3, RFC 9728 §5.1).

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

use crate::mask::Mask;
use crate::said::Said;

/// Most bytes that are read, over all headers together.
const LIMIT: usize = 8 * 1024;

/// A `Bearer` or `DPoP` challenge. All parameters are foreign text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// Where the server's metadata is (RFC 9728 §5.1).
    pub resource_metadata: Option<String>,
    /// The scopes wanted, separated by spaces.
    pub scope: Option<String>,
    /// `invalid_token`, `insufficient_scope` and the like (RFC 6750 §3.1).
    pub error: Option<String>,
    /// The server's words about the error.
    pub error_description: Option<String>,
    /// Whether the server wants tokens that are bound to a key (RFC 9449 §7.1).
    pub dpop: bool,
}

impl Challenge {
    /// The bearer challenge in the headers of an answer: the first that names metadata, else the first. A
    /// bare `Bearer` has no parameters; headers without a bearer challenge give nothing. What is malformed
    /// ends the reading of its header, and what came before it counts.
    #[must_use]
    pub fn bearer(headers: &HeaderMap) -> Option<Self> {
        let mut left = LIMIT;
        let mut found = Vec::new();
        for value in headers.get_all(WWW_AUTHENTICATE) {
            let Some(rest) = left.checked_sub(value.len()) else { break };
            left = rest;
            if let Ok(text) = std::str::from_utf8(value.as_bytes()) {
                found.extend(bearers(text));
            }
        }
        preferred(found)
    }

    /// Same, for the raw text of one header.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LIMIT {
            return None;
        }
        preferred(bearers(text))
    }

    /// The server's words about the error, in quotes and safe to show; nothing where they hold what `mask`
    /// hides.
    #[must_use]
    pub fn words(&self, mask: &Mask) -> Option<String> {
        let words = self.error_description.as_deref().filter(|words| !mask.hides(words.as_bytes()))?;
        Said::new(words).map(|said| said.to_string())
    }

    fn set(&mut self, name: &str, value: String) {
        let field = match name.to_ascii_lowercase().as_str() {
            "resource_metadata" => &mut self.resource_metadata,
            "scope" => &mut self.scope,
            "error" => &mut self.error,
            "error_description" => &mut self.error_description,
            _ => return,
        };
        // A parameter occurs once (RFC 9110 §11.2); the first counts.
        field.get_or_insert(value);
    }
}

/// A server that takes bearer tokens as well needs no others.
fn preferred(mut found: Vec<Challenge>) -> Option<Challenge> {
    if found.iter().any(|challenge| !challenge.dpop) {
        found.retain(|challenge| !challenge.dpop);
    }
    let best = found.iter().position(|challenge| challenge.resource_metadata.is_some()).unwrap_or(0);
    found.into_iter().nth(best)
}

fn bearers(text: &str) -> Vec<Challenge> {
    let mut cursor = Cursor(text);
    let mut found = Vec::new();
    let mut current: Option<Challenge> = None;
    loop {
        cursor.skip(|c| matches!(c, ' ' | '\t' | ','));
        let Some(word) = cursor.token() else { break };
        cursor.blank();
        if cursor.eat('=') {
            let Some(value) = cursor.value() else { break };
            if let Some(challenge) = &mut current {
                challenge.set(word, value);
            }
            continue;
        }
        found.extend(current.take());
        let dpop = word.eq_ignore_ascii_case("dpop");
        current =
            (dpop || word.eq_ignore_ascii_case("bearer")).then(|| Challenge { dpop, ..Challenge::default() });
        cursor.skip_token68();
    }
    found.extend(current);
    found
}

/// The rest of a header's text.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn skip(&mut self, what: impl Fn(char) -> bool) {
        self.0 = self.0.trim_start_matches(what);
    }

    fn blank(&mut self) {
        self.skip(|c| matches!(c, ' ' | '\t'));
    }

    fn eat(&mut self, c: char) -> bool {
        let rest = self.0.strip_prefix(c);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn token(&mut self) -> Option<&'a str> {
        let end = self.0.find(|c: char| !is_token(c)).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }

    /// A token or a quoted string, whichever follows the `=`, if it ends where it should: what goes on is
    /// neither.
    fn value(&mut self) -> Option<String> {
        self.blank();
        let value = if self.eat('"') { self.quoted() } else { self.token().map(str::to_owned) };
        value.filter(|_| self.0.is_empty() || self.0.starts_with([' ', '\t', ',']))
    }

    /// The rest of a quoted string, escapes undone; nothing if it does not end.
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut chars = self.0.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    self.0 = chars.as_str();
                    return Some(text);
                }
                '\\' => text.push(chars.next()?),
                _ => text.push(c),
            }
        }
        None
    }

    /// Skips a token68 if one follows: it ends at a comma or the end, and is no `name=value`.
    fn skip_token68(&mut self) {
        let end = self.0.find(|c: char| !is_token68(c)).unwrap_or(self.0.len());
        let rest =
            self.0.get(end..).unwrap_or_default().trim_start_matches('=').trim_start_matches([' ', '\t']);
        if rest.is_empty() || rest.starts_with(',') {
            self.0 = rest;
        }
    }
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

fn is_token68(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~+/".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(text: &str) -> Option<String> {
        Challenge::parse(text)?.resource_metadata
    }

    #[test]
    fn a_bare_scheme_is_a_challenge_without_parameters() {
        assert_eq!(Challenge::parse("bearer"), Some(Challenge::default()));
        assert_eq!(Challenge::parse("Basic realm=\"x\""), None);
        assert_eq!(Challenge::parse(""), None);
    }

    #[test]
    fn the_bearer_challenge_is_found_among_others() {
        let text = r#"Negotiate abc==, Basic realm="a, Bearer resource_metadata=\"no\"", BEARER Resource_Metadata="https://a/", scope="x y" , error=invalid_token, Digest nonce="1""#;
        let challenge = Challenge::parse(text).unwrap();
        assert_eq!(challenge.resource_metadata.as_deref(), Some("https://a/"));
        assert_eq!(challenge.scope.as_deref(), Some("x y"));
        assert_eq!(challenge.error.as_deref(), Some("invalid_token"));
    }

    #[test]
    fn another_scheme_keeps_its_parameters() {
        assert_eq!(metadata(r#"Bearer, DPoP resource_metadata="https://dpop/""#), None);
        assert_eq!(
            metadata(r#"Bearer realm=x, Bearer resource_metadata = "https://a/""#).as_deref(),
            Some("https://a/")
        );
    }

    #[test]
    fn what_is_neither_a_token_nor_quoted_is_no_value() {
        for text in [
            "Bearer resource_metadata=http://a/b",
            "Bearer resource_metadata=https://a/b, error=invalid_token",
            "Bearer resource_metadata='https://a/b'",
            "Bearer resource_metadata=\"https://a/\"b",
            "Bearer resource_metadata=<https://a/b>",
            "Bearer resource_metadata:\"https://a/b\"",
        ] {
            assert_eq!(metadata(text), None, "{text}");
            assert!(Challenge::parse(text).is_some_and(|challenge| challenge.error.is_none()), "{text}");
        }
        let kept = Challenge::parse("Bearer error=\"invalid_token\", resource_metadata=http://a/b").unwrap();
        assert_eq!(kept.error.as_deref(), Some("invalid_token"));
    }

    #[test]
    fn hostile_text_ends_the_reading_and_never_panics() {
        assert_eq!(metadata(r#"Bearer resource_metadata="https://never-ends"#), None);
        assert_eq!(metadata(r#"Bearer scope="a", resource_metadata="\"#), None);
        assert_eq!(metadata("Bearer resource_metadata=\"\u{e9}\\\u{e9}\"").as_deref(), Some("\u{e9}\u{e9}"));
        assert_eq!(
            metadata(r#"Bearer resource_metadata="one", resource_metadata="two""#).as_deref(),
            Some("one")
        );
        assert_eq!(Challenge::parse(&format!("Bearer scope=\"{}\"", "a".repeat(LIMIT))), None);
        for text in ["=", ",,,", "Bearer =", "Bearer \"", "\u{1F600} Bearer", "Bearer a=b=c", "Bearer ====,"]
        {
            let _ = Challenge::parse(text);
        }
    }
}
