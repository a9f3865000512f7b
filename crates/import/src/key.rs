//! Keys in addresses. Whoever has such an address needs no sign-in, and it is neither shown nor copied.

use std::ops::Range;
use terms::header;
use url::Url;

/// Letters of a key: in a path, where names are long as well, and in a parameter.
const IN_PATH: usize = 24;
const IN_PARAMETER: usize = 16;

/// Letters of a part of one that names have not: `v2` and `part1` are names.
const MIXED: usize = 6;

/// Whether an address is likely to hold a user name, a password or a key.
pub(crate) fn is_in(url: &Url) -> bool {
    let is_named = !url.username().is_empty() || url.password().is_some();
    let parameter = |name: &str, value: &str| {
        is_name_of_key(name) || is_key(name, IN_PARAMETER) || is_key(value, IN_PARAMETER)
    };
    let mut segments = url.path_segments().into_iter().flatten();
    is_named
        || url.query_pairs().any(|(name, value)| parameter(&name, &value))
        || segments.any(|segment| is_key(segment, IN_PATH))
}

/// Where in an address, as it is written, keys are: in its path, and behind that.
pub(crate) fn places(address: &str) -> Vec<Range<usize>> {
    let begin = address.find("://").map_or(0, |at| at + 3);
    let end = address[begin..].find('#').map_or(address.len(), |at| begin + at);
    let Some(path) = address[begin..end].find(['/', '?']).map(|at| begin + at) else { return Vec::new() };
    let query = address[path..end].find('?').map_or(end, |at| path + at);
    let segments = parts(address, path..query, '/').filter(|part| is_key(&address[part.clone()], IN_PATH));
    let parameters = parts(address, query..end, '&').filter_map(|part| {
        let part = part.start + usize::from(address[part.clone()].starts_with('?'))..part.end;
        let Some((name, value)) = address[part.clone()].split_once('=') else {
            return is_key(&address[part.clone()], IN_PARAMETER).then_some(part);
        };
        let is_key = !value.is_empty() && (is_name_of_key(name) || is_key(value, IN_PARAMETER));
        is_key.then(|| part.start + name.len() + 1..part.end)
    });
    segments.chain(parameters).collect()
}

fn parts(text: &str, within: Range<usize>, by: char) -> impl Iterator<Item = Range<usize>> {
    let mut start = within.start;
    text[within].split(by).map(move |part| {
        let range = start..start + part.len();
        start = range.end + by.len_utf8();
        range
    })
}

/// Whether a parameter by this name is likely to be a key.
fn is_name_of_key(name: &str) -> bool {
    let name: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let whole = ["k", "key", "auth", "sig", "signature", "pat", "jwt", "code"];
    let parts = ["apikey", "token", "secret", "passw", "credential", "authorization", "accesskey", "userkey"];
    whole.contains(&name.as_str()) || parts.iter().any(|part| name.contains(part))
}

/// Whether a part of an address is likely to be a key: it begins as those of known providers do, or is made
/// at random and has this many letters.
fn is_key(part: &str, least: usize) -> bool {
    let is_known = header::begins_like_a_key(part) && part.contains(|c: char| c.is_ascii_digit());
    is_known || is_random(part, least)
}

/// Whether a text is made of letters and digits at random, as keys are. A UUID may be one, or a name that
/// only looks like it; it counts as a key.
fn is_random(text: &str, least: usize) -> bool {
    let is_mixed = |part: &str| {
        part.len() >= MIXED
            && part.contains(|c: char| c.is_ascii_alphabetic())
            && part.contains(|c: char| c.is_ascii_digit())
    };
    text.len() >= least && text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_mixed)
}

#[cfg(test)]
mod tests {
    use super::{is_in, places};

    #[test]
    fn keys_in_an_address_are_found_where_they_are_written() {
        let of = |address: &str| -> Vec<String> {
            places(address).into_iter().map(|range| address[range].to_owned()).collect()
        };
        assert_eq!(
            of("https://x.example/mcp/NGY2YjYxZDEtYzQ3OS00ZTkxLWI3/sse"),
            ["NGY2YjYxZDEtYzQ3OS00ZTkxLWI3"]
        );
        assert_eq!(of("https://x.example/mcp?region=eu&api_key=abcdef&x=1"), ["abcdef"]);
        assert_eq!(of("https://x.example?notareal0key1notareal"), ["notareal0key1notareal"]);
        assert_eq!(of("https://x.example/mcp?region=eu"), [""; 0]);
        assert_eq!(of("https://x.example#/mcp?k=abc"), [""; 0]);
    }

    #[test]
    fn an_address_with_a_key_is_told_from_one_with_a_name() {
        for with in [
            "https://mcp.zapier.com/api/mcp/s/NGY2YjYxZDEtYzQ3OS00ZTkxLWI3/mcp",
            "https://x.example/0b5b2d0e-7f0c-4b8e-9a61-2f3d4c5e6a7b/mcp",
            "https://x.example/s/sk-q7Rz2LmXv9Kt041/mcp",
            "https://x.example/mcp?a=sk-abc1",
            "https://x.example/mcp?k=abc",
            "https://x.example/mcp?x=notareal0key1notareal",
            "https://x.example/mcp?notareal0key1notareal",
            "https://ada@x.example/mcp",
        ] {
            assert!(is_in(&with.parse().unwrap()), "{with}");
        }
        for without in [
            "https://x.example/mcp/v1/a-long-name-of-a-server-of-2026/sse",
            "https://x.example/mcp?region=eu-central-1&features=docs,search&version=2026-11-28",
            "https://x.example/sk-of-ada/mcp",
            "https://x.example/organisations/the-company-of-ada-and-others/mcp",
        ] {
            assert!(!is_in(&without.parse().unwrap()), "{without}");
        }
    }
}
