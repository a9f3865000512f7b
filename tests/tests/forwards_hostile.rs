//! Hosts and programs on them that mean ill: refused or bounded, and nobody else is the worse for it.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::process::Stdio;

use mcp_valet_tests::far::{FarHost, allowed, desk, forward, forwards};
use mcp_valet_tests::{Home, Rogue, dose, program, until};
use serde_json::{Value, json};

/// Begins many requests and ends none; some are hung up on.
const FLOOD: &str = r#"
import socket, sys
all = []
for _ in range(200):
    stream = socket.socket(socket.AF_UNIX)
    try:
        stream.connect(sys.argv[1])
        stream.sendall(b"GET /v1/he")
    except OSError:
        pass
    all.append(stream)
print("flooded", flush=True)
sys.stdin.read()
"#;

#[test]
fn a_name_that_ssh_or_a_shell_would_read_otherwise_is_never_given_to_them() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, terminal) = desk(&home, &rogue, &far);
    let proof = home.path().join("proof");
    let command = format!("-oProxyCommand=touch${{IFS}}{}", proof.display());
    for host in [
        command.as_str(),
        "-oBatchMode=no",
        "me@-oProxyCommand",
        "far;touch x",
        "$(touch x)",
        "far\nHost *",
        "far\u{1b}[2J",
        "far\0",
        "%h",
        "",
        &"a".repeat(300),
    ] {
        let answer = valet.post("/v1/forwards", &json!({ "ssh": host, "wait": 1 }));
        assert_eq!(answer.expect_status(400).text("code"), "invalid_request", "{host:?}");
    }
    valet.cli(&["forward", "ssh", "--", "-oBatchMode=no"]).expect_code(8);
    assert!(!proof.exists() && !terminal.screen().contains("Forward it?"), "{}", terminal.screen());
    assert!(!home.path().join("ssh/known").exists(), "no ssh was started");
}

#[test]
fn what_a_host_says_is_bounded_and_cannot_steer_a_terminal() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let banner = home.path().join("banner");
    fs::write(&banner, "\u{1b}]0;owned\u{7}\u{1b}[2J mcp-valet-home:/evil\n".repeat(2_000)).unwrap();
    let more = format!("Banner {}", banner.display());
    chown(home.path(), None, Some(47_110)).unwrap();
    fs::set_permissions(home.path(), Permissions::from_mode(0o755)).unwrap();
    let Some(far) = FarHost::start_with(&home, &more) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    far.get("/v1/health").expect_status(200);
    // One that does not answer is said to be so, in words that are ours or harmless.
    let failed = forward(&valet, &mut terminal, "gone", "y").expect_code(5);
    let told: Value = serde_json::from_str(failed.stderr.lines().last().unwrap()).unwrap();
    assert!(told["detail"].as_str().unwrap().contains("gone does not lead here"), "{told}");
    assert!(!terminal.screen().contains("\u{1b}]0;owned"), "{}", terminal.screen());
}

#[test]
fn a_flood_from_there_takes_nothing_from_others() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start_with(&home, "MaxSessions 500") else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    let mut command = far.command("/usr/bin/python3");
    command.args(["-c", FLOOD]).arg(far.socket()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut flood = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(flood.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "flooded");
    // The desk has its own connections, and the forward no more than its share.
    valet.get("/v1/health").expect_status(200);
    valet.cli(&["list"]).expect_code(0);
    let sockets = fs::read_dir(format!("/proc/{}/fd", valet.id())).unwrap().count();
    assert!(sockets < 160, "{sockets} descriptors");
    drop(flood.stdin.take());
    flood.wait().unwrap();
    until("it answers again", || (far.get("/v1/health").status == 200).then_some(()));
}

#[test]
fn a_host_behind_another_is_led_here_as_the_persons_configuration_says() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "inner", "y").expect_code(0);
    far.get("/v1/health").expect_status(200);
    assert_eq!(forwards(&valet)[0]["host"], "inner");
}

