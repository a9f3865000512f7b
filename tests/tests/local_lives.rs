//! How long a program lives as a server, for whom, and how many may at a time.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;
use std::thread;

use mcp_valet_tests::keyed::sets_key_of;
use mcp_valet_tests::stdio::{Session, configure, digest, entry, initialize, lives, message, said};
use mcp_valet_tests::{Agent, Home, Keychain, Logind, Valet, dose, still, until};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

fn ends(pid: &Value) {
    until("the program has ended", || (!lives(pid)).then_some(()));
}

fn running(valet: &Valet<'_>) -> Value {
    valet.server("stdio")["program"]["running"].clone()
}

/// A request that stands for itself (MCP 2026-07-28).
fn lists() -> Value {
    let meta = json!({ "io.modelcontextprotocol/protocolVersion": "2026-07-28" });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": { "_meta": meta } })
}

#[test]
fn a_program_outlives_sleep_and_no_call_reaches_it_meanwhile() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let logind = Logind::start(&home);
    configure(&home, &json!({}), "keychain");
    let valet = Valet::start(&home);
    let session = Session::begin(&valet);
    let pid = session.look()["pid"].clone();
    logind.is_to_wait();
    logind.sleep(true);
    until("sleep may begin", || (!logind.waits()).then_some(()));
    let refused = message(&session.call("look", &json!({})));
    assert_eq!(refused["error"]["data"]["code"], "locked", "{refused}");
    assert_eq!(refused["error"]["data"]["reason"], "locked_by_sleep", "{refused}");
    assert!(lives(&pid));
    logind.sleep(false);
    until("it is awake", || (valet.server("stdio")["state"] != "locked").then_some(()));
    assert_eq!(session.look()["pid"], pid, "it goes on where it was");
}

#[test]
fn a_lock_by_hand_ends_it_and_the_call_that_waits_says_so() {
    let home = Home::new();
    configure(&home, &json!({}), "memory");
    let valet = Valet::start(&home);
    let session = Session::begin(&valet);
    let pid = session.look()["pid"].clone();
    thread::scope(|scope| {
        let waits = scope.spawn(|| session.call("run", &json!({ "words": ["sleep", "50"] })));
        until("it is called", || (audit(&home).matches("tools/call").count() == 2).then_some(()));
        valet.cli(&["lock"]).expect_code(0);
        let refused = message(&waits.join().unwrap());
        assert_eq!(refused["error"]["data"]["code"], "locked", "{refused}");
    });
    ends(&pid);
}

fn audit(home: &Home) -> String {
    fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap()
}

#[test]
fn another_key_or_another_entry_ends_it_and_the_next_session_has_that() {
    let home = Home::new();
    configure(&home, &json!({ "API_KEY": "${key}" }), "memory");
    // A service takes its file as its owner's word.
    let valet = Valet::start(&home);
    until("it is in use", || (valet.server("stdio")["state"] == "key_required").then_some(()));
    valet.stop();
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let mut sets = |key: &str| {
        let asks = "API key for \"stdio\"";
        let asked = terminal.screen().matches(asks).count();
        thread::scope(|scope| {
            let asking = scope.spawn(|| sets_key_of(&home, "stdio", key));
            until("it is asked", || (terminal.screen().matches(asks).count() > asked).then_some(()));
            terminal.types("y");
            asking.join().unwrap().expect_code(0);
        });
    };
    sets("SECRET-number-one");
    let look = Session::begin(&valet).look();
    assert_eq!(look["digest"], digest("SECRET-number-one"));
    sets("SECRET-number-two");
    ends(&look["pid"]);
    let look = Session::begin(&valet).look();
    assert_eq!(look["digest"], digest("SECRET-number-two"));
    let mut changed = entry(&json!({ "API_KEY": "${key}" }));
    changed["args"][1] = json!("other");
    let servers = json!({ "stdio": changed });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
    terminal.shows("Accept it?");
    assert!(lives(&look["pid"]), "as long as nobody has agreed");
    terminal.types("y");
    ends(&look["pid"]);
}

#[test]
fn a_disk_that_is_full_is_said_whosever_files_they_are() {
    let home = Home::new();
    configure(&home, &json!({}), "memory");
    let valet = Valet::start_to_be_bounded(&home);
    let session = Session::begin(&valet);
    let failed = message(&session.call("fill", &json!({})));
    assert_eq!(failed["error"]["data"]["reason"], "program_failed", "{failed}");
    assert!(failed.to_string().contains("No space left on device"), "{failed}");
    let session = Session::begin(&valet);
    let pid = session.look()["pid"].clone();
    valet.bound_files(Some(1));
    let refused = message(&session.call("look", &json!({})));
    let said = refused["error"].to_string();
    assert!(said.contains("audit") && said.contains("File too large"), "{refused}");
    valet.bound_files(None);
    assert_eq!(session.look()["pid"], pid, "no call was made that is not in the audit, and none is lost");
}

#[test]
fn a_login_shell_that_did_not_say_its_path_is_asked_again_after_five_minutes() {
    let home = Home::new();
    configure(&home, &json!({}), "memory");
    let shell = home.path().join("shell");
    let said =
        "#!/bin/sh\necho >>$HOME/asked\n[ -e $HOME/works ] && echo mcp-valet-path: && echo /marked:$PATH\n";
    fs::write(&shell, said).unwrap();
    make_executable(&shell);
    let valet = Valet::start_with(&home, &[("SHELL", shell.to_str().unwrap())]);
    let asked = || fs::read_to_string(home.path().join("asked")).unwrap_or_default().lines().count();
    let path = || Session::begin(&valet).look()["env"]["PATH"].as_str().unwrap().to_owned();
    assert!(!path().contains("/marked"));
    fs::write(home.path().join("works"), "").unwrap();
    home.move_clock(290);
    assert!(!path().contains("/marked"));
    assert_eq!(asked(), 1);
    home.move_clock(310);
    let said = [path(), path()];
    assert!(said.iter().all(|path| path.contains("/marked:")), "{said:?}, asked {} times", asked());
    assert_eq!(asked(), 2, "what it said once stays");
}

