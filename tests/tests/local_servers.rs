//! Servers that are programs of this machine, from end to end: started with their keys for a session, used by
//! whom the person allows, and ended with what they live on.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::stdio::{Session, configure, digest, entry, initialize, lives, message, said, script};
use mcp_valet_tests::{Home, Keychain, Valet, program, until};
use serde_json::{Value, json};

const SECRET: &str = "SECRET-of-the-person-4711";

fn env() -> Value {
    json!({ "API_KEY": SECRET, "LOG": "info" })
}

fn ends(pid: &Value) {
    until("the program has ended", || (!lives(pid)).then_some(()));
}

#[test]
fn a_program_is_started_with_its_key_and_with_nothing_of_whoever_asks() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    configure(&home, &env(), "keychain");
    let valet = Valet::start(&home);
    until("the key leaves the file", || {
        (!fs::read_to_string(home.config()).unwrap().contains(SECRET)).then_some(())
    });
    valet.settles("stdio", "ready");
    assert_eq!(valet.server("stdio")["program"]["running"], 0);
    let session = Session::begin(&valet);
    let look = session.look();
    assert_eq!((&look["digest"], &look["env"]["LOG"]), (&json!(digest(SECRET)), &json!("info")));
    assert_eq!(look["env"]["API_KEY"], "*".repeat(SECRET.len()), "it is covered where the program says it");
    assert_eq!(look["args"], json!(["one two"]));
    assert_eq!(look["cwd"], json!(fs::canonicalize(home.path()).unwrap()));
    for own in ["MCP_VALET_SOCK", "RUST_LOG", "NEXTEST", "CARGO_MANIFEST_DIR", "MCP_VALET_TEST_CLOCK"] {
        assert_eq!(look["env"][own], Value::Null, "{own}");
    }
    assert_eq!(valet.server("stdio")["program"]["running"], 1);
    assert!(valet.cli(&["list"]).stdout.contains("runs here, started"));
    let again = session.look();
    assert_eq!(again["pid"], look["pid"], "one process for the session");
    let other = Session::begin(&valet).look();
    assert_ne!(other["pid"], look["pid"], "another session has another");
    valet.stop();
    ends(&look["pid"]);
    ends(&other["pid"]);
}

#[test]
fn no_secret_is_in_an_argument_a_log_the_audit_or_another_programs_environment() {
    // Other tests give theirs to programs at the same time, and so does another run of this one.
    let own = format!("SECRET-of-this-test-alone-{}", std::process::id());
    let home = Home::new();
    configure(&home, &json!({ "API_KEY": own, "LOG": "info" }), "memory");
    let valet = Valet::start(&home);
    valet.settles("stdio", "ready");
    let session = Session::begin(&valet);
    let pid = session.look()["pid"].clone();
    session.call("complain", &json!({ "text": format!("I was given {own}") }));
    for entry in fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&line).contains(&own), "{}", entry.path().display());
        let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
        let is_its = entry.file_name().to_str() == Some(&pid.to_string());
        assert!(
            is_its || !String::from_utf8_lossy(&environment).contains(&own),
            "{}",
            entry.path().display()
        );
    }
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    assert!(audit.contains("\"method\":\"tools/call\"") && !audit.contains(&own), "{audit}");
    assert!(!valet.log().contains(&own));
    assert!(!valet.get("/v1/servers").body.contains(&own));
}

#[test]
fn what_is_locked_by_hand_declined_revoked_changed_or_removed_ends() {
    let home = Home::new();
    configure(&home, &json!({}), "memory");
    let valet = Valet::start(&home);
    let begin = || Session::begin(&valet).look()["pid"].clone();
    let pid = begin();
    valet.cli(&["revoke", "stdio"]).expect_code(0);
    ends(&pid);
    let pid = begin();
    home.configure(&json!({ "mcpServers": {}, "valet": { "agents": "allow", "vault": "memory" } }));
    ends(&pid);
    valet.stop();
    configure(&home, &json!({}), "memory");
    let valet = Valet::start(&home);
    let pid = Session::begin(&valet).look()["pid"].clone();
    valet.cli(&["decline", "stdio"]).expect_code(0);
    ends(&pid);
    valet.stop();
    let valet = Valet::start(&home);
    let session = Session::begin(&valet);
    let pid = session.look()["pid"].clone();
    valet.cli(&["lock"]).expect_code(0);
    ends(&pid);
    let refused = message(&session.call("look", &json!({})));
    assert_eq!(refused["error"]["data"]["code"], "locked", "{refused}");
}

