//! Programs as servers: only the person has one added or changed, and sees all of it before.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::proposals::{ADD, audited, configure, entries, on_terminal, posts_and_answers};
use mcp_valet_tests::{Home, Keychain, Valet, until};
use serde_json::{Value, json};

const SECRET: &str = "SECRET-of-the-person-1";
const ACCEPT: &str = "Accept it?  [y]es   [n]o >";

fn brave() -> Value {
    json!({
        "command": "npx", "args": ["-y", "@brave/search", "a b"], "cwd": "~/work",
        "env": { "BRAVE_API_KEY": SECRET, "LOG": "info" },
    })
}

/// The same without its secret.
fn kept() -> Value {
    let mut brave = brave();
    brave["env"]["BRAVE_API_KEY"] = json!("${key}");
    brave
}

fn config(servers: &Value, vault: &str) -> Value {
    json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": vault } })
}

fn notices(valet: &Valet<'_>) -> String {
    valet.get("/v1/health").json()["notices"].to_string()
}

fn records(home: &Home) -> String {
    fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).unwrap_or_default()
}

/// All that was told anywhere but where it belongs.
fn told(home: &Home, valet: &Valet<'_>) -> String {
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    [valet.log(), audit, records(home), notices(valet), valet.get("/v1/servers").body].concat()
}

#[test]
fn a_program_is_shown_whole_and_added_once_the_person_agrees() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let new = json!({ "name": "brave", "program": brave(), "wait": 60 });
    let added = posts_and_answers(&valet, &mut terminal, &new, "y").expect_status(200).json();
    assert_eq!((&added["added"], &added["server"]["name"]), (&json!(true), &json!("brave")));
    let screen = terminal.screen();
    for shown in [
        "wants to add brave.",
        "starts: npx -y @brave/search 'a b'",
        "command: \"npx\"",
        "args[0]: \"-y\"",
        "args[1]: \"@brave/search\"",
        "args[2]: \"a b\"",
        "cwd: \"~/work\"",
        "env.BRAVE_API_KEY: \"${key}\"",
        "${key}: (a secret, not shown)",
        "env.LOG: \"info\"",
    ] {
        assert!(screen.contains(shown), "{shown}: {screen}");
    }
    assert!(!screen.contains(SECRET), "{screen}");
    assert_eq!(entries(&home)["brave"], kept());
    assert!(!notices(&valet).contains("waits for your consent"), "agreed to is agreed to");
    let server = valet.settles("brave", "ready");
    assert_eq!(server["program"], json!({ "running": 0 }), "this program may not use it yet");
    assert_eq!(server["keys"][0]["headers"], json!(["BRAVE_API_KEY"]));
    assert_eq!(audited(&home, "add").len(), 1);
    let again = valet.post("/v1/servers", &json!({ "name": "brave", "program": kept() }));
    assert_eq!(again.expect_status(200).json()["added"], false);
    assert!(!told(&home, &valet).contains(SECRET));
}

#[test]
fn the_command_line_proposes_a_program_and_a_no_is_a_no() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let asks = |wait: &str| {
        let words = ["add", "brave", "--env", "BRAVE_API_KEY=${key}", "--wait", wait, "--", "npx", "-y", "x"];
        valet.cli(&words)
    };
    let refused = asks("0").expect_code(3);
    assert!(refused.stderr.contains("brave"), "{refused:?}");
    terminal.shows(ADD);
    assert_eq!(entries(&home), json!({}), "nothing is added before the answer");
    terminal.types("n");
    asks("0").expect_code(4);
    assert_eq!(entries(&home), json!({}));
    valet.cli(&["add", "https://x.example/mcp", "extra", "--", "npx"]).expect_code(2);
}

