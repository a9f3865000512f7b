//! What follows from what is held.

use crate::hand_out::decision::{Step, decide};
use crate::hand_out::need::Need;
use ground::cause::Cause;
use jiff::Timestamp;
use serde_json::json;
use state::held::Held;
use state::item::Grant;
use state::not_now::Declined;
use state::server::Server;
use std::path::Path;
use std::sync::Arc;
use tokio::time::Instant;
use wire::{Code, Problem, TokenRequest};

/// When the grants of these tests were issued, for an hour.
const ISSUED: Timestamp = Timestamp::UNIX_EPOCH;

fn after(seconds: i64) -> Timestamp {
    ISSUED + jiff::SignedDuration::from_secs(seconds)
}

fn grant(refresh: Option<&str>) -> Arc<Grant> {
    let grant = json!({
        "access": "secret", "refresh": refresh, "issued_at": ISSUED, "expires_at": after(3600),
        "refresh_sent_at": null,
        "parts": {
            "server_url": "https://mcp.example", "resource": null, "issuer": "https://issuer.example",
            "token_endpoint": "https://issuer.example/token", "revocation_endpoint": null,
            "redirect_uri": null, "scopes_asked": [], "scopes": ["read"], "reach": "public",
            "client": {
                "id": "client", "secret": null, "auth": "none", "secret_expires_at": null,
                "registration_access_token": null, "registration_client_uri": null,
            },
        },
    });
    Arc::new(serde_json::from_value(grant).unwrap())
}

fn server(held: Held) -> Server {
    let entry = serde_json::Map::from_iter([("url".to_owned(), json!("https://mcp.example"))]);
    let config = config::check_entry(Path::new("config.json"), "one", &entry).unwrap();
    let mut server = Server::new("one", config.into());
    server.held = held;
    server
}

fn need(request: &serde_json::Value) -> Need {
    let request: TokenRequest = serde_json::from_value(request.clone()).unwrap();
    Need::of(&request).unwrap()
}

fn plain() -> Need {
    Need::at_once(Instant::now())
}

fn code(step: &Step) -> Option<Code> {
    match step {
        Step::SignIn(problem) | Step::Refuse(problem) => Some(problem.code),
        Step::Use(_) | Step::Renew(_) | Step::Replace(_) | Step::Obtain(_) | Step::Unseal => None,
    }
}

#[test]
fn a_token_is_used_as_long_as_it_is_good_and_then_renewed() {
    let server = server(Held::Unsaved(grant(Some("refresh"))));
    assert!(matches!(decide(&server, None, &plain(), after(0)), Step::Use(_)));
    assert!(matches!(decide(&server, None, &plain(), after(3580)), Step::Renew(_)));
    let long = need(&json!({ "server": "one", "min_ttl": 3000 }));
    assert!(matches!(decide(&server, None, &long, after(1200)), Step::Renew(_)));
}

#[test]
fn what_an_agent_says_of_a_token_renews_it_and_takes_none_away_that_cannot_be_renewed() {
    let refused = need(&json!({ "server": "one", "challenge": "Bearer error=\"invalid_token\"" }));
    let renewable = server(Held::Unsaved(grant(Some("refresh"))));
    assert!(matches!(decide(&renewable, None, &refused, after(5)), Step::Use(_)));
    assert!(matches!(decide(&renewable, None, &refused, after(60)), Step::Renew(_)));
    let lasting = server(Held::Unsaved(grant(None)));
    assert_eq!(code(&decide(&lasting, None, &refused, after(60))), Some(Code::AuthorizationRequired));
    assert!(matches!(decide(&lasting, None, &plain(), after(3599)), Step::Use(_)));
}

#[test]
fn not_now_comes_before_a_lock_and_a_lock_before_what_is_held() {
    let mut server = server(Held::Unsaved(grant(None)));
    let locked = Some(Cause::Person);
    assert_eq!(code(&decide(&server, locked, &plain(), after(0))), Some(Code::Locked));
    server.not_now.say(Declined::ForNow);
    assert_eq!(code(&decide(&server, locked, &plain(), after(0))), Some(Code::Declined));
}

#[test]
fn an_issuer_that_is_left_alone_is_not_asked_but_what_still_lives_is_used() {
    let mut server = server(Held::Unsaved(grant(Some("refresh"))));
    let problem = Problem::new(Code::RegistrationLost, "it does not know us", "Wait.");
    server.upkeep.leave_alone(problem, after(3590));
    assert!(matches!(decide(&server, None, &plain(), after(3590)), Step::Use(_)));
    let long = need(&json!({ "server": "one", "min_ttl": 60 }));
    assert_eq!(code(&decide(&server, None, &long, after(3590))), Some(Code::RegistrationLost));
    assert!(matches!(decide(&server, None, &long, after(3592)), Step::Renew(_)));
}

#[test]
fn further_scopes_take_another_sign_in() {
    let server = server(Held::Unsaved(grant(Some("refresh"))));
    let more = need(&json!({ "server": "one", "scope": "read write" }));
    assert!(matches!(decide(&server, None, &more, after(0)), Step::SignIn(_)));
    let less = need(&json!({ "server": "one", "scope": "read" }));
    assert!(matches!(decide(&server, None, &less, after(0)), Step::Use(_)));
}
