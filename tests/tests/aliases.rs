//! What the person refused holds for the thing, by whatever name; what they answered for one name stands for
//! that.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, Home, Rogue, Terminal, Valet, until};
use serde_json::{Value, json};

const QUESTION: &str = "Allow [o]nce";

/// A valet at a terminal with these servers, which asks about every agent.
fn at_terminal<'home>(home: &'home Home, servers: &Value) -> (Valet<'home>, Terminal) {
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    Valet::on_terminal(home)
}

fn questions(terminal: &Terminal) -> usize {
    terminal.screen().matches(QUESTION).count()
}

/// The agent asks for `server`, is asked about for the `count`th time, and the person answers.
#[track_caller]
fn answered(agent: &Agent<'_>, server: &str, terminal: &mut Terminal, (count, answer): (usize, &str)) -> i32 {
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| agent.runs(&token(server)));
        until(&format!("question {count} is asked"), || (questions(terminal) >= count).then_some(()));
        assert!(terminal.screen().contains(&format!("wants to use {server}")), "{}", terminal.screen());
        terminal.types(answer);
        asking.join().unwrap().code
    })
}

fn token(server: &str) -> String {
    format!("timeout 20 $VALET token '{server}'")
}

/// Other ways to write the address of a rogue, each of which leads to the same server.
fn spellings(rogue: &Rogue) -> Vec<String> {
    let port = rogue.address().port();
    vec![
        rogue.mcp(),
        format!("http://localhost:{port}/mcp"),
        format!("{}/mcp/", rogue.origin()),
        format!("{}/%6dcp", rogue.origin()),
        format!("{}/x/..//mcp", rogue.origin()),
        format!("{}/mcp?a=1", rogue.origin()),
        format!("HTTP://127.1:{port}/mcp"),
    ]
}

#[test]
fn a_program_that_was_refused_is_refused_under_every_name_that_it_gives_the_server() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = at_terminal(&home, &json!({ "good": { "url": rogue.mcp() } }));
    valet.sign_in("good");
    let scribe = Agent::new(&home, "scribe");
    assert_eq!(answered(&scribe, "good", &mut terminal, (1, "d")), 4);
    for (number, url) in spellings(&rogue).iter().enumerate() {
        let name = format!("g{number}");
        scribe.runs(&format!("$VALET add {name} '{url}'")).expect_code(0);
        scribe.runs(&token(&name)).expect_code(4);
        let shown = scribe.runs(&format!("$VALET show {name} --json")).json();
        assert_eq!(shown["consent"], "denied", "{url}");
    }
    // And after the entry that was refused is gone.
    scribe.runs("$VALET remove good").expect_code(0);
    scribe.runs(&token("g0")).expect_code(4);
    scribe.runs(&format!("$VALET add again '{}'", rogue.mcp())).expect_code(0);
    scribe.runs(&token("again")).expect_code(4);
    assert_eq!(questions(&terminal), 1, "{}", terminal.screen());
    // Another program was never refused.
    let painter = Agent::new(&home, "painter");
    valet.sign_in("again");
    assert_eq!(answered(&painter, "again", &mut terminal, (2, "o")), 0);
}

#[test]
fn a_refusal_takes_the_leave_for_an_alias_that_a_program_had_added_before() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = at_terminal(&home, &json!({ "good": { "url": rogue.mcp() } }));
    let scribe = Agent::new(&home, "scribe");
    scribe.runs(&format!("$VALET add harmless '{}'", rogue.mcp())).expect_code(0);
    valet.sign_in("good");
    valet.sign_in("harmless");
    assert_eq!(answered(&scribe, "harmless", &mut terminal, (1, "f")), 0);
    scribe.runs(&token("harmless")).expect_code(0);
    assert_eq!(answered(&scribe, "good", &mut terminal, (2, "d")), 4);
    scribe.runs(&token("harmless")).expect_code(4);
}

#[test]
fn of_two_accounts_of_the_person_one_may_be_allowed_and_the_other_not() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let two = json!({ "home": { "url": rogue.mcp() }, "work": { "url": rogue.mcp() } });
    let (valet, mut terminal) = at_terminal(&home, &two);
    valet.sign_in("home");
    valet.sign_in("work");
    let scribe = Agent::new(&home, "scribe");
    assert_eq!(answered(&scribe, "work", &mut terminal, (1, "f")), 0);
    assert_eq!(answered(&scribe, "home", &mut terminal, (2, "d")), 4);
    scribe.runs(&token("work")).expect_code(0);
    // Of a program that was not answered about for "work", the person takes it back for that name alone.
    let painter = Agent::new(&home, "painter");
    assert_eq!(answered(&painter, "home", &mut terminal, (3, "d")), 4);
    painter.runs(&token("work")).expect_code(4);
    terminal.types("who");
    let screen = terminal.shows("painter and work");
    let row = screen.lines().find(|line| line.contains("painter and work")).unwrap();
    let number = row.split_whitespace().next().unwrap();
    terminal.types(&format!("forget {number}"));
    terminal.shows("asks again before it uses work");
    assert_eq!(answered(&painter, "work", &mut terminal, (4, "f")), 0);
    painter.runs(&token("home")).expect_code(4);
    painter.runs(&token("work")).expect_code(0);
}

