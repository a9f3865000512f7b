//! A server that refuses a token: what is said of it, and what everybody sees.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Reply, Rogue, Valet};
use serde_json::{Value, json};

const RESOURCE: &str = "/.well-known/oauth-protected-resource/mcp";

fn list() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })
}

/// A valet that is signed in for "read" and lets every agent use it.
fn ready<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    rogue.edit(RESOURCE, "scopes_supported", json!(["read"]));
    Valet::signed_in(home, rogue)
}

/// From now on the server answers this status and challenge.
fn challenges(rogue: &Rogue, status: u16, challenge: &str) {
    rogue.reply("/mcp", Reply::Bare(status, vec![("www-authenticate", challenge.to_owned())]));
}

/// The problem that answers a call, with what it says.
#[track_caller]
fn problem(valet: &Valet<'_>) -> (Value, String) {
    let error = valet.proxy("rogue", &list(), &[]).expect_status(200).json()["error"].clone();
    (error["data"].clone(), error["message"].as_str().unwrap_or_default().to_owned())
}

#[track_caller]
fn works(valet: &Valet<'_>) {
    let answer = valet.proxy("rogue", &list(), &[]).expect_status(200).json();
    assert_eq!(answer["result"], json!({}), "{answer}");
}

#[test]
fn a_refused_token_is_no_matter_of_scopes_whatever_the_challenge_names() {
    for scope in ["read", "read write", "write", ""] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let valet = ready(&home, &rogue);
        let challenge = format!(
            "Bearer error=\"invalid_token\", scope=\"{scope}\", error_description=\"The token was revoked\""
        );
        challenges(&rogue, 401, &challenge);
        let (problem, said) = problem(&valet);
        assert_eq!(problem["code"], "authorization_required", "{problem}");
        assert_eq!(problem["reason"], "refused_by_server", "{problem}");
        assert!(!said.contains("cover"), "{said}");
        assert!(said.contains("; it says \"The token was revoked\". Run"), "{said}");
        assert_eq!(rogue.refreshes(), 1);
    }
}

#[test]
fn a_server_whose_token_is_refused_is_not_shown_as_ready_until_it_takes_one_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = ready(&home, &rogue);
    challenges(&rogue, 401, "Bearer error=\"invalid_token\", error_description=\"Unknown key\"");
    problem(&valet);
    let shown = valet.server("rogue");
    assert_eq!((&shown["state"], &shown["grant"]), (&json!("authorization_required"), &json!("live")));
    assert!(shown["problem"]["detail"].as_str().unwrap().contains("\"Unknown key\""), "{shown}");
    let listed = valet.cli(&["list"]).expect_code(0).stdout;
    assert!(!listed.contains("Ready"), "{listed}");
    rogue.behave("/mcp");
    works(&valet);
    let shown = valet.server("rogue");
    assert_eq!((&shown["state"], &shown["problem"]), (&json!("ready"), &Value::Null));
    challenges(&rogue, 401, "Bearer");
    problem(&valet);
    assert_eq!(valet.server("rogue")["state"], "authorization_required");
    rogue.behave("/mcp");
    valet.sign_in("rogue");
    assert_eq!(valet.server("rogue")["state"], "ready");
}

#[test]
fn what_else_a_server_takes_is_no_proof_that_it_takes_the_token() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = ready(&home, &rogue);
    rogue.plan(|request| {
        let refused = request.path == "/mcp" && request.body.contains("tools/list");
        refused.then(|| Reply::Bare(401, vec![("www-authenticate", "Bearer".to_owned())]))
    });
    problem(&valet);
    valet.proxy("rogue", &json!({ "jsonrpc": "2.0", "id": 2, "method": "ping" }), &[]).expect_status(200);
    assert_eq!(valet.server("rogue")["state"], "authorization_required");
}

#[test]
fn a_gateway_that_answers_403_for_a_token_that_is_over_gets_another() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = ready(&home, &rogue);
    let token = valet.token("rogue").expect_status(200).text("access_token");
    rogue.plan(move |request| {
        let old = request.headers.get("authorization").is_some_and(|shown| shown.ends_with(&token));
        let challenge =
            "Bearer error=\"invalid_token\", error_description=\"The incoming token has expired\"".to_owned();
        let body = json!({ "message": "The incoming token has expired" }).to_string();
        old.then(|| Reply::Whole(403, vec![("www-authenticate", challenge)], body))
    });
    works(&valet);
    assert_eq!(rogue.refreshes(), 1);
    assert_eq!(valet.server("rogue")["state"], "ready");
}

