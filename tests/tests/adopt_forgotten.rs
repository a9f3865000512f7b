//! Ways back that lead nowhere any more: told, and forgotten where the person wants that. The keys stay.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::moved::{CHANGE, FORGET, MOVE, answered, with_vault};
use mcp_valet_tests::planted::read;
use mcp_valet_tests::proposals::audited;
use mcp_valet_tests::stuck::stuck_when_written;
use mcp_valet_tests::{Agent, Home, Terminal, Valet, until};
use serde_json::json;

const CURSOR: &str = ".cursor/mcp.json";
const RECORDS: &str = "state/mcp-valet/clients.json";
const UNDO: [&str; 3] = ["adopt", "--undo", "cursor"];
const FORGETS: [&str; 3] = ["adopt", "--forget", "cursor"];

fn text() -> String {
    json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } } } }).to_string()
}

/// A home whose one list was moved in.
fn moved(home: &Home) -> (Valet<'_>, Terminal) {
    fs::create_dir_all(home.path().join(".cursor")).unwrap();
    fs::write(home.path().join(CURSOR), text()).unwrap();
    let (valet, mut terminal) = with_vault(home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    (valet, terminal)
}

fn keys(valet: &Valet<'_>) -> String {
    valet.cli(&["key", "list", "hub"]).expect_code(0).stdout
}

#[test]
fn the_way_back_into_a_file_that_is_gone_is_forgotten_and_its_key_stays() {
    let home = Home::new();
    let (valet, mut terminal) = moved(&home);
    fs::remove_file(home.path().join(CURSOR)).unwrap();
    let told = valet.cli(&UNDO).expect_code(1);
    assert!(told.stderr.contains("~/.cursor/mcp.json (Cursor) is not there any more"), "{told:?}");
    assert!(told.stderr.contains("mcp-valet adopt --forget"), "{told:?}");
    let before = keys(&valet);
    let done = answered(&valet, &mut terminal, &FORGETS, (FORGET, "y")).expect_code(0);
    assert!(done.stdout.contains("Cursor is forgotten"), "{done:?}");
    let screen = terminal.screen();
    assert!(screen.contains("stays in the vault: hub/key") && screen.contains("no key is wiped"), "{screen}");
    assert!(!read(&home, RECORDS).contains("cursor"));
    assert_eq!(keys(&valet), before);
    assert_eq!(audited(&home, "forget_file").len(), 1);
    for again in [UNDO, FORGETS] {
        assert!(valet.cli(&again).expect_code(0).stdout.contains("Nothing to change"));
    }
}

#[test]
fn the_way_back_of_an_entry_that_is_another_for_good_is_forgotten() {
    let home = Home::new();
    let (valet, mut terminal) = moved(&home);
    let other = read(&home, CURSOR).replace("\"hub\"]", "\"other\"]");
    fs::write(home.path().join(CURSOR), &other).unwrap();
    let told = valet.cli(&UNDO).expect_code(1);
    assert!(told.stderr.contains("its own entry for \"hub\" by now"), "{told:?}");
    answered(&valet, &mut terminal, &FORGETS, (FORGET, "y")).expect_code(0);
    assert_eq!(read(&home, CURSOR), other);
    assert!(valet.cli(&UNDO).expect_code(0).stdout.contains("Nothing to change"));
    assert!(!keys(&valet).is_empty());
}

#[test]
fn what_can_be_put_back_is_not_forgotten_nor_what_the_person_keeps() {
    let home = Home::new();
    let (valet, mut terminal) = moved(&home);
    assert!(valet.cli(&FORGETS).expect_code(0).stdout.contains("Nothing to change"));
    let now = read(&home, CURSOR);
    fs::remove_file(home.path().join(CURSOR)).unwrap();
    // A program asks like any other, and so does our own command line.
    Agent::new(&home, "other").runs("$VALET adopt --forget --all --wait 0").expect_code(3);
    terminal.shows(FORGET);
    terminal.types("n");
    answered(&valet, &mut terminal, &FORGETS, (FORGET, "n")).expect_code(4);
    assert!(read(&home, RECORDS).contains("cursor"));
    // The file is found again, and all goes back.
    fs::write(home.path().join(CURSOR), now).unwrap();
    answered(&valet, &mut terminal, &UNDO, (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, CURSOR), text());
    valet.post("/v1/setup", &json!({ "undo": true, "forget": true })).expect_status(400);
}

#[test]
fn a_file_that_comes_back_while_it_is_asked_is_not_forgotten() {
    let home = Home::new();
    let (valet, mut terminal) = moved(&home);
    let now = read(&home, CURSOR);
    fs::remove_file(home.path().join(CURSOR)).unwrap();
    valet.cli(&["adopt", "--forget", "cursor", "--wait", "0"]).expect_code(3);
    terminal.shows(FORGET);
    fs::write(home.path().join(CURSOR), now).unwrap();
    terminal.types("y");
    until("it is said", || {
        valet.get("/v1/health").json()["notices"].to_string().contains("was not done").then_some(())
    });
    assert!(read(&home, RECORDS).contains("cursor"));
    answered(&valet, &mut terminal, &UNDO, (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, CURSOR), text());
}

#[test]
fn a_file_that_takes_nothing_holds_up_no_key_that_goes_with_its_server() {
    let home = Home::new();
    for (file, text) in [
        (CURSOR, json!({ "mcpServers": { "brave": { "command": "npx", "args": ["x"], "env": { "API_KEY": "sk-brave-of-ada" } } } }).to_string()),
        (".codex/config.toml", "model = \"x\"\n".to_owned()),
    ] {
        fs::create_dir_all(home.path().join(file).parent().unwrap()).unwrap();
        fs::write(home.path().join(file), text).unwrap();
    }
    home.configure(&json!({ "valet": { "agents": "allow", "vault": "file" } }));
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    let before = read(&home, RECORDS);
    let _stuck = stuck_when_written(&home, &valet, &home.path().join(".codex/config.toml"));
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.cli(&["setup", "codex", "--wait", "300"]));
        terminal.shows(CHANGE);
        terminal.types("y");
        let here = json!({ "clients": ["cursor"] });
        until("it is written", || (valet.post("/v1/setup", &here).status == 429).then_some(()));
        let config = fs::read_to_string(home.config()).unwrap();
        home.configure_text(&config.replace("\"x\"", "\"y\""));
        terminal.shows("npx y");
        terminal.types("y");
        let id = |records: &str| records.split("\"server_id\":\"").nth(1).map(|rest| rest[..8].to_owned());
        until("what is written down goes with it", || {
            let now = id(&read(&home, RECORDS));
            (now.is_some() && now != id(&before)).then_some(())
        });
        home.move_clock(40);
        asking.join().unwrap().expect_code(7);
    });
}
