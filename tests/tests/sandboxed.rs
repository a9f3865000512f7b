//! `mcp-valet` inside a sandbox, as clients put around what they start: it works where the sandbox lets it,
//! and else says that it is the sandbox. It never has anybody start or delete what is there and well.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use mcp_valet_tests::{CommandOutput, Home, Rogue, Valet, program};
use rustix::process::getuid;
use serde_json::Value;

fn running<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    Valet::start(home)
}

/// Runs a command line of the shell, in which `$VALET` is `mcp-valet`.
fn run(home: &Home, script: &str) -> CommandOutput {
    let mut command: Command = home.command("sh");
    command.env("VALET", program("mcp-valet")).args(["-c", script]);
    home.run(&mut command)
}

/// What a program is told, which is no advice to do harm.
#[track_caller]
fn told(output: &CommandOutput) -> Value {
    let error: Value = serde_json::from_str(&output.stderr).unwrap_or_else(|_| panic!("{output:?}"));
    let all = error.to_string().to_lowercase();
    for harm in ["delete", "remove", "stop mcp valet"] {
        assert!(!all.contains(harm), "{all}");
    }
    error
}

/// A seccomp(2) filter by which this system call fails, in classic BPF: load its number, compare, return.
fn refusing(at: &Path, call: u32, errno: u32) {
    let instruction = |code: u16, then: [u8; 2], value: u32| {
        [code.to_ne_bytes().as_slice(), &then, &value.to_ne_bytes()].concat()
    };
    let filter = [
        instruction(0x20, [0, 0], 0),
        instruction(0x15, [0, 1], call),
        instruction(0x06, [0, 0], 0x0005_0000 | errno),
        instruction(0x06, [0, 0], 0x7fff_0000),
    ];
    fs::write(at, filter.concat()).unwrap();
}

#[test]
fn a_connection_that_a_sandbox_forbids_is_told_as_such() {
    const EPERM: u32 = 1;
    const EACCES: u32 = 13;
    const EAFNOSUPPORT: u32 = 97;
    let (socket, connect) = if cfg!(target_arch = "x86_64") { (41, 42) } else { (198, 203) };
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = running(&home, &rogue);
    let filter = home.path().join("filter");
    for (call, errno) in [(connect, EPERM), (connect, EACCES), (socket, EPERM), (socket, EAFNOSUPPORT)] {
        refusing(&filter, call, errno);
        let inside = |what: &str| {
            run(&home, &format!("bwrap --dev-bind / / --seccomp 9 {what} 9<{}", filter.display()))
        };
        let error = told(&inside("$VALET list --json").expect_code(1));
        assert_eq!(error["code"], "sandboxed", "{error}");
        let detail = error["detail"].as_str().unwrap();
        assert!(detail.contains("a sandbox does not let this program connect"), "{detail}");
        assert!(detail.contains(home.socket().to_str().unwrap()), "{detail}");
        let call = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
        let output =
            inside(&format!("sh -c \"echo '{}' | $VALET connect rogue\"", call.replace('"', "\\\"")));
        let answer: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        assert_eq!(answer["error"]["data"]["code"], "sandboxed", "{answer}");
    }
}

#[test]
fn a_socket_that_a_sandbox_hides_is_not_said_to_be_missing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = running(&home, &rogue);
    let folder = home.socket().parent().unwrap().display().to_string();
    for hides in ["", "--unshare-user", "--unshare-all"] {
        let script = format!("bwrap {hides} --dev-bind / / --tmpfs {folder} $VALET list --json");
        let error = told(&run(&home, &script).expect_code(6));
        assert_eq!(error["code"], "sandboxed", "{error}");
        assert!(error["detail"].as_str().unwrap().contains("from inside this sandbox"), "{error}");
    }
}

#[test]
fn where_nothing_hides_it_a_valet_that_does_not_run_is_to_be_started() {
    let home = Home::new();
    let error = told(&run(&home, "$VALET list --json").expect_code(6));
    assert_eq!(error["code"], "not_running");
    assert!(error["advice"].as_str().unwrap().starts_with("Start MCP Valet"), "{error}");
}

