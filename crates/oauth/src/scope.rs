//! Scope lists (RFC 6749 §3.3).

/// The scope that stands for a refresh token (OpenID Connect Core §11).
pub(crate) const OFFLINE: &str = "offline_access";

/// Most scopes that we take from one list; the longest real lists have about a hundred.
const LIMIT: usize = 256;

/// The scopes in `text`, separated by white space; what is no scope token is left out, as are repeats.
pub(crate) fn parse(text: &str) -> Vec<String> {
    unique(text.split_ascii_whitespace())
}

/// Same, for a list that may be separated by commas.
pub(crate) fn parse_commas(text: &str) -> Vec<String> {
    unique(text.split(|c: char| c == ',' || c.is_ascii_whitespace()))
}

fn unique<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for word in words.filter(|word| is_scope(word)) {
        if scopes.len() == LIMIT {
            break;
        }
        if !scopes.iter().any(|scope| scope == word) {
            scopes.push(word.to_owned());
        }
    }
    scopes
}

fn is_scope(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_scope_is_left_out() {
        assert_eq!(parse("a  b a c\"d \u{e9} e"), ["a", "b", "e"]);
        assert_eq!(parse_commas("repo,user"), ["repo", "user"]);
    }
}
