//! "Revoke everything": in two clicks or one command, whatever an issuer or the keychain does meanwhile.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;
use std::time::{Duration, Instant};

use mcp_valet_tests::{Agent, Browser, Desktop, Home, Keychain, Reply, Rogue, Valet, this_program, until};
use serde_json::{Value, json};

/// What came of one server.
#[track_caller]
fn of<'a>(all: &'a Value, server: &str) -> &'a Value {
    let servers = all["servers"].as_array().unwrap();
    let found = servers.iter().find(|one| one["server"] == server);
    &found.unwrap_or_else(|| panic!("{all}"))["revocation"]
}

fn outcomes(revocation: &Value) -> [&Value; 4] {
    ["refresh_token", "access_token", "wiped", "client"].map(|member| &revocation[member])
}

#[test]
fn an_issuer_that_hangs_holds_up_neither_the_others_nor_what_is_here() {
    let home = Home::new();
    let (quick, silent, without) = (Rogue::start(), Rogue::start(), Rogue::start());
    without.edit_metadata("revocation_endpoint", Value::Null);
    home.lists(&[("quick", &quick.mcp()), ("silent", &silent.mcp()), ("without", &without.mcp())], "memory");
    let valet = Valet::start(&home);
    ["quick", "silent", "without"].iter().for_each(|name| valet.sign_in(name));
    let tokens = ["quick", "silent", "without"].map(|name| valet.token(name).text("access_token"));
    let gate = silent.hold("/revoke");
    thread::scope(|scope| {
        let all = scope.spawn(|| valet.post("/v1/revoke", &json!({})));
        gate.reached();
        until("the quick issuer was asked", || (!quick.accepts(&tokens[0])).then_some(()));
        for name in ["quick", "silent", "without"] {
            assert_eq!(valet.token(name).expect_status(401).text("code"), "authorization_required");
        }
        assert!(!all.is_finished());
        let all = all.join().unwrap().expect_status(200).json();
        assert_eq!(
            (&all["done"], &all["by"], &all["answers_wiped"]),
            (&json!(true), &json!(this_program()), &json!(true))
        );
        assert_eq!(
            outcomes(of(&all, "quick")),
            ["revoked", "revoked", "true", "not_offered"].map(text).each_ref()
        );
        assert_eq!(
            outcomes(of(&all, "silent")),
            ["failed", "failed", "true", "not_offered"].map(text).each_ref()
        );
        assert_eq!(
            outcomes(of(&all, "without")),
            ["not_offered", "not_offered", "true", "not_offered"].map(text).each_ref()
        );
    });
    let again = valet.cli(&["revoke", "--all", "--yes", "--json"]).expect_code(0).json();
    assert_eq!(
        outcomes(of(&again, "silent")),
        ["nothing", "nothing", "true", "nothing"].map(text).each_ref()
    );
}

fn text(text: &str) -> Value {
    if text == "true" { json!(true) } else { json!(text) }
}