#[test]
fn in_a_sandbox_that_shows_the_socket_it_works_whatever_else_is_hidden() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = running(&home, &rogue);
    let other = getuid().as_raw() + 1000;
    for hides in [
        "bwrap --dev-bind / /",
        "bwrap --unshare-pid --dev-bind / / --proc /proc",
        "bwrap --unshare-pid --dev-bind / / --tmpfs /proc",
        "bwrap --unshare-user --unshare-pid --dev-bind / /",
        &format!("bwrap --unshare-user --uid {other} --dev-bind / /"),
        "unshare --user --map-root-user",
        "unshare --user --map-root-user --pid --fork",
    ] {
        let output = run(&home, &format!("{hides} $VALET list")).expect_code(0);
        assert!(output.stdout.contains("rogue"), "{hides}: {output:?}");
    }
}

#[test]
fn a_user_that_a_namespace_hides_is_not_taken_for_another() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = running(&home, &rogue);
    let error = told(&run(&home, "unshare --user $VALET list --json").expect_code(1));
    assert_eq!(error["code"], "user_namespace", "{error}");
    let detail = error["detail"].as_str().unwrap();
    assert!(detail.contains("seen through a user namespace") && detail.contains("65534"), "{detail}");
}

#[test]
fn a_socket_of_another_user_is_used_neither_inside_a_namespace_nor_outside() {
    // Nobody else can be another user.
    if !getuid().is_root() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = running(&home, &rogue);
    let shared = tempfile::Builder::new().permissions(Permissions::from_mode(0o755)).tempdir().unwrap();
    let theirs = shared.path().join("run");
    fs::create_dir(&theirs).unwrap();
    fs::copy(program("mcp-valet"), shared.path().join("mcp-valet")).unwrap();
    fs::write(theirs.join("agent.sock"), "").unwrap();
    let (shared, theirs, socket) = (shared.path().display(), theirs.display(), home.socket());
    let as_other = |by: &str| {
        let script = format!(
            "chown 12345 {theirs} && mount --bind {} {theirs}/agent.sock &&
             MCP_VALET_SOCK={theirs}/agent.sock exec setpriv --reuid=12345 --clear-groups {by} {shared}/mcp-valet list --json",
            socket.display()
        );
        run(&home, &format!("unshare --mount sh -c '{script}'")).expect_code(1)
    };
    let error = told(&as_other("unshare --user --map-root-user"));
    assert_eq!(error["code"], "user_namespace", "{error}");
    let detail = error["detail"].as_str().unwrap();
    assert!(detail.contains("as user 65534, and this program is user 0"), "{detail}");
    let error = told(&as_other(""));
    assert_eq!(error["code"], "unsafe_socket", "{error}");
    assert!(error["detail"].as_str().unwrap().contains("it belongs to another user"), "{error}");
}

#[test]
fn in_a_container_of_another_user_that_is_said_with_what_helps() {
    if !getuid().is_root() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = running(&home, &rogue);
    let shared =
        tempfile::Builder::new().permissions(Permissions::from_mode(0o755)).tempdir_in("/tmp").unwrap();
    fs::copy(program("mcp-valet"), shared.path().join("mcp-valet")).unwrap();
    let (folder, shared) = (home.socket().parent().unwrap().display().to_string(), shared.path().display());
    // A tmpfs hides what this machine has below /run, and nothing outside is marked.
    let inside = format!(
        "mount --make-rprivate / && mkdir {shared}/valet && mount --bind {folder} {shared}/valet && mount -t tmpfs tmpfs /run &&
         touch /run/.containerenv && export MCP_VALET_SOCK={shared}/valet/agent.sock &&
         exec setpriv --reuid=12345 --regid=12345 --clear-groups {shared}/mcp-valet list --json"
    );
    let error = told(&run(&home, &format!("unshare --mount sh -c '{inside}'")).expect_code(1));
    let detail = error["detail"].as_str().unwrap();
    assert!(detail.contains("another user, 0, and this program is 12345 in its container"), "{error}");
    assert!(error["advice"].as_str().unwrap().contains("--userns=keep-id"), "{error}");
}