fn make_executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn all_runs_of_an_application_share_its_places_and_leave_those_of_others() {
    let home = Home::new();
    configure(&home, &json!({}), "memory");
    let valet = Valet::start(&home);
    // Each curl is another run of this one.
    for _ in 0..26 {
        let listed = message(&valet.proxy("stdio", &lists(), &[]).expect_status(200));
        assert!(listed["result"]["tools"].is_array(), "{listed}");
    }
    assert_eq!(running(&valet), 24);
    let other = Agent::new(&home, "scribe");
    let asks = format!(
        "curl -s --unix-socket $SOCKET -H 'Content-Type: application/json' --data-raw '{}' http://localhost/mcp/stdio",
        lists()
    );
    assert!(other.runs(&asks).expect_code(0).stdout.contains("\"tools\""));
    assert_eq!(running(&valet), 25);
}

#[test]
fn who_asks_what_it_is_and_then_shakes_hands_has_one_program() {
    let home = Home::new();
    let starts = home.path().join("starts");
    configure(&home, &json!({ "STARTS": starts }), "memory");
    let valet = Valet::start(&home);
    let discovers = json!({ "jsonrpc": "2.0", "id": 1, "method": "server/discover" }).to_string();
    let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } });
    let begins = json!({ "jsonrpc": "2.0", "id": 2, "method": "initialize", "params": params }).to_string();
    let socket = home.socket();
    let mut command = home.command("curl");
    for (at, body) in [&discovers, &begins].into_iter().enumerate() {
        command.args(["--next"].iter().take(at));
        command.args(["-s", "-H", "Content-Type: application/json", "--data-raw", body]);
        command.arg("--unix-socket").arg(&socket).arg("http://localhost/mcp/stdio");
    }
    let heard = home.run(&mut command).expect_code(0).stdout;
    assert!(heard.contains("-32601") && heard.contains("serverInfo"), "{heard}");
    assert_eq!(fs::read_to_string(&starts).unwrap().lines().count(), 1);
    assert_eq!(running(&valet), 1);
}

#[test]
fn what_was_left_behind_by_a_valet_and_a_keeper_that_were_killed_is_ended_by_the_next() {
    let home = Home::new();
    configure(&home, &json!({}), "memory");
    for _ in 0..dose(1, 20) {
        let valet = Valet::start(&home);
        let session = Session::begin(&valet);
        let (pid, helper) =
            (session.look()["pid"].clone(), said(&session.call("leave", &json!({})))["pid"].clone());
        let keeper = parent(&pid);
        // The valet is held still first, so that it sees nothing of its keeper's end.
        still::freeze(valet.id());
        kill(keeper, Signal::KILL);
        valet.kill();
        ends(&pid);
        assert!(lives(&helper), "it is nobody's child");
        let valet = Valet::start(&home);
        ends(&helper);
        valet.stop();
    }
}

fn parent(pid: &Value) -> u32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit_once(") ").unwrap().1.split(' ').nth(1).unwrap().parse().unwrap()
}

fn kill(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(pid.try_into().unwrap()).unwrap(), signal).unwrap();
}

#[test]
fn who_may_not_use_it_is_told_that_it_runs_here_and_not_what_it_is() {
    let home = Home::new();
    let servers = json!({ "stdio": entry(&json!({ "REGION": "far-away" })) });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "deny", "vault": "memory" } }));
    let valet = Valet::start(&home);
    let server = valet.server("stdio");
    assert_eq!(server["program"], json!({ "running": 0 }));
    let all = [valet.get("/v1/servers").body, valet.cli(&["show", "stdio"]).expect_code(0).stdout].concat();
    for kept in ["python3", "stdio.py", "one two", "far-away", "REGION", "own_redirect_uri"] {
        assert!(!all.contains(kept), "{kept} is in {all}");
    }
    assert!(all.contains("runs here, not started"), "{all}");
    let refused = message(&initialize(&valet));
    assert_eq!(refused["error"]["data"]["code"], "denied", "{refused}");
    valet.stop();
    configure(&home, &json!({ "REGION": "far-away" }), "memory");
    let valet = Valet::start(&home);
    let server = valet.server("stdio");
    assert_eq!(
        (&server["program"]["command"], &server["headers"][0]["value"]),
        (&json!("python3"), &json!("far-away"))
    );
}

#[test]
fn a_program_that_asks_in_its_first_moment_is_the_local_server_and_nobody_else() {
    let home = Home::new();
    let socket = home.socket();
    let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
    let args = json!([
        "-s",
        "--unix-socket",
        socket,
        "-H",
        "Content-Type: application/json",
        "-d",
        ping,
        "http://localhost/mcp/other"
    ]);
    let servers = json!({ "early": { "command": "curl", "args": args }, "other": entry(&json!({})) });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
    let valet = Valet::start(&home);
    let begins = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {} });
    for _ in 0..dose(3, 50) {
        valet.proxy("early", &begins, &[]);
    }
    let asked: Vec<Value> = audit(&home).lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let asked: Vec<&Value> = asked.iter().filter(|entry| entry["server"] == "other").collect();
    assert!(
        !asked.is_empty() && asked.iter().all(|entry| entry["agent"] == "local server early"),
        "{asked:?}"
    );
}
