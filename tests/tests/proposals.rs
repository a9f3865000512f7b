//! What aims a sign-in comes from the person: over the socket it is a question that shows it whole.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::Duration;

use mcp_valet_tests::proposals::{
    ADD, LATER, audited, configure, entries, on_terminal, posts_and_answers, slack,
};
use mcp_valet_tests::{Agent, Browser, Crowd, Desktop, Home, Keychain, Valet, this_program, until};
use serde_json::{Value, json};

#[test]
fn a_proposal_is_shown_whole_and_added_once_the_person_agrees() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let added = posts_and_answers(&valet, &mut terminal, &slack(60), "y").expect_status(200).json();
    assert_eq!((&added["added"], &added["server"]["name"]), (&json!(true), &json!("slack")));
    let screen = terminal.screen();
    for shown in [
        &format!("{} wants to add slack.", this_program()),
        &format!("program: {}", std::env::current_exe().unwrap().display()),
        "address: https://mcp.slack.example/mcp",
        "clientId: \"1.2\"",
        "clientSecret: (a secret, not shown)",
        "callbackPort: \"3118\"",
        "scopes: \"chat:write\"",
    ] {
        assert!(screen.contains(shown), "{shown}: {screen}");
    }
    assert!(!screen.contains("SECRET"), "{screen}");
    assert_eq!(entries(&home)["slack"]["oauth"]["clientId"], "1.2");
    assert_eq!(
        entries(&home)["slack"]["oauth"]["clientSecret"],
        "SECRET-of-the-person",
        "memory would lose it"
    );
    let notices = valet.get("/v1/health").json()["notices"].to_string();
    assert!(!notices.contains("waits for your consent"), "agreed to is agreed to: {notices}");
    let line = &audited(&home, "add")[0];
    assert_eq!((&line["agent"], &line["server"]), (&json!(this_program()), &json!("slack")));
    let agreed = line["result"].as_str().unwrap().strip_prefix("the person agreed to ").unwrap();
    // In the order in which they were sent, which is not this test's to say.
    let agreed: BTreeSet<&str> = agreed.split(", ").collect();
    assert_eq!(agreed, BTreeSet::from(["callbackPort", "clientId", "clientSecret"]));
    assert!(!valet.log().contains("SECRET"), "{}", valet.log());
}

#[test]
fn every_key_that_aims_needs_the_person_and_scopes_do_not() {
    let home = Home::new();
    configure(&home, "allow", "memory");
    let valet = Valet::start(&home);
    let new = |oauth: Value| json!({ "name": "x", "url": "https://x.example/mcp", "oauth": oauth });
    for oauth in [
        json!({ "clientId": "x" }),
        json!({ "clientId": "x", "clientSecret": "s" }),
        json!({ "callbackPort": 3118 }),
        json!({ "callbackPath": "/callback" }),
        json!({ "redirectHost": "localhost" }),
        json!({ "authorizationServer": "https://h.example" }),
        json!({ "resource": "https://good.example/mcp" }),
        json!({ "resource": "omit" }),
        json!({ "authServerMetadataUrl": "https://h.example/metadata" }),
        json!({ "grant": "client_credentials", "clientId": "x", "clientSecret": "s" }),
        json!({ "grant": "device_code" }),
        json!({ "authorizeParams": { "audience": "good" } }),
        json!({ "tokenEndpointAuthMethod": "none" }),
        json!({ "pkce": "assume" }),
        json!({ "clientMetadataUrl": "https://us.example/client.json" }),
        json!({ "externalUrl": "https://evil.example/callback" }),
        json!({ "tls": true }),
        json!({ "dpop": "off" }),
        json!({ "signingAlg": "ES256" }),
        json!({ "scopes": ["a"], "callbackPort": 0 }),
    ] {
        let answer = valet.post("/v1/servers", &new(oauth.clone())).expect_status(403);
        assert_eq!(answer.text("reason"), "nobody_to_ask", "{oauth}");
    }
    // What would run something or hand out more has no place here at all.
    for key in ["command", "args", "env", "cwd", "headers", "folders", "handOut", "verify"] {
        let mut run = new(json!({}));
        run[key] = json!("x");
        valet.post("/v1/servers", &run).expect_status(400);
    }
    assert_eq!(entries(&home), json!({}));
    valet.post("/v1/servers", &new(json!({ "scopes": ["a"] }))).expect_status(200);
    assert_eq!(entries(&home)["x"]["oauth"], json!({ "scopes": ["a"] }));
}