#[test]
fn where_nobody_can_be_asked_it_is_refused_with_the_lines_to_write() {
    let home = Home::new();
    configure(&home, "allow", "memory");
    let valet = Valet::start(&home);
    let new = |program: Value| json!({ "name": "brave", "program": program });
    let refused = valet.post("/v1/servers", &new(brave())).expect_status(403);
    assert_eq!(refused.text("reason"), "nobody_to_ask");
    let advice = refused.text("advice");
    assert!(advice.contains("\"command\": \"npx\"") && advice.contains("${key}"), "{advice}");
    assert!(!refused.body.contains(SECRET), "{}", refused.body);
    for wrong in [
        json!({ "command": "./npx" }),
        json!({ "command": "" }),
        json!({ "command": "npx", "args": ["--api-key", "abcdef123"] }),
        json!({ "command": "npx", "args": ["${key}"] }),
        json!({ "command": "npx", "args": ["${HOME}"] }),
        json!({ "command": "npx", "cwd": "work" }),
        json!({ "command": "npx", "env": { "A B": "1" } }),
        json!({ "command": "npx", "more": 1 }),
        json!({}),
    ] {
        let answer = valet.post("/v1/servers", &new(wrong.clone())).expect_status(400);
        assert!(!answer.body.contains("abcdef123"), "{wrong}");
    }
    let both = json!({ "name": "x", "url": "https://x.example/mcp", "program": { "command": "x" } });
    valet.post("/v1/servers", &both).expect_status(400);
    valet.post("/v1/servers", &json!({ "program": { "command": "x" } })).expect_status(400);
    assert_eq!(entries(&home), json!({}));
}

#[test]
fn a_key_is_an_argument_only_where_the_person_saw_that() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let program = json!({ "command": "x", "args": ["--key", "${key}"], "keysInArgs": ["key"] });
    let new = json!({ "name": "x", "program": program, "wait": 60 });
    posts_and_answers(&valet, &mut terminal, &new, "y").expect_status(200);
    assert!(terminal.screen().contains("args[1]: \"${key}\""), "{}", terminal.screen());
    assert_eq!(valet.server("x")["keys"][0]["headers"], json!(["args"]));
}

#[test]
fn edits_of_a_program_wait_while_the_valet_runs() {
    let home = Home::new();
    home.configure(&config(&json!({}), "memory"));
    let valet = Valet::start(&home);
    let with = |key: &str, value: Value| {
        let mut entry = json!({ "command": "npx", "args": ["-y", "x"], "env": { "LOG": "info" } });
        entry[key] = value;
        json!({ "brave": entry })
    };
    let waits = |servers: Value, words: &str| {
        home.configure(&config(&servers, "memory"));
        until(words, || valet.log().contains(words).then_some(()));
        assert!(notices(&valet).contains("waits for your consent"), "{servers}");
        // What it is, the person alone is shown.
        let told = notices(&valet) + &valet.get("/v1/doctor").body;
        assert!(!told.contains("npx"), "{told}");
    };
    waits(with("args", json!(["-y", "x"])), "starts a program: npx -y x");
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
    valet.stop();
    // A service takes its file as its owner's word.
    let valet = Valet::start(&home);
    assert_eq!(valet.server("brave")["state"], "ready");
    let told = notices(&valet) + &valet.get("/v1/doctor").body;
    assert!(told.contains("Since the last start, ") && !told.contains("npx"), "{told}");
    let waits = |servers: Value, words: &str| {
        home.configure(&config(&servers, "memory"));
        until(words, || valet.log().contains(words).then_some(()));
        assert_eq!(valet.server("brave")["program"]["args"], json!(["-y", "x"]), "{servers}");
        home.configure(&config(&with("args", json!(["-y", "x"])), "memory"));
        until("it is undone", || (!notices(&valet).contains("waits for")).then_some(()));
    };
    waits(with("args", json!(["-y", "other"])), "starts a program: npx -y other");
    waits(with("command", json!("bash")), "starts a program: bash -y x");
    waits(with("cwd", json!("~/other")), "starts a program in ~/other: npx -y x");
    waits(with("env", json!({ "LD_PRELOAD": "/tmp/x.so" })), "started with these variables: LD_PRELOAD=");
}

