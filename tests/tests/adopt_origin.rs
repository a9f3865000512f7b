//! Keys that were moved out of files go back to where they came from and nowhere else, whatever is written
//! down: any program of the person can write that.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::keyed::sets_key_of;
use mcp_valet_tests::moved::{CHANGE, MOVE, answered, with_vault};
use mcp_valet_tests::planted::{has, read};
use mcp_valet_tests::proposals::audited;
use mcp_valet_tests::stored::ID;
use mcp_valet_tests::{Home, until};
use serde_json::json;

const RECORDS: &str = "state/mcp-valet/clients.json";
const CURSOR: &str = ".cursor/mcp.json";
const MOVED: &str = "sk-hub-of-ada";
const VAULTED: &str = "sk-vaulted-of-ada";
const ANOTHER: &str = "is another key than was moved out of there, and stays";

fn listed(key: &str, url: &str) -> String {
    json!({ "mcpServers": { "hub": { "url": url, "headers": { "X-Api-Key": key } } } }).to_string()
}

/// A home with a list of Cursor, and a server of which a key was never anywhere else.
fn home() -> Home {
    let home = Home::new();
    has(&home, CURSOR, &listed(MOVED, "https://hub.example/mcp"));
    home.configure(&json!({
        "mcpServers": { "stored": { "url": "https://stored.example/mcp", "headers": { "X-Api-Key": VAULTED } } },
        "valet": { "agents": "ask", "vault": "file" },
    }));
    home
}

/// What is written down, with `from` made `to`.
fn forge(home: &Home, from: &str, to: &str) {
    let records = read(home, RECORDS);
    assert!(records.contains(from), "{records}");
    has(home, RECORDS, &records.replace(from, to));
}

#[test]
fn a_forged_way_back_names_another_servers_key_in_vain() {
    let home = home();
    let (valet, mut terminal) = with_vault(&home);
    until("the key is in the vault", || {
        (!read(&home, "config/mcp-valet/config.json").contains(VAULTED)).then_some(())
    });
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    let records = read(&home, RECORDS);
    let at = records.find("\"server_id\":\"").unwrap() + "\"server_id\":\"".len();
    forge(&home, &records[at..at + ID.len()], ID);
    forge(&home, "\"server\":\"hub\",\"server_id\"", "\"server\":\"innocent\",\"server_id\"");
    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    let screen = terminal.screen();
    // It is called as it is here, and not as what is written down would have it.
    assert!(screen.contains("of \"stored\" is another key than was moved"), "{screen}");
    assert!(!screen.contains("innocent"), "{screen}");
    assert_eq!(read(&home, CURSOR), listed("FILL IN", "https://hub.example/mcp"));
    let noted = audited(&home, "put_back");
    assert!(!noted[0].to_string().contains("in plain text"), "{noted:?}");
}

#[test]
fn a_way_back_that_leads_into_another_entry_brings_no_key_there() {
    let home = home();
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    forge(&home, "https://hub.example", "https://evil.example");
    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    assert!(terminal.screen().contains(ANOTHER), "{}", terminal.screen());
    assert_eq!(read(&home, CURSOR), listed("FILL IN", "https://evil.example/mcp"));
}

#[test]
fn a_key_that_was_set_anew_is_another_one_and_stays() {
    let home = home();
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    thread::scope(|scope| {
        let asking = scope.spawn(|| sets_key_of(&home, "hub", "sk-set-since-by-ada"));
        terminal.shows("brings another API key for \"hub\"");
        terminal.types("y");
        asking.join().unwrap();
    });
    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    assert!(terminal.screen().contains(ANOTHER), "{}", terminal.screen());
    assert_eq!(read(&home, CURSOR), listed("FILL IN", "https://hub.example/mcp"));
}

#[test]
fn a_key_that_several_programs_had_goes_back_to_each() {
    let home = home();
    let gemini = listed(MOVED, "https://hub.example/mcp").replace("\"url\"", "\"httpUrl\"");
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    // The server has the key by now.
    has(&home, ".gemini/settings.json", &gemini);
    answered(&valet, &mut terminal, &["adopt", "gemini"], (MOVE, "y")).expect_code(0);
    assert!(!read(&home, ".gemini/settings.json").contains(MOVED));
    answered(&valet, &mut terminal, &["adopt", "--undo", "--all"], (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, ".gemini/settings.json"), gemini);
    assert_eq!(read(&home, CURSOR), listed(MOVED, "https://hub.example/mcp"));
}
