//! How long an access token is good, as far as it says so itself (RFC 9068 §2.2, RFC 7519 §4.1.4).

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::jwt::Jwt;
use crate::spelling::End;
use secret::Secret;

/// How long a token that was issued just now is good by its own words, believed in nothing else. Nothing
/// where it cannot be read, or says no end that makes sense.
///
/// Of a token that is over as it comes, the clocks are apart; its whole life is known all the same.
pub(crate) fn of(token: &Secret, now: Timestamp) -> Option<Duration> {
    let claims: Value = Jwt::read(token.expose())?.claims()?;
    let moment = |name| End::try_from(claims.get(name)?.clone()).ok()?.0;
    let end = moment("exp")?;
    let from = |begin: Timestamp| Duration::try_from(end.duration_since(begin)).ok();
    let lives = [Some(now), moment("iat")].into_iter().flatten().filter_map(from);
    lives.filter(|life| !life.is_zero()).min()
}

/// Whether a server that has the issuer's keys can take a token for good without asking the issuer: then it
/// does not hear that the token was revoked (RFC 7009 §3).
#[must_use]
pub fn is_self_contained(token: &Secret) -> bool {
    Jwt::read(token.expose()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jwt;
    use serde_json::{Value, json};

    fn life(claims: &Value, now: i64) -> Option<u64> {
        let token = jwt::compose::<()>(&json!({ "alg": "none" }), claims, |_| Ok(Vec::new())).unwrap();
        of(&token, Timestamp::from_second(now).unwrap()).map(|life| life.as_secs())
    }

    #[test]
    fn a_token_lives_until_its_own_end() {
        assert_eq!(life(&json!({ "exp": 1_060 }), 1_000), Some(60));
        assert_eq!(life(&json!({ "exp": "1060", "iat": 1_000.0 }), 1_000), Some(60));
        assert_eq!(life(&json!({ "exp": 1_060, "iat": [] }), 1_000), Some(60));
        assert_eq!(life(&json!({ "exp": 4_600, "iat": 1_000 }), 4_000), Some(600), "an issuer kept it");
        for endless in [json!({}), json!({ "exp": null }), json!({ "exp": 0 }), json!({ "exp": "never" })] {
            assert_eq!(life(&endless, 1_000), None, "{endless}");
        }
        assert_eq!(of(&Secret::from("opaque".to_owned()), Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn clocks_that_are_apart_leave_it_its_whole_life() {
        let claims = json!({ "exp": 4_600, "iat": 1_000 });
        assert_eq!(life(&claims, 400), Some(3_600), "ours is behind");
        assert_eq!(life(&claims, 9_000), Some(3_600), "ours is ahead");
        assert_eq!(life(&json!({ "exp": 4_600 }), 9_000), None, "and nobody knows by how much");
    }
}
