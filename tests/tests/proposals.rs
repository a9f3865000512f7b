//! What aims a sign-in comes from the person: over the socket it is a question that shows it whole.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::thread;

use mcp_valet_tests::{
    Agent, Answer, Browser, Crowd, Desktop, Home, Keychain, Rogue, Terminal, Valet, this_program, until,
};
use serde_json::{Value, json};

const ADD: &str = "Add it?  [y]es   [n]o >";
/// Longer than a question outlives whoever asked.
const LATER: i64 = 400;

fn configure(home: &Home, agents: &str, vault: &str) {
    home.configure(&json!({ "mcpServers": {}, "valet": { "agents": agents, "vault": vault } }));
}

fn on_terminal(home: &Home) -> (Valet<'_>, Terminal) {
    configure(home, "ask", "memory");
    Valet::on_terminal(home)
}

fn entries(home: &Home) -> Value {
    let config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
    config["mcpServers"].clone()
}

fn audited(home: &Home, what: &str) -> Vec<Value> {
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    let lines = audit.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["what"] == what).collect()
}

fn slack(wait: u32) -> Value {
    json!({
        "name": "slack", "url": "https://mcp.slack.example/mcp", "wait": wait,
        "oauth": { "clientId": "1.2", "clientSecret": "SECRET-of-the-person", "callbackPort": 3118, "scopes": ["chat:write"] },
    })
}

/// Posts it while somebody is at the terminal, who answers this.
fn posts_and_answers(valet: &Valet<'_>, terminal: &mut Terminal, new: &Value, word: &str) -> Answer {
    let asked = terminal.screen().matches(ADD).count();
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.post("/v1/servers", new));
        until("it is asked", || (terminal.screen().matches(ADD).count() > asked).then_some(()));
        terminal.types(word);
        asking.join().unwrap()
    })
}

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
fn what_is_there_already_in_the_same_words_is_no_proposal() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let new =
        json!({ "name": "a", "url": "https://a.example/mcp", "oauth": { "clientId": "x" }, "wait": 60 });
    posts_and_answers(&valet, &mut terminal, &new, "y").expect_status(200);
    assert_eq!(valet.post("/v1/servers", &new).expect_status(200).json()["added"], false);
    let mut other = new.clone();
    other["oauth"]["clientId"] = json!("y");
    assert_eq!(valet.post("/v1/servers", &other).expect_status(400).text("reason"), "there_already");
    assert_eq!(terminal.screen().matches(ADD).count(), 1);
}

#[test]
fn a_refused_proposal_is_not_asked_about_again_under_any_name() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let refused = posts_and_answers(&valet, &mut terminal, &slack(60), "n").expect_status(403);
    assert_eq!((refused.text("code"), refused.text("reason")), ("denied".into(), "proposal_refused".into()));
    terminal.shows("Not added");
    let mut again = slack(60);
    for name in ["slack", "work"] {
        again["name"] = json!(name);
        assert_eq!(valet.post("/v1/servers", &again).expect_status(403).text("code"), "denied", "{name}");
    }
    assert_eq!(terminal.screen().matches(ADD).count(), 1, "{}", terminal.screen());
    assert_eq!(entries(&home), json!({}));
    let line = &audited(&home, "add_refused")[0];
    assert_eq!((&line["agent"], &line["server"]), (&json!(this_program()), &json!("slack")));
    // Another program may still ask.
    let other = Agent::new(&home, "other");
    let asks =
        other.runs("$VALET add slack https://mcp.slack.example/mcp --client-id 9 --wait 0").expect_code(3);
    assert!(asks.stderr.contains("has not answered yet"), "{asks:?}");
    terminal.shows("other wants to add slack");
}

#[test]
fn a_program_that_was_refused_often_is_not_asked_about_any_more() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let new = |n: usize| json!({ "name": "a", "url": "https://a.example/mcp", "oauth": { "clientId": n.to_string() }, "wait": 60 });
    for n in 0..8 {
        posts_and_answers(&valet, &mut terminal, &new(n), "n").expect_status(403);
    }
    assert_eq!(valet.post("/v1/servers", &new(9)).expect_status(403).text("code"), "denied");
    assert_eq!(terminal.screen().matches(ADD).count(), 8);
}