#[test]
fn a_program_that_is_missing_or_dies_is_an_error_with_what_it_wrote_last() {
    let home = Home::new();
    let servers = json!({ "stdio": entry(&json!({})), "none": { "command": "no-such-program-here" } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
    let valet = Valet::start(&home);
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {} });
    let refused = message(&valet.proxy("none", &list, &[]));
    assert_eq!(refused["error"]["data"]["reason"], "program_failed", "{refused}");
    assert!(refused.to_string().contains("no-such-program-here"), "{refused}");
    let session = Session::begin(&valet);
    let died = message(&session.call("die", &json!({})));
    assert_eq!(died["error"]["data"]["reason"], "program_failed", "{died}");
    assert!(died.to_string().contains("I cannot go on"), "{died}");
    assert_eq!(session.call("look", &json!({})).status, 404, "the session ended with it");
    Session::begin(&valet).look();
}

#[test]
fn consent_and_rules_hold_for_a_program_as_for_any_server() {
    let home = Home::new();
    let servers = json!({ "stdio": entry(&json!({})) });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "deny", "vault": "memory" } }));
    let valet = Valet::start(&home);
    let refused = message(&initialize(&valet));
    assert_eq!(refused["error"]["data"]["code"], "denied", "{refused}");
    assert_eq!(valet.server("stdio")["program"]["running"], 0);
    valet.stop();
    let rules = json!({ "read": "free", "change": "free", "destroy": "never" });
    home.configure(
        &json!({ "mcpServers": servers, "valet": { "agents": "allow", "rules": rules, "vault": "memory" } }),
    );
    let valet = Valet::start(&home);
    let session = Session::begin(&valet);
    let held = message(&session.call("run", &json!({ "words": ["true"] })));
    assert!(held["result"]["isError"] == true || held["error"].is_object(), "{held}");
    assert_eq!(valet.server("stdio")["program"]["running"], 1);
}

#[test]
fn connect_works_with_a_program_as_with_any_server() {
    let home = Home::new();
    configure(&home, &json!({}), "memory");
    let valet = Valet::start(&home);
    let messages = [
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } } }),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" }),
    ];
    let input = home.path().join("messages");
    let lines: Vec<String> = messages.iter().map(Value::to_string).collect();
    fs::write(&input, lines.join("\n") + "\n").unwrap();
    let mut command = home.command(program("mcp-valet"));
    command.args(["connect", "stdio"]).stdin(fs::File::open(&input).unwrap());
    let output = home.run(&mut command);
    assert!(output.stdout.contains("\"complain\"") && output.stdout.contains("\"stdio\""), "{output:?}");
    drop(valet);
}

#[test]
fn a_program_that_asks_the_valet_is_the_local_server_and_nobody_else() {
    let home = Home::new();
    configure(&home, &json!({}), "memory");
    let valet = Valet::start(&home);
    let session = Session::begin(&valet);
    let socket = home.socket();
    let words = json!(["curl", "-s", "--unix-socket", socket, "http://localhost/v1/audit"]);
    said(&session.call("run", &json!({ "words": words })));
    let ask = json!([
        "curl",
        "-s",
        "--unix-socket",
        socket,
        "-H",
        "Content-Type: application/json",
        "-d",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
        "http://localhost/mcp/stdio"
    ]);
    said(&session.call("run", &json!({ "words": ask })));
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    assert!(audit.contains("local server stdio"), "{audit}");
    assert!(script().exists());
}
