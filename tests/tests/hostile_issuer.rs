//! Servers that are slow, wrong or evil: the sign-in fails in time, names who is at fault, and says what to
//! do.

use std::time::{Duration, Instant};

use mcp_valet_tests::{Home, HttpResponse, Reply, Rogue, Valet, until};
use serde_json::{Value, json};

const METADATA: &str = "/.well-known/oauth-authorization-server";
const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";
/// No request may take longer than this, whatever the other side does.
const PATIENCE: Duration = Duration::from_secs(12);
/// What a gibibyte must not become, in KiB.
const FLAT: u64 = 30_000;

/// Begins a sign-in at a rogue that `script` has prepared, and checks how it fails.
#[track_caller]
fn fails_to_begin(script: impl Fn(&Rogue), reason: &str) -> HttpResponse {
    let (home, rogue) = (Home::new(), Rogue::start());
    script(&rogue);
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let (memory, start) = (valet.memory(), Instant::now());
    let answer = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    assert!(start.elapsed() < PATIENCE, "it took {:?}", start.elapsed());
    assert!(valet.memory() < memory + FLAT, "{} KiB became {}", memory, valet.memory());
    explains(&answer.json(), reason);
    let server = valet.server("rogue");
    assert_eq!(server["state"], "failed", "{server}");
    answer
}

/// Signs in at a rogue whose token endpoint `script` has prepared, and checks how it fails.
#[track_caller]
fn fails_to_finish(script: impl Fn(&Rogue), reason: &str) {
    let (home, rogue) = (Home::new(), Rogue::start());
    script(&rogue);
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    home.browser_says_yes();
    let (memory, start) = (valet.memory(), Instant::now());
    let said = valet.cli(&["authorize", "rogue"]).expect_code(5);
    assert!(start.elapsed() < 2 * PATIENCE, "it took {:?}", start.elapsed());
    assert!(valet.memory() < memory + FLAT, "{} KiB became {}", memory, valet.memory());
    let server = valet.server("rogue");
    assert_eq!(server["state"], "failed", "{server}");
    explains(&server["problem"], reason);
    assert!(said.stderr.contains("127.0.0.1"), "{said:?}");
    valet.token("rogue").expect_status(502);
}

/// A problem names the host at fault and what to do, and has a stable reason.
#[track_caller]
fn explains(problem: &Value, reason: &str) {
    assert_eq!(problem["reason"], reason, "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("127.0.0.1")), "{problem}");
    assert!(problem["advice"].as_str().is_some_and(|advice| advice.len() > 10), "{problem}");
}

fn html() -> Reply {
    Reply::Html(200, "<html><script>alert(1)</script></html>".into())
}

#[test]
fn metadata_that_is_html() {
    fails_to_begin(|rogue| rogue.reply(METADATA, html()), "metadata_missing");
}

#[test]
fn metadata_without_end_leaves_the_memory_flat() {
    fails_to_begin(|rogue| rogue.reply(METADATA, Reply::Endless), "answer_too_large");
}

#[test]
fn metadata_that_never_comes() {
    fails_to_begin(|rogue| rogue.reply(METADATA, Reply::Silent), "issuer_slow");
}

#[test]
fn metadata_that_redirects_to_a_file() {
    let redirect = |rogue: &Rogue| rogue.reply(METADATA, Reply::Redirect("file:///etc/passwd".into()));
    let answer = fails_to_begin(redirect, "redirect_refused");
    assert!(!answer.body.contains("root:"), "{answer:?}");
}

#[test]
fn metadata_that_redirects_to_a_private_address() {
    let target = "http://10.0.0.1/.well-known/oauth-authorization-server";
    fails_to_begin(|rogue| rogue.reply(METADATA, Reply::Redirect(target.into())), "redirect_refused");
}

#[test]
fn metadata_that_redirects_in_circles() {
    fails_to_begin(|rogue| rogue.reply(METADATA, Reply::Redirect(METADATA.into())), "answer_invalid");
}

#[test]
fn metadata_of_another_issuer() {
    let evil = |rogue: &Rogue| rogue.edit_metadata("issuer", json!("https://evil.example"));
    let answer = fails_to_begin(evil, "issuer_mismatch");
    assert!(answer.body.contains("evil.example"), "{answer:?}");
}

#[test]
fn an_issuer_that_differs_by_a_slash_is_another_issuer() {
    let slash = |rogue: &Rogue| rogue.edit_metadata("issuer", json!(format!("{}/", rogue.origin())));
    fails_to_begin(slash, "issuer_mismatch");
}

#[test]
fn metadata_without_pkce() {
    fails_to_begin(|rogue| rogue.edit_metadata("code_challenge_methods_supported", Value::Null), "no_pkce");
}

#[test]
fn metadata_with_plain_pkce_only() {
    fails_to_begin(
        |rogue| rogue.edit_metadata("code_challenge_methods_supported", json!(["plain"])),
        "no_pkce",
    );
}

#[test]
fn an_authorization_endpoint_that_is_a_script() {
    let script = |rogue: &Rogue| rogue.edit_metadata("authorization_endpoint", json!("javascript:alert(1)"));
    fails_to_begin(script, "url_invalid");
}

#[test]
fn a_token_endpoint_over_plain_http_elsewhere() {
    let plain = |rogue: &Rogue| rogue.edit_metadata("token_endpoint", json!("http://example.com/token"));
    let (home, rogue) = (Home::new(), Rogue::start());
    plain(&rogue);
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "insecure_endpoint");
    assert!(answer.body.contains("example.com"), "{answer:?}");
}