#[test]
fn where_nobody_can_be_asked_it_is_refused_with_the_lines_to_paste() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, "allow", "memory");
    let valet = Valet::start(&home);
    let new = json!({ "name": "r", "url": rogue.mcp(), "wait": 60, "oauth": { "clientId": "x\u{202e}", "clientSecret": "SECRET" } });
    let refused = valet.post("/v1/servers", &new).expect_status(403);
    assert_eq!(
        (refused.text("code"), refused.text("reason")),
        ("consent_required".into(), "nobody_to_ask".into())
    );
    assert!(!refused.body.contains("SECRET"), "{refused:?}");
    let advice = refused.text("advice");
    assert!(advice.contains(home.config().to_str().unwrap()) && !advice.contains('\u{202e}'), "{advice}");
    assert_eq!(entries(&home), json!({}));

    let lines = advice.split_once(":\n").unwrap().1;
    home.configure_text(&format!(
        r#"{{ "mcpServers": {{ {lines} }}, "valet": {{ "agents": "allow", "vault": "memory" }} }}"#
    ));
    valet.stop();
    let valet = Valet::start(&home);
    assert_eq!(valet.server("r")["url"], rogue.mcp());
    assert_eq!(entries(&home)["r"]["oauth"]["clientId"], "x\u{202e}");
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
fn a_token_cannot_be_aimed_at_another_server_over_the_socket() {
    let (home, good, evil) = (Home::new(), Rogue::start(), Rogue::start());
    home.configure(&json!({ "mcpServers": { "good": { "url": good.mcp() } }, "valet": { "agents": "ask", "vault": "memory" } }));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let aimed = json!({ "name": "harmless", "url": evil.mcp(), "wait": 60, "oauth": {
        "authorizationServer": good.origin(), "resource": good.mcp(), "callbackPort": 0,
    } });
    let refused = posts_and_answers(&valet, &mut terminal, &aimed, "no").expect_status(403);
    assert_eq!(refused.text("code"), "denied");
    let screen = terminal.screen();
    assert!(screen.contains(&format!("resource: \"{}\"", good.mcp())), "{screen}");
    assert!(screen.contains(&format!("authorizationServer: \"{}\"", good.origin())), "{screen}");
    valet.post("/v1/servers/harmless/authorize", &json!({})).expect_status(404);
    assert_eq!((good.count("/token"), evil.count("/mcp")), (0, 0));
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
fn what_a_question_cannot_show_is_not_asked_about() {
    let home = Home::new();
    let (valet, terminal) = on_terminal(&home);
    let many: serde_json::Map<String, Value> = (0..25).map(|n| (format!("p{n}"), json!("v"))).collect();
    for oauth in [json!({ "clientId": "x".repeat(1200) }), json!({ "authorizeParams": many })] {
        let new = json!({ "name": "x", "url": "https://x.example/mcp", "oauth": oauth });
        assert_eq!(valet.post("/v1/servers", &new).expect_status(400).text("reason"), "proposal_too_long");
    }
    let long = format!("https://x.example/{}", "x".repeat(1200));
    let new = json!({ "name": "x", "url": long, "oauth": { "clientId": "x" } });
    assert_eq!(valet.post("/v1/servers", &new).expect_status(400).text("reason"), "proposal_too_long");
    assert!(!terminal.screen().contains(ADD));
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
        assert_eq!(notes[0]["buttons"], json!(["default", "Open", "review", "Review…"]));
        desktop.click(&label);
        let window = Browser::window(&desktop);
        let page = window.shows("wants to add slack");
        for shown in ["https://mcp.slack.example/mcp", "clientId", "1.2", "a secret, not shown", "3118"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert!(!page.contains("SECRET"));
        window.press("Add it");
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
    home.configure(
        &json!({ "mcpServers": { "other": { "url": "https://other.example/mcp" } }, "valet": { "agents": "ask", "vault": "memory" } }),
    );
    let valet = Valet::on_desktop(&desktop);
    let params: serde_json::Map<String, Value> =
        (0..22).map(|n| (format!("p{n}"), json!("x".repeat(100)))).collect();
    let new = json!({ "name": "long", "url": "https://l.example/mcp", "wait": 60, "oauth": { "authorizeParams": params } });
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.post("/v1/servers", &new));
        desktop.click(&format!("{} wants to add long…", this_program()));
        let window = Browser::window(&desktop);
        window.shows("Scroll to the end to answer yes.");
        until("a no can be given", || {
            window.has("button[aria-keyshortcuts='2']:not([disabled])").then_some(())
        });
        thread::sleep(std::time::Duration::from_millis(1500));
        assert!(window.has("button[aria-keyshortcuts='1'][disabled]"), "a yes could be given unread");
        window.key("1");
        assert_eq!(entries(&home)["long"], Value::Null);
        window.scroll_to_the_end();
        window.press("Add it");
        asking.join().unwrap().expect_status(200);
    });
}
