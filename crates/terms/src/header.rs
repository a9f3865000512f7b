//! Headers of requests: which can be set, and which of them are secret. Their names have no case.

/// What a request is made of, what belongs to one connection, and what MCP itself says: none of these is
/// anybody's to set.
const SET_BY_ITSELF: [&str; 21] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "dpop",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "last-event-id",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
    "mcp-session-id",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];
/// The same of whatever begins so.
const SET_BY_ITSELF_WITH: [&str; 3] = ["proxy-", "mcp-param-", "sec-"];

/// Headers whose value is secret, whatever it is.
const SECRET_NAMES: [&str; 3] = ["authorization", "cookie", "x-auth"];
/// The same of a name with such a word in it.
const SECRET_WORDS: [&str; 15] = [
    "accesskey",
    "apikey",
    "auth",
    "authorization",
    "authtoken",
    "credential",
    "credentials",
    "jwt",
    "key",
    "pass",
    "passwd",
    "password",
    "pat",
    "secret",
    "token",
];

/// Ways of showing who one is that stand before what is secret (RFC 9110 §11.1, and what providers made of
/// it).
const SCHEMES: [&str; 7] = ["bearer", "basic", "token", "apikey", "api-key", "key", "bot"];

/// What keys of known providers begin with.
const PREFIXES: [&str; 34] = [
    "AIza",
    "AKIA",
    "ATATT",
    "SG.",
    "dckr_pat_",
    "dop_v1_",
    "eyJ",
    "figd_",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "gsk_",
    "hf_",
    "lin_api_",
    "napi_",
    "npm_",
    "ntn_",
    "pat-",
    "phx_",
    "pypi-",
    "rk_live_",
    "rk_test_",
    "sbp_",
    "secret_",
    "shpat_",
    "sk-",
    "sk_",
    "tvly-",
    "xapp-",
    "xoxb-",
    "xoxp-",
];

/// Whether no configuration can set this header.
#[must_use]
pub fn is_set_by_itself(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SET_BY_ITSELF.contains(&name.as_str()) || SET_BY_ITSELF_WITH.iter().any(|begin| name.starts_with(begin))
}

/// The secret in a header that is written out, and the text that stands before it. Nothing if it is none.
#[must_use]
pub fn secret<'v>(name: &str, value: &'v str) -> Option<(&'v str, &'v str)> {
    let (before, rest) = after_scheme(value);
    let has_scheme = !before.is_empty();
    let is_secret = is_secret_name(name) || has_scheme || begins_like_a_key(rest);
    is_secret.then_some((before, rest))
}

/// Whether the value of a header is secret, whatever it is.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut words = name.split(['-', '_', '.']);
    SECRET_NAMES.contains(&name.as_str()) || words.any(|word| SECRET_WORDS.contains(&word))
}

/// Whether a text begins as keys of known providers do.
#[must_use]
pub fn begins_like_a_key(text: &str) -> bool {
    PREFIXES.iter().any(|begin| text.starts_with(begin))
}

/// Whether a word of a name says that its value is secret.
pub(crate) fn is_secret_word(word: &str) -> bool {
    SECRET_WORDS.contains(&word)
}

/// The value in two: its scheme with the space behind, if it has one, and the rest.
fn after_scheme(value: &str) -> (&str, &str) {
    let Some(space) = value.find(' ') else { return ("", value) };
    let (scheme, rest) = value.split_at(space + 1);
    let is_scheme = SCHEMES.iter().any(|known| scheme.trim_end().eq_ignore_ascii_case(known));
    if is_scheme && !rest.trim_start().is_empty() { (scheme, rest) } else { ("", value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_known_by_its_header_or_by_itself() {
        for (name, value, expected) in [
            ("Authorization", "Bearer abc", ("Bearer ", "abc")),
            ("authorization", "abc", ("", "abc")),
            ("Authorization", "Basic dTpw", ("Basic ", "dTpw")),
            ("Cookie", "session=1", ("", "session=1")),
            ("X-Api-Key", "abc", ("", "abc")),
            ("apikey", "abc", ("", "abc")),
            ("PRIVATE-TOKEN", "abc", ("", "abc")),
            ("DD_APPLICATION_KEY", "abc", ("", "abc")),
            ("Ocp-Apim-Subscription-Key", "abc", ("", "abc")),
            ("X-Anything", "ghp_abc", ("", "ghp_abc")),
            ("X-Anything", "token abc", ("token ", "abc")),
        ] {
            assert_eq!(secret(name, value), Some(expected), "{name}: {value}");
        }
        for (name, value) in
            [("X-Region", "eu"), ("X-Goog-User-Project", "p-1"), ("X-Readonly", "true"), ("X-Monkey", "1")]
        {
            assert_eq!(secret(name, value), None, "{name}");
        }
    }

    #[test]
    fn what_makes_up_a_request_cannot_be_set() {
        for name in [
            "Host",
            "content-length",
            "Connection",
            "Mcp-Session-Id",
            "Proxy-Authorization",
            "Sec-Fetch-Site",
            "DPoP",
        ] {
            assert!(is_set_by_itself(name), "{name}");
        }
        assert!(!is_set_by_itself("Authorization") && !is_set_by_itself("X-Host-Region"));
    }
}
