//! How long a token is taken for good: as its issuer says, or as it says itself where it can be read
//! (RFC 9068 §2.2).

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Rogue, Signer, Valet, seconds_from_now};
use serde_json::{Value, json};

fn now() -> i64 {
    seconds_from_now(0)
}

/// A valet that is signed in, with an access token of these claims, and of a life that the issuer says.
fn with<'home>(home: &'home Home, rogue: &Rogue, claims: &Value, expires_in: Option<i64>) -> Valet<'home> {
    rogue.token_lifetime(expires_in);
    rogue.edit("/token", "access_token", json!(Signer::new("key").access_token(claims)));
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "verify": "off" } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    valet
}

/// Seconds that the token is said to be good for.
#[track_caller]
fn life(valet: &Valet<'_>) -> i64 {
    valet.token("rogue").expect_status(200).json()["expires_in"].as_i64().unwrap()
}

#[test]
fn a_token_that_says_its_end_itself_is_not_taken_for_endless() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with(&home, &rogue, &json!({ "exp": now() + 3600, "iat": now() }), None);
    assert!((3500..=3600).contains(&life(&valet)));
    assert_eq!(rogue.refreshes(), 0);
    home.move_clock(3601);
    valet.cli(&["headers", "rogue"]).expect_code(0);
    assert_eq!(rogue.refreshes(), 1, "a token that was over went out");
}

#[test]
fn of_two_ends_the_earlier_counts() {
    for (expires_in, exp) in [(7200, 3600), (3600, 7200), (3600, 3600)] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let valet = with(&home, &rogue, &json!({ "exp": now() + exp }), Some(expires_in));
        assert!((3500..=3600).contains(&life(&valet)), "{expires_in} {exp}");
    }
}

#[test]
fn a_token_that_says_no_end_that_makes_sense_is_as_its_issuer_says() {
    for exp in [json!("soon"), json!(null), json!(-1), json!(now() - 86_400)] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let valet = with(&home, &rogue, &json!({ "exp": exp }), Some(3600));
        assert!((3500..=3600).contains(&life(&valet)), "{exp}");
        let (home, rogue) = (Home::new(), Rogue::start());
        let valet = with(&home, &rogue, &json!({ "exp": exp }), None);
        assert_eq!(valet.token("rogue").expect_status(403).text("code"), "proxy_only", "{exp}");
    }
}

#[test]
fn a_token_that_seems_over_as_it_comes_has_its_whole_life_since_the_clocks_are_apart() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let claims = json!({ "exp": (now() - 6000).to_string(), "iat": now() - 9600 });
    let valet = with(&home, &rogue, &claims, None);
    assert!((3500..=3600).contains(&life(&valet)));
    home.move_clock(3601);
    life(&valet);
    assert_eq!(rogue.refreshes(), 1);
}