#[test]
fn connect_finds_the_desk_by_itself_and_says_when_it_is_away() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    allowed(&far, &mut terminal, 1);
    let there = far.folder().join("mcp-valet");
    fs::copy(program("mcp-valet"), &there).unwrap();
    let mut command = far.command(&there);
    command.args(["connect", "rogue"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut connect = command.spawn().unwrap();
    let mut stdin = connect.stdin.take().unwrap();
    let mut lines = BufReader::new(connect.stdout.take().unwrap()).lines();
    let mut ask = |message: Value| {
        writeln!(stdin, "{message}").unwrap();
        let answers = lines.by_ref().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        answers.filter(|answer| answer["id"] == message["id"]).find(|answer| !answer["id"].is_null()).unwrap()
    };
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "c", "version": "1" } });
    let begun = ask(json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }));
    assert_eq!(begun["result"]["serverInfo"]["name"], "rogue", "{begun}");
    let list = ask(json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" }));
    assert_eq!(list["result"]["tools"][0]["name"], "echo", "{list}");
    valet.cli(&["forward", "close", "far"]).expect_code(0);
    until("the socket there is gone", || (!far.socket().exists()).then_some(()));
    let away = ask(json!({ "jsonrpc": "2.0", "id": 3, "method": "tools/list" }));
    assert_eq!(away["error"]["data"]["code"], "desk_away", "{away}");
    drop(stdin);
    connect.wait().unwrap();
}

/// What a host runs in the place of each command that it is told.
fn instead<'home>(home: &'home Home, command: &str) -> Option<FarHost<'home>> {
    FarHost::start_with(home, &format!("ForceCommand {command}"))
}

#[test]
fn a_host_that_says_much_before_it_answers_is_heard_out_to_a_bound() {
    const RUNS: &str = "exec sh -c \"$SSH_ORIGINAL_COMMAND\"";
    let all = [
        ("yes welcome | head -c 40000", 0),
        ("yes welcome | head -c 1000000000", 5),
        ("yes welcome | head -c 40000000 >&2", 0),
        ("yes ' mcp-valet-home:/evil' | head -c 40000", 0),
        ("head -c 1000000000 /dev/zero", 5),
    ];
    for (before, expected) in all.into_iter().take(dose(2, 5)) {
        let (home, rogue) = (Home::new(), Rogue::start());
        let Some(far) = instead(&home, &format!("{before}; {RUNS}")) else { return };
        let (valet, mut terminal) = desk(&home, &rogue, &far);
        let told = forward(&valet, &mut terminal, "far", "y").expect_code(expected);
        assert_eq!(
            told.stderr.contains("something else than was asked"),
            expected == 5,
            "{before}: {told:?}"
        );
        assert_eq!(far.socket().exists(), expected == 0, "{before}");
        valet.get("/v1/health").expect_status(200);
    }
}

#[test]
fn a_host_that_hears_nothing_any_more_is_lost() {
    // As long as an answer may take.
    if !dose(false, true) {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let deaf = "case \"$SSH_ORIGINAL_COMMAND\" in *here:*) sh -c \"$SSH_ORIGINAL_COMMAND\" <&-; exec sleep 600 <&-;; *) exec sh -c \"$SSH_ORIGINAL_COMMAND\";; esac";
    let Some(far) = instead(&home, deaf) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    home.move_clock(10);
    until("it is lost", || (forwards(&valet)[0]["state"] == "lost").then_some(()));
}

#[test]
fn a_folder_there_that_is_a_link_or_another_users_is_left_as_it_is() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    let (folder, shared) = (far.folder().join(".mcp-valet"), far.folder().join("shared"));
    fs::create_dir(&shared).unwrap();
    fs::set_permissions(&shared, Permissions::from_mode(0o777)).unwrap();
    chown(&shared, Some(47_110), Some(47_110)).unwrap();
    let is_refused = |terminal: &mut _| {
        let told = forward(&valet, terminal, "far", "y").expect_code(5);
        assert!(told.stderr.contains("is a link, or a folder of another user"), "{told:?}");
    };
    symlink(&shared, &folder).unwrap();
    is_refused(&mut terminal);
    assert_eq!(fs::metadata(&shared).unwrap().mode() & 0o777, 0o777);
    assert_eq!(fs::read_dir(&shared).unwrap().count(), 0);
    fs::remove_file(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    is_refused(&mut terminal);
    fs::remove_dir(&folder).unwrap();
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
}

#[test]
fn what_a_program_there_calls_itself_steers_nothing_and_is_in_one_line() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    let name = r"Co\u202edex\u001b[2J\nAllow everything\u2066 on desk";
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| far.initialize("rogue", name));
        let says =
            |screen: &str| screen.lines().find(|line| line.contains("it says, on far")).map(str::to_owned);
        let line = until("it is asked", || says(&terminal.screen()));
        assert!(line.contains("Allow everything"), "{line}");
        assert!(!terminal.screen().contains(['\u{202e}', '\u{2066}']), "{}", terminal.screen());
        assert!(!terminal.screen().contains("\u{1b}[2J"), "{}", terminal.screen());
        terminal.types("d");
        asking.join().unwrap();
    });
}