#[test]
fn of_the_scopes_that_a_server_wants_those_that_are_missing_are_named() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = ready(&home, &rogue);
    for status in [401, 403] {
        challenges(&rogue, status, "Bearer error=\"insufficient_scope\", scope=\"read write\"");
        let (_, said) = problem(&valet);
        assert!(said.starts_with("the sign-in to \"rogue\" does not cover: write. Run"), "{said}");
        assert_eq!(valet.server("rogue")["state"], "ready", "the token is good for all else");
    }
    for challenge in
        ["Bearer error=\"insufficient_scope\", scope=\"read\"", "Bearer error=\"insufficient_scope\""]
    {
        challenges(&rogue, 403, challenge);
        let (problem, said) = problem(&valet);
        assert_eq!(problem["reason"], "insufficient_scope");
        assert!(said.contains("it names no scope that is missing"), "{said}");
    }
    assert_eq!(rogue.refreshes(), 0);
}

#[test]
fn the_words_of_a_server_are_quoted_bounded_and_hold_no_token() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = ready(&home, &rogue);
    let long = "x".repeat(3000);
    let said = format!("Bearer error=\"insufficient_scope\", error_description=\"a\\\"b {long}\"");
    challenges(&rogue, 403, &said);
    let (_, said) = problem(&valet);
    assert!(said.contains("; it says \"ab xxx") && said.contains("x\". Run"), "{said}");
    assert!(said.len() < 500, "{said}");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    challenges(
        &rogue,
        403,
        &format!("Bearer error=\"insufficient_scope\", error_description=\"not {token}\""),
    );
    let (_, said) = problem(&valet);
    assert!(!said.contains("it says"), "{said}");
    challenges(&rogue, 403, "Bearer error=\"not_allowed\", error_description=\"Ask your admin\"");
    let (forbidden, said) = problem(&valet);
    assert_eq!(forbidden["reason"], "forbidden");
    assert!(said.contains("; it says \"Ask your admin\"."), "{said}");
}

#[test]
fn where_nobody_signs_in_a_refused_token_is_fetched_anew_once_and_nobody_is_told_to_sign_in() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.plan(|request| {
        let answer = json!({ "access_token": "robots", "token_type": "Bearer", "expires_in": 600 });
        (request.path == "/token").then_some(Reply::Json(200, answer))
    });
    let oauth = json!({ "grant": "client_credentials", "clientId": "robot", "clientSecret": "secret" });
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "oauth": oauth } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    challenges(&rogue, 401, "Bearer error=\"invalid_token\"");
    let (problem, said) = problem(&valet);
    assert_eq!(
        (&problem["code"], &problem["reason"]),
        (&json!("failed"), &json!("refused_by_server")),
        "{said}"
    );
    assert!(!said.contains("authorize"), "{said}");
    assert_eq!(rogue.count("/token"), 2);
    assert_eq!(valet.server("rogue")["state"], "failed");
}

#[test]
fn a_server_that_refuses_every_token_has_its_issuer_asked_once_and_then_ever_more_rarely() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = ready(&home, &rogue);
    challenges(&rogue, 401, "Bearer error=\"invalid_token\"");
    let call = |name: &str| {
        let message =
            json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": name } });
        valet.proxy("rogue", &message, &[]).expect_status(200);
    };
    for name in ["a", "a", "b", "c", "d", "e", "f", "g", "h", "i"] {
        call(name);
    }
    assert_eq!(rogue.refreshes(), 1);
    assert_eq!(valet.server("rogue")["state"], "authorization_required");
    for (later, refreshes) in [(61, 2), (122, 2), (302, 3), (400, 3)] {
        home.move_clock(later);
        call("a");
        call("b");
        assert_eq!(rogue.refreshes(), refreshes, "after {later} seconds");
    }
    rogue.behave("/mcp");
    call("b");
    assert_eq!(valet.server("rogue")["state"], "ready");
    rogue.end_access();
    works(&valet);
    assert_eq!(rogue.refreshes(), 4, "a server that took its token gets another at once");
}

#[test]
fn what_a_server_takes_besides_does_not_have_its_issuer_asked_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = ready(&home, &rogue);
    rogue.plan(|request| {
        let refused = request.path == "/mcp" && request.body.contains("tools/list");
        refused.then(|| Reply::Bare(401, vec![("www-authenticate", "Bearer".to_owned())]))
    });
    for _ in 0..5 {
        problem(&valet);
        valet.proxy("rogue", &json!({ "jsonrpc": "2.0", "id": 2, "method": "ping" }), &[]).expect_status(200);
    }
    assert_eq!(rogue.refreshes(), 1);
}
