//! Variables of the environment of a program, and its arguments: which of them are secret.

use crate::header::{begins_like_a_key, is_secret_word};
use url::Url;

/// Characters of a text at random that nobody would have chosen as a name.
const RANDOM: usize = 32;
/// Characters of a secret: what is shorter is a setting that happens to be called like one.
const SHORTEST: usize = 6;
/// How what is made at random and no secret begins: hashes of what is fetched (Subresource Integrity §3.2),
/// and pictures in Base64: PNG, JPEG, GIF, WebP, SVG.
const NO_SECRETS: [&str; 8] =
    ["sha256-", "sha384-", "sha512-", "iVBORw0KGgo", "/9j/", "R0lGOD", "UklGR", "PHN2Zy"];
/// The last word of a name whose value may be a hash of what everybody knows.
const HASHES: [&str; 8] = ["checksum", "commit", "digest", "etag", "ref", "rev", "revision", "sha"];
/// How the word ends that says so, where it is not written apart.
const ENDINGS: [&str; 5] = ["apikey", "password", "passwd", "secret", "token"];

/// Whether this can be the name of a variable (POSIX.1-2024, 3.216).
#[must_use]
pub fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    let first = letters.next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether the value of a variable is secret: by its name, or by what it looks like. A path is none: what is
/// there is read by the program.
#[must_use]
pub fn is_secret(name: &str, value: &str) -> bool {
    if value.len() < SHORTEST || is_path(value) {
        return false;
    }
    let by_itself = is_secret_value(value) && !is_hash(name, value);
    by_itself || (is_secret_name(name) && !is_setting(value))
}

/// Whether a text that seems made at random is a hash or a picture, which everybody may know.
#[must_use]
pub fn is_hash_or_picture(value: &str) -> bool {
    NO_SECRETS.iter().any(|begin| value.starts_with(begin))
}

/// Whether it is called a hash, and looks like one.
fn is_hash(name: &str, value: &str) -> bool {
    let last = name.rsplit(['_', '-', '.']).next().unwrap_or_default().to_ascii_lowercase();
    HASHES.contains(&last.as_str()) && value.chars().all(|c| c.is_ascii_hexdigit())
}

/// Whether an argument is secret, behind the one before it.
#[must_use]
pub fn is_secret_argument(before: Option<&str>, argument: &str) -> bool {
    let option = |text: &str| text.strip_prefix('-').map(|name| name.trim_start_matches('-').to_owned());
    let value = |option: &str, value: &str| !value.starts_with('-') && is_secret(option, value);
    match argument.split_once('=') {
        Some((name, text)) if option(name).is_some_and(|name| value(&name, text)) => true,
        Some(_) | None => {
            let named = before.and_then(option).filter(|name| !name.contains('='));
            is_secret_value(argument) || named.is_some_and(|name| value(&name, argument))
        }
    }
}

/// The last word says what it is: `API_KEY` is one, and `KEY_FILE` and `AUTH_TYPE` are none.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words: Vec<&str> = name.split(['_', '-', '.']).filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    let last = words.iter().rev().find(|word| !is_number(word));
    last.is_some_and(|last| is_secret_word(last) || ENDINGS.iter().any(|ending| last.ends_with(ending)))
}

fn is_secret_value(value: &str) -> bool {
    begins_like_a_key(value) || value.contains("-----BEGIN ") || has_password(value) || is_random(value)
}

fn has_password(value: &str) -> bool {
    Url::parse(value).is_ok_and(|url| url.password().is_some_and(|password| !password.is_empty()))
}

fn is_path(value: &str) -> bool {
    ["/", "~/", "./", "../"].iter().any(|begin| value.starts_with(begin))
}

/// What is said in a word, a number or an address.
fn is_setting(value: &str) -> bool {
    ["http://", "https://"].iter().any(|begin| value.starts_with(begin))
        || value.chars().all(|c| c.is_ascii_digit())
        || ["bearer", "basic", "oauth", "oauth2", "apikey", "api_key", "default", "disabled", "enabled"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word))
}

/// Letters and digits without a break, of both sorts, as keys are. A UUID has breaks, and is a name.
fn is_random(value: &str) -> bool {
    value.len() >= RANDOM
        && !is_hash_or_picture(value)
        && value.chars().all(|c| c.is_ascii_alphanumeric())
        && value.contains(|c: char| c.is_ascii_digit())
        && value.contains(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_variable_or_by_itself() {
        for (name, value) in [
            ("BRAVE_API_KEY", "abcdef"),
            ("GITHUB_PERSONAL_ACCESS_TOKEN", "github_pat_1"),
            ("SLACK_BOT_TOKEN", "xoxb-1"),
            ("PGPASSWORD", "hunter2"),
            ("DB_PASSWORD", "hunter2"),
            ("API_KEY_2", "abcdef"),
            ("DATABASE_URL", "postgres://ada:secret@db.example/x"),
            ("ANYTHING", "ghp_abcdef"),
            ("ANYTHING", "0b5b2d0e7f0c4b8e9a612f3d4c5e6a7b"),
            ("COMMIT", "ghp_abcdef"),
            ("PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----"),
        ] {
            assert!(is_secret(name, value), "{name}");
        }
        for (name, value) in [
            ("LOG", "info"),
            ("PATH", "/usr/bin"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "/home/ada/key.json"),
            ("KEY_FILE", "key.json-there"),
            ("AUTH_TYPE", "password"),
            ("GITHUB_AUTH", "bearer"),
            ("MAX_TOKEN", "1000000"),
            ("API_URL", "https://api.example/v1"),
            ("PROJECT", "0b5b2d0e-7f0c-4b8e-9a61-2f3d4c5e6a7b"),
            ("GIT_COMMIT", "9fceb02d0ae598e95dc970b74767f19372d61af8"),
            ("ICON", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"),
        ] {
            assert!(!is_secret(name, value), "{name}");
        }
    }

    #[test]
    fn a_secret_among_arguments_is_known_by_its_option_or_by_itself() {
        assert!(is_secret_argument(Some("--api-key"), "abcdef"));
        assert!(is_secret_argument(None, "--api-key=abcdef"));
        assert!(is_secret_argument(Some("x"), "postgresql://ada:secret@localhost/db"));
        assert!(is_secret_argument(None, "sk-abcdef"));
        for (before, argument) in [
            (Some("-y"), "@brave/brave-search-mcp-server"),
            (Some("--key"), "--other"),
            (None, "--api-key"),
            (None, "--transport=stdio"),
            (Some("--token-file"), "token.txt"),
        ] {
            assert!(!is_secret_argument(before, argument), "{argument}");
        }
    }

    #[test]
    fn a_name_has_letters_digits_and_underscores() {
        assert!(is_name("BRAVE_API_KEY") && is_name("_x1") && is_name("http_proxy"));
        assert!(!is_name("") && !is_name("1A") && !is_name("A B") && !is_name("A=B") && !is_name("Ä"));
    }
}
