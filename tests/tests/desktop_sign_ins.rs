//! Sign-ins in the window: who waits for one, cancelled, begun again, and begun as somebody else.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, Browser, Desktop, Home, Rogue, Valet, curl, this_program, until};
use serde_json::json;
use url::Url;

fn with_rogue(home: &Home) -> Rogue {
    let rogue = Rogue::start();
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    home.browser_notes_the_address();
    rogue
}

/// The page of the rogue in the window.
fn page<'home>(desktop: &Desktop<'home>, label: &str) -> Browser {
    desktop.click("Open MCP Valet");
    let window = Browser::window(desktop);
    window.shows(label);
    window.click("a[href='#/servers/rogue']");
    window
}

fn parameter(address: &str, name: &str) -> Option<String> {
    let url = Url::parse(address).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[test]
fn whoever_waits_for_a_sign_in_is_named_until_they_give_up_or_are_killed() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _rogue = with_rogue(&home);
    let valet = Valet::on_desktop(&desktop);
    let window = page(&desktop, "Authorize");
    let scribe = Agent::new(&home, "scribe");
    let mut asking = scribe.starts("$VALET token rogue");
    window.shows("scribe waits for you to sign in.");
    asking.kill();
    until("nobody waits", || (!window.page().contains("waits for you")).then_some(()));
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| valet.post("/v1/token", &json!({ "server": "rogue", "wait": 3 })));
        window.shows(&format!("{} waits for you to sign in.", this_program()));
        asking.join().unwrap().expect_status(504);
    });
    until("nobody waits", || (!window.page().contains("waits for you")).then_some(()));
}

#[test]
fn a_sign_in_is_cancelled_while_the_browser_has_the_turn_and_what_comes_back_is_told_so() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = with_rogue(&home);
    let valet = Valet::on_desktop(&desktop);
    let window = page(&desktop, "Authorize");
    for button in ["main .buttons .button:last-child", "nav li > button"] {
        window.press("Authorize");
        window.shows("Waiting for the browser.");
        let page = home.opened().remove(0);
        desktop.menu_has("rogue: waiting for the browser");
        window.click(button);
        valet.settles("rogue", "authorization_required");
        window.shows("You have not signed in yet.");
        let late = curl(&[rogue.agree(&page.parse().unwrap()).as_str()]).expect_status(410);
        assert!(late.body.contains("This sign-in was cancelled"), "{late:?}");
        assert_eq!((rogue.count("/token"), &valet.server("rogue")["problem"]), (0, &json!(null)));
    }
}

#[test]
fn what_works_is_signed_in_to_as_somebody_else_and_stays_until_that_is_done() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = with_rogue(&home);
    rogue.edit_metadata("prompt_values_supported", json!(["none", "login", "select_account"]));
    let valet = Valet::on_desktop(&desktop);
    let sign_in = || {
        let page = home.opened().remove(0);
        assert!(rogue.accepts(&valet.token("rogue").expect_status(200).text("access_token")));
        let callback = rogue.agree(&page.parse().unwrap());
        curl(&[callback.as_str()]).expect_status(200);
        parameter(&page, "prompt")
    };
    let window = page(&desktop, "Authorize");
    window.press("Authorize");
    curl(&[rogue.agree(&home.opened()[0].parse().unwrap()).as_str()]).expect_status(200);
    window.press("Use another account");
    window.shows("What works now stays until the new sign-in is complete.");
    assert_eq!(sign_in().as_deref(), Some("select_account"));
    until("the new one is there", || (!window.page().contains("What works now stays")).then_some(()));
    window.press("Authorize again");
    window.shows("A new sign-in waits in your browser.");
    assert_eq!(sign_in(), None, "only who wants another account is asked which");
    valet.settles("rogue", "ready");
}

#[test]
fn accounts_at_one_address_are_told_apart_in_the_list() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    home.lists(
        &[("work", &rogue.mcp()), ("home", &rogue.mcp()), ("alone", "http://127.0.0.1:9/mcp")],
        "memory",
    );
    let _valet = Valet::on_desktop(&desktop);
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.shows("not signed in");
    let account = |name: &str| window.has(&format!("a[data-name={name}] .account"));
    assert_eq!(["home", "work", "alone"].map(account), [true, true, false]);
}
