//! Programs on another host use the person's servers by a forward, and nothing else of the desk.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use mcp_valet_tests::far::{FarHost, allowed, desk, forward, forwards};
use mcp_valet_tests::{Home, Rogue, Valet, copies_in_memory, until};
use serde_json::{Value, json};

#[test]
fn a_program_there_uses_the_servers_that_the_person_agreed_to_and_nothing_else() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    let opened = forward(&valet, &mut terminal, "far", "y").expect_code(0).json();
    assert_eq!((&opened["host"], &opened["servers"]), (&json!("far"), &json!(["rogue"])));
    assert_eq!(opened["socket"], far.socket().to_str().unwrap());
    let screen = terminal.screen();
    assert!(screen.contains("used from far.") && screen.contains("rogue (127.0.0.1"), "{screen}");
    allowed(&far, &mut terminal, 1);
    let list = far.post("/mcp/rogue", r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#);
    assert_eq!(list.expect_status(200).json()["result"]["tools"][0]["name"], "echo");
    // What is not of this forward is not there, and no call of the agents' socket is.
    let servers = far.get("/v1/servers").expect_status(200).json();
    assert_eq!((servers.as_array().unwrap().len(), &servers[0]["name"]), (1, &json!("rogue")));
    // Of that one, no more than whether it can be used.
    for server in [&servers[0], &far.get("/v1/servers/rogue").expect_status(200).json()] {
        assert_eq!((&server["state"], &server["consent"]), (&json!("ready"), &json!("allowed")));
        assert!(!server.to_string().contains("127.0.0.1") && server.get("client_id").is_none(), "{server}");
    }
    assert_eq!(far.get("/v1/health").expect_status(200).json()["notices"], json!([]));
    far.initialize("private", "x").expect_status(404);
    far.get("/v1/servers/private").expect_status(404);
    for path in ["token", "forwards", "revoke", "lock", "show", "setup", "doctor", "servers/rogue/authorize"]
    {
        assert_eq!(far.post(&format!("/v1/{path}"), r#"{"server":"rogue"}"#).status, 404, "{path}");
    }
    for path in
        ["events", "audit", "audit/verify", "forwards", "servers/rogue/rules", "servers/rogue/last-time"]
    {
        assert_eq!(far.get(&format!("/v1/{path}")).status, 404, "{path}");
    }
    far.curl(&["-X", "DELETE", "http://localhost/v1/servers/rogue"]).expect_status(404);
    // What was agreed to, and who reached beyond it, is written down.
    let audit = home.path().join("state/mcp-valet/audit");
    let says = |what: &str| fs::read_to_string(&audit).unwrap().contains(what).then_some(());
    until("the servers are named", || says(r#""result":"far: rogue""#));
    until("the other is named", || says(r#""outcome":"unknown_server""#));
    // Whoever comes from a page there is turned away as here.
    far.curl(&["-H", "Origin: http://evil.example", "http://localhost/v1/health"]).expect_status(400);
}

#[test]
fn what_goes_by_a_forward_ends_with_it_within_a_second() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    let ends: [(&str, &dyn Fn()); 3] = [
        ("close", &|| drop(valet.cli(&["forward", "close", "far"]).expect_code(0))),
        ("lock", &|| drop(valet.cli(&["lock"]).expect_code(0))),
        ("revoke", &|| drop(valet.cli(&["revoke", "--all", "--yes"]).expect_code(0))),
    ];
    for (at, (how, end)) in ends.iter().enumerate() {
        forward(&valet, &mut terminal, "far", "y").expect_code(0);
        if at == 0 {
            allowed(&far, &mut terminal, 1);
        }
        let gate = rogue.hold("/mcp");
        let ended = thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let answer = far.post("/mcp/rogue", r#"{"jsonrpc":"2.0","id":3,"method":"ping"}"#);
                (answer.status, Instant::now())
            });
            gate.reached();
            let begun = Instant::now();
            end();
            let (_, ended) = waiting.join().unwrap();
            ended.duration_since(begun)
        });
        gate.open();
        // A second, and what the command line and curl take.
        assert!(ended < Duration::from_secs(2), "{how}: {ended:?}");
        until("it is gone", || forwards(&valet).is_empty().then_some(()));
        until("its socket there is gone", || (!far.socket().exists()).then_some(()));
        assert_eq!(far.get("/v1/health").status, 0, "{how}");
        if *how == "lock" {
            terminal.types("");
            until("it is unlocked", || (valet.get("/v1/health").json()["locked"] == false).then_some(()));
        }
    }
    let mut acts = Vec::new();
    for line in fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_default();
        if line["what"].as_str().is_some_and(|what| what.starts_with("forward")) {
            acts.push(line["what"].as_str().unwrap().to_owned());
        }
    }
    for what in ["forward", "forward_ended"] {
        assert_eq!(acts.iter().filter(|act| *act == what).count(), 3, "{acts:?}");
    }
}

#[test]
fn a_server_that_is_edited_while_a_request_comes_is_not_the_one_that_was_agreed_to() {
    let (home, rogue, other) = (Home::new(), Rogue::start(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    allowed(&far, &mut terminal, 1);
    let body = r#"{"jsonrpc":"2.0","id":4,"method":"tools/list"}"#;
    let mut stream = UnixStream::connect(far.socket()).unwrap();
    let head = "POST /mcp/rogue HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";
    // It has been looked up by the time that the body is asked for.
    write!(stream, "{head}Expect: 100-continue\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
    let mut goes_on = [0; 25];
    stream.read_exact(&mut goes_on).unwrap();
    assert_eq!(&goes_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&body.as_bytes()[..9]).unwrap();
    home.asks_about(&[("rogue", &other.mcp())]);
    until("it is another", || {
        (valet.get("/v1/servers/rogue").json()["url"] == other.mcp().as_str()).then_some(())
    });
    stream.write_all(&body.as_bytes()[9..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("unknown_server"), "{answer}");
    far.initialize("rogue", "x").expect_status(404);
}

#[test]
fn whoever_is_elsewhere_is_asked_about_where_all_programs_of_this_desk_are_let() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    rogue.is_a_server();
    let (valet, mut terminal) = Valet::on_terminal_with(&home, &[far.environment()]);
    valet.sign_in("rogue");
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    assert_eq!(far.get("/v1/servers/rogue").expect_status(200).json()["consent"], "none");
    allowed(&far, &mut terminal, 1);
}

#[test]
fn a_program_of_this_machine_cannot_use_a_forward() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    let folder = home.runtime().join("mcp-valet-forwards");
    let sockets: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(sockets.len(), 1);
    let mut stream = UnixStream::connect(&sockets[0]).unwrap();
    assert_eq!(stream.read(&mut [0; 16]).unwrap_or(0), 0, "it is hung up on");
    far.get("/v1/health").expect_status(200);
    assert_eq!(forwards(&valet)[0]["refused"], 1);
    let list = valet.cli(&["forward", "list"]).expect_code(0);
    assert!(list.stdout.contains("1 connection of another program was refused"), "{list:?}");
}

#[test]
fn without_anybody_to_ask_or_after_a_no_nothing_is_forwarded() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    assert_eq!(forward(&valet, &mut terminal, "far", "n").code, 4);
    let again = valet.post("/v1/forwards", &json!({ "ssh": "far", "servers": ["rogue"] })).expect_status(403);
    assert_eq!(again.text("reason"), "proposal_refused");
    valet.stop();
    drop(terminal);
    let (path, value) = far.environment();
    let valet = Valet::start_with(&home, &[(path.as_str(), value.as_str())]);
    let refused = valet.post("/v1/forwards", &json!({ "ssh": "far" })).expect_status(403);
    assert_eq!(refused.text("reason"), "nobody_to_ask");
    assert!(forwards(&valet).is_empty() && !far.socket().exists());
    valet.cli(&["forward", "ssh", "far"]).expect_code(3);
}

#[test]
fn a_forward_is_there_again_after_the_host_was_away() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(mut far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    let number = forward(&valet, &mut terminal, "far", "y").expect_code(0).json()["number"].clone();
    allowed(&far, &mut terminal, 1);
    far.go_down();
    until("it is lost", || (forwards(&valet)[0]["state"] == "lost").then_some(()));
    assert!(!forwards(&valet)[0]["trouble"].as_str().unwrap().is_empty());
    far.come_up();
    home.move_clock(120);
    until("it is there again", || (forwards(&valet)[0]["state"] == "open").then_some(()));
    assert_eq!(forwards(&valet)[0]["number"], number);
    // It is the same place to the person, whose answer stands.
    far.initialize("rogue", "Claude Code").expect_status(200);
}

#[test]
fn a_socket_that_another_forward_has_taken_is_noticed_and_not_fought_for() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    fs::remove_file(far.socket()).unwrap();
    let _other = std::os::unix::net::UnixListener::bind(far.socket()).unwrap();
    home.move_clock(60);
    until("it has ended", || forwards(&valet).is_empty().then_some(()));
    let notices = valet.get("/v1/health").json()["notices"].to_string();
    assert!(notices.contains("another forward has taken the socket"), "{notices}");
    assert!(far.socket().exists(), "it is the other's");
}

#[test]
fn no_token_is_there_in_memory_or_on_disk() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    allowed(&far, &mut terminal, 1);
    let secrets = rogue.secrets();
    assert!(!secrets.is_empty());
    let processes = far.processes();
    assert!(!processes.is_empty());
    for secret in &secrets {
        for id in &processes {
            assert_eq!(copies_in_memory(*id, secret.as_bytes()), 0, "in process {id}");
        }
        let found = far.runs(far.command("grep").args(["-rlF", secret]).arg(far.folder()));
        assert_eq!(found.stdout, "");
    }
    // The look would have found one.
    assert!(processes.iter().any(|id| copies_in_memory(*id, b"mcp-valet-here:") > 0));
}

