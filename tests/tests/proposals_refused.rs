//! Proposals that nobody is asked about, or not again.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::proposals::{ADD, audited, configure, entries, on_terminal, posts_and_answers, slack};
use mcp_valet_tests::{Agent, Home, Rogue, Valet, this_program};
use serde_json::{Value, json};

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
fn a_token_cannot_be_aimed_at_another_server_over_the_socket() {
    let (home, good, evil) = (Home::new(), Rogue::start(), Rogue::start());
    home.asks_about(&[("good", &good.mcp())]);
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