#[test]
fn a_server_whose_metadata_describes_another() {
    let other = |rogue: &Rogue| rogue.edit_resource(json!("https://other.example/mcp"));
    let answer = fails_to_begin(other, "resource_mismatch");
    assert!(answer.body.contains("other.example"), "{answer:?}");
}

#[test]
fn a_server_whose_own_metadata_never_comes() {
    fails_to_begin(|rogue| rogue.reply(RESOURCE_METADATA, Reply::Silent), "server_slow");
}

#[test]
fn a_server_that_accepts_the_connection_and_says_nothing() {
    fails_to_begin(|rogue| rogue.reply("/mcp", Reply::Silent), "server_slow");
}

#[test]
fn a_server_that_is_down() {
    fails_to_begin(Rogue::go_down, "server_unreachable");
}

#[test]
fn a_registration_that_is_refused_shows_the_issuers_words_as_text() {
    let refusal =
        json!({ "error": "invalid_client_metadata", "error_description": "<script>\u{1b}[31mred</script>" });
    let refuse = |rogue: &Rogue| rogue.reply("/register", Reply::Json(400, refusal.clone()));
    let answer = fails_to_begin(refuse, "registration_refused");
    assert!(!answer.body.contains('\u{1b}') && !answer.body.contains("\\u001b"), "{answer:?}");
}

#[test]
fn a_registration_without_end() {
    fails_to_begin(|rogue| rogue.reply("/register", Reply::Endless), "answer_too_large");
}

#[test]
fn a_registration_that_is_html() {
    fails_to_begin(|rogue| rogue.reply("/register", html()), "not_json");
}

#[test]
fn an_issuer_that_registers_nobody_needs_a_client_id_and_says_where_to_put_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit_metadata("registration_endpoint", Value::Null);
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(401);
    assert_eq!(
        answer.text("reason"),
        "registration_missing",
        "it is a person who is needed, not the provider"
    );
    assert!(answer.text("advice").contains("clientId"), "{answer:?}");
    assert_eq!(valet.server("rogue")["state"], "needs_client_id");
}

#[test]
fn a_token_of_type_mac() {
    fails_to_finish(|rogue| rogue.edit("/token", "token_type", json!("mac")), "token_type");
}

#[test]
fn a_token_whose_type_is_no_text() {
    fails_to_finish(|rogue| rogue.edit("/token", "token_type", json!(["Bearer"])), "answer_invalid");
}

#[test]
fn an_answer_without_a_token() {
    fails_to_finish(|rogue| rogue.edit("/token", "access_token", Value::Null), "answer_invalid");
}

#[test]
fn a_token_that_would_break_out_of_its_header() {
    fails_to_finish(|rogue| rogue.edit("/token", "access_token", json!("a\r\nX-Evil: 1")), "answer_invalid");
}

#[test]
fn a_token_answer_without_end() {
    fails_to_finish(|rogue| rogue.reply("/token", Reply::Endless), "answer_too_large");
}

#[test]
fn a_token_answer_that_is_html() {
    fails_to_finish(|rogue| rogue.reply("/token", html()), "not_json");
}

#[test]
fn a_token_answer_that_redirects_is_not_followed() {
    let (home, rogue, thief) = (Home::new(), Rogue::start(), Rogue::start());
    rogue.reply("/token", Reply::Redirect(format!("{}/token", thief.origin())));
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    home.browser_says_yes();
    valet.cli(&["authorize", "rogue"]).expect_code(5);
    assert_eq!(thief.count("/token"), 0, "the code went elsewhere");
}

#[test]
fn a_token_answer_that_never_comes() {
    fails_to_finish(|rogue| rogue.reply("/token", Reply::Broken), "issuer_unanswered");
}

#[test]
fn a_sign_in_works_once_the_server_behaves_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.reply(METADATA, html());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    rogue.behave(METADATA);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
}

#[test]
fn one_hostile_server_holds_up_no_other() {
    let home = Home::new();
    let (slow, good) = (Rogue::start(), Rogue::start());
    home.lists(&[("slow", &slow.mcp()), ("good", &good.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("slow");
    valet.sign_in("good");
    home.move_clock(601);
    let gate = slow.hold("/token");
    let mut waiting = mcp_valet_tests::RawClient::connect(&home.socket());
    waiting.ask_token(r#"{"server":"slow"}"#);
    gate.reached();
    let start = Instant::now();
    valet.token("good").expect_status(200);
    assert!(start.elapsed() < Duration::from_secs(3), "it took {:?}", start.elapsed());
    gate.open();
    assert_eq!(waiting.answer().status, 200);
}

#[test]
fn revocation_that_fails_at_the_issuer_does_not_keep_the_grant_here() {
    for reply in [Reply::Silent, Reply::error(401, "invalid_client"), html(), Reply::Endless] {
        let (home, rogue) = (Home::new(), Rogue::start());
        home.lists(&[("rogue", &rogue.mcp())], "memory");
        let valet = Valet::start(&home);
        valet.sign_in("rogue");
        rogue.reply("/revoke", reply);
        valet.cli(&["revoke", "rogue"]);
        until("the grant is gone", || (valet.server("rogue")["grant"] == "none").then_some(()));
        assert_eq!(valet.token("rogue").expect_status(401).text("code"), "authorization_required");
    }
}