#[test]
fn what_runs_on_this_desk_is_led_elsewhere_by_its_name_alone_and_said_to_run_here() {
    let home = Home::new();
    home.asks_about(&[("web", "https://web.example/mcp")]);
    let (valet, mut terminal) = Valet::on_terminal_with(&home, &[]);
    let files =
        json!({ "name": "files", "program": { "command": "/bin/cat", "args": ["notes"] }, "wait": 60 });
    thread::scope(|scope| {
        let adding = scope.spawn(|| valet.post("/v1/servers", &files));
        until("it is asked", || terminal.screen().contains("/bin/cat notes").then_some(()));
        terminal.types("y");
        adding.join().unwrap().expect_status(200);
    });
    let ask = |servers: Value| {
        valet.post("/v1/forwards", &json!({ "ssh": "far", "servers": servers })).expect_status(403)
    };
    ask(json!([]));
    until("it is asked", || terminal.screen().contains("Forward it?").then_some(()));
    let screen = terminal.screen();
    assert!(
        screen.contains("web (web.example): https://web.example/mcp") && !screen.contains("files ("),
        "{screen}"
    );
    terminal.types("n");
    ask(json!(["files"]));
    until("it is asked again", || (terminal.screen().matches("Forward it?").count() > 1).then_some(()));
    let screen = terminal.screen();
    assert!(screen.contains("files (runs on this computer") && screen.contains("/bin/cat notes"), "{screen}");
}

#[test]
fn a_server_that_was_removed_and_added_again_is_not_led_there() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    allowed(&far, &mut terminal, 1);
    let private = ("private", "https://private.example/mcp");
    let count = || valet.get("/v1/servers").json().as_array().unwrap().len();
    home.asks_about(&[private]);
    until("it is removed", || (count() == 1).then_some(()));
    home.asks_about(&[("rogue", &rogue.mcp()), private]);
    until("it is added again", || (count() == 2).then_some(()));
    assert_eq!(forwards(&valet)[0]["servers"], json!([]));
    far.initialize("rogue", "x").expect_status(404);
}