#[test]
fn clients_are_given_back_after_the_last_grant_at_their_issuer() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit("/register", "registration_access_token", json!("registration-SECRET"));
    rogue.edit("/register", "registration_client_uri", json!(format!("{}/register/me", rogue.origin())));
    rogue.reply("/register/me", Reply::Bare(204, Vec::new()));
    home.lists(&[("work", &rogue.mcp()), ("home", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("work");
    valet.sign_in("home");
    let all = valet.cli(&["revoke", "--all", "--yes", "--json"]).expect_code(0).json();
    for name in ["work", "home"] {
        assert_eq!(
            outcomes(of(&all, name)),
            ["revoked", "revoked", "true", "deregistered"].map(text).each_ref()
        );
    }
    assert_eq!((rogue.count("/revoke"), rogue.count("/register/me")), (4, 1));
    assert_eq!(valet.get("/v1/servers").json().as_array().unwrap().len(), 2, "the servers stay listed");
}

#[test]
fn every_yes_is_taken_back_and_every_no_stays() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.asks_about(&[("rogue", &rogue.mcp())]);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    thread::scope(|scope| {
        let agent = scope.spawn(|| valet.token("rogue"));
        terminal.shows("Allow [o]nce");
        terminal.types("f");
        agent.join().unwrap().expect_status(200);
    });
    assert_eq!(valet.server("rogue")["consent"], "allowed");
    let refused = Agent::new(&home, "scribe");
    thread::scope(|scope| {
        let agent = scope.spawn(|| refused.runs("$VALET token rogue"));
        terminal.shows("scribe");
        terminal.shows("Allow [o]nce");
        terminal.types("d");
        agent.join().unwrap().expect_code(4);
    });
    let said = valet.cli(&["revoke", "--all", "--yes"]).expect_code(0).stdout;
    assert!(said.contains("What you refused stays refused."), "{said}");
    assert_eq!(valet.server("rogue")["consent"], "none");
    valet.sign_in("rogue");
    refused.runs("timeout 20 $VALET token rogue").expect_code(4);
}

#[test]
fn a_yes_that_a_locked_keychain_holds_is_taken_back_once_it_is_read_and_a_no_stays() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let (keychain, rogue) = (Keychain::on_desktop(&desktop), Rogue::start());
    let servers = json!({ "rogue": { "url": rogue.mcp() } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask" } }));
    let asks = |name: &str| Agent::at(&home, name).runs("$VALET token rogue --wait 300").code;
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    for (name, press, code) in [("scribe", "Allow", 0), ("herald", "Don’t allow", 4)] {
        thread::scope(|scope| {
            let agent = scope.spawn(|| asks(name));
            desktop.click(&format!("{name} wants rogue…"));
            let window = Browser::window(&desktop);
            window.asks(&format!("{name} wants to use rogue"));
            window.choose("Always");
            window.answer(press);
            assert_eq!(agent.join().unwrap(), code);
        });
    }
    valet.stop();
    keychain.lock();
    let valet = Valet::on_desktop(&desktop);
    let all = valet.cli(&["revoke", "--all", "--yes", "--json"]).expect_code(3).json();
    assert_eq!(all["answers_wiped"], false);
    keychain.unlock();
    valet.stop();

    let _valet = Valet::on_desktop(&desktop);
    assert_eq!(asks("herald"), 4);
    thread::scope(|scope| {
        let agent = scope.spawn(|| asks("scribe"));
        desktop.click("scribe wants rogue…");
        Browser::window(&desktop).answer("Don’t allow");
        assert_eq!(agent.join().unwrap(), 4);
    });
}

#[test]
fn what_a_locked_keychain_holds_is_named_and_ended_by_the_next_try() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.stop();
    keychain.lock();
    let valet = Valet::start(&home);
    assert_eq!(valet.server("rogue")["state"], "locked");
    let all = valet.cli(&["revoke", "--all", "--yes", "--json"]).expect_code(3).json();
    assert_eq!(outcomes(of(&all, "rogue"))[..3], [&text("unread"), &text("unread"), &json!(false)]);
    assert_eq!(rogue.count("/revoke"), 0);
    keychain.unlock();
    let all = valet.cli(&["revoke", "--all", "--yes", "--json"]).expect_code(0).json();
    assert_eq!(outcomes(of(&all, "rogue"))[..3], [&text("revoked"), &text("revoked"), &json!(true)]);
}

#[test]
fn a_valet_that_was_locked_revokes_without_being_unlocked() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    valet.post("/v1/lock", &json!({})).expect_status(204);
    valet.cli(&["revoke", "--all", "--yes"]).expect_code(0);
    assert!(!rogue.accepts(&token));
    assert_eq!(valet.get("/v1/health").json()["locked"], true, "it was unlocked by that");
}

