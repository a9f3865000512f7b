//! What happens at the same moment: a later step never loses to one that began before it.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::{Home, HttpResponse, Keychain, RawClient, Reply, Rogue, Valet, curl, until};
use serde_json::{Value, json};
use url::Url;

const LATER: i64 = 601;
const ASK: &str = r#"{"server":"rogue"}"#;

/// A valet that knows the rogue and is not signed in there.
fn valet<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    Valet::start(home)
}

/// A valet that is signed in, with an access token that has just expired.
fn expired<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    let valet = valet(home, rogue);
    valet.sign_in("rogue");
    home.move_clock(LATER);
    valet
}

fn asking(home: &Home) -> RawClient {
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(ASK);
    agent
}

/// What the rogue issued last does not work any more, and was given back by name.
#[track_caller]
fn the_last_tokens_are_given_back(rogue: &Rogue) {
    let secrets = rogue.secrets();
    let given_back: Vec<_> =
        rogue.requests("/revoke").iter().filter_map(|request| request.field("token")).collect();
    for kind in ["access-", "refresh-"] {
        let last = secrets.iter().rfind(|secret| secret.starts_with(kind)).unwrap();
        assert!(!rogue.accepts(last), "{last} still works");
        assert!(given_back.contains(last), "{last} is not among {given_back:?}");
    }
}

/// After `kill -9` and a new start with the same configuration, there is no grant.
#[track_caller]
fn nothing_comes_back(home: &Home, rogue: &Rogue, valet: Valet<'_>) {
    valet.kill();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(home);
    assert_eq!(valet.token("rogue").expect_status(401).text("code"), "authorization_required");
    assert_eq!(valet.server("rogue")["grant"], "none");
}

#[test]
fn a_refresh_that_waited_for_a_new_sign_in_does_not_write_the_old_grant_over_it() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = expired(&home, &rogue);
    let callback = rogue.agree(&valet.begin("rogue"));
    rogue.reply("/token", Reply::Html(503, String::new()));
    let refresh = rogue.hold("/token");
    let first = asking(&home);
    refresh.reached();
    rogue.behave("/token");
    rogue.hold("/token").open();
    let token = thread::scope(|scope| {
        let signing_in = scope.spawn(|| curl(&[callback.as_str()]));
        until("the code is exchanged", || (rogue.count("/token") == 3).then_some(()));
        // The sign-in waits for the refresh before it writes, and now it cannot write for a while either.
        keychain.freeze();
        refresh.open();
        assert_eq!(first.answer().status, 502);
        let queued: Vec<_> = (0..4).map(|_| asking(&home)).collect();
        valet.get("/v1/health").expect_status(200);
        keychain.thaw();
        signing_in.join().unwrap().expect_status(200);
        queued.into_iter().for_each(|agent| drop(agent.answer()));
        valet.token("rogue").expect_status(200).text("access_token")
    });
    assert!(rogue.accepts(&token));
    // A keychain that was away for long is written to a while later.
    until("the new grant is in the vault", || (valet.server("rogue")["grant"] == "live").then_some(()));
    valet.kill();
    let valet = Valet::start(&home);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), token);
    assert_eq!(rogue.refreshes(), 1, "the new grant did not need any");
}

#[test]
fn revoked_while_it_is_renewed_nothing_goes_out_or_comes_back_and_the_new_tokens_are_revoked_too() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = expired(&home, &rogue);
    let gate = rogue.hold("/token");
    let first = asking(&home);
    gate.reached();
    thread::scope(|scope| {
        let revoking = scope.spawn(|| valet.post("/v1/servers/rogue/revoke", &json!({})));
        until("the grant is gone", || (valet.server("rogue")["grant"] == "none").then_some(()));
        valet.token("rogue").expect_status(401);
        gate.open();
        let revocation = revoking.join().unwrap().expect_status(200);
        assert_eq!(revocation.text("refresh_token"), "revoked");
        assert_eq!(revocation.text("access_token"), "revoked");
    });
    first.answer().expect_status(401);
    valet.token("rogue").expect_status(401);
    the_last_tokens_are_given_back(&rogue);
    nothing_comes_back(&home, &rogue, valet);
}

#[test]
fn told_to_end_while_the_issuer_answers_it_stores_the_answer_first() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = expired(&home, &rogue);
    let gate = rogue.hold("/token");
    let _agent = asking(&home);
    gate.reached();
    thread::scope(|scope| {
        let ending = scope.spawn(|| valet.stop());
        let socket = home.socket();
        let health = ["--unix-socket", socket.to_str().unwrap(), "http://localhost/v1/health"];
        until("nothing new is begun", || (curl(&health).status == 0).then_some(()));
        gate.open();
        ending.join().unwrap();
    });
    let valet = Valet::start(&home);
    assert_eq!(valet.server("rogue")["state"], "ready");
    assert!(rogue.accepts(&valet.token("rogue").expect_status(200).text("access_token")));
    assert_eq!(rogue.refreshes(), 1);
}