#[test]
fn who_does_not_wait_is_told_at_once_and_a_late_answer_still_adds_it() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let told = valet.post("/v1/servers", &slack(0)).expect_status(403);
    assert_eq!((told.text("code"), told.text("reason")), ("consent_required".into(), "proposed".into()));
    terminal.shows(ADD);
    terminal.types("y");
    until("it is added", || (valet.get("/v1/servers/slack").status == 200).then_some(()));
    assert_eq!(valet.server("slack")["added_by"], this_program());
}

#[test]
fn a_proposal_is_taken_back_long_after_its_asker_has_gone() {
    let home = Home::new();
    let (valet, terminal) = on_terminal(&home);
    valet.post("/v1/servers", &slack(0)).expect_status(403);
    terminal.shows(ADD);
    home.move_clock(LATER);
    terminal.shows("(answered elsewhere)");
    assert_eq!(entries(&home), json!({}));
}

#[test]
fn equal_proposals_are_one_question_and_a_program_has_a_few() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let body =
        json!({ "name": "a", "url": "https://a.example/mcp", "oauth": { "clientId": "x" }, "wait": 60 });
    let crowd = Crowd::post(&home.socket(), 20, "/v1/servers", &body.to_string());
    terminal.shows(ADD);
    terminal.types("y");
    let answers = crowd.answers();
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    assert_eq!(terminal.screen().matches(ADD).count(), 1, "{}", terminal.screen());
    assert_eq!(audited(&home, "add").len(), 1);

    let new = |n: usize| json!({ "name": "b", "url": "https://b.example/mcp", "oauth": { "clientId": n.to_string() } });
    for n in 0..8 {
        assert_eq!(valet.post("/v1/servers", &new(n)).expect_status(403).text("reason"), "proposed");
    }
    assert_eq!(valet.post("/v1/servers", &new(8)).expect_status(500).text("code"), "internal");
    let other = Agent::new(&home, "other");
    let asks = other.runs("$VALET add c https://c.example/mcp --client-id 9 --wait 0").expect_code(3);
    assert!(asks.stderr.contains("has not answered yet"), "{asks:?}");
}

#[test]
fn the_command_line_waits_for_the_answer_and_else_ends_with_3() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let add = ["add", "slack", "https://mcp.slack.example/mcp", "--client-id", "1.2"];
    let late = valet.cli(&[&add[..], &["--wait", "1"]].concat()).expect_code(3);
    assert!(
        late.stderr.contains("Waiting for your answer") && late.stderr.contains("Answer the question"),
        "{late:?}"
    );
    thread::scope(|scope| {
        let adding = scope.spawn(|| valet.cli(&add));
        terminal.shows(ADD);
        terminal.types("y");
        let added = adding.join().unwrap().expect_code(0);
        assert!(added.stdout.contains("Added \"slack\""), "{added:?}");
    });
    thread::scope(|scope| {
        let adding = scope.spawn(|| valet.cli(&["add", "b", "https://b.example/mcp", "--tls"]));
        until("it is asked", || (terminal.screen().matches(ADD).count() == 2).then_some(()));
        terminal.types("n");
        adding.join().unwrap().expect_code(4);
    });
    valet.stop();
    let valet = Valet::start(&home);
    let alone = valet.cli(&["add", "c", "https://c.example/mcp", "--client-id", "1.2"]).expect_code(3);
    assert!(alone.stderr.contains("\"c\": {") && alone.stderr.contains("restart MCP Valet"), "{alone:?}");
    valet.cli(&["add", "d", "https://d.example/mcp", "--scope", "read"]).expect_code(0);
}

