//! What issuers say of a refresh token that is dead, where they do not say `invalid_grant` (RFC 6749 §5.2).

/// Errors of whatever kind of token it is (RFC 6750 §3.1, RFC 8628 §3.5), and providers' own.
const ERRORS: [&str; 9] = [
    "invalid_token",
    "expired_token",
    "token_expired",
    "token_revoked",
    "token_invalid",
    "invalid_refresh_token",
    "expired_refresh_token",
    "refresh_token_expired",
    "bad_refresh_token",
];
/// Errors that say nothing by themselves.
const VAGUE: [&str; 4] = ["invalid_request", "access_denied", "unauthorized", "bad_request"];
/// How a token is called that was good once.
const DEAD: [&str; 12] = [
    "invalid",
    "not valid",
    "no longer valid",
    "expired",
    "revoked",
    "not found",
    "unknown",
    "does not exist",
    "not recognized",
    "inactive",
    "not active",
    "already used",
];
/// What is about the request, not about the token.
const OTHER: [&str; 9] =
    ["missing", "required", "must", "endpoint", "auth", "client", "type", "access token", "id token"];

/// Whether an error with these words, in answer to a refresh token, means that this is dead.
pub(super) fn is_meant(error: &str, words: &str) -> bool {
    let words = words.to_lowercase();
    let has = |known: &[&str]| known.iter().any(|known| words.contains(known));
    ERRORS.contains(&error)
        || (VAGUE.contains(&error) && words.contains("token") && has(&DEAD) && !has(&OTHER))
}

#[cfg(test)]
mod tests {
    use super::is_meant;

    #[test]
    fn a_token_is_dead_in_many_words() {
        for (error, words) in [
            ("invalid_token", ""),
            ("invalid_request", "Refresh token is invalid"),
            ("invalid_request", "The refresh_token has expired."),
            ("invalid_request", "Token not found"),
            ("access_denied", "Unknown refresh token"),
            ("bad_refresh_token", ""),
        ] {
            assert!(is_meant(error, words), "{error} {words}");
        }
    }

    #[test]
    fn what_may_be_about_the_request_is_not_about_the_token() {
        for (error, words) in [
            ("invalid_request", ""),
            ("invalid_request", "refresh_token is missing or invalid"),
            ("invalid_request", "Invalid token endpoint authentication"),
            ("invalid_request", "Invalid resource"),
            ("invalid_target", "Refresh token is invalid"),
            ("temporarily_unavailable", "token not found"),
            ("unsupported_grant_type", "invalid token"),
        ] {
            assert!(!is_meant(error, words), "{error} {words}");
        }
    }
}