#[test]
fn a_grant_of_a_server_that_left_the_configuration_is_ended_as_well() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    home.lists(&[], "memory");
    until("it is not listed", || (valet.get("/v1/servers").json() == json!([])).then_some(()));
    assert!(rogue.accepts(&token));
    let all = valet.cli(&["revoke", "--all", "--yes", "--json"]).expect_code(0).json();
    assert_eq!(all["servers"][0]["listed"], false);
    assert_eq!(of(&all, "rogue")["refresh_token"], "revoked");
    assert!(!rogue.accepts(&token));
}

#[test]
fn a_hundred_grants_at_issuers_that_hang_are_gone_here_at_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let names: Vec<String> = (0..100).map(|n| format!("s{n}")).collect();
    let url = rogue.mcp();
    let servers: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), url.as_str())).collect();
    home.lists(&servers, "memory");
    let valet = Valet::start(&home);
    names.iter().take(20).for_each(|name| valet.sign_in(name));
    rogue.reply("/revoke", Reply::Silent);
    let begun = Instant::now();
    thread::scope(|scope| {
        let all = scope.spawn(|| valet.post("/v1/revoke", &json!({})));
        until("no server can be used", || {
            let servers = valet.get("/v1/servers").json();
            servers.as_array().unwrap().iter().all(|one| one["grant"] == "none").then_some(())
        });
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
        let all = all.join().unwrap().expect_status(200).json();
        assert_eq!(of(&all, "s0")["refresh_token"], "failed");
        assert!(all["servers"].as_array().unwrap().iter().all(|one| one["revocation"]["wiped"] == true));
    });
    assert!(begun.elapsed() < Duration::from_secs(45), "one after the other: {:?}", begun.elapsed());
}

#[test]
fn the_command_asks_at_a_terminal_and_wants_a_word_elsewhere() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let refused = valet.cli(&["revoke", "--all"]).expect_code(2);
    assert!(refused.stderr.contains("--all --yes"), "{refused:?}");
    for arguments in [&["revoke"][..], &["revoke", "rogue", "--all"], &["revoke", "rogue", "--yes"]] {
        valet.cli(arguments).expect_code(2);
    }
    let mut command = home.command(mcp_valet_tests::program("mcp-valet"));
    command.args(["revoke", "--all"]);
    for (word, state) in [("", "ready"), ("y", "authorization_required")] {
        let (mut terminal, mut process) = mcp_valet_tests::Terminal::run(&command, "revoke-all", &home);
        terminal.shows("Revoke every sign-in");
        terminal.types(word);
        assert!(process.wait().success());
        assert_eq!(valet.server("rogue")["state"], state, "{word:?}");
    }
}

#[test]
fn two_clicks_from_the_tray_revoke_everything_and_the_window_says_what_came_of_it() {
    let (home, rogue, silent) = (Home::new(), Rogue::start(), Rogue::start());
    let desktop = Desktop::start(&home);
    home.lists(&[("rogue", &rogue.mcp()), ("silent", &silent.mcp())], "memory");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    valet.sign_in("silent");
    desktop.menu_has("rogue: ready");
    silent.reply("/revoke", Reply::error(503, "temporarily_unavailable"));
    desktop.click("Revoke everything…");
    let window = Browser::window(&desktop);
    window.shows("Revoke everything?");
    assert_eq!(rogue.count("/revoke"), 0, "one click was enough");
    window.press("Revoke everything");
    window.shows("not everywhere");
    window.shows("The provider confirmed it.");
    window.shows("did not confirm");
    desktop.menu_has("rogue: authorize…");
    assert_eq!(rogue.count("/revoke"), 2);
}

#[test]
fn what_a_program_revoked_is_on_the_screen_until_it_is_put_away() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let desktop = Desktop::start(&home);
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    desktop.menu_has("rogue: ready");
    valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.shows(&format!("{} revoked rogue.", this_program()));
    window.press("OK");
    until("it is put away", || {
        (!window.page().contains(&format!("{} revoked", this_program()))).then_some(())
    });
}