#[test]
fn what_is_kept_to_the_proxy_is_so_under_every_name() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.configure(&json!({
        "mcpServers": { "good": { "url": rogue.mcp(), "handOut": "proxy" } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    for (number, url) in spellings(&rogue).iter().enumerate() {
        let name = format!("g{number}");
        valet.cli(&["add", &name, url]).expect_code(0);
        let refused = valet.cli(&["token", &name]).expect_code(4);
        assert!(refused.stderr.contains("same server as \"good\""), "{refused:?}");
    }
    valet.sign_in("g0");
    valet.cli(&["token", "g0"]).expect_code(4);
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    assert_eq!(valet.proxy("g0", &list, &[]).status, 200);
    // It outlives the entry that it was said of, and the valet.
    valet.cli(&["remove", "good"]).expect_code(0);
    valet.cli(&["token", "g0"]).expect_code(4);
    valet.cli(&["add", "good", &rogue.mcp()]).expect_code(0);
    valet.cli(&["token", "good"]).expect_code(4);
    valet.stop();
    let valet = Valet::start(&home);
    valet.cli(&["token", "good"]).expect_code(4);
    valet.cli(&["add", "later", &rogue.mcp()]).expect_code(0);
    valet.cli(&["token", "later"]).expect_code(4);
}

#[test]
fn what_is_kept_to_the_proxy_stays_so_where_the_same_resource_is_reached_at_another_address() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit_resource(json!(rogue.origin()));
    home.configure(&json!({
        "mcpServers": {
            "good": { "url": rogue.mcp(), "handOut": "proxy" },
            "other": { "url": format!("{}/other", rogue.origin()), "oauth": { "resource": rogue.origin() } },
        },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    valet.sign_in("good");
    assert_eq!(valet.server("good")["resource"], rogue.origin());
    valet.cli(&["token", "other"]).expect_code(4);
}

#[test]
fn an_edit_that_hands_out_under_another_name_what_is_kept_to_the_proxy_waits_for_the_person() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let good = json!({ "url": rogue.mcp(), "handOut": "proxy" });
    let (valet, mut terminal) = at_terminal(&home, &json!({ "good": good }));
    let open = json!({ "url": format!("{}/mcp/", rogue.origin()), "handOut": "token" });
    home.configure(&json!({
        "mcpServers": { "good": good, "g2": open },
        "valet": { "agents": "ask", "vault": "memory" },
    }));
    terminal.shows("\"g2\" hands out the token of \"good\", which is kept to the proxy");
    assert_eq!(valet.get("/v1/servers/g2").status, 404);
    terminal.types("y");
    until("the edit is in use", || (valet.get("/v1/servers/g2").status == 200).then_some(()));
    valet.sign_in("g2");
    let scribe = Agent::new(&home, "scribe");
    let asked = questions(&terminal) + 1;
    assert_eq!(answered(&scribe, "g2", &mut terminal, (asked, "o")), 0);
}

#[test]
fn not_now_holds_for_every_name_and_is_taken_back_by_each() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("good", &rogue.mcp())], "memory");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let scribe = Agent::new(&home, "scribe");
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| scribe.runs(&token("good")));
        terminal.shows("waits for you to sign in to good");
        terminal.types("a");
        assert_eq!(asking.join().unwrap().code, 4);
    });
    for (number, url) in spellings(&rogue).iter().enumerate() {
        let name = format!("g{number}");
        scribe.runs(&format!("$VALET add {name} '{url}'")).expect_code(0);
        let refused = scribe.runs(&token(&name)).expect_code(4);
        assert!(refused.stderr.contains("same server as \"good\""), "{refused:?}");
        scribe.runs(&format!("$VALET authorize {name} --no-browser")).expect_code(4);
    }
    // Removed and added again, it is what it was.
    scribe.runs("$VALET remove good").expect_code(0);
    scribe.runs(&format!("$VALET add good '{}'", rogue.mcp())).expect_code(0);
    scribe.runs(&token("good")).expect_code(4);
    terminal.types("ask g0");
    until("g0 is asked about", || (valet.server("g0")["declined"] == false).then_some(()));
    valet.sign_in("g0");
    scribe.runs(&token("g0")).expect_code(0);
}
