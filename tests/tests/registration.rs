//! Who we are at an issuer, and what happens when the issuer does not know us any more.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Browser, Demo, Home, Reply, Rogue, Valet, curl, until};
use serde_json::{Value, json};
use std::sync::Mutex;

/// Longer than what counts as a double click.
const A_MOMENT: i64 = 6;

#[test]
fn an_issuer_that_forgot_us_is_registered_at_anew_by_the_next_sign_in() {
    let home = Home::new();
    let mut demo = Demo::start(&home);
    home.lists(&[("demo", &demo.mcp())], "memory");
    let valet = Valet::start(&home);
    curl(&[valet.begin("demo").as_str()]).expect_status(200);
    demo.restart(&home);
    home.move_clock(A_MOMENT);
    // The person sees the issuer's own error, closes the page and tries once more; or twice, if the first
    // sign-in was begun before the issuer forgot.
    let known = curl(&[valet.begin("demo").as_str()]).status == 200;
    home.move_clock(2 * A_MOMENT);
    let page = valet.begin("demo");
    assert_eq!(curl(&[page.as_str()]).status, 200, "known before: {known}");
    let browser = Browser::start(&home);
    browser.open(page.as_str());
    browser.click("#allow");
    valet.settles("demo", "ready");
    demo.list_tools(&valet.token("demo").expect_status(200).text("access_token")).expect_status(200);
}

#[test]
fn an_issuer_that_forgot_us_after_a_sign_in_is_registered_at_anew_once_one_attempt_was_abandoned() {
    let home = Home::new();
    let mut demo = Demo::start(&home);
    home.lists(&[("demo", &demo.mcp())], "memory");
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);
    browser.open(valet.begin("demo").as_str());
    browser.click("#allow");
    valet.settles("demo", "ready");
    demo.restart(&home);
    assert_eq!(curl(&[valet.begin("demo").as_str()]).status, 400, "the demo remembers its clients");
    home.move_clock(A_MOMENT);
    browser.open(valet.begin("demo").as_str());
    browser.click("#allow");
    browser.shows("close");
    demo.list_tools(&valet.token("demo").expect_status(200).text("access_token")).expect_status(200);
}

#[test]
fn an_issuer_that_refuses_our_client_is_registered_at_anew() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    home.browser_says_yes();
    rogue.reply("/token", Reply::error(401, "invalid_client"));
    valet.cli(&["authorize", "rogue"]).expect_code(5);
    rogue.behave("/token");
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
    assert_eq!(rogue.count("/register"), 2);
}

const RESOURCE: &str = "/.well-known/oauth-protected-resource/mcp";

fn words(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// A client may ask for no scopes but those that it was registered for.
fn limits_clients(rogue: &Rogue) {
    let registered = Mutex::new(Vec::<Vec<String>>::new());
    rogue.plan(move |one| match one.path.as_str() {
        "/register" => {
            let mut client: Value = serde_json::from_str(&one.body).unwrap();
            let mut all = registered.lock().unwrap();
            client["client_id"] = all.len().to_string().into();
            all.push(words(client["scope"].as_str()));
            Some(Reply::Json(201, client))
        }
        "/authorize" => {
            let of: usize = one.field("client_id").unwrap().parse().unwrap();
            let allowed = &registered.lock().unwrap()[of];
            let asked = words(one.field("scope").as_deref());
            (!asked.iter().all(|scope| allowed.contains(scope))).then(|| Reply::error(400, "invalid_scope"))
        }
        _ => None,
    });
}

#[test]
fn where_a_client_may_ask_only_for_what_it_registered_it_registers_for_what_it_asks() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    limits_clients(&rogue);
    rogue.edit(RESOURCE, "scopes_supported", json!(["read"]));
    rogue.edit_metadata("scopes_supported", json!(["read", "offline_access"]));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let asked = words(rogue.requests("/authorize")[0].field("scope").as_deref());
    assert_eq!(asked, ["read", "offline_access"]);
    valet.sign_in("rogue");
    assert_eq!(rogue.count("/register"), 1, "it is kept as long as it does");

    rogue.edit(RESOURCE, "scopes_supported", json!(["write"]));
    let seen = valet.cli(&["doctor", "rogue", "--json"]).expect_code(0).stdout;
    assert!(seen.contains("registration_narrow") && seen.contains("not for write"), "{seen}");
    valet.sign_in("rogue");
    assert_eq!(rogue.count("/register"), 2, "anew in the same attempt");
    rogue.edit(RESOURCE, "scopes_supported", json!(["read"]));
    valet.sign_in("rogue");
    assert_eq!(rogue.count("/register"), 2, "what was registered before is not given up");
    let seen = valet.cli(&["doctor", "rogue", "--json"]).expect_code(0).stdout;
    assert!(!seen.contains("registration_narrow"), "{seen}");
}