#[test]
fn a_lock_takes_back_what_waits_with_a_secret() {
    let home = Home::new();
    let (valet, terminal) = on_terminal(&home);
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.post("/v1/servers", &slack(60)));
        terminal.shows(ADD);
        valet.cli(&["lock"]).expect_code(0);
        assert_eq!(asking.join().unwrap().expect_status(423).text("code"), "locked");
    });
    valet.post("/v1/servers", &slack(0)).expect_status(423);
    assert_eq!(entries(&home), json!({}));
}

#[test]
fn what_a_proposal_says_can_neither_write_a_line_nor_turn_one() {
    let home = Home::new();
    let (valet, terminal) = on_terminal(&home);
    let params = json!({ "b\n  address: https://trusted.example": "c" });
    let new = json!({ "name": "x", "url": "https://gооd.example/mcp", "oauth": {
        "clientId": "a\n  address: https://trusted.example\u{202e}", "authorizeParams": params,
    } });
    valet.post("/v1/servers", &new).expect_status(403);
    let screen = terminal.shows(ADD);
    assert_eq!(
        screen.lines().filter(|line| line.trim_start().starts_with("address:")).count(),
        1,
        "{screen}"
    );
    assert!(screen.contains("address: https://xn--") && !screen.contains('\u{202e}'), "{screen}");
}

#[test]
fn on_a_desktop_the_window_asks_and_no_notification_answers() {
    let home = Home::new();
    let mut desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    desktop.remember_notifications();
    home.configure(&json!({ "mcpServers": { "other": { "url": "https://other.example/mcp" } }, "valet": { "agents": "allow" } }));
    let valet = Valet::on_desktop(&desktop);
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.post("/v1/servers", &slack(60)));
        let label = format!("{} wants to add slack…", this_program());
        desktop.menu_has(&label);
        let notes = until("it is told", || Some(desktop.notifications()).filter(|notes| !notes.is_empty()));
        assert!(notes[0]["summary"].as_str().unwrap().contains("wants to add slack"), "{notes:?}");
        assert_eq!(notes[0]["buttons"], json!(["default", "Open"]));
        desktop.click(&label);
        let window = Browser::window(&desktop);
        let page = window.shows("wants to add slack");
        for shown in ["https://mcp.slack.example/mcp", "clientId", "1.2", "a secret, not shown", "3118"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert!(!page.contains("SECRET"));
        window.answer("Add it");
        asking.join().unwrap().expect_status(200);
    });
    assert_eq!(entries(&home)["slack"]["oauth"]["clientId"], "1.2");
    assert!(!fs::read_to_string(home.config()).unwrap().contains("SECRET"), "it is in the keychain");
    assert_eq!(valet.server("slack")["state"], "authorization_required");
}

#[test]
fn in_the_window_there_is_no_yes_before_all_of_it_was_in_sight() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    home.asks_about(&[("other", "https://other.example/mcp")]);
    let valet = Valet::on_desktop(&desktop);
    let params: serde_json::Map<String, Value> =
        (0..22).map(|n| (format!("p{n}"), json!("x".repeat(100)))).collect();
    let new = json!({ "name": "long", "url": "https://l.example/mcp", "wait": 60, "oauth": { "authorizeParams": params } });
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.post("/v1/servers", &new));
        desktop.click(&format!("{} wants to add long…", this_program()));
        let window = Browser::window(&desktop);
        window.shows("Scroll through all of it to say yes.");
        window.point_at("Don’t add");
        window.let_pass(Duration::from_secs(60));
        window.press("Add it");
        window.jump_to_the_end();
        window.let_pass(Duration::from_secs(60));
        window.press("Add it");
        window.shows("Scroll through all of it to say yes.");
        assert_eq!(entries(&home)["long"], Value::Null, "a yes was taken unread");
        window.answer("Add it");
        asking.join().unwrap().expect_status(200);
    });
}