#[test]
fn what_was_left_alone_stays_so_until_the_person_agrees() {
    let home = Home::new();
    home.configure(&config(&json!({ "brave": { "command": "npx", "args": ["x"] } }), "memory"));
    let (valet, terminal) = Valet::on_terminal(&home);
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
    assert!(notices(&valet).contains("\\\"brave\\\" would start a program"), "{}", notices(&valet));
    until("it is written down", || records(&home).contains("\"inert\"").then_some(()));
    valet.stop();
    drop(terminal);
    let valet = Valet::start(&home);
    assert_eq!(valet.get("/v1/servers").json(), json!([]), "nor does a service start it");
    valet.stop();
    let (valet, mut terminal) = Valet::on_terminal(&home);
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
    let before = fs::read_to_string(home.config()).unwrap();
    let new = json!({ "name": "brave", "program": { "command": "npx", "args": ["x"] }, "wait": 60 });
    posts_and_answers(&valet, &mut terminal, &new, "y").expect_status(200);
    assert_eq!(valet.server("brave")["state"], "ready");
    assert_eq!(fs::read_to_string(home.config()).unwrap(), before, "it was there already");
    until("it is written down", || (!records(&home).contains("\"inert\"")).then_some(()));
    valet.stop();
    drop(terminal);
    let valet = Valet::start(&home);
    assert_eq!(valet.server("brave")["state"], "ready", "agreed to is agreed to");
}

#[test]
fn a_service_is_told_by_its_file_to_start_what_was_left_alone() {
    let home = Home::new();
    let servers = json!({ "brave": { "command": "npx", "args": ["x"] } });
    home.configure(&config(&servers, "memory"));
    let (valet, terminal) = Valet::on_terminal(&home);
    until("it is written down", || records(&home).contains("\"inert\"").then_some(()));
    valet.stop();
    drop(terminal);
    let mut told = config(&servers, "memory");
    told["valet"]["localServers"] = json!(true);
    home.configure(&told);
    let valet = Valet::start(&home);
    assert_eq!(valet.server("brave")["state"], "ready");
    assert!(valet.log().contains("localServers"), "{}", valet.log());
}

#[test]
fn a_key_goes_from_the_file_into_the_vault_and_with_a_program_that_the_person_changed() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    home.configure(&config(&json!({ "brave": brave() }), "keychain"));
    let valet = Valet::start(&home);
    until("it is moved", || (entries(&home)["brave"] == kept()).then_some(()));
    valet.settles("brave", "ready");
    until("it is written down", || {
        (records(&home).contains("${key}") && !records(&home).contains("\"found\"")).then_some(())
    });
    assert!(!told(&home, &valet).contains(SECRET));
    valet.stop();
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.settles("brave", "ready");
    let mut changed = kept();
    changed["args"][1] = json!("@brave/search@2");
    home.configure(&config(&json!({ "brave": changed }), "keychain"));
    let screen = terminal.shows(ACCEPT);
    assert!(screen.contains("npx -y @brave/search@2 'a b'"), "{screen}");
    assert_eq!(valet.server("brave")["program"]["args"][1], "@brave/search", "until the person agrees");
    terminal.types("y");
    until("it is taken over", || {
        (valet.server("brave")["program"]["args"][1] == "@brave/search@2").then_some(())
    });
    valet.settles("brave", "ready");
}

#[test]
fn a_program_has_no_token_no_sign_in_and_nothing_to_look_at_over_the_network() {
    let home = Home::new();
    home.configure(&config(&json!({ "brave": { "command": "npx" } }), "memory"));
    let valet = Valet::start(&home);
    let refused = valet.token("brave").expect_status(403);
    assert_eq!((refused.text("code"), refused.text("reason")), ("proxy_only".into(), "runs_here".into()));
    assert!(refused.text("advice").contains("mcp-valet connect brave"), "{}", refused.body);
    let refused = valet.post("/v1/servers/brave/authorize", &json!({})).expect_status(400);
    assert_eq!(refused.text("reason"), "runs_here");
    valet.cli(&["token", "brave"]).expect_code(4);
    valet.cli(&["doctor", "brave"]).expect_code(8);
    let listed = valet.cli(&["list"]).expect_code(0).stdout;
    assert!(listed.contains("runs here, not started"), "{listed}");
    assert!(valet.cli(&["show", "brave"]).expect_code(0).stdout.contains("runs here, not started"));
    valet.cli(&["revoke", "brave"]).expect_code(0);
    valet.cli(&["decline", "brave"]).expect_code(0);
    assert_eq!(valet.server("brave")["state"], "declined");
    thread::scope(|scope| scope.spawn(|| valet.cli(&["remove", "brave"]).expect_code(0)).join().map(drop))
        .unwrap();
    assert_eq!(entries(&home), json!({}));
}