#[test]
fn a_registration_that_was_made_for_no_scopes_is_made_anew_once_some_are_asked_for() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    limits_clients(&rogue);
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    rogue.edit(RESOURCE, "scopes_supported", json!(["read", "write"]));
    valet.sign_in("rogue");
    assert_eq!(valet.server("rogue")["scopes_granted"], json!(["read", "write"]));
}

#[test]
fn servers_of_one_issuer_share_a_registration_for_what_both_ask() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = |scope: &str| json!({ "url": rogue.mcp(), "oauth": { "scopes": [scope] } });
    home.configure(&json!({
        "mcpServers": { "one": server("read"), "two": server("write") },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    limits_clients(&rogue);
    let valet = Valet::start(&home);
    for name in ["one", "two", "one", "two"] {
        valet.sign_in(name);
    }
    assert_eq!(rogue.count("/register"), 2);
}

#[test]
fn an_issuer_that_refuses_scopes_at_registration_registers_without_them() {
    let refusals = [
        ("invalid_client_metadata", "Requested scopes are not valid: read"),
        ("invalid_scope", ""),
        ("invalid_request", "unknown scope read"),
    ];
    for (error, description) in refusals {
        let (home, rogue) = (Home::new(), Rogue::start());
        home.lists(&[("rogue", &rogue.mcp())], "memory");
        rogue.edit(RESOURCE, "scopes_supported", json!(["read"]));
        rogue.plan(move |one| {
            let asked: Value = serde_json::from_str(&one.body).unwrap_or_default();
            let refusal = json!({ "error": error, "error_description": description });
            (one.path == "/register" && asked["scope"].is_string()).then_some(Reply::Json(400, refusal))
        });
        let valet = Valet::start(&home);
        valet.sign_in("rogue");
        assert_eq!(valet.server("rogue")["scopes_granted"], json!(["read"]), "it asks for them all the same");
        valet.sign_in("rogue");
        assert_eq!(rogue.count("/register"), 2, "{error}");
    }
}

/// Past the minute after which it is said what helps.
const A_WHILE: i64 = 62;

#[test]
fn after_a_minute_whoever_waits_is_told_that_starting_again_registers_anew_and_it_does() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    // The page shows an error from now on, and nobody comes back.
    home.browser_notes_the_address();
    let waits = home.start_cli(&["authorize", "rogue"]);
    valet.settles("rogue", "ready");
    until("the sign-in waits", || (valet.server("rogue")["attempt"] == "waiting").then_some(()));
    assert!(valet.server("rogue")["problem"].is_null(), "{}", valet.server("rogue"));
    home.move_clock(A_WHILE);
    let said =
        until("it says so", || Some(waits.stderr()).filter(|said| said.contains("registers there anew")));
    assert!(said.contains("mcp-valet authorize rogue") && said.contains("Still waiting"), "{said}");
    assert_eq!(valet.server("rogue")["problem"]["reason"], "not_back_yet");
    valet.sign_in("rogue");
    assert_eq!(rogue.count("/register"), 2);
    assert!(valet.server("rogue")["problem"].is_null());
    // Who waits after that is told nothing that would not come true.
    valet.begin("rogue");
    home.move_clock(2 * A_WHILE);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(valet.server("rogue")["problem"].is_null(), "{}", valet.server("rogue"));
}

#[test]
fn after_a_minute_whoever_registered_an_app_by_hand_is_told_what_to_look_at_there() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = json!({ "url": rogue.mcp(), "oauth": { "clientId": "by-hand" } });
    home.configure(&json!({ "mcpServers": { "rogue": server }, "valet": { "vault": "memory" } }));
    let valet = Valet::start(&home);
    let page = valet.begin("rogue");
    home.move_clock(A_WHILE);
    let uri = page.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
    let advice =
        until("it is said", || valet.server("rogue")["problem"]["advice"].as_str().map(str::to_owned));
    assert!(advice.contains(&uri), "{advice}");
}