/// The code has come back and is being exchanged when `something` happens: the tokens are not kept.
#[track_caller]
fn exchanged_in_vain(something: impl FnOnce(&Home, &Valet<'_>)) {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = valet(&home, &rogue);
    let callback = rogue.agree(&valet.begin("rogue"));
    let page = while_exchanging(&rogue, &callback, || something(&home, &valet));
    assert!((400..500).contains(&page.status), "{page:?}");
    assert!(valet.token("rogue").status >= 400);
    assert_eq!(valet.server("rogue")["grant"], "none");
    the_last_tokens_are_given_back(&rogue);
    nothing_comes_back(&home, &rogue, valet);
}

fn while_exchanging(rogue: &Rogue, callback: &Url, something: impl FnOnce()) -> HttpResponse {
    let gate = rogue.hold("/token");
    thread::scope(|scope| {
        let browser = scope.spawn(|| curl(&[callback.as_str()]));
        gate.reached();
        something();
        gate.open();
        browser.join().unwrap()
    })
}

#[test]
fn a_server_revoked_while_its_code_is_exchanged_gets_nothing() {
    exchanged_in_vain(|_, valet| {
        valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
    });
}

#[test]
fn a_server_declined_while_its_code_is_exchanged_gets_nothing() {
    exchanged_in_vain(|_, valet| {
        valet.post("/v1/servers/rogue/decline", &json!({})).expect_status(200);
    });
}

#[test]
fn a_server_removed_while_its_code_is_exchanged_gets_nothing() {
    exchanged_in_vain(|_, valet| {
        valet.delete("/v1/servers/rogue").expect_status(200);
        assert_eq!(valet.get("/v1/servers").json(), json!([]));
        valet
            .post("/v1/servers", &json!({ "name": "rogue", "url": "https://new.example/mcp" }))
            .expect_status(200);
    });
}

#[test]
fn an_address_edited_while_the_code_is_exchanged_gets_nothing_of_the_old_one() {
    exchanged_in_vain(|home, valet| {
        home.lists(&[("rogue", "https://elsewhere.example/mcp")], "keychain");
        until("the edit is seen", || {
            (valet.server("rogue")["url"] == "https://elsewhere.example/mcp").then_some(())
        });
    });
}

/// A program locks the valet so that it cannot tell what it holds, then finishes a sign-in of its own.
#[track_caller]
fn locking_replaces_nothing(finish: impl FnOnce(&Rogue, &Valet<'_>, &Url) -> HttpResponse) {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = valet(&home, &rogue);
    valet.sign_in("rogue");
    let before = valet.token("rogue").expect_status(200).text("access_token");
    valet.stop();
    home.configure(&with_agents(&rogue, "ask"));
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    let page = finish(&rogue, &valet, &callback);
    assert!((400..500).contains(&page.status), "{page:?}");
    valet.kill();
    home.configure(&with_agents(&rogue, "allow"));
    let valet = Valet::start(&home);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), before);
    assert!(rogue.accepts(&before));
}

fn with_agents(rogue: &Rogue, agents: &str) -> Value {
    json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": agents, "vault": "keychain" },
    })
}

#[test]
fn a_sign_in_that_comes_back_after_a_program_locked_replaces_nothing() {
    locking_replaces_nothing(|_, valet, callback| {
        valet.post("/v1/lock", &json!({})).expect_status(204);
        curl(&[callback.as_str()])
    });
}

#[test]
fn a_sign_in_during_which_a_program_locks_replaces_nothing() {
    locking_replaces_nothing(|rogue, valet, callback| {
        while_exchanging(rogue, callback, || {
            valet.post("/v1/lock", &json!({})).expect_status(204);
        })
    });
}

#[test]
fn a_sign_in_that_is_refused_because_the_valet_is_locked_does_not_revoke_at_the_client_of_the_live_grant() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = valet(&home, &rogue);
    valet.sign_in("rogue");
    valet.stop();
    home.configure(&with_agents(&rogue, "ask"));
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    let page = while_exchanging(&rogue, &callback, || {
        valet.post("/v1/lock", &json!({})).expect_status(204);
    });
    assert!((400..500).contains(&page.status), "{page:?}");
    assert_eq!(rogue.count("/revoke"), 0, "some issuers end every grant of a client with one of its tokens");
}

#[test]
fn told_to_end_right_after_a_sign_in_it_has_written_down_that_there_is_one() {
    for _ in 0..5 {
        let home = Home::new();
        let _keychain = Keychain::start(&home);
        let rogue = Rogue::start();
        let valet = valet(&home, &rogue);
        valet.sign_in("rogue");
        valet.stop();
        let read =
            |file: &str| std::fs::read_to_string(home.path().join("state/mcp-valet").join(file)).unwrap();
        let notes: Value = serde_json::from_str(&read("servers.json")).unwrap();
        assert_eq!(notes["keychain_used"], true, "{notes}");
        assert!(notes["servers"].to_string().contains("\"granted\":true"), "{notes}");
        assert!(read("audit").contains("sign_in"), "{}", read("audit"));
    }
}
